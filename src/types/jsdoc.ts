import type { TSESTree } from '@typescript-eslint/utils';
import { type Fn, isFunction, type Node, type SourceCode } from '../syntax/walk.js';
import { ARRAY, FUNCTION, type Inferred, PROMISE } from './inferred.js';
import { canonical } from './known.js';

/** What the JSDoc of a file says of types. */
export class JsDoc {
  readonly #sourceCode: SourceCode;
  readonly #parameters = new Map<Fn, ReadonlyMap<string, string>>();
  #isDocumented: boolean | undefined;

  constructor(sourceCode: SourceCode) {
    this.#sourceCode = sourceCode;
  }

  /** Does a `@returns` name a promise, and nothing that may come in its place? */
  returnsPromise(fn: Fn): boolean {
    const type = RETURNS_TAG.exec(this.#textOf(fn))?.[1];
    return type !== undefined && /^\s*Promise\b(?:\.?<.*>)?\s*$/s.test(type);
  }

  /** A JSDoc `@param {Type} name`. */
  ofParameter(fn: Node, name: string): Inferred {
    if (!isFunction(fn) || !this.#hasTags()) return null;
    let types = this.#parameters.get(fn);
    if (!types)
      this.#parameters.set(
        fn,
        (types = new Map([...this.#textOf(fn).matchAll(PARAM_TAGS)].map(([, type, parameter]) => [parameter!, type!]))),
      );
    const type = types.get(name);
    return type === undefined ? null : this.#named(fromJsdoc(type));
  }

  /** A JSDoc `@type {Type}` of a variable or a field. */
  of(
    holder: TSESTree.PropertyDefinition | TSESTree.TSAbstractPropertyDefinition | TSESTree.VariableDeclarator,
  ): Inferred {
    const text = this.#comments(holder.type === 'VariableDeclarator' ? holder.parent : holder);
    const type = text === '' ? undefined : TYPE_TAG.exec(text)?.[1];
    return type ? this.#named(fromJsdoc(type)) : null;
  }

  /** Nothing, where the file has a class of its own by the name of a type of the platform. */
  #named(known: Inferred): Inferred {
    const name = known && 'name' in known ? known.name : null;
    const definition =
      name === null
        ? undefined
        : this.#sourceCode.scopeManager?.scopes.find(({ type }) => type === 'module')?.set.get(name)?.defs[0];
    const isOwn =
      definition?.type === 'ClassName' ||
      (definition?.type === 'ImportBinding' &&
        definition.parent.type === 'ImportDeclaration' &&
        definition.parent.source.value.startsWith('.'));
    return isOwn ? null : known;
  }

  #textOf(node: Node): string {
    const holder =
      node.parent?.type === 'VariableDeclarator'
        ? node.parent.parent
        : node.parent?.type === 'MethodDefinition'
          ? node.parent
          : node;
    return this.#comments(holder);
  }

  /** Has the file any type in JSDoc? */
  #hasTags(): boolean {
    return (this.#isDocumented ??= /@(?:param|returns?|type)\s*\{/.test(this.#sourceCode.text));
  }

  #comments(node: Node): string {
    const documented = node.parent?.type.startsWith('Export') ? node.parent : node;
    if (!this.#hasTags() || !this.#followsComment(documented.range[0])) return '';
    return this.#sourceCode
      .getCommentsBefore(documented)
      .map(({ value }) => value)
      .join('\n');
  }

  /**
   * Is there nothing but white space between a comment and a place? Most nodes have no comment, and finding that out
   * through the tokens takes long.
   */
  #followsComment(place: number): boolean {
    const { ast, text } = this.#sourceCode;
    let at = place;
    while (/\s/.test(text[at - 1] ?? '')) at -= 1;
    const comments = ast.comments ?? [];
    let low = 0;
    for (let high = comments.length; low < high;) {
      const middle = (low + high) >> 1;
      if (comments[middle]!.range[1] < at) low = middle + 1;
      else high = middle;
    }
    return comments[low]?.range[1] === at;
  }
}

/** A type in braces, in which objects may have braces of their own. */
const JSDOC_TYPE = String.raw`\{((?:[^{}]|\{[^{}]*\})*)\}`;

const PARAM_TAGS = new RegExp(String.raw`@param\s*${JSDOC_TYPE}\s*\[?([\w$]+)`, 'g');

const RETURNS_TAG = new RegExp(String.raw`@returns?\s*${JSDOC_TYPE}`);

const TYPE_TAG = new RegExp(String.raw`@type\s*${JSDOC_TYPE}`);

/** A type as JSDoc writes it, as far as it is a name, a promise or a function. */
function fromJsdoc(text: string): Inferred {
  const type = text.trim().replace(/^[?!]/, '');
  const result = /^(?:\(.*\)\s*=>|function\s*\(.*\)\s*:)\s*(.+)$/s.exec(type)?.[1];
  if (result !== undefined) return { ...FUNCTION, returns: () => fromJsdoc(result) };
  if (/^Promise\b/.test(type)) return PROMISE;
  if (/^(?:bigint|boolean|number|string|symbol)(?:\[\])?$/i.test(type))
    return type.endsWith(']') ? ARRAY : { name: 'primitive' };
  const name = /^(?:import\([^)]*\)\.)?([\w.]+)$/.exec(type)?.[1];
  return name === undefined ? null : { name: canonical(name) };
}

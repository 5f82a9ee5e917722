import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { Callees } from './callees.js';
import { thisBody } from './functions.js';
import { valuesOfField } from './members.js';
import { Scopes } from './scopes.js';
import {
  type Answer,
  importValue,
  isReassigned,
  moduleName,
  patternPath,
  sameValue,
  unknown,
  type Value,
  type Variable,
} from './value.js';
import {
  bare,
  type Body,
  calleeName,
  type Class,
  type Fn,
  isClass,
  isFunction,
  nameOf,
  type Node,
  type SourceCode,
} from './walk.js';

const GLOBAL_OBJECTS = new Set(['window', 'globalThis', 'self', 'global', 'top', 'parent']);

/** Functions that return what is there: `getClient()`, `App.instance()`. */
const GETTERS = /^(?:get(?:$|[A-Z])|instance$)|Instance$/;

/** Classes seldom extend each other deeper than this. */
const GENERATIONS = 8;

/** Follows names to what they stand for, within one file. */
export class Values extends Scopes {
  readonly #callees: Callees;
  readonly #members = new Map<Node, Value>();
  readonly #variableValues = new Map<Variable, Value>();
  readonly #fallbacks = new Map<Variable, string | null>();
  /** The expression whose origin was asked last: a call is compared with many signatures. */
  #asked: Node | null = null;
  #origin: string | null = null;

  constructor(sourceCode: SourceCode) {
    super(sourceCode);
    this.#callees = new Callees(this, sourceCode);
  }

  /** The value of an expression: aliases followed through `const`, never through `let`. */
  of(expression: Node): Value {
    const node = bare(expression);
    if (node.type === 'Identifier') return this.#ofIdentifier(node);
    // Only what takes steps to find is worth keeping.
    if (node.type !== 'MemberExpression') return this.#evaluate(node);
    let value = this.#members.get(node);
    if (!value) this.#members.set(node, (value = this.#evaluate(node)));
    return value;
  }

  #evaluate(node: Node): Value {
    switch (node.type) {
      case 'ThisExpression':
        return { root: { kind: 'this', of: thisBody(node) }, path: [] };
      case 'Super': {
        const of = this.parentOf(thisBody(node));
        return of ? { root: { kind: 'this', of }, path: [] } : unknown(node);
      }
      case 'MemberExpression': {
        const name = nameOf(node);
        const object = this.of(node.object);
        if (name === null) return unknown(node);
        // `window.document` is `document`.
        if (object.root.kind === 'global' && object.path.length === 0 && GLOBAL_OBJECTS.has(object.root.name)) {
          return { root: { kind: 'global', name }, path: [] };
        }
        if (object.root.kind === 'fresh' || object.root.kind === 'literal') return unknown(node);
        return { root: object.root, path: [...object.path, name] };
      }
      case 'Literal':
        return { root: { kind: 'literal', value: node.value }, path: [] };
      case 'TemplateLiteral':
        return node.expressions.length === 0
          ? { root: { kind: 'literal', value: node.quasis[0]?.value.cooked }, path: [] }
          : unknown(node);
      case 'UnaryExpression':
        return node.operator === '!' && node.argument.type === 'Literal'
          ? { root: { kind: 'literal', value: !node.argument.value }, path: [] }
          : unknown(node);
      case 'AwaitExpression':
        return unknown(node);
      case 'NewExpression':
      case 'ObjectExpression':
      case 'ArrayExpression':
        return { root: { kind: 'fresh', node }, path: [] };
      case 'CallExpression': {
        const callee = bare(node.callee);
        if (callee.type === 'MemberExpression' && nameOf(callee) === 'bind')
          return { root: { kind: 'fresh', node }, path: [] };
        return this.#required(node) ?? unknown(node);
      }
      default:
        return isFunction(node) || isClass(node) ? { root: { kind: 'fresh', node }, path: [] } : unknown(node);
    }
  }

  #ofIdentifier(node: TSESTree.Identifier): Value {
    const variable = this.variable(node);
    if (!variable) return { root: { kind: 'global', name: node.name }, path: [] };
    let value = this.#variableValues.get(variable);
    if (!value) {
      // A cyclic `const` (`const a = a`) must not recurse for ever.
      this.#variableValues.set(variable, { root: { kind: 'unknown', node }, path: [] });
      this.#variableValues.set(variable, (value = this.#ofVariable(variable)));
    }
    return value;
  }

  #ofVariable(variable: Variable): Value {
    const definition = variable.defs.length === 1 ? variable.defs[0] : undefined;
    const own: Value = { root: { kind: 'variable', variable }, path: [] };
    if (definition?.type === 'ImportBinding') return importValue(definition.node, definition.parent) ?? own;
    // Inside itself, `function again() { … }` in an expression has a name for what is made there.
    if (definition?.type === 'FunctionName' && definition.node.type === 'FunctionExpression')
      return { root: { kind: 'fresh', node: definition.node }, path: [] };
    if (definition?.type !== 'Variable' || !definition.node.init) return own;
    if (
      (definition.parent?.kind === 'let' || definition.parent?.kind === 'var') &&
      !isSettled(variable, definition.node.init)
    )
      return own;
    const path = patternPath(definition.node.id, definition.name);
    if (!path) return own;
    const init = bare(definition.node.init);
    const initial = this.of(path.length > 0 && isOrNothing(init) ? init.left : init);
    const followed =
      initial.root.kind === 'literal'
        ? path.length === 0
        : initial.root.kind !== 'fresh' && initial.root.kind !== 'unknown';
    return followed ? { root: initial.root, path: [...initial.path, ...path] } : own;
  }

  #required(call: TSESTree.CallExpression): Value | null {
    const [argument] = call.arguments;
    const isRequire =
      call.callee.type === 'Identifier' && call.callee.name === 'require' && !this.variable(call.callee);
    if (!isRequire || argument?.type !== 'Literal' || typeof argument.value !== 'string') return null;
    return { root: { kind: 'import', module: moduleName(argument.value), name: '*' }, path: [] };
  }

  /**
   * The dotted name of a global or an import: `setInterval`, `navigator.geolocation.watchPosition`, `node:events.on`.
   * Null for everything the file declares itself. A default import is the module: `fs.watch` is `node:fs.watch` however
   * it was imported.
   */
  origin(expression: Node): string | null {
    if (expression !== this.#asked) {
      const origin = this.#originOf(expression);
      this.#asked = expression;
      this.#origin = origin;
    }
    return this.#origin;
  }

  #originOf(expression: Node): string | null {
    const node = bare(expression);
    let first = node;
    while (first.type === 'MemberExpression') first = bare(first.object);
    // Most names are the file's own: no need to follow what is taken out of them.
    if (first.type === 'Identifier') {
      const value = this.#ofIdentifier(first);
      if (isOwn(value)) return first === node && value.path.length === 0 ? this.#fallbackOf(value) : null;
    } else if (first.type !== 'CallExpression')
      return first === node && isChoice(first) ? this.origin(first.right) : null;
    const { root, path } = this.of(expression);
    if (root.kind === 'global') return [root.name, ...path].join('.');
    if (root.kind !== 'import') return null;
    const names = [root.name, ...path].filter(
      (name, at) => !(at === 0 && name === '*') && !(at < 2 && name === 'default'),
    );
    return names.length === 0 ? `${root.module}.default` : [root.module, ...names].join('.');
  }

  /**
   * `fetch` for the name in `const get = options.fetch ?? fetch` and in `(get = fetch) => …`: what is given in its
   * place does the same.
   */
  #fallbackOf({ root }: Value): string | null {
    if (root.kind !== 'variable') return null;
    let origin = this.#fallbacks.get(root.variable);
    if (origin === undefined) {
      // A name whose fallback is the name itself must not recurse for ever.
      this.#fallbacks.set(root.variable, null);
      const fallback = root.variable.defs.length === 1 ? usualValue(root.variable.defs[0]!) : null;
      this.#fallbacks.set(root.variable, (origin = fallback && this.origin(fallback)));
    }
    return origin;
  }

  /** Do two expressions stand for the same value? */
  same(one: Node, other: Node): Answer {
    const answer = sameValue(this.of(one), this.of(other));
    return answer === 'maybe' && this.#isAskedForAlike(one, other) ? 'yes' : answer;
  }

  /** `client.get()`, called twice, and what is called by the name of such a call: whoever asks for it gets the same. */
  #isAskedForAlike(one: Node, other: Node): boolean {
    const asked = this.#getter(one);
    const again = asked && this.#getter(other);
    return Boolean(asked && again && sameValue(this.of(asked), this.of(again)) === 'yes');
  }

  /** `client.get` in `client.get()`, of which there is but one. */
  #getter(expression: Node): Node | null {
    const node = bare(expression);
    const variable = node.type === 'Identifier' ? this.variable(node) : null;
    const [definition] = variable && !isReassigned(variable) ? variable.defs : [];
    const init =
      definition?.type === 'Variable' && definition.node.id === definition.name ? definition.node.init : null;
    const call = init ? bare(init) : node;
    if (call.type !== 'CallExpression' || call.arguments.length > 0 || !GETTERS.test(calleeName(call))) return null;
    return isOwn(this.of(call.callee)) ? null : call.callee;
  }

  /**
   * The function an expression stands for, where this file declares it: a name, an alias, `this.method`, an object's
   * method, each of them bound.
   */
  functionOf(expression: Node): Fn | null {
    return this.#callees.of(expression);
  }

  /**
   * The function that a call runs: the one that its callee stands for, or the method in `this.limits.check()` and
   * `limits.check()`, where the field has, or is said to have, an instance of a class of this file, or the parameter is.
   */
  functionCalledBy(callee: Node): Fn | null {
    return this.#callees.calledBy(callee);
  }

  /** A class and the nearest of this file that it extends: their fields are its own, too. */
  lineageOf(of: Body | null): readonly Body[] {
    const found: Body[] = [];
    for (let at = of; at && found.length < GENERATIONS && !found.includes(at); at = this.parentOf(at)) found.push(at);
    return found;
  }

  /** The class of this file that one extends. */
  parentOf(of: Body | null): Class | null {
    return of && isClass(of) && of.superClass ? this.classOf(of.superClass) : null;
  }

  /** The class an expression stands for, where this file declares it. */
  classOf(expression: Node): Class | null {
    const { root, path } = this.of(expression);
    if (path.length > 0) return null;
    if (root.kind === 'fresh') return isClass(root.node) ? root.node : null;
    const definition = root.kind === 'variable' && root.variable.defs.length === 1 ? root.variable.defs[0] : undefined;
    if (definition?.type === 'ClassName') return definition.node;
    if (definition?.type === 'Variable' && definition.node.init) {
      const init = bare(definition.node.init);
      return isClass(init) ? init : null;
    }
    return null;
  }

  /** What a variable was set to where it was declared, when that is the only thing it ever is. */
  initialOf(expression: Node): Node | null {
    const node = bare(expression);
    if (node.type !== 'Identifier') return node;
    const definition = this.variable(node)?.defs[0];
    if (
      definition?.type !== 'Variable' ||
      definition.parent?.kind !== 'const' ||
      definition.node.id.type !== 'Identifier'
    )
      return null;
    return definition.node.init && bare(definition.node.init);
  }

  /** What the field of an expression such as `this.ready` is set to, as far as its class shows. */
  valuesOfField(expression: Node): Node[] {
    const { root, path } = this.of(expression);
    return root.kind === 'this' && root.of && path.length === 1 ? valuesOfField(root.of, path[0]!) : [];
  }

  /** The text an expression is certain to be; null when it is not a constant string. */
  text(expression: Node | null | undefined): string | null {
    if (!expression) return null;
    const { root } = this.of(expression);
    return root.kind === 'literal' && typeof root.value === 'string' ? root.value : null;
  }

  /** The number an expression is certain to be; null when it is not a constant. */
  number(expression: Node | null | undefined): number | null {
    if (!expression) return null;
    const { root } = this.of(expression);
    return root.kind === 'literal' && typeof root.value === 'number' ? root.value : null;
  }
}

/** What a name is when nothing else is given: the last arm of a choice, or the default of a parameter. */
function usualValue({ type, name, node }: TSESLint.Scope.Definition): Node | null {
  const { parent } = name as Node;
  if (parent?.type === 'AssignmentPattern' && parent.left === name) return parent.right;
  const init =
    type === 'Variable' && node.id === name && node.parent.kind === 'const' && node.init ? bare(node.init) : null;
  return init && isChoice(init) ? init.right : null;
}

/** `options ?? {}`: what is taken out of it is taken out of `options`. */
function isOrNothing(node: Node): node is TSESTree.LogicalExpression {
  const other = isChoice(node) ? bare(node.right) : null;
  return other?.type === 'ObjectExpression' && other.properties.length === 0;
}

function isChoice(node: Node): node is TSESTree.LogicalExpression {
  return node.type === 'LogicalExpression' && node.operator !== '&&';
}

function isOwn({ root }: Value): boolean {
  return root.kind !== 'global' && root.kind !== 'import';
}

/** `var self = this`, `var net = require('net')`: as good as a `const` where nothing else is written to it. */
function isSettled(variable: Variable, init: Node): boolean {
  let node = bare(init);
  while (node.type === 'MemberExpression') node = bare(node.object);
  const isKnown = node.type === 'ThisExpression' || (node.type === 'CallExpression' && calleeName(node) === 'require');
  return isKnown && !isReassigned(variable);
}

import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, SYNC_ITERATION } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, type Body, type Call, isClass, isFunction, nameOf, type Node, type SourceCode } from '../syntax/walk.js';
import { Annotations } from './annotations.js';
import { type Answer, PROMISES, type Specifier, type Wanted } from './answer.js';
import { typeOfGiven } from './given.js';
import { ARRAY, FUNCTION, type Inferred, named, nameOfType, PROMISE } from './inferred.js';
import { JsDoc } from './jsdoc.js';
import { ALWAYS_PROMISE, returnsPromise } from './known-promises.js';
import {
  canonical,
  extendsType,
  isKnown,
  isKnownMethod,
  OF_ELEMENTS,
  typeOfElement,
  typeOfMember,
  typeOfResult,
  typeOfValue,
} from './known.js';
import { ObjectMembers } from './object-members.js';
import { Results } from './results.js';

/** Infers the types of expressions from scope, imports, annotations, `new X()` and JSDoc. */
export class Inference {
  readonly #values: Values;
  readonly #annotations: Annotations;
  readonly #jsdoc: JsDoc;
  readonly #results: Results;
  readonly #members: ObjectMembers;
  readonly #declares: (name: string) => boolean;
  readonly #known = new Map<Node | Variable, Inferred>();
  readonly #blank = new Map<Variable, boolean>();
  /** Names of methods of which nothing is known. */
  readonly #unknown = new Map<string, boolean>();

  /** @param declares - May the file declare a member of this name? */
  constructor(values: Values, annotations: Annotations, sourceCode: SourceCode, declares: (name: string) => boolean) {
    this.#values = values;
    this.#annotations = annotations;
    this.#jsdoc = new JsDoc(sourceCode);
    this.#results = new Results(this, annotations, this.#jsdoc, sourceCode);
    this.#members = new ObjectMembers(this, annotations, this.#jsdoc, this.#results);
    this.#declares = declares;
  }

  isPromise(expression: Node, wanted = PROMISES): Answer {
    const node = bare(expression);
    if (node.type === 'ConditionalExpression')
      return either(this.isPromise(node.consequent, wanted), this.isPromise(node.alternate, wanted));
    if (node.type === 'LogicalExpression')
      return either(this.isPromise(node.left, wanted), this.isPromise(node.right, wanted));
    return this.isWanted(this.typeOf(isAssertion(expression) ? expression : node), wanted);
  }

  isWanted(known: Inferred, { thenables, except }: Wanted): Answer {
    if (!known) return 'maybe';
    if ('name' in known && except.some((one) => matches(one, known.name))) return 'no';
    if ('made' in known && 'id' in known.made && except.some((one) => matches(one, known.made))) return 'no';
    if (thenables && ('name' in known ? known.name === 'PromiseLike' : this.#members.of(known, 'then') !== null))
      return 'yes';
    return 'members' in known ? 'maybe' : this.extends(known, 'Promise');
  }

  returnsPromise(expression: Node): Answer {
    const fn = this.#values.functionOf(expression);
    if (fn) return this.#results.promises(fn);
    const known = this.typeOf(expression);
    const result = known && 'name' in known ? known.returns?.() : null;
    return result ? this.isWanted(result, PROMISES) : 'maybe';
  }

  /** Broken code has classes that extend themselves: each is looked at once. */
  extends(known: Inferred, type: string, seen = new Set<Body>()): Answer {
    if (!known || 'members' in known) return 'maybe';
    if ('name' in known) return extendsType(known.name, type) ? 'yes' : isKnown(known.name) ? 'no' : 'maybe';
    const parent = 'superClass' in known.made && known.made.superClass;
    if (!parent) return 'no';
    if (seen.has(known.made)) return 'maybe';
    return this.extends(this.instanceOf(parent), type, seen.add(known.made));
  }

  /** `fetch` for a global or an import, `Response#json` for a method of something whose type is known. */
  nameOfCallee(call: Call): string | null {
    const callee = bare(call.callee);
    const origin = this.#values.origin(callee);
    if (origin !== null) return origin;
    if (callee.type !== 'MemberExpression') return null;
    const receiver = this.typeOf(callee.object);
    const method = nameOf(callee);
    return receiver && 'name' in receiver && method !== null ? `${receiver.name}#${method}` : null;
  }

  #resultOfMethod(callee: Node): string | undefined {
    if (callee.type !== 'MemberExpression') return undefined;
    const receiver = this.typeOf(callee.object);
    const method = nameOf(callee);
    return receiver && 'name' in receiver && method !== null ? typeOfMember(receiver.name, `${method}()`) : undefined;
  }

  /** What `new X()` makes. */
  instanceOf(constructor: Node): Inferred {
    const origin = this.#values.origin(constructor);
    if (origin !== null) return { name: canonical(origin) };
    const made = this.#values.classOf(constructor);
    return made && { made };
  }

  typeOf(expression: Node): Inferred {
    if (expression.type === 'CallExpression' && (this.#isOfUnknown(expression) || this.#isOfBlank(expression)))
      return null;
    // What a name stands for is the same wherever it is read.
    const key = (expression.type === 'Identifier' && this.#values.variable(expression)) || expression;
    const cached = this.#known.get(key);
    if (cached !== undefined) return cached;
    this.#known.set(key, null);
    const known = this.#infer(expression);
    this.#known.set(key, known);
    return known;
  }

  /**
   * Is it a call of a method of which neither the file nor a table tells anything? Most calls are, and need no closer
   * look.
   */
  #isOfUnknown({ callee }: TSESTree.CallExpression): boolean {
    if (callee.type !== 'MemberExpression' || callee.computed) return false;
    const name = nameOf(callee)!;
    let isUnknown = this.#unknown.get(name);
    if (isUnknown === undefined)
      this.#unknown.set(name, (isUnknown = !TELLING.has(name) && !isKnownMethod(name) && !this.#declares(name)));
    return isUnknown;
  }

  /** Is it a call of a variable, or of something in it, that the file tells nothing about? */
  #isOfBlank({ callee }: TSESTree.CallExpression): boolean {
    let root: Node = callee;
    if (root.type === 'MemberExpression' && (root.computed || TELLING.has(nameOf(root)!))) return false;
    while (root.type === 'MemberExpression') root = root.object;
    const variable = root.type === 'Identifier' ? this.#values.variable(root) : null;
    if (!variable) return false;
    let isBlank = this.#blank.get(variable);
    if (isBlank === undefined) this.#blank.set(variable, (isBlank = this.#isBlank(variable, root)));
    return isBlank;
  }

  #isBlank({ defs }: Variable, name: Node): boolean {
    const [definition] = defs;
    if (defs.length !== 1 || !definition || (definition.type !== 'Parameter' && definition.type !== 'Variable'))
      return false;
    const init = definition.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
    if (init && (MAKERS.has(init.type) || isFunction(init) || isClass(init))) return false;
    const { root, path } = this.#values.of(name);
    const isOwn = root.kind === 'variable' && (path.length > 0 || root.variable.defs === defs);
    return isOwn && this.typeOf(name) === null && this.#values.functionOf(name) === null;
  }

  #infer(expression: Node): Inferred {
    const node = bare(expression);
    const declared =
      (isAssertion(expression) && this.#annotations.of(expression.typeAnnotation)) || this.#declaredOf(node);
    if (declared) return declared;
    const origin = node.type === 'Identifier' || node.type === 'MemberExpression' ? this.#values.origin(node) : null;
    const listed = origin === null ? undefined : typeOfValue(origin);
    if (listed) return { name: listed };
    switch (node.type) {
      case 'Identifier': {
        const variable = this.#values.variable(node);
        if (!variable && node.name === 'undefined') return { name: 'nothing' };
        return variable && this.#ofVariable(variable);
      }
      case 'Super':
      case 'ThisExpression': {
        const { root } = this.#values.of(node);
        return root.kind === 'this' && root.of ? { made: root.of } : null;
      }
      case 'MemberExpression':
        return this.#ofMember(node);
      case 'NewExpression': {
        const made = this.instanceOf(node.callee);
        const item = node.typeArguments?.params.at(-1);
        return made && 'name' in made && LISTS.has(made.name) && item
          ? { ...made, items: this.#annotations.of(item) }
          : made;
      }
      case 'CallExpression':
        return this.#ofCall(node);
      case 'AwaitExpression': {
        const awaited = this.typeOf(node.argument);
        // What is no promise is awaited as it is.
        return awaited && 'name' in awaited
          ? awaited.name === 'Promise'
            ? (awaited.promised ?? null)
            : awaited
          : null;
      }
      case 'ArrayExpression':
        return { ...ARRAY, items: this.#itemOf(node) };
      case 'ObjectExpression':
        return { made: node };
      case 'ImportExpression':
        return PROMISE;
      case 'TaggedTemplateExpression':
        return this.#resultOf(node.tag);
      case 'Literal':
      case 'TemplateLiteral':
      case 'BinaryExpression':
      case 'UpdateExpression':
        return { name: 'primitive' };
      case 'AssignmentExpression':
        return node.operator === '=' ? this.typeOf(node.right) : null;
      case 'LogicalExpression':
        return node.operator === '&&' ? this.typeOf(node.right) : (this.typeOf(node.left) ?? this.typeOf(node.right));
      case 'ConditionalExpression':
        return this.typeOf(node.consequent) ?? this.typeOf(node.alternate);
      default:
        return isFunction(node) ? this.#results.function(node) : null;
    }
  }

  /** What the declaration of a name says of its type, which counts more than where its value is from. */
  #declaredOf(node: Node): Inferred {
    const [definition, ...more] = (node.type === 'Identifier' && this.#values.variable(node)?.defs) || [];
    const isValue = definition?.type === 'Parameter' || definition?.type === 'Variable';
    const { typeAnnotation } = isValue && more.length === 0 ? (definition.name as TSESTree.Identifier) : {};
    return typeAnnotation ? this.#annotations.of(typeAnnotation.typeAnnotation) : null;
  }

  #itemOf(array: TSESTree.ArrayExpression): Inferred {
    const items = array.elements.map((element) =>
      element && element.type !== 'SpreadElement' ? this.typeOf(element) : null,
    );
    const [first, ...others] = items;
    if (first && 'made' in first && others.every((item) => item && 'made' in item && item.made === first.made))
      return first;
    return (
      items.find((item) => item && this.isWanted(item, PROMISES) === 'yes') ??
      (items.every((item) => item !== null) ? { name: 'primitive' } : null)
    );
  }

  /** What a list of any kind is known to hold. */
  #itemsOf(list: Node): Inferred {
    const known = this.typeOf(list);
    return known && 'name' in known && LISTS.has(known.name) ? (known.items ?? null) : null;
  }

  #ofVariable(variable: Variable): Inferred {
    const definition = variable.defs[0];
    if (definition?.type === 'FunctionName') return this.#declared(variable);
    if (!definition || variable.defs.length > 1) return null;
    if (definition.type === 'Parameter' || definition.type === 'Variable') {
      const name = definition.name as TSESTree.Identifier;
      // A type of which nothing is known.
      if (name.typeAnnotation) return null;
      if (definition.type === 'Parameter') return this.#ofParameter(definition.node, name);
    }
    if (definition.type !== 'Variable') return null;
    const { id, init } = definition.node;
    const loop = init ? null : definition.node.parent.parent;
    if (
      loop?.type === 'ForOfStatement' &&
      loop.left === definition.node.parent &&
      id.type === 'Identifier' &&
      !loop.await
    )
      return nameOfType(this.typeOf(loop.right)) === 'Map' ? null : this.#itemsOf(loop.right);
    if (id.type === 'Identifier') return this.#jsdoc.of(definition.node) ?? (init && this.#onlyWrites(variable, init));
    if (id.type !== 'ObjectPattern') return null;
    const object = id.typeAnnotation
      ? this.#annotations.of(id.typeAnnotation.typeAnnotation)
      : init && this.typeOf(init);
    return this.#members.taken(id, definition.name, object);
  }

  /** A function, with the result that its declarations agree on. */
  #declared(variable: Variable): Inferred {
    const [result, ...others] = variable.defs.map(({ node }) =>
      'returnType' in node && node.returnType ? this.#annotations.of(node.returnType.typeAnnotation) : null,
    );
    if (variable.defs.length === 1 && isFunction(variable.defs[0]!.node))
      return this.#results.function(variable.defs[0]!.node);
    return result && others.every((other) => !other || nameOfType(other) === nameOfType(result))
      ? { ...FUNCTION, returns: () => result }
      : FUNCTION;
  }

  #ofParameter(fn: Node, name: TSESTree.Identifier): Inferred {
    const documented = this.#jsdoc.ofParameter(fn, name.name);
    if (documented || !('params' in fn)) return documented;
    const given = isFunction(fn) ? typeOfGiven(fn, name, this.#values) : undefined;
    if (given !== undefined) return { name: given };
    if (fn.params[0] === name) return this.#itemGivenTo(fn);
    for (const parameter of fn.params) {
      const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      if (pattern.type !== 'ObjectPattern' || !pattern.typeAnnotation) continue;
      const taken = this.#members.taken(pattern, name, this.#annotations.of(pattern.typeAnnotation.typeAnnotation));
      if (taken) return taken;
    }
    return null;
  }

  /** What an array calls its callback with. */
  #itemGivenTo(fn: Node): Inferred {
    const taken = argumentOf(fn);
    const callee = taken?.index === 0 ? bare(taken.call.callee) : null;
    if (
      callee?.type !== 'MemberExpression' ||
      !SYNC_ITERATION.has(nameOf(callee) ?? '') ||
      nameOf(callee)?.startsWith('reduce')
    )
      return null;
    return this.#itemsOf(callee.object);
  }

  /**
   * A `let` has its initial type when nothing else is written to it, and a text or a number stays one when it is added
   * to.
   */
  #onlyWrites(variable: Variable, init: Node): Inferred {
    const rewritten = variable.references.filter((reference) => reference.isWrite() && !reference.init);
    if (rewritten.length === 0) return this.typeOf(init);
    return rewritten.every(({ identifier }) => isAddedTo(identifier as Node)) &&
      nameOfType(this.typeOf(init)) === 'primitive'
      ? { name: 'primitive' }
      : null;
  }

  #ofMember(node: TSESTree.MemberExpression): Inferred {
    const name = nameOf(node);
    const item = node.computed ? this.#itemsOf(node.object) : null;
    if (item || name === null) return item;
    return this.#members.of(this.typeOf(node.object), name) ?? named(OF_ELEMENTS.get(name));
  }

  #ofCall(call: TSESTree.CallExpression): Inferred {
    const callee = bare(call.callee);
    const name = this.nameOfCallee(call);
    if (name !== null) {
      const element = name.endsWith('ocument.createElement') ? this.#values.text(call.arguments[0]) : null;
      const result = typeOfElement(element) ?? typeOfResult(name) ?? this.#resultOfMethod(callee);
      const known =
        result === undefined && returnsPromise(name) ? PROMISE : result === undefined ? null : named(result);
      // Given a callback, older versions of many packages return nothing; `response.json(value)` of a server sends a
      // body and reads none.
      const isNone = isErrorFirst(call.arguments.at(-1)) || (name === 'Response#json' && call.arguments.length > 0);
      if (known && 'name' in known && known.name === 'Promise' && isNone) return null;
      if (known || result !== undefined) return known;
    }
    if (callee.type === 'MemberExpression') {
      const method = nameOf(callee);
      if (PICKS.has(method ?? '')) {
        const item = this.#itemsOf(callee.object);
        if (item) return item;
      }
      if (SIFTS.has(method ?? '')) {
        const items = this.#itemsOf(callee.object);
        if (items) return { ...ARRAY, items };
      }
      if ((method === 'then' || method === 'catch' || method === 'finally') && this.isPromise(callee.object) === 'yes')
        return PROMISE;
      if (method === 'bind') return FUNCTION;
      if (ALWAYS_PROMISE.has(method ?? '')) return PROMISE;
      const [callback, first] = call.arguments;
      // `steps.reduce((before, step) => before.then(step), Promise.resolve())`
      if (method === 'reduce' && first && this.isPromise(first) === 'yes') return PROMISE;
      if ((method === 'map' || method === 'flatMap') && callback && this.returnsPromise(callback) === 'yes')
        return { ...ARRAY, items: PROMISE };
    }
    return this.#resultOf(callee);
  }

  /** What calling an expression gives. */
  #resultOf(callee: Node): Inferred {
    const fn = this.#values.functionOf(callee);
    if (fn) return this.#results.of(fn);
    const called = this.typeOf(callee);
    return called && 'name' in called ? (called.returns?.() ?? null) : null;
  }
}

function isAssertion(node: Node): node is TSESTree.TSAsExpression | TSESTree.TSTypeAssertion {
  return node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion';
}

/** `text += line`, `count++` */
function isAddedTo({ parent }: Node): boolean {
  return (
    parent?.type === 'UpdateExpression' ||
    (parent?.type === 'AssignmentExpression' && /^[^=&|?]=$/.test(parent.operator))
  );
}

/** `(error, rows) => { … }`: what is given a callback for the failure may return no promise. */
function isErrorFirst(callback: Node | undefined): boolean {
  const error = isFunction(callback) ? callback.params[0] : undefined;
  return error?.type === 'Identifier' && /^_?(?:e|er|err|error)$/i.test(error.name);
}

/** What holds many of a kind; a map's are its values. */
const LISTS = new Set(['Array', 'Map', 'Set']);
/** Methods of a list that give one of what it holds, and those that give some of it. */
const PICKS = new Set(['at', 'find', 'findLast', 'get', 'pop', 'shift']);
const SIFTS = new Set(['filter', 'reverse', 'slice', 'sort', 'splice', 'toReversed', 'toSorted', 'values']);

/** Methods whose name, or whose arguments, tell what they return. */
const TELLING = new Set([
  'then',
  'catch',
  'finally',
  'map',
  'flatMap',
  'bind',
  'reduce',
  ...ALWAYS_PROMISE,
  ...PICKS,
  ...SIFTS,
]);

/** What makes something whose methods the file may show. */
const MAKERS = new Set<string>(['NewExpression', 'ObjectExpression']);

/** Does a user's name stand for a type, a class of this file, or a function? Names are `name` or `module.name`. */
export function matches(one: Specifier, what: Body | string): boolean {
  const names = typeof one === 'string' ? [one] : [one.name].flat();
  if (typeof what !== 'string')
    return (
      (typeof one === 'string' || one.from === 'file') &&
      'id' in what &&
      what.id !== null &&
      names.includes(what.id.name)
    );
  const from = typeof one === 'string' || one.from !== 'package' ? '' : `${one.package}.`;
  return names.some((name) => what === `${from}${name}`);
}

function either(one: Answer, other: Answer): Answer {
  if (one === 'yes' || other === 'yes') return 'yes';
  return one === 'no' && other === 'no' ? 'no' : 'maybe';
}

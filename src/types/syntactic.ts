import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, SYNC_ITERATION } from '../syntax/functions.js';
import { constructorOf, memberNamed } from '../syntax/members.js';
import type { Variable, Values } from '../syntax/values.js';
import { bare, type Body, type Call, isClass, isFunction, nameOf, type Node, topLevel, walk, type SourceCode, type Fn } from '../syntax/walk.js';
import { type Answer, type Oracle, PROMISES, type SignalPosition, type Specifier, type Wanted } from './answer.js';
import { typeOfGiven } from './given.js';
import { canonical, extendsType, isKnown, isKnownMethod, returnsPromise, SIGNAL_PROPERTIES, signalPosition, typeOfMember, typeOfResult, typeOfValue } from './known.js';
import { coversDeclared } from './literals.js';

/** A type this file can name: its name, the class or object of this file, or the members that an annotation lists. */
type Known = Named | { readonly made: Body } | { readonly members: readonly TSESTree.TypeElement[] } | null;

interface Named {
  readonly name: string;
  /** What a promise is fulfilled with. */
  readonly promised?: Known;
  /** What an array holds. */
  readonly items?: Known;
  /** What a function returns. */
  readonly returns?: () => Known;
}

const NO_FUNCTIONS = new Set(['primitive', 'nothing', 'Array', 'Promise']);
const FUNCTION: Named = { name: 'Function' };
const ARRAY: Named = { name: 'Array' };
const PROMISE: Named = { name: 'Promise' };

/** Answers from scope, imports, annotations, `new X()` and JSDoc: always there, and never loads anything. */
export class SyntacticOracle implements Oracle {
  readonly #values: Values;
  readonly #sourceCode: SourceCode;
  readonly #known = new Map<Node | Variable, Known>();
  readonly #results = new Map<Fn, Known>();
  readonly #returnedBy = new Map<Fn, readonly Node[]>();
  readonly #parameterTypes = new Map<Fn, ReadonlyMap<string, string>>();
  readonly #blank = new Map<Variable, boolean>();
  #isDocumented: boolean | undefined;
  readonly #resolving = new Set<Node>();
  readonly #declares: (name: string) => boolean;
  readonly #told: (call: Call) => SignalPosition | null;

  /**
   * @param declares - May the file declare a member of this name?
   * @param told - What users say of where a call takes a signal.
   */
  constructor(values: Values, sourceCode: SourceCode, declares: (name: string) => boolean, told: (call: Call) => SignalPosition | null = () => null) {
    this.#values = values;
    this.#sourceCode = sourceCode;
    this.#declares = declares;
    this.#told = told;
  }

  is(node: Node, type: string): Answer {
    return this.#extends(this.#typeOf(node), type);
  }

  isPromise(expression: Node, wanted = PROMISES): Answer {
    const node = bare(expression);
    if (node.type === 'ConditionalExpression') return either(this.isPromise(node.consequent, wanted), this.isPromise(node.alternate, wanted));
    if (node.type === 'LogicalExpression') return either(this.isPromise(node.left, wanted), this.isPromise(node.right, wanted));
    return this.#isWanted(this.#typeOf(node), wanted);
  }

  #isWanted(known: Known, { thenables, except }: Wanted): Answer {
    if (!known) return 'maybe';
    if ('name' in known && except.some((one) => matches(one, known.name))) return 'no';
    if ('made' in known && 'id' in known.made && except.some((one) => matches(one, known.made))) return 'no';
    if (thenables && ('name' in known ? known.name === 'PromiseLike' : this.#memberOf(known, 'then') !== null)) return 'yes';
    return 'members' in known ? 'maybe' : this.#extends(known, 'Promise');
  }

  isPromiseArray(expression: Node, wanted = PROMISES): Answer {
    const known = this.#typeOf(bare(expression));
    if (!known) return 'maybe';
    if (!('name' in known) || known.name !== 'Array') return 'no';
    return known.items === undefined ? 'maybe' : this.#isWanted(known.items, wanted);
  }

  besidesPromise(expression: Node): 'nothing' | 'nullish' | 'other' {
    const node = bare(expression);
    const fn = node.type === 'CallExpression' ? this.#values.functionOf(node.callee) : null;
    const type = fn?.returnType?.typeAnnotation;
    if (type?.type !== 'TSUnionType') return 'nothing';
    const parts = type.types.map((one) => this.#annotated(one));
    if (parts.some((one) => one && 'name' in one && one.name !== 'Promise' && one.name !== 'nothing')) return 'other';
    return parts.some((one) => one && 'name' in one && one.name === 'nothing') ? 'nullish' : 'nothing';
  }

  returnsPromise(expression: Node): Answer {
    const fn = this.#values.functionOf(expression);
    if (fn) return this.#promises(fn);
    const known = this.#typeOf(expression);
    const result = known && 'name' in known ? known.returns?.() : null;
    return result ? this.#isWanted(result, PROMISES) : 'maybe';
  }

  isFunction(node: Node): Answer {
    const known = this.#typeOf(node);
    if (!known || !('name' in known)) return known ? 'no' : 'maybe';
    if (known.name === 'Function') return 'yes';
    // `Callback` may be the name of a function type that another file declares.
    return NO_FUNCTIONS.has(known.name) || isKnown(known.name) ? 'no' : 'maybe';
  }

  isNamed(expression: Node, names: readonly Specifier[]): boolean {
    const node = bare(expression);
    const name = node.type === 'Identifier' ? node.name : nameOf(node);
    const origin = this.#values.origin(node);
    return names.some((one) => (name !== null && matches(one, name)) || (origin !== null && matches(one, origin)));
  }

  awaitsAtTopLevel(): Answer {
    const { ast } = this.#sourceCode;
    const isModule = ast.sourceType === 'module' && topLevel(ast).some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));
    // A compiler may make something else of it.
    return isModule ? 'maybe' : 'no';
  }

  coversAll(expression: Node, tests: readonly Node[]): Answer {
    return coversDeclared(expression, tests, this.#values);
  }

  signalPosition(call: Call): SignalPosition | null {
    const name = this.#nameOfCallee(call);
    const listed = signalPosition(name ?? this.#promisified(call) ?? '');
    if (listed) return listed;
    const told = this.#told(call);
    if (told) return told;
    const fn = this.#values.functionOf(call.callee) ?? this.#signatureOf(bare(call.callee));
    return fn && this.#signalParameter(fn);
  }

  /** What an interface or a type of this file says that a method takes. */
  #signatureOf(callee: Node): Pick<Fn, 'params'> | null {
    const receiver = callee.type === 'MemberExpression' ? this.#typeOf(callee.object) : null;
    const member = receiver && 'members' in receiver ? receiver.members.find((one) => 'key' in one && nameOf(one) === nameOf(callee)) : null;
    if (member?.type === 'TSMethodSignature') return member;
    const type = member?.type === 'TSPropertySignature' ? member.typeAnnotation?.typeAnnotation : null;
    return type?.type === 'TSFunctionType' ? type : null;
  }

  signalProperty(parameter: Node): string | null {
    if (parameter.type !== 'Identifier' && parameter.type !== 'ObjectPattern') return null;
    const type = parameter.typeAnnotation?.typeAnnotation;
    if (type && isRequestInit(type)) return 'signal';
    const members = type ? this.#members(type) : [];
    return SIGNAL_PROPERTIES.find((name) => members.some((member) => 'key' in member && nameOf(member) === name)) ?? null;
  }

  /** The function that a callee is the `promisify` of. */
  #promisified(call: Call): string | null {
    const made = this.#values.initialOf(call.callee);
    const original = made?.type === 'CallExpression' && this.#values.origin(made.callee) === 'node:util.promisify' ? made.arguments[0] : null;
    return original ? this.#values.origin(original) : null;
  }

  /** The parameter of a function of this file that is a signal, or that has one among its properties. */
  #signalParameter(fn: Pick<Fn, 'params'>): SignalPosition | null {
    for (const [index, parameter] of fn.params.entries()) {
      const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      if (name.type === 'Identifier' && (this.is(name, 'AbortSignal') === 'yes' || (this.is(name, 'AbortSignal') === 'maybe' && /^(?:abort)?signal$/i.test(name.name)))) {
        return { index, property: null };
      }
      const property = this.signalProperty(name) ?? (name.type === 'ObjectPattern' ? takenSignal(name) : null);
      if (property !== null) return { index, property };
    }
    return null;
  }

  /** The members that a type declares in this file, with those it is made of; what holds itself is not followed for ever. */
  #members(type: TSESTree.TypeNode, depth = 0): readonly TSESTree.TypeElement[] {
    if (type.type === 'TSTypeLiteral') return type.members;
    if (type.type === 'TSIntersectionType' || type.type === 'TSUnionType') return type.types.flatMap((part) => this.#members(part, depth));
    if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier' || depth > 9) return [];
    const [argument] = type.typeArguments?.params ?? [];
    if (argument && ['Readonly', 'Partial', 'Required'].includes(type.typeName.name)) return this.#members(argument, depth + 1);
    const definition = this.#values.variable(type.typeName)?.defs[0]?.node;
    return definition?.type === 'TSTypeAliasDeclaration' ? this.#members(definition.typeAnnotation, depth + 1) : definition?.type === 'TSInterfaceDeclaration' ? this.#inherited(definition, depth) : [];
  }

  #inherited(declared: TSESTree.TSInterfaceDeclaration, depth: number): readonly TSESTree.TypeElement[] {
    const parents = declared.extends.flatMap(({ expression }) => {
      const parent = depth < 9 && expression.type === 'Identifier' ? this.#values.variable(expression)?.defs[0]?.node : null;
      return parent?.type === 'TSInterfaceDeclaration' ? this.#inherited(parent, depth + 1) : [];
    });
    return [...declared.body.body, ...parents];
  }

  #resultOfMethod(callee: Node): string | undefined {
    if (callee.type !== 'MemberExpression') return undefined;
    const receiver = this.#typeOf(callee.object);
    const method = nameOf(callee);
    return receiver && 'name' in receiver && method !== null ? typeOfMember(receiver.name, `${method}()`) : undefined;
  }

  /** `fetch` for a global or an import, `Response#json` for a method of something whose type is known. */
  #nameOfCallee(call: Call): string | null {
    const callee = bare(call.callee);
    const origin = this.#values.origin(callee);
    if (origin !== null) return origin;
    if (callee.type !== 'MemberExpression') return null;
    const receiver = this.#typeOf(callee.object);
    const method = nameOf(callee);
    return receiver && 'name' in receiver && method !== null ? `${receiver.name}#${method}` : null;
  }

  /** Broken code has classes that extend themselves: each is looked at once. */
  #extends(known: Known, type: string, seen = new Set<Body>()): Answer {
    if (!known || 'members' in known) return 'maybe';
    if ('name' in known) return extendsType(known.name, type) ? 'yes' : isKnown(known.name) ? 'no' : 'maybe';
    const parent = 'superClass' in known.made && known.made.superClass;
    if (!parent) return 'no';
    if (seen.has(known.made)) return 'maybe';
    return this.#extends(this.#instanceOf(parent), type, seen.add(known.made));
  }

  /** What `new X()` makes. */
  #instanceOf(constructor: Node): Known {
    const origin = this.#values.origin(constructor);
    if (origin !== null) return { name: canonical(origin) };
    const made = this.#values.classOf(constructor);
    return made && { made };
  }

  #typeOf(expression: Node): Known {
    if (expression.type === 'CallExpression' && (this.#isOfUnknown(expression) || this.#isOfBlank(expression))) return null;
    // What a name stands for is the same wherever it is read.
    const key = (expression.type === 'Identifier' && this.#values.variable(expression)) || expression;
    const cached = this.#known.get(key);
    if (cached !== undefined) return cached;
    this.#known.set(key, null);
    const known = this.#infer(expression);
    this.#known.set(key, known);
    return known;
  }

  /** Is it a call of a method of which neither the file nor a table tells anything? Most calls are, and need no closer look. */
  #isOfUnknown({ callee }: TSESTree.CallExpression): boolean {
    if (callee.type !== 'MemberExpression' || callee.computed) return false;
    const name = nameOf(callee)!;
    return !TELLING.has(name) && !isKnownMethod(name) && !this.#declares(name);
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
    if (defs.length !== 1 || !definition || (definition.type !== 'Parameter' && definition.type !== 'Variable')) return false;
    const init = definition.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
    if (init && (MAKERS.has(init.type) || isFunction(init) || isClass(init))) return false;
    const { root, path } = this.#values.of(name);
    const isOwn = root.kind === 'variable' && (path.length > 0 || root.variable.defs === defs);
    return isOwn && this.#typeOf(name) === null && this.#values.functionOf(name) === null;
  }

  #infer(expression: Node): Known {
    if (expression.type === 'TSAsExpression' || expression.type === 'TSTypeAssertion') {
      const declared = this.#annotated(expression.typeAnnotation);
      if (declared) return declared;
    }
    const node = bare(expression);
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
      case 'NewExpression':
        return this.#instanceOf(node.callee);
      case 'CallExpression':
        return this.#ofCall(node);
      case 'AwaitExpression': {
        const awaited = this.#typeOf(node.argument);
        // What is no promise is awaited as it is.
        return awaited && 'name' in awaited ? (awaited.name === 'Promise' ? (awaited.promised ?? null) : awaited) : null;
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
        return node.operator === '=' ? this.#typeOf(node.right) : null;
      case 'LogicalExpression':
        return node.operator === '&&' ? this.#typeOf(node.right) : (this.#typeOf(node.left) ?? this.#typeOf(node.right));
      case 'ConditionalExpression':
        return this.#typeOf(node.consequent) ?? this.#typeOf(node.alternate);
      default:
        return isFunction(node) ? this.#function(node) : null;
    }
  }

  #function(fn: Fn): Known {
    return { ...FUNCTION, returns: () => this.#resultOfFunction(fn) };
  }

  #itemOf(array: TSESTree.ArrayExpression): Known {
    const items = array.elements.map((element) => (element && element.type !== 'SpreadElement' ? this.#typeOf(element) : null));
    return items.find((item) => item && this.#isWanted(item, PROMISES) === 'yes') ?? (items.every((item) => item !== null) ? { name: 'primitive' } : null);
  }

  #ofVariable(variable: Variable): Known {
    const definition = variable.defs[0];
    if (definition?.type === 'FunctionName') return this.#declared(variable);
    if (!definition || variable.defs.length > 1) return null;
    if (definition.type === 'Parameter' || definition.type === 'Variable') {
      const name = definition.name as TSESTree.Identifier;
      const annotation = name.typeAnnotation?.typeAnnotation;
      if (annotation) return this.#annotated(annotation);
      if (definition.type === 'Parameter') return this.#ofParameter(definition.node, name);
    }
    if (definition.type !== 'Variable') return null;
    const { id, init } = definition.node;
    if (id.type === 'Identifier') return this.#documentedType(definition.node) ?? (init && this.#onlyWrites(variable, init));
    if (id.type !== 'ObjectPattern') return null;
    const object = id.typeAnnotation ? this.#annotated(id.typeAnnotation.typeAnnotation) : init && this.#typeOf(init);
    return this.#taken(id, definition.name, object);
  }

  /** A function, with the result that its declarations agree on. */
  #declared(variable: Variable): Known {
    const [result, ...others] = variable.defs.map(({ node }) => ('returnType' in node && node.returnType ? this.#annotated(node.returnType.typeAnnotation) : null));
    if (variable.defs.length === 1 && isFunction(variable.defs[0]!.node)) return this.#function(variable.defs[0]!.node);
    return result && others.every((other) => !other || nameOfKnown(other) === nameOfKnown(result)) ? { ...FUNCTION, returns: () => result } : FUNCTION;
  }

  #ofParameter(fn: Node, name: TSESTree.Identifier): Known {
    const documented = this.#documented(fn, name.name);
    if (documented || !('params' in fn)) return documented;
    const given = isFunction(fn) ? typeOfGiven(fn, name, this.#values) : undefined;
    if (given !== undefined) return { name: given };
    if (fn.params[0] === name) return this.#itemGivenTo(fn);
    for (const parameter of fn.params) {
      const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      if (pattern.type !== 'ObjectPattern' || !pattern.typeAnnotation) continue;
      const taken = this.#taken(pattern, name, this.#annotated(pattern.typeAnnotation.typeAnnotation));
      if (taken) return taken;
    }
    return null;
  }

  /** What an array calls its callback with. */
  #itemGivenTo(fn: Node): Known {
    const taken = argumentOf(fn);
    const callee = taken?.index === 0 ? bare(taken.call.callee) : null;
    if (callee?.type !== 'MemberExpression' || !SYNC_ITERATION.has(nameOf(callee) ?? '') || nameOf(callee)?.startsWith('reduce')) return null;
    const array = this.#typeOf(callee.object);
    return array && 'name' in array && array.name === 'Array' ? (array.items ?? null) : null;
  }

  /** The type of a name that a pattern takes out of an object. */
  #taken(pattern: TSESTree.ObjectPattern, name: Node, object: Known): Known {
    const property = pattern.properties.find((one) => one.type === 'Property' && one.value === name);
    const key = property && nameOf(property);
    return key ? this.#memberOf(object, key) : null;
  }

  /** A `let` has its initial type when nothing else is written to it. */
  #onlyWrites(variable: Variable, init: Node): Known {
    const rewritten = variable.references.some((reference) => reference.isWrite() && !reference.init);
    return rewritten ? null : this.#typeOf(init);
  }

  #ofMember(node: TSESTree.MemberExpression): Known {
    const name = nameOf(node);
    return name === null ? null : this.#memberOf(this.#typeOf(node.object), name);
  }

  #memberOf(object: Known, name: string, seen = new Set<Body>()): Known {
    if (!object || ('made' in object && seen.has(object.made))) return null;
    if ('name' in object) return named(typeOfMember(object.name, name));
    if ('members' in object) return this.#listed(object.members, name);
    const member = memberNamed(object.made, name) ?? memberNamed(object.made, `#${name}`);
    if (member?.type === 'Property') return member.kind === 'init' ? this.#typeOf(member.value) : null;
    if (member?.type === 'MethodDefinition' || member?.type === 'TSAbstractMethodDefinition') {
      const { kind, value } = member;
      const declared = value.returnType ? this.#annotated(value.returnType.typeAnnotation) : null;
      if (kind === 'get') return declared;
      return isFunction(value) ? this.#function(value) : { ...FUNCTION, returns: () => declared };
    }
    if (member?.type === 'PropertyDefinition' || member?.type === 'TSAbstractPropertyDefinition') {
      if (member.typeAnnotation) return this.#annotated(member.typeAnnotation.typeAnnotation);
      const documented = this.#documentedType(member);
      if (documented) return documented;
      if (member.value) return this.#typeOf(member.value);
    }
    return this.#setInConstructor(object.made, name) ?? ('superClass' in object.made && object.made.superClass ? this.#memberOf(this.#instanceOf(object.made.superClass), name, seen.add(object.made)) : null);
  }

  /** A member that an interface or a type lists. */
  #listed(members: readonly TSESTree.TypeElement[], name: string): Known {
    const member = members.find((one) => 'key' in one && nameOf(one) === name);
    if (member?.type === 'TSPropertySignature') return member.typeAnnotation ? this.#annotated(member.typeAnnotation.typeAnnotation) : null;
    if (member?.type !== 'TSMethodSignature' || !member.returnType) return null;
    const type = member.returnType.typeAnnotation;
    return { ...FUNCTION, returns: () => this.#annotated(type) };
  }

  #setInConstructor(of: Body, name: string): Known {
    const made = constructorOf(of);
    for (const parameter of made?.params ?? []) {
      if (parameter.type !== 'TSParameterProperty') continue;
      const id = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      if (id.type === 'Identifier' && id.name === name && id.typeAnnotation) return this.#annotated(id.typeAnnotation.typeAnnotation);
    }
    for (const statement of made?.body?.type === 'BlockStatement' ? made.body.body : []) {
      if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
      const { left, right } = statement.expression;
      if (left.type === 'MemberExpression' && left.object.type === 'ThisExpression' && nameOf(left) === name) return this.#typeOf(right);
    }
    return null;
  }

  #ofCall(call: TSESTree.CallExpression): Known {
    const callee = bare(call.callee);
    const name = this.#nameOfCallee(call);
    if (name !== null) {
      const result = typeOfResult(name) ?? this.#resultOfMethod(callee);
      if (result !== undefined) return named(result);
      if (returnsPromise(name)) return isErrorFirst(call.arguments.at(-1)) ? null : { name: 'Promise' };
    }
    if (callee.type === 'MemberExpression') {
      const method = nameOf(callee);
      if ((method === 'then' || method === 'catch' || method === 'finally') && this.isPromise(callee.object) === 'yes') return PROMISE;
      if (method === 'bind') return FUNCTION;
      const [callback] = call.arguments;
      if ((method === 'map' || method === 'flatMap') && callback && this.returnsPromise(callback) === 'yes') return { ...ARRAY, items: PROMISE };
    }
    return this.#resultOf(callee);
  }

  /** What calling an expression gives. */
  #resultOf(callee: Node): Known {
    const fn = this.#values.functionOf(callee);
    if (fn) return this.#resultOfFunction(fn);
    const called = this.#typeOf(callee);
    return called && 'name' in called ? (called.returns?.() ?? null) : null;
  }

  #resultOfFunction(fn: Fn): Known {
    let result = this.#results.get(fn);
    if (result === undefined) {
      // A function that returns what it returns itself says nothing.
      this.#results.set(fn, null);
      this.#results.set(fn, (result = this.#findResult(fn)));
    }
    return result;
  }

  #findResult(fn: Fn): Known {
    if (fn.returnType) return this.#annotated(fn.returnType.typeAnnotation);
    if (this.#promises(fn) === 'yes') return PROMISE;
    return fn.async || fn.generator || this.#returnsSomething(fn) ? null : { name: 'nothing' };
  }

  /** Does calling the function give a promise? */
  #promises(fn: Fn): Answer {
    if (fn.async) return fn.generator ? 'no' : 'yes';
    if (fn.returnType) return this.#isWanted(this.#annotated(fn.returnType.typeAnnotation), PROMISES);
    if (fn.body?.type !== 'BlockStatement') return fn.body ? this.isPromise(fn.body) : 'maybe';
    if (/@returns?\s*\{\s*Promise\b/.test(this.#jsdoc(fn))) return 'yes';
    const returned = this.#returned(fn);
    if (returned.length === 0) return 'no';
    // What takes a callback instead returns nothing on some ways.
    if (!LEAVES.has(fn.body.body.at(-1)!.type)) return 'maybe';
    return returned.some((value) => this.isPromise(value) === 'yes') && returned.every((value) => this.isPromise(value) !== 'no') ? 'yes' : 'maybe';
  }

  #returned(fn: Fn): readonly Node[] {
    const known = this.#returnedBy.get(fn);
    if (known) return known;
    const values: Node[] = [];
    this.#returnedBy.set(fn, values);
    walk(this.#sourceCode, fn.body, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'ReturnStatement' && node.argument) values.push(node.argument);
      return undefined;
    });
    return values;
  }

  #returnsSomething(fn: Fn): boolean {
    return fn.body.type !== 'BlockStatement' || this.#returned(fn).length > 0;
  }

  #jsdoc(node: Node): string {
    const holder = node.parent?.type === 'VariableDeclarator' ? node.parent.parent : node.parent?.type === 'MethodDefinition' ? node.parent : node;
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

  /** Is there nothing but white space between a comment and a place? Most nodes have no comment, and finding that out through the tokens takes long. */
  #followsComment(place: number): boolean {
    const { ast, text } = this.#sourceCode;
    let at = place;
    while (/\s/.test(text[at - 1] ?? '')) at -= 1;
    const comments = ast.comments ?? [];
    let low = 0;
    for (let high = comments.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (comments[middle]!.range[1] < at) low = middle + 1;
      else high = middle;
    }
    return comments[low]?.range[1] === at;
  }

  /** A JSDoc `@param {Type} name`. */
  #documented(fn: Node, name: string): Known {
    if (!isFunction(fn) || !this.#hasTags()) return null;
    let types = this.#parameterTypes.get(fn);
    if (!types) this.#parameterTypes.set(fn, (types = new Map([...this.#jsdoc(fn).matchAll(PARAM_TAGS)].map(([, type, parameter]) => [parameter!, type!]))));
    const type = types.get(name);
    return type === undefined ? null : fromJsdoc(type);
  }

  /** A JSDoc `@type {Type}` of a variable or a field. */
  #documentedType(holder: TSESTree.PropertyDefinition | TSESTree.TSAbstractPropertyDefinition | TSESTree.VariableDeclarator): Known {
    const text = this.#comments(holder.type === 'VariableDeclarator' ? holder.parent : holder);
    const type = text === '' ? undefined : TYPE_TAG.exec(text)?.[1];
    return type ? fromJsdoc(type) : null;
  }

  #annotated(type: TSESTree.TypeNode): Known {
    switch (type.type) {
      case 'TSUnionType': {
        const rest = type.types.filter((one) => !['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword'].includes(one.type));
        if (rest.length === 1) return this.#annotated(rest[0]!);
        const all = rest.map((one) => this.#annotated(one));
        return all.find((one) => one && 'name' in one && one.name === 'Promise') ?? null;
      }
      case 'TSIntersectionType':
        return type.types.map((one) => this.#annotated(one)).find((one) => one && 'name' in one) ?? { members: this.#members(type) };
      case 'TSTypeReference':
        return this.#referenced(type);
      case 'TSArrayType':
        return { ...ARRAY, items: this.#annotated(type.elementType) };
      case 'TSTupleType': {
        const items = type.elementTypes.map((one) => (one.type === 'TSNamedTupleMember' ? this.#annotated(one.elementType) : this.#annotated(one)));
        return { ...ARRAY, items: items.find((item) => nameOfKnown(item) === 'Promise') ?? null };
      }
      case 'TSFunctionType': {
        const { returnType } = type;
        return { ...FUNCTION, returns: () => (returnType ? this.#annotated(returnType.typeAnnotation) : null) };
      }
      case 'TSTypeLiteral':
        return { members: type.members };
      case 'TSTypeOperator':
        return type.operator === 'readonly' && type.typeAnnotation ? this.#annotated(type.typeAnnotation) : null;
      case 'TSVoidKeyword':
      case 'TSNullKeyword':
      case 'TSUndefinedKeyword':
      case 'TSNeverKeyword':
        return { name: 'nothing' };
      case 'TSStringKeyword':
      case 'TSNumberKeyword':
      case 'TSBooleanKeyword':
        return { name: 'primitive' };
      default:
        return null;
    }
  }

  #referenced(type: TSESTree.TSTypeReference): Known {
    if (type.typeName.type === 'ThisExpression') return null;
    const name = this.#typeName(type.typeName);
    if (name === null) return this.#declaredType(type.typeName);
    const [argument] = type.typeArguments?.params ?? [];
    if (name === 'Promise' || name === 'PromiseLike') return { name, promised: argument ? this.#annotated(argument) : null };
    if (['Readonly', 'Partial', 'Required', 'NonNullable'].includes(name) && argument) return this.#annotated(argument);
    if (name === 'ReturnType' && argument?.type === 'TSTypeQuery' && argument.exprName.type === 'Identifier') return named(typeOfResult(argument.exprName.name));
    if (['Array', 'ReadonlyArray'].includes(name)) return argument ? { ...ARRAY, items: this.#annotated(argument) } : ARRAY;
    return { name: canonical(name) };
  }

  #typeName(node: TSESTree.EntityName): string | null {
    if (node.type === 'ThisExpression') return null;
    if (node.type === 'TSQualifiedName') {
      const left = this.#typeName(node.left);
      return left === null ? null : `${left}.${node.right.name}`;
    }
    const { root } = this.#values.of(node);
    if (root.kind === 'import' || root.kind === 'global') return this.#values.origin(node);
    return null;
  }

  /** What a type alias stands for; a type that holds itself is not followed a second time. */
  #aliased(alias: TSESTree.TSTypeAliasDeclaration): Known {
    if (this.#resolving.has(alias)) return null;
    this.#resolving.add(alias);
    const known = this.#annotated(alias.typeAnnotation);
    this.#resolving.delete(alias);
    return known;
  }

  #declaredType(node: TSESTree.EntityName): Known {
    if (node.type !== 'Identifier') return null;
    const definition = this.#values.variable(node)?.defs[0]?.node;
    if (!definition) return null;
    if (isClass(definition)) return { made: definition };
    if (definition.type === 'TSTypeAliasDeclaration') return this.#aliased(definition);
    if (definition.type === 'TSInterfaceDeclaration') return { members: definition.body.body };
    return null;
  }
}

/** `(error, rows) => { … }`: what is given a callback for the failure may return no promise. */
function isErrorFirst(callback: Node | undefined): boolean {
  const error = isFunction(callback) ? callback.params[0] : undefined;
  return error?.type === 'Identifier' && /^_?(?:e|er|err|error)$/i.test(error.name);
}

/** Methods whose name, or whose arguments, tell what they return. */
const TELLING = new Set(['then', 'catch', 'finally', 'map', 'flatMap', 'bind']);

/** What makes something whose methods the file may show. */
const MAKERS = new Set<string>(['NewExpression', 'ObjectExpression']);

/** The options of `fetch`, also together with others. */
function isRequestInit(type: TSESTree.TypeNode): boolean {
  if (type.type === 'TSIntersectionType' || type.type === 'TSUnionType') return type.types.some(isRequestInit);
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'RequestInit';
}

/** The signal that a pattern takes out of an options object. */
function takenSignal(pattern: TSESTree.ObjectPattern): string | null {
  return SIGNAL_PROPERTIES.find((name) => pattern.properties.some((property) => property.type === 'Property' && nameOf(property) === name)) ?? null;
}

/** A type in braces, in which objects may have braces of their own. */
const JSDOC_TYPE = String.raw`\{((?:[^{}]|\{[^{}]*\})*)\}`;

const PARAM_TAGS = new RegExp(String.raw`@param\s*${JSDOC_TYPE}\s*\[?([\w$]+)`, 'g');

const TYPE_TAG = new RegExp(String.raw`@type\s*${JSDOC_TYPE}`);

/** A type as JSDoc writes it, as far as it is a name, a promise or a function. */
function fromJsdoc(text: string): Known {
  const type = text.trim().replace(/^[?!]/, '');
  const result = /^(?:\(.*\)\s*=>|function\s*\(.*\)\s*:)\s*(.+)$/s.exec(type)?.[1];
  if (result !== undefined) return { ...FUNCTION, returns: () => fromJsdoc(result) };
  if (/^Promise\b/.test(type)) return PROMISE;
  if (/^(?:bigint|boolean|number|string|symbol)(?:\[\])?$/i.test(type)) return type.endsWith(']') ? ARRAY : { name: 'primitive' };
  const name = /^(?:import\([^)]*\)\.)?([\w.]+)$/.exec(type)?.[1];
  return name === undefined ? null : { name: canonical(name) };
}

/** Statements at the end of a function after which nothing may follow. */
const LEAVES = new Set<string>(['BlockStatement', 'DoWhileStatement', 'ForStatement', 'IfStatement', 'ReturnStatement', 'SwitchStatement', 'ThrowStatement', 'TryStatement', 'WhileStatement']);

function nameOfKnown(known: Known): string | null {
  return known && 'name' in known ? known.name : null;
}

/** Does a user's name stand for a type, a class of this file, or a function? Names are `name` or `module.name`. */
function matches(one: Specifier, what: Body | string): boolean {
  const names = typeof one === 'string' ? [one] : [one.name].flat();
  if (typeof what !== 'string') return (typeof one === 'string' || one.from === 'file') && 'id' in what && what.id !== null && names.includes(what.id.name);
  const from = typeof one === 'string' || one.from !== 'package' ? '' : `${one.package}.`;
  return names.some((name) => what === `${from}${name}`);
}

function named(type: string | undefined): Known {
  if (type === undefined) return null;
  const promised = /^Promise<(.*)>$/.exec(type)?.[1];
  return promised === undefined ? { name: type } : { name: 'Promise', promised: { name: promised } };
}

function either(one: Answer, other: Answer): Answer {
  if (one === 'yes' || other === 'yes') return 'yes';
  return one === 'no' && other === 'no' ? 'no' : 'maybe';
}

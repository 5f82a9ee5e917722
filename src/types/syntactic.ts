import type { TSESTree } from '@typescript-eslint/utils';
import type { Variable, Values } from '../syntax/values.js';
import { bare, type Body, type Call, isClass, isFunction, memberNamed, membersOf, nameOf, type Node, walk, type SourceCode, type Fn } from '../syntax/walk.js';
import type { Answer, Oracle, SignalPosition } from './answer.js';
import { canonical, extendsType, GLOBAL_VALUES, RESULTS, returnsPromise, signalPosition } from './known.js';

/** A type this file can name: its name, or the class of this file it is an instance of. */
type Known = { readonly name: string; readonly promised?: Known | null } | { readonly made: Body } | null;

const FUNCTION: Known = { name: 'Function' };
const ARRAY: Known = { name: 'Array' };

/** Answers from scope, imports, annotations, `new X()` and JSDoc: always there, and never loads anything. */
export class SyntacticOracle implements Oracle {
  readonly #values: Values;
  readonly #sourceCode: SourceCode;
  readonly #known = new WeakMap<Node, Known>();

  constructor(values: Values, sourceCode: SourceCode) {
    this.#values = values;
    this.#sourceCode = sourceCode;
  }

  is(node: Node, type: string): Answer {
    return this.#extends(this.#typeOf(node), type);
  }

  isPromise(expression: Node): Answer {
    const node = bare(expression);
    if (node.type === 'ConditionalExpression') return either(this.isPromise(node.consequent), this.isPromise(node.alternate));
    if (node.type === 'LogicalExpression') return either(this.isPromise(node.left), this.isPromise(node.right));
    const known = this.#typeOf(node);
    if (known && 'name' in known) return known.name === 'Promise' ? 'yes' : 'no';
    return known ? this.#extends(known, 'Promise') : 'maybe';
  }

  isPromiseArray(expression: Node): Answer {
    const node = bare(expression);
    if (node.type === 'ArrayExpression') {
      const items = node.elements.filter((element) => element !== null && element.type !== 'SpreadElement');
      return items.some((item) => this.isPromise(item!) === 'yes') ? 'yes' : 'no';
    }
    if (node.type !== 'CallExpression') return 'maybe';
    const callee = bare(node.callee);
    if (callee.type !== 'MemberExpression' || !['map', 'flatMap'].includes(nameOf(callee) ?? '') || !node.arguments[0]) return 'maybe';
    const callback = this.#values.functionOf(node.arguments[0]);
    return callback ? this.#promises(callback) : 'maybe';
  }

  isFunction(node: Node): Answer {
    const known = this.#typeOf(node);
    return known ? (known === FUNCTION ? 'yes' : 'no') : 'maybe';
  }

  signalPosition(call: Call): SignalPosition | null {
    const name = this.#nameOfCallee(call);
    const listed = name === null ? null : signalPosition(name);
    if (listed) return listed;
    const fn = this.#values.functionOf(call.callee);
    return fn && this.#signalParameter(fn);
  }

  /** The parameter of a function of this file that is a signal, or that has one among its properties. */
  #signalParameter(fn: Fn): SignalPosition | null {
    for (const [index, parameter] of fn.params.entries()) {
      const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      if (name.type === 'Identifier') {
        if (this.is(name, 'AbortSignal') === 'yes' || /^(?:abort)?signal$/i.test(name.name)) return { index, property: null };
        if (this.#members(name)?.some((member) => 'key' in member && nameOf(member) === 'signal')) return { index, property: 'signal' };
      }
      if (name.type === 'ObjectPattern' && name.properties.some((property) => property.type === 'Property' && nameOf(property) === 'signal')) {
        return { index, property: 'signal' };
      }
    }
    return null;
  }

  /** The members that the annotation of a name declares in this file. */
  #members(name: TSESTree.Identifier): readonly TSESTree.TypeElement[] | null {
    const type = name.typeAnnotation?.typeAnnotation;
    if (type?.type === 'TSTypeLiteral') return type.members;
    if (type?.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return null;
    const definition = this.#values.variable(type.typeName)?.defs[0]?.node;
    if (definition?.type === 'TSInterfaceDeclaration') return definition.body.body;
    if (definition?.type === 'TSTypeAliasDeclaration' && definition.typeAnnotation.type === 'TSTypeLiteral') return definition.typeAnnotation.members;
    return null;
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

  #extends(known: Known, type: string): Answer {
    if (!known) return 'maybe';
    if ('name' in known) return extendsType(known.name, type) ? 'yes' : 'no';
    const parent = 'superClass' in known.made && known.made.superClass;
    if (!parent) return 'no';
    return this.#extends(this.#instanceOf(parent), type);
  }

  /** What `new X()` makes. */
  #instanceOf(constructor: Node): Known {
    const origin = this.#values.origin(constructor);
    if (origin !== null) return { name: canonical(origin) };
    const made = this.#values.classOf(constructor);
    return made && { made };
  }

  #typeOf(expression: Node): Known {
    const node = expression;
    const cached = this.#known.get(node);
    if (cached !== undefined) return cached;
    this.#known.set(node, null);
    const known = this.#infer(node);
    this.#known.set(node, known);
    return known;
  }

  #infer(expression: Node): Known {
    if (expression.type === 'TSAsExpression' || expression.type === 'TSTypeAssertion') {
      const declared = this.#annotated(expression.typeAnnotation);
      if (declared) return declared;
    }
    const node = bare(expression);
    const origin = this.#values.origin(node);
    const listed = origin === null ? undefined : GLOBAL_VALUES[origin];
    if (listed) return { name: listed };
    switch (node.type) {
      case 'Identifier': {
        const variable = this.#values.variable(node);
        return variable && this.#ofVariable(variable);
      }
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
        return awaited && 'promised' in awaited ? (awaited.promised ?? null) : null;
      }
      case 'ArrayExpression':
        return ARRAY;
      case 'ObjectExpression':
        return { name: 'Object' };
      case 'ImportExpression':
        return { name: 'Promise' };
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
        return isFunction(node) ? FUNCTION : null;
    }
  }

  #ofVariable(variable: Variable): Known {
    const definition = variable.defs[0];
    if (!definition || variable.defs.length > 1) return null;
    if (definition.type === 'FunctionName') return FUNCTION;
    if (definition.type === 'Parameter' || definition.type === 'Variable') {
      const name = definition.name as TSESTree.Identifier;
      const annotation = name.typeAnnotation?.typeAnnotation;
      if (annotation) return this.#annotated(annotation);
      if (definition.type === 'Parameter') return this.#documented(definition.node, name.name);
    }
    if (definition.type !== 'Variable') return null;
    const { id, init } = definition.node;
    if (id.type === 'Identifier') return init && this.#onlyWrites(variable, init);
    if (id.type !== 'ObjectPattern' || !init) return null;
    const property = id.properties.find((one) => one.type === 'Property' && one.value === definition.name);
    const key = property && nameOf(property);
    return key ? this.#memberOf(this.#typeOf(init), key) : null;
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

  #memberOf(object: Known, name: string): Known {
    if (!object) return null;
    if ('name' in object) return named(RESULTS[`${object.name}#${name}`]);
    const member = memberNamed(object.made, name) ?? memberNamed(object.made, `#${name}`);
    if (member?.type === 'MethodDefinition' && member.kind === 'method') return FUNCTION;
    if (member?.type === 'PropertyDefinition') {
      if (member.typeAnnotation) return this.#annotated(member.typeAnnotation.typeAnnotation);
      if (member.value) return this.#typeOf(member.value);
    }
    return this.#setInConstructor(object.made, name) ?? ('superClass' in object.made && object.made.superClass ? this.#memberOf(this.#instanceOf(object.made.superClass), name) : null);
  }

  #setInConstructor(of: Body, name: string): Known {
    const made = membersOf(of).find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
    if (made?.type !== 'MethodDefinition' || !isFunction(made.value)) return null;
    for (const parameter of made.value.params) {
      if (parameter.type !== 'TSParameterProperty') continue;
      const id = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      if (id.type === 'Identifier' && id.name === name && id.typeAnnotation) return this.#annotated(id.typeAnnotation.typeAnnotation);
    }
    for (const statement of made.value.body?.type === 'BlockStatement' ? made.value.body.body : []) {
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
      const result = RESULTS[`${name}()`];
      if (result) return named(result);
      if (returnsPromise(name)) return { name: 'Promise' };
    }
    if (callee.type === 'MemberExpression') {
      const method = nameOf(callee);
      if (method === 'then' || method === 'catch' || method === 'finally') return this.isPromise(callee.object) === 'yes' ? { name: 'Promise' } : null;
      if (method === 'bind') return FUNCTION;
      if (method === 'map' || method === 'filter' || method === 'flatMap') return this.isPromiseArray(call) === 'yes' ? ARRAY : null;
    }
    const fn = this.#values.functionOf(callee);
    if (!fn) return null;
    if (fn.returnType) return this.#annotated(fn.returnType.typeAnnotation);
    if (this.#promises(fn) === 'yes') return { name: 'Promise' };
    return fn.async || fn.generator || this.#returnsSomething(fn) ? null : { name: 'void' };
  }

  /** Does calling the function give a promise? */
  #promises(fn: Fn): Answer {
    if (fn.async) return fn.generator ? 'no' : 'yes';
    if (fn.returnType) {
      const known = this.#annotated(fn.returnType.typeAnnotation);
      return known && 'name' in known ? (known.name === 'Promise' ? 'yes' : 'no') : 'maybe';
    }
    if (fn.body?.type !== 'BlockStatement') return fn.body ? this.isPromise(fn.body) : 'maybe';
    if (/@returns?\s*\{\s*Promise\b/.test(this.#jsdoc(fn))) return 'yes';
    const returned = this.#returned(fn);
    if (returned.length === 0) return 'no';
    return returned.some((value) => this.isPromise(value) === 'yes') ? 'yes' : 'maybe';
  }

  #returned(fn: Fn): Node[] {
    const values: Node[] = [];
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
    return this.#sourceCode
      .getCommentsBefore(holder.parent?.type.startsWith('Export') ? holder.parent : holder)
      .map(({ value }) => value)
      .join('\n');
  }

  /** A JSDoc `@param {Type} name` as far as it is a plain name. */
  #documented(parameter: Node, name: string): Known {
    const type = isFunction(parameter) && new RegExp(String.raw`@param\s*\{\s*(?:import\([^)]*\)\.)?([\w.]+)\s*\}\s*\[?${name}\b`).exec(this.#jsdoc(parameter))?.[1];
    return type ? { name: canonical(type) } : null;
  }

  #annotated(type: TSESTree.TypeNode): Known {
    switch (type.type) {
      case 'TSUnionType': {
        const rest = type.types.filter((one) => !['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword'].includes(one.type));
        if (rest.length === 1) return this.#annotated(rest[0]!);
        const all = rest.map((one) => this.#annotated(one));
        return all.find((one) => one && 'name' in one && one.name === 'Promise') ?? null;
      }
      case 'TSTypeReference':
        return this.#referenced(type);
      case 'TSArrayType':
      case 'TSTupleType':
        return ARRAY;
      case 'TSFunctionType':
        return FUNCTION;
      case 'TSTypeOperator':
        return type.operator === 'readonly' && type.typeAnnotation ? this.#annotated(type.typeAnnotation) : null;
      case 'TSVoidKeyword':
      case 'TSStringKeyword':
      case 'TSNumberKeyword':
      case 'TSBooleanKeyword':
      case 'TSNullKeyword':
      case 'TSUndefinedKeyword':
      case 'TSNeverKeyword':
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
    if (name === 'Promise' || name === 'PromiseLike') return { name: 'Promise', promised: argument ? this.#annotated(argument) : null };
    if (['Readonly', 'Partial', 'Required', 'NonNullable'].includes(name) && argument) return this.#annotated(argument);
    if (name === 'ReturnType' && argument?.type === 'TSTypeQuery' && argument.exprName.type === 'Identifier') return named(RESULTS[`${argument.exprName.name}()`]);
    if (['Array', 'ReadonlyArray'].includes(name)) return ARRAY;
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

  #declaredType(node: TSESTree.EntityName): Known {
    if (node.type !== 'Identifier') return null;
    const definition = this.#values.variable(node)?.defs[0]?.node;
    if (!definition) return null;
    if (isClass(definition)) return { made: definition };
    if (definition.type === 'TSTypeAliasDeclaration') return this.#annotated(definition.typeAnnotation);
    return null;
  }
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

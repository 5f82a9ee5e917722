import type { TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { bare, type Body, type Constructor, type Fn, isFunction, nameOf, type Node } from './walk.js';

/**
 * What a class, an object literal or a constructor's prototype declares; `X.prototype.name = value` is the member of a
 * constructor.
 */
export type Member = TSESTree.AssignmentExpression | TSESTree.ClassElement | TSESTree.ObjectLiteralElement;

/** The members of a class, an object literal, or a constructor's prototype. */
export function membersOf(body: Body): readonly Member[] {
  if (isFunction(body)) return prototypeOf(body)?.members ?? [];
  return body.type === 'ObjectExpression' ? body.properties : body.body.body;
}

/** Is it a method or a field that only its class can name? */
export function isPrivateMember(member: Node | null | undefined): boolean {
  return (
    (member?.type === 'MethodDefinition' || member?.type === 'PropertyDefinition') &&
    (member.accessibility === 'private' || member.key.type === 'PrivateIdentifier')
  );
}

/** The name of a member; null where it has none, or one that is computed. */
export function memberName(member: Member): string | null {
  if (member.type === 'AssignmentExpression') return nameOf(member.left);
  return 'key' in member ? nameOf(member) : null;
}

/** The member that has a name: of an instance where it has one, and else of the class itself. */
export function memberNamed(body: Body, name: string): Member | null {
  return membersByName(body).get(name) ?? staticNamed(body, name);
}

/** The member of a class itself that has a name. */
export function staticNamed(body: Body, name: string): Member | null {
  return membersByName(body).get(`static ${name}`) ?? null;
}

const membersByName = memoize((body: Body) => {
  const members = new Map<string, Member>();
  for (const member of membersOf(body)) {
    // An overload is a signature of the method that comes after it.
    const isOverload = 'value' in member && member.value?.type === 'TSEmptyBodyFunctionExpression';
    const name = isOverload ? null : memberName(member);
    if (name === null) continue;
    const key = 'static' in member && member.static ? `static ${name}` : name;
    if (!members.has(key)) members.set(key, member);
  }
  return members;
});

/** What a member is set to: a method's function, the value of a field or property. */
export function memberValue(member: Member): Node | null {
  if (member.type === 'AssignmentExpression') return bare(assigned(member));
  return 'value' in member && member.value ? bare(member.value) : null;
}

/** The function that a member holds: a method's body, or the arrow or function it is set to. */
export function memberFunction(member: Member): Fn | null {
  const value = memberValue(member);
  return value && isFunction(value) ? value : null;
}

/** Is a function one of those that make up a class or an object, its constructor among them? */
export function isMember(fn: Fn): boolean {
  const { parent } = fn;
  return (
    bodyOfMember(fn) !== null ||
    (parent?.type === 'MethodDefinition' && parent.kind === 'constructor') ||
    isConstructor(fn)
  );
}

/** The class, object or constructor that a function is a member of; null for static members. */
export function bodyOfMember(fn: Fn): Body | null {
  const { parent } = fn;
  if (!parent) return null;
  if ((parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') && parent.value === fn)
    return parent.static ? null : parent.parent.parent;
  if (parent.type === 'Property' && parent.value === fn && parent.parent.type === 'ObjectExpression')
    return ofPrototype(parent.parent) ?? parent.parent;
  return parent.type === 'AssignmentExpression' && parent.right === fn ? ofAssignment(parent) : null;
}

/**
 * The constructor whose prototype an object literal fills: `Object.assign(X.prototype, { … })`, `X.prototype = { … }`.
 */
function ofPrototype(object: TSESTree.ObjectExpression): Constructor | null {
  const { parent } = object;
  const isFilled =
    (parent.type === 'CallExpression' && parent.arguments.includes(object)) ||
    (parent.type === 'AssignmentExpression' && parent.right === object);
  const list = isFilled ? listOf(parent) : null;
  return list ? (constructorsIn(list).find(({ literals }) => literals.includes(object))?.node ?? null) : null;
}

/** The function that makes the instances of a class or constructor, where it is written. */
export function constructorOf(body: Body): Fn | null {
  if (isFunction(body)) return body;
  const made = membersOf(body).find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  return made ? memberFunction(made) : null;
}

/** What a field is set to where it is declared, and by the statements of its class's methods. */
export function valuesOfField(body: Body, name: string): Node[] {
  const declared = memberNamed(body, name);
  const value = declared && memberValue(declared);
  return [...(value ? [value] : []), ...(setByMethods(body).get(name) ?? [])];
}

/** What the statements of its methods set the fields of a class to; found once. */
const setByMethods = memoize((body: Body): ReadonlyMap<string, readonly Node[]> => {
  const byName = new Map<string, Node[]>();
  for (const method of [constructorOf(body), ...membersOf(body).map(memberFunction)]) {
    for (const statement of method?.body?.type === 'BlockStatement' ? method.body.body : []) {
      const { left, right } =
        statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression'
          ? statement.expression
          : {};
      const name = left?.type === 'MemberExpression' && left.object.type === 'ThisExpression' ? nameOf(left) : null;
      if (!right || name === null) continue;
      const values = byName.get(name);
      if (values) values.push(bare(right));
      else byName.set(name, [bare(right)]);
    }
  }
  return byName;
});

/** The type that a field is declared with, or the parameter of the constructor that is one. */
export function typeOfField(body: Body, name: string): TSESTree.TypeNode | null {
  const declared = memberNamed(body, name);
  if (declared?.type === 'PropertyDefinition') return declared.typeAnnotation?.typeAnnotation ?? null;
  return parameterProperty(body, name)?.typeAnnotation?.typeAnnotation ?? null;
}

/** `constructor(private readonly name: string)` */
export function parameterProperty(body: Body, name: string): TSESTree.Identifier | null {
  for (const parameter of constructorOf(body)?.params ?? []) {
    const id = parameter.type === 'TSParameterProperty' ? parameter.parameter : null;
    if (id?.type === 'Identifier' && id.name === name) return id;
  }
  return null;
}

/** Is a function a constructor by its prototype: has it members there? */
export function isConstructor(fn: Fn): fn is Constructor {
  return prototypeOf(fn) !== null;
}

/** Is a node in what a class, an object or a constructor and its prototype declare? */
export function isPartOf(node: Node, body: Node): boolean {
  if (isAround(body, node)) return true;
  return isFunction(body) && (prototypeOf(body)?.members.some((member) => isAround(member, node)) ?? false);
}

function isAround(outer: Node, { range }: Node): boolean {
  return outer.range[0] <= range[0] && range[1] <= outer.range[1];
}

/** `X.prototype.name = …` */
function ofAssignment(assignment: TSESTree.AssignmentExpression): Constructor | null {
  if (assignment.left.type !== 'MemberExpression') return null;
  const list = listOf(assignment);
  return list ? (constructorsIn(list).find(({ members }) => members.includes(assignment))?.node ?? null) : null;
}

interface Prototype {
  readonly node: Constructor;
  readonly members: Member[];
  /** The object literals that fill it. */
  readonly literals: TSESTree.ObjectExpression[];
}

type List = TSESTree.BlockStatement | TSESTree.Program;

function prototypeOf(fn: Fn): Prototype | null {
  if (fn.type === 'ArrowFunctionExpression') return null;
  const list = listOf(fn);
  return list ? (constructorsIn(list).find(({ node }) => node === fn) ?? null) : null;
}

/** The list of statements in which a declaration or an assignment stands. */
function listOf(node: Node): List | null {
  let at: Node | undefined = node;
  while (at && STANDS_IN.has(at.type) && at.parent) at = at.parent;
  return at?.type === 'Program' || at?.type === 'BlockStatement' ? at : null;
}

const STANDS_IN = new Set<string>([
  'AssignmentExpression',
  'CallExpression',
  'ExportDefaultDeclaration',
  'ExportNamedDeclaration',
  'ExpressionStatement',
  'FunctionDeclaration',
  'FunctionExpression',
  'VariableDeclaration',
  'VariableDeclarator',
]);

/** The functions of a list of statements that are constructors, by what the same list puts on their prototypes. */
const constructorsIn = memoize(({ body }: List): readonly Prototype[] => {
  const filled = body.some(namesPrototype);
  if (!filled) return [];
  const byName = new Map<string, Prototype>();
  for (const statement of body)
    for (const [name, node] of functionsOf(statement)) byName.set(name, { node, members: [], literals: [] });
  const aliases = new Map<string, Prototype>();
  for (const statement of body) {
    if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement.declarations) {
        const owner = init && prototypeNamed(init, byName, aliases);
        if (owner && id.type === 'Identifier') aliases.set(id.name, owner);
      }
    } else if (statement.type === 'ExpressionStatement') {
      fill(bare(statement.expression), byName, aliases);
    }
  }
  return [...new Set(byName.values())].filter(({ members }) => members.length > 0);
});

/**
 * The functions that a statement gives names to: `function X() {}`, `var X = exports.X = function () {}`, `X = function
 * () {}`.
 */
function functionsOf(statement: TSESTree.Statement): [string, Constructor][] {
  const declared =
    (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
    statement.declaration
      ? statement.declaration
      : statement;
  if (declared.type === 'FunctionDeclaration') return declared.id ? [[declared.id.name, declared]] : [];
  if (declared.type === 'ExpressionStatement') return named(bare(declared.expression), []);
  if (declared.type !== 'VariableDeclaration') return [];
  return declared.declarations.flatMap(({ id, init }) =>
    init ? named(bare(init), id.type === 'Identifier' ? [id.name] : []) : [],
  );
}

function named(value: Node, names: readonly string[]): [string, Constructor][] {
  if (value.type === 'AssignmentExpression') {
    const { left, right } = value;
    return named(bare(right), left.type === 'Identifier' ? [...names, left.name] : names);
  }
  if (value.type !== 'FunctionExpression') return [];
  const all = value.id ? [...names, value.id.name] : names;
  return [...new Set(all)].map((name) => [name, value]);
}

/** Does a statement put something on a prototype, or give one a name? */
function namesPrototype(statement: TSESTree.Statement): boolean {
  if (statement.type === 'VariableDeclaration')
    return statement.declarations.some(({ init }) => init !== null && isPrototype(init));
  if (statement.type !== 'ExpressionStatement') return false;
  const node = bare(statement.expression);
  if (node.type === 'AssignmentExpression')
    return (
      isPrototype(node.left) ||
      isPrototype(node.right) ||
      (node.left.type === 'MemberExpression' && isPrototype(node.left.object))
    );
  return node.type === 'CallExpression' && node.arguments[0] !== undefined && isPrototype(node.arguments[0]);
}

function isPrototype(node: Node): boolean {
  return node.type === 'MemberExpression' && nameOf(node) === 'prototype';
}

/** The prototype that an expression stands for: `X.prototype`, or the name it was given. */
function prototypeNamed(
  expression: Node,
  byName: ReadonlyMap<string, Prototype>,
  aliases: ReadonlyMap<string, Prototype>,
): Prototype | null {
  const node = bare(expression);
  if (node.type === 'Identifier') return aliases.get(node.name) ?? null;
  if (node.type === 'AssignmentExpression')
    return prototypeNamed(node.right, byName, aliases) ?? prototypeNamed(node.left, byName, aliases);
  if (node.type !== 'MemberExpression' || !isPrototype(node)) return null;
  const holder =
    node.object.type === 'MemberExpression'
      ? nameOf(node.object)
      : node.object.type === 'Identifier'
        ? node.object.name
        : null;
  return holder === null ? null : (byName.get(holder) ?? null);
}

function fill(expression: Node, byName: ReadonlyMap<string, Prototype>, aliases: ReadonlyMap<string, Prototype>): void {
  if (expression.type === 'AssignmentExpression') {
    const whole = prototypeNamed(expression.left, byName, aliases);
    const value = bare(expression.right);
    if (whole && value.type === 'ObjectExpression') return take(value, whole);
    const owner =
      expression.left.type === 'MemberExpression' ? prototypeNamed(expression.left.object, byName, aliases) : null;
    owner?.members.push(expression);
    if (value.type === 'AssignmentExpression') fill(value, byName, aliases);
  } else if (expression.type === 'CallExpression') {
    const [target, ...sources] = expression.arguments;
    const owner = target && prototypeNamed(target, byName, aliases);
    for (const source of owner ? sources : []) if (source.type === 'ObjectExpression') take(source, owner!);
  }
}

function take(object: TSESTree.ObjectExpression, { members, literals }: Prototype): void {
  literals.push(object);
  members.push(...object.properties);
}

/** The value at the end of `a = b = value`. */
function assigned({ right }: TSESTree.AssignmentExpression): Node {
  const value = bare(right);
  return value.type === 'AssignmentExpression' ? assigned(value) : value;
}

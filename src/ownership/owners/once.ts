import type { TSESTree } from '@typescript-eslint/utils';
import { isLogicalAssignment, tells } from '../../flow/conditions.js';
import { leaves } from '../../syntax/leaving.js';
import { memoize } from '../../maps.js';
import { enclosingFunction, functionName, isInside, runOf } from '../../syntax/functions.js';
import { bodyOfMember, isPartOf, memberNamed } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Body,
  type Class,
  dressed,
  type Fn,
  type Index,
  isClass,
  isFunction,
  nameOf,
  type Node,
  type SourceCode,
  walk,
} from '../../syntax/walk.js';
import type { Field } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import { isNothing } from './lives.js';

/** Is a function a method that an instance may run more than once, by its name? */
export function mayRunAgain(fn: Fn): boolean {
  const body = bodyOfMember(fn);
  const isMethod =
    fn.parent?.type === 'MethodDefinition' ? fn.parent.kind === 'method' : body !== null && isFunction(body);
  return isMethod && !runsOnceByName(functionName(fn) ?? '');
}

/** Is it what people call a method that runs once in the life of an instance? */
export function runsOnceByName(name: string): boolean {
  return ONCE.has(name);
}

/** Methods that run once in the life of an instance. */
const ONCE = new Set([
  'constructor',
  'connectedCallback',
  'componentDidMount',
  'ngOnInit',
  'componentWillMount',
  'UNSAFE_componentWillMount',
  'ngAfterContentInit',
  'ngAfterViewInit',
  'mounted',
  'created',
  'firstUpdated',
  'ready',
  'onModuleInit',
  'start',
  'init',
  'initialize',
  'open',
  'connect',
  'listen',
  'run',
  'attach',
  'mount',
  'onload',
  'activate',
]);

/** `startService()`: does a method that is given nothing begin all of the work of the only object that has it? */
export function beginsAll(fn: Fn): boolean {
  return (
    fn.params.length === 0 && /^[$_#]*(?:boot|connect|init|launch|listen|run|start)[A-Z]/.test(functionName(fn) ?? '')
  );
}

/** `feed.start('a'); feed.start('b');`: does this file call a method of one object twice in a row? */
export function isCalledTwice(method: Fn, index: Index, values: Values): boolean {
  const name = functionName(method);
  const calls = index.calls.of(name).flatMap(({ callee, parent }) => {
    const own = bare(callee);
    return own.type === 'MemberExpression' &&
      parent.type === 'ExpressionStatement' &&
      (values.functionOf(own) === method || isMadeBy(own.object, method, values))
      ? [{ object: own.object, statement: parent }]
      : [];
  });
  return calls.some(({ object, statement }, at) => {
    const next = calls[at + 1];
    const list = statement.parent.type === 'BlockStatement' ? statement.parent.body : [];
    return (
      next !== undefined &&
      list[list.indexOf(statement) + 1] === next.statement &&
      values.same(object, next.object) === 'yes'
    );
  });
}

/** `const feed = createFeed()`: does the function that an object is made by hold the method? */
function isMadeBy(object: Node, method: Fn, values: Values): boolean {
  const made = values.initialOf(object);
  const maker = made?.type === 'CallExpression' ? values.functionOf(made.callee) : null;
  return maker !== null && enclosingFunction(method) === maker;
}

/** Is a method called by nothing but methods that run once, so that it does, too? */
export function runsOncePerLife(method: Fn, body: Body, index: Index, values: Values): boolean {
  const name = functionName(method);
  const calls = index.calls.of(name).filter((call) => values.functionOf(call.callee) === method);
  return (
    calls.length > 0 &&
    calls.every((call) => {
      const around = enclosingFunction(call);
      return around !== null && isPartOf(around, body) && bodyOfMember(around) !== null && !mayRunAgain(around);
    })
  );
}

/**
 * `if (!shared) { … shared = made; }`, with a variable outside functions or a static field that nothing else sets: the
 * program has one.
 */
export function isMadeOnce(node: Node, values: Values, index: Index): boolean {
  for (let at = node; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if (parent.type === 'IfStatement' && parent.consequent === at && isUnset(parent.test, true, at, { values, index }))
      return true;
    // `shared ??= made`
    if (
      isLogicalAssignment(parent) &&
      parent.operator !== '&&=' &&
      isSetOnlyIn(parent, bare(parent.left), values, index)
    )
      return true;
    if (parent.type === 'BlockStatement' && isFunction(parent.parent)) {
      const guard = firstGuard(parent, { values, index });
      if (guard && guard.range[1] <= at.range[0]) return true;
    }
  }
  return false;
}

interface File {
  readonly values: Values;
  readonly index: Index;
}

/** `if (shared) return;`: the first statement of a function that leaves where it has run before; found once. */
const firstGuard = memoize(
  (body: TSESTree.BlockStatement, file: File): Node | null =>
    body.body.find(
      (one) => one.type === 'IfStatement' && leavesOnOneArm(one) && isUnset(one.test, false, body, file),
    ) ?? null,
);

/** Does a test that turns out so say that nothing is set yet which only the code inside a node sets? */
function isUnset(test: Node, holds: boolean, within: Node, { values, index }: File): boolean {
  return tells(bare(test), holds, (asked, truthy) => !truthy && isSetOnlyIn(within, asked, values, index));
}

/** Is it a variable outside functions, or a static field, that only code inside a node sets to something? */
function isSetOnlyIn(node: Node, asked: Node, values: Values, index: Index): boolean {
  if (asked.type === 'MemberExpression') {
    const of = classOfStatic(asked, values);
    const writes = index.members.of(nameOf(asked) ?? '').filter((member) => {
      const { parent } = member;
      const isSet = parent?.type === 'AssignmentExpression' && parent.left === member;
      return isSet && of !== null && classOfStatic(member, values) === of && !isNothing(parent.right);
    });
    return writes.length > 0 && writes.every((member) => isInside(member, node));
  }
  const variable = asked.type === 'Identifier' ? values.variable(asked) : null;
  const [definition] = variable?.defs ?? [];
  if (definition?.type !== 'Variable' || enclosingFunction(definition.node)) return false;
  const writes = variable!.references.filter((reference) => reference.isWrite() && !reference.init);
  return writes.length > 0 && writes.every(({ identifier }) => isInside(identifier as Node, node));
}

/** The class of `Service` in `Service.instance`, or of `this` in a static method. */
function classOfStatic({ object }: TSESTree.MemberExpression, values: Values): Class | null {
  if (object.type !== 'ThisExpression') return values.classOf(object);
  const method = runOf(object)?.parent;
  return method?.type === 'MethodDefinition' && method.static ? method.parent.parent : null;
}

/** `static #shared = new Service()`, `Service.shared = new Service()`: does a class itself keep what is made of it? */
export function isKeptByClass(made: Node, of: Class, values: Values): boolean {
  const { parent } = dressed(made);
  if (parent?.type === 'PropertyDefinition') return parent.static && parent.parent.parent === of;
  const left = parent?.type === 'AssignmentExpression' ? bare(parent.left) : null;
  return left?.type === 'MemberExpression' && classOfStatic(left, values) === of;
}

/** `export default new Service()`, or its name: whoever imports the file gets this one. */
export function isHandedOut(made: Node, values: Values): boolean {
  const { parent } = dressed(made);
  if (parent?.type === 'ExportDefaultDeclaration') return true;
  return (
    values
      .variableOf(made)
      ?.references.some(({ identifier }) => (identifier as Node).parent?.type === 'ExportDefaultDeclaration') ?? false
  );
}

/** `if (this.running) return; this.running = true`: does what a method sets keep it from coming here twice? */
export function isLatched(method: Fn, start: Start, sourceCode: SourceCode): boolean {
  if (method.body.type !== 'BlockStatement') return false;
  const before = method.body.body.filter(({ range }) => range[1] <= start.node.range[0]);
  const asked = before.flatMap((statement) =>
    statement.type === 'IfStatement' && leavesOnOneArm(statement) ? namesIn(statement.test, sourceCode) : [],
  );
  // `if (text === this.text) return; this.text = text`: another text comes through.
  if (setsOne(method.body, asked, sourceCode, (value) => !asked.includes(sourceCode.getText(value)))) return true;
  // `if (!this.requested) { this.requested = true; … }`, `if (this.request) refuse(); else { this.request = asked; … }`
  for (let at: Node = start.node; at.parent && at !== method; at = at.parent) {
    const { parent }: Node = at;
    const isElse = parent?.type === 'IfStatement' && parent.alternate === at && parent.test.type !== 'UnaryExpression';
    if (
      parent?.type === 'IfStatement' &&
      (isElse || parent.consequent === at) &&
      setsOne(at, namesIn(parent.test, sourceCode), sourceCode, (value) =>
        value.type === 'Literal' ? typeof value.value === 'boolean' : isElse,
      )
    )
      return true;
  }
  return false;
}

/** Does code set one of these names? */
function setsOne(
  code: Node,
  names: readonly string[],
  sourceCode: SourceCode,
  isSwitch: (value: Node) => boolean,
): boolean {
  let isSet = false;
  if (names.length > 0) {
    walk(sourceCode, code, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'AssignmentExpression' && isSwitch(node.right) && names.includes(sourceCode.getText(node.left)))
        isSet = true;
      return !isSet;
    });
  }
  return isSet;
}

/** Does one of the arms of a choice leave the function? */
function leavesOnOneArm({ consequent, alternate }: TSESTree.IfStatement): boolean {
  return [consequent, alternate].some((arm) =>
    arm?.type === 'IfStatement' ? leavesOnOneArm(arm) : arm && leaves(arm),
  );
}

/** The names and fields that a condition reads. */
function namesIn(test: Node, sourceCode: SourceCode): string[] {
  const found: string[] = [];
  walk(sourceCode, test, (node) => {
    if (node.type === 'Identifier' || node.type === 'MemberExpression') found.push(sourceCode.getText(node));
  });
  return found;
}

/**
 * Is a field declared in a class that this one extends? TypeScript wants every field declared, so one that is not is
 * another's.
 */
export function isInherited({ body, name }: Field): boolean {
  if (!isClass(body) || !body.superClass || memberNamed(body, name)) return false;
  return (
    body.body.body.some((member) => member.type === 'PropertyDefinition' && Boolean(member.typeAnnotation)) &&
    !isParameter(body, name)
  );
}

/** `constructor(private readonly timer: Timer)` */
function isParameter(body: Body, name: string): boolean {
  const constructor = memberNamed(body, 'constructor');
  if (constructor?.type !== 'MethodDefinition') return false;
  return constructor.value.params.some(
    (parameter) =>
      parameter.type === 'TSParameterProperty' &&
      bare(parameter.parameter).type === 'Identifier' &&
      (parameter.parameter as TSESTree.Identifier).name === name,
  );
}

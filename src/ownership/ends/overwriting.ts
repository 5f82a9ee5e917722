import type { TSESTree } from '@typescript-eslint/utils';
import { leaves } from '../../syntax/leaving.js';
import { exitsOf } from '../../flow/loops.js';
import { fateOf } from '../../syntax/fate.js';
import {
  argumentOf,
  enclosingFunction,
  functionName,
  isInside,
  LISTENS,
  loopAround,
  runOf,
  thisBody,
} from '../../syntax/functions.js';
import { isExported } from '../../syntax/exported.js';
import { bodyOfMember, isPartOf } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { calleeName, dressed, type Fn, isFunction, type Loop, nameOf, type Node } from '../../syntax/walk.js';
import { callsTo } from '../holders/forgotten.js';
import { type Handle, handleNode, mentions } from '../holders/handle.js';
import { isNothing } from '../owners/lives.js';
import { isCalledTwice, isLatched, mayRunAgain, runsOnceByName, runsOncePerLife } from '../owners/once.js';
import { runsWithoutDeps } from '../owners/roots.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { ownCallsIn, reachedFrom } from './reached.js';
import type { End } from './ends.js';
import { isResponse } from './listeners.js';

/** Can the method run again while the field still holds what it started before? */
export function isStartedAgain(start: Start, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const method = runOf(start.node);
  const body = thisBody(start.node);
  if (
    !method ||
    !body ||
    !(
      mayRunAgain(method) ||
      isCalledTwice(method, file.index, file.values) ||
      (start.resource.kind === 'interval' && isOfRenewed(method, handle, ends, file)) ||
      isRestarted(method, start, handle, ends, file)
    ) ||
    runsOncePerLife(method, body, file.index, file.values) ||
    isLatched(method, start, file.sourceCode) ||
    isOfOwnMutex(start, file)
  )
    return false;
  return !isSeenTo(start.node, method, handle, ends, file);
}

/** `this.release = await this.mutex.acquire()`: the next one gets it when the one before has been released. */
function isOfOwnMutex({ names }: Start, { values }: Judge): boolean {
  const mutex = names.get('mutex');
  return Boolean(mutex) && values.of(mutex!).root.kind === 'this';
}

/** `restart() { this.start(); }`, which ends nothing first; where the class calls it itself, it knows what there is. */
function isRestarted(method: Fn, { node }: Start, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const body = thisBody(node);
  return callsTo(method, file).some((call) => {
    const caller = enclosingFunction(call);
    return (
      caller !== null &&
      body !== null &&
      bodyOfMember(caller) === body &&
      !callsTo(caller, file).some((again) => isPartOf(again, body)) &&
      /^[_#]*re(?:boot|connect|launch|load|mount|open|set|spawn|start)/i.test(functionName(caller) ?? '') &&
      !isSeenTo(call, caller, handle, ends, file)
    );
  });
}

/**
 * Is a public method given a text or a number that it starts something for? Callers have many of those, and call it for
 * each. What its own timer calls comes after that has fired.
 */
export function isForOneOfMany(start: Start, file: Judge): boolean {
  const { values } = file;
  const method = runOf(start.node);
  const callback = start.names.get('callback');
  const fired = callback ? values.functionOf(callback) : null;
  if (!method || !isForCallers(method) || (fired && reachedFrom([fired], file).has(method))) return false;
  return method.params.some(
    (parameter) =>
      parameter.type === 'Identifier' &&
      !parameter.optional &&
      isTextOrNumber(parameter) &&
      (values.variable(parameter)?.references.length ?? 0) > 0,
  );
}

/** `clearTimeout(this.timer); this.begin(card);`: does a caller of the method see to what was started before? */
export function isSeenToByCaller({ node }: Start, ends: readonly End[], { index, values }: Judge): boolean {
  const method = runOf(node);
  const name = method && functionName(method);
  return index.calls
    .of(name)
    .some(
      (call) =>
        values.functionOf(call.callee) === method &&
        ends.some((end) => runOf(end.node) === runOf(call) && end.node.range[1] <= call.range[0]),
    );
}

/** Is it given something, so that other code may call it for each such thing that it has? */
export function isForCallers(method: Fn): boolean {
  const name = functionName(method) ?? '';
  return method.params.length > 0 && !isHidden(method) && !name.startsWith('_') && !BEGINS.test(name);
}

/** Is it for the class and those that extend it alone? What calls it there knows what was started before. */
function isHidden({ parent }: Fn): boolean {
  return (
    parent?.type === 'MethodDefinition' &&
    (parent.key.type === 'PrivateIdentifier' || (parent.accessibility ?? 'public') !== 'public')
  );
}

/** What sets an instance up is called once in most programs, whatever it is given. */
const BEGINS =
  /^[_#]*(?:activate|attach|begin|bind|boot|connect|create|enable|init|install|launch|listen|mount|open|register|run|serve|set(?:_?up|Up)|start)(?:$|[A-Z_]|up)/;

function isTextOrNumber({ typeAnnotation }: TSESTree.Identifier): boolean {
  return (
    typeAnnotation?.typeAnnotation.type === 'TSStringKeyword' ||
    typeAnnotation?.typeAnnotation.type === 'TSNumberKeyword'
  );
}

/**
 * Does each round of a loop start one more into the name that still holds that of the round before? What may leave the
 * loop behind a start may leave it with the first that does what it should.
 */
export function isLostInRound(start: Start, handle: Handle, file: Judge): boolean {
  const { index, values } = file;
  const loop = loopAround(start.node);
  const isRef = handle.kind === 'kept' && handle.refs.length > 0;
  if (!loop || !(isRef || isKeptBefore(start, loop, values))) return false;
  return (
    !mentions(handle, values, index).some((mention) => isInside(mention, loop)) &&
    !exitsOf(loop, file).some(({ range }) => range[0] > start.node.range[1])
  );
}

/** Is the handle put into a field, or into a variable that is declared before the loop? */
function isKeptBefore(start: Start, loop: Loop, values: Values): boolean {
  const fate = fateOf(handleNode(start, values), values);
  if (fate.kind === 'field') return true;
  return fate.kind === 'local' && fate.variable.defs.every(({ node }) => !isInside(node, loop));
}

/**
 * Is the only name that holds the handle given something else further down in the same list of statements, and not
 * looked at in between?
 */
export function isReplaced(start: Start, handle: Handle, { values, index }: Judge): boolean {
  if (handle.kind !== 'kept' || handle.fields.length + handle.variables.length !== 1) return false;
  const { parent: assignment } = dressed(handleNode(start, values));
  const { parent: statement } = assignment?.type === 'AssignmentExpression' ? assignment : { parent: undefined };
  if (
    assignment?.type !== 'AssignmentExpression' ||
    assignment.operator !== '=' ||
    statement?.type !== 'ExpressionStatement' ||
    statement.parent.type !== 'BlockStatement'
  )
    return false;
  const next = statement.parent.body.flatMap((one) => {
    const later = one.range[0] > statement.range[0] && one.type === 'ExpressionStatement' ? one.expression : null;
    return later?.type === 'AssignmentExpression' &&
      later.operator === '=' &&
      values.same(later.left, assignment.left) === 'yes' &&
      !isNothing(later.right)
      ? [later]
      : [];
  })[0];
  return (
    next !== undefined &&
    !mentions(handle, values, index).some(({ range }) => range[0] > start.node.range[0] && range[1] <= next.range[1])
  );
}

/** Is a function inside another one given to whoever calls that, who may call it again and again? */
function isHandedOut(fn: Fn, { values, index }: Judge): boolean {
  const made = memoOf(fn) ?? fn;
  const name = values.variableOf(made)?.name ?? functionName(fn);
  if (!enclosingFunction(fn)) return false;
  if (name !== null && runsOnceByName(name) && !isCalledTwice(fn, index, values)) return false;
  if (index.calls.of(name).some((call) => values.functionOf(call.callee) === fn)) return false;
  const { parent } = dressed(fn);
  if (parent?.type === 'ReturnStatement' || (isFunction(parent) && parent.body === fn)) return true;
  const uses = values.readsOf(made);
  return (
    uses.some((use) => fateOf(use, values).kind === 'returned' || isPartOfResult(use, values)) ||
    (parent?.type === 'Property' && fateOf(parent.parent, values).kind === 'returned')
  );
}

/** `export function search(term) { … }`: may other files call a function again, for the next that they have? */
function isOfModule(fn: Fn, { values }: Judge): boolean {
  return !enclosingFunction(fn) && isForCallers(fn) && isExported(fn, values);
}

/** `useCallback(fn, [])`, which gives the function itself. */
function memoOf(fn: Fn): Node | null {
  const taken = argumentOf(fn);
  return taken?.index === 0 && calleeName(taken.call) === 'useCallback' ? taken.call : null;
}

/** `return { call, cancel }`, `return Object.assign(call, { cancel })` */
function isPartOfResult(name: Node, values: Values): boolean {
  const fate = fateOf(name, values);
  if (fate.kind === 'stored' && fate.in.type === 'Property') return fateOf(fate.in.parent, values).kind === 'returned';
  return (
    fate.kind === 'passed' &&
    values.origin(fate.call.callee) === 'Object.assign' &&
    fateOf(fate.call, values).kind === 'returned'
  );
}

/** Kinds that a name of a closure holds one of, and the next takes the place of the one before. */
const REPLACED = new Set(['controller', 'interval', 'resource', 'timeout']);

/**
 * Does an event that comes again, or a function that is handed out, start one more timer into the name that still holds
 * the one before?
 */
export function isOverwritten(start: Start, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const listener = REPLACED.has(start.resource.kind) ? runOf(start.node) : null;
  if (!listener || handle.kind !== 'kept') return false;
  const isOutside =
    handle.refs.length > 0 ||
    handle.variables.every(({ defs: [definition] }) => definition && !isInside(definition.node, listener));
  return (
    isOutside &&
    !isLatched(listener, start, file.sourceCode) &&
    ((start.resource.kind === 'interval' &&
      (isResponse(listener, file) || isOfRenewed(listener, handle, ends, file))) ||
      isHandedOut(listener, file) ||
      (start.resource.kind === 'controller' && isOfModule(listener, file)) ||
      (handle.refs.length > 0 && (isOfHandlers(listener) || comesAgain(listener, ends, file)))) &&
    !isSeenTo(start.node, listener, handle, ends, file)
  );
}

/**
 * `socket.on('open', …)` in a `connect()` that calls itself when the socket is closed: does a listener come once for
 * each such call, of which none ends what the one before began?
 */
function isOfRenewed(listener: Fn, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const around = enclosingFunction(listener);
  if (!around || handle.kind !== 'kept' || !isListener(listener)) return false;
  const enders = new Set<Fn | null>(ends.flatMap(({ node }) => functionsAround(node)));
  return (
    handle.variables.every(({ defs: [definition] }) => definition && !isInside(definition.node, around)) &&
    callsTo(around, file).some((call) => isInside(call, around)) &&
    !ends.some(({ node }) => isInside(node, around)) &&
    !ownCallsIn(around, file).some(({ fn }) => fn !== around && enders.has(fn))
  );
}

/** `socket.on('open', () => { … })`, `socket.onopen = () => { … }` */
function isListener(fn: Fn): boolean {
  const taken = argumentOf(fn);
  const { parent } = dressed(fn);
  return taken
    ? LISTENS.has(calleeName(taken.call))
    : parent?.type === 'AssignmentExpression' && /^on[a-z]+$/.test(nameOf(parent.left) ?? '');
}

/** `<button onClick={() => { … }} />`, `expose({ save() { … } })` */
function isOfHandlers(fn: Fn): boolean {
  const { parent } = dressed(fn);
  return (
    parent?.type === 'JSXExpressionContainer' || (parent?.type === 'Property' && argumentOf(parent.parent) !== null)
  );
}

/** Is it an effect that runs again when one of its dependencies changes, and cleans up nothing of this before? */
function comesAgain(fn: Fn, ends: readonly End[], { owners }: Judge): boolean {
  return (
    owners.frameworks.effects().includes(fn) && !runsWithoutDeps(fn) && !ends.some(({ node }) => isInside(node, fn))
  );
}

/**
 * Does a run look after what the name held before: a look at the handle is taken for a guard, a call of a function that
 * ends it for an end.
 */
function isSeenTo(at: Node, run: Fn, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const before = (node: Node): boolean =>
    isInside(node, run) && node.range[0] < at.range[0] && !isOneReason(node, at) && !isOnOtherWay(node, at);
  if (ends.some(({ node }) => before(node)) || mentions(handle, file.values, file.index).some(before)) return true;
  const enders = new Set<Fn | null>(ends.flatMap(({ node }) => functionsAround(node)));
  return ownCallsIn(run, file).some(({ node, fn }) => enders.has(fn) && before(node));
}

/**
 * `if (!this.out || this.lines > MAX) this.out = open()`: is the look at what a name held one of several reasons to
 * start?
 */
function isOneReason(mention: Node, start: Node): boolean {
  for (let at = mention; at.parent && !isFunction(at); at = at.parent) {
    const { parent }: Node = at;
    if (parent?.type !== 'LogicalExpression' || parent.operator !== '||') continue;
    const choice = dressed(parent).parent;
    return choice?.type === 'IfStatement' && choice.test === dressed(parent) && isInside(start, choice.consequent);
  }
  return false;
}

/** `if (text === '') { this.clear(); return; }`: does a run that comes to a node never come to the start? */
function isOnOtherWay(node: Node, start: Node): boolean {
  for (let at = node; at.parent && !isFunction(at) && !isInside(start, at); at = at.parent)
    if (at.parent.type === 'IfStatement' && at.parent.test !== at && leaves(at)) return true;
  return false;
}

function functionsAround(node: Node): Fn[] {
  const found: Fn[] = [];
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) found.push(fn);
  return found;
}

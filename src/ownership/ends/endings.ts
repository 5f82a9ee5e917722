import { memoize } from '../../maps.js';
import { argumentOf, enclosingFunction, functionName, isInside, LISTENS, runOf } from '../../syntax/functions.js';
import {
  bodyOfMember,
  isMember,
  isPartOf,
  isPrivateMember,
  memberFunction,
  memberName,
  membersOf,
} from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Body,
  type Call,
  calleeName,
  dressed,
  type Fn,
  isClass,
  nameOf,
  type Node,
  walk,
} from '../../syntax/walk.js';
import type { Owner, Teardown } from '../owners/owner.js';
import { isGone } from '../owners/shown.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { End } from './ends.js';
import { isRemoval, reachedFrom } from './reached.js';

/** Does code run when the owner ends: in its teardown, or in a function that it returns or hands on? */
export function isTeardown(node: Node, owner: Owner): boolean {
  return owner.teardown?.functions.some((fn) => isInside(node, fn)) ?? false;
}

type Ending = Pick<Judge, 'index' | 'owners' | 'sourceCode' | 'values'>;

/** May one of the ends of what an instance keeps run when the instance ends? */
export function endWithOwner(body: Body, ends: readonly End[], file: Ending, start?: Node): boolean {
  const { teardown } = file.owners.instance(body);
  return !teardown || ends.some(({ node }) => mayEndLife(node, body, teardown, file, start));
}

/** Is an end in the teardown or in what it calls, or in code that something else runs: a callback, or another class? */
function mayEndLife(end: Node, body: Body, teardown: Teardown, file: Ending, start?: Node): boolean {
  const { functions } = teardown;
  const method = codeAround(end, file.values);
  // What begins again where it hears of the end is there for the next.
  const isBegunThere = start && method && isInside(start, method) && start.range[0] > end.range[0];
  // What shows a component ends it, whatever the component closes before.
  const last = isGone(teardown) ? [] : lastMethods(body).filter((fn) => !(isBegunThere && fn === method));
  if (
    !method ||
    !isPartOf(method, body) ||
    !isMember(method) ||
    (bodyOfMember(method) ?? body) !== body ||
    last.includes(method)
  )
    return true;
  if ((!isBegunThere && isHeardAtEnd(method, body, file)) || isRefCallback(method, body, file)) return true;
  const { reached, isOpen } = atEndOf(body, [...functions, ...last], file);
  return isOpen || reached.has(method);
}

/** The methods that run when an instance ends; `isOpen` where the class that it extends may call any. */
interface AtEnd {
  readonly reached: ReadonlySet<Fn>;
  readonly isOpen: boolean;
}

/** Found once, because every start of a class asks. */
const atEndOf = memoize((body: Body, functions: readonly Fn[], file: Ending): AtEnd => {
  const { frameworks } = file.owners;
  const isComponent = frameworks.lifeCycleOf(body) !== null;
  // `class Camera extends Mixins(Playing)`: what the mixin does at the end is to stop what this one plays.
  const stops =
    isComponent && frameworks.extendsOther(body)
      ? membersOf(body).flatMap((member) =>
          STOPS.test(memberName(member) ?? '') ? (memberFunction(member) ?? []) : [],
        )
      : [];
  // Where nobody else can call an end, it is a step of what does.
  const inner = functions.map((fn) => callsHere(fn, file));
  const callers = inner.every(({ length }) => length > 0)
    ? inner.flat().flatMap((call) => enclosingFunction(call) ?? [])
    : [];
  const reached = reachedFrom([...functions, ...stops, ...callers], file, (fn) => isPartOf(fn, body));
  const isOpen = isClass(body) && !isComponent && [...reached].some((fn) => callsSuper(fn, file));
  return { reached, isOpen };
});

/**
 * `events.once('dispose', () => this.dispose())`, `events.once('dispose', this.onEnd.bind(this))`: is a method what a
 * listener of the end calls, or is?
 */
function isHeardAtEnd(method: Fn, body: Body, { index, values }: Ending): boolean {
  const name = functionName(method);
  return index.members.of(name).some((member) => {
    if (!isPartOf(member, body) || values.functionOf(member) !== method) return false;
    const { parent } = member;
    const isCalled = parent?.type === 'CallExpression' && parent.callee === member;
    const isBound = parent?.type === 'MemberExpression' && nameOf(parent) === 'bind';
    const listener = isCalled ? codeAround(member, values) : isBound ? dressed(parent).parent : member;
    const taken = listener && argumentOf(listener);
    const set = listener && dressed(listener).parent;
    // `socket.onclose = this.onEnd`
    const isHeard = taken
      ? LISTENS.has(calleeName(taken.call))
      : set?.type === 'AssignmentExpression' &&
        set.left.type === 'MemberExpression' &&
        /^on[a-z]+$/.test(nameOf(set.left) ?? '');
    return isHeard && !hearsOnTheWay(listener!);
  });
}

/** `onRef = (element) => …`: React calls it with nothing when the component is unmounted. */
function isRefCallback(method: Fn, body: Body, { owners }: Ending): boolean {
  const ends = owners.frameworks.lifeCycleOf(body)?.ends ?? [];
  return (
    method.params.length === 1 &&
    /Ref$/.test(functionName(method) ?? '') &&
    ends.some((end) => end.method === 'componentWillUnmount')
  );
}

/** What is called to stop what was started. */
export const STOPS =
  /^(?:abort|cancel|clear|close|disable|end|exit|finish|halt|hide|leave|off|pause|quit|release|remove|reset|stop|suspend|un[a-z]+)(?=$|[A-Z_])/;

/**
 * Is an end in a method that other code is to call when it wants to stop what was started, or one that the run of the
 * start comes to?
 */
export function isForOthers(end: Node, start: Node, { values, index }: Pick<Judge, 'index' | 'values'>): boolean {
  const method = codeAround(end, values);
  if (method === null || (method === runOf(start) && end.range[0] > start.range[0])) return true;
  if (!isOwn(method)) return STOPS.test(functionName(method) ?? '');
  // `removeClient(client) { … if (this.clients.size === 0) this.#stopTimer(); }`
  return index.calls.of(functionName(method)).some((call) => {
    const caller = values.functionOf(call.callee) === method ? codeAround(call, values) : null;
    return caller !== null && !isOwn(caller) && STOPS.test(functionName(caller) ?? '');
  });
}

/** Is it a method that only its class calls? */
function isOwn(method: Fn): boolean {
  return bodyOfMember(method) !== null && isPrivateMember(method.parent);
}

function callsSuper(fn: Fn, { sourceCode }: Ending): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    found ||= node.type === 'Super';
    return !found;
  });
  return found;
}

/** The methods of an instance that run when what it stands on has ended. */
const lastMethods = memoize((body: Body): readonly Fn[] =>
  membersOf(body).flatMap((member) => (CLOSED.test(memberName(member) ?? '') ? (memberFunction(member) ?? []) : [])),
);

/** Methods that run when what the instance stands on has ended. */
export const CLOSED =
  /^[_#]*(?:on|handle)_?(?:after|before|client|channel|connection|media|process|server|session|socket|stream|transport|worker)?_?(?:abort|close|closed|destroy|detach|detached|detaching|disconnect|disconnected|end|ended|error|exit|finish|hide|remove|removed|unload|unmount)$/i;

const TIMERS = new Set([
  'nextTick',
  'queueMicrotask',
  'requestAnimationFrame',
  'requestIdleCallback',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);
const REACTIONS = new Set(['catch', 'done', 'finally', 'then']);

/**
 * The function that a node belongs to; what a timer, a promise or an event on the way calls later belongs to the code
 * that set it up.
 */
function codeAround(node: Node, values: Values): Fn | null {
  let fn = runOf(node);
  while (fn && (isDeferred(fn) || hearsOnTheWay(fn) || isHelper(fn, values))) fn = runOf(fn);
  return fn;
}

/** Is it a function with a name inside another one, which calls it or gives it to what calls it later? */
function isHelper(fn: Fn, values: Values): boolean {
  const uses = enclosingFunction(fn) ? values.readsOf(fn) : [];
  return (
    uses.length > 0 &&
    uses.every((use) => (use.parent?.type === 'CallExpression' && use.parent.callee === use) || isDeferred(use))
  );
}

const LAST =
  /abort|cancel|clos|complete|destroy|detach|dispos|end|error|exit|fail|finish|hide|kill|leave|lost|remove|reset|shut|stop|terminat|timeout|unload|unmount|disconnect/i;

/** `socket.on('data', () => …)`: is it called while what it listens to goes on? */
function hearsOnTheWay(listener: Node): boolean {
  const taken = argumentOf(listener);
  const [type] = taken && LISTENS.has(calleeName(taken.call)) ? taken.call.arguments : [];
  if (type?.type === 'Literal' && typeof type.value === 'string') return !LAST.test(type.value);
  // `element.onmouseenter = () => …`
  const { parent } = dressed(listener);
  const event = parent?.type === 'AssignmentExpression' ? /^on([a-z]+)$/.exec(nameOf(parent.left) ?? '') : null;
  return event !== null && !LAST.test(event[1]!);
}

function isDeferred(callback: Node): boolean {
  const taken = argumentOf(callback);
  if (!taken) return false;
  const name = calleeName(taken.call);
  return TIMERS.has(name) || (REACTIONS.has(name) && bare(taken.call.callee).type === 'MemberExpression');
}

/**
 * Is the run of a start a method that its class calls itself, and that other code does not call to take off what is
 * there?
 */
export function isCalledHereOnly({ node }: Pick<Start, 'node'>, file: Judge): boolean {
  const run = runOf(node);
  return run !== null && callsHere(run, file).length > 0;
}

/** The calls of a method that its class calls itself; none where other code may call it, too. */
function callsHere(fn: Fn, { index, values }: Pick<Judge, 'index' | 'values'>): readonly Call[] {
  const name = functionName(fn);
  const member = fn.parent;
  if (!name || member?.type !== 'MethodDefinition' || !(member.accessibility === 'private' || /^[_#]/.test(name)))
    return [];
  const calls = index.calls.of(name).filter((call) => values.functionOf(call.callee) === fn);
  return calls.length === index.members.of(name).length ? calls : [];
}

/**
 * Do ends stand only in listeners that the teardown takes off and does not call itself, so that none of them can come
 * after it?
 */
export function endWithListeners(ends: readonly Node[], { functions }: Teardown, file: Judge): boolean {
  const reached = reachedFrom(functions, file);
  return ends.every((end) => {
    const fn = enclosingFunction(end);
    const uses = fn && !reached.has(fn) ? file.values.readsOf(fn) : [];
    return uses.some((use) => functions.some((one) => isInside(use, one)) && isRemoval(argumentOf(use)?.call));
  });
}

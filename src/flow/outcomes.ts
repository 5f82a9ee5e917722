import type { TSESTree } from '@typescript-eslint/utils';
import { DESTROYED_QUIETLY, LIKELY_OUTCOMES, type Outcome, OUTCOMES } from '../catalog/outcomes.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, functionName, isInside, LISTENS } from '../syntax/functions.js';
import { sameValue, type Value } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, dressed, type Fn, type Index, nameOf, type Node } from '../syntax/walk.js';
import type { Oracle } from '../types/answer.js';
import { mayQuit } from './quits.js';
import { some } from './search.js';

/** A place that waits for an event. */
export interface Wired {
  readonly target: Node;
  readonly key: Value;
  readonly event: string;
  readonly at: TSESTree.CallExpression | TSESTree.AssignmentExpression;
}

/** An outcome that nobody waits for: `target` may emit `event` and nothing else. */
export interface MissingEvent {
  readonly why: 'eventMissing';
  readonly sure: boolean;
  readonly node: Node;
  readonly target: Node;
  readonly event: string;
  readonly wired: Wired;
}

interface Facts {
  readonly values: Values;
  readonly oracle: Oracle;
  readonly index: Index;
}

/** What one promise says of the places in its executor. */
interface Settling {
  /** Is the event taken for repaired? */
  isRepaired(wired: Wired, event: string): boolean;
  /** Does code beside a node settle? */
  settlesBeside(node: Node): boolean;
  /** Does a listener settle when one of these events comes, whichever function adds it? */
  hears(emitter: Node, events: readonly string[]): boolean;
}

/** The event that one who waits for these misses. */
export function missingEvent(
  group: readonly Wired[],
  { isRepaired, settlesBeside, hears }: Settling,
  facts: Facts,
): MissingEvent | null {
  const [first] = group;
  const { target } = first!;
  const has = (events: readonly string[]): Wired | undefined => group.find(({ event }) => events.includes(event));
  for (const { type, success, failure, level } of outcomesOf(first!, facts.oracle)) {
    const wired = has(success);
    if (!wired || (type === '*' && !isRead(target, facts))) continue;
    if (!has(failure) && (isLast(target, failure, facts) || hears(target, failure))) continue;
    if (!has(failure) && !isRepaired(wired, failure[0]!))
      return {
        why: 'eventMissing',
        sure: level !== 'strict' && !isRunning(wired),
        node: wired.at,
        target,
        event: failure[0]!,
        wired,
      };
    const quiet = DESTROYED_QUIETLY.includes(type) && !has(['close']) && isDestroyed(target, settlesBeside, facts);
    if (quiet && !isRepaired(wired, 'close'))
      return { why: 'eventMissing', sure: true, node: wired.at, target, event: 'close', wired };
  }
  const event = ownEnding(first!, facts);
  return event !== null && !has(ENDINGS) && !isRepaired(first!, event)
    ? { why: 'eventMissing', sure: false, node: first!.at, target, event, wired: first! }
    : null;
}

/** Events by which a class says that it has ended. */
const ENDINGS = [
  'close',
  'closed',
  'end',
  'ended',
  'error',
  'exit',
  'abort',
  'aborted',
  'cancel',
  'cancelled',
  'destroy',
  'disconnect',
  'disconnected',
  'stop',
  'stopped',
];

/** The event with which the class of an emitter ends, where it waits for its own: `this.emit('close')`. */
function ownEnding({ target, key: { root, path } }: Wired, { index, values }: Facts): string | null {
  if (root.kind !== 'this' || path.length > 0) return null;
  for (const {
    callee,
    arguments: [type],
  } of index.calls.of('emit')) {
    const method = bare(callee);
    const event = values.text(type);
    if (
      event !== null &&
      ENDINGS.includes(event) &&
      method.type === 'MemberExpression' &&
      values.same(method.object, target) === 'yes'
    )
      return event;
  }
  return null;
}

/**
 * `child.on('error', () => process.exit(1))`, or a stream of the program itself: with this event the program ends. What
 * is opened again then emits all that it emits once more.
 */
function isLast(target: Node, events: readonly string[], { index, values }: Facts): boolean {
  if (/^(?:node:)?process\.std(?:in|out|err)$/.test(values.origin(target) ?? '')) return true;
  return [...LISTENS].some((name) =>
    index.calls.of(name).some(({ callee, arguments: [event, listener] }) => {
      const method = bare(callee);
      const fn =
        listener && method.type === 'MemberExpression' && events.includes(values.text(event) ?? '')
          ? values.functionOf(listener)
          : null;
      return (
        fn !== null &&
        (mayQuit(fn, index, values) || throwsOn(fn) || opensAgain(fn, target, index, values)) &&
        method.type === 'MemberExpression' &&
        values.same(method.object, target) === 'yes'
      );
    }),
  );
}

/** Does a function, or one that it calls, connect a target once more? */
function opensAgain(fn: Fn, target: Node, index: Index, values: Values): boolean {
  return index.calls.of('connect').some((call) => {
    const method = bare(call.callee);
    if (method.type !== 'MemberExpression' || values.same(method.object, target) !== 'yes') return false;
    for (let around = enclosingFunction(call); around; around = enclosingFunction(around)) {
      const called = around;
      const name = functionName(called);
      if (
        called === fn ||
        index.calls.of(name).some((one) => isInside(one, fn) && values.functionOf(one.callee) === called)
      )
        return true;
    }
    return false;
  });
}

/** `(error) => { throw error; }`: nobody catches what a listener throws in the end. */
function throwsOn({ body }: Fn): boolean {
  return body.type === 'BlockStatement' && body.body.at(-1)?.type === 'ThrowStatement';
}

/**
 * Is it the exit of a process that something else has started, or that runs since before an `await`? Only one that
 * cannot be started has none.
 */
function isRunning({ event, at, key: { root, path } }: Wired): boolean {
  if (event !== 'exit') return false;
  if (root.kind !== 'variable' || path.length > 0) return root.kind === 'this' || root.kind === 'variable';
  return !root.variable.references.some(
    ({ writeExpr }) =>
      writeExpr && ['CallExpression', 'NewExpression'].includes(bare(writeExpr).type) && !waitsBetween(writeExpr, at),
  );
}

/** Does the function that makes something wait for anything before it comes to a place? */
function waitsBetween(made: Node, place: Node): boolean {
  const fn = enclosingFunction(made);
  return (
    fn !== null &&
    fn.async &&
    isInside(place, fn) &&
    some(
      fn.body,
      (node) => node.type === 'AwaitExpression' && node.range[0] > made.range[1] && node.range[1] <= place.range[0],
    )
  );
}

/** Does somebody listen to the data of what may be a stream, or write to it? */
function isRead(target: Node, { index, values }: Facts): boolean {
  return ['on', 'write', 'pipe', 'resume'].some((name) =>
    index.calls.of(name).some(({ callee, arguments: [first] }) => {
      const method = bare(callee);
      const isOne = name === 'pipe' ? first && values.same(first, target) === 'yes' : false;
      return (
        isOne ||
        (method.type === 'MemberExpression' &&
          (name !== 'on' || values.text(first) === 'data') &&
          values.same(method.object, target) === 'yes')
      );
    }),
  );
}

/** Does a call destroy it without an error, and nothing beside it settle? */
function isDestroyed(target: Node, settlesBeside: Settling['settlesBeside'], { index, values }: Facts): boolean {
  return index.calls.of('destroy').some(({ callee, arguments: args }) => {
    const method = bare(callee);
    return (
      method.type === 'MemberExpression' &&
      args.length === 0 &&
      values.same(method.object, target) === 'yes' &&
      !settlesBeside(callee)
    );
  });
}

/** What emits: the start of `a.on().on()`, and the name that it is kept under. */
export function emitterOf(expression: Node, values: Values): { readonly target: Node; readonly key: Value } {
  let target = bare(expression);
  for (let callee = methodCalled(target); callee; callee = methodCalled(target)) {
    const method = nameOf(callee) ?? '';
    if (method === 'pipe' && target.type === 'CallExpression' && target.arguments[0])
      target = bare(target.arguments[0]);
    else if (LISTENS.has(method) || method.startsWith('set') || method === 'resume') target = bare(callee.object);
    else break;
  }
  const top = chainTop(target);
  const fate = fateOf(top, values);
  const isKept = target.type !== 'Identifier' && target.type !== 'MemberExpression' && fate.kind === 'local';
  return {
    target,
    key: isKept ? { root: { kind: 'variable', variable: fate.variable }, path: [] } : values.of(target),
  };
}

function methodCalled(node: Node): TSESTree.MemberExpression | null {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' ? callee : null;
}

function chainTop(node: Node): Node {
  for (let top = node; ;) {
    const member = dressed(top).parent;
    const call = member?.type === 'MemberExpression' && member.object === dressed(top) ? dressed(member).parent : null;
    if (call?.type !== 'CallExpression' || bare(call.callee) !== member) return top;
    top = call;
  }
}

/** Those of one emitter together. */
export function byEmitter(all: readonly Wired[]): Wired[][] {
  const groups: Wired[][] = [];
  for (const wired of all) {
    const group = groups.find(([first]) => sameValue(first!.key, wired.key) === 'yes');
    if (group) group.push(wired);
    else groups.push([wired]);
  }
  return groups;
}

function outcomesOf({ target, at }: Wired, oracle: Oracle): readonly Outcome[] {
  const answers = OUTCOMES.map((outcome) => ({ outcome, answer: oracle.is(target, outcome.type) }));
  const known = answers.filter(({ answer }) => answer === 'yes').map(({ outcome }) => outcome);
  if (known.length > 0) return known;
  if (answers.every(({ answer }) => answer === 'no')) return [];
  return LIKELY_OUTCOMES.filter(({ type }) => type === '*' || at.type === 'AssignmentExpression');
}

import type { TSESTree } from '@typescript-eslint/utils';
import { LINKS } from '../../flow/chains.js';
import { selfCalls } from '../../flow/recursion.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, functionName, runOf } from '../../syntax/functions.js';
import { type Call, calleeName, type Fn, isFunction, type Loop, nameOf, type Node, walk } from '../../syntax/walk.js';
import type { SignalPosition } from '../../types/answer.js';
import { isChecked, isListened, loopInReach, reachOf, type WorkFacts } from './reach.js';
import type { Signal } from './signal.js';
import { givenTo, inOptions, slotOf } from './slots.js';

/** Work that a signal could end and that does not get it. */
export interface IgnoredWork {
  readonly call: Call;
  readonly position: SignalPosition;
  /** Another signal that it gets instead, which nothing links to this one. */
  readonly other: Node | null;
  readonly sure: boolean;
  /** Does it end by itself before long, as a pause does? */
  readonly isShort: boolean;
}

/** The calls in the reach of a signal that take one and do not get it. */
export function ignoredWork(signal: Signal, facts: WorkFacts): IgnoredWork[] {
  const found: IgnoredWork[] = [];
  walk(facts.sourceCode, signal.home, (node) => {
    if (isFunction(node) && node !== signal.home && facts.signals.takenBy(node)) return false;
    if (node.type === 'CallExpression') found.push(...workOf(node, signal, facts));
    return undefined;
  });
  return found;
}

function workOf(call: TSESTree.CallExpression, signal: Signal, facts: WorkFacts): IgnoredWork[] {
  const position = facts.oracle.signalPosition(call);
  if (!position || !isWork(call, facts)) return [];
  const given = givenTo(call, position, signal, facts);
  if (given === 'given') return [];
  const pauses = isPause(call, facts);
  const reach = reachOf(call, signal, facts, pauses);
  if (reach === 'no' || isCleanUp(call, signal, facts)) return [];
  if (pauses && isOver(call, facts)) return [];
  const isShort = pauses && isBrief(call, facts);
  // What a field keeps is for all who ask for it, and has an owner who may end it in another way.
  if (isShared(call, facts.values)) return [];
  const other = given === 'missing' || given === 'perhaps' ? null : given;
  const sure =
    signal.sure &&
    reach === 'yes' &&
    given !== 'perhaps' &&
    !isListened(signal) &&
    !isQuick(call, facts) &&
    !(pauses && !isLong(call, facts) && (loopInReach(call, signal) || goesRound(signal, facts))) &&
    !(other && signal.home.type !== 'ArrowFunctionExpression' && !isFunction(signal.home));
  return [{ call, position, other, sure, isShort }];
}

/** Is a promise, or what follows it, kept in a field, itself or by a name: `this.ready = ready`? */
function isShared(node: Node, values: WorkFacts['values']): boolean {
  const fate = fateOf(node, values);
  if (fate.kind === 'receiver' && fate.call && LINKS.has(nameOf(fate.member) ?? '')) return isShared(fate.call, values);
  return (
    fate.kind === 'field' ||
    (fate.kind === 'local' &&
      fate.variable.references.some(({ identifier, init }) => !init && fateOf(identifier, values).kind === 'field'))
  );
}

/** The calls in the own run of some code that take a signal, and get none. */
export function signalTakers(node: Fn | Loop, facts: WorkFacts): Pick<IgnoredWork, 'call' | 'position'>[] {
  const found: Pick<IgnoredWork, 'call' | 'position'>[] = [];
  walk(facts.sourceCode, node, (at) => {
    if (isFunction(at) && at !== node) return false;
    const position = at.type === 'CallExpression' ? facts.oracle.signalPosition(at) : null;
    if (position && at.type === 'CallExpression' && isWork(at, facts) && isFree(at, position, facts))
      found.push({ call: at, position });
    return undefined;
  });
  return found;
}

/** Where a call takes a signal that nobody gives it; null where it takes none or has one. */
export function freePosition(call: TSESTree.CallExpression, facts: WorkFacts): SignalPosition | null {
  const position = facts.oracle.signalPosition(call);
  return position && isFree(call, position, facts) ? position : null;
}

function isFree(call: TSESTree.CallExpression, position: SignalPosition, facts: WorkFacts): boolean {
  const { given } = slotOf(call, position, facts);
  return (
    given === null || (position.property !== null && inOptions(given, position.property, null, facts) === 'missing')
  );
}

/** Is there anything to end: a promise, a source of `for await`, a process that is not meant to live on? */
function isWork(call: TSESTree.CallExpression, { values, oracle }: WorkFacts): boolean {
  // What is over when it returns cannot be ended.
  if (isDetached(call, values) || calleeName(call).endsWith('Sync')) return false;
  const fate = fateOf(call, values);
  if (fate.kind === 'awaited') return true;
  if (fate.kind === 'iterated') return fate.loop.type === 'ForOfStatement' && fate.loop.await;
  return (
    oracle.isPromise(call) === 'yes' ||
    /^node:(?:child_process|https?)\.\w+(?<!Sync)$/.test(values.origin(call.callee) ?? '')
  );
}

function isDetached(call: TSESTree.CallExpression, values: WorkFacts['values']): boolean {
  return call.arguments.some((argument) => {
    const options = values.initialOf(argument);
    return (
      options?.type === 'ObjectExpression' &&
      options.properties.some((one) => one.type === 'Property' && nameOf(one) === 'detached')
    );
  });
}

/** What undoes work that was cut short has to run after the abort. */
const UNDOES = /^(?:cleanUp|cleanup|restore|revert|rollBack|rollback|undo)(?:$|[A-Z])/;
/** A function inside that ends the work, or undoes it, may be run by the abort. */
const ENDS = new RegExp(`${UNDOES.source}|^(?:kill|shutDown|shutdown|tearDown|teardown|terminate)(?:$|[A-Z])`);

/** Does a call run where its instance ends, or when its own controller has been aborted, and is not made again? */
function isCleanUp(call: Call, { home }: Signal, { index, values, owners }: WorkFacts): boolean {
  if (UNDOES.test(calleeName(call))) return true;
  for (let fn = enclosingFunction(call); fn && fn !== home; fn = enclosingFunction(fn))
    if (ENDS.test(functionName(fn) ?? '')) return true;
  if (isFunction(home)) return false;
  const run = runOf(call);
  if (run && owners.instance(home).teardown?.functions.includes(run)) return true;
  const before = (word: string): readonly Call[] =>
    index.calls
      .of(word)
      .filter(
        (one) => one.range[0] < call.range[0] && runOf(one) === run && values.of(one.callee).root.kind === 'this',
      );
  return (
    before('abort').some((one) => one.parent.type === 'ExpressionStatement') &&
    !index.calls.of('AbortController').some((one) => runOf(one) === run)
  );
}

export function isPause(call: Call, { values }: Pick<WorkFacts, 'values'>): boolean {
  return (
    /^node:timers(?:\/promises|\.promises)\./.test(values.origin(call.callee) ?? '') ||
    /^(?:sleep|delay|pause|timeout|wait(?:For(?:Timeout|Ms|Seconds)|Ms|Seconds)?$)/i.test(calleeName(call))
  );
}

/** Less than a second is soon over, even for somebody who waits for the abort. */
const BRIEF = 1000;

/** Whoever looks at the signal after that long looks too late. */
const LONG = 10_000;

/** Does a pause say that it is soon over? */
function isBrief(pause: Call, facts: WorkFacts): boolean {
  return pause.arguments.length === 0 || delayOf(pause, facts, BRIEF) < BRIEF;
}

function isLong(pause: Call, facts: WorkFacts): boolean {
  return delayOf(pause, facts, 0) >= LONG;
}

/** The delay of a pause; `otherwise` where it is none that the code says. */
function delayOf({ arguments: [delay] }: Call, { values }: WorkFacts, otherwise: number): number {
  return values.number(delay) ?? otherwise;
}

/** Does the function that has the signal call itself, so that it may look at the signal in each round? */
function goesRound({ home, mentions }: Signal, facts: WorkFacts): boolean {
  return isFunction(home) && mentions.some((mention) => isChecked(mention)) && selfCalls(home, facts).length > 0;
}

/** Is a pause over before anybody can tell: `sleep(0)`? */
function isOver(pause: Call, facts: WorkFacts): boolean {
  return delayOf(pause, facts, Infinity) < 5;
}

/** Reads and writes of files end by themselves before long. */
export function isQuick(call: Call, { values }: WorkFacts): boolean {
  return /^node:fs\b/.test(values.origin(call.callee) ?? '');
}

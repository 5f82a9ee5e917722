import { homeOf } from '../ownership/holders/handle.js';
import { signalsIn } from '../ownership/owners/lives.js';
import type { Start } from '../ownership/starts/starts.js';
import type { Why } from '../ownership/verdict/judging.js';
import { enclosingFunction, isInside, runOf, thisBody, within } from '../syntax/functions.js';
import { bare, isFunction, type Node, walk } from '../syntax/walk.js';
import { leavesAnother } from './beside.js';
import { returnCleanup } from './cleanup.js';
import { endAfterClick } from './clicks.js';
import { isForCalls } from './concern.js';
import { type Edit, quoteOf, semicolon, suggestion, type Suggestion, type View } from './edit.js';
import { endInReturned, endOnUnmount } from './elsewhere.js';
import { endWhenSettled } from './executors.js';
import { endInFinally } from './finally.js';
import { keepWithOthers } from './keepers.js';
import { askFirst } from './late.js';
import { cancelBody, endBeforeLeaving, isPartOfHandle } from './leaving.js';
import { endAll, endThere, isAmongOthers } from './maps.js';
import { fixNearMiss } from './near-miss.js';
import { endAt } from './reach.js';
import { passSignal as toCall, positionIn } from './signals.js';
import { callSuper } from './super.js';
import { insertAfterStatement, listAround, statementOf } from './statements.js';
import { clearFirst, endBeside, endInTeardown, isNeededLast, removeInstead } from './teardown.js';
import { declareUsing, usesUsing } from './using.js';
import { endInWinner } from './winners.js';

const EDITS = {
  askFirst,
  callSuper,
  passSignal,
  endOnSignal,
  clearFirst,
  endAfterClick,
  endAll,
  endThere,
  fixNearMiss,
  removeInstead,
  endBeside,
  endInTeardown,
  returnCleanup,
  endInFinally,
  endInReturned,
  endOnUnmount,
  endWhenSettled,
  keepWithOthers,
  cancelBody,
  endBeforeLeaving,
  declareUsing,
  endInWinner,
};

/** Edits that end in another run than the one that starts. */
const ELSEWHERE = new Set<keyof typeof EDITS>([
  'endOnSignal',
  'endInTeardown',
  'returnCleanup',
  'endInReturned',
  'endOnUnmount',
]);

/** The edits that fit each verdict, the best first. */
const FITTING: Readonly<Record<Why, readonly (keyof typeof EDITS)[]>> = {
  addedAgain: ['removeInstead'],
  cleanupLost: ['callSuper', 'passSignal', 'endOnSignal'],
  forgotten: ['endThere'],
  startedAgain: ['clearFirst'],
  startedLate: ['askFirst'],
  notOnEveryPath: ['endWhenSettled', 'returnCleanup', 'endInFinally', 'declareUsing', 'cancelBody'],
  missedEnd: ['fixNearMiss'],
  leftBehind: ['endBeside', 'endInTeardown', 'returnCleanup'],
  loserStays: ['endWhenSettled', 'endInWinner'],
  leftBefore: ['endBeforeLeaving'],
  handleDropped: [
    'endAfterClick',
    'endThere',
    'endAll',
    'keepWithOthers',
    'endOnSignal',
    'endInTeardown',
    'returnCleanup',
    'endInReturned',
    'endWhenSettled',
    'endInFinally',
    'declareUsing',
    'cancelBody',
  ],
  neverEnded: [
    'endAfterClick',
    'endThere',
    'endAll',
    'passSignal',
    'endOnSignal',
    'keepWithOthers',
    'endInTeardown',
    'returnCleanup',
    'endInReturned',
    'endOnUnmount',
    'endWhenSettled',
    'endInFinally',
    'declareUsing',
    'cancelBody',
  ],
  notInTeardown: ['endAll', 'keepWithOthers', 'endInTeardown', 'returnCleanup'],
};

/**
 * The edits that end a start where its verdict says that the end is missing; each has its message's id. Empty where no
 * good one exists.
 */
export function repairs(view: View, start: Start): Suggestion[] {
  const verdict = view.verdict(start);
  // A callback that settles a promise is not a place for a `finally`.
  if (verdict.kind === 'kept' || hidesErrors(start, view)) return [];
  // An end before the line that adds it once more would end nothing.
  if (verdict.why === 'leftBehind' && isAddedAgain(start, verdict.sibling, view)) return [];
  // What the name holds by then is something else.
  if (verdict.why === 'handleDropped' && view.handleOf(start).kind === 'kept') return [];
  const [way] = verdict.ways;
  const isElsewhere = way && runOf(way.node) !== homeOf(start, view.values) && enclosingFunction(way.node) !== null;
  const only = isElsewhere
    ? ['endWhenSettled']
    : FITTING[verdict.why].includes('endAll') && isAmongOthers(view, start)
      ? ['endThere', 'endAll']
      : isPartOfHandle(start)
        ? ['cancelBody', 'endBeforeLeaving']
        : null;
  const leaves = leavesAnother(start, view);
  const fitting = FITTING[verdict.why].filter(
    (name) => (only?.includes(name) ?? true) && !(leaves && ELSEWHERE.has(name)),
  );
  // What the end of an owner leaves out is ended where it leaves.
  if (isElsewhere && verdict.why === 'notOnEveryPath' && way.kind === 'return') fitting.push('endBeforeLeaving');
  // Two ways to say one thing are one suggestion.
  const all = fitting
    .flatMap((name) => suggestion(name, EDITS[name](view, start)) ?? [])
    .filter(({ edit }, at, found) => found.findIndex((one) => isSame(one.edit, edit)) === at);
  // Where more than one other event settles it, an end in one of them leaves the others.
  if (verdict.why === 'loserStays' && all[0]?.messageId === 'endWhenSettled') return all.slice(0, 1);
  const isOverThere = all.some(({ messageId }) => messageId === 'endInFinally') && isForCalls(start, view);
  const found = isOverThere
    ? all.filter(({ messageId }) => messageId !== 'endInTeardown' && messageId !== 'returnCleanup')
    : all;
  const using = found.find(({ messageId }) => messageId === 'declareUsing');
  return using && usesUsing(view.sourceCode) ? [using, ...found.filter((one) => one !== using)] : found;
}

/** Does the run that a sibling ends in add the same listener again? */
function isAddedAgain({ resource, names }: Start, sibling: Node | null, view: View): boolean {
  const listener = names.get('listener');
  const run = sibling && runOf(sibling);
  if (!listener || !run) return false;
  return within(view.starts(resource.kind), run).some((other) => {
    const again = other.names.get('listener');
    return again && runOf(other.node) === run && view.values.same(listener, again) === 'yes';
  });
}

function isSame(one: Edit, other: Edit): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ start, end, text }, at) => start === other[at]!.start && end === other[at]!.end && text === other[at]!.text,
    )
  );
}

/** `// @ts-expect-error`: what the compiler is told not to see here, it sees where the end is written. */
function hidesErrors({ node }: Start, { sourceCode }: View): boolean {
  const statement = statementOf(node);
  return (
    statement !== null &&
    sourceCode.getCommentsBefore(statement).some(({ value }) => /^\s*@ts-(?:expect-error|ignore)\b/.test(value))
  );
}

/** Gives the start the signal in reach that ends it. */
function passSignal(view: View, start: Start): Edit | null {
  const { endedBy } = start.resource;
  const signal = endedBy === undefined ? null : view.signals.reach(start.node);
  // What listens for the abort is not ended by it, nor by that of another signal that the same function was given.
  if (
    endedBy === undefined ||
    !signal?.sure ||
    isAwaitedHere(start, view) ||
    (isFunction(signal.home) && view.values.text(start.names.get('type')) === 'abort') ||
    isOn(start, signal.text, view)
  )
    return null;
  return toCall(view, start.node, signal, positionIn(start, view));
}

/** Is a listener that of a signal itself? */
function isOn({ names }: Start, signal: string, view: View): boolean {
  const target = names.get('target');
  return Boolean(target && signalsIn(target, view.values).some((one) => view.text(bare(one)) === signal));
}

/** Does a listener set what a loop of its own run waits for? Without it, that would never come. */
function isAwaitedHere({ node, names }: Start, { values, index, sourceCode }: View): boolean {
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  let isAwaited = false;
  for (const loop of fn ? index.loops : []) {
    if (runOf(loop) !== runOf(node) || !('test' in loop) || !loop.test) continue;
    walk(sourceCode, loop.test, (one) => {
      const variable = one.type === 'Identifier' ? values.variable(one) : null;
      isAwaited ||= Boolean(
        variable?.references.some((reference) => reference.isWrite() && isInside(reference.identifier, fn!)),
      );
    });
  }
  return isAwaited;
}

/** Ends the start when the signal in reach aborts. */
function endOnSignal(view: View, start: Start): Edit | null {
  const { sourceCode } = view;
  const signal = view.signals.reach(start.node);
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  if (
    !signal?.sure ||
    !list ||
    start.resource.endedBy !== undefined ||
    // Nobody knows what other options say.
    start.node.arguments.length > start.signature.arguments.length ||
    isOn(start, signal.text, view) ||
    isNeededLast(start, view)
  )
    return null;
  const reached = endAt(start, { node: list, body: thisBody(statement), isAsync: false, isLater: true }, view);
  if (!reached || reached.guard !== null) return null;
  const quote = quoteOf(sourceCode);
  const listening = `${signal.text}${signal.mayBeMissing ? '?' : ''}.addEventListener(${quote}abort${quote}, () => ${reached.call}, { once: true })${semicolon(sourceCode)}`;
  return [...reached.changes, insertAfterStatement(statement, listening, sourceCode)];
}

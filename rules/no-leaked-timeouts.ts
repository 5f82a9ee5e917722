import { suggestion } from '../src/edits/edit.js';
import { endWhenSettled } from '../src/edits/executors.js';
import { endInFinally } from '../src/edits/finally.js';
import { keepThere } from '../src/edits/kept-timers.js';
import { repairs } from '../src/edits/repairs.js';
import { clearFirst } from '../src/edits/teardown.js';
import { endsWhatEnds, tellsFailure } from '../src/ownership/ends/failures.js';
import type { Handle } from '../src/ownership/holders/handle.js';
import { isForCallers } from '../src/ownership/ends/overwriting.js';
import { isCalledTwice } from '../src/ownership/owners/once.js';
import type { Start } from '../src/ownership/starts/starts.js';
import { cutsShort, isLong, isOverSoon, runsOften } from '../src/ownership/verdict/one-shots.js';
import { defineRule, type File, type Suggestion } from '../src/rule.js';
import { enclosingFunction, runOf } from '../src/syntax/functions.js';
import { isFunction } from '../src/syntax/walk.js';

export default defineRule({
  name: 'no-leaked-timeouts',
  about: 'require a timeout to be cleared when its owner ends before it fires',
  level: 'recommended',
  kinds: ['timeout'],
  messages: {
    handleDropped:
      'Nothing keeps what `{{start}}` returned, so this timer fires after {{owner}} ended. Keep it and clear it in {{teardown}}.',
    neverEnded:
      'This timer fires after {{owner}} ended, because nothing clears `{{handle}}`. Call `{{end}}` in {{teardown}}.',
    notInTeardown: 'This timer fires after {{owner}} ended. Call `{{end}}` in {{teardown}}.',
    leftBefore:
      'This timer stays armed when line {{line}} {{leaves}}, before anything takes it over. Call `{{end}}` there.',
    notOnEveryPath: 'This timer stays armed when line {{line}} {{leaves}}. Call `{{end}}` in a `finally`.',
    forgotten:
      'Line {{line}} lets go of this timer and does not clear it, so it fires all the same. Clear it there first.',
    startedAgain:
      'When this runs again, `{{handle}}` forgets the timer that is still armed, and both fire. Call `{{end}}` first.',
    leftArmed:
      'This timer stays armed when the work that it watches is over, and fires for nobody. Clear it in a `finally`.',
    endThere: 'Clear the timer before it is forgotten',
    endAll: 'Clear all of them in {{teardown}}',
    clearFirst: 'Clear the timer that may still be armed',
    keepThere: 'Keep the timer where the one before is cleared',
    endWhenSettled: 'Clear the timer when the outcome is known',
    endBeforeLeaving: 'Clear the timer before line {{line}} {{leaves}}',
    endInFinally: 'Clear the timer in a `finally`',
    endInTeardown: 'Clear the timer in {{teardown}}',
    endOnSignal: 'Clear the timer when the signal aborts',
    returnCleanup: 'Clear the timer in {{teardown}}',
    endInReturned: 'Clear the timer in the function that is returned',
    endOnUnmount: 'Clear the timer when the component unmounts',
  },

  *check(file, { checkUnknown }) {
    for (const start of file.starts('timeout')) {
      const reason = reasonFor(start, file);
      if (!reason || !(reason.isCertain || checkUnknown)) continue;
      yield {
        node: start.node,
        messageId: reason.why,
        data: file.words(start),
        suggest: repairsFor(reason, start, file),
      };
    }
  },
});

function repairsFor({ why }: Reason, start: Start, file: File): (Suggestion | null)[] {
  if (why === 'startedAgain') return [suggestion('clearFirst', clearFirst(file, start))];
  const kept = why === 'handleDropped' ? suggestion('keepThere', keepThere(file, start)) : null;
  if (kept) return [kept];
  return why === 'leftArmed'
    ? [suggestion('endWhenSettled', endWhenSettled(file, start)), suggestion('endInFinally', endInFinally(file, start))]
    : repairs(file, start);
}

/** Is what it does, when its owner has ended, no more than to find that out? It keeps the owner until then. */
function findsOut(start: Start, file: File): boolean {
  return (
    file.asksFirst(start) ||
    (file.rearms(start) === 'guarded' && (file.isFlagged(start) || file.ownerOf(start).kind !== 'instance'))
  );
}

/** Is it kept in a variable that the methods of an object share, one of which ends the object? */
function isShared({ variables }: Extract<Handle, { kind: 'kept' }>, { node }: Start, file: File): boolean {
  const { kind, node: made, teardown } = file.owners.of(node);
  const maker = made.type === 'ObjectExpression' ? enclosingFunction(made) : isFunction(made) ? made : null;
  return (
    kind === 'instance' &&
    maker !== null &&
    Boolean(teardown?.functions.length) &&
    variables.some(({ defs: [definition] }) => definition && enclosingFunction(definition.node) === maker)
  );
}

interface Reason {
  readonly why: string;
  readonly isCertain: boolean;
}

/** Why a one-shot that nobody clears is more than a deferral; null where it is none. */
function reasonFor(start: Start, file: File): Reason | null {
  const verdict = file.verdict(start);
  const purpose = file.purposeOf(start);
  // What always starts itself again is an interval.
  if (verdict.kind === 'kept' || purpose === 'sleep' || purpose === 'teardown' || file.rearms(start) === 'always')
    return null;
  const { why } = verdict;
  if (why === 'handleDropped' && file.clearsUnset(start)) return { why, isCertain: true };
  const handle = file.handleOf(start);
  const isLasting = handle.kind === 'kept' && (handle.refs.length > 0 || isShared(handle, start, file));
  const mayBeLate = findsOut(start, file);
  // A flag keeps what an effect has started from doing anything, and not from being kept until then.
  if (
    mayBeLate &&
    file.ownerOf(start).kind !== 'effect' &&
    !((why === 'notInTeardown' || isLasting) && purpose !== 'deferral')
  )
    return null;
  const isLeak = verdict.kind === 'leak' && !mayBeLate;
  // What nothing ends, its timers do not outlive.
  if (why === 'notInTeardown' && file.ownerOf(start).kind === 'instance' && !file.ownerOf(start).teardown) return null;
  if (why === 'notInTeardown' || (isLasting && why === 'neverEnded')) {
    return purpose === 'deferral' && isOverSoon(start, file.values)
      ? null
      : {
          why,
          isCertain:
            isLeak &&
            purpose !== 'deferral' &&
            (file.ownerOf(start).kind !== 'effect' || isLasting || isLong(start, file.values)),
        };
  }
  if (purpose === 'deferral') return null;
  if (why === 'forgotten' || why === 'leftBefore' || why === 'notOnEveryPath') return { why, isCertain: isLeak };
  if (
    why === 'startedAgain' &&
    (isLeak || (purpose === 'debounce' && handle.kind === 'kept' && handle.fields.length === 0))
  )
    return { why, isCertain: isLeak || runsOften(start) };
  if (why === 'startedAgain') {
    const run = runOf(start.node);
    const isAgain = run && (isForCallers(run) || isCalledTwice(run, file.index, file.values));
    return runsOften(start) || file.clearsAnother(start) || isAgain ? { why, isCertain: false } : null;
  }
  const isLimit =
    purpose === 'watchdog' && (cutsShort(start, file) || tellsFailure(start, file) || endsWhatEnds(start, file));
  if (file.isForgotten(start)) return { why, isCertain: isLeak || isLimit };
  if (verdict.ends.length > 0 && why === 'neverEnded') return { why, isCertain: isLeak };
  const { kind, name, teardown, node: owned } = file.ownerOf(start);
  // What an effect itself sets, it sets once.
  const isOfEffect = kind === 'effect' && runOf(start.node) === owned;
  if (purpose === 'debounce' && !isOfEffect) return { why: 'startedAgain', isCertain: runsOften(start) };
  if (purpose === 'watchdog') return { why: 'leftArmed', isCertain: isLimit };
  // A late answer is part of its request, as long as nothing is said to end with that.
  if (name === 'this request' && teardown?.functions.length === 0) return null;
  // A timer that watches a connection is often there to end it.
  const isOfComponent = file.isOfComponent(start);
  if (kind === 'effect' || (isOfComponent && file.isOfShown(start)))
    return {
      why,
      isCertain: isLeak && purpose !== 'response' && name !== 'this connection' && name !== 'this request',
    };
  // What goes on as long as somebody asks for it ends with what has an end, whether that is written already or not.
  const ends = teardown && (teardown.functions.length > 0 || isOfComponent || file.rearms(start) === 'guarded');
  return kind === 'instance' && ends && isLong(start, file.values)
    ? { why, isCertain: isLeak && (file.beginsAgain(start) || file.worksOnOwner(start)) }
    : null;
}

import { memoize, push } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, isMaker, runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, type Fn, nameOf, type Node } from '../../syntax/walk.js';
import { isForgotten } from '../ends/controllers.js';
import { isReadElsewhere, readsUnknownSource } from '../ends/drains.js';
import { endWithListeners } from '../ends/endings.js';
import { isBeforeOnly, onlyEndBefore } from '../ends/room.js';
import { reachedFrom } from '../ends/reached.js';
import { type End, endsOf, handOvers } from '../ends/ends.js';
import { failedWithout } from '../ends/failures.js';
import { isGivenSignal, mayWaitForEver } from '../ends/given-signals.js';
import { followsState } from '../ends/listeners.js';
import { showItMatters, waysBefore } from '../ends/left-before.js';
import { isLostInRound, isOverwritten, isReplaced } from '../ends/overwriting.js';
import { settledOnOtherBranch } from '../ends/other-branch.js';
import { settledWithout } from '../ends/settling.js';
import { unsetAt } from '../ends/unset.js';
import { workOf } from '../ends/work.js';
import { isCaptured } from '../holders/capture.js';
import { isBuried } from '../holders/collections.js';
import { callsTo, forgottenAt, putAgain } from '../holders/forgotten.js';
import { isShared, sharedAt } from '../holders/gate.js';
import { type Handle, handleNode, handleOf } from '../holders/handle.js';
import { isPutAmong, leftAmongOthers } from '../holders/kept-among.js';
import { leftAmongLines } from '../holders/lines.js';
import { isState } from '../holders/state.js';
import { isAfterAwait } from '../owners/cleanups.js';
import { observesItself, watchesOwn } from '../owners/elements.js';
import { lifeOfTarget, tellsOwner } from '../owners/lives.js';
import { overriddenEnd } from '../owners/overridden.js';
import type { Owner } from '../owners/owner.js';
import { isActive, isEndedInChain, isEndedThrough } from '../starts/activity.js';
import type { Start } from '../starts/starts.js';
import {
  isFactory,
  isOfFactory,
  judgeController,
  judgeField,
  judgeLocal,
  judgeRef,
  leavesBeforeCleanup,
} from './by-holder.js';
import { isFlaggedInFinally, judgePaths, sameRun } from './by-paths.js';
import { isAnsweredAgain, judgeByTarget } from './by-target.js';
import { judgeLate } from './late.js';
import { type Found, isCertain, isEndedByOption, type Judge, KEPT, type Verdict } from './judging.js';

/** Kinds of which an instance may keep many in one field. */
const AMONG_OTHERS = new Set(['controller', 'interval', 'resource', 'timeout']);

const TIMERS = new Set(['interval', 'timeout']);

/** Kinds whose owner may forget them in a cleanup that never runs. */
const CLEANED_UP = new Set(['interval', 'listener', 'resource']);

/** Decides by the table of docs/ownership.md. */
export function judge(start: Start, owner: Owner, file: Judge): Verdict {
  const verdict = decide(start, owner, file);
  const overridden = verdict.kind === 'kept' ? overriddenIn(start, owner, file) : null;
  if (overridden) return overridden;
  if (verdict.kind === 'kept' && CLEANED_UP.has(start.resource.kind))
    return judgeLate(start, handleOf(start, file.values), owner, file);
  if (verdict.kind === 'kept' || verdict.ends.length > 0 || !CLEANED_UP.has(start.resource.kind)) return verdict;
  const lost =
    endsOf(start, verdict.handle, file.index, file).flatMap(({ node }) => file.owners.lostCleanup(node) ?? [])[0] ??
    null;
  return lost
    ? { ...verdict, kind: start.resource.level === 'strict' ? 'unknown' : 'leak', why: 'cleanupLost', lost }
    : verdict;
}

/** What its instance ends, as long as no subclass takes that end away. */
function overriddenIn(start: Start, owner: Owner, file: Judge): Verdict | null {
  if (!CLEANED_UP.has(start.resource.kind) || owner.kind !== 'instance') return null;
  const handle = handleOf(start, file.values);
  const ends = (): Node[] =>
    endsOf(start, handle, file.index, file).flatMap(({ node, differs }) => (differs === null ? [node] : []));
  const lost = overriddenEnd(owner, (fn) => ends().some((end) => isInside(end, fn) || goesOver(fn, end, file)), file);
  const run = runOf(start.node);
  const isCertain =
    start.resource.level !== 'strict' && (isMadeWith(start.node) || (run !== null && callsTo(run, file).length > 0));
  return (
    lost && {
      kind: isCertain ? 'leak' : 'unknown',
      why: 'cleanupLost',
      handle,
      ends: [],
      nearMiss: null,
      ways: [],
      sibling: null,
      lost,
    }
  );
}

/** `this.undo.push(() => bus.off('sale', count))`: does a function name the field that keeps what holds an end? */
function goesOver(fn: Fn, end: Node, { index, values }: Judge): boolean {
  const keeps = enclosingFunction(end);
  const fate = keeps && fateOf(keeps, values);
  const callee = fate?.kind === 'passed' ? bare(fate.call.callee) : null;
  const list = callee?.type === 'MemberExpression' ? bare(callee.object) : null;
  return (
    list?.type === 'MemberExpression' &&
    index.members.of(nameOf(list)).some((member) => isInside(member, fn) && values.of(member).root.kind === 'this')
  );
}

/** Row by row from the top. */
function decide(start: Start, owner: Owner, file: Judge): Verdict {
  const { resource } = start;
  if (resource.kind !== 'lock' && owner.kind === 'process')
    return owner.orElse && isEndedInSameRun(start, file) ? decide(start, owner.orElse, file) : KEPT;
  // Whatever runs in a component's set-up, or in a scope of its own, a scope collects; of an instance nobody knows
  // where it is made.
  const mayBeCollected = Boolean(resource.ofSetup) && !isAfterAwait(start.node, file.sourceCode);
  if (mayBeCollected && (owner.kind !== 'instance' || !owner.teardown || isRunInScope(start.node))) return KEPT;
  if (
    (isEndedByOption(start, file) && !mayWaitForEver(start, owner, file)) ||
    isEndedThrough(start, file) ||
    watchesOwn(start, file) ||
    tellsOwner(start, owner, file) ||
    isEndedInChain(start, file)
  )
    return KEPT;
  // Whoever listens to what is as old as itself needs no end; of several one-shots, one may stay.
  if (
    resource.kind === 'listener' &&
    resource.endsItself !== 'always' &&
    !isGivenSignal(start, file) &&
    lifeOfTarget(start, owner, file) === 'same' &&
    !isAnsweredAgain(start, file)
  )
    return KEPT;
  const held = handleOf(start, file.values);
  const left = resource.kind === 'resource' ? leftAmongLines(start, held, file) : null;
  // What a collection keeps that nothing ever reads, nobody has, and neither what only its lines are read of.
  const handle: Handle =
    held.kind === 'gone' && (left || isBuried(held.fate, file.values, file.index)) ? { kind: 'dropped' } : held;
  if (handle.kind === 'gone') return amongOthers(start, handle, owner, file);
  if (!isActive(start, handle, file.index, file)) return KEPT;
  const ends = endsOf(start, handle, file.index, file).filter(({ node }) => !file.owners.lostCleanup(node));
  const real = ends.filter(({ differs }) => differs === null);
  const misses = ends.filter(({ differs }) => differs !== null);
  const nearMiss = misses.find(({ node }) => node.range[0] > start.node.range[0]) ?? misses[0] ?? null;
  const found: Found = (kind, why, { ways = [], sibling = null } = {}) => ({
    kind:
      resource.level === 'strict' ||
      owner.level === 'strict' ||
      mayBeCollected ||
      isBesideBeginning(start, owner, file) ||
      (resource.kind === 'listener' && followsState(start, real, file)) ||
      observesItself(start, handle, file.index, file.values) ||
      readsUnknownSource(start, file.values)
        ? 'unknown'
        : kind,
    why,
    handle,
    ends: real,
    nearMiss,
    ways,
    sibling,
    lost: null,
  });

  if (left && real.length === 0) return found('leak', 'notOnEveryPath', { ways: [{ kind: 'return', node: left }] });
  if (handle.kind !== 'none' && start.sure === 'maybe' && resource.where) return KEPT;
  if (resource.kind === 'lock' && handle.kind !== 'kept')
    return resource.isGate ? KEPT : judgeLocal(start, handle, owner, real, found, file);
  if (handle.kind === 'none') return judgeByTarget(start, owner, real, nearMiss, found, file);
  // Each call that leaves an iterator behind leaves one more, on what is as old as the instance, too.
  const run = resource.kind === 'iterator' ? runOf(start.node) : null;
  if (resource.livesIn !== undefined && lifeOfTarget(start, run ? { ...owner, node: run } : owner, file) === 'same')
    return KEPT;
  if (
    resource.kind === 'controller' &&
    isForgotten(handle, owner, file) &&
    (owner.teardown || workOf(start, handle, owner, file).unawaited.length > 0)
  )
    return found('leak', 'neverEnded');
  const isLost = (call: Node): boolean => file.owners.lostCleanup(call) !== null;
  // What is handed on once it has ended has no duty with it; what keeps it among others ends it again.
  const given =
    handle.kind === 'dropped'
      ? []
      : handOvers(start, handle, real, file.index, file, isLost).filter(
          (node) => !isEndedBeside(node, real, 'before') || isPutAmong(node, file.values),
        );
  // Whoever releases a lock after others have used it has kept the duty.
  const isFlagged = real.some(({ node }) => isFlaggedInFinally(node, file.values));
  const isKeptOn = resource.kind === 'lock' && !isFlagged && given.every((node) => isEndedBeside(node, real, 'after'));
  if (given.length > 0 && !isKeptOn) {
    const ways = waysBefore(start, handle, real, given, file);
    return ways.length > 0 && !isFlagged
      ? found(
          resource.kind === 'lock' ||
            (resource.isSmall && showItMatters([...real.map(({ node }) => node), ...given], handle, file))
            ? 'leak'
            : 'unknown',
          'leftBefore',
          { ways },
        )
      : amongOthers(start, handle, owner, file);
  }
  if (resource.kind === 'controller' && (handle.kind === 'dropped' || handle.fields.length === 0))
    return judgeController(start, handle, owner, real, found, file);
  if (handle.kind === 'dropped') {
    if (owner.kind === 'test') return KEPT;
    if (real.length > 0) return judgeLocal(start, handle, owner, real, found, file);
    // What a method returns may be what it was called on.
    const mayBeKept = isUsedFurther(handleNode(start, file.values), file.values);
    return found(
      isCertain(start, owner, file) && !resource.isSmall && !mayBeKept ? 'leak' : 'unknown',
      'handleDropped',
    );
  }
  if (isReplaced(start, handle, file))
    return found(isCertain(start, owner, file) ? 'leak' : 'unknown', 'handleDropped');
  if (resource.isGate && owner.kind === 'test') return KEPT;
  if (resource.isGate) {
    if (real.length === 0 || !sameRun(start, real, file.values) || !isShared(start, file)) return KEPT;
    const shared = sharedAt(start, file.values);
    return shared.length > 0
      ? judgePaths(start, handle, real, found, file, shared)
      : judgePaths(start, handle, real, found, file);
  }
  const failed = real.length > 0 && TIMERS.has(resource.kind) ? failedWithout(start, real, file) : null;
  if (failed) return found('leak', 'notOnEveryPath', { ways: [{ kind: 'return', node: failed }] });
  const unset = TIMERS.has(resource.kind) ? unsetAt(start, handle, real, file) : null;
  if (unset) return found('leak', 'forgotten', { sibling: unset });
  if (onlyEndBefore(real, start, owner)) return found('leak', 'neverEnded');
  if (handle.fields.length === 0 && real.length > 0 && isLostInRound(start, handle, file))
    return found('leak', 'startedAgain');
  if (handle.refs.length > 0) return judgeRef(start, handle, real, found, file);
  // A component is unmounted sooner or later, whatever its code says.
  if (real.length === 0 && handle.variables.some(isState)) return found('leak', 'neverEnded');
  if (handle.fields.length > 0) return judgeField(start, handle, owner, real, found, file);
  if (
    isOfFactory(handle, start, owner) &&
    real.length > 0 &&
    (real.every(({ node }) => isBeforeOnly(node, start, owner, file)) ||
      endWithListeners(
        real.map(({ node }) => node),
        owner.teardown!,
        file,
      ))
  )
    return found('leak', 'notInTeardown');
  const settled =
    real.length > 0 && !sameRun(start, real, file.values) && !isEndedBeside(start.node, real, 'after')
      ? settledWithout(start, handle, real, file)
      : null;
  if (settled) return found('leak', 'notOnEveryPath', { ways: [{ kind: 'return', node: settled }] });
  const other = settledOnOtherBranch(start, handle, real, file);
  // What could not be begun has nothing to end, and a test that fails ends with its process.
  if (other)
    return found(resource.kind === 'resource' || owner.kind === 'test' ? 'unknown' : 'leak', 'notOnEveryPath', {
      ways: [{ kind: 'return', node: other }],
    });
  const early =
    owner.kind === 'instance' && real.length > 0 ? leavesBeforeCleanup(start, handle, real, owner, file) : null;
  if (early) return found('leak', 'leftBefore', { ways: [early] });
  if (owner.kind !== 'effect' && real.length > 0 && isOverwritten(start, handle, real, file))
    return found('unknown', 'startedAgain');
  if (isReadElsewhere(start, handle, file.index, file.values)) return KEPT;
  const isLoose =
    owner.kind !== 'effect' && !isFactory(owner, real) && isCaptured(start, handle, file.index, file.values);
  if (isLoose) return isOverwritten(start, handle, real, file) ? found('unknown', 'startedAgain') : KEPT;
  return judgeLocal(start, handle, owner, real, found, file);
}

/** Does the call that starts it end it on some way? Then it is not meant to go on for as long as the program. */
function isEndedInSameRun(start: Start, file: Judge): boolean {
  const ends = endsOf(start, handleOf(start, file.values), file.index, file);
  return ends.some(({ node }) => runOf(node) === runOf(start.node) && node.range[0] > start.node.range[1]);
}

/** What is put among others is left to run where its instance ends and goes over none of them. */
function amongOthers(start: Start, handle: Handle, owner: Owner, file: Judge): Verdict {
  const { resource, sure } = start;
  if (!AMONG_OTHERS.has(resource.kind) || sure !== 'yes' || resource.activatedBy !== undefined) return KEPT;
  const found = { handle, ends: [], nearMiss: null, ways: [], sibling: null, lost: null } as const;
  const left = owner.kind === 'instance' && resource.kind !== 'controller' ? leftAmongOthers(handle, file) : null;
  if (left) return { ...found, kind: left === 'emptied' ? 'leak' : 'unknown', why: 'notInTeardown' };
  if (resource.kind === 'controller' && workOf(start, handle, owner, file).unawaited.length === 0) return KEPT;
  const forgotten = forgottenAt(start, handle, file);
  if (forgotten)
    return {
      ...found,
      kind: forgotten.sure && resource.level !== 'strict' ? 'leak' : 'unknown',
      why: 'forgotten',
      sibling: forgotten.node,
    };
  const again = resource.kind === 'resource' ? null : putAgain(start, handle, file);
  return again ? { ...found, kind: 'unknown', why: 'startedAgain', sibling: again } : KEPT;
}

/** `await work(client); client.release();`: does another statement of the same block, or of one around it, end it? */
function isEndedBeside(node: Node, ends: readonly End[], side: 'after' | 'before'): boolean {
  const fn = enclosingFunction(node);
  return (byRun(ends).get(runOf(node)) ?? []).some((end) => {
    for (let at = end; at.parent; at = at.parent) {
      const { parent }: Node = at;
      const isAlways =
        at.type === 'ExpressionStatement' ||
        (at.type === 'TryStatement' && at.finalizer !== null && isInside(end, at.finalizer));
      if (
        isAlways &&
        parent.type === 'BlockStatement' &&
        isInside(node, parent) &&
        enclosingFunction(parent) === fn &&
        (side === 'after' ? at.range[0] >= node.range[1] : at.range[1] <= node.range[0])
      )
        return true;
    }
    return false;
  });
}

/** Ends by the run that they are part of: many starts may share a name, and then their ends, too. */
const byRun = memoize((ends: readonly End[]): ReadonlyMap<Fn | null, readonly Node[]> => {
  const lists = new Map<Fn | null, Node[]>();
  for (const { node } of ends) push(lists, runOf(node), node);
  return lists;
});

/**
 * Does what ends an owner only undo what began it, and is this begun elsewhere: where an instance is made, or in an
 * object of which there is but one?
 */
function isBesideBeginning({ node }: Start, { begins, node: body }: Owner, file: Judge): boolean {
  if (!begins || isMadeWith(node)) return begins !== undefined;
  const run = body.type === 'ObjectExpression' && !enclosingFunction(body) ? runOf(node) : null;
  return run !== null && !reachedFrom(begins, file).has(run);
}

/** Does an instance start it as it is made: in its constructor, or where a field is declared? */
function isMadeWith(node: Node): boolean {
  const run = runOf(node);
  return !run || isMaker(run);
}

/** `scope.run(() => { watch(…) })` */
function isRunInScope(node: Node): boolean {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) {
    const taken = argumentOf(fn);
    if (taken && calleeName(taken.call) === 'run') return true;
  }
  return false;
}

/** `map = leaflet.map(element).setView(place)` */
function isUsedFurther(node: Node, values: Values): boolean {
  const fate = fateOf(node, values);
  return fate.kind === 'receiver' && fate.call !== null && fateOf(fate.call, values).kind !== 'dropped';
}

import { LAST_EVENTS, LAST_RESORTS } from '../../catalog/events.js';
import { COMES_ONCE } from '../../catalog/owners.js';
import { mayQuit } from '../../flow/quits.js';
import { isInside, isMaker, returnedBy, runOf } from '../../syntax/functions.js';
import { leaves } from '../../syntax/leaving.js';
import { bare, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import { isCalledHereOnly, isTeardown } from '../ends/endings.js';
import { onlyEndBefore, onlyMakeRoom } from '../ends/room.js';
import type { End } from '../ends/ends.js';
import { isEndOfRun, isGivenSignal, isLink, isOutlivedSignal } from '../ends/given-signals.js';
import {
  isAskedFirst,
  isFiredHere,
  isMeantFor,
  isOfAnswer,
  mayOutlastItsRun,
  waitsForOthers,
} from '../ends/listeners.js';
import { isCollected, isForwarded, isRegistration } from '../ends/needed.js';
import { settledOnOtherBranch } from '../ends/other-branch.js';
import { endsWith, isEmitter, isGiven, isHandedIn, isLetGo, isOfModule } from '../ends/passed-in.js';
import { settledWithout } from '../ends/settling.js';
import { addedAgain, otherHalf, siblingEnd, winnerOver } from '../ends/siblings.js';
import { NO_HANDLE } from '../holders/handle.js';
import { isOfElement } from '../owners/elements.js';
import { isProcessTarget, lifeOfTarget } from '../owners/lives.js';
import type { Owner } from '../owners/owner.js';
import { servesCall } from '../owners/serving.js';
import type { Start } from '../starts/starts.js';
import { leavesBeforeCleanup } from './by-holder.js';
import { judgePaths, sameRun } from './by-paths.js';
import { type Found, isEndedByOption, type Judge, KEPT, type Verdict } from './judging.js';

export function judgeByTarget(
  start: Start,
  owner: Owner,
  ends: readonly End[],
  nearMiss: End | null,
  found: Found,
  file: Judge,
): Verdict {
  if (owner.kind === 'test' || !isRegistration(start, file.values)) return KEPT;
  if (isForwarded(start, file.values) || isCollected(start)) return KEPT;
  const life = isGivenSignal(start, file) ? 'longer' : lifeOfTarget(start, owner, file);
  if (life === 'same') return ends.length === 0 ? judgeOwn(start, found, file) : KEPT;
  if (life === 'longer' && owner.kind === 'run' && isOfProcess(start, file) && endsProgram(start, file)) return KEPT;
  if (isCounted(start, file) || isEndOfRun(start, file)) return KEPT;
  // A target that tells of its end is about to forget its listeners.
  const isOfEnd = life !== 'longer' && LAST_EVENTS.has(file.values.text(start.names.get('type')) ?? '');
  const isReplacedOnly =
    start.resource.kind === 'listener' && (onlyMakeRoom(ends, start, owner, file) || onlyEndBefore(ends, start, owner));
  if (ends.length > 0 && !isReplacedOnly) {
    const settled =
      isOfEnd || sameRun(start, ends, file.values)
        ? null
        : (settledWithout(start, NO_HANDLE, ends, file) ?? settledOnOtherBranch(start, NO_HANDLE, ends, file));
    if (settled && (life === 'longer' || (isHadBefore(start, file) && isTimedOut(settled, file))))
      return found(life === 'longer' ? 'leak' : 'unknown', 'notOnEveryPath', {
        ways: [{ kind: 'return', node: settled }],
      });
    const early = life === 'longer' ? leavesBeforeCleanup(start, NO_HANDLE, ends, owner, file) : null;
    if (early) return found('leak', owner.kind === 'effect' ? 'notOnEveryPath' : 'leftBefore', { ways: [early] });
    if (sameRun(start, ends, file.values))
      return judgePaths(start, NO_HANDLE, ends, isOfEnd ? (_, ...rest) => found('unknown', ...rest) : found, file);
    return life === 'longer' && mayOutlastItsRun(start, ends, file)
      ? found(waitsForOthers(start, file) ? 'leak' : 'unknown', 'neverEnded')
      : KEPT;
  }
  const isOneShot = start.resource.endsItself === 'always' || comesOnce(start, file);
  // Who takes it off what was there before knows that what is there now lives on; off the same target, it only keeps it
  // from coming twice.
  if (
    ends.length > 0 &&
    !isOneShot &&
    isHandedIn(start, file) &&
    isCalledHereOnly(start, file) &&
    ends.every((end) => end.sure === 'maybe' && end.node.arguments.length > 1 && !isOfSameTarget(end, start, file))
  )
    return found('leak', 'neverEnded');
  const starts = file.starts(start.resource.kind);
  const beside = isOneShot ? null : addedAgain(start, starts, file.index, file);
  if (beside) return found('leak', 'addedAgain', { sibling: beside });
  const mayLose = isOneShot || file.values.text(start.names.get('type')) === 'error';
  const winner = mayLose ? winnerOver(start, starts, file.index, file) : null;
  if (winner && lifeOfTarget(start, { ...owner, node: file.sourceCode.ast }, file) === 'same') return KEPT;
  if (winner)
    return found((winner.sure || isHandedIn(start, file)) && !isOfEnd ? 'leak' : 'unknown', 'loserStays', {
      sibling: winner.node,
    });
  // Who took it off in another way meant to.
  const isMissed = nearMiss !== null && isMeantFor(nearMiss, start, file);
  const sibling = isOneShot || isMissed ? null : siblingEnd(start, starts, file.index, file);
  const half = isOneShot || isOfEnd ? null : otherHalf(start, starts, file.index, file);
  if (sibling && (start.sure === 'yes' || isEmitter(start, file)))
    return found(
      !isOfAction(start, owner, file) &&
        ((isTeardown(sibling, owner) &&
          !isOfElement(start.names.get('target') ?? start.node, file.index, file.values)) ||
          (half?.isPair && !isOwnPart(start, file)))
        ? 'leak'
        : 'unknown',
      'leftBehind',
      { sibling },
    );
  if (
    half &&
    life === 'longer' &&
    !isMissed &&
    (start.sure === 'yes' || isEmitter(start, file)) &&
    !isEndedByOption(start, file)
  )
    return found('leak', 'leftBehind', { sibling: half.node });
  if (isLink(start, file)) return found('leak', 'neverEnded');
  // A signal aborts once, whether its listener says so or not.
  if (isOutlivedSignal(start, owner, file)) return found('leak', 'neverEnded');
  if (isEndedByOption(start, file))
    return found(
      isGivenSignal(start, file) && owner.kind === 'instance' && owner.teardown?.functions.length ? 'leak' : 'unknown',
      'neverEnded',
    );
  if (isMissed) return found(nearMiss.differs === 'type' && start.sure !== 'yes' ? 'unknown' : 'leak', 'missedEnd');
  if (start.sure === 'maybe' && !(life === 'longer' ? isEmitter(start, file) : isGiven(start, owner, file)))
    return KEPT;
  const hasEnd = owner.teardown !== null;
  if (isOneShot)
    return life === 'longer' && !isFiredHere(start, file) && !isAskedFirst(start, file)
      ? found('unknown', 'neverEnded')
      : KEPT;
  const isSure =
    (start.sure === 'yes' ||
      isProcessTarget(start.names.get('target') ?? start.node, file) ||
      isOfModule(start, owner, file)) &&
    !LAST_RESORTS.has(file.values.text(start.names.get('type')) ?? '') &&
    !endsProgram(start, file);
  // What ends with the program may listen as long as that.
  if (life === 'longer' && owner.teardown?.functions.some((fn) => mayQuit(fn, file.index, file.values)))
    return found('unknown', 'neverEnded');
  if (life === 'longer')
    return found(
      (isSure && (hasEnd || isOfAnswer(start, file))) || servesCall(start, file) ? 'leak' : 'unknown',
      'neverEnded',
    );
  if (hasEnd && owner.kind === 'instance' && isLetGo(start, owner, file)) return found('leak', 'neverEnded');
  if (isAnsweredAgain(start, file)) return found('unknown', 'neverEnded');
  const target = start.names.get('target');
  if (target && owner.teardown && endsWith(target, owner.teardown, file)) return KEPT;
  // Whoever loops over a generator may leave it, and only a `finally` hears of that.
  const isLeft = runOf(start.node)?.generator;
  return ((hasEnd && owner.kind !== 'run') || isLeft) && !isOfEnd && !isOfOwnStream(start, file)
    ? found('unknown', 'neverEnded')
    : KEPT;
}

/** `if (bus.listenerCount('sale') === 0) bus.on('sale', count)` */
function isCounted({ node, names }: Start, { values, index }: Judge): boolean {
  const target = names.get('bus') ?? names.get('target');
  const asked = ['listenerCount', 'listeners'].flatMap((name) => index.calls.of(name));
  return asked.some(({ callee, parent }) => {
    const method = bare(callee);
    let choice: Node | undefined = parent;
    while (choice && choice.type !== 'IfStatement' && !isFunction(choice)) choice = choice.parent;
    return (
      choice?.type === 'IfStatement' &&
      isInside(callee, choice.test) &&
      isInside(node, choice.consequent) &&
      method.type === 'MemberExpression' &&
      target &&
      values.same(method.object, target) === 'yes'
    );
  });
}

/** Was the target there before the run that listens to it, as what an instance or a function has been given? */
function isHadBefore({ names, node }: Start, { values }: Judge): boolean {
  const target = names.get('target');
  const { root } = target ? values.of(target) : { root: null };
  const [definition] = root?.kind === 'variable' ? root.variable.defs : [];
  return root?.kind === 'this' || (definition?.type === 'Parameter' && definition.node !== runOf(node));
}

/** Does a node run when a timer has fired? */
function isTimedOut(node: Node, file: Judge): boolean {
  const fn = runOf(node);
  return file.starts('timeout').some(({ names }) => {
    const callback = names.get('callback');
    return Boolean(fn && callback && file.values.functionOf(callback) === fn);
  });
}

function isOfSameTarget({ node }: End, { names }: Start, { values }: Judge): boolean {
  const callee = bare(node.callee);
  const target = names.get('target');
  return Boolean(target && callee.type === 'MemberExpression' && values.same(callee.object, target) === 'yes');
}

const OF_STREAMS = new Set([...LAST_EVENTS, 'data', 'error', 'readable']);

/** `const rows = this.query(text); rows.on('data', add);`: is it what a call gave that is read to its end here? */
function isOfOwnStream({ node, names }: Start, { values }: Judge): boolean {
  const target = names.get('target');
  const made = target && bare(target).type === 'Identifier' ? values.initialOf(target) : null;
  return (
    made?.type === 'CallExpression' &&
    runOf(made) === runOf(node) &&
    OF_STREAMS.has(values.text(names.get('type')) ?? '')
  );
}

/**
 * An instance that lives on keeps the one of its own one-shots that lost, and what waits for an answer that it has had,
 * once for each call.
 */
function judgeOwn(start: Start, found: Found, file: Judge): Verdict {
  const target = start.names.get('target');
  if (isAnsweredAgain(start, file)) return found('unknown', 'neverEnded');
  if (start.resource.endsItself !== 'always' || !target || bare(target).type !== 'ThisExpression') return KEPT;
  const winner = winnerOver(start, file.starts(start.resource.kind), file.index, file);
  return winner ? found('unknown', 'loserStays', { sibling: winner.node }) : KEPT;
}

/** `window.addEventListener('load', listener)`: what comes once for the whole program calls no listener again. */
export function comesOnce({ node, names }: Start, { values }: Judge): boolean {
  return COMES_ONCE.get(values.origin(node.callee) ?? '')?.includes(values.text(names.get('type')) ?? '') ?? false;
}

/** Is it added each time that a method or a function is called, to something that was there before, for one answer? */
export function isAnsweredAgain(start: Start, file: Judge): boolean {
  const target = start.names.get('target');
  const executor = runOf(start.node);
  const run = executor && runOf(executor);
  return Boolean(
    target &&
    run &&
    !isMaker(run) &&
    start.resource.endsItself !== 'always' &&
    !comesOnce(start, file) &&
    (file.values.of(target).root.kind === 'this' || isHadBefore(start, file)) &&
    isOfAnswer(start, file) &&
    onlyAnswers(start, file),
  );
}

/** `(reply) => { if (reply.id === id) resolve(reply); }`: is nothing done with what is not looked for? */
function onlyAnswers({ names }: Start, { values }: Judge): boolean {
  const listener = names.get('listener');
  const body = listener && values.functionOf(listener)?.body;
  if (body?.type !== 'BlockStatement') return true;
  const all = body.body.filter(({ type }) => type !== 'VariableDeclaration');
  const [first] = all;
  return (
    all.length === 1 ||
    (first?.type === 'IfStatement' && !first.alternate && leaves(first.consequent)) ||
    all.every(({ type }) => type === 'IfStatement')
  );
}

function isOfProcess({ names }: Start, { values }: Judge): boolean {
  const target = names.get('target');
  return Boolean(target && /^(?:node:)?process(?:\.default)?$/.test(values.origin(target) ?? ''));
}

/**
 * `process.on('SIGTERM', async () => { await stop(); process.exit(); })`: what ends the program may listen as long as
 * that.
 */
function endsProgram({ names }: Start, { index, values }: Judge): boolean {
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  return Boolean(fn && mayQuit(fn, index, values));
}

/** `(node) => ({ update() {}, destroy() {} })`: Svelte ends an action with the element that it gives it. */
function isOfAction({ names }: Start, { node: made, teardown }: Owner, { values }: Judge): boolean {
  const target = names.get('target');
  const { root } = target ? values.of(target) : { root: null };
  return (
    isFunction(made) &&
    teardown?.method === 'destroy' &&
    root?.kind === 'variable' &&
    root.variable.defs[0]?.name === made.params[0] &&
    returnedBy(made).every((one) => {
      const object = values.initialOf(one);
      return (
        object?.type === 'ObjectExpression' &&
        object.properties.every((property) => /^(?:destroy|update)$/.test(nameOf(property) ?? ''))
      );
    })
  );
}

/** `this.node`, which may be as old as the instance. */
function isOwnPart({ resource, names }: Start, { values }: Judge): boolean {
  const target = resource.livesIn === undefined ? null : names.get(resource.livesIn);
  return Boolean(target && values.of(values.initialOf(target) ?? target).root.kind === 'this');
}

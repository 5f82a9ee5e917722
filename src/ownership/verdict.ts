import { LAST_EVENTS, LAST_RESORTS } from '../catalog/events.js';
import type { Kind } from '../catalog/index.js';
import { type Question, waysOut, type WayOut } from '../flow/paths.js';
import { mayQuit } from '../flow/quits.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, runOf } from '../syntax/functions.js';
import { isConstructor } from '../syntax/members.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, type Fn, type Index, isFunction, type Node, type SourceCode } from '../syntax/walk.js';
import { isActive, isEndedInChain, isEndedThrough } from './activity.js';
import { isCaptured } from './capture.js';
import { isBuried } from './collections.js';
import { endWithListeners, endWithOwner, isCalledHereOnly, isBeforeOnly, isForOthers, isTeardown, onlyMakeRoom, reachedFrom } from './endings.js';
import { drainsOf, isReadElsewhere } from './drains.js';
import { isOfRef, observesItself } from './elements.js';
import { type End, endsOf, handOvers, isHandedOver } from './ends.js';
import { isForgotten, rejectionAround } from './controllers.js';
import { forgottenAt } from './forgotten.js';
import { isShared } from './gate.js';
import { type Handle, handleNode, handleOf, isHeld } from './handle.js';
import { leftAmongOthers } from './kept-among.js';
import { areOfFailure, wayBefore } from './left-before.js';
import { isProcessTarget, type Life, lifeOf } from './lives.js';
import type { Facts } from './match.js';
import { isAfterAwait, type LostCleanup } from './cleanups.js';
import { isForwarded, isNeeded, isRegistration } from './needed.js';
import { isInherited } from './once.js';
import { isLostInRound, isOverwritten, isReplaced, isStartedAgain } from './overwriting.js';
import type { Owner, Owners } from './owner.js';
import { settledWithout } from './settling.js';
import { addedAgain, otherHalf, siblingEnd, winnerOver } from './siblings.js';
import type { Signals } from './signals.js';
import type { Start } from './starts.js';
import { isAskedFirst, isEmitter, isFiredHere, isGiven, isGivenSignal, isHandedIn, isLetGo, isLink, isMeantFor, isOfAnswer, isOutlivedSignal, isResponse, mayOutlastItsRun, mayWaitForEver, servesCall, waitsForOthers } from './targets.js';
import { workOf } from './work.js';

/** Why something stays: each is a message of the rules that report it. */
export type Why = 'addedAgain' | 'cleanupLost' | 'forgotten' | 'handleDropped' | 'leftBefore' | 'leftBehind' | 'loserStays' | 'missedEnd' | 'neverEnded' | 'notInTeardown' | 'notOnEveryPath' | 'startedAgain';

/** What the decision table of docs/ownership.md says. `unknown` is for `checkUnknown` only. */
export type Verdict =
  | { readonly kind: 'kept' }
  | {
      readonly kind: 'leak' | 'unknown';
      readonly why: Why;
      readonly handle: Handle;
      readonly ends: readonly End[];
      /** The end that misses by one name. */
      readonly nearMiss: End | null;
      /** The way out that misses the end. */
      readonly way: WayOut | null;
      /** The end of another start that shows that this one was forgotten. */
      readonly sibling: Node | null;
      /** The cleanup that would end it, and that never runs. */
      readonly lost: LostCleanup | null;
    };

export interface Judge extends Facts {
  readonly index: Index;
  readonly owners: Owners;
  readonly sourceCode: SourceCode;
  readonly signals: Signals;
  readonly processTargets: ReadonlySet<string>;
  starts(kind: Kind): readonly Start[];
}

const KEPT: Verdict = { kind: 'kept' };

/** Kinds that a single call of a function cannot be meant to leave behind. */
const BOUND_TO_A_CALL = new Set(['controller', 'iterator', 'lock', 'resource']);

/** Kinds of which an instance may keep many in one field. */
const AMONG_OTHERS = new Set(['interval', 'resource', 'timeout']);

/** Kinds whose owner may forget them in a cleanup that never runs. */
const CLEANED_UP = new Set(['interval', 'listener', 'resource']);

/** Decides by the table of docs/ownership.md. */
export function judge(start: Start, owner: Owner, file: Judge): Verdict {
  const verdict = decide(start, owner, file);
  if (verdict.kind === 'kept' || verdict.ends.length > 0 || !CLEANED_UP.has(start.resource.kind)) return verdict;
  const lost = endsOf(start, verdict.handle, file.index, file).flatMap(({ node }) => file.owners.lostCleanup(node) ?? [])[0] ?? null;
  return lost ? { ...verdict, kind: start.resource.level === 'strict' ? 'unknown' : 'leak', why: 'cleanupLost', lost } : verdict;
}

/** Row by row from the top. */
function decide(start: Start, owner: Owner, file: Judge): Verdict {
  const { resource } = start;
  if (resource.kind !== 'lock' && owner.kind === 'process') return KEPT;
  // Whatever runs in a component's set-up, or in a scope of its own, a scope collects; of an instance nobody knows where it is made.
  const mayBeCollected = Boolean(resource.ofSetup) && !isAfterAwait(start.node, file.sourceCode);
  if (mayBeCollected && (owner.kind !== 'instance' || !owner.teardown || isRunInScope(start.node))) return KEPT;
  if ((isEndedByOption(start, file) && !mayWaitForEver(start, owner, file)) || isEndedThrough(start, file) || isEndedInChain(start, file)) return KEPT;
  const held = handleOf(start, file.values);
  // What a collection keeps that nothing ever reads, nobody has.
  const handle: Handle = held.kind === 'gone' && isBuried(held.fate, file.values, file.index) ? { kind: 'dropped' } : held;
  if (handle.kind === 'gone') return amongOthers(start, handle, owner, file);
  if (!isActive(start, handle, file.index, file)) return KEPT;
  const ends = endsOf(start, handle, file.index, file).filter(({ node }) => !file.owners.lostCleanup(node));
  const real = ends.filter(({ differs }) => differs === null);
  const nearMiss = ends.find(({ differs }) => differs !== null) ?? null;
  const found: Found = (kind, why, { way = null, sibling = null } = {}) => ({ kind: resource.level === 'strict' || owner.level === 'strict' || mayBeCollected || (owner.pauses && isMadeWith(start.node)) || observesItself(start, handle, file.index, file.values) ? 'unknown' : kind, why, handle, ends: real, nearMiss, way, sibling, lost: null });

  if (handle.kind !== 'none' && start.sure === 'maybe' && resource.where) return KEPT;
  if (resource.kind === 'lock' && handle.kind !== 'kept') return resource.isGate ? KEPT : judgeLocal(start, handle, owner, real, found, file);
  if (handle.kind === 'none') return judgeByTarget(start, owner, real, nearMiss, found, file);
  if (resource.livesIn !== undefined && lifeOfTarget(start, owner, file) === 'same') return KEPT;
  if (resource.kind === 'controller' && isForgotten(handle, owner, file) && (owner.teardown || workOf(start, handle, owner, file).unawaited.length > 0)) return found('leak', 'neverEnded');
  const isLost = (call: Node): boolean => file.owners.lostCleanup(call) !== null;
  if (handle.kind !== 'dropped' && isHandedOver(start, handle, real, file.index, file, isLost)) {
    const given = handOvers(start, handle, real, file.index, file, isLost);
    const way = wayBefore(start, handle, real, given, file);
    return way ? found(resource.kind === 'lock' || (resource.isSmall && areOfFailure([...real.map(({ node }) => node), ...given], handle, file)) ? 'leak' : 'unknown', 'leftBefore', { way }) : amongOthers(start, handle, owner, file);
  }
  if (resource.kind === 'controller' && (handle.kind === 'dropped' || handle.fields.length === 0)) return judgeController(start, handle, owner, real, found, file);
  if (handle.kind === 'dropped') {
    if (owner.kind === 'test') return KEPT;
    if (real.length > 0) return judgeLocal(start, handle, owner, real, found, file);
    // What a method returns may be what it was called on.
    const mayBeKept = isUsedFurther(handleNode(start, file.values), file.values);
    return found(isCertain(start, owner, file) && !resource.isSmall && !mayBeKept ? 'leak' : 'unknown', 'handleDropped');
  }
  if (isReplaced(start, handle, file)) return found(isCertain(start, owner, file) ? 'leak' : 'unknown', 'handleDropped');
  if (resource.isGate && owner.kind === 'test') return KEPT;
  if (resource.isGate) return sameRun(start, real) && real.length > 0 && isShared(start, file.values) ? judgePaths(start, handle, real, found, file) : KEPT;
  if (handle.refs.length > 0) return judgeRef(start, handle, real, found, file);
  if (handle.fields.length > 0) return judgeField(start, handle, owner, real, found, file);
  if (isOfFactory(handle, start, owner) && real.length > 0 && real.every(({ node }) => isBeforeOnly(node, start, owner, file))) return found('leak', 'notInTeardown');
  const settled = real.length > 0 && !sameRun(start, real) ? settledWithout(start, handle, real, file) : null;
  if (settled) return found('leak', 'notOnEveryPath', { way: { kind: 'return', node: settled } });
  if (owner.kind !== 'effect' && real.length > 0 && isOverwritten(start, handle, real, file)) return found('unknown', 'startedAgain');
  if (isReadElsewhere(start, handle, file.index, file.values)) return KEPT;
  const isLoose = owner.kind !== 'effect' && !isFactory(owner, real) && isCaptured(start, handle, file.index, file.values);
  if (isLoose) return isOverwritten(start, handle, real, file) ? found('unknown', 'startedAgain') : KEPT;
  return judgeLocal(start, handle, owner, real, found, file);
}

/** What is put among others is left to run where its instance ends and goes over none of them. */
function amongOthers(start: Start, handle: Handle, { kind }: Owner, file: Judge): Verdict {
  const { resource, sure } = start;
  if (!AMONG_OTHERS.has(resource.kind) || sure !== 'yes' || resource.activatedBy !== undefined) return KEPT;
  const found = { handle, ends: [], nearMiss: null, way: null, sibling: null, lost: null } as const;
  const left = kind === 'instance' ? leftAmongOthers(handle, file) : null;
  if (left) return { ...found, kind: left === 'emptied' ? 'leak' : 'unknown', why: 'notInTeardown' };
  const forgotten = resource.kind === 'resource' ? null : forgottenAt(start, handle, file);
  return forgotten ? { ...found, kind: 'leak', why: 'forgotten', sibling: forgotten.node } : KEPT;
}

/** Does an instance start it as it is made: in its constructor, or where a field is declared? */
function isMadeWith(node: Node): boolean {
  const run = runOf(node);
  return !run || (run.parent.type === 'MethodDefinition' && run.parent.kind === 'constructor');
}

/** `scope.run(() => { watch(…) })` */
function isRunInScope(node: Node): boolean {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) {
    const taken = argumentOf(fn);
    if (taken && calleeName(taken.call) === 'run') return true;
  }
  return false;
}

/** Is the owner an object that closes over what its methods share, with a method to end it that ends nothing of this? */
function isFactory({ kind, node, teardown }: Owner, ends: readonly End[]): boolean {
  const isObject = node.type === 'ObjectExpression' || (isFunction(node) && !isConstructor(node));
  return kind === 'instance' && isObject && teardown !== null && ends.length === 0;
}

/** Do the methods of such an object share the names that hold the handle, as those of a class share a field? */
function isOfFactory(handle: Handle, { node }: Start, owner: Owner): boolean {
  return handle.kind === 'kept' && isFactory(owner, []) && runOf(node) !== owner.node && handle.variables.every(({ defs: [definition] }) => definition && enclosingFunction(definition.node) === owner.node);
}

// Who waits before a gate waits for gates, and those only open; to put more behind them is no work yet.
const WAITS_ITS_TURN: Pick<Question, 'isHarmless'> = { isHarmless: (node) => node.type === 'Identifier' || node.type === 'MemberExpression' || (node.type === 'CallExpression' && /^(?:then|catch|finally)$/.test(calleeName(node))) };

/** `map = leaflet.map(element).setView(place)` */
function isUsedFurther(node: Node, values: Values): boolean {
  const fate = fateOf(node, values);
  return fate.kind === 'receiver' && fate.call !== null && fateOf(fate.call, values).kind !== 'dropped';
}

type Found = (kind: 'leak' | 'unknown', why: Why, witness?: { readonly way?: WayOut; readonly sibling?: Node }) => Verdict;

/** Is it certain that the owner ends before what it started? A bare call may be one that a program makes once. */
function isCertain(start: Start, owner: Owner, file: Judge): boolean {
  const { kind, livesIn, runsOn } = start.resource;
  // What is registered with another value is bound to that value's life before it is to a call's.
  const isRegistered = kind === 'resource' && livesIn !== undefined;
  if (BOUND_TO_A_CALL.has(kind) && !isRegistered && !runsOn) return owner.kind !== 'test';
  // A signal that is passed in says when the work of a call is to end.
  if (kind === 'interval' && owner.kind === 'run' && file.signals.reach(start.node)?.sure) return true;
  const ends = owner.kind === 'effect' || (owner.kind === 'instance' && owner.teardown !== null);
  return ends && (!isRegistered || lifeOfTarget(start, owner, file) === 'longer');
}

function isEndedByOption(start: Start, { values }: Facts): boolean {
  const { endsItself, endedBy } = start.resource;
  if (endedBy !== undefined && start.names.has(endedBy)) return true;
  if (endsItself === undefined || endsItself === 'always') return false;
  const [name = '', text] = endsItself.split(/: '|'$/);
  const option = start.names.get(name);
  if (option === undefined) return false;
  const { root } = values.of(option ?? start.node);
  return option === null || root.kind !== 'literal' || root.value === (text ?? true);
}

/** `values` in `values.pipe(map(double)).subscribe(listener)`. */
function sourceOf(target: Node, values: Values): Node {
  const at = bare(target);
  // What an own object has as a property is as old as the object.
  if (at.type === 'MemberExpression' && values.initialOf(at.object)?.type === 'NewExpression') return at.object;
  const callee = at.type === 'CallExpression' && values.origin(at.callee) === null ? bare(at.callee) : null;
  return callee?.type === 'MemberExpression' ? sourceOf(callee.object, values) : at;
}

function lifeOfTarget({ resource, names }: Start, owner: Owner, file: Judge): Life {
  const target = resource.livesIn === undefined ? null : (names.get(resource.livesIn) ?? null);
  return target ? lifeOf(sourceOf(target, file.values), owner, file) : 'longer';
}

function judgeByTarget(start: Start, owner: Owner, ends: readonly End[], nearMiss: End | null, found: Found, file: Judge): Verdict {
  if (owner.kind === 'test' || !isRegistration(start, file.values) || isForwarded(start, file.values)) return KEPT;
  const life = isGivenSignal(start, file) ? 'longer' : lifeOfTarget(start, owner, file);
  if (life === 'same') return KEPT;
  // A target that tells of its end is about to forget its listeners.
  const isOfEnd = life !== 'longer' && LAST_EVENTS.has(file.values.text(start.names.get('type')) ?? '');
  if (ends.length > 0 && !(start.resource.kind === 'listener' && onlyMakeRoom(ends, start, owner, file))) {
    const settled = life === 'longer' && !sameRun(start, ends) ? settledWithout(start, { kind: 'none' }, ends, file) : null;
    if (settled) return found('leak', 'notOnEveryPath', { way: { kind: 'return', node: settled } });
    if (sameRun(start, ends)) return judgePaths(start, { kind: 'none' }, ends, isOfEnd ? (_, ...rest) => found('unknown', ...rest) : found, file);
    return life === 'longer' && mayOutlastItsRun(start, ends, file) ? found(waitsForOthers(start, file) ? 'leak' : 'unknown', 'neverEnded') : KEPT;
  }
  const isOneShot = start.resource.endsItself === 'always';
  // Who takes it off what was there before knows that what is there now lives on; off the same target, it only keeps it from coming twice.
  if (ends.length > 0 && !isOneShot && isCalledHereOnly(start, file) && ends.every(({ sure, node }) => sure === 'maybe' && node.arguments.length > 1)) return found('leak', 'neverEnded');
  const starts = file.starts(start.resource.kind);
  const beside = isOneShot ? null : addedAgain(start, starts, file.index, file);
  if (beside) return found('leak', 'addedAgain', { sibling: beside });
  const winner = isOneShot ? winnerOver(start, starts, file.index, file) : null;
  if (winner && lifeOfTarget(start, { ...owner, node: file.sourceCode.ast }, file) === 'same') return KEPT;
  if (winner) return found((winner.sure || isHandedIn(start, file)) && !isOfEnd ? 'leak' : 'unknown', 'loserStays', { sibling: winner.node });
  const sibling = isOneShot ? null : siblingEnd(start, starts, file.index, file);
  const half = isOneShot || isOfEnd ? null : otherHalf(start, starts, file.index, file);
  if (sibling) return found(isTeardown(sibling, owner) || (half?.isPair && !isOwnPart(start, file)) ? 'leak' : 'unknown', 'leftBehind', { sibling });
  if (half && life === 'longer' && !(nearMiss && isMeantFor(nearMiss, start, file)) && (start.sure === 'yes' || isEmitter(start, file)) && !isEndedByOption(start, file)) return found('leak', 'leftBehind', { sibling: half.node });
  if (isLink(start, file)) return found('leak', 'neverEnded');
  if (isEndedByOption(start, file)) return found(isGivenSignal(start, file) && owner.kind === 'instance' && owner.teardown?.functions.length ? 'leak' : 'unknown', 'neverEnded');
  if (isOutlivedSignal(start, owner, file)) return found('leak', 'neverEnded');
  if (start.sure === 'maybe' && !(life === 'longer' ? isEmitter(start, file) : isGiven(start, owner, file))) return KEPT;
  if (nearMiss && isMeantFor(nearMiss, start, file)) return found('leak', 'missedEnd');
  const hasEnd = owner.teardown !== null;
  if (isOneShot) return life === 'longer' && !isFiredHere(start, file) && !isAskedFirst(start, file) ? found('unknown', 'neverEnded') : KEPT;
  const isSure = (start.sure === 'yes' || isProcessTarget(start.names.get('target') ?? start.node, file)) && !LAST_RESORTS.has(file.values.text(start.names.get('type')) ?? '') && !endsProgram(start, file);
  if (life === 'longer') return found((isSure && (hasEnd || isOfAnswer(start, file))) || servesCall(start, file) ? 'leak' : 'unknown', 'neverEnded');
  if (hasEnd && owner.kind === 'instance' && isLetGo(start, owner, file)) return found('leak', 'neverEnded');
  return hasEnd && owner.kind !== 'run' ? found('unknown', 'neverEnded') : KEPT;
}

/** `process.on('SIGTERM', async () => { await stop(); process.exit(); })`: what ends the program may listen as long as that. */
function endsProgram({ names }: Start, { index, values }: Judge): boolean {
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  return Boolean(fn && mayQuit(fn, index, values));
}

/** `this.node`, which may be as old as the instance. */
function isOwnPart({ resource, names }: Start, { values }: Judge): boolean {
  const target = resource.livesIn === undefined ? null : names.get(resource.livesIn);
  return Boolean(target && values.of(values.initialOf(target) ?? target).root.kind === 'this');
}

function sameRun(start: Start, ends: readonly End[]): boolean {
  return ends.every(({ node }) => runOf(node) === runOf(start.node));
}

/** A controller is lost where its signal is used by work that runs on. */
function judgeController(start: Start, handle: Handle, owner: Owner, ends: readonly End[], found: Found, file: Judge): Verdict {
  if (owner.kind === 'test') return KEPT;
  const { unawaited, isElsewhere } = workOf(start, handle, owner, file);
  const isCut = owner.kind === 'effect' && (unawaited.length > 0 || isElsewhere);
  const way = unawaited.length > 0 ? rejectionAround(ends, file) : null;
  if (way) return found('leak', 'notOnEveryPath', { way });
  if (ends.length > 0 && unawaited.length > 0 && sameRun(start, ends)) return judgePaths(start, handle, ends, found, file, unawaited);
  if (ends.length > 0) return unawaited.length > 0 && isOverwritten(start, handle, ends, file) ? found('unknown', 'startedAgain') : KEPT;
  if (unawaited.length === 0 && !isElsewhere) return KEPT;
  return found(unawaited.length > 0 || isCut ? 'leak' : 'unknown', handle.kind === 'dropped' ? 'handleDropped' : 'neverEnded');
}

function judgeLocal(start: Start, handle: Handle, owner: Owner, ends: readonly End[], found: Found, file: Judge): Verdict {
  if (ends.length === 0 && drainsOf(start, handle, file.index, file)) return judgePaths(start, handle, ends, found, file);
  if (ends.length === 0) {
    const declaredOutside = handle.kind === 'kept' && handle.variables.some(({ defs: [definition] }) => definition && definition.type !== 'Parameter' && runOf(definition.node) !== runOf(start.node));
    const isOwn = owner.kind === 'effect' || (isFactory(owner, ends) && handle.kind === 'kept' && handle.variables.every(({ defs: [definition] }) => definition && enclosingFunction(definition.node)));
    if (declaredOutside) return owner.kind === 'test' ? KEPT : found(isOwn ? 'leak' : 'unknown', 'neverEnded');
    return found(isCertain(start, owner, file) ? 'leak' : 'unknown', handle.kind === 'dropped' ? 'handleDropped' : 'neverEnded');
  }
  const isHere = sameRun(start, ends);
  // An end in a callback or a cleanup took the duty over, unless the cleanup takes the callback off.
  if (!isHere && owner.kind === 'effect' && owner.teardown && endWithListeners(ends.map(({ node }) => node), owner.teardown, file)) return found('leak', 'neverEnded');
  if (!isHere && isLostInRound(start, handle, file)) return found('leak', 'startedAgain');
  if (isOverwritten(start, handle, ends, file)) return found('unknown', 'startedAgain');
  return isHere ? judgePaths(start, handle, ends, found, file) : KEPT;
}

/** The function whose ways out count: a callback that holds the start and all its ends, else the run that they are part of. */
function runAround(start: Start, ends: readonly End[], from: readonly Node[]): Fn | null {
  const callback = enclosingFunction(start.node);
  return callback && [...ends.map(({ node }) => node), ...from].every((node) => isInside(node, callback)) ? callback : runOf(start.node);
}

function judgePaths(start: Start, handle: Handle, ends: readonly End[], found: Found, file: Judge, from: readonly Node[] = [handleNode(start, file.values)]): Verdict {
  // An end of something that may be another, or one that only stands before the start, says nothing about the way from here.
  if (ends.some(({ sure }) => sure === 'maybe') || (ends.length > 0 && (ends.every(({ node }) => isOtherwise(node, start.node)) || ends.every(({ node }) => node.range[0] < start.node.range[0])))) return KEPT;
  const fn = runAround(start, ends, from) ?? file.sourceCode.ast;
  const drains = drainsOf(start, handle, file.index, file);
  const question: Question = {
    starts: new Set<Node>(from),
    ends: new Set<Node>(ends.map(({ node }) => node)),
    throws: start.resource.onThrow === 'leaks' ? 'call' : 'await',
    isHandle: (node) => isHeld(node, handle, file.values) || isNeeded(node, start, ends, file.values),
    onlyIfEnded: ends.length > 0,
    ...(start.resource.isGate ? WAITS_ITS_TURN : drains),
  };
  const firstWay = (asked: Question): WayOut | undefined => waysOut(fn, asked, file.values, file.sourceCode)[0];
  // What is left when reading fails half-way is small, and code that reads to the end rarely minds.
  const onPurpose = drains ? firstWay({ ...question, isHarmless: () => true }) : undefined;
  const way = onPurpose ?? firstWay(question);
  // What fails without an `await` in a `try` is for locks alone: most calls are never meant to.
  const isUnlikely = way !== undefined && !onPurpose && question.throws !== 'call' && !firstWay({ ...question, catches: 'await' });
  const neverFails = way?.kind === 'throw' && way.node.type === 'AwaitExpression' && file.oracle.neverRejects(way.node.argument);
  const isSmall = (start.resource.isSmall && !areOfFailure(ends.map(({ node }) => node), handle, file)) || (drains && !onPurpose) || isUnlikely || neverFails || (ends.length > 0 && ends.every(({ node }) => isFlaggedInFinally(node, file.values)));
  return way ? found(isSmall ? 'unknown' : 'leak', ends.length === 0 && onPurpose?.kind === 'end' ? 'neverEnded' : 'notOnEveryPath', { way }) : KEPT;
}

/** `finally { if (!isLate) client.end(); }`, with a flag that another function sets: who does not end it then has thought of that way. */
function isFlaggedInFinally(end: Node, values: Values): boolean {
  for (let at = end; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if (parent.type !== 'IfStatement' || parent.consequent !== at || parent.parent.parent?.type !== 'TryStatement' || parent.parent.parent.finalizer !== parent.parent) continue;
    const test = bare(parent.test);
    const flag = test.type === 'UnaryExpression' ? bare(test.argument) : test;
    const writes = (flag.type === 'Identifier' && values.variable(flag)?.references.filter((reference) => reference.isWrite() && !reference.init)) || [];
    if (writes.length > 0 && writes.every(({ identifier }) => enclosingFunction(identifier) !== enclosingFunction(end))) return true;
  }
  return false;
}

/** `if (isOn) add(); else remove();`: does the other branch of a choice hold the end? */
function isOtherwise(end: Node, start: Node): boolean {
  for (let at = start; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if (parent.type !== 'IfStatement' || parent.test === at) continue;
    const other = parent.consequent === at ? parent.alternate : parent.consequent;
    if (other && isInside(end, other)) return true;
  }
  return false;
}

function judgeField(start: Start, handle: Extract<Handle, { kind: 'kept' }>, owner: Owner, ends: readonly End[], found: Found, file: Judge): Verdict {
  const [field] = handle.fields;
  if (isInherited(field!)) return KEPT;
  const instance = file.owners.instance(field!.body);
  const lasting = ends.filter(({ node }) => !isBeforeOnly(node, start, instance, file));
  // Aborting and making the next controller is one step.
  if (start.resource.kind === 'controller' && ends.length > 0 && !instance.teardown) {
    return isStartedAgain(start, handle, ends, file) && workOf(start, handle, owner, file).unawaited.length > 0 ? found('unknown', 'startedAgain') : KEPT;
  }
  if (lasting.length > 0 && !endWithOwner(field!.body, lasting, file)) {
    // What a controller is for may end before the instance does, and then it is aborted where that ends.
    if (start.resource.kind === 'controller') return KEPT;
    return found(lasting.some(({ node }) => isForOthers(node, start.node, file)) ? 'unknown' : 'leak', 'notInTeardown');
  }
  if (lasting.length > 0 && isLostInRound(start, handle, file)) return found('leak', 'startedAgain');
  if (lasting.length > 0) return isOverwritten(start, handle, ends, file) ? found(start.resource.kind === 'interval' ? 'leak' : 'unknown', 'startedAgain') : isStartedAgain(start, handle, ends, file) ? found('unknown', 'startedAgain') : KEPT;
  if (owner.kind === 'effect') return found('unknown', 'notInTeardown');
  if (instance.teardown && !field!.isPrivate && file.owners.leavesToSubclass(instance)) return found('unknown', 'notInTeardown');
  if (instance.teardown || (field!.isPrivate && BOUND_TO_A_CALL.has(start.resource.kind) && !start.resource.runsOn)) return found('leak', 'notInTeardown');
  return found('unknown', 'notInTeardown');
}

/** A component is unmounted sooner or later, whatever its code says. */
function judgeRef(start: Start, { refs }: Extract<Handle, { kind: 'kept' }>, ends: readonly End[], found: Found, file: Judge): Verdict {
  const component: Owner = { kind: 'effect', node: start.node, name: 'this component', teardown: null };
  const lasting = ends.filter(({ node }) => !isBeforeOnly(node, start, component, file));
  if (ends.some(({ node }) => isOfRef(node, file.values))) return KEPT;
  if (lasting.length === 0) return found('leak', 'neverEnded');
  const isOnlyRead = refs.every(({ references }) => references.every(({ identifier, init }) => init || identifier.parent?.type === 'MemberExpression' || identifier.parent?.type === 'ArrayExpression'));
  return isOnlyRead && !lasting.some(({ node }) => mayEndComponent(node, file)) ? found('leak', 'neverEnded') : KEPT;
}

/** Is an end in an effect or its cleanup, in what they call, or in what something else than the component's markup gets? */
function mayEndComponent(end: Node, file: Judge): boolean {
  const inEffects = reachedFrom(file.owners.frameworks.effects(), file, (fn) => !isResponse(fn, file));
  for (let fn = enclosingFunction(end); fn && !isResponse(fn, file); fn = enclosingFunction(fn)) if (inEffects.has(fn)) return true;
  return false;
}

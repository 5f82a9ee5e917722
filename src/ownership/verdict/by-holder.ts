import { type WayOut, waysOut } from '../../flow/paths.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, functionName, isInside, returnedBy, runOf } from '../../syntax/functions.js';
import { isConstructor } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, type Fn, isFunction, type Node } from '../../syntax/walk.js';
import { rejectionAround } from '../ends/controllers.js';
import { drainsOf } from '../ends/drains.js';
import { endWithOwner, isForOthers } from '../ends/endings.js';
import { isBeforeOnly } from '../ends/room.js';
import { reachedFrom } from '../ends/reached.js';
import type { End } from '../ends/ends.js';
import { isResponse } from '../ends/listeners.js';
import { isNeeded } from '../ends/needed.js';
import { isForOneOfMany, isLostInRound, isOverwritten, isSeenToByCaller, isStartedAgain } from '../ends/overwriting.js';
import { standsIn } from '../ends/settling.js';
import { skippedAtEnd } from '../ends/skipped.js';
import { type Work, workOf } from '../ends/work.js';
import { type Field, type Handle, handleNode, isHeld, mentions } from '../holders/handle.js';
import { isOfRef } from '../owners/elements.js';
import { isInherited } from '../owners/once.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import { judgePaths, sameRun } from './by-paths.js';
import { BOUND_TO_A_CALL, type Found, isCertain, type Judge, KEPT, type Verdict } from './judging.js';

/** A controller is lost where its signal is used by work that runs on. */
export function judgeController(
  start: Start,
  handle: Handle,
  owner: Owner,
  ends: readonly End[],
  found: Found,
  file: Judge,
): Verdict {
  if (owner.kind === 'test') return KEPT;
  const work = workOf(start, handle, owner, file);
  const { unawaited } = work;
  const isElsewhere = work.isElsewhere || work.isOfOtherRun;
  const isCut = owner.kind === 'effect' && (unawaited.length > 0 || isElsewhere);
  const way = rejectionAround(start, ends, file);
  // Where the chain fails, its own work is over.
  if (way && unawaited.some((call) => !isInside(call, way.node)))
    return found('leak', 'notOnEveryPath', { ways: [way] });
  if (
    ends.length > 0 &&
    unawaited.length > 0 &&
    isOfFactory(handle, start, owner) &&
    ends.every(({ node }) => isBeforeOnly(node, start, owner, file))
  )
    return found('leak', 'notInTeardown');
  if (ends.length > 0 && unawaited.length > 0 && sameRun(start, ends, file.values))
    return judgePaths(start, handle, ends, found, file, unawaited);
  const isRef = handle.kind === 'kept' && handle.refs.length > 0;
  // What leaves before it has begun anything has nothing to end.
  for (const call of ends.length > 0 ? unawaited : []) {
    const early = leavesBeforeCleanup(start, handle, ends, owner, file, call);
    if (early) return found('leak', 'notOnEveryPath', { ways: [early] });
  }
  if (ends.length > 0)
    return unawaited.length > 0 && isOverwritten(start, handle, ends, file)
      ? found(isRef && isForOneOfMany(start, file) ? 'leak' : 'unknown', 'startedAgain')
      : KEPT;
  if (unawaited.length === 0 && !isElsewhere) return KEPT;
  return found(
    unawaited.length > 0 || isCut ? 'leak' : 'unknown',
    handle.kind === 'dropped' ? 'handleDropped' : 'neverEnded',
  );
}

export function judgeLocal(
  start: Start,
  handle: Handle,
  owner: Owner,
  ends: readonly End[],
  found: Found,
  file: Judge,
): Verdict {
  if (ends.length === 0 && drainsOf(start, handle, file.index, file))
    return judgePaths(start, handle, ends, found, file);
  if (ends.length === 0) {
    const declaredOutside =
      handle.kind === 'kept' &&
      handle.variables.some(
        ({ defs: [definition] }) =>
          definition && definition.type !== 'Parameter' && runOf(definition.node) !== runOf(start.node),
      );
    const isOwn =
      owner.kind === 'effect' ||
      (isFactory(owner, ends) &&
        handle.kind === 'kept' &&
        handle.variables.every(({ defs: [definition] }) => definition && enclosingFunction(definition.node)));
    if (owner.kind === 'run' && isRenewed(start, handle, file)) return found('unknown', 'neverEnded');
    if (declaredOutside) return owner.kind === 'test' ? KEPT : found(isOwn ? 'leak' : 'unknown', 'neverEnded');
    return found(
      isCertain(start, owner, file) ? 'leak' : 'unknown',
      handle.kind === 'dropped' ? 'handleDropped' : 'neverEnded',
    );
  }
  const isHere = sameRun(start, ends, file.values);
  const early = leavesBeforeCleanup(start, handle, ends, owner, file);
  if (early) return found('leak', 'notOnEveryPath', { ways: [early] });
  // An end in a callback or a cleanup took the duty over.
  if (isOverwritten(start, handle, ends, file)) return found('unknown', 'startedAgain');
  if (isHere) return judgePaths(start, handle, ends, found, file);
  const way = rejectionAround(start, ends, file);
  return way && !standsIn(start, ends, file) ? found('leak', 'notOnEveryPath', { ways: [way] }) : KEPT;
}

/** `port.onDisconnect.addListener(() => connect())` in `connect`: does what tells of its end begin the next? */
function isRenewed({ node }: Start, handle: Handle, file: Judge): boolean {
  const run = runOf(node);
  return (
    run !== null &&
    mentions(handle, file.values, file.index).some((mention) => {
      let at: Node = mention;
      while (
        at.parent?.type === 'MemberExpression' ||
        (at.parent?.type === 'CallExpression' && at.parent.callee === at)
      )
        at = at.parent;
      const given =
        at.type === 'CallExpression'
          ? at.arguments.at(-1)
          : at.parent?.type === 'AssignmentExpression'
            ? at.parent.right
            : null;
      const fn = given && file.values.functionOf(given);
      return (
        fn !== null &&
        fn !== undefined &&
        /close|disconnect|end|exit/i.test(file.sourceCode.getText(at).split('(', 2).join()) &&
        reachedFrom([fn], file).has(run)
      );
    })
  );
}

/**
 * `if (!isOpen) return; return () => clearInterval(timer);`: the way out of an effect, or of a function that returns
 * what ends its work, before it names any end; `from` where there is something to end.
 */
export function leavesBeforeCleanup(
  start: Start,
  handle: Handle,
  ends: readonly End[],
  { kind, node, teardown }: Owner,
  { values, sourceCode }: Judge,
  from: Node = handleNode(start, values),
): WayOut | null {
  const run = runOf(start.node);
  if ((kind !== 'effect' && kind !== 'instance') || !run || run !== node || !teardown || sameRun(start, ends, values))
    return null;
  const keepers = ends.flatMap((end) => outermostIn(run, end.node) ?? []);
  if (keepers.length < ends.length || keepers.some(({ type }) => type === 'FunctionDeclaration')) return null;
  const ways = waysOut(
    run,
    {
      starts: new Set([from]),
      ends: new Set(keepers),
      throws: 'throw',
      isHandle: (one) => isHeld(one, handle, values) || isNeeded(one, start, ends, values),
      onlyIfEnded: true,
    },
    values,
    sourceCode,
  );
  return ways.find(({ kind }) => kind === 'return') ?? null;
}

/** The outermost function around a node, of those inside another one. */
function outermostIn(outer: Fn, node: Node): Fn | null {
  let found: Fn | null = null;
  for (let fn = enclosingFunction(node); fn && fn !== outer; fn = enclosingFunction(fn)) found = fn;
  return found;
}

export function judgeField(
  start: Start,
  handle: Extract<Handle, { kind: 'kept' }>,
  owner: Owner,
  ends: readonly End[],
  found: Found,
  file: Judge,
): Verdict {
  const [field] = handle.fields;
  if (isInherited(field!)) return KEPT;
  const instance = file.owners.instance(field!.body);
  // Nobody has the signal of what nothing ever names.
  if (start.resource.kind === 'controller' && !isNamed(field!, file)) return KEPT;
  const lasting = ends.filter(({ node }) => !isBeforeOnly(node, start, instance, file));
  // Aborting and making the next controller is one step.
  if (start.resource.kind === 'controller' && ends.length > 0 && !instance.teardown) {
    return isStartedAgain(start, handle, ends, file) && workOf(start, handle, owner, file).unawaited.length > 0
      ? found(isForOneOfMany(start, file) && !isSeenToByCaller(start, ends, file) ? 'leak' : 'unknown', 'startedAgain')
      : KEPT;
  }
  if (lasting.length > 0 && !endWithOwner(field!.body, lasting, file, start.node)) {
    // What a controller is for may end before the instance does, and then it is aborted where that ends.
    if (start.resource.kind === 'controller') return KEPT;
    const isMeant =
      lasting.some(({ node }) => isForOthers(node, start.node, file)) || isEndedByItself(start, lasting, file);
    return found(isMeant ? 'unknown' : 'leak', 'notInTeardown');
  }
  const skipped = skippedAtEnd(start, field!, lasting, instance, file);
  if (skipped) return found('leak', 'notOnEveryPath', { ways: [skipped] });
  if (lasting.length > 0 && isLostInRound(start, handle, file)) return found('leak', 'startedAgain');
  if (lasting.length > 0)
    return isOverwritten(start, handle, ends, file)
      ? found(start.resource.kind === 'interval' ? 'leak' : 'unknown', 'startedAgain')
      : isStartedAgain(start, handle, ends, file)
        ? found(
            isForOneOfMany(start, file) && !isSeenToByCaller(start, ends, file) ? 'leak' : 'unknown',
            'startedAgain',
          )
        : KEPT;
  // Nobody waits for a reader that reads on to the end of its stream, which may come before the instance's.
  if (start.resource.kind === 'lock' && start.resource.drainedBy !== undefined) return KEPT;
  // Who waits for all of the work aborts it to be done sooner, if at all; an end of the instance may come before.
  const isOverSoon =
    start.resource.kind === 'controller' &&
    (ends.length > 0 || !instance.teardown) &&
    isAwaited(workOf(start, handle, owner, file));
  if (owner.kind === 'effect' || isOverSoon) return found('unknown', 'notInTeardown');
  if (instance.teardown && !field!.isPrivate && file.owners.leavesToSubclass(instance))
    return found('unknown', 'notInTeardown');
  if (instance.teardown || (field!.isPrivate && BOUND_TO_A_CALL.has(start.resource.kind) && !start.resource.runsOn))
    return found('leak', 'notInTeardown');
  return found('unknown', 'notInTeardown');
}

/** `this.drag = moves.subscribe(() => this.drop())`, where `drop` ends it: it waits for one thing to happen. */
function isEndedByItself({ resource, names }: Start, ends: readonly End[], file: Judge): boolean {
  const listener = resource.kind === 'resource' ? names.get('listener') : null;
  const fn = listener ? file.values.functionOf(listener) : null;
  const reached = fn ? reachedFrom([fn], file) : new Set<Fn>();
  return ends.some(({ node }) => [...reached].some((one) => isInside(node, one)));
}

function isAwaited({ unawaited, isElsewhere }: Work): boolean {
  return unawaited.length === 0 && !isElsewhere;
}

function isNamed({ name, isPrivate }: Field, { index }: Judge): boolean {
  return (
    !isPrivate ||
    index.members
      .of(name)
      .some((member) => member.parent?.type !== 'AssignmentExpression' || member.parent.left !== member)
  );
}

/** A component is unmounted sooner or later, whatever its code says. */
export function judgeRef(
  start: Start,
  handle: Extract<Handle, { kind: 'kept' }>,
  ends: readonly End[],
  found: Found,
  file: Judge,
): Verdict {
  const { refs } = handle;
  const component: Owner = { kind: 'effect', node: start.node, name: 'this component', teardown: null };
  const lasting = ends.filter(({ node }) => !isBeforeOnly(node, start, component, file));
  if (ends.some(({ node }) => isOfRef(node, file.values))) return KEPT;
  // `clearLater(timer)`: whoever is given the ref has what is in it.
  const isGiven = refs.some(({ references }) =>
    references.some(({ identifier }) => fateOf(identifier, file.values).kind === 'passed'),
  );
  const isHandedOut = ends.some(({ node }) => {
    const fn = enclosingFunction(node);
    return fn !== null && !isInside(start.node, fn) && isOfHook(fn, file);
  });
  if (lasting.length === 0 && (isGiven || isHandedOut)) return KEPT;
  if (lasting.length === 0) return found('leak', 'neverEnded');
  const isOnlyRead = refs.every(({ references }) =>
    references.every(
      ({ identifier, init }) =>
        init || identifier.parent?.type === 'MemberExpression' || identifier.parent?.type === 'ArrayExpression',
    ),
  );
  if (isOnlyRead && !lasting.some(({ node }) => mayEndComponent(node, file))) return found('leak', 'neverEnded');
  return isOverwritten(start, handle, ends, file) ? found('unknown', 'startedAgain') : KEPT;
}

/**
 * Is an end in an effect or its cleanup, in what they call, or in what something else than the component's markup gets?
 */
function mayEndComponent(end: Node, file: Judge): boolean {
  const inEffects = reachedFrom(file.owners.frameworks.effects(), file, (fn) => !isResponse(fn, file));
  for (let fn = enclosingFunction(end); fn && !isResponse(fn, file); fn = enclosingFunction(fn))
    if (inEffects.has(fn) || isOfHook(fn, file)) return true;
  return false;
}

/**
 * `return [start, stop]`, `return useMemo(() => Object.assign(start, { stop }), [])`: is it a function that a hook hands
 * to the component that uses it?
 */
function isOfHook(fn: Fn, { values }: Judge): boolean {
  const hook = enclosingFunction(fn);
  if (!hook || !/^use[A-Z]/.test(functionName(hook) ?? '')) return false;
  return returnedBy(hook).some((value) => partsOf(value, values).some((part) => values.functionOf(part) === fn));
}

function partsOf(value: Node, values: Values): Node[] {
  const node = bare(value);
  if (node.type === 'ArrayExpression') return node.elements.flatMap((one) => (one ? [bare(one)] : []));
  if (node.type === 'ObjectExpression')
    return node.properties.flatMap((one) => (one.type === 'Property' ? [bare(one.value as Node)] : []));
  if (node.type !== 'CallExpression') return [node];
  if (values.origin(node.callee) === 'Object.assign') return node.arguments.flatMap((one) => partsOf(one, values));
  const memo = calleeName(node) === 'useMemo' && node.arguments[0] ? values.functionOf(node.arguments[0]) : null;
  return memo ? returnedBy(memo).flatMap((one) => partsOf(one, values)) : [node];
}

/**
 * Is the owner an object that closes over what its methods share, with a method to end it that ends nothing of this?
 */
export function isFactory({ kind, node, teardown }: Owner, ends: readonly End[]): boolean {
  const isObject = node.type === 'ObjectExpression' || (isFunction(node) && !isConstructor(node));
  return kind === 'instance' && isObject && teardown !== null && ends.length === 0;
}

/**
 * Do the methods of such an object, or the functions of an effect, share the names that hold the handle, as those of a
 * class share a field?
 */
export function isOfFactory(handle: Handle, { node }: Start, owner: Owner): boolean {
  return (
    handle.kind === 'kept' &&
    handle.variables.length > 0 &&
    (isFactory(owner, []) || (owner.kind === 'effect' && owner.teardown !== null)) &&
    runOf(node) !== owner.node &&
    handle.variables.every(({ defs: [definition] }) => definition && enclosingFunction(definition.node) === owner.node)
  );
}

import { listed } from '../../catalog/index.js';
import { wordOf } from '../../catalog/signature.js';
import { leaves } from '../../syntax/leaving.js';
import { mayQuit } from '../../flow/quits.js';
import { argumentOf, enclosingFunction, functionName, isExecutor, isInside, runOf } from '../../syntax/functions.js';
import { isMember, isPartOf } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, type Fn, isFunction, nameOf, type Node, walk } from '../../syntax/walk.js';
import { CLOSED } from '../ends/endings.js';
import { ALIVE, ENDED, isNotAlive, isSetBy, namesIn } from '../ends/flags.js';
import { CUTS, endsWhatEnds, givesUpLast } from '../ends/failures.js';
import { handleNode, handleOf, mentions } from '../holders/handle.js';
import { isNothing, setTo } from '../owners/lives.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from './judging.js';
import { isFollowedByWork } from './watchdogs.js';

/**
 * What a one-shot timer is for, as far as that says whether it may be left to fire.
 * `deferral`: it fires at once, or nearly so. `sleep`: somebody waits until it fires. `watchdog`: it stands by while
 * something else is waited for.
 * `debounce`: a name that outlives the run holds the newest only. `response`: something that happens to an effect
 * started it, once or often.
 * `teardown`: what ends its owner started it.
 */
export type Purpose = 'debounce' | 'deferral' | 'later' | 'response' | 'sleep' | 'teardown' | 'watchdog';

/** A delay of at most so many milliseconds is over before anybody can tell. */
const SHORT = 50;
const LONG = 1_000;

export function purposeOf(start: Start, owner: Owner, file: Judge): Purpose {
  const run = runOf(start.node);
  const isLimit = Boolean(run && isExecutor(run) && settlesElsewhere(run, start.node, file));
  if (owner.teardown?.functions.some((fn) => isInside(start.node, fn)))
    return isLimit && !isShort(start, file) ? 'watchdog' : 'teardown';
  // `onRemove() { this.timer = setTimeout(…) }`: what fades out is on its way already.
  if (run && isMember(run) && CLOSED.test(functionName(run) ?? '') && !beginsAgain(start, owner, file))
    return 'teardown';
  if (isShort(start, file) || isRelease(start, file)) return 'deferral';
  if (isExit(start, file) || endsOwner(start, owner, file)) return 'teardown';
  if (run && isExecutor(run)) return isLimit ? 'watchdog' : 'sleep';
  if (givesUpLast(start, file) || endsWhatEnds(start, file)) return 'watchdog';
  if (isKeptOutside(start, file)) return 'debounce';
  if (owner.kind === 'effect' && run !== owner.node) return 'response';
  return run && isFollowedByWork(run, start, file) ? 'watchdog' : 'later';
}

/** `setImmediate`, an animation frame, a timeout without a delay or with a short one. */
function isShort({ signature, names }: Start, { values }: Judge): boolean {
  if (!signature.arguments.some((argument) => argument.kind === 'name' && argument.name === 'delay')) return true;
  return delayOf(names.get('delay'), values) <= SHORT;
}

/** `() => (isBusy = false)`, for what the module shares: who took it back would leave it set for good. */
function isRelease({ names }: Start, { values }: Judge): boolean {
  const callback = names.get('callback');
  const fn = callback && values.functionOf(callback);
  const [only, second] = fn?.body.type === 'BlockStatement' ? fn.body.body : [];
  const set =
    fn && fn.body.type !== 'BlockStatement'
      ? bare(fn.body)
      : only?.type === 'ExpressionStatement' && !second
        ? bare(only.expression)
        : null;
  const variable =
    set?.type === 'AssignmentExpression' &&
    set.operator === '=' &&
    set.right.type === 'Literal' &&
    (set.right.value === null || typeof set.right.value === 'boolean') &&
    set.left.type === 'Identifier'
      ? values.variable(set.left)
      : null;
  const [definition] = variable?.defs ?? [];
  return definition?.type === 'Variable' && !enclosingFunction(definition.node);
}

/** Infinity when nobody can tell. */
function delayOf(delay: Node | null | undefined, values: Values): number {
  return delay === undefined ? 0 : (values.number(delay) ?? Infinity);
}

/** Does the timer end the program, or close its page, should nothing else do so before? */
function isExit({ names }: Start, { index, values }: Judge): boolean {
  const callback = names.get('callback');
  const fn = callback && values.functionOf(callback);
  const ways = [
    ...index.calls.of('exit'),
    ...index.calls.of('close').filter(({ callee }) => /^(?:window\.)?close$/.test(values.origin(callee) ?? '')),
  ];
  return Boolean(fn && ways.some((call) => isInside(call, fn)));
}

/** `() => this.dispose()`: is the end of the owner all that the timer is for? */
function endsOwner({ names }: Start, { teardown }: Owner, { values }: Judge): boolean {
  const callback = names.get('callback');
  const fired = callback ? values.functionOf(callback) : null;
  const ending = [fired, fired && calledOnly(fired, values)];
  return ending.some((fn) => fn && teardown?.functions.includes(fn));
}

/** Is there a delay, and is it so short that nobody can tell? A frame may wait until a page is looked at again. */
export function isOverSoon({ node, names }: Start, values: Values): boolean {
  return (
    calleeName(node) !== 'requestAnimationFrame' &&
    calleeName(node) !== 'requestIdleCallback' &&
    delayOf(names.get('delay'), values) <= SHORT
  );
}

/**
 * `if (this.destroyed) return;`: does what the timer runs begin with a question whether its owner is still there, or
 * that its teardown answers?
 */
export function asksFirst({ names }: Start, { teardown }: Owner, file: Judge): boolean {
  const callback = names.get('callback');
  const fn = callback && file.values.functionOf(callback);
  const body = fn?.body.type === 'BlockStatement' ? fn.body.body : [];
  const [first, second] = body[0]?.type === 'TryStatement' ? body[0].block.body : body;
  if (first?.type !== 'IfStatement' || first.alternate) return false;
  const only = first.consequent.type === 'BlockStatement' ? first.consequent.body[0] : first.consequent;
  if (second && only?.type !== 'ReturnStatement') return false;
  const asked = new Set(namesIn(first.test, file));
  // `if (!this.connected) this.giveUp()` does its work above all when the owner has ended.
  if (only?.type !== 'ReturnStatement' && isNotAlive(first.test)) return false;
  return (
    [...asked].some((name) => ALIVE.test(name) || ENDED.test(name)) ||
    (teardown !== null && isSetBy(teardown, asked, file))
  );
}

const BEGINS =
  /^[_#]*(?:re)?(?:attempt|connect|fetch|init|join|load|open|poll|refresh|request|resume|retry|run|spawn|start|subscribe|sync|try)/i;

/**
 * Does what the timer runs begin the work of its owner once more, and ask nothing that the end of that owner answers?
 */
export function beginsAgain({ names }: Start, owner: Owner, file: Judge): boolean {
  const callback = names.get('callback');
  const fired = callback && file.values.functionOf(callback);
  const begun =
    fired && [fired, calledOnly(fired, file.values)].find((fn) => BEGINS.test((fn && functionName(fn)) ?? ''));
  return Boolean(begun && isPartOf(begun, owner.node) && runsOnAfter(begun, owner, file));
}

/**
 * Does a function ask nothing that the end of its owner answers? What it asks later, when its work is done, comes too
 * late.
 */
function runsOnAfter(fn: Fn, { teardown }: Owner, file: Judge): boolean {
  const asked = new Set<string>();
  const refused = new Set<string>();
  walk(file.sourceCode, fn.body, (at) => {
    if (isFunction(at)) return false;
    // `if (this.socket) return;` goes on after an end that forgets the socket.
    if (at.type === 'IfStatement' && leaves(at.consequent) && at.test.type === 'MemberExpression')
      refused.add(nameOf(at.test) ?? '');
    else if (at.type === 'IfStatement' || at.type === 'ConditionalExpression' || at.type === 'LogicalExpression')
      for (const name of namesIn('test' in at ? at.test : at.left, file)) asked.add(name);
    return undefined;
  });
  return (
    teardown !== null &&
    // What ends with the program, its timers do not outlive.
    !teardown.functions.some((one) => mayQuit(one, file.index, file.values)) &&
    ![...asked, ...refused].some((name) => ENDED.test(name)) &&
    !isSetBy(teardown, asked, file) &&
    !isSetBy(teardown, refused, file, (value) => !isFalsy(value))
  );
}

function isFalsy(value: Node): boolean {
  return value.type === 'Literal' ? !value.value : value.type === 'Identifier' && value.name === 'undefined';
}

/** The function that is all that another one calls. */
export function calledOnly({ body }: Fn, values: Values): Fn | null {
  const [only, ...more] = body.type === 'BlockStatement' ? body.body : [body];
  const value =
    only?.type === 'ExpressionStatement' ? only.expression : only?.type === 'ReturnStatement' ? only.argument : only;
  const called =
    value && bare(value.type === 'UnaryExpression' || value.type === 'AwaitExpression' ? value.argument : value);
  return called?.type === 'CallExpression' && more.length === 0 ? values.functionOf(called.callee) : null;
}

/** `() => controller.abort()`: is to cut short what is waited for all that a timer does? */
export function cutsShort({ names }: Start, { values }: Judge): boolean {
  const callback = names.get('callback');
  const fn = callback ? values.functionOf(callback) : null;
  // `setTimeout(abort, patience)`
  if (callback?.type === 'Identifier' && !fn) return CUTS.test(callback.name);
  const [only, second] = fn?.body.type === 'BlockStatement' ? fn.body.body : [fn?.body];
  const call = only && !second ? bare(only.type === 'ExpressionStatement' ? only.expression : only) : null;
  return call?.type === 'CallExpression' && CUTS.test(calleeName(call));
}

/** Is the delay so long that the owner may well end before? */
export function isLong({ names }: Start, values: Values): boolean {
  return delayOf(names.get('delay'), values) >= LONG;
}

/** What a short delay is called. */
const BRIEF = /anim|debounce|duration|ease|fade|frame|throttle|tick|transition/i;

/** Does what the timer runs, after a long time, call functions of its owner that ask nothing of its end? */
export function worksOnOwner({ names }: Start, owner: Owner, file: Judge): boolean {
  const { values } = file;
  const delay = names.get('delay');
  const callback = names.get('callback');
  // What an object literal holds, a module often keeps for good.
  if (
    !callback ||
    !delay ||
    owner.node.type === 'ObjectExpression' ||
    namesIn(delay, file).some((name) => BRIEF.test(name))
  )
    return false;
  const fired = values.functionOf(callback);
  if (!fired) return false;
  if (isPartOf(fired, owner.node) && !isInside(fired, callback)) return runsOnAfter(fired, owner, file);
  const called: Fn[] = [];
  let isMissing = false;
  walk(file.sourceCode, fired.body, (node) => {
    if (node.type !== 'CallExpression' || EMITS.test(calleeName(node))) return;
    const fn = values.functionOf(node.callee);
    const { root, path } = values.of(node.callee);
    if (fn && isPartOf(fn, owner.node) && !isInside(fn, fired)) called.push(fn);
    else if (!fn && root.kind === 'this' && root.of === owner.node && path.length === 1) isMissing = true;
  });
  return isMissing || called.length > 0
    ? runsOnAfter(fired, owner, file) && called.every((fn) => runsOnAfter(fn, owner, file))
    : false;
}

/** What tells others something, as nobody listens any more to what has ended, or only looks. */
const EMITS = /^_?(?:debug|dispatch\w*|emit|log|trigger|warn)$|^_?(?:get|has|is|to)[A-Z]/;

/** Can a promise settle later in another way than by what its executor starts? */
export function settlesElsewhere(executor: Fn, by: Node, { values }: Judge): boolean {
  return executor.params.some((parameter) => {
    const settle = parameter.type === 'Identifier' ? values.variable(parameter) : null;
    return (
      settle?.references.some(
        ({ identifier }) =>
          !isInside(identifier, by) &&
          (runOf(identifier) !== executor ||
            isGiven(identifier, by) ||
            /^(?:AssignmentExpression|Property)$/.test(identifier.parent?.type ?? '')),
      ) ?? false
    );
  });
}

/**
 * Is a settler given to something else than to another timer beside a timer, where one resolves and the other rejects?
 */
function isGiven(settler: Node, by: Node): boolean {
  const taken = argumentOf(settler);
  return taken !== null && (calleeName(taken.call) !== 'setTimeout' || by.type !== 'CallExpression');
}

/**
 * Does a name hold the handle that other runs of the same code write to, too, and that this one did not look at before?
 */
function isKeptOutside(start: Start, { index, values }: Judge): boolean {
  const handle = handleOf(start, values);
  const isBefore = (read: Node): boolean => runOf(read) === runOf(start.node) && read.range[0] < start.node.range[0];
  if (handle.kind === 'kept' && handle.refs.length > 0) return !mentions(handle, values, index).some(isBefore);
  const { parent } = handleNode(start, values);
  const variable =
    parent?.type === 'AssignmentExpression' && parent.left.type === 'Identifier' ? values.variable(parent.left) : null;
  const [definition] = variable?.defs ?? [];
  if (!variable || definition?.type !== 'Variable' || runOf(definition.node) === runOf(start.node)) return false;
  return !variable.references.some((reference) => reference.isRead() && isBefore(reference.identifier));
}

/** Does code run whenever something happens, by what its function is called? */
export function runsOften(start: Start): boolean {
  for (let fn = runOf(start.node); fn; fn = enclosingFunction(fn)) {
    const name = functionName(fn) ?? '';
    if (/^_?(?:on|handle)[A-Z]|debounce/i.test(name) || HAPPENS.test(name)) return !IN_TURNS.test(name);
  }
  return false;
}

/** What somebody does to a thing, or a thing does, again and again. */
const HAPPENS = /^(?:bump|changed?|input|keydown|moved?|resized?|scrolled|touch|typed?)$/;

/** What happens in turns with its opposite: a page is hidden once for each time that it is shown. */
const IN_TURNS = /visib|hid(?:e|den)|show|blur|focus|paus|resum|suspend|enter|leave|online|offline|(?:dis)?connect/i;

/** Does the same run clear another timer first, as whoever starts one again does? */
export function clearsAnother({ node }: Start, { index }: Judge): boolean {
  const list = statementAround(node)?.parent;
  return index.calls
    .of('clearTimeout')
    .some((call) => call.range[0] < node.range[0] && statementAround(call)?.parent === list);
}

/** The handle that its run clears before and that nothing is ever set to: this one was meant to be kept there. */
export function clearedUnset({ node, resource }: Start, { index, values }: Judge): Node | null {
  const ends = listed(resource.end).flatMap((text) => index.calls.of(wordOf(text)));
  const handles = ends.flatMap((call) => {
    const [handle] = call.arguments;
    return handle && call.range[0] < node.range[0] && runOf(call) === runOf(node) ? [handle] : [];
  });
  const isUnset = (handle: Node): boolean => {
    const { root, path } = values.of(handle);
    if (root.kind === 'this' && root.of && path.length === 1)
      return setTo(root.of, path[0]!, index, values).every(isNothing);
    return (
      root.kind === 'variable' &&
      path.length === 0 &&
      root.variable.defs[0]?.type === 'Variable' &&
      root.variable.references.every(({ writeExpr }) => !writeExpr || isNothing(writeExpr))
    );
  };
  return handles.find(isUnset) ?? null;
}

function statementAround(node: Node): Node | null {
  let at: Node | undefined = node;
  while (at && !at.type.endsWith('Statement')) at = at.parent;
  return at ?? null;
}

import { FINAL_EVENTS } from '../catalog/outcomes.js';
import { TEARDOWN_METHODS } from '../catalog/owners.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, functionName, isInside, returnedBy, runOf } from '../syntax/functions.js';
import { constructorOf, isMember } from '../syntax/members.js';
import { sameValue, type Value, type Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, dressed, type Fn, isFunction, nameOf, type Node, walk } from '../syntax/walk.js';
import { reachedFrom } from './endings.js';
import { type End, isWrappedIn } from './ends.js';
import type { Judge } from './judging.js';
import { isNothing, setTo, signalsIn } from './lives.js';
import type { Facts } from './match.js';
import { settlesElsewhere } from './one-shots.js';
import type { Owner, Teardown } from './owner.js';
import type { Start } from './starts.js';

/** Work that is over while the signal it was given lives on leaves its listener there, where other work adds its own. */
export function isOutlivedSignal(start: Start, { kind, teardown }: Owner, file: Judge): boolean {
  const { root, path } = signalOf(start, file) ?? { root: null, path: [] };
  if (!root) return false;
  if (root.kind === 'this') return kind === 'instance' && teardown !== null && isOfOptions(path);
  if (root.kind !== 'variable' || root.variable.defs[0]?.type !== 'Parameter') return false;
  const run = runOf(start.node);
  return Boolean(run && (run.async || isExecutor(run)) && !(path.length > 0 && isAbortedIn(run, root.variable, file)) && !endsResult(start, run, file) && !runsUntilAborted(run, { root, path }, file));
}

/** `signal.addEventListener('abort', () => server.close()); return { server };`: does a listener end what its run returns, which goes on? */
function endsResult({ names }: Start, run: Fn, { sourceCode, values }: Judge): boolean {
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  const given = returnedBy(run).flatMap((value) => (value.type === 'ObjectExpression' ? value.properties.flatMap((one) => (one.type === 'Property' ? [one.value as Node] : [])) : [value]));
  if (!fn || given.length === 0) return false;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
    found ||= callee?.type === 'MemberExpression' && TEARDOWN_METHODS.includes(nameOf(callee) ?? '') && given.some((value) => values.same(value, callee.object) === 'yes');
    return !found;
  });
  return found;
}

/** `while (!signal.aborted) { … }`: does a run go on until its signal aborts? */
function runsUntilAborted(run: Fn, signal: Value, { index, values }: Judge): boolean {
  return (index.members.get('aborted') ?? []).some((asked) => {
    const whole = dressed(asked);
    const test = whole.parent?.type === 'UnaryExpression' || whole.parent?.type === 'BinaryExpression' ? whole.parent : whole;
    return test.parent?.type === 'WhileStatement' && test.parent.test === test && runOf(asked) === run && sameValue(values.of(asked.object), signal) === 'yes';
  });
}

/** Does a function abort the controller that it was given? Then the work that it does is the controller's. */
function isAbortedIn(run: Fn, controller: Variable, { index, values }: Judge): boolean {
  return (index.calls.get('abort') ?? []).some(({ callee }) => {
    const method = bare(callee);
    const object = method.type === 'MemberExpression' ? bare(method.object) : null;
    return object?.type === 'Identifier' && isInside(object, run) && values.variable(object) === controller;
  });
}

/** Does a start listen to a signal that was passed in, itself or in an object? */
export function isGivenSignal(start: Start, file: Judge): boolean {
  const signal = signalOf(start, file);
  if (signal?.root.kind === 'this') return isOfOptions(signal.path);
  // The signal of a request is as old as the request.
  return signal?.root.kind === 'variable' && !isOfRequest(signal.root.variable, signal.path) && isPassed(signal.root.variable, file.values);
}

/** `this.options.signal` was given to the instance; `this.controller.signal` is its own. */
function isOfOptions(path: readonly string[]): boolean {
  return path.length > 1 && /^_?#?(?:opt|param|config|prop|init|request)/i.test(path.at(-2)!);
}

function isOfRequest({ name }: Variable, path: readonly string[]): boolean {
  return /^req(?:uest)?$/i.test([name, ...path].at(-2) ?? '');
}

/** Is it a parameter, or a `let` that is set to one or to a part of one? */
function isPassed({ defs: [definition], references }: Variable, values: Values): boolean {
  if (definition?.type === 'Parameter') return true;
  return definition?.type === 'Variable' && references.some(({ writeExpr }) => writeExpr && (isParameter(writeExpr, values) || isOption(writeExpr, values)));
}

/** `options.signal`, where the options are no controller that is made here. */
function isOption(value: Node, values: Values): boolean {
  const node = bare(value);
  return node.type === 'MemberExpression' && /signal$/i.test(nameOf(node) ?? '') && bare(node.object).type === 'Identifier' && values.initialOf(node.object)?.type !== 'NewExpression';
}

/** Is a start a link that is written by hand, from a signal that was passed in to a controller? */
export function isLink(start: Start, file: Judge): boolean {
  const listener = start.names.get('listener');
  const fn = listener && file.values.functionOf(listener);
  return Boolean(fn && isGivenSignal(start, file) && abortsAnother(fn, file));
}

/** The signal whose `abort` a start listens to, by its type or its name; of those that it combines, one that was passed in. */
function signalOf({ names }: Start, { values, oracle }: Judge): Value | null {
  const target = names.get('target');
  if (!target || values.text(names.get('type')) !== 'abort') return null;
  const signals = signalsIn(target, values).flatMap((one) => {
    const value = values.of(one);
    const name = value.path.at(-1) ?? (value.root.kind === 'variable' ? value.root.variable.name : '');
    return /signal$/i.test(name) || oracle.is(one, 'AbortSignal') === 'yes' ? [value] : [];
  });
  return signals.find(({ root }) => root.kind === 'variable' && root.variable.defs[0]?.type === 'Parameter') ?? signals[0] ?? null;
}

function isExecutor(run: Fn): boolean {
  const taken = argumentOf(run);
  return taken?.call.type === 'NewExpression' && calleeName(taken.call) === 'Promise';
}

/** Is the promise of an executor kept under a name, so that others may stop waiting for it? */
function isForOthers(executor: Fn, values: Values): boolean {
  const made = argumentOf(executor)?.call;
  return made !== undefined && fateOf(made, values).kind === 'local';
}

/** `once` takes a listener off when its signal aborts, which most signals never do: may the work be over long before? */
export function mayWaitForEver(start: Start, owner: Owner, file: Judge): boolean {
  const { values } = file;
  if (start.names.has('signal') || !isGivenSignal(start, file)) return false;
  const listener = start.names.get('listener');
  const fn = listener && values.functionOf(listener);
  if (fn && abortsAnother(fn, file)) return true;
  const run = runOf(start.node);
  return isOutlivedSignal(start, owner, file) && Boolean(run && (!isExecutor(run) || settlesElsewhere(run, fn ?? start.node, file) || isForOthers(run, file.values)));
}

/** Does a listener do nothing more once it has settled the promise that was made for it? Each promise adds one; what tells of the program's end adds none that matters. */
export function isOfAnswer(start: Start, { values }: Judge): boolean {
  const executor = runOf(start.node);
  const listener = start.names.get('listener');
  const [target, type] = [start.names.get('target'), values.text(start.names.get('type'))];
  if (!executor || !isExecutor(executor) || !listener || !target || FINAL_EVENTS.has(type ?? '') || values.origin(target) !== null) return false;
  const heard = values.functionOf(listener) ?? listener;
  const [settle] = executor.params;
  return settle?.type === 'Identifier' && (values.variable(settle)?.references.some(({ identifier }) => isInside(identifier, heard)) ?? false);
}

/** Does a function run each time that an event comes, which may come again, and for no other reason? */
export function isResponse(fn: Fn, file: Judge): boolean {
  const { values, index } = file;
  const name = functionName(fn);
  if (name !== null && (index.calls.get(name) ?? []).some((call) => values.functionOf(call.callee) === fn)) return false;
  let uses = 0;
  for (const start of file.starts('listener')) {
    const listener = start.names.get('listener');
    if (!listener || values.functionOf(listener) !== fn) continue;
    if (start.resource.endsItself === 'always' || start.names.has('once') || FINAL_EVENTS.has(values.text(start.names.get('type')) ?? '')) return false;
    uses += 1;
  }
  return uses > 0;
}

/** Is a listener removed by nothing but itself, when an event comes that it looks for, though the run that added it may be over before? */
export function mayOutlastItsRun(start: Start, ends: readonly End[], { values }: Judge): boolean {
  const listener = start.names.get('listener');
  const fn = listener && values.functionOf(listener);
  return Boolean(fn && runOf(start.node)?.async && ends.every(({ node }) => isInside(node, fn) && isChosen(node, fn)));
}

/** Does an async function wait for something after it added a listener, and not for what that one sets? */
export function waitsForOthers({ node, names }: Start, { sourceCode, values }: Judge): boolean {
  const run = runOf(node);
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  let found = false;
  let isTold = false;
  if (run?.async && fn) {
    walk(sourceCode, run.body, (at) => {
      if (isFunction(at)) return false;
      found ||= at.type === 'AwaitExpression' && at.range[0] > node.range[1];
      return !found;
    });
    walk(sourceCode, fn.body, (at) => {
      isTold ||= at.type === 'AssignmentExpression' && at.left.type === 'Identifier' && Boolean(values.variable(at.left)?.references.some(({ identifier }) => !isInside(identifier, fn) && runOf(identifier) === run && identifier.range[0] > node.range[1]));
      return !isTold;
    });
  }
  return found && !isTold;
}

/** Does a choice stand between a node and the function around it? */
function isChosen(node: Node, fn: Fn): boolean {
  for (let at: Node | undefined = node; at && at !== fn; at = at.parent) if (at.type === 'IfStatement' || at.type === 'ConditionalExpression' || at.type === 'LogicalExpression') return true;
  return false;
}

/** A link that is written by hand, as in `() => inner.abort()`. */
function abortsAnother(fn: Fn, { sourceCode }: Judge): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    found ||= node.type === 'CallExpression' && calleeName(node) === 'abort';
    return !found;
  });
  return found;
}

/** May what has an `on` be an emitter? Nobody uses what an emitter's `on` returns, and what keeps the listeners of others is a module's. */
export function isEmitter({ names, node }: Pick<Start, 'names' | 'node'>, { values }: Judge): boolean {
  const bus = names.get('bus');
  const { kind } = fateOf(node, values);
  return (kind === 'dropped' || kind === 'receiver') && (!bus || values.origin(bus) !== null);
}

/**
 * Was the target given to the owner, which has an end and does not end the target there?
 * What has an `on` and is passed in may be no emitter; who adds a named event and a function to it thinks it is.
 */
export function isGiven({ names, node }: Start, { kind, teardown }: Owner, file: Judge): boolean {
  const target = names.get('target');
  if (!isEmitter({ names, node }, file) || names.has('bus')) return false;
  if (!target || !teardown || node.arguments.length < 2 || (kind !== 'instance' && kind !== 'effect')) return false;
  if (!isEventName(names.get('type'), file) || !isListener(names.get('listener'), file)) return false;
  return isPassedIn(file.values.of(target), file) && !endedBy(teardown, file).some((ended) => isFrom(target, ended, file));
}

function isEventName(type: Node | null | undefined, { values }: Judge): boolean {
  if (!type) return false;
  const text = values.text(type);
  // Routes and selectors are no events.
  return text === null ? bare(type).type === 'MemberExpression' || /^[A-Z][A-Z\d_]+$/.test(bare(type).type === 'Identifier' ? (bare(type) as { name: string }).name : '') : /^[\w:.-]+$/.test(text);
}

function isListener(listener: Node | null | undefined, { values }: Judge): boolean {
  if (!listener) return false;
  const node = bare(listener);
  return isFunction(node) || values.functionOf(node) !== null || (node.type === 'CallExpression' && calleeName(node) === 'bind') || (node.type === 'MemberExpression' && values.of(node).root.kind === 'this');
}

/**
 * `this.media = null`: does an instance that lives on forget the target that it was given, and that keeps a listener which nobody can name?
 * What it ends before is gone with its listeners.
 */
export function isLetGo({ names }: Start, { teardown }: Owner, { values, index }: Judge): boolean {
  const target = names.get('target');
  const listener = names.get('listener');
  const { root, path } = target ? values.of(target) : { root: null, path: [] };
  const [name] = path;
  const body = root?.kind === 'this' ? root.of : null;
  if (!body || name === undefined || !listener || values.of(listener).root.kind !== 'fresh') return false;
  const made = constructorOf(body);
  const given = setTo(body, name, index, values);
  const isForgotten = (index.members.get(name) ?? []).some((member) => {
    const { parent } = member;
    return parent?.type === 'AssignmentExpression' && parent.left === member && isNothing(parent.right) && runOf(member) !== made && !teardown?.functions.some((fn) => isInside(member, fn));
  });
  const isEnded = (index.members.get(name) ?? []).some((member) => member.parent?.type === 'MemberExpression' && ENDS.has(nameOf(member.parent) ?? ''));
  return isForgotten && !isEnded && given.some((value) => !isNothing(value) && isParameter(value, values)) && given.every((value) => isNothing(value) || isParameter(value, values));
}

/** Is the target a parameter of a function around the one that adds the listener, so that it was there before? */
export function isHandedIn({ names }: Start, { values }: Judge): boolean {
  const target = names.get('target');
  const { root, path } = target ? values.of(target) : { root: null, path: [] };
  return root?.kind === 'variable' && path.length === 0 && root.variable.defs[0]?.type === 'Parameter';
}

/** A parameter, or a field that is set to one. */
function isPassedIn({ root, path }: Value, file: Judge): boolean {
  if (root.kind === 'variable') return !root.variable.name.startsWith('$') && isFromOutside(root.variable, file);
  if (root.kind !== 'this' || !root.of || path[0] === undefined) return false;
  const made = constructorOf(root.of);
  if (made?.params.some((parameter) => parameter.type === 'TSParameterProperty' && nameOfParameter(parameter.parameter) === path[0])) return true;
  const given = setTo(root.of, path[0], file.index, file.values);
  return given.length > 0 && given.every((value) => isNothing(value) || isParameter(value, file.values)) && given.some((value) => !isNothing(value));
}

/** Is a variable a parameter of a component, or of a member that this file does not call: who calls it itself may pass what is its own. */
function isFromOutside({ defs: [definition] }: Variable, { values, index }: Judge): boolean {
  const fn = definition?.type === 'Parameter' && isFunction(definition.node) ? definition.node : null;
  if (!fn) return false;
  const name = functionName(fn);
  const isCalled = name !== null && (index.calls.get(name) ?? []).some((call) => values.functionOf(call.callee) === fn);
  return !isCalled && (isMember(fn) || /^(?:use)?[A-Z]/.test(name ?? ''));
}

function nameOfParameter(parameter: Node): string | null {
  const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return name.type === 'Identifier' ? name.name : null;
}

function isParameter(value: Node, values: Values): boolean {
  const { root } = values.of(value);
  return root.kind === 'variable' && root.variable.defs[0]?.type === 'Parameter';
}

const ENDS = new Set(TEARDOWN_METHODS);
const ended = new WeakMap<Teardown, readonly Node[]>();

/** What a teardown ends: what it calls an ending method of. */
function endedBy(teardown: Teardown, file: Judge): readonly Node[] {
  const known = ended.get(teardown);
  if (known) return known;
  const found: Node[] = [];
  for (const fn of reachedFrom(teardown.functions, file)) {
    walk(file.sourceCode, fn.body, (node) => {
      const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
      if (callee?.type === 'MemberExpression' && ENDS.has(nameOf(callee) ?? '')) found.push(callee.object);
    });
  }
  ended.set(teardown, found);
  return found;
}

/** Is a target something else, or a part of it? */
function isFrom(target: Node, other: Node, { values }: Facts): boolean {
  const one = values.of(target);
  const two = values.of(other);
  if (two.root.kind === 'this' && two.path.length === 0) return false;
  const whole = { root: one.root, path: one.path.slice(0, two.path.length) };
  return one.root.kind === two.root.kind && one.path.length >= two.path.length && sameValue(whole, two) === 'yes';
}

/** Whoever removes with another flag, or with a function made on the spot, meant to remove this one. */
export function isMeantFor({ node, differs, sure }: End, start: Start, file: Judge): boolean {
  const { values } = file;
  if (differs === 'capture') return sure === 'yes';
  if (differs === 'type') return start.sure === 'yes' && isNeverAdded(node.arguments[0], file);
  return differs === 'listener' && start.sure === 'yes' && node.arguments.some((argument) => isMadeHere(argument, values) || isWrappedIn(start.names.get('listener'), argument, values));
}

/** `source.off('sales', listener)`, where the file listens to `sale` and to nothing of this name: is the event misspelt? */
function isNeverAdded(type: Node | undefined, file: Judge): boolean {
  const text = type && file.values.text(type);
  return typeof text === 'string' && !file.starts('listener').some(({ names }) => [text, null].includes(file.values.text(names.get('type'))));
}

function isMadeHere(argument: Node, values: Values): boolean {
  const { root } = values.of(argument);
  return root.kind === 'fresh' && root.node === bare(argument) && (isFunction(root.node) || root.node.type === 'CallExpression');
}

/** `if (app.isReady) start(); else app.once('ready', start);`: whoever asks whether the event has come waits for one that comes. */
export function isAskedFirst({ node, names }: Start, { sourceCode, values }: Judge): boolean {
  const target = names.get('target');
  for (let at: Node | undefined = node; target && at?.parent && !isFunction(at); at = at.parent) {
    const { parent }: Node = at;
    if (parent?.type !== 'IfStatement' || parent.test === at) continue;
    let isAsked = false;
    walk(sourceCode, parent.test, (part) => {
      isAsked ||= part.type === 'MemberExpression' && values.same(part.object, target) === 'yes';
      return !isAsked;
    });
    if (isAsked) return true;
  }
  return false;
}

/** `app.once('ready', …); app.emit('ready')`: the event is certain to come. */
export function isFiredHere(start: Start, { index, values }: Judge): boolean {
  const type = start.names.get('type');
  return (index.calls.get('emit') ?? []).some((call) => call.arguments[0] && type && runOf(call) === runOf(start.node) && values.same(call.arguments[0], type) === 'yes');
}

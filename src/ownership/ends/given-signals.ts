import { TEARDOWN_METHODS } from '../../catalog/owners.js';
import { fateOf } from '../../syntax/fate.js';
import {
  argumentOf,
  enclosingFunction,
  isExecutor,
  isInside,
  returnedBy,
  runOf,
  UNLISTENS,
} from '../../syntax/functions.js';
import { constructorOf } from '../../syntax/members.js';
import { sameValue, type Value, type Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  dressed,
  type Fn,
  isClass,
  isFunction,
  nameOf,
  type Node,
  walk,
} from '../../syntax/walk.js';
import { signalsIn } from '../owners/lives.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { settlesElsewhere } from '../verdict/one-shots.js';
import { isParameter, isPassedIn } from './passed-in.js';
import { settlersOf } from './settling.js';

/**
 * Work that is over while the signal it was given lives on leaves its listener there, where other work adds its own.
 */
export function isOutlivedSignal(start: Start, owner: Owner, file: Judge): boolean {
  const { kind, teardown } = owner;
  const { root, path } = signalOf(start, file) ?? { root: null, path: [] };
  if (!root) return false;
  if (root.kind === 'this') return kind === 'instance' && teardown !== null && isGivenField({ root, path }, file);
  const run = runOf(start.node);
  if (!isOfModule({ root, path })) {
    if (root.kind !== 'variable' || !isOfParameter(root.variable, path, file.values)) return false;
    if (path.length > 0 && run && isAbortedIn(run, root.variable, file)) return false;
  }
  if (!run) return false;
  return (
    makes(run, owner) ||
    ((run.async || isExecutor(run)) &&
      !endsResult(start, run, file) &&
      !isAwaitedHere(start, run, file) &&
      !runsUntilAborted(run, { root, path }, file))
  );
}

/** `if (signal.aborted) reject(signal.reason)`: does a node stand where the abort has come already? */
function isOfAborted(node: Node): boolean {
  let at = node;
  while (at.parent && !isFunction(at) && at.parent.type !== 'IfStatement') at = at.parent;
  if (at.parent?.type !== 'IfStatement' || at.parent.consequent !== at) return false;
  const test = bare(at.parent.test);
  return test.type === 'MemberExpression' && nameOf(test) === 'aborted';
}

/** Is it the run that makes an instance with an end: its constructor, or the function that returns it? */
function makes(run: Fn, { kind, node, teardown }: Owner): boolean {
  return (
    kind === 'instance' &&
    (teardown?.functions.length ?? 0) > 0 &&
    (node === run || (isClass(node) && constructorOf(node) === run))
  );
}

/**
 * `await new Promise((resolve) => signal.addEventListener('abort', () => resolve()))`: is there nothing to wait for but
 * the abort itself?
 */
function isAwaitedHere({ names }: Start, executor: Fn, { values }: Judge): boolean {
  const made = isExecutor(executor) ? argumentOf(executor)?.call : undefined;
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  const settlers = settlersOf(executor).flatMap((one) => values.variable(one)?.references ?? []);
  const isTold = (settler: Node): boolean => isInside(settler, fn!) || isOfAborted(settler);
  if (!made || !fn || settlers.length === 0 || !settlers.every(({ identifier }) => isTold(identifier))) return false;
  const fate = fateOf(made, values);
  const reads = fate.kind === 'local' ? fate.variable.references.filter((reference) => reference.isRead()) : [];
  return (
    fate.kind === 'awaited' ||
    (reads.length > 0 && reads.every(({ identifier }) => fateOf(identifier, values).kind === 'awaited'))
  );
}

/**
 * `signal.addEventListener('abort', () => server.close()); return { server };`: does a listener end what its run
 * returns, which goes on?
 */
function endsResult({ names }: Start, run: Fn, { sourceCode, values }: Judge): boolean {
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  const given = returnedBy(run).flatMap((value) =>
    value.type === 'ObjectExpression'
      ? value.properties.flatMap((one) => (one.type === 'Property' ? [one.value as Node] : []))
      : [value],
  );
  if (!fn || given.length === 0) return false;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
    found ||=
      callee?.type === 'MemberExpression' &&
      TEARDOWN_METHODS.includes(nameOf(callee) ?? '') &&
      given.some((value) => values.same(value, callee.object) === 'yes');
    return !found;
  });
  return found;
}

/** Is a start a listener for the abort that its run goes on until? */
export function isEndOfRun(start: Start, file: Judge): boolean {
  const run = runOf(start.node);
  const signal = run && signalOf(start, file);
  return Boolean(
    signal && run && !isExecutor(run) && isGivenSignal(start, file) && runsUntilAborted(run, signal, file),
  );
}

// What ends something that goes on by itself; a process that is killed may be done long before.
const CLOSES = ['close', 'disconnect', 'dispose', 'stop', 'unsubscribe'];
const STOPS = ['clearInterval', ...UNLISTENS];

/**
 * `while (!signal.aborted) { … }`, `signal.addEventListener('abort', () => clearInterval(ticks))`: does a run go on, or
 * what it has started, until its signal aborts?
 */
function runsUntilAborted(run: Fn, signal: Value, { index, values }: Judge): boolean {
  const isAbort = (call: Call): boolean => {
    const callee = bare(call.callee);
    return (
      calleeName(call) === 'addEventListener' &&
      callee.type === 'MemberExpression' &&
      values.text(call.arguments[0]) === 'abort' &&
      sameValue(values.of(callee.object), signal) === 'yes'
    );
  };
  const isOnAbort = (node: Node): boolean => {
    const fn = runOf(node);
    const taken = fn && isInside(fn, run) ? argumentOf(fn)?.call : undefined;
    return taken !== undefined && isAbort(taken);
  };
  const stops = STOPS.flatMap((name) => index.calls.of(name)).filter((call) => isInside(call, run));
  const isOnlyStop = (call: Call): boolean =>
    stops.every(
      (other) => isOnAbort(other) || !call.arguments.every((one, at) => isAlike(one, other.arguments[at], values)),
    );
  if (stops.some((call) => isOnAbort(call) && isOnlyStop(call))) return true;
  // `signal.addEventListener('abort', () => watcher.close())`
  const closes = CLOSES.flatMap((name) => index.calls.of(name)).flatMap((call) => {
    const callee = bare(call.callee);
    return callee.type === 'MemberExpression' && isInside(call, run) ? [{ call, object: callee.object }] : [];
  });
  const isOfRun = ({ root }: Value): boolean =>
    root.kind === 'variable' &&
    root.variable.defs.some(({ type, name }) => type === 'Variable' && runOf(name) === run) &&
    root.variable.references.every(({ identifier, init }) => init || fateOf(identifier, values).kind === 'receiver');
  const isIfAborted = (node: Node): boolean =>
    index.members
      .of('aborted')
      .some(({ parent }) => parent.type === 'IfStatement' && isInside(node, parent.consequent));
  const isOnlyClose = (object: Node): boolean =>
    closes.every(
      (other) => isOnAbort(other.call) || isIfAborted(other.call) || values.same(object, other.object) !== 'yes',
    );
  if (closes.some(({ call, object }) => isOnAbort(call) && isOfRun(values.of(object)) && isOnlyClose(object)))
    return true;
  return index.members.of('aborted').some((asked) => {
    const whole = dressed(asked);
    const test =
      whole.parent?.type === 'UnaryExpression' || whole.parent?.type === 'BinaryExpression' ? whole.parent : whole;
    return (
      test.parent?.type === 'WhileStatement' &&
      test.parent.test === test &&
      runOf(asked) === run &&
      sameValue(values.of(asked.object), signal) === 'yes'
    );
  });
}

function isAlike(one: Node, other: Node | undefined, values: Values): boolean {
  return other !== undefined && (values.same(one, other) === 'yes' || values.text(one) === (values.text(other) ?? NaN));
}

/** Does a function abort the controller that it was given? Then the work that it does is the controller's. */
function isAbortedIn(run: Fn, controller: Variable, { index, values }: Judge): boolean {
  return index.calls.of('abort').some(({ callee }) => {
    const method = bare(callee);
    const object = method.type === 'MemberExpression' ? bare(method.object) : null;
    return object?.type === 'Identifier' && isInside(object, run) && values.variable(object) === controller;
  });
}

/** Does a start listen to a signal that was passed in, itself or in an object? */
export function isGivenSignal(start: Start, file: Judge): boolean {
  const signal = signalOf(start, file);
  if (signal?.root.kind === 'this') return isGivenField(signal, file);
  if (signal && isOfModule(signal)) return true;
  // The signal of a request is as old as the request.
  return (
    signal?.root.kind === 'variable' &&
    !isOfRequest(signal.root.variable, signal.path) &&
    (isOfParameter(signal.root.variable, signal.path, file.values) || isPassed(signal.root.variable, file.values))
  );
}

/** `closing.signal`, of a controller that the whole program has. */
function isOfModule({ root }: Value): boolean {
  const [definition] = root.kind === 'variable' ? root.variable.defs : [];
  return (
    root.kind === 'import' ||
    (definition?.type === 'Variable' &&
      definition.node.init?.type === 'NewExpression' &&
      !enclosingFunction(definition.node))
  );
}

/** `this.options.signal`, or `this.signal` for what the constructor is given. */
function isGivenField(field: Value, file: Judge): boolean {
  return isOfOptions(field.path) || (field.path.length === 1 && isPassedIn(field, file));
}

/** `this.options.signal` was given to the instance; `this.controller.signal` is its own. */
function isOfOptions(path: readonly string[]): boolean {
  return path.length > 1 && /^_?#?(?:opt|param|config|prop|init|request)/i.test(path.at(-2)!);
}

function isOfRequest({ name }: Variable, path: readonly string[]): boolean {
  return /^req(?:uest)?$/i.test([name, ...path].at(-2) ?? '');
}

/**
 * `options`, or the `config` in `const config = withDefaults(options)` where it is a part of that. A controller that is
 * handed over is for its new holder to abort.
 */
function isOfParameter({ defs: [definition], name }: Variable, path: readonly string[], values: Values): boolean {
  if (definition?.type === 'Parameter') return !(path.join() === 'signal' && /controller$/i.test(name));
  const init =
    definition?.type === 'Variable' && path.length > 0 && definition.node.init ? bare(definition.node.init) : null;
  if (/controller|abort/i.test(name)) return false;
  const made = init && (init.type === 'AwaitExpression' ? bare(init.argument) : init);
  if (made && made.type === 'CallExpression') return made.arguments.some((one) => isParameter(one, values));
  return (
    made?.type === 'ObjectExpression' &&
    made.properties.some((one) => one.type === 'SpreadElement' && isParameter(one.argument, values))
  );
}

/** Is it a `let` that is set to a parameter or to a part of one? */
function isPassed({ defs: [definition], references }: Variable, values: Values): boolean {
  return (
    definition?.type === 'Variable' &&
    references.some(({ writeExpr }) => writeExpr && (isParameter(writeExpr, values) || isOption(writeExpr, values)))
  );
}

/** `options.signal`, where the options are no controller that is made here. */
function isOption(value: Node, values: Values): boolean {
  const node = bare(value);
  return (
    node.type === 'MemberExpression' &&
    /signal$/i.test(nameOf(node) ?? '') &&
    bare(node.object).type === 'Identifier' &&
    values.initialOf(node.object)?.type !== 'NewExpression'
  );
}

/** Is a start a link that is written by hand, from a signal that was passed in to a controller? */
export function isLink(start: Start, file: Judge): boolean {
  const listener = start.names.get('listener');
  const fn = listener && file.values.functionOf(listener);
  return Boolean(fn && isGivenSignal(start, file) && abortsAnother(fn, file));
}

/**
 * The signal whose `abort` a start listens to, by its type or its name; of those that it combines, one that was passed
 * in.
 */
function signalOf({ names }: Start, { values, oracle, index }: Judge): Value | null {
  const target = names.get('target');
  if (!target || values.text(names.get('type')) !== 'abort') return null;
  const signals = signalsIn(target, values).flatMap((one) => {
    const value = values.of(one);
    const name = value.path.at(-1) ?? (value.root.kind === 'variable' ? value.root.variable.name : '');
    const isNamed =
      /signal$/i.test(name) || index.members.of('reason').some(({ object }) => isAlike(object, one, values));
    return isNamed || oracle.is(one, 'AbortSignal') === 'yes' ? [value] : [];
  });
  return (
    signals.find(({ root, path }) => root.kind === 'variable' && isOfParameter(root.variable, path, values)) ??
    signals[0] ??
    null
  );
}

/** Is the promise of an executor kept under a name, so that others may stop waiting for it? */
function isForOthers(executor: Fn, values: Values): boolean {
  const made = argumentOf(executor)?.call;
  return made !== undefined && fateOf(made, values).kind === 'local';
}

/**
 * `once` takes a listener off when its signal aborts, which most signals never do: may the work be over long before?
 */
export function mayWaitForEver(start: Start, owner: Owner, file: Judge): boolean {
  const { values } = file;
  if (start.names.has('signal') || !isGivenSignal(start, file)) return false;
  const listener = start.names.get('listener');
  const fn = listener && values.functionOf(listener);
  if (fn && abortsAnother(fn, file)) return true;
  const run = runOf(start.node);
  return (
    isOutlivedSignal(start, owner, file) &&
    Boolean(run && (!isExecutor(run) || settlesElsewhere(run, fn ?? start.node, file) || isForOthers(run, file.values)))
  );
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

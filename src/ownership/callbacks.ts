import { resultCanReject } from '../flow/rejects.js';
import { isInside } from '../syntax/functions.js';
import { bare, calleeName, type Fn, isFunction, nameOf, type Node, walk } from '../syntax/walk.js';
import type { Start } from './starts.js';
import type { Judge } from './verdict.js';

/** A callback that gives a promise to something that does not wait for it. */
export interface Unawaited {
  readonly start: Start;
  readonly callback: Fn;
  /** `rejectionLost`: its failure reaches nobody. `runsPileUp`: the next run begins whether this one is done or not. */
  readonly why: 'rejectionLost' | 'runsPileUp';
  /** Do its runs overlap? */
  readonly overlaps: boolean;
  /** Does this file show what fails, so that it is no guess? */
  readonly certain: boolean;
}

/** The callbacks of timers and events whose promise is lost, or whose runs overlap. */
export function unawaitedCallbacks(file: Judge): Unawaited[] {
  return (['interval', 'timeout', 'listener'] as const)
    .flatMap((kind) => file.starts(kind).flatMap((start) => unawaited(start, file) ?? []))
    .sort((one, other) => one.start.node.range[0] - other.start.node.range[0]);
}

function unawaited(start: Start, file: Judge): Unawaited | null {
  const given = start.names.get('callback') ?? start.names.get('listener');
  const callback = given && file.values.functionOf(given);
  if (!callback || callback.generator || start.sure !== 'yes' || !givesPromise(callback, file)) return null;
  const overlaps = start.resource.kind === 'interval' && !hasGuard(callback, file);
  if (resultCanReject(callback, file.values) && !capturesRejections(start, file)) {
    return { start, callback, why: 'rejectionLost', overlaps, certain: isTaken(start, file) && failsHere(callback, file) };
  }
  return overlaps && waits(callback, file) ? { start, callback, why: 'runsPileUp', overlaps, certain: false } : null;
}

function givesPromise(callback: Fn, { oracle }: Judge): boolean {
  return callback.async || (callback.body.type !== 'BlockStatement' && oracle.isPromise(callback.body) === 'yes');
}

/** Does the failure end the process, or at least the run? In a page, only a console shows it. */
function isTaken({ resource, names }: Start, { oracle }: Judge): boolean {
  const target = names.get('target');
  if (resource.kind !== 'listener') return true;
  return Boolean(target && (oracle.is(target, 'node:events.EventEmitter') === 'yes' || oracle.is(target, 'AbortSignal') === 'yes'));
}

/** Is there a `throw` in the file that the callback runs into, or a request that can fail? */
function failsHere(callback: Fn, file: Judge, seen = new Set<Fn>()): boolean {
  if (seen.has(callback)) return false;
  seen.add(callback);
  let found = false;
  walk(file.sourceCode, callback.body, (node) => {
    if (found || isFunction(node)) return false;
    if (node.type === 'TryStatement' && node.handler) return false;
    if (node.type === 'ThrowStatement') found = true;
    if (node.type === 'CallExpression') {
      const called = file.values.functionOf(node.callee);
      if (called && !isCaught(node)) found ||= failsHere(called, file, seen);
    }
    return undefined;
  });
  return found;
}

/** Does a `catch` of its own handle the call's failure? */
function isCaught(call: Node): boolean {
  const { parent } = call;
  return parent?.type === 'MemberExpression' && ['catch', 'then'].includes(nameOf(parent) ?? '');
}

/** `new EventEmitter({ captureRejections: true })` makes an `error` event of a rejection. */
function capturesRejections({ names }: Start, { values, index }: Judge): boolean {
  if (index.members.has('captureRejections')) return true;
  const target = names.get('target');
  const { root } = target ? values.of(target) : { root: null };
  const [definition] = root?.kind === 'variable' ? root.variable.defs : [];
  const made = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  const options = made?.type === 'NewExpression' ? made.arguments[0] : undefined;
  return options?.type === 'ObjectExpression' && options.properties.some((property) => property.type === 'Property' && nameOf(property) === 'captureRejections');
}

function waits(callback: Fn, { sourceCode }: Judge): boolean {
  let found = false;
  walk(sourceCode, callback.body, (node) => {
    if (isFunction(node)) return false;
    found ||= node.type === 'AwaitExpression';
    return !found;
  });
  return found;
}

/** `if (busy) return;` first, on something that the callback itself sets; or a timer that stops itself before it waits. */
function hasGuard(callback: Fn, { values, sourceCode, index }: Judge): boolean {
  if (callback.body.type !== 'BlockStatement') return false;
  const [first] = callback.body.body;
  if (['clearInterval', 'clearTimeout'].some((name) => (index.calls.get(name) ?? []).some((call) => isInside(call, callback)))) return true;
  if (first?.type !== 'IfStatement') return false;
  let isSet = false;
  walk(sourceCode, callback.body, (node) => {
    if (node.type === 'AssignmentExpression' && testsOf(first.test).some((test) => values.same(test, node.left) === 'yes')) isSet = true;
    if (node.type === 'CallExpression' && /lock|acquire|add|set/i.test(calleeName(node)) && isInside(node, first)) isSet = true;
    return !isSet;
  });
  return isSet;
}

function testsOf(test: Node): Node[] {
  const node = bare(test);
  if (node.type === 'LogicalExpression') return [...testsOf(node.left), ...testsOf(node.right)];
  if (node.type === 'UnaryExpression') return testsOf(node.argument);
  if (node.type === 'BinaryExpression') return [bare(node.left), bare(node.right)];
  return [node];
}

import type { TSESTree } from '@typescript-eslint/utils';
import { BURSTS, CALL_LATER, HANDLER_PROPERTIES, SERVERS } from '../../catalog/events.js';
import { LINKS } from '../../flow/chains.js';
import { resultCanReject } from '../../flow/rejects.js';
import { memoize } from '../../maps.js';
import { enclosingFunction, isInside, returnedBy, runOf, thisBody } from '../../syntax/functions.js';
import { memberNamed } from '../../syntax/members.js';
import {
  bare,
  type Call,
  calleeName,
  dressed,
  type Fn,
  isFunction,
  nameOf,
  type Node,
  walk,
} from '../../syntax/walk.js';
import type { Judge } from '../verdict/judging.js';

/** A callback that gives a promise to something that does not wait for it. */
export interface Unawaited {
  /** The call that takes it, or the assignment. */
  readonly node: Call | TSESTree.AssignmentExpression;
  readonly callback: Fn;
  /** `rejectionLost`: its failure reaches nobody. `runsPileUp`: the next run begins whether this one is done or not. */
  readonly why: 'rejectionLost' | 'runsPileUp';
  /** Does an interval begin the next run while this one goes on? */
  readonly overlaps: boolean;
  /** Does this file show what fails, so that it is no guess? */
  readonly certain: boolean;
}

/** Is a function given to what calls it later and does not wait for it? */
export function isGivenUnawaited(fn: Fn, file: Judge): boolean {
  return callbacksOf(file).functions.has(fn);
}

/** Where a function is given to what calls it later. */
interface Given {
  readonly node: Unawaited['node'];
  readonly callback: Node;
  readonly kind: 'burst' | 'event' | 'interval' | 'timeout';
  /** Whose events call it; null for timers. */
  readonly target: Node | null;
}

/** The callbacks of timers and events whose promise is lost, or whose runs overlap. */
export function unawaitedCallbacks(file: Judge): Unawaited[] {
  const known = callbacksOf(file);
  return (known.unawaited ??= known.given
    .flatMap((given) => unawaited(given, file) ?? [])
    .sort((one, other) => one.node.range[0] - other.node.range[0]));
}

interface Callbacks {
  readonly given: readonly Given[];
  /** Those of this file. */
  readonly functions: ReadonlySet<Fn | null>;
  unawaited?: Unawaited[];
}

/** What a file gives to what calls it later, looked for once. */
const callbacksOf = memoize((file: Judge): Callbacks => {
  const given = [...catalogued(file), ...others(file)];
  return { given, functions: new Set(given.map(({ callback }) => file.values.functionOf(callback))) };
});

function* catalogued(file: Judge): Iterable<Given> {
  for (const kind of ['interval', 'timeout', 'listener'] as const) {
    for (const { node, names, sure, resource } of file.starts(kind)) {
      const callback = names.get('callback') ?? names.get('listener');
      if (!callback || resource.isAnswered) continue;
      // Others that are called `on` may wait for what they call.
      if (sure !== 'yes' && calleeName(node) !== 'addEventListener' && !isTakenOff(node, callback, file)) continue;
      const isBurst = BURSTS.has(file.values.text(names.get('type')) ?? '');
      yield {
        node,
        callback,
        kind: kind !== 'listener' ? kind : isBurst ? 'burst' : 'event',
        target: kind === 'listener' ? (names.get('target') ?? node) : null,
      };
    }
  }
}

/** `jobs.off('job', onJob)`: what also takes a listener off is an emitter. */
function isTakenOff({ callee, arguments: [type] }: Call, listener: Node, { index, values }: Judge): boolean {
  const on = bare(callee);
  return ['off', 'removeListener'].some((name) =>
    index.calls.of(name).some((call) => {
      const off = bare(call.callee);
      const [from, taken] = call.arguments;
      return (
        on.type === 'MemberExpression' &&
        off.type === 'MemberExpression' &&
        taken !== undefined &&
        values.text(type) === values.text(from) &&
        values.same(off.object, on.object) === 'yes' &&
        values.same(taken, listener) === 'yes'
      );
    }),
  );
}

/**
 * What nobody has to end: the listener of a server of its own, a property of an event target, and what only runs a
 * little later.
 */
function* others({ index, values, oracle }: Judge): Iterable<Given> {
  for (const node of index.calls.of('createServer')) {
    const callback = node.arguments.at(-1);
    if (callback && SERVERS.has(values.origin(node.callee)?.replace(/\.createServer$/, '') ?? ''))
      yield { node, callback, kind: 'event', target: node };
  }
  for (const [name, origin] of Object.entries(CALL_LATER)) {
    for (const node of index.calls.of(name)) {
      const [callback] = node.arguments;
      if (callback && values.origin(node.callee) === origin) yield { node, callback, kind: 'timeout', target: null };
    }
  }
  for (const name of HANDLER_PROPERTIES) {
    for (const member of index.members.of(name)) {
      const node = dressed(member).parent;
      if (
        node?.type !== 'AssignmentExpression' ||
        node.left !== member ||
        oracle.is(member.object, 'EventTarget') !== 'yes'
      )
        continue;
      yield { node, callback: node.right, kind: BURSTS.has(name.slice(2)) ? 'burst' : 'event', target: member.object };
    }
  }
}

function unawaited(given: Given, file: Judge): Unawaited | null {
  const { node, kind } = given;
  const callback = file.values.functionOf(given.callback);
  if (!callback || callback.generator) return null;
  const workers = workersOf(callback, file);
  const worker = workers.find((one) => one.async) ?? callback;
  const isBusy = [callback, ...workers].some((one) => hasGuard(one, file));
  const overlaps = kind === 'interval' && !isBusy && goesOn(worker, file);
  if (!givesPromise(callback, file))
    return overlaps && worker.async && waits(worker.body, file) && !endsWithRun(node, file)
      ? { node, callback, why: 'runsPileUp', overlaps, certain: false }
      : null;
  if (resultCanReject(callback, file.values) && !capturesRejections(given, file)) {
    return {
      node,
      callback,
      why: 'rejectionLost',
      overlaps,
      certain: isTaken(given, file) && failsHere(callback, file),
    };
  }
  const isRepeated =
    kind === 'interval' || kind === 'burst' || (kind === 'timeout' && startsBeforeItsEnd(node, worker, file));
  return isRepeated && waits(worker.body, file) && !isBusy && !(kind === 'burst' && replacesItself(worker, file))
    ? { node, callback, why: 'runsPileUp', overlaps, certain: false }
    : null;
}

/** `const timer = setInterval(…); await work(); clearInterval(timer);`: is an interval over when its run is? */
function endsWithRun(interval: Node, { index }: Judge): boolean {
  const run = runOf(interval);
  return index.calls.of('clearInterval').some((call) => runOf(call) === run && call.range[0] > interval.range[1]);
}

/**
 * What runs when a callback does: `poll` for `() => this.poll()`, which runs as long as what it returns, and for
 * `() => { this.poll().catch(report); }`; all of them for `() => { Promise.all([poll(), send()]).catch(report); }`.
 */
function workersOf(callback: Fn, { values }: Judge): Fn[] {
  if (callback.async) return [callback];
  const { body } = callback;
  const only = body.type === 'BlockStatement' && body.body.length === 1 ? body.body[0]! : body;
  let at = bare(only.type === 'ExpressionStatement' ? only.expression : only);
  if (at.type === 'UnaryExpression') at = bare(at.argument);
  for (;;) {
    const callee = at.type === 'CallExpression' ? bare(at.callee) : null;
    if (callee?.type !== 'MemberExpression' || !LINKS.has(nameOf(callee) ?? '')) break;
    at = bare(callee.object);
  }
  if (at.type !== 'CallExpression') return [];
  const [list] = at.arguments;
  const calls =
    list?.type === 'ArrayExpression' && /^Promise\.(?:all|allSettled)$/.test(values.origin(at.callee) ?? '')
      ? list.elements
      : [at];
  return calls.flatMap((call) => (call?.type === 'CallExpression' && values.functionOf(call.callee)) || []);
}

/** Does a function set the timer of its next run before it waits for its work? */
function startsBeforeItsEnd(node: Node, worker: Fn, { sourceCode }: Judge): boolean {
  if (enclosingFunction(node) !== worker) return false;
  let isBefore = true;
  walk(sourceCode, worker.body, (one) => {
    if (isFunction(one)) return false;
    if (one.type === 'AwaitExpression' && one.range[0] < node.range[0]) isBefore = false;
    return isBefore;
  });
  return isBefore;
}

/** Does a run end the one before, or find out that a later one has begun? */
function replacesItself(worker: Fn, { index, sourceCode, values }: Judge): boolean {
  if (['abort', 'cancel', 'unsubscribe'].some((name) => index.calls.of(name).some((call) => isInside(call, worker))))
    return true;
  const counters: Node[] = [];
  const compared: Node[] = [];
  walk(sourceCode, worker.body, (node) => {
    if (node.type === 'UpdateExpression') counters.push(node.argument);
    else if (node.type === 'AssignmentExpression' && node.operator === '+=') counters.push(node.left);
    else if (node.type === 'BinaryExpression') compared.push(node.left, node.right);
  });
  return compared.some((one) => counters.some((counter) => values.same(one, counter) === 'yes'));
}

function givesPromise(callback: Fn, { oracle }: Judge): boolean {
  return callback.async || (callback.body.type !== 'BlockStatement' && oracle.isPromise(callback.body) === 'yes');
}

/** Does a run of a function go on when it has returned? */
function goesOn(fn: Fn, file: Judge): boolean {
  return waits(fn.body, file) || returnedBy(fn).some((value) => mayBePromise(value, file));
}

/**
 * May somebody have to wait for a value? The methods of texts and numbers give what is there, and `forEach` is over
 * with the last item where its callback is.
 */
export function mayBePromise(value: Node, file: Judge): boolean {
  const answer = file.oracle.isPromise(value);
  const callee = answer === 'maybe' && value.type === 'CallExpression' ? bare(value.callee) : null;
  if (value.type !== 'CallExpression' || callee?.type !== 'MemberExpression') return answer !== 'no';
  const each = nameOf(callee) === 'forEach' && value.arguments[0] ? file.values.functionOf(value.arguments[0]) : null;
  return file.oracle.is(callee.object, 'primitive') !== 'yes' && !(each && !givesPromise(each, file));
}

/** Does the failure end the process, or at least the run? In a page, only a console shows it. */
function isTaken({ target }: Given, { oracle }: Judge): boolean {
  return (
    target === null ||
    oracle.is(target, 'node:events.EventEmitter') === 'yes' ||
    oracle.is(target, 'AbortSignal') === 'yes'
  );
}

/** Is there a `throw` in the file that the callback runs into, or a request that can fail? */
function failsHere(callback: Fn, file: Judge, seen = new Set<Fn>()): boolean {
  if (seen.has(callback)) return false;
  seen.add(callback);
  let found = false;
  walk(file.sourceCode, callback.body, (node) => {
    if (found || isFunction(node)) return false;
    if (node.type === 'TryStatement' && node.handler) return false;
    if (node.type === 'ThrowStatement' || (node.type === 'AwaitExpression' && asksTheWorld(node.argument, file)))
      found = true;
    if (node.type === 'CallExpression') {
      const called = file.values.functionOf(node.callee);
      if (called && !isCaught(node)) found ||= failsHere(called, file, seen);
    }
    return undefined;
  });
  return found;
}

/** Is it a request, or work on files, which fails when the network or the disk does? */
function asksTheWorld(awaited: Node, { values }: Judge): boolean {
  const call = bare(awaited);
  return (
    call.type === 'CallExpression' &&
    /^(?:fetch|node:(?:fs\/promises|fs\.promises|dns\/promises|stream\/promises)\.\w+)$/.test(
      values.origin(call.callee) ?? '',
    )
  );
}

/** Does a `catch` of its own handle the call's failure? */
function isCaught(call: Node): boolean {
  const { parent } = call;
  return parent?.type === 'MemberExpression' && ['catch', 'then'].includes(nameOf(parent) ?? '');
}

/**
 * `new EventEmitter({ captureRejections: true })` makes an `error` event of a rejection; so does a class that is made
 * with it.
 */
function capturesRejections({ target }: Given, { values, index }: Judge): boolean {
  if (index.members.has('captureRejections')) return true;
  const { root } = target ? values.of(target) : { root: null };
  const [definition] = root?.kind === 'variable' ? root.variable.defs : [];
  const made = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  const of = root?.kind === 'this' ? root.of : made?.type === 'NewExpression' ? values.classOf(made.callee) : null;
  const calls = [
    made,
    target,
    ...(of ? index.calls.of('').filter(({ callee }) => callee.type === 'Super' && thisBody(callee) === of) : []),
  ];
  return calls.some(
    (call) =>
      (call?.type === 'NewExpression' || call?.type === 'CallExpression') &&
      call.arguments.some(
        (options) => options.type === 'ObjectExpression' && memberNamed(options, 'captureRejections') !== null,
      ),
  );
}

function waits(code: Node, { sourceCode }: Judge): boolean {
  let found = false;
  walk(sourceCode, code, (node) => {
    if (isFunction(node)) return false;
    found ||= node.type === 'AwaitExpression';
    return !found;
  });
  return found;
}

/**
 * `if (busy) return;` before it waits, on something that the callback itself sets; or a timer that stops itself before
 * it waits.
 */
function hasGuard(callback: Fn, file: Judge): boolean {
  const { values, sourceCode, index } = file;
  if (callback.body.type !== 'BlockStatement') return false;
  if (['clearInterval', 'clearTimeout'].some((name) => index.calls.of(name).some((call) => isInside(call, callback))))
    return true;
  const guards = asksOf(callback.body, file);
  const [first] = guards;
  if (!first) return false;
  const tests = guards.flatMap(({ test }) => testsOf(test));
  let isSet = false;
  walk(sourceCode, callback.body, (node) => {
    if (node.type === 'AssignmentExpression' && tests.some((test) => values.same(test, node.left) === 'yes'))
      isSet = true;
    if (node.type === 'CallExpression' && /lock|acquire|add|set/i.test(calleeName(node)) && isInside(node, first))
      isSet = true;
    return !isSet;
  });
  return isSet;
}

/** What a block asks before it does or waits for anything; a `try` around everything hides no guard. */
function asksOf({ body }: TSESTree.BlockStatement, file: Judge): readonly TSESTree.IfStatement[] {
  const [first] = body;
  if (first?.type === 'TryStatement') return asksOf(first.block, file);
  const other = body.findIndex(
    (one) => one.type !== 'IfStatement' && (one.type !== 'VariableDeclaration' || waits(one, file)),
  );
  return body.slice(0, other === -1 ? body.length : other).filter((one) => one.type === 'IfStatement');
}

function testsOf(test: Node): Node[] {
  const node = bare(test);
  if (node.type === 'LogicalExpression') return [...testsOf(node.left), ...testsOf(node.right)];
  if (node.type === 'UnaryExpression') return testsOf(node.argument);
  if (node.type === 'BinaryExpression') return [bare(node.left), bare(node.right)];
  return [node];
}

import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, isInside } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, type Call, calleeName, type Fn, type Index, isFunction, isLoop, nameOf, type Node, type SourceCode, walk } from '../syntax/walk.js';
import type { Oracle } from '../types/answer.js';

/** Work that is started for each item of an input before any of it is waited for. */
export interface Fanout {
  readonly why: 'eachEvent' | 'eachItem' | 'eachProcess' | 'eachWrite' | 'recursion';
  readonly node: Call;
  /** For `eachItem` and `eachProcess`: the items, and the call that maps them. */
  readonly mapped: { readonly items: Node; readonly call: TSESTree.CallExpression } | null;
}

interface Facts {
  readonly values: Values;
  readonly oracle: Oracle;
  readonly index: Index;
  readonly sourceCode: SourceCode;
}

/** Every place where the work in flight grows with the size of an input that nothing in the file bounds. */
export function fanoutsOf(facts: Facts): Fanout[] {
  return [...mappedWork(facts), ...visitedWork(facts), ...pushedWork(facts), ...eventWork(facts), ...ignoredWrites(facts)].sort((one, other) => one.node.range[0] - other.node.range[0]);
}

// `any` and `race` are for few contenders, and no-leaky-races looks after those that lose.
const COMBINATORS = ['all', 'allSettled'];

function* mappedWork(facts: Facts): Iterable<Fanout> {
  const { index, values } = facts;
  for (const name of COMBINATORS) {
    for (const call of index.calls.get(name) ?? []) {
      if (values.origin(call.callee) !== `Promise.${name}` || !call.arguments[0]) continue;
      const map = values.initialOf(call.arguments[0]);
      const callee = map?.type === 'CallExpression' ? bare(map.callee) : null;
      if (map?.type !== 'CallExpression' || callee?.type !== 'MemberExpression' || nameOf(callee) !== 'map' || !map.arguments[0]) continue;
      const why = isBounded(callee.object, values) ? null : reasonFor(map, map.arguments[0], facts);
      if (why) yield { why, node: call, mapped: { items: callee.object, call: map } };
    }
  }
}

/** `items.forEach(async (item) => …)` waits for none of them. */
function* visitedWork(facts: Facts): Iterable<Fanout> {
  const { index, values, oracle } = facts;
  for (const node of index.calls.get('forEach') ?? []) {
    const callee = bare(node.callee);
    const [callback] = node.arguments;
    const fn = callback && values.functionOf(callback);
    if (callee.type !== 'MemberExpression' || !callback || !fn || !(fn.async || (fn.body.type !== 'BlockStatement' && oracle.isPromise(fn.body) === 'yes'))) continue;
    const why = isBounded(callee.object, values) ? null : reasonFor(node, callback, facts);
    if (why) yield { why, node, mapped: null };
  }
}

/** Why calling a callback for each item starts too much; null where it does not. */
function reasonFor(call: Node, callback: Node, facts: Facts): 'eachItem' | 'eachProcess' | 'recursion' | null {
  const work = workOf(callback, facts);
  if (work === 'none' || work === 'limited') return null;
  if (isRecursive(call, callback, facts)) return 'recursion';
  return work === 'process' ? 'eachProcess' : 'eachItem';
}

/** Is the number of items written in the code, or cut to a size? */
function isBounded(items: Node, values: Values): boolean {
  const node = values.initialOf(items) ?? bare(items);
  if (node.type === 'ArrayExpression') return node.elements.every((element) => element?.type !== 'SpreadElement');
  if (node.type === 'ObjectExpression') return true;
  if (node.type !== 'CallExpression') return false;
  const callee = bare(node.callee);
  const origin = values.origin(callee);
  const [first] = node.arguments;
  if (origin === 'Array') return first?.type === 'Literal';
  if (origin === 'Array.from') return first?.type === 'ObjectExpression' && first.properties.every((property) => property.type === 'Property' && bare(property.value).type === 'Literal');
  if (origin !== null && /^Object\.(?:keys|values|entries)$/.test(origin)) return first !== undefined && values.initialOf(first)?.type === 'ObjectExpression';
  if (callee.type !== 'MemberExpression') return false;
  const method = nameOf(callee) ?? '';
  return ['slice', 'splice'].includes(method) || (['filter', 'map', 'fill', 'concat', 'reverse', 'sort', 'keys', 'entries'].includes(method) && isBounded(callee.object, values));
}

/** What a callback starts: `process` for one of the system's, `promised` for other work, `limited` where something lets only a few through. */
type Work = 'limited' | 'none' | 'process' | 'promised';

const LIMITERS = /limit|queue|pool|sem|throttl|schedul|^add$|exclusive|mutex|lock/i;
/** What takes time and nothing else, what waits for work that other calls start, and what gives back instead of taking. */
const FREE_ORIGINS = /^(?:node:timers\/promises|Promise)\./;
const FREE_METHODS = /^(?:close|terminate|dispose|destroy|end|stop|cancel|abort|kill|disconnect|unsubscribe)/;
const PROCESSES = new Set(['node:child_process.spawn', 'node:child_process.exec', 'node:child_process.execFile', 'node:child_process.fork', 'Worker', 'node:worker_threads.Worker']);

function workOf(callback: Node, facts: Facts, seen = new Set<Node>()): Work {
  const { values, oracle, sourceCode } = facts;
  if (FREE_ORIGINS.test(values.origin(callback) ?? '')) return 'none';
  const fn = values.functionOf(callback);
  if (!fn) return startsProcess(callback, values) ? 'process' : bare(callback).type === 'Identifier' || bare(callback).type === 'MemberExpression' ? 'promised' : 'none';
  if (seen.has(fn)) return 'none';
  seen.add(fn);
  let found: Work = 'none';
  walk(sourceCode, fn.body, (node) => {
    if (found === 'limited') return false;
    if (isFunction(node)) return false;
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
    // What is handed a function decides when to call it.
    if (node.arguments.some((argument) => isFunction(bare(argument))) && LIMITERS.test(calleeName(node) || sourceCode.getText(node.callee))) {
      found = 'limited';
      return false;
    }
    const origin = values.origin(node.callee) ?? '';
    if (FREE_ORIGINS.test(origin) || FREE_METHODS.test(calleeName(node))) return undefined;
    if (found !== 'process' && startsProcess(node.callee, values)) found = 'process';
    else if (found === 'none') {
      const inner = values.functionOf(node.callee) ? workOf(node.callee, facts, seen) : oracle.isPromise(node) === 'yes' || awaited(node) ? 'promised' : 'none';
      if (inner !== 'none') found = inner;
    }
    return undefined;
  });
  return found;
}

function awaited(call: Call): boolean {
  return call.parent.type === 'AwaitExpression';
}

/** Is it a function that starts a process, also in its promised form, or the class of a worker? */
function startsProcess(callee: Node, values: Values): boolean {
  if (PROCESSES.has(values.origin(callee) ?? '')) return true;
  const made = values.initialOf(callee);
  return made?.type === 'CallExpression' && values.origin(made.callee) === 'node:util.promisify' && PROCESSES.has(values.origin(made.arguments[0] ?? made) ?? '');
}

/** Does the work of an item do the same for the items below it? */
function isRecursive(map: Node, callback: Node, { values, index }: Facts): boolean {
  const around = enclosingFunction(map);
  const fn = values.functionOf(callback);
  if (!around || !fn) return false;
  if (fn === around) return true;
  return [...index.calls.values()].some((calls) => calls.some((call) => isInside(call, fn) && isInside(call, around) && values.functionOf(call.callee) === around));
}

/** `promises.push(work(item))` in a loop that does not wait, for one `Promise.all` after it. */
function* pushedWork(facts: Facts): Iterable<Fanout> {
  const { index, values, oracle } = facts;
  for (const call of index.calls.get('push') ?? []) {
    const [pushed] = call.arguments;
    const callee = bare(call.callee);
    const loop = loopAround(call);
    if (!loop || callee.type !== 'MemberExpression' || !pushed || pushed.type === 'SpreadElement' || oracle.isPromise(pushed) !== 'yes') continue;
    if (isWaitedIn(loop, facts) || ('right' in loop && isBounded(loop.right, values)) || isCounted(loop)) continue;
    const work = bare(pushed).type === 'CallExpression' ? workOf((bare(pushed) as TSESTree.CallExpression).callee, facts) : 'none';
    if (work === 'none' || work === 'limited' || !isCombined(callee.object, facts)) continue;
    yield { why: work === 'process' ? 'eachProcess' : 'eachItem', node: call, mapped: null };
  }
}

function isWaitedIn(loop: Node, { sourceCode }: Facts): boolean {
  let found = false;
  walk(sourceCode, loop, (node) => {
    if (isFunction(node) && node !== loop) return false;
    found ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
    return !found;
  });
  return found;
}

/** `for (let i = 0; i < 4; i++)` */
function isCounted(loop: Node): boolean {
  return loop.type === 'ForStatement' && loop.test?.type === 'BinaryExpression' && bare(loop.test.right).type === 'Literal';
}

function isCombined(array: Node, { index, values }: Facts): boolean {
  return COMBINATORS.some((name) => (index.calls.get(name) ?? []).some((call) => call.arguments[0] && values.origin(call.callee) === `Promise.${name}` && values.same(call.arguments[0], array) === 'yes'));
}

const LISTENS = ['on', 'addListener'];

/** A `data` handler that starts work for each chunk and never pauses the stream. */
function* eventWork(facts: Facts): Iterable<Fanout> {
  const { index, values, oracle, sourceCode } = facts;
  for (const name of LISTENS) {
    for (const call of index.calls.get(name) ?? []) {
      const [type, callback] = call.arguments;
      const callee = bare(call.callee);
      if (values.text(type) !== 'data' || !callback || callee.type !== 'MemberExpression' || oracle.is(callee.object, 'node:stream.Readable') !== 'yes') continue;
      const fn = values.functionOf(callback);
      if (fn && !callsIn(fn, sourceCode).some((inner) => calleeName(inner) === 'pause') && callsIn(fn, sourceCode).some((inner) => oracle.isPromise(inner) === 'yes')) {
        yield { why: 'eachEvent', node: call, mapped: null };
      }
    }
  }
}

function callsIn(fn: Fn, sourceCode: SourceCode): Call[] {
  const found: Call[] = [];
  walk(sourceCode, fn.body, (node) => {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') found.push(node);
  });
  return found;
}

/** `write()` in a loop that does not look at what it says about the buffer, and `enqueue()` in one that does not look at `desiredSize`. */
function* ignoredWrites(facts: Facts): Iterable<Fanout> {
  const { index, oracle } = facts;
  for (const [name, type] of [['write', 'node:stream.Writable'], ['enqueue', 'ReadableStreamDefaultController']] as const) {
    for (const call of index.calls.get(name) ?? []) {
      const callee = bare(call.callee);
      const loop = call.parent.type === 'ExpressionStatement' ? loopAround(call) : null;
      if (!loop || callee.type !== 'MemberExpression' || isWaitedIn(loop, facts) || isCounted(loop)) continue;
      if (oracle.is(callee.object, type) !== 'yes' || ('right' in loop && isBounded(loop.right, facts.values))) continue;
      if ((index.members.get('desiredSize') ?? []).some((member) => isInside(member, loop))) continue;
      yield { why: 'eachWrite', node: call, mapped: null };
    }
  }
}

function loopAround(node: Node): Node | null {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) if (isLoop(at)) return at;
  return null;
}

import type { TSESTree } from '@typescript-eslint/utils';
import { LINKS } from '../flow/chains.js';
import { argumentOf, enclosingFunction, isInside, loopAround, runOf, SYNC_ITERATION } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  type Fn,
  type Index,
  isFunction,
  type Loop,
  nameOf,
  type Node,
  type SourceCode,
  walk,
} from '../syntax/walk.js';
import type { Oracle } from '../types/answer.js';
import { isBounded, isBoundedLoop, isLimiter } from './bounds.js';

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
  return [
    ...mappedWork(facts),
    ...visitedWork(facts),
    ...pushedWork(facts),
    ...eventWork(facts),
    ...ignoredWrites(facts),
  ].sort((one, other) => one.node.range[0] - other.node.range[0]);
}

/** `race` is for few contenders; so is `any` where the work of those that lose can be stopped. */
const COMBINATORS = ['all', 'allSettled', 'any'];

function* mappedWork(facts: Facts): Iterable<Fanout> {
  const { index, values } = facts;
  for (const name of COMBINATORS) {
    for (const call of index.calls.get(name) ?? []) {
      const [given] = call.arguments;
      const mapped = given && values.origin(call.callee) === `Promise.${name}` ? mapOf(given, facts) : null;
      if (!mapped || isBounded(mapped.items, facts)) continue;
      const reason =
        name === 'any' && isStoppable(mapped.callback, facts) ? null : reasonFor(mapped.call, mapped.callback, facts);
      // Whoever wants the first of them has a few in mind.
      const why = reason && name === 'any' ? 'eachItem' : reason;
      // What is mapped elsewhere has started already, and `any` has one result.
      if (why)
        yield {
          why,
          node: call,
          mapped: mapped.isPlain && name !== 'any' && mapped.call === bare(given!) ? mapped : null,
        };
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
    if (
      callee.type !== 'MemberExpression' ||
      !callback ||
      !fn ||
      !(fn.async || (fn.body.type !== 'BlockStatement' && oracle.isPromise(fn.body) === 'yes'))
    )
      continue;
    const why = isBounded(callee.object, facts) ? null : reasonFor(node, callback, facts);
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

interface Mapped {
  readonly items: Node;
  readonly callback: Node;
  readonly call: TSESTree.CallExpression;
  /** Is it `items.map(callback)`? */
  readonly isPlain: boolean;
}

/** `items.map(work)`, `items.flatMap(…)`, `Array.from(items, work)` */
function mapOf(given: Node, { values }: Facts): Mapped | null {
  const call = values.initialOf(given);
  if (call?.type !== 'CallExpression') return null;
  const [first, second] = call.arguments;
  if (first && second && values.origin(call.callee) === 'Array.from') {
    // The number of an object that is no list stands in its `length`.
    return { items: bare(first).type === 'ObjectExpression' ? call : first, callback: second, call, isPlain: false };
  }
  const callee = bare(call.callee);
  const method = callee.type === 'MemberExpression' ? nameOf(callee) : null;
  if (callee.type !== 'MemberExpression' || !first || (method !== 'map' && method !== 'flatMap')) return null;
  return { items: callee.object, callback: first, call, isPlain: method === 'map' };
}

/** Does the work of an item take a signal? */
function isStoppable(callback: Node, { values, oracle, sourceCode }: Facts): boolean {
  const fn = values.functionOf(callback);
  return (
    fn !== null &&
    callsIn(fn, sourceCode).some((call) => call.arguments.some((argument) => takesSignal(argument, oracle)))
  );
}

function takesSignal(argument: Node, oracle: Oracle): boolean {
  const node = bare(argument);
  return node.type === 'ObjectExpression'
    ? node.properties.some((property) => property.type === 'Property' && nameOf(property) === 'signal')
    : oracle.is(argument, 'AbortSignal') === 'yes';
}

/**
 * What a callback starts: `process` for one of the system's, `promised` for other work, `limited` where something lets
 * only a few through.
 */
type Work = 'limited' | 'none' | 'process' | 'promised';

const LIMITERS = /limit|queue|pool|sem|throttl|schedul|^add$|exclusive|mutex|lock/i;
/** What takes time and nothing else, what is settled already, and what gives back instead of taking. */
const FREE_ORIGINS = /^(?:node:timers\/promises\.|Promise\.(?:resolve|reject)$)/;
/** What waits for work that other calls start. */
const WAITS = /^Promise\./;
const FREE_METHODS = /^(?:close|terminate|dispose|destroy|end|stop|cancel|abort|kill|disconnect|unsubscribe)/;
const PROCESSES = new Set([
  'node:child_process.spawn',
  'node:child_process.exec',
  'node:child_process.execFile',
  'node:child_process.fork',
  'Worker',
  'node:worker_threads.Worker',
]);

function workOf(callback: Node, facts: Facts, seen = new Set<Node>()): Work {
  const { values, oracle, sourceCode } = facts;
  if (FREE_ORIGINS.test(values.origin(callback) ?? '')) return 'none';
  const fn = values.functionOf(callback);
  if (!fn)
    return startsProcess(callback, values)
      ? 'process'
      : bare(callback).type === 'Identifier' || bare(callback).type === 'MemberExpression'
        ? 'promised'
        : 'none';
  if (seen.has(fn)) return 'none';
  seen.add(fn);
  let found: Work = 'none';
  walk(sourceCode, fn.body, (node) => {
    if (found === 'limited') return false;
    if (isFunction(node)) return false;
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
    const name = calleeName(node);
    // What is handed a function decides when to call it.
    if (node.arguments.some((argument) => isFunction(bare(argument)))) {
      if (SYNC_ITERATION.has(name)) found = more(found, workOf(node.arguments[0]!, facts, seen));
      else if (LIMITERS.test(sourceCode.getText(node.callee)) || isLimiter(node.callee, facts)) found = 'limited';
      if (found === 'limited') return false;
    }
    const origin = values.origin(node.callee) ?? '';
    if (
      FREE_METHODS.test(name) ||
      LINKS.has(name) ||
      WAITS.test(origin) ||
      (isAll(node, fn) && FREE_ORIGINS.test(origin))
    )
      return undefined;
    if (startsProcess(node.callee, values)) found = 'process';
    else if (isOfPool(node.callee)) found = 'limited';
    else if (node.type === 'NewExpression' && origin === 'Promise' && node.arguments[0])
      found = more('promised', more(found, workOf(node.arguments[0], facts, seen)));
    else if (found === 'none')
      found = values.functionOf(node.callee)
        ? workOf(node.callee, facts, seen)
        : oracle.isPromise(node) === 'yes' || awaited(node)
          ? 'promised'
          : 'none';
    return undefined;
  });
  return found;
}

function more(one: Work, other: Work): Work {
  return one === 'none' || other === 'limited' ? other : one === 'promised' && other === 'process' ? other : one;
}

/** `pool.run(task)`, `this.queue.add(task)` */
function isOfPool(callee: Node): boolean {
  const member = bare(callee);
  const object = member.type === 'MemberExpression' ? bare(member.object) : null;
  const name =
    object?.type === 'Identifier' ? object.name : object?.type === 'MemberExpression' ? nameOf(object) : null;
  return /(?:limiter|pool|queue)$/i.test(name ?? '');
}

/** Is a call all that a function does? */
function isAll(call: Call, { body }: Fn): boolean {
  const only = body.type === 'BlockStatement' ? (body.body.length === 1 ? body.body[0]! : null) : body;
  const value =
    only?.type === 'ExpressionStatement' ? only.expression : only?.type === 'ReturnStatement' ? only.argument : only;
  return value !== null && bare(value.type === 'AwaitExpression' ? value.argument : value) === call;
}

/** Is a call, or the chain that follows it, awaited? */
function awaited(call: Call): boolean {
  let top: Node = call;
  while (
    top.parent?.type === 'MemberExpression' &&
    LINKS.has(nameOf(top.parent) ?? '') &&
    top.parent.parent.type === 'CallExpression'
  )
    top = top.parent.parent;
  return top.parent?.type === 'AwaitExpression';
}

/** Is it a function that starts a process, also in its promised form, or the class of a worker? */
function startsProcess(callee: Node, values: Values): boolean {
  if (PROCESSES.has(values.origin(callee) ?? '')) return true;
  const made = values.initialOf(callee);
  return (
    made?.type === 'CallExpression' &&
    values.origin(made.callee) === 'node:util.promisify' &&
    PROCESSES.has(values.origin(made.arguments[0] ?? made) ?? '')
  );
}

/** Does the work of an item do the same for the items below it? */
function isRecursive(map: Node, callback: Node, { values, index }: Facts): boolean {
  const around = enclosingFunction(map);
  const fn = values.functionOf(callback);
  if (!around || !fn) return false;
  if (isOfMany(map, values)) return false;
  if (fn === around) return true;
  return [...index.calls.values()].some((calls) =>
    calls.some((call) => isInside(call, fn) && isInside(call, around) && values.functionOf(call.callee) === around),
  );
}

/**
 * `if (Array.isArray(data)) return Promise.all(data.map(create))`: what takes one or many, or is called something, goes
 * one step down, to those that are not.
 */
function isOfMany(map: Node, values: Values): boolean {
  const callee = map.type === 'CallExpression' ? bare(map.callee) : null;
  const items = callee?.type === 'MemberExpression' ? bare(callee.object) : null;
  for (let at = map; items && at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    const test =
      (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.consequent === at
        ? bare(parent.test)
        : null;
    if (
      test?.type === 'BinaryExpression' &&
      /^===?$/.test(test.operator) &&
      [test.left, test.right].some(({ type }) => type === 'Literal') &&
      [test.left, test.right].some(({ type }) => type === 'CallExpression')
    )
      return true;
    if (
      test?.type === 'CallExpression' &&
      values.origin(test.callee) === 'Array.isArray' &&
      test.arguments[0] &&
      values.same(test.arguments[0], items) === 'yes'
    )
      return true;
  }
  return false;
}

/** Where a collection takes what it is given. */
const PUTS = [
  ['push', 0],
  ['unshift', 0],
  ['add', 0],
  ['set', 1],
] as const;

/** `promises.push(work(item))` in a loop that does not wait, for one `Promise.all` after it. */
function* pushedWork(facts: Facts): Iterable<Fanout> {
  const { index, oracle } = facts;
  for (const [name, at] of PUTS) {
    for (const call of index.calls.get(name) ?? []) {
      const put = call.arguments[at];
      const callee = bare(call.callee);
      if (
        callee.type !== 'MemberExpression' ||
        put?.type !== 'CallExpression' ||
        !isRepeated(call, facts) ||
        oracle.isPromise(put) !== 'yes'
      )
        continue;
      if (!isCombined(callee.object, facts)) continue;
      const work = workOf(put.callee, facts);
      const isSame = facts.values.functionOf(put.callee) === runOf(call);
      if (work !== 'none' && work !== 'limited')
        yield { why: isSame ? 'recursion' : work === 'process' ? 'eachProcess' : 'eachItem', node: call, mapped: null };
    }
  }
}

/** Is a call in a loop, or in the callback of `forEach`, that nothing bounds and that does not wait? */
function isRepeated(call: Node, facts: Facts): boolean {
  const loop = loopAround(call);
  if (loop) return !isWaitedIn(loop, facts) && !isBoundedLoop(loop, facts);
  const fn = enclosingFunction(call);
  const taken = fn && argumentOf(fn);
  const callee = taken && bare(taken.call.callee);
  return callee?.type === 'MemberExpression' && nameOf(callee) === 'forEach' && !isBounded(callee.object, facts);
}

/** Does a round wait for anything? The next item of `for await` may come at once. */
function isWaitedIn(loop: Loop, { sourceCode }: Facts): boolean {
  const once =
    loop.type === 'ForStatement'
      ? loop.init
      : loop.type === 'ForOfStatement' || loop.type === 'ForInStatement'
        ? loop.right
        : null;
  let found = false;
  walk(sourceCode, loop, (node) => {
    if (isFunction(node) || node === once) return false;
    found ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await && node !== loop);
    return !found;
  });
  return found;
}

/** Is a collection given to a combinator, as it is or as the list of what is in it? */
function isCombined(collection: Node, { index, values }: Facts): boolean {
  return COMBINATORS.some((name) =>
    (index.calls.get(name) ?? []).some(
      (call) =>
        call.arguments[0] &&
        values.origin(call.callee) === `Promise.${name}` &&
        values.same(contentOf(call.arguments[0], values), collection) === 'yes',
    ),
  );
}

/** `[...jobs]`, `jobs.values()`, `Array.from(jobs)`: the collection itself. */
function contentOf(list: Node, values: Values): Node {
  const node = bare(list);
  const [first] = node.type === 'ArrayExpression' ? node.elements : [];
  if (first?.type === 'SpreadElement') return contentOf(first.argument, values);
  if (node.type !== 'CallExpression') return node;
  if (values.origin(node.callee) === 'Array.from' && node.arguments[0]) return contentOf(node.arguments[0], values);
  const callee = bare(node.callee);
  return callee.type === 'MemberExpression' && nameOf(callee) === 'values' ? callee.object : node;
}

const LISTENS = ['on', 'addListener'];

/** Events that come once for each part of an input. */
const PARTS = [
  ['data', 'node:stream.Readable'],
  ['line', 'node:readline.Interface'],
] as const;

/** A handler that starts work for each chunk, or each line, and never pauses the stream. */
function* eventWork(facts: Facts): Iterable<Fanout> {
  const { index, values, oracle, sourceCode } = facts;
  for (const name of LISTENS) {
    for (const call of index.calls.get(name) ?? []) {
      const [type, callback] = call.arguments;
      const callee = bare(call.callee);
      const event = callback && callee.type === 'MemberExpression' ? values.text(type) : null;
      if (
        !callback ||
        callee.type !== 'MemberExpression' ||
        !PARTS.some((part) => part[0] === event && oracle.is(callee.object, part[1]) === 'yes')
      )
        continue;
      const fn = values.functionOf(callback);
      if (
        fn &&
        !callsIn(fn, sourceCode).some((inner) => calleeName(inner) === 'pause') &&
        callsIn(fn, sourceCode).some((inner) => oracle.isPromise(inner) === 'yes')
      ) {
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

/**
 * `write()` in a loop that does not look at what it says about the buffer, and `enqueue()` in one that does not look at
 * `desiredSize`.
 */
function* ignoredWrites(facts: Facts): Iterable<Fanout> {
  const { index, oracle } = facts;
  for (const [name, types] of [
    ['write', ['node:stream.Writable', 'node:stream.Duplex']],
    ['enqueue', ['ReadableStreamDefaultController']],
  ] as const) {
    for (const call of index.calls.get(name) ?? []) {
      const callee = bare(call.callee);
      const loop = call.parent.type === 'ExpressionStatement' ? loopAround(call) : null;
      if (!loop || callee.type !== 'MemberExpression' || isWaitedIn(loop, facts) || isBoundedLoop(loop, facts))
        continue;
      if (!types.some((type) => oracle.is(callee.object, type) === 'yes')) continue;
      if ((index.members.get('desiredSize') ?? []).some((member) => isInside(member, loop))) continue;
      yield { why: 'eachWrite', node: call, mapped: null };
    }
  }
}

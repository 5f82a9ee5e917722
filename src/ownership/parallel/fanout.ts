import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, loopAround, returnedBy, runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  type Fn,
  isFunction,
  type Loop,
  nameOf,
  type Node,
  type SourceCode,
  walk,
} from '../../syntax/walk.js';
import type { Oracle } from '../../types/answer.js';
import { isBounded, isBoundedLoop } from './bounds.js';
import { type Facts, isRecursive, reachesOut, workOf, takesOneOrMany } from './item-work.js';

/** Work that is started for each item of an input before any of it is waited for. */
export interface Fanout {
  readonly why: 'eachEvent' | 'eachItem' | 'eachProcess' | 'eachWrite' | 'recursion';
  readonly node: Call;
  /** For `eachItem` and `eachProcess`: the items, and the call that maps them. */
  readonly mapped: { readonly items: Node; readonly call: TSESTree.CallExpression } | null;
  /** The list that gets the work of one item after the other. */
  readonly list?: Node;
}

/** Every place where the work in flight grows with the size of an input that nothing in the file bounds. */
export function fanoutsOf(facts: Facts): Fanout[] {
  return [
    ...mappedWork(facts),
    ...visitedWork(facts),
    ...startedBefore(facts),
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
    for (const call of index.calls.of(name)) {
      const [given] = call.arguments;
      const outer = given && values.origin(call.callee) === `Promise.${name}` ? mapOf(given, facts) : null;
      const mapped = outer && isBounded(outer.items, facts) ? innerOf(outer, facts) : outer;
      if (!mapped || isBounded(mapped.items, facts)) continue;
      const reason =
        name === 'any' && isStoppable(mapped.callback, facts)
          ? null
          : reasonFor(mapped.items, mapped.call, mapped.callback, facts);
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

/** `items.forEach(async (item) => …)` waits for none of them, and neither does a `map` whose result is dropped. */
function* visitedWork(facts: Facts): Iterable<Fanout> {
  const { index, values, oracle } = facts;
  const mapping = index.calls.of('map').filter((call) => fateOf(call, values).kind === 'dropped');
  for (const node of [...index.calls.of('forEach'), ...mapping]) {
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
    const why = isBounded(callee.object, facts) ? null : reasonFor(callee.object, node, callback, facts);
    if (why) yield { why, node, mapped: null };
  }
}

/** Why calling a callback for each item starts too much; null where it does not. */
function reasonFor(
  items: Node,
  call: Node,
  callback: Node,
  facts: Facts,
): 'eachItem' | 'eachProcess' | 'recursion' | null {
  const work = workOf(callback, facts);
  if (work === 'none' || work === 'limited') return null;
  if (isRecursive(call, callback, facts)) return reachesOut(items, call, callback, facts) ? 'recursion' : 'eachItem';
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

/** `teams.flatMap(({ members }) => members.map(work))`: what is mapped for each of a few items that are given. */
function innerOf({ items, callback }: Mapped, facts: Facts): Mapped | null {
  const fn = facts.values.functionOf(callback);
  const [inner, more] = fn && bare(items).type === 'Identifier' && !facts.values.initialOf(items) ? returnedBy(fn) : [];
  return inner && !more ? mapOf(inner, facts) : null;
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

/** `const loading = ids.map(load); for (const one of loading) await one;`: all run before the first is waited for. */
function* startedBefore(facts: Facts): Iterable<Fanout> {
  for (const loop of facts.index.loops) {
    if (loop.type !== 'ForOfStatement' || !isAwaitedOneByOne(loop, facts)) continue;
    const mapped = mapOf(loop.right, facts);
    const fn = mapped && facts.values.functionOf(mapped.callback);
    if (!mapped || !fn || facts.oracle.returnsPromise(fn) !== 'yes' || isBounded(mapped.items, facts)) continue;
    const why = reasonFor(mapped.items, mapped.call, mapped.callback, facts);
    if (why) yield { why, node: mapped.call, mapped: null };
  }
}

/** Does each round of a loop await its item? */
function isAwaitedOneByOne({ left, body, await: isAsync }: TSESTree.ForOfStatement, facts: Facts): boolean {
  const name = left.type === 'VariableDeclaration' ? left.declarations[0].id : null;
  const variable = name?.type === 'Identifier' ? facts.values.variable(name) : null;
  return (
    isAsync ||
    variable?.references.some(
      ({ identifier: { parent } }) => parent?.type === 'AwaitExpression' && isInside(parent, body),
    ) === true
  );
}

/** Work that is put into a collection: where, and how. */
interface Put {
  readonly node: Call;
  readonly collection: Node;
  readonly work: TSESTree.CallExpression;
  readonly isListed: boolean;
}

/** Where a collection takes what it is given. */
const PUTS = [
  ['push', 0],
  ['unshift', 0],
  ['add', 0],
  ['set', 1],
] as const;

/** `jobs.push(start())`, `jobs[name] = start()`, `jobs = [...jobs, start()]`, `jobs = jobs.concat(start())` */
function* putsOf({ index, values }: Facts): Iterable<Put> {
  for (const [name, at] of PUTS) {
    for (const node of index.calls.of(name)) {
      const work = node.arguments[at];
      const callee = bare(node.callee);
      if (callee.type === 'MemberExpression' && work?.type === 'CallExpression')
        yield { node, collection: callee.object, work, isListed: name === 'push' };
    }
  }
  for (const { expression } of index.statements) {
    if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') continue;
    const { left, right } = expression;
    if (left.type === 'MemberExpression') {
      if (left.computed && right.type === 'CallExpression')
        yield { node: right, collection: left.object, work: right, isListed: false };
      continue;
    }
    const [list, ...added] =
      right.type === 'ArrayExpression'
        ? right.elements.map((one) => (one?.type === 'SpreadElement' && one === right.elements[0] ? one.argument : one))
        : right.type === 'CallExpression' && calleeName(right) === 'concat' && right.callee.type === 'MemberExpression'
          ? [right.callee.object, ...right.arguments]
          : [];
    const [work] = added;
    if (list && work?.type === 'CallExpression' && added.length === 1 && values.same(list, left) === 'yes')
      yield { node: work, collection: left, work, isListed: true };
  }
}

/** `promises.push(work(item))` in a loop that does not wait, for one `Promise.all` after it. */
function* pushedWork(facts: Facts): Iterable<Fanout> {
  for (const { node, collection, work: put, isListed } of putsOf(facts)) {
    if (!isRepeated(node, facts) || facts.oracle.isPromise(put) !== 'yes' || !isGathered(collection, facts)) continue;
    const work = workOf(put.callee, facts);
    const run = runOf(node);
    const isSame =
      run !== null &&
      facts.values.functionOf(put.callee) === run &&
      !takesOneOrMany(run, facts) &&
      reachesOut(loopAround(node) ?? collection, node, put.callee, facts);
    if (work !== 'none' && work !== 'limited')
      yield {
        why: isSame ? 'recursion' : work === 'process' ? 'eachProcess' : 'eachItem',
        node,
        mapped: null,
        ...(isListed ? { list: collection } : {}),
      };
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

/** Is a collection, or the list of what is in it, given to a combinator, or gone through to await one after the other? */
function isGathered(collection: Node, facts: Facts): boolean {
  const { index, values } = facts;
  const isIt = (list: Node): boolean => values.same(contentOf(list, values), collection) === 'yes';
  return (
    COMBINATORS.some((name) =>
      index.calls
        .of(name)
        .some(
          ({ callee, arguments: [list] }) =>
            list !== undefined && values.origin(callee) === `Promise.${name}` && isIt(list),
        ),
    ) ||
    index.loops.some((loop) => loop.type === 'ForOfStatement' && isIt(loop.right) && isAwaitedOneByOne(loop, facts))
  );
}

/** `[...jobs]`, `jobs.values()`, `Array.from(jobs)`, `Object.values(jobs)`: the collection itself. */
function contentOf(list: Node, values: Values): Node {
  const node = bare(list);
  const [first] = node.type === 'ArrayExpression' ? node.elements : [];
  if (first?.type === 'SpreadElement') return contentOf(first.argument, values);
  if (node.type !== 'CallExpression') return node;
  if (/^(?:Array\.from|Object\.values)$/.test(values.origin(node.callee) ?? '') && node.arguments[0])
    return contentOf(node.arguments[0], values);
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
    for (const call of index.calls.of(name)) {
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
    ['write', ['node:stream.Writable', 'node:stream.Duplex', 'node:http.OutgoingMessage']],
    ['enqueue', ['ReadableStreamDefaultController']],
  ] as const) {
    for (const call of index.calls.of(name)) {
      const callee = bare(call.callee);
      const loop = call.parent.type === 'ExpressionStatement' ? loopAround(call) : null;
      if (!loop || callee.type !== 'MemberExpression' || isWaitedIn(loop, facts) || isBoundedLoop(loop, facts))
        continue;
      if (!types.some((type) => oracle.is(callee.object, type) === 'yes')) continue;
      if (index.members.of('desiredSize').some((member) => isInside(member, loop))) continue;
      yield { why: 'eachWrite', node: call, mapped: null };
    }
  }
}

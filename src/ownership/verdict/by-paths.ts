import { endWords } from '../../catalog/index.js';
import { type Question, type WayOut, waysOut } from '../../flow/paths.js';
import { quits } from '../../flow/quits.js';
import { isRefusal } from '../../flow/throws.js';
import { enclosingFunction, isInside, runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, type Fn, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import { drainsOf } from '../ends/drains.js';
import type { End } from '../ends/ends.js';
import { showItMatters } from '../ends/left-before.js';
import { isNeeded } from '../ends/needed.js';
import { isOwnFailure } from '../ends/own-failure.js';
import { type Handle, handleNode, homeOf, isHeld, takerOf } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import { type Found, type Judge, KEPT, type Verdict } from './judging.js';

// Who waits before a gate waits for gates, and those only open; to put more behind them is no work yet.
const WAITS_ITS_TURN: Pick<Question, 'isHarmless'> = {
  isHarmless: (node) =>
    node.type === 'Identifier' ||
    node.type === 'MemberExpression' ||
    (node.type === 'CallExpression' && /^(?:then|catch|finally)$/.test(calleeName(node))),
};

export function sameRun(start: Start, ends: readonly End[], values: Values): boolean {
  const home = homeOf(start, values);
  return ends.every(({ node }) => runOf(node) === home);
}

/**
 * The function whose ways out count: a callback that holds the start and all its ends, else the run that they are part
 * of.
 */
function runAround(start: Start, ends: readonly End[], from: readonly Node[], values: Values): Fn | null {
  const taker = takerOf(start, values);
  if (taker) return taker;
  const callback = enclosingFunction(start.node);
  return callback && [...ends.map(({ node }) => node), ...from].every((node) => isInside(node, callback))
    ? callback
    : runOf(start.node);
}

export function judgePaths(
  start: Start,
  handle: Handle,
  ends: readonly End[],
  found: Found,
  file: Judge,
  from: readonly Node[] = [takerOf(start, file.values) ?? handleNode(start, file.values)],
): Verdict {
  // An end of something that may be another, or one that only stands before the start, says nothing about the way from
  // here.
  if (
    ends.some(({ sure }) => sure === 'maybe') ||
    (ends.length > 0 &&
      ends.every(
        ({ node }) =>
          node.range[0] < start.node.range[0] ||
          isOtherwise(node, start.node) ||
          isInOtherCase(node, start.node, file.values),
      ))
  )
    return KEPT;
  const fn = runAround(start, ends, from, file.values) ?? file.sourceCode.ast;
  const drains = drainsOf(start, handle, file.index, file);
  const own: Partial<Question> = start.resource.isGate ? WAITS_ITS_TURN : (drains ?? firedOf(start, file) ?? {});
  const question: Question = {
    starts: new Set<Node>(from),
    ends: new Set<Node>(ends.map(({ node }) => node)),
    throws: start.resource.onThrow === 'leaks' ? 'call' : 'await',
    isHandle: (node) => isHeld(node, handle, file.values) || isNeeded(node, start, ends, file.values),
    // What is read to its end has come to one.
    onlyIfEnded: ends.length > 0 && !drains,
    ...own,
    isThrowing: (call) => isRefusal(call, file.values),
    isHarmless: (node) =>
      own.isHarmless?.(node) ||
      onlyResolves(node, file) ||
      isEndInFinally(node) ||
      isOwnFailure(node, start, handle, file.values),
  };
  const gone = [...quits(file.index, file.values), ...destroyed(start, file)];
  // What ends the program, or what is listened to, leaves nobody to miss the end, and is none.
  const waysOn = (asked: Question): readonly WayOut[] => {
    const found = waysOut(fn, asked, file.values, file.sourceCode);
    const alive =
      found.length > 0 && gone.length > 0
        ? waysOut(fn, { ...asked, ends: new Set([...asked.ends, ...gone]) }, file.values, file.sourceCode)
        : found;
    return alive === found ? found : found.filter(({ node }) => alive.some((one) => one.node === node));
  };
  // What is left when reading fails half-way is small, and code that reads to the end rarely minds.
  const onPurpose = drains ? waysOn({ ...question, isHarmless: () => true }) : [];
  const ways = onPurpose.length > 0 ? onPurpose : waysOn(question);
  const neverFails = ({ kind, node }: WayOut): boolean =>
    kind === 'throw' && node.type === 'AwaitExpression' && file.oracle.neverRejects(node.argument);
  const way = ways.find((one) => !neverFails(one)) ?? ways[0];
  // What fails without an `await` in a `try` is for locks alone: most calls are never meant to, and those of a
  // `finally` least of all. What refuses its arguments is rarely given such.
  const likely: Question = {
    ...question,
    isThrowing: () => false,
    ...(question.throws === 'call' ? { finishes: 'await' } : { catches: 'await' }),
  };
  const isUnlikely = way !== undefined && onPurpose.length === 0 && waysOn(likely).length === 0;
  const isSmall =
    (start.resource.isSmall &&
      !showItMatters(
        ends.map(({ node }) => node),
        handle,
        file,
      )) ||
    (drains && onPurpose.length === 0) ||
    isUnlikely ||
    (way !== undefined && neverFails(way)) ||
    // A test that fails ends with its process.
    (way?.kind === 'throw' && file.owners.of(start.node).kind === 'test') ||
    (ends.length > 0 && ends.every(({ node }) => isFlaggedInFinally(node, file.values)));
  return way
    ? found(
        isSmall ? 'unknown' : 'leak',
        ends.length === 0 && onPurpose[0]?.kind === 'end' ? 'neverEnded' : 'notOnEveryPath',
        { ways: [way, ...ways.filter((one) => one !== way)] },
      )
    : KEPT;
}

/** The calls that destroy what a listener was added to: `stream.destroy()`, `destroyer(stream)`. */
function destroyed({ resource, names }: Start, { index, values }: Judge): Call[] {
  const target = resource.kind === 'listener' ? names.get('target') : null;
  return ['destroy', 'destroyer'].flatMap((name) =>
    index.calls.of(name).filter(({ callee, arguments: [first] }) => {
      const method = bare(callee);
      return [method.type === 'MemberExpression' ? method.object : null, first].some(
        (one) => one && target && values.same(one, target) === 'yes',
      );
    }),
  );
}

/** `finally { await source.close(); await target.close(); }`: one end does not keep the next from being called. */
function isEndInFinally(node: Node): boolean {
  if (node.type !== 'CallExpression' || !endWords().has(calleeName(node))) return false;
  for (let at: Node = node; at.parent && !isFunction(at); at = at.parent)
    if (at.parent.type === 'TryStatement' && at.parent.finalizer === at) return true;
  return false;
}

/**
 * `if (isLate) return;`, with a flag that only the timer's own callback sets: whoever leaves there leaves after it has
 * run.
 */
function firedOf({ resource, names }: Start, { values }: Judge): Pick<Question, 'isOver'> | null {
  const callback = resource.kind === 'timeout' ? names.get('callback') : null;
  const fired = callback && values.functionOf(callback);
  if (!fired) return null;
  return {
    isOver: (node, truthy) => {
      const writes =
        (node.type === 'Identifier' &&
          values.variable(node)?.references.filter((reference) => reference.isWrite() && !reference.init)) ||
        [];
      return (
        truthy &&
        writes.length > 0 &&
        writes.every(
          ({ identifier, writeExpr }) =>
            isInside(identifier, fired) && writeExpr?.type === 'Literal' && writeExpr.value === true,
        )
      );
    },
  };
}

/**
 * `await Promise.race([ready.promise, hidden.promise])`: is it made of promises that nothing here rejects, though it
 * makes others resolve?
 */
function onlyResolves(promise: Node, facts: Pick<Judge, 'index' | 'values'>): boolean {
  const { index, values } = facts;
  const node = bare(promise);
  const [given] =
    node.type === 'CallExpression' && /^Promise\.(?:race|all|any)$/.test(values.origin(node.callee) ?? '')
      ? node.arguments
      : [];
  const arms = given?.type === 'ArrayExpression' ? given.elements : null;
  if (arms) return arms.every((arm) => arm !== null && arm.type !== 'SpreadElement' && onlyResolves(arm, facts));
  if (node.type !== 'MemberExpression' || nameOf(node) !== 'promise') return false;
  const uses = (name: string): boolean =>
    index.members.of(name).some((member) => values.same(member.object, node.object) === 'yes');
  return uses('resolve') && !uses('reject');
}

/** `finally { if (!isLate) client.end(); }`: who does not end it then has thought of that way. */
export function isFlaggedInFinally(end: Node, values: Values): boolean {
  for (let at = end; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if (
      parent.type !== 'IfStatement' ||
      parent.consequent !== at ||
      parent.parent.parent?.type !== 'TryStatement' ||
      parent.parent.parent.finalizer !== parent.parent
    )
      continue;
    const test = bare(parent.test);
    // `this.readers -= 1; if (this.readers === 0) release();`: the last of them does.
    const counted = test.type === 'BinaryExpression' && test.right.type === 'Literal' ? test.left : null;
    if (
      counted &&
      parent.parent.type === 'BlockStatement' &&
      parent.parent.body.some((one) => counts(one, counted, values))
    )
      return true;
    const flag = test.type === 'UnaryExpression' ? bare(test.argument) : test;
    const writes =
      (flag.type === 'Identifier' &&
        values.variable(flag)?.references.filter((reference) => reference.isWrite() && !reference.init)) ||
      [];
    if (writes.length > 0) return true;
  }
  return false;
}

function counts(statement: Node, counted: Node, values: Values): boolean {
  const step = statement.type === 'ExpressionStatement' ? statement.expression : null;
  const target =
    step?.type === 'UpdateExpression' ? step.argument : step?.type === 'AssignmentExpression' ? step.left : null;
  return target !== null && values.same(target, counted) === 'yes';
}

/**
 * `if (phase === 'init') add(); if (phase === 'end') remove();`: do two places stand under conditions of which only one
 * holds in a run?
 */
function isInOtherCase(end: Node, start: Node, values: Values): boolean {
  const own = casesAround(start);
  return (
    own.length > 0 &&
    casesAround(end).some(({ asked, value }) =>
      own.some((one) => one.value !== value && values.same(one.asked, asked) === 'yes'),
    )
  );
}

/** What conditions around a node ask, and the text or number that it has to be. */
function casesAround(node: Node): { readonly asked: Node; readonly value: unknown }[] {
  const found: { readonly asked: Node; readonly value: unknown }[] = [];
  for (let at = node; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    const test = parent.type === 'IfStatement' && parent.consequent === at ? bare(parent.test) : null;
    if (test?.type === 'BinaryExpression' && /^===?$/.test(test.operator) && test.right.type === 'Literal')
      found.push({ asked: test.left, value: test.right.value });
    if (parent.type === 'SwitchCase' && parent.test?.type === 'Literal' && parent.test !== at)
      found.push({ asked: parent.parent.discriminant, value: parent.test.value });
  }
  return found;
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

import type { TSESTree } from '@typescript-eslint/utils';
import { isEndless } from '../../flow/conditions.js';
import { constantOf } from '../../flow/constants.js';
import { copyIn, exitsOf, isSwallowed, stopOf, waits, yields } from '../../flow/loops.js';
import { endlessSelfCall, selfCalls } from '../../flow/recursion.js';
import { enclosingFunction, functionName, isInside, runOf, within } from '../../syntax/functions.js';
import {
  bare,
  type Call,
  calleeName,
  type Fn,
  isFunction,
  type Loop,
  nameOf,
  type Node,
  walk,
} from '../../syntax/walk.js';
import { SIGNAL_PROPERTIES } from '../../types/signal-positions.js';
import { getsSignal } from './ignored-loops.js';
import { isPause } from './ignored.js';
import { isListened, type WorkFacts } from './reach.js';
import type { Signal } from './signal.js';

/** A loop, or a function that calls itself, that nobody can stop. */
export interface Endless {
  /** The loop, or the call that begins the next round. */
  readonly node: Call | Loop;
  readonly why:
    'callsItself' | 'conditionStays' | 'copyStays' | 'ignoresSignal' | 'neverEnds' | 'sourceStays' | 'swallowsAbort';
  /** The function whose run goes on for ever; null at module level. */
  readonly fn: Fn | null;
  /** The signal in reach that could stop it. */
  readonly signal: Signal | null;
  readonly sure: boolean;
}

/** The loops of a file that await and that nobody can stop, in source order. */
export function endlessOf(facts: WorkFacts): Endless[] {
  const loops = facts.index.loops.flatMap((loop) => judgeLoop(loop, facts) ?? []);
  const functions = facts.index.functions.flatMap((fn) => judgeFunction(fn, facts) ?? []);
  return [...loops, ...functions].sort((one, other) => one.node.range[0] - other.node.range[0]);
}

function judgeLoop(loop: Loop, facts: WorkFacts): Endless | null {
  const stop = stopOf(loop, facts);
  if (stop === 'count' || !waits(loop, facts) || yields(loop, facts) || facts.owners.of(loop).kind === 'test')
    return null;
  const fn = enclosingFunction(loop);
  const reached = facts.signals.reach(loop);
  const signal = reached && !isListened(reached) ? reached : null;
  if (reached && getsSignal(loop, reached, facts.signals)) return swallows(loop, reached, facts);
  if (signal && !looksAtAnother(loop, facts))
    return {
      node: loop,
      fn,
      why: loop.type === 'ForOfStatement' ? 'sourceStays' : 'ignoresSignal',
      signal,
      sure: signal.sure && isCloseTo(loop, signal) && (stop !== 'data' || !isEndless(loop) || pauses(loop, facts)),
    };
  if (stop === 'data' || reached || looksAtAnother(loop, facts)) return null;
  const life = lifeOf(loop, facts);
  if (life === 'program') return null;
  const why =
    loop.type === 'ForOfStatement'
      ? 'sourceStays'
      : 'test' in loop && loop.test && flagIn(loop.test, facts)
        ? 'conditionStays'
        : 'test' in loop && loop.test && copyIn(loop.test, facts)
          ? 'copyStays'
          : 'neverEnds';
  return {
    node: loop,
    fn,
    why,
    signal: null,
    sure: stop === 'never' && life === 'call' && !isCaughtAround(loop) && !asksPerson(loop, facts),
  };
}

/**
 * `try { while (true) await channel.receive(); } catch { … }`: who catches around the loop means it to end with a
 * failure.
 */
function isCaughtAround(loop: Loop): boolean {
  for (let at: Node = loop; at.parent && !isFunction(at); at = at.parent)
    if (at.parent.type === 'TryStatement' && at.parent.handler && at.parent.block === at) return true;
  return false;
}

/** Does a loop ask again and again, with a pause between? One that works through what comes ends with that. */
function pauses(loop: Loop, facts: WorkFacts): boolean {
  let found = false;
  walk(facts.sourceCode, loop, (node) => {
    found ||= node.type === 'CallExpression' && (isPause(node, facts) || calleeName(node) === 'setTimeout');
    return !found;
  });
  return found;
}

/** `await prompt()`: a person who is asked in each round ends it. */
function asksPerson(loop: Loop, { sourceCode }: WorkFacts): boolean {
  let found = false;
  walk(sourceCode, loop, (node) => {
    found ||=
      node.type === 'AwaitExpression' &&
      node.argument.type === 'CallExpression' &&
      /^(?:ask|choose|confirm|prompt|question)(?![a-z])|(?:Ask|Choose|Confirm|Prompt|Question)$/.test(
        calleeName(node.argument),
      );
    return !found;
  });
  return found;
}

/** A field whose signal or controller belongs to other work need not be this loop's. */
function isCloseTo(loop: Loop, { home }: Signal): boolean {
  return isFunction(home) ? runOf(loop) === home : true;
}

function judgeFunction(fn: Fn, facts: WorkFacts): Endless | null {
  const [round] = selfCalls(fn, facts);
  if (!round) return null;
  const call = endlessSelfCall(fn, facts);
  const signal = facts.signals.takenBy(fn);
  if (signal) {
    if (
      !fn.async ||
      isListened(signal) ||
      facts.signals.bindingsOf(signal).bound.some((mention) => !isInside(mention, round)) ||
      isSpread(round)
    )
      return null;
    return { node: round, fn, why: 'callsItself', signal, sure: call !== null && signal.sure };
  }
  if (!call || facts.signals.reach(call) || looksAtAnother(fn, facts) || isAfterEndless(call, fn, facts)) return null;
  const life = lifeOf(call, facts);
  return life === 'program' ? null : { node: call, fn, why: 'callsItself', signal: null, sure: life === 'call' };
}

/** Does a loop that never ends stand before a call? */
function isAfterEndless({ range }: Call, { body }: Fn, facts: WorkFacts): boolean {
  return facts.index.loops.some(
    (loop) => loop.parent === body && loop.range[1] <= range[0] && stopOf(loop, facts) === 'never',
  );
}

/** A call for each of several things goes down, not round. */
function isSpread(round: Node): boolean {
  for (let at: Node | undefined = round.parent; at && !isFunction(at); at = at.parent)
    if ('body' in at && /^(?:For|While|Do)/.test(at.type)) return true;
  return false;
}

/**
 * `program`: it runs once, for as long as the program does; `perhaps`: its name says so, and nothing in the file calls
 * it.
 */
function lifeOf(node: Node, facts: WorkFacts): 'call' | 'perhaps' | 'program' {
  const { kind } = facts.owners.of(node);
  if (kind === 'test') return 'program';
  if (kind !== 'process') return 'call';
  const fn = runOf(node);
  const name = fn && functionName(fn);
  return name !== null && !facts.index.calls.has(name) ? 'perhaps' : 'program';
}

/** Does the catch in a loop take the abort for any other failure, so that the loop goes round again? */
function swallows(loop: Loop, signal: Signal, facts: WorkFacts): Endless | null {
  const mentions = within(facts.signals.bindingsOf(signal).bound, loop);
  const isLost = (mention: Node): boolean =>
    !(mention.parent?.type === 'MemberExpression' && nameOf(mention.parent) !== 'throwIfAborted') &&
    isSwallowed(mention, loop, facts);
  if (mentions.length === 0 || enclosingFunction(mentions[0]!) !== enclosingFunction(loop) || !mentions.every(isLost))
    return null;
  const isEndless = 'test' in loop && (!loop.test || Boolean(constantOf(loop.test, facts)?.value));
  if (!exitsOf(loop, facts).every((exit) => isSwallowed(exit, loop, facts))) return null;
  return { node: loop, fn: enclosingFunction(loop), why: 'swallowsAbort', signal, sure: signal.sure && isEndless };
}

/** Does code look at a signal, or hand one on, that it has from somewhere else? */
function looksAtAnother(node: Fn | Loop, { sourceCode, oracle }: WorkFacts): boolean {
  let found = false;
  walk(sourceCode, node, (at) => {
    if (found) return false;
    if (at.type === 'MemberExpression')
      found = /^(?:aborted|throwIfAborted|isCancellationRequested|(?:is)?(?:cancell?ed|interrupted))$|signal$/i.test(
        nameOf(at) ?? '',
      );
    else if (at.type === 'Property')
      found =
        (SIGNAL_PROPERTIES as readonly (string | null)[]).includes(nameOf(at)) && at.parent.type === 'ObjectExpression';
    else if (at.type === 'CallExpression') found = at.arguments.some((argument) => mayHoldSignal(argument, oracle));
    return undefined;
  });
  return found;
}

function mayHoldSignal(argument: Node, oracle: WorkFacts['oracle']): boolean {
  const node = bare(argument);
  if (node.type !== 'Identifier') return false;
  return (
    /signal$|token$|^(?:opt|init|config|ctx|context)/i.test(node.name) ||
    oracle.is(node, 'AbortSignal') === 'yes' ||
    oracle.signalProperty(node) !== null
  );
}

/** A field that a condition depends on, and the value that would end the loop; null where no single field decides. */
export interface Flag {
  readonly member: TSESTree.MemberExpression;
  readonly value: string;
}

/** The field of the instance that decides whether a loop goes on. */
export function flagIn(test: Node, facts: WorkFacts, holds = true): Flag | null {
  const node = bare(test);
  if (node.type === 'MemberExpression')
    return node.object.type === 'ThisExpression' ? { member: node, value: String(!holds) } : null;
  if (node.type === 'UnaryExpression' && node.operator === '!') return flagIn(node.argument, facts, !holds);
  if (node.type === 'LogicalExpression')
    return (node.operator === '&&') === holds
      ? (flagIn(node.left, facts, holds) ?? flagIn(node.right, facts, holds))
      : null;
  if (node.type !== 'BinaryExpression') return null;
  const flag = node.left.type === 'PrivateIdentifier' ? null : flagIn(node.left, facts);
  const ends = node.operator.startsWith('!') === holds && node.right.type === 'Literal';
  return flag && ends ? { member: flag.member, value: (node.right as TSESTree.Literal).raw } : null;
}

import type { TSESTree } from '@typescript-eslint/utils';
import { isInside, runOf } from '../syntax/functions.js';
import { constructorOf } from '../syntax/members.js';
import type { Values } from '../syntax/values.js';
import {
  bare,
  type Fn,
  type Index,
  isFunction,
  isLoop,
  type Loop,
  nameOf,
  type Node,
  type SourceCode,
  walk,
} from '../syntax/walk.js';
import { signalPosition } from '../types/signal-positions.js';
import { constantOf, isWritten } from './constants.js';
import { asksForWhatIsThere, staysAsItIs } from './fixed.js';
import { cannotThrow } from './throws.js';

/**
 * How a loop ends: `count`, after a number of rounds or a time that it knows; `data`, when something it waits for says
 * so;
 * `perhaps`, only if a function that it calls throws, or code elsewhere writes what it looks at; `never`.
 */
export type Stop = 'count' | 'data' | 'never' | 'perhaps';

export interface LoopFacts {
  readonly values: Values;
  readonly index: Index;
  readonly sourceCode: SourceCode;
}

/**
 * Does a loop end by itself, by what it waits for, or never? Signals are not looked at: a check of one is an exit like
 * others.
 */
export function stopOf(loop: Loop, facts: LoopFacts): Stop {
  const goesOn = keepsGoing(loop, facts);
  if (goesOn === 'count') return 'count';
  const exits = exitsOf(loop, facts);
  if (exits.some((exit) => isCounted(exit, loop, facts))) return 'count';
  if (goesOn === 'data' || exits.length > 0) return 'data';
  return goesOn === 'perhaps' || mayThrowOut(loop, facts) ? 'perhaps' : 'never';
}

/** Does a loop, or a function, wait for anything in its own run? */
export function waits(node: Fn | Loop, { sourceCode }: LoopFacts): boolean {
  return waitsOf(node, sourceCode).length > 0;
}

/** Does a loop yield, so that its consumer decides about each round? */
export function yields(loop: Loop, facts: LoopFacts): boolean {
  return exitsOf(loop, facts).some(({ type }) => type === 'YieldExpression');
}

/** The awaited expressions of each round of a loop, or of a function; not those of functions inside. */
function waitsOf(node: Fn | Loop, sourceCode: SourceCode): Node[] {
  const found: Node[] = [];
  const once: unknown =
    node.type === 'ForStatement'
      ? node.init
      : node.type === 'ForOfStatement' || node.type === 'ForInStatement'
        ? node.right
        : null;
  walk(sourceCode, node, (at) => {
    if (at === once || (isFunction(at) && at !== node)) return false;
    if (at.type === 'AwaitExpression') found.push(at.argument);
    else if (at.type === 'ForOfStatement' && at.await) found.push(at.right);
    return undefined;
  });
  return found;
}

/** What the head of a loop says about another round. */
function keepsGoing(loop: Loop, facts: LoopFacts): Stop {
  if (loop.type === 'ForInStatement') return 'count';
  if (loop.type === 'ForOfStatement') return loop.await && isEndlessSource(loop.right, facts) ? 'never' : 'count';
  if (!loop.test) return 'never';
  const constant = constantOf(loop.test, facts);
  if (constant) return constant.value ? (constant.sure ? 'never' : 'perhaps') : 'data';
  if (copyIn(loop.test, facts) || staysAsItIs(loop.test, loop, facts) || asksForWhatIsThere(loop.test, facts))
    return 'never';
  return countsIn(loop.test, loop, facts) ? 'count' : 'data';
}

/** A name that keeps what a field was when it was read. */
export interface Copy {
  readonly name: TSESTree.Identifier;
  /** `closed`, or `state.closed` */
  readonly field: string;
}

/**
 * `const { closed } = this; while (!closed) { … }`: the copy that is all a condition looks at, where a method sets the
 * field itself; null where it looks at something else.
 */
export function copyIn(test: Node, { values, index }: Pick<LoopFacts, 'index' | 'values'>): Copy | null {
  const node = bare(test);
  if (node.type === 'UnaryExpression' && node.operator === '!') return copyIn(node.argument, { values, index });
  const { root, path } = values.of(node);
  const field = path.at(-1);
  if (node.type !== 'Identifier' || root.kind !== 'this' || field === undefined) return null;
  const made = root.of && constructorOf(root.of);
  const isSet = index.members
    .of(field)
    .some((one) => isWritten(one) && runOf(one) !== made && values.same(one, node) === 'yes');
  return isSet ? { name: node, field: path.join('.') } : null;
}

// Sources that go on until somebody ends them.
const ENDLESS = new Set([
  'node:events.on',
  'node:events.EventEmitter.on',
  'node:timers/promises.setInterval',
  'node:timers.promises.setInterval',
  'node:fs/promises.watch',
  'node:fs.promises.watch',
]);

/** Does a source of `for await` go on for ever, without a signal or another end? */
function isEndlessSource(source: Node, facts: LoopFacts): boolean {
  const node = facts.values.initialOf(source);
  if (node?.type !== 'CallExpression') return false;
  const held = bare(source);
  if (held !== node && held.type === 'Identifier' && isTouched(held, facts)) return false;
  const origin = facts.values.origin(node.callee);
  if (origin !== null && ENDLESS.has(origin)) return !endsByOption(node, signalPosition(origin)!.index, facts);
  const fn = facts.values.functionOf(node.callee);
  return Boolean(
    fn?.generator &&
    facts.index.loops.some(
      (loop) =>
        isInside(loop, fn) &&
        loop.type !== 'ForOfStatement' &&
        keepsGoing(loop, facts) === 'never' &&
        exitsOf(loop, facts).every(({ type }) => type === 'YieldExpression'),
    ),
  );
}

/** Is a source given a signal, or the events that close it? What this file does not show may hold them. */
function endsByOption(call: TSESTree.CallExpression, index: number, { values }: LoopFacts): boolean {
  if (call.arguments.some(({ type }) => type === 'SpreadElement')) return true;
  const given = call.arguments[index];
  const options = given && values.initialOf(given);
  if (options?.type !== 'ObjectExpression') return given !== undefined;
  return options.properties.some(
    (property) => property.type === 'SpreadElement' || ['signal', 'close'].includes(nameOf(property) ?? ''),
  );
}

/** Is an iterator used elsewhere than as the source, so that `return()` may end it? */
function isTouched(name: TSESTree.Identifier, { values }: LoopFacts): boolean {
  const references = values.variable(name)?.references.filter((reference) => reference.isRead()) ?? [];
  return references.some(({ identifier }) => identifier !== name);
}

/** Does a condition look at what each round brings closer to an end: a counter, a clock, what is left in a queue? */
function countsIn(test: Node, loop: Loop, { sourceCode, values }: LoopFacts): boolean {
  let found = false;
  walk(sourceCode, test, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'UpdateExpression') found = true;
    else if (node.type === 'MemberExpression') found ||= ['length', 'size'].includes(nameOf(node) ?? '');
    else if (node.type === 'CallExpression')
      found ||= takesOut(node) || ['Date.now', 'performance.now'].includes(values.origin(node.callee) ?? '');
    else if (node.type === 'Identifier') found ||= isCounter(node, loop, values) || isTakenIn(node, loop, values);
    return undefined;
  });
  return found;
}

/** `queue.shift()`, not awaited: takes one out of what is there, which is empty in the end. */
function takesOut({ callee, parent }: TSESTree.CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    /^(?:dequeue|pop|read|shift|take)(?:$|[A-Z])/.test(nameOf(callee) ?? '') &&
    parent.type !== 'AwaitExpression'
  );
}

/** `const job = queue.shift()`: is a name given in each round what was taken out of a queue? */
function isTakenIn(name: TSESTree.Identifier, loop: Loop, values: Values): boolean {
  const taken = values.initialOf(name);
  return taken?.type === 'CallExpression' && takesOut(taken) && isInside(taken, loop);
}

function isCounter(name: TSESTree.Identifier, loop: Loop, values: Values): boolean {
  return Boolean(
    values.variable(name)?.references.some(({ identifier }) => {
      const { parent } = identifier;
      if (!isInside(identifier, loop)) return false;
      return (
        parent?.type === 'UpdateExpression' ||
        (parent?.type === 'AssignmentExpression' && parent.left === identifier && /^[-+*]=$|^>>/.test(parent.operator))
      );
    }),
  );
}

/** Is an exit taken after a number of rounds, or at a time? */
function isCounted(exit: Node, loop: Loop, facts: LoopFacts): boolean {
  for (let at = exit; at.parent && at !== loop; at = at.parent) {
    if (at.parent.type === 'IfStatement' && at.parent.test !== at && countsIn(at.parent.test, loop, facts)) return true;
  }
  return false;
}

/** The reachable places where a loop is left; what it yields to may leave it, too. */
export function exitsOf(loop: Loop, facts: LoopFacts): Node[] {
  const found: Node[] = [];
  walk(facts.sourceCode, loop.body, (node) => {
    if (isFunction(node)) return false;
    if (leaves(node, loop, facts) && !isDead(node, loop, facts)) found.push(node);
    return undefined;
  });
  return found;
}

function leaves(node: Node, loop: Loop, facts: LoopFacts): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'YieldExpression':
      return true;
    case 'ThrowStatement':
      return !isSwallowed(node, loop, facts);
    case 'BreakStatement':
    case 'ContinueStatement':
      return !isInside(targetOf(node), loop.body) && (node.type === 'BreakStatement' || targetOf(node) !== loop);
    case 'CallExpression': {
      const callee = bare(node.callee);
      const name = callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
      if (name === 'throwIfAborted') return !isSwallowed(node, loop, facts);
      return ['process.exit', 'process.abort', 'Deno.exit', 'node:process.exit'].includes(
        facts.values.origin(callee) ?? '',
      );
    }
    default:
      return false;
  }
}

/** The statement that a `break` or `continue` is about. */
function targetOf(node: TSESTree.BreakStatement | TSESTree.ContinueStatement): Node {
  for (let at: Node | undefined = node.parent; at && !isFunction(at); at = at.parent) {
    if (node.label) {
      if (at.type === 'LabeledStatement' && at.label.name === node.label.name)
        return node.type === 'ContinueStatement' ? at.body : at;
    } else if (isLoop(at) || (node.type === 'BreakStatement' && at.type === 'SwitchStatement')) return at;
  }
  return node;
}

/** Does a condition around an exit that nothing changes keep it from being reached? */
function isDead(exit: Node, loop: Loop, facts: LoopFacts): boolean {
  for (let at = exit; at.parent && at !== loop; at = at.parent) {
    if (at.parent.type !== 'IfStatement' || at.parent.test === at) continue;
    const constant = constantOf(at.parent.test, facts);
    if (constant?.sure && Boolean(constant.value) !== (at.parent.consequent === at)) return true;
  }
  return false;
}

/** Is a failure of a node caught inside the loop, so that the loop goes round again? */
export function isSwallowed(node: Node, loop: Loop, facts: LoopFacts): boolean {
  for (let at = node; at.parent && at !== loop; at = at.parent) {
    const { parent } = at;
    if (parent.type === 'TryStatement' && parent.block === at && parent.handler)
      return !leavesBy(parent.handler.body, loop, facts);
    if (
      parent.type === 'MemberExpression' &&
      parent.object === at &&
      nameOf(parent) === 'catch' &&
      parent.parent.type === 'CallExpression'
    ) {
      const [handler] = parent.parent.arguments;
      if (handler && cannotThrow(handler, facts.values)) return true;
    }
  }
  return false;
}

function leavesBy(handler: Node, loop: Loop, facts: LoopFacts): boolean {
  let found = false;
  walk(facts.sourceCode, handler, (node) => {
    if (found || isFunction(node)) return false;
    found = leaves(node, loop, facts);
    return undefined;
  });
  return found;
}

const MAY_THROW = /^(?:assert|ensure|invariant|throwIf|check|verify|validate|expect|raise|fail|require)/;

/** Does a loop call a function that throws by itself, as this file or its name shows? */
function mayThrowOut(loop: Loop, facts: LoopFacts): boolean {
  let found = false;
  walk(facts.sourceCode, loop.body, (node) => {
    if (found || isFunction(node)) return false;
    if (node.type === 'CallExpression' && !isSwallowed(node, loop, facts)) {
      const callee = bare(node.callee);
      const name =
        callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
      const fn = facts.values.functionOf(callee);
      found = MAY_THROW.test(name.replace('#', '')) || (fn !== null && throwsItself(fn, facts));
    }
    return undefined;
  });
  return found;
}

function throwsItself(fn: Fn, { sourceCode }: LoopFacts): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    if (found || isFunction(node)) return false;
    found = node.type === 'ThrowStatement';
    return undefined;
  });
  return found;
}

import { enclosingFunction, isInside } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { type Call, type Fn, type Index, isFunction, type Node, type SourceCode, walk } from '../../syntax/walk.js';
import type { Frameworks } from './frameworks.js';

/** A function that is meant to end something, and that nobody calls. */
export interface LostCleanup {
  readonly node: Node;
  /** Why it never runs. */
  readonly late: string;
  readonly remedy: string;
  /** The method that takes its place. */
  readonly override?: Fn;
}

/** The cleanups of a file that never run: the functions, and the calls that are given them. */
export function lostCleanups(
  frameworks: Frameworks,
  index: Index,
  values: Values,
  sourceCode: SourceCode,
): Map<Node, LostCleanup> {
  const lost = new Map<Node, LostCleanup>();
  for (const [word, modules] of frameworks.lifeCycles.endings) {
    for (const call of index.calls.of(word)) {
      const origin = values.origin(call.callee);
      if (!modules.some((module) => origin === `${module}.${word}`) || !isAfterAwait(call, sourceCode)) continue;
      const late: LostCleanup = {
        node: call,
        late: 'registered after an `await`',
        remedy: 'Register it before the first `await`',
      };
      lost.set(call, late);
      for (const fn of frameworks.callbacksOf(call)) if (isOnlyFor(fn, call, values)) lost.set(fn, late);
    }
  }
  for (const fn of index.functions) {
    if (!fn.async || !frameworks.hookOf(fn)?.returns) continue;
    for (const cleanup of frameworks.returned(fn))
      if (isInside(cleanup, fn))
        lost.set(cleanup, {
          node: cleanup,
          late: 'returned by an async function',
          remedy: 'Return it from a function that is not async',
        });
  }
  return lost;
}

/** Has a function no other use than to be given to a call? */
function isOnlyFor(fn: Fn, call: Call, values: Values): boolean {
  if (isInside(fn, call)) return true;
  const argument = call.arguments.find((one) => values.functionOf(one) === fn);
  const variable = argument?.type === 'Identifier' ? values.variable(argument) : null;
  return variable?.references.filter((reference) => reference.isRead()).length === 1;
}

/** Does a call stand after an `await` of its function, where a framework no longer knows for whom it runs? */
export function isAfterAwait(call: Node, sourceCode: SourceCode): boolean {
  const fn = enclosingFunction(call);
  if (!fn?.async) return false;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    if (found || isFunction(node) || node.range[0] >= call.range[0]) return false;
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await))
      found = node.range[1] <= call.range[0] && !leavesAfter(node, fn, call);
    return !found;
  });
  return found;
}

/** Does a branch leave the function that a node stands in, and the other does not? */
function leavesAfter(node: Node, fn: Fn, other: Node): boolean {
  for (let at = node.parent; at && at !== fn; at = at.parent) {
    const last = at.type === 'BlockStatement' && !isInside(other, at) ? at.body.at(-1)?.type : undefined;
    if (last === 'ReturnStatement' || last === 'ThrowStatement') return true;
  }
  return false;
}

import { isInside } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, type Fn, type Node } from '../syntax/walk.js';
import { endsProgramAfter } from './quits.js';
import { catches, find, some } from './search.js';

/** Does calling a function begin work that waits in each of several rounds, and that nothing in it watches over? */
export function beginsLongWork(fn: Fn, values: Values): boolean {
  return fn.async && !fn.generator && longWork(fn, values, new Set());
}

/** Does a function wait, and change something outside of it after that, with nothing in it that watches over? */
export function changesLater(fn: Fn, values: Values): boolean {
  if (!fn.async || fn.generator || some(fn.body, catches)) return false;
  const awaited = find(
    fn.body,
    (node) => node.type === 'AwaitExpression' && bare(node.argument).type === 'CallExpression',
  );
  const isOutside = (node: Node): boolean => {
    const { root } = values.of(node);
    return (
      root.kind === 'this' || (root.kind === 'variable' && root.variable.defs.some(({ name }) => !isInside(name, fn)))
    );
  };
  return (
    awaited !== null &&
    some(fn.body, (node) => {
      if (node.range[0] < awaited.range[1]) return false;
      if (node.type === 'AssignmentExpression') return isOutside(node.left);
      const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
      return callee?.type === 'MemberExpression' && isOutside(callee.object);
    })
  );
}

function longWork(fn: Fn, values: Values, seen: Set<Fn>): boolean {
  if (seen.has(fn) || some(fn.body, (node) => catches(node) || endsProgramAfter(node, values))) return false;
  seen.add(fn);
  return some(fn.body, (node) => {
    if (
      node.type === 'ForOfStatement' ||
      node.type === 'ForInStatement' ||
      (node.type === 'ForStatement' && node.test !== null)
    )
      return some(
        node.body,
        (one) =>
          one.type === 'AwaitExpression' &&
          bare(one.argument).type !== 'MemberExpression' &&
          awaitedFunction(one, values) !== fn,
      );
    const called = awaitedFunction(node, values);
    return called !== null && called.async && longWork(called, values, seen);
  });
}

function awaitedFunction(node: Node, values: Values): Fn | null {
  const awaited = node.type === 'AwaitExpression' ? bare(node.argument) : null;
  return awaited?.type === 'CallExpression' ? values.functionOf(awaited.callee) : null;
}

import type { Unawaited } from '../ownership/promises/callbacks.js';
import type { Start } from '../ownership/starts/starts.js';
import { rearms } from '../ownership/verdict/rearm.js';
import { enclosingFunction, functionName, isInside } from '../syntax/functions.js';
import { isFunction, type Node, walk } from '../syntax/walk.js';
import type { View } from './edit.js';
import { declareOutside } from './outside.js';
import { isFirstOnLine } from './statements.js';

/**
 * The last statement of a callback, where it starts the timer of the callback again: a failure before it is not to end
 * the rounds. `none` where nothing does, or not after a wait; null where it cannot stand on its own.
 */
export function restartIn({ callback, node }: Unawaited, view: View): Node | 'none' | null {
  const start = view.starts('timeout').find((one) => one.node === node);
  const again = start ? restartsOf(start, callback, view) : [];
  if (!start || (again.length === 0 && rearms(start, view) === 'no')) return 'none';
  const { body } = callback;
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  if (body.type !== 'BlockStatement' || !last || again.length === 0) return null;
  const wait = firstWait(body, view);
  if (!wait || again.every(({ range }) => range[0] < wait.range[0])) return 'none';
  if (last.type === 'TryStatement' && again.every((one) => last.finalizer && isInside(one, last.finalizer)))
    return 'none';
  const work = body.body.slice(0, -1);
  if (!again.every((one) => isInside(one, last)) || isInside(wait, last) || !isFirstOnLine(last, view.sourceCode))
    return null;
  const outside = declareOutside(work, work.at(-1)!.range[1], view);
  return outside && outside.changes.length + outside.after.length === 0 ? last : null;
}

/** The places of a callback that run it again: a timer of its own, or a call of the function that sets one. */
function restartsOf(start: Start, callback: Node, view: View): Node[] {
  const { index, values } = view;
  const timers = view.starts('timeout').flatMap(({ node, names }) => {
    const given = names.get('callback');
    return given && values.functionOf(given) === callback ? [node] : [];
  });
  const calls: Node[] = [];
  for (let fn = enclosingFunction(start.node); fn; fn = enclosingFunction(fn))
    for (const call of index.calls.of(functionName(fn))) if (values.functionOf(call.callee) === fn) calls.push(call);
  return [...timers, ...calls].filter((one) => isInside(one, callback));
}

function firstWait(body: Node, { sourceCode }: View): Node | null {
  let found: Node | null = null;
  walk(sourceCode, body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'AwaitExpression') found ??= node;
    return found === null;
  });
  return found;
}

import type { TSESTree } from '@typescript-eslint/utils';
import type { Start } from '../ownership/starts/starts.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, dressed, type Fn, isFunction, type Node } from '../syntax/walk.js';
import { type Edit, replace, type View } from './edit.js';
import { importOf } from './imports.js';
import { statementOf } from './statements.js';

/** A promise of one event of an emitter. */
interface Awaited {
  readonly promise: TSESTree.NewExpression;
  readonly fn: Fn;
  readonly settlers: readonly Variable[];
}

/**
 * `await once(server, 'listening')` for a promise that is nothing but that event or a failure, and whose value nobody
 * reads.
 */
export function onceInstead(
  view: View,
  { names, sure }: Start,
  { promise, fn, settlers: [resolve, reject] }: Awaited,
): Edit | null {
  const { values } = view;
  const target = names.get('target');
  const [first, second, third] = fn.body.type === 'BlockStatement' ? fn.body.body : [];
  const [event, failure] = [first, second].map((statement) =>
    statement?.type === 'ExpressionStatement' ? bare(statement.expression) : null,
  );
  if (third || sure !== 'yes' || !target || !isOnce(event, target, view) || !isOnce(failure, target, view)) return null;
  const isFailure = values.text(failure.arguments[0]) === 'error' && isSettler(failure.arguments[1]!, reject, values);
  if (!isFailure || !isSettler(event.arguments[1]!, resolve, values) || values.text(event.arguments[0]) === 'error')
    return null;
  const once = isUnread(promise, view) ? importOf('node:events', 'once', view) : null;
  return (
    once && [
      ...(once.change ? [once.change] : []),
      replace(promise, `${once.name}(${view.text(target)}, ${view.text(event.arguments[0]!)})`),
    ]
  );
}

function isOnce(node: Node | null | undefined, target: Node, { values }: View): node is TSESTree.CallExpression {
  const callee = node?.type === 'CallExpression' ? bare(node.callee) : null;
  return (
    node?.type === 'CallExpression' &&
    callee?.type === 'MemberExpression' &&
    calleeName(node) === 'once' &&
    node.arguments.length === 2 &&
    values.same(callee.object, target) === 'yes'
  );
}

/** `resolve`, or `() => resolve()` */
function isSettler(listener: Node, settler: Variable | undefined, values: Values): boolean {
  const node = bare(listener);
  if (node.type === 'Identifier') return settler !== undefined && values.variable(node) === settler;
  const only = isFunction(node)
    ? node.body.type === 'BlockStatement'
      ? node.body.body.length === 1 && node.body.body[0]!.type === 'ExpressionStatement'
        ? bare(node.body.body[0]!.expression)
        : null
      : bare(node.body)
    : null;
  return only?.type === 'CallExpression' && only.arguments.length === 0 && isSettler(only.callee, settler, values);
}

/** Does nobody read what the promise is fulfilled with? */
function isUnread(promise: Node, { values }: View): boolean {
  return (
    fateOf(promise, values).kind === 'awaited' &&
    dressed(promise).parent?.parent?.type === 'ExpressionStatement' &&
    statementOf(promise) !== null &&
    enclosingFunction(promise)?.async !== false
  );
}

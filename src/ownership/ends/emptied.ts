import type { Values } from '../../syntax/values.js';
import { bare, type Call, dressed } from '../../syntax/walk.js';
import { type Handle, isHeld } from '../holders/handle.js';
import { isNothing } from '../owners/lives.js';

/** `this.timer = null; clearTimeout(this.timer);`: does the block take the handle out of the name that the end reads? */
export function isEmptiedBefore(end: Call, handle: Handle, values: Values): boolean {
  const statement = dressed(end).parent;
  if (statement?.type !== 'ExpressionStatement' || statement.parent.type !== 'BlockStatement') return false;
  const callee = bare(end.callee);
  const named = [...end.arguments, ...(callee.type === 'MemberExpression' ? [callee.object] : [])]
    .map((one) => bare(one))
    .find((one) => isHeld(one, handle, values));
  const before = statement.parent.body.slice(0, statement.parent.body.indexOf(statement));
  const last = before.findLast((one) => {
    const set = one.type === 'ExpressionStatement' ? one.expression : null;
    return set?.type === 'AssignmentExpression' && set.left.type === named?.type && isHeld(set.left, handle, values);
  });
  // Another name may have kept it.
  return (
    last?.type === 'ExpressionStatement' &&
    last.expression.type === 'AssignmentExpression' &&
    isNothing(bare(last.expression.right)) &&
    (named?.type !== 'Identifier' || values.variable(named) === values.variable(last.expression.left as typeof named))
  );
}

import type { TSESTree } from '@typescript-eslint/utils';
import { leaves } from '../../syntax/leaving.js';
import { memoize } from '../../maps.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, dressed, type Node } from '../../syntax/walk.js';
import { type Handle, isHeld } from '../holders/handle.js';
import { isNothing } from '../owners/lives.js';

/** `this.timer = null; clearTimeout(this.timer);`: is the handle taken out of the name before the end reads it? */
export function isEmptiedBefore(end: Call, handle: Handle, values: Values): boolean {
  const statement = dressed(end).parent;
  if (statement?.type !== 'ExpressionStatement') return false;
  const callee = bare(end.callee);
  const named = [...end.arguments, ...(callee.type === 'MemberExpression' ? [callee.object] : [])]
    .map((one) => bare(one))
    .find((one) => isHeld(one, handle, values));
  if (!named) return false;
  for (const before of statementsBefore(statement)) {
    if (maySet(before)) return false;
    const set = before.type === 'ExpressionStatement' ? before.expression : null;
    if (set?.type === 'AssignmentExpression' && set.left.type === named.type && isHeld(set.left, handle, values))
      // Another name may have kept it.
      return (
        isNothing(bare(set.right)) &&
        (named.type !== 'Identifier' || values.variable(named) === values.variable(set.left as typeof named))
      );
  }
  return false;
}

/** May something that is set stay so after a statement whose own expression does not say it? */
function maySet(statement: Node): boolean {
  if (statement.type !== 'IfStatement')
    return statement.type !== 'ExpressionStatement' && statement.type !== 'VariableDeclaration';
  const { consequent, alternate } = statement;
  return !leaves(consequent) && (alternate !== null || !isCall(consequent));
}

/** `if (this.timer) console.log('stopping');` */
function isCall(statement: Node): boolean {
  return statement.type === 'ExpressionStatement' && statement.expression.type === 'CallExpression';
}

/** The statements of a block that set something, or may; found once, because every end in it asks. */
const telling = memoize(({ body }: TSESTree.BlockStatement) =>
  body.filter(
    (one) => maySet(one) || (one.type === 'ExpressionStatement' && one.expression.type === 'AssignmentExpression'),
  ),
);

/** What sets something before a statement on every way to it, the nearest first: in its block, and around its `if`. */
function* statementsBefore(statement: Node): Iterable<Node> {
  let at = statement;
  for (let { parent } = at; parent?.type === 'BlockStatement' || parent?.type === 'IfStatement'; { parent } = at) {
    if (parent.type === 'BlockStatement')
      for (let all = telling(parent), last = all.length - 1; last >= 0; last -= 1)
        if (all[last]!.range[1] <= at.range[0]) yield all[last]!;
    at = parent;
  }
}

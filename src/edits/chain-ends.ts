import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction } from '../syntax/functions.js';
import { bare, isFunction, nameOf, type Node } from '../syntax/walk.js';
import { type Edit, insertAfter, replace, type View } from './edit.js';
import { removeStatement, statementOf } from './statements.js';

/**
 * Moves an end from a callback of `then`, which a failure passes by, to a `finally` behind it; null where it is not a
 * statement of its own there.
 */
export function endInLink(view: View, end: Node): Edit | null {
  const fn = enclosingFunction(end);
  const link = fn && argumentOf(fn)?.call;
  const method = link && bare(link.callee);
  if (
    link?.type !== 'CallExpression' ||
    method?.type !== 'MemberExpression' ||
    nameOf(method) !== 'then' ||
    link.arguments.length !== 1
  )
    return null;
  const statement = fn!.body.type === 'BlockStatement' ? statementOf(end) : null;
  const isAlone = statement ? (statement.parent as TSESTree.BlockStatement).body.length === 1 : bare(fn!.body) === end;
  if (isAlone)
    return isFunction(bare(link.arguments[0]!)) &&
      fn!.params.length === 0 &&
      fateOf(link, view.values).kind === 'dropped'
      ? [replace(method.property, 'finally')]
      : null;
  const only = statement?.type === 'ExpressionStatement' ? bare(statement.expression) : null;
  if (statement?.parent !== fn!.body || (only?.type === 'AwaitExpression' ? bare(only.argument) : only) !== end)
    return null;
  return [...removeStatement(statement, view.sourceCode), insertAfter(link, `.finally(() => ${view.text(end)})`)];
}

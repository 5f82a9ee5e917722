import type { Start } from '../ownership/starts/starts.js';
import { runOf } from '../syntax/functions.js';
import { type Fn, isFunction } from '../syntax/walk.js';
import { returnsIn } from './cleanup.js';
import { type Edit, freeName, semicolon, type View } from './edit.js';
import { flagSet } from './flags.js';
import { addFirst, blockOf, insertBeforeStatement, insertFirst, listAround, statementOf } from './statements.js';

/** Leaves before a start that comes after a wait, where its owner has ended meanwhile. */
export function askFirst(view: View, start: Start): Edit | null {
  const { kind, node: owner, teardown } = view.ownerOf(start);
  const { sourceCode } = view;
  const run = runOf(start.node);
  const statement = statementOf(start.node);
  if (!run || !statement || !listAround(statement) || !returnsNothing(run, view)) return null;
  const leave = (asked: string): Edit => [
    insertBeforeStatement(statement, `if (${asked}) return${semicolon(sourceCode)}`, sourceCode),
  ];
  if (kind === 'instance') {
    const set = flagSet(view, start.node);
    return set && leave(`${set.isTrue ? '' : '!'}${view.text(set.left)}`);
  }
  const block = isFunction(owner) ? blockOf(owner) : null;
  const [cleanup, ...others] = teardown?.functions ?? [];
  if (!block || !cleanup || others.length > 0) return null;
  const flag = freeName('hasEnded', block, sourceCode);
  const said = addFirst(cleanup, `${flag} = true${semicolon(sourceCode)}`, '', sourceCode);
  return (
    said && [insertFirst(block, `let ${flag} = false${semicolon(sourceCode)}`, sourceCode), ...said, ...leave(flag)]
  );
}

function returnsNothing(run: Fn, view: View): boolean {
  const block = blockOf(run);
  return block !== null && returnsIn(block.body, view).every(({ argument }) => !argument);
}

import type { Start } from '../ownership/starts/starts.js';
import { runOf } from '../syntax/functions.js';
import { type Edit, together, type View } from './edit.js';
import { placeIn } from './place.js';
import { endAt, statementText } from './reach.js';
import { addFirst } from './statements.js';

/** Ends a one-shot in the listener of the one that makes it needless; null where that listener is used for more. */
export function endInWinner(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const winner =
    verdict.kind === 'kept' ? undefined : view.starts('listener').find(({ node }) => node === verdict.sibling);
  const listener = winner?.names.get('listener');
  const fn = listener ? view.values.functionOf(listener) : null;
  if (!fn || runOf(fn) !== runOf(start.node)) return null;
  const reached = endAt(start, placeIn(fn.body, fn), view);
  return reached && together(reached.changes, addFirst(fn, statementText(reached, view), '', view.sourceCode));
}

import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../catalog/index.js';
import { memoize } from '../maps.js';
import type { Start } from '../ownership/starts/starts.js';
import { enclosingFunction, isInside } from '../syntax/functions.js';
import { type Edit, endsFor, type View } from './edit.js';
import { endInFinally, isEnd, isPlainReturn } from './finally.js';
import { listAround, removeStatement, statementOf, statementsOf } from './statements.js';

/**
 * `await using file = await open(path)`, in place of the end that is there; null where the end of the block would be
 * too late, or the file is not written for it.
 */
export function declareUsing(view: View, start: Start): Edit | null {
  const declaration = statementOf(start.node);
  const list = declaration && listAround(declaration);
  const fn = enclosingFunction(start.node);
  if (
    declaration?.type !== 'VariableDeclaration' ||
    declaration.kind !== 'const' ||
    declaration.declarations.length !== 1 ||
    list?.type !== 'BlockStatement'
  )
    return null;
  const { id } = declaration.declarations[0]!;
  const handle = view.handleOf(start);
  const disposal = disposalOf(start, id, view);
  if (
    id.type !== 'Identifier' ||
    handle.kind !== 'kept' ||
    handle.variables.length !== 1 ||
    !disposal ||
    (disposal === 'async' && !fn?.async)
  )
    return null;
  const ends = endsFor(start, view);
  const rest = statementsOf(list).filter((one) => one.range[0] > declaration.range[0]);
  const own = rest.find((one) => isEnd(one, ends));
  const after = own ? rest.slice(rest.indexOf(own) + 1) : [];
  const isEndOfAll = own
    ? ends.length === 1 && isInside(ends[0]!, own)
    : ends.length === 0 && endInFinally(view, start) !== null;
  if (!isEndOfAll || !after.every((one) => isPlainReturn(one, view))) return null;
  const [from] = declaration.range;
  const removed = own ? removeStatement(own, view.sourceCode) : [];
  return [
    { start: from, end: from + 'const'.length, text: disposal === 'async' ? 'await using' : 'using' },
    ...removed,
  ];
}

/**
 * Which declaration ends the start: types tell of newer versions of Node than the one that runs, so the catalog has to
 * know of it, too.
 */
function disposalOf({ resource }: Start, id: TSESTree.Node, view: View): 'async' | 'sync' | null {
  const ends = listed(resource.end);
  const known = ends.some((end) => end.includes('[Symbol.asyncDispose]'))
    ? 'async'
    : ends.some((end) => end.includes('[Symbol.dispose]'))
      ? 'sync'
      : null;
  return known && (usesUsing(view.sourceCode) || view.oracle.disposal(id) === known) ? known : null;
}

/** Does a file use such declarations already? */
export const usesUsing = memoize(({ ast: { tokens = [] } }: View['sourceCode']) =>
  tokens.some(
    ({ value }, at) =>
      value === 'using' && tokens[at + 1]?.type === 'Identifier' && /^[=:]$/.test(tokens[at + 2]?.value ?? ''),
  ),
);

import type { TSESTree } from '@typescript-eslint/utils';
import type { Settled } from '../flow/settles.js';
import { fateOf } from '../syntax/fate.js';
import { runOf } from '../syntax/functions.js';
import { bare, type Node } from '../syntax/walk.js';
import { type Edit, freeName, insertAfter, quoteOf, replace, type View } from './edit.js';
import { isUnseen } from './unawaitable.js';

/** An edit that needs the second settler, which the executor may not take yet. */
export function rejecting(
  view: View,
  { node, fn, settlers }: Settled,
  edit: (reject: string) => Edit | null,
): Edit | null {
  const [resolve, reject] = settlers;
  const holder = holderOf(node, settlers, view);
  if (holder !== null) return edit(`${holder}.reject`);
  const [first, second] = node.type === 'NewExpression' ? fn.params : [];
  const isUnused = second?.type === 'Identifier' && reject?.references.length === 0 && reject.name.startsWith('_');
  const name = reject && !isUnused ? reject.name : freeName('reject', fn, view.sourceCode);
  const changes = whereNamed(edit(name), { node, fn });
  if (!changes) return null;
  if (isUnused) return [{ start: second.range[0], end: second.range[0] + second.name.length, text: name }, ...changes];
  if (reject) return changes;
  // Who relies on it not to fail would not see it fail.
  if (isUnseen(node, view)) return null;
  if (!resolve || first?.type !== 'Identifier') return null;
  const isBare = view.sourceCode.getTokenAfter(first)?.value === '=>';
  return [isBare ? replace(first, `(${view.text(first)}, ${name})`) : insertAfter(first, `, ${name}`), ...changes];
}

/** `const done = Promise.withResolvers();`: the name that holds both settlers; null where each has one. */
function holderOf(node: Node, [first]: Settled['settlers'], { values }: View): string | null {
  return node.type !== 'NewExpression' && fateOf(node, values).kind === 'local' ? first!.name : null;
}

function settlerOf({ node, settlers }: Settled, view: View): string {
  const holder = holderOf(node, settlers, view);
  return holder === null ? settlers[0]!.name : `${holder}.resolve`;
}

/** Changes that name a settler; null outside of its executor: what takes it out gives it another name there. */
function whereNamed(changes: Edit | null, { node, fn }: Pick<Settled, 'fn' | 'node'>): Edit | null {
  const [from, to] = fn.range;
  return node.type === 'NewExpression' && changes?.some(({ start, end }) => start < from || end > to) ? null : changes;
}

/** `resolve()` where the promise carries nothing, else a rejection that says why. */
export function ending(
  view: View,
  promise: Settled,
  reason: Node | string,
  edit: (text: string) => Edit | null,
): Edit | null {
  if (carriesNothing(view, promise) && !isUnwanted(promise))
    return whereNamed(edit(`${settlerOf(promise, view)}()`), promise);
  return failing(view, promise, reason, edit);
}

/** A rejection that says why, in words or as the code says it elsewhere. */
export function failing(
  view: View,
  promise: Settled,
  reason: Node | string,
  edit: (text: string) => Edit | null,
): Edit | null {
  // Nobody may have asked by then, and a rejection that nobody hears of ends a program.
  if (isAskedLater(promise, view)) return null;
  return rejecting(view, promise, (reject) =>
    edit(`${reject}(new Error(${typeof reason === 'string' ? quoted(reason, view) : view.text(reason)}))`),
  );
}

/** `const ready = new Promise(…);`, for which only functions wait that are called when somebody likes. */
function isAskedLater({ node }: Settled, { values }: View): boolean {
  const fate = fateOf(node, values);
  return (
    node.type === 'NewExpression' &&
    fate.kind === 'local' &&
    fate.variable.references.every(({ identifier, init }) => init || runOf(identifier) !== runOf(node))
  );
}

/** `(_, reject) => …`: a settler that is named as one that nobody uses. */
export function isUnwanted({ settlers: [resolve, reject] }: Settled): boolean {
  return reject !== undefined && resolve!.name.startsWith('_');
}

/** Is a promise fulfilled with nothing? */
export function carriesNothing({ values }: View, { node, settlers: [resolve] }: Settled): boolean {
  const [type] = node.typeArguments?.params ?? [];
  if (type) return type.type === 'TSVoidKeyword';
  const calls = (resolve?.references ?? [])
    .map(({ identifier }) => identifier.parent)
    .filter(
      (call) =>
        call?.type === 'CallExpression' &&
        bare(call.callee).type === 'Identifier' &&
        values.variable(bare(call.callee) as TSESTree.Identifier) === resolve,
    );
  return calls.length > 0 && calls.every((call) => call?.type === 'CallExpression' && call.arguments.length === 0);
}

export function quoted(text: string, { sourceCode }: View): string {
  const quote = quoteOf(sourceCode);
  const said = text.replaceAll(quote, quote === '"' ? "'" : '"');
  return `${quote}${said.includes('\\') || said.includes('\n') ? 'Not settled' : said}${quote}`;
}

/** What the condition around an early return says. */
export function reasonFor(leaving: Node, view: View): string {
  const outer = leaving.parent?.type === 'BlockStatement' ? leaving.parent.parent : leaving.parent;
  return outer?.type === 'IfStatement' && outer.alternate === null
    ? `Unexpected: ${oneLine(view.text(outer.test))}`
    : 'Left early';
}

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

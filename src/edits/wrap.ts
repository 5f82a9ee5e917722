import type { TSESTree } from '@typescript-eslint/utils';
import { isSettler } from '../flow/throws.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction } from '../syntax/functions.js';
import { bare, type Fn, type Node, walk } from '../syntax/walk.js';
import {
  type Change,
  type Edit,
  freeName,
  indentOf,
  indentStep,
  insertBefore,
  lineBreak,
  semicolon,
  TIGHT,
  type View,
} from './edit.js';
import { indented, moved } from './statements.js';

/** What runs before the `try`, and what runs in its `finally`. */
export interface Around {
  readonly before: readonly string[];
  readonly after: string;
}

/**
 * Puts the body of an async function into a `try`, and what is done with the error into its `catch`; null where the
 * result is for somebody.
 */
export function catchInBody(
  view: View,
  fn: Fn,
  handle: (error: string) => readonly string[],
  around?: Around,
): Edit | null {
  const { sourceCode } = view;
  const { body } = fn;
  // The body of an arrow may begin on a line of its own, with an indentation that its block does not have.
  const outer = lineBreak(sourceCode) + indentOf(body.type === 'BlockStatement' ? body : fn, sourceCode);
  const line = outer + indentStep(sourceCode);
  const inner = line + indentStep(sourceCode);
  const error = freeName('error', fn, sourceCode);
  const end = semicolon(sourceCode);
  const opening = `${(around?.before ?? []).map((text) => line + text).join('')}${line}try {`;
  const closing = `${line}} catch (${error}) {${handle(error)
    .map((text) => inner + text + end)
    .join('')}${line}}${around ? ` finally {${inner}${around.after}${line}}` : ''}`;
  if (body.type !== 'BlockStatement') {
    // Parentheses around an object are not part of it.
    const arrow = sourceCode.getTokenBefore(body, ({ value }) => value === '=>')!;
    const last = sourceCode.getLastToken(fn)!;
    const text = moved(
      body,
      sourceCode.text.slice(arrow.range[1], last.range[1]).trim(),
      inner.slice(lineBreak(sourceCode).length),
      sourceCode,
    );
    const isAwaited = view.oracle.isPromise(body) !== 'no' && body.type !== 'AwaitExpression';
    const awaited = isAwaited ? awaitedText(body, text, view) : text;
    return [
      { start: arrow.range[1], end: last.range[1], text: ` {${opening}${inner}${awaited}${end}${closing}${outer}}` },
    ];
  }
  const [first] = body.body;
  const last = body.body.at(-1);
  if (!first || !last) return null;
  const [from, to] = [body.range[0] + 1, body.range[1] - 1];
  if (body.loc.start.line === body.loc.end.line || first.loc.start.line === body.loc.start.line) {
    const text = sourceCode.text.slice(from, to).trim();
    if (text.includes('\n')) return null;
    return [{ start: from, end: to, text: `${opening}${inner}${text}${closing}${outer}` }, ...awaitReturned(view, fn)];
  }
  const lastLine = sourceCode.getIndexFromLoc({ line: body.loc.end.line, column: 0 });
  const changes = [
    { start: from, end: from, text: opening },
    ...indented(from, lastLine - 1, sourceCode),
    { start: lastLine, end: lastLine, text: closing.slice(lineBreak(sourceCode).length) + lineBreak(sourceCode) },
  ];
  return [...changes, ...awaitReturned(view, fn)];
}

/** `if (isOpen) await save();` for `isOpen && save()`. */
function awaitedText(body: Node, text: string, view: View): string {
  if (
    body.type === 'LogicalExpression' &&
    body.operator === '&&' &&
    text === view.text(body) &&
    TIGHT.has(body.right.type)
  )
    return `if (${view.text(body.left)}) await ${view.text(body.right)}`;
  return TIGHT.has(body.type) || text.startsWith('(') ? `await ${text}` : `await (${text})`;
}

/** A promise that is returned out of a `try` is not caught there. */
function awaitReturned(view: View, fn: Fn): Change[] {
  const { sourceCode, values } = view;
  const returned: TSESTree.CallExpression[] = [];
  // `res.end()` on its own shows that there is nothing to wait for.
  const dropped = new Set<string>();
  walk(sourceCode, fn.body, (node) => {
    if (node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression')
      dropped.add(view.text(node.expression.callee));
    if (
      node.type === 'ReturnStatement' &&
      node.argument?.type === 'CallExpression' &&
      mayBePromise(node.argument, view) &&
      enclosingFunction(node) === fn &&
      fateOf(node.argument, values).kind === 'returned' &&
      !isSettler(node.argument.callee, values)
    )
      returned.push(node.argument);
  });
  return fn.async
    ? returned
        .filter((call) => view.oracle.isPromise(call) === 'yes' || !dropped.has(view.text(call.callee)))
        .map((call) => insertBefore(call, 'await '))
    : [];
}

/** May somebody have to wait for a value? The methods of texts and numbers give what is there. */
export function mayBePromise(value: Node, { oracle }: View): boolean {
  const callee = value.type === 'CallExpression' ? bare(value.callee) : null;
  return (
    oracle.isPromise(value) !== 'no' &&
    !(callee?.type === 'MemberExpression' && oracle.is(callee.object, 'primitive') === 'yes')
  );
}

import type { TSESTree } from '@typescript-eslint/utils';
import { isSettler } from '../flow/throws.js';
import { mayBePromise } from '../ownership/promises/callbacks.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction } from '../syntax/functions.js';
import { type Fn, type Node, walk } from '../syntax/walk.js';
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
import { endOfLine, indented, moved } from './statements.js';

/** What runs before the `try`, and what runs in its `finally`. */
export interface Around {
  readonly before: readonly string[];
  readonly after: string;
}

/**
 * Puts the body of an async function into a `try`, and what is done with the error into its `catch`; null where the
 * result is for somebody. `rest` is the last statement, where that is to run in any case.
 */
export function catchInBody(
  view: View,
  fn: Fn,
  handle: (error: string) => readonly string[],
  around?: Around,
  rest?: Node,
): Edit | null {
  const { sourceCode } = view;
  const { body } = fn;
  // The body of an arrow may begin on a line of its own, with an indentation that its block does not have.
  const outer = lineBreak(sourceCode) + indentOf(body.type === 'BlockStatement' ? body : fn, sourceCode);
  const line = outer + indentStep(sourceCode);
  const inner = line + indentStep(sourceCode);
  const wanted = freeName('error', fn, sourceCode);
  const error = wanted === 'error' ? wanted : freeName('reason', fn, sourceCode);
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
    const isAwaited = body.type !== 'AwaitExpression' && mayBePromise(body, view);
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
    if (rest || text.includes('\n')) return null;
    return [{ start: from, end: to, text: `${opening}${inner}${text}${closing}${outer}` }, ...awaitReturned(view, fn)];
  }
  const until = rest
    ? endOfLine(body.body.at(-2)!, sourceCode)
    : sourceCode.getIndexFromLoc({ line: body.loc.end.line, column: 0 }) - lineBreak(sourceCode).length;
  const changes = [
    { start: from, end: from, text: opening },
    ...indented(from, until, sourceCode),
    { start: until, end: until, text: closing },
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

/** `return done(null, rows)`, which gives nothing to wait for. */
function isToldNull({ arguments: [first] }: TSESTree.CallExpression): boolean {
  return first?.type === 'Literal' && first.value === null;
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
      !isSettler(node.argument.callee, values) &&
      !isToldNull(node.argument)
    )
      returned.push(node.argument);
  });
  return fn.async
    ? returned
        .filter((call) => view.oracle.isPromise(call) === 'yes' || !dropped.has(view.text(call.callee)))
        .map((call) => insertBefore(call, 'await '))
    : [];
}

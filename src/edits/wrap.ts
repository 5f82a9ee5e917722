import { fateOf } from '../syntax/fate.js';
import { type Fn, isFunction, walk } from '../syntax/walk.js';
import { type Change, type Edit, freeName, indentOf, indentStep, lineBreak, semicolon, type View } from './edit.js';
import { indented } from './statements.js';

/** Puts the body of an async function into a `try`, and what is done with the error into its `catch`; null where the result is for somebody. */
export function catchInBody(view: View, fn: Fn, handle: (error: string) => string): Edit | null {
  const { sourceCode } = view;
  const { body } = fn;
  const line = lineBreak(sourceCode);
  const indent = indentOf(body, sourceCode);
  const step = indentStep(sourceCode);
  const error = freeName('error', fn, sourceCode);
  const end = semicolon(sourceCode);
  const closing = `} catch (${error}) {${line}${indent}${step}${step}${handle(error)}${end}${line}${indent}${step}}`;
  if (body.type !== 'BlockStatement') {
    // Parentheses around an object are not part of it.
    const arrow = sourceCode.getTokenBefore(body, ({ value }) => value === '=>')!;
    const last = sourceCode.getLastToken(fn)!;
    const text = sourceCode.text.slice(arrow.range[1], last.range[1]).trim();
    const awaited = view.oracle.isPromise(body) === 'no' || body.type === 'AwaitExpression' ? text : `await ${text}`;
    return [{ start: arrow.range[1], end: last.range[1], text: ` {${line}${indent}${step}try {${line}${indent}${step}${step}${awaited}${end}${line}${indent}${step}${closing}${line}${indent}}` }];
  }
  const [first] = body.body;
  const last = body.body.at(-1);
  if (!first || !last) return null;
  const [from, to] = [body.range[0] + 1, body.range[1] - 1];
  if (body.loc.start.line === body.loc.end.line || first.loc.start.line === body.loc.start.line) {
    const text = sourceCode.text.slice(from, to).trim();
    if (text.includes('\n')) return null;
    return [{ start: from, end: to, text: `${line}${indent}${step}try {${line}${indent}${step}${step}${text}${line}${indent}${step}${closing}${line}${indent}` }, ...awaitReturned(view, fn)];
  }
  const changes: Change[] = [{ start: from, end: from, text: `${line}${indent}${step}try {` }];
  const lastLine = sourceCode.getIndexFromLoc({ line: body.loc.end.line, column: 0 });
  changes.push(...indented(from, lastLine - 1, sourceCode), { start: lastLine, end: lastLine, text: `${indent}${step}${closing}${line}` });
  return [...changes, ...awaitReturned(view, fn)];
}

/** A promise that is returned out of a `try` is not caught there. */
function awaitReturned({ sourceCode, oracle, values }: View, fn: Fn): Change[] {
  const changes: Change[] = [];
  walk(sourceCode, fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'ReturnStatement' && node.argument && oracle.isPromise(node.argument) !== 'no' && fateOf(node.argument, values).kind === 'returned' && node.argument.type === 'CallExpression') {
      changes.push({ start: node.argument.range[0], end: node.argument.range[0], text: 'await ' });
    }
    return undefined;
  });
  return fn.async ? changes : [];
}

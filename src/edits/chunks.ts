import type { TSESTree } from '@typescript-eslint/utils';
import type { Fanout } from '../ownership/fanout.js';
import { enclosingFunction } from '../syntax/functions.js';
import { bare, dressed, type Node } from '../syntax/walk.js';
import { awaitableAt } from './asynchronous.js';
import { type Edit, freeName, indentOf, indentStep, insertBefore, lineBreak, replace, semicolon, type View } from './edit.js';
import { isFirstOnLine, listAround, statementOf } from './statements.js';

/** How many items are worked on at once, where the code does not say. */
const SIZE = 5;

/** Works on a few items at a time: a loop over slices before the statement, and what it collected in place of the call. */
export function inChunks(view: View, { node, mapped, why }: Fanout): Edit | null {
  if (!mapped || why === 'recursion' || !isRepeatable(mapped.items) || !takesItemOnly(mapped.call, view)) return null;
  const { sourceCode } = view;
  const statement = statementOf(node);
  const list = statement && listAround(statement);
  const awaitable = awaitableAt(node, view);
  if (!list || !awaitable || !isFirstOnLine(statement, sourceCode) || enclosingFunction(node) !== enclosingFunction(statement)) return null;
  const outer = dressed(node);
  const isAwaited = outer.parent?.type === 'AwaitExpression';
  if (!isAwaited && outer.parent?.type !== 'ReturnStatement') return null;
  const items = view.text(mapped.items);
  const results = freeName('results', statement, sourceCode);
  const start = freeName('start', statement, sourceCode);
  const callback = view.text(mapped.call.arguments[0]!);
  const combined = `await ${view.text(node.callee)}(${items}.slice(${start}, ${start} + ${SIZE}).map(${callback}))`;
  const indent = indentOf(statement, sourceCode);
  const end = semicolon(sourceCode);
  const lines = [
    `const ${results} = []${end}`,
    `for (let ${start} = 0; ${start} < ${items}.length; ${start} += ${SIZE}) {`,
    `${indentStep(sourceCode)}${results}.push(...(${combined}))${end}`,
    '}',
  ];
  const before = lines.map((line) => line + lineBreak(sourceCode) + indent).join('');
  return [...awaitable, insertBefore(statement, before), replace(isAwaited ? outer.parent! : outer, results)];
}

/** A name or a property of one, which gives the same items each time. */
function isRepeatable(items: Node): boolean {
  const node = bare(items);
  return node.type === 'Identifier' || node.type === 'ThisExpression' || (node.type === 'MemberExpression' && !node.computed && isRepeatable(node.object));
}

/** A callback on one line that does not ask for the position of its item, which a slice would change. */
function takesItemOnly({ arguments: [callback, context] }: TSESTree.CallExpression, { values }: View): boolean {
  const fn = callback && values.functionOf(callback);
  return Boolean(fn && !context && fn.params.length < 2 && callback.loc.start.line === callback.loc.end.line);
}

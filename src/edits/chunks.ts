import type { TSESTree } from '@typescript-eslint/utils';
import type { Fanout } from '../ownership/parallel/fanout.js';
import { isListened } from '../ownership/signals/reach.js';
import { enclosingFunction, isInside } from '../syntax/functions.js';
import { bare, dressed, isLoop, nameOf, type Node } from '../syntax/walk.js';
import { awaitableAt, isLinkCallback } from './asynchronous.js';
import {
  type Change,
  type Edit,
  freeName,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  isTypeScript,
  lineBreak,
  quoteOf,
  replace,
  semicolon,
  type View,
} from './edit.js';
import { importOf } from './imports.js';
import { check } from './signals.js';
import { insertAfterStatement, isFirstOnLine, listAround, moved, statementOf, statementsOf } from './statements.js';

/** How many items are worked on at once, where the code does not say. */
const SIZE = 5;

/** A callback that does not fit on a line with more. */
const LONG = 50;

/**
 * Works on a few items at a time: a loop over slices before the statement, and what it collected in place of the call.
 */
export function inChunks(view: View, { node, mapped, why }: Fanout): Edit | null {
  // Promises that have a name may be used elsewhere, too.
  if (!mapped || why === 'recursion' || !isInside(mapped.call, node) || !takesItemOnly(mapped.call, view)) return null;
  const { sourceCode } = view;
  const statement = statementOf(node);
  const list = statement && listAround(statement);
  const awaitable = awaitableAt(node, view);
  if (
    !list ||
    !awaitable ||
    !isFirstOnLine(statement, sourceCode) ||
    enclosingFunction(node) !== enclosingFunction(statement)
  )
    return null;
  const outer = dressed(node);
  const isAwaited = outer.parent?.type === 'AwaitExpression';
  const fn = enclosingFunction(node);
  // The type of an array that is filled step by step cannot be told where it decides that of a callback.
  if (isTypeScript(view) && statement.type === 'ReturnStatement' && fn && isLinkCallback(fn)) return null;
  const value = isAwaited ? outer.parent! : outer;
  if (!isAwaited && outer.parent?.type !== 'ReturnStatement') return null;
  const [given] = mapped.call.arguments;
  if (sourceCode.getCommentsInside(statement).some((comment) => !isInside(comment as never, given!))) return null;
  const isNamed = isRepeatable(mapped.items);
  const items = isNamed ? view.text(mapped.items) : freeName('items', statement, sourceCode);
  const start = freeName('start', statement, sourceCode);
  const callback = moved(
    given!,
    view.text(given!),
    indentOf(statement, sourceCode) + indentStep(sourceCode),
    sourceCode,
  );
  const end = semicolon(sourceCode);
  const line = lineBreak(sourceCode) + indentOf(statement, sourceCode);
  const slice = `${items}.slice(${start}, ${start} + ${SIZE})`;
  // Beside a long callback nobody would find it.
  const chunk = callback.length > LONG ? freeName('chunk', statement, sourceCode) : null;
  const type = mapped.call.typeArguments ? view.text(mapped.call.typeArguments) : '';
  const combined = `await ${view.text(node.callee)}(${chunk ?? slice}.map${type}(${callback}))`;
  const named = chunk === null ? '' : `${line}${indentStep(sourceCode)}const ${chunk} = ${slice}${end}`;
  const listed = isNamed ? '' : `const ${items} = ${view.text(mapped.items)}${end}${line}`;
  const signal = view.signals.reach(statement);
  const looks = signal && !isListened(signal) ? line + indentStep(sourceCode) + check(view, signal) : '';
  const loop = (round: string): string =>
    `for (let ${start} = 0; ${start} < ${items}.length; ${start} += ${SIZE}) {${looks}${named}${line}${indentStep(sourceCode)}${round}${end}${line}}`;
  if (value.parent === statement && statement.type === 'ExpressionStatement')
    return [...awaitable, replace(statement, listed + loop(combined))];
  const name = onlyName(statement, value, view);
  const results = name ?? freeName('results', statement, sourceCode);
  const collected = `${listed}const ${results} = []${end}${line}${loop(`${results}.push(...(${combined}))`)}`;
  if (name !== null) return [...awaitable, replace(statement, collected)];
  // What the comments above say is said of the loop.
  return [...awaitable, insertBefore(statement, collected + line), inPlaceOf(value, results, sourceCode)];
}

/** Waits for every few of the promises that a loop collects: after the one that makes them so many. */
export function inRounds(view: View, { node, list: filled }: Fanout): Edit | null {
  const { sourceCode, index, values } = view;
  const statement = statementOf(node);
  if (!filled || !isRepeatable(filled) || !isOnlyPut(statement, node)) return null;
  const combining = ['all', 'allSettled']
    .flatMap((name) => index.calls.of(name))
    .find(({ arguments: [list] }) => list && values.same(list, filled) === 'yes');
  const awaitable = awaitableAt(node, view);
  const loop = loopOf(statement);
  if (!combining || !awaitable || !loop || !isLoop(loop) || enclosingFunction(combining) !== enclosingFunction(node))
    return null;
  const list = view.text(filled);
  const body = listAround(statement);
  const last = body && statementsOf(body).at(-1);
  return [
    ...awaitable,
    // What comes after it in a round may be what the new one waits for.
    ...asBlock(
      last && !isLeaving(last) ? last : statement,
      `if (${list}.length % ${SIZE} === 0) await ${view.text(combining.callee)}(${list})${semicolon(sourceCode)}`,
      view,
    ),
  ];
}

function isLeaving({ type }: Node): boolean {
  return /^(?:Break|Continue|Return|Throw)Statement$/.test(type);
}

/** Waits until a stream has room, where it says that it has none. */
export function awaitDrain(view: View, { node, why }: Fanout): Edit | null {
  const statement = statementOf(node);
  const callee = bare(node.callee);
  if (
    why !== 'eachWrite' ||
    callee.type !== 'MemberExpression' ||
    nameOf(callee) !== 'write' ||
    !isOnlyCall(statement, node) ||
    !isRepeatable(callee.object)
  )
    return null;
  const awaitable = awaitableAt(node, view);
  const once = awaitable && importOf('node:events', 'once', view);
  if (!once) return null;
  const quote = quoteOf(view.sourceCode);
  return [
    ...awaitable,
    ...(once.change ? [once.change] : []),
    insertBefore(node, 'if (!'),
    insertAfter(node, `) await ${once.name}(${view.text(callee.object)}, ${quote}drain${quote})`),
  ];
}

/** A name in place of an expression, and of the parentheses that the expression needs before a dot. */
function inPlaceOf(value: Node, name: string, sourceCode: View['sourceCode']): Change {
  const isObject = value.parent?.type === 'MemberExpression' && value.parent.object === value;
  return isObject
    ? { start: sourceCode.getTokenBefore(value)!.range[0], end: sourceCode.getTokenAfter(value)!.range[1], text: name }
    : replace(value, name);
}

function isOnlyCall(statement: Node | null, call: Node): statement is TSESTree.ExpressionStatement {
  return statement?.type === 'ExpressionStatement' && bare(statement.expression) === call && dressed(call) === call;
}

/** Does a statement put one thing into a list, and nothing else? */
function isOnlyPut(statement: Node | null, call: TSESTree.CallExpression | TSESTree.NewExpression): statement is Node {
  return (
    statement?.type === 'ExpressionStatement' &&
    (statement.expression.type === 'AssignmentExpression' ||
      (isOnlyCall(statement, call) && call.arguments.length === 1))
  );
}

/** The loop that a statement is the body of, or stands in the block of. */
function loopOf(statement: Node): Node | undefined {
  return statement.parent?.type === 'BlockStatement' ? statement.parent.parent : statement.parent;
}

/** A statement after another, in a block with it where it has none. */
function asBlock(statement: Node, text: string, { sourceCode }: View): Edit {
  if (listAround(statement)) return [insertAfterStatement(statement, text, sourceCode)];
  const outer = lineBreak(sourceCode) + indentOf(statement.parent!, sourceCode);
  const inner = outer + indentStep(sourceCode);
  const before = sourceCode.getTokenBefore(statement)!;
  return [
    { start: before.range[1], end: statement.range[0], text: ` {${inner}` },
    insertAfter(statement, `${inner}${text}${outer}}`),
  ];
}

/** The name in `const name = value;`, where an array that is filled later can have it. */
function onlyName(statement: Node, value: Node, { sourceCode }: View): string | null {
  if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const' || statement.declarations.length !== 1)
    return null;
  const [{ id, init }] = statement.declarations as [TSESTree.VariableDeclarator];
  if (id.type !== 'Identifier' || id.typeAnnotation || init !== value) return null;
  // The type of such an array is not known inside functions.
  const [variable] = sourceCode.getDeclaredVariables(statement);
  return variable?.references.every(({ identifier }) => enclosingFunction(identifier) === enclosingFunction(statement))
    ? id.name
    : null;
}

/** A name or a property of one, which gives the same items each time. */
function isRepeatable(items: Node): boolean {
  const node = bare(items);
  return (
    node.type === 'Identifier' ||
    node.type === 'ThisExpression' ||
    (node.type === 'MemberExpression' && !node.computed && isRepeatable(node.object))
  );
}

/** A callback that does not ask for the position of its item, which a slice would change. */
function takesItemOnly({ arguments: [callback, context] }: TSESTree.CallExpression, { values }: View): boolean {
  const fn = callback && values.functionOf(callback);
  return Boolean(fn && !context && fn.params.length < 2);
}

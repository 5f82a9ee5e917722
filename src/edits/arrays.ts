import type { TSESTree } from '@typescript-eslint/utils';
import type { Floating } from '../ownership/promises/lost-promise.js';
import { signalTakers } from '../ownership/signals/ignored.js';
import { enclosingFunction } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, dressed, isFunction, isLoop, nameOf, type Node } from '../syntax/walk.js';
import { awaitableAt } from './asynchronous.js';
import { returnsIn } from './cleanup.js';
import {
  type Change,
  type Edit,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  lineBreak,
  replace,
  semicolon,
  type View,
} from './edit.js';
import { awaitsNothing, keyword, voidAround, withoutName } from './promises.js';
import { reportingAt } from './reports.js';
import { insertAfterStatement, listAround, moved, statementOf } from './statements.js';

/** Waits for all promises of an array, or for all that a callback of `forEach` returns, at once. */
export function awaitAll(view: View, found: Floating): Edit | null {
  const all = canBeStopped(found.node, view) ? null : allOf(view, found);
  const awaited = all && awaitingAll(found, view);
  const awaitable = awaited && awaitableAt(found.node, view);
  return awaitable ? [...awaitable, ...awaited, ...all] : null;
}

/** The `await` of an array, in place of what it stands in. */
function awaitingAll({ node, why }: Floating, { values }: View): Edit | null {
  const outer = dressed(node);
  const opted = why === 'voided' ? voidAround(node) : null;
  if (opted) return bare(opted.argument) === node ? [keyword(opted, 'void', 'await')] : null;
  if (why !== 'neverRead') return outer.parent?.type === 'AwaitExpression' ? [] : [insertBefore(outer, 'await ')];
  const declared =
    outer.parent?.type === 'VariableDeclarator' && outer.parent.id.type === 'Identifier' ? outer.parent.id : null;
  const isAsked = declared && values.variable(declared)?.references.some((reference) => reference.isRead());
  // There are as many results as there were promises.
  const alone = isAsked ? (declared.typeAnnotation ? null : []) : withoutName(node);
  return alone && [...alone, insertBefore(outer, 'await ')];
}

/** Ends what waits for all of them with a handler that reports. */
export function catchAll(view: View, found: Floating): Edit | null {
  const outer = dressed(found.node);
  const isStatement = outer.parent?.type === 'ExpressionStatement';
  const all = found.certain && isStatement && !canBeStopped(found.node, view) ? allOf(view, found) : null;
  return all && [...all, insertAfter(outer, `.catch(${reportingAt(outer, view)})`)];
}

/** `urls.map((url) => fetch(url))`: the first failure would leave requests behind that a signal could end. */
function canBeStopped(node: Node, view: View): boolean {
  const [callback] = node.type === 'CallExpression' ? node.arguments : [];
  const fn = callback && view.values.functionOf(callback);
  return Boolean(fn && !fn.async && signalTakers(fn, view).length > 0);
}

/** `Promise.all(…)` around an array, or around `map` in place of `forEach`. */
function allOf(view: View, { node, why, isArray }: Floating): Change[] | null {
  const outer = dressed(node);
  if (isArray) return [insertBefore(outer, 'Promise.all('), insertAfter(outer, ')')];
  if (why !== 'ignoredByCallee' || node.type !== 'CallExpression') return null;
  const callee = bare(node.callee);
  if (callee.type !== 'MemberExpression' || callee.computed || outer.parent?.type !== 'ExpressionStatement')
    return null;
  const items = itemsOf(callee.object, node, view);
  return (
    items && [
      insertBefore(outer, 'Promise.all('),
      ...items,
      replace(callee.property, 'map'),
      insertAfter(outer, callee.optional ? ' ?? [])' : ')'),
    ]
  );
}

/** What gives the receiver of a `forEach` a `map`: nothing for an array, a spread for other lists. */
function itemsOf(
  receiver: Node,
  { arguments: [callback] }: TSESTree.CallExpression,
  { oracle, values }: View,
): Change[] | null {
  const is = (...types: readonly string[]): boolean => types.some((type) => oracle.is(receiver, type) === 'yes');
  if (is('Array', 'ReadonlyArray')) return [];
  if (is('Set', 'ReadonlySet', 'NodeList', 'NodeListOf') || isNodeList(receiver, values))
    return takesOne(callback) ? [insertBefore(receiver, '[...'), insertAfter(receiver, ']')] : null;
  if (is('Map', 'ReadonlyMap'))
    return takesOne(callback) ? [insertBefore(receiver, '[...'), insertAfter(receiver, '.values()]')] : null;
  return oracle.is(receiver, 'Array') === 'maybe' ? [] : null;
}

function isNodeList(node: Node, values: Values): boolean {
  const made = bare(values.initialOf(node) ?? node);
  return made.type === 'CallExpression' && calleeName(made) === 'querySelectorAll';
}

function takesOne(callback: Node | undefined): boolean {
  const fn = callback && bare(callback);
  return isFunction(fn) && fn.params.length < 2;
}

/** `for (const item of items) { … }`: one after the other. */
export function awaitEach(view: View, { node, why, isArray }: Floating): Edit | null {
  if ((why !== 'ignoredByCallee' && !isArray) || node.type !== 'CallExpression' || node.arguments.length !== 1)
    return null;
  const callee = bare(node.callee);
  const fn = bare(node.arguments[0]!);
  const statement = dressed(node).parent;
  if (
    callee.type !== 'MemberExpression' ||
    callee.optional ||
    !/^(?:forEach|map)$/.test(nameOf(callee) ?? '') ||
    fn.type !== 'ArrowFunctionExpression' ||
    statement?.type !== 'ExpressionStatement' ||
    !listAround(statement)
  )
    return null;
  const [item] = fn.params;
  const isList =
    ['Array', 'ReadonlyArray', 'Set', 'ReadonlySet'].some((type) => view.oracle.is(callee.object, type) === 'yes') ||
    view.oracle.is(callee.object, 'Array') === 'maybe';
  if (
    !isList ||
    fn.params.length !== 1 ||
    (item!.type !== 'Identifier' && item!.type !== 'ObjectPattern' && item!.type !== 'ArrayPattern')
  )
    return null;
  const awaitable = awaitableAt(node, view);
  // A loop's name takes no type.
  if (!awaitable || item!.typeAnnotation) return null;
  const head = `for (const ${view.text(item!)} of ${view.text(callee.object)}) `;
  const { body } = fn;
  if (body.type === 'BlockStatement') {
    // On a line of its own it is indented as an argument, and the comments before it are about one.
    if (returnsIn([body], view).length > 0 || fn.loc.start.line > callee.loc.end.line) return null;
    return [
      ...awaitable,
      { start: statement.range[0], end: body.range[0], text: head },
      { start: body.range[1], end: statement.range[1], text: '' },
    ];
  }
  if (body.type !== 'CallExpression' && body.type !== 'AwaitExpression') return null;
  const isOneLine = body.loc.start.line === body.loc.end.line;
  const line = lineBreak(view.sourceCode) + indentOf(statement, view.sourceCode);
  const inner = isOneLine ? line : line + indentStep(view.sourceCode);
  const work =
    (body.type === 'AwaitExpression' ? '' : 'await ') +
    moved(body, view.text(body), inner.slice(lineBreak(view.sourceCode).length), view.sourceCode);
  return [
    ...awaitable,
    isOneLine
      ? { start: statement.range[0], end: dressed(node).range[1], text: head + work }
      : replace(statement, `${head}{${inner}${work}${semicolon(view.sourceCode)}${line}}`),
  ];
}

/** Takes the `async` off a callback that waits for nothing and gives nothing: then whoever calls it sees it fail. */
export function dropAsync(view: View, { node, why }: Floating): Edit | null {
  const { sourceCode } = view;
  const isAlone = why === 'ignoredByCallee' || dressed(node).parent?.type === 'ExpressionStatement';
  const [callback] = isAlone && node.type === 'CallExpression' ? node.arguments : [];
  const fn = callback && bare(callback);
  if (!isFunction(fn) || !fn.async || fn.generator || fn.returnType || !awaitsNothing(fn, view)) return null;
  const first = sourceCode.getFirstToken(fn)!;
  const [next] = sourceCode.getTokenAfter(first, { includeComments: true })!.range;
  return [{ start: first.range[0], end: next, text: '' }];
}

/** Waits for what a local collection was given, after the last time that it was. */
export function awaitKept(view: View, { node, why, keeper }: Floating): Edit | null {
  const call = dressed(node).parent;
  const callee = call?.type === 'CallExpression' && why === 'neverRead' ? bare(call.callee) : null;
  if (
    keeper === undefined ||
    callee?.type !== 'MemberExpression' ||
    callee.object.type !== 'Identifier' ||
    nameOf(callee) !== 'push'
  )
    return null;
  const awaitable = awaitableAt(node, view);
  const variable = view.values.variable(callee.object);
  const declaration = variable?.defs[0]?.node as Node | undefined;
  const list = declaration?.parent && listAround(declaration.parent);
  if (!awaitable || !list || enclosingFunction(declaration) !== enclosingFunction(node)) return null;
  const last = variable!.references.at(-1)!.identifier as Node;
  let statement: Node | null = statementOf(last);
  while (statement && listAround(statement) !== list)
    statement = statement.parent ? statementOf(statement.parent) : null;
  if (!statement || isLoop(list.parent ?? list)) return null;
  return [
    ...awaitable,
    insertAfterStatement(statement, `await Promise.all(${keeper})${semicolon(view.sourceCode)}`, view.sourceCode),
  ];
}

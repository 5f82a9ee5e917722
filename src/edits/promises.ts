import type { TSESTree } from '@typescript-eslint/utils';
import { chainOf } from '../flow/chains.js';
import { isEndless } from '../flow/conditions.js';
import { waits } from '../flow/loops.js';
import { memoize } from '../maps.js';
import type { Floating } from '../ownership/promises/lost-promise.js';
import type { Start } from '../ownership/starts/starts.js';
import { lineOf } from '../ownership/verdict/words.js';
import { enclosingFunction, isInside } from '../syntax/functions.js';
import { bare, dressed, type Fn, isFunction, isLoop, nameOf, type Node } from '../syntax/walk.js';
import { awaitableAt, isLinkCallback } from './asynchronous.js';
import { returnsIn } from './cleanup.js';
import {
  type Change,
  type Edit,
  endsFor,
  freeName,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  isTypeScript,
  lineBreak,
  replace,
  semicolon,
  TIGHT,
  together,
  type View,
} from './edit.js';
import { handlerFor, startsProgram } from './handlers.js';
import { isPartOfHandle } from './leaving.js';
import { isSaid, MEANT_TO_RUN_ALONE } from './remarks.js';
import { reporterAt } from './reports.js';
import { insertAfterStatement, listAround, statementOf } from './statements.js';
import { isRejection, losesFailure, mayWaitFor } from './unawaitable.js';

/** Waits for a promise where nothing does, in a function that is async or can become so. */
export function awaitIt(view: View, { node, why, isArray }: Floating): Edit | null {
  const awaitable = isArray || !mayWaitFor(node, view) || leavesOpen(node, view) ? null : awaitableAt(node, view);
  if (!awaitable) return null;
  if (opensBody(node, view)) return together(awaitable, cancelled(node, view));
  if (why === 'voided') {
    const opted = voidAround(node);
    return opted && bare(opted.argument) === node ? [...awaitable, keyword(opted, 'void', 'await')] : null;
  }
  const alone = why === 'neverRead' ? withoutName(node) : [];
  return alone && [...awaitable, ...alone, ...(asCondition(node, view) ?? prefixed('await', node))];
}

/** A response that somebody reads, and where. */
interface ReadLater {
  readonly start: Start;
  readonly ends: readonly Node[];
}

const readLater = memoize((view: View): readonly ReadLater[] =>
  view.starts('iterator').flatMap((start) => readsOf(start, view)),
);

/** Does the same function read a response later, whose body would stay open if the wait failed? */
function leavesOpen(node: Node, view: View): boolean {
  const fn = enclosingFunction(node);
  return readLater(view).some(
    ({ start, ends }) =>
      (!fn || isInside(start.node, fn)) &&
      start.node.range[0] < node.range[0] &&
      !isInside(node, start.node) &&
      ends.some((end) => end.range[0] > node.range[1] && enclosingFunction(end) === fn),
  );
}

function readsOf(start: Start, view: View): ReadLater[] {
  if (!isPartOfHandle(start) || view.verdict(start).kind !== 'kept') return [];
  const ends = endsFor(start, view);
  return ends.length > 0 ? [{ start, ends }] : [];
}

/** Is it a request whose response comes with a body, which stays open until somebody reads or cancels it? */
function opensBody(node: Node, view: View): node is TSESTree.CallExpression {
  return (
    node.type === 'CallExpression' &&
    /^(?:undici\.)?fetch$/.test(view.values.origin(node.callee) ?? '') &&
    !/\bHEAD\b/.test(view.text(node))
  );
}

/** `const response = await fetch(url);`, and then `await response.body?.cancel();` */
function cancelled(node: TSESTree.CallExpression, { sourceCode }: View): Edit | null {
  const statement = statementOf(node);
  if (
    statement?.type !== 'ExpressionStatement' ||
    !listAround(statement) ||
    !/^(?:void\s+)?$/.test(sourceCode.text.slice(statement.range[0], node.range[0])) ||
    !/^;?$/.test(sourceCode.text.slice(node.range[1], statement.range[1]))
  )
    return null;
  const name = freeName('response', statement, sourceCode);
  return [
    { start: statement.range[0], end: node.range[0], text: `const ${name} = await ` },
    insertAfterStatement(statement, `await ${name}.body?.cancel()${semicolon(sourceCode)}`, sourceCode),
  ];
}

/** Does a loop without an end start the promise, so that waiting for it would stop the loop? */
export function isServed({ node }: Floating): boolean {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) {
    if (isLoop(at) && (isEndless(at) || (at.type === 'ForOfStatement' && at.await))) return true;
  }
  return false;
}

/**
 * Is a promise meant to go on by itself: by a remark beside it, as a part of a page that is loaded later, or because its
 * function waits for nothing?
 */
export function runsAlone(view: View, { node }: Floating): boolean {
  const statement = statementOf(node);
  if (statement && isSaid(MEANT_TO_RUN_ALONE, statement, view)) return true;
  const base = node.type === 'CallExpression' ? chainOf(node).base : node;
  if (base.type === 'ImportExpression') return enclosingFunction(base) === null && !startsProgram(base, view);
  const fn = base === node && base.type === 'CallExpression' ? view.values.functionOf(base.callee) : null;
  return Boolean(fn?.async && awaitsNothing(fn, view));
}

/** Does a function wait for nothing, and give nothing? */
export function awaitsNothing(fn: Fn, view: View): boolean {
  const { body } = fn;
  return (
    body.type === 'BlockStatement' && !waits(fn, view) && returnsIn(body.body, view).every(({ argument }) => !argument)
  );
}

/** `if (a) { await b(); }` for the statement `a && b()`; null where it has another form. */
function asCondition(node: Node, { sourceCode }: View): Edit | null {
  const outer = dressed(node);
  const test = outer.parent;
  const statement = test?.parent;
  if (
    test?.type !== 'LogicalExpression' ||
    test.operator !== '&&' ||
    test.right !== outer ||
    statement?.type !== 'ExpressionStatement' ||
    !listAround(statement)
  )
    return null;
  const { text } = sourceCode;
  const between = text.slice(test.left.range[1], outer.range[0]);
  const tail = text.slice(outer.range[1], statement.range[1]);
  const opened = text.slice(statement.range[0], test.left.range[0]);
  if (
    outer.loc.start.line !== outer.loc.end.line ||
    !/^;?$/.test(tail) ||
    `${opened}${between.trimStart()[0]}` !== (opened === '(' ? '()' : '&')
  )
    return null;
  if (!/^\)?\s*&&\s*$/.test(between)) return null;
  const line = lineBreak(sourceCode) + indentOf(statement, sourceCode);
  return [
    { start: statement.range[0], end: test.left.range[0], text: 'if (' },
    { start: test.left.range[1], end: outer.range[0], text: `) {${line}${indentStep(sourceCode)}await ` },
    { start: statement.range[1], end: statement.range[1], text: `${line}}` },
  ];
}

function prefixed(word: 'await' | 'void', node: Node): Change[] {
  const outer = dressed(node);
  const inLogical = outer.parent?.type === 'LogicalExpression';
  const [open, close] = TIGHT.has(outer.type) ? ['', ''] : ['(', ')'];
  const [before, after] = inLogical ? ['(', ')'] : ['', ''];
  return [
    insertBefore(outer, `${before}${word} ${open}`),
    ...(close || after ? [insertAfter(outer, `${close}${after}`)] : []),
  ];
}

/** The `void` that an expression stands in. */
export function voidAround(node: Node): TSESTree.UnaryExpression | null {
  for (let at = node.parent; at && at.type !== 'ExpressionStatement' && !isFunction(at); at = at.parent)
    if (at.type === 'UnaryExpression' && at.operator === 'void') return at;
  return null;
}

export function keyword({ range: [start] }: Node, from: string, to: string): Change {
  return { start, end: start + from.length, text: to };
}

/** Takes the name away that a promise is kept under; null where it is not the only one of its statement. */
export function withoutName(node: Node): Edit | null {
  const outer = dressed(node);
  const { parent } = outer;
  const statement = parent?.parent;
  if (
    parent?.type === 'VariableDeclarator' &&
    statement?.type === 'VariableDeclaration' &&
    statement.declarations.length === 1 &&
    listAround(statement)
  ) {
    return [{ start: statement.range[0], end: outer.range[0], text: '' }];
  }
  const isAssigned =
    parent?.type === 'AssignmentExpression' &&
    statement?.type === 'ExpressionStatement' &&
    parent.left.type === 'Identifier';
  return isAssigned ? [{ start: statement.range[0], end: outer.range[0], text: '' }] : null;
}

/** Hands a promise on to the chain whose callback starts it. */
export function returnIt(view: View, { node, why }: Floating): Edit | null {
  const fn = losesFailure(node, view) ? null : enclosingFunction(node);
  const statement = statementOf(node);
  if (
    why === 'voided' ||
    why === 'neverRead' ||
    !fn ||
    fn.async ||
    fn.generator ||
    !isLinkCallback(fn) ||
    fn.body.type !== 'BlockStatement'
  )
    return null;
  if (
    statement?.type !== 'ExpressionStatement' ||
    bare(statement.expression) !== node ||
    fn.body.body.at(-1) !== statement
  )
    return null;
  // With types the chain may be one that has to end in something else.
  if (isTypeScript(view) && fn.body.body.length > 1) return null;
  return returnsNothing(fn) ? [insertBefore(statement, 'return ')] : null;
}

function returnsNothing({ body }: Fn): boolean {
  return (
    body.type === 'BlockStatement' &&
    body.body.every((statement) => statement.type === 'ExpressionStatement' || statement.type === 'VariableDeclaration')
  );
}

/** Reports what failed before, and goes on with what is put behind it. */
export function goOn(view: View, { node }: Floating): Edit | null {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  const job = node.type === 'CallExpression' && node.arguments[0] ? view.values.functionOf(node.arguments[0]) : null;
  const handler = handlerFor(node, view);
  return callee?.type === 'MemberExpression' && job?.params.length === 0 && handler !== null
    ? [insertAfter(callee.object, `.catch(${handler})`)]
    : null;
}

/** Ends a chain with a handler that reports. */
export function catchIt(view: View, found: Floating): Edit | null {
  const { node, why, witness, certain } = found;
  // What does not reject needs no handler, but somebody who waits.
  if ((!certain && why !== 'voided') || isRejection(node, view)) return null;
  const { oracle, sourceCode } = view;
  const besides = found.isArray || why === 'ignoredByCallee' ? 'other' : oracle.besidesPromise(node);
  if (besides === 'other' || oracle.isPromise(node) !== 'yes') return null;
  const handler = handlerFor(node, view);
  if (handler === null) return null;
  if (why === 'uselessHandler' && node.type === 'CallExpression') {
    if (witness) return [replace(witness, handler)];
    const close = sourceCode.getLastToken(node)!;
    return [{ start: close.range[0], end: close.range[0], text: handler }];
  }
  const named = why === 'neverRead' ? (withoutName(node) ?? []) : [];
  const outer = dressed(node);
  const [open, close] = isMemberObject(outer) ? ['', ''] : ['(', ')'];
  const link = `${close}${lineBeforeLink(node, view)}${besides === 'nullish' ? '?.' : '.'}catch(${handler})`;
  return [...named, ...(open ? [insertBefore(outer, open)] : []), insertAfter(outer, link)];
}

function isMemberObject({ type }: Node): boolean {
  return TIGHT.has(type) && type !== 'AwaitExpression';
}

/** Where each link of a chain has a line of its own, so has the next. */
function lineBeforeLink(node: Node, { sourceCode }: View): string {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  if (callee?.type !== 'MemberExpression' || callee.property.loc.start.line === callee.object.loc.end.line) return '';
  return lineBreak(sourceCode) + indentOf(callee.property, sourceCode);
}

/** Reports where a handler throws again, when nothing follows that relied on the throw. */
export function reportIt(view: View, { node, why, witness }: Floating): Edit | null {
  if (why !== 'throwsAgain' || witness?.type !== 'ThrowStatement' || !endsHandler(witness)) return null;
  const { argument } = witness;
  const { sourceCode } = view;
  // What it threw ended the program with an error.
  const code =
    listAround(witness) &&
    (startsProgram(node, view) || /\bprocess\.(?:exit|kill)\b/.test(view.text(enclosingFunction(witness)!)))
      ? `${semicolon(sourceCode)}${lineBreak(sourceCode)}${indentOf(witness, sourceCode)}process.exitCode = 1`
      : '';
  return [
    { start: witness.range[0], end: argument.range[0], text: `${reporterAt(witness, view)}(` },
    insertAfter(argument, `)${code}`),
  ];
}

/** Is a statement the last thing that a function does, whatever branch it is in? */
function endsHandler(statement: Node): boolean {
  for (let at: Node = statement; ; at = at.parent!) {
    const { parent } = at;
    if (!parent || isFunction(parent)) return true;
    if (parent.type === 'BlockStatement' ? parent.body.at(-1) !== at : parent.type !== 'IfStatement') return false;
  }
}

/** Says that nobody is meant to wait. */
export function voidIt(_view: View, { node, why }: Floating): Edit | null {
  return why === 'floating' || why === 'uselessHandler' ? prefixed('void', node) : null;
}

/** The text that a message calls a promise by. */
export function nameOfPromise(node: Node, view: View): string {
  const inner = node.type === 'CallExpression' || node.type === 'NewExpression' ? bare(node.callee) : node;
  if (isFunction(inner)) return inner.async ? '`(async () => …)()`' : '`(() => …)()`';
  const text = lineOf(inner, view.sourceCode);
  const call = node.type === 'CallExpression' ? '()' : '';
  const start = node.type === 'NewExpression' ? 'new ' : '';
  const tail = inner.type === 'MemberExpression' ? (nameOf(inner) ?? '') : '';
  const object = inner.type === 'MemberExpression' && tail ? lineOf(inner.object, view.sourceCode) : '';
  const short =
    text.length <= 40
      ? text
      : !object
        ? `${text.slice(0, 39)}…`
        : object.length <= 24
          ? text
          : `${object.slice(0, 24)}….${tail}`;
  return `\`${start}${short}${call}\``;
}

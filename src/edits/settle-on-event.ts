import type { TSESTree } from '@typescript-eslint/utils';
import type { Wired } from '../flow/outcomes.js';
import type { Settled } from '../flow/settles.js';
import type { Unsettled } from '../flow/unsettled.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, isInside, runOf, thisBody, UNLISTENS } from '../syntax/functions.js';
import { bare, dressed, nameOf, type Node } from '../syntax/walk.js';
import {
  type Change,
  type Edit,
  endsFor,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  lineBreak,
  quoteOf,
  replace,
  semicolon,
  type View,
} from './edit.js';
import { COMES_AGAIN } from './executors.js';
import { importOf } from './imports.js';
import { endAt } from './reach.js';
import { oneLine, quoted, rejecting } from './settlement.js';
import { insertAfterStatement, isFirstOnLine, listAround, statementOf } from './statements.js';

/** Waits for the other event, too: on a line of its own, or in the same chain. */
export function settleOnEvent(
  view: View,
  promise: Settled,
  { event, wired }: Extract<Unsettled, { why: 'eventMissing' }>,
): Edit | null {
  const { sourceCode } = view;
  const quote = quoteOf(sourceCode);
  const name = quote + event + quote;
  // It comes again and again, and each time a listener for the failure would stay.
  if (wired.event === 'drain') return onceInstead(view, promise, wired);
  if (
    (event === 'error' && (isOnItself(wired) || isAskedAgain(wired))) ||
    isKeptProcess(view, wired) ||
    isTakenOff(view, promise, wired) ||
    (event !== 'error' && endsTarget(view, promise, wired))
  )
    return null;
  return rejecting(view, promise, (reject) => {
    const { at } = wired;
    const callback = likeOthers(view, event, promise, reject) ?? failureOf(view, event, wired, reject);
    if (at.type === 'AssignmentExpression') {
      // To make the target once more would be another request.
      const isNamed = at.left.type === 'MemberExpression' && bare(at.left.object).type !== 'CallExpression';
      const target = isNamed ? view.text((at.left as TSESTree.MemberExpression).object) : null;
      return target === null ? null : beside(view, at, `${target}.on${event} = ${callback}`);
    }
    if (wired.event === 'response' && wired.target === at)
      return [linkAfter(at, `.on(${name}, ${callback})`, sourceCode)];
    const callee = bare(at.callee);
    if (callee.type !== 'MemberExpression') return null;
    const method = nameOf(callee);
    const isChained =
      at.parent.type === 'MemberExpression' ||
      callee.object.type === 'CallExpression' ||
      !['on', 'once', 'addEventListener', 'addListener'].includes(method ?? '');
    if (!isChained)
      return (
        beside(view, at, `${view.text(callee.object)}${callee.optional ? '?.' : '.'}${method}(${name}, ${callback})`) ??
        (method === 'addEventListener' ? null : [linkAfter(at, `.${method}(${name}, ${callback})`, sourceCode)])
      );
    return method === 'addEventListener' ? null : [linkAfter(at, `.on(${name}, ${callback})`, sourceCode)];
  });
}

/** `this.once('ready', resolve)`: what waits for itself keeps the other listener for good, and fails by itself. */
function isOnItself({ key: { root, path } }: Wired): boolean {
  return root.kind === 'this' && path.length === 0;
}

/** `this.queue.once('readable', …)`: who waits for the next of many leaves one more listener for a failure each time. */
function isAskedAgain({ key: { root }, event }: Wired): boolean {
  return root.kind === 'this' && COMES_AGAIN.test(event);
}

/** Does what settles the promise end the target before? It would hear of that end first. */
function endsTarget(view: View, { fn, settlers: [resolve] }: Settled, wired: Wired): boolean {
  const settling = resolve!.references.map(({ identifier }) => enclosingFunction(identifier));
  return methodsCalled(view, wired, ['close', 'destroy', 'kill', 'terminate']).some(
    (one) => enclosingFunction(one) !== fn && settling.includes(enclosingFunction(one)),
  );
}

/** `(error) => settle(reject, error)`: what another listener for a failure does, where it does more than to reject. */
function likeOthers(view: View, event: string, { fn }: Settled, reject: string): string | null {
  const { index, values } = view;
  const [other] = ['on', 'once']
    .flatMap((name) => index.calls.of(name))
    .filter((call) => isInside(call, fn) && values.text(call.arguments[0]) === event)
    .map((call) => call.arguments[1] && bare(call.arguments[1]));
  return other?.type === 'ArrowFunctionExpression' &&
    other.body.type === 'CallExpression' &&
    other.body.arguments.some((one) => one.type === 'Identifier' && one.name === reject)
    ? view.text(other)
    : null;
}

/** Does it wait for the exit of a process that an instance keeps, and that was started long before? */
function isKeptProcess({ values }: View, { event, target }: Wired): boolean {
  return event === 'exit' && (values.initialOf(target) ?? bare(target)).type === 'MemberExpression';
}

/** Does the promise take its listener off a target that lives on? Another would stay there. */
function isTakenOff(view: View, { node, fn }: Settled, wired: Wired): boolean {
  const made = view.values.initialOf(wired.target);
  return (
    !(made && isInside(made, enclosingFunction(node) ?? fn)) &&
    methodsCalled(view, wired, UNLISTENS).some((one) => isInside(one, fn))
  );
}

/** The methods with some names that are called of the target. */
function methodsCalled({ index, values }: View, { target }: Wired, names: readonly string[]): Node[] {
  return names
    .flatMap((name) => index.calls.of(name))
    .map(({ callee }) => bare(callee))
    .filter((one) => one.type === 'MemberExpression' && values.same(one.object, target) === 'yes');
}

/** What rejects with the failure that an event tells of: with the error itself where there is one. */
function failureOf(view: View, event: string, { at, target, event: awaited }: Wired, reject: string): string {
  const isProperty = at.type === 'AssignmentExpression';
  // Emitters give the error itself; targets give an event, and requests and readers keep the error.
  if (event === 'error' && !isProperty && nameOf(bare(at.callee)) !== 'addEventListener') return reject;
  const made = view.values.initialOf(target);
  const keepsError =
    awaited === 'success' ||
    awaited === 'complete' ||
    (made?.type === 'NewExpression' && view.values.origin(made.callee) === 'FileReader');
  if (event === 'error' && keepsError) return `() => ${reject}(${view.text(target)}.error)`;
  const what =
    event !== 'error'
      ? ({ exit: 'exited early', end: 'ended early' }[event] ?? 'closed early')
      : awaited === 'load'
        ? 'failed to load'
        : 'failed';
  const rejection = `${reject}(new Error(${quoted(`${oneLine(view.text(target))} ${what}`, view)}))`;
  const end = event === 'error' ? endOfTarget(view, at, made) : null;
  return end === null ? `() => ${rejection}` : `() => ${blockOf([end, rejection], at, view)}`;
}

/** The statements of a callback that is written at a node. */
function blockOf(statements: readonly string[], at: Node, { sourceCode }: View): string {
  const line = lineBreak(sourceCode) + indentOf(at, sourceCode);
  const written = statements.map((text) => line + indentStep(sourceCode) + text + semicolon(sourceCode));
  return `{${written.join('')}${line}}`;
}

/** What ends the one that failed, where who settles the promise ends it, too: `worker.terminate()`. */
function endOfTarget(view: View, at: Node, made: Node | null): string | null {
  const start = made && view.starts('resource').find(({ node }) => node === made);
  const isEnded = start && endsFor(start, view).some((node) => runOf(node) !== runOf(made));
  const end = isEnded ? endAt(start, { node: at, body: thisBody(at), isAsync: false, isLater: true }, view) : null;
  return end?.guard === null && end.changes.length === 0 ? end.call : null;
}

/**
 * `once(stream, 'drain')`, which also takes its listeners off again, for a promise that is nothing but that; null where
 * somebody reads its value.
 */
function onceInstead(view: View, { node, fn }: Settled, { at, target }: Wired): Edit | null {
  const only = fn.body.type === 'BlockStatement' ? (fn.body.body.length === 1 ? fn.body.body[0] : null) : fn.body;
  const call = only?.type === 'ExpressionStatement' ? bare(only.expression) : only && bare(only);
  const fate = fateOf(node, view.values);
  if (
    call !== at ||
    at.type !== 'CallExpression' ||
    at.arguments.length !== 2 ||
    fate.kind !== 'awaited' ||
    dressed(node).parent?.parent?.type !== 'ExpressionStatement'
  )
    return null;
  const once = importOf('node:events', 'once', view);
  return (
    once && [
      ...(once.change ? [once.change] : []),
      replace(node, `${once.name}(${view.text(target)}, ${view.text(at.arguments[0]!)})`),
    ]
  );
}

/** One more link of a chain, on a line of its own where the one before has that. */
function linkAfter(at: Node, link: string, sourceCode: View['sourceCode']): Change {
  const callee = at.type === 'CallExpression' ? bare(at.callee) : null;
  const dot = callee?.type === 'MemberExpression' ? sourceCode.getTokenBefore(callee.property) : null;
  return insertAfter(
    at,
    (dot && isFirstOnLine(dot, sourceCode) ? lineBreak(sourceCode) + indentOf(dot, sourceCode) : '') + link,
  );
}

/** A statement after the one that an expression is. */
function beside({ sourceCode }: View, node: Node, text: string): Edit | null {
  const statement = statementOf(node);
  if (statement?.type !== 'ExpressionStatement' || bare(statement.expression) !== node) return null;
  const change = insertAfterStatement(statement, text + semicolon(sourceCode), sourceCode);
  if (listAround(statement)) return [change];
  return [insertBefore(statement, '{ '), { ...change, text: ` ${text}${semicolon(sourceCode)} }` }];
}

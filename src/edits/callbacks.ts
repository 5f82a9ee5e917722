import type { TSESTree } from '@typescript-eslint/utils';
import type { Unawaited } from '../ownership/promises/callbacks.js';
import { argumentOf, isInside } from '../syntax/functions.js';
import { leaves } from '../syntax/leaving.js';
import { bare, calleeName, dressed, type Fn, isFunction, isScript, nameOf, type Node, walk } from '../syntax/walk.js';
import {
  type Edit,
  freeName,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  lineBreak,
  semicolon,
  type View,
} from './edit.js';
import { callbackIn, settlersIn } from './handlers.js';
import { placeIn } from './place.js';
import { endAt } from './reach.js';
import { reporterAt, reportingAt } from './reports.js';
import { restartIn } from './restarts.js';
import { indented, insertBeforeStatement, isFirstOnLine } from './statements.js';
import { type Around, catchInBody } from './wrap.js';

/** Catches what the callback throws, inside of it, and reports it, or tells who waits for a promise that it settles. */
export function catchInside(view: View, found: Unawaited, around?: Around): Edit | null {
  const { callback, node, why } = found;
  if (why !== 'rejectionLost' || !isOnlyCallback(callback, node, view)) return null;
  const { body } = callback;
  const then = afterReport(view, callback, node);
  const reject = settlersIn(body, view)?.reject ?? callbackIn(body, view);
  // `() => save()`
  if (
    !around &&
    then.length === 0 &&
    !callback.async &&
    body.type === 'CallExpression' &&
    view.oracle.besidesPromise(body) === 'nothing'
  )
    return [insertAfter(body, `.catch(${reject ?? reportingAt(body, view)})`)];
  const [only, ...others] = body.type === 'BlockStatement' ? body.body : [];
  // What handles the failure of its own work fails where it handles that.
  if (!around && only?.type === 'TryStatement' && only.handler && others.length === 0)
    return reject === null && then.length === 0 ? catchInHandler(view, only) : null;
  // What an arrow returns is read by nobody where it is a statement.
  if (view.starts('iterator').some((start) => start.node === body)) return null;
  const start = reject === null ? null : view.starts('interval').find((one) => one.node === node);
  const reached = start && endAt(start, placeIn(body, callback), view);
  // Who is told that it failed waits no more.
  const first = reached?.changes.length === 0 ? [reached.call] : [];
  const report = reject ?? reporterAt(callback, view, true);
  const rest = restartIn(found, view);
  if (rest === null) return null;
  const handle = (error: string): string[] => [...first, `${report}(${error})`, ...then];
  const caught = catchInBody(view, callback, handle, around, rest === 'none' ? undefined : rest);
  return caught && [...(callback.async ? [] : [insertBefore(callback, 'async ')]), ...caught];
}

/** Ends the one promise that a handler waits for with another one. */
function catchInHandler(view: View, { handler, finalizer }: TSESTree.TryStatement): Edit | null {
  const waits: TSESTree.AwaitExpression[] = [];
  for (const block of [handler, finalizer])
    if (block)
      walk(view.sourceCode, block, (node) => {
        if (node.type === 'AwaitExpression') waits.push(node);
        return !isFunction(node);
      });
  const [only, ...more] = waits;
  return only?.parent.type === 'ExpressionStatement' && only.argument.type === 'CallExpression' && more.length === 0
    ? [insertAfter(only.argument, `.catch(${reportingAt(only, view)})`)]
    : null;
}

/**
 * What else a callback that failed has to do: a program that is told to stop still stops, and a request is answered.
 */
function afterReport({ values, index }: View, callback: Fn, node: Unawaited['node']): string[] {
  const given = ['on', 'once']
    .flatMap((name) => index.calls.of(name))
    .filter(
      (call) =>
        /^process\.(?:on|once)$/.test(values.origin(call.callee) ?? '') &&
        call.arguments[1] &&
        values.functionOf(call.arguments[1]) === callback,
    );
  const exits = (): boolean =>
    ['exit', 'kill'].some((name) =>
      index.calls.of(name).some((call) => isInside(call, callback) && values.origin(call.callee) === `process.${name}`),
    );
  const stops = given.some(({ arguments: [type] }) => /^SIG[A-Z]+$/.test(values.text(type) ?? ''));
  if (given.length > 0 && (stops || exits())) return ['process.exit(1)'];
  const response = callback.params[1];
  const isServer =
    node.type === 'CallExpression' && calleeName(node) === 'createServer' && response?.type === 'Identifier';
  return isServer
    ? [`if (!${response.name}.headersSent) ${response.name}.statusCode = 500`, `${response.name}.end()`]
    : [];
}

/** Catches and reports what the callback throws, and skips a run while the one before is not done. */
export function catchAndSkip(view: View, found: Unawaited): Edit | null {
  const { sourceCode } = view;
  const statement = statementAround(found.callback);
  if (!found.overlaps || !statement || isInside(found.node, found.callback)) return null;
  const busy = freeName('busy', [statement, found.callback.body], sourceCode);
  const end = semicolon(sourceCode);
  const caught = catchInside(view, found, {
    before: [`if (${busy}) return${end}`, `${busy} = true${end}`],
    after: `${busy} = false${end}`,
  });
  return caught && [insertBeforeStatement(statement, `let ${busy} = false${end}`, sourceCode), ...caught];
}

/** Skips a run while the one before is not done. */
export function skipWhileBusy(view: View, { callback, node, why }: Unawaited): Edit | null {
  const { sourceCode } = view;
  const statement = statementAround(callback);
  if (
    why !== 'runsPileUp' ||
    !statement ||
    !isOnlyCallback(callback, node, view) ||
    callback.body.type !== 'BlockStatement'
  )
    return null;
  const end = semicolon(sourceCode);
  const busy = freeName('busy', [statement, callback.body], sourceCode);
  const { body } = callback.body;
  if (!callback.async) return skipChain(view, body, busy, statement);
  // A run that is skipped still starts the next one.
  const work = body.slice(body.findIndex((one) => isInside(node, one)) + 1);
  const only = work.at(-1);
  // What leaves before the work begins leaves first.
  const leavesFirst = work
    .slice(0, -1)
    .every((one) => one.type === 'IfStatement' && !one.alternate && leaves(one.consequent));
  const declared = insertBeforeStatement(statement, `let ${busy} = false${end}`, sourceCode);
  if (only?.type === 'TryStatement' && !only.finalizer && leavesFirst && isFirstOnLine(only, sourceCode)) {
    const line = lineBreak(sourceCode) + indentOf(only, sourceCode);
    const guard = insertBefore(
      only,
      [`if (${busy}) return${end}`, `${busy} = true${end}`].map((text) => text + line).join(''),
    );
    return [
      declared,
      guard,
      insertAfter(only, ` finally {${line}${indentStep(sourceCode)}${busy} = false${end}${line}}`),
    ];
  }
  if (work.length < body.length) return null;
  const inner = around(
    view,
    callback,
    [`if (${busy}) return${end}`, `${busy} = true${end}`, 'try {'],
    ['} finally {', `${indentStep(sourceCode)}${busy} = false${end}`, '}'],
  );
  return inner && [declared, ...inner];
}

/** `busy` from where a callback starts work until that is settled. */
function skipChain(
  { sourceCode, oracle }: View,
  [only, more]: readonly Node[],
  busy: string,
  statement: Node,
): Edit | null {
  const call = only?.type === 'ExpressionStatement' ? bare(only.expression) : null;
  if (!only || more || call?.type !== 'CallExpression' || oracle.besidesPromise(call) !== 'nothing') return null;
  if (calleeName(call) !== 'catch' || !isFirstOnLine(only, sourceCode)) return null;
  const end = semicolon(sourceCode);
  const line = lineBreak(sourceCode) + indentOf(only, sourceCode);
  return [
    insertBeforeStatement(statement, `let ${busy} = false${end}`, sourceCode),
    insertBefore(only, `if (${busy}) return${end}${line}${busy} = true${end}${line}`),
    insertAfter(call, `.finally(() => {${line}${indentStep(sourceCode)}${busy} = false${end}${line}})`),
  ];
}

/** Is the function nothing but this callback, so that a change of it changes nothing else? */
function isOnlyCallback(fn: Fn, call: Node, { values }: View): boolean {
  // A function that has a name for itself only may be given again within.
  if (argumentOf(fn)) return argumentOf(fn)?.call === call || isInside(call, fn);
  const { parent } = dressed(fn);
  if (parent === call) return true;
  const variable = values.variableOf(fn);
  if (!variable || fn.parent?.type.startsWith('Export') || parent?.parent?.parent?.type === 'ExportNamedDeclaration')
    return false;
  return variable.references
    .filter(({ init }) => init !== true)
    .map(({ identifier }) => identifier as Node)
    .every((mention) => isListenerArgument(mention) || mention.parent === call);
}

function isListenerArgument(node: Node): boolean {
  const taken = argumentOf(node);
  const callee = taken && bare(taken.call.callee);
  return /^(?:on|off|once|(?:add|remove|prepend)(?:Once)?(?:Event)?Listener|set(?:Interval|Timeout))$/.test(
    callee?.type === 'Identifier' ? callee.name : ((callee && nameOf(callee)) ?? ''),
  );
}

/** Lines before and after what a block on lines of its own holds, and one step more for what is between them. */
export function around(
  { sourceCode }: View,
  { body }: Pick<Fn, 'body'>,
  opening: readonly string[],
  closing: readonly string[],
): Edit | null {
  if (body.type !== 'BlockStatement') return null;
  const [first] = body.body;
  const last = body.body.at(-1);
  // On one line there is no indentation to follow.
  if (!first || !last || body.loc.start.line === first.loc.start.line || body.loc.end.line === last.loc.end.line)
    return null;
  const indent = indentOf(first, sourceCode);
  const start = sourceCode.getIndexFromLoc({ line: body.loc.start.line + 1, column: 0 });
  const stop = sourceCode.getIndexFromLoc({ line: body.loc.end.line, column: 0 });
  const lines = (texts: readonly string[]): string =>
    texts.map((text) => indent + text + lineBreak(sourceCode)).join('');
  const [head, ...others] = indented(start, stop - 1, sourceCode);
  const opened = { start, end: start, text: lines(opening) + (head?.start === start ? head.text : '') };
  return [
    opened,
    ...(head?.start === start ? others : head ? [head, ...others] : []),
    { start: stop, end: stop, text: lines(closing) },
  ];
}

function statementAround(node: Node): Node | null {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (at.parent && (at.parent.type === 'BlockStatement' || isScript(at.parent))) return at;
    if (at.parent?.type === 'ClassBody') return null;
  }
  return null;
}

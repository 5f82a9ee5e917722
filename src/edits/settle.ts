import type { TSESTree } from '@typescript-eslint/utils';
import type { Unsettled } from '../flow/unsettled.js';
import type { Wired } from '../flow/outcomes.js';
import type { Settled } from '../flow/settles.js';
import { fateOf } from '../syntax/fate.js';
import { isInside } from '../syntax/functions.js';
import { bare, dressed, nameOf, type Node } from '../syntax/walk.js';
import {
  type Change,
  type Edit,
  freeName,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  lineBreak,
  quoteOf,
  replace,
  semicolon,
  type Suggestion,
  suggestion,
  together,
  type View,
} from './edit.js';
import { importOf } from './imports.js';
import {
  insertAfterStatement,
  insertBeforeStatement,
  insertFirst,
  isFirstOnLine,
  listAround,
  statementOf,
} from './statements.js';
import { catchInBody } from './wrap.js';

/** More ways than this are those of a callback that comes again. */
const MANY = 8;

/** Edits that settle a promise where it is left pending; none where nobody can say with what. */
export function settleIt(view: View, promise: Settled, unsettled: Unsettled): Suggestion | null {
  const first = settling(view, promise, unsettled);
  const all = [unsettled];
  // Who repairs one way and leaves another has repaired nothing.
  for (let next = promise.besides(all); first && next; next = promise.besides(all)) {
    // So many ways are not all meant to settle it.
    if (all.length === MANY) return null;
    all.push(next);
  }
  return (
    first &&
    suggestion(
      first.messageId,
      together(first.edit, ...all.slice(1).map((one) => settling(view, promise, one)?.edit ?? null)),
      first.data,
    )
  );
}

/** The edit for one reason. */
function settling(view: View, promise: Settled, unsettled: Unsettled): Suggestion | null {
  if ('way' in unsettled && isSecondTime(unsettled.way.node, view)) return null;
  switch (unsettled.why) {
    case 'errorIgnored':
      return suggestion('rejectWithIt', rejectWith(view, promise, unsettled), { error: unsettled.error.name });
    case 'notOnEveryPath':
      return suggestion('settleThere', settleThere(view, promise, unsettled));
    case 'executorRejects':
      return suggestion(
        'rejectOnFailure',
        rejecting(view, promise, (reject) => catchInBody(view, unsettled.fn, (error) => [`${reject}(${error})`])),
      );
    case 'rejectionIgnored':
      return suggestion(
        'rejectOnFailure',
        isCaught(unsettled.chain)
          ? null
          : rejecting(view, promise, (reject) => [insertAfter(unsettled.chain, `.catch(${reject})`)]),
      );
    case 'eventMissing':
      return suggestion('settleOnEvent', settleOnEvent(view, promise, unsettled), { event: unsettled.event });
    default:
      return null;
  }
}

/** `if (done) return;` where only an earlier run sets `done`: that one settled the promise. */
function isSecondTime(leaving: Node, { values }: View): boolean {
  const outer = leaving.parent?.type === 'BlockStatement' ? leaving.parent.parent : leaving.parent;
  const test = outer?.type === 'IfStatement' ? bare(outer.test) : null;
  const variable = test?.type === 'Identifier' ? values.variable(test) : null;
  return Boolean(
    variable?.references.some(
      (reference) => !reference.init && reference.writeExpr?.type === 'Literal' && reference.writeExpr.value === true,
    ),
  );
}

/** An edit that needs the second settler, which the executor may not take yet. */
export function rejecting(
  view: View,
  { node, fn, settlers }: Settled,
  edit: (reject: string) => Edit | null,
): Edit | null {
  const [resolve, reject] = settlers;
  const [first, second] = node.type === 'NewExpression' ? fn.params : [];
  const isUnused = second?.type === 'Identifier' && reject?.references.length === 0 && reject.name.startsWith('_');
  const name = reject && !isUnused ? reject.name : freeName('reject', fn, view.sourceCode);
  const changes = edit(name);
  // What takes a settler out of its executor gives it another name there.
  if (
    !changes ||
    (node.type === 'NewExpression' && !changes.every(({ start, end }) => start >= fn.range[0] && end <= fn.range[1]))
  )
    return null;
  if (isUnused) return [{ start: second.range[0], end: second.range[0] + second.name.length, text: name }, ...changes];
  if (reject) return changes;
  if (!resolve || first?.type !== 'Identifier') return null;
  const isBare = view.sourceCode.getTokenAfter(first)?.value === '=>';
  return [isBare ? replace(first, `(${view.text(first)}, ${name})`) : insertAfter(first, `, ${name}`), ...changes];
}

/** `resolve()` where the promise carries nothing, else a rejection that says why. */
function ending(view: View, promise: Settled, reason: string, edit: (text: string) => Edit | null): Edit | null {
  if (carriesNothing(view, promise) && !isUnwanted(promise)) return edit(`${promise.settlers[0]!.name}()`);
  return rejecting(view, promise, (reject) => edit(`${reject}(new Error(${quoted(reason, view)}))`));
}

/** `(_, reject) => …`: a settler that is named as one that nobody uses. */
function isUnwanted({ settlers: [resolve, reject] }: Settled): boolean {
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

function quoted(text: string, { sourceCode }: View): string {
  const quote = quoteOf(sourceCode);
  return `${quote}${text.includes(quote) || text.includes('\\') || text.includes('\n') ? 'Not settled' : text}${quote}`;
}

function rejectWith(
  view: View,
  promise: Settled,
  { fn, way, error }: Extract<Unsettled, { why: 'errorIgnored' }>,
): Edit | null {
  const { sourceCode } = view;
  const { body } = fn;
  if (body.type !== 'BlockStatement') return null;
  return rejecting(view, promise, (reject) => {
    const text = `${reject}(${error.name})${semicolon(sourceCode)}`;
    if (way.kind === 'return')
      return settleBefore(view, way.node as TSESTree.ReturnStatement, `${reject}(${error.name})`);
    const last = body.body.at(-1);
    if (last?.type === 'IfStatement' && testsFor(last.test, error.name)) {
      if (!last.alternate)
        return isFalsyTest(last.test) ? [elseAfter(view, last, text)] : lastOf(view, last.consequent, text);
      return isFalsyTest(last.test) ? lastOf(view, last.alternate, text) : lastOf(view, last.consequent, text);
    }
    const line = lineBreak(sourceCode);
    const indent = indentOf(body.body[0] ?? body, sourceCode);
    const step = indentStep(sourceCode);
    return [
      insertFirst(
        body,
        `if (${error.name}) {${line}${indent}${step}${text}${line}${indent}${step}return${semicolon(sourceCode)}${line}${indent}}`,
        sourceCode,
      ),
    ];
  });
}

function testsFor(test: Node, name: string): boolean {
  const node = bare(test);
  if (node.type === 'UnaryExpression' && node.operator === '!') return testsFor(node.argument, name);
  return node.type === 'Identifier' && node.name === name;
}

function isFalsyTest(test: Node): boolean {
  return bare(test).type === 'UnaryExpression';
}

function settleThere(
  view: View,
  promise: Settled,
  { fn, way, node }: Extract<Unsettled, { why: 'executorRejects' | 'notOnEveryPath' }>,
): Edit | null {
  if (way.kind === 'throw') return settleThrow(view, promise, node, fn);
  if (way.kind === 'return') {
    const leaving = way.node as TSESTree.ReturnStatement;
    return leaving.type === 'ReturnStatement'
      ? ending(view, promise, reasonFor(leaving, view), (text) => settleBefore(view, leaving, text))
      : null;
  }
  const last = fn.body.type === 'BlockStatement' ? fn.body.body.at(-1) : undefined;
  const end = semicolon(view.sourceCode);
  if (last?.type === 'IfStatement') {
    const open = openEnd(last);
    if (!open || swallows(last.consequent, promise)) return null;
    return ending(view, promise, `Expected: ${oneLine(view.text(open.test))}`, (text) => [
      elseAfter(view, open, text + end),
    ]);
  }
  if (last?.type === 'SwitchStatement' && last.cases.every(({ test }) => test)) {
    return ending(view, promise, `Unknown: ${oneLine(view.text(last.discriminant))}`, (text) =>
      defaultIn(view, last, text + end),
    );
  }
  if (
    last?.type === 'ForOfStatement' ||
    last?.type === 'ForStatement' ||
    last?.type === 'ForInStatement' ||
    last?.type === 'WhileStatement'
  ) {
    return ending(view, promise, 'Not found', (text) => [insertAfterStatement(last, text + end, view.sourceCode)]);
  }
  if (last?.type === 'TryStatement' && last.handler?.param?.type === 'Identifier') {
    const { handler } = last;
    return rejecting(view, promise, (reject) =>
      lastOf(view, handler.body, `${reject}(${(handler.param as TSESTree.Identifier).name})${end}`),
    );
  }
  return null;
}

/** Does a branch end with a handler that goes on without settling? An `else` would leave that way as it is. */
function swallows(branch: Node, { settlers }: Settled): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  const handler = last?.type === 'TryStatement' ? last.handler : null;
  return (
    handler !== null &&
    !settlers.some(({ references }) => references.some(({ identifier }) => isInside(identifier, handler)))
  );
}

/** A callback that throws, or whose `await` does, tells nobody. */
function settleThrow(
  view: View,
  promise: Settled,
  node: Node,
  fn: Extract<Unsettled, { fn: unknown }>['fn'],
): Edit | null {
  if (node.type !== 'ThrowStatement')
    return fn.async
      ? rejecting(view, promise, (reject) => catchInBody(view, fn, (error) => [`${reject}(${error})`]))
      : null;
  const { sourceCode } = view;
  return rejecting(view, promise, (reject) => {
    const text = `${reject}(${view.text(node.argument)})${semicolon(sourceCode)}`;
    return listAround(node)
      ? [replace(node, text), insertAfterStatement(node, `return${semicolon(sourceCode)}`, sourceCode)]
      : [replace(node, `return ${text}`)];
  });
}

function settleBefore(view: View, leaving: TSESTree.ReturnStatement, text: string): Edit | null {
  const end = semicolon(view.sourceCode);
  if (listAround(leaving)) return [insertBeforeStatement(leaving, text + end, view.sourceCode)];
  return leaving.argument ? null : [replace(leaving, `return ${text}${end}`)];
}

/** What the condition around an early return says. */
function reasonFor(leaving: Node, view: View): string {
  const outer = leaving.parent?.type === 'BlockStatement' ? leaving.parent.parent : leaving.parent;
  return outer?.type === 'IfStatement' && outer.alternate === null
    ? `Left because of ${oneLine(view.text(outer.test))}`
    : 'Left early';
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** The last `if` of a chain of `else if`; null where it has an `else`. */
function openEnd(node: TSESTree.IfStatement): TSESTree.IfStatement | null {
  if (node.alternate?.type === 'IfStatement') return openEnd(node.alternate);
  return node.alternate ? null : node;
}

function elseAfter({ sourceCode }: View, node: TSESTree.IfStatement, text: string): Change {
  const line = lineBreak(sourceCode);
  let first: Node = node;
  while (first.parent?.type === 'IfStatement') first = first.parent;
  const indent = indentOf(first, sourceCode);
  const separator = node.consequent.type === 'BlockStatement' ? ' ' : line + indent;
  return insertAfter(
    node,
    isFirstOnLine(first, sourceCode)
      ? `${separator}else {${line}${indent}${indentStep(sourceCode)}${text}${line}${indent}}`
      : ` else { ${text} }`,
  );
}

function defaultIn({ sourceCode }: View, node: TSESTree.SwitchStatement, text: string): Edit | null {
  const last = node.cases.at(-1);
  if (!last || !isFirstOnLine(last, sourceCode)) return null;
  const line = lineBreak(sourceCode);
  const indent = indentOf(last, sourceCode);
  const leaves =
    last.consequent.some(({ type }) => type === 'BreakStatement' || type === 'ReturnStatement') ||
    last.consequent.at(-1)?.type === 'BlockStatement';
  const stop = leaves ? '' : `${line}${indent}${indentStep(sourceCode)}break${semicolon(sourceCode)}`;
  return [insertAfter(last, `${stop}${line}${indent}default:${line}${indent}${indentStep(sourceCode)}${text}`)];
}

/** A statement as the last one of a block. */
function lastOf({ sourceCode }: View, block: Node, text: string): Edit | null {
  if (block.type !== 'BlockStatement') return null;
  const last = block.body.at(-1);
  return [last ? insertAfterStatement(last, text, sourceCode) : insertFirst(block, text, sourceCode)];
}

function isCaught(chain: TSESTree.CallExpression): boolean {
  const callee = bare(chain.callee);
  return (
    callee.type === 'MemberExpression' &&
    (nameOf(callee) === 'catch' || (nameOf(callee) === 'then' && chain.arguments.length > 1))
  );
}

/** Waits for the other event, too: on a line of its own, or in the same chain. */
function settleOnEvent(
  view: View,
  promise: Settled,
  { event, wired }: Extract<Unsettled, { why: 'eventMissing' }>,
): Edit | null {
  const { sourceCode } = view;
  const quote = quoteOf(sourceCode);
  const name = quote + event + quote;
  // It comes again and again, and each time a listener for the failure would stay.
  if (wired.event === 'drain') return onceInstead(view, promise, wired);
  return rejecting(view, promise, (reject) => {
    const { at } = wired;
    const callback = failureOf(view, event, wired, reject);
    if (at.type === 'AssignmentExpression') {
      const target = at.left.type === 'MemberExpression' ? view.text(at.left.object) : null;
      return target === null ? null : beside(view, at, `${target}.on${event} = ${callback}`);
    }
    if (wired.event === 'response' && wired.target === at) return [insertAfter(at, `.on(${name}, ${callback})`)];
    const callee = bare(at.callee);
    if (callee.type !== 'MemberExpression') return null;
    const method = nameOf(callee);
    const isChained =
      at.parent.type === 'MemberExpression' ||
      callee.object.type === 'CallExpression' ||
      !['on', 'once', 'addEventListener', 'addListener'].includes(method ?? '');
    if (!isChained)
      return (
        beside(view, at, `${view.text(callee.object)}.${method}(${name}, ${callback})`) ??
        (method === 'addEventListener' ? null : [insertAfter(at, `.${method}(${name}, ${callback})`)])
      );
    return method === 'addEventListener' ? null : [insertAfter(at, `.on(${name}, ${callback})`)];
  });
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
  return `() => ${reject}(new Error(${quoted(`${oneLine(view.text(target))} ${what}`, view)}))`;
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

/** A statement after the one that an expression is. */
function beside({ sourceCode }: View, node: Node, text: string): Edit | null {
  const statement = statementOf(node);
  if (statement?.type !== 'ExpressionStatement' || bare(statement.expression) !== node) return null;
  const change = insertAfterStatement(statement, text + semicolon(sourceCode), sourceCode);
  if (listAround(statement)) return [change];
  return [insertBefore(statement, '{ '), { ...change, text: ` ${text}${semicolon(sourceCode)} }` }];
}

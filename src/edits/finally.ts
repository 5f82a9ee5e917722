import type { TSESTree } from '@typescript-eslint/utils';
import { isSettler } from '../flow/throws.js';
import { homeOf } from '../ownership/holders/handle.js';
import { mayBePromise } from '../ownership/promises/callbacks.js';
import type { Start } from '../ownership/starts/starts.js';
import { rearms } from '../ownership/verdict/rearm.js';
import { enclosingFunction, isInside, runOf, thisBody } from '../syntax/functions.js';
import { bare, type Fn, isFunction, isLoop, type Node, walk } from '../syntax/walk.js';
import { endInLink } from './chain-ends.js';
import { isOver } from './concern.js';
import {
  type Change,
  type Edit,
  endsFor,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  lineBreak,
  type View,
} from './edit.js';
import { unfolded } from './one-line.js';
import { declareOutside } from './outside.js';
import { endAt, inputOf, namedInput, statementText } from './reach.js';
import {
  endOfLine,
  indented,
  insertFirst,
  isFirstOnLine,
  isOnOneLine,
  type List,
  listAround,
  moved,
  removeStatement,
  statementOf,
  statementsOf,
} from './statements.js';

/**
 * Ends the start in a `finally` around what follows it: up to the end that is there, or to the end of the block.
 * Null where that would change what runs, or when, and where nothing says that the start is over there.
 */
export function endInFinally(view: View, start: Start, isOverHere = false): Edit | null {
  const first = statementOf(start.node);
  const fn = enclosingFunction(start.node);
  const all: readonly Node[] = endsFor(start, view);
  const [only] = all;
  if (only && all.length === 1 && runOf(only) !== homeOf(start, view.values)) return endInLink(view, only);
  if (!first || !isOfItsOwn(first)) return null;
  // A callback that runs in place is a run of its own where it has all the ends.
  const isCallback = fn !== runOf(start.node);
  if (isCallback && (all.length === 0 || all.some((node) => enclosingFunction(node) !== fn))) return null;
  const ends = all.filter((node) => (isCallback || runOf(node) === fn) && node.range[0] > start.node.range[0]);
  const statement = beforeAll(ends, first);
  const list = statement && listAround(statement);
  if (!list) return null;
  const rest = following(statement, list);
  const place = { node: list, body: thisBody(statement), isAsync: Boolean(fn?.async), isGiven: true };
  const reached = ends.length > 0 ? null : endAt(start, place, view);
  if (ends.length === 0 && !reached) return null;
  const input = reached && inputOf(start, view);
  const alsoReached = input && (endAt(input, place, view) ?? namedInput(input, place, view));
  const at = rest.findIndex((one) => isEnd(one, ends));
  const own = at === -1 ? null : rest[at]!;
  const body: Body = {
    view,
    statement,
    list,
    fn,
    wrapped: withoutFunctions(own ? rest.slice(0, at) : rest),
    own,
    after: own ? rest.slice(at + 1) : [],
    isLock: start.resource.kind === 'lock',
  };
  const inner = ends.filter((end) => !own || !isInside(end, own));
  const text = own
    ? ownText(own, indentOf(statement, view.sourceCode), view)
    : reached
      ? [reached, ...(alsoReached ? [alsoReached] : [])]
          .map((one) => statementText(one, view))
          .join(lineBreak(view.sourceCode) + indentOf(statement, view.sourceCode) + indentStep(view.sourceCode))
      : textOfEnd(inner[0]!, view);
  if (text === null || body.wrapped.length === 0) return null;
  // Whoever ends what its own run starts for the next one has ended with the first.
  if (ends.length === 0 && !isOverHere && (!isOver(start, fn, body.wrapped, view) || rearms(start, view) !== 'no'))
    return null;
  const wrapped = wrap(body, inner, text);
  return wrapped && [...(reached?.changes ?? []), ...(alsoReached?.changes ?? []), ...wrapped];
}

/** The statement that ends, with the comment on its line, as it stands in a `finally` with an indentation. */
function ownText(own: Node, indent: string, { sourceCode }: View): string {
  return moved(
    own,
    sourceCode.text.slice(own.range[0], endOfLine(own, sourceCode)),
    indent + indentStep(sourceCode),
    sourceCode,
  );
}

/** The statement that all ends follow: the one that starts, or the `if` that it is the last of. */
function beforeAll(ends: readonly Node[], first: TSESTree.Statement): TSESTree.Statement | null {
  for (let statement: Node | undefined = first; statement;) {
    const list = listAround(statement);
    const rest = list && following(statement, list);
    if (rest && ends.every((end) => rest.some((one) => isInside(end, one)))) return statement as TSESTree.Statement;
    if (rest && rest.length > 0) return null;
    const outer: Node | undefined = list ? list.parent : statement.parent;
    statement = outer?.type === 'IfStatement' ? outer : undefined;
  }
  return null;
}

function following(statement: Node, list: List): readonly TSESTree.Statement[] {
  return statementsOf(list).slice(statementsOf(list).indexOf(statement as TSESTree.Statement) + 1);
}

interface Body {
  readonly view: View;
  /** The statement that starts. */
  readonly statement: TSESTree.Statement;
  readonly list: List;
  readonly fn: Fn | null;
  /** What goes into the `try`. */
  readonly wrapped: readonly TSESTree.Statement[];
  /** The statement that ends, where it follows in the same list. */
  readonly own: TSESTree.Statement | null;
  readonly after: readonly TSESTree.Statement[];
  readonly isLock: boolean;
}

/** Does the statement do nothing but start, so that what follows may be wrapped? */
function isOfItsOwn(statement: TSESTree.Statement): boolean {
  return (
    statement.type === 'ExpressionStatement' ||
    (statement.type === 'VariableDeclaration' && statement.declarations.length === 1)
  );
}

function wrap(body: Body, inner: readonly Node[], text: string): Edit | null {
  const { view, wrapped, own, fn } = body;
  if (wrapped.some(({ type }) => /^(?:Import|Export)/.test(type))) return null;
  const earlier = inner.length === 1 ? beginEarlier(body, inner[0]!) : null;
  if (earlier) return earlier;
  const removed = inner.map((end) => removable(end, body));
  if (removed.includes(null)) return null;
  const removals = removed.flatMap((one) => removeStatement(one!, view.sourceCode));
  const returns = awaited(wrapped, fn, view);
  if (!returns)
    return wrapped.length === 1 && !own && inner.length === 0 ? afterPromise(wrapped[0]!, text, view) : null;
  const [only] = wrapped;
  if (wrapped.length === 1 && only!.type === 'TryStatement') {
    return [
      ...removals,
      ...returns,
      ...(own ? removeStatement(own, view.sourceCode, endOfLine(own, view.sourceCode)) : []),
      inFinallyOf(only!, text, view),
    ];
  }
  return around(body, [...removals, ...returns], text);
}

/** `finally` of a `try` that is there. */
function inFinallyOf(statement: TSESTree.TryStatement, text: string, { sourceCode }: View): Change {
  if (statement.finalizer) return insertFirst(statement.finalizer, text, sourceCode);
  const line = lineBreak(sourceCode);
  const indent = indentOf(statement, sourceCode);
  return insertAfter(statement, ` finally {${line}${indent}${indentStep(sourceCode)}${text}${line}${indent}}`);
}

/** Begins the `try` whose `finally` has the end before the statements that it leaves out. */
function beginEarlier({ view, statement, wrapped }: Body, end: Node): Edit | null {
  const { sourceCode } = view;
  const last = wrapped.at(-1)!;
  if (
    last.type !== 'TryStatement' ||
    last.handler ||
    wrapped.length < 2 ||
    !last.finalizer?.body.some((one) => isEnd(one, [end]))
  )
    return null;
  // What the `finally` names cannot be declared in the `try`.
  const outside = declareOutside(wrapped.slice(0, -1), last.block.range[1], view);
  if (!outside || outside.before.length + outside.after.length > 0) return null;
  const first = wrapped[0]!;
  const brace = sourceCode.getFirstToken(last.block)!;
  const body = sourceCode.getTokenAfter(brace, { includeComments: true })!;
  const isOnLines =
    isFirstOnLine(first, sourceCode) &&
    isFirstOnLine(last, sourceCode) &&
    brace.loc.start.line === last.loc.start.line &&
    body.loc.start.line > brace.loc.start.line;
  if (!isOnLines) return null;
  const from = startWithComments(first, statement, view);
  const header = sourceCode.getIndexFromLoc({ line: last.loc.start.line, column: 0 });
  const opening: Change = {
    start: from,
    end: from,
    text: `try {${lineBreak(sourceCode)}${indentOf(first, sourceCode)}${indentStep(sourceCode)}`,
  };
  return [
    opening,
    ...indented(from + 1, header - 1, sourceCode),
    { start: header, end: sourceCode.getIndexFromLoc({ line: last.loc.start.line + 1, column: 0 }), text: '' },
  ];
}

function around(body: Body, changes: readonly Change[], text: string): Edit | null {
  const { view, list, own, after } = body;
  const { sourceCode } = view;
  const until = own?.range[1] ?? body.wrapped.at(-1)!.range[1];
  const uses = declareOutside(body.wrapped, until, view);
  // What is only read may as well be returned from within, and so may what is made of it, unless others wait for the
  // end.
  const isWithin = uses?.before.length !== 0 && after.length === 1;
  const returned =
    isWithin && (isPlainReturn(after[0]!, view) || (!body.isLock && isQuickReturn(after[0]!, view))) ? after : [];
  const outside = returned.length > 0 ? { before: [], changes: [], after: [] } : uses;
  const wrapped = [...body.wrapped, ...returned];
  if (!outside) return null;
  if (isOnOneLine(list))
    return unfolded(list, { wrapped, own, ...outside, changes: [...outside.changes, ...changes], ending: text }, view);
  const last = wrapped.at(-1)!;
  const line = lineBreak(sourceCode);
  const first = wrapped[0]!;
  const indent = indentOf(body.statement, sourceCode);
  const step = indentStep(sourceCode);
  // Comments before the first statement go with it.
  const from = startWithComments(first, body.statement, view);
  if (!isFirstOnLine(first, sourceCode)) return null;
  const end = own && returned.length === 0 ? own : null;
  const to = end ? endOfLine(end, sourceCode) : endWithComments(last, list, view);
  const opening: Change = {
    start: from,
    end: from,
    text: `${outside.before.map((declared) => declared + line + indent).join('')}try {${line}${indent}${step}`,
  };
  const removal = own && !end ? removeStatement(own, sourceCode, endOfLine(own, sourceCode)) : [];
  const gone = [...removal, ...changes].filter(({ start, end: stop, text: instead }) => stop > start && instead === '');
  const tail = indented(from + 1, to, sourceCode).filter(
    (one) => !gone.some(({ start, end: stop }) => start <= one.start && one.start < stop),
  );
  const closed = `${line}${indent}}${outside.after.map((declared) => line + indent + declared).join('')}`;
  if (end) {
    const middle = startWithComments(end, last, view);
    const left = endOfLine(last, sourceCode);
    if (sourceCode.text.slice(left, middle).trim() !== '') return null;
    const closing: Change[] = [
      { start: left, end: middle, text: `${line}${indent}} finally {${line}${indent}${step}` },
      { start: to, end: to, text: closed },
    ];
    return [
      opening,
      ...outside.changes,
      ...tail.filter(({ start }) => start <= left || start > middle),
      ...closing,
      ...changes,
    ];
  }
  const closing: Change = {
    start: to,
    end: to,
    text: `${line}${indent}} finally {${line}${indent}${step}${text}${closed}`,
  };
  return [opening, ...outside.changes, ...tail, ...removal, closing, ...changes];
}

/** Where the comments on the lines before a statement begin. */
function startWithComments(statement: Node, before: Node, { sourceCode }: View): number {
  const comments = sourceCode
    .getCommentsBefore(statement)
    .filter(({ loc, range }) => range[0] >= before.range[1] && loc.start.line > before.loc.end.line);
  return (comments[0] ?? statement).range[0];
}

/** Where the comments after the last statement of a block end. */
function endWithComments(statement: Node, list: List, { sourceCode }: View): number {
  const comments = sourceCode.getCommentsAfter(statement).filter(({ range }) => range[1] <= list.range[1]);
  const next = sourceCode.getTokenAfter(statement);
  const isLast = !next || next.value === '}';
  return isLast && comments.length > 0 ? comments.at(-1)!.range[1] : endOfLine(statement, sourceCode);
}

/** Declarations of functions stay where the whole block can see them. */
function withoutFunctions(statements: readonly TSESTree.Statement[]): readonly TSESTree.Statement[] {
  return statements.slice(
    0,
    statements.findLastIndex(({ type }) => type !== 'FunctionDeclaration' && !type.startsWith('TS')) + 1,
  );
}

/** Is a statement nothing but an end: `release();`, `if (timer) clearInterval(timer);`? */
export function isEnd(statement: Node, ends: readonly Node[]): boolean {
  if (statement.type === 'IfStatement') {
    const only =
      statement.consequent.type === 'BlockStatement' && statement.consequent.body.length === 1
        ? statement.consequent.body[0]!
        : statement.consequent;
    return !statement.alternate && isEnd(only, ends);
  }
  return statement.type === 'ExpressionStatement' && ends.includes(callOf(statement.expression));
}

function callOf(expression: Node): Node {
  const node = bare(expression);
  if (node.type === 'AwaitExpression') return callOf(node.argument);
  return node.type === 'UnaryExpression' && node.operator === 'void' ? callOf(node.argument) : node;
}

function textOfEnd(end: Node, view: View): string | null {
  const statement = statementOf(end);
  return statement?.type === 'ExpressionStatement' && callOf(statement.expression) === end
    ? view.text(statement)
    : null;
}

/**
 * The statement of an end on an inner way, which the `finally` makes needless; null where something runs after it that
 * would then run before.
 */
function removable(end: Node, { wrapped }: Body): TSESTree.Statement | null {
  const statement = statementOf(end);
  const list = statement && listAround(statement);
  if (!list || !isEnd(statement, [end])) return null;
  for (let at: Node = statement; ; at = at.parent!) {
    const isWrapped = wrapped.includes(at as TSESTree.Statement);
    const around = isWrapped ? wrapped : listAround(at) && statementsOf(listAround(at)!);
    const next = around?.[around.indexOf(at as TSESTree.Statement) + 1];
    if (next) return /^(?:Return|Break|Continue|Throw)Statement$/.test(next.type) ? statement : null;
    if (isWrapped) return statement;
    if (!at.parent || isLoop(at.parent)) return null;
  }
}

/** Waits for promises that are returned, so that the `finally` runs after them; null in a function that cannot wait. */
function awaited(wrapped: readonly Node[], fn: Fn | null, view: View): Edit | null {
  const changes: Change[] = [];
  let possible = true;
  for (const statement of wrapped) {
    walk(view.sourceCode, statement, (node) => {
      if (isFunction(node)) return false;
      if (node.type !== 'ReturnStatement' || !node.argument) return undefined;
      const value = bare(node.argument);
      if (value.type === 'AwaitExpression' || isFunction(value)) return undefined;
      if (
        !mayBePromise(value, view) ||
        (value.type !== 'CallExpression' && view.oracle.isPromise(value) === 'maybe') ||
        (value.type === 'CallExpression' && isSettler(value.callee, view.values))
      )
        return undefined;
      if (!fn?.async) possible = false;
      else if (!fn.generator)
        changes.push(
          ...(needsParentheses(value)
            ? [insertBefore(node.argument, 'await ('), insertAfter(node.argument, ')')]
            : [insertBefore(node.argument, 'await ')]),
        );
      return undefined;
    });
  }
  return possible ? changes : null;
}

function needsParentheses({ type }: Node): boolean {
  return [
    'ConditionalExpression',
    'LogicalExpression',
    'SequenceExpression',
    'BinaryExpression',
    'AssignmentExpression',
  ].includes(type);
}

/** `return work().finally(() => end());` in a function that cannot wait. */
function afterPromise(statement: TSESTree.Statement, text: string, view: View): Edit | null {
  if (statement.type !== 'ReturnStatement' || !statement.argument || text.startsWith('if ')) return null;
  const value = bare(statement.argument);
  if (
    value !== statement.argument ||
    (value.type !== 'CallExpression' && value.type !== 'NewExpression') ||
    view.oracle.isPromise(value) !== 'yes'
  )
    return null;
  return [insertAfter(value, `.finally(() => ${text.replace(/;$/, '')})`)];
}

/** A `return` of something that is only read. */
export function isPlainReturn(statement: TSESTree.Statement, view: View): boolean {
  return statement.type === 'ReturnStatement' && !has(statement, WORK, view);
}

/** A `return` of what is there as soon as it is asked for. */
function isQuickReturn(statement: TSESTree.Statement, view: View): boolean {
  return (
    statement.type === 'ReturnStatement' &&
    statement.argument !== null &&
    view.oracle.isPromise(statement.argument) === 'no' &&
    !has(statement, WAITING, view)
  );
}

const WAITING = new Set<string>(['AwaitExpression', 'ImportExpression', 'YieldExpression']);
const WORK = new Set<string>([...WAITING, 'CallExpression', 'NewExpression', 'TaggedTemplateExpression']);

function has(statement: Node, types: ReadonlySet<string>, { sourceCode }: View): boolean {
  let found = false;
  walk(sourceCode, statement, (node) => {
    if (isFunction(node)) return false;
    found ||= types.has(node.type);
    return !found;
  });
  return found;
}

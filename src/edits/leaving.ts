import { listed } from '../catalog/index.js';
import { parse } from '../catalog/signature.js';
import type { WayOut } from '../flow/paths.js';
import { mentions } from '../ownership/holders/handle.js';
import type { Start } from '../ownership/starts/starts.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, isInside, thisBody } from '../syntax/functions.js';
import { leaves } from '../syntax/leaving.js';
import type { Node } from '../syntax/walk.js';
import {
  type Edit,
  endsFor,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  lineBreak,
  together,
  type View,
} from './edit.js';
import { placeIn } from './place.js';
import { endAt, statementText } from './reach.js';
import {
  endOfLine,
  insertAfterStatement,
  insertBeforeStatement,
  isFirstOnLine,
  type List,
  listAround,
  statementOf,
  statementsOf,
} from './statements.js';

/** Is what has to be ended a part of what the start gives: `response.body?.cancel()` is for `response`. */
export function isPartOfHandle({ resource }: Start): boolean {
  const { callee, optional } = parse(listed(resource.end)[0]!);
  return optional.size > 0 && callee.length > 2;
}

/** Cancels what came with the handle and nobody reads: after the start, or before the way out that leaves it. */
export function cancelBody(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  if (verdict.kind === 'kept' || !isPartOfHandle(start) || !list) return null;
  const isAsync = enclosingFunction(start.node)?.async ?? true;
  if (verdict.why === 'notOnEveryPath') {
    // What a handler leaves has come from somewhere in its `try`.
    const own = verdict.ways.filter(({ kind, node }) => kind === 'end' || isInside(node, list));
    const leaving = own.length > 0 ? own : leftAfter(statement, list, start, view);
    return isAsync ? (inOtherBranch(verdict.ways, list, start, view) ?? beforeEach(leaving, list, start, view)) : null;
  }
  const reached = endAt(start, { node: list, body: thisBody(statement), isAsync }, view);
  return (
    reached && [...reached.changes, insertAfterStatement(statement, statementText(reached, view), view.sourceCode)]
  );
}

/** `if (response.ok) { … } else { … }`: the end where the one condition that holds all that reads it does not hold. */
function inOtherBranch(ways: readonly WayOut[], list: List, start: Start, view: View): Edit | null {
  const { sourceCode } = view;
  const ends = endsFor(start, view);
  let around: Node | undefined = ends[0];
  while (around && around.parent !== list) around = around.parent;
  if (
    around?.type !== 'IfStatement' ||
    !ends.every((end) => isInside(end, around)) ||
    around.alternate ||
    around.consequent.type !== 'BlockStatement' ||
    !isFirstOnLine(around, sourceCode) ||
    !ways.every(({ kind, node }) => kind === 'end' || node.range[0] > around.range[1])
  )
    return null;
  const reached = endAt(start, { node: list, body: thisBody(around), isAsync: true }, view);
  const line = lineBreak(sourceCode) + indentOf(around, sourceCode);
  // After a branch that leaves, the rest is the other one.
  if (reached && leaves(around.consequent))
    return [...reached.changes, insertAfterStatement(around, statementText(reached, view), sourceCode)];
  return (
    reached && [
      ...reached.changes,
      insertAfter(around, ` else {${line}${indentStep(sourceCode)}${statementText(reached, view)}${line}}`),
    ]
  );
}

/**
 * The `return` or `throw` of the first condition on the handle after a start that leaves without another word of it:
 * `if (!response.ok) throw new Error(url);`.
 */
function leftAfter(statement: Node, list: List, start: Start, view: View): WayOut[] {
  const mentioned = mentions(view.handleOf(start), view.values, view.index);
  const isOn = (node: Node): boolean => mentioned.some((one) => isInside(one, node));
  for (const one of statementsOf(list)) {
    if (one.range[0] < statement.range[1] || one.type !== 'IfStatement' || one.alternate || !isOn(one.test)) continue;
    const last = one.consequent.type === 'BlockStatement' ? one.consequent.body.at(-1) : one.consequent;
    if (last && /^(?:Return|Throw)Statement$/.test(last.type) && !hasEnd(one.consequent, start, view))
      return [{ kind: last.type === 'ThrowStatement' ? 'throw' : 'return', node: last }];
  }
  return [];
}

function hasEnd(node: Node, start: Start, view: View): boolean {
  return endsFor(start, view).some((end) => isInside(end, node));
}

/** More ends than this hide what a function is about. */
const MANY = 2;

/** Ends what has not been handed over yet before each way out that would leave it. */
export function endBeforeLeaving(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  // What works on by itself is not over when its function is.
  const worksOn = start.resource.runsOn || start.resource.activatedBy !== undefined;
  // `const [one, other] = stream.tee()`: each of them has an end of its own.
  if (verdict.kind === 'kept' || !list || worksOn || typeof start.signature.binding !== 'string') return null;
  return beforeEach(verdict.ways, list, start, view);
}

/**
 * The end before each of some ways out, or once before the statement that all of them are in where that one does
 * nothing else with what is to be ended.
 */
function beforeEach(ways: readonly WayOut[], list: List, start: Start, view: View): Edit | null {
  if (ways.length === 0) return null;
  const around =
    ways.length > 1 ? statementsOf(list).find((one) => ways.every(({ node }) => isInside(node, one))) : undefined;
  const rest = around ? statementsOf(list).slice(statementsOf(list).indexOf(around)) : [];
  if (
    around?.type === 'IfStatement' &&
    !isInside(start.node, around) &&
    !rest.some((one) => hasEnd(one, start, view)) &&
    !mentions(view.handleOf(start), view.values, view.index).some((one) => one.range[0] > around.range[1])
  ) {
    const reached = endAt(
      start,
      { node: list, body: thisBody(around), isAsync: enclosingFunction(start.node)?.async ?? true },
      view,
    );
    if (reached)
      return [...reached.changes, insertBeforeStatement(around, statementText(reached, view), view.sourceCode)];
  }
  return ways.length > MANY
    ? null
    : together(
        ...ways.map((way) =>
          way.kind === 'end' ? beforeEnd(list, start, view) : beforeLeaving(way.node, start, view),
        ),
      );
}

/** The end as the last statement of the function that starts. */
function beforeEnd(list: List, start: Start, view: View): Edit | null {
  const last = statementsOf(list).at(-1);
  const fn = enclosingFunction(start.node);
  const reached =
    fn?.body === list && last && !mayHaveEnded(last, start, view) && !endsAndGoesOn(last, start, view)
      ? endAt(start, placeIn(list, fn), view)
      : null;
  return last && reached
    ? [...reached.changes, insertAfterStatement(last, statementText(reached, view), view.sourceCode)]
    : null;
}

/** `throw new Error(explain(response))`: what is told of the handle may need it as it is. */
function givesHandle(leaving: Node, start: Start, view: View): boolean {
  return mentions(view.handleOf(start), view.values, view.index).some(
    (one) => isInside(one, leaving) && fateOf(one, view.values).kind === 'passed',
  );
}

/**
 * `const text = isPlain ? await response.text() : ''; throw new Error(text);`: may it have ended on the way to a place? A
 * body that was read cannot be cancelled.
 */
function mayHaveEnded(place: Node, start: Start, view: View): boolean {
  return endsFor(start, view).some((end) => {
    let before: Node = end;
    while (before.parent && !isInside(place, before.parent)) before = before.parent;
    return (
      listAround(before) !== null &&
      enclosingFunction(before) === enclosingFunction(place) &&
      before.range[1] <= place.range[0] &&
      before.range[0] > start.node.range[1] &&
      endsAndGoesOn(before, start, view)
    );
  });
}

/** Not so for `if (!response.ok) throw new Error(await response.text());`. */
function endsAndGoesOn(statement: Node, start: Start, view: View): boolean {
  const leavesAfter =
    statement.type === 'IfStatement' &&
    !statement.alternate &&
    leaves(statement.consequent) &&
    !hasEnd(statement.test, start, view);
  return hasEnd(statement, start, view) && !leavesAfter;
}

function beforeLeaving(leaving: Node, start: Start, view: View): Edit | null {
  if (
    (leaving.type !== 'ReturnStatement' && leaving.type !== 'ThrowStatement') ||
    givesHandle(leaving, start, view) ||
    mayHaveEnded(leaving, start, view)
  )
    return null;
  const { parent } = leaving;
  const list = listAround(leaving);
  const reached = endAt(
    start,
    { node: list ?? leaving, body: thisBody(leaving), isAsync: enclosingFunction(leaving)?.async ?? true },
    view,
  );
  if (!reached || reached.guard !== null) return null;
  const text = statementText(reached, view);
  if (list) return [...reached.changes, insertBeforeStatement(leaving, text, view.sourceCode)];
  if (leaving.loc.start.line !== leaving.loc.end.line || parent.type !== 'IfStatement' || parent.consequent !== leaving)
    return null;
  const outer = lineBreak(view.sourceCode) + indentOf(parent, view.sourceCode);
  const inner = outer + indentStep(view.sourceCode);
  if (isFirstOnLine(leaving, view.sourceCode) && leaving.loc.start.line === parent.test.loc.end.line + 1) {
    const [, close] = view.sourceCode.getTokenBefore(leaving)!.range;
    const end = endOfLine(leaving, view.sourceCode);
    return [
      ...reached.changes,
      { start: close, end: close, text: ' {' },
      insertBeforeStatement(leaving, text, view.sourceCode),
      { start: end, end, text: `${outer}}` },
    ];
  }
  return parent.loc.start.line === leaving.loc.start.line
    ? [...reached.changes, insertBefore(leaving, `{${inner}${text}${inner}`), insertAfter(leaving, `${outer}}`)]
    : null;
}

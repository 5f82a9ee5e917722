import type { TSESTree } from '@typescript-eslint/utils';
import { endsOf } from '../ownership/ends.js';
import { handleNode } from '../ownership/handle.js';
import type { Left } from '../ownership/races.js';
import type { Start } from '../ownership/starts.js';
import { endText } from '../ownership/words.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, runOf } from '../syntax/functions.js';
import { bare, type Call, dressed, type Node, walk } from '../syntax/walk.js';
import { type Change, type Edit, freeName, indentOf, indentStep, insertAfter, insertBefore, isTypeScript, lineBreak, semicolon, type Suggestion, suggestion, type View } from './edit.js';
import { handleType } from './handles.js';
import { passSignal, together } from './signals.js';
import { indented, insertBeforeStatement, isFirstOnLine, listAround, removeStatement, statementOf } from './statements.js';

/** Ends everything that losing arms hold, whichever arm wins; null where one of them cannot be ended from here. */
export function endLosers(view: View, race: TSESTree.CallExpression, left: readonly Left[]): Suggestion | null {
  return suggestion('endLosers', endingLeft(view, race, left));
}

/** Clears a timer that settles a promise, in the executor that starts it, once the promise is settled; null where it is there for more. */
export function clearWhenSettled(view: View, start: Start): Edit | null {
  const { values, sourceCode } = view;
  const fn = runOf(start.node);
  const promise = fn && argumentOf(fn)?.call;
  const callback = start.names.get('callback');
  if (promise?.type !== 'NewExpression' || values.origin(promise.callee) !== 'Promise' || !callback) return null;
  let settles = false;
  walk(sourceCode, values.functionOf(callback) ?? callback, (node) => {
    const variable = node.type === 'Identifier' ? values.variable(node) : null;
    settles ||= variable?.defs.some((one) => one.type === 'Parameter' && one.node === fn) ?? false;
    return !settles;
  });
  return settles ? endingLeft(view, promise, [{ why: 'timerLeft', start, node: start.node, sure: true }]) : null;
}

function endingLeft(view: View, race: Call, left: readonly Left[]): Edit | null {
  const repairs = left.flatMap((one) => (one.why === 'timerLeft' ? [keepTimer(view, one, race)] : []));
  const calls = left.flatMap((one) => (one.why === 'sleepLeft' || one.why === 'workLeft' ? [one] : []));
  if (repairs.length > 1 || repairs.includes(null) || repairs.length + calls.length < left.length) return null;
  if (calls.length > 0) repairs.push(abortAll(view, calls, race));
  const all = repairs.filter((one) => one !== null);
  const places = [race, ...left.map(({ node }) => node)];
  if (all.length === 0 || all.length < repairs.length || !places.every((place) => isInside(place, race) || enclosingFunction(place) === enclosingFunction(race) || isExecuted(place, race))) return null;
  const declared = all.flatMap(({ declarations }) => declarations.map((text) => text + semicolon(view.sourceCode)));
  const changes = all.flatMap(({ edit }) => edit);
  const ended = all.map(({ end }) => end);
  const { parent } = dressed(race);
  if (parent?.type === 'ArrowFunctionExpression' && parent.body === dressed(race)) return [...blockAround(view, race, declared, ended), ...changes];
  const first = firstStatement(places);
  if (!first) return null;
  const around = endAround(view, race, ended);
  const before = declared.map((text) => insertBeforeStatement(first, text, view.sourceCode));
  return merged([...before, ...around, ...changes]);
}

interface Repair {
  /** What has to be declared before the race. */
  readonly declarations: readonly string[];
  /** What ends the arm. */
  readonly end: string;
  readonly edit: Edit;
}

/** One controller for all arms that take a signal. */
function abortAll(view: View, calls: readonly Extract<Left, { call: unknown }>[], race: Node): Repair | null {
  const name = freeName('controller', race, view.sourceCode);
  const outer = view.signals.reach(race);
  const own = `${name}.signal`;
  const both = outer?.sure && !outer.mayBeMissing ? `AbortSignal.any([${outer.text}, ${own}])` : own;
  if (calls.some(({ call, node }) => call !== node || keepsBody(view, call))) return null;
  const shared = both !== own && calls.length > 1 ? freeName('either', race, view.sourceCode) : null;
  const edit = together(...calls.map(({ call, position }) => position && passSignal(view, call, { text: shared ?? both, mayBeMissing: false }, position)));
  const declarations = [`const ${name} = new AbortController()`, ...(shared === null ? [] : [`const ${shared} = ${both}`])];
  return edit && { declarations, end: `${name}.abort()`, edit };
}

/** Is a place in an executor that was written beside the race? */
function isExecuted(place: Node, race: Node): boolean {
  const fn = enclosingFunction(place);
  return fn !== null && argumentOf(fn)?.call.type === 'NewExpression' && enclosingFunction(fn) === enclosingFunction(race);
}

/** One change for all that insert at one place, in their order. */
function merged(changes: readonly Change[]): Edit {
  const found: Change[] = [];
  for (const change of changes) {
    const at = found.findIndex(({ start, end }) => start === change.start && end === start && change.end === start);
    if (at === -1) found.push(change);
    else found[at] = { ...change, text: found[at]!.text + change.text };
  }
  return found;
}

/** An abort also ends the reading of a body that the winner still has to give. */
function keepsBody(view: View, call: TSESTree.CallExpression): boolean {
  return view.values.origin(call.callee) === 'fetch' && fateOf(call, view.values).kind !== 'receiver';
}

/** The first of the statements that hold the places, in the list that holds the race. */
function firstStatement(places: readonly Node[]): TSESTree.Statement | null {
  const [race] = places;
  const own = statementOf(race!);
  const list = own && listAround(own);
  if (!list) return null;
  const statements = places.map((place) => {
    let at: Node | null | undefined = place;
    while (at && at.parent !== list) at = at.parent;
    return at as TSESTree.Statement | null | undefined;
  });
  return statements.reduce((one, other) => (one && other && other.range[0] < one.range[0] ? other : one && other ? one : null)) ?? null;
}

/** Keeps the handle of a timer that an executor drops; or clears one that is kept on all ways instead of some. */
function keepTimer(view: View, { start, node }: Extract<Left, { start: unknown }>, race: Node): Repair | null {
  const { sourceCode } = view;
  if (start.node !== node) return null;
  const fate = fateOf(node, view.values);
  if (fate.kind === 'local') {
    const ends = endsOf(start, view.handleOf(start), view.index, view).flatMap(({ node: call }) => (call.parent.type === 'ExpressionStatement' && listAround(call.parent) ? [call.parent] : []));
    return { declarations: [], end: endText(start, { handle: fate.variable.name }), edit: ends.flatMap((statement) => removeStatement(statement, sourceCode)) };
  }
  const outer = dressed(handleNode(start, view.values));
  const isBody = outer.parent?.type === 'ArrowFunctionExpression' && outer.parent.body === outer;
  if (!isBody && outer.parent?.type !== 'ExpressionStatement') return null;
  const name = freeName('timer', [race, node], sourceCode);
  const handle = isTypeScript(view) ? handleType(start, view) : null;
  const type = handle === null ? '' : `: ${handle} | undefined`;
  const edit = isBody ? [insertBefore(outer, `{ ${name} = `), insertAfter(outer, `${semicolon(sourceCode)} }`)] : [insertBefore(outer, `${name} = `)];
  return { declarations: [`let ${name}${type}`], end: endText(start, { handle: name }), edit };
}

/** `try { return await race } finally { … }` where the race is returned by an async function, else `race.finally(() => …)`. */
function endAround(view: View, race: Call, ended: readonly string[]): Change[] {
  const { sourceCode } = view;
  const statement = statementOf(race);
  const line = lineBreak(sourceCode);
  const value = statement?.type === 'ReturnStatement' && statement.argument ? bare(statement.argument) : null;
  const isAwaited = value?.type === 'AwaitExpression' && bare(value.argument) === race;
  if (!statement || !listAround(statement) || !(value === race || isAwaited) || !enclosingFunction(race)?.async || !isFirstOnLine(statement, sourceCode)) return [afterwards(race, ended)];
  const indent = indentOf(statement, sourceCode);
  const inner = line + indent + indentStep(sourceCode);
  return [
    insertBefore(statement, `try {${inner}`),
    ...(isAwaited ? [] : [insertBefore(race, 'await ')]),
    ...indented(statement.range[0], statement.range[1], sourceCode),
    insertAfter(statement, `${line}${indent}} finally {${ended.map((text) => inner + text + semicolon(sourceCode)).join('')}${line}${indent}}`),
  ];
}

function afterwards(race: Node, ended: readonly string[]): Change {
  return insertAfter(race, `.finally(() => ${ended.length === 1 ? ended[0] : `{ ${ended.map((text) => `${text};`).join(' ')} }`})`);
}

/** A block for an arrow that was nothing but the race. */
function blockAround({ sourceCode }: View, race: Node, declared: readonly string[], ended: readonly string[]): Change[] {
  const body = dressed(race);
  const line = lineBreak(sourceCode);
  const indent = indentOf(body.parent!, sourceCode);
  const inner = line + indent + indentStep(sourceCode);
  const arrow = sourceCode.getTokenBefore(body, ({ value }) => value === '=>')!;
  const after = afterwards(race, ended);
  return [
    { start: arrow.range[1], end: body.range[0], text: ` {${declared.map((text) => inner + text).join('')}${inner}return ` },
    ...(arrow.loc.end.line === body.loc.start.line ? indented(body.range[0], body.range[1], sourceCode) : []),
    { ...after, text: `${after.text}${semicolon(sourceCode)}${line}${indent}}` },
  ];
}

import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, enclosingFunction, isInside } from '../syntax/functions.js';
import { bare, type Call, dressed, type Fn, type Node } from '../syntax/walk.js';
import {
  type Change,
  type Edit,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  isTypeScript,
  lineBreak,
  semicolon,
  type View,
} from './edit.js';
import { indented, insertBeforeStatement, isFirstOnLine, listAround, statementOf } from './statements.js';

/** What ends something that work behind a promise holds. */
export interface Ending {
  /** What has to be declared before the promise. */
  readonly declarations: readonly string[];
  /** The end, as an expression. */
  readonly end: string;
  readonly edit: Edit;
  /** Is the end a call of a name that only a callback sets? TypeScript takes it for unset but in a callback. */
  readonly isSetLater?: boolean;
}

/** Ends things once a promise is settled; null where what has to be declared cannot be seen from all places. */
export function endAfterwards(
  view: View,
  promise: Call,
  endings: readonly Ending[],
  places: readonly Node[],
): Edit | null {
  const all = [promise, ...places];
  const typed = typeArgument(view, promise);
  if (
    !typed ||
    endings.length === 0 ||
    !all.every(
      (place) =>
        isInside(place, promise) ||
        enclosingFunction(place) === enclosingFunction(promise) ||
        isExecuted(place, promise),
    )
  )
    return null;
  const declared = endings.flatMap(({ declarations }) => declarations.map((text) => text + semicolon(view.sourceCode)));
  const changes = [...endings.flatMap(({ edit }) => edit), ...typed];
  const { parent } = dressed(promise);
  if (parent?.type === 'ArrowFunctionExpression' && parent.body === dressed(promise))
    return [...blockAround(view, promise, declared, endings), ...changes];
  const first = firstStatement(all);
  if (!first) return null;
  const before = declared.map((text) => insertBeforeStatement(first, text, view.sourceCode));
  return merged([...before, ...endAround(view, promise, endings), ...changes]);
}

/**
 * `new Promise<string>(…)`: what a promise takes from the place it is given to, and would lose behind a dot; null where
 * that is not written.
 */
function typeArgument(view: View, promise: Call): Edit | null {
  if (promise.type !== 'NewExpression' || promise.typeArguments || !isTypeScript(view)) return [];
  const { parent } = dressed(promise);
  const fn = enclosingFunction(promise);
  if (parent?.type === 'AwaitExpression' || parent?.type === 'ExpressionStatement')
    return parent.parent.type === 'ExpressionStatement' || parent.type === 'ExpressionStatement' ? [] : null;
  const isResult = parent?.type === 'ReturnStatement' || (parent?.type === 'ArrowFunctionExpression' && parent === fn);
  const annotation = isResult
    ? fn?.returnType
    : parent?.type === 'VariableDeclarator'
      ? parent.id.typeAnnotation
      : undefined;
  if (!annotation) return (isResult && fn && !isTypedByPlace(fn)) || parent?.type === 'VariableDeclarator' ? [] : null;
  const type = annotation.typeAnnotation;
  const isPromise =
    type.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    type.typeName.name === 'Promise' &&
    type.typeArguments;
  return isPromise ? [insertAfter(promise.callee, view.text(isPromise))] : null;
}

/** Is a function, or the one that gives it back, written where something else says what type it has? */
function isTypedByPlace(fn: Fn): boolean {
  const { parent } = dressed(fn);
  if (fn.type === 'FunctionDeclaration' || parent?.type === 'MethodDefinition') return false;
  if (parent?.type === 'ArrowFunctionExpression' || parent?.type === 'ReturnStatement') {
    const outer = enclosingFunction(fn);
    return outer === null || outer.returnType !== undefined || isTypedByPlace(outer);
  }
  return parent?.type !== 'VariableDeclarator' || parent.id.typeAnnotation !== undefined;
}

/** Is a place in an executor that was written beside the promise? */
function isExecuted(place: Node, promise: Node): boolean {
  const fn = enclosingFunction(place);
  return (
    fn !== null && argumentOf(fn)?.call.type === 'NewExpression' && enclosingFunction(fn) === enclosingFunction(promise)
  );
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

/** The first of the statements that hold the places, in the list that holds the first place. */
function firstStatement(places: readonly Node[]): TSESTree.Statement | null {
  const own = statementOf(places[0]!);
  const list = own && listAround(own);
  if (!list) return null;
  const statements = places.map((place) => {
    let at: Node | null | undefined = place;
    while (at && at.parent !== list) at = at.parent;
    return at as TSESTree.Statement | null | undefined;
  });
  return (
    statements.reduce((one, other) =>
      one && other && other.range[0] < one.range[0] ? other : one && other ? one : null,
    ) ?? null
  );
}

/** Whoever indents more lines than this to add one hides what is new; what joins two lines leaves none to indent. */
const LONG = 12;

/**
 * `try { return await race } finally { … }` where an async function returns the promise, else `race.finally(() => …)`.
 */
function endAround(view: View, promise: Call, endings: readonly Ending[]): Change[] {
  const { sourceCode } = view;
  const statement = statementOf(promise);
  const line = lineBreak(sourceCode);
  const value = statement?.type === 'ReturnStatement' && statement.argument ? bare(statement.argument) : null;
  const isAwaited = value?.type === 'AwaitExpression' && bare(value.argument) === promise;
  const isReturned =
    statement &&
    listAround(statement) &&
    (value === promise || isAwaited) &&
    enclosingFunction(promise)?.async &&
    isFirstOnLine(statement, sourceCode);
  const isLong = promise.loc.end.line - promise.loc.start.line > LONG;
  const joins = endings.some(({ edit }) =>
    edit.some(({ start, end }) => sourceCode.text.slice(start, end).includes('\n')),
  );
  if (!isReturned || isLong || joins || endings.some(({ isSetLater }) => isSetLater))
    return [afterwards(promise, endings)];
  const indent = indentOf(statement, sourceCode);
  const inner = line + indent + indentStep(sourceCode);
  return [
    insertBefore(statement, `try {${inner}`),
    ...(isAwaited ? [] : [insertBefore(promise, 'await ')]),
    ...indented(statement.range[0], statement.range[1], sourceCode),
    insertAfter(
      statement,
      `${line}${indent}} finally {${endings.map(({ end }) => inner + end + semicolon(sourceCode)).join('')}${line}${indent}}`,
    ),
  ];
}

function afterwards(promise: Node, endings: readonly Ending[]): Change {
  const [first] = endings;
  return insertAfter(
    promise,
    `.finally(() => ${endings.length === 1 ? first!.end : `{ ${endings.map(({ end }) => `${end};`).join(' ')} }`})`,
  );
}

/** A block for an arrow that was nothing but the promise. */
function blockAround(
  { sourceCode }: View,
  promise: Node,
  declared: readonly string[],
  endings: readonly Ending[],
): Change[] {
  const body = dressed(promise);
  const line = lineBreak(sourceCode);
  const indent = indentOf(body.parent!, sourceCode);
  const inner = line + indent + indentStep(sourceCode);
  const arrow = sourceCode.getTokenBefore(body, ({ value }) => value === '=>')!;
  const after = afterwards(promise, endings);
  return [
    {
      start: arrow.range[1],
      end: body.range[0],
      text: ` {${declared.map((text) => inner + text).join('')}${inner}return `,
    },
    ...(arrow.loc.end.line === body.loc.start.line ? indented(body.range[0], body.range[1], sourceCode) : []),
    { ...after, text: `${after.text}${semicolon(sourceCode)}${line}${indent}}` },
  ];
}

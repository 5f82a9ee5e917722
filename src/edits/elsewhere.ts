import { listed } from '../catalog/index.js';
import { parse } from '../catalog/signature.js';
import { endsOf } from '../ownership/ends.js';
import { mentions } from '../ownership/handle.js';
import type { Start } from '../ownership/starts.js';
import { enclosingFunction, isInside, runOf, thisBody } from '../syntax/functions.js';
import { bare, isFunction, type Node } from '../syntax/walk.js';
import { type Edit, indentOf, indentStep, insertAfter, insertBefore, lineBreak, semicolon, type View } from './edit.js';
import { importOf } from './imports.js';
import { placeIn } from './place.js';
import { endAt, statementText } from './reach.js';
import { addFirst, endOfLine, insertAfterStatement, insertBeforeStatement, isFirstOnLine, type List, listAround, statementOf, statementsOf } from './statements.js';
import { arrow, returnsIn } from './teardown.js';

/** Ends what a component keeps in a ref when the component unmounts: an effect beside the ref that does nothing but that. */
export function endOnUnmount(view: View, start: Start): Edit | null {
  const handle = view.handleOf(start);
  const [ref] = handle.kind === 'kept' ? handle.refs : [];
  const made = ref?.defs[0]?.node as Node | undefined;
  const statement = made?.parent?.type === 'VariableDeclaration' ? made.parent : null;
  const list = statement && listAround(statement);
  const callee = made?.type === 'VariableDeclarator' && made.init?.type === 'CallExpression' ? bare(made.init.callee) : null;
  const hook = callee && effectBeside(callee, view);
  const reached = list && endAt(start, { node: list, body: null, isAsync: false }, view);
  if (!hook || !reached) return null;
  const text = `${hook.name}(() => ${arrow(reached, indentOf(statement, view.sourceCode), view)}, [])${semicolon(view.sourceCode)}`;
  return [...hook.changes, ...reached.changes, insertAfterStatement(statement, text, view.sourceCode)];
}

/** `useEffect`, or `React.useEffect`, as the file calls `useRef`. */
function effectBeside(useRef: Node, view: View): { readonly name: string; readonly changes: Edit } | null {
  if (useRef.type === 'MemberExpression') return { name: `${view.text(useRef.object)}.useEffect`, changes: [] };
  const { root } = view.values.of(useRef);
  const imported = root.kind === 'import' ? importOf(root.module, 'useEffect', view) : null;
  return imported && { name: imported.name, changes: imported.change ? [imported.change] : [] };
}

/** Ends the start in the function that its own function returns, where that is one that only does something. */
export function endInReturned(view: View, start: Start): Edit | null {
  const handle = view.handleOf(start);
  // What is returned by one handler of a component is no end of the component.
  const fn = handle.kind === 'kept' && handle.refs.length > 0 ? null : runOf(start.node);
  const block = fn?.body.type === 'BlockStatement' ? fn.body : null;
  const last = block?.body.at(-1);
  const cleanup = last?.type === 'ReturnStatement' && last.argument ? bare(last.argument) : null;
  if (!block || !isFunction(cleanup) || cleanup.params.length > 0 || cleanup.async || cleanup.generator || start.node.range[0] > cleanup.range[0]) return null;
  const givesValue = cleanup.body.type !== 'BlockStatement' || returnsIn(cleanup.body.body, view).some(({ argument }) => argument);
  if (givesValue || returnsIn(block.body, view).length > 1) return null;
  const reached = endAt(start, placeIn(cleanup.body, cleanup), view);
  const added = reached && addFirst(cleanup, statementText(reached, view), '', view.sourceCode);
  return added && [...reached.changes, ...added];
}

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
  const way = verdict.way?.node;
  // What a handler leaves has come from somewhere in its `try`.
  const leaving = way && !isInside(way, list) ? leftAfter(statement, list, start, view) : way;
  const isAsync = enclosingFunction(start.node)?.async ?? true;
  if (verdict.why === 'notOnEveryPath') return leaving && isAsync ? beforeLeaving(leaving, start, view) : null;
  const reached = endAt(start, { node: list, body: thisBody(statement), isAsync }, view);
  return reached && [...reached.changes, insertAfterStatement(statement, statementText(reached, view), view.sourceCode)];
}

/** The `return` or `throw` of the first condition on the handle after a start that leaves without another word of it: `if (!response.ok) throw new Error(url);`. */
function leftAfter(statement: Node, list: List, start: Start, view: View): Node | undefined {
  const mentioned = mentions(view.handleOf(start), view.values, view.index);
  const isOn = (node: Node): boolean => mentioned.some((one) => isInside(one, node));
  for (const one of statementsOf(list)) {
    if (one.range[0] < statement.range[1] || one.type !== 'IfStatement' || one.alternate || !isOn(one.test)) continue;
    const last = one.consequent.type === 'BlockStatement' ? one.consequent.body.at(-1) : one.consequent;
    if (last && /^(?:Return|Throw)Statement$/.test(last.type) && !hasEnd(one.consequent, start, view)) return last;
  }
  return undefined;
}

function hasEnd(node: Node, start: Start, view: View): boolean {
  return endsOf(start, view.handleOf(start), view.index, view).some((end) => isInside(end.node, node));
}

function beforeLeaving(leaving: Node, start: Start, view: View): Edit | null {
  if (leaving.type !== 'ReturnStatement' && leaving.type !== 'ThrowStatement') return null;
  const { parent } = leaving;
  const list = listAround(leaving);
  const reached = endAt(start, { node: list ?? leaving, body: thisBody(leaving), isAsync: true }, view);
  if (!reached || reached.guard !== null) return null;
  const text = statementText(reached, view);
  if (list) return [...reached.changes, insertBeforeStatement(leaving, text, view.sourceCode)];
  if (leaving.loc.start.line !== leaving.loc.end.line || parent.type !== 'IfStatement' || parent.consequent !== leaving) return null;
  const outer = lineBreak(view.sourceCode) + indentOf(parent, view.sourceCode);
  const inner = outer + indentStep(view.sourceCode);
  if (isFirstOnLine(leaving, view.sourceCode) && leaving.loc.start.line === parent.test.loc.end.line + 1) {
    const [, close] = view.sourceCode.getTokenBefore(leaving)!.range;
    const end = endOfLine(leaving, view.sourceCode);
    return [...reached.changes, { start: close, end: close, text: ' {' }, insertBeforeStatement(leaving, text, view.sourceCode), { start: end, end, text: `${outer}}` }];
  }
  return parent.loc.start.line === leaving.loc.start.line ? [...reached.changes, insertBefore(leaving, `{${inner}${text}${inner}`), insertAfter(leaving, `${outer}}`)] : null;
}

import type { Start } from '../ownership/starts/starts.js';
import { runOf } from '../syntax/functions.js';
import { bare, isFunction, type Node } from '../syntax/walk.js';
import { arrow, returnsIn } from './cleanup.js';
import { type Edit, indentOf, semicolon, type View } from './edit.js';
import { importOf } from './imports.js';
import { placeIn } from './place.js';
import { endAt, statementText } from './reach.js';
import { addFirst, insertAfterStatement, listAround } from './statements.js';

/**
 * Ends what a component keeps in a ref when the component unmounts: an effect beside the ref that does nothing but
 * that.
 */
export function endOnUnmount(view: View, start: Start): Edit | null {
  const handle = view.handleOf(start);
  const [ref] = handle.kind === 'kept' ? handle.refs : [];
  const made = ref?.defs[0]?.node as Node | undefined;
  const statement = made?.parent?.type === 'VariableDeclaration' ? made.parent : null;
  const list = statement && listAround(statement);
  const callee =
    made?.type === 'VariableDeclarator' && made.init?.type === 'CallExpression' ? bare(made.init.callee) : null;
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

/** Ends the start in the function that its own function returns, where that is what ends the rest. */
export function endInReturned(view: View, start: Start): Edit | null {
  const handle = view.handleOf(start);
  // What is returned by one handler of a component is no end of the component.
  const fn = handle.kind === 'kept' && handle.refs.length > 0 ? null : runOf(start.node);
  const block = fn?.body.type === 'BlockStatement' ? fn.body : null;
  const last = block?.body.at(-1);
  const cleanup = last?.type === 'ReturnStatement' && last.argument ? bare(last.argument) : null;
  if (
    !block ||
    !isFunction(cleanup) ||
    cleanup.params.length > 0 ||
    cleanup.async ||
    cleanup.generator ||
    start.node.range[0] > cleanup.range[0] ||
    !view.ownerOf(start).teardown?.functions.includes(cleanup)
  )
    return null;
  const givesValue =
    cleanup.body.type !== 'BlockStatement' || returnsIn(cleanup.body.body, view).some(({ argument }) => argument);
  if (givesValue || returnsIn(block.body, view).length > 1) return null;
  const reached = endAt(start, placeIn(cleanup.body, cleanup), view);
  const added = reached && addFirst(cleanup, statementText(reached, view), '', view.sourceCode);
  return added && [...reached.changes, ...added];
}

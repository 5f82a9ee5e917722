import type { TSESTree } from '@typescript-eslint/utils';
import type { Fanout } from '../ownership/parallel/fanout.js';
import { bare, dressed, type Fn, isFunction, type Node } from '../syntax/walk.js';
import { around } from './callbacks.js';
import { type Edit, indentOf, indentStep, insertAfter, insertBefore, lineBreak, semicolon, type View } from './edit.js';
import { insertBeforeStatement } from './statements.js';

/**
 * Pauses a stream while the work of one chunk is not done. Lines of a reader come from what it has read already: for
 * them it would be no pause.
 */
export function pauseWhileBusy(view: View, { node, why }: Fanout): Edit | null {
  const callee = bare(node.callee);
  const [type, callback] = node.arguments;
  const fn = callback && bare(callback);
  if (
    why !== 'eachEvent' ||
    callee.type !== 'MemberExpression' ||
    !isFunction(fn) ||
    fn.generator ||
    view.values.text(type) !== 'data' ||
    !isNamed(callee.object)
  )
    return null;
  const stream = view.text(callee.object);
  const end = semicolon(view.sourceCode);
  const [pause, resume] = [`${stream}.pause()${end}`, `${stream}.resume()${end}`];
  const work = workOf(fn);
  if (!work)
    return fn.async && fn.body.type === 'BlockStatement'
      ? around(view, fn, [pause, 'try {'], ['} finally {', `${indentStep(view.sourceCode)}${resume}`, '}'])
      : null;
  if (view.oracle.isPromise(work) !== 'yes') return null;
  if (fn.body.type === 'BlockStatement') {
    const [statement] = fn.body.body;
    return fn.async
      ? around(view, fn, [pause, 'try {'], ['} finally {', `${indentStep(view.sourceCode)}${resume}`, '}'])
      : [
          insertBeforeStatement(statement!, pause, view.sourceCode),
          insertAfter(dressed(work), `.finally(() => ${stream}.resume())`),
        ];
  }
  const outer = lineBreak(view.sourceCode) + indentOf(fn, view.sourceCode);
  const inner = outer + indentStep(view.sourceCode);
  if (fn.async || fn.body !== dressed(work) || view.sourceCode.getTokenBefore(fn.body)?.value !== '=>') return null;
  return [
    insertBefore(fn.body, `{${inner}${pause}${inner}`),
    insertAfter(fn.body, `.finally(() => ${stream}.resume())${end}${outer}}`),
  ];
}

/** A name, or a field: something that stands for the same stream in the handler. */
function isNamed(node: Node): boolean {
  const inner = bare(node);
  return (
    inner.type === 'Identifier' ||
    (inner.type === 'MemberExpression' && !inner.computed && bare(inner.object).type === 'ThisExpression')
  );
}

/** The call that is all a handler does. */
function workOf({ body }: Fn): TSESTree.CallExpression | null {
  const only =
    body.type === 'BlockStatement'
      ? body.body.length === 1 && body.body[0]!.type === 'ExpressionStatement'
        ? body.body[0]!.expression
        : null
      : body;
  const work = only && bare(only);
  return work?.type === 'CallExpression' ? work : null;
}

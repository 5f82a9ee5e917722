import type { Unawaited } from '../ownership/callbacks.js';
import { argumentOf } from '../syntax/functions.js';
import { bare, dressed, type Fn, isScript, nameOf, type Node } from '../syntax/walk.js';
import { type Edit, freeName, indentOf, indentStep, insertAfter, insertBefore, lineBreak, semicolon, type View } from './edit.js';
import { indented, insertBeforeStatement } from './statements.js';
import { type Around, catchInBody } from './wrap.js';

/** Catches what the callback throws, inside of it, and reports it. */
export function catchInside(view: View, { callback, node, why }: Unawaited, around?: Around): Edit | null {
  if (why !== 'rejectionLost' || !isOnlyCallback(callback, node, view)) return null;
  const { body } = callback;
  // `() => save()`
  if (!around && !callback.async && body.type === 'CallExpression' && view.oracle.besidesPromise(body) === 'nothing') return [insertAfter(body, '.catch(console.error)')];
  // What an arrow returns is read by nobody where it is a statement.
  if (view.starts('iterator').some((start) => start.node === body)) return null;
  const caught = catchInBody(view, callback, (error) => `console.error(${error})`, around);
  return caught && [...(callback.async ? [] : [insertBefore(callback, 'async ')]), ...caught];
}

/** Catches and reports what the callback throws, and skips a run while the one before is not done. */
export function catchAndSkip(view: View, found: Unawaited): Edit | null {
  const { sourceCode } = view;
  const statement = statementAround(found.callback);
  if (!found.overlaps || !statement) return null;
  const busy = freeName('busy', [statement, found.callback.body], sourceCode);
  const end = semicolon(sourceCode);
  const caught = catchInside(view, found, { before: [`if (${busy}) return${end}`, `${busy} = true${end}`], after: `${busy} = false${end}` });
  return caught && [insertBeforeStatement(statement, `let ${busy} = false${end}`, sourceCode), ...caught];
}

/** Skips a run while the one before is not done. */
export function skipWhileBusy(view: View, { callback, node, why }: Unawaited): Edit | null {
  const { sourceCode } = view;
  const statement = statementAround(node);
  if (why !== 'runsPileUp' || !statement || argumentOf(callback)?.call !== node || callback.body.type !== 'BlockStatement') return null;
  const end = semicolon(sourceCode);
  const busy = freeName('busy', [statement, callback.body], sourceCode);
  const indent = indentOf(statement, sourceCode);
  const inner = around(view, callback, [`if (${busy}) return${end}`, `${busy} = true${end}`, 'try {'], ['} finally {', `${indentStep(sourceCode)}${busy} = false${end}`, '}']);
  return inner && [insertBefore(statement, `let ${busy} = false${end}${lineBreak(sourceCode)}${indent}`), ...inner];
}

/** Is the function nothing but this callback, so that a change of it changes nothing else? */
function isOnlyCallback(fn: Fn, call: Node, { values }: View): boolean {
  if (argumentOf(fn)) return argumentOf(fn)?.call === call;
  const { parent } = dressed(fn);
  if (parent === call) return true;
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return false;
  const references = values.variable(parent.id)?.references ?? [];
  return references.every(({ identifier, init }) => init || isListenerArgument(identifier as Node));
}

function isListenerArgument(node: Node): boolean {
  const taken = argumentOf(node);
  const callee = taken && bare(taken.call.callee);
  return /^(?:on|off|once|(?:add|remove|prepend)(?:Once)?(?:Event)?Listener|set(?:Interval|Timeout))$/.test(callee?.type === 'Identifier' ? callee.name : ((callee && nameOf(callee)) ?? ''));
}

/** Lines before and after what a block on lines of its own holds, and one step more for what is between them. */
function around({ sourceCode }: View, { body }: Fn, opening: readonly string[], closing: readonly string[]): Edit | null {
  if (body.type !== 'BlockStatement') return null;
  const [first] = body.body;
  const last = body.body.at(-1);
  // On one line there is no indentation to follow.
  if (!first || !last || body.loc.start.line === first.loc.start.line || body.loc.end.line === last.loc.end.line) return null;
  const indent = indentOf(first, sourceCode);
  const start = sourceCode.getIndexFromLoc({ line: body.loc.start.line + 1, column: 0 });
  const stop = sourceCode.getIndexFromLoc({ line: body.loc.end.line, column: 0 });
  const lines = (texts: readonly string[]): string => texts.map((text) => indent + text + lineBreak(sourceCode)).join('');
  const [head, ...others] = indented(start, stop - 1, sourceCode);
  const opened = { start, end: start, text: lines(opening) + (head?.start === start ? head.text : '') };
  return [opened, ...(head?.start === start ? others : head ? [head, ...others] : []), { start: stop, end: stop, text: lines(closing) }];
}

function statementAround(node: Node): Node | null {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (at.parent && (at.parent.type === 'BlockStatement' || isScript(at.parent))) return at;
    if (at.parent?.type === 'ClassBody') return null;
  }
  return null;
}

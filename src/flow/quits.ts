import type { TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { isInside } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, type Call, calleeName, type Fn, type Index, nameOf, type Node } from '../syntax/walk.js';

/** Calls after which nothing of the program is left to wait, by the last word of their names. */
const LAST_WORDS = ['exit', 'reload', 'replace', 'assign', 'close', 'fatal', 'die', 'panic', 'bail'];
const ENDS_PROGRAM =
  /^(?:process\.(?:exit|abort)|node:process\.exit|window\.close|(?:window\.)?location\.(?:reload|replace|assign))$/;
/** What a log or a program calls its last words: `logger.fatal(error)`. */
const FATAL = new Set(['fatal', 'die', 'panic', 'bail']);

/** The calls of a file that end the program or leave the page, those of its own functions that do so included. */
export const quits = memoize((index: Index, values: Values): readonly Call[] => {
  const direct = LAST_WORDS.flatMap((word) => index.calls.of(word)).filter((call) => endsProgram(call, values));
  return [...direct, ...new Set(direct.flatMap((call) => callsAround(call, index, values)))];
});

/** Does nothing of the program run on after a call? Another place of the same page keeps the page. */
function endsProgram(call: Call, values: Values): boolean {
  return (
    FATAL.has(calleeName(call)) ||
    isOwnWindow(call) ||
    (ENDS_PROGRAM.test(values.origin(call.callee) ?? '') && !isSamePage(call.arguments[0]))
  );
}

/** `remote.getCurrentWindow().close()` */
function isOwnWindow(call: Call): boolean {
  const callee = bare(call.callee);
  const object = callee.type === 'MemberExpression' && nameOf(callee) === 'close' ? bare(callee.object) : null;
  return object?.type === 'CallExpression' && calleeName(object) === 'getCurrentWindow';
}

/** `#settings` */
function isSamePage(place: Node | undefined): boolean {
  if (place?.type === 'TemplateLiteral') return place.quasis[0]?.value.raw.startsWith('#') ?? false;
  return place?.type === 'Literal' && String(place.value).startsWith('#');
}

/** The calls of the function that a call stands in, where this file declares it under a name. */
function callsAround(call: Call, index: Index, values: Values): Call[] {
  let fn: Node | undefined = call.parent;
  while (fn && fn.type !== 'FunctionDeclaration') fn = fn.parent;
  return fn?.id
    ? index.calls.of(fn.id.name).filter((one) => !isInside(one, fn) && values.functionOf(one.callee) === fn)
    : [];
}

/** Does a function end the program on some way? */
export function mayQuit(fn: Fn, index: Index, values: Values): boolean {
  return quits(index, values).some((call) => isInside(call, fn));
}

/** `try { await stopAll(); } finally { process.exit(1); }` */
export function endsProgramAfter(node: Node, values: Values): node is TSESTree.TryStatement {
  return (
    node.type === 'TryStatement' &&
    (node.finalizer?.body.some(
      (one) =>
        one.type === 'ExpressionStatement' &&
        one.expression.type === 'CallExpression' &&
        endsProgram(one.expression, values),
    ) ??
      false)
  );
}

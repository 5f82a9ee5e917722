import { memoize } from '../maps.js';
import { hearsOfAll } from '../ownership/promises/certain-loss.js';
import { enclosingFunction, isExecutor, isInside } from '../syntax/functions.js';
import { bare, isFunction, type Node, walk } from '../syntax/walk.js';
import { indentOf, indentStep, isTypeScript, lineBreak, semicolon, type View } from './edit.js';
import { CONSOLE, reporterAt, reportingAt } from './reports.js';

/**
 * A handler that tells whoever waits, or else reports; a program that fails while it starts also fails as a process.
 * Null where somebody waits who cannot be told, and where the process is to hear of it.
 */
export function handlerFor(node: Node, view: View): string | null {
  const { sourceCode } = view;
  const settlers = settlersIn(node, view);
  if (settlers) return settlers.reject;
  const callback = callbackIn(node, view);
  if (callback !== null) return callback;
  if (hearsOfAll(view).length > 0 || loadsProgram(node, view)) return null;
  if (!startsProgram(node, view)) return reportingAt(node, view);
  const reporter = reporterAt(node, view);
  const line = lineBreak(sourceCode) + indentOf(node, sourceCode);
  const step = indentStep(sourceCode);
  const end = semicolon(sourceCode);
  return `(error${isTypeScript(view) && reporter === CONSOLE ? ': unknown' : ''}) => {${line}${step}${reporter}(error)${end}${line}${step}process.exitCode = 1${end}${line}}`;
}

/** `import(path)`, in a program of Node: without what somebody else names it has nothing to do. */
function loadsProgram(node: Node, { sourceCode, values }: View): boolean {
  return node.type === 'ImportExpression' && values.of(node.source).root.kind !== 'literal' && isOfNode(sourceCode);
}

// Bundlers put in what pages read of `process.env`.
const OF_NODE =
  /^#!.*\bnode\b|\bprocess\.(?!env\b)|['"](?:node:|dotenv)|(?:\bfrom |\brequire\()['"](?:child_process|fs|os|path)(?:\/promises)?['"]|\brequire\.main\b/;

const isOfNode = memoize(({ text }: View['sourceCode']) => OF_NODE.test(text));

/** Is a place what a program of Node does when it is run, whose exit code says how that went? */
export function startsProgram(node: Node, { sourceCode }: View): boolean {
  return (
    enclosingFunction(node) === null &&
    isOfNode(sourceCode) &&
    sourceCode.ast.body.some(
      (one) => isInside(node, one) && (one.type === 'ExpressionStatement' || one.type === 'IfStatement'),
    )
  );
}

/**
 * What settles the promise whose executor starts something, or that something settles; `reject` is null where the
 * executor does not take it.
 */
export function settlersIn(node: Node, { values, sourceCode }: View): { readonly reject: string | null } | null {
  let executor = isExecutor(enclosingFunction(node)) ? enclosingFunction(node) : null;
  walk(sourceCode, node, (one) => {
    const [definition] = (one.type === 'Identifier' && values.variable(one)?.defs) || [];
    const fn = definition?.type === 'Parameter' && isFunction(definition.node) ? definition.node : null;
    if (fn && isInside(node, fn) && isExecutor(fn)) executor ??= fn;
    return executor ? false : undefined;
  });
  const reject = executor?.params[1];
  return executor && { reject: reject?.type === 'Identifier' ? reject.name : null };
}

/** `callback` of `callback(null, rows)`, in a function that is given it: who takes a `null` first takes a failure. */
export function callbackIn(chain: Node, { values, sourceCode }: View): string | null {
  let found: string | null = null;
  walk(sourceCode, chain, (node) => {
    const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
    const [first] = node.type === 'CallExpression' ? node.arguments : [];
    const [definition] = (callee?.type === 'Identifier' && values.variable(callee)?.defs) || [];
    if (
      callee?.type === 'Identifier' &&
      first?.type === 'Literal' &&
      first.value === null &&
      definition?.type === 'Parameter' &&
      !isInside(definition.name, chain)
    )
      found = callee.name;
    return found === null ? undefined : false;
  });
  return found;
}

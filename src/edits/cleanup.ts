import type { TSESTree } from '@typescript-eslint/utils';
import { parse, type Signature } from '../catalog/signature.js';
import { isNothing } from '../ownership/owners/lives.js';
import type { Start } from '../ownership/starts/starts.js';
import type { Verdict } from '../ownership/verdict/judging.js';
import { isInside, runOf, thisBody } from '../syntax/functions.js';
import { bare, type Fn, isFunction, type Node, walk } from '../syntax/walk.js';
import { concerns } from './concern.js';
import {
  type Change,
  type Edit,
  freeName,
  indentOf,
  indentStep,
  isTypeScript,
  lineBreak,
  replace,
  semicolon,
  together,
  type View,
} from './edit.js';
import { isAroundRound } from './handles.js';
import { importOf } from './imports.js';
import { endName } from './names.js';
import { endAt, type Reached, statementText } from './reach.js';
import { isSaid, MEANT_TO_RUN_ON } from './remarks.js';
import { addFirst, blockOf, insertAfterStatement, listAround, statementOf } from './statements.js';

/** Ends the start in what its effect returns, or in the hook that its component has for that. */
export function returnCleanup(view: View, start: Start): Edit | null {
  const { kind, node: fn } = view.ownerOf(start);
  if (kind !== 'effect') return null;
  if (fn.type === 'Program') return inScript(start, view);
  if (!isFunction(fn) || fn.async || fn.generator || isSaid(MEANT_TO_RUN_ON, fn, view)) return null;
  if (runOf(start.node) !== fn && !isAroundRound(start, fn.body, view)) return null;
  const hook = view.owners.frameworks.hookOf(fn);
  const verdict = view.verdict(start);
  if (verdict.kind !== 'kept' && verdict.why === 'notOnEveryPath')
    return hook?.returns ? beforeCleanup(fn, start, verdict, view) : null;
  if (hook?.returns) return inReturned(fn, start, view);
  // A timer of a request may be about its server.
  if (
    hook &&
    ['connection', 'request'].includes(hook.row.owner) &&
    start.names.has('callback') &&
    !concerns(start, fn, view)
  )
    return null;
  const registration = hook ? (hook.ends[0]?.registration ?? null) : parse('onUnmounted(cleanup)');
  return registration && inHook(registrar(fn, registration, view), registration, start, view);
}

/**
 * `onUnmounted(() => clearInterval(timer));` in the script of a component, whose code outside functions each instance
 * runs.
 */
function inScript(start: Start, view: View): Edit | null {
  const { script } = view.owners;
  if (!script || runOf(start.node)) return null;
  return inHook(
    importOf(script.hook.module, script.hook.name, view),
    parse(`${script.hook.name}(cleanup)`),
    start,
    view,
  );
}

/**
 * The function that ends it, as an arrow. With types an effect takes none that returns something, unless `mayReturn`.
 */
export function arrow(reached: Reached, indent: string, view: View, mayReturn = !isTypeScript(view)): string {
  if (reached.guard === null && (mayReturn || reached.isVoid)) return `() => ${reached.call}`;
  const line = lineBreak(view.sourceCode);
  return `() => {${line}${indent}${indentStep(view.sourceCode)}${statementText(reached, view)}${line}${indent}}`;
}

/** `if (!isOpen) return () => clearInterval(timer);`: the end where an effect leaves before the cleanup that ends it. */
function beforeCleanup(
  fn: Fn,
  start: Start,
  { ends, ways }: Exclude<Verdict, { kind: 'kept' }>,
  view: View,
): Edit | null {
  const block = blockOf(fn);
  if (!block) return null;
  const first = Math.min(...ends.map(({ node }) => node.range[0]));
  const early = returnsIn(block.body, view).filter(
    ({ range, argument }) => range[0] > start.node.range[1] && range[1] < first && !argument,
  );
  const reached = endAt(start, { node: block, body: thisBody(block), isAsync: false, isLater: true }, view);
  if (!reached || !ways.every(({ node }) => early.includes(node as TSESTree.ReturnStatement))) return null;
  return [
    ...reached.changes,
    ...early.map((one) => instead(one, `return ${arrow(reached, indentOf(one, view.sourceCode), view)}`)),
  ];
}

/** What a `return` without a value becomes. */
function instead({ range: [start] }: TSESTree.ReturnStatement, text: string): Change {
  return { start, end: start + 'return'.length, text };
}

function inReturned(fn: Fn, start: Start, view: View): Edit | null {
  const block = blockOf(fn);
  const { sourceCode } = view;
  const reached = endAt(start, { node: fn.body, body: thisBody(fn.body), isAsync: false, isLater: true }, view);
  if (!reached) return null;
  const line = lineBreak(sourceCode);
  if (!block) {
    const outer = line + indentOf(fn, sourceCode);
    const inner = outer + indentStep(sourceCode);
    const end = semicolon(sourceCode);
    const opening: Change = { start: fn.body.range[0], end: fn.body.range[0], text: `{${inner}` };
    const closing: Change = {
      start: fn.body.range[1],
      end: fn.body.range[1],
      text: `${end}${inner}return ${arrow(reached, inner.slice(line.length), view)}${end}${outer}}`,
    };
    return [opening, ...reached.changes, closing];
  }
  const at = block.body.findIndex((one) => isInside(start.node, one));
  const last = block.body.at(-1)!;
  const end = semicolon(sourceCode);
  const returns = returnsIn(block.body.slice(at), view);
  const extended = returns.flatMap(({ argument }) => (argument ? [extend(argument, reached, view)] : []));
  if (extended.includes(null)) return null;
  const changes = [...reached.changes, ...extended.flatMap((one) => one!)];
  const early = returns.filter(({ argument }) => !argument);
  const ending = arrow(reached, indentOf(last, sourceCode), view);
  if (early.length === 0)
    return returns.includes(last as TSESTree.ReturnStatement)
      ? changes
      : returns.length > 0
        ? null
        : [...changes, insertAfterStatement(last, `return ${ending}${end}`, sourceCode)];
  const statement = block.body[at]!;
  if (statementOf(start.node) !== statement) return null;
  const name = freeName(endName(start), block, sourceCode);
  const named = insertAfterStatement(statement, `const ${name} = ${ending}${end}`, sourceCode);
  const given = early.map((one) => instead(one, `return ${name}`));
  const added = returns.includes(last as TSESTree.ReturnStatement)
    ? []
    : [insertAfterStatement(last, `return ${name}${end}`, sourceCode)];
  return [...changes, named, ...given, ...added];
}

/** The end in a cleanup that is there. */
function extend(cleanup: Node, reached: Reached, view: View): Edit | null {
  const { sourceCode } = view;
  if (cleanup.type === 'ConditionalExpression')
    return together(...[cleanup.consequent, cleanup.alternate].map((one) => extend(one, reached, view)));
  if (isNothing(cleanup)) return [replace(cleanup, arrow(reached, indentOf(cleanup, sourceCode), view))];
  const fn = view.values.functionOf(cleanup);
  const text = statementText(reached, view);
  if (fn && fn === bare(cleanup)) return addFirst(fn, text, '', view.sourceCode);
  const line = lineBreak(sourceCode);
  const outer = line + indentOf(cleanup, sourceCode);
  const inner = outer + indentStep(sourceCode);
  const end = semicolon(sourceCode);
  if (!fn || cleanup.type !== 'Identifier') return null;
  return [
    {
      start: cleanup.range[0],
      end: cleanup.range[1],
      text: `() => {${inner}${text}${inner}${cleanup.name}()${end}${outer}}`,
    },
  ];
}

export function returnsIn(statements: readonly Node[], view: View): TSESTree.ReturnStatement[] {
  const found: TSESTree.ReturnStatement[] = [];
  for (const statement of statements) {
    walk(view.sourceCode, statement, (node) => {
      if (node.type === 'ReturnStatement') found.push(node);
      return !isFunction(node);
    });
  }
  return found;
}

/** `onUnmounted(() => clearInterval(timer));` after the start. */
function inHook(called: Registrar | null, registration: Signature, start: Start, view: View): Edit | null {
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  const target = start.names.get('target');
  // What listens to that which says when it is over is over, too.
  if (called && target && `${view.text(target)}.${registration.callee.slice(1).join('.')}` === called.name) return null;
  const reached =
    called && list && endAt(start, { node: list, body: thisBody(statement), isAsync: false, isLater: true }, view);
  if (!reached) return null;
  const given = arrow(reached, indentOf(statement, view.sourceCode), view, true);
  const args = registration.arguments.map((one) => (one.kind === 'literal' ? `'${one.value}'` : given));
  const text = `${called.name}(${args.join(', ')})${semicolon(view.sourceCode)}`;
  return [
    ...(called.change ? [called.change] : []),
    ...reached.changes,
    insertAfterStatement(statement, text, view.sourceCode),
  ];
}

/** What takes the end, and what brings its name in. */
interface Registrar {
  readonly name: string;
  readonly change?: Change | null;
}

/** What takes the end, as it is called in a hook: something that the hook is given, or what its module exports. */
function registrar(fn: Fn, { callee: [root = '', ...path] }: Signature, view: View): Registrar | null {
  const call = fn.parent?.type === 'CallExpression' ? fn.parent : null;
  const given = view.owners.frameworks.hookOf(fn)?.signature.arguments.find((one) => one.kind === 'callback');
  const at = given?.kind === 'callback' ? given.names.indexOf(root) : -1;
  if (at >= 0) {
    const parameter = fn.params[at];
    return parameter?.type === 'Identifier' ? { name: [parameter.name, ...path].join('.') } : null;
  }
  const callee = call ? view.values.of(call.callee).root : null;
  return path.length === 0 ? importOf(callee?.kind === 'import' ? callee.module : 'vue', root, view) : null;
}

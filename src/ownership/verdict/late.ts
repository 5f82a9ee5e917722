import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, enclosingFunction, isInside, runOf, runsInPlace } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import { calleeName, type Fn, type Node, walk } from '../../syntax/walk.js';
import { endsOf } from '../ends/ends.js';
import { reachedFrom } from '../ends/reached.js';
import { callsTo } from '../holders/forgotten.js';
import type { Handle } from '../holders/handle.js';
import { lifeOfTarget } from '../owners/lives.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import { type Judge, KEPT, type Verdict } from './judging.js';

/**
 * The verdict on what starts after a wait in which its owner may have ended: `stop()` clears an interval that is not
 * there yet. Kept where anything is asked before that the end has a say in.
 */
export function judgeLate(start: Start, handle: Handle, owner: Owner, file: Judge): Verdict {
  const { kind } = start.resource;
  const { teardown } = owner;
  if (!teardown || !(owner.kind === 'effect' || (owner.kind === 'instance' && kind === 'interval'))) return KEPT;
  const wait = waitBefore(start, owner);
  if (!wait || (kind === 'listener' && lifeOfTarget(start, owner, file) !== 'longer')) return KEPT;
  const ends = endsOf(start, handle, file.index, file).filter(({ differs }) => differs === null);
  const ending = [...reachedFrom(teardown.functions, file)];
  const isWaitedFor = ending.some((fn) => fn.async);
  const isEndedThere = ends.some(({ node }) => ending.some((fn) => isInside(node, fn) || calls(fn, node, file)));
  if (!isEndedThere || isWaitedFor || ends.some(({ node }) => runOf(node) === runOf(start.node))) return KEPT;
  const said = new Set(ending.flatMap((fn) => namesIn(fn.body, file)));
  if (askedBefore(start, wait, file).some((name) => said.has(name))) return KEPT;
  return {
    kind: owner.kind === 'effect' && isBegunBy(owner.node, start.node, file) ? 'leak' : 'unknown',
    why: 'startedLate',
    handle,
    ends: [],
    nearMiss: null,
    ways: [],
    sibling: wait,
    lost: null,
  };
}

/** Does an effect itself begin what waits, and no handler of something that its user does? */
function isBegunBy(effect: Node, start: Node, file: Judge): boolean {
  let fn = enclosingFunction(start);
  for (let outer = fn; outer && outer !== effect; outer = enclosingFunction(outer)) fn = outer;
  if (!fn || fn === effect || runsInPlace(fn)) return true;
  const taken = argumentOf(fn);
  return taken
    ? /^(?:then|finally)$/.test(calleeName(taken.call))
    : callsTo(fn, file).some((call) => runOf(call) === effect);
}

/** The `await`, or the promise with a handler, between the beginning of an owner, or of its method, and a start. */
function waitBefore(start: Start, { node: owner }: Owner): Node | null {
  for (let fn = enclosingFunction(start.node); fn; fn = enclosingFunction(fn)) {
    const wait = fn.async ? awaitBefore(start.node, fn) : null;
    if (wait) return wait;
    if (fn === owner) return null;
    const taken = argumentOf(fn);
    if (!taken) continue;
    return /^(?:then|finally)$/.test(calleeName(taken.call)) && taken.index === 0 ? taken.call : null;
  }
  return null;
}

/** The last `await` that a run has come through on its way to a node: in the statements before it, or around it. */
function awaitBefore(node: Node, fn: Fn): TSESTree.AwaitExpression | null {
  let found: TSESTree.AwaitExpression | null = null;
  for (let at: Node = node; at.parent && at !== fn; at = at.parent) {
    const { parent }: Node = at;
    if (parent.type !== 'BlockStatement') continue;
    const before = parent.body.filter(({ range }) => range[1] <= at.range[0]);
    found ??= before.flatMap((statement) => awaitOf(statement) ?? []).at(-1) ?? null;
  }
  return found;
}

/** `await ready;`, `const page = await load();` */
function awaitOf(statement: Node): TSESTree.AwaitExpression | null {
  const value =
    statement.type === 'ExpressionStatement'
      ? statement.expression
      : statement.type === 'VariableDeclaration'
        ? statement.declarations[0]?.init
        : null;
  const given = value?.type === 'AssignmentExpression' ? value.right : value;
  return given?.type === 'AwaitExpression' ? given : null;
}

/** `off?.()`, where `off` is a function that holds the end. */
function calls(fn: Fn, end: Node, { sourceCode, values }: Judge): boolean {
  const keeper = enclosingFunction(end);
  const kept = keeper?.parent;
  const variable =
    kept?.type === 'AssignmentExpression' && kept.left.type === 'Identifier' ? values.variable(kept.left) : null;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    found ||= variable !== null && node.type === 'Identifier' && values.variable(node) === variable;
    return !found;
  });
  return found;
}

/** What is asked on the way to a start, and what the wait is given: variables, and fields by their names. */
function askedBefore(start: Start, wait: Node, file: Judge): (Variable | string)[] {
  const names = namesIn(wait.type === 'CallExpression' ? wait.callee : wait, file);
  for (let at: Node = start.node; at.parent; at = at.parent) {
    const { parent }: Node = at;
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test !== at)
      names.push(...namesIn(parent.test, file));
    if (parent.type === 'LogicalExpression' && parent.right === at) names.push(...namesIn(parent.left, file));
    if (parent.type !== 'BlockStatement') continue;
    for (const statement of parent.body)
      if (statement.type === 'IfStatement' && statement.range[1] <= at.range[0])
        names.push(...namesIn(statement.test, file));
  }
  return names;
}

function namesIn(code: Node, { sourceCode, values }: Judge): (Variable | string)[] {
  const found: (Variable | string)[] = [];
  walk(sourceCode, code, (node) => {
    if (node.type === 'Identifier') {
      const variable = values.variable(node);
      if (variable) found.push(variable);
    } else if (node.type === 'MemberExpression') {
      const { root, path } = values.of(node);
      if (root.kind === 'this' && path[0] !== undefined) found.push(path[0]);
    }
  });
  return found;
}

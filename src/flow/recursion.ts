import { argumentOf, enclosingFunction, isInside, within } from '../syntax/functions.js';
import { bare, type Call, calleeName, type Fn, isFunction, type Node, walk } from '../syntax/walk.js';
import { type LoopFacts, waits } from './loops.js';

/** The calls by which an async function calls itself, in its own run or when a promise of it settles. */
export function selfCalls(fn: Fn, { values, index }: LoopFacts): Call[] {
  const name =
    fn.id?.name ??
    (fn.parent && 'id' in fn.parent && fn.parent.id?.type === 'Identifier'
      ? fn.parent.id.name
      : fn.parent && 'key' in fn.parent
        ? keyOf(fn.parent.key)
        : null);
  const calls = index.calls.of(name);
  return within(calls, fn).filter(
    (call) => values.functionOf(call.callee) === fn && isOfRun(call, fn) && !(isOnThis(call) && isOfOther(call, fn)),
  );
}

/**
 * `tasks({ async write() { await this.write(); } })`: a callee says what `this` is in the methods that it is given. So
 * does somebody where a method is given what it does not take.
 */
function isOfOther(call: Call, { params, parent }: Fn): boolean {
  const object = parent?.type === 'Property' ? parent.parent : null;
  return object?.type === 'ObjectExpression' && (argumentOf(object) !== null || call.arguments.length > params.length);
}

function isOnThis({ callee }: Call): boolean {
  return callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression';
}

function keyOf(key: Node): string | null {
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : key.type === 'Identifier' ? key.name : null;
}

/** Callbacks of `then` and `finally` run when the awaited work is over, as the next lines of an async function do. */
function isOfRun(node: Node, fn: Fn): boolean {
  for (let inner = enclosingFunction(node); inner && inner !== fn; inner = enclosingFunction(inner)) {
    const { parent } = inner;
    if (parent?.type !== 'CallExpression' || !['finally', 'then'].includes(calleeName(parent))) return false;
  }
  return true;
}

/** The call by which a function that waits goes round for ever: it is on every way, and nothing else leaves. */
export function endlessSelfCall(fn: Fn, facts: LoopFacts): Call | null {
  const calls = selfCalls(fn, facts);
  const [call] = calls;
  if (calls.length !== 1 || !call || fn.generator || !(waits(fn, facts) || !fn.async)) return null;
  if (!fn.async && enclosingFunction(call) === fn) return null;
  return isOnEveryWay(call, fn) && !leavesElsewhere(fn, call, facts) ? call : null;
}

const PLAIN = new Set([
  'ArrowFunctionExpression',
  'AwaitExpression',
  'BlockStatement',
  'CallExpression',
  'ExpressionStatement',
  'FunctionExpression',
  'MemberExpression',
  'ReturnStatement',
  'TryStatement',
  'UnaryExpression',
]);

function isOnEveryWay(call: Node, fn: Fn): boolean {
  for (let at = call; at.parent && at.parent !== fn; at = at.parent) {
    if (!PLAIN.has(at.parent.type) || (at.parent.type === 'UnaryExpression' && at.parent.operator !== 'void'))
      return false;
  }
  return true;
}

function leavesElsewhere(fn: Fn, call: Node, { sourceCode }: LoopFacts): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    if (found || (isFunction(node) && !isInside(call, node))) return false;
    found =
      (node.type === 'ReturnStatement' && !(node.argument && isInside(call, bare(node.argument)))) ||
      node.type === 'ThrowStatement';
    return undefined;
  });
  return found;
}

import { chainOf } from '../flow/chains.js';
import { stopOf, waits } from '../flow/loops.js';
import { callsTo } from '../ownership/holders/forgotten.js';
import { isAfterAwait } from '../ownership/owners/cleanups.js';
import { isGivenUnawaited, unawaitedCallbacks } from '../ownership/promises/callbacks.js';
import { isTakenOut } from '../ownership/promises/certain-loss.js';
import { type Flag, flagIn } from '../ownership/signals/endless.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isExecutor, isInside } from '../syntax/functions.js';
import { bare, calleeName, type Fn, isFunction, type Loop, nameOf, type Node, walk } from '../syntax/walk.js';
import { isLinkCallback, isSeenTo } from './asynchronous.js';
import type { View } from './edit.js';

/** Can the code around a promise wait for it, and do what it did before? */
export function mayWaitFor(node: Node, view: View): boolean {
  return !(
    isOwnCall(node, view) ||
    isRejection(node, view) ||
    isTakenOut(node) ||
    isLookedAt(node) ||
    isService(node, view) ||
    isReadLater(node, view) ||
    losesFailure(node, view) ||
    losesComponent(node, view)
  );
}

/** `void Promise.reject(error)` tells whoever listens for unhandled rejections. */
export function isRejection(node: Node, { values }: View): boolean {
  return node.type === 'CallExpression' && values.origin(node.callee) === 'Promise.reject';
}

/** A function that calls itself and waits for that never returns. */
function isOwnCall(node: Node, { values }: View): boolean {
  const fn = enclosingFunction(node);
  return fn !== null && node.type === 'CallExpression' && values.functionOf(node.callee) === fn;
}

/**
 * `modal.result.finally(() => this.close())`: who is told when something is over that goes on meanwhile does not stand
 * still until then.
 */
function isLookedAt(node: Node): boolean {
  const { base, links } = node.type === 'CallExpression' ? chainOf(node) : { base: node, links: [] };
  return links.length > 0 && /^(?:Identifier|MemberExpression)$/.test(base.type);
}

/** Deeper calls than this are not followed. */
const DEPTH = 2;

/** `this.run()`, which works until something sets a field: who starts it does not wait for its end. */
function isService(node: Node, view: View): boolean {
  const call = node.type === 'CallExpression' ? chainOf(node).base : null;
  const fn = call?.type === 'CallExpression' ? view.values.functionOf(call.callee) : null;
  return fn !== null && serves(fn, view, DEPTH);
}

function serves(fn: Fn, view: View, depth: number): boolean {
  const isOwn = (node: Node): boolean => enclosingFunction(node) === fn;
  if (view.index.loops.some((loop) => isOwn(loop) && waits(loop, view) && isStoppedElsewhere(loop, view))) return true;
  let found = false;
  walk(view.sourceCode, fn.body, (node) => {
    if (found || depth === 0 || isFunction(node)) return false;
    const called = node.type === 'CallExpression' ? view.values.functionOf(node.callee) : null;
    found = Boolean(called?.async && serves(called, view, depth - 1));
    return undefined;
  });
  return found;
}

/**
 * Does a loop go on until something outside of it fails, or sets a field: `while (!this.closing || queue.size > 0)`?
 */
function isStoppedElsewhere(loop: Loop, view: View): boolean {
  const stop = stopOf(loop, view);
  if (stop === 'never' || stop === 'perhaps') return true;
  const flags = stop === 'data' && 'test' in loop && loop.test ? flagsIn(loop.test, view) : [];
  const isSetInside = (name: string): boolean =>
    view.index.members
      .of(name)
      .some(
        (member) =>
          member.parent.type === 'AssignmentExpression' && member.parent.left === member && isInside(member, loop),
      );
  return flags.length > 0 && !flags.some(({ member }) => isSetInside(nameOf(member) ?? ''));
}

function flagsIn(test: Node, view: View): Flag[] {
  const node = bare(test);
  if (node.type === 'LogicalExpression') return [...flagsIn(node.left, view), ...flagsIn(node.right, view)];
  const flag = flagIn(node, view);
  return flag ? [flag] : [];
}

/** `transform.writable.getWriter().close()`, which waits for whoever reads `transform.readable` after it. */
function isReadLater(node: Node, { values, index }: View): boolean {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  const made = callee?.type === 'MemberExpression' ? values.initialOf(callee.object) : null;
  const from = made?.type === 'CallExpression' && calleeName(made) === 'getWriter' ? bare(made.callee) : null;
  const side = from?.type === 'MemberExpression' ? bare(from.object) : null;
  return (
    side?.type === 'MemberExpression' &&
    nameOf(side) === 'writable' &&
    index.members
      .of('readable')
      .some((member) => member.range[0] > node.range[0] && values.same(member.object, side.object) === 'yes')
  );
}

/**
 * Would waiting only move the failure to a callback, or a chain, that nobody waits for either, and that does not fail
 * now?
 */
export function losesFailure(node: Node, view: View): boolean {
  const fn = enclosingFunction(node);
  if (!fn) return false;
  // Whoever waits for what an executor makes would wait for ever.
  if (fn.async && isExecutor(fn)) return !isCaughtIn(fn, node);
  const taken = isLinkCallback(fn) ? argumentOf(fn) : null;
  if (taken?.call.type === 'CallExpression')
    return (
      !isSeenTo(taken.call, view.values) && (calleeName(taken.call) === 'catch' || taken.call.arguments.length > 1)
    );
  return (
    isGivenUnawaited(fn, view) &&
    !isCaughtIn(fn, node) &&
    !unawaitedCallbacks(view).some(({ callback }) => callback === fn)
  );
}

/** Would nobody see a promise fail that did not fail so far: in its own function, or where that is called? */
export function isUnseen(promise: Node, view: View, seen = new Set<Fn>()): boolean {
  const fn = enclosingFunction(promise);
  if (fateOf(promise, view.values).kind === 'dropped' || losesFailure(promise, view)) return true;
  if (!fn || seen.has(fn) || isCaughtIn(fn, promise)) return false;
  seen.add(fn);
  return callsTo(fn, view).some((call) => isUnseen(call, view, seen));
}

// Who calls these does not ask, while they run, for whom.
const ANYTIME = new Set(['connection', 'plugin', 'request', 'script', 'test']);

/** Would what follows run after the first `await` of a hook, when a framework no longer knows for which component? */
function losesComponent(node: Node, { owners, sourceCode }: View): boolean {
  const fn = enclosingFunction(node);
  const hook = fn && owners.frameworks.hookOf(fn);
  const last = fn?.body.type === 'BlockStatement' ? fn.body.body.at(-1) : null;
  return Boolean(
    hook && last && !ANYTIME.has(hook.row.owner) && !isInside(node, last) && !isAfterAwait(node, sourceCode),
  );
}

/** Is a place in the block of a `try` of the function that has a `catch`? */
function isCaughtIn(fn: Fn, node: Node): boolean {
  for (let at = node; at.parent && at !== fn; at = at.parent)
    if (at.parent.type === 'TryStatement' && at.parent.block === at && at.parent.handler) return true;
  return false;
}

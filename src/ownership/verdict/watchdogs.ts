import { fateOf } from '../../syntax/fate.js';
import { isExecutor, isInside } from '../../syntax/functions.js';
import { bare, calleeName, type Fn, isFunction, type Node, walk } from '../../syntax/walk.js';
import { handleNode } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from './judging.js';

/**
 * Does the function wait for something after the start, or return what its caller waits for, that is not for the timer
 * alone to settle?
 */
export function isFollowedByWork(run: Fn, start: Start, { sourceCode, oracle, values }: Judge): boolean {
  // Nobody minds a timer that keeps nothing alive.
  if (handleNode(start, values) !== start.node) return false;
  if (!stopsSomething(start, { sourceCode, values })) return false;
  let found = false;
  walk(sourceCode, run.body, (node) => {
    if (isFunction(node) || isElsewhere(node, start.node)) return false;
    if (node.range[1] > start.node.range[1]) found ||= waits(node);
    return !found;
  });
  return found;

  function isSettled(promise: Node): boolean {
    const call = bare(promise);
    return call.type === 'CallExpression' && values.origin(call.callee) === 'Promise.resolve';
  }

  function waits(node: Node): boolean {
    if (node.type === 'AwaitExpression')
      return node.range[0] > start.node.range[0] && !isUntilFired(node.argument, start, { sourceCode, values });
    return (
      node.type === 'ReturnStatement' &&
      node.argument !== null &&
      node.range[0] > start.node.range[0] &&
      !isSettled(node.argument) &&
      oracle.isPromise(node.argument) === 'yes'
    );
  }
}

/** Is a promise one that nothing but what a timer runs settles, by a name that its executor gave the settler? */
function isUntilFired(promise: Node, { names }: Start, { sourceCode, values }: Pick<Judge, 'sourceCode' | 'values'>) {
  const callback = names.get('callback');
  const fired = callback ? values.functionOf(callback) : null;
  const made = values.initialOf(promise);
  let found = false;
  if (fired && made)
    walk(sourceCode, made, (node) => {
      const [settle] = isFunction(node) && isExecutor(node) ? node.params : [];
      const settler = settle?.type === 'Identifier' ? values.variable(settle) : null;
      const [fate] = settler?.references.map(({ identifier }) => fateOf(identifier, values)) ?? [];
      const uses = fate?.kind === 'local' ? fate.variable.references.filter((one) => one.isRead()) : [];
      found ||= uses.length > 0 && uses.every(({ identifier }) => isInside(identifier, fired));
    });
  return found;
}

/** Does the other branch of a choice, or the `catch` of a `try` that it stands in, hold a node that comes after it? */
function isElsewhere(node: Node, start: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'IfStatement') return parent.alternate === node && isInside(start, parent.consequent);
  return parent?.type === 'TryStatement' && parent.handler === node && isInside(start, parent.block);
}

/** What gives up, or says that it takes long. */
const GIVES_UP =
  /^(?:abort|bail|break|cancel|close|destroy|disconnect|dispose|emit|end|error|exit|expire|fail|finish|giveUp|interrupt|kill|log|notify|off|on[A-Z]\w*|pause|print|reject|release|resolve|stop|terminate|throw|timeout|unsubscribe|update|warn|write)|reject|resolve|abort|cancel|kill|warn|timeout/i;

/** Does what a timer runs give up on something, or change what others look at? */
function stopsSomething({ names }: Start, { values, sourceCode }: Pick<Judge, 'sourceCode' | 'values'>): boolean {
  const callback = names.get('callback');
  const fn = callback && values.functionOf(callback);
  if (!fn) return true;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    found ||=
      node.type === 'ThrowStatement' ||
      node.type === 'AssignmentExpression' ||
      (node.type === 'CallExpression' &&
        (GIVES_UP.test(calleeName(node)) ||
          (bare(node.callee).type === 'Identifier' && values.functionOf(node.callee) !== null)));
    return !found;
  });
  return found;
}

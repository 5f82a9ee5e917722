import { isInside, runOf } from '../../syntax/functions.js';
import { bare, type Fn, isFunction, type Node, walk } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';

/**
 * `bus.on('cancel', () => controller.abort()); await work(controller.signal);`: does a listener abort nothing but work
 * that its run waits for, or tell nobody but that run?
 */
export function servesCall({ names, node }: Start, file: Judge): boolean {
  const { values, index } = file;
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  const run = runOf(node);
  if (!fn || !run) return false;
  if (run.async && !run.generator && tellsOnly(run, fn, file)) return true;
  return index.calls.of('abort').some(({ callee }) => {
    const method = bare(callee);
    const root = method.type === 'MemberExpression' && isInside(method, fn) ? bare(method.object) : null;
    const controller = root?.type === 'Identifier' ? values.variable(root) : null;
    const isOfRun = controller?.defs[0] && isInside(controller.defs[0].name, run);
    return (
      isOfRun &&
      controller.references.some(
        ({ identifier }) => identifier.range[0] > node.range[1] && isAwaitedIn(identifier, run),
      )
    );
  });
}

/** `found = address`: does a listener do nothing but set variables of a run, which nothing else sees? */
function tellsOnly(run: Fn, listener: Fn, { values, sourceCode }: Judge): boolean {
  let isOnly = true;
  let sets = false;
  walk(sourceCode, listener.body, (node) => {
    if (node.type === 'CallExpression' || node.type === 'NewExpression' || isFunction(node)) isOnly = false;
    const target =
      node.type === 'AssignmentExpression' ? node.left : node.type === 'UpdateExpression' ? node.argument : null;
    const variable = target?.type === 'Identifier' ? values.variable(target) : null;
    if (target) sets = true;
    if (
      target &&
      !(
        variable?.defs[0] &&
        runOf(variable.defs[0].name) === run &&
        variable.references.every(({ identifier }) => runOf(identifier) === run || isInside(identifier, listener))
      )
    )
      isOnly = false;
    return isOnly;
  });
  return sets && isOnly;
}

/** Does a run wait for what an expression is part of? */
function isAwaitedIn(node: Node, run: Fn): boolean {
  for (let at: Node | undefined = node; at && !isFunction(at); at = at.parent)
    if (at.type === 'AwaitExpression') return runOf(at) === run;
  return false;
}

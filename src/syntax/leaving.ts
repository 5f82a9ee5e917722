import { isInside } from './functions.js';
import { isLoop, type Node } from './walk.js';

/** Does a statement end with a `return` or a `throw`? */
export function leaves(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** Can a statement end the function's run? */
export function mayLeave(statement: Node): boolean {
  switch (statement.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
      return true;
    case 'IfStatement':
      return mayLeave(statement.consequent) || Boolean(statement.alternate && mayLeave(statement.alternate));
    case 'BlockStatement':
      return statement.body.some(mayLeave);
    case 'TryStatement':
      return mayLeave(statement.block) || Boolean(statement.handler && mayLeave(statement.handler.body));
    case 'SwitchStatement':
      return statement.cases.some(({ consequent }) => consequent.some(mayLeave));
    default:
      return isLoop(statement) && mayLeave(statement.body);
  }
}

/** Does control go on from one node to another that comes later, and not to one or the other? */
export function leadsTo(node: Node, later: Node): boolean {
  let at = node;
  while (at.parent && !isInside(later, at.parent)) at = at.parent;
  const { parent } = at;
  if (parent?.type === 'TryStatement') return Boolean(parent.finalizer && isInside(later, parent.finalizer));
  // A handler that leaves does so where something failed.
  return parent?.type === 'BlockStatement' && (at.type === 'TryStatement' || !mayLeave(at));
}

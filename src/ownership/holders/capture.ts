import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, runOf } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Fn, type Index, type Node } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import { type Handle, isHeld, mentions } from './handle.js';

/** Does a function that outlives the run use the handle, so that whoever has the function has the handle? */
export function isCaptured(start: Start, handle: Handle, index: Index, values: Values): boolean {
  const run = runOf(start.node);
  return mentions(handle, values, index).some((mention) => {
    for (let fn = enclosingFunction(mention); fn && fn !== run; fn = enclosingFunction(fn))
      if (leaves(fn, handle, values, new Set())) return true;
    return false;
  });
}

/** Is a function returned, or kept somewhere else than on the handle itself? */
function leaves(fn: Fn, handle: Handle, values: Values, seen: Set<Variable>): boolean {
  const name = fn.type === 'FunctionDeclaration' && fn.id ? values.variable(fn.id) : null;
  return name ? nameLeaves(name, handle, values, seen) : valueLeaves(fn, handle, values, seen);
}

function valueLeaves(node: Node, handle: Handle, values: Values, seen: Set<Variable>): boolean {
  const fate = fateOf(node, values);
  switch (fate.kind) {
    case 'returned':
    case 'exported':
    case 'field':
      return true;
    case 'stored':
      if (fate.in.type === 'MemberExpression') return !isHeld(bare(fate.in.object), handle, values);
      return (
        (fate.in.type === 'Property' || fate.in.type === 'ArrayExpression') &&
        valueLeaves(fate.in.type === 'Property' ? fate.in.parent : fate.in, handle, values, seen)
      );
    case 'local':
      return nameLeaves(fate.variable, handle, values, seen);
    default:
      return false;
  }
}

function nameLeaves(variable: Variable, handle: Handle, values: Values, seen: Set<Variable>): boolean {
  if (seen.has(variable)) return false;
  seen.add(variable);
  return variable.references.some(
    (reference) => reference.isRead() && valueLeaves(reference.identifier, handle, values, seen),
  );
}

import { listed } from '../catalog/index.js';
import { fateOf } from '../syntax/fate.js';
import { bare, calleeName, dressed, nameOf, type Node } from '../syntax/walk.js';
import { type Handle, mentions } from './handle.js';
import type { Facts } from './match.js';
import type { Start } from './starts.js';
import type { Index } from '../syntax/walk.js';

/** Does a call in the chain before the start make it end by itself? */
export function isEndedThrough({ resource: { endedThrough }, node }: Start, { values }: Facts): boolean {
  let at: Node | null = endedThrough ? bare(node.callee) : null;
  while (endedThrough && at) {
    if (at.type === 'CallExpression') {
      const calls = [at, ...at.arguments.flatMap((argument) => (argument.type === 'CallExpression' ? [argument] : []))];
      if (calls.some((call) => endedThrough.includes(calleeName(call)))) return true;
      at = bare(at.callee);
    } else if (at.type === 'MemberExpression') {
      at = bare(at.object);
    } else {
      const initial = values.initialOf(at);
      at = initial === at ? null : initial;
    }
  }
  return false;
}

/** Does anything in this file let it run? */
export function isActive(start: Start, handle: Handle, index: Index, { values }: Facts): boolean {
  const { activatedBy } = start.resource;
  if (!activatedBy) return true;
  const activates = (node: Node): boolean => {
    const fate = fateOf(node, values);
    return fate.kind === 'receiver' && fate.call !== null && (listed(activatedBy).includes(nameOf(fate.member) ?? '') || activates(fate.call));
  };
  const { parent } = dressed(start.node);
  const started = start.signature.awaited && parent?.type === 'AwaitExpression' ? parent : start.node;
  return activates(started) || mentions(handle, values, index).some(activates);
}

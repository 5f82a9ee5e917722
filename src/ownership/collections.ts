import { fateOf, type Fate } from '../syntax/fate.js';
import type { Values } from '../syntax/values.js';
import { bare, dressed, type Index, nameOf, type Node } from '../syntax/walk.js';
import { fieldOf } from './handle.js';

/** Methods by which a collection is filled and emptied: none of them gives back what is in it. */
const FILLING = new Set(['add', 'push', 'set', 'unshift']);
const BLIND = new Set([...FILLING, 'clear', 'delete', 'has', 'length', 'size']);

/** Is a value put into a collection that only the class itself has, and that nothing in it ever reads? */
export function isBuried(fate: Fate, values: Values, index: Index): boolean {
  if (fate.kind !== 'passed') return false;
  const callee = bare(fate.call.callee);
  const object = callee.type === 'MemberExpression' && FILLING.has(nameOf(callee) ?? '') ? bare(callee.object) : null;
  const field = object?.type === 'MemberExpression' ? fieldOf(object, values) : null;
  if (!field?.isPrivate) return false;
  return (index.members.get(field.name) ?? []).every((member) => isBlind(member, values));
}

/** Does a use of a collection look at nothing that is in it? */
function isBlind(member: Node, values: Values): boolean {
  const { parent } = dressed(member);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(member)) return true;
  const fate = fateOf(member, values);
  if (fate.kind !== 'receiver' || !BLIND.has(nameOf(fate.member) ?? '')) return false;
  // `list.push()` gives its new length, `map.set()` the map.
  return fate.call === null || nameOf(fate.member) !== 'set' || fateOf(fate.call, values).kind === 'dropped';
}

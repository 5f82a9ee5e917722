import type { TSESTree } from '@typescript-eslint/utils';
import type { Question } from '../flow/paths.js';
import { runOf } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { calleeName, type Index, nameOf, type Node } from '../syntax/walk.js';
import { type Handle, isHeld } from './handle.js';
import type { Facts } from './match.js';
import type { Start } from './starts.js';

const READS = ['next', 'read'];

/** How something that ends by being read to its end is read; null where nothing in the run reads it. */
export function drainsOf(start: Start, handle: Handle, index: Index, { values }: Facts): Pick<Question, 'isHarmless' | 'isOver'> | null {
  if (start.resource.kind !== 'iterator' && start.resource.kind !== 'lock') return null;
  const isRead = (node: Node): boolean => node.type === 'CallExpression' && READS.includes(calleeName(node)) && node.callee.type === 'MemberExpression' && isHeld(node.callee.object, handle, values);
  const run = runOf(start.node);
  const isReadHere = READS.some((word) => index.calls.get(word)?.some((call) => isRead(call) && runOf(call) === run));
  // A read that fails leaves nothing to read.
  return isReadHere ? { isHarmless: isRead, isOver: (node) => isDone(node, values) } : null;
}

/** Is it read in a function that this run only hands on? */
export function isReadElsewhere(start: Start, handle: Handle, index: Index, values: Values): boolean {
  if (start.resource.kind !== 'iterator' && start.resource.kind !== 'lock') return false;
  return READS.some((word) => index.calls.get(word)?.some((call) => call.callee.type === 'MemberExpression' && isHeld(call.callee.object, handle, values) && runOf(call) !== runOf(start.node)));
}

/** `result.done`, or `done` from `const { done, value } = await reader.read()`. */
function isDone(node: Node, values: Values): boolean {
  return node.type === 'MemberExpression' ? nameOf(node) === 'done' : node.type === 'Identifier' && isDoneFlag(node, values);
}

function isDoneFlag(node: TSESTree.Identifier, values: Values): boolean {
  const property = values.variable(node)?.defs[0]?.name.parent;
  return node.name === 'done' || (property?.type === 'Property' && nameOf(property) === 'done');
}

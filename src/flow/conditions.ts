import type { TSESTree } from '@typescript-eslint/utils';
import { bare, type Loop, type Node } from '../syntax/walk.js';

/** Given that a test turned out as `holds`, is the value asked for `truthy`? */
export function tells(test: Node, holds: boolean, isAsked: (node: Node) => boolean, truthy: boolean): boolean {
  if (isAsked(test)) return holds === truthy;
  if (test.type === 'UnaryExpression' && test.operator === '!')
    return tells(bare(test.argument), !holds, isAsked, truthy);
  if (test.type === 'LogicalExpression') {
    const known = (test.operator === '&&') === holds;
    return known && (tells(bare(test.left), holds, isAsked, truthy) || tells(bare(test.right), holds, isAsked, truthy));
  }
  if (truthy) return false;
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return false;
  const sides = [test.left, test.right].map((side) => bare(side as Node));
  const handle = sides.find(isAsked);
  const other = sides.find((side) => side !== handle);
  const nullish =
    (other?.type === 'Literal' && other.value === null) || (other?.type === 'Identifier' && other.name === 'undefined');
  return Boolean(handle && nullish) && test.operator.startsWith('!') !== holds;
}

/** Is the condition of a loop always true? */
export function isEndless(node: Loop): boolean {
  if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') return false;
  if (!node.test) return true;
  const test = bare(node.test);
  // `round < Infinity` counts rounds and nothing else.
  if (test.type === 'BinaryExpression')
    return /^<=?$/.test(test.operator) && test.right.type === 'Identifier' && test.right.name === 'Infinity';
  return test.type === 'Literal' && Boolean(test.value);
}

/** Does a statement end with a `return` or a `throw`? */
export function leaves(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

/** `a ??= b` looks at `b` only sometimes. */
export function isLogicalAssignment(node: Node): node is TSESTree.AssignmentExpression {
  return node.type === 'AssignmentExpression' && /^(?:&&|\|\||\?\?)=$/.test(node.operator);
}

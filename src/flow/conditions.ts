import type { TSESTree } from '@typescript-eslint/utils';
import { bare, type Loop, nameOf, type Node } from '../syntax/walk.js';

/**
 * Given that a test turned out as `holds`, does it say what is asked for? `says` answers for a part of the test that
 * turned out truthy, or falsy.
 */
export function tells(test: Node, holds: boolean, says: (node: Node, truthy: boolean) => boolean): boolean {
  if (says(test, holds)) return true;
  if (test.type === 'UnaryExpression' && test.operator === '!') return tells(bare(test.argument), !holds, says);
  if (test.type === 'LogicalExpression') {
    const sides = [test.left, test.right].map((side) => bare(side));
    // Both turned out alike, or one of them did and nobody knows which.
    return (test.operator === '&&') === holds
      ? sides.some((side) => tells(side, holds, says))
      : sides.every((side) => tells(side, holds, says));
  }
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return false;
  const isNothing = (node: Node): boolean =>
    (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');
  const sides = [test.left, test.right].map((side) => bare(side as Node));
  return (
    test.operator.startsWith('!') !== holds && sides.some((side, at) => isNothing(sides[1 - at]!) && says(side, false))
  );
}

const OVER =
  /^_?(?:is|was|has)?_?(?:aborted|closed|destroyed|detached|disconnected|disposed|ended|exited|finished|killed|released|stopped|terminated|unsubscribed)$/i;
const GOES_ON = /^_?(?:is|was)?_?(?:active|alive|connected|open|opened|running)$/i;

/** Is something called as if it were true for a while? */
export function isOfTheMoment(name: string): boolean {
  return OVER.test(name) || GOES_ON.test(name);
}

/** `!runner.isReleased`, `server.listening`, `audio.state === 'closed'`: does a part of a test say of the handle that it has ended? */
export function saysEnded(node: Node, truthy: boolean, isHandle: (node: Node) => boolean): boolean {
  if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator) && node.right.type === 'Literal') {
    const state = bare(node.left);
    return (
      node.operator.startsWith('!') !== truthy &&
      state.type === 'MemberExpression' &&
      OVER.test(String(node.right.value)) &&
      isHandle(bare(state.object))
    );
  }
  const asked = node.type === 'CallExpression' && node.arguments.length === 0 ? bare(node.callee) : node;
  const words = truthy ? OVER : GOES_ON;
  return asked.type === 'MemberExpression' && words.test(nameOf(asked) ?? '') && isHandle(bare(asked.object));
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

/** `a ??= b` looks at `b` only sometimes. */
export function isLogicalAssignment(node: Node): node is TSESTree.AssignmentExpression {
  return node.type === 'AssignmentExpression' && /^(?:&&|\|\||\?\?)=$/.test(node.operator);
}

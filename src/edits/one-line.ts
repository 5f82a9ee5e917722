import type { TSESTree } from '@typescript-eslint/utils';
import { type Change, type Edit, indentOf, indentStep, lineBreak, semicolon, type View } from './edit.js';
import type { Outside } from './outside.js';

/** A `try` in a block that is written on one line. */
export interface Unfolding extends Outside {
  /** What goes into the `try`. */
  readonly wrapped: readonly TSESTree.Statement[];
  /** The statement that the `finally` replaces. */
  readonly own: TSESTree.Statement | null;
  /** What goes into the `finally`. */
  readonly ending: string;
}

/**
 * Gives each statement of a block a line of its own, with a `try` and its `finally` around some of them; null where
 * comments would move.
 */
export function unfolded(
  block: TSESTree.BlockStatement,
  { wrapped, own, before, changes, after, ending }: Unfolding,
  view: View,
): Edit | null {
  const { sourceCode } = view;
  if (sourceCode.getCommentsInside(block).length > 0) return null;
  const outer = lineBreak(sourceCode) + indentOf(block, sourceCode);
  const inner = outer + indentStep(sourceCode);
  const deep = inner + indentStep(sourceCode);
  const opening = `${before.map((text) => inner + text).join('')}${inner}try {${deep}`;
  const closing = `${inner}} finally {${deep}${ending}${inner}}${after.map((text) => inner + text).join('')}`;
  const gaps: Change[] = [];
  let left = block.range[0] + 1;
  let isOpen = false;
  for (const statement of block.body) {
    const [start, end] = statement.range;
    if (statement === own) {
      gaps.push({ start: left, end, text: '' });
    } else if (wrapped.includes(statement)) {
      gaps.push({ start: left, end: start, text: isOpen ? deep : opening });
      isOpen = true;
    } else {
      gaps.push({ start: left, end: start, text: isOpen ? closing + inner : inner });
      isOpen = false;
    }
    const isEnded = /[;}]/.test(sourceCode.getLastToken(statement)!.value);
    if (!isEnded && statement !== own) gaps.push({ start: end, end, text: semicolon(sourceCode) });
    left = end;
  }
  return [...gaps, { start: left, end: block.range[1] - 1, text: (isOpen ? closing : '') + outer }, ...changes];
}

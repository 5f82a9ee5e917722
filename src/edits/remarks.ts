import type { Node } from '../syntax/walk.js';
import type { View } from './edit.js';

/** `// Do not wait for it.` */
export const MEANT_TO_RUN_ALONE =
  /(?:n['’]?t|\b(?:no|not|never|without))\s+(?:need to\s+)?(?:a?wait|block)|\b(?:and.forget|asynchronously|in (?:the )?background)\b/i;

/** `// No cleanup: it is to run on.` */
export const MEANT_TO_RUN_ON = /(?:n['’]?t|\b(?:no|not|never|without))\s+clean/i;

/** Does a comment right above a statement, in it or behind it on its line, say so? */
export function isSaid(words: RegExp, statement: Node, { sourceCode }: View): boolean {
  const above = sourceCode
    .getCommentsBefore(statement)
    .filter(({ loc }) => loc.end.line === statement.loc.start.line - 1 || loc.end.line === statement.loc.start.line);
  const beside = sourceCode.getCommentsAfter(statement).filter(({ loc }) => loc.start.line === statement.loc.end.line);
  return [...above, ...sourceCode.getCommentsInside(statement), ...beside].some(({ value }) => words.test(value));
}

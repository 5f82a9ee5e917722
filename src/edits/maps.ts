import type { Start } from '../ownership/starts.js';
import { forgottenAt } from '../ownership/forgotten.js';
import { endText } from '../ownership/words.js';
import { bare, calleeName, type Node } from '../syntax/walk.js';
import { type Edit, freeName, semicolon, type View } from './edit.js';
import { insertBeforeStatement, listAround, statementOf } from './statements.js';

/** Ends what an entry of a map holds before the entry is taken out, or all that the map holds before it is emptied. */
export function endThere(view: View, start: Start): Edit | null {
  const forgotten = forgottenAt(start, view.handleOf(start), view);
  const statement = forgotten && statementOf(forgotten.node);
  if (!forgotten || !statement || !listAround(statement)) return null;
  const { node, collection, property } = forgotten;
  const map = view.text(collection);
  const end = semicolon(view.sourceCode);
  const [key] = node.arguments;
  if (calleeName(node) === 'delete') {
    if (!key || !isName(key)) return null;
    const text = endText(start, { handle: `${map}.get(${view.text(key)})${property === null ? '' : `?.${property}`}` });
    return [insertBeforeStatement(statement, text + end, view.sourceCode)];
  }
  const name = property ?? freeName('timer', statement, view.sourceCode);
  const item = property === null ? name : `{ ${property} }`;
  return [insertBeforeStatement(statement, `for (const ${item} of ${map}.values()) ${endText(start, { handle: name })}${end}`, view.sourceCode)];
}

/** Does naming it twice give the same value twice? */
function isName(key: Node): boolean {
  const node = bare(key);
  if (node.type === 'MemberExpression') return !node.computed && isName(node.object);
  return node.type === 'Identifier' || node.type === 'Literal' || node.type === 'ThisExpression';
}

import { mentions } from '../ownership/holders/handle.js';
import type { Start } from '../ownership/starts/starts.js';
import { endText } from '../ownership/verdict/words.js';
import { fateOf } from '../syntax/fate.js';
import { isInside, thisBody } from '../syntax/functions.js';
import { bare, nameOf, type Node } from '../syntax/walk.js';
import { type Edit, semicolon, type View } from './edit.js';
import { endInFinally } from './finally.js';
import { endAt, statementText } from './reach.js';
import { insertAfterStatement, listAround, statementOf, statementsOf } from './statements.js';

/**
 * Ends what an element was given once it has been clicked: `link.href = url; link.click();` needs the address no longer
 * than that.
 */
export function endAfterClick(view: View, start: Start): Edit | null {
  const { values, index, sourceCode } = view;
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  const [given, other] = [start.node, ...mentions(view.handleOf(start), values, index)].flatMap((mention) => {
    const fate = fateOf(mention, values);
    return fate.kind === 'stored' && fate.in.type === 'MemberExpression' ? [fate.in] : [];
  });
  const element = given && bare(given.object);
  const variable = element?.type === 'Identifier' && !other ? values.variable(element) : null;
  if (!list || !variable) return null;
  const rest = statementsOf(list).filter(({ range }) => range[0] > statement.range[0]);
  const clicked = rest.find((one) => one.type === 'ExpressionStatement' && isClick(one.expression));
  const last = rest.findLast((one) => variable.references.some(({ identifier }) => isInside(identifier, one)));
  if (!clicked || !last || last.type === 'ReturnStatement') return null;
  // Who catches what fails before the click goes on with what is still open.
  if (list.parent?.type === 'TryStatement' && list.parent.handler && list.parent.block === list)
    return endInFinally(view, start, true);
  // `link.href = URL.createObjectURL(blob)`
  const own = fateOf(start.node, values);
  if (own.kind === 'stored')
    return [
      insertAfterStatement(
        last,
        endText(start, { handle: view.text(own.in) }, view.values) + semicolon(sourceCode),
        sourceCode,
      ),
    ];
  const reached = endAt(start, { node: list, body: thisBody(statement), isAsync: false }, view);
  return reached && [...reached.changes, insertAfterStatement(last, statementText(reached, view), sourceCode)];

  function isClick(node: Node): boolean {
    const call = bare(node);
    const callee = call.type === 'CallExpression' ? bare(call.callee) : null;
    return (
      callee?.type === 'MemberExpression' &&
      nameOf(callee) === 'click' &&
      callee.object.type === 'Identifier' &&
      values.variable(callee.object) === variable
    );
  }
}

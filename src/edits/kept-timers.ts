import { handleNode } from '../ownership/holders/handle.js';
import type { Start } from '../ownership/starts/starts.js';
import { clearedUnset } from '../ownership/verdict/one-shots.js';
import { endText } from '../ownership/verdict/words.js';
import { fateOf } from '../syntax/fate.js';
import { bare, type Call, dressed, type Node } from '../syntax/walk.js';
import type { Ending } from './afterwards.js';
import { type Edit, endsFor, freeName, insertAfter, insertBefore, isTypeScript, semicolon, type View } from './edit.js';
import { isEnd } from './finally.js';
import { handleType } from './handles.js';
import { refersTo } from './place.js';
import { asBlock, listAround, removeStatement } from './statements.js';

/** `this.timer = setTimeout(…)` where the run before it clears `this.timer`, and nothing is ever kept there. */
export function keepThere(view: View, start: Start): Edit | null {
  const cleared = clearedUnset(start, view);
  return cleared && dressed(start.node).parent?.type === 'ExpressionStatement'
    ? [insertBefore(dressed(start.node), `${view.text(cleared)} = `)]
    : null;
}

/** `if (timer) clearTimeout(timer);`: the condition that does nothing but end. */
function conditional(end: Call, { values }: View): Node | null {
  const statement = end.parent;
  const outer = statement?.parent?.type === 'BlockStatement' ? statement.parent.parent : statement?.parent;
  const [handle] = end.arguments;
  if (outer?.type !== 'IfStatement' || !handle || !isEnd(outer, [end])) return null;
  const test = bare(outer.test);
  const asked = test.type === 'BinaryExpression' ? bare(test.left) : test;
  return values.same(asked, handle) === 'yes' ? outer : null;
}

/** Keeps the handle of a timer that an executor drops; or clears one that is kept on all ways instead of some. */
export function keepTimer(view: View, start: Start, place: Node, promise: Node): Ending | null {
  const { sourceCode, values } = view;
  if (start.node !== place) return null;
  const fate = fateOf(start.node, values);
  if (fate.kind === 'local') {
    if (refersTo(fate.variable.name, promise, view) !== fate.variable) return null;
    const ends = endsFor(start, view).flatMap((end) =>
      end.parent.type === 'ExpressionStatement' ? (conditional(end, view) ?? end.parent) : [],
    );
    return {
      declarations: [],
      end: endText(start, { handle: fate.variable.name }, view.values),
      edit: ends.flatMap((statement) => (listAround(statement) ? removeStatement(statement, sourceCode) : [])),
    };
  }
  const outer = dressed(handleNode(start, values));
  const arrow = outer.parent?.type === 'ArrowFunctionExpression' && outer.parent.body === outer ? outer.parent : null;
  if (!arrow && outer.parent?.type !== 'ExpressionStatement') return null;
  const name = freeName('timer', [promise, start.node], sourceCode);
  const handle = isTypeScript(view) ? handleType(start, view) : null;
  const type = handle === null ? '' : `: ${handle} | undefined`;
  const edit = !arrow
    ? [insertBefore(outer, `${name} = `)]
    : arrow.loc.start.line === arrow.loc.end.line
      ? [insertBefore(outer, `{ ${name} = `), insertAfter(outer, `${semicolon(sourceCode)} }`)]
      : asBlock(arrow, `${name} = `, [], sourceCode);
  return edit && { declarations: [`let ${name}${type}`], end: endText(start, { handle: name }, view.values), edit };
}

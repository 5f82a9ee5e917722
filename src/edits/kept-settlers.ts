import type { TSESTree } from '@typescript-eslint/utils';
import type { Settled } from '../flow/settles.js';
import type { Unsettled } from '../flow/unsettled.js';
import type { Dropped } from '../ownership/promises/dropped-settlers.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, functionName, isInside } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import { bare, calleeName, dressed, nameOf, type Node } from '../syntax/walk.js';
import {
  type Edit,
  freeName,
  insertAfter,
  quoteOf,
  semicolon,
  suggestion,
  type Suggestion,
  together,
  type View,
} from './edit.js';
import { settleIt } from './settle.js';
import { carriesNothing, rejecting } from './settlement.js';
import { addLast, insertAfterStatement, insertBeforeStatement, listAround, statementOf } from './statements.js';

/** What is kept of a promise: a settler, or an object that has one by some name. */
interface Kept {
  /** The method that keeps it in a collection; null where a field or a variable does. */
  readonly method: string | null;
  readonly settler: Variable;
  readonly property: string | null;
}

/** Settles a promise where it is left pending, and where what settles it is forgotten, too: each is a fault alone. */
export function settleEverywhere(
  view: View,
  promise: Settled,
  unsettled: Unsettled,
  dropped: Dropped | null,
): Suggestion | null {
  const first = settleIt(view, promise, unsettled);
  if (!first || !dropped) return first;
  const edit = together(first.edit, settleKept(view, promise, dropped)?.edit ?? null);
  return suggestion(first.messageId, edit, first.data);
}

/** Settles what was kept before it is forgotten; null where what is kept takes a value that nobody has there. */
export function settleKept(view: View, promise: Settled, { besides = [], ...first }: Dropped): Suggestion | null {
  const edits = [first, ...besides].map(
    (one) => rejectOnAbort(view, promise, one) ?? settlingFirst(view, promise, one),
  );
  return suggestion('settleKept', together(...edits));
}

/**
 * `signal.addEventListener('abort', () => clearTimeout(timer))` in the executor: the timer that would have settled is
 * gone, so the listener rejects.
 */
function rejectOnAbort(view: View, promise: Settled, { node }: Pick<Dropped, 'node'>): Edit | null {
  const { sourceCode, values } = view;
  const fn = enclosingFunction(node);
  const taken = fn && argumentOf(fn);
  const callee = taken && bare(taken.call.callee);
  const isAbort =
    taken &&
    callee?.type === 'MemberExpression' &&
    nameOf(callee) === 'addEventListener' &&
    values.text(taken.call.arguments[0]) === 'abort';
  if (!isAbort || callee?.type !== 'MemberExpression' || !isInside(fn, promise.fn)) return null;
  return rejecting(view, promise, (reject) => {
    const text = `${reject}(${view.text(callee.object)}.reason)${semicolon(sourceCode)}`;
    const statement = statementOf(node);
    if (fn.body.type !== 'BlockStatement') return addLast(fn, text, sourceCode);
    return statement?.parent === fn.body && statement === fn.body.body.at(-1)
      ? [insertAfterStatement(statement, text, sourceCode)]
      : null;
  });
}

function settlingFirst(view: View, promise: Settled, { node, keeper }: Pick<Dropped, 'keeper' | 'node'>): Edit | null {
  const statement = statementOf(node);
  if (node.type === 'CallExpression' && /^(?:pop|shift)$/.test(calleeName(node))) return callTaken(view, promise, node);
  const kept = statement && listAround(statement) ? keptIn(keeper, promise, view) : null;
  if (!statement || !kept) return null;
  const end = semicolon(view.sourceCode);
  const settle = settling(kept, promise, reasonFor(node));
  const holder = view.text(keeper);
  const { property, method } = kept;
  if (method === null) {
    const member = property === null ? '?.' : `?.${property}`;
    return node.type === 'AssignmentExpression'
      ? [insertBeforeStatement(statement, `${holder}${member}${settle}${end}`, view.sourceCode)]
      : null;
  }
  const call = bare(node);
  if (call.type === 'CallExpression' && nameOf(bare(call.callee)) === 'delete') {
    const [key] = call.arguments;
    if (method !== 'set' || !key || key.type === 'SpreadElement') return null;
    return [
      insertBeforeStatement(
        statement,
        `${holder}.get(${view.text(key)})${property === null ? '?.' : `?.${property}`}${settle}${end}`,
        view.sourceCode,
      ),
    ];
  }
  const name = property ?? kept.settler.name;
  if (freeName(name, statement, view.sourceCode) !== name) return null;
  const loop = `for (const ${property === null ? name : `{ ${name} }`} of ${holder}${method === 'set' ? '.values()' : ''}) ${name}${settle}${end}`;
  return [insertBeforeStatement(statement, loop, view.sourceCode)];

  function settling({ settler }: Kept, { settlers: [, reject] }: Settled, reason: string): string {
    const quote = quoteOf(view.sourceCode);
    return settler === reject ? `(new Error(${quote}${reason}${quote}))` : '()';
  }
}

/** `waiting.shift()?.()`: lets go on whoever is taken out of the list. */
function callTaken(view: View, promise: Settled, taken: TSESTree.CallExpression): Edit | null {
  const callee = bare(taken.callee);
  const [resolve] = promise.settlers;
  const kept =
    callee.type === 'MemberExpression' && (carriesNothing(view, promise) || isOnlyWaitedFor(promise.node, view))
      ? resolve?.references
          .map(({ identifier }) => keeping(identifier, callee.object, view))
          .find((one) => one !== null)
      : null;
  return kept ? [insertAfter(taken, kept.property === null ? '?.()' : `?.${kept.property}()`)] : null;
}

/** `await new Promise(…);`: does nobody take what it is fulfilled with? */
function isOnlyWaitedFor(promise: Node, { values }: View): boolean {
  const fate = fateOf(promise, values);
  return fate.kind === 'awaited' && fateOf(fate.node, values).kind === 'dropped';
}

/**
 * How the executor keeps a settler that can be called with what is known where it is forgotten: `reject`, or a
 * `resolve` that takes nothing and is not about one waiter's turn.
 */
function keptIn(keeper: Node, promise: Settled, view: View): Kept | null {
  const {
    fn,
    settlers: [resolve, reject],
  } = promise;
  const usable = [reject, carriesNothing(view, promise) && !goesOneByOne(keeper, view) ? resolve : undefined].filter(
    (one) => one !== undefined,
  );
  for (const settler of usable) {
    for (const { identifier } of settler.references) {
      const found = isInside(identifier, fn) ? keeping(identifier, keeper, view) : null;
      if (found) return { ...found, settler };
    }
  }
  return null;
}

/** `queue.shift()?.()`: is it each waiter's turn? To resolve all would let all of them in. */
function goesOneByOne(keeper: Node, { index, values }: View): boolean {
  return ['at', 'get', 'pop', 'shift', 'splice'].some((name) =>
    index.calls.of(name).some((call) => {
      const callee = bare(call.callee);
      return callee.type === 'MemberExpression' && values.same(callee.object, keeper) !== 'no';
    }),
  );
}

function keeping(mention: Node, keeper: Node, { values }: View): Pick<Kept, 'method' | 'property'> | null {
  let at = dressed(mention);
  let property: string | null = null;
  if (at.parent?.type === 'Property' && at.parent.value === at && at.parent.parent.type === 'ObjectExpression') {
    property = nameOf(at.parent);
    if (property === null) return null;
    at = dressed(at.parent.parent);
  }
  const { parent } = at;
  if (parent?.type === 'AssignmentExpression' && parent.right === at)
    return values.same(parent.left, keeper) === 'yes' ? { method: null, property } : null;
  const callee = parent?.type === 'CallExpression' ? bare(parent.callee) : null;
  if (callee?.type !== 'MemberExpression' || values.same(callee.object, keeper) !== 'yes') return null;
  const method = nameOf(callee);
  return method !== null && ['add', 'push', 'set'].includes(method) ? { method, property } : null;
}

/** What the function says that it does: `close` gives `Closed`. */
function reasonFor(node: Node): string {
  const fn = enclosingFunction(node);
  const name = (fn && functionName(fn))?.replace(/^[_#]/, '') ?? '';
  if (!/^[a-z]+$/.test(name)) return 'Cancelled';
  const done = name.endsWith('e')
    ? `${name}d`
    : name === 'stop'
      ? 'stopped'
      : name === 'cancel'
        ? 'cancelled'
        : `${name}ed`;
  return done.charAt(0).toUpperCase() + done.slice(1);
}

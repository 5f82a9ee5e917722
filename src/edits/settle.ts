import type { TSESTree } from '@typescript-eslint/utils';
import { TOLD_APART } from '../catalog/outcomes.js';
import { chainOf } from '../flow/chains.js';
import type { Settled } from '../flow/settles.js';
import { ERROR_NAME, type Unsettled } from '../flow/unsettled.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, loopAround, runOf, within } from '../syntax/functions.js';
import { bare, calleeName, type Fn, nameOf, type Node } from '../syntax/walk.js';
import {
  type Change,
  type Edit,
  endsFor,
  indentOf,
  indentStep,
  insertAfter,
  lineBreak,
  replace,
  semicolon,
  type Suggestion,
  suggestion,
  together,
  type View,
} from './edit.js';
import { settleOnEvent } from './settle-on-event.js';
import { carriesNothing, ending, failing, isUnwanted, oneLine, reasonFor, rejecting } from './settlement.js';
import {
  insertAfterStatement,
  insertBeforeStatement,
  insertFirst,
  isFirstOnLine,
  listAround,
  statementsOf,
} from './statements.js';
import { catchInBody } from './wrap.js';

/** More ways than this are those of a callback that comes again. */
const MANY = 8;

/** Edits that settle a promise where it is left pending; none where nobody can say with what. */
export function settleIt(view: View, promise: Settled, unsettled: Unsettled): Suggestion | null {
  const first = settling(view, promise, unsettled);
  const all = [unsettled];
  // Who repairs one way and leaves another has repaired nothing.
  for (let next = promise.besides(all); first && next; next = promise.besides(all)) {
    // So many ways are not all meant to settle it.
    if (all.length === MANY) return null;
    all.push(next);
  }
  return (
    first &&
    suggestion(
      first.messageId,
      together(first.edit, ...all.slice(1).map((one) => settling(view, promise, one)?.edit ?? null)),
      first.data,
    )
  );
}

/** The edit for one reason. */
function settling(view: View, promise: Settled, unsettled: Unsettled): Suggestion | null {
  if ('way' in unsettled && isSecondTime(unsettled.way.node, promise, view)) return null;
  switch (unsettled.why) {
    case 'errorIgnored':
      return suggestion('rejectWithIt', rejectWith(view, promise, unsettled), { error: unsettled.error.name });
    case 'notOnEveryPath':
      return unsettled.sure ||
        unsettled.way.kind === 'throw' ||
        !(comesAgain(unsettled.fn, view) || looksForOne(unsettled.fn, view))
        ? suggestion('settleThere', settleThere(view, promise, unsettled))
        : null;
    case 'executorRejects':
      return suggestion(
        'rejectOnFailure',
        isEndedLater(unsettled.fn, view)
          ? null
          : rejecting(view, promise, (reject) => catchInBody(view, unsettled.fn, (error) => [`${reject}(${error})`])),
      );
    case 'rejectionIgnored':
      return suggestion(
        'rejectOnFailure',
        isCaught(unsettled.chain)
          ? null
          : rejecting(view, promise, (reject) => [
              TOLD_APART.has(calleeName(unsettled.chain))
                ? insertAfter(unsettled.chain.arguments.at(-1)!, `, ${reject}`)
                : insertAfter(
                    unsettled.chain,
                    isThenable(unsettled.chain, view) ? `.then(undefined, ${reject})` : `.catch(${reject})`,
                  ),
            ]),
      );
    case 'eventMissing':
      return suggestion('settleOnEvent', settleOnEvent(view, promise, unsettled), { event: unsettled.event });
    default:
      return null;
  }
}

/** What the extension API of VS Code returns has no `catch`. */
function isThenable(chain: TSESTree.CallExpression, { values }: View): boolean {
  const { base } = chainOf(chain);
  const { root } = values.of(base.type === 'CallExpression' ? base.callee : base);
  return root.kind === 'import' && root.module === 'vscode';
}

/** Does an executor start a timer that its callbacks clear? A failure before they run would leave it armed. */
function isEndedLater(fn: Fn, view: View): boolean {
  return within(view.starts('timeout'), fn).some(
    (start) => runOf(start.node) === fn && endsFor(start, view).some((node) => runOf(node) !== fn),
  );
}

const AGAIN = /^(?:on[A-Z]|add|listen|observe|subscribe|watch)|(?:effect|event|handler)$/i;

/**
 * `emitter.event((state) => …)`: is a callback for what happens again and again, and settles the promise another time?
 */
function comesAgain(fn: Fn, { values }: View): boolean {
  const taken = argumentOf(fn);
  const call = taken?.call.type === 'CallExpression' ? taken.call : null;
  // Who keeps what a call gave means to end it.
  return call !== null && (AGAIN.test(calleeName(call)) || fateOf(call, values).kind === 'local');
}

/** `if (reply.id === id) resolve(reply);`: does a callback let pass what is not for whoever waits? */
function looksForOne(fn: Fn, { values }: View): boolean {
  const { body, params } = fn;
  const taken = argumentOf(fn);
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  const open = last?.type === 'IfStatement' ? openEnd(last) : null;
  const test = open && bare(open.test);
  if (test?.type !== 'BinaryExpression' || !/^===?$/.test(test.operator)) return false;
  const origins = [test.left, test.right].map((side) => {
    const { root } = values.of(side);
    if (root.kind !== 'variable') return null;
    const { defs, scope } = root.variable;
    return defs.some(({ name }) => params.some((one) => one === name)) ? 'given' : scope.type;
  });
  const isLocal = origins.some((one) => one === 'function' || one === 'block');
  // `socket.on('message', (message) => { if (message.type === 'ready') resolve(); })`
  const isOfMany =
    [test.left, test.right].some(({ type }) => type === 'MemberExpression') &&
    /^(?:on|addListener)$/.test(taken ? calleeName(taken.call) : '');
  return origins.includes('given') && (isLocal || isOfMany);
}

/**
 * `if (done) return;` where only an earlier run sets `done`: that one settled the promise. So did what heard of an
 * abort, for a callback that asks `if (signal.aborted) return;`.
 */
function isSecondTime(leaving: Node, { fn }: Settled, { values }: View): boolean {
  const outer = leaving.parent?.type === 'BlockStatement' ? leaving.parent.parent : leaving.parent;
  const test = outer?.type === 'IfStatement' ? bare(outer.test) : null;
  if (test?.type === 'MemberExpression' && nameOf(test) === 'aborted') return enclosingFunction(leaving) !== fn;
  const variable = test?.type === 'Identifier' ? values.variable(test) : null;
  return Boolean(
    variable?.references.some(
      (reference) => !reference.init && reference.writeExpr?.type === 'Literal' && reference.writeExpr.value === true,
    ),
  );
}

function rejectWith(
  view: View,
  promise: Settled,
  { fn, way, error }: Extract<Unsettled, { why: 'errorIgnored' }>,
): Edit | null {
  const { sourceCode } = view;
  const { body } = fn;
  if (body.type !== 'BlockStatement') return null;
  return rejecting(view, promise, (reject) => {
    const text = `${reject}(${error.name})${semicolon(sourceCode)}`;
    if (way.kind === 'return')
      return settleBefore(view, way.node as TSESTree.ReturnStatement, `${reject}(${error.name})`);
    const taken = argumentOf(fn);
    // What `catch` calls is given an error each time.
    if (taken && calleeName(taken.call) === 'catch') return lastOf(view, body, text);
    const last = body.body.at(-1);
    if (last?.type === 'IfStatement' && testsFor(last.test, error.name)) {
      if (!last.alternate)
        return isFalsyTest(last.test) ? [elseAfter(view, last, text)] : lastOf(view, last.consequent, text);
      return isFalsyTest(last.test) ? lastOf(view, last.alternate, text) : lastOf(view, last.consequent, text);
    }
    const line = lineBreak(sourceCode);
    const indent = indentOf(body.body[0] ?? body, sourceCode);
    const step = indentStep(sourceCode);
    return [
      insertFirst(
        body,
        `if (${error.name}) {${line}${indent}${step}${text}${line}${indent}${step}return${semicolon(sourceCode)}${line}${indent}}`,
        sourceCode,
      ),
    ];
  });
}

function testsFor(test: Node, name: string): boolean {
  const node = bare(test);
  if (node.type === 'UnaryExpression' && node.operator === '!') return testsFor(node.argument, name);
  return node.type === 'Identifier' && node.name === name;
}

function isFalsyTest(test: Node): boolean {
  return bare(test).type === 'UnaryExpression';
}

function settleThere(
  view: View,
  promise: Settled,
  { fn, way, node }: Extract<Unsettled, { why: 'executorRejects' | 'notOnEveryPath' }>,
): Edit | null {
  if (way.kind === 'throw') return settleThrow(view, promise, node, fn);
  if (way.kind === 'return') {
    const leaving = way.node as TSESTree.ReturnStatement;
    const error = errorAround(leaving, fn);
    if (error !== null && leaving.type === 'ReturnStatement')
      return rejecting(view, promise, (reject) => settleBefore(view, leaving, `${reject}(${error})`));
    // What it gives may go on, and what a callback was given before may settle it.
    if (leaving.type !== 'ReturnStatement' || isCallOf(leaving.argument) || isTakenBefore(leaving, promise))
      return null;
    const told = toldBefore(leaving);
    // What comes in a loop ended before what settles the promise there.
    const settle = told || isSought(leaving, promise, view) ? failing : ending;
    return settle(view, promise, told ?? reasonFor(leaving, view), (text) => settleBefore(view, leaving, text));
  }
  const last = fn.body.type === 'BlockStatement' ? fn.body.body.at(-1) : undefined;
  const end = semicolon(view.sourceCode);
  if (last?.type === 'IfStatement') {
    const open = openEnd(last);
    const isMeant = settlesIn(last.consequent, promise, view);
    if (!open || swallows(last.consequent, promise)) return null;
    // What has a name may be called again. An executor that does not think of a failure, or of nothing else, waits.
    const mayWait =
      fn === promise.fn
        ? isUnwanted(promise) || (promise.settlers.length === 1 && !isMeant && !carriesNothing(view, promise))
        : view.values.variableOf(fn) !== null;
    if (mayWait) return null;
    const reason = unmet(bare(open.test), view);
    const otherwise = (text: string): Edit => [elseAfter(view, open, text + end)];
    // Both arms of a condition that end alike would leave it without a meaning.
    return isMeant ? failing(view, promise, reason, otherwise) : ending(view, promise, reason, otherwise);
  }
  if (last?.type === 'SwitchStatement' && last.cases.every(({ test }) => test)) {
    return ending(view, promise, `Unknown: ${oneLine(view.text(last.discriminant))}`, (text) =>
      defaultIn(view, last, text + end),
    );
  }
  if (
    last?.type === 'ForOfStatement' ||
    last?.type === 'ForStatement' ||
    last?.type === 'ForInStatement' ||
    last?.type === 'WhileStatement'
  ) {
    return ending(view, promise, 'Not found', (text) => [insertAfterStatement(last, text + end, view.sourceCode)]);
  }
  if (last?.type === 'TryStatement' && last.handler?.param?.type === 'Identifier') {
    const { handler } = last;
    // Then it is the block that ends without.
    if (mentions(handler, promise)) return null;
    return rejecting(view, promise, (reject) =>
      lastOf(view, handler.body, `${reject}(${(handler.param as TSESTree.Identifier).name})${end}`),
    );
  }
  return null;
}

/** `console.warn('No such file'); return;`: the words in which code tells of a failure before it leaves. */
function toldBefore(leaving: TSESTree.ReturnStatement): Node | null {
  const list = listAround(leaving);
  const before = list && statementsOf(list)[statementsOf(list).indexOf(leaving) - 1];
  const call = before?.type === 'ExpressionStatement' ? bare(before.expression) : null;
  if (call?.type !== 'CallExpression') return null;
  const said = call.arguments.at(-1);
  const isLiteral = (one: Node): boolean => one.type === 'Literal' && typeof one.value === 'string';
  const isTold =
    /^(?:error|warn|warning)$/i.test(calleeName(call)) ||
    call.arguments.some((one) => one.type === 'Literal' && /^(?:error|warn|warning)$/i.test(String(one.value)));
  return isTold && said && (isLiteral(said) || said.type === 'TemplateLiteral') ? said : null;
}

function isCallOf(given: Node | null): boolean {
  const value = given && bare(given);
  return value?.type === 'AwaitExpression' || value?.type === 'CallExpression';
}

/** Has a callback taken a settler before the executor leaves: `gone.catch((error) => reject(error)); … return;`? */
function isTakenBefore(leaving: Node, { fn, settlers }: Settled): boolean {
  return (
    enclosingFunction(leaving) === fn &&
    settlers.some(({ references }) =>
      references.some(
        ({ identifier }) => identifier.range[0] < leaving.range[0] && enclosingFunction(identifier) !== fn,
      ),
    )
  );
}

/** Is a promise settled in the loop that a `return` leaves? */
function isSought(leaving: Node, promise: Settled, view: View): boolean {
  const loop = loopAround(leaving);
  return loop !== null && settlesIn(loop, promise, view);
}

/** The error at hand at a place of a function: the one that a handler around it caught, or that `if (error)` found. */
function errorAround(node: Node, fn: Fn): string | null {
  const [told] = fn.params;
  const given = told?.type === 'Identifier' && ERROR_NAME.test(told.name) ? told.name : null;
  for (let at = node; at.parent && at.parent !== fn; at = at.parent) {
    const { parent } = at;
    if (parent.type === 'CatchClause' && parent.param?.type === 'Identifier') return parent.param.name;
    if (given !== null && parent.type === 'IfStatement' && parent.consequent === at) {
      const test = bare(parent.test);
      if (test.type === 'Identifier' && test.name === given) return given;
    }
  }
  return null;
}

/** What to say where a condition does not hold; of a call it is what was looked at that surprises. */
function unmet(test: Node, view: View): string {
  const [asked, ...more] = test.type === 'CallExpression' ? test.arguments : [];
  return asked?.type === 'Identifier' && more.length === 0
    ? `Unexpected ${asked.name}`
    : `Expected: ${oneLine(view.text(test))}`;
}

/** Does a branch itself fulfill the promise? */
function settlesIn(branch: Node, { settlers: [resolve] }: Settled, { values }: View): boolean {
  return resolve!.references.some(
    ({ identifier }) =>
      isInside(identifier, branch) &&
      enclosingFunction(identifier) === enclosingFunction(branch) &&
      /^(?:called|receiver)$/.test(fateOf(identifier, values).kind),
  );
}

/** Does a branch end with a handler that goes on without settling? An `else` would leave that way as it is. */
function swallows(branch: Node, promise: Settled): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  const handler = last?.type === 'TryStatement' ? last.handler : null;
  return handler !== null && !mentions(handler, promise);
}

function mentions(code: Node, { settlers }: Settled): boolean {
  return settlers.some(({ references }) => references.some(({ identifier }) => isInside(identifier, code)));
}

/** A callback that throws, or whose `await` does, tells nobody. */
function settleThrow(
  view: View,
  promise: Settled,
  node: Node,
  fn: Extract<Unsettled, { fn: unknown }>['fn'],
): Edit | null {
  // Where it waits, more than this may fail.
  if (fn.async) return rejecting(view, promise, (reject) => catchInBody(view, fn, (error) => [`${reject}(${error})`]));
  if (node.type !== 'ThrowStatement') return null;
  const { sourceCode } = view;
  return rejecting(view, promise, (reject) => {
    const text = `${reject}(${view.text(node.argument)})${semicolon(sourceCode)}`;
    return listAround(node)
      ? [replace(node, text), insertAfterStatement(node, `return${semicolon(sourceCode)}`, sourceCode)]
      : [replace(node, `return ${text}`)];
  });
}

function settleBefore(view: View, leaving: TSESTree.ReturnStatement, text: string): Edit | null {
  const end = semicolon(view.sourceCode);
  if (listAround(leaving)) return [insertBeforeStatement(leaving, text + end, view.sourceCode)];
  return leaving.argument ? null : [replace(leaving, `return ${text}${end}`)];
}

/** The last `if` of a chain of `else if`; null where it has an `else`. */
function openEnd(node: TSESTree.IfStatement): TSESTree.IfStatement | null {
  if (node.alternate?.type === 'IfStatement') return openEnd(node.alternate);
  return node.alternate ? null : node;
}

function elseAfter({ sourceCode }: View, node: TSESTree.IfStatement, text: string): Change {
  const line = lineBreak(sourceCode);
  let first: Node = node;
  while (first.parent?.type === 'IfStatement') first = first.parent;
  const indent = indentOf(first, sourceCode);
  if (!isFirstOnLine(first, sourceCode)) return insertAfter(node, ` else { ${text} }`);
  return insertAfter(
    node,
    node.consequent.type === 'BlockStatement'
      ? ` else {${line}${indent}${indentStep(sourceCode)}${text}${line}${indent}}`
      : `${line}${indent}else ${text}`,
  );
}

function defaultIn({ sourceCode }: View, node: TSESTree.SwitchStatement, text: string): Edit | null {
  const last = node.cases.at(-1);
  if (!last || !isFirstOnLine(last, sourceCode)) return null;
  const line = lineBreak(sourceCode);
  const indent = indentOf(last, sourceCode);
  const leaves =
    last.consequent.some(({ type }) => type === 'BreakStatement' || type === 'ReturnStatement') ||
    last.consequent.at(-1)?.type === 'BlockStatement';
  const stop = leaves ? '' : `${line}${indent}${indentStep(sourceCode)}break${semicolon(sourceCode)}`;
  return [insertAfter(last, `${stop}${line}${indent}default:${line}${indent}${indentStep(sourceCode)}${text}`)];
}

/** A statement as the last one of a block. */
function lastOf({ sourceCode }: View, block: Node, text: string): Edit | null {
  if (block.type !== 'BlockStatement') return null;
  const last = block.body.at(-1);
  return [last ? insertAfterStatement(last, text, sourceCode) : insertFirst(block, text, sourceCode)];
}

function isCaught(chain: TSESTree.CallExpression): boolean {
  const callee = bare(chain.callee);
  return (
    callee.type === 'MemberExpression' &&
    (nameOf(callee) === 'catch' || (nameOf(callee) === 'then' && chain.arguments.length > 1))
  );
}

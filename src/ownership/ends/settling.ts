import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../../catalog/index.js';
import { DIES_OF_ERROR } from '../../catalog/outcomes.js';
import { mayThrow } from '../../flow/throws.js';
import { memoize } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import {
  argumentOf,
  enclosingFunction,
  functionName,
  isExecutor,
  isInside,
  LISTENS,
  runOf,
} from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, dressed, type Fn, isFunction, nameOf, type Node, walk } from '../../syntax/walk.js';
import { type Handle, isHeld } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import { isEndedByOption, type Judge } from '../verdict/judging.js';
import { reachedFrom } from './reached.js';
import type { End } from './ends.js';

/**
 * The place where a promise settles and the start is not ended, though other callbacks that settle the promise end it.
 * Null when there is none, or when it is ended in code that is not the promise's.
 */
export function settledWithout(start: Start, handle: Handle, ends: readonly End[], file: Judge): Node | null {
  const executor = executorAround(start.node) ?? callbackTaker(start.node);
  if (!executor) return null;
  const settlers = settlersOf(executor).flatMap((parameter) => file.values.variable(parameter) ?? []);
  // Where its own callback runs, it has ended; and a signal aborts once.
  const endsItself =
    start.resource.endsItself === 'always' ||
    isEndedByOption(start, file) ||
    file.values.text(start.names.get('type')) === 'abort';
  const fired = start.names.get('callback') ?? (endsItself ? start.names.get('listener') : undefined);
  const callback = fired ? file.values.functionOf(fired) : null;
  if (callback && settlesAnother(callback, executor, file)) return null;
  // A callback that is called at once, instead of all work, has a reason for that before the start.
  const isLater = (place: Node): boolean => isExecutor(executor) || place.range[0] > start.node.range[0];
  const places = settlers.flatMap((settler) => placesOf(settler, executor, file.values)).filter(isLater);
  const isEnded = (place: Node): boolean =>
    functionsAround(place, executor).some((fn) => fn === callback || endsIn(fn, ends, file));
  // An interval that stops itself when it has found something goes on where something else settles.
  const isTold = (fn: Fn): boolean => fn !== callback || start.resource.kind === 'interval';
  const caught =
    start.resource.kind === 'interval' && callback
      ? places.find(
          (place) => functionsAround(place, executor).includes(callback) && isCaughtWithout(place, callback, ends),
        )
      : undefined;
  if (caught) return caught;
  const ending = places.filter(
    (place) =>
      runOf(place) !== runOf(start.node) &&
      functionsAround(place, executor).some((fn) => isTold(fn) && endsIn(fn, ends, file)),
  );
  const isAllHere = ends.every(({ node }) => isInside(node, executor) && !isHandedOut(node, executor, file.values));
  if (ending.length === 0 || !isAllHere) return null;
  const closed = closedWithEnd(ends, file);
  const isOver = (place: Node): boolean =>
    functionsAround(place, executor).some(
      (fn) => tellsOfEnd(fn, start, handle, file.values) || closes(fn, closed, file),
    );
  const failed = places.find((place) => runOf(place) === executor && isAfterFailure(place, start.node, ends));
  return (
    failed ??
    places.find(
      (place) =>
        !isEnded(place) &&
        !isOver(place) &&
        !isOtherBranch(place, start.node) &&
        !isLeftBefore(place, start.node) &&
        !isFailureBefore(place, start.node, file.values) &&
        runOf(place) !== executor &&
        runOf(place) !== runOf(start.node) &&
        runsByItself(place, executor, callback, ends, file),
    ) ??
    null
  );
}

/** Does a timer settle another promise, which then is the one that it watches over? */
function settlesAnother({ body }: Fn, executor: Fn, { sourceCode, values }: Judge): boolean {
  let found = false;
  walk(sourceCode, body, (node) => {
    const variable =
      node.type === 'CallExpression' && node.callee.type === 'Identifier' ? values.variable(node.callee) : null;
    found ||= Boolean(
      variable?.references.some(
        ({ writeExpr }) =>
          writeExpr?.type === 'Identifier' &&
          values.variable(writeExpr)?.defs.some(({ type }) => type === 'Parameter') &&
          executorAround(writeExpr) !== executor,
      ),
    );
    return !found;
  });
  return found;
}

/** `socket.on('error', (error) => { … })`: does a function hear that what was started is gone? */
function tellsOfEnd(fn: Fn, { node, resource }: Start, handle: Handle, values: Values): boolean {
  if (!['iterator', 'resource'].includes(resource.kind)) return false;
  const taken = argumentOf(fn);
  const callee = taken && bare(taken.call.callee);
  // `socket.onclose = fail`, `port.onDisconnect.addListener(fail)`
  const { parent } = dressed(fn);
  const told =
    parent?.type === 'AssignmentExpression'
      ? bare(parent.left)
      : callee?.type === 'MemberExpression' && nameOf(callee) === 'addListener'
        ? bare(callee.object)
        : null;
  if (told?.type === 'MemberExpression' && /^on(?:close|disconnect|exit)$/i.test(nameOf(told) ?? ''))
    return isHeld(told.object, handle, values);
  if (
    callee?.type !== 'MemberExpression' ||
    !/^(?:on|once|addListener)$/.test(nameOf(callee) ?? '') ||
    !(isHeld(callee.object, handle, values) || isChainOn(callee.object, node))
  )
    return false;
  const event = values.text(taken!.call.arguments[0]) ?? '';
  return event === 'error'
    ? listed(resource.from ?? []).some((module) => DIES_OF_ERROR.has(module))
    : event === 'close' || event === 'exit';
}

/** `socket.on('close', end)`: what runs an end when it is closed. */
function closedWithEnd(ends: readonly End[], file: Judge): Node[] {
  const { index, values } = file;
  return [...LISTENS]
    .flatMap((name) => index.calls.of(name))
    .flatMap(({ callee, arguments: [type, listener] }) => {
      const method = bare(callee);
      const fn = values.text(type) === 'close' && listener ? values.functionOf(listener) : null;
      return fn && method.type === 'MemberExpression' && endsIn(fn, ends, file) ? [method.object] : [];
    });
}

/** Does a function close one of these? */
function closes({ body }: Fn, targets: readonly Node[], { sourceCode, values }: Judge): boolean {
  let found = false;
  if (targets.length > 0)
    walk(sourceCode, body, (node) => {
      const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
      found ||=
        callee?.type === 'MemberExpression' &&
        /^(?:close|destroy|end|kill|terminate)$/.test(nameOf(callee) ?? '') &&
        targets.some((target) => values.same(target, callee.object) === 'yes');
      return !found;
    });
  return found;
}

/** `connect(port).on('data', add)`, on which more listeners may be put */
function isChainOn(object: Node, start: Node): boolean {
  let at = bare(object);
  while (at !== start && at.type === 'CallExpression' && at.callee.type === 'MemberExpression')
    at = bare(at.callee.object);
  return at === start;
}

/** Does a place run where what follows the start in a `try` fails, and nothing is ended? */
function isAfterFailure(place: Node, start: Node, ends: readonly End[]): boolean {
  for (let at: Node | undefined = place; at?.parent; at = at.parent) {
    if (isFunction(at)) return false;
    if (at.type !== 'CatchClause') continue;
    const { block, finalizer } = at.parent;
    const clause = at;
    return (
      isInside(start, block) &&
      statementsAfter(start, block) &&
      !ends.some(({ node }) => isInside(node, clause) || (finalizer && isInside(node, finalizer)))
    );
  }
  return false;
}

/**
 * `ask().then(() => { … timer = setTimeout(…); }).catch(fail)`: does a place hear of failures of a chain that come
 * before
 * the start, as nothing that follows it there fails?
 */
function isFailureBefore(place: Node, start: Node, values: Values): boolean {
  const handler = enclosingFunction(place);
  const link = handler && argumentOf(handler)?.call;
  if (!link || !/^(?:catch|then)$/.test(calleeName(link)) || !isInside(start, link.callee)) return false;
  let fn = enclosingFunction(start);
  for (let outer = fn; outer && isInside(outer, link.callee); outer = enclosingFunction(outer)) fn = outer;
  return (
    fn?.body.type === 'BlockStatement' &&
    fn.body.body.every((statement) => statement.range[1] <= start.range[1] || !mayThrow(statement, values))
  );
}

/** `stop = () => clearTimeout(timer)`: is a place in a function that a name around the executor keeps? */
function isHandedOut(node: Node, executor: Fn, values: Values): boolean {
  const fn = enclosingFunction(node);
  const kept = fn && dressed(fn).parent;
  const variable =
    kept?.type === 'AssignmentExpression' && kept.left.type === 'Identifier' ? values.variable(kept.left) : null;
  return Boolean(variable?.defs[0] && !isInside(variable.defs[0].name, executor));
}

/**
 * Does a place run where the `try` that holds the end fails before it, and does nothing from there to the end of the
 * callback end the start?
 */
function isCaughtWithout(place: Node, callback: Fn, ends: readonly End[]): boolean {
  let clause: Node | undefined = place;
  while (clause && clause !== callback && clause.type !== 'CatchClause') clause = clause.parent;
  if (clause?.type !== 'CatchClause') return false;
  const { block } = clause.parent;
  const own = ends.filter(({ node }) => isInside(node, callback));
  return (
    own.some(({ node }) => isInside(node, block)) &&
    own.every(({ node }) => isInside(node, block)) &&
    ends.length === own.length
  );
}

/** Does anything that may fail follow in the block? */
function statementsAfter(start: Node, { body }: TSESTree.BlockStatement): boolean {
  return body.some(({ range }) => range[0] >= start.range[1]);
}

/** The nearest function around a node that `new Promise` calls. */
export function executorAround(node: Node): Fn | null {
  const fn = enclosingFunction(node);
  return fn && (isExecutor(fn) ? fn : executorOutside(fn));
}

/** Kept with each function, because all that it starts asks. */
const executorOutside = memoize((fn: Fn): Fn | null => executorAround(fn));

const CALLED_BACK = /^(?:callback|cb)$/;

/** The function around a node that tells a callback how its work went. */
export function callbackTaker(node: Node): Fn | null {
  const run = enclosingFunction(node);
  return run && settlersOf(run).length > 0 ? run : null;
}

/** The parameters by which a function tells how its work went. */
export function settlersOf(fn: Fn): TSESTree.Identifier[] {
  return fn.params.flatMap((parameter) =>
    parameter.type === 'Identifier' && (isExecutor(fn) || CALLED_BACK.test(parameter.name)) ? [parameter] : [],
  );
}

/** Where a settler is called, also by another name: `const done = callback; callback = null; done(error)`. */
export function placesOf(settler: Variable, executor: Fn, values: Values): TSESTree.CallExpression[] {
  return settler.references.flatMap(({ identifier }) => {
    const node = dressed(identifier);
    const { parent } = node;
    if (parent?.type === 'VariableDeclarator' && parent.init === node && parent.parent.kind === 'const') {
      const alias = parent.id.type === 'Identifier' ? values.variable(parent.id) : null;
      return alias ? placesOf(alias, executor, values) : [];
    }
    return parent?.type === 'CallExpression' && parent.callee === node && isInside(parent, executor) ? [parent] : [];
  });
}

function functionsAround(node: Node, outer: Fn): Fn[] {
  const found: Fn[] = [];
  for (let fn = enclosingFunction(node); fn && fn !== outer; fn = enclosingFunction(fn)) found.push(fn);
  return found;
}

/** Does a function, or what it calls, hold one of the ends? */
export function endsIn(fn: Fn, ends: readonly End[], file: Judge): boolean {
  const reached = reachedFrom([fn], file);
  return ends.some(({ node }) => [...reached].some((one) => isInside(node, one)));
}

/** Does a place stand in the other branch of a choice, or in the other handler of a promise, where the start never ran? */
function isOtherBranch(place: Node, start: Node): boolean {
  for (let at: Node | undefined = start; at?.parent; at = at.parent) {
    const { parent }: Node = at;
    const handlers = parent?.type === 'CallExpression' && calleeName(parent) === 'then' ? parent.arguments : [];
    if (handlers.some((one) => one === at) && handlers.some((one) => one !== at && isInside(place, one))) return true;
    if (parent?.type !== 'IfStatement' && parent?.type !== 'ConditionalExpression') continue;
    const other = parent.consequent === at ? parent.alternate : parent.consequent;
    if (at !== parent.test && other && isInside(place, other)) return true;
  }
  return false;
}

/** `if (isQuick) { run(done); return; }`: does a place stand in a choice before the start, which leaves there? */
function isLeftBefore(place: Node, start: Node): boolean {
  for (let at: Node | undefined = place; at?.parent; at = at.parent) {
    const { parent }: Node = at;
    if (parent?.type !== 'IfStatement' || parent.test === at || parent.range[1] > start.range[0]) continue;
    const last = at.type === 'BlockStatement' ? at.body.at(-1) : at;
    if (last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement') return true;
  }
  return false;
}

/** Are the functions of a place given to something that calls them, or called where nothing ends the start? */
function runsByItself(place: Node, executor: Fn, callback: Fn | null, ends: readonly End[], file: Judge): boolean {
  return functionsAround(place, executor).every((fn) => {
    const name = functionName(fn);
    const calls = file.index.calls.of(name);
    return calls.every(
      (call) =>
        file.values.functionOf(call.callee) !== fn ||
        (isInside(call, executor) &&
          functionsAround(call, executor).every((one) => one !== callback && !endsIn(one, ends, file))),
    );
  });
}

/**
 * Does what a timer runs settle the promise that the work which ends it settles, too? It stands in where that work fails
 * and nobody hears of it.
 */
export function standsIn({ node, names }: Start, ends: readonly End[], { values }: Judge): boolean {
  const executor = executorAround(node);
  const callback = names.get('callback');
  const settlers = executor ? settlersOf(executor).flatMap((one) => values.variable(one) ?? []) : [];
  const places = settlers.flatMap((settler) => placesOf(settler, executor!, values));
  return (
    places.some((place) => callback && isInside(place, callback)) &&
    ends.every((end) => {
      const fn = enclosingFunction(end.node);
      const work = fn && argumentOf(fn)?.call;
      return work && fateOf(work, values).kind === 'dropped' && places.some((place) => isInside(place, fn));
    })
  );
}

import { memoize } from '../maps.js';
import { mentions } from '../ownership/holders/handle.js';
import type { Start } from '../ownership/starts/starts.js';
import { fateOf } from '../syntax/fate.js';
import { isExecutor, isInside, runOf } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, type Fn, isFunction, nameOf, type Node, walk } from '../syntax/walk.js';
import type { View } from './edit.js';

/** Is what a start calls later about the run of a function: does it use something that the run made or was given? */
export function concerns(start: Start, run: Fn, view: View): boolean {
  return localsOf(start, run, view).size > 0;
}

/**
 * Does the callback of a timer look at a local that is set after the start, so that the timer is there for the work
 * between?
 */
export function watches(start: Start, view: View): boolean {
  const run = runOf(start.node);
  const isSetLater = ({ references }: Variable): boolean =>
    references.some(
      ({ identifier, init, writeExpr }) =>
        !init && writeExpr && identifier.range[0] > start.node.range[1] && runOf(identifier) === run,
    );
  return (
    run !== null &&
    start.resource.kind === 'timeout' &&
    [...localsOf(start, run, view)].some((variable) => isSetLater(variable))
  );
}

/** What the callback of a start uses of what a function declares or is given. */
function localsOf(start: Start, run: Fn, { values, sourceCode }: View): ReadonlySet<Variable> {
  const found = new Set<Variable>();
  const given = start.names.get('callback') ?? start.names.get('listener');
  const callback = given && values.functionOf(given);
  if (!callback || callback === run) return found;
  walk(sourceCode, callback, (node) => {
    const variable = node.type === 'Identifier' ? values.variable(node) : null;
    const name = variable?.defs[0]?.name as Node | undefined;
    if (name && isInside(name, run) && !isInside(name, callback)) found.add(variable!);
    return undefined;
  });
  return found;
}

/**
 * Does something that may run after a function use variables of it: a callback that it neither calls in place nor waits
 * for, and that is not given to what they hold?
 */
function areUsedLater(variables: readonly Variable[], run: Fn | null, values: Values): boolean {
  const isLater = (node: Node): boolean => runOf(node) !== run && !isWaitedFor(node, variables, run, values);
  return variables.some(({ references }) => references.some(({ identifier }) => isLater(identifier)));
}

function isWaitedFor(node: Node, variables: readonly Variable[], run: Fn | null, values: Values): boolean {
  for (let at: Node | undefined = node; at && at !== run; at = at.parent) {
    if ((at.type === 'AwaitExpression' || at.type === 'ReturnStatement') && runOf(at) === run) return true;
    const callee = at.type === 'CallExpression' && runOf(at) === run ? bare(at.callee) : null;
    const { root } = callee?.type === 'MemberExpression' ? values.of(callee.object) : { root: null };
    if (root?.kind === 'variable' && variables.includes(root.variable)) return true;
  }
  return false;
}

/**
 * Without an end in sight: does what follows say when the start is over, because the function waits for the work that
 * it is there for?
 */
export function isOver(start: Start, fn: Fn | null, following: readonly Node[], view: View): boolean {
  const { kind, livesIn, runsOn } = start.resource;
  const handle = view.handleOf(start);
  const variables = handle.kind === 'kept' ? handle.variables : [];
  // What others hold, or what a callback uses later, is in use when the function is over.
  if (variables.some((variable) => runOf(variable.defs[0]!.name) !== fn) || areUsedLater(variables, fn, view.values))
    return false;
  if (kind === 'lock') return true;
  if (runsOn || isExecutor(fn) || !following.some((one) => waits(one, view)) || isTextInResult(variables)) return false;
  if (kind === 'timeout' && view.ownerOf(start).kind === 'instance') return watches(start, view);
  // A subscription is a listener that has a handle.
  if (kind !== 'listener' && !(start.names.has('listener') && livesIn !== undefined)) return true;
  // What was to stop the work has nothing to stop any more.
  const target = start.names.get('target');
  if (target && view.oracle.is(target, 'AbortSignal') === 'yes') return true;
  // What a process does as it exits it does whoever is at work.
  const isExit =
    view.values.origin(start.names.get('target') ?? start.node) === 'process' &&
    view.values.text(start.names.get('type')) === 'exit';
  return !isExit && fn !== null && concerns(start, fn, view) && view.ownerOf(start).kind !== 'instance';
}

/** Is what only the function that starts it knows there for the calls that it waits for, and for no events? */
export function isForCalls(start: Start, view: View): boolean {
  const handle = view.handleOf(start);
  if (handle.kind !== 'kept' || handle.fields.length + handle.refs.length > 0) return false;
  const uses = mentions(handle, view.values, view.index)
    .map((mention) => fateOf(mention, view.values))
    .flatMap((fate) => (fate.kind === 'receiver' ? [fate] : []));
  const isHeard = uses.some(({ member }) => /^(?:addEventListener|addListener|on.*|once)$/.test(nameOf(member) ?? ''));
  return !isHeard && uses.some(({ call }) => call && fateOf(call, view.values).kind === 'awaited');
}

/** Is a name part of a text in what is returned, such as the path of a folder? */
function isTextInResult(variables: readonly Variable[]): boolean {
  return variables.some(({ references }) =>
    references.some(
      ({ identifier }) => isPartOf(identifier, /^TemplateLiteral$/) && isPartOf(identifier, /^ReturnStatement$/),
    ),
  );
}

function isPartOf(node: Node, type: RegExp): boolean {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) if (type.test(at.type)) return true;
  return false;
}

/**
 * Does a statement wait for something, or return what the caller waits for? Asked once, because every start in a list
 * asks for what follows it.
 */
const waits = memoize((statement: Node, view: View): boolean => {
  let found = false;
  walk(view.sourceCode, statement, (node) => {
    if (isFunction(node)) return false;
    found ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
    found ||=
      node.type === 'ReturnStatement' && node.argument !== null && view.oracle.isPromise(node.argument) === 'yes';
    return undefined;
  });
  return found;
});

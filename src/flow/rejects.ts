import type { TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, dressed, type Fn, isFunction, nameOf, type Node } from '../syntax/walk.js';
import { endsProgramAfter } from './quits.js';
import { catches, find, some } from './search.js';
import { cannotThrow, isParser, mayReject, mayThrow, onlyResolves } from './throws.js';

// Whatever module they come from, they only wait.
const PAUSES = new Set(['delay', 'nextTick', 'sleep', 'tick']);
/** `this.closing.lock()`: whoever waits for a lock gets it. */
const TAKES = new Set(['acquire', 'lock']);
const LOCKS = /(?:lock|mutex)$/i;

/** `withErrorHandling(async () => { … })`: what it is given to do, it is to see the failures of. */
const CATCHERS = /^with\w*Error(?:Handling|Handler|Reporting)$|^(?:catch|handle|ignore|log|report)(?:ing)?Errors$/;

/** Can a promise reject, as far as this file shows? A function that catches everything it awaits is taken not to. */
export function canReject(promise: Node, values: Values): boolean {
  const node = bare(promise);
  if (node.type === 'ConditionalExpression')
    return canReject(node.consequent, values) || canReject(node.alternate, values);
  if (node.type === 'LogicalExpression') return canReject(node.left, values) || canReject(node.right, values);
  // `return (loading = load().catch(report))`
  if (node.type === 'AssignmentExpression') return canReject(node.right, values);
  if (node.type === 'Identifier') {
    const initial = values.initialOf(node);
    if (isCaughtSomewhere(node, values)) return false;
    return initial ? initial === node || someFollowed([initial], values) : setCanReject(node, values);
  }
  if (!mayReject(node, values)) return false;
  if (node.type === 'MemberExpression' && !keptCanReject(node, values)) return false;
  if (node.type === 'NewExpression') return !onlyResolves(node, values);
  if (node.type !== 'CallExpression') return true;
  const callee = bare(node.callee);
  // A pause with options may be cut short by a signal.
  if (PAUSES.has(calleeName(node)) && node.arguments.every(({ type }) => type !== 'ObjectExpression')) return false;
  const method = callee.type === 'MemberExpression' ? nameOf(callee) : null;
  if (callee.type === 'MemberExpression' && TAKES.has(method ?? '') && LOCKS.test(nameOf(callee.object) ?? ''))
    return false;
  const [first, second] = node.arguments;
  if (callee.type === 'MemberExpression' && (method === 'catch' || method === 'then' || method === 'finally')) {
    const handler = method === 'catch' ? first : method === 'then' ? second : undefined;
    if (handler) return throwsAgain(handler, values);
    const [result] = (method === 'then' && first && values.functionOf(first)?.params) || [];
    const holds = result !== undefined && holdsError(result, callee.object, values);
    const comesFirst = !holds && !isStart(callee.object, values) && canReject(callee.object, values);
    if (comesFirst || first === undefined) return comesFirst;
    return (
      !cannotThrow(first, values) &&
      !(method === 'then' && (isPlain(first, values) || (isStart(callee.object, values) && isRaised(first))))
    );
  }
  if (values.origin(callee) === 'Promise.all' && first) return itemsCanReject(first, values);
  const map = callee.type === 'MemberExpression' && method === 'get' ? bare(callee.object) : null;
  const filled = map?.type === 'Identifier' ? values.variable(map) : null;
  if (filled && !itemCanReject(filled, values)) return false;
  const fn = values.functionCalledBy(callee);
  // What a store is told to do says by itself how it went.
  if (fn !== null) return resultCanReject(fn, values) && !isKeptIn(fn, node, values);
  return calleeName(node) !== 'dispatch' && !(CATCHERS.test(calleeName(node)) && first && isFunction(bare(first)));
}

/**
 * `save(false)`, where the function throws only `if (isLoud)`, and `save(true)`, where it does no more than to return
 * `if (isLater)`: does it keep in what fails, given this?
 */
function isKeptIn(fn: Fn, call: TSESTree.CallExpression, values: Values): boolean {
  const given = new Map(
    fn.params.flatMap((parameter, at) => {
      const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      const value = call.arguments[at];
      const variable = name.type === 'Identifier' ? values.variable(name) : null;
      return variable && value?.type === 'Literal' ? [[variable, value.value] as const] : [];
    }),
  );
  const answer = ({ test }: TSESTree.IfStatement): unknown => {
    const asked = bare(test);
    const variable = asked.type === 'Identifier' ? values.variable(asked) : null;
    return variable && given.get(variable);
  };
  const isSkipped = (node: Node): boolean => {
    const { parent } = node;
    if (parent?.type === 'IfStatement') return parent.consequent === node && answer(parent) === false;
    return (
      parent === fn.body &&
      parent?.type === 'BlockStatement' &&
      parent.body.some(
        (one) =>
          one.type === 'IfStatement' &&
          one.range[1] <= node.range[0] &&
          answer(one) === true &&
          returns(one.consequent),
      )
    );
  };
  return [...given.values()].some((value) => typeof value === 'boolean') && !findRejection(fn, values, isSkipped);
}

/** Does a branch end with `return`? */
function returns(branch: Node): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  return last?.type === 'ReturnStatement';
}

const keeping = new Set<Node>();

/**
 * Can a promise that a field keeps reject, by what its class sets the field to? One that follows itself rejects only
 * where something else does.
 */
function keptCanReject(field: TSESTree.MemberExpression, values: Values): boolean {
  const kept = values.valuesOfField(field);
  return kept.every((value) => keeping.has(value)) || someFollowed(kept, values);
}

/** Can what is taken out of a map reject? Not where only this file fills it, with what cannot; a queue's tail follows itself. */
const itemCanReject = memoize(({ defs: [definition], references }: Variable, values: Values): boolean => {
  const made = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  if (made?.type !== 'NewExpression' || values.origin(made.callee) !== 'Map' || made.arguments.length > 0) return true;
  let isFilled = false;
  return (
    references.some(({ identifier, init }) => {
      const { parent } = identifier as Node;
      const call = parent?.type === 'MemberExpression' ? parent.parent : null;
      if (call?.type !== 'CallExpression' || call.callee !== parent) return !init;
      const value = nameOf(parent) === 'set' ? call.arguments[1] : undefined;
      isFilled ||= value !== undefined;
      return value !== undefined && canReject(value, values);
    }) || !isFilled
  );
}, false);

function someFollowed(all: readonly Node[], values: Values): boolean {
  const followed = all.filter((value) => !keeping.has(value));
  for (const value of followed) keeping.add(value);
  const found = followed.some((value) => canReject(value, values));
  for (const value of followed) keeping.delete(value);
  return found;
}

/**
 * Can what a `let` or a `var` is set to reject? What follows itself, as in `work = work.then(next)`, rejects only where
 * something else does.
 */
function setCanReject(name: TSESTree.Identifier, values: Values): boolean {
  const variable = values.variable(name);
  const definition = variable?.defs.length === 1 ? variable.defs[0] : undefined;
  if (definition?.type !== 'Variable' || definition.node.id.type !== 'Identifier') return true;
  const set = variable!.references.flatMap(({ writeExpr }) => {
    const value = writeExpr && bare(writeExpr);
    return value && !(value.type === 'Identifier' && value.name === 'undefined') ? [value] : [];
  });
  return set.length === 0 || someFollowed(set, values);
}

/** `if (quiet) work = work.catch(ignore)`: who catches it for some callers has thought of those that do not wait. */
function isCaughtSomewhere(name: TSESTree.Identifier, values: Values): boolean {
  return (
    values.variable(name)?.references.some(({ writeExpr }) => {
      const call = writeExpr ? bare(writeExpr) : null;
      const callee = call?.type === 'CallExpression' ? bare(call.callee) : null;
      return (
        call?.type === 'CallExpression' &&
        callee?.type === 'MemberExpression' &&
        nameOf(callee) === 'catch' &&
        call.arguments.length > 0 &&
        !canReject(call, values)
      );
    }) ?? false
  );
}

/** `work.catch(report); return work;`: does something follow the promise itself that a name stands for? */
function isHeardBeside(promise: Node, values: Values): boolean {
  const name = bare(promise);
  const references = (name.type === 'Identifier' && values.variable(name)?.references) || [];
  return references.some(({ identifier }) => {
    const { parent } = identifier as Node;
    const call = parent?.type === 'MemberExpression' && nameOf(parent) === 'catch' ? dressed(parent).parent : null;
    return (
      call?.type === 'CallExpression' && call.callee === parent && call.arguments.length > 0 && !canReject(call, values)
    );
  });
}

/** `Promise.resolve()` in `Promise.resolve().then(() => { … })`, which only runs something a little later. */
function isStart(object: Node, values: Values): boolean {
  const start = bare(object);
  return (
    start.type === 'CallExpression' &&
    values.origin(start.callee) === 'Promise.resolve' &&
    start.arguments.every(({ type }) => type === 'Literal' || type === 'Identifier')
  );
}

/** `Promise.resolve().then(() => { throw error; })` is how some tell the whole program of an error. */
function isRaised(callback: Node): boolean {
  const fn = bare(callback);
  return isFunction(fn) && fn.body.type === 'BlockStatement' && fn.body.body[0]?.type === 'ThrowStatement';
}

/** Does a function that a promise calls later start no work of its own, and throw nothing on purpose? */
function isPlain(callback: Node, values: Values): boolean {
  const fn = bare(callback);
  if (!isFunction(fn) || fn.async) return false;
  if (fn.body.type !== 'BlockStatement') {
    // What it calls may give a promise; only what this file declares is known to.
    const body = bare(fn.body);
    const called = body.type === 'CallExpression' ? values.functionOf(body.callee) : null;
    return called
      ? !called.async
      : body.type !== 'CallExpression' || !mayReject(body, values) || bare(body.callee).type === 'MemberExpression';
  }
  return !some(
    fn.body,
    (node) => node.type === 'ThrowStatement' || (node.type === 'ReturnStatement' && node.argument !== null),
  );
}

/** Can one of the promises in an array reject? */
export function itemsCanReject(array: Node, values: Values): boolean {
  const node = bare(array);
  if (node.type === 'Identifier') {
    const initial = values.initialOf(node);
    if (initial?.type === 'CallExpression') return itemsCanReject(initial, values);
    return filledWith(node, values)?.some((item) => canReject(item, values)) ?? true;
  }
  if (node.type === 'ArrayExpression') return node.elements.some((item) => item !== null && canReject(item, values));
  if (node.type !== 'CallExpression') return true;
  const callee = bare(node.callee);
  const fn =
    callee.type === 'MemberExpression' && nameOf(callee) === 'map' && node.arguments[0]
      ? values.functionOf(node.arguments[0])
      : null;
  return fn === null || resultCanReject(fn, values);
}

/** What an array has in it that is made here and only added to; null where others may add to it, too. */
function filledWith(name: TSESTree.Identifier, values: Values): Node[] | null {
  const initial = values.initialOf(name);
  if (initial?.type !== 'ArrayExpression') return null;
  const items: Node[] = initial.elements.flatMap((item) => item ?? []);
  for (const { identifier, init } of values.variable(name)!.references) {
    const { parent } = identifier as Node;
    const call =
      parent?.type === 'MemberExpression' && parent.parent.type === 'CallExpression' && parent.parent.callee === parent
        ? parent.parent
        : null;
    if (call && (nameOf(call.callee) === 'push' || nameOf(call.callee) === 'unshift')) items.push(...call.arguments);
    else if (!init && identifier !== name) return null;
  }
  return items;
}

/** Can the promise that a function returns reject? One that calls itself rejects only where something else does. */
export const resultCanReject = memoize((fn: Fn, values: Values) => findRejection(fn, values), false);

function findRejection(fn: Fn, values: Values, isSkipped?: (node: Node) => boolean): boolean {
  if (!fn.body || fn.generator) return true;
  // What it only hands out, others hold.
  const gives = (result: Node): boolean =>
    bare(result).type !== 'MemberExpression' && !isHeardBeside(result, values) && canReject(result, values);
  if (!fn.async)
    return fn.body.type === 'BlockStatement'
      ? some(
          fn.body,
          (node) => node.type === 'ReturnStatement' && node.argument !== null && gives(node.argument),
          undefined,
          isSkipped,
        )
      : gives(fn.body);
  if (!mayThrow(fn.body, values)) return false;
  if (fn.body.type !== 'BlockStatement') return canReject(fn.body, values);
  // A call beside what is awaited may throw, too, but that is a mistake in the code and not a failure of its work.
  return some(
    fn.body,
    (node) => rejects(node, values),
    (node) => catches(node) || endsProgramAfter(node, values),
    isSkipped,
  );
}

/** `catch (error) { process.exitCode = 1; throw error; }`: does a function let the program end with what fails? */
export function endsProgramByFailing(fn: Fn): boolean {
  return some(
    fn.body,
    (node) =>
      node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && nameOf(node.left) === 'exitCode',
  );
}

/** Does a node, without what is below it, make its async function reject? */
function rejects(node: Node, values: Values): boolean {
  switch (node.type) {
    case 'ThrowStatement':
      return true;
    case 'AwaitExpression':
      return !tellsOfError(node, values) && canReject(node.argument, values);
    case 'ForOfStatement':
      return node.await;
    case 'ReturnStatement': {
      const returned = node.argument && bare(node.argument);
      return (
        returned?.type === 'CallExpression' &&
        canReject(returned, values) &&
        mayThrow(returned, values) &&
        !isTold(returned, values)
      );
    }
    case 'CallExpression':
      return isParser(node, values);
    default:
      return false;
  }
}

/** `catch (error) { return onError(error); }`: is it somebody who is told of what was caught? */
function isTold(call: TSESTree.CallExpression, values: Values): boolean {
  return (
    call.arguments.some((one) => one.type === 'Identifier' && values.variable(one)?.defs[0]?.type === 'CatchClause') &&
    values.origin(call.callee) === null &&
    values.functionOf(call.callee) === null
  );
}

/** `const { data, error } = await load()` */
function tellsOfError(awaited: TSESTree.AwaitExpression, values: Values): boolean {
  const { parent } = dressed(awaited);
  const result =
    parent?.type === 'VariableDeclarator' ? parent.id : parent?.type === 'AssignmentExpression' ? parent.left : null;
  return result !== null && holdsError(result, awaited.argument, values);
}

/**
 * `{ error }`, and `answer` where something asks for `'error' in answer`: what gives a failure back does not reject with
 * it, if it is no text that is yet to be read.
 */
function holdsError(result: Node, work: Node, values: Values): boolean {
  const given = bare(work);
  if (given.type === 'CallExpression' && calleeName(given) === 'json') return false;
  if (result.type === 'ObjectPattern')
    return result.properties.some((one) => one.type === 'Property' && /^err(?:or)?$/.test(nameOf(one) ?? ''));
  const variable = result.type === 'Identifier' ? values.variable(result) : null;
  return variable !== null && isAskedForError(variable);
}

/** `'error' in answer` */
const isAskedForError = memoize(({ references }: Variable) =>
  references.some(({ identifier }) => {
    const { parent } = identifier as Node;
    return (
      parent?.type === 'BinaryExpression' &&
      parent.operator === 'in' &&
      parent.left.type === 'Literal' &&
      /^(?:data|err(?:or)?)$/.test(String(parent.left.value))
    );
  }),
);

/** Does a handler throw what it was given, or something else, where nothing catches it? */
function throwsAgain(handler: Node, values: Values): boolean {
  return throwOf(handler, values) !== null;
}

/** The `throw` or `Promise.reject()` that makes a handler's promise reject. */
export function throwOf(handler: Node, values: Values): Node | null {
  const fn = values.functionOf(handler);
  if (!fn?.body) return null;
  const isRejection = (node: Node | null): boolean => {
    const call = node && bare(node);
    return call?.type === 'CallExpression' && values.origin(call.callee) === 'Promise.reject';
  };
  if (fn.body.type !== 'BlockStatement') return isRejection(fn.body) ? fn.body : null;
  return find(
    fn.body,
    (node) => node.type === 'ThrowStatement' || (node.type === 'ReturnStatement' && isRejection(node.argument)),
    catches,
  );
}

import { memoizeBy } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, dressed, type Index, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { Facts } from '../starts/match.js';

/**
 * Is the value of an expression, whose type nobody knows, a promise by how the file treats it: a chain of `then`, or a
 * call that it waits for elsewhere?
 */
export function isShownToBePromise(expression: Node, index: Index, facts: Facts): boolean {
  const node = bare(expression);
  if (node.type !== 'CallExpression') return false;
  return isChain(node, facts) || isAwaitedElsewhere(node, index, facts);
}

/** `new Promise((resolve) => load().then(resolve))`: is it the settler of another promise that waits for this one? */
export function settlesAnother(expression: Node, values: Values): boolean {
  const node = bare(expression);
  const [settler, ...more] = node.type === 'CallExpression' && calleeName(node) === 'then' ? node.arguments : [];
  const definition =
    settler?.type === 'Identifier' && more.length === 0 ? values.variable(settler)?.defs[0] : undefined;
  const taken = definition?.type === 'Parameter' ? argumentOf(definition.node) : null;
  return taken?.call.type === 'NewExpression' && calleeName(taken.call) === 'Promise';
}

/** `load().then(show)`: who gives a `then` one function hears nothing of a failure. */
function isChain({ callee, arguments: [listener, ...more] }: Call, { oracle }: Facts): boolean {
  const member = bare(callee);
  if (member.type !== 'MemberExpression' || !listener || more.length > 0) return false;
  const method = nameOf(member);
  if (method === 'finally')
    return (
      oracle.isFunction(listener) !== 'no' &&
      (bare(member.object).type !== 'CallExpression' || !isHandled(bare(member.object)))
    );
  return (
    method === 'then' &&
    (isFunction(bare(listener)) || oracle.isFunction(listener) !== 'no') &&
    !isCommand(member.object)
  );
}

function isHandled(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const method = calleeName(node);
  return method === 'catch' || (method === 'then' && node.arguments.length > 1);
}

/** Cypress runs its commands in their order, and fails the test that gave them. */
function isCommand(receiver: Node): boolean {
  let at = bare(receiver);
  while (at.type === 'CallExpression' || at.type === 'MemberExpression')
    at = bare(at.type === 'CallExpression' ? at.callee : at.object);
  return at.type === 'Identifier' && at.name === 'cy';
}

/** Does the file wait for the same call in another place? Who gives a callback may get no promise. */
function isAwaitedElsewhere(node: Call, index: Index, { values }: Facts): boolean {
  const name = calleeName(node);
  if (name === '' || isFunction(bare(node.arguments.at(-1) ?? node))) return false;
  return awaitedBy(index, name, values).some(
    (other) =>
      other !== node &&
      isSameCallee(node.callee, other.callee, values) &&
      (!DISPATCHES.test(name) || isSameAction(node, other)),
  );
}

/**
 * What these return is what they are given: `dispatch(save(note))` a promise, and `dispatch(select(note))` perhaps
 * nothing.
 */
const DISPATCHES = /dispatch$/i;

/** Do two calls dispatch what the same function makes, or what has the same name? */
function isSameAction({ arguments: [one] }: Call, { arguments: [other] }: Call): boolean {
  if (one?.type === 'CallExpression' && other?.type === 'CallExpression') return calleeName(one) === calleeName(other);
  return one?.type === 'Literal' && other?.type === 'Literal' && one.value === other.value;
}

function isSameCallee(one: Node, other: Node, values: Values): boolean {
  const [here, there] = [bare(one), bare(other)];
  if (here.type === 'MemberExpression' && there.type === 'MemberExpression')
    return values.same(here.object, there.object) === 'yes';
  return here.type === 'Identifier' && there.type === 'Identifier' && values.same(here, there) === 'yes';
}

/** The calls of a name that something waits for; most names have none. */
const awaitedBy = memoizeBy((index: Index, name: string, values: Values): readonly Call[] =>
  index.calls
    .of(name)
    .filter((call) => isAwaited(call, values))
    .slice(0, MANY),
);

/** More than so many say nothing more. */
const MANY = 32;

function isAwaited(call: Call, values: Values): boolean {
  if (call.type !== 'CallExpression') return false;
  if (dressed(call).parent?.type === 'AwaitExpression') return true;
  const fate = fateOf(call, values);
  return fate.kind === 'receiver' && fate.call !== null && /^(?:then|catch|finally)$/.test(nameOf(fate.member) ?? '');
}

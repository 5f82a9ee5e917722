import type { Facts, Settled } from '../flow/settles.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, isInside } from '../syntax/functions.js';
import type { Values, Variable } from '../syntax/values.js';
import { bare, type Body, dressed, type Fn, nameOf, type Node } from '../syntax/walk.js';
import { fieldOf } from './handle.js';

/** A place that forgets settlers that were kept for later, and calls none of them. */
export interface Dropped {
  readonly node: Node;
  /** What kept them, as it is written. */
  readonly keeper: Node;
}

/** What keeps settlers after their executor is done: a field of an instance, or a name. */
type Keeper = { readonly body: Body; readonly name: string } | { readonly variable: Variable };

/** Methods that take entries out of a collection without a look at them. */
const FORGETS = new Set(['clear', 'delete']);
const LOOKS = new Set(['has', 'size', 'length', 'add', 'set', 'push', 'unshift', ...FORGETS]);

/** The place where the settlers of a promise are forgotten while it is still pending; null where every such place settles it first. */
export function droppedSettlers({ fn, settlers }: Settled, facts: Facts): Dropped | null {
  for (const mention of settlers.flatMap((one) => readsOf(one))) {
    const keeper = keeperOf(mention, facts.values);
    const places = keeper ? placesOf(keeper, facts) : [];
    for (const place of places) {
      const node = forgets(place, facts.values);
      const around = outermost(place);
      if (!node || !around || isInside(fn, around) || isConstructor(around)) continue;
      const isUsed = (within: Fn, depth: number): boolean =>
        places.some((other) => isInside(other, within) && isUse(other, facts.values)) || (depth > 0 && called(within, facts).some((callee) => isUsed(callee, depth - 1)));
      if (!isUsed(around, 2)) return { node, keeper: place };
    }
  }
  return null;
}

function readsOf(variable: Variable): Node[] {
  return variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node);
}

/** Where a settler goes: `this.resolve = resolve`, `this.waiting.push(resolve)`, `this.pending.set(id, { resolve, reject })`. */
function keeperOf(mention: Node, values: Values): Keeper | null {
  const fate = fateOf(mention, values);
  if (fate.kind === 'field') return fieldOf(fate.member, values);
  if (fate.kind === 'local') return fate.declared ? null : { variable: fate.variable };
  if (fate.kind === 'passed') {
    const callee = bare(fate.call.callee);
    return callee.type === 'MemberExpression' ? named(callee.object, values) : null;
  }
  if (fate.kind !== 'stored') return null;
  if (fate.in.type === 'Property') return keeperOf(fate.in.parent, values);
  return fate.in.type === 'MemberExpression' ? named(fate.in.object, values) : null;
}

function named(node: Node, values: Values): Keeper | null {
  const inner = bare(node);
  if (inner.type === 'MemberExpression') return inner.object.type === 'ThisExpression' ? fieldOf(inner, values) : null;
  const variable = inner.type === 'Identifier' ? values.variable(inner) : null;
  return variable && { variable };
}

/** Every place that reads or writes what keeps them. */
function placesOf(keeper: Keeper, { index, values }: Facts): Node[] {
  if ('variable' in keeper) return keeper.variable.references.filter(({ init }) => !init).map(({ identifier }) => identifier as Node);
  return (index.members.get(keeper.name) ?? []).filter((member) => {
    const field = fieldOf(member, values);
    return field !== null && field.body === keeper.body;
  });
}

/** What forgets the settlers at a place: an assignment of nothing, or `clear()`. */
function forgets(place: Node, values: Values): Node | null {
  const { parent } = dressed(place);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(place)) return isNothing(bare(parent.right), values) ? parent : null;
  const fate = fateOf(place, values);
  if (fate.kind !== 'receiver') return null;
  if (fate.call && FORGETS.has(nameOf(fate.member) ?? '')) return fate.call;
  const written = dressed(fate.member).parent;
  return nameOf(fate.member) === 'length' && written?.type === 'AssignmentExpression' ? written : null;
}

function isNothing(node: Node, values: Values): boolean {
  if (node.type === 'NewExpression') return node.arguments.length === 0;
  if (node.type === 'ArrayExpression') return node.elements.length === 0;
  return (node.type === 'Literal' && node.value === null) || values.origin(node) === 'undefined' || (node.type === 'UnaryExpression' && node.operator === 'void');
}

/** Does a place read the settlers for more than a look at whether there are any? */
function isUse(place: Node, values: Values): boolean {
  const { parent } = dressed(place);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(place)) return false;
  const fate = fateOf(place, values);
  return fate.kind === 'receiver' ? !LOOKS.has(nameOf(fate.member) ?? '') : fate.kind !== 'tested';
}

function outermost(node: Node): Fn | null {
  let found: Fn | null = null;
  for (let fn = enclosingFunction(node); fn && fn.parent?.type !== 'Program'; fn = enclosingFunction(fn)) {
    found = fn;
    if (fn.parent?.type === 'MethodDefinition' || fn.parent?.type === 'PropertyDefinition') return fn;
  }
  return found;
}

function isConstructor(fn: Fn): boolean {
  const { parent } = fn;
  return parent?.type === 'MethodDefinition' && parent.kind === 'constructor';
}

/** The functions of this file that a function calls, or hands on. */
function called(fn: Fn, { index, values }: Facts): Fn[] {
  return [...index.calls.values()].flat().flatMap((call) => (isInside(call, fn.body) ? (values.functionOf(call.callee) ?? []) : []));
}

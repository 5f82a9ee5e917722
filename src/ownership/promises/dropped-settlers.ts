import { isArmOfRace } from '../../flow/arms.js';
import type { Settled } from '../../flow/settles.js';
import type { Facts } from '../../flow/unsettled.js';
import { memoizeBy } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, functionName, isInside, isMaker, LISTENS, within } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Body, calleeName, dressed, type Fn, nameOf, type Node, walk } from '../../syntax/walk.js';
import { ownCallsIn } from '../ends/reached.js';
import { fieldOf } from '../holders/handle.js';

/** A place that forgets settlers that were kept for later, and calls none of them. */
export interface Dropped {
  readonly node: Node;
  /** What kept them, as it is written. */
  readonly keeper: Node;
  /** `false` in a function that others of this file call, which may have settled the promise before. */
  readonly sure: boolean;
  /** The other places that forget them. */
  readonly besides?: readonly Dropped[];
}

/** What keeps settlers after their executor is done: a field of an instance, or a name. */
type Keeper = { readonly body: Body; readonly name: string } | { readonly variable: Variable };

/** Methods that take entries out of a collection without a look at them. */
const FORGETS = new Set(['clear', 'delete']);
const LOOKS = new Set(['has', 'size', 'length', 'add', 'set', 'push', 'unshift', ...FORGETS]);

/**
 * The place where the settlers of a promise are forgotten while it is still pending; null where every such place
 * settles it first.
 */
export function droppedSettlers(settled: Settled, facts: Facts): Dropped | null {
  const { node: promise, fn, settlers } = settled;
  const { values } = facts;
  const kept = settlers.flatMap((one) => readsOf(one)).flatMap((mention) => keeperOf(mention, values) ?? []);
  const uses = kept.map((keeper) => usesOf(keeper, facts));
  // Who calls one of the two settlers may forget both.
  const isUsed = (within: Fn, depth: number): boolean =>
    uses.some(({ places }) =>
      places.some((place) => isInside(place, within) && (isUse(place, values) || isSetTo(place))),
    ) ||
    kept.some((keeper) => 'body' in keeper && isTakenOut(keeper, within, facts)) ||
    (depth > 0 && ownCallsIn(within, facts).some((call) => isUsed(call.fn, depth - 1)));
  const [first, ...besides] = uses
    .flatMap(({ forgotten }) => forgotten)
    .flatMap(({ place, node }) => {
      const around = outermost(place);
      if (!around || isInside(fn, around) || isMaker(around) || isInside(place, chainOf(promise)) || isUsed(around, 2))
        return [];
      return [{ node, keeper: place, sure: !isCalled(around, facts) }];
    });
  if (first) return { ...first, besides };
  return clearedTimer(settled, (around) => isUsed(around, 2), facts);
}

/** The place that clears the timer which alone would have settled the promise. */
function clearedTimer(
  { node: promise, fn, settlers }: Settled,
  settles: (around: Fn) => boolean,
  facts: Facts,
): Dropped | null {
  const { values, index } = facts;
  const clears = index.calls.of('clearTimeout');
  if (clears.length === 0 || !isWaitedFor(promise, facts)) return null;
  const reads = settlers.flatMap((one) => readsOf(one));
  const timer = within(index.calls.of('setTimeout'), fn).find(
    (call) => enclosingFunction(call) === fn && reads.some((read) => isInside(read, call)),
  );
  // What only rejects is a limit, and whoever clears it no longer needs one.
  if (
    !timer ||
    !readsOf(settlers[0]!).some((read) => isInside(read, timer)) ||
    reads.some((read) => !isInside(read, timer) && (enclosingFunction(read) !== fn || read.range[0] > timer.range[1]))
  )
    return null;
  const fate = fateOf(timer, values);
  const keeper =
    fate.kind === 'field' ? fieldOf(fate.member, values) : fate.kind === 'local' ? { variable: fate.variable } : null;
  for (const place of keeper ? usesOf(keeper, facts).places : []) {
    const clear = clears.find((call) => call.arguments[0] && bare(call.arguments[0]) === place);
    const around = clear && (isInside(clear, fn) ? enclosingFunction(clear) : outermost(clear));
    if (clear && around && (fate.kind === 'field' || isInside(around, fn)) && !isMaker(around) && !settles(around))
      return { node: clear, keeper: place, sure: around !== fn && !isCalled(around, facts) };
  }
  return null;
}

/** Does anybody wait for a promise but as one of those in a race? */
function isWaitedFor(promise: Node, { values, index }: Facts): boolean {
  const fate = fateOf(promise, values);
  const around = enclosingFunction(promise);
  if (fate.kind === 'stored' || isArmOfRace(promise, values)) return false;
  const name = fate.kind === 'returned' && around ? functionName(around) : null;
  const calls = index.calls.of(name).filter(({ callee }) => values.functionOf(callee) === around);
  return calls.length === 0 || !calls.every((call) => isArmOfRace(call, values));
}

/** `const { queue } = this;` */
function isTakenOut({ name }: { readonly name: string }, fn: Fn, { sourceCode }: Facts): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    found ||=
      node.type === 'VariableDeclarator' &&
      node.id.type === 'ObjectPattern' &&
      node.init?.type === 'ThisExpression' &&
      node.id.properties.some((one) => nameOf(one) === name);
    return !found;
  });
  return found;
}

/** `this.queue = queue`: what is kept has another name, too. */
function isSetTo(place: Node): boolean {
  const { parent } = dressed(place);
  return (
    parent?.type === 'AssignmentExpression' &&
    parent.left === dressed(place) &&
    bare(parent.right).type === 'Identifier' &&
    (bare(parent.right) as { name: string }).name !== 'undefined'
  );
}

/** The chain of `then` that follows a promise. */
function chainOf(promise: Node): Node {
  let top = promise;
  while (
    top.parent?.type === 'MemberExpression' &&
    top.parent.object === top &&
    top.parent.parent.type === 'CallExpression'
  )
    top = top.parent.parent;
  return top;
}

/** Do other parts of what keeps the settlers call a function? */
function isCalled(fn: Fn, { index, values }: Facts): boolean {
  const name = functionName(fn);
  const isMethod = fn.parent?.type === 'MethodDefinition';
  const calls = index.calls.of(name);
  return calls.some(
    ({ callee }) => values.functionOf(callee) === fn && (!isMethod || values.of(callee).root.kind === 'this'),
  );
}

function readsOf(variable: Variable): Node[] {
  return variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node);
}

/**
 * Where a settler goes: `this.resolve = resolve`, `this.waiting.push(resolve)`, `this.pending.set(id, { resolve, reject
 * })`.
 */
function keeperOf(mention: Node, values: Values): Keeper | null {
  const fate = fateOf(mention, values);
  if (fate.kind === 'field') return fieldOf(fate.member, values);
  if (fate.kind === 'local') return fate.declared ? null : { variable: fate.variable };
  if (fate.kind === 'passed') {
    const callee = bare(fate.call.callee);
    // Whoever lets go of what has events does not keep it from telling of them.
    return callee.type === 'MemberExpression' && !LISTENS.has(nameOf(callee) ?? '')
      ? named(callee.object, values)
      : null;
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

/** What the file does with what keeps settlers. */
interface Uses {
  readonly places: readonly Node[];
  /** The places where they are forgotten, and what does that. */
  readonly forgotten: readonly { readonly place: Node; readonly node: Node }[];
}

/** Found once: one thing may keep the settlers of many promises. */
function usesOf(keeper: Keeper, facts: Facts): Uses {
  return 'variable' in keeper
    ? usesBy(keeper.variable, '', keeper, facts)
    : usesBy(keeper.body, keeper.name, keeper, facts);
}

const usesBy = memoizeBy((_of: Body | Variable, _name: string, keeper: Keeper, facts: Facts): Uses => {
  const places = placesOf(keeper, facts);
  const isUnused = !places.some((place) => isUse(place, facts.values));
  const forgotten = places.flatMap((place) => {
    const node = forgets(place, facts.values) ?? (isUnused ? takenForNothing(place, facts.values) : null);
    return node ? [{ place, node }] : [];
  });
  return { places, forgotten };
});

/** Every place that reads or writes what keeps them. */
function placesOf(keeper: Keeper, { index, values }: Facts): Node[] {
  if ('variable' in keeper)
    return keeper.variable.references.filter(({ init }) => !init).map(({ identifier }) => identifier as Node);
  return index.members.of(keeper.name).filter((member) => {
    const field = fieldOf(member, values);
    return field !== null && field.body === keeper.body;
  });
}

/** What forgets the settlers at a place: an assignment of nothing, or `clear()`. */
function forgets(place: Node, values: Values): Node | null {
  const { parent } = dressed(place);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(place))
    return isNothing(bare(parent.right), values) ? parent : null;
  const fate = fateOf(place, values);
  if (fate.kind !== 'receiver') return null;
  if (fate.call && FORGETS.has(nameOf(fate.member) ?? '')) return fate.call;
  const written = dressed(fate.member).parent;
  return nameOf(fate.member) === 'length' && written?.type === 'AssignmentExpression' ? written : null;
}

/** `this.waiting.shift();`: whoever was next in line is out of it, and nobody has been told. */
function takenForNothing(place: Node, values: Values): Node | null {
  const fate = fateOf(place, values);
  const call = fate.kind === 'receiver' ? fate.call : null;
  return call && /^(?:pop|shift|splice)$/.test(calleeName(call)) && fateOf(call, values).kind === 'dropped'
    ? call
    : null;
}

function isNothing(node: Node, values: Values): boolean {
  if (node.type === 'NewExpression') return node.arguments.length === 0;
  if (node.type === 'ArrayExpression') return node.elements.length === 0;
  return (
    (node.type === 'Literal' && node.value === null) ||
    values.origin(node) === 'undefined' ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  );
}

/** Does a place read the settlers for more than a look at whether there are any? */
function isUse(place: Node, values: Values): boolean {
  const { parent } = dressed(place);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(place)) return false;
  const fate = fateOf(place, values);
  if (fate.kind !== 'receiver') return fate.kind !== 'tested';
  return !LOOKS.has(nameOf(fate.member) ?? '') && !takenForNothing(place, values);
}

function outermost(node: Node): Fn | null {
  let found: Fn | null = null;
  for (let fn = enclosingFunction(node); fn && fn.parent?.type !== 'Program'; fn = enclosingFunction(fn)) {
    found = fn;
    if (fn.parent?.type === 'MethodDefinition' || fn.parent?.type === 'PropertyDefinition') return fn;
  }
  return found;
}

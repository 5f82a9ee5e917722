import { listed } from '../../catalog/index.js';
import { parse, type Signature, wordOf } from '../../catalog/signature.js';
import { cached, memoize, memoizeBy, push } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import {
  argumentOf,
  enclosingFunction,
  isInside,
  LISTENS,
  returnedBy,
  runOf,
  thisBody,
} from '../../syntax/functions.js';
import type { Answer, Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  dressed,
  type Fn,
  type Index,
  isFunction,
  nameOf,
  type Node,
} from '../../syntax/walk.js';
import { isBuried } from '../holders/collections.js';
import { chained, type Handle, isHeld, isLent, mentions } from '../holders/handle.js';
import { stateSetBy } from '../holders/state.js';
import { type Facts, match } from '../starts/match.js';
import type { Start } from '../starts/starts.js';
import { isEmptiedBefore } from './emptied.js';
import { likelyRemovals, takesSame } from './removals.js';

export interface End {
  readonly node: Call;
  /** What kept it from being an end of this start: the one name whose value differs; null for a real end. */
  readonly differs: string | null;
  /** `maybe` when a value cannot be told from the start's. */
  readonly sure: Answer;
}

/** The calls that end a start, and those that miss it by one name. An end that may match counts as one. */
export const endsOf = memoizeBy((start: Start, handle: Handle, index: Index, facts: Facts): readonly End[] => {
  const bound = new Set([...start.signature.bound, ...start.names.keys()]);
  const found: End[] = [];
  for (const text of listed(start.resource.end)) {
    const signature = parse(text);
    // The use of a property says where the resource goes, not when it ends.
    if (!signature.isCall) continue;
    // What may be among the options that are spread is nothing that a call can be seen to end.
    if (start.names.get(signature.callee[0]!) === null) continue;
    const isHandle = signature.callee.length === 1 && bound.has(signature.callee[0]!);
    for (const node of isHandle
      ? callsOf(handle, facts, index)
      : candidates(signature, start, handle, bound, index, facts.values)) {
      const matched = match(signature, start.resource, node, bound, facts);
      if (!matched || node === start.node || isEmptiedBefore(node, handle, facts.values)) continue;
      if (isInOwnCallback(node, start)) continue;
      const names = [...new Set([...matched.names.keys(), ...signatureNames(signature)])];
      const answers = names.map((name) => sharedAnswer(name, start, matched.names, handle, facts));
      const differing = forgetsType(node, start, facts) ? ['type'] : names.filter((_, at) => answers[at] === 'no');
      // `removeAllListeners('open')` names no listener that it could miss.
      const isNameless = start.names.has('listener') && !matched.names.has('listener');
      if (differing.length === 1 && isNameless && !forgetsType(node, start, facts)) continue;
      if (differing.length < 2)
        found.push({ node, differs: differing[0] ?? null, sure: answers.includes('maybe') ? 'maybe' : 'yes' });
    }
  }
  if (start.resource.kind === 'listener')
    for (const node of likelyRemovals(start, index))
      if (takesSame(node, start, facts.values)) found.push({ node, differs: null, sure: 'maybe' });
  return found;
});

/** `bus.off(onSale)`, where nothing but the listener is given to what takes its type first. */
export function forgetsType({ arguments: [given, ...more] }: Call, { names }: Start, { values }: Facts): boolean {
  const listener = names.has('type') && more.length === 0 ? names.get('listener') : null;
  return Boolean(given && listener && values.same(given, listener) === 'yes');
}

/** `timer = setTimeout(() => { clearTimeout(timer); … })`: what has fired has nothing to end. */
function isInOwnCallback(node: Node, { names, resource }: Start): boolean {
  const callback = resource.kind === 'timeout' ? names.get('callback') : null;
  return Boolean(callback && isFunction(bare(callback)) && isInside(node, callback));
}

type ByKey = ReadonlyMap<string, readonly Call[]>;
const sorted = memoize<Index, [], Map<string, ByKey>>(() => new Map());

/** The key of values that have to be compared with all others. */
export const ANY = '?';
/** More ends than this that differ in nothing but the rest are generated code. */
const MANY = 256;

/**
 * The calls worth comparing with a start: a file with thousands of starts has thousands of ends, and each start looks
 * at its own.
 */
function candidates(
  signature: Signature,
  start: Start,
  handle: Handle,
  bound: ReadonlySet<string>,
  index: Index,
  values: Values,
): Iterable<Call> {
  const calls = index.calls.of(wordOf(signature.text));
  if (calls.length < 8) return calls;
  const shared: [position: number, keys: readonly string[]][] = [];
  for (const [position, argument] of signature.arguments.entries()) {
    if (argument.kind === 'name' && bound.has(argument.name))
      shared.push([position, keysFor(argument.name, start, handle, values)]);
  }
  if (bound.has(signature.callee[0]!) && shared.length === 0)
    shared.push([RECEIVER, keysFor(signature.callee[0]!, start, handle, values)]);
  return new Set(
    shared.flatMap(([position, keys]) =>
      keys.flatMap((key) => (sortedCalls(signature, calls, position, index, values).get(key) ?? []).slice(0, MANY)),
    ),
  );
}

const RECEIVER = -1;

function sortedCalls(
  signature: Signature,
  calls: readonly Call[],
  position: number,
  index: Index,
  values: Values,
): ByKey {
  return cached(sorted(index), `${signature.text} ${position}`, () => sortByKey(calls, position, values));
}

function sortByKey(calls: readonly Call[], position: number, values: Values): ByKey {
  const byKey = new Map<string, Call[]>();
  for (const call of calls) {
    const callee = bare(call.callee);
    const node =
      position === RECEIVER
        ? callee.type === 'MemberExpression'
          ? callee.object
          : undefined
        : call.arguments[position];
    push(byKey, keyOf(node, values), call);
  }
  return byKey;
}

function keysFor(name: string, start: Start, handle: Handle, values: Values): readonly string[] {
  if (!start.signature.bound.has(name)) return [...new Set([keyOf(start.names.get(name), values), ANY])];
  if (handle.kind !== 'kept') return [];
  // A field may also be read through something else than `this`.
  const fields = handle.fields.flatMap((field) => [`${field.name}@${field.body.range[0]}`, field.name]);
  return [...handle.variables.map(variableKey), ...fields, ...handle.refs.map(() => 'current'), ANY];
}

/** A text that equal values share, and as few others as can be; ANY where nothing can be told. */
export function keyOf(node: Node | null | undefined, values: Values): string {
  if (!node) return ANY;
  const { root, path } = values.of(node);
  const name = path.at(-1);
  if (root.kind === 'this' && root.of) return `${name ?? 'this'}@${root.of.range[0]}`;
  if (name !== undefined) return name;
  if (root.kind === 'variable') return variableKey(root.variable);
  if (root.kind === 'global') return root.name;
  return root.kind === 'literal' ? String(root.value) : ANY;
}

function variableKey({ name, defs: [definition] }: Variable): string {
  return `${name}@${definition?.name.range[0]}`;
}

function signatureNames(signature: ReturnType<typeof parse>): string[] {
  return signature.arguments.flatMap((argument) => (argument.kind === 'options' ? argument.names : []));
}

function sharedAnswer(
  name: string,
  start: Start,
  names: ReadonlyMap<string, Node | null>,
  handle: Handle,
  { values }: Facts,
): Answer {
  const there = names.get(name);
  if (start.signature.bound.has(name)) return there && isHandle(bare(there), start, handle, values) ? 'yes' : 'no';
  const here = start.names.get(name);
  if (here === null || there === null) return 'maybe';
  const isOption = start.signature.arguments.some(
    (argument) => argument.kind === 'options' && argument.names.includes(name),
  );
  if (here && there && name === 'listener' && (isWrappedIn(here, there, values) || makesFunction(there, values)))
    return 'no';
  if (here && there) return isPutInto(here, there, name, start, values) ? 'maybe' : values.same(here, there);
  if (!isOption) return 'yes';
  // A missing option is a false one.
  const given = here ?? there;
  if (!given) return 'yes';
  const { root } = values.of(given);
  return root.kind === 'literal' ? (root.value ? 'no' : 'yes') : 'maybe';
}

/** `debounce(listener)`: a function that is made of another one. */
export function isWrappedIn(listener: Node | null | undefined, inner: Node, values: Values): boolean {
  const made = listener && bare(listener);
  return (
    made?.type === 'CallExpression' &&
    made.arguments.some((argument) => values.same(argument, inner) === 'yes') &&
    makesFunction(made, values)
  );
}

/** Does a call give another function each time? */
export function makesFunction(node: Node, values: Values): boolean {
  const made = bare(node);
  if (made.type !== 'CallExpression') return false;
  const fn = values.functionOf(made.callee);
  return fn ? returnedBy(fn).some((value) => isFunction(bare(value))) : /debounce|throttle/i.test(calleeName(made));
}

/** The handle, also in `clearTimeout(timer ?? 0)`. */
function isHandle(node: Node, start: Start, handle: Handle, values: Values): boolean {
  if (node.type === 'LogicalExpression') return isHandle(bare(node.left), start, handle, values);
  return isHeldSomehow(node, handle, values) || isLentName(node, start, values);
}

/** `this.target = target; target.on(…)`, where `this.target.off(…)` ends it. */
function isPutInto(here: Node, there: Node, name: string, { resource, node }: Start, values: Values): boolean {
  const [target, field] = [bare(here), bare(there)];
  if (name !== resource.livesIn || target.type !== 'Identifier' || field.type !== 'MemberExpression') return false;
  const run = runOf(node);
  const { root, path } = values.of(target);
  return (
    root.kind === 'variable' &&
    path.length === 0 &&
    root.variable.references.some(({ identifier }) => {
      const { parent } = identifier as Node;
      return (
        parent?.type === 'AssignmentExpression' &&
        parent.right === identifier &&
        runOf(parent) === run &&
        values.same(parent.left, field) === 'yes'
      );
    })
  );
}

/** `URL.revokeObjectURL(image.src)`: what only borrowed the handle gives it back. */
function isLentName(node: Node, { resource: { lentTo = [] } }: Start, values: Values): boolean {
  return lentTo.includes(values.of(node).path.at(-1) ?? '');
}

/** `clear(poller.timer)`: a field read through something else than `this` may be the same one. */
function isHeldSomehow(node: Node, handle: Handle, values: Values): boolean {
  if (isHeld(node, handle, values)) return true;
  if (node.type === 'ThisExpression') return isOfListener(node, handle, values);
  if (handle.kind === 'kept' && handle.variables.length === 0 && handle.fields.length > 0) {
    const inner = bare(node);
    // `clearTimeout(this[name])` ends whichever of them it is told to.
    if (inner.type === 'MemberExpression' && inner.computed && inner.property.type === 'Identifier')
      return inner.object.type === 'ThisExpression' && handle.fields.some(({ body }) => body === thisBody(inner));
    return (
      inner.type === 'MemberExpression' &&
      inner.object.type !== 'ThisExpression' &&
      handle.fields.some((field) => field.name === nameOf(inner)) &&
      values.of(inner).root.kind !== 'this'
    );
  }
  return false;
}

/** `socket.on('connect', function () { this.end(); })` */
function isOfListener(node: Node, handle: Handle, values: Values): boolean {
  let fn = enclosingFunction(node);
  while (fn?.type === 'ArrowFunctionExpression') fn = enclosingFunction(fn);
  const call = fn && argumentOf(fn)?.call;
  const callee = call && LISTENS.has(calleeName(call)) ? bare(call.callee) : null;
  return callee?.type === 'MemberExpression' && isHeld(callee.object, handle, values);
}

/** `release()`: the handle is the function that ends it. */
function callsOf(handle: Handle, { values }: Facts, index: Index): Call[] {
  return mentions(handle, values, index).flatMap((mention) => {
    const fate = fateOf(mention, values);
    return fate.kind === 'called' ? [fate.call] : [];
  });
}

// Functions that look at what they are given and do not keep it.
const BORROWERS = new Set([
  'node:events.once',
  'node:events.on',
  'console.log',
  'Boolean',
  'String',
  'Number',
  'isNaN',
]);

/** Does the handle reach code that may end it and that this file does not show? */
export function isHandedOver(...asked: HandOver): boolean {
  return mentions(asked[1], asked[4].values, asked[3]).some(handsOver(...asked));
}

/** The places where it does. */
export function handOvers(...asked: HandOver): Node[] {
  return mentions(asked[1], asked[4].values, asked[3]).filter(handsOver(...asked));
}

type HandOver = [
  start: Start,
  handle: Handle,
  ends: readonly End[],
  index: Index,
  facts: Facts,
  isLost?: (call: Node) => boolean,
];

/** `get source() { return this.#url; }` */
function isGetter(fn: Fn | null): boolean {
  const { parent } = fn ?? {};
  return (parent?.type === 'MethodDefinition' || parent?.type === 'Property') && parent.kind === 'get';
}

/** Is it one of several values that an expression may have? */
function isMixed(node: Node): boolean {
  const { parent } = dressed(node);
  return parent?.type === 'LogicalExpression' || parent?.type === 'ConditionalExpression';
}

/** `useEffect(show, [url])`: a hook only compares what is in the list. */
function isDependency(list: Node): boolean {
  const taken = list.type === 'ArrayExpression' ? argumentOf(list) : null;
  return taken !== null && taken.index > 0 && /^use[A-Z]/.test(calleeName(taken.call));
}

function handsOver(
  ...[start, handle, ends, index, { values }, isLost = () => false]: HandOver
): (mention: Node) => boolean {
  const endNodes = new Set<Node>(ends.filter(({ differs }) => differs === null).map(({ node }) => node));
  const endMethods = new Set(listed(start.resource.end).map(wordOf));
  const parts = new Set(listed(start.resource.end).flatMap((text) => parse(text).callee));
  const isEnded = (name: Node): boolean => {
    const fate = fateOf(name, values);
    return fate.kind === 'receiver' && endMethods.has(nameOf(fate.member) ?? '');
  };
  return (mention) => {
    if (isInOwnCallback(mention, start)) return false;
    const used = chained(mention, values);
    const fate = fateOf(used, values);
    switch (fate.kind) {
      case 'passed':
        return (
          !endNodes.has(fate.call) &&
          !isEmptiedBefore(fate.call, handle, values) &&
          !isLent(fate, start) &&
          !isBuried(fate, values, index) &&
          !stateSetBy(fate.call, values) &&
          !isLost(fate.call) &&
          !BORROWERS.has(values.origin(fate.call.callee) ?? '')
        );
      case 'local':
        // `const last = this.controller ?? new AbortController()`: what ends the one ends the other.
        return isMixed(used) && fate.variable.references.some(({ identifier }) => isEnded(identifier));
      case 'receiver':
        // `onCleanup(timer.close)`: the method goes on its own.
        return !fate.call && endMethods.has(nameOf(fate.member) ?? '') && fateOf(fate.member, values).kind !== 'tested';
      case 'destructured':
        return (
          fate.pattern.type !== 'ObjectPattern' ||
          fate.pattern.properties.some((property) => property.type !== 'Property' || parts.has(nameOf(property) ?? ''))
        );
      case 'stored':
        return (
          !isLent(fate, start) &&
          !isBuried(fate, values, index) &&
          !isDependency(fate.in) &&
          !isHeld(fate.in, handle, values)
        );
      case 'returned':
        // What an instance ends itself, it only shows.
        return endNodes.size === 0 || !isGetter(enclosingFunction(mention));
      case 'exported':
      case 'thrown':
      case 'using':
      case 'iterated':
        return true;
      case 'field':
        return (
          !isHeld(fate.member.type === 'MemberExpression' ? fate.member : used, handle, values) &&
          argumentOf(used) !== null
        );
      default:
        return false;
    }
  };
}

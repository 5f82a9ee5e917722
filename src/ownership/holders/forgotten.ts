import { listed } from '../../catalog/index.js';
import { wordOf } from '../../catalog/signature.js';
import { type Fate, fateOf } from '../../syntax/fate.js';
import { enclosingFunction, functionName, isInside, runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, type Fn, nameOf, type Node } from '../../syntax/walk.js';
import { reachedFrom } from '../ends/endings.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { type Handle, handleNode, mentions } from './handle.js';

/** A place that takes what a start returned out of the map that keeps it, and leaves it running. */
export interface Forgotten {
  /** The call of `delete` or `clear`. */
  readonly node: Call;
  /** The map, as that call names it. */
  readonly collection: Node;
  /** The property that holds the handle where the map keeps records. */
  readonly property: string | null;
}

/** What tells nothing of the entries. */
const BLIND = new Set(['clear', 'delete', 'has', 'set', 'size']);

/**
 * The place that forgets a timer which other code of this file clears through the same map; null where nobody can tell.
 */
export function forgottenAt(start: Start, handle: Handle, file: Judge): Forgotten | null {
  const kept = keptAmong(start, handle, file);
  const given = start.names.get('callback');
  const callback = given ? file.values.functionOf(given) : null;
  if (kept?.method !== 'set' || !given || !(callback || isParameter(given, file.values))) return null;
  const uses = usesOf(kept.collection, file);
  const looks = uses.filter((use) => !BLIND.has(methodOf(use, file.values) ?? ''));
  const isLookedAt = (code: Node): boolean => looks.some((look) => isInside(look, code));
  const ends = listed(start.resource.end).flatMap((text) => file.index.calls.get(wordOf(text)) ?? []);
  const isEnding = (code: Node): boolean => ends.some((end) => isInside(end, code));
  if ((callback && isLookedAt(callback)) || !looks.some((look) => isEnding(runOf(look) ?? look))) return null;
  const fired = reachedFrom(callback ? [callback] : [], file);
  for (const use of uses) {
    const fate = fateOf(use, file.values);
    const fn = runOf(use);
    if (fate.kind !== 'receiver' || !fate.call || !fn || !['clear', 'delete'].includes(nameOf(fate.member) ?? ''))
      continue;
    if (
      fn === runOf(start.node) ||
      (callback && isInside(use, callback)) ||
      fired.has(fn) ||
      isEnding(fn) ||
      callersOf(fn, file).some(isLookedAt)
    )
      continue;
    if (isOfOtherEntry(fn, start, uses, file)) continue;
    if (![...reachedFrom([fn], file)].some(isLookedAt))
      return { node: fate.call, collection: bare(fate.member.object), property: kept.property };
  }
  return null;
}

/** Is a function made by one that puts an entry of its own in the map? It is that one which it forgets. */
function isOfOtherEntry(fn: Fn, start: Start, uses: readonly Node[], { values }: Judge): boolean {
  const own = runOf(start.node);
  for (let around = enclosingFunction(fn); around && around !== own; around = enclosingFunction(around)) {
    if (uses.some((use) => methodOf(use, values) === 'set' && runOf(use) === around)) return true;
  }
  return false;
}

/** Is a callback one that this file is given, and so knows nothing of the map? */
function isParameter(callback: Node, values: Values): boolean {
  const { root, path } = values.of(callback);
  return root.kind === 'variable' && path.length === 0 && root.variable.defs[0]?.type === 'Parameter';
}

function methodOf(use: Node, values: Values): string | null {
  const fate = fateOf(use, values);
  return fate.kind === 'receiver' ? nameOf(fate.member) : null;
}

/** Where a handle is put among others. */
export interface Among {
  readonly collection: Node;
  readonly method: 'add' | 'push' | 'set';
  /** The property that holds the handle where the collection keeps records. */
  readonly property: string | null;
}

/** The collection that keeps the handle, itself or as a property of a record; null where none does. */
export function keptAmong(start: Start, handle: Handle, { values, index }: Judge): Among | null {
  const fates =
    handle.kind === 'gone'
      ? [handle.fate]
      : handle.kind === 'kept'
        ? mentions(handle, values, index).map((mention) => fateOf(mention, values))
        : [fateOf(handleNode(start, values), values)];
  for (const fate of fates) {
    const record =
      fate.kind === 'stored' && fate.in.type === 'Property' && fate.in.parent.type === 'ObjectExpression'
        ? fate.in
        : null;
    const among = putInto(record ? fateOf(record.parent, values) : fate, values);
    if (among) return { ...among, property: record && nameOf(record) };
  }
  return null;
}

/** `map` in `map.set(key, value)`, for the value or a name of it. */
function putInto(fate: Fate, values: Values): Omit<Among, 'property'> | null {
  if (fate.kind === 'local') {
    for (const reference of fate.variable.references) {
      const inner = reference.isRead() ? fateOf(reference.identifier, values) : null;
      if (inner?.kind === 'passed') return putInto(inner, values);
    }
    return null;
  }
  const callee = fate.kind === 'passed' ? bare(fate.call.callee) : null;
  const method = callee?.type === 'MemberExpression' ? nameOf(callee) : null;
  const isPut =
    fate.kind === 'passed' &&
    ((method === 'set' && fate.index === 1) || ((method === 'add' || method === 'push') && fate.index === 0));
  return isPut && callee?.type === 'MemberExpression' ? { collection: bare(callee.object), method: method } : null;
}

/** Every place that names a collection. */
export function usesOf(map: Node, { values, index }: Judge): readonly Node[] {
  if (map.type === 'Identifier')
    return (
      values.variable(map)?.references.flatMap((reference) => (reference.init ? [] : [reference.identifier])) ?? []
    );
  return map.type === 'MemberExpression'
    ? (index.members.get(nameOf(map) ?? '') ?? []).filter((one) => values.same(one, map) === 'yes')
    : [];
}

/** The functions of this file that call another by its name. */
export function callersOf(fn: Fn, { values, index }: Judge): readonly Fn[] {
  const name = functionName(fn);
  const calls =
    name === null ? [] : (index.calls.get(name) ?? []).filter((call) => values.functionOf(call.callee) === fn);
  return calls.flatMap((call) => enclosingFunction(call) ?? []);
}

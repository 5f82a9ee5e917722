import { listed } from '../../catalog/index.js';
import { wordOf } from '../../catalog/signature.js';
import { type Fate, fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, functionName, isInside, runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, type Fn, nameOf, type Node } from '../../syntax/walk.js';
import { reachedFrom } from '../ends/reached.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { fieldOf, type Handle, handleNode, mentions } from './handle.js';

/** A place that takes what a start returned out of the collection that keeps it, and leaves it running. */
export interface Forgotten {
  /** The call that takes it out, or what makes a list shorter. */
  readonly node: Node;
  /** Can no other file have seen to it before? */
  readonly sure: boolean;
}

/** What tells nothing of the entries. */
const BLIND = new Set(['clear', 'delete', 'has', 'length', 'push', 'set', 'size']);

/**
 * The place that forgets a timer which other code of this file clears through the same map, or a controller that it
 * aborts; null where nobody can tell.
 */
export function forgottenAt(start: Start, handle: Handle, file: Judge): Forgotten | null {
  const kept = keptAmong(start, handle, file);
  const given = start.names.get('callback');
  const callback = given ? file.values.functionOf(given) : null;
  const isTimer = start.resource.kind !== 'controller';
  const uses = kept ? usesOf(kept.collection, file) : [];
  const cut = kept?.method === 'push' ? cutAt(uses, start, file) : null;
  if (kept && cut) return { node: cut, sure: isOwn(kept.collection, file.values) };
  if (kept?.method !== 'set') return null;
  const { looks, isEnding } = looksAt(uses, start, file);
  const isKnown = callback !== null || Boolean(given && isParameter(given, file.values));
  const unread =
    looks.length === 0 && (isKnown || start.resource.kind === 'resource')
      ? droppedUnread(uses, start, callback, file)
      : null;
  if (unread) return { node: unread, sure: isOwn(kept.collection, file.values) };
  if (start.resource.kind === 'resource') return null;
  if (isTimer && !isKnown) return null;
  const isLookedAt = (code: Node): boolean => looks.some((look) => isInside(look, code));
  if ((callback && isLookedAt(callback)) || !looks.some((look) => isEnding(runOf(look) ?? look))) return null;
  // Whoever takes a controller out may have heard that its work is done.
  const losing = new Set(isTimer ? ['clear', 'delete'] : ['clear']);
  const fired = reachedFrom(callback ? [callback] : [], file);
  for (const use of uses) {
    const fate = fateOf(use, file.values);
    const fn = runOf(use);
    if (fate.kind !== 'receiver' || !fate.call || !fn || !losing.has(nameOf(fate.member) ?? '')) continue;
    if (
      fn === runOf(start.node) ||
      (callback && isInside(use, callback)) ||
      fired.has(fn) ||
      isEnding(fn) ||
      callersOf(fn, file).some(isLookedAt)
    )
      continue;
    if (isOfOtherEntry(fn, start, uses, file)) continue;
    // What settles the promise, and clears the timer with it, comes before what follows the promise.
    const link = argumentOf(fn)?.call.callee;
    if (
      link?.type === 'MemberExpression' &&
      isInside(start.node, link.object) &&
      uses.every((one) => methodOf(one, file.values) !== 'get' || isEnding(runOf(one) ?? one))
    )
      continue;
    if (![...reachedFrom([fn], file)].some(isLookedAt)) return { node: fate.call, sure: true };
  }
  return null;
}

/** `tickers.delete(room)` in a function of its own, where nothing ever looks at what the map has. */
function droppedUnread(
  uses: readonly Node[],
  { node, resource }: Start,
  callback: Fn | null,
  file: Judge,
): Call | null {
  const fired = reachedFrom(callback ? [callback] : [], file);
  for (const use of uses) {
    const fate = fateOf(use, file.values);
    const fn = runOf(use);
    if (fate.kind !== 'receiver' || !fate.call || !/^(?:clear|delete)$/.test(nameOf(fate.member) ?? '')) continue;
    const isOver =
      fn === null || fired.has(fn) || (resource.kind === 'resource' && HEARS.test(functionName(fn) ?? 'heard'));
    if (!isOver && fn !== runOf(node) && !isInside(fn, runOf(node) ?? fn.body)) return fate.call;
  }
  return null;
}

/**
 * `this.workers.pop();`, `this.workers.length = count`: where a list loses some of what other code of the file ends, and
 * nobody looks at what it loses. A timeout may have fired by then.
 */
function cutAt(uses: readonly Node[], start: Start, file: Judge): Node | null {
  if (start.resource.kind !== 'interval' && start.resource.kind !== 'resource') return null;
  const { looks, isEnding } = looksAt(
    uses.filter((use) => cutBy(use, file.values) === null),
    start,
    file,
  );
  if (!looks.some((look) => isEnding(runOf(look) ?? look))) return null;
  for (const use of uses) {
    const cut = cutBy(use, file.values);
    const fn = cut && runOf(cut);
    if (fn && !looks.some((look) => isInside(look, fn)) && !isEnding(fn)) return cut;
  }
  return null;
}

/** The statement's expression by which a use makes a list shorter. */
function cutBy(use: Node, values: Values): Node | null {
  const fate = fateOf(use, values);
  if (fate.kind !== 'receiver') return null;
  const name = nameOf(fate.member) ?? '';
  if (fate.call) return /^(?:pop|shift)$/.test(name) && fateOf(fate.call, values).kind === 'dropped' ? fate.call : null;
  const { parent } = fate.member;
  return name === 'length' && parent?.type === 'AssignmentExpression' && parent.left === fate.member ? parent : null;
}

/** What hears that a resource is over: `onClose()`, `exited()`. */
const HEARS = /clos|dead|died|disconnect|done|end|err|exit|fail|finish|gone|heard|lost|settle/i;

/** A private field, or a variable that is not exported: what no other file reads. */
function isOwn(collection: Node, values: Values): boolean {
  const object = bare(collection);
  if (object.type === 'MemberExpression') return fieldOf(object, values)?.isPrivate ?? false;
  const [definition] = (object.type === 'Identifier' && values.variable(object)?.defs) || [];
  return definition?.parent?.parent?.type !== 'ExportNamedDeclaration';
}

/** The uses of a collection that tell of its entries, and whether a piece of code ends what the start is one of. */
function looksAt(
  uses: readonly Node[],
  { resource }: Start,
  { values, index }: Judge,
): { readonly looks: readonly Node[]; isEnding(code: Node): boolean } {
  const ends = listed(resource.end).flatMap((text) => index.calls.of(wordOf(text)));
  return {
    looks: uses.filter((use) => !BLIND.has(methodOf(use, values) ?? '') && !isReplaced(use)),
    isEnding: (code) => ends.some((end) => isInside(end, code)),
  };
}

/** `this.tickers = new Map()` */
function isReplaced(use: Node): boolean {
  const { parent } = use;
  return parent?.type === 'AssignmentExpression' && parent.left === use && bare(parent.right).type === 'NewExpression';
}

/** What comes again for the same thing, by its name; `open(id)` comes once for each. */
const COMES_AGAIN =
  /^[_#]*(?:arm|bump|cache|change|debounce|delay|extend|handle|heard|hold|keep|mark|notify|on[A-Z]|ping|poll|queue|re(?:fresh|member|new|port|schedule|set|start|try)|saw|schedul|see|set|touch|track|typ|update|watch)|(?:Chang|Edit|Sav|Updat)ed$/;

/**
 * `timers.set(key, setTimeout(…))`, for a key that its caller gives again: the call that puts it where one may be that
 * other code clears; null where its run, or who calls that, looks at the map first.
 */
export function putAgain(start: Start, handle: Handle, file: Judge): Call | null {
  const kept = keptAmong(start, handle, file);
  const run = runOf(start.node);
  const key = kept?.method === 'set' ? kept.call.arguments[0] : undefined;
  if (!kept || !run || !key || runOf(kept.call) !== run || !isOfParameter(key, file.values)) return null;
  // An interval is never over by itself, however seldom another one comes.
  const mayComeAgain = start.resource.kind === 'interval' || COMES_AGAIN.test(functionName(run) ?? '');
  if (!mayComeAgain && !isAskedFor(key, run, file)) return null;
  const given = start.names.get('callback');
  const callback = given ? file.values.functionOf(given) : null;
  const uses = usesOf(kept.collection, file);
  const { looks, isEnding } = looksAt(uses, start, file);
  const isSeen = (code: Node): boolean =>
    uses.some((use) => isInside(use, code) && !isInside(use, kept.call) && !(callback && isInside(use, callback)));
  if (!looks.some((look) => isEnding(runOf(look) ?? look))) return null;
  const called = reachedFrom([run], file, (fn) => fn !== callback);
  const isSeenTo = [...called, ...callersOf(run, file)].some(isSeen);
  return isSeenTo || (callback && reachedFrom([callback], file).has(run)) ? null : kept.call;
}

/** `counts.get(key)`: does a run ask what there is already for what it is given? */
function isAskedFor(key: Node, run: Fn, { index, values }: Judge): boolean {
  return ['get', 'has'].some((name) =>
    index.calls
      .of(name)
      .some((call) => isInside(call, run) && call.arguments[0] && values.same(call.arguments[0], key) === 'yes'),
  );
}

/** Is a function made by one that puts an entry of its own in the map? It is that one which it forgets. */
function isOfOtherEntry(fn: Fn, start: Start, uses: readonly Node[], { values }: Judge): boolean {
  const own = runOf(start.node);
  for (let around = enclosingFunction(fn); around && around !== own; around = enclosingFunction(around)) {
    if (uses.some((use) => methodOf(use, values) === 'set' && runOf(use) === around)) return true;
  }
  return false;
}

/** Is it what a function is given? Such a callback knows nothing of the map. */
function isParameter(given: Node, values: Values): boolean {
  return isOfParameter(given, values) && values.of(given).path.length === 0;
}

/** `id`, `device.id` */
function isOfParameter(given: Node, values: Values): boolean {
  const { root } = values.of(given);
  return root.kind === 'variable' && root.variable.defs[0]?.type === 'Parameter';
}

function methodOf(use: Node, values: Values): string | null {
  const fate = fateOf(use, values);
  return fate.kind === 'receiver' ? nameOf(fate.member) : null;
}

/** Where a handle is put among others. */
export interface Among {
  readonly call: Call;
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
    // `lease.timer = setInterval(…); leases.set(key, lease);`
    const member = fate.kind === 'stored' && fate.in.type === 'MemberExpression' ? fate.in : null;
    const holder = member && bare(member.object);
    const variable = holder?.type === 'Identifier' ? values.variable(holder) : null;
    const whole: Fate = variable
      ? { kind: 'local', variable, declared: false }
      : record
        ? fateOf(record.parent, values)
        : fate;
    const among = putInto(whole, values);
    const property = variable ? member : record;
    if (among) return { ...among, property: property && nameOf(property) };
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
  return isPut && callee?.type === 'MemberExpression'
    ? { call: fate.call, collection: bare(callee.object), method }
    : null;
}

/** Every place that names a collection. */
export function usesOf(map: Node, { values, index }: Judge): readonly Node[] {
  if (map.type === 'Identifier')
    return (
      values.variable(map)?.references.flatMap((reference) => (reference.init ? [] : [reference.identifier])) ?? []
    );
  return map.type === 'MemberExpression'
    ? index.members.of(nameOf(map) ?? '').filter((one) => values.same(one, map) === 'yes')
    : [];
}

/** The functions of this file that call another by its name. */
export function callersOf(fn: Fn, file: Judge): readonly Fn[] {
  return callsTo(fn, file).flatMap((call) => enclosingFunction(call) ?? []);
}

/** The calls of a function by its name. */
export function callsTo(fn: Fn, { values, index }: Judge): readonly Call[] {
  return index.calls.of(functionName(fn)).filter((call) => values.functionOf(call.callee) === fn);
}

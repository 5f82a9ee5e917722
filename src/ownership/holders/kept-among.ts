import { type Fate, fateOf } from '../../syntax/fate.js';
import { isInside, loopAround } from '../../syntax/functions.js';
import { isPartOf } from '../../syntax/members.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, dressed, nameOf, type Node } from '../../syntax/walk.js';
import { reachedFrom } from '../ends/reached.js';
import type { Judge } from '../verdict/judging.js';
import { FILLING } from './collections.js';
import { type Field, fieldOf, type Handle, mentions } from './handle.js';

/** What looks at one item, or at none. */
const PICKING = new Set(['at', 'clear', 'delete', 'get', 'has', 'length', 'pop', 'shift', 'size']);

/**
 * Is what a start returned put among others in a field whose instance has an end that leaves all of them running, as
 * nothing ever goes over them?
 * `emptied` where the end forgets all of them.
 */
export function leftAmongOthers(handle: Handle, file: Judge): 'emptied' | 'left' | null {
  const field = fieldAmong(handle, file);
  const left = field && leftIn(field, file);
  // Another file may have gone over what it can name.
  return left && (isPrivate(field) ? left : left === 'emptied' ? 'left' : null);
}

/** Is a mention of a handle put among others in a field: `this.toDispose.push(this.changes)`? */
export function isPutAmong(mention: Node, values: Values): boolean {
  return collectionOf(fateOf(mention, values), values) !== null;
}

/** The field in which all that holds the handle is put; null where it goes somewhere else, too. */
function fieldAmong(handle: Handle, { values, index }: Judge): Field | null {
  if (handle.kind === 'gone') return collectionOf(handle.fate, values);
  if (handle.kind !== 'kept' || handle.fields.length > 0 || handle.refs.length > 0) return null;
  const given = mentions(handle, values, index)
    .map((mention) => fateOf(mention, values))
    .filter(({ kind }) => kind !== 'receiver' && kind !== 'tested');
  const fields = given.map((fate) => collectionOf(fate, values));
  const [first] = fields;
  return first && fields.every((one) => one?.name === first.name) ? first : null;
}

/**
 * The field of `this.timers.set(id, handle)`, `this.timers[id] = handle`, or of a record with the handle that is put
 * there or was got from there.
 */
function collectionOf(fate: Fate, values: Values, seen = new Set<Variable>()): Field | null {
  if (fate.kind === 'passed') {
    const callee = bare(fate.call.callee);
    const object = callee.type === 'MemberExpression' && FILLING.has(nameOf(callee) ?? '') ? bare(callee.object) : null;
    // `return this.timers.set(id, timer)` gives all of them away.
    return object?.type === 'MemberExpression' && fateOf(fate.call, values).kind === 'dropped'
      ? fieldOf(object, values)
      : null;
  }
  if (fate.kind !== 'stored') return null;
  if (fate.in.type === 'Property') return collectionOfRecord(fateOf(fate.in.parent, values), values, seen);
  if (fate.in.type !== 'MemberExpression') return null;
  const object = bare(fate.in.object);
  if (fate.in.computed) return object.type === 'MemberExpression' ? fieldOf(object, values) : null;
  const record = values.initialOf(object);
  const got = record?.type === 'CallExpression' ? bare(record.callee) : null;
  return got?.type === 'MemberExpression' && nameOf(got) === 'get' && bare(got.object).type === 'MemberExpression'
    ? fieldOf(bare(got.object) as Parameters<typeof fieldOf>[0], values)
    : null;
}

/** Records may hold each other: each is looked at once. */
function collectionOfRecord(fate: Fate, values: Values, seen: Set<Variable>): Field | null {
  if (fate.kind !== 'local') return collectionOf(fate, values, seen);
  if (seen.has(fate.variable)) return null;
  seen.add(fate.variable);
  const put = fate.variable.references
    .filter((reference) => reference.isRead())
    .flatMap(({ identifier }) => collectionOf(fateOf(identifier, values), values, seen) ?? []);
  return put[0] ?? null;
}

/** No other file is meant to go over it. */
function isPrivate({ isPrivate: isOwn, name }: Field): boolean {
  return isOwn || /^[_#]/.test(name);
}

/** Has the instance an end, and does nothing in the class look at more than one item, or at any where it ends? */
function leftIn({ body, name }: Field, file: Judge): 'emptied' | 'left' | null {
  const { teardown } = file.owners.instance(body);
  if (!teardown) return null;
  const own = file.index.members.of(name).filter((member) => isPartOf(member, body));
  if (!own.every((member) => isPicking(member, file.values))) return null;
  const ending = [...reachedFrom(teardown.functions, file, (fn) => isPartOf(fn, body))];
  const last = own.filter((member) => ending.some((fn) => isInside(member, fn)));
  if (!last.every((member) => isEmptied(member, file.values) || isOfOne(member, file.values))) return null;
  return last.length > 0 ? 'emptied' : 'left';
}

function isPicking(member: Node, values: Values): boolean {
  const { parent } = dressed(member);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(member)) return true;
  if (parent?.type === 'MemberExpression' && parent.object === dressed(member) && parent.computed) return true;
  if (parent?.type === 'UnaryExpression') return true;
  const fate = fateOf(member, values);
  if (isClearedAsOne(fate)) return true;
  if (fate.kind === 'tested') return parent?.type !== 'ForInStatement';
  return fate.kind === 'receiver' && (FILLING.has(nameOf(fate.member) ?? '') || PICKING.has(nameOf(fate.member) ?? ''));
}

/** `this.timers.clear()` forgets them all, and ends none. */
function isEmptied(member: Node, values: Values): boolean {
  const { parent } = dressed(member);
  const fate = fateOf(member, values);
  return (
    (parent?.type === 'AssignmentExpression' && parent.left === dressed(member)) ||
    (fate.kind === 'receiver' && nameOf(fate.member) === 'clear') ||
    isClearedAsOne(fate)
  );
}

/** `clearInterval(this.timers.pop())` ends one of them. */
function isOfOne(member: Node, values: Values): boolean {
  if (loopAround(member)) return false;
  const { parent } = dressed(member);
  if (parent?.type === 'MemberExpression' && parent.computed) return values.number(parent.property) !== null;
  const fate = fateOf(member, values);
  return fate.kind === 'receiver' && /^(?:at|pop|shift)$/.test(nameOf(fate.member) ?? '');
}

/** `clearInterval(this.timers)` ends none of them. */
function isClearedAsOne(fate: Fate): boolean {
  return fate.kind === 'passed' && /^clear(?:Interval|Timeout)$/.test(calleeName(fate.call));
}

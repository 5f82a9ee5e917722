import { type Fate, fateOf } from '../../syntax/fate.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, dressed, type Index, nameOf, type Node } from '../../syntax/walk.js';
import { fieldOf, isRead } from './handle.js';

/** What puts something in a collection. */
export const FILLING: ReadonlySet<string> = new Set(['add', 'push', 'set', 'unshift']);

/** Methods by which a collection is filled and emptied: none of them gives back what is in it. */
const BLIND = new Set([...FILLING, 'clear', 'delete', 'has', 'length', 'size']);

/**
 * Is a value put into a collection of this file's own that nothing ever reads, itself or in a record whose property
 * nothing reads?
 */
export function isBuried(fate: Fate, values: Values, index: Index): boolean {
  if (fate.kind !== 'stored') return isBuriedIn(fate, values, index, isBlind);
  const record = recordWith(fate.in, values);
  return record !== null && isNeverRead(nameOf(fate.in), index) && isRecordBuried(record, values, index);
}

/**
 * What becomes of the record in `{ timer: handle }`, or in `record.timer = handle` where this run made it; null for
 * what is none.
 */
function recordWith(place: Node, values: Values): Fate | null {
  if (place.type === 'Property') return fateOf(place.parent, values);
  const object = place.type === 'MemberExpression' && !place.computed ? bare(place.object) : null;
  const made = object?.type === 'Identifier' ? values.initialOf(object) : null;
  return made?.type === 'ObjectExpression' ? fateOf(made, values) : null;
}

/** Is a record put into such a collection, by whatever name, and otherwise only looked at? */
function isRecordBuried(fate: Fate, values: Values, index: Index): boolean {
  const fates =
    fate.kind === 'local'
      ? fate.variable.references.flatMap((reference) =>
          reference.isRead() ? [fateOf(reference.identifier, values)] : [],
        )
      : [fate];
  const others = fates.filter((one) => !isBuriedIn(one, values, index, isLookedAt));
  return others.length < fates.length && others.every((one) => isOnlyLookedAt(one, values));
}

function isBuriedIn(
  fate: Fate,
  values: Values,
  index: Index,
  isUnread: (use: Node, values: Values) => boolean,
): boolean {
  if (fate.kind !== 'passed') return false;
  const callee = bare(fate.call.callee);
  const object = callee.type === 'MemberExpression' && FILLING.has(nameOf(callee) ?? '') ? bare(callee.object) : null;
  const variable = object?.type === 'Identifier' ? values.variable(object) : null;
  if (variable)
    return (
      isCollection(variable) &&
      variable.references.every(({ identifier, init }) => init || isUnread(identifier, values)) &&
      variable.references.some(({ identifier }) => isEmptied(identifier, values))
    );
  const field = object?.type === 'MemberExpression' ? fieldOf(object, values) : null;
  // What the constructor is given, others have.
  if (!field?.isPrivate || !values.valuesOfField(object!).some(isMadeCollection)) return false;
  return index.members.of(field.name).every((member) => isUnread(member, values));
}

/** Is it a collection that is made where its name is declared, and that no other file sees? */
export function isCollection({ defs }: Variable): boolean {
  const definition = defs.length === 1 ? defs[0] : undefined;
  if (
    definition?.type !== 'Variable' ||
    !definition.node.init ||
    definition.parent?.parent?.type === 'ExportNamedDeclaration'
  )
    return false;
  return isMadeCollection(bare(definition.node.init));
}

function isMadeCollection(value: Node): boolean {
  return (
    value.type === 'ArrayExpression' ||
    (value.type === 'NewExpression' &&
      value.callee.type === 'Identifier' &&
      /^(?:Weak)?(?:Map|Set)$/.test(value.callee.name))
  );
}

/** Is something taken out, or everything? Whoever does that has thought of its end. */
export function isEmptied(use: Node, values: Values): boolean {
  const fate = fateOf(use, values);
  return fate.kind === 'receiver' && (nameOf(fate.member) === 'clear' || nameOf(fate.member) === 'delete');
}

/** Does nothing read a property of this name, from whatever object? */
function isNeverRead(name: string | null, { members }: Index): boolean {
  return name !== null && !members.of(name).some(isRead);
}

/** Does a use of a collection look at nothing but properties of what is in it? */
function isLookedAt(use: Node, values: Values): boolean {
  if (isBlind(use, values)) return true;
  const fate = fateOf(use, values);
  return (
    fate.kind === 'receiver' &&
    fate.call !== null &&
    nameOf(fate.member) === 'get' &&
    isOnlyLookedAt(fateOf(fate.call, values), values)
  );
}

function isOnlyLookedAt(fate: Fate, values: Values, seen = new Set<Variable>()): boolean {
  if (fate.kind === 'local')
    return (
      seen.has(fate.variable) ||
      fate.variable.references.every(
        (reference) =>
          !reference.isRead() || isOnlyLookedAt(fateOf(reference.identifier, values), values, seen.add(fate.variable)),
      )
    );
  return fate.kind === 'dropped' || fate.kind === 'receiver' || fate.kind === 'tested';
}

/** Does a use of a collection look at nothing that is in it? */
function isBlind(member: Node, values: Values): boolean {
  const { parent } = dressed(member);
  if (parent?.type === 'AssignmentExpression' && parent.left === dressed(member)) return true;
  const fate = fateOf(member, values);
  if (fate.kind !== 'receiver' || !BLIND.has(nameOf(fate.member) ?? '')) return false;
  // `list.push()` gives its new length, `map.set()` the map.
  return fate.call === null || nameOf(fate.member) !== 'set' || fateOf(fate.call, values).kind === 'dropped';
}

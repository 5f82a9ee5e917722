import type { WayOut } from '../../flow/paths.js';
import { canReject } from '../../flow/rejects.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction } from '../../syntax/functions.js';
import { isPrivateMember, memberNamed } from '../../syntax/members.js';
import { bare, calleeName, isClass, nameOf, type Node } from '../../syntax/walk.js';
import { isCollection, isEmptied } from '../holders/collections.js';
import { type Handle, mentions } from '../holders/handle.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { End } from './ends.js';

/** Methods and properties of a collection that hand out nothing of what is in it. */
const KEEPS = new Set(['add', 'clear', 'delete', 'has', 'length', 'push', 'set', 'size']);

/** Is it put into a private collection of its owner that nothing takes it out of again? */
export function isForgotten(handle: Handle, { node: body }: Owner, { values, index }: Judge): boolean {
  if (handle.kind !== 'kept') return false;
  const fates = mentions(handle, values, index)
    .map((mention) => fateOf(mention, values))
    .filter(({ kind }) => kind !== 'receiver');
  const collections = fates.map((fate) =>
    fate.kind === 'passed' && fate.call.callee.type === 'MemberExpression' && KEEPS.has(calleeName(fate.call))
      ? bare(fate.call.callee.object)
      : null,
  );
  const isKeptFrom = (use: Node): boolean =>
    use.parent?.type === 'MemberExpression' && use.parent.object === use && KEEPS.has(nameOf(use.parent) ?? '');
  return (
    collections.length > 0 &&
    collections.every((collection) => {
      const variable = collection?.type === 'Identifier' ? values.variable(collection) : null;
      if (variable)
        return (
          isCollection(variable) &&
          variable.references.every(({ identifier, init }) => init || isKeptFrom(identifier)) &&
          variable.references.some(({ identifier }) => isEmptied(identifier, values))
        );
      const name =
        collection?.type === 'MemberExpression' && values.of(collection.object).root.kind === 'this'
          ? nameOf(collection)
          : null;
      const member = name !== null && isClass(body) ? memberNamed(body, name) : null;
      return isPrivateMember(member) && index.members.of(name).every(isKeptFrom);
    })
  );
}

/**
 * `work().then(() => controller.abort())`: the rejection that passes by the only end. What was waited for before the
 * start is other work.
 */
export function rejectionAround(start: Start, ends: readonly End[], { values }: Judge): WayOut | null {
  const [link] = ends.map(({ node }) => {
    const fn = enclosingFunction(node);
    const taken = fn && argumentOf(fn);
    const callee = taken && bare(taken.call.callee);
    return callee?.type === 'MemberExpression' &&
      nameOf(callee) === 'then' &&
      taken!.index === 0 &&
      taken!.call.arguments.length === 1
      ? callee.object
      : null;
  });
  return ends.length === 1 && link && link.range[1] > start.node.range[0] && canReject(link, values)
    ? { kind: 'throw', node: link }
    : null;
}

import { memoize, push } from '../../maps.js';
import { functionName, isInside } from '../../syntax/functions.js';
import { memberFunction, memberName } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { type Class, type Fn, type Index, isClass } from '../../syntax/walk.js';
import type { LostCleanup } from './cleanups.js';
import type { Owner } from './owner.js';

interface File {
  readonly index: Index;
  readonly values: Values;
}

/**
 * The end that a subclass of this file takes away from what its parent starts, as it overrides what ends the parent
 * and does not call that; null where none does. `isEnd`: is the end in this function of the parent?
 */
export function overriddenEnd(
  { kind, node, teardown }: Owner,
  isEnd: (fn: Fn) => boolean,
  file: File,
): LostCleanup | null {
  if (kind !== 'instance' || !isClass(node) || !teardown) return null;
  for (const of of subclassesIn(file.index, file.values).get(node) ?? [])
    for (const fn of teardown.functions) {
      const name = functionName(fn);
      const override = of.body.body.find((member) => name !== null && memberName(member) === name);
      const body = override && memberFunction(override);
      const callsParent = file.index.members
        .of(name)
        .some(({ object }) => object.type === 'Super' && isInside(object, of));
      if (body && !callsParent && isEnd(fn) && !isEnd(body))
        return {
          node: fn,
          late: `overridden by \`${of.id?.name ?? 'a subclass'}\``,
          remedy: `Call \`super.${name}()\` there`,
          override: body,
        };
    }
  return null;
}

/** The classes of a file by the one that they extend. */
const subclassesIn = memoize(({ classes }: Index, values: Values): ReadonlyMap<Class, readonly Class[]> => {
  const found = new Map<Class, Class[]>();
  for (const of of classes) {
    const parent = of.superClass && values.classOf(of.superClass);
    if (parent && isClass(parent)) push(found, parent, of);
  }
  return found;
});

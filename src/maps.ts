/** What a map has for a key, which is made where it has nothing. */
export function cached<K, V>(known: Pick<Map<K, V>, 'get' | 'set'>, key: K, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}

/**
 * A function that looks for the answer of each of its objects once, and forgets it with the object. What else it is
 * given must follow from the object. `inside` is the answer of an object that is asked for while it is looked at;
 * without one, it is looked at again.
 */
export function memoize<K extends object, More extends readonly unknown[], V extends object | boolean | string | null>(
  find: (key: K, ...more: More) => V,
  inside?: V,
): (key: K, ...more: More) => V {
  const known = new WeakMap<K, V>();
  return (key, ...more) => {
    let value = known.get(key);
    if (value === undefined) {
      if (inside !== undefined) known.set(key, inside);
      known.set(key, (value = find(key, ...more)));
    }
    return value;
  };
}

/** The same for what an object is asked by a second key. */
export function memoizeBy<K extends object, Key, More extends readonly unknown[], V extends object>(
  find: (of: K, by: Key, ...more: More) => V,
): (of: K, by: Key, ...more: More) => V {
  const answers = memoize<K, [], Map<Key, V>>(() => new Map());
  return (of, by, ...more) => cached(answers(of), by, () => find(of, by, ...more));
}

/** Adds to the list that a map has for a key. */
export function push<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/** Lists by name. */
export interface ReadonlyLists<T> extends ReadonlyMap<string, readonly T[]> {
  /** The list of a name, empty where nothing has it. */
  of(name: string | null): readonly T[];
}

export class Lists<T> extends Map<string, T[]> implements ReadonlyLists<T> {
  of(name: string | null): readonly T[] {
    return (name !== null && this.get(name)) || [];
  }
}

import { endWords } from '../../catalog/index.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, type Index } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';

/** More of them are generated code. */
const MANY = 256;

const REMOVES = /^(?:not|(?:clear|detach|off|remove|stop|un[a-z]+)[A-Z]\w*)$/;
const removals = new WeakMap<Index, readonly Call[]>();

/** Calls in which another file may take a listener off: `removeSafely(target, type, listener)`, `bus.not(type, listener)`. */
export function likelyRemovals(index: Index): readonly Call[] {
  let calls = removals.get(index);
  if (!calls) {
    const words = [...index.calls.keys()].filter((word) => REMOVES.test(word) && !endWords().has(word));
    calls = words
      .flatMap((word) => index.calls.get(word) ?? [])
      .filter((call) => call.arguments.length > 1)
      .slice(0, MANY);
    removals.set(index, calls);
  }
  return calls;
}

/** Is a call given all that a start was: the target, the type and the listener? */
export function takesSame({ callee, arguments: given }: Call, { names }: Start, values: Values): boolean {
  const method = bare(callee);
  const there = method.type === 'MemberExpression' ? [method.object, ...given] : given;
  return ['target', 'type', 'listener'].every((name) => {
    const here = names.get(name);
    return here && there.some((one) => values.same(here, one) === 'yes');
  });
}

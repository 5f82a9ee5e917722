import { listed } from '../../catalog/index.js';
import { wordOf } from '../../catalog/signature.js';
import { memoize } from '../../maps.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, type Index } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';

/** More of them are generated code. */
const MANY = 256;

const REMOVES = /^(?:not|off|(?:clear|detach|off|remove|stop|un[a-z]+)[A-Z]\w*)$/;
/** `ipc.removeListeners(type)` */
const REMOVES_ALL = /(?:Listeners|Handlers)$/;
const removals = memoize(({ calls }: Index): readonly Call[] =>
  [...calls.keys()]
    .filter((word) => REMOVES.test(word))
    .flatMap((word) => calls.of(word))
    .filter((call) => call.arguments.length > 1 || REMOVES_ALL.test(calleeName(call)))
    .slice(0, MANY),
);

/**
 * Calls that may take a listener off though they are no end that the catalog has for it, as what another file makes does:
 * `removeSafely(target, type, listener)`, `bus.not(type, listener)`.
 */
export function likelyRemovals({ resource }: Start, index: Index): readonly Call[] {
  const own = listed(resource.end).map(wordOf);
  return removals(index).filter((call) => !own.includes(calleeName(call)));
}

/** Is a call given all that a start was: the target, the type and the listener, if it does not remove all of a type? */
export function takesSame(call: Call, { names }: Start, values: Values): boolean {
  const { arguments: given } = call;
  const method = bare(call.callee);
  const there = method.type === 'MemberExpression' ? [method.object, ...given] : given;
  return ['target', 'type', ...(given.length > 1 ? ['listener'] : [])].every((name) => {
    const here = names.get(name);
    return here && there.some((one) => values.same(here, one) === 'yes');
  });
}

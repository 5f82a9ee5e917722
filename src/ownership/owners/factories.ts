import type { TSESTree } from '@typescript-eslint/utils';
import { FACTORY_ENDS } from '../../catalog/owners.js';
import { functionName, returnedBy } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { type Fn, nameOf } from '../../syntax/walk.js';
import type { Owner } from './owner.js';

/**
 * The life of what a function makes, where it returns an object with a method that ends it: each call makes an
 * instance.
 */
export function factoryOf(fn: Fn, values: Values): Owner | null {
  const name = functionName(fn);
  // What a hook returns is for the component that calls it, and ends with that.
  if (fn.generator || (name !== null && /^use[A-Z]/.test(name))) return null;
  const ends = returnedBy(fn).flatMap((value) => {
    const object = values.initialOf(value);
    return object?.type === 'ObjectExpression' ? endsIn(object, values) : [];
  });
  const [first] = ends;
  if (!first) return null;
  const teardown = { name: `\`${first.name}()\``, functions: ends.map((end) => end.fn), method: first.name };
  return { kind: 'instance', node: fn, name: name === null ? 'this object' : `\`${name}()\``, teardown };
}

function endsIn(
  { properties }: TSESTree.ObjectExpression,
  values: Values,
): { readonly name: string; readonly fn: Fn }[] {
  return FACTORY_ENDS.flatMap((name) => {
    const property = properties.find((one) => one.type === 'Property' && nameOf(one) === name);
    const fn = property?.type === 'Property' ? values.functionOf(property.value) : null;
    return fn && fn.params.length === 0 ? [{ name, fn }] : [];
  });
}

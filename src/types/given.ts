import { argumentOf } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { type Fn, nameOf, type Node } from '../syntax/walk.js';

/** What the methods of an object that is given to a constructor are called with: `Class.method@index`. */
const GIVEN: ReadonlyMap<string, string> = new Map([
  ['ReadableStream.start@0', 'ReadableStreamDefaultController'],
  ['ReadableStream.pull@0', 'ReadableStreamDefaultController'],
  ['TransformStream.start@0', 'TransformStreamDefaultController'],
  ['TransformStream.transform@1', 'TransformStreamDefaultController'],
  ['TransformStream.flush@0', 'TransformStreamDefaultController'],
]);

/** The type of a parameter that nothing annotates, by whom its function is given to. */
export function typeOfGiven(fn: Fn, parameter: Node, values: Values): string | undefined {
  const { parent } = fn;
  if (parent?.type !== 'Property' || parent.parent.type !== 'ObjectExpression') return undefined;
  const taken = argumentOf(parent.parent);
  const origin = taken?.index === 0 && taken.call.type === 'NewExpression' ? values.origin(taken.call.callee) : null;
  return origin === null
    ? undefined
    : GIVEN.get(`${origin}.${nameOf(parent)}@${fn.params.findIndex((one) => one === parameter)}`);
}

import { waysOut } from '../../flow/paths.js';
import { enclosingFunction, isInside } from '../../syntax/functions.js';
import type { Node } from '../../syntax/walk.js';
import { type Handle, isHeld } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { End } from './ends.js';
import { isNeeded } from './needed.js';
import { callbackTaker, executorAround, placesOf, settlersOf } from './settling.js';

/**
 * `(error) => { if (error) return reject(error); socket.close(); resolve(); }`: where the one callback that holds all
 * ends of a start settles the promise on a way that passes none of them.
 */
export function settledOnOtherBranch(start: Start, handle: Handle, ends: readonly End[], file: Judge): Node | null {
  const { values, sourceCode } = file;
  const callback = ends[0] ? enclosingFunction(ends[0].node) : null;
  const executor = callback && (executorAround(start.node) ?? callbackTaker(start.node));
  const fired = start.resource.kind === 'timeout' ? start.names.get('callback') : null;
  if (
    !executor ||
    !callback ||
    callback === executor ||
    !isInside(callback, executor) ||
    isInside(start.node, callback) ||
    (fired && values.functionOf(fired) === callback) ||
    ends.some(({ node, sure }) => sure === 'maybe' || enclosingFunction(node) !== callback)
  )
    return null;
  const waysWithout = (more: readonly Node[]): number =>
    waysOut(
      callback,
      {
        starts: new Set([callback]),
        ends: new Set<Node>([...ends.map(({ node }) => node), ...more]),
        throws: 'throw',
        isHandle: (node) => isHeld(node, handle, values) || isNeeded(node, start, ends, values),
      },
      values,
      sourceCode,
    ).length;
  const all = waysWithout([]);
  const places = settlersOf(executor).flatMap((one) => {
    const settler = values.variable(one);
    return settler ? placesOf(settler, executor, values) : [];
  });
  return places.find((place) => all > 0 && enclosingFunction(place) === callback && waysWithout([place]) < all) ?? null;
}

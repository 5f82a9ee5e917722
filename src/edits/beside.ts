import { memoize, push } from '../maps.js';
import type { Start } from '../ownership/starts/starts.js';
import { comesOnce } from '../ownership/verdict/by-target.js';
import { isEndedByOption } from '../ownership/verdict/judging.js';
import { enclosingFunction, runOf } from '../syntax/functions.js';
import type { Fn } from '../syntax/walk.js';
import { endsFor, type View } from './edit.js';

/**
 * Is another listener of the same target left on purpose, as far as anybody can tell? Who removes one elsewhere shows
 * that the target lives on, and then that one is forgotten. So is a timer that only the listener ends.
 */
export function leavesAnother(start: Start, view: View): boolean {
  const target = start.names.get('target');
  if (start.resource.kind !== 'listener' || !target) return false;
  const listener = start.names.get('listener');
  const fn = listener ? view.values.functionOf(listener) : null;
  if (fn && onlyEnds(view).has(fn)) return true;
  const others = leftOnPurpose(view).get(runOf(start.node)) ?? [];
  return others.some((one) => one !== start && view.values.same(target, one.names.get('target')!) === 'yes');
}

/** The functions that each have the only end of a timeout. */
const onlyEnds = memoize(
  (view: View): ReadonlySet<Fn | null> =>
    new Set(
      view.starts('timeout').flatMap((one) => {
        const [end, ...more] = endsFor(one, view);
        return end && more.length === 0 ? [enclosingFunction(end)] : [];
      }),
    ),
);

/** The listeners of a target that nothing takes off, and that no rule reports, by the run that adds them. */
const leftOnPurpose = memoize((view: View): ReadonlyMap<Fn | null, readonly Start[]> => {
  const left = new Map<Fn | null, Start[]>();
  for (const one of view.starts('listener'))
    if (
      one.names.get('target') &&
      view.verdict(one).kind === 'kept' &&
      one.resource.endsItself !== 'always' &&
      !comesOnce(one, view) &&
      !isEndedByOption(one, view) &&
      endsFor(one, view).length === 0
    )
      push(left, runOf(one.node), one);
  return left;
});

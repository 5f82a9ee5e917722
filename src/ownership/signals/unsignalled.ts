import { waits } from '../../flow/loops.js';
import { isExported } from '../../syntax/exported.js';
import { enclosingFunction } from '../../syntax/functions.js';
import type { Fn, Loop } from '../../syntax/walk.js';
import { type IgnoredWork, isQuick, signalTakers } from './ignored.js';
import type { WorkFacts } from './reach.js';

/** An exported function that goes on for a while, and that its callers cannot stop. */
export interface Unsignalled {
  readonly fn: Fn;
  /** The calls in it that take a signal. */
  readonly work: readonly Pick<IgnoredWork, 'call' | 'position'>[];
  /** The loops in it that wait for something. */
  readonly loops: readonly Loop[];
}

/** The exported functions that wait for something a signal could end, or loop over awaits, and take no signal. */
export function unsignalledOf(facts: WorkFacts): Unsignalled[] {
  return facts.index.functions.flatMap((fn) => {
    if (fn.generator || !isExported(fn, facts.values) || facts.signals.takenBy(fn) || takesOne(fn)) return [];
    const work = signalTakers(fn, facts);
    const loops = facts.index.loops.filter((loop) => enclosingFunction(loop) === fn && waits(loop, facts));
    return loops.length > 0 || work.some(({ call }) => !isQuick(call, facts)) ? [{ fn, work, loops }] : [];
  });
}

/** Does a function take a signal under a name that says that it does not use it? */
function takesOne(fn: Fn): boolean {
  return fn.params.some((parameter) => parameter.type === 'Identifier' && /^_.*signal$/i.test(parameter.name));
}

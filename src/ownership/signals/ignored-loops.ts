import { stopOf, waits, yields } from '../../flow/loops.js';
import { functionName, isInside, runOf, thisBody, within } from '../../syntax/functions.js';
import { bare, isFunction, type Loop, nameOf, type Node } from '../../syntax/walk.js';
import { isChecked, isListened, loopInReach, reachOf, type WorkFacts } from './reach.js';
import type { Signal } from './signal.js';
import type { Signals } from './signals.js';

/**
 * Loops over awaits in the reach of a signal that they neither look at nor hand on, and that end by themselves; the
 * outer one speaks for those in it.
 */
export function ignoredLoops(signal: Signal, facts: WorkFacts): { readonly loop: Loop; readonly sure: boolean }[] {
  if (isListened(signal)) return [];
  return within(facts.index.loops, signal.home).flatMap((loop) => {
    if (loopInReach(loop, signal) || facts.signals.reach(loop) !== signal || getsSignal(loop, signal, facts.signals))
      return [];
    if (comesAfterAbort(loop, signal, facts)) return [];
    if (!waits(loop, facts) || yields(loop, facts) || stopOf(loop, facts) !== 'count') return [];
    const reach = reachOf(loop, signal, facts);
    return reach === 'no'
      ? []
      : [
          {
            loop,
            sure:
              signal.sure &&
              reach === 'yes' &&
              !hasOwnSignal(loop, facts) &&
              isFunction(signal.home) &&
              signal.mentions.every((mention) => isChecked(mention)),
          },
        ];
  });
}

/**
 * `this.#gone.abort(); await this.drain();`: does a loop run where its class has aborted what it keeps, so that it clears
 * up after that?
 */
function comesAfterAbort(loop: Loop, { home, text }: Signal, { index, sourceCode, values }: WorkFacts): boolean {
  const run = runOf(loop);
  if (isFunction(home) || !run) return false;
  const calls = index.calls.of(functionName(run)).filter((call) => values.functionOf(call.callee) === run);
  return index.calls
    .of('abort')
    .some(
      (abort) =>
        `${sourceCode.getText(abort.callee).slice(0, -'abort'.length)}signal` === text &&
        thisBody(abort) === home &&
        [loop, ...calls].some((one) => runOf(one) === runOf(abort) && one.range[0] > abort.range[0]),
    );
}

/** `for await (const part of read(own.signal))`: is the source of a loop given another signal, by which it ends? */
function hasOwnSignal(loop: Loop, { oracle }: WorkFacts): boolean {
  const source = loop.type === 'ForOfStatement' ? bare(loop.right) : null;
  const made = source?.type === 'AwaitExpression' ? bare(source.argument) : source;
  return made?.type === 'CallExpression' && made.arguments.some((given) => isSignal(bare(given), oracle));
}

function isSignal(given: Node, oracle: WorkFacts['oracle']): boolean {
  const name = given.type === 'Identifier' ? given.name : nameOf(given);
  return oracle.is(given, 'AbortSignal') === 'yes' || /signal$/i.test(name ?? '');
}

/** Does a loop look at a signal, hand it on, or wait for what ends with it? */
export function getsSignal(loop: Loop, signal: Signal, signals: Signals): boolean {
  const { bound, results } = signals.bindingsOf(signal);
  const source = loop.type === 'ForOfStatement' && loop.await ? loop.right : null;
  return (
    within(bound, loop).length > 0 ||
    within(results, loop).some(
      (mention) => mention.parent?.type === 'MemberExpression' || (source && isInside(mention, source)),
    )
  );
}

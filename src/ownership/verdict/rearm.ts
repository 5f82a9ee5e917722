import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, enclosingFunction, functionName, isInside } from '../../syntax/functions.js';
import { mayLeave } from '../../syntax/leaving.js';
import { calleeName, type Fn, isFunction, isLoop, type Node, walk } from '../../syntax/walk.js';
import { endsOf } from '../ends/ends.js';
import { executorAround, settlersOf } from '../ends/settling.js';
import { handleOf } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from './judging.js';
import { calledOnly } from './one-shots.js';

/**
 * Does a one-shot timer start itself again, so that it is an interval by another name?
 * `guarded` when something on the way from one start to the next can stop it.
 */
export function rearms(start: Start, file: Pick<Judge, 'index' | 'starts' | 'values'>): 'always' | 'guarded' | 'no' {
  const { values, index } = file;
  const callback = start.names.get('callback');
  const fired = callback && values.functionOf(callback);
  if (!fired) return 'no';
  const only = calledOnly(fired, values);
  for (let around = enclosingFunction(start.node); around; around = enclosingFunction(around)) {
    if (around === fired) return isStraight(start.node, around) ? 'always' : 'guarded';
    const again = callsIn(fired, around);
    if (again) return isStraight(start.node, around) && isStraight(again, fired) ? 'always' : 'guarded';
    // `schedule()` sets a timer for `() => this.tick()`, and `tick()` calls `schedule()`.
    const next = only && callsIn(only, around);
    if (next && isStraight(start.node, around) && isStraight(next, only)) return 'always';
    const inTurns = turnsTo(around, fired);
    if (inTurns)
      return isStraight(start.node, around) && inTurns.every(({ node, fn }) => isStraight(node, fn))
        ? 'always'
        : 'guarded';
  }
  return 'no';

  /**
   * `show()` sets a timer for `hide()`, and `hide()` one for `show()`: the way back to a function through the timer
   * that another one sets.
   */
  function turnsTo(wanted: Fn, from: Fn): readonly { readonly node: Node; readonly fn: Fn }[] | null {
    for (const other of file.starts('timeout').slice(0, MANY)) {
      const set = other === start ? null : enclosingFunction(other.node);
      const given = other.names.get('callback');
      const next = set && set !== wanted && given ? values.functionOf(given) : null;
      if (!set || !next) continue;
      const there = set === from ? other.node : callsIn(from, set);
      const back = next === wanted ? other.node : callsIn(next, wanted);
      if (there && back)
        return [
          { node: there, fn: from },
          { node: other.node, fn: set },
          { node: back, fn: next === wanted ? set : next },
        ];
    }
    return null;
  }

  /** The call inside `fn` that runs `wanted` again. */
  function callsIn(fn: Fn, wanted: Fn): Node | null {
    const name = functionName(wanted);
    return index.calls.of(name).find((call) => isInside(call, fn) && values.functionOf(call.callee) === wanted) ?? null;
  }
}

/**
 * The wait after which a timer starts itself again, whatever happened meanwhile: who clears it then, from elsewhere,
 * clears one that has fired.
 */
export function waitBeforeAgain(start: Start, file: Judge): TSESTree.AwaitExpression | null {
  const { index, sourceCode, values } = file;
  const set = enclosingFunction(start.node);
  const ends = endsOf(start, handleOf(start, values), index, file).filter(({ differs }) => differs === null);
  if (!set || ends.length === 0 || rearms(start, file) !== 'always') return null;
  const calls = index.calls.of(functionName(set) ?? '');
  for (const again of [start.node, ...calls.filter((call) => values.functionOf(call.callee) === set)]) {
    const fn = enclosingFunction(again);
    if (!fn?.async || !isStraight(again, fn) || ends.some(({ node }) => isInside(node, fn))) continue;
    let wait: TSESTree.AwaitExpression | null = null;
    walk(sourceCode, fn.body, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'AwaitExpression' && node.range[1] < again.range[0]) wait ??= node;
      return undefined;
    });
    if (wait && (fn === set || runsFor(start, fn, file))) return wait;
  }
  return null;
}

/** `if (isThere()) resolve(); setTimeout(look, 100);`: does a run set the timer of the next also when it has answered? */
export function outlastsAnswer({ node }: Start, { values }: Judge): boolean {
  const run = enclosingFunction(node);
  const executor = executorAround(node);
  return (
    run !== null &&
    executor !== null &&
    run !== executor &&
    settlersOf(executor).some((settler) =>
      values.variable(settler)?.references.some(({ identifier }) => enclosingFunction(identifier) === run),
    )
  );
}

/** Does the timer run a function, or one that does nothing but call it? */
function runsFor({ names }: Start, fn: Fn, { values }: Judge): boolean {
  const callback = names.get('callback');
  const fired = callback && values.functionOf(callback);
  return Boolean(fired && (fired === fn || calledOnly(fired, values) === fn));
}

/** Whoever sets more timers than this takes no turns that anybody could follow. */
const MANY = 64;

const CHOICES = new Set(['IfStatement', 'ConditionalExpression', 'LogicalExpression', 'SwitchCase', 'CatchClause']);

/** Does every run of the function come to the node: no choice around it, and no way out before it? */
function isStraight(node: Node, fn: Fn): boolean {
  for (let at: Node | undefined = node; at && at !== fn; at = at.parent) {
    const { parent }: Node = at;
    if (!parent) return false;
    if (isFunction(at) && at !== node && !comesNext(at)) return false;
    if ((CHOICES.has(parent.type) && !('test' in parent && parent.test === at)) || isLoop(parent)) return false;
    if (
      parent.type === 'BlockStatement' &&
      parent.body.some((statement) => statement.range[0] < at.range[0] && mayLeave(statement))
    )
      return false;
  }
  return true;
}

/** `load().then(() => { … })`: does a promise call a function when all is well, or in any case? */
function comesNext(fn: Fn): boolean {
  const taken = argumentOf(fn);
  return taken !== null && taken.index === 0 && /^(?:then|finally)$/.test(calleeName(taken.call));
}

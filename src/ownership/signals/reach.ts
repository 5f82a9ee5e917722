import type { TSESTree } from '@typescript-eslint/utils';
import { tells } from '../../flow/conditions.js';
import type { LoopFacts } from '../../flow/loops.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, runsInPlace, SYNC_ITERATION, within } from '../../syntax/functions.js';
import { bare, calleeName, type Fn, isFunction, isLoop, type Loop, nameOf, type Node } from '../../syntax/walk.js';
import type { Oracle } from '../../types/answer.js';
import type { Owners } from '../owners/owner.js';
import { isUsedAsSignal, type Signal } from './signal.js';
import type { Signals } from './signals.js';

export type WorkFacts = LoopFacts & { readonly oracle: Oracle; readonly owners: Owners; readonly signals: Signals };

/**
 * Does code run while the signal matters? Clean-up, and what runs because of the abort, does not; a callback given away
 * may run later. What undoes nothing is no clean-up in a `catch` either.
 */
export function reachOf(node: Node, signal: Signal, facts: WorkFacts, undoesNothing = false): 'maybe' | 'no' | 'yes' {
  const { bound } = facts.signals.bindingsOf(signal);
  const mentions = (outer: Node | null | undefined): boolean => Boolean(outer && within(bound, outer).length > 0);
  const tested = bound.flatMap((mention) => testedBy(mention) ?? []);
  let answer: 'maybe' | 'yes' = 'yes';
  for (let at = node; at.parent && at !== signal.home; at = at.parent) {
    const { parent } = at;
    if (parent.type === 'TryStatement' && parent.finalizer === at) return 'no';
    if (parent.type === 'CatchClause' && !undoesNothing) return 'no';
    if (
      parent.type === 'IfStatement' &&
      parent.consequent === at &&
      within(bound, parent.test).some((mention) => saysAborted(mention))
    )
      return 'no';
    if (
      (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') &&
      parent.test !== at &&
      tells(
        bare(parent.test),
        parent.consequent === at,
        (asked, truthy) =>
          !truthy && (bound.some((mention) => bare(mention) === asked) || isMadeWith(asked, bound, facts)),
      )
    )
      return 'no';
    if (tested.some((loop) => loop.parent === parent && loop.range[1] <= at.range[0])) return 'no';
    if (
      parent.type === 'ArrayExpression' &&
      parent.elements.some((element) => element !== at && mentions(element)) &&
      isRace(parent)
    )
      return 'no';
    if (parent.type === 'CallExpression' || parent.type === 'NewExpression') {
      if (
        parent.callee !== at &&
        (parent.arguments.some((argument) => argument !== at && mentions(argument)) || mentions(parent.callee))
      )
        return 'no';
    }
    if (!isFunction(parent) || parent === signal.home) continue;
    const runs = runsFor(parent, signal, facts);
    if (runs === 'no') return 'no';
    if (runs === 'maybe') answer = 'maybe';
  }
  return answer;
}

/** `const options = signal ? { signal } : undefined`: is a name nothing only where there is no signal? */
function isMadeWith(asked: Node, signals: readonly Node[], { values }: WorkFacts): boolean {
  const made = asked.type === 'Identifier' ? values.initialOf(asked) : null;
  const test = made?.type === 'ConditionalExpression' ? bare(made.test) : null;
  return signals.some((mention) => bare(mention) === test);
}

/** The loop, one statement among others, whose test has a node. */
function testedBy(node: Node): Loop | null {
  let at = node;
  while (at.parent && !isFunction(at.parent) && !('test' in at.parent && isLoop(at.parent))) at = at.parent;
  const loop = at.parent;
  return loop && isLoop(loop) && 'test' in loop && loop.test === at && loop.parent.type === 'BlockStatement'
    ? loop
    : null;
}

function saysAborted(mention: Node): boolean {
  const { parent } = mention;
  return (
    parent?.type === 'MemberExpression' && nameOf(parent) === 'aborted' && parent.parent.type !== 'UnaryExpression'
  );
}

function isRace(array: TSESTree.ArrayExpression): boolean {
  return array.parent.type === 'CallExpression' && ['any', 'race'].includes(calleeName(array.parent));
}

/** Does a function inside run as a part of the one that has the signal? */
function runsFor(fn: Fn, signal: Signal, { values }: WorkFacts): 'maybe' | 'no' | 'yes' {
  if (!isFunction(signal.home) && enclosingFunction(fn) === null) return 'yes';
  if (runsInPlace(fn)) return 'yes';
  const taken = argumentOf(fn);
  if (taken) {
    const name = calleeName(taken.call);
    if (name === 'catch' || name === 'finally') return 'no';
    return name === 'then' || name === 'Promise' ? 'yes' : 'maybe';
  }
  if (fn.parent?.type === 'MethodDefinition') return 'yes';
  if (!values.variableOf(fn)) return 'no';
  const uses = values.readsOf(fn);
  return uses.length > 0 && uses.every((use) => enclosingFunction(use) === signal.home && isRunBy(use, values))
    ? 'yes'
    : 'maybe';
}

/** Is a function called where its name stands, by itself or by an array's method? */
function isRunBy(name: Node, values: WorkFacts['values']): boolean {
  const fate = fateOf(name, values);
  return fate.kind === 'called' || (fate.kind === 'passed' && SYNC_ITERATION.has(calleeName(fate.call)));
}

/** Does anything listen to the signal, so that work may be ended in another way? */
export function isListened({ mentions }: Signal): boolean {
  return mentions.some((mention) => {
    const { parent } = mention;
    if (parent?.type === 'MemberExpression')
      return ['addEventListener', 'onabort', 'addListener'].includes(nameOf(parent) ?? '');
    return parent?.type === 'CallExpression' && ['addAbortListener', 'aborted'].includes(calleeName(parent));
  });
}

/** The nearest loop around a node in the reach of a signal. */
export function loopInReach(node: Node, { home }: Signal): Loop | null {
  for (let at = node.parent; at && at !== home; at = at.parent) if (isLoop(at)) return at;
  return null;
}

/** Is a mention only a look at the signal, which ends nothing later? */
export function isChecked(mention: Node): boolean {
  return mention.parent?.type === 'MemberExpression' && isUsedAsSignal(mention);
}

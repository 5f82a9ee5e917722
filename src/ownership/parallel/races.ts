import type { TSESTree } from '@typescript-eslint/utils';
import { LINKS } from '../../flow/chains.js';
import { canReject } from '../../flow/rejects.js';
import { onlyResolves } from '../../flow/throws.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, isInside, loopAround, runOf } from '../../syntax/functions.js';
import { bare, dressed, type Loop, nameOf, type Node } from '../../syntax/walk.js';
import { mayRunAgain } from '../owners/once.js';
import { isPause, isQuick } from '../signals/ignored.js';
import { isBoundedLoop } from './bounds.js';
import { Arm, armsOf, awaitedInArms, type Left, type RaceFile } from './race-arms.js';

/** A race in a loop against a promise that lives longer than a round, which keeps something of every round. */
export interface LoopedRace {
  readonly call: TSESTree.CallExpression;
  readonly arm: Node;
  readonly sure: boolean;
}

/** The calls of one of the methods of `Promise` that take several promises. */
export function racesOf(name: 'all' | 'any' | 'race', { index, values }: RaceFile): TSESTree.CallExpression[] {
  return index.calls
    .of(name)
    .filter(
      (call): call is TSESTree.CallExpression =>
        call.type === 'CallExpression' &&
        values.origin(call.callee) === `Promise.${name}` &&
        call.arguments[0] !== undefined,
    );
}

/** What the losing arms of a race hold on to. */
export function leftByRace(call: TSESTree.CallExpression, file: RaceFile): Left[] {
  // Where there is one arm, it wins.
  const array = bare(call.arguments[0]!);
  if (array.type === 'ArrayExpression' && array.elements.length === 1 && array.elements[0]?.type !== 'SpreadElement')
    return [];
  const arms = armsOf(call.arguments[0]!, call, file);
  const left = [...arms, ...awaitedInArms(call, file)].flatMap((arm) => new Arm(call, file).left(arm));
  return waitsAWhile(call, arms, file)
    ? left.map((one) => (one.why === 'workLeft' ? { ...one, sure: false } : one))
    : left;
}

/**
 * `await Promise.race([save(), sleep(100)])`: does nothing tell whether the work or the pause has won? Then the work is
 * not given up, and only waited for no longer.
 */
function waitsAWhile(call: Node, arms: readonly Node[], file: RaceFile): boolean {
  const { parent } = dressed(call);
  if (parent?.type !== 'AwaitExpression' || fateOf(parent, file.values).kind !== 'dropped') return false;
  return arms.some((arm) => {
    const made = bare(file.values.initialOf(arm) ?? arm);
    return onlyResolves(made, file.values) || (made.type === 'CallExpression' && isPause(made, file));
  });
}

/** What the arms of a `Promise.all` that rejects go on doing, as far as a signal could end it. */
export function leftByAll(call: TSESTree.CallExpression, file: RaceFile): Left[] {
  const fails = armsOf(call.arguments[0]!, call, file).some((arm) =>
    canReject(file.values.initialOf(arm) ?? arm, file.values),
  );
  // Where every arm catches its own failure, all of them are waited for; and what is quick is over by then.
  return fails
    ? leftByRace(call, file).flatMap((one) =>
        (one.why === 'sleepLeft' && one.node === one.call) || (one.why === 'workLeft' && !isQuick(one.call, file))
          ? [{ ...one, sure: false }]
          : [],
      )
    : [];
}

/** The promise that outlives the loop around a race; null where there is none, and where the rounds are few. */
export function outlivesRounds(call: TSESTree.CallExpression, file: RaceFile): LoopedRace | null {
  const loop = loopAround(call);
  const array = bare(call.arguments[0]!);
  if (!loop || array.type !== 'ArrayExpression' || isBoundedLoop(loop, file)) return null;
  for (const element of array.elements) {
    const arm = element && bare(element);
    if (arm?.type !== 'Identifier' && arm?.type !== 'MemberExpression') continue;
    const lives = longerThan(loop, arm, file);
    if (lives !== 'no') return { call, arm, sure: lives === 'yes' && file.oracle.isPromise(arm) !== 'no' };
  }
  return null;
}

/**
 * The promise of an instance, by what it is called, against which a method races each time that it is called; null
 * where there is none.
 */
export function outlivesCalls(call: TSESTree.CallExpression, { values, index, oracle }: RaceFile): Node | null {
  const run = runOf(call);
  const array = bare(call.arguments[0]!);
  if (!run || array.type !== 'ArrayExpression' || array.elements.length < 2 || loopAround(call) || !mayRunAgain(run))
    return null;
  for (const element of array.elements) {
    const arm = element && firstOf(bare(element));
    const { root, path } = arm?.type === 'MemberExpression' ? values.of(arm) : { root: null, path: [] };
    const name = path.at(-1) ?? '';
    const isWritten = path.some((part) =>
      index.members.of(part).some((member) => isInside(member, run) && isAssigned(member)),
    );
    if (arm && root?.kind === 'this' && !isWritten && (/promise$/i.test(name) || oracle.isPromise(arm) === 'yes'))
      return arm;
  }
  return null;
}

/** `promise` in `promise.then(fail).catch(report)` */
function firstOf(node: Node): Node {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' && LINKS.has(nameOf(callee) ?? '') ? firstOf(bare(callee.object)) : node;
}

function longerThan(loop: Loop, arm: Node, { values, index, oracle }: RaceFile): 'maybe' | 'no' | 'yes' {
  const { root, path } = values.of(arm);
  if (oracle.isPromise(arm) === 'no') return 'no';
  if (root.kind === 'import') return 'yes';
  if (root.kind === 'this') {
    const name = path.at(-1);
    const isWritten = index.members.of(name ?? '').some((member) => isInside(member, loop) && isAssigned(member));
    return isWritten || path.length === 0 ? 'no' : oracle.isPromise(arm) === 'yes' ? 'yes' : 'maybe';
  }
  const variable = root.kind === 'variable' ? root.variable : null;
  const [definition] = variable?.defs ?? [];
  if (!variable || !definition || isInside(definition.name, loop)) return 'no';
  if (variable.references.some((reference) => reference.isWrite() && isInside(reference.identifier, loop))) return 'no';
  const isLocal = definition.type === 'Variable' && enclosingFunction(definition.name) === enclosingFunction(loop);
  // A pause is over soon enough; what it holds until then is asked of its own.
  const made = isLocal ? firstOf(values.initialOf(arm) ?? arm) : null;
  if (made?.type === 'CallExpression' && isPause(made, { values })) return 'no';
  return !isLocal && oracle.isPromise(arm) === 'yes' ? 'yes' : 'maybe';
}

function isAssigned(member: Node): boolean {
  const { parent } = dressed(member);
  return parent?.type === 'AssignmentExpression' && parent.left === dressed(member);
}

import type { TSESTree } from '@typescript-eslint/utils';
import { LAST_EVENTS } from '../../catalog/events.js';
import { TEARDOWN_METHODS } from '../../catalog/owners.js';
import { LINKS } from '../../flow/chains.js';
import { waysOut } from '../../flow/paths.js';
import { canReject } from '../../flow/rejects.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, isMaker, loopAround, runOf, within } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import {
  bare,
  type Body,
  calleeName,
  dressed,
  type Fn,
  isFunction,
  nameOf,
  type Node,
  walk,
} from '../../syntax/walk.js';
import type { SignalPosition } from '../../types/signal-positions.js';
import { endsOf, isHandedOver } from '../ends/ends.js';
import { type Handle, isHeld } from '../holders/handle.js';
import { lifeOf } from '../owners/lives.js';
import { freePosition, isPause, isQuick } from '../signals/ignored.js';
import type { WorkFacts } from '../signals/reach.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';

export interface RaceFile extends Judge, WorkFacts {
  starts(kind: 'interval' | 'listener' | 'timeout'): readonly Start[];
  handleOf(start: Start): Handle;
}

/** Something that an arm of a race goes on holding when another arm wins. */
export type Left = { readonly sure: boolean; readonly node: Node } & (
  | { readonly why: 'timerLeft' | 'listenerLeft'; readonly start: Start }
  /** A pause that a signal could end, or work that could get one. */
  | {
      readonly why: 'sleepLeft' | 'workLeft';
      readonly call: TSESTree.CallExpression;
      readonly position: SignalPosition | null;
    }
);

/** A delay of at most so many milliseconds is over before anybody can tell. */
const SHORT = 50;

/**
 * The promises that race: the items of an array, what `map` makes of each, or those of a name that nobody looks at
 * later.
 */
export function armsOf(array: Node, call: Node, file: RaceFile): Node[] {
  const node = bare(array);
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((element) =>
      element?.type === 'SpreadElement' ? armsOf(element.argument, call, file) : element ? [element] : [],
    );
  if (node.type === 'Identifier') {
    const made = file.values.initialOf(node);
    const variable = file.values.variable(node);
    const pushes = variable?.references.flatMap(({ identifier }) => pushedTo(identifier) ?? []) ?? [];
    return made && made !== node && !isReadElsewhere(variable, call, pushes)
      ? [...armsOf(made, call, file), ...pushes.flatMap((push) => push.arguments)]
      : [];
  }
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  if (
    node.type !== 'CallExpression' ||
    callee?.type !== 'MemberExpression' ||
    nameOf(callee) !== 'map' ||
    !node.arguments[0]
  )
    return [];
  const fn = bare(node.arguments[0]);
  return isFunction(fn) ? returnedBy(fn, file) : [];
}

/** What async functions wait for that `map` calls once for each arm, where the first arm decides. */
export function awaitedInArms(call: TSESTree.CallExpression, { sourceCode }: RaceFile): Node[] {
  const made = calleeName(call) === 'all' ? null : bare(call.arguments[0]!);
  const mapper =
    made?.type === 'CallExpression' && calleeName(made) === 'map' && made.arguments[0] ? bare(made.arguments[0]) : null;
  return mapper && isFunction(mapper) && mapper.async ? awaitedBy(mapper, sourceCode) : [];
}

/** The expressions that a function waits for in its own run. */
function awaitedBy(fn: Fn, sourceCode: RaceFile['sourceCode']): Node[] {
  const found: Node[] = [];
  walk(sourceCode, fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'AwaitExpression') found.push(node.argument);
    return undefined;
  });
  return found;
}

/** `arms.push(arm)`: the call that puts more into what a name holds, and does nothing else. */
function pushedTo(name: Node): TSESTree.CallExpression | null {
  const method = dressed(name).parent;
  const call = method?.type === 'MemberExpression' && nameOf(method) === 'push' ? dressed(method).parent : null;
  return call?.type === 'CallExpression' && isInside(name, call.callee) && call.parent.type === 'ExpressionStatement'
    ? call
    : null;
}

function isReadElsewhere(variable: Variable | null, call: Node, besides: readonly Node[] = []): boolean {
  return (
    variable?.references.some(
      (reference) => reference.isRead() && ![call, ...besides].some((place) => isInside(reference.identifier, place)),
    ) ?? true
  );
}

/** What a function returns on any of its ways. */
function returnedBy(fn: Fn, { sourceCode }: RaceFile): Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const found: Node[] = [];
  walk(sourceCode, fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument);
    return undefined;
  });
  return found;
}

/** The outermost function around a node, of those in a class. */
function methodAround(node: Node, body: Body): Fn | null {
  let found: Fn | null = null;
  for (let fn = enclosingFunction(node); fn && isInside(fn, body); fn = enclosingFunction(fn)) found = fn;
  return found;
}

/** Is a value passed in, so that it was there before? */
function isParameter(node: Node, { values }: RaceFile): boolean {
  const { root } = values.of(node);
  return root.kind === 'variable' && root.variable.defs[0]?.type === 'Parameter';
}

export class Arm {
  readonly #race: TSESTree.CallExpression;
  readonly #file: RaceFile;
  readonly #seen = new Set<Node>();
  #executor: Fn | null = null;

  constructor(race: TSESTree.CallExpression, file: RaceFile) {
    this.#race = race;
    this.#file = file;
  }

  /** What an arm holds when it loses. */
  left(expression: Node): Left[] {
    const node = bare(expression);
    if (this.#seen.has(node)) return [];
    this.#seen.add(node);
    switch (node.type) {
      case 'Identifier':
        return this.#named(node);
      case 'ConditionalExpression':
        return [...this.left(node.consequent), ...this.left(node.alternate)];
      case 'LogicalExpression':
        return [...this.left(node.left), ...this.left(node.right)];
      case 'NewExpression':
        return this.#executed(node);
      case 'CallExpression':
        return this.#called(node);
      default:
        return [];
    }
  }

  #named(name: TSESTree.Identifier): Left[] {
    const { values } = this.#file;
    const made = values.initialOf(name);
    if (!made || made === name) return [];
    const found = this.left(made);
    // Somebody waits for it, or looks at it, later; only a timer stays armed all the same.
    return isReadElsewhere(values.variable(name), this.#race) ? found.filter(({ why }) => why === 'timerLeft') : found;
  }

  #executed(node: TSESTree.NewExpression): Left[] {
    const { values } = this.#file;
    const executor =
      values.origin(node.callee) === 'Promise' && node.arguments[0] ? values.functionOf(node.arguments[0]) : null;
    if (!executor || this.#isStopped(node)) return [];
    this.#executor = executor;
    const started = (kind: 'interval' | 'listener' | 'timeout'): readonly Start[] =>
      within(this.#file.starts(kind), executor.body);
    return [
      ...[...started('timeout'), ...started('interval')].flatMap((start) => this.#timer(start)),
      ...started('listener').flatMap((start) => this.#listener(start)),
    ];
  }

  /** `while (!isOver) await new Promise(…)`: does a pause belong to a loop that is told after the race to stop? */
  #isStopped(pause: Node): boolean {
    const { values, sourceCode } = this.#file;
    const loop = loopAround(pause);
    let found = false;
    if (loop && 'test' in loop && loop.test && !isInside(this.#race, loop))
      walk(sourceCode, loop.test, (node) => {
        const variable = node.type === 'Identifier' ? values.variable(node) : null;
        found ||=
          variable?.references.some(
            ({ identifier, init, writeExpr }) =>
              writeExpr &&
              !init &&
              runOf(identifier) === runOf(this.#race) &&
              identifier.range[0] > this.#race.range[0],
          ) ?? false;
      });
    return found;
  }

  #timer(start: Start): Left[] {
    const delay = start.names.get('delay');
    if (
      start.signature.arguments.some((argument) => argument.kind === 'name' && argument.name === 'delay')
        ? !delay || this.#isShort(delay)
        : true
    )
      return [];
    const ended = this.#isEnded(start);
    if (ended === 'yes') return [];
    // A timer that does not keep the process alive is meant to be forgotten.
    const isUnreferenced = fateOf(start.node, this.#file.values).kind === 'receiver';
    return [{ why: 'timerLeft', node: start.node, start, sure: ended === 'no' && !isUnreferenced }];
  }

  #isShort(delay: Node): boolean {
    return (this.#file.values.number(delay) ?? Infinity) <= SHORT;
  }

  /** Is what an executor started ended whichever arm wins? */
  #isEnded(start: Start): 'maybe' | 'no' | 'yes' {
    const file = this.#file;
    const handle = file.handleOf(start);
    // What an executor returns goes nowhere.
    const isDropped =
      handle.kind === 'dropped' ||
      (handle.kind === 'gone' && handle.fate.kind === 'returned' && enclosingFunction(start.node) === this.#executor);
    if (handle.kind === 'gone' && !isDropped) return 'yes';
    const ends = isDropped ? [] : endsOf(start, handle, file.index, file).filter(({ differs }) => differs === null);
    if (ends.length === 0)
      return handle.kind === 'kept' && isHandedOver(start, handle, ends, file.index, file) ? 'yes' : 'no';
    const run = runOf(this.#race);
    const outside = ends.filter(({ node }) => runOf(node) !== run);
    if (outside.length > 0)
      return outside.every(({ node }) => this.#isAfterSuccess(node)) && this.#canReject() ? 'no' : 'yes';
    const ways = waysOut(
      run ?? file.sourceCode.ast,
      {
        starts: new Set([this.#race]),
        ends: new Set(ends.map(({ node }) => node)),
        throws: this.#canReject() ? 'await' : 'throw',
        isHandle: (node) => isHeld(node, handle, file.values),
      },
      file.values,
      file.sourceCode,
    );
    // Leaving before the end is what the code does when the timer fired.
    return ways.some(({ node }) => node.type === 'AwaitExpression') ? 'no' : 'yes';
  }

  /** `race.then((value) => { clearTimeout(timer); return value; })`: does it run only where no arm has failed? */
  #isAfterSuccess(end: Node): boolean {
    const fn = runOf(end);
    const taken = fn && argumentOf(fn);
    const callee = taken?.index === 0 ? bare(taken.call.callee) : null;
    return (
      callee?.type === 'MemberExpression' && nameOf(callee) === 'then' && dressed(this.#race) === dressed(callee.object)
    );
  }

  /** Can an arm reject, so that the race does? */
  #canReject(): boolean {
    const { values } = this.#file;
    const arms = armsOf(this.#race.arguments[0]!, this.#race, this.#file);
    return (
      arms.length === 0 ||
      arms.some((arm) => {
        const made = values.initialOf(arm) ?? bare(arm);
        const executor =
          made.type === 'NewExpression' && made.arguments[0] ? values.functionOf(made.arguments[0]) : null;
        return executor ? executor.async || executor.params.length !== 1 : canReject(made, values);
      })
    );
  }

  #listener(start: Start): Left[] {
    const file = this.#file;
    const target = start.names.get('target');
    const isListener = start.sure === 'yes' || calleeName(start.node) === 'addEventListener';
    if (!isListener || !target || start.names.has('signal')) return [];
    const life = lifeOf(target, file.owners.of(this.#race), file);
    const ends = endsOf(start, file.handleOf(start), file.index, file);
    if ((life === 'same' && !this.#isOfInstance(target)) || ends.some(({ differs }) => differs === null)) return [];
    // What tells of its end takes its listeners along.
    const isOfEnd = life !== 'longer' && LAST_EVENTS.has(file.values.text(start.names.get('type')) ?? '');
    if (isOfEnd && this.#isEndedHere(target)) return [];
    return [
      {
        why: 'listenerLeft',
        node: start.node,
        start,
        sure: !isOfEnd && (life === 'longer' || isParameter(target, file)),
      },
    ];
  }

  /** Is it the instance, or a part that it had before, which lives on when a run of one of its methods is over? */
  #isOfInstance(target: Node): boolean {
    const { values, index } = this.#file;
    const { root, path } = values.of(target);
    const run = runOf(this.#race);
    if (root.kind !== 'this' || !root.of || !run || isMaker(run)) return false;
    const body = root.of;
    return !index.members
      .of(path[0] ?? null)
      .some(
        (member) =>
          member.parent?.type === 'AssignmentExpression' &&
          member.parent.left === member &&
          isInside(this.#race, methodAround(member, body) ?? member),
      );
  }

  /** `child.kill()`: does the run of the race see to it that the target tells of its end? */
  #isEndedHere(target: Node): boolean {
    const { index, values } = this.#file;
    return TEARDOWN_METHODS.some((name) =>
      index.calls.of(name).some(({ callee }) => {
        const method = bare(callee);
        return (
          method.type === 'MemberExpression' &&
          runOf(method) === runOf(this.#race) &&
          values.same(method.object, target) === 'yes'
        );
      }),
    );
  }

  #called(call: TSESTree.CallExpression): Left[] {
    const file = this.#file;
    const callee = bare(call.callee);
    if (callee.type === 'MemberExpression' && LINKS.has(nameOf(callee) ?? '')) return this.left(callee.object);
    const origin = file.values.origin(callee) ?? '';
    if (origin === 'Promise.race' || origin === 'Promise.any' || origin === 'Promise.all')
      return armsOf(call.arguments[0] ?? call, call, file).flatMap((arm) => this.left(arm));
    const position = freePosition(call, file);
    if (position) return this.#work(call, position);
    const fn = file.values.functionOf(callee);
    // Who listens to the signal that it gets may leave its listener there.
    if (file.oracle.signalPosition(call))
      return fn ? this.#helper(call, fn).filter(({ why }) => why === 'listenerLeft') : [];
    if (fn) return this.#helper(call, fn);
    return isPause(call, file) && call.arguments.length > 0 && !this.#isShort(call.arguments[0]!)
      ? [{ why: 'sleepLeft', node: call, call, position: null, sure: false }]
      : [];
  }

  #work(call: TSESTree.CallExpression, position: SignalPosition): Left[] {
    const file = this.#file;
    if (/^node:events\.(?:EventEmitter\.)?once$/.test(file.values.origin(call.callee) ?? '')) {
      const [target, type] = call.arguments;
      const life = target ? lifeOf(target, file.owners.of(this.#race), file) : 'same';
      const isOfEnd = life !== 'longer' && LAST_EVENTS.has(file.values.text(type) ?? '');
      return life === 'same' || (isOfEnd && this.#isEndedHere(target!))
        ? []
        : [
            {
              why: 'workLeft',
              node: call,
              call,
              position,
              sure: !isOfEnd && (life === 'longer' || isParameter(target!, file)),
            },
          ];
    }
    if (isPause(call, file))
      return call.arguments[0] && this.#isShort(call.arguments[0])
        ? []
        : [{ why: 'sleepLeft', node: call, call, position, sure: true }];
    return [{ why: 'workLeft', node: call, call, position, sure: !isQuick(call, file) }];
  }

  /** A function of this file that does nothing but wait: what it starts nobody out here can end. */
  #helper(call: TSESTree.CallExpression, fn: Fn): Left[] {
    if (this.#seen.has(fn)) return [];
    this.#seen.add(fn);
    if (call.arguments[0] && this.#isShort(call.arguments[0])) return [];
    const found = fn.async ? this.#pausesIn(fn) : returnedBy(fn, this.#file).flatMap((one) => this.left(one));
    return found
      .filter(
        (one) =>
          one.why === 'timerLeft' ||
          one.why === 'sleepLeft' ||
          (one.why === 'listenerLeft' && this.#isLonger(one.start, call, fn)),
      )
      .map((one) => ({ ...one, node: call }));
  }

  /** Does what a helper listens to outlive the race: nothing that the race's own run has made and gives it? */
  #isLonger({ names }: Start, call: TSESTree.CallExpression, fn: Fn): boolean {
    const { values } = this.#file;
    const target = names.get('target');
    const { root, path } = target ? values.of(target) : { root: null, path: [] };
    const at =
      root?.kind === 'variable'
        ? fn.params.findIndex(
            (parameter) => parameter.type === 'Identifier' && values.variable(parameter) === root.variable,
          )
        : -1;
    const isOfModule =
      root?.kind === 'variable' &&
      root.variable.defs[0]?.type === 'Variable' &&
      !enclosingFunction(root.variable.defs[0].node);
    if (at < 0 || path.length > 0)
      return (
        root?.kind === 'global' ||
        root?.kind === 'import' ||
        isOfModule ||
        (root !== null && this.#isOfInstance(target!))
      );
    const given = call.arguments[at];
    return (
      given !== undefined &&
      (isParameter(given, this.#file) || lifeOf(given, this.#file.owners.of(this.#race), this.#file) === 'longer')
    );
  }

  /** The pause of an async function that waits for nothing else. */
  #pausesIn(fn: Fn): Left[] {
    const awaited = awaitedBy(fn, this.#file.sourceCode);
    const returned = returnedBy(fn, this.#file).filter((node) => this.#file.oracle.isPromise(node) === 'yes');
    return awaited.length + returned.length === 1 ? [...awaited, ...returned].flatMap((one) => this.left(one)) : [];
  }
}

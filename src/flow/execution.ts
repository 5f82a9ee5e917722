import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, UNLISTENS } from '../syntax/functions.js';
import { sameValue, type Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, type Call, type Fn, type Node } from '../syntax/walk.js';
import { isArmOfRace } from './arms.js';
import { isGuarded, isLastOfMany, isOfProcess, isWithoutSignal, runsAgain } from './choices.js';
import { Discharges } from './discharges.js';
import { asksLoaded } from './loaded.js';
import { byEmitter, missingEvent, type Wired } from './outcomes.js';
import { type WayOut, waysOut } from './paths.js';
import { quits } from './quits.js';
import { canReject } from './rejects.js';
import { Settlers } from './settlers.js';
import { isParser } from './throws.js';
import { type Discharge, ERROR_NAME, type Facts, type Unsettled } from './unsettled.js';

/** What becomes of the settlers of one promise. */
export class Execution {
  readonly #node: Call;
  readonly #executor: Fn;
  /** Where the duty begins: with the executor, or when a function makes the promise that it keeps the settlers of. */
  readonly #start: Node;
  readonly #facts: Facts;
  readonly #settlers: Settlers;
  readonly #misses = [new Map<Fn, Unsettled | null>(), new Map<Fn, Unsettled | null>()] as const;
  readonly #discharges: Discharges;
  readonly #gone: readonly Unsettled[];

  /** `gone`: reasons that are taken for repaired. */
  constructor(
    node: Call,
    executor: Fn,
    settlers: readonly Variable[],
    start: Node,
    facts: Facts,
    gone: readonly Unsettled[],
  ) {
    this.#gone = gone;
    this.#node = node;
    this.#executor = executor;
    this.#start = start;
    this.#facts = facts;
    this.#settlers = new Settlers(settlers, executor, facts);
    this.#discharges = new Discharges(executor, this.#settlers, facts, gone, {
      of: (fn, mayFail) => this.#missing(fn, mayFail),
      after: (listener, event) => this.#missingAfter(listener, event),
    });
  }

  unsettled(): Unsettled | null {
    const { values } = this.#facts;
    // Nobody waits for what nobody has; what fails in an async executor is lost all the same.
    const isDropped = fateOf(this.#node, values).kind === 'dropped';
    if (isArmOfRace(this.#node, values) || (isDropped && !this.#executor.async)) return null;
    // What settles it was set up before there was anything to settle.
    if (
      this.#start !== this.#executor &&
      this.#discharges.in(this.#executor).some(({ at }) => at.range[0] < this.#start.range[0])
    )
      return null;
    if (this.#settlers.mentions.length > 0) {
      const missing = this.#missing(this.#executor);
      return isDropped && missing?.why !== 'executorRejects' ? null : missing;
    }
    return this.#neverSettles() ? { why: 'neverSettled', sure: true, node: this.#node } : null;
  }

  /**
   * An executor that takes no settlers, or does nothing, is meant to wait for ever; only an `await` of it is a leak.
   */
  #neverSettles(): boolean {
    const { body, params } = this.#executor;
    const isMeant = params.length === 0 || (body.type === 'BlockStatement' && body.body.length === 0);
    if (isMeant && fateOf(this.#node, this.#facts.values).kind !== 'awaited') return false;
    return this.#ways(this.#executor, new Set()).length > 0;
  }

  /**
   * The ways out of a function that pass no end; a `switch` of unknown values counts as complete, and a text as JSON,
   * unless `strictly`. Those on which something is set, if `given` says what.
   */
  #ways(fn: Fn, ends: ReadonlySet<Node>, strictly = false, given?: TSESTree.Identifier): WayOut[] {
    const { values, oracle, sourceCode, index } = this.#facts;
    return waysOut(
      fn,
      {
        starts: new Set([fn === this.#executor ? this.#start : fn]),
        ends: new Set([...ends, ...quits(index, values)]),
        throws: fn.async ? 'await' : 'throw',
        // What can only be waited for in vain loses no failure.
        isHarmless: (node) => fn.async && !canReject(node, values),
        // `resolve && resolve()`, and `work && work.then(resolve)`, which is how some write `work?.then(resolve)`
        isHandle: (node) => this.#settlers.isSettler(node) || (!strictly && isAskedOfItself(node, values)),
        // What has loaded has a result.
        isOver: (node, truthy) =>
          truthy
            ? this.#settlers.saysSettled(node)
            : asksLoaded(node, this.#facts) || (given !== undefined && values.same(node, given) === 'yes'),
        ...(strictly && { isThrowing: (call) => isParser(call, values) }),
        coversAll: (discriminant, tests) =>
          strictly ? oracle.coversAll(discriminant, tests) === 'yes' : oracle.coversAll(discriminant, tests) !== 'no',
      },
      values,
      sourceCode,
    ).filter(
      (way) =>
        !runsAgain(way) &&
        (way.kind !== 'throw' || (fn.async && this.#start === this.#executor) || fn !== this.#executor),
    );
  }

  /** Why a run of a function may end without the promise being settled, and without anybody left to do it. */
  #missing(fn: Fn, mayFail = false): Unsettled | null {
    const known = this.#misses[mayFail ? 1 : 0];
    let found = known.get(fn);
    if (found === undefined) {
      // A function that calls itself settles as the rest of it does.
      known.set(fn, null);
      known.set(fn, (found = this.#missingIn(fn, mayFail)));
    }
    return found;
  }

  #missingIn(fn: Fn, mayFail: boolean): Unsettled | null {
    const all = this.#discharges.in(fn);
    const strong = all.filter(
      (one) =>
        !one.isWeak ||
        !all.some(
          (other) =>
            !other.isWeak &&
            (this.#reaches(fn, one.at, other.at) || (!other.isDirect && this.#reaches(fn, other.at, one.at))),
        ),
    );
    const ways = (but: (one: Discharge) => boolean, strictly = false): WayOut[] =>
      this.#ways(fn, new Set(strong.filter((one) => !but(one)).map(({ at }) => at)), strictly).filter(
        ({ kind }) => !(mayFail && kind === 'throw'),
      );
    const left = ways(() => false).filter(
      (one) =>
        !this.#settlers.isSettledBefore(one) &&
        !this.#isToldAnyway(one, all) &&
        !this.#isGone(fn, one) &&
        !isOfProcess(fn, one, this.#facts),
    );
    const way = left.find(
      ({ kind, node }) =>
        !(kind === 'throw' && node.type === 'AwaitExpression' && this.#facts.oracle.neverRejects(node.argument)),
    );
    if (way ?? left[0]) return way ? this.#way(fn, way) : { ...this.#way(fn, left[0]!), sure: false };
    let unlikely: Unsettled | null = null;
    for (const one of strong) {
      if (!one.miss || ways((other) => other === one).length === 0) continue;
      if (mayFail && one.miss.why === 'rejectionIgnored' && one.miss.isReturned) continue;
      // Whether the promise is settled before is decided where nobody can see it from here.
      const isSettledBefore = strong.some(({ isDirect, at }) => isDirect && this.#reaches(fn, at, one.at));
      if (one.miss.sure && !isSettledBefore) return one.miss;
      unlikely ??= { ...one.miss, sure: false };
    }
    for (const group of byEmitter(all.flatMap(({ wired }) => wired ?? []))) {
      const miss = missingEvent(
        group,
        {
          isRepaired: (wired, event) => this.#isRepaired(wired, event),
          settlesBeside: (node) => this.#settlers.settlesBeside(node),
          hears: (emitter, events) => this.#settlers.hears(emitter, events),
        },
        this.#facts,
      );
      if (miss && ways(({ wired }) => wired !== undefined && group.includes(wired)).length > 0) return miss;
    }
    if (unlikely) return unlikely;
    const [first] = all;
    // What is handed out may be one of several that somebody waits for, and the signal the end of the others.
    if (first?.takenBy && all.every(({ takenBy }) => takenBy))
      return {
        why: 'listenerTaken',
        sure: fateOf(this.#node, this.#facts.values).kind === 'awaited',
        node: first.takenBy,
      };
    const only = strong.find(({ isOnly, miss }) => isOnly && miss)?.miss;
    if (only) return { ...only, sure: false };
    const [unsure] = ways(() => false, true).filter(
      (one) => !this.#settlers.isSettledBefore(one) && !this.#isGone(fn, one) && !isOfProcess(fn, one, this.#facts),
    );
    return unsure ? { ...this.#way(fn, unsure), sure: false } : null;
  }

  /** Is a way repaired? Who catches one failure of a function catches all. */
  #isGone(fn: Fn, { node, kind }: WayOut): boolean {
    return this.#gone.some(
      (one) =>
        'way' in one &&
        (one.way.node === node || (kind === 'throw' && one.way.kind === 'throw' && one.fn === fn && fn.async)),
    );
  }

  #isRepaired({ at }: Wired, event: string): boolean {
    return this.#gone.some((one) => one.why === 'eventMissing' && one.wired.at === at && one.event === event);
  }

  /** Does every way on from one place in a function pass another? */
  #reaches(fn: Fn, from: Node, to: Node): boolean {
    const { values, sourceCode } = this.#facts;
    const left = (ends: readonly Node[]): number =>
      waysOut(
        fn,
        { starts: new Set([from]), ends: new Set(ends), throws: 'throw', isHandle: () => false },
        values,
        sourceCode,
      ).length;
    return from !== to && left([to]) < left([]);
  }

  #way(fn: Fn, way: WayOut): Unsettled {
    const isWaitedFor = this.#start === this.#executor || this.#isGivenBy(way.node);
    const sure =
      isWaitedFor &&
      !isGuarded(fn, way, { node: this.#node, executor: this.#executor }, this.#facts) &&
      !isLastOfMany(fn, way, this.#facts) &&
      !this.#settlers.keepsFailure(fn) &&
      !(fn === this.#executor && isWithoutSignal(way, this.#facts));
    const [error] = fn.params;
    if (fn === this.#executor)
      return { why: way.kind === 'throw' ? 'executorRejects' : 'notOnEveryPath', sure, node: way.node, fn, way };
    if (
      error?.type === 'Identifier' &&
      ERROR_NAME.test(error.name) &&
      way.kind !== 'throw' &&
      !this.#settlers.handsOn(error) &&
      this.#ways(fn, new Set(this.#discharges.in(fn).map(({ at }) => at)), false, error).length > 0
    ) {
      return { why: 'errorIgnored', sure, node: way.node, fn, way, error };
    }
    return { why: 'notOnEveryPath', sure, node: way.node, fn, way };
  }

  /** Does a way out give anything away after the promise has been named, so that others may wait for it? */
  #isGivenBy(way: Node): boolean {
    if (way.type !== 'ReturnStatement' || way.argument === null) return false;
    const made = fateOf(this.#node, this.#facts.values);
    return (
      made.kind !== 'local' ||
      made.variable.references.some(({ identifier, init }) => !init && identifier.range[0] < way.range[1])
    );
  }

  /** `for await (const chunk of stream)`: what fails there is the stream's `error` event, too. */
  #isToldAnyway({ node }: WayOut, all: readonly Discharge[]): boolean {
    if (node.type !== 'ForOfStatement') return false;
    const source = this.#facts.values.of(node.right);
    return all.some(({ wired }) => wired?.event === 'error' && sameValue(wired.key, source) === 'yes');
  }

  /**
   * `off('reply', onReply); if (ok) resolve();`: why a listener that takes itself off may leave the promise to nobody.
   */
  #missingAfter(fn: Fn, event: string): Unsettled | null {
    const { values, index, sourceCode } = this.#facts;
    const removal = UNLISTENS.flatMap((name) => index.calls.of(name)).find(
      ({ arguments: [type, listener] }) =>
        listener &&
        values.text(type) === event &&
        values.functionOf(listener) === fn &&
        enclosingFunction(listener) === fn,
    );
    const ends = this.#discharges.in(fn).map(({ at }) => at);
    if (!removal || ends.some((at) => at.range[0] < removal.range[0])) return null;
    const [way] = waysOut(
      fn,
      {
        starts: new Set([removal]),
        ends: new Set([...ends, ...quits(index, values)]),
        throws: 'throw',
        isHandle: () => false,
      },
      values,
      sourceCode,
    ).filter((one) => one.kind !== 'throw' && !this.#isGone(fn, one));
    return way ? this.#way(fn, way) : null;
  }
}

/** `work && work.then(resolve)`: is what is asked the one that a call is made on if it is there? */
function isAskedOfItself(node: Node, values: Values): boolean {
  const { parent } = node;
  if (parent?.type !== 'LogicalExpression' || parent.operator !== '&&' || parent.left !== node) return false;
  let at = bare(parent.right);
  while (at.type === 'CallExpression' || at.type === 'MemberExpression') {
    at = bare(at.type === 'CallExpression' ? at.callee : at.object);
    if (at.type !== 'CallExpression' && values.same(at, node) === 'yes') return true;
  }
  return false;
}

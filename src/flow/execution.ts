import type { TSESTree } from '@typescript-eslint/utils';
import { CALLED_ONCE, FINAL_EVENTS, REQUESTS } from '../catalog/outcomes.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, LISTENS, SYNC_ITERATION } from '../syntax/functions.js';
import { sameValue, type Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  dressed,
  type Fn,
  isFunction,
  isLoop,
  nameOf,
  type Node,
} from '../syntax/walk.js';
import { isArmOfRace } from './arms.js';
import { chainOf, LINKS } from './chains.js';
import { isGuarded, isLastOfMany, isOfProcess, isWithoutSignal, runsAgain } from './choices.js';
import { asksLoaded } from './loaded.js';
import { byEmitter, emitterOf, missingEvent, type Wired } from './outcomes.js';
import { type WayOut, waysOut } from './paths.js';
import { quits } from './quits.js';
import { canReject } from './rejects.js';
import { isParser } from './throws.js';
import { Settlers } from './settlers.js';
import type { Discharge, Facts, Unsettled } from './unsettled.js';

const ERROR_NAME = /^(?:er|err|error|ex|exception)\d*$/i;
const REMOVES = ['off', 'removeListener', 'removeEventListener'];
// Whoever is given a callback by these calls it whenever something happens.
const COMES_AGAIN =
  /^\$?(?:on|add|autorun|connect|createServer|createSecureServer|effect|listen|observe|push|reaction|register|subscribe|tap|unshift|watch)(?:$|[A-Z])/;

/** Events that come only where something fails. */
const FAILURES = new Set(['abort', 'error', 'messageerror', 'timeout']);

/** What becomes of the settlers of one promise. */
export class Execution {
  readonly #node: Call;
  readonly #executor: Fn;
  /** Where the duty begins: with the executor, or when a function makes the promise that it keeps the settlers of. */
  readonly #start: Node;
  readonly #facts: Facts;
  readonly #settlers: Settlers;
  readonly #misses = [new Map<Fn, Unsettled | null>(), new Map<Fn, Unsettled | null>()] as const;
  readonly #discharged = new Map<Fn, Discharge[]>();

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
  }

  unsettled(): Unsettled | null {
    const { values } = this.#facts;
    // Nobody waits for what nobody has; what fails in an async executor is lost all the same.
    if (isArmOfRace(this.#node, values) || (fateOf(this.#node, values).kind === 'dropped' && !this.#executor.async))
      return null;
    // What settles it was set up before there was anything to settle.
    if (
      this.#start !== this.#executor &&
      this.#discharges(this.#executor).some(({ at }) => at.range[0] < this.#start.range[0])
    )
      return null;
    if (this.#settlers.mentions.length > 0) return this.#missing(this.#executor);
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
   * unless `strictly`.
   */
  #ways(fn: Fn, ends: ReadonlySet<Node>, strictly = false): WayOut[] {
    const { values, oracle, sourceCode, index } = this.#facts;
    return waysOut(
      fn,
      {
        starts: new Set([fn === this.#executor ? this.#start : fn]),
        ends: new Set([...ends, ...quits(index, values)]),
        throws: fn.async ? 'await' : 'throw',
        // `resolve && resolve()`, and `work && work.then(resolve)`, which is how some write `work?.then(resolve)`
        isHandle: (node) => this.#settlers.isSettler(node) || (!strictly && isAskedOfItself(node, values)),
        // What has loaded has a result.
        isOver: (node, truthy) => (truthy ? this.#settlers.saysSettled(node) : asksLoaded(node, this.#facts)),
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
    const all = this.#discharges(fn);
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
      !this.#settlers.handsOn(error)
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

  /** The places in a function, not in those it makes, that settle the promise or hand the duty on. */
  #discharges(fn: Fn): readonly Discharge[] {
    const known = this.#discharged.get(fn);
    if (known) return known;
    const found = new Map<Node, Discharge>();
    const seen = new Set<Fn>();
    for (const mention of this.#settlers.mentions) {
      if (!isInside(mention, fn.body)) continue;
      const inner = childAround(mention, fn);
      if (inner && seen.has(inner)) continue;
      if (inner) seen.add(inner);
      let one = inner ? this.#ofInner(inner) : this.#ofMention(mention);
      // `reader.onerror = image.onerror = reject`
      for (; one; one = one.at.type === 'AssignmentExpression' ? this.#property(one.at, inner ?? mention) : null)
        found.set(one.at, hoisted(one, fn));
    }
    if (this.#settlers.helpers.has(fn))
      for (const call of this.#settlers.callsOfGiven(fn)) found.set(call, { at: call, isDirect: true });
    if (fn !== this.#executor)
      for (const call of this.#settlers.emitsIn(fn)) found.set(call, { at: call, isDirect: true });
    const all = [...found.values()];
    this.#discharged.set(fn, all);
    return all;
  }

  /** What naming a settler does to the duty of settling. */
  #ofMention(mention: Node): Discharge | null {
    // `show(<Dialog />)`: whoever shows it has the duty.
    if (mention.type === 'JSXIdentifier') return { at: mention };
    const fate = fateOf(mention, this.#facts.values);
    switch (fate.kind) {
      case 'called': {
        const fn = this.#facts.values.functionOf(fate.call.callee);
        if (fn?.async && fate.call.type === 'CallExpression') return this.#chain(fate.call);
        if (fate.call.type === 'CallExpression' && this.#settlers.isAsked(fate.call)) return null;
        const miss = fn && this.#settlers.helpers.has(fn) ? this.#missing(fn) : null;
        // What a helper leaves open where it was called before is settled already.
        return {
          at: fate.call,
          isDirect: true,
          miss: miss?.sure || (fn && this.#settlers.goesRound(fn)) ? miss : null,
        };
      }
      case 'passed':
        // Who takes a listener off hands nothing on.
        return REMOVES.includes(calleeName(fate.call)) ? null : this.#registered(fate.call, fate.index, mention);
      case 'receiver':
        return { at: fate.call ?? fate.member };
      case 'stored':
        return this.#property(mention) ?? { at: fate.in };
      case 'tested':
      case 'dropped':
      case 'voided':
        return null;
      default:
        return { at: dressed(mention) };
    }
  }

  /** What writing a function that names a settler does. */
  #ofInner(inner: Fn): Discharge | null {
    let outer = dressed(inner);
    if (this.#settlers.helpers.has(inner) && !argumentOf(outer)) return null;
    if (outer.parent?.type === 'CallExpression' && outer.parent.callee === outer) {
      return inner.async ? this.#chain(outer.parent) : { at: outer.parent, miss: this.#missing(inner) };
    }
    const fate = fateOf(outer, this.#facts.values);
    if (fate.kind === 'receiver' && fate.call && nameOf(fate.member) === 'bind') outer = dressed(fate.call);
    const taken = argumentOf(outer);
    if (taken) return this.#registered(taken.call, taken.index, inner);
    return this.#property(outer) ?? (outer.parent ? { at: outer.parent } : null);
  }

  /** A settler, or a function that settles, is given to a call. */
  #registered(call: Call, index: number, callback: Node): Discharge {
    const { values } = this.#facts;
    const callee = bare(call.callee);
    const method = callee.type === 'MemberExpression' ? (nameOf(callee) ?? '') : '';
    if (call.type === 'NewExpression' || SYNC_ITERATION.has(method)) return { at: call };
    if (LINKS.has(method)) return this.#chain(call);
    if (LISTENS.has(method) && callee.type === 'MemberExpression' && index === 1) {
      const event = values.text(call.arguments[0]);
      const once = method.toLowerCase().includes('once') || isOnce(call.arguments[2]);
      if (event !== null) {
        const takenBy = givenSignal(call.arguments[2], values);
        return { ...this.#event(callee.object, event, call, callback, once), ...(takenBy && { takenBy }) };
      }
      const listener = once ? values.functionOf(callback) : null;
      return { at: call, miss: listener && this.#missing(listener) };
    }
    const origin = values.origin(callee) ?? '';
    if (REQUESTS.test(origin)) return this.#event(call, 'response', call, callback, true);
    if (this.#settlers.isSettler(callback)) return { at: call };
    const fn = values.functionOf(callback);
    if (!fn || /(?:^|\.)setInterval$/.test(origin)) return { at: call };
    const miss = this.#missing(fn);
    const isLast = index === call.arguments.length - 1;
    const [error] = fn.params;
    const isErrorFirst = isLast && error?.type === 'Identifier' && ERROR_NAME.test(error.name);
    // Others may call it again, and then it settles on another day.
    const isCalledOnce = CALLED_ONCE.test(origin) || isErrorFirst;
    const comesAgain = !isCalledOnce && COMES_AGAIN.test(calleeName(call)) && miss?.why === 'notOnEveryPath';
    return { at: call, miss: miss && !comesAgain ? { ...miss, sure: miss.sure && isCalledOnce } : null };
  }

  /** `image.onload = resolve` */
  #property(value: Node, callback = value): Discharge | null {
    const at = dressed(value).parent;
    const left = at?.type === 'AssignmentExpression' && at.right === dressed(value) ? bare(at.left) : null;
    if (at?.type !== 'AssignmentExpression' || left?.type !== 'MemberExpression') return null;
    const event = /^on([a-z]+)$/.exec(nameOf(left) ?? '')?.[1];
    return event === undefined ? null : this.#event(left.object, event, at, callback, false);
  }

  #event(target: Node, event: string, at: Wired['at'], callback: Node, once: boolean): Discharge {
    const fn = this.#settlers.isSettler(callback) ? null : this.#facts.values.functionOf(callback);
    const isLast = once || (FINAL_EVENTS.has(event) && !this.#asksState(fn));
    const miss = fn && (isLast ? this.#missing(fn) : this.#missingAfter(fn, event));
    const emitter = emitterOf(target, this.#facts.values);
    // What has taken itself off is as little called again as what comes once.
    const isOnly = (once || (!isLast && miss !== null)) && !FINAL_EVENTS.has(event);
    return { at, wired: { ...emitter, event, at }, isWeak: FAILURES.has(event), miss, isOnly };
  }

  /**
   * `off('reply', onReply); if (ok) resolve();`: why a listener that takes itself off may leave the promise to nobody.
   */
  #missingAfter(fn: Fn, event: string): Unsettled | null {
    const { values, index, sourceCode } = this.#facts;
    const removal = REMOVES.flatMap((name) => index.calls.of(name)).find(
      ({ arguments: [type, listener] }) =>
        listener &&
        values.text(type) === event &&
        values.functionOf(listener) === fn &&
        enclosingFunction(listener) === fn,
    );
    const ends = this.#discharges(fn).map(({ at }) => at);
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

  /**
   * `if (reader.readyState === FileReader.DONE)`: whoever asks knows that the event may come too soon, or that it does
   * not.
   */
  #asksState(fn: Fn | null): boolean {
    return fn !== null && this.#facts.index.members.of('readyState').some((member) => isInside(member, fn));
  }

  /** `work().then(resolve, reject)`: does a settler hear of both ends of the work? */
  #chain(link: TSESTree.CallExpression): Discharge {
    const { values, oracle } = this.#facts;
    const { base, links, top } = chainOf(link);
    const own = base.type === 'CallExpression' ? values.functionOf(base.callee) : null;
    const settles = own !== null && this.#settlers.mentions.some((mention) => isInside(mention, own.body));
    let fulfilled = !settles || this.#missing(own, true) !== null;
    let rejected = canReject(base, values) && (!settles || this.#missing(own) !== null);
    const leaves = (handler: Node | undefined): boolean => {
      if (!handler || this.#settlers.isSettler(handler)) return false;
      const fn = values.functionOf(handler);
      return !fn || this.#missing(fn, true) !== null;
    };
    for (const { callee, arguments: args } of links) {
      const method = nameOf(bare(callee));
      if (method === 'finally') {
        if (args[0] && !leaves(args[0])) [fulfilled, rejected] = [false, false];
        continue;
      }
      const [onFulfilled, onRejected] = method === 'then' ? args : [undefined, args[0]];
      const stillFulfilled = fulfilled && (!onFulfilled || leaves(onFulfilled));
      fulfilled = stillFulfilled || (onRejected !== undefined && rejected && leaves(onRejected));
      if (onRejected) rejected = false;
    }
    const fate = fateOf(top, values).kind;
    const isDropped = fate === 'dropped' || fate === 'voided' || fate === 'returned';
    if (!isDropped || !(fulfilled || rejected)) return { at: top };
    // What cannot fail may still end without settling.
    if (settles && !rejected) return { at: top, miss: this.#missing(own, true) };
    const isGone = this.#gone.some((one) => one.why === 'rejectionIgnored' && one.chain === top);
    if (isGone || !rejected) {
      const handlers = links.flatMap(({ arguments: args }) =>
        args.flatMap((handler) => values.functionOf(handler) ?? []),
      );
      const miss =
        [...(settles ? [own] : []), ...handlers]
          .map((handler) => this.#missing(handler, true))
          .find((one) => one !== null) ?? null;
      if (isGone || miss?.sure) return { at: top, miss };
    }
    const sure = settles || (oracle.isPromise(base) === 'yes' && (fulfilled || !oracle.neverRejects(base)));
    // A promise of somebody else, by its name, may be one that only ever resolves.
    if (!sure && base.type === 'Identifier') return { at: top };
    const isReturned = fate === 'returned' && !fulfilled;
    return { at: top, miss: { why: 'rejectionIgnored', sure, node: top, chain: top, isReturned } };
  }
}

/** `{ once: true }` */
function isOnce(options: Node | undefined): boolean {
  const once = optionOf(options, 'once');
  return once?.type === 'Literal' && once.value === true;
}

/** The signal among the options of a listener, where it is one that somebody passed in. */
function givenSignal(options: Node | undefined, values: Values): Node | null {
  const signal = optionOf(options, 'signal');
  const { root, path } = signal ? values.of(signal) : { root: null, path: [] };
  return root?.kind === 'variable' && path.length === 0 && root.variable.defs[0]?.type === 'Parameter' ? signal : null;
}

function optionOf(options: Node | undefined, name: string): Node | null {
  const found =
    options?.type === 'ObjectExpression' ? options.properties.find((one) => nameOf(one) === name) : undefined;
  return found?.type === 'Property' ? bare(found.value) : null;
}

/** The outermost function below `fn` that a node is in. */
function childAround(node: Node, fn: Fn): Fn | null {
  let child: Fn | null = null;
  for (let at = enclosingFunction(node); at && at !== fn; at = enclosingFunction(at)) child = at;
  return child;
}

/** Callbacks that a loop registers share the duty; and nobody means the loop to be given nothing. */
function hoisted(one: Discharge, fn: Fn): Discharge {
  if (one.isDirect) return one;
  for (let at = one.at.parent; at && at !== fn && !isFunction(at); at = at.parent) {
    if (!isLoop(at)) continue;
    const header = at.type === 'ForOfStatement' || at.type === 'ForInStatement' ? at.right : at.test;
    if (header) return { at: header };
  }
  return one;
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

import type { TSESTree } from '@typescript-eslint/utils';
import { CALLED_ONCE, FINAL_EVENTS, REQUESTS, TOLD_APART } from '../catalog/outcomes.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, LISTENS, SYNC_ITERATION, UNLISTENS } from '../syntax/functions.js';
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
import { chainOf, LINKS } from './chains.js';
import { emitterOf, type Wired } from './outcomes.js';
import { canReject } from './rejects.js';
import type { Settlers } from './settlers.js';
import { type Discharge, ERROR_NAME, type Facts, type Unsettled } from './unsettled.js';

// Whoever is given a callback by these calls it whenever something happens.
const COMES_AGAIN =
  /^\$?(?:on|add|autorun|connect|createServer|createSecureServer|effect|listen|observe|push|reaction|register|subscribe|tap|unshift|watch)(?:$|[A-Z])/;

/** Events that come only where something fails. */
const FAILURES = new Set(['abort', 'error', 'messageerror', 'timeout']);

/** Why the promise may stay open, as far as the runs of its functions show. */
export interface Misses {
  /** Why a run of a function may end without settling; failures do not count where `mayFail`. */
  of(fn: Fn, mayFail?: boolean): Unsettled | null;
  /** Why a listener of an event that takes itself off may leave the promise to nobody. */
  after(listener: Fn, event: string): Unsettled | null;
}

/** Finds the places that settle a promise, or hand the duty of it on. */
export class Discharges {
  readonly #executor: Fn;
  readonly #settlers: Settlers;
  readonly #facts: Facts;
  readonly #gone: readonly Unsettled[];
  readonly #misses: Misses;
  readonly #found = new Map<Fn, Discharge[]>();

  constructor(executor: Fn, settlers: Settlers, facts: Facts, gone: readonly Unsettled[], misses: Misses) {
    this.#executor = executor;
    this.#settlers = settlers;
    this.#facts = facts;
    this.#gone = gone;
    this.#misses = misses;
  }

  /** The places in a function, not in those it makes, that settle the promise or hand the duty on. */
  in(fn: Fn): readonly Discharge[] {
    const known = this.#found.get(fn);
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
    this.#found.set(fn, all);
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
        const miss = fn && this.#settlers.helpers.has(fn) ? this.#misses.of(fn) : null;
        // What a helper leaves open where it was called before is settled already.
        return {
          at: fate.call,
          isDirect: true,
          miss: miss?.sure || (fn && this.#settlers.goesRound(fn)) ? miss : null,
        };
      }
      case 'passed':
        // Who takes a listener off hands nothing on.
        return UNLISTENS.includes(calleeName(fate.call)) ? null : this.#registered(fate.call, fate.index, mention);
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
    if (outer.parent?.type === 'CallExpression' && outer.parent.callee === outer) {
      return inner.async ? this.#chain(outer.parent) : { at: outer.parent, miss: this.#misses.of(inner) };
    }
    if (this.#settlers.helpers.has(inner) && !argumentOf(outer)) return null;
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
      return { at: call, miss: listener && this.#misses.of(listener) };
    }
    const origin = values.origin(callee) ?? '';
    if (REQUESTS.test(origin)) return this.#event(call, 'response', call, callback, true);
    if (call.type === 'CallExpression' && this.#isDeaf(call)) {
      return { at: call, miss: { why: 'rejectionIgnored', sure: true, node: call, chain: call, isReturned: false } };
    }
    if (this.#settlers.isSettler(callback)) return { at: call };
    const fn = values.functionOf(callback);
    if (!fn || /(?:^|\.)setInterval$/.test(origin)) return { at: call };
    const miss = this.#misses.of(fn);
    const isLast = index === call.arguments.length - 1;
    const [error] = fn.params;
    const isErrorFirst = isLast && error?.type === 'Identifier' && ERROR_NAME.test(error.name);
    // Others may call it again, and then it settles on another day.
    const isCalledOnce = CALLED_ONCE.test(origin) || isErrorFirst;
    const comesAgain = !isCalledOnce && COMES_AGAIN.test(calleeName(call)) && miss?.why === 'notOnEveryPath';
    return { at: call, miss: miss && !comesAgain ? { ...miss, sure: miss.sure && isCalledOnce } : null };
  }

  /** `geolocation.getCurrentPosition(resolve)`: does a call get a callback for success, and none for its failure? */
  #isDeaf(call: TSESTree.CallExpression): boolean {
    const at = TOLD_APART.get(calleeName(call));
    return (
      at !== undefined &&
      call.callee.type === 'MemberExpression' &&
      call.arguments.length === at &&
      call.arguments.every(({ type }) => type !== 'SpreadElement') &&
      !this.#gone.some((one) => one.why === 'rejectionIgnored' && one.chain === call)
    );
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
    const miss = fn && (isLast ? this.#misses.of(fn) : this.#misses.after(fn, event));
    const emitter = emitterOf(target, this.#facts.values);
    // What has taken itself off is as little called again as what comes once.
    const isOnly = (once || (!isLast && miss !== null)) && !FINAL_EVENTS.has(event);
    return { at, wired: { ...emitter, event, at }, isWeak: FAILURES.has(event), miss, isOnly };
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
    let fulfilled = !settles || this.#misses.of(own, true) !== null;
    let rejected = canReject(base, values) && (!settles || this.#misses.of(own) !== null);
    const leaves = (handler: Node | undefined): boolean => {
      if (!handler || this.#settlers.isSettler(handler)) return false;
      const fn = values.functionOf(handler);
      return !fn || this.#misses.of(fn, true) !== null;
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
    if (settles && !rejected) return { at: top, miss: this.#misses.of(own, true) };
    const isGone = this.#gone.some((one) => one.why === 'rejectionIgnored' && one.chain === top);
    if (isGone || !rejected) {
      const handlers = links.flatMap(({ arguments: args }) =>
        args.flatMap((handler) => values.functionOf(handler) ?? []),
      );
      const miss =
        [...(settles ? [own] : []), ...handlers]
          .map((handler) => this.#misses.of(handler, true))
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

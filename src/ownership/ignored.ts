import type { TSESTree } from '@typescript-eslint/utils';
import { LINKS } from '../flow/chains.js';
import { type LoopFacts, stopOf, waits, yields } from '../flow/loops.js';
import { selfCalls } from '../flow/recursion.js';
import { fateOf } from '../syntax/fate.js';
import {
  argumentOf,
  enclosingFunction,
  isInside,
  runOf,
  runsInPlace,
  SYNC_ITERATION,
  within,
} from '../syntax/functions.js';
import {
  bare,
  type Call,
  calleeName,
  type Fn,
  isFunction,
  isLoop,
  type Loop,
  nameOf,
  type Node,
  walk,
} from '../syntax/walk.js';
import type { Oracle, SignalPosition } from '../types/answer.js';
import type { Owners } from './owner.js';
import { isUsedAsSignal, type Signal, type Signals } from './signals.js';

/** Work that a signal could end and that does not get it. */
export interface IgnoredWork {
  readonly call: Call;
  readonly position: SignalPosition;
  /** Another signal that it gets instead, which nothing links to this one. */
  readonly other: Node | null;
  readonly sure: boolean;
  /** Does it end by itself before long, as a pause does? */
  readonly isShort: boolean;
}

export type WorkFacts = LoopFacts & { readonly oracle: Oracle; readonly owners: Owners; readonly signals: Signals };

/** The calls in the reach of a signal that take one and do not get it. */
export function ignoredWork(signal: Signal, facts: WorkFacts): IgnoredWork[] {
  const found: IgnoredWork[] = [];
  walk(facts.sourceCode, signal.home, (node) => {
    if (isFunction(node) && node !== signal.home && facts.signals.takenBy(node)) return false;
    if (node.type === 'CallExpression') found.push(...workOf(node, signal, facts));
    return undefined;
  });
  return found;
}

function workOf(call: TSESTree.CallExpression, signal: Signal, facts: WorkFacts): IgnoredWork[] {
  const position = facts.oracle.signalPosition(call);
  if (!position || !isWork(call, facts)) return [];
  const given = givenTo(call, position, signal, facts);
  if (given === 'given') return [];
  const reach = reachOf(call, signal, facts);
  if (reach === 'no' || isCleanUp(call, signal, facts)) return [];
  const pauses = isPause(call, facts);
  if (pauses && isOver(call, facts)) return [];
  const isShort = pauses && isBrief(call, facts);
  // What a field keeps is for all who ask for it, and has an owner who may end it in another way.
  if (isShared(call, facts.values)) return [];
  const other = given === 'missing' || given === 'perhaps' ? null : given;
  const sure =
    signal.sure &&
    reach === 'yes' &&
    given !== 'perhaps' &&
    !isListened(signal) &&
    !isQuick(call, facts) &&
    !(pauses && (loopAround(call, signal) || goesRound(signal, facts))) &&
    !(other && signal.home.type !== 'ArrowFunctionExpression' && !isFunction(signal.home));
  return [{ call, position, other, sure, isShort }];
}

/** Is a promise, or what follows it, kept in a field, itself or by a name: `this.ready = ready`? */
function isShared(node: Node, values: WorkFacts['values']): boolean {
  const fate = fateOf(node, values);
  if (fate.kind === 'receiver' && fate.call && LINKS.has(nameOf(fate.member) ?? '')) return isShared(fate.call, values);
  return (
    fate.kind === 'field' ||
    (fate.kind === 'local' &&
      fate.variable.references.some(({ identifier, init }) => !init && fateOf(identifier, values).kind === 'field'))
  );
}

/** The calls in the own run of some code that take a signal, and get none. */
export function signalTakers(node: Fn | Loop, facts: WorkFacts): Pick<IgnoredWork, 'call' | 'position'>[] {
  const found: Pick<IgnoredWork, 'call' | 'position'>[] = [];
  walk(facts.sourceCode, node, (at) => {
    if (isFunction(at) && at !== node) return false;
    const position = at.type === 'CallExpression' ? facts.oracle.signalPosition(at) : null;
    if (position && at.type === 'CallExpression' && isWork(at, facts) && isFree(at, position, facts))
      found.push({ call: at, position });
    return undefined;
  });
  return found;
}

/** Where a call takes a signal that nobody gives it; null where it takes none or has one. */
export function freePosition(call: TSESTree.CallExpression, facts: WorkFacts): SignalPosition | null {
  const position = facts.oracle.signalPosition(call);
  return position && isFree(call, position, facts) ? position : null;
}

function isFree(call: TSESTree.CallExpression, position: SignalPosition, facts: WorkFacts): boolean {
  const { given } = slotOf(call, position, facts);
  return (
    given === null || (position.property !== null && inOptions(given, position.property, null, facts) === 'missing')
  );
}

/** Is there anything to end: a promise, a source of `for await`, a process that is not meant to live on? */
function isWork(call: TSESTree.CallExpression, { values, oracle }: WorkFacts): boolean {
  // What is over when it returns cannot be ended.
  if (isDetached(call, values) || calleeName(call).endsWith('Sync')) return false;
  const fate = fateOf(call, values);
  if (fate.kind === 'awaited') return true;
  if (fate.kind === 'iterated') return fate.loop.type === 'ForOfStatement' && fate.loop.await;
  return (
    oracle.isPromise(call) === 'yes' ||
    /^node:(?:child_process|https?)\.\w+(?<!Sync)$/.test(values.origin(call.callee) ?? '')
  );
}

function isDetached(call: TSESTree.CallExpression, values: WorkFacts['values']): boolean {
  return call.arguments.some((argument) => {
    const options = values.initialOf(argument);
    return (
      options?.type === 'ObjectExpression' &&
      options.properties.some((one) => one.type === 'Property' && nameOf(one) === 'detached')
    );
  });
}

/** Where the options with the signal, or the signal itself, stand among the arguments of a call, or belong. */
export function slotOf(
  call: Call,
  position: SignalPosition,
  { values, oracle }: Pick<WorkFacts, 'oracle' | 'values'>,
): { readonly index: number; readonly given: Node | null } {
  const last = call.arguments.at(-1);
  if (position.index < 0) {
    const isOptions =
      last &&
      (values.initialOf(last)?.type === 'ObjectExpression' ||
        oracle.signalProperty(last) !== null ||
        /^(?:opt|init|config)/i.test(last.type === 'Identifier' ? last.name : ''));
    return isOptions
      ? { index: call.arguments.length - 1, given: last }
      : { index: call.arguments.length, given: null };
  }
  // The list of arguments, or the address, before the options is optional.
  const before = call.arguments[position.index - 1];
  const isEarlier =
    before?.type === 'ObjectExpression' &&
    /^(?:node:(?:child_process|https?)|got|execa)\./.test(values.origin(call.callee) ?? '');
  const index = isEarlier ? position.index - 1 : position.index;
  const given = call.arguments[index];
  return { index, given: !given || isFunction(bare(given)) || oracle.isFunction(given) === 'yes' ? null : given };
}

const READS_STREAM = /^node:stream(?:\/promises)?\.(?:pipeline|finished)$/;

/**
 * `given`: it has the signal, or may have it; `perhaps`: options that this file does not show; else another signal in
 * its place.
 */
function givenTo(
  call: TSESTree.CallExpression,
  position: SignalPosition,
  signal: Signal,
  facts: WorkFacts,
): Node | 'given' | 'missing' | 'perhaps' {
  const { bound, results } = facts.signals.bindingsOf(signal);
  if (within(bound, call).length > 0 || within(results, call.callee).length > 0) return 'given';
  // A stream that breaks off takes along what reads it.
  if (
    READS_STREAM.test(facts.values.origin(call.callee) ?? '') &&
    call.arguments[0] &&
    within(results, call.arguments[0]).length > 0
  )
    return 'given';
  // What a listener of the signal ends: `signal.addEventListener('abort', () => child.kill())`.
  const fate = fateOf(call, facts.values);
  if (fate.kind === 'local' && fate.variable.references.some(({ identifier }) => within(bound, identifier).length > 0))
    return 'given';
  if (call.arguments.some(({ type }) => type === 'SpreadElement')) return 'given';
  // A request carries its own signal.
  if (call.arguments[0] && facts.oracle.is(call.arguments[0], 'Request') === 'yes') return 'given';
  const { given } = slotOf(call, position, facts);
  if (!given) return 'missing';
  return position.property === null ? other(given, facts) : inOptions(given, position.property, signal, facts);
}

function inOptions(
  given: Node,
  property: string,
  signal: Signal | null,
  facts: WorkFacts,
): Node | 'given' | 'missing' | 'perhaps' {
  const node = bare(given);
  if (
    node.type === 'Literal' ||
    node.type === 'TemplateLiteral' ||
    (node.type === 'Identifier' && node.name === 'undefined')
  )
    return 'missing';
  const options = facts.values.initialOf(node);
  if (options?.type === 'ObjectExpression') {
    if (options !== node && isSetLater(node, property, facts)) return 'given';
    const taken = options.properties.find(
      (one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === property,
    );
    if (taken) return other(taken.value, facts);
    const spreads = options.properties
      .filter((one) => one.type === 'SpreadElement')
      .map((one) => inOptions(one.argument, property, signal, facts));
    return spreads.find((one) => one !== 'missing') ?? 'missing';
  }
  if (node.type === 'Identifier' && isRestWithout(node, property, facts)) return 'missing';
  if (options?.type === 'ConditionalExpression') return 'given';
  // Options of somebody else may hold a signal; when nobody looks at this one at all, it is ignored all the same.
  return signal?.mentions.length === 0 && node.type === 'Identifier' ? 'perhaps' : 'given';
}

/** `const { signal, ...rest } = options` */
function isRestWithout(name: TSESTree.Identifier, property: string, { values }: WorkFacts): boolean {
  const definition = values.variable(name)?.defs[0];
  const pattern =
    definition && 'name' in definition && definition.name.parent?.type === 'RestElement'
      ? definition.name.parent.parent
      : null;
  return (
    pattern?.type === 'ObjectPattern' &&
    pattern.properties.some((one) => one.type === 'Property' && nameOf(one) === property)
  );
}

function isSetLater(name: Node, property: string, { index, values }: WorkFacts): boolean {
  return (index.members.get(property) ?? []).some((member) => values.same(member.object, name) === 'yes');
}

/** A signal that the function made by itself; others may be linked where this file does not show it. */
function other(value: Node, { values }: WorkFacts): Node | 'given' | 'missing' {
  const node = bare(value);
  if (node.type === 'Identifier' && node.name === 'undefined') return 'missing';
  const made = values.initialOf(node);
  if (made?.type === 'CallExpression' && values.origin(made.callee) === 'AbortSignal.timeout') return value;
  const anonymous = node.type === 'MemberExpression' && nameOf(node) === 'signal' ? bare(node.object) : null;
  if (anonymous?.type === 'NewExpression' && values.origin(anonymous.callee) === 'AbortController') return value;
  const { root, path } = values.of(node);
  const definition = root.kind === 'variable' && path.join('.') === 'signal' ? root.variable.defs[0] : undefined;
  const holder = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  return holder?.type === 'NewExpression' && values.origin(holder.callee) === 'AbortController' ? value : 'given';
}

/**
 * Does code run while the signal matters? Clean-up, and what runs because of the abort, does not; a callback given away
 * may run later.
 */
function reachOf(node: Node, signal: Signal, facts: WorkFacts): 'maybe' | 'no' | 'yes' {
  const { bound } = facts.signals.bindingsOf(signal);
  const mentions = (outer: Node | null | undefined): boolean => Boolean(outer && within(bound, outer).length > 0);
  const tested = bound.flatMap((mention) => testedBy(mention) ?? []);
  let answer: 'maybe' | 'yes' = 'yes';
  for (let at = node; at.parent && at !== signal.home; at = at.parent) {
    const { parent } = at;
    if (parent.type === 'CatchClause' || (parent.type === 'TryStatement' && parent.finalizer === at)) return 'no';
    if (
      parent.type === 'IfStatement' &&
      parent.consequent === at &&
      within(bound, parent.test).some((mention) => saysAborted(mention))
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

/** Does a call run where its instance ends, or when its own controller has been aborted, and is not made again? */
function isCleanUp(call: Node, { home }: Signal, { index, values, owners }: WorkFacts): boolean {
  if (isFunction(home)) return false;
  const run = runOf(call);
  if (run && owners.instance(home).teardown?.functions.includes(run)) return true;
  const before = (word: string): readonly Call[] =>
    (index.calls.get(word) ?? []).filter(
      (one) => one.range[0] < call.range[0] && runOf(one) === run && values.of(one.callee).root.kind === 'this',
    );
  return (
    before('abort').some((one) => one.parent.type === 'ExpressionStatement') &&
    !(index.calls.get('AbortController') ?? []).some((one) => runOf(one) === run)
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
  const id =
    fn.id ?? (fn.parent?.type === 'VariableDeclarator' && fn.parent.id.type === 'Identifier' ? fn.parent.id : null);
  const uses = (id && values.variable(id)?.references.filter((reference) => reference.isRead())) ?? [];
  if (!id) return 'no';
  return uses.length > 0 &&
    uses.every(({ identifier }) => enclosingFunction(identifier) === signal.home && isRunBy(identifier, values))
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

export function isPause(call: Call, { values }: WorkFacts): boolean {
  return (
    /^node:timers(?:\/promises|\.promises)\./.test(values.origin(call.callee) ?? '') ||
    /^(?:sleep|delay|pause|timeout|wait(?:For(?:Timeout|Ms|Seconds)|Ms|Seconds)?$)/i.test(calleeName(call))
  );
}

/** Less than a second is soon over, even for somebody who waits for the abort. */
const BRIEF = 1000;

/** Does a pause say that it is soon over? */
function isBrief({ arguments: [delay] }: Call, { values }: WorkFacts): boolean {
  const { root } = delay ? values.of(delay) : { root: null };
  return delay === undefined || (root?.kind === 'literal' && Number(root.value) < BRIEF);
}

/** Does the function that has the signal call itself, so that it may look at the signal in each round? */
function goesRound({ home, mentions }: Signal, facts: WorkFacts): boolean {
  return isFunction(home) && mentions.some((mention) => isChecked(mention)) && selfCalls(home, facts).length > 0;
}

/** Is a pause over before anybody can tell: `sleep(0)`? */
function isOver({ arguments: [delay] }: Call, { values }: WorkFacts): boolean {
  const { root } = delay ? values.of(delay) : { root: null };
  return root?.kind === 'literal' && typeof root.value === 'number' && root.value < 5;
}

/** Reads and writes of files end by themselves before long. */
export function isQuick(call: Call, { values }: WorkFacts): boolean {
  return /^node:fs\b/.test(values.origin(call.callee) ?? '');
}

/**
 * Loops over awaits in the reach of a signal that they neither look at nor hand on, and that end by themselves; the
 * outer one speaks for those in it.
 */
export function ignoredLoops(signal: Signal, facts: WorkFacts): { readonly loop: Loop; readonly sure: boolean }[] {
  if (isListened(signal)) return [];
  return within(facts.index.loops, signal.home).flatMap((loop) => {
    if (loopAround(loop, signal) || facts.signals.reach(loop) !== signal || getsSignal(loop, signal, facts.signals))
      return [];
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
              isFunction(signal.home) &&
              signal.mentions.every((mention) => isChecked(mention)),
          },
        ];
  });
}

/** The nearest loop around a node in the reach of a signal. */
export function loopAround(node: Node, { home }: Signal): Loop | null {
  for (let at = node.parent; at && at !== home; at = at.parent) if (isLoop(at)) return at;
  return null;
}

/** Is a mention only a look at the signal, which ends nothing later? */
function isChecked(mention: Node): boolean {
  return mention.parent?.type === 'MemberExpression' && isUsedAsSignal(mention);
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

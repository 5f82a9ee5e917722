import { FINAL_EVENTS } from '../../catalog/outcomes.js';
import { cached, memoize, push } from '../../maps.js';
import { isInside, runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, type Fn, type Index, nameOf, type Node } from '../../syntax/walk.js';
import { NO_HANDLE } from '../holders/handle.js';
import type { Facts } from '../starts/match.js';
import type { Start } from '../starts/starts.js';
import { ANY, endsOf, keyOf } from './ends.js';
import { settlersOf } from './settling.js';

/** What was started on one target in one run. */
interface Family {
  readonly target: Node;
  readonly starts: Start[];
  end?: Call | null;
  removed?: readonly Removed[];
}

/** A one-shot of a family, and what takes it off. */
interface Removed {
  readonly start: Start;
  readonly by: Call;
}

/**
 * An end of another resource of the same kind that was started on the same target in the same run, and that ends
 * elsewhere:
 * whoever wrote it knew that the target lives on. Null when there is none.
 */
export function siblingEnd(start: Start, starts: readonly Start[], index: Index, facts: Facts): Call | null {
  const family = familyOf(start, starts, facts.values);
  if (!family) return null;
  if (family.end === undefined) family.end = endElsewhere(family.starts, index, facts);
  return family.end;
}

function endElsewhere(starts: readonly Start[], index: Index, facts: Facts): Call | null {
  const likely: Call[] = [];
  for (const start of starts) {
    const own = listenerOf(start, facts.values);
    for (const { differs, sure, node } of endsOf(start, NO_HANDLE, index, facts)) {
      // `removeAllListeners()` says nothing about one of them, nor does a listener that takes itself off.
      if (differs !== null || runOf(node) === runOf(start.node) || node.arguments.length < 2) continue;
      if (own && isInside(node, own)) continue;
      if (sure === 'yes') return node;
      if (isNamed(start, facts.values) && namesListener(node, start)) likely.push(node);
    }
  }
  // One removal may be that of a namesake; two beside each other are not.
  return likely.find((node) => likely.some((other) => other !== node && runOf(other) === runOf(node))) ?? null;
}

/** What was started in one run, on whatever targets. */
interface Team {
  readonly starts: Start[];
  removals?: readonly Removal[];
}

/** A removal of one of a team, in another run. */
interface Removal {
  readonly of: Start;
  readonly node: Call;
  readonly target: Node;
  /** May it be that of a namesake? */
  readonly sure: boolean;
}

/** What starts together, by the run that starts it. */
const teamsOf = memoize((starts: readonly Start[]): ReadonlyMap<Fn | null, Team> => {
  const byRun = new Map<Fn | null, Team>();
  for (const one of starts) cached(byRun, runOf(one.node), (): Team => ({ starts: [] })).starts.push(one);
  return byRun;
});

/**
 * Where another function takes off what was started in the same run as this start: it is the other half of that run,
 * and forgets this one.
 * `isPair` where it takes off two at least from the same target.
 */
export function otherHalf(
  start: Start,
  starts: readonly Start[],
  index: Index,
  facts: Facts,
): { readonly node: Call; readonly isPair: boolean } | null {
  const target = targetOf(start);
  if (!target) return null;
  const removals = removalsOf(start, starts, index, facts).filter(
    (one) => !goesOnWithout(start, one.of, starts, facts.values),
  );
  const beside = removals.filter((one) => facts.values.same(one.target, target) === 'yes');
  const pair = beside.find((one) => isOneOfTwo(one, beside));
  const known = pair ?? [...beside, ...removals].find((one) => one.sure || isOneOfTwo(one, removals));
  return known ? { node: known.node, isPair: pair !== undefined } : null;
}

/** Does another run add what stood beside a start once more, and not that start, so that only the former was to pause? */
function goesOnWithout(start: Start, beside: Start, starts: readonly Start[], values: Values): boolean {
  const runsOf = (one: Start): (Fn | null)[] =>
    namesakes(one, starts, values)
      .filter((other) => other !== one && isSame(other, one, values))
      .map(({ node }) => runOf(node));
  const again = runsOf(start);
  return runsOf(beside).some((run) => run !== runOf(start.node) && !again.includes(run));
}

/** One removal may be that of a namesake; two beside each other are not. */
function isOneOfTwo({ node }: Removal, removals: readonly Removal[]): boolean {
  return removals.some((other) => other.node !== node && runOf(other.node) === runOf(node));
}

/** The removals of what was started in the run of a start, found once for all of them. */
function removalsOf(start: Start, starts: readonly Start[], index: Index, facts: Facts): readonly Removal[] {
  const team = teamsOf(starts).get(runOf(start.node));
  return team ? (team.removals ??= team.starts.flatMap((one) => removalsOfOne(one, index, facts))) : [];
}

function removalsOfOne(start: Start, index: Index, facts: Facts): readonly Removal[] {
  const { values } = facts;
  const target = targetOf(start);
  const own = listenerOf(start, values);
  const listener = start.names.get('listener');
  const isKnown = isNamed(start, values) || Boolean(listener && values.of(listener).root.kind === 'this');
  return endsOf(start, NO_HANDLE, index, facts).flatMap(({ differs, sure, node }) => {
    const isElsewhere = runOf(node) !== runOf(start.node) && !(own && isInside(node, own));
    return target &&
      differs === null &&
      (sure === 'yes' || (isKnown && isNamedAlike(target, node))) &&
      isElsewhere &&
      node.arguments.length > 1
      ? [{ of: start, node, target, sure: sure === 'yes' }]
      : [];
  });
}

/** Is what a removal is called on, or given first, called as the target is? */
function isNamedAlike(target: Node, { callee, arguments: [first] }: Call): boolean {
  const method = bare(callee);
  const name = lastNameOf(target);
  return (
    name !== null &&
    [method.type === 'MemberExpression' ? method.object : null, first].some((one) => one && lastNameOf(one) === name)
  );
}

/** Is a removal given what is called as the listener is? */
function namesListener({ arguments: given }: Call, { names }: Start): boolean {
  const name = lastNameOf(names.get('listener')!);
  return given.some((one) => lastNameOf(one) === name);
}

/** `socket` in `this.client.socket`; null for what has no name. */
export function lastNameOf(node: Node): string | null {
  const inner = bare(node);
  return inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? nameOf(inner) : null;
}

/** Is the listener a function of this file, so that a removal which names it is meant for it? */
function isNamed({ names }: Start, values: Values): boolean {
  const listener = names.get('listener');
  return Boolean(listener && values.of(listener).root.kind === 'variable' && values.functionOf(listener));
}

/**
 * A removal beside which a start adds once more what was added elsewhere: it was meant to be a removal, too.
 * Null when there is none.
 */
export function addedAgain(start: Start, starts: readonly Start[], index: Index, facts: Facts): Call | null {
  const { values } = facts;
  const target = targetOf(start);
  const run = runOf(start.node);
  for (const other of target ? namesakes(start, starts, values) : []) {
    const there = targetOf(other);
    if (
      !target ||
      !there ||
      runOf(other.node) === run ||
      !isSame(other, start, values) ||
      values.same(there, target) !== 'yes'
    )
      continue;
    const here = removalsOf(other, starts, index, facts).filter(({ node }) => runOf(node) === run);
    const beside = here.find((one) => (one.sure && values.same(one.target, target) === 'yes') || isOneOfTwo(one, here));
    if (beside) return beside.node;
  }
  return null;
}

const byListener = memoize((starts: readonly Start[], values: Values): ReadonlyMap<string, readonly Start[]> => {
  const lists = new Map<string, Start[]>();
  for (const start of starts) push(lists, keyOf(start.names.get('listener'), values), start);
  return lists;
});

/** The starts whose listener may be that of another; what is written in its place is nobody else's. */
function namesakes({ names }: Start, starts: readonly Start[], values: Values): readonly Start[] {
  const key = keyOf(names.get('listener'), values);
  return key === ANY ? [] : (byListener(starts, values).get(key) ?? []);
}

function isSame(one: Start, other: Start, values: Values): boolean {
  return ['type', 'listener'].every((name) => {
    const [here, there] = [one.names.get(name), other.names.get(name)];
    return here && there && values.same(here, there) === 'yes';
  });
}

/** Events after which their target lives on, and on which something may still fail. */
const BEGINNINGS = new Set(
  'connect connected data drain listening loadedmetadata message online open playing ready secureConnect spawn'.split(
    ' ',
  ),
);

/** Those that come again and again, each time for somebody who waits for the next. */
const AGAIN = new Set(['data', 'drain', 'readable']);
/** Events after which nothing comes. */
const ENDINGS = new Set(['close', 'end', 'exit']);

/**
 * The start of another one-shot that makes this one pointless when its event comes first, and leaves it where it is.
 * `sure` where the listener of this one removes the other.
 */
export function winnerOver(
  start: Start,
  starts: readonly Start[],
  index: Index,
  facts: Facts,
): { readonly node: Node; readonly sure: boolean } | null {
  const { values } = facts;
  const family = familyOf(start, starts, values);
  if (!family) return null;
  const own = listenerOf(start, values);
  family.removed ??= removedIn(family.starts, index, facts);
  const removed = family.removed.find((one) => one.start !== start && own !== null && isInside(one.by, own));
  // What closes does so for certain, also when another event came first.
  if (removed) return { node: removed.start.node, sure: !CLOSES.test(values.text(start.names.get('type')) ?? '') };
  const executor = runOf(start.node);
  const settlers = executor ? settlersOf(executor) : [];
  const settles = (one: Start): boolean =>
    settlers.some((settler) => {
      const listener = one.names.get('listener');
      return (
        listener &&
        values
          .variable(settler)
          ?.references.some(({ identifier }) =>
            isInside(identifier, listenerOf(one, values) ?? madeBy(listener, values) ?? listener),
          )
      );
    });
  const type = values.text(start.names.get('type')) ?? '';
  const winners = type === 'error' ? BEGINNINGS : ENDINGS.has(type) ? AGAIN : null;
  const first =
    winners && settles(start)
      ? family.starts.find(
          (one) =>
            one !== start &&
            one.resource.endsItself === 'always' &&
            winners.has(values.text(one.names.get('type')) ?? '') &&
            settles(one),
        )
      : null;
  return first ? { node: first.node, sure: false } : null;
}

/** The one-shots of a family that something takes off. What has failed or ended calls nobody any more. */
function removedIn(starts: readonly Start[], index: Index, facts: Facts): readonly Removed[] {
  return starts
    .filter(
      ({ names, resource }) =>
        resource.endsItself === 'always' && !FINAL_EVENTS.has(facts.values.text(names.get('type')) ?? ''),
    )
    .flatMap((start) =>
      endsOf(start, NO_HANDLE, index, facts).flatMap(({ node, differs }) =>
        differs === null ? [{ start, by: node }] : [],
      ),
    );
}

const CLOSES = /(?:clos|dismiss|end|exit|finish|hid)(?:e|ed|den)?$/i;

/** The function of this file that makes a listener: `callbackOnce` in `callbackOnce(true)`. */
function madeBy(listener: Node, values: Values): Fn | null {
  const made = bare(listener);
  return made.type === 'CallExpression' ? values.functionOf(made.callee) : null;
}

function listenerOf({ names }: Start, values: Values): Fn | null {
  const listener = names.get('listener');
  return listener ? values.functionOf(listener) : null;
}

function familyOf(start: Start, starts: readonly Start[], values: Values): Family | undefined {
  const target = targetOf(start);
  return target
    ? familiesOf(starts, values)
        .get(familyKey(start, target, values))
        ?.find((one) => values.same(target, one.target) === 'yes')
    : undefined;
}

const familiesOf = memoize((starts: readonly Start[], values: Values): ReadonlyMap<string, readonly Family[]> => {
  const byKey = new Map<string, Family[]>();
  for (const start of starts) {
    const target = targetOf(start);
    if (!target) continue;
    const key = familyKey(start, target, values);
    const family = byKey.get(key)?.find((one) => values.same(target, one.target) === 'yes');
    if (family) family.starts.push(start);
    else push(byKey, key, { target, starts: [start] });
  }
  return byKey;
});

/** A text that all of a family share. */
function familyKey(start: Start, target: Node, values: Values): string {
  return `${keyOf(target, values)} ${runOf(start.node)?.range[0] ?? ''}`;
}

function targetOf({ resource, names }: Start): Node | null {
  return resource.livesIn === undefined ? null : (names.get(resource.livesIn) ?? null);
}

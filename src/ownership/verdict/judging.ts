import type { Kind } from '../../catalog/resource.js';
import type { WayOut } from '../../flow/paths.js';
import type { Index, Node, SourceCode } from '../../syntax/walk.js';
import type { End } from '../ends/ends.js';
import type { Handle } from '../holders/handle.js';
import type { LostCleanup } from '../owners/cleanups.js';
import { settlesItsPromise } from '../ends/listeners.js';
import { lifeOfTarget } from '../owners/lives.js';
import type { Owner, Owners } from '../owners/owner.js';
import type { Signals } from '../signals/signals.js';
import type { Facts } from '../starts/match.js';
import type { Start } from '../starts/starts.js';

/** Why something stays: each is a message of the rules that report it. */
export type Why =
  | 'addedAgain'
  | 'cleanupLost'
  | 'forgotten'
  | 'handleDropped'
  | 'leftBefore'
  | 'leftBehind'
  | 'loserStays'
  | 'missedEnd'
  | 'neverEnded'
  | 'notInTeardown'
  | 'notOnEveryPath'
  | 'startedAgain'
  | 'startedLate';

/** What the decision table of docs/ownership.md says. `unknown` is for `checkUnknown` only. */
export type Verdict =
  | { readonly kind: 'kept' }
  | {
      readonly kind: 'leak' | 'unknown';
      readonly why: Why;
      readonly handle: Handle;
      readonly ends: readonly End[];
      /** The end that misses by one name. */
      readonly nearMiss: End | null;
      /** The ways out that miss the end. */
      readonly ways: readonly WayOut[];
      /** The end of another start that shows that this one was forgotten. */
      readonly sibling: Node | null;
      /** The cleanup that would end it, and that never runs. */
      readonly lost: LostCleanup | null;
    };

/** What the decision needs to know about the file. */
export interface Judge extends Facts {
  readonly index: Index;
  readonly owners: Owners;
  readonly sourceCode: SourceCode;
  readonly signals: Signals;
  readonly processTargets: ReadonlySet<string>;
  starts(kind: Kind): readonly Start[];
}

export const KEPT: Verdict = { kind: 'kept' };

/** Kinds that a single call of a function cannot be meant to leave behind. */
export const BOUND_TO_A_CALL = new Set(['controller', 'iterator', 'lock', 'resource']);

/** Makes a verdict about the start that is judged. */
export type Found = (
  kind: 'leak' | 'unknown',
  why: Why,
  witness?: { readonly ways?: readonly WayOut[]; readonly sibling?: Node },
) => Verdict;

/** Is it certain that the owner ends before what it started? A bare call may be one that a program makes once. */
export function isCertain(start: Start, owner: Owner, file: Judge): boolean {
  const { kind, livesIn, runsOn } = start.resource;
  // What is registered with another value is bound to that value's life before it is to a call's.
  const isRegistered = kind === 'resource' && livesIn !== undefined;
  if (BOUND_TO_A_CALL.has(kind) && !isRegistered && !runsOn) return owner.kind !== 'test';
  // A signal that is passed in says when the work of a call is to end.
  if (kind === 'interval' && owner.kind === 'run' && file.signals.reach(start.node)?.sure) return true;
  if (kind === 'interval' && settlesItsPromise(start, 'callback', file)) return true;
  const ends = owner.kind === 'effect' || (owner.kind === 'instance' && owner.teardown !== null);
  return ends && (!isRegistered || lifeOfTarget(start, owner, file) === 'longer');
}

/** `{ once: true }`, `{ signal }`: does an option that it was started with end it? */
export function isEndedByOption(start: Start, { values }: Facts): boolean {
  const { endsItself, endedBy } = start.resource;
  if (endedBy !== undefined && start.names.has(endedBy)) return true;
  const signal = start.names.get('signal');
  const made = signal && values.initialOf(signal);
  if (made?.type === 'CallExpression' && values.origin(made.callee) === 'AbortSignal.timeout') return true;
  if (endsItself === undefined || endsItself === 'always') return false;
  return endsItself.split(', ').some((one) => {
    const [name = '', text] = one.split(/: '|'$/);
    const option = start.names.get(name);
    if (option === undefined) return false;
    const { root } = values.of(option ?? start.node);
    return option === null || root.kind !== 'literal' || root.value === (text ?? true);
  });
}

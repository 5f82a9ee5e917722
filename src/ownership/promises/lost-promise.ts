import type { Call, Node } from '../../syntax/walk.js';
import type { Specifier, Wanted } from '../../types/answer.js';
import type { Judge } from '../verdict/judging.js';

/** Why nobody observes a promise: each is a message of the rule that reports it. */
export type Loss =
  | 'brokenChain'
  | 'floating'
  | 'floatingArray'
  | 'ignoredByCallee'
  | 'neverRead'
  | 'startedInConstructor'
  | 'takenForTrue'
  | 'throwsAgain'
  | 'uselessHandler'
  | 'voided';

/** A promise whose result and rejection nobody can observe. */
export interface Floating {
  readonly why: Loss;
  /** The promise or the array of promises; for `ignoredByCallee` the call whose callback returns it. */
  readonly node: Node;
  readonly isArray?: boolean;
  /** `false` where the promise does not reject as far as this file shows, or where it is left alone on purpose. */
  readonly certain: boolean;
  /** The `throw` of a handler, or the handler that is no function. */
  readonly witness?: Node;
  /** The name of what keeps a promise and is never read. */
  readonly keeper?: string;
}

/** What a user allows to float. */
export interface Allowed {
  readonly voided: boolean;
  readonly calledAtOnce: boolean;
  readonly calls: readonly Specifier[];
  readonly wanted: Wanted;
  /** What is no more than treated as a promise. */
  readonly unproven: boolean;
}

/** What is asked of a file to judge its promises. */
export interface PromiseFile extends Judge {
  readonly typed: boolean;
  readonly filename: string;
  isSafeCall(call: Call): 'no' | 'usually' | 'yes';
}

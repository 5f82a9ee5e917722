import type { TSESTree } from '@typescript-eslint/utils';
import type { Values } from '../syntax/values.js';
import type { Fn, Index, Node, SourceCode } from '../syntax/walk.js';
import type { Oracle } from '../types/answer.js';
import type { MissingEvent, Wired } from './outcomes.js';
import type { WayOut } from './paths.js';

/** What the parameter for a failure is called. */
export const ERROR_NAME = /^(?:er|err|error|ex|exception)\d*$/i;

/** What these questions need to know about the file. */
export interface Facts {
  readonly values: Values;
  readonly oracle: Oracle;
  readonly index: Index;
  readonly sourceCode: SourceCode;
}

/** Why a promise may stay pending for ever. */
export type Unsettled = {
  /** `false` where a callback's caller is not known to call it once, or an object's type is not known. */
  readonly sure: boolean;
  /** The witness. */
  readonly node: Node;
} & (
  | { readonly why: 'listenerTaken' | 'neverSettled' }
  /** A way through `fn`, the executor or a callback. */
  | { readonly why: 'executorRejects' | 'notOnEveryPath'; readonly fn: Fn; readonly way: WayOut }
  | { readonly why: 'errorIgnored'; readonly fn: Fn; readonly way: WayOut; readonly error: TSESTree.Identifier }
  /**
   * A chain of `then` and `catch` whose rejection, or whose result, reaches neither settler. `isReturned` where nothing
   * but the rejection does not, and the function around it fails with that.
   */
  | { readonly why: 'rejectionIgnored'; readonly chain: TSESTree.CallExpression; readonly isReturned: boolean }
  | Pick<MissingEvent, 'why' | 'target' | 'event' | 'wired'>
);

/** A place that settles the promise, or hands the duty on. */
export interface Discharge {
  readonly at: Node;
  readonly wired?: Wired;
  /** Settles only where something fails, so somebody else has to settle the rest. */
  readonly isWeak?: boolean;
  readonly miss?: Unsettled | null;
  /** Is it called once, by what has not ended then? Another event may settle in its place, and may never come. */
  readonly isOnly?: boolean;
  /** Settles here and now. */
  readonly isDirect?: boolean;
  /** The signal of the caller that takes the listener off. */
  readonly takenBy?: Node;
}

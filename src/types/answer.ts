import type { Answer } from '../syntax/values.js';
import type { Call, Node } from '../syntax/walk.js';
import type { SignalPosition } from './known.js';

export type { Answer, SignalPosition };

/** Who declares a function: `file`, `lib` for the language's and the host's own, else the package's name. */
export interface Declared {
  readonly name: string;
  readonly from: string;
}

/**
 * Answers questions about an expression. Type names are the catalog's: `EventTarget` for what is global,
 * `node:events.EventEmitter` and `async-mutex.Mutex` for what a module exports.
 */
export interface Oracle {
  /** Is the expression's value of this type, or of a type that extends it? */
  is(node: Node, type: string): Answer;
  /** Is the expression's value a promise? */
  isPromise(node: Node): Answer;
  /** Is the expression's value an array or tuple with a promise in it? */
  isPromiseArray(node: Node): Answer;
  /** Can the expression's value be called? */
  isFunction(node: Node): Answer;
  /** Where a call takes an AbortSignal; null when it takes none, or nobody knows. */
  signalPosition(call: Call): SignalPosition | null;
}

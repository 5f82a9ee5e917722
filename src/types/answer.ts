import type { Specifier } from '../options.cjs';
import type { Answer } from '../syntax/value.js';
import type { Call, Node } from '../syntax/walk.js';
import type { SignalPosition } from './signal-positions.js';

export type { Answer, SignalPosition, Specifier };

/** What counts as a promise. */
export interface Wanted {
  /** Also everything else with a `then` that takes two functions. */
  readonly thenables: boolean;
  /** Types that do not count. */
  readonly except: readonly Specifier[];
}

export const PROMISES: Wanted = { thenables: false, except: [] };

/**
 * Answers questions about an expression. Type names are the catalog's: `EventTarget` for what is global,
 * `node:events.EventEmitter` and `async-mutex.Mutex` for what a module exports.
 */
export interface Oracle {
  /** Is the expression's value of this type, or of a type that extends it? */
  is(node: Node, type: string): Answer;
  /** Is the expression's value a promise, at least sometimes? */
  isPromise(node: Node, wanted?: Wanted): Answer;
  /** Is the expression's value an array or tuple with a promise in it? */
  isPromiseArray(node: Node, wanted?: Wanted): Answer;
  /** What else than a promise the value of an expression can be. */
  besidesPromise(node: Node): 'nothing' | 'nullish' | 'other';
  /**
   * Do the bodies that the program shows give the promise of an expression, or of what a function returns, nothing to
   * reject with? Only types tell of other files.
   */
  neverRejects(node: Node): boolean;
  /** Does a function return a promise? */
  returnsPromise(fn: Node): Answer;
  /** Can the expression's value be called? `no` where it sometimes cannot. */
  isFunction(node: Node): Answer;
  /** Has the expression's value a member of that name? Only types tell. */
  hasMember(node: Node, name: string): Answer;
  /** Does the method of that name return a promise? Only types tell. */
  methodPromises(node: Node, name: string): Answer;
  /** Is a function, or the type of an expression, one of those that a user named? */
  isNamed(node: Node, names: readonly Specifier[]): boolean;
  /** Does a file compile with `await` where a node stands, outside functions? */
  awaitsAtTopLevel(node: Node): Answer;
  /**
   * Which declaration ends the expression's value, `using` or `await using`; null where it has no such end, the file is
   * not compiled for one, or nobody knows.
   */
  disposal(node: Node): 'async' | 'sync' | null;
  /** Do the tests name every value that an expression can have? */
  coversAll(expression: Node, tests: readonly Node[]): Answer;
  /** Where a call takes an AbortSignal; null when it takes none, or nobody knows. */
  signalPosition(call: Call): SignalPosition | null;
  /**
   * The property of an options object that holds an AbortSignal, asked of a parameter's name or pattern; null when it
   * has none, or nobody knows.
   */
  signalProperty(parameter: Node): string | null;
}

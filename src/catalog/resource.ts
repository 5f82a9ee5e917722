/** What a rule looks after; each kind belongs to one rule. */
export type Kind = 'controller' | 'interval' | 'iterator' | 'listener' | 'lock' | 'resource' | 'timeout';

/** Something that is started and has to be ended. Signatures are in the notation of `signature.ts`. */
export interface Resource {
  readonly kind: Kind;
  readonly start: string | readonly string[];
  readonly end: string | readonly string[];
  /** What the end gives is a list, and each of its parts ends by this: `track.stop()`. */
  readonly endsEach?: string;
  /** The modules that export the functions and classes of `start` and `end`; without them they are globals. */
  readonly from?: string | readonly string[];
  /** Types of the names that are values, one of a list; `*` takes any value. */
  readonly where?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * What such a value is called where its type is not known, by the last of its names: the method alone tells nothing.
   */
  readonly called?: RegExp;
  /** The value that holds what was started: when it dies, so does the resource. */
  readonly livesIn?: string;
  /** Functions, methods and properties that use the handle and do not keep it. */
  readonly lentTo?: readonly string[];
  /**
   * Options each of which makes it end by itself when it is true, or when it is a text: `method: 'HEAD'`; `always` when
   * it does so without one.
   */
  readonly endsItself?: string;
  /** An option that takes the signal which ends it, of the start or of what lets it run. */
  readonly endedBy?: string;
  /**
   * Calls in the chain before the start after which it ends by itself: `take` in
   * `values.pipe(take(1)).subscribe(listener)`.
   */
  readonly endedThrough?: readonly string[];
  /** An option without which there is nothing to end: a `knex` without `connection` writes queries and sends none. */
  readonly onlyWith?: string;
  /** The method that reads it to its end, after which there is nothing to end. */
  readonly drainedBy?: string;
  /** A form that cannot leak. */
  readonly scoped?: string;
  /** `leaks` where an exception on the way to the end leaves others waiting for ever. */
  readonly onThrow?: 'leaks';
  /** What the listener gives, and how it fails, goes to whoever asked. */
  readonly isAnswered?: boolean;
  /** A promise that others wait for until the run that made it opens it; it matters only where it is kept for them. */
  readonly isGate?: boolean;
  /** It holds so little that only code which keeps it and never ends it is reported outside `strict`. */
  readonly isSmall?: boolean;
  /** It works in the background by itself, so a call may mean to leave it behind; what has an end of life does not. */
  readonly runsOn?: boolean;
  /**
   * It ends with the component whose set-up makes it: it is lost where no set-up does, as after an `await`, and in an
   * instance.
   */
  readonly ofSetup?: boolean;
  /** Members that let it run; until one of them is used there is nothing to end. */
  readonly activatedBy?: string | readonly string[];
  /** `strict`: reported only where everything that cannot be proven harmless is. */
  readonly level?: 'strict';
}

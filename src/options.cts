/** What every rule can be told. */
export interface CommonOptions {
  /** Also report what cannot be proven harmless. */
  readonly checkUnknown?: boolean;
}

/** What users name types and functions by: typescript-eslint's `TypeOrValueSpecifier`. */
export type Specifier =
  | string
  | { readonly from: 'file'; readonly name: string | readonly string[]; readonly path?: string }
  | { readonly from: 'lib'; readonly name: string | readonly string[] }
  | { readonly from: 'package'; readonly name: string | readonly string[]; readonly package: string };

export interface FloatingPromisesOptions extends CommonOptions {
  /** Accept `void promise`. Default: true, and false with `checkUnknown`. */
  readonly ignoreVoid?: boolean;
  /** Accept async functions that are called where they are written. */
  readonly ignoreIIFE?: boolean;
  /** Check everything with a `then` that takes two functions, not only promises. */
  readonly checkThenables?: boolean;
  /** Types whose promises may float. */
  readonly allowForKnownSafePromises?: readonly Specifier[];
  /** Functions whose promises may float. */
  readonly allowForKnownSafeCalls?: readonly Specifier[];
}

/** The options of each rule. */
export interface RuleOptions {
  'no-abandoned-iterators': CommonOptions;
  'no-floating-promises': FloatingPromisesOptions;
  'no-ignored-signals': CommonOptions;
  'no-leaked-intervals': CommonOptions;
  'no-leaked-listeners': CommonOptions;
  'no-leaked-locks': CommonOptions;
  'no-leaked-resources': CommonOptions;
  'no-leaked-timeouts': CommonOptions;
  'no-leaky-races': CommonOptions;
  'no-lost-abort-controllers': CommonOptions;
  'no-overlapping-intervals': CommonOptions;
  'no-unabortable-loops': CommonOptions;
  'no-unbounded-fanout': CommonOptions;
  'no-unsettled-promises': CommonOptions;
  'require-abort-signal': CommonOptions;
}

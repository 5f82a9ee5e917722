// @ts-nocheck -- ESLint's own type says that every other key has a value. TypeScript allows no key that may be missing
// beside that, and one that may not would have to be in every config.
import type { RuleOptions } from './options.cjs';

type Severity = 0 | 1 | 2 | 'off' | 'warn' | 'error';
/** What a config may say about a rule. */
export type Entry<Rule extends keyof RuleOptions> = Severity | [Severity] | [Severity, RuleOptions[Rule]];

// CommonJS, because ESLint's types are, and see other declarations of the module than an ES module does.
declare module '@eslint/core' {
  interface RulesConfig {
    'async-leaks/no-abandoned-iterators'?: Entry<'no-abandoned-iterators'>;
    'async-leaks/no-floating-promises'?: Entry<'no-floating-promises'>;
    'async-leaks/no-ignored-signals'?: Entry<'no-ignored-signals'>;
    'async-leaks/no-leaked-intervals'?: Entry<'no-leaked-intervals'>;
    'async-leaks/no-leaked-listeners'?: Entry<'no-leaked-listeners'>;
    'async-leaks/no-leaked-locks'?: Entry<'no-leaked-locks'>;
    'async-leaks/no-leaked-resources'?: Entry<'no-leaked-resources'>;
    'async-leaks/no-leaked-timeouts'?: Entry<'no-leaked-timeouts'>;
    'async-leaks/no-leaky-races'?: Entry<'no-leaky-races'>;
    'async-leaks/no-lost-abort-controllers'?: Entry<'no-lost-abort-controllers'>;
    'async-leaks/no-overlapping-intervals'?: Entry<'no-overlapping-intervals'>;
    'async-leaks/no-unabortable-loops'?: Entry<'no-unabortable-loops'>;
    'async-leaks/no-unbounded-fanout'?: Entry<'no-unbounded-fanout'>;
    'async-leaks/no-unsettled-promises'?: Entry<'no-unsettled-promises'>;
    'async-leaks/require-abort-signal'?: Entry<'require-abort-signal'>;
  }
}

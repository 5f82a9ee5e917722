import type { ESLint, Linter, Rule } from 'eslint';
import type { RuleOptions } from './options.cjs';

export interface Config {
  readonly name: string;
  readonly plugins: Record<string, ESLint.Plugin>;
  readonly rules: Linter.RulesRecord;
}

// Tells ESLint's `defineConfig` what options the rules have.
export type { Entry } from './config-types.cjs';

/** What the package exports. */
export interface Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Record<keyof RuleOptions, Rule.RuleModule>;
  readonly configs: {
    /** What certainly leaks. */
    readonly recommended: Config;
    /** Also what cannot be proven harmless. */
    readonly strict: Config;
  };
}

import type { ESLint, Linter } from 'eslint';
import type { LeakRule } from './rule.js';

export interface Config {
  readonly name: string;
  readonly plugins: Record<string, ESLint.Plugin>;
  readonly rules: Linter.RulesRecord;
}

/** `recommended` reports what is certain; `strict` also what cannot be proven harmless. */
export function configsOf(plugin: ESLint.Plugin, rules: Readonly<Record<string, LeakRule>>): { readonly recommended: Config; readonly strict: Config } {
  const config = (name: 'recommended' | 'strict', entry: Linter.RuleEntry): Config => ({
    name: `async-leaks/${name}`,
    plugins: { 'async-leaks': plugin },
    rules: Object.fromEntries(
      Object.entries(rules)
        .filter(([, { meta }]) => meta.docs.level === 'recommended' || meta.docs.level === name)
        .map(([rule]) => [`async-leaks/${rule}`, entry]),
    ),
  });
  return { recommended: config('recommended', 'error'), strict: config('strict', ['error', { checkUnknown: true }]) };
}

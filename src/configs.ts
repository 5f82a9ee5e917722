import type { ESLint, Linter } from 'eslint';
import type { Config, Plugin } from './plugin.js';
import type { LeakRule } from './rule.js';

/** `recommended` reports what is certain; `strict` also what cannot be proven harmless. */
export function configsOf(plugin: ESLint.Plugin, rules: Readonly<Record<string, LeakRule>>): Plugin['configs'] {
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

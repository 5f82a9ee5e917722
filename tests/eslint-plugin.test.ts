import { Linter, type Rule } from 'eslint';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import { expect, it } from 'vitest';

import plugin from '../src/index.js';

const all = {
  ...eslintPlugin.configs.all,
  rules: {
    ...eslintPlugin.configs.all.rules,
    // With languages, ESLint 10 refuses a config that reaches JSON or CSS files; our rules look at the tree instead.
    'eslint-plugin/require-meta-languages': 'off',
  },
} as const;

/** A rule as one would write it by hand, where a linter of rules finds what it looks for. */
function writtenOut({ meta }: Rule.RuleModule): string {
  const [report, ...suggestions] = Object.entries(meta!.messages!).map(([messageId, text]) => {
    const words = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, word]) => `${word}: node.${word}`);
    return `messageId: '${messageId}', data: { ${words.join(', ')} }`;
  });
  const suggest = suggestions.map((said) => `{ ${said}, fix: (fixer) => fixer.remove(node) }`);
  return `export default { meta: ${JSON.stringify(meta)}, create(context) { return { 'Program:exit'(node) { context.report({ node, ${report}, suggest: [${suggest.join(', ')}] }); } }; } };`;
}

it.each(Object.entries(plugin.rules))('%s is what eslint-plugin-eslint-plugin asks of a rule', (_, rule) => {
  const findings = new Linter().verify(writtenOut(rule), [all]);
  expect(findings.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});

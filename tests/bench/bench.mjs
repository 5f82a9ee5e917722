// npm run bench: how much time and memory the rules take, as ratios that mean the same on every machine.
//
//   --quick         a tenth of the corpus, and fewer rounds
//   --check         fail when a ratio is above its budget in budgets.json
//   --only a,b      only these sections: untyped, typed, growth, load, memory
//   --plugin FILE   another build of the plugin
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installCorpus } from './corpus.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    only: { type: 'string', default: 'untyped,typed,growth,load,memory' },
    plugin: { type: 'string', default: fileURLToPath(new URL('../../dist/index.js', import.meta.url)) },
  },
});
const { quick, plugin } = options;
const rounds = quick ? 3 : 5;
const budgets = JSON.parse(fs.readFileSync(new URL('budgets.json', import.meta.url), 'utf8'));
const tooHigh = [];

const sections = {
  untyped() {
    const { configs, alone } = measure('untyped', { rounds });
    title(`Without types: ${configs.files} files, ${count(configs.lines)} lines, ${configs.skipped} skipped`);
    table(
      ['rules', 'time', 'of parsing', 'budget', 'findings'],
      [
        ['parsing, with scopes', ms(configs.parse), '1', '', ''],
        ['ESLint without rules', ms(configs.bare), ratio(configs.bare / configs.parse), '', ''],
        ...configs.added.map(({ name, time, ratio: value, findings }) => [
          name,
          ms(time),
          ratio(value),
          within(`untyped ${name}`, value),
          findings,
        ]),
      ],
    );
    title(`Each rule alone: ${alone.files} files, ${count(alone.lines)} lines, parsed in ${ms(alone.parse)}`);
    table(
      ['rule', 'time', 'of parsing', 'findings'],
      alone.added
        .toSorted((a, b) => b.time - a.time)
        .map(({ name, time, ratio: value, findings }) => [`\`${name}\``, ms(time), ratio(value), findings]),
    );
  },

  typed() {
    const env = { ...process.env, TSESTREE_SINGLE_RUN: 'true' };
    const { peer, ...ours } = takingTurns('typed', ['peer', 'recommended', 'strict'], 3, { env });
    title(
      `With types: ${peer[0].packages} packages, ${peer[0].files} files, ${count(peer[0].lines)} lines, ${peer[0].skipped} skipped`,
    );
    table(
      ['rules', 'whole run', 'of the peer', 'budget', 'most memory', 'findings'],
      [
        [
          'only `no-floating-promises` of typescript-eslint',
          ms(middle(peer, 'time')),
          '1',
          '',
          mib(middle(peer, 'memory')),
          peer[0].findings,
        ],
        ...Object.entries(ours).map(([name, runs]) => {
          const value = median(runs.map(({ time }, round) => time / peer[round].time));
          return [
            name,
            ms(middle(runs, 'time')),
            ratio(value),
            within(`typed ${name}`, value),
            mib(middle(runs, 'memory')),
            runs[0].findings,
          ];
        }),
      ],
    );
  },

  growth() {
    title('Growth from 1000 to 4000: exponent 1 is a straight line');
    // A small difference of two large times is noise, and noise has no exponent.
    const tells = ({ ours, eslint }) => ours > eslint / 4;
    table(
      ['generated file', 'ESLint', 'exponent', 'strict', 'exponent', 'budget', 'findings'],
      measure('growth', { rounds }).map((row) => {
        const { shape, eslint, eslintGrows, ours, oursGrows, findings } = row;
        const line = tells(row)
          ? [ratio(oursGrows), within(shape, oursGrows, Math.max(budgets.growth, eslintGrows))]
          : ['', ''];
        return [shape, ms(eslint), ratio(eslintGrows), ms(ours), ...line, findings];
      }),
    );
  },

  load() {
    const runs = Array.from({ length: 11 }, () => measure('load', {}));
    const value = median(runs.map((run) => run.plugin / run.eslint));
    title('Loading');
    table(
      ['what', 'time', 'of ESLint', 'budget'],
      [
        ['ESLint', ms(middle(runs, 'eslint')), '1', ''],
        ['the plugin after it', ms(middle(runs, 'plugin')), ratio(value), within('load', value)],
      ],
    );
  },

  memory() {
    const { none, ...ours } = takingTurns('memory', ['none', 'recommended', 'strict'], 1);
    title('Memory of an untyped run');
    table(
      ['rules', 'most in use', 'of none', 'budget', 'most resident'],
      [
        ['none', mib(none[0].live), '1', '', mib(none[0].resident)],
        ...Object.entries(ours).map(([name, [{ live, resident }]]) => {
          const value = live / none[0].live;
          return [name, mib(live), ratio(value), within(`memory ${name}`, value), mib(resident)];
        }),
      ],
    );
  },
};

installCorpus();
const version = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
console.log(
  `${os.cpus().length} cores (${os.cpus()[0].model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.platform()} ${os.arch()}, ` +
    `Node ${process.versions.node}, ESLint ${version('eslint')}, TypeScript ${version('typescript')}, ` +
    `typescript-eslint ${version('typescript-eslint')}${quick ? ', quick run' : ''}`,
);
for (const name of options.only.split(',')) sections[name]();

if (options.check) {
  for (const line of tooHigh) console.error(`Above its budget: ${line}`);
  process.exitCode = tooHigh.length > 0 ? 1 : 0;
}

/** The numbers of one section, measured in a process of its own. */
function measure(section, task, { env = process.env } = {}) {
  const file = fileURLToPath(new URL(`${section}.mjs`, import.meta.url));
  const args = ['--expose-gc', '--max-old-space-size=8192', file, JSON.stringify({ plugin, quick, ...task })];
  const { status, stdout } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) {
    console.error(`The section ${section} failed.`);
    process.exit(1);
  }
  return JSON.parse(stdout);
}

/** Several runs of a section with each config; the configs take turns. */
function takingTurns(section, configs, rounds, settings) {
  const runs = Object.fromEntries(configs.map((config) => [config, []]));
  for (let round = 0; round < rounds; round++) {
    for (const config of configs) runs[config].push(measure(section, { config }, settings));
  }
  return runs;
}

/** The budget, and a note for `--check` when the value is above it. */
function within(name, value, budget = budgets[name]) {
  if (value > budget) tooHigh.push(`${name}: ${ratio(value)}, budget ${ratio(budget)}`);
  return `${ratio(budget)}${value > budget ? ' ✗' : ''}`;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function middle(runs, key) {
  return median(runs.map((run) => run[key]));
}

function title(text) {
  console.log(`\n### ${text}\n`);
}

function table(head, rows) {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

function ms(milliseconds) {
  return milliseconds >= 10_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

function ratio(value) {
  return value.toFixed(2);
}

function mib(memory) {
  return `${memory.toFixed(0)} MiB`;
}

function count(number) {
  return number.toLocaleString('en');
}

/**
 * npm run ecosystem: what the rules find in real code, how much of it is right, and what a change does to it.
 *
 *   --base REV            the findings that were gained and lost since that revision, with their code
 *   --sample RULES COUNT  a sheet to judge: findings drawn at random, always the same ones; `all` for all rules
 *   --level LEVEL         of the sheet: recommended (default), or strict for what only strict reports
 *   --judge SHEET         keeps the verdicts that were written into a sheet
 *   --torture ROUNDS      lints the files damaged at random, always in the same ways
 *   --suggestions [COUNT] applies each suggestion alone, and prints what is wrong, or COUNT results of each to read
 *   --update              notes for each verdict which config reports its finding now
 *   --rule a,b            only these rules
 *   --only a,b            only packages whose name has one of these words
 *   --untyped             no run with types
 *   --path DIR[=NAME]     this folder instead of the packages, without types; NAME is what verdicts call it
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { findToolchain } from '../../src/cli/toolchain.js';
import plugin from '../../src/index.js';
import { lintPackages, type Crash, type Level, type Plugin, type Run } from './lint.js';
import { corpus, folders, type Parsers, type Sources } from './packages.js';
import { changes, flawed, precision, repairs, summary, toRead } from './report.js';
import { sheet, verdictsIn } from './sheet.js';
import { applyAll } from './suggestions.js';
import { torture } from './torture.js';
import { merge, readVerdicts, updated, writeVerdicts } from './verdicts.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string' },
    sample: { type: 'string' },
    level: { type: 'string', default: 'recommended' },
    judge: { type: 'string' },
    torture: { type: 'string' },
    suggestions: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
    rule: { type: 'string' },
    only: { type: 'string' },
    untyped: { type: 'boolean', default: false },
    path: { type: 'string', multiple: true },
  },
});
const names = (options.rule ?? options.sample ?? 'all').split(',');
const rules = names.includes('all') ? Object.keys(plugin.rules) : names;

if (options.judge) {
  const given = verdictsIn(readFileSync(options.judge, 'utf8'));
  writeVerdicts(merge(readVerdicts(), given));
  console.log(`${given.length} verdicts kept.`);
} else {
  const parsers = await componentParsers(options.path ?? []);
  const packages = (options.path ? folders(options.path, readVerdicts(), parsers) : corpus()).filter(
    ({ name }) => options.only?.split(',').some((word) => name.includes(word)) ?? true,
  );
  const crashes = options.suggestions
    ? repair(packages)
    : options.torture === undefined
      ? await check(packages, parsers)
      : endure(packages, Number(options.torture));
  for (const { path, error } of crashes) console.error(`\nCrash: ${path}\n${error}`);
  process.exitCode ||= crashes.length > 0 ? 1 : 0;
}

/** Lints the packages and says what was asked for. */
async function check(packages: readonly Sources[], parsers: Parsers): Promise<Crash[]> {
  const base = options.base === undefined ? undefined : await buildOf(options.base);
  const runs = lintPackages(packages, { plugin, base, rules, typed: !options.untyped, parsers });
  if (options.update) writeVerdicts(updated(readVerdicts(), runs, rules));
  console.log(answer(runs));
  return runs.flatMap((run) => run.crashes);
}

/** It takes an hour for all packages, so each is reported when it is done. */
function endure(packages: readonly Sources[], rounds: number): Crash[] {
  return packages.flatMap((one) => {
    const { linted, parsed, crashes } = torture(one, rounds);
    console.log(`${one.name}: ${linted} damaged files, of which ${parsed} parse: ${crashes.length} crashes.`);
    return crashes;
  });
}

function repair(packages: readonly Sources[]): Crash[] {
  const measured = packages.map((one) => applyAll(one, { plugin, rules, typed: !options.untyped }));
  const count = Number(positionals[0] ?? 0);
  console.log(
    [...(count > 0 ? [toRead(measured, count)] : [flawed(measured)]), repairs(measured)].filter(Boolean).join('\n\n'),
  );
  process.exitCode = measured.some(({ applied }) => applied.some(({ flaws }) => Object.keys(flaws).length > 0)) ? 1 : 0;
  return measured.flatMap((one) => one.crashes);
}

function answer(runs: readonly Run[]): string {
  if (options.sample !== undefined) {
    const choice = { count: Number(positionals[0] ?? 30), level: options.level as Level };
    return sheet(
      runs.flatMap((run) => run.findings),
      readVerdicts(),
      choice,
    );
  }
  if (options.base !== undefined) return changes(runs);
  return `${summary(runs)}\n\n### Precision\n\n${precision(rules, readVerdicts())}`;
}

/** The parsers of Vue, Svelte and Astro that are installed in a folder, above it or here. */
async function componentParsers(paths: readonly string[]): Promise<Parsers> {
  const { parsers } = await findToolchain(paths.map((path) => path.split('=')[0]!));
  return new Map([...parsers].filter(([extension]) => extension !== '.ts'));
}

/** The plugin as it was at a revision, built in a worktree of its own. */
async function buildOf(revision: string): Promise<Plugin> {
  const folder = mkdtempSync(join(tmpdir(), 'async-leaks-base-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  git('worktree', 'add', '--detach', folder, revision);
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
      cwd: folder,
      stdio: 'inherit',
    });
    const built = (await import(pathToFileURL(join(folder, 'dist/src/index.js')).href)) as { default: Plugin };
    return built.default;
  } finally {
    git('worktree', 'remove', '--force', folder);
  }
}

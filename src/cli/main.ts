#!/usr/bin/env node
import { resolve } from 'node:path';
import plugin from '../index.js';
import { help, parse, type Args } from './args.js';
import { CannotRun } from './cannot-run.js';
import { commonFolder, findFiles } from './files.js';
import { fixAll } from './fix.js';
import { json } from './json.js';
import { linterFor, prefix } from './lint.js';
import { notesOn } from './notes.js';
import { paintFor } from './paint.js';
import { progressOn } from './progress.js';
import { run, type Reporter, type Summary } from './run.js';
import { sarif } from './sarif.js';
import { stylish } from './stylish.js';
import { Tally } from './tally.js';
import { findToolchain } from './toolchain.js';

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  process.stderr.write(`${plugin.meta.name}: ${error.message}\n`);
  process.exitCode = 2;
}

async function main(argv: readonly string[]): Promise<number> {
  const args = parse(argv, prefix, Object.keys(plugin.rules));
  if (args.help || args.version) {
    print(args.help ? help : `${plugin.meta.version}\n`);
    return 0;
  }

  const stop = new AbortController();
  // The second Ctrl-C ends the process, in case the first one waits for a large file.
  process.once('SIGINT', () => {
    stop.abort();
  });
  // Whoever reads us may have enough, like `head`.
  process.stdout.on('error', () => {
    process.exit();
  });

  const skipped = new Tally();
  const sources = findFiles(args.paths, skipped);
  const paths = sources.map((source) => source.path);
  const folder = commonFolder(paths);
  const tools = await findToolchain(args.paths.map((path) => resolve(path)));
  const lint = linterFor(args, tools, folder);
  const asides = args.format === 'stylish' ? print : warn;
  for (const note of tools.notes) asides(`${note}\n`);

  const progress = progressOn(process.stderr);
  if (args.fixSuggestions) {
    const changes = await fixAll(sources, lint, { progress, signal: stop.signal });
    asides(`${changes.join('\n')}\n\n`);
  }
  const reporter = reporterFor(args, folder);
  const summary = await run(sources, lint, skipped, { reporter, progress, signal: stop.signal });
  if (args.format !== 'stylish')
    asides(
      notesOn(summary)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return exitCode(summary);
}

function reporterFor({ format }: Args, folder: string): Reporter {
  if (format === 'json') return json(print);
  if (format === 'sarif') return sarif(print, folder);
  return stylish(print, paintFor(process.stdout));
}

function exitCode(summary: Summary): number {
  if (summary.stopped) return 130;
  if (summary.crashes.length > 0) return 2;
  if (summary.linted === 0) throw new CannotRun('None of the files could be linted.');
  return summary.findings.total > 0 ? 1 : 0;
}

function print(text: string): void {
  process.stdout.write(text);
}

function warn(text: string): void {
  process.stderr.write(text);
}

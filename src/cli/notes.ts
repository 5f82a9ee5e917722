import { relative } from 'node:path';
import type { Summary } from './run.js';
import { plural, type Tally } from './tally.js';

const maxListed = 20;

/** What a reader needs to know about files without findings: left out, not parsed, not typed, crashed. */
export function notesOn(summary: Summary): string[] {
  const blocks = [
    block(
      'Crashed (please report this):',
      summary.crashes.map(({ path, rule, error }) => `${shown(path)}: ${rule}: ${firstLines(error)}`),
    ),
    block(
      'Cannot be parsed:',
      summary.unparsable.map(({ path, place, error }) => `${shown(path)}${place} ${error}`),
    ),
    block('Skipped:', rowsOf(summary.skipped)),
    block('Linted without type information:', rowsOf(summary.untyped)),
    summary.stopped ? [`Stopped after ${summary.linted} of ${plural(summary.found, 'file')}.`, ''] : [],
  ];
  return blocks.flat();
}

function block(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - maxListed;
  return [
    title,
    ...lines.slice(0, maxListed).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    '',
  ];
}

function rowsOf(tally: Tally): string[] {
  return tally.rows.map(({ reason, count, first }) => `${reason}: ${count} (first: ${shown(first)})`);
}

/** What was thrown, and where. */
function firstLines(error: string): string {
  const lines = error.split('\n');
  const where = lines.find((line) => line.trimStart().startsWith('at '))?.trim();
  return where ? `${lines[0]!} ${where}` : lines[0]!;
}

function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}

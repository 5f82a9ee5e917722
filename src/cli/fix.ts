import type { Linter } from 'eslint';
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Source } from './files.js';
import type { Lint, Outcome } from './lint.js';
import type { Progress } from './progress.js';
import { textOf } from './run.js';
import { Tally } from './tally.js';

const maxRounds = 10;

interface Edit {
  rule: string;
  range: [number, number];
  text: string;
}

/** A text, what linting it says, and the edits that made it. */
interface Edited {
  text: string;
  outcome: Outcome;
  edits: readonly Edit[];
}

/** Applies first suggestions to each file until none is left, writes what changed, and says so line by line. */
export async function fixAll(
  sources: readonly Source[],
  lint: Lint,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<string[]> {
  const lines: string[] = [];
  for (const [index, source] of sources.entries()) {
    await setImmediate();
    if (signal.aborted) break;

    progress.show(index, sources.length, source.path);
    // Whatever is skipped here is skipped again, and counted, when the result is linted.
    const text = textOf(source, new Tally());
    if (text === null || text.includes('\uFFFD')) continue;

    const applied = new Tally();
    const fixed = await fixText(source.path, text, lint, applied);
    if (fixed === text) continue;
    lines.push(`  ${relative(process.cwd(), source.path)}: ${written(source.path, fixed, applied)}`);
  }
  progress.clear();
  return lines.length === 0 ? ['No suggestion was applied.'] : ['Applied suggestions:', ...lines];
}

async function fixText(path: string, original: string, lint: Lint, applied: Tally): Promise<string> {
  let now: Edited = { text: original, outcome: await lint(path, original), edits: [] };
  for (let round = 0; round < maxRounds && now.outcome.kind === 'linted'; round += 1) {
    const edits = apart(now.outcome.result.messages.flatMap(firstEdit));
    if (edits.length === 0) break;

    const next = (await afterEdits(path, now.text, edits, lint)) ?? (await afterSomeEdits(path, now.text, edits, lint));
    if (next.edits.length === 0) break;

    for (const { rule } of next.edits) applied.add(rule, path);
    now = next;
  }
  return now.text;
}

/** The text with all edits and what linting it says, or null if it does not parse any more. */
async function afterEdits(path: string, text: string, edits: readonly Edit[], lint: Lint): Promise<Edited | null> {
  const edited = withEdits(text, edits);
  const outcome = await lint(path, edited);
  return outcome.kind === 'linted' ? { text: edited, outcome, edits } : null;
}

/** The text with those edits that can be added one by one. */
async function afterSomeEdits(path: string, text: string, edits: readonly Edit[], lint: Lint): Promise<Edited> {
  let best: Edited = { text, outcome: await lint(path, text), edits: [] };
  for (const edit of edits) best = (await afterEdits(path, text, [...best.edits, edit], lint)) ?? best;
  return best;
}

function firstEdit({ ruleId, suggestions }: Linter.LintMessage): Edit[] {
  const fix = suggestions?.[0]?.fix;
  return ruleId && fix ? [{ rule: ruleId, range: fix.range, text: fix.text }] : [];
}

/** The edits in order, without those that touch an earlier one. */
function apart(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = [];
  for (const edit of edits.toSorted((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])) {
    const last = kept.at(-1);
    if (!last || edit.range[0] > last.range[1]) kept.push(edit);
  }
  return kept;
}

function withEdits(text: string, edits: readonly Edit[]): string {
  // ESLint counts characters after the byte order mark.
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return edits
    .toReversed()
    .reduce(
      (result, { range: [start, end], text: inserted }) =>
        result.slice(0, start + mark) + inserted.replace(/\r?\n/g, lineEnd) + result.slice(end + mark),
      text,
    );
}

function written(path: string, text: string, applied: Tally): string {
  try {
    writeFileSync(path, text);
  } catch (error) {
    return `not written (${error instanceof Error ? error.message : String(error)})`;
  }
  return applied.rows.map(({ reason, count }) => `${count} ${reason}`).join(', ');
}

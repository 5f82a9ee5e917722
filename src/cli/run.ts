import type { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { tooGenerated, type Source } from './files.js';
import type { Lint } from './lint.js';
import type { Progress } from './progress.js';
import { Tally } from './tally.js';

/** What a run found out, besides the findings themselves. */
export interface Summary {
  found: number;
  linted: number;
  findings: Tally;
  filesWithFindings: number;
  skipped: Tally;
  untyped: Tally;
  unparsable: { path: string; place: string; error: string }[];
  crashes: { path: string; rule: string; error: string }[];
  stopped: boolean;
  milliseconds: number;
}

export interface Reporter {
  file(result: ESLint.LintResult, text: string): void;
  end(summary: Summary): void;
}

/** Lints file after file and keeps nothing of a file once it is reported, so that memory stays bounded. */
export async function run(
  sources: readonly Source[],
  lint: Lint,
  skipped: Tally,
  { reporter, progress, signal }: { reporter: Reporter; progress: Progress; signal: AbortSignal },
): Promise<Summary> {
  const started = performance.now();
  const summary: Summary = {
    found: sources.length,
    linted: 0,
    findings: new Tally(),
    filesWithFindings: 0,
    skipped,
    untyped: new Tally(),
    unparsable: [],
    crashes: [],
    stopped: false,
    milliseconds: 0,
  };

  for (const [index, source] of sources.entries()) {
    // Linting never leaves the thread; without this turn Ctrl-C would not be heard.
    await setImmediate();
    if (signal.aborted) break;

    progress.show(index, sources.length, source.path);
    const text = textOf(source, skipped);
    if (text !== null) await lintOne(source.path, text, lint, summary, { reporter, progress });
  }

  progress.clear();
  summary.stopped = signal.aborted;
  summary.milliseconds = performance.now() - started;
  reporter.end(summary);
  return summary;
}

/** The file's text, or null with a reason in `skipped`. */
export function textOf({ path, named }: Source, skipped: Tally): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    skipped.add('cannot be read', path);
    return null;
  }
  const reason = named ? null : tooGenerated(text);
  if (reason) skipped.add(reason, path);
  return reason ? null : text;
}

async function lintOne(
  path: string,
  text: string,
  lint: Lint,
  summary: Summary,
  { reporter, progress }: { reporter: Reporter; progress: Progress },
): Promise<void> {
  const outcome = await lint(path, text);
  if (outcome.kind === 'skipped') summary.skipped.add(outcome.reason, path);
  if (outcome.kind === 'crashed') summary.crashes.push({ path, rule: outcome.rule, error: outcome.error });
  if (outcome.kind === 'unparsable') {
    const { line, column, message } = outcome.failure;
    const place = line ? `:${line}:${column}` : '';
    summary.unparsable.push({ path, place, error: message.replace('Parsing error: ', '') });
  }
  if (outcome.kind === 'linted') {
    summary.linted += 1;
    if (outcome.untyped) summary.untyped.add(outcome.untyped, path);
    if (outcome.result.messages.length > 0) summary.filesWithFindings += 1;
    for (const { ruleId } of outcome.result.messages) summary.findings.add(ruleId!, path);
  }
  if (outcome.kind === 'linted' || outcome.kind === 'unparsable') {
    progress.clear();
    reporter.file(outcome.result, text);
  }
}

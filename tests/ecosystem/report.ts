/** What a run prints. */
import { readFileSync } from 'node:fs';

import { codeFrame } from '../../src/cli/frame.js';
import type { Finding, Run } from './lint.js';
import { checks, type Applied, type Check, type Measured } from './suggestions.js';
import { keyOf, tally, type Tally, type Verdict } from './verdicts.js';

/** Findings per rule and per 1,000 lines, without types and with them. */
export function summary(runs: readonly Run[]): string {
  const parts = [runs.filter(({ typed }) => !typed), runs.filter(({ typed }) => typed)];
  return parts
    .filter(([first]) => first)
    .map(counts)
    .join('\n\n');
}

function counts(runs: readonly Run[]): string {
  const sum = (what: 'lines' | 'skipped') => runs.reduce((total, run) => total + run[what], 0);
  const findings = runs.flatMap((run) => run.findings);
  const row = (name: string, some: readonly Finding[]) => {
    const numbers = [some.filter(({ level }) => level === 'recommended').length, some.length];
    return [name, ...numbers.flatMap((count) => [String(count), ((count / sum('lines')) * 1000).toFixed(3)])];
  };
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const title = `### ${runs[0]!.typed ? 'With' : 'Without'} types: ${runs.length} packages, ${runs.flatMap((run) => run.files).length.toLocaleString('en')} files, ${sum('lines').toLocaleString('en')} lines, ${sum('skipped')} skipped, ${runs.flatMap((run) => run.crashes).length} crashes`;
  const rows = rules.map((rule) =>
    row(
      `\`${rule}\``,
      findings.filter((finding) => finding.rule === rule),
    ),
  );
  return `${title}\n\n${table(['rule', 'recommended', 'per 1,000 lines', 'strict', 'per 1,000 lines'], [...rows, row('all', findings)])}`;
}

/** How much of what was judged is right, per rule and config. */
export function precision(rules: readonly string[], verdicts: readonly Verdict[]): string {
  const row = (name: string, some: readonly Verdict[]) => {
    const gone = tally(some, 'none');
    const cells = [tally(some, 'recommended'), tally(some, 'strict')].flatMap((one) => [
      String(one.judged),
      share(one),
    ]);
    return [name, ...cells, String(gone.judged - gone.right)];
  };
  const rows = rules.map((rule) =>
    row(
      `\`${rule}\``,
      verdicts.filter((verdict) => verdict.rule === rule),
    ),
  );
  return table(
    ['rule', '`recommended`: judged', 'right', 'only `strict`: judged', 'right', 'false alarms repaired'],
    [...rows, row('all', verdicts)],
  );
}

function share({ right, judged }: Tally): string {
  return judged === 0 ? '' : `${Math.round((right / judged) * 100)} %`;
}

/** The findings that this build has and the base has not, and the other way round, with their code. */
export function changes(runs: readonly Run[]): string {
  const parts = runs.flatMap(({ typed, findings, before }) => [
    ...missing(findings, before).map((finding) => describe('gained', finding, typed)),
    ...missing(before, findings).map((finding) => describe('lost', finding, typed)),
  ]);
  return parts.length > 0 ? parts.join('\n\n') : 'No finding gained or lost.';
}

function missing(these: readonly Finding[], those: readonly Finding[]): Finding[] {
  const identity = (finding: Finding) => `${keyOf(finding)} ${finding.level} ${finding.message.messageId}`;
  const known = new Set(those.map(identity));
  return these.filter((finding) => !known.has(identity(finding)));
}

function describe(what: string, { in: where, file, at, rule, level, message, path }: Finding, typed: boolean): string {
  const frame = codeFrame(readFileSync(path, 'utf8'), message, (_, text) => text);
  return [
    `### ${what}: ${rule} (${level}${typed ? ', with types' : ''})`,
    `${where} ${file}:${at}`,
    message.message,
    ...frame,
  ].join('\n');
}

/** How many suggestions there are of each kind, and how many of them pass each check. */
export function repairs(measured: readonly Measured[]): string {
  const applied = measured.flatMap((one) => one.applied);
  const sum = (what: 'findings' | 'offering') => measured.reduce((total, one) => total + one[what], 0);
  const names = Object.keys(checks) as Check[];
  const row = (name: string, some: readonly Applied[]) => {
    const passing = names.map((check) => some.filter(({ flaws }) => !('parses' in flaws) && !(check in flaws)).length);
    return [
      name,
      some.length,
      some.filter(({ rank }) => rank === 0).length,
      ...passing,
      some.filter(({ flaws }) => Object.keys(flaws).length === 0).length,
    ].map(String);
  };
  const kinds = [...new Set(applied.map(kindOf))].sort();
  const rows = kinds.map((kind) =>
    row(
      kind,
      applied.filter((one) => kindOf(one) === kind),
    ),
  );
  const title = `### ${sum('findings')} findings, ${sum('offering')} with a suggestion`;
  return `${title}\n\n${table(['suggestion', 'offered', 'first', ...Object.values(checks), 'all'], [...rows, row('all', applied)])}`;
}

function kindOf({ rule, suggestion }: Applied): string {
  return `\`${rule}\` \`${suggestion}\``;
}

/** The suggestions that fail a check, with what they change. */
export function flawed(measured: readonly Measured[]): string {
  const failing = measured.flatMap(({ applied }) => applied.filter(({ flaws }) => Object.keys(flaws).length > 0));
  return failing
    .map((one) =>
      [
        `### ${kindOf(one)}`,
        place(one),
        ...Object.entries(one.flaws).map(([check, why]) => `does not ${checks[check as Check]}: ${why}`),
        ...changedLines(one),
      ].join('\n'),
    )
    .join('\n\n');
}

/** Some suggestions of each kind, from places that lie far apart, to be read by a person. */
export function toRead(measured: readonly Measured[], count: number): string {
  const applied = measured.flatMap((one) => one.applied);
  return [...new Set(applied.map(kindOf))]
    .sort()
    .flatMap((kind) => {
      const some = applied.filter((one) => kindOf(one) === kind);
      const step = Math.max(1, some.length / count);
      const chosen = Array.from({ length: Math.min(count, some.length) }, (_, at) => some[Math.floor(at * step)]!);
      return [`# ${kind}: ${some.length}`, ...chosen.map((one) => [place(one), ...changedLines(one)].join('\n'))];
    })
    .join('\n\n');
}

function place({ in: where, file, at, rank }: Applied): string {
  return `${where} ${file}:${at}, suggestion ${rank + 1}`;
}

/** The lines that a suggestion changes, with three around them. */
function changedLines({ before, after }: Applied): string[] {
  const [was, is] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(was.length, is.length);
  let [first, last] = [0, 0];
  while (first < shorter && was[first] === is[first]) first += 1;
  while (last < shorter - first && was.at(-1 - last) === is.at(-1 - last)) last += 1;
  const from = Math.max(0, first - 3);
  const lines = [
    ...was.slice(from, first).map((line) => `  ${line}`),
    ...was.slice(first, was.length - last).map((line) => `- ${line}`),
    ...is.slice(first, is.length - last).map((line) => `+ ${line}`),
    ...was
      .slice(was.length - last)
      .slice(0, 3)
      .map((line) => `  ${line}`),
  ];
  return lines.map((line) => line.trimEnd());
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/**
 * What people judged of findings, one file for each rule. A finding is judged once: package, version, file, place and
 * rule say which one it is.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import type { Finding, Level, Run } from './lint.js';

export interface Verdict {
  /** package@version, or owner/repository@commit */
  readonly in: string;
  readonly file: string;
  /** `line:column` */
  readonly at: string;
  readonly rule: string;
  /** The first config that reports it now. */
  readonly level: Level | 'none';
  /** Is it a leak? */
  readonly right: boolean;
  readonly why: string;
}

const folder = new URL('verdicts/', import.meta.url);

export function readVerdicts(): Verdict[] {
  return readdirSync(folder).flatMap((name) => {
    const rule = name.replace('.json', '');
    const entries = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Omit<Verdict, 'rule'>[];
    return entries.map((entry) => ({ ...entry, rule }));
  });
}

/** Writes one line for each, in a fixed order. */
export function writeVerdicts(verdicts: readonly Verdict[]): void {
  for (const rule of new Set(verdicts.map((verdict) => verdict.rule))) {
    const lines = verdicts
      .filter((verdict) => verdict.rule === rule)
      .sort(inOrder)
      .map(
        ({ in: where, file, at, level, right, why }) =>
          `  ${JSON.stringify({ in: where, file, at, level, right, why })}`,
      );
    writeFileSync(new URL(`${rule}.json`, folder), `[\n${lines.join(',\n')}\n]\n`);
  }
}

/** These verdicts, in place of older ones of the same findings. */
export function merge(older: readonly Verdict[], newer: readonly Verdict[]): Verdict[] {
  const keys = new Set(newer.map(keyOf));
  return [...older.filter((verdict) => !keys.has(keyOf(verdict))), ...newer];
}

/** The verdicts with the config that reports their findings now. Those of files and rules that were not linted stay. */
export function updated(verdicts: readonly Verdict[], runs: readonly Run[], rules: readonly string[]): Verdict[] {
  const linted = new Set(runs.flatMap((run) => run.files.map((file) => `${run.package} ${file}`)));
  const found = distinct(runs.flatMap((run) => run.findings));
  return verdicts.map((verdict) =>
    linted.has(`${verdict.in} ${verdict.file}`) && rules.includes(verdict.rule)
      ? { ...verdict, level: found.get(keyOf(verdict))?.level ?? 'none' }
      : verdict,
  );
}

export function keyOf({ in: where, file, at, rule }: Pick<Verdict, 'in' | 'file' | 'at' | 'rule'>): string {
  return `${where} ${file}:${at} ${rule}`;
}

/** Each finding once: where types decide whether it is certain, the lower config counts. */
export function distinct(findings: readonly Finding[]): Map<string, Finding> {
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const key = keyOf(finding);
    if (found.get(key)?.level !== 'recommended') found.set(key, finding);
  }
  return found;
}

function inOrder(one: Verdict, other: Verdict): number {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const line = ({ at }: Verdict) => Number.parseInt(at, 10);
  return (
    compare(one.in, other.in) || compare(one.file, other.file) || line(one) - line(other) || compare(one.at, other.at)
  );
}

export interface Tally {
  readonly judged: number;
  readonly right: number;
}

/** How many of the judged findings are right: of those with this level now. */
export function tally(verdicts: readonly Verdict[], level: Verdict['level']): Tally {
  const judged = verdicts.filter((verdict) => verdict.level === level);
  return { judged: judged.length, right: judged.filter(({ right }) => right).length };
}

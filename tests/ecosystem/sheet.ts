/** Sheets: findings with their code, and room for a verdict. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { codeFrame } from '../../src/cli/frame.js';
import type { Finding, Level } from './lint.js';
import { distinct, keyOf, type Verdict } from './verdicts.js';

const linesAround = 12;

interface Choice {
  /** How many of each rule. */
  readonly count: number;
  readonly level: Level;
}

/** Findings of each rule at a level, in the order of a hash: always the same ones, those without a verdict first. */
export function sheet(found: readonly Finding[], verdicts: readonly Verdict[], { count, level }: Choice): string {
  const judged = new Map(verdicts.map((verdict) => [keyOf(verdict), verdict]));
  const findings = [...distinct(found)]
    .filter(([, finding]) => finding.level === level)
    .map(([key, finding]) => ({
      finding,
      verdict: judged.get(key),
      rank: createHash('sha1').update(key).digest('hex'),
    }))
    .sort((one, other) => Number(!!one.verdict) - Number(!!other.verdict) || (one.rank < other.rank ? -1 : 1));

  if (findings.length === 0) return `No findings at ${level}.`;
  return [...new Set(findings.map(({ finding }) => finding.rule))]
    .sort()
    .flatMap((rule) => {
      const ofRule = findings.filter(({ finding }) => finding.rule === rule);
      const title = `# ${rule}: ${ofRule.length} findings at ${level}, ${ofRule.filter(({ verdict }) => verdict).length} judged`;
      return [title, ...ofRule.slice(0, count).map(({ finding, verdict }) => entry(finding, verdict))];
    })
    .join('\n\n');
}

function entry({ in: where, file, at, rule, level, message, path }: Finding, verdict: Verdict | undefined): string {
  return [
    `## ${where} ${file}:${at} ${rule} (${level})`,
    `${message.message}\n${path}:${message.line}`,
    codeFrame(readFileSync(path, 'utf8'), message, (_, text) => text, linesAround).join('\n'),
    `verdict: ${verdict ? `${verdict.right ? 'right' : 'wrong'} ${verdict.why}` : ''}`,
  ].join('\n\n');
}

/** The verdicts that somebody wrote into a sheet: `verdict: right`, or `verdict: wrong`, and why. */
export function verdictsIn(text: string): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const part of text.split(/^(?=## )/m)) {
    const [, where, file, at, rule, level] = /^## (\S+) (\S+?):(\d+:\d+) (\S+) \((\w+)\)$/m.exec(part) ?? [];
    const [, word, why] = /^verdict: (right|wrong) (.+)$/m.exec(part) ?? [];
    if (!where || !file || !at || !rule || !word || !why) continue;
    verdicts.push({ in: where, file, at, rule, level: level as Level, right: word === 'right', why: why.trim() });
  }
  return verdicts;
}

/** Real code that was damaged at random: no rule may throw at it, or take long. */
import { damaged, seeded } from '../support/damage.js';
import { allRules, lint } from '../support/lint.js';
import type { Crash } from './lint.js';
import type { Sources } from './packages.js';

/** What all rules together may take for one file, in milliseconds. */
const LONG = 5_000;

export interface Endurance {
  linted: number;
  /** Those that still parse. */
  parsed: number;
  readonly crashes: Crash[];
}

/** Lints every file of a package so many times, damaged in another way each time, and always in the same ways. */
export function torture({ files }: Sources, rounds: number): Endurance {
  const result: Endurance = { linted: 0, parsed: 0, crashes: [] };
  const rules = allRules();
  for (const file of files) {
    if (lint(file, {}).some(({ fatal }) => fatal)) continue;
    const below = seeded(file.text.length);
    for (const source of Array.from({ length: rounds }, () => damaged(file, below)).flat()) {
      result.linted += 1;
      const bare = timed(() => lint(source, {}).some(({ fatal }) => fatal));
      if (bare.value) continue;
      result.parsed += 1;
      try {
        const { time } = timed(() => lint(source, rules));
        if (time - bare.time > LONG) throw new Error(`It took ${Math.round(time)} ms.`);
      } catch (error) {
        result.crashes.push({ path: file.name, error: `${(error as Error).stack}\n\n${source.text}` });
      }
    }
  }
  return result;
}

function timed<T>(work: () => T): { value: T; time: number } {
  const start = performance.now();
  const value = work();
  return { value, time: performance.now() - start };
}

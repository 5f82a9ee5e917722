/** What code leaves behind when it runs. */
import { execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';

import { type Source } from '../project.js';

export interface Report {
  /** What each run adds to what is there. */
  left: Record<string, number>;
  /** How each run ended. */
  readonly outcomes: string[];
  /** Callbacks that came after all runs had ended. */
  runsOn: number;
  /** The most timers and processes that there were at a time. */
  peak: number;
  /** Failures that reached nobody. */
  readonly unheard: readonly string[];
}

/** A source, and the code that makes use of it. */
export interface Runnable extends Source {
  readonly run: string;
  /** Is it to leave nothing behind? Then it is given time to end what it started. */
  readonly isGood: boolean;
}

const here = fileURLToPath(new URL('./', import.meta.url));

/**
 * Runs each source three times, all in one process of their own; once more, with less beside it, what is to leave
 * nothing and did.
 */
export async function runAll(sources: readonly Runnable[]): Promise<Map<string, Report>> {
  const reports = await runTogether(sources, 'many');
  const failed = sources.filter(({ name, isGood }) => isGood && leaksIn(reports.get(name)!).length > 0);
  return failed.length === 0 ? reports : new Map([...reports, ...(await runTogether(failed, 'few'))]);
}

async function runTogether(sources: readonly Runnable[], atOnce: 'few' | 'many'): Promise<Map<string, Report>> {
  const folder = mkdtempSync(join(tmpdir(), 'async-leaks-run-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const file of readdirSync(join(here, 'packages'))) installPackage(folder, file);
    const files = sources.map(({ name, text, run, isGood }, index) => {
      const file = join(folder, `${index}${isGood ? '.good' : ''}.js`);
      const declared = [...text.matchAll(/^declare (?:function|const) (\w+)/gm)]
        .map(([, word]) => `let ${word} = later;`)
        .join(' ');
      writeFileSync(file, compiled(`${declared}\n${text}\nexport const runBlock = async () => ${run};\n`, name));
      return file;
    });
    const args = [
      '--expose-gc',
      '--unhandled-rejections=warn',
      '--import',
      'tsx',
      join(here, 'child.ts'),
      atOnce,
      ...files,
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      maxBuffer: 1e8,
      timeout: 600_000,
      killSignal: 'SIGKILL',
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const reports = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, Report>;
    return new Map(sources.map(({ name }, index) => [name, reports[files[index]!]!]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function installPackage(folder: string, file: string): void {
  const home = join(folder, 'node_modules', file.replace('.ts', ''));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "type": "module", "main": "index.js" }');
  writeFileSync(join(home, 'index.js'), compiled(readFileSync(join(here, 'packages', file), 'utf8'), file));
}

function compiled(text: string, name: string): string {
  const loader = /\.[jt]sx$/.test(name) ? 'tsx' : 'ts';
  return transformSync(text, { loader, target: 'node20', jsx: 'transform', jsxFactory: 'String' }).code;
}

/** What a report says against the code; nothing where it leaves nothing behind. */
export function leaksIn({ left, outcomes, runsOn, unheard }: Report): string[] {
  return [
    ...Object.entries(left).map(([what, count]) => `leaves ${count} ${what}`),
    ...outcomes.filter((outcome) => !outcome.startsWith('returns')),
    ...(runsOn > 0 ? ['runs on'] : []),
    ...unheard.map((reason) => `nobody hears of ${reason}`),
  ];
}

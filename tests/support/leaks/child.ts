/** Runs modules that stand in a file each, and prints what each leaves behind. `run.ts` starts it. */
import { pathToFileURL } from 'node:url';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import { install, Ledger, noteIn } from './probe.js';
import { installPlatform } from './platform.js';
import type { Report } from './run.js';

const ROUNDS = 3;
/** Whoever takes longer waits for ever, in milliseconds. */
const LONG = 3_000;
/** How long code that is to leave nothing may take until it does, on a machine that does much else, too. */
const PATIENCE = 20_000;
/** How long what is about to end may take, and how long is looked for what runs on. */
const GRACE = 100;

const collect = (globalThis as { gc?: () => void }).gc!;
const [many, ...files] = process.argv.slice(2);
const isMany = many === 'many';
const reports: Record<string, Report> = {};
let collecting: Promise<void> | undefined;

install();
installPlatform();
await (isMany ? Promise.all(Array.from({ length: 16 }, work)) : Promise.all([work(), work()]));
process.stdout.write(`\n${JSON.stringify(reports)}\n`, () => process.exit(0));

async function work(): Promise<void> {
  for (let file = files.shift(); file !== undefined; file = files.shift())
    reports[file] = await reportOf(file, /\.good\.js$/.test(file));
}

async function reportOf(file: string, isGood: boolean): Promise<Report> {
  const ledger = new Ledger();
  const report: Report = { left: {}, outcomes: [], runsOn: 0, peak: 0, unheard: ledger.unheard };
  let first: Record<string, number> = {};
  try {
    const module = (await noteIn(ledger, () => import(pathToFileURL(file).href))) as {
      runBlock: () => Promise<unknown>;
    };
    for (let round = 0; round < ROUNDS && report.outcomes.at(-1) !== 'never settles'; round += 1) {
      report.outcomes.push(
        await outcomeOf(
          noteIn(ledger, () => module.runBlock()),
          isGood ? PATIENCE : LONG,
        ),
      );
      if (round === 0) first = await left(ledger);
    }
  } catch (error) {
    report.outcomes.push(`does not load: ${String(error)}`);
  }
  // A machine that does much else runs late what ends something: what is there at once tells of a leak only where one
  // is looked for.
  const until = performance.now() + (isGood ? PATIENCE : 0);
  do await look();
  while ((report.runsOn > 0 || Object.keys(report.left).length > 0) && performance.now() < until);
  report.peak = ledger.peak;
  return report;

  async function look(): Promise<void> {
    await sleep(GRACE);
    const { calls } = ledger;
    // What the first run leaves may be there for good; what each one leaves is a leak.
    const last = await left(ledger);
    report.left = Object.fromEntries(
      Object.entries(last).flatMap(([what, count]) =>
        count > (first[what] ?? 0) ? [[what, count - (first[what] ?? 0)]] : [],
      ),
    );
    await sleep(GRACE);
    report.runsOn = ledger.calls - calls;
  }
}

async function outcomeOf(running: Promise<unknown>, patience: number): Promise<string> {
  const over = new AbortController();
  const ended = running.then(
    (value) => `returns ${JSON.stringify(value)}`,
    (error: unknown) => `throws ${String(error)}`,
  );
  try {
    return await Promise.race([ended, sleep(patience, 'never settles', { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

async function left(ledger: Ledger): Promise<Record<string, number>> {
  await sleep(GRACE);
  await (collecting ??= collectSoon());
  return ledger.count();
}

/** Collecting garbage takes time, so that all who want it at about the same time wait for one. */
async function collectSoon(): Promise<void> {
  await sleep(GRACE / 4);
  collecting = undefined;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await turn();
  }
}

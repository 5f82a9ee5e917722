import { describe, expect, it } from 'vitest';

import { apply, lint, type Rules } from '../support/lint.js';

const rules = (checkUnknown: boolean): Rules => ({ 'async-leaks/no-leaky-races': ['error', { checkUnknown }] });
const findings = (text: string, checkUnknown = false) => lint({ name: 'races/example.ts', text }, rules(checkUnknown));
const ids = (text: string, checkUnknown = false) => findings(text, checkUnknown).map(({ messageId }) => messageId);

const SLEEP = "import { setTimeout as sleep } from 'node:timers/promises';\n";

describe('silent', () => {
  it.each([
    [
      'another race',
      'export const f = (Promise, work) => Promise.race([work, new Promise((r) => setTimeout(r, 999))]);',
    ],
    ['no argument', 'export const f = () => Promise.race();'],
    ['a name that nobody set', 'export const f = (arms) => Promise.race(arms);'],
    [
      'a timer that is cleared under a guard',
      'export async function f(work, ms) { let id; const late = new Promise((_, reject) => { id = setTimeout(reject, ms); }); try { return await Promise.race([work, late]); } finally { if (id !== undefined) clearTimeout(id); } }',
    ],
    [
      'a timer that another callback clears',
      'export const f = (work, ms) => { let id; return Promise.race([work.then((x) => { clearTimeout(id); return x; }), new Promise((r) => { id = setTimeout(r, ms); })]); };',
    ],
    [
      'a leaving after the timer fired',
      'export async function f(work, ms) { let late = false; let id; await Promise.race([work.catch(() => 0), new Promise((r) => { id = setTimeout(() => { late = true; r(); }, ms); })]); if (late) throw new Error(); clearTimeout(id); }',
    ],
    ['a short pause', `${SLEEP}export const f = (work) => Promise.race([work, sleep(20)]);`],
    [
      'a pause with a signal',
      `${SLEEP}export const f = (work, signal) => Promise.race([work, sleep(900, 0, { signal })]);`,
    ],
    [
      'an arm of the round',
      'export async function f(it, work) { for (;;) { const next = it.next(); if (await Promise.race([next, work()])) return; } }',
    ],
    [
      'arms that name each other',
      'export const f = () => { const one = two; const two = one; return Promise.race([one, two]); };',
    ],
  ])('%s', (_title, text) => {
    expect(ids(text)).toEqual([]);
  });
});

describe('reported', () => {
  it.each([
    [
      'through a chain',
      `${SLEEP}export const f = (work) => Promise.race([work, sleep(900).then(() => null)]);`,
      'sleepLeft',
    ],
    [
      'through a choice',
      'export const f = (work, ms) => Promise.race([work, ms ? new Promise((r) => setTimeout(r, ms)) : work]);',
      'timerLeft',
    ],
    [
      'through a list by name',
      `${SLEEP}export const f = async (work) => { const arms = [work, sleep(900)]; return await Promise.race(arms); };`,
      'sleepLeft',
    ],
    [
      'a function that waits and throws',
      `${SLEEP}async function late(ms) { await sleep(ms); throw new Error(); }\nexport const f = (work) => Promise.race([work, late(900)]);`,
      'sleepLeft',
    ],
  ])('%s', (_title, text, messageId) => {
    expect(ids(text)).toEqual([messageId]);
  });

  it('a pause of another file only where everything unknown is', () => {
    const text = "import { delay } from './time.js';\nexport const f = (work) => Promise.race([work, delay(900)]);";
    expect(ids(text)).toEqual([]);
    expect(ids(text, true)).toEqual(['sleepLeft']);
  });
});

describe('endLosers', () => {
  it.each([
    [
      'ends two arms in one place',
      `${SLEEP}export async function f(work) {\n  const x = await Promise.race([work, sleep(900), new Promise((r) => setTimeout(r, 800))]);\n  return x;\n}`,
      '.finally(() => { clearTimeout(timer); controller.abort(); });',
    ],
    [
      'keeps the names that are there',
      'export async function f(work, timer) {\n  return Promise.race([work, new Promise((r) => setTimeout(r, timer))]);\n}',
      'clearTimeout(timer2);',
    ],
    [
      'makes a block of an arrow',
      'export const f = (work) => Promise.race([work, new Promise((r) => setTimeout(r, 800))]);',
      'return Promise.race(',
    ],
  ])('%s', (_title, text, expected) => {
    const [suggestion] = findings(text).flatMap(({ suggestions }) => suggestions ?? []);
    const after = apply(text, suggestion!);
    expect(after).toContain(expected);
    expect(ids(after)).toEqual([]);
  });

  it('offers nothing where one arm cannot be ended from here', () => {
    const text =
      'const delay = (ms) => new Promise((r) => setTimeout(r, ms));\nexport const f = (work) => Promise.race([work, delay(900)]);';
    expect(findings(text)[0]!.suggestions ?? []).toEqual([]);
  });
});

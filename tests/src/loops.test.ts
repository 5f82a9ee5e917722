import { describe, expect, it } from 'vitest';

import { stopOf } from '../../src/flow/loops.js';
import { endlessSelfCall } from '../../src/flow/recursion.js';
import { fileOf } from './support.js';

const stop = (text: string) => {
  const file = fileOf(text);
  return stopOf(file.index.loops[0]!, file);
};
const inFunction = (body: string) => `async function run(options, queue, on) { ${body} }`;
const inClass = (field: string, body: string, rest = '') => `class Feed { ${field}; async run() { ${body} } ${rest} }`;

describe('how a loop ends', () => {
  it.each([
    ['while (true) await step();', 'never'],
    ['for (;;) await step();', 'never'],
    ['do { await step(); } while (1);', 'never'],
    ['for (let n = 0; ; n += 1) await step(n);', 'never'],
    ['while (!false) await step();', 'never'],
    ['const go = true; while (go) await step();', 'never'],
    ['let go = false; go = true; while (go) await step();', 'never'],
    ['let go; while (go) await step();', 'data'],
    ['let on = true; while (on) { await step(); on = false; }', 'data'],
    ["while ('open' !== 'closed') await step();", 'never'],
    ['while (options.on) await step();', 'data'],
    ['while (on()) await step();', 'data'],
    ['while (true) { if (await step()) break; }', 'data'],
    ['while (true) { if (await step()) return; }', 'data'],
    ['while (true) { if (await step()) throw new Error(); }', 'data'],
    ['while (true) { try { throw await step(); } catch {} }', 'never'],
    ['while (true) { try { throw await step(); } catch { return; } }', 'data'],
    ['while (true) { for (const one of queue) break; await step(); }', 'never'],
    ['while (true) { switch (await step()) { case 1: break; } }', 'never'],
    ['outer: while (true) { for (;;) break outer; }', 'data'],
    ['outer: while (true) { for (;;) continue outer; }', 'never'],
    ['while (true) { queue.forEach(() => { return; }); await step(); }', 'never'],
    ['while (true) { if (false) break; await step(); }', 'never'],
    ['while (true) { await step(); process.exit(); }', 'data'],
    ['while (true) { assertOpen(); await step(); }', 'perhaps'],
    ['while (queue.length > 0) await step(queue.shift());', 'count'],
    ['while (Date.now() < options.until) await step();', 'count'],
    ['let n = 0; while (true) { n += 1; if (n > 3) break; await step(); }', 'count'],
    ['let n = 3; while (n--) await step();', 'count'],
    ['for (const one of queue) await step(one);', 'count'],
    ['for (const one in options) await step(one);', 'count'],
    ['for await (const one of queue) step(one);', 'count'],
  ])('%s', (body, expected) => {
    expect(stop(inFunction(body))).toBe(expected);
  });

  it.each([
    ['#on = true', 'while (this.#on) await step();', '', 'never'],
    ['#on = true', 'while (this.#on) await step();', 'stop() { this.#on = false; }', 'data'],
    ['#on = true', 'while (this.#on) await step();', 'stop() { [this.#on] = [false]; }', 'data'],
    ['private on = true', 'while (this.on) await step();', '', 'never'],
    ['private on = true', 'while (this.on) await step();', 'stop() { Object.assign(this, { on: false }); }', 'data'],
    ['on = true', 'while (this.on) await step();', '', 'perhaps'],
    ['@observed() private on = true', 'while (this.on) await step();', '', 'data'],
    ['#on', 'while (!this.#on) await step();', '', 'never'],
    ['#on = false', 'while (this.#on) await step();', 'start() { this.#on = true; }', 'never'],
    ['#on = false', 'while (this.#on) await step();', 'toggle() { this.#on = !this.#on; }', 'data'],
    ['#on = true', 'while (true) { if (!this.#on) break; await step(); }', 'stop() { this.#on = false; }', 'data'],
    ['#on = 0', 'while (!this.#on) await step();', 'stop() { this.#on += 1; }', 'data'],
    ['#on = read()', 'while (this.#on) await step();', '', 'data'],
    ['#on', 'while (this.#on) await step();', 'constructor() { this.#on = true; }', 'never'],
    ["private state = 'open'", "while (this.state !== 'closed' && true) await step();", '', 'never'],
  ])('class { %s } with %s and %s', (field, body, rest, expected) => {
    expect(stop(inClass(field, body, rest))).toBe(expected);
  });

  it.each([
    ["on(bus, 'x')", 'never'],
    ["on(bus, 'x', { signal })", 'count'],
    ["on(bus, 'x', { close: ['end'] })", 'count'],
    ["on(bus, 'x', {})", 'never'],
    ["on(bus, 'x', options)", 'count'],
    ['on(...given)', 'count'],
    ['ticks()', 'never'],
    ['deep()', 'count'],
  ])('for await over %s', (source, expected) => {
    const head =
      "import { on } from 'node:events'; async function* ticks() { while (true) yield 1; } async function* deep() { for await (const one of deep()) yield one; }";
    const file = fileOf(
      `${head} async function run(bus, options, given, signal) { for await (const one of ${source}) step(one); }`,
    );
    expect(stopOf(file.index.loops.at(-1)!, file)).toBe(expected);
  });
});

describe('a function that calls itself', () => {
  it.each([
    ['async function run() { await step(); return run(); }', true],
    ['async function run() { await step(); await run(); }', true],
    ['async function run() { try { await step(); } finally { void run(); } }', true],
    ['const run = async () => { await step(); await run(); };', true],
    ['function run() { return step().then(() => run()); }', true],
    ['class A { async #run() { await step(); await this.#run(); } }', true],
    ['async function run() { if (await step()) return; await run(); }', false],
    ['async function run() { await step(); if (on) await run(); }', false],
    ['async function run(tree) { await step(); for (const one of tree) await run(one); }', false],
    ['async function run() { on(() => run()); await step(); }', false],
    ['async function run() { await step(); throw new Error(); run(); }', false],
    ['function run() { step(); run(); }', false],
  ])('%s', (text, expected) => {
    const file = fileOf(text);
    expect(file.index.functions.some((fn) => endlessSelfCall(fn, file) !== null)).toBe(expected);
  });
});

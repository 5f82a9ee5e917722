import { describe, expect, it } from 'vitest';

import { ignoredWork } from '../../src/ownership/signals/ignored.js';
import { addSignalParameter, checkSignalInLoop, linkSignals, passSignal } from '../../src/edits/signals.js';
import type { Edit } from '../../src/edits/edit.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { fileOf } from '../src/support.js';

const signal = { text: 'signal', mayBeMissing: false };
const imports = `import { once } from 'node:events';
import { spawn, exec } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
`;

function applied(text: string, edit: Edit | null): string | null {
  if (!edit) return null;
  let out = text;
  for (const { start, end, text: added } of edit.toSorted((one, other) => other.start - one.start))
    out = out.slice(0, start) + added + out.slice(end);
  return out;
}

describe('the argument that takes the signal', () => {
  it.each([
    ['fetch(url)', 'fetch(url, { signal })'],
    ['fetch(url,)', 'fetch(url, { signal },)'],
    ['fetch(url, {})', 'fetch(url, { signal })'],
    ['fetch(url, undefined)', 'fetch(url, { signal })'],
    ['fetch(url, init)', 'fetch(url, { ...init, signal })'],
    ['fetch(url, { ...init })', 'fetch(url, { ...init, signal })'],
    ['fetch(url, { signal: undefined })', 'fetch(url, { signal })'],
    ['fetch(url, { signal: own })', 'fetch(url, { signal: AbortSignal.any([signal, own]) })'],
    ['fetch(url, {\n  method,\n})', 'fetch(url, {\n  method,\n  signal,\n})'],
    ['fetch(\n  url,\n)', 'fetch(\n  url,\n  { signal },\n)'],
    ['fetch(...given)', null],
    ["once(bus, 'x')", "once(bus, 'x', { signal })"],
    ['pipeline(a, b)', 'pipeline(a, b, { signal })'],
    ['pipeline(a, b, { end: false })', 'pipeline(a, b, { end: false, signal })'],
    ["spawn('ls')", "spawn('ls', undefined, { signal })"],
    ["spawn('ls', { cwd })", "spawn('ls', { cwd, signal })"],
    ["exec('ls', () => {})", "exec('ls', { signal }, () => {})"],
    ["readFile(url, 'utf8')", "readFile(url, { encoding: 'utf8', signal })"],
    // Half of a file would be left.
    ["writeFile(url, text, 'utf8')", null],
    ["target.addEventListener('x', init, true)", "target.addEventListener('x', init, { capture: true, signal })"],
  ])('%s', (text, expected) => {
    const code = `${imports}async function run(url: string, init: RequestInit, bus, a, b, own, given, cwd, target: EventTarget, method) {\n${text};\n}`;
    const file = fileOf(code);
    const call = [...file.index.calls.values()].flat()[0]!;
    const out = applied(code, passSignal(file, call, signal));
    expect(out).toBe(expected === null ? null : code.replace(text, expected));
  });

  it('is linked where the signal may be missing', () => {
    const code = 'fetch(url, { signal: own.signal });';
    const file = fileOf(code);
    const [value] = file.index.members.get('signal')!;
    expect(applied(code, linkSignals(file, value!, { ...signal, mayBeMissing: true }))).toBe(
      'fetch(url, { signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal });',
    );
  });
});

describe('a look at the signal in each round', () => {
  it.each([
    ['while (on) await step();', 'while (on) {\n  signal.throwIfAborted();\n  await step();\n}'],
    ['while (on) { await step(); }', 'while (on) { signal.throwIfAborted(); await step(); }'],
    ['work();\nwhile (on) {}', 'work();\nwhile (on) { signal.throwIfAborted();}'],
    [
      'while (on) { // for ever\n    await step();\n}',
      'while (on) { // for ever\n    signal.throwIfAborted();\n    await step();\n}',
    ],
    ['while (on) {\n\n  await step()\n}', 'while (on) {\n  signal.throwIfAborted()\n\n  await step()\n}'],
  ])('%s', (code, expected) => {
    const file = fileOf(code);
    expect(applied(code, checkSignalInLoop(file, file.index.loops[0]!, signal))).toBe(expected);
  });
});

describe('a parameter for a signal', () => {
  it.each([
    ['async function run() {}', 'async function run(signal?: AbortSignal) {}'],
    [
      'async function run<T extends () => void>() {}',
      'async function run<T extends () => void>(signal?: AbortSignal) {}',
    ],
    ['const run = async (one: string) => one;', 'const run = async (one: string, signal?: AbortSignal) => one;'],
    ['const run = async one => one;', 'const run = async (one, signal?: AbortSignal) => one;'],
    ['async function run(one = 1) {} run(2);', 'async function run(one = 1, signal?: AbortSignal) {} run(2);'],
    ['async function run(options: { a: 1 }) {}', 'async function run(options: { a: 1; signal?: AbortSignal }) {}'],
    [
      'type Options = { a: 1, };\nasync function run({ a }: Options) {}',
      'type Options = { a: 1, signal?: AbortSignal, };\nasync function run({ a, signal }: Options) {}',
    ],
    [
      'async function run() {} async function signal() {}',
      'async function run(signal2?: AbortSignal) {} async function signal() {}',
    ],
    ['class A { async run() {} }', 'class A { async run(signal?: AbortSignal) {} }'],
    ['async function run(\n  one: string,\n) {}', 'async function run(\n  one: string,\n  signal?: AbortSignal,\n) {}'],
    ['async function run(...all) {}', null],
    ['async function run(one) {} list.map(run);', null],
    ['async function run(one) {} run(1, 2);', null],
    ['list.map(async (one) => one);', null],
    ['const api = { async run() {} };', null],
    ['function run(one: string): void; async function run(one) {}', null],
    ['class A { constructor(private a: string) {} }', null],
  ])('%s', (code, expected) => {
    const file = fileOf(code);
    expect(applied(code, addSignalParameter(file, file.index.functions[0]!)?.edit ?? null)).toBe(expected);
  });

  it('has no type in JavaScript', () => {
    const code = 'async function run({ a }) {}';
    const file = fileOf(code, { name: 'file.js' });
    expect(applied(code, addSignalParameter(file, file.index.functions[0]!)!.edit)).toBe(
      'async function run({ a, signal }) {}',
    );
  });
});

describe('work that a signal in reach does not get', () => {
  const ignored = (text: string): string[] => {
    const file = fileOf(imports + text);
    return file.signals
      .all()
      .flatMap((one) =>
        ignoredWork(one, file).map(
          ({ call, sure }) => `${sure ? '' : '?'}${file.text((call as TSESTree.CallExpression).callee)}`,
        ),
      );
  };

  it.each([
    ['async function a(signal) { await fetch(1); }', ['?fetch']],
    ['async function a(signal) { signal.throwIfAborted(); await fetch(1); }', ['fetch']],
    ['async function a(signal: string) { await fetch(1); }', []],
    ["process.on('SIGTERM', async (signal) => { await fetch(1); });", []],
    [
      'async function a(signal: AbortSignal) { const b = async (signal: AbortSignal) => { await fetch(1, { signal }); }; await b(signal); await fetch(2); }',
      ['fetch'],
    ],
    [
      'async function a(signal: AbortSignal) { const all = [fetch(1), fetch(2, { signal })]; await Promise.all(all); }',
      ['fetch'],
    ],
    ['async function a(signal: AbortSignal) { await Promise.race([fetch(1), gone(signal)]); }', []],
    ['async function a(signal: AbortSignal) { await withSignal(fetch(1), signal); }', []],
    ['async function a(signal: AbortSignal) { while (!signal.aborted) await step(); await fetch(1); }', []],
    ['async function a(signal: AbortSignal) { if (signal.aborted) await fetch(1); else await fetch(2); }', ['fetch']],
    ['async function a(signal: AbortSignal) { await work().finally(() => fetch(1)); }', []],
    ['async function a(signal: AbortSignal) { await limit(() => fetch(1)); }', ['?fetch']],
    ['async function a(signal: AbortSignal) { await fetch(new Request(1)); }', []],
    ['async function a(signal: AbortSignal, init) { await fetch(1, init); }', ['?fetch']],
    ['async function a(signal: AbortSignal) { const init = {}; init.signal = signal; await fetch(1, init); }', []],
    ["async function a(signal: AbortSignal) { spawn('x', { detached: true }); }", []],
    ['async function a(options) { await fetch(1); return options.signal.aborted; }', ['fetch']],
    [
      'async function a(options: { signal?: AbortSignal; onTick(): void }) { await fetch(1); options.onTick(); }',
      ['fetch'],
    ],
    [
      'async function a(progress: { signal?: AbortSignal; race(work: unknown): unknown }) { await progress.race(fetch(1)); }',
      [],
    ],
    ['async function a({ signal: abort }: { signal: AbortSignal }) { await fetch(1); }', ['fetch']],
    [
      'class A { #stop = new AbortController(); async a() { await fetch(1); } close() { this.#stop.abort(); } }',
      ['fetch'],
    ],
    ['class A { #stop = new AbortController(); async a() { await fetch(1); } }', []],
    [
      'class A { #stop?: AbortController; async a() { this.#stop = new AbortController(); await fetch(1); } close() { this.#stop.abort(); } }',
      [],
    ],
    [
      'class A { constructor(private signal: AbortSignal) {} async a() { await this.b(); } async b() { await fetch(1, { signal: this.signal }); } }',
      [],
    ],
  ])('%s', (text, expected) => {
    expect(ignored(text)).toEqual(expected);
  });
});

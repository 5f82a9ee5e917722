import { describe, expect, it } from 'vitest';

import { apply, lint, type Rules } from '../support/lint.js';

const rules = (checkUnknown: boolean): Rules => ({ 'async-leaks/no-unsettled-promises': ['error', { checkUnknown }] });
const findings = (text: string, checkUnknown = false) =>
  lint({ name: 'unsettled/example.ts', text }, rules(checkUnknown));
const ids = (text: string, checkUnknown = false) => findings(text, checkUnknown).map(({ messageId }) => messageId);

describe('silent', () => {
  it.each([
    ['a settler that is bound', 'export const a = () => new Promise((resolve) => { later(resolve.bind(null, 1)); });'],
    [
      'settlers in an object',
      'export const a = () => new Promise((resolve, reject) => { queue.push({ resolve, reject }); });',
    ],
    ['settlers that are taken apart', 'export const a = () => new Promise((...settlers) => {});'],
    ['an executor that this file does not show', 'export const a = (run) => new Promise(run);'],
    ['a class of that name', 'class Promise { constructor(run) {} }\nexport const a = new Promise((resolve) => {});'],
    [
      'a helper in the executor',
      'export const a = (on) => new Promise((resolve) => { const done = () => { resolve(1); }; on.ok(done); });',
    ],
    [
      'a way that ends the process',
      'export const a = (x) => new Promise((resolve) => { if (x) { resolve(1); } else { process.exit(1); } });',
    ],
    [
      'a loop that registers',
      'export const a = (list) => new Promise((resolve) => { let n = list.length; for (const one of list) setTimeout(() => { n -= 1; if (n === 0) resolve(); }, 1); });',
    ],
    [
      'an arm of a race, by name',
      'export const a = (work, x) => { const arm = new Promise((resolve) => { if (x) resolve(1); }); return Promise.race([work, arm]); };',
    ],
    [
      'what was set up before',
      "export const a = (page) => { let found; page.on('x', () => found(1)); return new Promise((resolve) => { found = resolve; }); };",
    ],
    [
      'an arm of a race, by a list',
      'export const a = (all, isIt) => { const arms = all.map((one) => new Promise((resolve) => one.then((value) => { if (isIt(value)) resolve(value); }))); arms.push(Promise.all(all)); return Promise.race(arms); };',
    ],
    [
      'a function that leaves the page',
      'function leave(error) { if (!error.isStale) return false; location.reload(); return true; }\nexport const a = (error) => new Promise((resolve, reject) => { if (leave(error)) return; reject(error); });',
    ],
    [
      'an error that ends the process',
      "import { fork } from 'node:child_process';\nexport const a = (file, log) => new Promise((resolve) => { const child = fork(file); child.once('error', (error) => { log.fatal(error); }); child.once('exit', resolve); });",
    ],
    [
      'the exit of a process that runs',
      "import { type ChildProcess } from 'node:child_process';\nexport const a = (child: ChildProcess) => new Promise((resolve) => { child.once('exit', resolve); child.kill(); });",
    ],
    [
      'a key on the keyboard',
      "export const a = () => new Promise((resolve) => { process.stdin.once('data', resolve); });",
    ],
    [
      'a failure that is an event, too',
      "import { get } from 'node:https';\nexport const a = (url) => new Promise((resolve, reject) => { get(url, async (response) => { const parts = []; response.on('error', reject); for await (const part of response) parts.push(part); resolve(parts); }).on('error', reject); });",
    ],
    [
      'a question whose answer is known',
      'export class A { open(id) { this.pending = { id }; return new Promise((resolve) => { if (this.pending && this.pending.id === id) this.pending.settle = resolve; }); } }',
    ],
    [
      'many questions of one value',
      "export const a = (kind, open) => new Promise((resolve, reject) => { if (kind === 'a') { resolve(1); } else if (kind === 'b') { resolve(2); } else if (isC(kind)) { open(kind).then(resolve, reject); } });",
    ],
    [
      'a handler that is there to catch',
      'export const a = (add, log) => new Promise(async (resolve, reject) => { try { resolve(await add()); } catch (error) { await add().catch((again) => { log.error({ ...about(again) }); }); reject(error); } });',
    ],
    [
      'a name that is given to its own next value',
      "export const a = (on, x) => { let work = new Promise((resolve) => { on('exit', () => resolve()); }); work = work.then(x); return work; };",
    ],
    [
      'cyclic helpers',
      'export const a = (x) => new Promise((resolve) => { const one = () => two(); const two = () => (x ? one() : resolve()); one(); });',
    ],
  ])('%s', (_title, text) => {
    expect(ids(text)).toEqual([]);
  });
});

describe('reported', () => {
  it.each([
    [
      'a catch that only logs',
      'errorless',
      'export const a = (text) => new Promise((resolve) => { try { resolve(JSON.parse(text)); } catch (error) { console.error(error); } });',
      'notOnEveryPath',
    ],
    [
      'an async function called at once',
      'iife',
      "export const a = () => new Promise((resolve) => { (async () => { await fetch('x'); resolve(); })(); });",
      'rejectionIgnored',
    ],
    [
      'a named callback',
      'named',
      "import { readFile } from 'node:fs';\nexport const a = (path) => new Promise((resolve) => { const done = (error, text) => { if (!error) resolve(text); }; readFile(path, done); });",
      'errorIgnored',
    ],
    [
      'settlers kept in names',
      'names',
      'export const a = (x) => { let settle; const made = new Promise((resolve) => { settle = resolve; }); if (x) return made; setTimeout(settle, 1); return made; };',
      'notOnEveryPath',
    ],
    [
      'settlers in one object',
      'object',
      'export const a = (x) => { const one = Promise.withResolvers(); if (x) one.resolve(); return one.promise; };',
      'notOnEveryPath',
    ],
  ])('%s', (_title, _name, text, messageId) => {
    expect(ids(text)).toEqual([messageId]);
  });

  it('a guard only where everything unknown is', () => {
    const text = (settles: string) =>
      `export const a = (on) => new Promise((resolve) => { let done = false; on.once('x', () => { if (done) return; resolve(); }); on.once('y', () => { done = true; ${settles} }); });`;
    expect(ids(text(''))).toEqual([]);
    expect(ids(text(''), true)).toEqual(['notOnEveryPath']);
    // What switched the flag on has settled the promise.
    expect(ids(text('resolve();'), true)).toEqual([]);
  });
});

describe('settlers that are kept', () => {
  const inClass = (kept: string, keep: string, forget: string) =>
    `export class A {\n  ${kept}\n  ask(id: number): Promise<void> {\n    return new Promise((resolve, reject) => {\n      ${keep}\n    });\n  }\n  answer(id: number) {\n    console.log(id);\n  }\n  stop(id = 0) {\n    ${forget}\n  }\n}\n`;
  const map = 'waiting = new Map<number, { done(): void; fail(error: Error): void }>();';
  it.each([
    [
      'in objects of a map, one by one',
      inClass(map, 'this.waiting.set(id, { done: () => resolve(), fail: reject });', 'this.waiting.delete(id);'),
      "this.waiting.get(id)?.fail(new Error('Stopped'));\n    this.waiting.delete(id);",
    ],
    [
      'in a list',
      inClass(
        'waiting: ((error: Error) => void)[] = [];',
        'this.waiting.push(reject); setTimeout(resolve, id, 1);',
        'this.waiting.length = 0;',
      ),
      "for (const reject of this.waiting) reject(new Error('Stopped'));\n    this.waiting.length = 0;",
    ],
    [
      'in a field',
      inClass(
        'fail: ((error: Error) => void) | undefined;',
        'this.fail = reject; if (id > 1) setTimeout(resolve, id, 1);',
        'this.fail = undefined;',
      ),
      "this.fail?.(new Error('Stopped'));\n    this.fail = undefined;",
    ],
  ])('%s', (_title, text, expected) => {
    const [suggestion] = findings(text, true).flatMap(({ suggestions }) => suggestions ?? []);
    const after = apply(text, suggestion!);
    expect(after).toContain(expected);
  });

  it('are left alone where nobody has the value that they take', () => {
    const text = inClass(
      'answer1: ((text: string) => void) | undefined;',
      'this.answer1 = resolve as never;',
      'this.answer1 = undefined;',
    )
      .replace('Promise<void>', 'Promise<string>')
      .replace('new Promise(', 'new Promise<string>(');
    expect(findings(text, true).flatMap(({ suggestions }) => suggestions ?? [])).toEqual([]);
  });
});

describe('edits', () => {
  it('leave alone what an earlier run settled', () => {
    const text =
      "export const a = (on) => new Promise((resolve) => { let done = false; on.once('x', () => { if (done) return; done = true; resolve(); }); });";
    expect(findings(text, true).flatMap(({ suggestions }) => suggestions ?? [])).toEqual([]);
  });

  it.each([
    [
      'puts parentheses around a lone parameter',
      "import { get } from 'node:http';\nexport const a = (url) => new Promise(resolve => { get(url, (r) => resolve(r)); });",
      "(resolve, reject) => { get(url, (r) => resolve(r)).on('error', reject);",
    ],
    [
      'resolves what carries nothing',
      'export const a = (x: boolean) => new Promise<void>((resolve) => { if (x) return; setTimeout(resolve, 1); });',
      'if (x) return resolve();',
    ],
    [
      'adds a default',
      "export const a = (x: string) => new Promise<void>((resolve) => {\n  switch (x) {\n    case 'a':\n      resolve();\n      break;\n  }\n});",
      '    default:\n      resolve();',
    ],
    [
      'rejects in place of a throw',
      'export const a = (ask) => new Promise((resolve) => { ask((error, v) => { if (error) throw error; resolve(v); }); });',
      'if (error) return reject(error);',
    ],
    [
      'leaves a settler that nobody uses',
      'export const a = (gone: boolean, on: (f: () => void) => void) => new Promise<void>((_, reject) => { if (gone) return; on(reject); });',
      "reject(new Error('Unexpected: gone'))",
    ],
    [
      'settles on all ways at once',
      'export const a = (x: boolean, y: boolean) => new Promise<void>((resolve) => { if (x) return; if (y) return; setTimeout(resolve, 1); });',
      'if (x) return resolve(); if (y) return resolve();',
    ],
    [
      'waits for all events at once',
      "import { createReadStream } from 'node:fs';\nexport const a = (path: string) => new Promise((resolve) => {\n  const stream = createReadStream(path);\n  stream.on('data', () => stream.destroy());\n  stream.on('end', () => resolve(1));\n});",
      "\n  stream.on('error', reject);\n  stream.on('close', () => reject(new Error('stream closed early')));",
    ],
    [
      'settles on other failures, too',
      'export const a = (url: string) => new Promise((resolve) => {\n  fetch(url).then(() => {\n    const image = new Image();\n    image.onload = () => resolve(1);\n    image.src = url;\n  });\n});',
      "image.onerror = () => reject(new Error('image failed to load'));\n    image.src = url;\n  }).catch(reject);",
    ],
    [
      'parts statements on one line',
      "import { createReadStream } from 'node:fs';\nexport const a = (path: string) => new Promise((resolve) => { const s = createReadStream(path); s.resume(); s.on('end', () => { resolve(1) }) });",
      "s.on('end', () => { resolve(1) }); s.on('error', reject);",
    ],
    [
      'does not take the name of another',
      'export const a = (x, reject) => new Promise<number>((resolve) => { if (x) return; setTimeout(() => resolve(reject), 1); });',
      "reject2(new Error('Unexpected: x'))",
    ],
  ])('%s', (_title, text, expected) => {
    const [suggestion] = findings(text).flatMap(({ suggestions }) => suggestions ?? []);
    const after = apply(text, suggestion!);
    expect(after).toContain(expected);
    expect(ids(after)).toEqual([]);
  });
});

describe('an `else` that settles', () => {
  const executor = (handled: string) =>
    `export const a = (ready, read) => new Promise((resolve, reject) => { if (ready) { try { resolve(read()); } catch (error) { ${handled}(error); } } });`;

  it.each([
    ['is offered where all else settles', 'reject', ['settleThere']],
    ['is not where a handler goes on all the same', 'console.error', undefined],
  ])('%s', (_, handled, offered) => {
    const [found] = findings(executor(handled));
    expect(found).toMatchObject({ messageId: 'notOnEveryPath' });
    expect(found!.suggestions?.map(({ messageId }) => messageId)).toEqual(offered);
  });
});

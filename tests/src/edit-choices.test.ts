import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { apply, lint, type Rules } from '../support/lint.js';
import { createProject } from '../support/project.js';

const rules: Rules = plugin.configs.strict.rules;

/** All suggestions for a text, the first of each finding marked, with what each makes of it. */
function choices(text: string, name = 'edits/example.ts') {
  return lint({ name, text }, rules).flatMap(({ suggestions = [] }) =>
    suggestions.map((one, rank) => ({ id: one.messageId, rank, text: apply(text, one) })),
  );
}

function made(text: string, id: string, name?: string): string | undefined {
  return choices(text, name).find((one) => one.id === id)?.text;
}

const ids = (text: string, name?: string): (string | undefined)[] => choices(text, name).map(({ id }) => id);

const promises = 'declare const load: (...urls: string[]) => Promise<string>;\n';

describe('endInFinally is not offered', () => {
  it.each([
    [
      'where a callback uses the handle later',
      "export async function watch(bus: { connect(f: () => void): void }) {\n  const socket = new WebSocket('/');\n  bus.connect(() => socket.send('x'));\n  await load();\n}\n",
    ],
    [
      'where a variable outside keeps it',
      "let socket: WebSocket;\nexport async function open() {\n  socket = new WebSocket('/');\n  await load();\n}\n",
    ],
    [
      'for what is done as the process exits',
      "export async function read() {\n  const seen: string[] = [];\n  process.on('exit', () => console.log(seen));\n  seen.push(await load());\n}\n",
    ],
    [
      'for a listener that is about nothing in the function',
      "export async function read() {\n  window.addEventListener('online', () => location.reload());\n  await load();\n}\n",
    ],
    [
      'where the path of a folder is in the result',
      "import { mkdtempSync } from 'node:fs';\nexport async function read(use: (text: string) => Promise<void>) {\n  const folder = mkdtempSync('x');\n  await load();\n  return await use(`${folder}/x`);\n}\n",
    ],
  ])('%s', (_, text) => {
    expect(lint({ name: 'edits/example.ts', text: promises + text }, rules)).not.toEqual([]);
    expect(ids(promises + text)).not.toContain('endInFinally');
  });

  it('for a subscription that is about nothing in the function', () => {
    const text = (listener: string) =>
      `import type { Observable } from 'rxjs';\n${promises}export async function collect(counts: Observable<number>) {\n  const seen: number[] = [];\n  counts.subscribe((count) => ${listener});\n  await load();\n  console.log(seen.length);\n}\n`;
    expect(ids(text('seen.push(count)'))).toContain('endInFinally');
    expect(ids(text('console.log(count)'))).not.toContain('endInFinally');
  });

  it('for a listener of an instance that has a teardown', () => {
    const text = `${promises}declare const bus: EventTarget;\nexport class Page {\n  async open() {\n    const seen = [];\n    bus.addEventListener('x', () => this.read(seen.length));\n    await load();\n  }\n  read(count: number) {\n    console.log(count);\n  }\n  close() {}\n}\n`;
    expect(ids(text)).not.toContain('endInFinally');
  });
});

describe('the choice', () => {
  it('clears a timer that watches an await in a finally, and not in the teardown', () => {
    const text = `${promises}export class Page {\n  async open() {\n    let finished = false;\n    setTimeout(() => {\n      if (!finished) console.log('slow');\n    }, 1000);\n    await load();\n    finished = true;\n  }\n  close() {}\n}\n`;
    expect(ids(text)).toEqual(['endInFinally']);
  });

  it('cancels a body after the request, and in no other way', () => {
    expect(
      choices("export async function ping() {\n  await fetch('/a');\n  await fetch('/b');\n}\n").map(({ id, rank }) => [
        id,
        rank,
      ]),
    ).toEqual([
      ['cancelBody', 0],
      ['cancelBody', 0],
    ]);
  });

  it('cancels a body before the condition that leaves it, where a handler leaves later', () => {
    const text = (leaving: string) =>
      `export async function read(url: string) {\n  try {\n    const response = await fetch(url);\n    if (!response.ok)${leaving}\n    return await response.text();\n  } catch {\n    return '';\n  }\n}\n`;
    const after = (comment: string) =>
      text(` {\n      await response.body?.cancel();\n      return null;${comment}\n    }`);
    expect(made(text(' return null;'), 'cancelBody')).toBe(after(''));
    expect(made(text('\n      return null; // none'), 'cancelBody')).toBe(after(' // none'));
    expect(ids(text(' return response.json();\n    if (url) throw new Error(url);'))).not.toContain('cancelBody');
  });

  it('ends before each of two ways out that leave before it is handed on, and not where the way needs it', () => {
    const text = (first: string, second: string, use = "'a'") =>
      `export async function open(isWanted: (socket: unknown) => Promise<boolean>): Promise<WebSocket | null> {\n  const socket = new WebSocket('/');\n  if (!(await isWanted(1)))${first}\n  if (!(await isWanted(2)))${second} throw new Error(${use});\n  return socket;\n}\n`;
    expect(made(text(' return null;', ''), 'endBeforeLeaving')).toBe(
      text(' {\n    socket.close();\n    return null;\n  }', ' {\n    socket.close();\n   ').replace(
        "Error('a');",
        "Error('a');\n  }",
      ),
    );
    expect(ids(text(' return null;', '', 'String(socket)'))).not.toContain('endBeforeLeaving');
  });

  it('cancels a body once before a choice that leaves it on all its ways', () => {
    const text = (before: string) =>
      `export async function status(url: string) {\n  const response = await fetch(url);\n  if (response.status === 404) return await response.text();\n${before}  if (response.status === 500) {\n    return 'broken';\n  } else {\n    return String(response.status);\n  }\n}\n`;
    expect(made(text(''), 'cancelBody')).toBe(text('  await response.body?.cancel();\n'));
  });

  it('ends in a finally what the function waits for, and in the teardown what it listens to', () => {
    const text = (use: string) =>
      `import { createConnection } from 'mysql2/promise';\nexport class Store {\n  #rows: unknown;\n  async #fill() {\n    const connection = await createConnection('/');\n    ${use}\n    this.#rows = await Promise.resolve(1);\n  }\n  close() {}\n}\n`;
    expect(ids(text("this.#rows = await connection.query('x');"))).not.toContain('endInTeardown');
    expect(ids(text("connection.on('end', () => console.log(this.#rows));"))).toContain('endInTeardown');
  });

  it('makes no callback of a chain wait that nobody waits for', () => {
    const text = (before: string) =>
      `${promises}export async function run() {\n  ${before}load().catch(() => {\n    load();\n  });\n}\n`;
    const finished = (async: string) =>
      `${promises}export function run() {\n  load().catch(${async}() => {\n    load();\n  }).finally(() => console.log(1));\n}\n`;
    expect(ids(text(''))).toEqual(['catchIt']);
    expect(ids(text('await '))).toEqual(['awaitIt', 'returnIt']);
    expect([ids(finished('')), ids(finished('async '))]).toEqual([['catchIt'], ['catchIt']]);
  });

  it('leaves work that somebody can wait for to no handler, unless it is meant to run alone', () => {
    const text = (start: string) => `${promises}export async function run() {\n  ${start}load();\n  await load();\n}\n`;
    expect(ids(text(''))).toEqual(['awaitIt']);
    expect(ids(text('void '))).toEqual(['catchIt', 'awaitIt']);
    expect(ids(text('').replace('async ', '').replace('  await load();\n', ''))).toEqual(['catchIt']);
    expect(ids(text('for await (const _ of process.stdin) '))).toEqual(['catchIt', 'awaitIt']);
  });

  it('waits for one after the other where the first failure would leave requests behind', () => {
    const text = (statement: string, async = 'async ') =>
      `export ${async}function all(urls: readonly string[]) {\n  ${statement}\n}\n`;
    for (const call of ['urls.map((url) => fetch(url));', 'urls.forEach((url) => fetch(url));']) {
      expect(made(text(call), 'awaitEach')).toBe(text('for (const url of urls) await fetch(url);'));
      expect(ids(text(call))).not.toContain('awaitAll');
      expect(ids(text(call, ''))).toEqual([]);
    }
    expect(made(text('urls.map(async (url) => await fetch(url));'), 'awaitEach')).toBe(
      text('for (const url of urls) await fetch(url);'),
    );
    const save = 'declare const save: (url: string) => Promise<void>;\n';
    expect(ids(save + text('urls.map((url) => save(url));'))).toEqual(['awaitAll', 'awaitEach']);
    expect(ids(save + text('urls.map((url) => save(url));', ''))).toEqual(['catchIt']);
  });

  it('takes no signal that a caller in the file does not have', () => {
    const text = (more: string) =>
      `${promises}export async function poll() {\n  while (true) await load();\n}\n${more}`;
    const caller = (parameter: string, given: string) =>
      `export async function run(${parameter}) {\n  await poll(${given});\n}\n`;
    expect(lint({ name: 'edits/example.ts', text: text(caller('', '')) }, rules)).not.toEqual([]);
    expect(ids(text(caller('', '')))).toEqual([]);
    expect(ids(text(''))).toEqual(['addSignal']);
    expect(made(text(caller('signal: AbortSignal', '')), 'addSignal')).toContain(
      caller('signal: AbortSignal', 'signal'),
    );
  });

  it('keeps no body in a field that only a callback can see', () => {
    const text = `export class Link {\n  check() {\n    return fetch('/').then((response) => {\n      console.log(response.status);\n    });\n  }\n  close() {}\n}\n`;
    expect(choices(text)).toEqual([]);
  });

  it('works in chunks below the comment that says what is done', () => {
    const text = `${promises}export async function all(urls: string[]) {\n  // All of them.\n  return Promise.all(urls.map((url) => load(url)));\n}\n`;
    expect(made(text, 'inChunks')).toContain('  // All of them.\n  const results = [];\n');
    expect(
      ids(
        `${promises}export const all = (urls: string[]) => load().then(() => {\n  return Promise.all(urls.map((url) => load(url)));\n});\n`,
      ),
    ).not.toContain('inChunks');
  });

  it('tells no function of an array whose type comes with what fills it', () => {
    const text = (use: string) =>
      `${promises}export async function all(urls: string[]) {\n  const texts = await Promise.all(urls.map((url) => load(url)));\n  return ${use};\n}\n`;
    expect(made(text('texts.length'), 'inChunks')).toContain('  const texts = [];\n');
    expect(made(text('urls.filter((url) => texts.includes(url))'), 'inChunks')).toContain('  const results = [];\n');
  });

  it('binds in a field what is there when an instance is made, and keeps the end of what comes later', () => {
    const text = (listener: string, field = '', start = '    bus.on("a", ', end = '') =>
      `import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nexport class Page {\n  readonly link: EventEmitter;\n${field}  constructor() {\n    this.link = new EventEmitter();\n  }\n  open() {\n${start}${listener});\n${end}  }\n  draw() {}\n  dispose() {}\n}\n`;
    expect(made(text('this.draw.bind(this)'), 'endInTeardown')).toContain('  readonly #draw = this.draw.bind(this);\n');
    expect(made(text('this.link.emit.bind(this.link, "b")'), 'endInTeardown')).toContain(
      '    const emit = this.link.emit.bind(this.link, "b");\n    bus.on("a", emit);\n    this.#stopListening = () => bus.off("a", emit);\n',
    );
  });

  it('reaches what a method was given through the field that keeps it', () => {
    const text = (parameter: string, field = '', set = '', type = 'EventEmitter') =>
      `import { EventEmitter } from 'node:events';\nexport class Page {\n${field}  constructor(${parameter}: ${type}) {\n${set}    bus.on('a', this.#draw);\n  }\n  readonly #draw = () => {};\n  dispose() {}\n}\n`;
    expect(made(text('private readonly bus'), 'endInTeardown')).toContain("    this.bus.off('a', this.#draw);\n");
    expect(made(text('bus', '  #own: EventEmitter | null;\n', '    this.#own = bus;\n'), 'endInTeardown')).toContain(
      "    this.#own?.off('a', this.#draw);\n",
    );
    expect(made(text('bus', '  own = new EventEmitter();\n', '    this.own = bus;\n'), 'endInTeardown')).toContain(
      "this.#stopListening = () => bus.off('a', this.#draw);\n",
    );
  });

  it('takes the listener for failures off no emitter that may fail later', () => {
    const text = (target: string) =>
      `import { EventEmitter } from 'node:events';\nexport const shared = new EventEmitter();\nexport class Page {\n  constructor(private readonly bus: EventEmitter) {\n    ${target}.on('error', this.#fail);\n  }\n  readonly #fail = () => {};\n  dispose() {}\n}\n`;
    expect(ids(text('shared'))).toContain('endInTeardown');
    expect(ids(text('bus'))).not.toContain('endInTeardown');
  });

  it('ends nothing beside what comes after other work', () => {
    const text = (removal: string) =>
      `${promises}export class Page {\n  attach() {\n    window.addEventListener('resize', this.draw);\n    window.addEventListener('keydown', this.draw);\n  }\n  detach() {\n    ${removal}\n  }\n  draw = () => {};\n}\n`;
    const removed = "window.removeEventListener('resize', this.draw);";
    expect(ids(text(removed))).toContain('endBeside');
    expect(ids(text(`return load().then(() => {\n      ${removed}\n    });`))).not.toContain('endBeside');
  });

  it('ends nothing where a method ends one of many', () => {
    const text = (parameter: string) =>
      `export class Sessions {\n  constructor() {\n    setInterval(() => this.prune(), 1000);\n  }\n  prune() {}\n  destroy(${parameter}) {\n    console.log('gone');\n  }\n}\n`;
    expect(ids(text(''))).toContain('endInTeardown');
    expect(ids(text('id: string'))).not.toContain('endInTeardown');
  });

  it('lets a program exit whose last words fail', () => {
    const text = (body: string) =>
      `${promises}process.on('unhandledRejection', async () => {\n  await load();\n${body}});\n`;
    expect(made(text('  process.exit(2);\n'), 'catchInside')).toContain(
      '    console.error(error);\n    process.exit(1);\n',
    );
    expect(made(text(''), 'catchInside')).not.toContain('process.exit(1)');
  });

  it('cancels the body that nobody reads of a response that is waited for', () => {
    const text = (call: string) => `export async function ping(url: string) {\n  ${call};\n}\n`;
    const after = text('const response = await fetch(url);\n  await response.body?.cancel()');
    expect(made(text('fetch(url)'), 'awaitIt')).toBe(after);
    expect(made(text('void fetch(url)'), 'awaitIt')).toBe(after);
    expect(made(text("fetch(url, { method: 'HEAD' })"), 'awaitIt')).toContain('  await fetch(url, {');
    expect(made(text('url && fetch(url)'), 'awaitIt')).toBeUndefined();
  });

  it('waits for nothing else before a response is read', () => {
    const text = (read: string) =>
      `${promises}export async function get(url: string) {\n  const response = await fetch(url);\n${read}  return 1;\n}\n`;
    expect(ids(text('  load();\n  console.log(await response.text());\n'))).toEqual(['catchIt']);
    expect(ids(text('  console.log(await response.text());\n  load();\n'))).toContain('awaitIt');
  });

  it('rejects for no failure that would leave a timer armed', () => {
    const text = (timer: string) =>
      `${promises}export const a = (use: (f: () => void) => void) =>\n  new Promise<void>(async (resolve, reject) => {\n${timer}    await load();\n    use(() => {\n      clearTimeout(Number(timer));\n      if (use.length) reject(new Error('x'));\n      else resolve();\n    });\n  });\n`;
    expect(ids(`let timer: unknown;\n${text('')}`)).toContain('rejectOnFailure');
    expect(
      ids(text('    const timer = setTimeout(console.log, 5_000);\n').replace('Number(timer)', 'timer')),
    ).not.toContain('rejectOnFailure');
  });

  it('sees the guard of a callback in the `try` around it', () => {
    const text = `${promises}let isIdle = true;\nsetInterval(async () => {\n  if (!isIdle) return;\n  isIdle = false;\n  await load();\n  isIdle = true;\n}, 10);\n`;
    const after = made(text, 'catchInside')!;
    expect(after).toContain('  try {\n    if (!isIdle) return;');
    expect(lint({ name: 'edits/example.ts', text: after }, rules)).toEqual([]);
  });

  it('gives an address back after the click that needs it', () => {
    const text = (start: string, more = '') =>
      `export function save(blob: Blob) {\n  const link = document.createElement('a');\n  ${start}\n  document.body.append(link);\n  link.click();\n  link.remove();\n${more}}\n`;
    expect(made(text('link.href = URL.createObjectURL(blob);'), 'endAfterClick')).toBe(
      text('link.href = URL.createObjectURL(blob);', '  URL.revokeObjectURL(link.href);\n'),
    );
    expect(made(text('const url = URL.createObjectURL(blob);\n  link.href = url;'), 'endAfterClick')).toBe(
      text('const url = URL.createObjectURL(blob);\n  link.href = url;', '  URL.revokeObjectURL(url);\n'),
    );
    expect(ids(text('link.href = URL.createObjectURL(blob);').replace('link.click()', 'link.focus()'))).not.toContain(
      'endAfterClick',
    );
  });

  it('ends in a finally of the promise that is made and returned', () => {
    expect(
      made(
        'export function play() {\n  const context = new AudioContext();\n  return new Promise<void>((resolve) => {\n    context.resume().then(resolve, resolve);\n  });\n}\n',
        'endInFinally',
      ),
    ).toContain('  }).finally(() => context.close());\n');
  });

  it('imports a type beside the types of its module, and uses one that is there', () => {
    const text = (imports: string, more = '', types = 'OnInit') =>
      `${imports}\n@Component({ template: '' })\nexport class Clock implements ${types} {\n  ngOnInit() {\n    window.addEventListener('resize', this.tick);\n  }\n${more}  tick = () => {};\n}\n`;
    const method = "  ngOnDestroy(): void {\n    window.removeEventListener('resize', this.tick);\n  }\n";
    const after = (imports: string) => text(imports, method, 'OnInit, OnDestroy');
    expect(
      made(
        text("import type { OnInit } from '@angular/core';\nimport { Component } from '@angular/core';"),
        'endInTeardown',
      ),
    ).toBe(
      after("import type { OnInit, OnDestroy } from '@angular/core';\nimport { Component } from '@angular/core';"),
    );
    expect(made(text("import { type OnInit, Component } from '@angular/core';"), 'endInTeardown')).toBe(
      after("import { type OnInit, type OnDestroy, Component } from '@angular/core';"),
    );
    for (const imports of [
      "import { type OnInit, type OnDestroy, Component } from '@angular/core';",
      "import type { OnInit } from '@angular/core';\nimport { Component, OnDestroy } from '@angular/core';",
    ])
      expect(made(text(imports), 'endInTeardown')).toBe(after(imports));
  });

  it('says one thing once, and takes no listener off in a function that others call', () => {
    const text = (ready: string) =>
      `import { EventEmitter } from 'node:events';\nexport const wait = (bus: EventEmitter) => new Promise<void>((resolve, reject) => {\n  bus.once('ready', ${ready});\n  bus.once('error', reject);\n});\n`;
    const offered = choices(text('() => resolve()')).map(({ text: one }) => one);
    expect(offered.length).toBeGreaterThan(0);
    expect(new Set(offered).size).toBe(offered.length);
    const elsewhere =
      "import { EventEmitter } from 'node:events';\nconst onRow = () => console.log(1);\nexport function describe(link: EventEmitter, show: () => void) {\n  const onEmpty = () => {\n    link.off('row', onRow);\n    show();\n  };\n  link.once('empty', onEmpty);\n  link.once('row', onRow);\n}\n";
    expect(ids(elsewhere)).not.toContain('endInWinner');
  });

  it('waits for no failure as for an event', () => {
    const text =
      "import { EventEmitter } from 'node:events';\nexport async function fail(bus: EventEmitter) {\n  await new Promise<void>((resolve, reject) => {\n    bus.once('error', () => resolve());\n    bus.once('error', reject);\n  });\n}\n";
    expect(
      choices(text)
        .map(({ text: after }) => after)
        .join(''),
    ).not.toContain("once(bus, 'error')");
  });

  it('returns within the try what is only read, and what is worked out after it', () => {
    const text = (value: string) =>
      `import { Mutex } from 'async-mutex';\n${promises}const mutex = new Mutex();\nexport async function read() {\n  const release = await mutex.acquire();\n  const rows = await load();\n  release();\n  return ${value};\n}\n`;
    expect(made(text('rows.length'), 'endInFinally')).toContain(
      '  try {\n    const rows = await load();\n    return rows.length;\n  } finally {',
    );
    expect(made(text('load(rows)'), 'endInFinally')).toContain(
      '  let rows;\n  try {\n    rows = await load();\n  } finally {\n    release();\n  }\n  return load(rows);\n',
    );
  });

  it('settles no promise on more ways than anybody meant', () => {
    const text = (ways: number) =>
      `${promises}export const wait = () => new Promise<void>((resolve, reject) => {\n  load().then((answer) => {\n${Array.from({ length: ways }, (_, at) => `    if (answer === '${at}') return;\n`).join('')}    resolve();\n  }, reject);\n});\n`;
    expect(ids(text(3))).toContain('settleThere');
    expect(ids(text(9))).not.toContain('settleThere');
  });

  it('settles no promise where a callback that may come again waits on', () => {
    const text = (call: string) =>
      `import { stat } from 'node:fs';\ndeclare const changes: (done: (answer: unknown) => void) => void;\ndeclare const bus: { event: typeof changes };\nexport const wait = () => new Promise<void>((resolve) => {\n  ${call}\n});\n`;
    expect(made(text("stat('a', (_, stats) => {\n    if (stats) resolve();\n  });"), 'settleThere')).toContain(
      "    if (stats) resolve();\n    else reject(new Error('Expected: stats'));\n",
    );
    expect(ids(text('changes((answer) => {\n    if (answer) resolve();\n  });'))).toContain('settleThere');
    for (const call of ['const stop = changes', 'bus.event']) {
      const again = text(`${call}((answer) => {\n    if (answer) resolve();\n  });`);
      expect(lint({ name: 'edits/example.ts', text: again }, rules)).not.toEqual([]);
      expect(ids(again)).toEqual([]);
    }
  });

  it('settles no promise where a callback lets pass what is for others', () => {
    const text = (test: string) =>
      `interface Reply {\n  id: string;\n}\ndeclare function replies(done: (reply: Reply) => void): void;\nexport const ask = (id: string) => new Promise<Reply>((resolve) => {\n  replies((reply) => {\n    if (${test}) resolve(reply);\n  });\n});\n`;
    expect(made(text("reply.id === 'ready'"), 'settleThere')).toContain('else reject(');
    expect(ids(text('reply.id === id'))).toEqual([]);
    const heard = (method: string) =>
      `import type { EventEmitter } from 'node:events';\nexport const ready = (bus: EventEmitter) => new Promise<void>((resolve) => {\n  bus.${method}('note', (note) => {\n    if (note.type === 'ready') resolve();\n  });\n});\n`;
    expect(made(heard('once'), 'settleThere')).toContain(
      'else reject(new Error(\'Expected: note.type === "ready"\'));',
    );
    expect(ids(heard('on'))).not.toContain('settleThere');
  });

  it('settles no promise in a handler that settles it on all its ways', () => {
    const text = (handler: string) =>
      `export const check = (run: () => void, log: (error: unknown) => void) => new Promise<boolean>((resolve) => {\n  process.nextTick(() => {\n    try {\n      run();\n    } catch (error) {\n      ${handler}\n    }\n  });\n});\n`;
    expect(ids(text('resolve(false);'))).toEqual([]);
  });

  it('makes no promise fail where nobody would see it fail', () => {
    const text = (connecting: string, more = '') =>
      `export class Link {\n  socket?: WebSocket;\n  constructor() {\n    self.addEventListener('online', async () => {\n      ${connecting}\n      console.log('open');\n    });\n  }\n  connect() {\n    return new Promise<void>((resolve${more}) => {\n      this.socket = new WebSocket('/');\n      this.socket.addEventListener('open', () => resolve());\n    });\n  }\n}\n`;
    expect(ids(text('await this.connect();'))).not.toContain('settleOnEvent');
    expect(ids(text('this.connect();'))).not.toContain('settleOnEvent');
    expect(ids(text('try { await this.connect(); } catch {}'))).toContain('settleOnEvent');
    expect(ids(text('console.log(this.connect);'))).toContain('settleOnEvent');
  });

  it('makes no second request to hear of the failure of one', () => {
    const text = (opened: string) =>
      `export const clear = (name: string) => new Promise<void>((resolve) => {\n  ${opened}.onsuccess = () => resolve();\n});\n`;
    expect(ids(text('const request = indexedDB.deleteDatabase(name);\n  request'))).toContain('settleOnEvent');
    expect(ids(text('indexedDB.deleteDatabase(name)'))).toEqual([]);
  });

  it('hears of no failure of a process that runs, nor of its own', () => {
    const text = (target: string, event: string) =>
      `import type { ChildProcess } from 'node:child_process';\nimport { EventEmitter } from 'node:events';\nexport class Host extends EventEmitter {\n  child?: ChildProcess;\n  async wait(given: ChildProcess) {\n    const kept = this.child!;\n    this.child = undefined;\n    await new Promise<void>((resolve) => {\n      ${target}.once('${event}', () => resolve());\n    });\n  }\n}\n`;
    expect(ids(text('given', 'exit'))).toContain('settleOnEvent');
    for (const again of [text('kept', 'exit'), text('this', 'ready')])
      expect(ids(again)).not.toContain('settleOnEvent');
  });

  it('does not wait where a promise is returned that something keeps', () => {
    const text = (returned: string) =>
      `${promises}export class Batch {\n  #done = load('b');\n  run(): Promise<string> {\n    load('a');\n    return ${returned};\n  }\n}\n`;
    expect(ids(text("load('c')"))).toContain('awaitIt');
    expect(ids(text('this.#done'))).toEqual(['catchIt']);
  });

  it('does not wait for what is taken out of a queue, where others may wait for it', () => {
    const text =
      'export class Lane {\n  async run(queue: Promise<void>[], work: () => Promise<void>, done: () => void) {\n    await work();\n    queue.shift();\n    done();\n  }\n}\n';
    expect(lint({ name: 'edits/example.ts', text }, rules)).toHaveLength(1);
    expect(ids(text)).toEqual([]);
  });

  it('skips the runs of a listener that has a name, too', () => {
    const text = (declared: string, guard: string, end: string) =>
      `${promises}export function infinite(list: HTMLElement) {\n  const rows: string[] = [];\n${declared}  const onScroll = async () => {\n${guard}    try {\n      rows.push(await load(String(rows.length)));\n    } catch {\n      rows.push('failed');\n    }${end}\n  };\n  list.addEventListener('scroll', onScroll);\n  return () => list.removeEventListener('scroll', onScroll);\n}\n`;
    expect(made(text('', '', ''), 'skipWhileBusy')).toBe(
      text(
        '  let busy = false;\n',
        '    if (busy) return;\n    busy = true;\n',
        ' finally {\n      busy = false;\n    }',
      ),
    );
  });

  it('tells of a failure whoever waits for a callback, or for the promise that is made', () => {
    const text = (body: string) =>
      `${promises}export function read(callback: (error: unknown, text?: string) => void) {\n  ${body}\n}\n`;
    expect(made(text('load().then((all) => callback(null, all));'), 'catchIt')).toContain(
      'callback(null, all)).catch(callback);',
    );
    expect(made(text('load().then((all) => callback(all));'), 'catchIt')).toContain('.catch(console.error);');
    const pending = (parameters: string) =>
      `${promises}export const wait = (use: (done: () => void) => Promise<void>) =>\n  new Promise<void>(${parameters} => {\n    use(resolve);\n  });\n`;
    expect(made(pending('(resolve, reject)'), 'catchIt')).toContain('    use(resolve).catch(reject);\n');
    expect(ids(pending('(resolve)'))).not.toContain('catchIt');
    const heard = (body: string) =>
      `${promises}export const wait = (link: WebSocket) =>\n  new Promise<void>((resolve, reject) => {\n    link.onerror = reject;\n    link.addEventListener('open', async () => {\n      await load();\n${body}    });\n  });\n`;
    expect(made(heard('      resolve();\n'), 'catchInside')).toContain(
      '      } catch (error) {\n        reject(error);\n',
    );
    expect(made(heard(''), 'catchInside')).toContain('console.error(error);');
  });

  it('does not wait for what works on until something else ends it', () => {
    const text = (loop: string, more = '') =>
      `${promises}export class Worker {\n  closing = false;\n  async resume() {\n    this.run();\n    await load();\n  }\n  async run() {\n    await this.work();\n  }\n  async work() {\n    ${loop}\n  }\n  close() {\n    this.closing = true;\n  }\n${more}}\n`;
    expect(ids(text('while (!this.closing) await load();'))).toEqual(['catchIt']);
    expect(ids(text('while (!this.closing || location.hash) await load();'))).toEqual(['catchIt']);
    expect(ids(text('while (!this.closing) this.closing = (await load()) === "";'))).toEqual(['awaitIt']);
    expect(ids(text('for (let at = 0; at < 3; at += 1) await load();'))).toEqual(['awaitIt']);
  });

  it('does not wait for a writer whose reader comes later', () => {
    const offered = (read: string) => {
      const text = `export async function squeeze() {\n  const stream = new CompressionStream('gzip');\n  const writer = stream.writable.getWriter();\n  writer.close();\n  await fetch('/');\n${read}}\n`;
      const source = { name: 'edits/example.ts', text };
      const found = lint(source, { 'async-leaks/no-floating-promises': 'error' }, createProject([source]));
      return found.flatMap(({ suggestions = [] }) => suggestions.map(({ messageId }) => messageId));
    };
    expect(offered('  return new Response(stream.readable);\n')).toEqual(['catchIt']);
    expect(offered('')).toEqual(['awaitIt']);
  });

  it('does not wait for what is only looked at', () => {
    const text = (promise: string) =>
      `${promises}export const loading = load();\nexport async function show() {\n  ${promise}.finally(() => console.log(1));\n  await load();\n}\n`;
    expect(ids(text('loading'))).toEqual(['catchIt']);
    expect(ids(text('load()'))).toEqual(['awaitIt']);
  });

  it('calls no method that the target does not have', () => {
    const text = (more: string) =>
      `interface Api {\n  on(name: 'open', listener: () => void): void;\n  emit(name: string): void;\n${more}}\nexport class Page {\n  constructor(private readonly api: Api) {\n    api.on('open', this.#open);\n  }\n  readonly #open = () => this.api.emit('a');\n  dispose() {\n    console.log('gone');\n  }\n}\n`;
    const found = (more: string) => {
      const source = { name: 'edits/example.ts', text: text(more) };
      return lint(source, rules, createProject([source])).flatMap(({ suggestions = [] }) =>
        suggestions.map((one) => apply(source.text, one)),
      );
    };
    expect(found('')).toEqual([]);
    expect(found("  removeListener(name: 'open', listener: () => void): void;\n").join('')).toContain(
      "api.removeListener('open', this.#open);",
    );
  });

  it('catches inside a function that is nothing but a callback', () => {
    const text = (more: string) =>
      `${promises}async function init() {\n  await load();\n}\nwindow.addEventListener('load', init);\n${more}`;
    expect(made(text(''), 'catchInside')).toContain(
      'async function init() {\n  try {\n    await load();\n  } catch (error) {\n    console.error(error);\n  }\n}\n',
    );
    expect(ids(text('export const ready = init();\n'))).not.toContain('catchInside');
    expect(
      made(text('').replace("window.addEventListener('load', init)", 'window.onload = init'), 'catchInside'),
    ).toContain('  try {');
  });

  it('writes a method as the class spaces and marks its own', () => {
    const text = (between: string, mark: string, added = '') =>
      `import { Component } from 'react';\nexport class Clock extends Component {\n  ${mark}componentDidMount() {\n    window.addEventListener('resize', this.tick);\n  }\n${added}${between}  tick = () => {};\n}\n`;
    const method = (before: string, mark: string) =>
      `${before}  ${mark}componentWillUnmount(): void {\n    window.removeEventListener('resize', this.tick);\n  }\n`;
    expect(made(text('', ''), 'endInTeardown')).toBe(text('', '', method('', '')));
    expect(made(text('\n', 'override '), 'endInTeardown')).toBe(text('\n', 'override ', method('\n', 'override ')));
  });

  it('gives an arrow that is an expression a block, with what it keeps under a name', () => {
    const text = (effect: string) =>
      `import { useEffect } from 'react';\nexport const App = () => {\n  useEffect(() => ${effect}, []);\n  return null;\n};\n`;
    expect(made(text('void setInterval(console.log, 1000)'), 'returnCleanup')).toBe(
      text('{\n    const timer = setInterval(console.log, 1000);\n    return () => clearInterval(timer);\n  }'),
    );
    expect(made(text("window.addEventListener('resize', () => console.log(1))"), 'returnCleanup')).toBe(
      text(
        "{\n    const onResize = () => console.log(1);\n    window.addEventListener('resize', onResize);\n    return () => window.removeEventListener('resize', onResize);\n  }",
      ),
    );
  });

  it('parts what is kept from what is done with it', () => {
    expect(
      made(
        'export class Lazy extends HTMLElement {\n  connectedCallback() {\n    new ResizeObserver(() => {}).observe(this);\n  }\n\n  disconnectedCallback() {}\n}\n',
        'endInTeardown',
      ),
    ).toContain('    this.#observer = new ResizeObserver(() => {});\n    this.#observer.observe(this);\n');
  });

  it('removes a listener of a signal that was passed in when the work is over', () => {
    const text = `${promises}export async function send(signal: AbortSignal) {\n  signal.addEventListener('abort', () => console.log('aborted'));\n  await load();\n}\n`;
    expect(made(text, 'endInFinally')).toContain(
      "  } finally {\n    signal.removeEventListener('abort', onAbort);\n  }",
    );
  });

  it('takes no listener off a signal when that aborts', () => {
    const text =
      "interface Heard {\n  off(name: string, listener: () => void): void;\n  once(name: string, listener: () => void): void;\n}\nexport function hear(signal: AbortSignal | Heard, listener: () => void) {\n  if ('addEventListener' in signal) {\n    signal.addEventListener('abort', listener, { once: true });\n  } else {\n    signal.once('abort', listener);\n  }\n}\n";
    expect(lint({ name: 'edits/example.ts', text }, rules)).toHaveLength(1);
    expect(ids(text)).toEqual([]);
  });

  it('gives listeners that get a name the types that they lose', () => {
    const text = (listener: string) =>
      `import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\nexport class Link {\n  open() {\n    bus.on('error', ${listener});\n  }\n  close() {}\n}\n`;
    expect(made(text('(error) => console.log(error.message)'), 'endInTeardown')).toContain(
      'readonly #onError = (error: Error) => console.log(error.message);',
    );
    expect(made(text('(_error) => console.log(1)'), 'endInTeardown')).toContain(
      'readonly #onError = (_error: unknown) => console.log(1);',
    );
  });

  it('makes an array of the elements that match before it waits for all', () => {
    const text = `import { load } from './load.js';\nexport async function fill() {\n  document.querySelectorAll('p').forEach(async (one) => {\n    one.textContent = await load();\n  });\n}\n`;
    expect(made(text, 'awaitAll', 'edits/example.js')).toContain(
      "await Promise.all([...document.querySelectorAll('p')].map(async",
    );
  });

  it('hears of the failure of an end that returns a promise, where nothing can wait', () => {
    const text =
      'declare const processor: ScriptProcessorNode;\nexport class Voice {\n  context: AudioContext | null = null;\n  startCapture(tell: (data: unknown) => void) {\n    const context = new AudioContext();\n    this.context = context;\n    processor.onaudioprocess = (event) => tell(event.inputBuffer);\n  }\n  stopCapture() {\n    void this.context?.close();\n  }\n}\n';
    expect(made(text, 'clearFirst')).toContain(
      ' {\n    this.context?.close().catch(console.error);\n    const context',
    );
  });

  it('looks at no signal where a stream that was given gives each item', () => {
    const text = (items: string) =>
      `${promises}export async function all(given: AsyncIterable<string>, signal: AbortSignal, open: () => AsyncIterable<string>) {\n  for await (const one of ${items}) {\n    await load(one);\n  }\n}\n`;
    expect(ids(text('open()'))).toContain('checkSignal');
    expect(ids(text('given'))).not.toContain('checkSignal');
  });

  it('drops the async of a callback that awaits nothing, and no more', () => {
    const text = (method: string) =>
      `export async function note(names: string[]) {\n  names.${method}(async (name) => {\n    console.log(name);\n  });\n}\n`;
    expect(ids(text('forEach'))).toEqual(['dropAsync']);
    expect(ids(text('map'))).toEqual(['dropAsync']);
  });

  it('awaits a call of several lines with the indentation of the loop', () => {
    const text = `${promises}export async function all(names: string[]) {\n  names.forEach((name) =>\n    load(\n      name,\n    ),\n  );\n}\n`;
    expect(made(text, 'awaitEach')).toContain(
      '  for (const name of names) {\n    await load(\n      name,\n    );\n  }\n',
    );
  });

  it('ends a program that threw in its last handler with the same exit code', () => {
    const text = (source: string) =>
      `import { load } from '${source}';\nasync function main() {\n  await load();\n}\nmain().catch((error) => {\n  throw error;\n});\n`;
    expect(made(text('fs'), 'reportIt')).toContain('  console.error(error);\n  process.exitCode = 1;\n');
    expect(made(text('./fs'), 'reportIt')).toContain('  console.error(error);\n});');
  });

  it('ends no list as if it were one of its items', () => {
    const text = (show: string) =>
      `import tippy from 'tippy.js';\nexport function hints() {\n  let popup: any;\n  return {\n    onStart: (text: string) => {\n      popup = tippy('p', { content: text });\n    },\n    onUpdate: (text: string) => ${show},\n    onExit: () => popup?.destroy(),\n  };\n}\n`;
    expect(ids(text('popup.setContent(text)'))).toContain('clearFirst');
    expect(ids(text('popup[0].setContent(text)'))).toEqual([]);
  });

  it('says of a value what was said where it was given', () => {
    const text =
      "import { EventEmitter } from 'node:events';\ndeclare const bus: EventEmitter | null;\nexport class Page {\n  constructor() {\n    bus!.on('a', this.onOpen);\n    window.addEventListener('open', this.onClick as EventListener);\n    window.addEventListener('shut', ((event: CustomEvent) => {\n      console.log(event.detail);\n    }) as EventListener);\n  }\n  onOpen = () => {};\n  onClick = (event: MouseEvent) => console.log(event.x);\n  dispose() {\n    console.log('gone');\n  }\n}\n";
    const all = choices(text).map((one) => one.text);
    expect(all).toHaveLength(3);
    expect(all[0]).toContain("    bus!.off('a', this.onOpen);\n");
    expect(all[1]).toContain("    window.removeEventListener('open', this.onClick as EventListener);\n");
    expect(all[2]).toContain("    window.addEventListener('shut', this.#onShut as EventListener);\n");
    expect(all[2]).toContain("    window.removeEventListener('shut', this.#onShut as EventListener);\n");
  });

  it('calls nothing on what may be `void`', () => {
    const text = `${promises}function show(on: boolean): void | Promise<string> {\n  if (on) return load();\n}\nexport function open() {\n  show(true);\n}\n`;
    const source = { name: 'edits/example.ts', text };
    for (const program of [undefined, createProject([source])]) {
      const suggested = lint(source, rules, program).flatMap(({ suggestions = [] }) => suggestions);
      expect(suggested.map(({ messageId }) => messageId)).not.toContain('catchIt');
    }
  });

  it('removes a folder with what is in it, and waits for that', () => {
    const text = `import * as fs from 'node:fs/promises';\n${promises}export async function read() {\n  const folder = await fs.mkdtemp('x');\n  await load();\n  console.log(folder);\n}\n`;
    expect(made(text, 'endInFinally')).toContain(
      '  } finally {\n    await fs.rm(folder, { recursive: true, force: true });\n  }',
    );
  });

  it('ends no subscription of one run because another one begins', () => {
    const text = (method: string, more: string) =>
      `import type { Observable } from 'rxjs';\nexport class Page {\n${more}  ${method}(counts: Observable<number>) {\n    counts.subscribe((count) => this.show(count));\n  }\n  show(count: number) {}\n  ngOnDestroy() {}\n}\n`;
    expect(ids(text('ngOnInit', ''))).toContain('endInTeardown');
    expect(ids(text('rename', ''))).not.toContain('endInTeardown');
  });

  it('keeps no timer of each event in one field', () => {
    const text =
      "import type { Server } from 'node:http';\nexport class Hub {\n  constructor(server: Server) {\n    server.on('upgrade', (request, socket) => {\n      setTimeout(() => socket.end(), 1000);\n    });\n  }\n  close() {}\n}\n";
    expect(lint({ name: 'edits/example.ts', text }, rules).map(({ ruleId }) => ruleId)).toContain(
      'async-leaks/no-leaked-timeouts',
    );
    expect(ids(text)).not.toContain('endInTeardown');
  });

  it('does not end with a request what is about its server', () => {
    const text = (use: string) =>
      `import { createServer } from 'node:http';\nexport const server = createServer((request, response) => {\n  response.end();\n  setInterval(() => ${use}, 1000);\n});\n`;
    expect(ids(text('server.close()'))).toEqual([]);
    expect(made(text('response.destroy()'), 'returnCleanup')).toContain(
      "response.on('close', () => clearInterval(timer));",
    );
  });

  it('answers a request whose handler failed, and ends a program that is told to', () => {
    const listener = (start: string) =>
      `import { createServer } from 'node:http';\n${promises}${start}\nconsole.log(createServer);\n`;
    expect(
      made(
        listener('createServer(async (request, response) => {\n  response.end(await load());\n}).listen(1);'),
        'catchInside',
      ),
    ).toContain(
      '    console.error(error);\n    if (!response.headersSent) response.statusCode = 500;\n    response.end();\n  }',
    );
    expect(made(listener("process.on('SIGTERM', async () => {\n  await load();\n});"), 'catchInside')).toContain(
      '    console.error(error);\n    process.exit(1);\n  }',
    );
  });

  it('keeps what a constructor starts where methods wait for it, and not where many would have to', () => {
    const text = (count: number) =>
      `export class Index {\n  words = '';\n  constructor() {\n    this.build();\n  }\n  private async build() {\n    this.words = await (await fetch('/')).text();\n  }\n${Array.from({ length: count }, (_, at) => `  async find${at}() {\n    return this.words;\n  }\n`).join('')}}\n`;
    expect([0, 1, 4, 5].map((count) => ids(text(count)))).toEqual([['catchIt'], ['keepIt'], ['keepIt'], ['catchIt']]);
  });

  it('awaits nothing in a hook before what the framework has to know about', () => {
    const text = (after: string) =>
      `import { watchEffect } from 'vue';\n${promises}watchEffect(async () => {\n  load();\n${after}});\n`;
    expect(ids(text('  console.log(1);\n'))).toEqual(['catchIt']);
    expect(ids(text(''))).toContain('awaitIt');
  });

  it('sets the exit code of a program that is run by hand', () => {
    expect(
      made(
        `async function load() {\n  await fetch('/');\n}\nif (require.main === module) {\n  load();\n}\n`,
        'catchIt',
        'edits/example.js',
      ),
    ).toContain('process.exitCode = 1;');
    expect(
      made(
        `async function load() {\n  await fetch('/');\n}\nif (process.env.NODE_ENV !== 'test') {\n  load();\n}\n`,
        'catchIt',
        'edits/example.js',
      ),
    ).toContain('  load().catch(console.error);');
  });

  it('gives a timer of a window its type', () => {
    const text =
      'export class Hint {\n  show() {\n    window.setTimeout(() => console.log(this), 10_000);\n  }\n  close() {}\n}\n';
    expect(made(text, 'endInTeardown')).toContain('  #timer: number | undefined;');
  });

  it('clears a timer of an executor when the promise is settled, where the timer settles it', () => {
    const text = (late: string) =>
      `export function wait(target: EventTarget, abort: () => void) {\n  return new Promise<Event>((resolve, reject) => {\n    target.addEventListener('x', resolve, { once: true });\n    setTimeout(${late}, 30_000);\n  });\n}\n`;
    expect(made(text("() => reject(new Error('late'))"), 'endWhenSettled')).toBe(
      text("() => reject(new Error('late'))")
        .replace('  return new', '  let timer: ReturnType<typeof setTimeout> | undefined;\n  return new')
        .replace('    setTimeout', '    timer = setTimeout')
        .replace('  });\n', '  }).finally(() => clearTimeout(timer));\n'),
    );
    expect(ids(text('abort'))).not.toContain('endWhenSettled');
  });

  it('works on chunks with callbacks of several lines, and with lists that have no name', () => {
    expect(
      made(
        'export async function all(urls: Set<string>) {\n  await Promise.all(\n    [...urls].map(async (url) => {\n      const response = await fetch(url);\n      console.log(await response.text());\n    }),\n  );\n}\n',
        'inChunks',
      ),
    ).toBe(
      'export async function all(urls: Set<string>) {\n  const items = [...urls];\n  for (let start = 0; start < items.length; start += 5) {\n    const chunk = items.slice(start, start + 5);\n    await Promise.all(chunk.map(async (url) => {\n      const response = await fetch(url);\n      console.log(await response.text());\n    }));\n  }\n}\n',
    );
  });
});

describe('a promise is settled', () => {
  it('by no settler that is out of sight', () => {
    const text = `${promises}let done = () => {};\nexport const ready = new Promise<void>((f) => (done = f));\nload().then(done);\n`;
    expect(choices(text).filter(({ text: after }) => after.includes('reject'))).toEqual([]);
  });

  it('by a settler that gets a name when it is used', () => {
    expect(
      made(
        `${promises}export const a = () => new Promise<void>((resolve, _) => {\n  load().then(() => resolve());\n});\n`,
        'rejectOnFailure',
      ),
    ).toContain('((resolve, reject) => {\n  load().then(() => resolve()).catch(reject);');
  });

  it('with the error that a request or a reader keeps', () => {
    const reader =
      'export const text = (blob: Blob) => new Promise((resolve) => {\n  const reader = new FileReader();\n  reader.onload = () => resolve(reader.result);\n  reader.readAsText(blob);\n});\n';
    expect(made(reader, 'settleOnEvent')).toContain('reader.onerror = () => reject(reader.error);');
  });

  it('by what also takes its listeners off again, where an event comes often', () => {
    const text = (executor: string) =>
      `import { createWriteStream } from 'node:fs';\nexport async function write(lines: string[]) {\n  const stream = createWriteStream('x');\n  for (const line of lines) {\n    if (!stream.write(line)) await new Promise<void>(${executor});\n  }\n  stream.end();\n}\n`;
    expect(made(text("(resolve) => stream.once('drain', () => resolve())"), 'settleOnEvent')).toContain(
      "await once(stream, 'drain');",
    );
    expect(
      ids(text("(resolve) => {\n      console.log(line);\n      stream.once('drain', () => resolve());\n    }")),
    ).not.toContain('settleOnEvent');
  });

  it('in every place that forgets it', () => {
    const text =
      'export class Queue {\n  #waiting: { reject: (error: Error) => void; resolve: () => void }[] = [];\n  wait() {\n    return new Promise<void>((resolve, reject) => {\n      this.#waiting.push({ resolve, reject });\n    });\n  }\n  next() {\n    this.#waiting.shift()?.resolve();\n  }\n  clear() {\n    this.#waiting.length = 0;\n  }\n  stop() {\n    this.#waiting.length = 0;\n  }\n}\n';
    expect(
      made(text, 'settleKept')?.match(
        /of this\.#waiting\) reject\(new Error\('\w+'\)\);\n {4}this\.#waiting\.length = 0;/g,
      ),
    ).toHaveLength(2);
  });

  it('by no grant of what each waits for in turn', () => {
    const text = (wake: string) =>
      `export class Gate {\n  #queue: (() => void)[] = [];\n  #isOpen = false;\n  async enter() {\n    if (!this.#isOpen) await new Promise<void>((resolve) => this.#queue.push(resolve));\n  }\n  wake() {\n    ${wake}\n  }\n  clear() {\n    this.#queue.length = 0;\n  }\n}\n`;
    const [finding] = lint({ name: 'edits/example.ts', text: text('this.#queue.shift()?.();') }, rules);
    expect(finding).toMatchObject({ messageId: 'settlersDropped' });
    expect(finding).not.toHaveProperty('suggestions');
    expect(made(text('for (const go of this.#queue) go();'), 'settleKept')).toContain(
      '    for (const resolve of this.#queue) resolve();\n    this.#queue.length = 0;\n',
    );
  });

  it('in the body that it puts into a `try`, too, with its indentation', () => {
    const text = `${promises}export const a = () =>\n  new Promise<string>(async (resolve, reject) => {\n    const text = await load();\n    if (text === 'a') {\n      return;\n    }\n    if (text) {\n      resolve(text);\n    }\n  });\n`;
    expect(made(text, 'settleThere')).toContain(
      "    try {\n      const text = await load();\n      if (text === 'a') {\n        reject(new Error('Unexpected: text === \"a\"'));\n        return;\n      }\n      if (text) {\n        resolve(text);\n      } else {\n        reject(new Error('Expected: text'));\n      }\n    } catch (error) {\n      reject(error);\n    }\n",
    );
  });

  it('in bodies within each other, each with its indentation', () => {
    const text = `${promises}export const a = () =>\n  new Promise<void>(async (resolve, reject) => {\n    await load();\n    setTimeout(async () => {\n      await load();\n      resolve();\n    }, 10);\n  });\n`;
    expect(choices(text)[0]!.text).toContain(
      '    try {\n      await load();\n      setTimeout(async () => {\n        try {\n          await load();\n          resolve();\n        } catch (error) {\n          reject(error);\n        }\n      }, 10);\n    } catch (error) {\n      reject(error);\n    }\n  });\n',
    );
  });

  it('with the error that a handler caught', () => {
    const text = `${promises}export const a = () => new Promise<void>((resolve, reject) => {\n  setTimeout(async () => {\n    try {\n      await load();\n      resolve();\n    } catch (error) {\n      if (String(error) === 'AbortError') return;\n      reject(error);\n    }\n  }, 10);\n});\n`;
    expect(made(text, 'settleThere')).toContain("=== 'AbortError') return reject(error);");
  });

  it('by the settlers of the name that holds both', () => {
    const text = (declared: string, before = '') =>
      `${promises}${before}export async function a() {\n  ${declared} = Promise.withResolvers<void>();\n  load().then((text) => {\n    if (text) done.resolve();\n  });\n  await done.promise;\n}\n`;
    expect(made(text('const done'), 'rejectOnFailure')).toContain(
      "    else done.reject(new Error('Expected: text'));\n  }).catch(done.reject);",
    );
    expect(ids(text('done', 'let done: PromiseWithResolvers<void>;\n'))).not.toContain('rejectOnFailure');
  });

  it('without waiting for what settles it', () => {
    const text = `${promises}export const a = (ready: boolean) => new Promise<string>((resolve, reject) => {\n  setTimeout(async () => {\n    if (!ready) {\n      return reject(new Error('x'));\n    }\n    resolve(await load());\n  }, 10);\n});\n`;
    expect(made(text, 'settleThere')).toContain("return reject(new Error('x'));");
  });
});

describe('a name', () => {
  it.each([
    [
      'beside a default',
      "import EventEmitter from 'node:events';",
      "import EventEmitter, { once } from 'node:events';",
    ],
    ['beside others', "import { on } from 'node:events';", "import { on, once } from 'node:events';"],
    [
      'apart from types',
      "import type { EventEmitter } from 'node:events';\nimport { on } from 'node:events';",
      "import type { EventEmitter } from 'node:events';\nimport { on, once } from 'node:events';",
    ],
    [
      'apart from everything',
      "import type { EventEmitter } from 'node:events';\nimport * as events from 'node:events';",
      "import type { EventEmitter } from 'node:events';\nimport * as events from 'node:events';\nimport { once } from 'node:events';",
    ],
  ])('is imported %s', (_, before, after) => {
    const text = `import { createWriteStream } from 'node:fs';\n${before}\nexport async function write() {\n  const stream = createWriteStream('x');\n  stream.write('x');\n  await new Promise<void>((resolve) => stream.once('drain', () => resolve()));\n  stream.end();\n}\n`;
    expect(made(text, 'settleOnEvent')).toContain(`${after}\nexport async`);
  });

  it('is not that of another member, in this class or another', () => {
    const text = (members: string, more = '') =>
      `export class Page {\n${members}  open() {\n    setInterval(console.log, 10);\n  }\n  close() {}\n}\n${more}`;
    expect(made(text('  #timer = 0;\n'), 'endInTeardown')).toContain('  #timer2: ');
    expect(made(text('  private timer = 0;\n'), 'endInTeardown')).toContain('  private timer2: ');
    expect(
      made(
        text('  private a = 0;\n', 'export const early = (page: { timer?: number }) => page.timer;\n'),
        'endInTeardown',
      ),
    ).toContain('  private timer2: ');
  });
});

describe('layout', () => {
  it('moves the comment on the line of an end along', () => {
    const text = `${promises}export async function read() {\n  const timer = setInterval(load, 10);\n  try {\n    await load();\n  } catch (error) {\n    console.log(error);\n    throw error;\n  }\n  clearInterval(timer); // for good\n  console.log('over');\n}\n`;
    expect(made(text, 'endInFinally')).toContain(
      "  } finally {\n    clearInterval(timer); // for good\n  }\n  console.log('over');\n",
    );
  });

  it('indents an end of several lines', () => {
    const text = `${promises}export async function read() {\n  const timer = setInterval(load, 10);\n  const text = await load();\n  if (timer) {\n    clearInterval(timer);\n  }\n  return text;\n}\n`;
    expect(made(text, 'endInFinally')).toContain(
      '  } finally {\n    if (timer) {\n      clearInterval(timer);\n    }\n  }\n',
    );
  });

  it('indents what elements say, and not what their attributes say', () => {
    const text = `${promises}export async function read(show: (node: unknown) => void) {\n  const timer = setInterval(load, 10);\n  show(\n    <p title="a\n  b">\n      some\n      text\n    </p>,\n  );\n  await load();\n}\n`;
    expect(made(text, 'endInFinally', 'edits/example.tsx')).toContain(
      '    show(\n      <p title="a\n  b">\n        some\n        text\n      </p>,\n    );\n',
    );
  });

  it('goes above the comments that are about a statement', () => {
    const text =
      "export class Poll {\n  #socket?: WebSocket;\n  load() {\n    console.log(1);\n    // eslint-disable-next-line no-new\n    this.#socket = new WebSocket('/');\n  }\n  close() {\n    this.#socket?.close();\n  }\n}\n";
    expect(made(text, 'clearFirst')).toContain(
      '    console.log(1);\n    this.#socket?.close();\n    // eslint-disable-next-line no-new\n    this.#socket = new',
    );
  });

  it('hoists a declaration above the comments of what follows', () => {
    const text = `${promises}export async function read() {\n  const timer = setInterval(load, 10);\n  // first\n\n  // second\n  const text = await load();\n  clearInterval(timer);\n  return text.trim();\n}\n`;
    expect(made(text, 'endInFinally')).toContain(
      '  let text;\n  try {\n    // first\n\n    // second\n    text = await load();\n  } finally {',
    );
  });

  it('leaves the comment behind a brace where it is', () => {
    const text =
      "export class Page {\n  #timer = setInterval(console.log, 10);\n  dispose() { // for good\n    console.log('gone');\n  }\n}\n";
    expect(made(text, 'endInTeardown')).toContain(
      '  dispose() { // for good\n    clearInterval(this.#timer);\n    console.log',
    );
  });

  it('ends after the guard of a teardown', () => {
    const text =
      'export class Page {\n  #timer = setInterval(console.log, 10);\n  isDisposed = false;\n  dispose() {\n    if (this.isDisposed) {\n      return;\n    }\n    this.isDisposed = true;\n  }\n}\n';
    expect(made(text, 'endInTeardown')).toContain(
      '      return;\n    }\n    clearInterval(this.#timer);\n    this.isDisposed = true;',
    );
    expect(made(text.replaceAll('isDisposed', 'isIdle'), 'endInTeardown')).toContain(
      '  dispose() {\n    clearInterval(this.#timer);\n    if',
    );
  });

  it('puts a field beside those that there are', () => {
    const text = (before: string, after: string) =>
      `export class Page {\n${before}  open() {\n    setInterval(console.log, 10);\n  }\n  close() {}\n${after}}\n`;
    expect(made(text('  static make() {}\n  private a = 1;\n', ''), 'endInTeardown')).toContain(
      '  private a = 1;\n  private timer: ',
    );
    expect(made(text('', '  private a = 1;\n'), 'endInTeardown')).toContain('  private a = 1;\n  private timer: ');
    expect(made(text('', '  a = () => {};\n'), 'endInTeardown')).toContain('export class Page {\n  #timer: ');
  });

  it('makes a block of what a loop does', () => {
    const text = `${promises}export async function all(urls: string[], signal: AbortSignal) {\n  const texts: string[] = [];\n  for (const url of urls)\n    texts.push(url + (await load()));\n  return texts;\n}\n`;
    expect(made(text, 'checkSignal')).toContain(
      '  for (const url of urls) {\n    signal.throwIfAborted();\n    texts.push(url + (await load()));\n  }\n',
    );
  });

  it('adds a finally to the try that a callback is', () => {
    const text = `${promises}setInterval(async () => {\n  try {\n    await load();\n  } catch (error) {\n    console.log(error);\n  }\n}, 10);\n`;
    expect(made(text, 'skipWhileBusy')).toContain(
      'let busy = false;\nsetInterval(async () => {\n  if (busy) return;\n  busy = true;\n  try {\n    await load();\n  } catch (error) {\n    console.log(error);\n  } finally {\n    busy = false;\n  }\n}, 10);',
    );
  });

  it('starts the next run of a timeout that is skipped', () => {
    const text = (work: string) =>
      `${promises}export function poll() {\n  const tick = async () => {\n    setTimeout(tick, 10);\n${work}  };\n  setTimeout(tick, 10);\n}\n`;
    const caught = 'try {\n      await load();\n    } catch {\n      console.log(1);\n    }';
    expect(made(text(`    ${caught}\n`), 'skipWhileBusy')).toContain(
      `  let busy = false;\n  const tick = async () => {\n    setTimeout(tick, 10);\n    if (busy) return;\n    busy = true;\n    ${caught} finally {\n      busy = false;\n    }\n`,
    );
    expect(ids(text(`    ${caught}\n    console.log(2);\n`))).toEqual([]);
    expect(ids(text('    await load();\n'))).not.toContain('catchAndSkip');
  });

  it('makes a block of an arrow whose body has a line of its own', () => {
    const text = `${promises}export const timer = setTimeout(\n  async () =>\n    load(\n      await load(),\n    ),\n  10,\n);\n`;
    expect(made(text, 'catchInside')).toContain(
      '  async () => {\n    try {\n      await load(\n        await load(),\n      );\n    } catch (error) {\n      console.error(error);\n    }\n  },\n  10,',
    );
  });
});

describe('nothing is left', () => {
  it.each([
    [
      'where a private field is cleared through another name',
      'export class Client {\n  #timer?: ReturnType<typeof setTimeout>;\n  self = this;\n  ping() {\n    clearTimeout(this.#timer);\n    this.#timer = setTimeout(console.log, 10_000);\n  }\n  destroy() {\n    clearTimeout(this.self.#timer);\n  }\n}\n',
    ],
    [
      'where a method removes what it is given',
      "export class Store {\n  items: string[] = [];\n  socket = new WebSocket('/');\n  remove(item: string) {\n    this.items.splice(this.items.indexOf(item), 1);\n  }\n}\n",
    ],
  ])('%s', (_, text) => {
    expect(
      lint(
        { name: 'edits/example.ts', text },
        { 'async-leaks/no-leaked-timeouts': 'error', 'async-leaks/no-leaked-resources': 'error' },
      ),
    ).toEqual([]);
  });
});

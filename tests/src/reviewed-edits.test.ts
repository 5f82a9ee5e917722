import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { apply, lint, type Rules } from '../support/lint.js';

const rules: Rules = { ...plugin.configs.strict.rules, 'async-leaks/require-abort-signal': 'error' };

function suggestionsFor(text: string, name: string) {
  return lint({ name, text }, rules).flatMap(({ suggestions = [] }) => suggestions);
}

/** What the first suggestion of some name makes of a text; the first line break is not part of it. */
function made(id: string, before: string, name = 'edits/reviewed.ts'): string | undefined {
  const text = before.slice(1);
  const found = suggestionsFor(text, name).find(({ messageId }) => messageId === id);
  return found && `\n${apply(text, found)}`;
}

describe('an arrow whose body has a line of its own', () => {
  it('gets a name, and the last argument no line of its own', () => {
    expect(
      made(
        'endWhenSettled',
        `
export function readAll(): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    process.stdin.on('end', () =>
      resolve(Buffer.concat(chunks).toString('utf-8')),
    );
    process.stdin.on('error', reject);
  });
}
`,
      ),
    ).toContain(`
    const onEnd = () =>
      resolve(Buffer.concat(chunks).toString('utf-8'));
    process.stdin.on('end', onEnd);
`);
  });

  it('gets one that keeps a timer', () => {
    expect(
      made(
        'endLosers',
        `
export const atMost = (work: Promise<string>) =>
  Promise.race([
    work,
    new Promise((_, reject) =>
      setTimeout(() => {
        reject(new Error('late'));
      }, 5000),
    ),
  ]);
`,
      ),
    ).toContain(`
    new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('late'));
      }, 5000);
    }),
`);
  });

  it('leaves no comma behind where a listener gets a name', () => {
    expect(
      made(
        'endInTeardown',
        `
export class Meter {
  level = 0;
  start() {
    window.addEventListener('resize', () =>
      console.log('a line that is long enough to be a line of its own'),
    );
  }
  stop() {}
}
`,
      ),
    ).toContain(`
    window.addEventListener('resize', this.#onResize);
`);
  });
});

describe('what a function holds that runs later', () => {
  const transport = (field: string) => `
import type { ChildProcess } from 'node:child_process';
import { launch } from './launch.js';
export class Transport {
  private readonly controller = new AbortController();
  private ${field};
  start() {
    const child = launch(this.controller.signal);
    this.child = child;
    this.child.stdout?.on('data', () => this.read());
  }
  private read() {}
  stop() {
    this.controller.abort();
    this.child = undefined;
  }
}
`;

  it('is asked for once more', () => {
    expect(made('endOnSignal', transport('child?: ChildProcess'))).toContain("() => this.child?.stdout?.off('data'");
    expect(made('endOnSignal', transport('child!: ChildProcess'))).toContain("() => this.child.stdout?.off('data'");
  });

  it('is no listener for failures, without which they are thrown', () => {
    expect(made('endOnSignal', transport('child!: ChildProcess').replace("'data'", "'error'"))).toBeUndefined();
  });

  it('is only closed where a call before has set it', () => {
    const text = `
import tippy from 'tippy.js';
export function prompt() {
  let popup: any;
  return {
    onStart() {
      popup = tippy(document.body);
    },
    onExit() {
      popup?.destroy();
    },
  };
}
`;
    expect(made('clearFirst', text)).toContain('      popup?.destroy();\n      popup = tippy(document.body);\n');
  });
});

describe('the cleanup of an effect', () => {
  const chart = (language: string) =>
    made(
      'returnCleanup',
      `
import { useEffect } from 'react';
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
export function useChart() {
  useEffect(() => {
    bus.on('change', console.log);
  }, []);
}
`,
      `edits/chart.${language}`,
    );

  it('returns nothing where React has types', () => {
    expect(chart('tsx')).toContain("    return () => {\n      bus.off('change', console.log);\n    };\n");
  });

  it('is short where nothing checks it', () => {
    expect(chart('js')).toContain("    return () => bus.off('change', console.log);\n");
  });
});

describe('the end of what may not have been started', () => {
  it.each([
    ['input ? input.getReader() : null', '?.'],
    ['input ? input.getReader() : undefined', '?.'],
    ['input && input.getReader()', '?.'],
    ['input?.getReader()', '?.'],
    ['input ? input.getReader() : other.getReader()', '.'],
  ])('asks whether it is there: %s', (reader, dot) => {
    const text = `
export async function drain(input: ReadableStream<string> | undefined, other: ReadableStream<string>, wait: () => Promise<void>) {
  const reader = ${reader};
  await wait();
  await reader${dot}read();
}
`;
    expect(made('endInFinally', text)).toContain(`  } finally {\n    reader${dot}releaseLock();\n  }\n`);
  });
});

describe('an end in a branch', () => {
  it('does not cancel what is handed on after it', () => {
    const text = `
export async function load(url: string, left: number): Promise<ImageData> {
  const response = await fetch(url);
  if (!response.ok) {
    if (left > 0) {
      return load(url, left - 1);
    }
    throw new Error(url);
  }
  return decode(response);
}
declare const decode: (response: Response) => Promise<ImageData>;
`;
    expect(made('endBeforeLeaving', text)).toContain(
      '      await response.body?.cancel();\n      return load(url, left - 1);\n    }\n    await response.body?.cancel();\n    throw',
    );
  });

  it('makes no field of what another run of the method may hold', () => {
    const text = `
import { createServer } from 'node:http';
export class Hub {
  private failed = 0;
  async open(ready: (server: unknown) => Promise<void>) {
    try {
      const server = createServer();
      await ready(server.address());
      return server;
    } catch (error) {
      this.failed += 1;
      throw error;
    }
  }
  close() {}
}
`;
    expect(suggestionsFor(text, 'edits/hub.ts').map(({ fix }) => fix.text)).not.toContainEqual(
      expect.stringContaining('private server'),
    );
  });
});

describe('a removal', () => {
  it('is called on the own target where that of the other is of another kind', () => {
    const text = `
export class Upload {
  start(bus: NodeJS.EventEmitter, signal: AbortSignal) {
    const first = () => {};
    const second = () => {};
    bus.on('first', first);
    bus.on('second', second);
    signal.addEventListener('abort', this.#end);
    this.stop = () => {
      bus.off('first', first);
      bus.off('second', second);
    };
  }
  stop = () => {};
  #end = () => {};
}
`;
    for (const { fix } of suggestionsFor(text.slice(1), 'edits/upload.ts'))
      expect(fix.text).not.toContain('bus.removeEventListener');
  });
});

describe('awaiting each item', () => {
  it('is not done in a loop where a comment stands before the callback', () => {
    const text = `
export async function fill(names: string[], queue: { add(name: string): Promise<void> }) {
  names.forEach(
    /** one after the other */ async (name) => {
      await queue.add(name);
    },
  );
}
`;
    expect(made('awaitAll', text)).toContain('/** one after the other */');
    expect(made('awaitEach', text)).toBeUndefined();
  });
});

describe('a promise', () => {
  it('of VS Code has no catch', () => {
    const text = `
import { window, workspace } from 'vscode';
export const show = (path: string) =>
  new Promise((resolve) => {
    workspace.openTextDocument(path).then((found) => resolve(window.showTextDocument(found)));
  });
`;
    expect(made('rejectOnFailure', text)).toContain('showTextDocument(found))).then(undefined, reject);');
  });

  it('hears of every failure that a `catch` is given', () => {
    const text = `
export const load = (url: string, report: () => void) =>
  new Promise<Response>((resolve, reject) => {
    fetch(url)
      .then((response) => resolve(response))
      .catch((error) => {
        report();
      });
    if (!url) reject(new Error('empty'));
  });
`;
    expect(made('rejectWithIt', text)).toContain('        report();\n        reject(error);\n      });');
  });

  it('hears of an event on the stream that may be missing', () => {
    const text = `
import { spawn } from 'node:child_process';
export const read = () =>
  new Promise((resolve, reject) => {
    const child = spawn('ls');
    child.on('error', reject);
    child.stdout?.on('end', () => resolve(child.pid));
  });
`;
    expect(made('settleOnEvent', text)).toContain("child.stdout?.on('error', reject);");
  });
});

describe('a signal', () => {
  it('is also given where a function calls itself', () => {
    const text = `
export async function load(url: string, left = 3): Promise<Response> {
  const response = await fetch(url);
  return response.ok || left === 0 ? response : load(url, left - 1);
}
`;
    expect(made('addSignal', text)).toContain('load(url, left - 1, signal)');
  });

  it('does not take off the listener that a loop waits for', () => {
    const text = `
export async function* read(port: EventTarget, signal: AbortSignal) {
  let done = false;
  window.addEventListener('message', () => {
    done = true;
  });
  signal.addEventListener('abort', () => port.dispatchEvent(new Event('abort')));
  while (!done) yield await new Promise((resolve) => setTimeout(resolve, 50));
}
`;
    expect(made('passSignal', text)).toBeUndefined();
  });
});

it('what a constructor starts is waited for only where its name says that it prepares, and what it sets is looked at', () => {
  const text = (name: string, shown: string) => `
export class View {
  text = '';
  title = '';
  constructor() {
    this.${name}();
  }
  private async ${name}() {
    this.text = await Promise.resolve('');
  }
  async show() {
    return this.${shown};
  }
}
`;
  expect(made('keepIt', text('load', 'text'))).toContain('    await this.ready;\n');
  expect(made('keepIt', text('load', 'title'))).toBeUndefined();
  expect(made('keepIt', text('onChange', 'text'))).toBeUndefined();
});

it('a removal that misses is mended, and no other is put beside it', () => {
  const text = `
export function keys(page: Window, run: () => void) {
  const down = () => run();
  const up = () => run();
  page.document.addEventListener('keydown', down, true);
  page.document.addEventListener('keyup', up);
  return () => {
    page.document.removeEventListener('keydown', down);
    page.document.removeEventListener('keyup', up);
  };
}
`;
  expect(made('fixNearMiss', text)).toContain("removeEventListener('keydown', down, true);");
  expect(made('endBeside', text)).toBeUndefined();
});

it('a promise is settled by a name only where that is known', () => {
  const text = (leaving: string) => `
export function begin(keep: (work: Promise<void>) => void, ends: (() => void)[]) {
  let resolve: () => void;
  const work = new Promise<void>((settle) => {
    resolve = settle;
  });
  try {
    keep(work);
  } catch {
    ${leaving}
  }
  ends.push(resolve!);
}
`;
  expect(made('settleThere', text('return;'))).toBeUndefined();
});

describe('no end is offered', () => {
  it('before the function ends of what works on by itself', () => {
    const text = `
import { createApp } from 'vue';
export async function show(page: string, configure?: (app: ReturnType<typeof createApp>) => void) {
  const app = createApp(await import(page));
  if (configure) configure(app);
  app.mount('#app');
  console.log('shown');
}
`;
    expect(made('endBeforeLeaving', text)).toBeUndefined();
  });

  it('in what a function returns that ends nothing else', () => {
    const text = (body: string) => `
export function limit(reset: () => void) {
  let count = 0;
  setInterval(reset, 1_000);
  return () => {
    ${body}
  };
}
`;
    expect(made('endInReturned', text('count += 1;'))).toBeUndefined();
  });

  it('for all that a list of another object keeps, or of a kind that no loop goes over', () => {
    const text = (list: string) => `
export class Page {
  constructor(private readonly owner: { streams: Map<string, Worker> }) {}
  private readonly streams = new Map<string, Worker>();
  open(id: string) {
    ${list}.set(id, new Worker('page.js'));
  }
  dispose() {
    console.log('closed');
  }
}
`;
    expect(made('endAll', text('this.streams'))).toContain('for (const worker of this.streams.values())');
    expect(made('endAll', text('this.owner.streams'))).toBeUndefined();
  });
});

it('what a getter makes is not kept with what its instance ends', () => {
  const text = (getter: string) => `
import { EventEmitter, window, type Disposable } from 'vscode';
export class View {
  private readonly disposables: Disposable[] = [];
  ${getter} {
    const emitter = new EventEmitter<void>();
    setTimeout(() => emitter.fire(), 0);
  }
  open() {
    this.disposables.push(window.onDidChangeWindowState(() => {}));
  }
  dispose() {
    for (const one of this.disposables) one.dispose();
  }
}
`;
  expect(made('keepWithOthers', text('make()'))).toContain('this.disposables.push(emitter);');
  expect(suggestionsFor(text('get ready(): void').slice(1), 'edits/view.ts')).toEqual([]);
});

describe('an end beside another', () => {
  const view = (end: string, test: string) => `
export class View {
  show() {
    window.addEventListener('keydown', this.onKey);
    window.addEventListener('keyup', this.onKeyUp);
  }
  close() {
    if (${test}) {
      window.removeEventListener('keydown', this.onKey);
    }${end}
  }
  onKey = () => {};
  onKeyUp = () => {};
}
declare const isMac: boolean;
`;

  it('is not in a branch that is about something else', () => {
    expect(made('endBeside', view('', 'isMac'))).toContain(
      "    }\n    window.removeEventListener('keyup', this.onKeyUp);\n  }\n",
    );
    expect(made('endBeside', view('', 'globalThis.window'))).toContain(
      "      window.removeEventListener('keydown', this.onKey);\n      window.removeEventListener('keyup', this.onKeyUp);\n    }\n",
    );
  });

  it('is not before a line that adds it again', () => {
    const text = view("\n    window.addEventListener('keyup', this.onKeyUp);", 'isMac');
    expect(made('endBeside', text)).toBeUndefined();
    expect(made('removeInstead', text)).toContain("    window.removeEventListener('keyup', this.onKeyUp);");
  });
});

it('what a listener gives on to others goes on after the promise is settled', () => {
  const text = (work: string) => `
export const readPort = () =>
  new Promise((resolve, reject) => {
    let out = '';
    process.stdin.on('data', (chunk: Buffer) => {
      ${work}
      out += chunk;
      if (out.includes('port')) resolve(out);
    });
    process.stdin.on('error', reject);
  });
`;
  expect(made('endWhenSettled', text('out.trim();'))).toContain("process.stdin.off('data', onData)");
  expect(made('endWhenSettled', text('process.stdout.write(chunk);'))).not.toContain("process.stdin.off('data'");
});

it('one more link of a chain has a line of its own where the others have', () => {
  const text = `
import { createReadStream } from 'node:fs';
export function read(file: string) {
  return new Promise<string>((resolve, reject) => {
    let text = '';
    createReadStream(file)
      .on('data', (part) => (text += part))
      .on('end', () => resolve(text));
  });
}
`;
  expect(made('settleOnEvent', text)).toContain("      .on('end', () => resolve(text))\n      .on('error', reject);");
});

describe('a callback that has a condition for a body', () => {
  const text = (body: string) => `
export class Draft {
  isOpen = true;
  timer: NodeJS.Timeout | undefined;
  async save() {
    await fetch('/draft');
  }
  watch() {
    this.timer = setInterval(() => ${body}, 60_000);
  }
  close() {
    clearInterval(this.timer);
  }
}
`;

  it('waits where the condition holds', () => {
    expect(made('catchAndSkip', text('this.isOpen && this.save()'))).toContain(
      '        if (this.isOpen) await this.save();\n',
    );
  });

  it('waits for what either side gives', () => {
    expect(made('catchAndSkip', text('this.isOpen ? this.save() : null'))).toContain(
      '        await (this.isOpen ? this.save() : null);\n',
    );
  });
});

it('what is called on its own elsewhere is nothing to wait for', () => {
  const text = `
import { createServer } from 'node:http';
import { ask } from './ask.js';
createServer(async (request, response) => {
  const refuse = () => {
    response.end();
  };
  if (request.url === '/') return response.end('home');
  const found = await fetch('https://example.com' + request.url);
  if (!found.ok) return ask(refuse);
  response.end(await found.text());
}).listen(80);
`;
  const after = made('catchInside', text);
  expect(after).toContain("    if (request.url === '/') return response.end('home');\n");
  expect(after).toContain('    if (!found.ok) return await ask(refuse);\n');
});

describe('a promise that an async executor waits for', () => {
  it('is not made to fail', () => {
    const text = `
export const report = (peer: RTCPeerConnection) =>
  new Promise(async (resolve) => {
    const found = await new Promise((give) => {
      peer.getStats().then(give);
    });
    resolve(found);
  });
`;
    expect(made('rejectOnFailure', text)).toBeUndefined();
  });

  it('is not waited for', () => {
    const text = (save: string) => `
async function save() {
  await fetch('/save', { method: 'POST' });
}
export const load = (cache: Map<string, string>) =>
  new Promise(async (resolve, reject) => {
    cache.clear();
    ${save};
    resolve(cache);
  });
`;
    expect(made('awaitIt', text('save()'))).toBeUndefined();
    expect(made('catchIt', text('save()'))).toBe(text('save().catch(reject)'));
  });
});

describe('a promise at the top of a module', () => {
  const text = (first: string) => `
export const search = new Promise<string>((resolve, reject) =>
  (async () => {
    ${first}
    const response = await fetch('/index');
    resolve(await response.text());
  })(),
);
`;

  it('fails with its work', () => {
    expect(made('rejectOnFailure', text('console.log(1);'))).toContain('  })().catch(reject),\n');
  });

  it('is settled on every way, or not at all', () => {
    const early = text('if (!navigator.onLine) return;').replace('export ', '');
    expect(made('rejectOnFailure', `${early}export const find = () => search;\n`)).toBeUndefined();
  });
});

it('who removes one listener of a promise removes them all', () => {
  const text = `
export const typed = () =>
  new Promise<string>((resolve, reject) => {
    const parts: string[] = [];
    process.stdin.on('readable', () => {
      parts.push(String(process.stdin.read()));
    });
    process.stdin.on('end', () => resolve(parts.join('')));
    process.stdin.on('error', () => reject(new Error('No input')));
  });
`;
  const after = made('endWhenSettled', text)!;
  for (const event of ['readable', 'end', 'error']) expect(after).toContain(`process.stdin.off('${event}', `);
  expect(after).toContain('.finally(() => removeListeners?.())');
});

describe('what an element is given for a click', () => {
  const text = (before: string, after: string) => `
export function save(blob: Blob, fallBack: () => void) {
  try {
    const url = URL.createObjectURL(blob);
${before}    const link = document.createElement('a');
    link.href = url;
    link.click();
${after}  } catch {
    fallBack();
  }
}
`;

  it('ends in a finally where somebody goes on with what failed', () => {
    const after = made('endAfterClick', text('', ''));
    expect(after).toContain(
      '      link.click();\n    } finally {\n      URL.revokeObjectURL(url);\n    }\n  } catch {\n',
    );
  });
});

describe('an end that may fail', () => {
  it('reports that where nobody waits', () => {
    const text = (first: string) => `
import { HubConnectionBuilder, type HubConnection } from '@microsoft/signalr';
export class News {
  hub?: HubConnection;
  createHub(url: string) {
${first}    this.hub = new HubConnectionBuilder().withUrl(url).build();
    this.hub.start().catch(console.error);
  }
  stopHub() {
    this.hub?.stop().catch(() => {});
  }
}
`;
    expect(made('clearFirst', text(''))).toBe(text('    this.hub?.stop().catch(console.error);\n'));
  });

  it('reports it in a cleanup', () => {
    const text = `
import { useEffect } from 'react';
export function Wave({ stream }: { stream: MediaStream }) {
  useEffect(() => {
    const audio = new AudioContext();
    audio.createMediaStreamSource(stream);
  }, [stream]);
}
`;
    expect(made('returnCleanup', text)).toContain('      audio.close().catch(console.error);\n');
  });
});

it('a listener that ends a timer stays as long as that', () => {
  const text = (end: string) => `
import { createServer } from 'node:http';
import { parentPort } from 'node:worker_threads';
createServer((request, response) => {
  const timer = setTimeout(() => response.end('late'), 3_000);
  parentPort!.once('message', (text: string) => {
    ${end}
    response.end(text + request.url);
  });
}).listen(80);
`;
  expect(made('returnCleanup', text('clearTimeout(timer);'))).toBeUndefined();
  expect(made('returnCleanup', text('console.log(timer);'))).toContain("parentPort!.off('message', onMessage)");
});

it('a signal does not take one listener off and leave another', () => {
  const text = (more: string) => `
import { type ChildProcess, spawn } from 'node:child_process';
export class Tool {
  child?: ChildProcess;
  stop = new AbortController();
  run() {
    const child = spawn('tool', { signal: this.stop.signal });
    this.child = child;
    this.child.on('spawn', () => console.log('up'));
    ${more}
  }
  close() {
    this.stop.abort();
  }
}
`;
  expect(made('endOnSignal', text(''))).toContain(".off('spawn', onSpawn)");
  expect(made('endOnSignal', text("this.child.on('close', () => console.log('down'));"))).toBeUndefined();
});

describe('a handle that a comment gives a type', () => {
  const text = (field: string, made = '', end = '') => `
export class Poll {
${field}
  start() {
    this.timer = setInterval(() => console.log('tick'), 1_000);
  }
${made}
  close() {${end}}
}
`;
  const type = (of: string) => `  /** @type {${of}} */`;
  const end = (condition: string) => `\n    ${condition}clearInterval(this.timer);\n  `;

  it('may be null', () => {
    const field = `${type('NodeJS.Timeout | null')}\n  timer = null;`;
    expect(made('endInTeardown', text(field), 'a.js')).toBe(text(field, '', end('if (this.timer !== null) ')));
    const own = `  constructor() {\n  ${type('NodeJS.Timeout | null')}\n    this.timer = null;\n  }`;
    expect(made('endInTeardown', text('', own), 'a.js')).toBe(text('', own, end('if (this.timer !== null) ')));
  });

  it('may be undefined, which nobody has to ask for', () => {
    const field = `${type('NodeJS.Timeout | undefined')}\n  timer = undefined;`;
    expect(made('endInTeardown', text(field), 'a.js')).toBe(text(field, '', end('')));
  });

  it('says nothing where no comment does', () => {
    expect(made('endInTeardown', text('  timer = null;'), 'a.js')).toBe(text('  timer = null;', '', end('')));
  });
});

describe('a condition without an else', () => {
  const text = (name: string, call: string, settlers = 'resolve, reject') => `
export const fits = (box: HTMLElement, isWide: boolean) =>
  new Promise<number>((${settlers}) => {
    ${name}
    ${call}
  });
`;

  it('gets one in what is called once', () => {
    const call =
      "box.addEventListener('load', () => {\n      if (box.offsetWidth > 9) resolve(1);\n    }, { once: true });";
    expect(made('settleThere', text('', call))).toContain('      else reject(new Error(');
  });

  it('gets none where its function has a name, by which it may be called again', () => {
    const name = 'const look = () => {\n      if (box.offsetWidth > 9) resolve(1);\n    };';
    expect(made('settleThere', text(name, "box.addEventListener('load', look, { once: true });"))).toBeUndefined();
  });

  it('gets one in an executor that thinks of a failure', () => {
    const call = 'if (isWide) setTimeout(() => resolve(1), 10);';
    expect(made('settleThere', text('', call))).toContain('    else reject(new Error(');
    expect(made('settleThere', text('', call, 'resolve'))).toBeUndefined();
    const kept = 'if (isWide) Object.assign(box, { onclick: resolve });';
    expect(made('settleThere', text('', kept, 'resolve'))).toBeUndefined();
    expect(
      made('settleThere', text('', call.replace('resolve(1)', "reject(new Error('late'))"), '_, reject')),
    ).toBeUndefined();
  });
});

it('a callback that finds its work aborted has nobody to tell', () => {
  const text = (test: string) => `
export const ask = (signal: AbortSignal, work: (done: (answer: string) => void) => void) =>
  new Promise<string>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work((answer) => {
      signal.removeEventListener('abort', stop);
      if (${test}) return;
      resolve(answer);
    });
  });
`;
  expect(made('settleThere', text("answer === ''"))).toContain('reject(new Error(');
  expect(made('settleThere', text('signal.aborted'))).toBeUndefined();
});

it('timers are not cleared under those who wait for what they settle', () => {
  const text = (record: string) => `
export class Rooms {
  #waiting = new Map<string, { timer: NodeJS.Timeout; resolve: () => void }>();
  async leave(id: string) {
    let resolve = () => {};
    const left = new Promise<void>((settle) => {
      resolve = settle;
    });
    const timer = setTimeout(() => resolve(), 30_000);
    this.#waiting.set(id, ${record});
    await left;
  }
  close() {
    console.log('closed');
  }
}
`;
  expect(made('endAll', text('{ timer }'))).toContain(
    'for (const { timer } of this.#waiting.values()) clearTimeout(timer);',
  );
  expect(made('endAll', text('{ timer, resolve }'))).toBeUndefined();
});

it('a command that fails late still ends with a code', () => {
  const text = (before: string) => `
async function work() {
  await fetch('/');
}
export function run() {
  work().catch((error: unknown) => {
    ${before}
    throw error;
  });
}
`;
  expect(made('reportIt', text("if (error === 'SIGINT') process.kill(process.pid, 'SIGINT');"))).toContain(
    '    console.error(error);\n    process.exitCode = 1;\n',
  );
  expect(made('reportIt', text('console.log(1);'))).not.toContain('exitCode');
});

it('a listener with options that nobody knows is left to them', () => {
  const text = (options: string) => `
import { bus } from './bus.js';
export class Pages {
  constructor(container: HTMLElement, signal: AbortSignal) {
    bus.on('drawn', () => container.click()${options});
    container.addEventListener('click', () => {}, { signal });
  }
}
`;
  expect(made('endOnSignal', text(''))).toContain("bus.off('drawn', onDrawn)");
  expect(made('endOnSignal', text(', internal'))).toBeUndefined();
});

it('an async callback that throws on purpose is caught as a whole', () => {
  const text = (callback: string) => `
declare const run: (done: (text: string) => void) => void;
export const read = (decode: (text: string) => Promise<string>) =>
  new Promise<string>((resolve, reject) => {
    run(${callback}
      if (text === '') throw new Error('empty');
      resolve(text);
    });
  });
`;
  expect(made('settleThere', text('async (given) => {\n      const text = await decode(given);'))).toContain(
    '      } catch (error) {\n        reject(error);\n      }\n',
  );
});

it('a handler of commands lets pass what is for others', () => {
  const text = (method: string) => `
export const list = (git: Record<string, (take: (command: string, out: string) => void) => void>) =>
  new Promise<string>((resolve) => {
    git.${method}!((command, out) => {
      if (command !== 'list') return;
      resolve(out);
    });
  });
`;
  expect(made('settleThere', text('run'))).toContain('reject(new Error(');
  expect(made('settleThere', text('outputHandler'))).toBeUndefined();
});

describe('a way that leaves a promise open', () => {
  const text = (before: string, body: string) => `
export const connect = (log: Console, reader: ReadableStreamDefaultReader<{ kind: string }>) =>
  new Promise<void>((resolve) => {
    ${before}
    void (async () => {
      ${body}
    })();
  });
`;

  it('rejects with what is said of it', () => {
    const way = (said: string) => text(`if (reader === null) {\n      ${said}\n      return;\n    }`, 'resolve();');
    expect(made('settleThere', way('log.warn(`No reader of ${name}`);'))).toContain(
      'reject(new Error(`No reader of ${name}`));',
    );
    expect(made('settleThere', way("log.log('WARN', 'No reader.');"))).toContain("reject(new Error('No reader.'));");
    expect(made('settleThere', way("log.info('Nothing to do.');"))).toContain('      resolve();\n      return;');
  });

  it('rejects where it leaves the loop that looks for what settles it', () => {
    const loop = (found: string) => `
export const connect = (next: () => Promise<string>) =>
  new Promise<void>((resolve, reject) => {
    const look = async () => {
      try {
        for (;;) {
          const part = await next();
          if (part === '') return;
          ${found}
        }
      } catch (error) {
        reject(error);
      }
    };
    void look();
  });
`;
    expect(made('settleThere', loop("if (part === 'ready') resolve();"))).toContain(
      "reject(new Error('Unexpected: part ===",
    );
  });
});

it('what others put on the window takes a listener off by the older name', () => {
  const text = (target: string) => `
import { useEffect } from 'react';
export function useKeys(pressed: () => void) {
  useEffect(() => {
    ${target}.on('press', pressed);
  }, []);
}
`;
  expect(made('returnCleanup', text('window.keys'))).toContain("window.keys.removeListener('press', pressed)");
  expect(made('returnCleanup', text('process'))).toContain("process.off('press', pressed)");
});

it('a remark says what is not to be waited for, or ended', () => {
  const call = (remark: string) => `
declare function send(): Promise<void>;
export async function save() {
  ${remark}
  send();
}
`;
  expect(made('awaitIt', call('console.log(1);'))).toBeDefined();
  for (const remark of ['// No need to wait.', '// Send and forget', "// Don't await it.", '// asynchronously']) {
    expect(made('awaitIt', call(remark))).toBeUndefined();
    expect(made('catchIt', call(remark))).toContain('send().catch(console.error);');
  }
  const effect = (remark: string) => `
import { useEffect } from 'react';
export function useScroll(scroll: () => void) {
  useEffect(() => {
    setTimeout(scroll, 5000);${remark}
  });
}
`;
  expect(made('returnCleanup', effect(''))).toBeDefined();
  expect(made('returnCleanup', effect(" // don't clean up: the next one comes soon"))).toBeUndefined();
});

it('a function that waits for nothing, and a part that is loaded later, are not waited for', () => {
  const text = (body: string) => `
const flush = async () => {
  ${body}
};
export async function add() {
  flush();
}
`;
  expect(made('awaitIt', text('await fetch("/");'))).toBeDefined();
  expect(made('awaitIt', text('if (Math.random() > 1) throw new Error("x");'))).toBeUndefined();
  const part = "\nimport './base.js';\nimport('./part.js');\n";
  expect(made('awaitIt', part)).toBeUndefined();
});

describe('a listener for a failure', () => {
  it('does what another one does', () => {
    const text = `
import { request } from 'node:https';
export const region = (url: string) =>
  new Promise<string>((resolve, reject) => {
    let isSettled = false;
    const settle = (end: (value: any) => void, value: unknown) => {
      if (isSettled) return;
      isSettled = true;
      end(value);
    };
    const req = request(url, (res) => {
      let body = '';
      res.on('data', (part) => (body += part));
      res.on('end', () => settle(resolve, body));
    });
    req.on('error', (error) => settle(reject, error));
  });
`;
    expect(made('settleOnEvent', text)).toContain("res.on('error', (error) => settle(reject, error));");
  });

  it('is not put on what an instance asks again and again', () => {
    const text = (event: string) => `
import { Readable } from 'node:stream';
export class Queue {
  #parts = new Readable();
  next() {
    return new Promise<string>((resolve) => {
      this.#parts.once('${event}', () => resolve(this.#parts.read()));
    });
  }
}
`;
    expect(made('settleOnEvent', text('readable'))).toBeUndefined();
    expect(made('settleOnEvent', text('end'))).toContain("this.#parts.once('error', reject);");
  });

  it('does not hear of the end that comes before the answer', () => {
    const text = (first: string) => `
import { createInterface } from 'node:readline';
export const ask = () => {
  const lines = createInterface({ input: process.stdin });
  return new Promise<string>((resolve) => {
    lines.once('line', (line) => {
      ${first}
      resolve(line);
    });
  });
};
`;
    expect(made('settleOnEvent', text('console.log(line);'))).toContain("lines.once('close', () => reject(");
    expect(made('settleOnEvent', text('lines.close();'))).toBeUndefined();
  });
});

it('who is told of a failure has no interval that goes on, and a program that is told to stop still stops', () => {
  const interval = `
declare function check(): Promise<boolean>;
export const until = () =>
  new Promise<void>((resolve, reject) => {
    const timer = setInterval(async () => {
      if (!(await check())) return;
      clearInterval(timer);
      resolve();
    }, 1000);
  });
`;
  expect(made('catchInside', interval)).toContain('        clearInterval(timer);\n        reject(error);\n');
  const killed = `
declare function clear(): Promise<void>;
for (const name of ['SIGINT', 'SIGTERM'])
  process.once(name, async () => {
    await clear();
    process.kill(process.pid, name);
  });
`;
  expect(made('catchInside', killed)).toContain('      console.error(error);\n      process.exit(1);\n');
});

it('a timer is cleared only where its name means something, and a listener that settles goes itself', () => {
  const timer = (first: string) => `
import { spawn } from 'node:child_process';
export const start = (path: string) =>
  new Promise<void>((resolve, reject) => {
    const child = spawn(path);
    child.once('error', (error) => reject(error));
    ${first}
    const timer = setTimeout(() => child.kill(), 60_000);
    child.once('spawn', () => {
      clearTimeout(timer);
      resolve();
    });
  });
`;
  expect(made('endWhenSettled', timer(''))).toContain('clearTimeout(timer);\n      reject(error);');
  expect(made('endWhenSettled', timer("if (path === '') return resolve();"))).not.toContain(
    'clearTimeout(timer);\n      reject(error);',
  );
  const signals = `
export const told = () =>
  new Promise<string>((resolve) => {
    process.on('SIGINT', () => resolve('SIGINT'));
    process.on('SIGTERM', () => resolve('SIGTERM'));
  });
`;
  expect(made('endWhenSettled', signals) ?? '').not.toContain("const onSIGINT = () => resolve('SIGINT');");
});

it('an end stands in the method that others are names of, and kills nothing whose failure nobody hears', () => {
  const disposed = `
export class Client {
  #timer: NodeJS.Timeout | undefined;
  constructor() {
    this.#timer = setInterval(() => console.log(1), 1000);
  }
  async destroy() {
    console.log('destroyed');
  }
  async [Symbol.asyncDispose]() {
    await this.destroy();
  }
}
`;
  expect(made('endInTeardown', disposed)).toContain('  async destroy() {\n    clearInterval(this.#timer);\n');
  const killed = (heard: string) => `
import { execa } from 'execa';
export class Container {
  #child;
  start(id: string) {
    this.#child = execa('run', [id]);
    ${heard}
  }
  stop() {
    console.log('stopped');
  }
}
`;
  expect(made('endInTeardown', killed(''))).toBeUndefined();
});

it('a long callback works on a chunk that has a name, with its types', () => {
  const text = (callback: string) => `
export async function all(paths: string[]) {
  const found = await Promise.all(paths.map<Promise<string>>(${callback}));
  return found;
}
`;
  expect(made('inChunks', text('(path) => fetch(path)'))).toContain(
    '    found.push(...(await Promise.all(paths.slice(start, start + 5).map<Promise<string>>((path) => fetch(path)))));',
  );
  expect(
    made(
      'inChunks',
      text('async (path) => {\n    const response = await fetch(path);\n    return response.text();\n  }'),
    ),
  ).toContain(`
    const chunk = paths.slice(start, start + 5);
    found.push(...(await Promise.all(chunk.map<Promise<string>>(async (path) => {
`);
});

it('a race gets no second controller', () => {
  const text = (signal: string) => `
import { once, type EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
export async function closed(bus: EventEmitter) {
  const own = new AbortController();
  const isClosed = await Promise.race([
    sleep(60_000).then(() => false),
    once(bus, 'close'${signal}).then(() => true),
  ]);
  own.abort();
  return isClosed;
}
`;
  expect(made('endLosers', text(''))).toContain('.finally(() => controller.abort());');
  expect(made('endLosers', text(', { signal: own.signal }'))).toBeUndefined();
});

it('every few promises are waited for after all that belongs to a round', () => {
  const text = (last: string) => `
export async function stop(workers: Worker[], stopped: (worker: Worker) => Promise<void>) {
  const all: Promise<void>[] = [];
  for (const worker of workers) {
    all.push(stopped(worker));
    ${last}
  }
  await Promise.all(all);
}
`;
  const wait = 'if (all.length % 5 === 0) await Promise.all(all);';
  expect(made('inRounds', text('worker.postMessage(0);'))).toContain(`    worker.postMessage(0);\n    ${wait}\n`);
  expect(made('inRounds', text('continue;'))).toContain(`    all.push(stopped(worker));\n    ${wait}\n    continue;\n`);
});

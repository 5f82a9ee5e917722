import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { apply, lint } from '../support/lint.js';
import { createProject, typeErrors } from '../support/project.js';

const rules = plugin.configs.strict.rules;

/** What the first suggestion of some name makes of a text; it has no more type errors than before. */
function made(id: string, text: string, name = 'edits/settled.ts'): string | undefined {
  const found = lint({ name, text }, rules)
    .flatMap(({ suggestions = [] }) => suggestions)
    .find(({ messageId }) => messageId === id);
  if (!found) return undefined;
  const after = apply(text, found);
  const [before, now] = [text, after].map((one) => typeErrors(createProject([{ name, text: one }]), name));
  expect(now, after).toEqual(before);
  return after;
}

const bus = "import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\n";

describe('endWhenSettled', () => {
  it('ends in the callback that settles without it, and nowhere else', () => {
    const text = (ready: string) =>
      `${bus}export function wait() {\n  return new Promise<void>((resolve, reject) => {\n    const timer = setTimeout(() => reject(new Error('late')), 1000);\n    bus.on('ready', ${ready});\n    bus.on('stop', () => {\n      clearTimeout(timer);\n      reject(new Error('stopped'));\n    });\n  });\n}\n`;
    expect(made('endWhenSettled', text('() => resolve()'))).toBe(
      text('() => {\n      clearTimeout(timer);\n      resolve();\n    }'),
    );
    expect(
      made(
        'endWhenSettled',
        text('(done: boolean) => {\n      if (!done) return;\n      // done\n      resolve();\n    }'),
      ),
    ).toBe(
      text(
        '(done: boolean) => {\n      if (!done) return;\n      clearTimeout(timer);\n      // done\n      resolve();\n    }',
      ),
    );
  });

  it('hands the end out where a settler is the listener itself, and keeps the type of the promise', () => {
    const text = (imports: string, type: string, timer: string, end: string) =>
      `${bus}export function wait(): Promise<string> {\n${imports}  return new Promise${type}((resolve, reject) => {\n    ${timer}setTimeout(() => reject(new Error('late')), 1000);\n    bus.once('ready', resolve);\n  })${end};\n}\n`;
    const [timeout] = lint(
      { name: 'edits/settled.ts', text: text('', '', '', '') },
      { 'async-leaks/no-leaked-timeouts': ['error', { checkUnknown: true }] },
    );
    expect(apply(text('', '', '', ''), timeout!.suggestions![0]!)).toBe(
      text(
        '  let timer: ReturnType<typeof setTimeout> | undefined;\n',
        '<string>',
        'timer = ',
        '.finally(() => clearTimeout(timer))',
      ),
    );
  });

  it('takes no type from a promise that has it from the place of its function', () => {
    const text = (place: string) =>
      `${bus}declare function use(make: (f: () => Promise<string>) => () => Promise<string>): void;\n${place}(resolve, reject) => {\n  setTimeout(() => reject(new Error('late')), 1000);\n  load().then(resolve, reject);\n}));\ndeclare function load(): Promise<string>;\n`;
    expect(made('endWhenSettled', text('use(() => () => new Promise('))).toBeUndefined();
    expect(made('endWhenSettled', text('use((f) => () => new Promise<string>('))).toContain(
      '.finally(() => clearTimeout(timer))',
    );
  });

  it('removes a listener in the callback that makes it needless', () => {
    const text = (timer: string) =>
      `${bus}export function wait() {\n  return new Promise<void>((resolve, reject) => {\n    setTimeout(${timer}, 1000);\n    bus.once('ready', resolve);\n  });\n}\n`;
    const found = lint({ name: 'edits/settled.ts', text: text("() => reject(new Error('late'))") }, rules).filter(
      ({ ruleId }) => ruleId === 'async-leaks/no-leaked-listeners',
    );
    expect(
      found.map(({ suggestions = [] }) =>
        suggestions.map((one) => apply(text("() => reject(new Error('late'))"), one)),
      ),
    ).toEqual([[text("() => {\n      bus.off('ready', resolve);\n      reject(new Error('late'));\n    }")]]);
  });

  it('removes both of a pair', () => {
    const pair = `${bus}export function wait() {\n  return new Promise<void>((resolve, reject) => {\n    bus.once('ready', resolve);\n    bus.once('error', reject);\n  });\n}\n`;
    expect(made('endWhenSettled', pair)).toBe(
      pair
        .replace('  return', '  let removeListeners: (() => void) | undefined;\n  return')
        .replace(
          'reject);\n  });',
          "reject);\n    removeListeners = () => {\n      bus.off('ready', resolve);\n      bus.off('error', reject);\n    };\n  }).finally(() => removeListeners?.());",
        ),
    );
  });

  it('waits with `once` for a pair that is all there is', () => {
    const text = (promise: string, imports: string) =>
      `import { ${imports} } from 'node:events';\nexport async function wait(server: EventEmitter) {\n  await ${promise};\n}\n`;
    const pair = text(
      "new Promise<void>((resolve, reject) => {\n    server.once('listening', resolve);\n    server.once('error', reject);\n  })",
      'EventEmitter',
    );
    expect(made('endWhenSettled', pair)).toBe(text("once(server, 'listening')", 'EventEmitter, once'));
    expect(made('endWhenSettled', pair.replace('await new', 'return new'))).not.toContain('once }');
    expect(
      made(
        'endWhenSettled',
        pair.replace("once('error', reject)", "once('error', (error) => reject(new Error(String(error))))"),
      ),
    ).not.toContain(', once }');
  });

  it('hands the end out where many callbacks settle, and never reads it outside of a callback', () => {
    const many = ['a', 'b', 'c'].map((event) => `    bus.on('${event}', () => resolve('${event}'));\n`).join('');
    const text = (before: string, type: string, kept: string, end: string) =>
      `${bus}export async function wait() {\n${before}  return new Promise${type}((resolve, reject) => {\n    const timer = setTimeout(() => reject(new Error('late')), 1000);\n${kept}${many}    bus.on('stop', () => {\n      clearTimeout(timer);\n      reject(new Error('stopped'));\n    });\n  })${end};\n}\n`;
    expect(made('endWhenSettled', text('', '<string>', '', ''))).toBe(
      text(
        '  let stop: (() => void) | undefined;\n',
        '<string>',
        '    stop = () => clearTimeout(timer);\n',
        '.finally(() => stop?.())',
      ),
    );
  });

  it('waits with `once` for nothing else', () => {
    const text = (events: string) =>
      `import { EventEmitter } from 'node:events';\nexport async function wait(server: EventEmitter, start: () => void) {\n  await new Promise<void>((resolve, reject) => {\n    server.once('listening', resolve);\n${events}  });\n}\n`;
    expect(made('endWhenSettled', text("    server.once('error', reject);\n    start();\n")) ?? '').not.toContain(
      ', once }',
    );
    expect(made('endWhenSettled', text("    server.once('late', reject);\n")) ?? '').not.toContain(', once }');
  });

  it('is not offered where nothing else settles the promise', () => {
    expect(
      made(
        'endWhenSettled',
        `${bus}export const wait = () => new Promise<void>((resolve) => {\n  bus.once('ready', resolve);\n});\n`,
      ),
    ).toBeUndefined();
  });
});

describe('endLosers', () => {
  it('aborts what a target calls, and hands out what takes a listener off an emitter', () => {
    const text = (arm: string) =>
      `${bus}export async function first(work: Promise<void>) {\n  await Promise.race([work, ${arm}]);\n}\n`;
    expect(made('endLosers', text("new Promise((resolve) => window.addEventListener('stop', resolve))"))).toBe(
      text("new Promise((resolve) => window.addEventListener('stop', resolve, { signal: controller.signal }))")
        .replace('  await', '  const controller = new AbortController();\n  await')
        .replace(']);', ']).finally(() => controller.abort());'),
    );
    expect(made('endLosers', text("new Promise((resolve) => bus.once('stop', resolve))"))).toBe(
      text(
        "new Promise((resolve) => {\n    bus.once('stop', resolve);\n    removeListener = () => bus.off('stop', resolve);\n  })",
      )
        .replace('  await', '  let removeListener: (() => void) | undefined;\n  await')
        .replace(']);', ']).finally(() => removeListener?.());'),
    );
  });
});

describe('endLosers, beside a signal of the caller', () => {
  const text = (arms: string) =>
    `export async function first(url: string, work: (signal: AbortSignal) => Promise<string>, signal: AbortSignal) {\n  signal.throwIfAborted();\n  return await Promise.race([${arms}]);\n}\n`;
  const listener = "new Promise((resolve) => window.addEventListener('stop', resolve))";

  it('takes no listener off with it, because nothing would settle its arm', () => {
    const after = made(
      'endLosers',
      `import { setTimeout as sleep } from 'node:timers/promises';\n${text(`sleep(1000, '', {}), ${listener}`)}`,
    );
    expect(after).toContain("sleep(1000, '', { signal: AbortSignal.any([signal, controller.signal]) })");
    expect(after).toContain("addEventListener('stop', resolve, { signal: controller.signal })");
  });

  it('aborts no answer whose body is still to be read', () => {
    expect(made('endLosers', text(`fetch(url), ${listener}`))).toBeUndefined();
  });

  it('clears no timer by a name that only its executor knows', () => {
    expect(
      made(
        'endLosers',
        text(
          "work(signal), new Promise<string>((resolve) => {\n    const timer = setTimeout(resolve, 1000, '');\n    console.log(timer.hasRef());\n  })",
        ),
      ),
    ).toBeUndefined();
  });
});

describe('endInWinner', () => {
  const text = (method: string, empty: string) =>
    `${bus}export class Link {\n${method}  read(show: (row: string) => void) {\n    const onEmpty = () => show('');\n    bus.once('empty', ${empty});\n    bus.once('row', (row: string) => {\n      bus.off('empty', ${empty});\n      show(row);\n    });\n  }\n}\n`;

  it('removes a listener in the other one, where that is of the same run', () => {
    expect(made('endInWinner', text('', 'onEmpty'))).toContain(
      "    const onEmpty = () => {\n      bus.off('row', onRow);\n      show('');\n    };\n",
    );
    expect(made('endInWinner', text('  onEmpty() {}\n', 'this.onEmpty'))).toBeUndefined();
  });
});

describe('pauseWhileBusy', () => {
  const text = (callback: string, event = 'data') =>
    `import { createReadStream } from 'node:fs';\ndeclare function save(chunk: unknown): Promise<void>;\nexport function copy(path: string) {\n  const source = createReadStream(path);\n  source.on('${event}', ${callback});\n  return source;\n}\n`;

  it('pauses around what waits, and until a promise is settled', () => {
    expect(made('pauseWhileBusy', text('async (chunk) => {\n    // one\n    await save(chunk);\n  }'))).toBe(
      text(
        'async (chunk) => {\n    source.pause();\n    try {\n      // one\n      await save(chunk);\n    } finally {\n      source.resume();\n    }\n  }',
      ),
    );
    expect(made('pauseWhileBusy', text('(chunk) => {\n    save(chunk).catch(console.error);\n  }'))).toBe(
      text(
        '(chunk) => {\n    source.pause();\n    save(chunk).catch(console.error).finally(() => source.resume());\n  }',
      ),
    );
    expect(made('pauseWhileBusy', text('(chunk) => save(chunk).catch(console.error)'))).toBe(
      text(
        '(chunk) => {\n    source.pause();\n    save(chunk).catch(console.error).finally(() => source.resume());\n  }',
      ),
    );
  });

  it('is not offered for lines, nor for what is no promise itself', () => {
    expect(
      made(
        'pauseWhileBusy',
        text('(chunk) => each(chunk, () => save(chunk).catch(console.error))').replace(
          'declare',
          'declare function each(chunk: unknown, work: () => Promise<void>): void;\ndeclare',
        ),
      ),
    ).toBeUndefined();
    expect(
      made(
        'pauseWhileBusy',
        "import { createInterface } from 'node:readline';\ndeclare function save(line: string): Promise<void>;\nexport function copy(input: NodeJS.ReadableStream) {\n  const lines = createInterface({ input });\n  lines.on('line', async (line) => {\n    await save(line);\n  });\n  return lines;\n}\n",
      ),
    ).toBeUndefined();
  });

  it('is not offered for more than one thing that nobody waits for', () => {
    expect(
      made(
        'pauseWhileBusy',
        text('(chunk) => {\n    save(chunk).catch(console.error);\n    save(chunk).catch(console.error);\n  }'),
      ),
    ).toBeUndefined();
  });
});

describe('endInFinally', () => {
  const text = (body: string) =>
    `import { open } from 'node:fs/promises';\nexport async function read(path: string) ${body}\n`;

  it('takes a result apart behind the block, or declares its names before', () => {
    expect(
      made(
        'endInFinally',
        text(
          '{\n  const file = await open(path);\n  const { size, mtime } = await file.stat();\n  await file.close();\n  console.log(size);\n  return mtime;\n}',
        ),
      ),
    ).toBe(
      text(
        '{\n  const file = await open(path);\n  let result;\n  try {\n    result = await file.stat();\n  } finally {\n    await file.close();\n  }\n  const { size, mtime } = result;\n  console.log(size);\n  return mtime;\n}',
      ),
    );
    expect(
      made(
        'endInFinally',
        text(
          "{\n  const file = await open(path);\n  const { size } = await file.stat(), text = 'x';\n  console.log(await file.read());\n  await file.close();\n  console.log(text);\n  return size;\n}",
        ),
      ),
    ).toBe(
      text(
        "{\n  const file = await open(path);\n  let size;\n  let text;\n  try {\n    ({ size } = await file.stat()); text = 'x';\n    console.log(await file.read());\n  } finally {\n    await file.close();\n  }\n  console.log(text);\n  return size;\n}",
      ),
    );
    expect(
      made(
        'endInFinally',
        text(
          "{\n  const file = await open(path);\n  await file.sync();\n  const [first, second] = [await file.stat(), 'x'];\n  await file.close();\n  console.log(second.length);\n  return first.size;\n}",
        ),
      ),
    ).toContain('let first, second;');
  });

  it('parts lists from the line above without semicolons', () => {
    expect(
      made(
        'endInFinally',
        text(
          '{\n  const file = await open(path)\n  const [stat] = await Promise.all([file.stat()])\n  await file.sync()\n  await file.close()\n  console.log(stat)\n  return stat.size\n}',
        ),
      ),
    ).toContain('    ;[stat] = await Promise.all([file.stat()])\n');
  });

  it('declares nothing whose type a function could not tell any more', () => {
    const after = (last: string) =>
      made(
        'endInFinally',
        text(
          `{\n  const file = await open(path);\n  const stat = await file.stat();\n  await file.sync();\n  await file.close();\n  console.log('read');\n  return ${last};\n}`,
        ),
      );
    expect(after('stat')).toContain('  let stat;\n');
    expect(after('() => stat.size')).toBeUndefined();
  });

  it('gives the statements of one line a line each', () => {
    expect(
      made(
        'endInFinally',
        text(
          '{ const file = await open(path); const text = await file.readFile(); await file.close(); console.log(1); return text }',
        ),
      ),
    ).toBe(
      text(
        '{\n  const file = await open(path);\n  let text;\n  try {\n    text = await file.readFile();\n  } finally {\n    await file.close();\n  }\n  console.log(1);\n  return text;\n}',
      ),
    );
    expect(
      made('endInFinally', text('{ const file = await open(path); /* all */ await file.sync(); await file.close(); }')),
    ).toBeUndefined();
  });

  it('closes what a reader of lines reads, under a name that it gets before', () => {
    expect(
      made(
        'endInFinally',
        "import { createReadStream } from 'node:fs';\nimport { createInterface } from 'node:readline';\nexport async function first(path: string) {\n  const lines = createInterface({ input: createReadStream(path) });\n  const all = lines[Symbol.asyncIterator]();\n  const { value } = await all.next();\n  return value;\n}\n",
      ),
    ).toContain(
      '  const stream = createReadStream(path);\n  const lines = createInterface({ input: stream });\n  try {\n',
    );
  });
});

describe('declareUsing', () => {
  const text = (
    first: string,
    rest = '  const { size } = await file.stat();\n  await file.close(); // done\n  return size;\n',
  ) =>
    `import { open } from 'node:fs/promises';\nexport async function read(path: string) {\n  ${first}file = await open(path);\n${rest}}\n`;
  const typed = (code: string) => {
    const source = { name: 'edits/using.ts', text: code };
    return lint(source, rules, createProject([source]))
      .flatMap(({ suggestions = [] }) => suggestions)
      .map((one) => [one.messageId, apply(code, one)]);
  };

  it('comes second where the types know of it, and first where the file has it already', () => {
    expect(typed(text('const ')).map(([id]) => id)).toEqual(['endInFinally', 'declareUsing']);
    expect(typed(text('const '))[1]).toEqual([
      'declareUsing',
      text('await using ').replace('  await file.close(); // done', '  // done'),
    ]);
    const other =
      'export async function other(path: string) {\n  await using file = await open(path);\n  await file.sync();\n}\n';
    expect(made('declareUsing', text('const ') + other)).toBe(
      text('await using ').replace('  await file.close(); // done', '  // done') + other,
    );
    expect(typed(text('const ') + other).map(([id]) => id)).toEqual(['declareUsing', 'endInFinally']);
    expect(made('declareUsing', text('const '))).toBeUndefined();
  });

  it('is not offered for what is in use later', () => {
    expect(typed(text('const ', "  process.on('SIGHUP', () => void file.sync());\n")).map(([id]) => id)).not.toContain(
      'declareUsing',
    );
  });

  it('is not offered where the end of the block is too late', () => {
    expect(
      typed(
        text(
          'const ',
          '  const { size } = await file.stat();\n  await file.close();\n  console.log(size);\n  return size;\n',
        ),
      ).map(([id]) => id),
    ).toEqual(['endInFinally']);
    expect(
      typed(
        text('const ', '  const { size } = await file.stat();\n  await file.close();\n  return open(String(size));\n'),
      ).map(([id]) => id),
    ).toEqual(['endInFinally']);
  });

  it.each([
    ['may be set again', 'let ', '  const { size } = await file.stat();\n  await file.close();\n  return size;\n'],
    ['has two names', 'const ', '  const same = file;\n  await same.stat();\n  await file.close();\n  return 1;\n'],
    [
      'ends in two places',
      'const ',
      '  if ((await file.stat()).size > 1) {\n    await file.close();\n    return 0;\n  }\n  await file.close();\n  return 1;\n',
    ],
  ])('is not offered for what %s', (_, first, rest) => {
    expect(typed(text(first, rest)).map(([id]) => id)).toEqual(['endInFinally']);
  });

  it('waits for no end that takes no time', () => {
    const code =
      "import { addAbortListener } from 'node:events';\nexport async function read(signal: AbortSignal, load: () => Promise<void>) {\n  const listening = addAbortListener(signal, () => console.log(1));\n  await load();\n  listening[Symbol.dispose]();\n}\n";
    expect(typed(code).map(([id]) => id)).toEqual(['endInFinally', 'declareUsing']);
    expect(typed(code)[1]![1]).toContain('  using listening = addAbortListener(');
  });
});

describe('keepWithOthers', () => {
  const text = (body: string) =>
    `import { interval, Subscription } from 'rxjs';\nexport class Clock {\n  private readonly subscriptions = new Subscription();\n  constructor() {\n    this.subscriptions.add(interval(10).subscribe(console.log));\n${body}  }\n  ngOnDestroy() {\n    this.subscriptions.unsubscribe();\n  }\n}\n`;

  it('gives what is dropped, or has a name, to the list of its kind', () => {
    expect(made('keepWithOthers', text('    interval(20).subscribe(console.log);\n'))).toBe(
      text('    this.subscriptions.add(interval(20).subscribe(console.log));\n'),
    );
    expect(
      made(
        'keepWithOthers',
        text('    const every = interval(20).subscribe(console.log);\n    console.log(every.closed);\n'),
      ),
    ).toBe(
      text(
        '    const every = interval(20).subscribe(console.log);\n    this.subscriptions.add(every);\n    console.log(every.closed);\n',
      ),
    );
  });

  it('is not offered for what a callback starts each time', () => {
    expect(
      made('keepWithOthers', text('    setTimeout(() => {\n      interval(20).subscribe(console.log);\n    }, 1);\n')),
    ).toBeUndefined();
  });

  it('is not offered for what a loop starts, nor by a method whose list may not be there yet', () => {
    expect(
      made(
        'keepWithOthers',
        text(
          '    for (const ms of [1, 2]) {\n      const every = interval(ms).subscribe(console.log);\n      console.log(every.closed);\n    }\n',
        ),
      ),
    ).toBeUndefined();
    const panel = (base: string, own: string) =>
      `import * as vscode from 'vscode';\nexport class Panel${base} {\n  private readonly changed = new vscode.EventEmitter<void>();\n${own}  constructor() {\n${base && '    super();\n'}    this._register(vscode.workspace.onDidSaveTextDocument(() => this.changed.fire()));\n  }\n${base ? '' : '  dispose() {}\n'}}\n`;
    const register = '  private _register<T>(one: T): T {\n    return one;\n  }\n';
    const offered = (code: string) =>
      lint({ name: 'edits/settled.ts', text: code }, rules)
        .flatMap(({ suggestions = [] }) => suggestions)
        .map((one) => apply(code, one))
        .filter((one) => one.includes('changed = this._register('));
    expect(offered(panel('', register))).toEqual([]);
    expect(
      offered(
        panel(' extends Base', register).replace('export', 'declare class Base {\n  dispose(): void;\n}\nexport'),
      ),
    ).toEqual([]);
  });

  it('gives a field the type of what it keeps', () => {
    expect(
      made(
        'endInTeardown',
        text('    interval(20).subscribe(console.log);\n').replace(
          '    this.subscriptions.add(interval(10).subscribe(console.log));\n',
          '',
        ),
      ),
    ).toContain('  private subscription: Subscription | undefined;\n');
  });
});

describe('what real code taught', () => {
  const race = (arm: string, after: string) =>
    `declare function load(): Promise<string>;\nexport async function read() {\n${arm}${after}}\n`;

  it('takes the condition away with the end in it', () => {
    const arm =
      "  let timer: NodeJS.Timeout | undefined;\n  const text = await Promise.race([load(), new Promise<string>((_, reject) => {\n    timer = setTimeout(() => reject(new Error('late')), 5000);\n  })]);\n";
    for (const end of [
      '  if (timer) {\n    clearTimeout(timer);\n  }\n',
      '  if (timer !== undefined) clearTimeout(timer);\n',
      '  clearTimeout(timer);\n',
    ]) {
      const after = made('endLosers', race(arm, `${end}  return text;\n`));
      expect(after).toContain('})]).finally(() => clearTimeout(timer));\n  return text;\n');
    }
  });

  it('keeps the remark in front of the body of an arrow', () => {
    const arm =
      "  return await Promise.race([\n    load(),\n    new Promise<string>((_, reject) =>\n      // Later than the request itself gives up\n      setTimeout(() => reject(new Error('late')), 5000)\n    ),\n  ]);\n";
    expect(made('endLosers', race(arm, ''))).toContain(
      "(_, reject) => {\n      // Later than the request itself gives up\n      timer = setTimeout(() => reject(new Error('late')), 5000);\n    }),\n",
    );
  });

  it('stops no request that changes something because another one failed', () => {
    const text = (call: string) =>
      `import axios from 'axios';\nexport async function rename(ids: string[]) {\n  await Promise.all(ids.map((id) => ${call}));\n}\n`;
    expect(made('endLosers', text('axios.get(id)'))).toContain('signal: controller.signal');
    expect(made('endLosers', text('axios.put(id, {})'))).toBeUndefined();
    expect(made('endLosers', text("fetch(id, { method: 'POST' }).then(String)"))).toBeUndefined();
  });

  it('does not indent a long executor to add one line', () => {
    const filler = Array.from({ length: 12 }, (_, at) => `    console.log(${at});\n`).join('');
    const text = (more: string) =>
      `declare const open: (done: () => void) => void;\nexport async function wait(): Promise<void> {\n  return new Promise((resolve, reject) => {\n${more}    open(() => resolve());\n    open(() => reject(new Error('gone')));\n    open(() => resolve());\n    setTimeout(() => reject(new Error('late')), 9000);\n  });\n}\n`;
    expect(made('endWhenSettled', text(''))).toContain('  } finally {\n');
    expect(made('endWhenSettled', text(filler))).toContain('  }).finally(() => clearTimeout(timer));\n');
  });

  it('settles nothing before a call that may, or beside a callback that does', () => {
    const text = (first: string, leave: string) =>
      `declare const gone: Promise<void>;\ndeclare const link: { open(): Promise<boolean>; ask(): Promise<void> };\nexport const login = (isOver: boolean) =>\n  new Promise<void>((resolve, reject) => {\n${first}    if (isOver) {\n      ${leave}\n    }\n    link.open().then(() => resolve(), reject);\n  });\n`;
    expect(made('settleThere', text('', 'return;'))).toContain('      resolve();\n      return;\n');
    expect(made('settleThere', text('', 'return link.ask();'))).toBeUndefined();
    expect(made('settleThere', text('    gone.catch((error) => reject(error));\n', 'return;'))).toBeUndefined();
  });

  it('gives no two listeners one name', () => {
    const text = (other: string) =>
      `${bus}const two = new EventEmitter();\nexport const read = () =>\n  new Promise<string>((resolve, reject) => {\n    const seen: string[] = [];\n    bus.on('part', (text: string) => {\n      seen.push(text);\n      if (text === '') resolve(seen.join(''));\n    });\n    two.on('${other}', (text: string) => {\n      seen.push(text);\n      if (text === '') reject(new Error('empty'));\n    });\n  });\n`;
    expect(made('endWhenSettled', text('piece'))).toContain('const onPiece = ');
    expect(made('endWhenSettled', text('part'))).toBeUndefined();
  });
});

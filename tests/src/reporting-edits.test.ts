import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { apply, lint, type Rules } from '../support/lint.js';

const rules: Rules = plugin.configs.strict.rules;

/** What the first suggestion of some name makes of a text; the first line break is not part of it. */
function made(id: string, before: string, name = 'edits/reporting.ts'): string | undefined {
  const text = before.slice(1);
  const found = lint({ name, text }, rules)
    .flatMap(({ suggestions = [] }) => suggestions)
    .find(({ messageId }) => messageId === id);
  return found && `\n${apply(text, found)}`;
}

const read = "\nimport { readFile } from 'node:fs/promises';\n";

describe('a failure is reported as the other handlers of the file do', () => {
  const inClass = (more: string, log = 'this.log.error(reason)') =>
    `${read}declare const logger: { error(reason: unknown): void };
export class Store {
  constructor(private readonly log: { error(reason: unknown): void }) {}
  async load() {
    try {
      await readFile('a');
    } catch (reason) {
      ${log};
    }
  }
${more}
}
`;

  it('by a field, where that is in reach', () => {
    expect(made('catchIt', inClass("  touch() {\n    readFile('b');\n  }"))).toContain(
      "readFile('b').catch((error) => this.log.error(error));",
    );
    const far = inClass("  static touch() {\n    readFile('b');\n  }");
    expect(made('catchIt', far)).toContain("readFile('b').catch(console.error);");
    const own = "  touch() {\n    setTimeout(async function () {\n      await readFile('b');\n    }, 9000);\n  }";
    expect(made('catchInside', inClass(own))).toContain('      console.error(error);');
    expect(made('catchInside', inClass(own.replace('function ()', '() =>')))).toContain('      this.log.error(error);');
  });

  it('by a name of the module', () => {
    const touch = "  touch() {\n    readFile('b');\n  }";
    expect(made('catchIt', inClass(touch, 'logger.error(reason)'))).toContain(
      "readFile('b').catch((error) => logger.error(error));",
    );
  });

  it('but not by what says more, or is no log', () => {
    const touch = "  touch() {\n    readFile('b');\n  }";
    for (const other of ["logger.error('failed', reason)", 'dialog.error(reason)'])
      expect(made('catchIt', inClass(touch, other))).toContain("readFile('b').catch(console.error);");
  });

  it('nor by what only the function in question knows', () => {
    const text = `${read}export function start(make: () => { error(reason: unknown): void }) {
  setTimeout(async () => {
    const log = make();
    await readFile('a').catch((reason) => log.error(reason));
    await readFile('b');
  }, 9000);
}
`;
    expect(made('catchInside', text)).toContain('      console.error(error);');
  });

  it('nor, in a clause, by what only handlers of promises call', () => {
    const text = `${read}declare const log: { error(reason: Error): void };
export function start() {
  setTimeout(async () => {
    await readFile('a');
  }, 9000);
  readFile('b');
  return readFile('c').catch((reason) => log.error(reason));
}
`;
    expect(made('catchInside', text)).toContain('      console.error(error);');
    expect(made('catchIt', text)).toContain("readFile('b').catch((error) => log.error(error));");
  });
});

describe('no handler takes a failure', () => {
  it('from those who hear of all of them', () => {
    const text = (event: string) =>
      `${read}export function start() {\n  process.on('${event}', () => process.exit(1));\n  readFile('a');\n}\n`;
    expect(made('catchIt', text('exit'))).toBeDefined();
    expect(made('catchIt', text('unhandledRejection'))).toBeUndefined();
  });

  it('from a program that cannot load what it is there for', () => {
    const text = (module: string) =>
      `\nconst path = require('path');\nexports.start = () => {\n  import(${module});\n};\n`;
    expect(made('catchIt', text("'./main.mjs'"), 'edits/reporting.js')).toBeDefined();
    expect(made('catchIt', text('path.resolve(process.env.MAIN)'), 'edits/reporting.js')).toBeUndefined();
  });
});

describe('a callback that runs again when it is done', () => {
  const text = (body: string) => `${read}export class Feed {
  timer?: NodeJS.Timeout;
  start() {
    this.timer = setTimeout(async () => {
${body}
    }, 9000);
  }
  stop() {
    clearTimeout(this.timer);
  }
}
`;

  it('does so after a failure, too', () => {
    expect(made('catchInside', text("      await readFile('a'); // slow\n      this.start();"))).toContain(`
      try {
        await readFile('a'); // slow
      } catch (error) {
        console.error(error);
      }
      this.start();
    }, 9000);
`);
  });

  it('is left alone where that needs what failed', () => {
    expect(
      made('catchInside', text("      const more = await readFile('a');\n      if (more.length) this.start();")),
    ).toBeUndefined();
    expect(made('catchInside', text("      await readFile('a');\n      this.start();\n      console.log('x');"))).toBe(
      undefined,
    );
  });

  it('is caught as a whole where it has begun the next run before', () => {
    expect(made('catchInside', text("      this.start();\n      await readFile('a');"))).toContain(
      "        this.start();\n        await readFile('a');\n",
    );
  });
});

it('what waits for nothing is neither awaited nor skipped while busy', () => {
  const text = `${read}export class Pool {
  readonly #all = new Map<string, { count: number }>();
  readonly #timer = setInterval(
    async () =>
      this.#all.forEach((one) => {
        if (one.count > 3) this.drop(one);
      }),
    1000,
  );
  drop({ count }: { count: number }) {
    if (count > 9) throw new Error('full');
  }
  close() {
    clearInterval(this.#timer);
  }
}
`;
  expect(made('catchAndSkip', text)).toBeUndefined();
  expect(made('catchInside', text)).toContain('        this.#all.forEach((one) => {');
});

it('a queue that is told to stop does not stop the work that it was given', () => {
  const text = (work: string) => `
import PQueue from 'p-queue';
declare const write: (row: string, signal?: AbortSignal) => Promise<void>;
declare function queueOf(row: string): PQueue;
export async function writeAll(rows: string[]) {
  await Promise.all(rows.map((row) => queueOf(row).add(${work})));
}
`;
  expect(made('endLosers', text('async () => write(row)'))).toBeUndefined();
  expect(made('endLosers', text('({ signal }) => write(row, signal)'))).toContain('signal: controller.signal');
});

describe('a callback that fails', () => {
  it('tells the callback that it was given', () => {
    const text = `${read}export function find(path: string, done: (error: unknown, text?: string) => void) {
  process.nextTick(async () => {
    const text = await readFile(path, 'utf8');
    return done(null, text);
  });
}
`;
    expect(made('catchInside', text)).toContain(
      '      return done(null, text);\n    } catch (error) {\n      done(error);\n    }\n',
    );
  });

  it('ends a program that is told to stop by another event, too', () => {
    const text = `${read}export function serve() {
  const stop = async () => {
    await readFile('a');
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
}
`;
    expect(made('catchInside', text)).toContain('      console.error(error);\n      process.exit(1);\n');
  });

  it('fails where it handles a failure', () => {
    const text = (handle: string) => `${read}export function later() {
  setTimeout(async () => {
    try {
      await readFile('a');
    } catch (reason) {
      ${handle}
    }
  }, 9000);
}
`;
    expect(made('catchInside', text("await readFile('b');"))).toBe(text("await readFile('b').catch(console.error);"));
    expect(made('catchInside', text('throw reason;'))).toBeUndefined();
  });
});

it('a run that is skipped is skipped behind what leaves first', () => {
  const text = (guard: string, flag: string, end: string) => `${read}export function poll(link: { closed: boolean }) {
${flag}  return setInterval(async () => {
    if (link.closed) return;
${guard}    try {
      await readFile('a');
    } catch (reason) {
      console.error(reason);
    }${end}
  }, 9000);
}
`;
  expect(made('skipWhileBusy', text('', '', ''))).toBe(
    text(
      '    if (busy) return;\n    busy = true;\n',
      '  let busy = false;\n',
      ' finally {\n      busy = false;\n    }',
    ),
  );
});

it('a body that may have been read before is not cancelled', () => {
  const text = (said: string) => `
export async function load(url: string) {
  const response = await fetch(url);
  const isPlain = response.headers.get('content-type') === 'text/plain';
  if (!response.ok) {
    const said = ${said};
    throw new Error(said);
  }
  return isPlain ? response.text() : response.json();
}
`;
  expect(made('cancelBody', text("'refused'")) ?? made('endBeforeLeaving', text("'refused'"))).toContain(
    '    await response.body?.cancel();\n    throw',
  );
  const read = text("isPlain ? await response.text() : 'refused'");
  expect(made('cancelBody', read) ?? made('endBeforeLeaving', read)).toBeUndefined();
});

describe('a body that is read under one condition', () => {
  const text = (read: string, after: string) => `
export async function load(url: string) {
  try {
    const response = await fetch(url);
    if (response.ok) {
      ${read}
    }${after}
  } catch (error) {
    console.error(error);
  }
  return null;
}
`;

  it('is cancelled in the other branch', () => {
    expect(made('cancelBody', text('console.log(await response.json());', ''))).toBe(
      text('console.log(await response.json());', ' else {\n      await response.body?.cancel();\n    }'),
    );
    expect(made('cancelBody', text('return await response.text();', ''))).toBe(
      text('return await response.text();', '\n    await response.body?.cancel();'),
    );
  });

  it('is not cancelled where it may have been read', () => {
    expect(
      made(
        'cancelBody',
        "\nexport async function load(url: string) {\n  const response = await fetch(url);\n  if (response.ok) console.log(await response.json());\n  console.log('done');\n}\n",
      ),
    ).toBeUndefined();
  });
});

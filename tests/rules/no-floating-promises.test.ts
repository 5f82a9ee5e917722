import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import type { Program } from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

import rule from '../../rules/no-floating-promises.js';
import { createProject, root, typeErrors, type Source } from '../support/project.js';

const linter = new Linter({ cwd: root });

function lint(
  { name, text }: Source,
  which: 'ours' | 'theirs',
  options: object,
  program?: Program,
): Linter.LintMessage[] {
  const theirs = (tseslint.plugin as unknown as { rules: Record<string, unknown> }).rules['no-floating-promises'];
  return linter.verify(
    text,
    {
      files: ['**/*.{ts,tsx,js}'],
      languageOptions: {
        parser,
        parserOptions: { ecmaFeatures: { jsx: true }, ...(program && { programs: [program] }) },
      },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
      plugins: { own: { rules: { ours: rule as never, theirs: theirs as never } } },
      rules: { [`own/${which}`]: ['error', options] },
    },
    root + name,
  );
}

const sources = (texts: readonly string[]): Source[] => texts.map((text, at) => ({ name: `floating/${at}.ts`, text }));

describe('typescript-eslint reports nothing that this rule does not', () => {
  const declared = `
    declare const promise: Promise<number>;
    declare const maybe: Promise<number> | undefined;
    declare const union: Promise<number> | number;
    declare const both: Promise<number> & { extra: string };
    declare const list: Promise<number>[];
    declare const readonlyList: readonly Promise<number>[];
    declare const tuple: [number, Promise<number>];
    declare const lists: Promise<Promise<number>[]>;
    declare const call: () => Promise<void>;
    declare const optional: { call?: () => Promise<void>; nested?: { call(): Promise<void> } };
    declare const flag: boolean;
    declare const unknownHandler: unknown;
    declare const maybeHandler: (() => void) | undefined;
    declare const handler: () => void;
    declare const anyHandler: any;
    declare const tag: (text: TemplateStringsArray) => Promise<void>;
    declare class Later extends Promise<string> {}
    declare const later: Later;
    declare const thenable: PromiseLike<void>;
    declare function generic<T extends Promise<unknown>>(value: T): T;
  `;
  const statements = [
    'promise;',
    'maybe;',
    'union;',
    'both;',
    'later;',
    'promise as Promise<unknown>;',
    '({}) as Promise<void>;',
    '(promise);',
    'promise!;',
    'call();',
    'new Promise(() => {});',
    'Promise.resolve(1);',
    'Promise.reject(new Error());',
    'Promise.all([call(), call()]);',
    'Promise.race(list);',
    'optional.call?.();',
    'optional.nested?.call();',
    '(optional.nested?.call)!();',
    'generic(promise);',
    "import('node:fs');",
    'tag`text`;',
    'list;',
    'readonlyList;',
    'tuple;',
    '[call()];',
    '[1, call()];',
    'list.map((one) => one);',
    '[1].map(async () => 1);',
    'await list;',
    'await lists;',
    'void list;',
    'promise.then();',
    'promise.then(handler);',
    'promise.then(handler, undefined);',
    'promise.then(handler, null);',
    'promise.then(handler, handler);',
    'promise.then(...[handler]);',
    'promise.catch();',
    'promise.catch(undefined);',
    'promise.catch(null);',
    "promise.catch('handler' as never);",
    'promise.catch(unknownHandler as never);',
    'promise.catch(maybeHandler);',
    'promise.catch(handler);',
    'promise.catch(anyHandler);',
    'promise.catch(...[handler]);',
    "promise['catch'](handler);",
    "promise['then'](handler);",
    'promise.finally();',
    'promise.finally(handler);',
    'promise.catch(handler).finally();',
    'promise.catch(handler).finally().finally();',
    'promise.finally().catch(handler);',
    'promise.finally().finally();',
    'promise.catch(handler).then(handler);',
    'promise.then(handler).catch(handler);',
    'maybe?.then(handler);',
    'maybe?.catch(handler);',
    'maybe?.finally();',
    'flag && call();',
    'flag || call();',
    'maybe ?? call();',
    'flag ? call() : null;',
    'flag ? null : call();',
    'flag ? call().catch(handler) : call();',
    'call() || flag;',
    'call(), 1;',
    '1, call();',
    '(1, call(), 2);',
    'flag && (1, call());',
    'void call();',
    'void (flag && call());',
    'void call().catch(handler);',
    '(void flag, call());',
    '(async () => {})();',
    '(async function () {})();',
    '(async () => {})().catch(handler);',
    '(() => call())();',
    '(() => 1)();',
    'await call();',
    'await (async () => {})();',
    'thenable;',
    'thenable.then(handler);',
    'flag;',
    '1;',
    "'text';",
    'const kept = call(); kept.catch(handler);',
    'let later2; later2 = call(); await later2;',
    'JSON.stringify(call());',
  ];
  const wrapped = statements.map(
    (statement) => `${declared}\nexport async function test(): Promise<void> {\n${statement}\n}\n`,
  );
  const more = [
    'declare const promise: Promise<number>;\nexport const run = () => void promise;\n',
    'export function* steps(): Generator<number, void, Promise<void>> {\n  yield 1;\n}\n',
    'export async function* steps(): AsyncGenerator<number, void, Promise<void>[]> {\n  yield 1;\n}\n',
    'class Store {\n  static { fetch("/"); }\n}\nexport { Store };\n',
    'export namespace Setup {\n  fetch("/");\n}\n',
  ];
  const all = sources([...wrapped, ...more]);
  const program = createProject(all);

  for (const options of [{}, { ignoreVoid: false }, { checkThenables: true }, { ignoreIIFE: true }]) {
    it(`with ${JSON.stringify(options)}`, () => {
      const missed = all.flatMap((source) => {
        const ours = lint(source, 'ours', { checkUnknown: true, ignoreVoid: true, ...options }, program);
        const theirs = lint(source, 'theirs', options, program);
        return theirs
          .filter(({ line, endLine = line }) => !ours.some((one) => one.line >= line && one.line <= endLine))
          .map(({ line }) => source.text.split('\n')[line - 1]);
      });
      // A handler that nobody knows is taken for one.
      expect(missed).toEqual(['promise.catch(anyHandler);']);
    });
  }

  it('reports what they do not only where a promise is lost all the same', () => {
    const more = all.flatMap((source) => {
      const theirs = lint(source, 'theirs', {}, program);
      const ours = lint(source, 'ours', { checkUnknown: true, ignoreVoid: true }, program);
      return ours
        .filter(({ line }) => !theirs.some((one) => one.line <= line && line <= (one.endLine ?? one.line)))
        .map(({ line }) => source.text.split('\n')[line - 1]);
    });
    expect(more).toEqual([]);
  });
});

describe('the specifiers of typescript-eslint mean the same', () => {
  const [source] = sources([
    `import { it as check } from 'node:test';
declare const promise: Promise<void>;
declare function track(): Promise<void>;
declare class Safe extends Promise<void> {}
declare function safe(): Safe;
declare function safes(): Safe[];
declare class Box<T> extends Promise<T> {}
declare function oneOfBoth(): Box<string> | Box<number>;
declare function perhaps(): Safe | Promise<void>;
declare function tagged(): Safe & { readonly tag: string };
declare function anything(): any;
export function all(): void {
  track();
  safe();
  safes();
  oneOfBoth();
  perhaps();
  tagged();
  anything();
  promise;
  fetch('/');
}
export { check };
`,
  ]);
  const program = createProject([source!]);

  it.each([
    [{ allowForKnownSafeCalls: ['track'] }],
    [{ allowForKnownSafeCalls: [{ from: 'file', name: ['track', 'safe'] }] }],
    [{ allowForKnownSafeCalls: [{ from: 'lib', name: 'fetch' }] }],
    [{ allowForKnownSafeCalls: [{ from: 'package', name: 'track', package: 'tracker' }] }],
    [{ allowForKnownSafePromises: ['Safe'] }],
    [{ allowForKnownSafePromises: ['Box'] }],
    [{ allowForKnownSafePromises: [{ from: 'file', name: 'Safe' }] }],
    [{ allowForKnownSafePromises: [{ from: 'file', name: 'Safe', path: 'elsewhere.ts' }] }],
    [{ allowForKnownSafePromises: [{ from: 'lib', name: 'Promise' }] }],
    [{ allowForKnownSafePromises: [{ from: 'package', name: 'Safe', package: 'safe' }] }],
  ])('%j', (options) => {
    const lines = (which: 'ours' | 'theirs'): number[] =>
      lint(source!, which, options, program).map(({ line }) => line);
    expect(lines('ours')).toEqual(lines('theirs'));
  });

  it('refuses options that it does not know', () => {
    expect(() => lint(source!, 'ours', { allowForKnownSafeCalls: [{ from: 'nowhere', name: 'x' }] })).toThrow(
      'own/ours',
    );
    expect(() => lint(source!, 'ours', { ignoreVoids: true })).toThrow('own/ours');
  });
});

/** Each code with the text of the first suggestion, or null where there is none. */
const repairs: Record<string, readonly [before: string, after: string | null]> = {
  'keeps the parentheses of a low operator': [
    'async function f(a: Promise<void> | null) {\n  a ?? fetch("/");\n}',
    'async function f(a: Promise<void> | null) {\n  (await a) ?? fetch("/");\n}',
  ],
  'wraps what binds less than await': [
    'declare const p: unknown;\nasync function f() {\n  p as Promise<void>;\n}',
    'declare const p: unknown;\nasync function f() {\n  await (p as Promise<void>);\n}',
  ],
  'awaits inside a condition': [
    'async function f(a: boolean) {\n  a ? caches.delete("/") : null;\n}',
    'async function f(a: boolean) {\n  a ? await caches.delete("/") : null;\n}',
  ],
  'awaits what || starts': [
    'async function f(a: boolean) {\n  a || caches.delete("/");\n}',
    'async function f(a: boolean) {\n  a || (await caches.delete("/"));\n}',
  ],
  'drops the parentheses of a condition': [
    'async function f(a: boolean, b: boolean) {\n  (a || b) && caches.delete("/");\n}',
    'async function f(a: boolean, b: boolean) {\n  if (a || b) {\n    await caches.delete("/");\n  }\n}',
  ],
  'leaves a comment where it is': [
    'async function f(a: boolean) {\n  a && /* why */ caches.delete("/");\n}',
    'async function f(a: boolean) {\n  a && /* why */ (await caches.delete("/"));\n}',
  ],
  'makes no block where an else would change hands': [
    'async function f(a: boolean) {\n  if (a) a && caches.delete("/");\n  else await caches.delete("/");\n}',
    'async function f(a: boolean) {\n  if (a) a && (await caches.delete("/"));\n  else await caches.delete("/");\n}',
  ],
  'does not await in a getter': [
    'class A {\n  get a() {\n    fetch("/");\n    return 1;\n  }\n}\nexport { A };',
    'class A {\n  get a() {\n    fetch("/").catch(console.error);\n    return 1;\n  }\n}\nexport { A };',
  ],
  'does not await in a generator': [
    'export function* f() {\n  fetch("/");\n  yield 1;\n}',
    'export function* f() {\n  fetch("/").catch(console.error);\n  yield 1;\n}',
  ],
  'does not await in a static block': [
    'export class A {\n  static {\n    fetch("/");\n  }\n}',
    'export class A {\n  static {\n    fetch("/").catch(console.error);\n  }\n}',
  ],
  'does not make an exported function async': [
    'export function f(): void {\n  fetch("/");\n}',
    'export function f(): void {\n  fetch("/").catch(console.error);\n}',
  ],
  'does not make a function async whose value is used': [
    'function f(): number {\n  fetch("/");\n  return 1;\n}\nexport const a = f() + 1;',
    'function f(): number {\n  fetch("/").catch(console.error);\n  return 1;\n}\nexport const a = f() + 1;',
  ],
  'does not make a type guard async': [
    'function f(a: unknown): a is string {\n  fetch("/");\n  return true;\n}\nexport async function g() {\n  await f(1);\n}',
    'function f(a: unknown): a is string {\n  fetch("/").catch(console.error);\n  return true;\n}\nexport async function g() {\n  await f(1);\n}',
  ],
  'makes a function async that returns a promise anyway': [
    'export function f(): Promise<Response> {\n  caches.delete("/log");\n  return fetch("/");\n}',
    'export async function f(): Promise<Response> {\n  await caches.delete("/log");\n  return fetch("/");\n}',
  ],
  'makes a function async that is only awaited': [
    'const f = (): number => {\n  caches.delete("/");\n  return 1;\n};\nexport async function g() {\n  return (await f()) + 1;\n}',
    'const f = async (): Promise<number> => {\n  await caches.delete("/");\n  return 1;\n};\nexport async function g() {\n  return (await f()) + 1;\n}',
  ],
  'does not wait for itself': [
    'export async function poll() {\n  await fetch("/");\n  poll();\n}',
    'export async function poll() {\n  await fetch("/");\n  poll().catch(console.error);\n}',
  ],
  'does not make a handler fail whose chain nobody waits for': [
    'declare function f(): Promise<void>;\nf().catch(() => {\n  fetch("/");\n});',
    'declare function f(): Promise<void>;\nf().catch(() => {\n  fetch("/").catch(console.error);\n});',
  ],
  'does not make a listener fail that catches everything': [
    'addEventListener("online", async () => {\n  try {\n    await fetch("/");\n  } catch {\n    fetch("/failed");\n  }\n});',
    'addEventListener("online", async () => {\n  try {\n    await fetch("/");\n  } catch {\n    fetch("/failed").catch(console.error);\n  }\n});',
  ],
  'awaits where the listener catches': [
    'addEventListener("online", async () => {\n  try {\n    caches.delete("/");\n  } catch {}\n});',
    'addEventListener("online", async () => {\n  try {\n    await caches.delete("/");\n  } catch {}\n});',
  ],
  'asks a value that may be missing': [
    'declare function f(): Promise<void> | undefined;\nexport function g() {\n  f();\n}',
    'declare function f(): Promise<void> | undefined;\nexport function g() {\n  f()?.catch(console.error);\n}',
  ],
  'puts a link on a line of its own where the others have one': [
    'export function f() {\n  fetch("/")\n    .then((response) => response.json());\n}',
    'export function f() {\n  fetch("/")\n    .then((response) => response.json())\n    .catch(console.error);\n}',
  ],
  'fails as a process where a program starts': [
    "const fs = require('node:fs/promises');\nfs.rm('x');",
    "const fs = require('node:fs/promises');\nfs.rm('x').catch((error: unknown) => {\n  console.error(error);\n  process.exitCode = 1;\n});",
  ],
  'awaits at the top of a module': [
    "import { rm } from 'node:fs/promises';\nfunction main() {\n  return rm('x');\n}\nmain().then(() => console.log('done'));",
    "import { rm } from 'node:fs/promises';\nfunction main() {\n  return rm('x');\n}\nawait main().then(() => console.log('done'));",
  ],
  'spreads a set': [
    'export async function f(ids: Set<string>) {\n  ids.forEach(async (id) => {\n    await fetch(id);\n  });\n}',
    'export async function f(ids: Set<string>) {\n  await Promise.all([...ids].map(async (id) => {\n    await fetch(id);\n  }));\n}',
  ],
  'takes the values of a map': [
    'export async function f(ids: Map<number, string>) {\n  ids.forEach(async (id) => {\n    await fetch(id);\n  });\n}',
    'export async function f(ids: Map<number, string>) {\n  await Promise.all([...ids.values()].map(async (id) => {\n    await fetch(id);\n  }));\n}',
  ],
  'leaves a map with its keys alone': [
    'export async function f(ids: Map<number, string>) {\n  ids.forEach(async (id, key) => {\n    await fetch(id + key);\n  });\n}',
    null,
  ],
  'keeps an optional list': [
    'export async function f(ids?: string[]) {\n  ids?.forEach(async (id) => {\n    await fetch(id);\n  });\n}',
    'export async function f(ids?: string[]) {\n  await Promise.all(ids?.map(async (id) => {\n    await fetch(id);\n  }) ?? []);\n}',
  ],
  'takes a name away that nothing reads': [
    'export async function f() {\n  const ignored = caches.delete("/");\n}',
    'export async function f() {\n  await caches.delete("/");\n}',
  ],
  'marks with void what has no catch': [
    'declare const thenable: PromiseLike<void>;\nexport function f() {\n  thenable;\n}',
    'declare const thenable: PromiseLike<void>;\nexport function f() {\n  void thenable;\n}',
  ],
};

describe('the first suggestion', () => {
  const all = sources(Object.values(repairs).map(([before]) => before));
  const program = createProject(all);
  const first = all.map((source) => lint(source, 'ours', { checkThenables: true }, program)[0]);
  const results = all.map(({ text }, at): Source => {
    const fix = first[at]?.suggestions?.[0]?.fix;
    return {
      name: `floating-after/${at}.ts`,
      text: fix ? text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]) : text,
    };
  });
  const after = createProject(results);

  for (const [at, [title, [before, expected]]] of Object.entries(repairs).entries()) {
    it(title, () => {
      expect(first[at]?.messageId).toBeDefined();
      expect(results[at]!.text).toBe(expected ?? before);
      expect(typeErrors(after, results[at]!.name)).toEqual(typeErrors(program, all[at]!.name));
    });
  }
});

describe('a call that is given a callback for the failure', () => {
  const lines = (text: string) => lint({ name: 'floating/callback.js', text }, 'ours', {}).map(({ line }) => line);

  it('gives no promise as older versions of a package have it', () => {
    expect(
      lines(
        "import { MongoClient } from 'mongodb';\nMongoClient.connect('url', {}, (error, client) => error || client.db());",
      ),
    ).toEqual([]);
  });

  it('gives none where a server sends with it', () => {
    expect(
      lines('/** @param {Response} response */\nexport const send = (response) => {\n  response.json({});\n};'),
    ).toEqual([]);
    expect(
      lines('/** @param {Response} response */\nexport const read = (response) => {\n  response.json();\n};'),
    ).toEqual([3]);
  });

  it('gives one where the callback is for something else', () => {
    expect(
      lines(
        "import { MongoClient } from 'mongodb';\nMongoClient.connect('url');\nMongoClient.connect('url', {}, (client) => client.db());",
      ),
    ).toEqual([2, 3]);
  });
});

describe('the message', () => {
  it('shows the code in one line and without its comments', () => {
    const text =
      'export function f() {\n  fetch("/a") // first\n    // then\n    .then((response) => response.text());\n}';
    expect(lint({ name: 'floating/comment.js', text }, 'ours', {})[0]?.message).toContain(
      '`fetch("/a").then()` returns a promise',
    );
  });
});

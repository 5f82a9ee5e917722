import { readdirSync, readFileSync } from 'node:fs';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { damaged, seeded, strange } from '../support/damage.js';
import { allRules, lint, sourceOf } from '../support/lint.js';
import { allBlocks } from '../support/pages.js';
import type { Source } from '../support/project.js';

/** Every rule, each with everything that it can report. */
const strict = Object.fromEntries(
  Object.keys(allRules()).map((rule) => [rule, ['error', { checkUnknown: true }] as ['error', object]]),
);

const MANY = 4_000;
const DEEP = 300;

function times(count: number, text: (at: number) => string, between = '\n'): string {
  return Array.from({ length: count }, (_, at) => text(at)).join(between);
}

function nested(depth: number, before: string, inner: string, after: string): string {
  return before.repeat(depth) + inner + after.repeat(depth);
}

/** The plugin's own code. */
function ownSources(): Source[] {
  const folder = new URL('../../src/', import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({ name: `src/${name}`, text: readFileSync(new URL(name, folder), 'utf8') }));
}

/** Code that starts one thing of each kind. */
const starts =
  "setInterval(tick, 1); setTimeout(tick, 1); window.addEventListener('a', () => {}); fetch('/a'); new Worker('a'); new AbortController(); mutex.acquire(); stream.getReader(); Promise.race([work(), other()]); new Promise((resolve) => { if (on) resolve(); });";

/** A chunk of what bundlers write, with everything that rules look for. */
const minified = (at: number): string =>
  `function a${at}(e,t){var n=setInterval(function(){e.b(t)},${at});window.addEventListener("a",function(){clearInterval(n)});try{return fetch(t,{signal:e.signal}).then(function(r){return r.json()})}finally{e.c&&e.c.d(n),t?e(t):n||(n=0)}}`;

const files: Record<string, string> = {
  'one line of a megabyte': times(Math.ceil(1_000_000 / minified(1_000).length), minified, ';'),
  'thousands of listeners in one function': `class A { run() {\n${times(MANY, (at) => `window.addEventListener('a${at}', this.on${at});`)} } stop() {} }`,
  'thousands of listeners that are removed': `class A { run() {\n${times(MANY, (at) => `window.addEventListener('a${at}', this.on${at});`)} } stop() {\n${times(MANY, (at) => `window.removeEventListener('a${at}', this.on${at});`)} } }`,
  'thousands of listeners of one event': `function f() {\n${times(MANY, (at) => `process.on('a', () => work(${at}));`)} }`,
  'thousands of timers': `class A { run() {\n${times(MANY, (at) => `this.a${at} = setInterval(tick, 1);`)} } stop() {\n${times(MANY, (at) => `clearInterval(this.a${at});`)} } }`,
  'thousands of timers under one name': `function f() { let a;\n${times(1_000, () => 'a = setInterval(tick, 1);')}\nclearInterval(a) }`,
  'hundreds of locks': `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function f() {\n${times(300, (at) => `const release${at} = await mutex.acquire(); work(); release${at}();`)} }`,
  'thousands of promises': `async function f() {\n${times(MANY, (at) => `fetch('/${at}'); work${at}().then(done);`)} }`,
  'thousands of controllers': `function f() {\n${times(MANY, (at) => `const a${at} = new AbortController(); fetch('/', { signal: a${at}.signal });`)} }`,
  // Deeper than this the parser runs out of stack.
  'thousands of functions, a hundred deep': times(20, (at) => nested(100, `function f${at}() {`, starts, '}')),
  'thousands of functions that call the next':
    times(2_000, (at) => `async function f${at}() { await f${at + 1}(); }`) + starts,
  'thousands of functions that call each other': times(
    2_000,
    (at) => `const f${at} = () => { f${(at + 1) % 2_000}(); setTimeout(f${at}, 1); };`,
  ),
  'hundreds of names for one value': `const a0 = navigator.locks;\n${times(DEEP, (at) => `const a${at + 1} = a${at};`)}\na300.request('a', work);`,
  'thousands of imports': times(10_000, (at) => `import { a${at} } from 'module-${at}';`) + starts,
  'thousands of classes': times(
    2_000,
    (at) => `class A${at} extends A${at + 1} { a = setInterval(tick, 1); run() { this.b = new Worker('a'); } }`,
  ),
  'a class with thousands of methods': `class A { ${times(2_000, (at) => `m${at}() { this.m${at + 1}(); this.a${at} = setInterval(tick, 1); }`)} stop() { this.m0(); } }`,
  'thousands of cases': `function f(a) { const handle = setInterval(tick, 1); switch (a) { ${times(2_000, (at) => `case ${at}: clearInterval(handle); break;`)} } }`,
  'hundreds of arms of an if': `function f(a) { const handle = setInterval(tick, 1); ${times(DEEP, (at) => `if (a === ${at}) { clearInterval(handle); return ${at}; }`, ' else ')} }`,
  'hundreds of calls in a chain': `const a = work()${times(200, (at) => `.then((a) => a + ${at})`, '')};${starts}`,
  'hundreds of operands': `const a = ${times(DEEP, (at) => `a${at}`, ' + ')};${starts}`,
  'thousands of `await` in a `try`': `async function f() { const a = setInterval(tick, 1); try {\n${times(2_000, (at) => `await work(${at});`)} } finally { ${times(50, (at) => `if (on) work(${at});`)} clearInterval(a); } }`,
  'thousands of settlers': `new Promise((resolve, reject) => {\n${times(1_000, (at) => `if (a${at}) resolve(${at}); else reject(${at});`)} });`,
  'deep calls': `${nested(DEEP, 'work(', 'setInterval(tick, 1)', ')')};${starts}`,
  'deep callbacks': nested(150, 'work(() => { ', starts, ' })'),
  'deep promises': nested(150, 'new Promise((resolve, reject) => { ', starts, ' })'),
  'deep arrays': `const a = ${nested(DEEP, '[', 'setInterval(tick, 1)', ']')};${starts}`,
  'deep objects': `const a = ${nested(DEEP, '{ a: ', 'setInterval(tick, 1)', '}')};${starts}`,
  'deep conditions': `const a = ${nested(DEEP, 'b ? (', 'setInterval(tick, 1)', ') : c')};${starts}`,
  'deep awaits': `async function f() { ${nested(DEEP, 'await (', 'fetch(a)', ')')} }`,
  'deep blocks': `function f() { ${nested(DEEP, '{ ', `const a = setInterval(tick, 1); if (on) return; clearInterval(a); ${starts}`, ' }')} }`,
  'deep ifs': `function f() { ${nested(DEEP, 'if (on) { ', `const a = setInterval(tick, 1); if (on) return; clearInterval(a); ${starts}`, ' } else { work() }')} }`,
  'deep members': `const a = setInterval(tick, 1)${'.a'.repeat(DEEP)}; a${'.a'.repeat(DEEP)}.addEventListener('a', onA);${starts}`,
  'deep classes': nested(100, 'class A { a = ', 'setInterval(tick, 1)', '; stop() {} }').replaceAll(
    '= class A',
    '= class',
  ),
  'deep loops': `async function f() { ${nested(30, 'while (on) { ', `const a = setInterval(tick, 1); await work(); clearInterval(a); ${starts}`, ' }')} }`,
  'deep loops of each kind': `async function f() { ${nested(8, 'for (const a of b) { for (;;) { do { for await (const c of d) { ', `const e = new Worker('a'); if (on) continue; await work(); e.terminate(); ${starts}`, ' } } while (on); if (on) break; } }')} }`,
  'deep switches': `function f() { ${nested(60, 'switch (a) { case 1: work(); break; default: ', `const a = setInterval(tick, 1); if (on) return; clearInterval(a); ${starts}`, ' }')} }`,
  'deep try and catch': `async function f() { ${nested(60, 'try { await work(); ', `const a = new Worker('a'); await work(); a.terminate(); ${starts}`, ' } catch { await other(); }')} }`,
  // ESLint itself takes minutes where more than fifteen are nested.
  'deep try and finally': `async function f() { ${nested(9, 'try { await work(); ', `const a = new Worker('a'); await work(); a.terminate(); ${starts}`, ' } finally { await other(); }')} }`,
  'deep types': `function f(a: ${nested(DEEP, 'Promise<', 'void', '>')}, b: ${nested(DEEP, '{ a: ', 'AbortSignal', ' }')}) { a; b; ${starts} }`,
  'a type that holds itself': `interface A { a: A; b(): A; c: Promise<A>[]; signal?: AbortSignal } type B = B[] | { b: B }; function f(a: A, b: B) { a.b().b().a.c; b; a.b(); ${starts} }`,
  'classes that extend each other': `class A extends B {} class B extends A {} class C extends C {} function f() { new A().on('a', onA); new C().addEventListener('a', onA); ${starts} }`,
  'names that stand for themselves': `const a = a, b = c, c = b, { d } = d; var e = e; a(); b.then(c); d.addEventListener('a', e); clearInterval(a); ${starts}`,
  'records that hold themselves and each other': `class A { run() { const worker = new Worker('a'); var a = { worker, a: a, b: b }, b = { a: a, b: b }; } stop() {} } ${starts}`,
  'names that every object has': `toString.call(1); constructor.on('a', onA); valueOf(); hasOwnProperty('a'); new toString(); const { constructor: a, __proto__: b } = toString; a.addEventListener('a', b); class A { constructor() { this.constructor(); this.toString = setInterval(tick, 1); this.__proto__ = new Worker('a'); } toString() {} } import { toString as c, constructor as d, default as e } from 'constructor'; c(); new d(); e.toString(); function f(g: toString, h: constructor) { g.on('a', h); g(); } ${starts}`,
  nothing: '',
  'a comment': '/* setInterval */',
  'a hashbang': `#!/usr/bin/env node\n${starts}`,
  'a byte order mark': `\uFEFF${starts}`,
  'names in other scripts':
    "const таймер = setInterval(tick, 1); class Опрос { #ünïcode = setInterval(tick, 1); close() {} } addEventListener('\u{1F600}', () => {});",
};

/** Values that are made of themselves, as half-written code and names of one thing for another have them; `X` is the name. */
const ofItself = [
  'debounce(X)',
  'X',
  'X.bind(null)',
  'X.part',
  'X()',
  '{ a: X }.a',
  '[X][0]',
  'X || X',
  'X ? X : X',
  'new X()',
  'X.then(X)',
  'X.catch(X)',
  'Promise.all([X])',
  'X.map(X)',
  '[...X]',
  '{ ...X }',
  'setInterval(X, 10)',
  'setTimeout(X, 1000)',
  '() => X()',
  'async () => { await X(); }',
  'new Promise((resolve) => X(resolve))',
  "X.on('a', X)",
  'X.signal',
  'AbortSignal.any([X])',
  'fetch(X, { signal: X })',
  'useCallback(X)',
  'useState(X)',
  'Object.assign(X, { a: X })',
  '(X = X)',
  'class extends X { close() { super.close(); } }',
  'X.pipe(X)',
  '{ get a() { return X; }, close() { X.close(); } }',
];
const uses = [
  'setInterval(X, 10);',
  'X();',
  'const timer = setInterval(() => X(), 5); X.push(timer); clearInterval(X);',
  "addEventListener('a', X); removeEventListener('a', X);",
  "X.on('a', X.b); X.off('a', X.b);",
  'for (;;) { await X; }',
  'await Promise.race([X, X()]);',
  'const release = await X.acquire(); release();',
  'for await (const a of X) { if (a) break; }',
  'const abort = new AbortController(); fetch(X, { signal: abort.signal }); X.a = abort;',
  "await new Promise((resolve, reject) => { X(resolve); X.once('end', reject); X.a = resolve; });",
  'await Promise.all(X.map((one) => X(one)));',
  'X.a = X; return X;',
];
const around: Record<string, (value: string, use: string) => string> = {
  'a field': (value, use) =>
    `class A { x = ${value.replaceAll('X', 'this.x')}; async run(signal) { ${use.replaceAll('X', 'this.x')} } close() { this.x(); clearInterval(this.x); this.x.close(); } }`,
  'two fields': (value, use) =>
    `class A { constructor() { this.x = ${value.replaceAll('X', 'this.y')}; this.y = this.x; } async run(signal) { ${use.replaceAll('X', 'this.y')} } dispose() { this.y(); } }`,
  'a variable': (value, use) =>
    `export async function make(signal) { let x = ${value.replaceAll('X', 'x')}; x = ${value.replaceAll('X', 'x')}; ${use.replaceAll('X', 'x')} }`,
  'two constants': (value, use) =>
    `const x = ${value.replaceAll('X', 'y')}; const y = ${value.replaceAll('X', 'x')}; export async function go(signal) { ${use.replaceAll('X', 'y')} }`,
  'a constant of an effect': (value, use) =>
    `export function useA() { const y = ${value.replaceAll('X', 'y')}; const z = y; useEffect(() => { (async () => { ${use.replaceAll('X', 'z')} })(); return () => y(); }, []); }`,
};

describe('all rules', () => {
  it.each(Object.entries(files))(
    'come to an end with %s',
    (name, text) => {
      const messages = lint({ name: 'torture.ts', text }, strict);
      expect(
        messages.filter(({ fatal }) => fatal),
        name,
      ).toEqual([]);
    },
    300_000,
  );

  it('find what they should in a long function', () => {
    const found = lint(
      { name: 'torture.ts', text: files['thousands of listeners in one function']! },
      { 'async-leaks/no-leaked-listeners': 'error' },
    );
    expect(found).toHaveLength(MANY);
  }, 300_000);

  it('come to an end with code that was damaged', () => {
    const below = seeded(1);
    const sources = [
      ...allBlocks()
        .filter(({ kind }) => kind === 'bad')
        .map((block) => sourceOf(block)),
      ...ownSources(),
    ];
    let parsed = 0;
    for (const source of sources) {
      // `lint` throws when a rule does.
      for (const result of damaged(source, below)) if (!lint(result, strict).some(({ fatal }) => fatal)) parsed += 1;
    }
    expect(parsed).toBeGreaterThan(sources.length);
  }, 300_000);

  it('come to an end with names and calls as few write them', () => {
    const sources = allBlocks().map((block) => sourceOf(block));
    // `lint` throws when a rule does.
    const results = sources.flatMap(strange).map((source) => lint(source, strict));
    expect(results.filter((messages) => !messages.some(({ fatal }) => fatal)).length).toBeGreaterThan(
      2 * sources.length,
    );
  }, 300_000);

  it.each(Object.entries(around))('come to an end with %s that is made of itself', (name, program) => {
    const texts = ofItself.flatMap((value) => uses.map((use) => program(value, use)));
    // `lint` throws when a rule does.
    const messages = texts.flatMap((text) => lint({ name: 'torture.ts', text }, strict));
    expect(
      messages.filter(({ fatal }) => fatal),
      name,
    ).toEqual([]);
    expect(messages.length).toBeGreaterThan(100);
  });

  it('find the same in another order', () => {
    const sources = [...allBlocks().map((block) => sourceOf(block)), ...ownSources()];
    const inOrder = sources.map((source) => lint(source, strict));
    expect(inOrder.flat().length).toBeGreaterThan(200);
    expect(
      sources
        .toReversed()
        .map((source) => lint(source, strict))
        .reverse(),
    ).toEqual(inOrder);
  }, 300_000);

  it('ignore trees of other languages', () => {
    const language = {
      fileType: 'text',
      lineStart: 1 as const,
      columnStart: 0 as const,
      nodeTypeKey: 'type',
      visitorKeys: { StyleSheet: ['children'], Rule: [] },
      validateLanguageOptions: () => {},
      parse: () => ({ ok: true as const, ast: { type: 'StyleSheet', children: [{ type: 'Rule' }] } }),
      createSourceCode: ({ text }: { text: unknown }, { ast }: { ast: { type: string; children: object[] } }) => ({
        text,
        ast,
        visitorKeys: { StyleSheet: ['children'], Rule: [] },
        getLoc: () => ({ start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }),
        getRange: () => [0, 0],
        *traverse() {
          yield { kind: 1, target: ast, phase: 1, args: [ast] };
          yield { kind: 1, target: ast, phase: 2, args: [ast] };
        },
      }),
    };
    const text = "a { b: setInterval(); c: addEventListener(); d: fetch('e'); }";
    const config = {
      files: ['**/*.css'],
      plugins: { css: { languages: { css: language } }, 'async-leaks': plugin },
      language: 'css/css',
      rules: strict,
    };
    expect(new Linter().verify(text, config as unknown as Linter.Config, 'a.css')).toEqual([]);
  });
});

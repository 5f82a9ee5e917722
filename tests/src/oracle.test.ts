import { describe, expect, it } from 'vitest';

import { RESOURCES } from '../../src/catalog/index.js';
import type { Oracle } from '../../src/types/answer.js';
import { TypedOracle, hasTypes } from '../../src/types/services.js';
import { SyntacticOracle } from '../../src/types/syntactic.js';
import { Values } from '../../src/syntax/values.js';
import { type Answer } from '../../src/syntax/value.js';
import { indexOf, type Node, type SourceCode } from '../../src/syntax/walk.js';
import { pageNames, parsePage, readPage } from '../support/pages.js';
import { createProject } from '../support/project.js';
import { nodesOf, probed, treeOf } from './support.js';

interface Row {
  readonly code: string;
  readonly typed: Answer;
  readonly untyped: Answer;
}

/** A line is `typed untyped code`; the question is about the argument of `probe`. */
function rows(lines: string): Row[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [, typed, untyped, code] = /^(\S+) +(\S+) +(.*)$/.exec(line) as unknown as [string, Answer, Answer, string];
      return { code, typed, untyped };
    });
}

const promises = rows(`
yes yes     probe(fetch('/'))
yes yes     probe(Promise.resolve(1))
yes yes     probe(new Promise(() => {}))
yes yes     probe(Promise.all([]))
yes yes     probe(fetch('/').then(() => {}))
yes yes     probe(fetch('/').catch(() => {}).finally(() => {}))
yes yes     const load = async () => 1; probe(load())
yes yes     async function load() {} probe(load())
yes yes     function load(): Promise<void> { return null! } probe(load())
yes yes     declare function load(): Promise<void>; probe(load())
yes yes     function load() { return fetch('/') } probe(load())
yes yes     class A { async load() {} run() { probe(this.load()) } }
yes yes     class A { async load() {} } const a = new A(); probe(a.load())
yes yes     function f(promise: Promise<void>) { probe(promise) }
yes yes     function f(promise: Promise<void> | undefined) { probe(promise) }
yes yes     function f(promise?: Promise<void>) { probe(promise) }
yes yes     const promise = fetch('/'); probe(promise)
yes yes     const a = { async load() {} }; probe(a.load())
yes yes     interface A { load(): Promise<void> } function f(a: A) { probe(a.load()) }
yes yes     interface A { load(): Promise<void> } function f(all: readonly A[]) { for (const a of all) probe(a.load()) }
yes yes     interface A { load(): Promise<void> } function f(all: Set<A>) { for (const a of all) probe(a.load()) }
yes yes     interface A { load(): Promise<void> } function f(all: A[]) { probe(all.filter(Boolean)[0]!.load()) }
yes yes     interface A { load(): Promise<void> } class B { #all = new Map<string, A>(); run() { probe(this.#all.get('a')!.load()) } }
yes yes     interface A { load(): Promise<void> } function f(all: ReadonlyMap<string, A>) { for (const a of all.values()) probe(a.load()) }
yes yes     class A { async load() {} } const all = [new A(), new A()]; all.map((a) => probe(a.load()))
no  no      interface A { load(): void } function f(all: readonly A[]) { for (const a of all) probe(a.load()) }
no  no      interface A { postMessage(value: string): void } const a: A = self; probe(a.postMessage('a'))
yes yes     interface A { saveAll(): Promise<void> } function f(a: A) { probe(a.saveAll()) }
yes yes     const a = { saveAll: async () => {} }; probe(a.saveAll())
yes yes     class A { #saveAll = async () => {}; run() { probe(this.#saveAll()) } }
yes yes     class A { constructor(private saveAll: () => Promise<void>) {} run() { probe(this.saveAll()) } }
yes yes     class A { saveAll; constructor() { this.saveAll = async () => {}; } run() { probe(this.saveAll()) } }
yes yes     import { readFile } from 'node:fs/promises'; probe(readFile('a'))
yes yes     import { promises } from 'fs'; probe(promises.readFile('a'))
yes yes     import fs from 'node:fs'; probe(fs.promises.readFile('a'))
yes yes     import { setTimeout } from 'node:timers/promises'; probe(setTimeout(1))
yes yes     import { once } from 'node:events'; probe(once(process, 'exit'))
yes yes     const on: boolean = null!; probe(on ? fetch('/') : null)
yes yes     async function f() { probe((await fetch('/')).json()) }
yes yes     probe(import('node:fs'))
yes yes     class A extends Promise<void> {} probe(new A(() => {}))
yes yes     function f(a: Readonly<Promise<void>>) { probe(a) }
yes yes     import { Mutex } from 'async-mutex'; const mutex = new Mutex(); probe(mutex.acquire())
no  no      probe(1)
no  no      probe('a')
no  no      probe([])
no  no      probe({})
no  no      probe(new Map())
no  no      probe(() => fetch('/'))
no  no      function f() {} probe(f())
no  no      function f(): void {} probe(f())
no maybe    async function f() { probe(await fetch('/')) }
no maybe    async function f() { const text = await fetch('/'); probe(text) }
no  no      class A { load(): void {} run() { probe(this.load()) } }
no maybe    async function* f() {} probe(f())
no  no      const a = { load() {} }; probe(a.load())
no maybe    setInterval(() => {}, 1); probe(setInterval(() => {}, 1))
no  maybe   function f(a: string) { return a } probe(f('a'))
no  maybe   probe([1].map((a) => a)[0])
no no       declare const a: { b: string }; probe(a.b)
yes yes     declare const a: { b: Promise<string> }; const { b } = a; probe(b)
maybe maybe function f(a: any) { probe(a) }
maybe maybe function f(a: unknown) { probe(a) }
maybe maybe function f(a: any) { probe(a.load()) }
yes maybe   declare function load(): void; declare function load(a: string): Promise<void>; probe(load('a'))
no  maybe   declare function load(): void; declare function load(a: string): Promise<void>; probe(load())
yes yes     declare function load(a: string): Promise<void>; declare function load(a: number): Promise<void>; probe(load(1))
yes maybe   declare function work<T>(run: () => T): T; probe(work(() => fetch('/')))
no  maybe   declare function work<T>(run: () => T): T; probe(work(() => 1))
yes yes     interface A { load(): Promise<void> } function f(a?: A) { probe(a?.load()) }
no  maybe   async function f() { async function load() { return 'a' } probe(await load()) }
`);

const arrays = rows(`
yes yes     probe([fetch('/')])
yes yes     probe(['/'].map((url) => fetch(url)))
yes yes     probe(['/'].map(async (url) => url))
yes yes     function f(a: Promise<void>[]) { probe(a) }
yes yes     function f(a: readonly Promise<void>[]) { probe(a) }
yes yes     function f(a: Array<Promise<void>>) { probe(a) }
yes yes     function f(a: [Promise<void>, string]) { probe(a) }
yes yes     const a = [fetch('/'), 1]; probe(a)
no  no      probe([1, 2])
no  no      probe(fetch('/'))
no  no      probe('a')
no  no      probe(new Map())
maybe maybe function f(a: any) { probe(a) }
yes maybe   async function f() { async function load() { return [fetch('/')] } probe(await load()) }
no  maybe   async function f() { async function load() { return [1] } probe(await load()) }
yes yes     declare const a: { load(): Promise<Promise<void>[]> } | undefined; async function f() { probe(await a?.load()) }
`);

const functions = rows(`
yes yes     probe(() => {})
yes yes     probe(function () {})
yes yes     function f() {} probe(f)
yes yes     const f = () => {}; probe(f)
yes yes     function f() {} probe(f.bind(null))
yes yes     function g(f: () => void) { probe(f) }
yes yes     class A { f() {} run() { probe(this.f) } }
yes maybe   probe(fetch)
no  no      probe('a')
no  no      probe({})
no  no      probe(new Map())
no  no      probe(1)
no  yes     function g(f?: () => void) { probe(f) }
no  yes     function g(f: (() => void) | null) { probe(f) }
maybe maybe function g(f: any) { probe(f) }
`);

/** The question of each row is `is`, of the type before the code. */
const types = rows(`
yes yes     EventTarget: probe(window)
yes yes     EventTarget: probe(document)
yes yes     EventTarget: probe(document.body)
yes yes     EventTarget: probe(document.createElement('a'))
yes yes     EventTarget: probe(new AbortController().signal)
yes yes     EventTarget: probe(new WebSocket('a'))
yes yes     EventTarget: probe(new EventTarget())
yes yes     EventTarget: class A extends EventTarget { run() { probe(this) } }
yes yes     EventTarget: class A extends HTMLElement { run() { probe(this) } }
yes yes     EventTarget: function f(a: HTMLButtonElement) { probe(a) }
yes yes     EventTarget: function f(a: HTMLElement | null) { probe(a) }
yes yes     EventTarget: function f(a?: Window) { probe(a!) }
yes yes     EventTarget: class A { constructor(private a: Window) {} run() { probe(this.a) } }
yes yes     EventTarget: class A { a: Window = null!; run() { probe(this.a) } }
yes yes     EventTarget: probe(matchMedia('a'))
yes yes     EventTarget: probe(document.querySelector('a'))
no  no      EventTarget: probe(process)
no  no      EventTarget: probe(new Map())
no  no      EventTarget: class A { run() { probe(this) } }
no  no      EventTarget: probe('a')
maybe maybe EventTarget: function f(a: any) { probe(a) }
maybe maybe EventTarget: function f(a) { probe(a) }
yes yes     AbortSignal: function f(signal: AbortSignal) { probe(signal) }
yes yes     AbortSignal: function f(signal?: AbortSignal) { probe(signal) }
yes yes     AbortSignal: probe(AbortSignal.timeout(1))
yes yes     AbortSignal: probe(AbortSignal.any([]))
yes yes     AbortSignal: function f({ signal }: { signal: AbortSignal }) { probe(signal) }
no maybe    AbortSignal: probe(new AbortController())
yes yes     node:events.EventEmitter: probe(process)
yes yes     node:events.EventEmitter: probe(process.stdin)
yes yes     node:events.EventEmitter: import { EventEmitter } from 'node:events'; probe(new EventEmitter())
yes yes     node:events.EventEmitter: import EventEmitter from 'events'; probe(new EventEmitter())
yes yes     node:events.EventEmitter: import { EventEmitter } from 'events'; class A extends EventEmitter { run() { probe(this) } }
yes yes     node:events.EventEmitter: import { EventEmitter } from 'events'; function f(a: EventEmitter) { probe(a) }
yes yes     node:events.EventEmitter: import type { Readable } from 'node:stream'; function f(a: Readable) { probe(a) }
yes yes     node:events.EventEmitter: import { createServer } from 'node:http'; probe(createServer())
yes yes     node:events.EventEmitter: import net from 'node:net'; const socket = net.connect(1); probe(socket)
yes yes     node:events.EventEmitter: import { spawn } from 'node:child_process'; probe(spawn('a').stdout)
no  no      node:events.EventEmitter: probe(window)
no  no      node:events.EventEmitter: probe(new Map())
yes yes     async-mutex.Mutex: import { Mutex } from 'async-mutex'; probe(new Mutex())
yes yes     async-mutex.Mutex: import { Mutex } from 'async-mutex'; const a = new Mutex(); probe(a)
yes yes     async-mutex.Mutex: import * as locks from 'async-mutex'; probe(new locks.Mutex())
yes yes     async-mutex.Mutex: import type { Mutex } from 'async-mutex'; function f(a: Mutex) { probe(a) }
yes yes     async-mutex.Mutex: import { Mutex } from 'async-mutex'; class A { #a = new Mutex(); run() { probe(this.#a) } }
no maybe    async-mutex.Mutex: import { Semaphore } from 'async-mutex'; probe(new Semaphore(1))
no  no      async-mutex.Mutex: class Mutex {} probe(new Mutex())
yes yes     ReadableStream: async function f() { probe((await fetch('/')).body!) }
yes yes     ReadableStream: function f(a: Response) { probe(a.body) }
yes yes     ReadableStream: probe(new Blob().stream())
no maybe    ReadableStream: probe(new WritableStream())
`).map((row) => {
  const [, type, code] = /^(\S+): (.*)$/.exec(row.code) as unknown as [string, string, string];
  return { ...row, type, code };
});

interface Both {
  readonly sourceCode: SourceCode;
  readonly typed: Oracle;
  readonly untyped: Oracle;
}

/** Both oracles over the same tree, so that they are asked about the same node. */
function oracles(name: string, text: string, program: ReturnType<typeof createProject>): Both {
  const sourceCode = treeOf(text, name, program);
  const { declared } = indexOf(sourceCode);
  const syntactic = (): SyntacticOracle =>
    new SyntacticOracle(new Values(sourceCode), sourceCode, (name) => declared.has(name));
  const services = sourceCode.parserServices;
  if (!hasTypes(services)) throw new Error(`${name} has no types`);
  return { sourceCode, untyped: syntactic(), typed: new TypedOracle(services, syntactic()) };
}

const codes = [...promises, ...arrays, ...functions, ...types].map(({ code }) => code);
const sources = codes.map((code, at) => ({
  name: `oracle/${at}.ts`,
  text: `declare function probe(...all: unknown[]): void; ${code}`,
}));
const program = createProject(sources);

function answers(code: string, ask: (oracle: Oracle, node: Node) => Answer): { typed: Answer; untyped: Answer } {
  const { name, text } = sources[codes.indexOf(code)]!;
  const { sourceCode, typed, untyped } = oracles(name, text, program);
  const node = probed(sourceCode).at(-1)!;
  return { typed: ask(typed, node), untyped: ask(untyped, node) };
}

describe('oracles', () => {
  it.each(promises)('say whether it is a promise: $typed and $untyped for `$code`', ({ code, typed, untyped }) => {
    expect(answers(code, (oracle, node) => oracle.isPromise(node))).toEqual({ typed, untyped });
  });

  it.each(arrays)(
    'say whether there is a promise in it: $typed and $untyped for `$code`',
    ({ code, typed, untyped }) => {
      expect(answers(code, (oracle, node) => oracle.isPromiseArray(node))).toEqual({ typed, untyped });
    },
  );

  it.each(functions)('say whether it is a function: $typed and $untyped for `$code`', ({ code, typed, untyped }) => {
    expect(answers(code, (oracle, node) => oracle.isFunction(node))).toEqual({ typed, untyped });
  });

  it.each(types)('say whether it is a $type: $typed and $untyped for `$code`', ({ code, type, typed, untyped }) => {
    expect(answers(code, (oracle, node) => oracle.is(node, type))).toEqual({ typed, untyped });
  });

  it('never contradict each other in these tables', () => {
    // Without types, nobody sees that a function may be missing.
    for (const { code, typed, untyped } of [...promises, ...arrays, ...types])
      expect(`${typed} ${untyped}`, code).not.toMatch(/^(?:yes no|no yes)$/);
  });
});

const asked = [...new Set(RESOURCES.flatMap(({ where = {} }) => Object.values(where).flat()))].filter(
  (type) => type !== '*',
);
const isAsked = /^(?:AwaitExpression|CallExpression|Identifier|MemberExpression|NewExpression|ThisExpression)$/;

describe.each(pageNames())('oracles in the blocks of %s', (page) => {
  it('never contradict each other', () => {
    const blocks = parsePage(page, readPage(page)).filter(({ kind }) => kind !== 'after');
    const files = blocks.map(({ rule, line, language, text }) => ({
      name: `oracle/${rule}/${line}.${language}`,
      text,
    }));
    const types = createProject(files);
    const contradictions = files.flatMap(({ name, text }) => {
      const both = oracles(name, text, types);
      return nodesOf(both.sourceCode)
        .filter((node) => isAsked.test(node.type) && !isPropertyName(node))
        .flatMap((node) =>
          contradictionsAt(node, both).map(
            (what) =>
              `${name}:${node.loc.start.line} \`${both.sourceCode.getText(node as never).slice(0, 60)}\` ${what}`,
          ),
        );
    });
    expect(contradictions).toEqual([]);
  });
});

function isPropertyName(node: Node): boolean {
  const { parent } = node;
  return (
    (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
    (parent !== undefined && parent !== null && 'key' in parent && parent.key === node)
  );
}

function contradictionsAt(node: Node, { typed, untyped }: Both): string[] {
  const questions: [what: string, ask: (oracle: Oracle) => Answer][] = [
    ['is a promise', (oracle) => oracle.isPromise(node)],
    ...asked.map((type): [string, (oracle: Oracle) => Answer] => [`is a ${type}`, (oracle) => oracle.is(node, type)]),
  ];
  return questions.flatMap(([what, ask]) => {
    const guess = ask(untyped);
    const answer = guess === 'maybe' ? guess : ask(typed);
    return answer === guess || answer === 'maybe' ? [] : [`${what}: ${answer} with types, ${guess} without`];
  });
}

describe('a program with errors', () => {
  it('is answered where the checker throws: at a decorator of a private member', () => {
    const source = {
      name: 'oracle/decorated.ts',
      text: 'declare function probe(one: any): any; declare function Input<T>(options?: T): T; class A { @Input(probe(Input(1))) #value = 1; }',
    };
    const { sourceCode, typed } = oracles(source.name, source.text, createProject([source]));
    for (const node of nodesOf(sourceCode)) {
      if (node.type !== 'CallExpression') continue;
      expect(typed.signalPosition(node)).toBeNull();
      expect(typed.isPromise(node)).not.toBe('yes');
    }
  });
});

/**
 * Sources that together hold every node type. `start()` stands wherever an expression can stand, and the test puts
 * each of `starts` in its place.
 */
export const starts = [
  'setInterval(() => {}, 1000)',
  'setTimeout(tick, 1000)',
  "window.addEventListener('resize', () => {}, true)",
  'new AbortController()',
  'new Promise((resolve, reject) => {})',
  "fetch('/', { signal })",
  'mutex.acquire()',
  'stream.getReader()',
  'Promise.race([fetch(url), sleep(1)])',
  'Promise.all(urls.map((url) => fetch(url)))',
  "new Worker('worker.js')",
  '(async () => { while (true) await sleep(1) })()',
];

const modifier = 'a modifier is a flag of the node that it modifies';
/** What no parser makes today, with the reason. */
export const unseen: Record<string, string> = {
  TSAbstractKeyword: modifier,
  TSAsyncKeyword: modifier,
  TSDeclareKeyword: modifier,
  TSExportKeyword: modifier,
  TSPrivateKeyword: modifier,
  TSProtectedKeyword: modifier,
  TSPublicKeyword: modifier,
  TSReadonlyKeyword: modifier,
  TSStaticKeyword: modifier,
};

const javascript = `
import first, { second, 'third-name' as third } from './first.js' with { type: 'json' };
import * as everything from './everything.js';
import './effects.js';
export * from './all.js';
export * as named from './named.js';
export { second, third as 'fourth-name' };
export const exported = start();

debugger;
;
start();
start(), start();
let one = start(), two, three;
var { four = start(), five: [six, , ...seven], ['eight' + start()]: eight, ...nine } = start();
[one, two = start(), ...three.rest] = start();
({ one, two: three.two = start(), ...three.rest } = start());
one ??= start();
one ||= start();
one.two += start();
one.two.three = start();
one?.two?.[start()]?.(start());
(one?.two).three(...start());
one = two ? start() : start();
one = start() && start() || (start() ?? start());
one = [start(), , ...start()];
one = { start, two: start(), [start()]: start(), ...start(), get a() { return start(); }, set a(b) { start(); }, async *c() { yield start(); } };
one = \`\${start()} and \${start()}\`;
one = tag\`\${start()}\`;
one = /x/dgv.test(start());
one = 1n + 1 -start() * start() ** 2 + +start();
one = typeof start() in start() instanceof start();
one++;
delete one[start()];
void start();
one = new (start())(start());
one = import(start());
one = import(start(), { with: { type: start() } });
one = import.meta.url;
one = function* own() { const got = yield start(); yield* start(); return new.target; };
one = async function () { await start(); for await (const item of start()) await item; };
one = async (a = start(), { b = start() }, [c = start()], ...d) => await start();
one = (a) => start();
one = (a) => ({ a: start() });
one = (a) => void start();
await start();
await (await start()).one(start());

if (start()) start(); else if (one) { start(); } else start();
for (let i = start(); i < start(); i += start()) start();
for (;;) { start(); break; }
for (const key in start()) { start(); continue; }
for (one.key in start()) start();
for (const [a, { b = start() }] of start()) start();
for (one.item of start()) { if (start()) break; }
for await (const item of start()) start();
while (start()) start();
while (true) { await start(); if (one) break; }
do start(); while (start());
outer: for (;;) { inner: while (true) { if (one) continue outer; if (two) break inner; start(); break outer; } }
block: { start(); break block; }
switch (start()) { case start(): start(); break; case 2: { start(); } default: start(); }
switch (start()) {}
try { start(); } catch { start(); }
try { start(); } catch ({ message = start() }) { throw start(); } finally { start(); }
try { start(); } finally { await start(); }
{ const inner = start(); function hoisted() { return start(); } }

export default class Everything extends (start()) {
  static {
    start();
    this.made = start();
  }
  static made = start();
  #hidden = start();
  field = () => start();
  [start()] = start();
  static async *[Symbol.asyncIterator]() { yield start(); }
  constructor() { super(start()); this.#hidden = start(); this.field = start(); super.method(start()); }
  get value() { return #hidden in this ? this.#hidden : start(); }
  set value(value) { start(); }
  async method() { await start(); return this.#hidden(start()); }
  close() { this.#hidden?.close(); clearInterval(this.field); }
  [Symbol.dispose]() { start(); }
}
const Anonymous = class { method() { start(); } };
const Named = class Inner extends Anonymous { field = super.method(start()); };
async function declared(signal) { use(start()); return start(); }
function* generator() { try { yield start(); } finally { start(); } }
async function* streamed() { for await (const part of start()) yield part; return start(); }
function empty() {}
(function () { 'use strict'; start(); })();
(async () => { await start(); })();
`;

const jsx = `
const element = (
  <Page.Header xlink:href="a" on={start()} {...start()} plain child=<b />>
    text {start()} {/* nothing */} <></> <svg:path d={\`\${start()}\`} /> {...start()}
    <this.Child>{() => start()}</this.Child>
  </Page.Header>
);
function Component({ url }) {
  useEffect(() => { start(); return () => start(); }, [url]);
  useEffect(() => start());
  return <button onClick={async () => { await start(); }}>{url && start()}</button>;
}
`;

const typescript = `
using disposed = start();
await using disposedLater = start();
import assigned = require('./assigned.js');
import type { Shape } from './shape.js';
import { type Other } from './other.js';
import alias = Space.Inner;
export type { Shape };
declare module './ambient.js' { export const inside: number; }
declare global { interface Window { start: unknown } }
namespace Space.Inner { export const value = start(); start(); }
declare function declaredOnly(this: Window, a: string, b?: number, ...c: any[]): asserts a is string;
function overloaded(a: string): void;
function overloaded(a: unknown): a is string { return start() as never; }
const enum Numbers { One, Two = start(), 'three-name' = 3, Four = \`x\` }
declare enum Later { One }
abstract class Abstract<const in out T extends object = {}> extends Array<T> implements Shape, Other<T> {
  abstract accessor automatic: string;
  accessor automaticToo = start();
  static accessor shared = start();
  abstract field: string;
  abstract method(): void;
  declare readonly declared: number;
  override optional?: bigint = start();
  definite!: symbol;
  [index: string]: unknown;
  constructor(private readonly handle = start(), @Inject(start()) public other: object, protected third?: never) { super(); }
  method(): void;
  @decorated @decorated(start()) private async run<U>(@Inject() this_: this, a: U): Promise<void> { await start(); }
  @decorated(start()) private timer = start();
}
@decorated(start()) class Decorated { ngOnDestroy() { start(); } }
interface Everything2<T> extends Shape, Space.Other<T> {
  (a: string): void;
  new (a: string): Everything2<T>;
  method?(a: T): this;
  readonly property: unique symbol;
  get got(): string;
  set got(value: string);
  [key: \`a\${string}\`]: unknown;
}
type Types<T> =
  | [first: string, second?: number, ...rest: boolean[]]
  | [string, number?, ...null[]]
  | (T extends (infer U extends string)[] ? U : never)
  | { readonly [K in keyof T as K]?: T[K] }
  | (new (...args: unknown[]) => object)
  | (abstract new () => void)
  | ((this: void, a: any) => undefined)
  | typeof import('./x.js')
  | import('./x.js', { with: { 'resolution-mode': 'import' } }).Y<T>
  | typeof start<string>
  | \`\${Uppercase<string>}-x\`
  | -1 | 'a' | true | null | bigint | symbol | 3n
  | (Shape & Space.Other<T>);
type Own = intrinsic;
let asserted = <Shape>start();
asserted = start() as const;
asserted = start()! satisfies Shape;
(start() as Shape).field = start();
(<Shape>start())!.field = start();
const instantiated = generic<string>;
const typed = start<string, number>();
new Generic<string>(start());
for (const item of start() as Iterable<string>) start()!;
with (start()) { start(); }
export = start();
export as namespace Globally;
`;

export const everyNode = {
  'javascript.js': javascript,
  'javascript.ts': javascript,
  'javascript.jsx': javascript + jsx.replace(' {...start()}\n', '\n'),
  'javascript.tsx': javascript + jsx,
  'typescript.ts': typescript,
};

import { describe, expect, it } from 'vitest';

import { alsoUsed, type Fate, fateOf, fieldName } from '../../src/syntax/fate.js';
import { Values } from '../../src/syntax/values.js';
import { calleeName, nameOf } from '../../src/syntax/walk.js';
import { nodesOf, treeOf } from './support.js';

/** Code, and what becomes of the value of `start()`. */
const fates: [code: string, fate: string][] = [
  ['start();', 'dropped'],
  ['start(), other();', 'dropped'],
  ['other(), start();', 'dropped'],
  ['on && start();', 'dropped'],
  ['on ? start() : other();', 'dropped'],
  ['(start() as any)!;', 'dropped'],
  ['for (start(); ; ) {}', 'dropped'],
  ['for (; ; start()) {}', 'dropped'],
  ['void start();', 'voided'],
  ['await start();', 'awaited'],
  ['async () => { (await start()).a; }', 'awaited'],
  ['const handle = start();', 'local handle declared'],
  ['const handle = on ? start() : null;', 'local handle declared'],
  ['const handle = on && start();', 'local handle declared'],
  ['const handle = start() ?? other;', 'local handle declared'],
  ['const handle = start() || other;', 'local handle declared'],
  ['const handle = (other(), start());', 'local handle declared'],
  ['const handle = start()! as Handle;', 'local handle declared'],
  ['let handle; handle = start();', 'local handle'],
  ['let handle; handle ??= start();', 'local handle'],
  ['let handle; (handle as any) = start();', 'local handle'],
  ['unknown = start();', 'stored AssignmentExpression'],
  ['const { remove } = start();', 'destructured ObjectPattern'],
  ['const [value] = start();', 'destructured ArrayPattern'],
  ['let remove; ({ remove } = start());', 'destructured ObjectPattern'],
  ['class A { run() { this.handle = start(); } }', 'field handle'],
  ['class A { run() { this.#handle = start(); } #handle }', 'field #handle'],
  ["class A { run() { this['handle'] = start(); } }", 'field handle'],
  ['class A { run() { const self = this; self.handle = start(); } }', 'field handle'],
  ['class A { handle = start(); }', 'field handle'],
  ['class A { accessor handle = start(); }', 'field handle'],
  ['class A { run() { this.a.handle = start(); } }', 'stored MemberExpression'],
  ['class A { run() { this[key] = start(); } }', 'stored MemberExpression'],
  ['class A { [start()] = 1; }', 'tested'],
  ['const a = { run() { this.handle = start(); } };', 'field handle'],
  ['function f() { this.handle = start(); }', 'stored MemberExpression'],
  ['other.handle = start();', 'stored MemberExpression'],
  ['other[start()] = 1;', 'stored MemberExpression'],
  ['const a = { handle: start() };', 'stored Property'],
  ['const a = [start()];', 'stored ArrayExpression'],
  ['const a = [...start()];', 'stored ArrayExpression'],
  ['const a = { ...start() };', 'stored ObjectExpression'],
  ['const a = `${start()}`;', 'stored TemplateLiteral'],
  ['function f(a = start()) {}', 'stored AssignmentPattern'],
  ['const a = <b c={start()} />;', 'stored JSXExpressionContainer'],
  ['function f() { return start(); }', 'returned ReturnStatement'],
  ['const f = () => start();', 'returned ArrowFunctionExpression'],
  ['function f() { return on ? other : start(); }', 'returned ReturnStatement'],
  ['function* f() { yield start(); }', 'returned YieldExpression'],
  ['function* f() { yield* start(); }', 'iterated YieldExpression'],
  ['keep(start());', 'passed keep 0'],
  ['keep(1, start());', 'passed keep 1'],
  ['new Keeper(start());', 'passed Keeper 0'],
  ['keep(...start());', 'passed keep 0'],
  ['keep(on && start());', 'passed keep 0'],
  ['start().unref();', 'receiver unref called'],
  ['start()?.unref?.();', 'receiver unref called'],
  ['(start() as any).unref();', 'receiver unref called'],
  ['start().value;', 'receiver value'],
  ['keep(start().close);', 'receiver close'],
  ['start()[key]();', 'receiver null called'],
  ['start()();', 'called'],
  ['start()?.();', 'called'],
  ['new (start())();', 'called'],
  ['if (start()) {}', 'tested'],
  ['while (start()) {}', 'tested'],
  ['for (; start(); ) {}', 'tested'],
  ['const a = !start();', 'tested'],
  ['const a = typeof start();', 'tested'],
  ['const a = start() === 1;', 'tested'],
  ['const a = start() + 1;', 'tested'],
  ['const a = start() ? 1 : 2;', 'tested'],
  ['const a = start() && other;', 'tested'],
  ['switch (start()) {}', 'tested'],
  ['for (const a of start()) {}', 'iterated ForOfStatement'],
  ['async () => { for await (const a of start()) {} }', 'iterated ForOfStatement'],
  ['for (const a in start()) {}', 'tested'],
  ['{ using handle = start(); }', 'using handle'],
  ['async () => { await using handle = start(); }', 'using handle'],
  ['export default start();', 'exported'],
  ['export = start();', 'exported'],
  ['throw start();', 'thrown'],
  ['tag`${start()}`;', 'stored TemplateLiteral'],
];

function textOf(fate: Fate): string {
  switch (fate.kind) {
    case 'local':
      return `local ${fate.variable.name}${fate.declared ? ' declared' : ''}`;
    case 'using':
      return `using ${fate.variable?.name}`;
    case 'destructured':
      return `destructured ${fate.pattern.type}`;
    case 'field':
      return `field ${fieldName(fate.member)}`;
    case 'stored':
      return `stored ${fate.in.type}`;
    case 'returned':
      return `returned ${fate.node.type}`;
    case 'iterated':
      return `iterated ${fate.loop.type}`;
    case 'passed':
      return `passed ${calleeName(fate.call)} ${fate.index}`;
    case 'receiver':
      return `receiver ${nameOf(fate.member)}${fate.call ? ' called' : ''}`;
    default:
      return fate.kind;
  }
}

function startIn(code: string) {
  const sourceCode = treeOf(code, code.includes('/>') ? 'file.tsx' : 'file.ts');
  const start = nodesOf(sourceCode).find(
    (node) => node.type === 'CallExpression' && calleeName(node) === 'start' && node.callee.type === 'Identifier',
  );
  return { start: start!, values: new Values(sourceCode) };
}

describe('fateOf', () => {
  it.each(fates)('`%s`: %s', (code, fate) => {
    const { start, values } = startIn(code);
    expect(textOf(fateOf(start, values))).toBe(fate);
  });
});

describe('alsoUsed', () => {
  it.each([
    ['this.handle = start();', false],
    ['handle = start();', false],
    ['keep(handle = start());', true],
    ['() => { return (this.handle = start()); }', true],
    ['const a = (b = start());', true],
    ['const a = start();', false],
  ])('`%s`: %s', (code, answer) => {
    expect(alsoUsed(startIn(code).start)).toBe(answer);
  });
});

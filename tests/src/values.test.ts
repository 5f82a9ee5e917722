import { describe, expect, it } from 'vitest';

import { functionName } from '../../src/syntax/functions.js';
import { Values } from '../../src/syntax/values.js';
import { type Answer, moduleName, type Value } from '../../src/syntax/value.js';
import { isClass } from '../../src/syntax/walk.js';
import { probed, treeOf } from './support.js';

/** Code, and what the argument of `probe` stands for. */
const of: [code: string, value: string][] = [
  ['probe(fetch)', 'global fetch'],
  ['probe(window.document.body)', 'global document.body'],
  ['probe(globalThis.window.fetch)', 'global fetch'],
  ['probe(self[`x`])', 'unknown'],
  ["probe(navigator['locks'])", 'global navigator.locks'],
  ['probe(navigator[key])', 'unknown'],
  ['probe(list[0])', 'global list.0'],
  ['probe(undefined)', 'global undefined'],
  ['function fetch() {} probe(fetch)', 'variable fetch'],
  ['const window = frame(); probe(window.fetch)', 'variable window.fetch'],
  ["import { on } from 'node:events'; probe(on)", 'import node:events on'],
  ["import { on } from 'events'; probe(on)", 'import node:events on'],
  ["import { on as once } from 'events'; probe(once)", 'import node:events on'],
  ["import { 'a b' as c } from 'x'; probe(c)", 'import x a b'],
  ["import fs from 'fs'; probe(fs.promises.open)", 'import node:fs default.promises.open'],
  ["import * as fs from 'fs/promises'; probe(fs.open)", 'import node:fs/promises *.open'],
  ["import fs = require('fs'); probe(fs.open)", 'import node:fs *.open'],
  ['import alias = Space.Inner; probe(alias)', 'variable alias'],
  ["const fs = require('fs'); probe(fs.open)", 'import node:fs *.open'],
  ["const { open } = require('fs'); probe(open)", 'import node:fs *.open'],
  ["const { promises: { open } } = require('node:fs'); probe(open)", 'import node:fs *.promises.open'],
  ['const require = make(); const fs = require("fs"); probe(fs)', 'variable fs'],
  ['const fs = require(name); probe(fs)', 'variable fs'],
  ['const a = window; const b = a; probe(b.document)', 'global document'],
  ['const again = navigator.locks; probe(again)', 'global navigator.locks'],
  ['let again = navigator.locks; probe(again)', 'variable again'],
  ['var again = navigator.locks; probe(again)', 'variable again'],
  ['const { locks: { request } } = navigator; probe(request)', 'global navigator.locks.request'],
  ['const { locks = 1 } = navigator; probe(locks)', 'global navigator.locks'],
  ['const { ...rest } = navigator; probe(rest)', 'variable rest'],
  ['const [first] = list; probe(first)', 'variable first'],
  ['const { [key]: value } = navigator; probe(value)', 'variable value'],
  ['const made = make(); probe(made.part)', 'variable made.part'],
  ['const text = `a`; probe(text)', 'literal "a"'],
  ['const same = 1; probe(same)', 'literal 1'],
  ['const { length } = "abc"; probe(length)', 'variable length'],
  ['const fn = () => {}; probe(fn)', 'variable fn'],
  ['const options = { a: 1 }; probe(options.a)', 'variable options.a'],
  ['probe(`a${b}`)', 'unknown'],
  ['probe(!0)', 'literal true'],
  ['probe(!a)', 'unknown'],
  ['probe(-1)', 'unknown'],
  ['probe(null)', 'literal null'],
  ['probe(fn as Function)', 'global fn'],
  ['probe((fn!)!)', 'global fn'],
  ['probe((a?.b)!.c)', 'global a.b.c'],
  ['probe(<any>fn)', 'global fn'],
  ['probe(() => {})', 'fresh ArrowFunctionExpression'],
  ['probe(function () {})', 'fresh FunctionExpression'],
  ['probe(class {})', 'fresh ClassExpression'],
  ['probe({})', 'fresh ObjectExpression'],
  ['probe([])', 'fresh ArrayExpression'],
  ['probe(new Map())', 'fresh NewExpression'],
  ['probe(fn.bind(this))', 'fresh CallExpression'],
  ['probe(make())', 'unknown'],
  ['probe(await make())', 'unknown'],
  ['probe({}.a)', 'unknown'],
  ['probe(a ? b : c)', 'unknown'],
  ['const a = a; probe(a)', 'variable a'],
  ['const a = b; const b = a; probe(a)', 'variable b'],
  ['function f(parameter) { probe(parameter.a) }', 'variable parameter.a'],
  ['function f(options) { const { signal } = options ?? {}; probe(signal) }', 'variable options.signal'],
  ['function f(options) { const { signal } = options || { signal: other }; probe(signal) }', 'variable signal'],
  ['class Poller { run() { probe(this.timer) } }', 'this Poller.timer'],
  ['class Poller { run = () => probe(this.#timer); #timer }', 'this Poller.#timer'],
  ['class Poller { run() { list.forEach(() => probe(this.timer)) } }', 'this Poller.timer'],
  ['class Poller { run() { list.forEach(function () { probe(this.timer) }) } }', 'this ?.timer'],
  ['class Poller { static run() { probe(this.timer) } }', 'this ?.timer'],
  ['class Poller { static { probe(this.timer) } }', 'this ?.timer'],
  ['class Poller { constructor() { const self = this; probe(self.a.b) } }', 'this Poller.a.b'],
  ['class Poller { run() { const { timer } = this; probe(timer) } }', 'this Poller.timer'],
  ['class Poller { timer = probe(this) }', 'this Poller'],
  ['const poller = { run() { probe(this.timer) } }', 'this {}.timer'],
  ['const poller = { run: function () { probe(this.timer) } }', 'this {}.timer'],
  ['const poller = { run: () => probe(this.timer) }', 'this ?.timer'],
  ['function run() { probe(this.timer) }', 'this ?.timer'],
  ['probe(handle[Symbol.dispose])', 'global handle.[Symbol.dispose]'],
];

/** Code, and whether the two arguments of `probe` are the same value. */
const same: [code: string, answer: Answer][] = [
  ['probe(window, globalThis.window)', 'yes'],
  ['probe(document, window.document)', 'yes'],
  ['probe(document, process)', 'no'],
  ['probe(document.body, document.head)', 'no'],
  ['probe(document.body, process.body)', 'no'],
  ['let a; probe(a, a)', 'yes'],
  ['let a; probe(a.b, a.b)', 'yes'],
  ['let a; probe(a.b, a.c)', 'no'],
  ['let a; probe(a, a.b)', 'no'],
  ['let a, b; probe(a, b)', 'maybe'],
  ['let a; const b = a; probe(a, b)', 'yes'],
  ['function f(a, b) { probe(a, b) }', 'maybe'],
  ['function f(a) { { const a = 1; probe(a, 1) } }', 'yes'],
  // What a function was given was there before what it makes.
  ['function f(a) { probe(a, () => {}) }', 'no'],
  ['function f(a) { const g = () => {}; probe(g, a) }', 'no'],
  ['function f(a) { const g = () => {}; a = g; probe(g, a) }', 'maybe'],
  ['const g = () => {}; function f(a) { probe(g, a) }', 'maybe'],
  ['const a = draw.bind(this); const b = draw.bind(that); probe(a, b)', 'no'],
  // Whoever asks for what is there gets the same.
  ["import { Peg } from './peg'; probe(Peg.get(), Peg.get())", 'yes'],
  ["import { Peg } from './peg'; const a = Peg.get(); var b = Peg.get(); probe(a, b)", 'yes'],
  ["import { Peg } from './peg'; let a = Peg.get(); a = null; probe(a, Peg.get())", 'maybe'],
  ["import { Peg } from './peg'; probe(Peg.get(1), Peg.get(1))", 'maybe'],
  ["import { Peg } from './peg'; probe(Peg.make(), Peg.make())", 'maybe'],
  ['function f(pegs) { probe(pegs.get(), pegs.get()) }', 'maybe'],
  ['const a = make(), b = make(); probe(a, b)', 'maybe'],
  ['const a = new Map(), b = new Map(); probe(a, b)', 'no'],
  ['const a = {}, b = {}; probe(a, b)', 'no'],
  ['const a = new Map(), b = new Map(); probe(a.x, b.x)', 'maybe'],
  ['function a() {} function b() {} probe(a, b)', 'no'],
  ['class A {} class B {} probe(A, B)', 'no'],
  ['const a = () => {}, b = () => {}; probe(a, b)', 'no'],
  ['let a = () => {}, b = () => {}; probe(a, b)', 'maybe'],
  ['probe(() => {}, () => {})', 'no'],
  ['probe(a.bind(b), a.bind(b))', 'no'],
  ['probe({}, {})', 'no'],
  ['probe("a", "a")', 'yes'],
  ['probe("a", `a`)', 'yes'],
  ['probe("a", "b")', 'no'],
  ['probe(1, "1")', 'no'],
  ['probe(true, !0)', 'yes'],
  ['const type = "a"; probe(type, "a")', 'yes'],
  ['probe(make(), make())', 'maybe'],
  ['probe(list[at], list[at])', 'maybe'],
  ["import a from 'x'; import { default as b } from 'x'; probe(a, b)", 'yes'],
  ["import { a } from 'x'; import { b } from 'x'; probe(a, b)", 'maybe'],
  ["import { a } from 'x'; probe(a.b, a.c)", 'no'],
  ['class A { run() { probe(this.a, this.a) } }', 'yes'],
  ['class A { run() { probe(this.a, this.b) } }', 'no'],
  ['class A { run() { probe(this.a, other.a) } }', 'maybe'],
  ['class A { run() { probe(this.#a, this.a) } }', 'no'],
];

/** Code, and the dotted name of where the argument of `probe` comes from. */
const origins: [code: string, origin: string | null][] = [
  ['probe(setInterval)', 'setInterval'],
  ['probe(window.setInterval)', 'setInterval'],
  ['probe(navigator.geolocation.watchPosition)', 'navigator.geolocation.watchPosition'],
  ["import fs from 'fs'; probe(fs.watch)", 'node:fs.watch'],
  ["import * as fs from 'node:fs'; probe(fs.watch)", 'node:fs.watch'],
  ["import * as fs from 'node:fs'; probe(fs.default.watch)", 'node:fs.watch'],
  ["import { watch as look } from 'node:fs'; probe(look)", 'node:fs.watch'],
  ["import { promises } from 'fs'; probe(promises.watch)", 'node:fs.promises.watch'],
  ["import EventEmitter from 'events'; probe(EventEmitter)", 'node:events.default'],
  ["import * as events from 'events'; probe(events)", 'node:events.default'],
  ["import { Mutex } from 'async-mutex'; probe(Mutex)", 'async-mutex.Mutex'],
  ["import x from '@scope/pack/part'; probe(x.y)", '@scope/pack/part.y'],
  ["const { watch } = require('fs'); probe(watch)", 'node:fs.watch'],
  ['function setInterval() {} probe(setInterval)', null],
  ['function f(setInterval) { probe(setInterval) }', null],
  ['probe(this.x)', null],
  ['probe(make().x)', null],
];

/** Code, and the name of the function that the argument of `probe` stands for. */
const functions: [code: string, name: string | null][] = [
  ['function a() {} probe(a)', 'a'],
  ['probe(function a() {})', 'a'],
  ['const a = () => {}; probe(a)', 'a'],
  ['const a = () => {}; const b = a; probe(b)', 'a'],
  ['let a = () => {}; probe(a)', 'a'],
  ['let a = () => {}; a = null; probe(a)', null],
  ['let a; a = () => {}; probe(a)', null],
  ['const a = (() => {}) as Listener; probe(a)', 'a'],
  ['const a = make(() => {}); probe(a)', null],
  ['const a = useCallback(function b() {}, []); probe(a)', 'b'],
  ['const a = React.useCallback(function b() {}, []); probe(a)', 'b'],
  ['function a() {} probe(a.b)', null],
  ['function f(a) { probe(a) }', null],
  ['const a = {}; a.run = () => {}; probe(a.run)', 'run'],
  ['function f(a) { a.run = function () {}; probe(a.run) }', 'run'],
  ['const a = module.exports; a.run = () => {}; probe(a.run)', 'run'],
  ['exports.run = () => {}; probe(exports.run)', 'run'],
  ['const a = {}; a.run = () => {}; a.run = () => {}; probe(a.run)', null],
  ['let a = {}; a.run = () => {}; a = other; probe(a.run)', null],
  ['const a = {}; a.run ??= () => {}; probe(a.run)', null],
  ['if (f) exports.run = () => {}; probe(exports.run)', null],
  ['class A { run() {} go() { probe(this.run) } }', 'run'],
  ['class A { run = () => {}; go() { probe(this.run) } }', 'run'],
  ['class A { #run() {} go() { probe(this.#run) } }', '#run'],
  ['class A { static run() {} go() { probe(this.run) } }', null],
  ['class A { run() {} } probe(new A().run)', 'run'],
  ['class A { run() {} } const a = new A(); probe(a.run)', 'run'],
  ['class A { static run() {} } const a = new A(); probe(a.run)', null],
  ['class A { static run() {} } probe(A.run)', 'run'],
  ['class A { run() {} } probe(A.run)', null],
  ['const a = { run() {} }; probe(a.run)', 'run'],
  ['const a = { run: () => {} }; probe(a.run)', 'run'],
  ['function go() {} const a = { run: go }; probe(a.run)', 'go'],
  ['const a = { run() { probe(this.go) }, go() {} }', 'go'],
  ['probe(fetch)', null],
];

const valueOf = (value: Value): string => [rootOf(value), ...value.path].join('.');

function rootOf({ root }: Value): string {
  switch (root.kind) {
    case 'variable':
      return `variable ${root.variable.name}`;
    case 'import':
      return `import ${root.module} ${root.name}`;
    case 'global':
      return `global ${root.name}`;
    case 'this':
      return `this ${root.of ? (isClass(root.of) ? root.of.id?.name : '{}') : '?'}`;
    case 'literal':
      return `literal ${JSON.stringify(root.value)}`;
    case 'fresh':
      return `fresh ${root.node.type}`;
    default:
      return 'unknown';
  }
}

function ask<T>(code: string, question: (values: Values, ...nodes: ReturnType<typeof probed>) => T): T {
  const sourceCode = treeOf(code);
  return question(new Values(sourceCode), ...probed(sourceCode));
}

describe('values', () => {
  it.each(of)('of `%s`: %s', (code, value) => {
    expect(ask(code, (values, node) => valueOf(values.of(node)))).toBe(value);
  });

  it.each(same)('in `%s` are the same: %s', (code, answer) => {
    expect(ask(code, (values, one, other) => values.same(one, other))).toBe(answer);
    expect(ask(code, (values, one, other) => values.same(other, one))).toBe(answer);
  });

  it.each(origins)('in `%s` come from %s', (code, origin) => {
    expect(ask(code, (values, node) => values.origin(node))).toBe(origin);
  });

  it.each(functions)('in `%s` are the function %s', (code, name) => {
    const fn = ask(code, (values, node) => values.functionOf(node));
    expect(fn && functionName(fn)).toBe(name);
  });

  it.each([
    ['class A {} probe(A)', 'A'],
    ['const A = class B {}; probe(A)', 'B'],
    ['probe(class A {})', 'A'],
    ['class A {} const B = A; probe(B)', 'A'],
    ['class A {} probe(A.b)', null],
    ['probe(Map)', null],
    ['function f(A) { probe(A) }', null],
  ])('in `%s` are the class %s', (code, name) => {
    expect(ask(code, (values, node) => values.classOf(node))?.id?.name ?? null).toBe(name);
  });

  it.each([
    ['const a = {}; probe(a)', 'ObjectExpression'],
    ['let a = {}; probe(a)', undefined],
    ['const { a } = {}; probe(a)', undefined],
    ['function f(a) { probe(a) }', undefined],
    ['probe({})', 'ObjectExpression'],
    ['const a = make() as any; probe(a!)', 'CallExpression'],
  ])('in `%s` are set once to %s', (code, type) => {
    expect(ask(code, (values, node) => values.initialOf(node))?.type).toBe(type);
  });

  it.each([
    ['probe("a")', 'a'],
    ['const a = "a"; probe(a)', 'a'],
    ['probe(1)', null],
    ['let a = "a"; probe(a)', null],
    ['probe()', null],
  ])('in `%s` are the text %s', (code, text) => {
    expect(ask(code, (values, node) => values.text(node))).toBe(text);
  });
});

it.each([
  ['fs', 'node:fs'],
  ['fs/promises', 'node:fs/promises'],
  ['node:fs', 'node:fs'],
  ['async-mutex', 'async-mutex'],
  ['./fs', './fs'],
  ['events-light', 'events-light'],
])('the module %s is known as %s', (source, name) => {
  expect(moduleName(source)).toBe(name);
});

import { describe, expect, it } from 'vitest';

import { LifeCycles } from '../../src/catalog/life-cycles.js';
import { OWNERS, TEARDOWN_METHODS } from '../../src/catalog/owners.js';
import { functionName } from '../../src/syntax/functions.js';
import { fileOf } from './support.js';

/** The owner of the call `probe()`, as `kind, name, teardown`. */
function ownerIn(code: string, name = code.includes('/>') ? 'file.tsx' : 'file.ts'): string {
  return ownerOf(fileOf(code, { name }));
}

function ownerOf(file: ReturnType<typeof fileOf>): string {
  const { kind, name, teardown } = file.owners.of(file.index.calls.get('probe')![0]!);
  const ends = teardown?.functions.map((fn) => functionName(fn) ?? '=>') ?? [];
  return [kind, name, ...(teardown ? [`${teardown.name}: ${ends.join(' ')}`.replace(/: $/, '')] : [])].join(', ');
}

const PROCESS = 'process, the program';

const owners: Record<string, [code: string, owner: string][]> = {
  'the process': [
    ['probe()', PROCESS],
    ['if (on) { probe() }', PROCESS],
    ['tinymce.init({ setup: () => { probe() } })', PROCESS],
    ['for (const item of items) probe()', PROCESS],
    ['(() => { probe() })()', PROCESS],
    ['(async () => { probe() })()', PROCESS],
    ['(function () { probe() }).call(this)', 'run, this call'],
    ['items.forEach(() => probe())', PROCESS],
    ['for (const item of items) items.map(() => probe())', PROCESS],
    ['async function main() { probe() } main()', PROCESS],
    ['async function main() { probe() } void main().catch(fail)', PROCESS],
    ['async function main() { probe() }', PROCESS],
    ['export function activate() { probe() }', PROCESS],
    ['const boot = () => { probe() }; boot()', PROCESS],
    ['const boot = (() => { probe() }) as Boot; boot()', PROCESS],
    ['function poll() { probe() } poll()', PROCESS],
    ['function poll() { probe() } for (const item of items) poll()', 'run, `poll`'],
    ['function poll() { probe() } poll(); poll()', 'run, `poll`'],
    ['function main() { probe() } main(); main()', 'run, `main`'],
    ['function poll() { probe() } function other() { poll() }', 'run, `poll`'],
    ['function main() { probe() } function other() { main() }', 'run, `main`'],
    ['class A { static a = probe() }', PROCESS],
    ['class A { static { probe() } }', PROCESS],
  ],
  'a call': [
    ['function poll() { probe() }', 'run, `poll`'],
    ['const poll = () => probe()', 'run, `poll`'],
    ['const poll = (() => probe()) as Poll', 'run, `poll`'],
    ['export default function () { probe() }', 'run, this call'],
    ['export default () => probe()', 'run, this call'],
    ['function poll() { items.forEach(() => probe()) }', 'run, `poll`'],
    ['function poll() { later(() => probe()) }', 'run, this call'],
    ['function poll() { function inner() { probe() } }', 'run, `inner`'],
    ['module.exports.poll = () => probe()', 'run, `poll`'],
    ['const a = { poll() { probe() } }', 'run, `poll`'],
    ['class A { static poll() { probe() } }', 'run, `poll`'],
  ],
  'an instance': [
    ['class A { start() { probe() } }', 'instance, `A`'],
    ['class A { timer = probe() }', 'instance, `A`'],
    ['class A { constructor() { probe() } }', 'instance, `A`'],
    ['class A { start() { later(() => probe()) } }', 'instance, `A`'],
    ['class A { start = () => probe(); stop() {} }', 'instance, `A`, `stop()`: stop'],
    ['class A { start() { probe() } stop() {} close() {} }', 'instance, `A`, `close()`: close stop'],
    ['class A { start() { probe() } static stop() {} }', 'instance, `A`'],
    ['class A { start() { probe() } stop = () => {} }', 'instance, `A`, `stop()`: stop'],
    ['class A { start() { probe() } #close() {} }', 'instance, `A`, `#close()`: #close'],
    ['class A { start() { probe() } [Symbol.dispose]() {} }', 'instance, `A`, `[Symbol.dispose]()`: [Symbol.dispose]'],
    ['class A { start() { probe() } pause() {} }', 'instance, `A`'],
    ['const A = class { start() { probe() } }', 'instance, this object'],
    ['export default class { start() { probe() } stop() {} }', 'instance, this object, `stop()`: stop'],
    ['const a = { start() { probe() }, stop() {} }', 'instance, this object, `stop()`: stop'],
    ['const a = { start: () => probe(), stop: () => {} }', 'instance, this object, `stop()`: stop'],
    ['const a = { start() { later(() => probe()) }, stop() {} }', 'instance, this object, `stop()`: stop'],
    ['function make() { return { start() { probe() }, stop() {} } }', 'instance, this object, `stop()`: stop'],
    ['function make() { probe(); return { stop() {} } }', 'instance, `make()`, `stop()`: stop'],
    [
      'function make() { const stop = () => {}; const api = { stop, go() {} }; function go() { probe() } return api }',
      'instance, `make()`, `stop()`: stop',
    ],
    ['const make = () => ({ stop() { probe() }, close: () => {} })', 'instance, this object, `close()`: close stop'],
    ['function make() { probe(); return { stop(item) {} } }', 'run, `make`'],
    ['function make() { probe(); return { remove() {} } }', 'run, `make`'],
    ['function useIt() { probe(); return { close() {} } }', 'run, `useIt`'],
    ['function A() { probe() } A.prototype.stop = function () {}', 'instance, `A`, `stop()`: stop'],
    [
      'function A() {} A.prototype.go = function () { later(() => probe()) }; A.prototype.stop = () => {}',
      'instance, `A`, `stop()`: stop',
    ],
    [
      'var A = exports.A = function () {}; A.prototype.go = function () { probe() }; A.prototype.close = A.prototype.stop = function () {}',
      'instance, this object, `close()`: stop stop',
    ],
    ['function A() {} A.prototype = { go() { probe() }, stop() {} }', 'instance, `A`, `stop()`: stop'],
    [
      'function A() {} Object.assign(A.prototype, { go() { probe() } }); const p = A.prototype; p.stop = function () {}',
      'instance, `A`, `stop()`: stop',
    ],
    [
      'function A() {} A.prototype.go = function () { probe() }; function B() {} B.prototype.stop = function () {}',
      'instance, `A`',
    ],
    ['function A() { probe() } A.stop = function () {}', 'run, `A`'],
    ['class A extends Mixin(Other(LitElement)) { m() { probe() } }', 'instance, `A`, `disconnectedCallback()`'],
  ],
  'an effect': [
    [
      "import { useEffect } from 'react'; function A() { useEffect(() => { probe() }, []) }",
      'effect, this effect, the cleanup of this effect',
    ],
    ['function A() { useEffect(() => { probe() }) }', 'effect, this effect, the cleanup of this effect'],
    ['function A() { React.useEffect(() => { probe() }) }', 'effect, this effect, the cleanup of this effect'],
    [
      'function A() { useLayoutEffect(() => { probe(); return () => {} }) }',
      'effect, this effect, the cleanup of this effect: =>',
    ],
    [
      'function A() { useEffect(() => { probe(); function stop() {} return stop }) }',
      'effect, this effect, the cleanup of this effect: stop',
    ],
    [
      'function A() { useEffect(() => { const stop = () => {}; probe(); if (on) return; return stop }) }',
      'effect, this effect, the cleanup of this effect: stop',
    ],
    [
      'function A() { useEffect(() => { probe(); if (on) { return () => {} } else return () => {} }) }',
      'effect, this effect, the cleanup of this effect: => =>',
    ],
    [
      'function A() { useEffect(() => { probe(); try { return () => {} } catch { return () => {} } finally {} }) }',
      'effect, this effect, the cleanup of this effect: => =>',
    ],
    [
      'function A() { useEffect(() => { probe(); switch (on) { case 1: return () => {} } }) }',
      'effect, this effect, the cleanup of this effect: =>',
    ],
    [
      'function A() { useEffect(() => { probe(); return on ? () => {} : function off() {} }) }',
      'effect, this effect, the cleanup of this effect: => off',
    ],
    ['function A() { useEffect(() => { probe(); return make() }) }', 'effect, this effect, the cleanup of this effect'],
    ['function A() { useEffect(() => { later(() => probe()) }) }', 'effect, this effect, the cleanup of this effect'],
    [
      'function A() { useEffect(() => { async function load() { probe() } load() }) }',
      'effect, this effect, the cleanup of this effect',
    ],
    ['function A() { useMemo(() => { probe() }) }', 'run, this call'],
    ['function A() { probe(); return <b /> }', 'run, `A`'],
    [
      "import { onMount } from 'svelte'; onMount(() => { probe(); return () => {} })",
      'effect, this component, the cleanup of this component: =>',
    ],
    ['onMount(() => { probe() })', 'run, this call'],
    ['$effect(() => { probe(); return () => {} })', 'effect, this effect, the cleanup of this effect: =>'],
    ['$effect.pre(() => { probe() })', 'effect, this effect, the cleanup of this effect'],
    [
      "import { onMounted, onUnmounted } from 'vue'; onMounted(() => { probe() }); onUnmounted(() => {})",
      'effect, this component, the unmount hook of this component: =>',
    ],
    [
      "import { onMounted, onBeforeUnmount } from 'vue'; function stop() {} onMounted(() => { probe() }); onBeforeUnmount(stop)",
      'effect, this component, the unmount hook of this component: stop',
    ],
    [
      "import { watchEffect } from 'vue'; watchEffect((onCleanup) => { probe(); onCleanup(() => {}) })",
      'effect, this watcher, the cleanup of this watcher: =>',
    ],
    [
      "import { watch } from 'vue'; watch(source, () => { probe() })",
      'effect, this watcher, the cleanup of this watcher',
    ],
    ["import { watch } from 'fs'; watch(source, () => { probe() })", 'run, this call'],
    [
      "import { onMounted } from '#imports'; onMounted(() => { probe() })",
      'effect, this component, the unmount hook of this component',
    ],
    [
      'export default defineComponent({ setup() { probe(); onUnmounted(() => {}) } })',
      'effect, this component, the unmount hook of this component: =>',
    ],
    [
      "import { createEffect, onCleanup } from 'solid-js'; createEffect(() => { probe(); onCleanup(() => {}) })",
      'effect, this component, the unmount hook of this component: =>',
    ],
  ],
  'a test': [
    ["it('works', () => { probe() })", 'test, this test'],
    ["test('works', async () => { probe() })", 'test, this test'],
    ["test.only('works', () => { probe() })", 'test, this test'],
    ["import { it } from 'vitest'; it('works', () => { probe() })", 'test, this test'],
    ['beforeEach(() => { probe() })', 'test, this test'],
    ["describe('it', () => { const make = () => probe() })", 'test, this test'],
    ["describe('it', () => { class A { run() { probe() } stop() {} } })", 'instance, `A`, `stop()`: stop'],
    ["const it = (name, run) => run(); it('works', () => { probe() })", 'run, this call'],
    ["function f(test) { test('works', () => { probe() }) }", 'run, this call'],
  ],
};

describe('the owner', () => {
  describe.each(Object.entries(owners))('is %s', (_, rows) => {
    it.each(rows)('in `%s`: %s', (code, owner) => {
      expect(ownerIn(code)).toBe(owner);
    });
  });

  it.each(TEARDOWN_METHODS)('ends in `%s()`', (method) => {
    const name = method.startsWith('#') || method.startsWith('[') ? method : `'${method}'`;
    expect(ownerIn(`class A { run() { probe() } ${name}() {} }`)).toBe(`instance, \`A\`, \`${method}()\`: ${method}`);
  });

  it.each([...new LifeCycles(OWNERS).tests])('is a test in `%s()`', (name) => {
    expect(ownerIn(`${name}(() => { probe() })`)).toBe('test, this test');
  });

  it.each([
    ['class A extends HTMLElement', 'disconnectedCallback'],
    ['class A extends HTMLButtonElement', 'disconnectedCallback'],
    ['class A extends LitElement', 'disconnectedCallback'],
    ['class A extends MyLitElement', 'disconnectedCallback'],
    ['class A extends Mixin(Other(LitElement))', 'disconnectedCallback'],
    ['class A extends LitMixin(Base)', null],
    ['class A implements ReactiveController', 'hostDisconnected'],
    ['class A extends Component', 'componentWillUnmount'],
    ['class A extends PureComponent', 'componentWillUnmount'],
    ['class A extends React.Component', 'componentWillUnmount'],
    ['class A extends (Component as any)', 'componentWillUnmount'],
    ["import Component from '@glimmer/component'; class A extends Component", 'willDestroy'],
    ["import Base from '@glimmer/component'; class A extends Base", 'willDestroy'],
    ["import { Component } from '@stencil/core'; @Component({ tag: 'a' }) class A", 'disconnectedCallback'],
    ["@Component({ selector: 'a' }) class A", 'ngOnDestroy'],
    ['@Directive() class A', 'ngOnDestroy'],
    ['@Pipe class A', 'ngOnDestroy'],
    ['class A extends Controller', 'disconnect'],
    ['class A extends ApplicationController', 'disconnect'],
    ['class A extends Disposable', 'dispose'],
    ['class A extends Phaser.Scene', 'this.events.once'],
    ['class A extends Scene', null],
    ["import { Widget } from '@lumino/widgets'; class A extends Widget", 'dispose'],
    ["import { BaseWidget } from '@theia/core/lib/browser/widgets'; class A extends BaseWidget", 'dispose'],
    ['class A extends Widget', null],
    ['class A extends Map', null],
    ['class A extends Components', null],
    ['@Injectable() class A', null],
    ["import { Injectable } from '@nestjs/common'; @Injectable() class A", 'onModuleDestroy'],
  ])('has the life cycle of `%s`: %s', (head, end) => {
    const expected = end === null ? 'instance, `A`' : `instance, \`A\`, \`${end}()\``;
    expect(ownerIn(`${head} { run() { probe() } }`)).toBe(expected);
    if (end && !end.includes('.'))
      expect(ownerIn(`${head} { run() { probe() } stop() {} ${end}() {} }`)).toBe(`${expected}: ${end} stop`);
  });

  it.each([
    ['file.vue', '<script setup>probe()</script>', 'effect, this component, the unmount hook of this component'],
    [
      'file.vue',
      '<script setup lang="ts">function load() { probe() } load()</script>',
      'effect, this component, the unmount hook of this component',
    ],
    [
      'file.vue',
      "<script setup>import { onUnmounted } from 'vue'; probe(); onUnmounted(() => {})</script>",
      'effect, this component, the unmount hook of this component: =>',
    ],
    ['file.vue', '<script setup>function start() { probe() }</script>', 'run, `start`'],
    ['file.vue', '<script>probe()</script>', PROCESS],
    ['file.vue', '<script>probe()</script><script setup>go()</script>', PROCESS],
    [
      'file.vue',
      '<script>export default { mounted() { probe() } }</script>',
      'instance, this component, `unmounted()`',
    ],
    [
      'file.vue',
      '<script>export default { methods: { go() { probe() } }, unmounted() {} }</script>',
      'instance, this object, `unmounted()`: unmounted',
    ],
    ['file.svelte', '<script>probe()</script>', 'effect, this component, the unmount hook of this component'],
    ['file.svelte', '<script module>probe()</script><script>go()</script>', PROCESS],
    ['file.svelte', '<script context="module">probe()</script>', PROCESS],
    ['file.ts', 'const script = "<script setup>"; probe()', PROCESS],
  ])('in a component of %s: `%s`', (name, code, owner) => {
    expect(ownerIn(code, name)).toBe(owner);
  });

  it.each([
    ['const own = new EventTarget()', 'kept'],
    ['const own = useOwn()', 'kept'],
    ["import { own } from './own'", 'unknown'],
    ['const own = window', 'leak'],
  ])('of a component that has `%s` makes its listener a %s', (code, kind) => {
    const file = fileOf(
      `<script setup>import { onMounted } from 'vue'; ${code}; onMounted(() => { own.addEventListener(type, run) })</script>`,
      { name: 'file.vue' },
    );
    expect(file.verdict(file.starts('listener')[0]!).kind).toBe(kind);
  });

  it('without a name is called what the framework calls it', () => {
    expect(ownerIn('export default class extends HTMLElement { run() { probe() } }')).toBe(
      'instance, this element, `disconnectedCallback()`',
    );
  });
});

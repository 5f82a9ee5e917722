import { describe, expect, it } from 'vitest';

import { apply, lint, type Rules } from '../support/lint.js';
import { crlf, tabbed } from '../support/variations.js';

/**
 * What an edit does, the language, the edit, and the text before and after. The first line break is not part of a text.
 */
type Row = [title: string, language: string, messageId: string, before: string, after: string];

const rules: Rules = Object.fromEntries(
  ['no-leaked-intervals', 'no-leaked-listeners', 'no-leaked-locks', 'no-leaked-resources', 'no-leaked-timeouts'].map(
    (rule) => [`async-leaks/${rule}`, ['error', { checkUnknown: true }]],
  ),
);

function suggestionsFor(language: string, text: string) {
  return lint({ name: `edits/example.${language}`, text }, rules).flatMap(({ suggestions }) => suggestions ?? []);
}

/**
 * The first suggestion for the first finding that has one, with what it makes of the text; it also holds in other
 * styles.
 */
function firstOf(language: string, before: string) {
  const text = before.slice(1);
  const [first] = suggestionsFor(language, text);
  if (!first) return null;
  const after = apply(text, first);
  for (const style of [crlf, tabbed]) {
    const [same] = suggestionsFor(language, style(text));
    expect(apply(style(text), same!)).toBe(style(after));
  }
  expect(suggestionsFor(language, after).map(({ fix }) => fix)).not.toContainEqual(first.fix);
  return { messageId: first.messageId, text: after };
}

describe('endInFinally', () => {
  it.each<Row>([
    [
      'releases a reader where there is one',
      'ts',
      'endInFinally',
      `
export async function first(body: ReadableStream<string> | null) {
  const reader = body?.getReader();
  const part = await reader?.read();
  if (part?.done) throw new Error('empty');
  console.log(part?.value);
}
`,
      `
export async function first(body: ReadableStream<string> | null) {
  const reader = body?.getReader();
  try {
    const part = await reader?.read();
    if (part?.done) throw new Error('empty');
    console.log(part?.value);
  } finally {
    reader?.releaseLock();
  }
}
`,
    ],
    [
      'keeps texts of several lines, comments and the order; waits for what it returns',
      'ts',
      'endInFinally',
      `
export async function probe(target: Window, n: number) {
  const onX = () => n++;
  // listen
  window.addEventListener('online', onX); // now
  // first
  const a = await load(\`
    x
  \`);
  /* two
   * lines */
  if (a) {
    return load('b');
  }
  window.removeEventListener('online', onX);
  return a;
}
declare function load(s: string): Promise<string>;
`,
      `
export async function probe(target: Window, n: number) {
  const onX = () => n++;
  // listen
  window.addEventListener('online', onX); // now
  try {
    // first
    const a = await load(\`
    x
  \`);
    /* two
     * lines */
    if (a) {
      return await load('b');
    }
    return a;
  } finally {
    window.removeEventListener('online', onX);
  }
}
declare function load(s: string): Promise<string>;
`,
    ],
    [
      'waits for nothing that a text gives',
      'ts',
      'endInFinally',
      `
export async function probe(urls: string[]) {
  const timer = setInterval(() => {}, 10);
  let text = '';
  for (const url of urls) text += await load(url);
  if (text.length > 9) return text.trim();
  clearInterval(timer);
  return null;
}
declare function load(s: string): Promise<string>;
`,
      `
export async function probe(urls: string[]) {
  const timer = setInterval(() => {}, 10);
  try {
    let text = '';
    for (const url of urls) text += await load(url);
    if (text.length > 9) return text.trim();
  } finally {
    clearInterval(timer);
  }
  return null;
}
declare function load(s: string): Promise<string>;
`,
    ],
    [
      'takes ends on inner ways away, declares what is used later',
      'ts',
      'endInFinally',
      `
export async function probe() {
  const timer = setInterval(() => {}, 10);
  const x = await load('a');
  if (!x) {
    clearInterval(timer);
    return null;
  }
  const y = await load(x);
  clearInterval(timer);
  console.log(y);
  return y + (await load('z'));
}
declare function load(s: string): Promise<string>;
`,
      `
export async function probe() {
  const timer = setInterval(() => {}, 10);
  let y;
  try {
    const x = await load('a');
    if (!x) {
      return null;
    }
    y = await load(x);
  } finally {
    clearInterval(timer);
  }
  console.log(y);
  return y + (await load('z'));
}
declare function load(s: string): Promise<string>;
`,
    ],
    [
      'extends a `try` that is there',
      'ts',
      'endInFinally',
      `
export async function probe() {
  const timer = setInterval(() => {}, 10);
  try {
    await load('a');
    clearInterval(timer);
  } catch (error) {
    console.error(error);
    throw error;
  }
}
declare function load(s: string): Promise<string>;
`,
      `
export async function probe() {
  const timer = setInterval(() => {}, 10);
  try {
    await load('a');
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
declare function load(s: string): Promise<string>;
`,
    ],
    [
      'begins a `try` earlier',
      'ts',
      'endInFinally',
      `
export async function probe() {
  const timer = setInterval(() => {}, 10);
  // zero
  await load('0');
  try {
    await load('a');
  } finally {
    clearInterval(timer);
  }
}
declare function load(s: string): Promise<string>;
`,
      `
export async function probe() {
  const timer = setInterval(() => {}, 10);
  try {
    // zero
    await load('0');
    await load('a');
  } finally {
    clearInterval(timer);
  }
}
declare function load(s: string): Promise<string>;
`,
    ],
    [
      'stands in a switch case',
      'ts',
      'endInFinally',
      `
export async function f(k: number) {
  switch (k) {
    case 1:
      const t = setInterval(() => {}, 1);
      await g();
      clearInterval(t);
      break;
    default:
      if (k) setInterval(() => {}, 1);
      await g();
  }
}
declare function g(): Promise<void>;
`,
      `
export async function f(k: number) {
  switch (k) {
    case 1:
      const t = setInterval(() => {}, 1);
      try {
        await g();
      } finally {
        clearInterval(t);
      }
      break;
    default:
      if (k) setInterval(() => {}, 1);
      await g();
  }
}
declare function g(): Promise<void>;
`,
    ],
    [
      'takes comments along',
      'ts',
      'endInFinally',
      `
export async function f() {
  const t = setInterval(() => {}, 1); // a

  // b
  await g(); // c
  // d
  clearInterval(t); // e
  // f
}
declare function g(): Promise<void>;
`,
      `
export async function f() {
  const t = setInterval(() => {}, 1); // a

  try {
    // b
    await g(); // c
  } finally {
    // d
    clearInterval(t); // e
  }
  // f
}
declare function g(): Promise<void>;
`,
    ],
    [
      'wraps a yield',
      'ts',
      'endInFinally',
      `
export function* g() {
  const t = setInterval(() => {}, 1);
  yield 1;
  clearInterval(t);
}
export function syncPromise() {
  setTimeout(() => {}, 10_000);
  return fetch('x');
}
`,
      `
export function* g() {
  const t = setInterval(() => {}, 1);
  try {
    yield 1;
  } finally {
    clearInterval(t);
  }
}
export function syncPromise() {
  setTimeout(() => {}, 10_000);
  return fetch('x');
}
`,
    ],
    [
      'wraps a round of a loop',
      'ts',
      'endInFinally',
      `
export async function f(xs: string[]) {
  for (const x of xs) {
    const t = setTimeout(() => console.log(x), 1000);
    if (!x) continue;
    await fetch(x);
    clearTimeout(t);
  }
}
`,
      `
export async function f(xs: string[]) {
  for (const x of xs) {
    const t = setTimeout(() => console.log(x), 1000);
    try {
      if (!x) continue;
      await fetch(x);
    } finally {
      clearTimeout(t);
    }
  }
}
`,
    ],
    [
      'follows a start on one of two ways',
      'ts',
      'endInFinally',
      `
export async function f(ms?: number) {
  let t: NodeJS.Timeout | undefined;
  if (ms) t = setTimeout(() => {}, ms);
  const r = await fetch('x');
  if (t) clearTimeout(t);
  return r;
}
`,
      `
export async function f(ms?: number) {
  let t: NodeJS.Timeout | undefined;
  if (ms) t = setTimeout(() => {}, ms);
  try {
    const r = await fetch('x');
    return r;
  } finally {
    if (t) clearTimeout(t);
  }
}
`,
    ],
    [
      'names what nothing keeps',
      'ts',
      'endInFinally',
      `
export async function f(work: () => Promise<number>) {
  setTimeout(() => { console.log('slow'); }, 10_000);
  return work();
}
`,
      `
export async function f(work: () => Promise<number>) {
  const timer = setTimeout(() => { console.log('slow'); }, 10_000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
`,
    ],
  ])('%s', (_, language, messageId, before, after) => {
    expect(firstOf(language, before)).toEqual({ messageId, text: after.slice(1) });
  });
});

it('endInFinally also ends what an iterator reads', () => {
  const text =
    "import { connect } from 'node:net';\nimport { createInterface } from 'node:readline';\nexport async function first(path: string) {\n  const input = connect(path);\n  const lines = createInterface({ input })[Symbol.asyncIterator]();\n  const line = await lines.next();\n  return line.value;\n}\n";
  const [finding] = lint({ name: 'edits/lines.ts', text }, { 'async-leaks/no-abandoned-iterators': 'error' });
  expect(apply(text, finding!.suggestions![0]!)).toContain(
    '  } finally {\n    await lines.return?.();\n    input.destroy();\n  }\n',
  );
});

describe('endInTeardown', () => {
  it.each<Row>([
    [
      'ends the one before, too, where a method may start another',
      'ts',
      'endInTeardown',
      `
import { Worker } from 'node:worker_threads';
export class Walk {
  #worker?: Worker;
  pause() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
  walk() {
    this.#worker = new Worker('./walk.js');
  }
  stop() {}
}
`,
      `
import { Worker } from 'node:worker_threads';
export class Walk {
  #worker?: Worker;
  pause() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
  walk() {
    this.#worker?.terminate();
    this.#worker = new Worker('./walk.js');
  }
  stop() {
    this.#worker?.terminate();
  }
}
`,
    ],
    [
      'overrides the method of a superclass',
      'ts',
      'endInTeardown',
      `
import { LitElement } from 'lit';
export class Clock extends LitElement {
  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', () => this.requestUpdate());
  }
}
`,
      `
import { LitElement } from 'lit';
export class Clock extends LitElement {
  readonly #onScroll = () => this.requestUpdate();

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('scroll', this.#onScroll);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.#onScroll);
  }
}
`,
    ],
    [
      'writes the method that an element has',
      'ts',
      'endInTeardown',
      `
export class Clock extends HTMLElement {
  ticks = 0;

  connectedCallback() {
    setInterval(() => {
      this.ticks += 1;
    }, 1000);
  }
}
`,
      `
export class Clock extends HTMLElement {
  ticks = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  connectedCallback() {
    this.#timer = setInterval(() => {
      this.ticks += 1;
    }, 1000);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }
}
`,
    ],
    [
      'implements an interface of Angular',
      'ts',
      'endInTeardown',
      `
import { Component, OnInit } from '@angular/core';
@Component({ selector: 'x' })
export class X implements OnInit {
  constructor(private readonly http: unknown) {}

  ngOnInit(): void {
    setInterval(() => this.http, 1000);
    window.addEventListener('keydown', (e) => console.log(e.key));
  }
}
`,
      `
import { Component, OnInit, OnDestroy } from '@angular/core';
@Component({ selector: 'x' })
export class X implements OnInit, OnDestroy {
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly http: unknown) {}

  ngOnInit(): void {
    this.timer = setInterval(() => this.http, 1000);
    window.addEventListener('keydown', (e) => console.log(e.key));
  }

  ngOnDestroy(): void {
    clearInterval(this.timer);
  }
}
`,
    ],
    [
      'writes the method that a component has',
      'jsx',
      'endInTeardown',
      `
import React from 'react';
export class C extends React.Component {
  componentDidMount() {
    this.interval = setInterval(() => this.setState({}), 10);
    document.addEventListener('click', this.onClick.bind(this));
  }

  onClick() {}
}
`,
      `
import React from 'react';
export class C extends React.Component {
  componentDidMount() {
    this.interval = setInterval(() => this.setState({}), 10);
    document.addEventListener('click', this.onClick.bind(this));
  }

  componentWillUnmount() {
    clearInterval(this.interval);
  }

  onClick() {}
}
`,
    ],
    [
      'assigns a plain property in JavaScript',
      'js',
      'endInTeardown',
      `
class Poller {
  start() {
    setInterval(() => this.poll(), 10);
    process.on('SIGTERM', () => this.stop());
  }

  stop() {}
}
`,
      `
class Poller {
  start() {
    this.timer = setInterval(() => this.poll(), 10);
    process.on('SIGTERM', () => this.stop());
  }

  stop() {
    clearInterval(this.timer);
  }
}
`,
    ],
    [
      'keeps a function where the listener is a local',
      'ts',
      'endInTeardown',
      `
export class P {
  #n = 0;
  start(el: HTMLElement): void {
    const step = 2;
    const onMove = () => { this.#n += step; };
    document.addEventListener('mousemove', onMove);
    document.addEventListener('keyup', (e) => { this.#n += step + e.keyCode; });
  }
  stop(): void { this.#n = 0; }
}
`,
      `
export class P {
  #n = 0;
  #stopListening: (() => void) | undefined;
  start(el: HTMLElement): void {
    const step = 2;
    const onMove = () => { this.#n += step; };
    document.addEventListener('mousemove', onMove);
    this.#stopListening = () => document.removeEventListener('mousemove', onMove);
    document.addEventListener('keyup', (e) => { this.#n += step + e.keyCode; });
  }
  stop(): void { this.#stopListening?.(); this.#n = 0; }
}
`,
    ],
    [
      'looks whether a field is null',
      'ts',
      'endInTeardown',
      `
export class P {
  private timer: NodeJS.Timeout | null = null;
  private frame = 0;
  start(): void {
    this.timer = setInterval(() => {}, 10);
  }
  dispose(): void {
    console.log('x');
  }
}
`,
      `
export class P {
  private timer: NodeJS.Timeout | null = null;
  private frame = 0;
  start(): void {
    this.timer = setInterval(() => {}, 10);
  }
  dispose(): void {
    if (this.timer !== null) clearInterval(this.timer);
    console.log('x');
  }
}
`,
    ],
    [
      'leaves semicolons out',
      'ts',
      'endInTeardown',
      `
import { useEffect } from 'react'
export class A {
  n = 0

  start() {
    setInterval(() => this.n++, 10)
  }

  stop() {
  }
}
export const useIt = () => {
  useEffect(() => {
    document.addEventListener('click', event => console.log(event.clientX))
    // bye
  })
}
`,
      `
import { useEffect } from 'react'
export class A {
  n = 0
  #timer: ReturnType<typeof setInterval> | undefined

  start() {
    this.#timer = setInterval(() => this.n++, 10)
  }

  stop() {
    clearInterval(this.#timer)
  }
}
export const useIt = () => {
  useEffect(() => {
    document.addEventListener('click', event => console.log(event.clientX))
    // bye
  })
}
`,
    ],
    [
      'names fields the way the class does',
      'ts',
      'endInTeardown',
      `
export class A {
  private _n = 0;

  start() {
    setInterval(() => this._n++, 10);
  }

  stop() {}
}
`,
      `
export class A {
  private _n = 0;
  private _timer: ReturnType<typeof setInterval> | undefined;

  start() {
    this._timer = setInterval(() => this._n++, 10);
  }

  stop() {
    clearInterval(this._timer);
  }
}
`,
    ],
    [
      'names a listener in a field, after the call of super',
      'js',
      'endInTeardown',
      `
export class A {
  #n = 0;

  start() {
    process.on('exit', (code) => { this.#n = code; });
  }

  stop() {
    super.stop();
    this.#n = 1;
  }
}
`,
      `
export class A {
  #n = 0;
  #onExit = (code) => { this.#n = code; };

  start() {
    process.on('exit', this.#onExit);
  }

  stop() {
    super.stop();
    process.off('exit', this.#onExit);
    this.#n = 1;
  }
}
`,
    ],
    [
      'ends in the method of an object',
      'js',
      'endInTeardown',
      `
export const poller = {
  start() {
    setInterval(() => this.poll(), 10);
  },
  stop() {},
  poll() {},
};
`,
      `
export const poller = {
  start() {
    this.timer = setInterval(() => this.poll(), 10);
  },
  stop() {
    clearInterval(this.timer);
  },
  poll() {},
};
`,
    ],
    [
      'gives the end the same capture',
      'ts',
      'endInTeardown',
      `
export class A {
  #on = (e: Event) => {};
  start() {
    document.addEventListener('scroll', this.#on, { passive: true, capture: true });
    document.addEventListener('wheel', this.#on, opts);
    document.addEventListener('wheel', this.#on, true);
  }
  stop() {
    console.log();
  }
}
declare const opts: AddEventListenerOptions;
`,
      `
export class A {
  #on = (e: Event) => {};
  start() {
    document.addEventListener('scroll', this.#on, { passive: true, capture: true });
    document.addEventListener('wheel', this.#on, opts);
    document.addEventListener('wheel', this.#on, true);
  }
  stop() {
    document.removeEventListener('scroll', this.#on, { capture: true });
    console.log();
  }
}
declare const opts: AddEventListenerOptions;
`,
    ],
    [
      'makes a block of an arrow',
      'ts',
      'endInTeardown',
      `
export class A {
  private n = 0;
  start() { setInterval(() => this.n++, 10); }
  stop = () => this.n++;
}
`,
      `
export class A {
  private n = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  start() { this.timer = setInterval(() => this.n++, 10); }
  stop = () => {
    clearInterval(this.timer);
    return this.n++;
  };
}
`,
    ],
    [
      'binds a method once',
      'ts',
      'endInTeardown',
      `
import { LitElement } from 'lit';
export class X extends LitElement {
  private _onKey(e: KeyboardEvent) {}

  connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this._onKey.bind(this));
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.hidden = true;
  }
}
`,
      `
import { LitElement } from 'lit';
export class X extends LitElement {
  private readonly _boundOnKey = this._onKey.bind(this);

  private _onKey(e: KeyboardEvent) {}

  connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this._boundOnKey);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this._boundOnKey);
    this.hidden = true;
  }
}
`,
    ],
    [
      'finds the target at the start of a chain',
      'ts',
      'endInTeardown',
      `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
export class X {
  n = 0;
  start() { bus.setMaxListeners(20).on('a', () => this.n++); }
  stop() {
    this.n = 0;
  }
}
`,
      `
import { EventEmitter } from 'node:events';
const bus = new EventEmitter();
export class X {
  n = 0;
  readonly #onA = () => this.n++;
  start() { bus.setMaxListeners(20).on('a', this.#onA); }
  stop() {
    bus.off('a', this.#onA);
    this.n = 0;
  }
}
`,
    ],
    [
      'ends the one before in a method that may run again',
      'ts',
      'endInTeardown',
      `
export class S {
  show() { setTimeout(() => this.hide(), 3000); }
  hide() {}
  destroy() { setTimeout(() => this.hide(), 500); }
}
`,
      `
export class S {
  #timer: ReturnType<typeof setTimeout> | undefined;

  show() { clearTimeout(this.#timer); this.#timer = setTimeout(() => this.hide(), 3000); }
  hide() {}
  destroy() { clearTimeout(this.#timer); setTimeout(() => this.hide(), 500); }
}
`,
    ],
    [
      'ends a frame',
      'ts',
      'endInTeardown',
      `
export class S {
  private frame = 0;
  private tick: number | null = null;
  show() { this.frame = requestAnimationFrame(() => this.hide()); this.tick = requestAnimationFrame(() => this.hide()); }
  hide() {}
  destroy() { }
}
`,
      `
export class S {
  private frame = 0;
  private tick: number | null = null;
  show() { this.frame = requestAnimationFrame(() => this.hide()); this.tick = requestAnimationFrame(() => this.hide()); }
  hide() {}
  destroy() {
    cancelAnimationFrame(this.frame);
  }
}
`,
    ],
  ])('%s', (_, language, messageId, before, after) => {
    expect(firstOf(language, before)).toEqual({ messageId, text: after.slice(1) });
  });
});

describe('returnCleanup', () => {
  it.each<Row>([
    [
      'gives a listener its type',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useSize(set: (n: number) => void) {
  useEffect(() => {
    window.addEventListener('resize', (event) => {
      set(\`
        keep \${event.detail}
      \`.length);
    });
  }, []);
}
`,
      `
import { useEffect } from 'react';
export function useSize(set: (n: number) => void) {
  useEffect(() => {
    const onResize = (event: UIEvent) => {
      set(\`
        keep \${event.detail}
      \`.length);
    };
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);
}
`,
    ],
    [
      'makes a block of an effect',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => window.addEventListener('online', f), []);
}
`,
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    window.addEventListener('online', f);
    return () => window.removeEventListener('online', f);
  }, []);
}
`,
    ],
    [
      'makes a block of a cleanup',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    // count
    const timer = setInterval(f, 1000); // every second
    window.addEventListener('online', f);
    return () => clearInterval(timer);
  }, []);
}
`,
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    // count
    const timer = setInterval(f, 1000); // every second
    window.addEventListener('online', f);
    return () => {
      window.removeEventListener('online', f);
      clearInterval(timer);
    };
  }, []);
}
`,
    ],
    [
      'extends a cleanup',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    setInterval(f, 1000);
    return () => {
      f();
    };
  }, []);
}
`,
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    const timer = setInterval(f, 1000);
    return () => {
      clearInterval(timer);
      f();
    };
  }, []);
}
`,
    ],
    [
      'declares a handle where the cleanup sees it',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f: () => void, on: boolean) {
  useEffect(() => {
    if (on) {
      setInterval(f, 1000);
    }
  }, [on]);
}
`,
      `
import { useEffect } from 'react';
export function useX(f: () => void, on: boolean) {
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    if (on) {
      timer = setInterval(f, 1000);
    }
    return () => clearInterval(timer);
  }, [on]);
}
`,
    ],
    [
      'moves a declaration where the cleanup sees it',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f: () => void, on: boolean) {
  useEffect(() => {
    if (on) {
      const timer = setInterval(f, 1000);
      console.log(timer);
    }
  }, [on]);
}
`,
      `
import { useEffect } from 'react';
export function useX(f: () => void, on: boolean) {
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    if (on) {
      timer = setInterval(f, 1000);
      console.log(timer);
    }
    return () => clearInterval(timer);
  }, [on]);
}
`,
    ],
    [
      'registers with Vue',
      'ts',
      'returnCleanup',
      `
import { ref, onMounted } from 'vue';
export default {
  setup() {
    const n = ref(0);
    onMounted(() => {
      window.addEventListener('resize', () => { n.value++; });
      const timer = setInterval(() => n.value++, 10);
    });
  },
};
`,
      `
import { ref, onMounted, onUnmounted } from 'vue';
export default {
  setup() {
    const n = ref(0);
    onMounted(() => {
      const onResize = () => { n.value++; };
      window.addEventListener('resize', onResize);
      onUnmounted(() => window.removeEventListener('resize', onResize));
      const timer = setInterval(() => n.value++, 10);
    });
  },
};
`,
    ],
    [
      'names a target',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useDark(set: (dark: boolean) => void) {
  useEffect(() => {
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => set(true));
  }, []);
}
`,
      `
import { useEffect } from 'react';
export function useDark(set: (dark: boolean) => void) {
  useEffect(() => {
    const onChange = () => set(true);
    const target = window.matchMedia('(prefers-color-scheme: dark)');
    target.addEventListener('change', onChange);
    return () => target.removeEventListener('change', onChange);
  }, []);
}
`,
    ],
    [
      'registers with Solid',
      'ts',
      'returnCleanup',
      `
import { createEffect } from 'solid-js';
export function X(f: () => void) {
  createEffect(() => {
    window.addEventListener('keydown', (event) => { if (event.key === 'x') f(); });
  });
}
`,
      `
import { createEffect, onCleanup } from 'solid-js';
export function X(f: () => void) {
  createEffect(() => {
    const onKeydown = (event: KeyboardEvent) => { if (event.key === 'x') f(); };
    window.addEventListener('keydown', onKeydown);
    onCleanup(() => window.removeEventListener('keydown', onKeydown));
  });
}
`,
    ],
    [
      'registers with Vue, in CommonJS',
      'js',
      'returnCleanup',
      `
const { onMounted } = require('vue');
module.exports = {
  setup() {
    onMounted(() => {
      setInterval(() => {}, 10);
    });
  },
};
`,
      `
const { onMounted, onUnmounted } = require('vue');
module.exports = {
  setup() {
    onMounted(() => {
      const timer = setInterval(() => {}, 10);
      onUnmounted(() => clearInterval(timer));
    });
  },
};
`,
    ],
    [
      'calls a cleanup that has a name',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    const stop = () => f();
    window.addEventListener('online', f);
    return stop;
  }, []);
}
`,
      `
import { useEffect } from 'react';
export function useX(f: () => void) {
  useEffect(() => {
    const stop = () => f();
    window.addEventListener('online', f);
    return () => {
      window.removeEventListener('online', f);
      stop();
    };
  }, []);
}
`,
    ],
    [
      'returns the cleanup on every way',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
export function useX(f?: () => void) {
  useEffect(() => {
    if (!f) return;
    window.addEventListener('online', f);
    if (f.length) return;
    f();
  }, []);
}
`,
      `
import { useEffect } from 'react';
export function useX(f?: () => void) {
  useEffect(() => {
    if (!f) return;
    window.addEventListener('online', f);
    const removeListener = () => window.removeEventListener('online', f);
    if (f.length) return removeListener;
    f();
    return removeListener;
  }, []);
}
`,
    ],
    [
      'takes a name that is free',
      'ts',
      'returnCleanup',
      `
import { useEffect } from 'react';
const timer = 1;
export function useX(f: () => void) {
  useEffect(() => {
    setInterval(() => console.log(timer), 1000);
    return () => { const timer2 = 2; console.log(timer2); };
  }, []);
}
`,
      `
import { useEffect } from 'react';
const timer = 1;
export function useX(f: () => void) {
  useEffect(() => {
    const timer3 = setInterval(() => console.log(timer), 1000);
    return () => { clearInterval(timer3); const timer2 = 2; console.log(timer2); };
  }, []);
}
`,
    ],
  ])('%s', (_, language, messageId, before, after) => {
    expect(firstOf(language, before)).toEqual({ messageId, text: after.slice(1) });
  });
});

describe('other edits', () => {
  it.each<Row>([
    [
      'passes a signal beside the options that are there',
      'ts',
      'passSignal',
      `
export function watch(signal: AbortSignal) {
  window.addEventListener('scroll', () => {}, { passive: true });
}
`,
      `
export function watch(signal: AbortSignal) {
  window.addEventListener('scroll', () => {}, { passive: true, signal });
}
`,
    ],
    [
      'passes a signal in place of a flag',
      'ts',
      'passSignal',
      `
export class Panel {
  open({ signal }: { signal?: AbortSignal }) {
    window.addEventListener('blur', this.hide, true);
  }
  hide = () => {};
}
`,
      `
export class Panel {
  open({ signal }: { signal?: AbortSignal }) {
    window.addEventListener('blur', this.hide, { capture: true, signal });
  }
  hide = () => {};
}
`,
    ],
    [
      'keeps a disposable where the class keeps others',
      'ts',
      'keepWithOthers',
      `
import { commands, type Disposable } from 'vscode';
export class View {
  private readonly disposables: Disposable[] = [];
  open() {
    this.disposables.push(commands.registerCommand('view.open', () => {}));
    commands.registerCommand('view.close', () => {
      console.log('closed');
    });
  }
  dispose() {
    for (const one of this.disposables) one.dispose();
  }
}
`,
      `
import { commands, type Disposable } from 'vscode';
export class View {
  private readonly disposables: Disposable[] = [];
  open() {
    this.disposables.push(commands.registerCommand('view.open', () => {}));
    this.disposables.push(commands.registerCommand('view.close', () => {
      console.log('closed');
    }));
  }
  dispose() {
    for (const one of this.disposables) one.dispose();
  }
}
`,
    ],
    [
      'adds the effect of the React that the file names, and asks for a handle that may be null',
      'tsx',
      'endOnUnmount',
      `
import * as React from 'react';
export function Copy() {
  const timer = React.useRef<number | null>(null);
  const copy = () => {
    if (timer.current) window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {}, 3000);
  };
  return <button onClick={copy} />;
}
`,
      `
import * as React from 'react';
export function Copy() {
  const timer = React.useRef<number | null>(null);
  React.useEffect(() => () => {
    if (timer.current !== null) window.clearTimeout(timer.current);
  }, []);
  const copy = () => {
    if (timer.current) window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {}, 3000);
  };
  return <button onClick={copy} />;
}
`,
    ],
    [
      'asks for a target that may be missing',
      'ts',
      'endInTeardown',
      `
export class Watch {
  constructor(signal?: AbortSignal) {
    signal?.addEventListener('change', this.onChange);
  }
  close() {}
  onChange = () => {};
}
`,
      `
export class Watch {
  #stopListening: (() => void) | undefined;

  constructor(signal?: AbortSignal) {
    signal?.addEventListener('change', this.onChange);
    this.#stopListening = () => signal?.removeEventListener('change', this.onChange);
  }
  close() {
    this.#stopListening?.();
  }
  onChange = () => {};
}
`,
    ],
    [
      'removes from a field that may be unset',
      'ts',
      'endInTeardown',
      `
export class Other {
  private target?: EventTarget;
  start() {
    if (this.target) this.target.addEventListener('change', this.onChange);
  }
  close() {}
  onChange = () => {};
}
`,
      `
export class Other {
  private target?: EventTarget;
  start() {
    if (this.target) this.target.addEventListener('change', this.onChange);
  }
  close() {
    this.target?.removeEventListener('change', this.onChange);
  }
  onChange = () => {};
}
`,
    ],
    [
      'follows statements without semicolons beside types with some',
      'ts',
      'endInTeardown',
      `
interface Options {
  ms: number;
}
export class A {
  private timer?: ReturnType<typeof setInterval>
  start(options: Options) {
    const { ms } = options
    const step = ms
    this.timer = setInterval(() => {}, step)
  }
  stop() {}
}
`,
      `
interface Options {
  ms: number;
}
export class A {
  private timer?: ReturnType<typeof setInterval>
  start(options: Options) {
    const { ms } = options
    const step = ms
    this.timer = setInterval(() => {}, step)
  }
  stop() {
    clearInterval(this.timer)
  }
}
`,
    ],
    [
      'ends where another one ends',
      'ts',
      'endBeside',
      `
export class A {
  attach() {
    window.addEventListener('resize', this.onResize);
    window.addEventListener('keydown', this.onKey);
  }
  detach() {
    window.removeEventListener('resize', this.onResize);
  }
  onResize = () => {};
  onKey = () => {};
}
`,
      `
export class A {
  attach() {
    window.addEventListener('resize', this.onResize);
    window.addEventListener('keydown', this.onKey);
  }
  detach() {
    window.removeEventListener('resize', this.onResize);
    window.removeEventListener('keydown', this.onKey);
  }
  onResize = () => {};
  onKey = () => {};
}
`,
    ],
    [
      'ends as the code beside it does',
      'ts',
      'endBeside',
      `
import { EventEmitter } from 'node:events';
export class A {
  constructor(private readonly source: EventEmitter) {}
  attach() {
    this.source.on('open', this.onOpen);
    this.source.on('shut', this.onShut);
  }
  detach() {
    const { source } = this;
    source.removeListener('open', this.onOpen);
  }
  onOpen = () => {};
  onShut = () => {};
}
`,
      `
import { EventEmitter } from 'node:events';
export class A {
  constructor(private readonly source: EventEmitter) {}
  attach() {
    this.source.on('open', this.onOpen);
    this.source.on('shut', this.onShut);
  }
  detach() {
    const { source } = this;
    source.removeListener('open', this.onOpen);
    source.removeListener('shut', this.onShut);
  }
  onOpen = () => {};
  onShut = () => {};
}
`,
    ],
    [
      'gives two inline functions one name',
      'ts',
      'fixNearMiss',
      `
export function f(onX: () => void) {
  window.addEventListener('x', () => onX());
  return () => window.removeEventListener('x', () => onX());
}
`,
      `
export function f(onX: () => void) {
  const onX2 = () => onX();
  window.addEventListener('x', onX2);
  return () => window.removeEventListener('x', onX2);
}
`,
    ],
    [
      'binds once for both calls',
      'ts',
      'fixNearMiss',
      `
export class A {
  private n = 0;
  attach() {
    document.addEventListener('keydown', this.onKey.bind(this), true);
  }
  detach() {
    document.removeEventListener('keydown', this.onKey.bind(this), true);
  }
  onKey(e: KeyboardEvent) { this.n++; }
}
`,
      `
export class A {
  private n = 0;
  private readonly boundOnKey = this.onKey.bind(this);
  attach() {
    document.addEventListener('keydown', this.boundOnKey, true);
  }
  detach() {
    document.removeEventListener('keydown', this.boundOnKey, true);
  }
  onKey(e: KeyboardEvent) { this.n++; }
}
`,
    ],
    [
      'removes with the same capture',
      'ts',
      'fixNearMiss',
      `
export class A {
  attach() {
    document.addEventListener('keydown', this.onKey);
  }
  detach() {
    document.removeEventListener('keydown', this.onKey, true);
  }
  onKey = (e: KeyboardEvent) => { };
}
`,
      `
export class A {
  attach() {
    document.addEventListener('keydown', this.onKey);
  }
  detach() {
    document.removeEventListener('keydown', this.onKey);
  }
  onKey = (e: KeyboardEvent) => { };
}
`,
    ],
    [
      'ends when a signal aborts',
      'ts',
      'endOnSignal',
      `
import { EventEmitter } from 'node:events';
export const bus = new EventEmitter();
export async function f(signal: AbortSignal) {
  bus.on('level', () => {});
  window.addEventListener('resize', () => {}, { passive: true });
  const t = setInterval(() => {}, 10);
}
`,
      `
import { EventEmitter } from 'node:events';
export const bus = new EventEmitter();
export async function f(signal: AbortSignal) {
  const onLevel = () => {};
  bus.on('level', onLevel);
  signal.addEventListener('abort', () => bus.off('level', onLevel), { once: true });
  window.addEventListener('resize', () => {}, { passive: true });
  const t = setInterval(() => {}, 10);
}
`,
    ],
    [
      'ends before it starts again',
      'ts',
      'clearFirst',
      `
export class A {
  private timer?: NodeJS.Timeout;
  configure(ms: number) {
    if (ms > 0) this.timer = setInterval(() => {}, ms);
  }
  configure2(ms: number) {
    this.timer = setInterval(() => {}, ms);
  }
  stop() { clearInterval(this.timer); }
}
`,
      `
export class A {
  private timer?: NodeJS.Timeout;
  configure(ms: number) {
    if (ms > 0) this.timer = setInterval(() => {}, ms);
  }
  configure2(ms: number) {
    clearInterval(this.timer);
    this.timer = setInterval(() => {}, ms);
  }
  stop() { clearInterval(this.timer); }
}
`,
    ],
    [
      'ends a debounce before it starts again',
      'ts',
      'clearFirst',
      `
export function debounce(f: () => void, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer = setTimeout(f, ms);
  };
}
`,
      `
export function debounce(f: () => void, ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(f, ms);
  };
}
`,
    ],
  ])('%s', (_, language, messageId, before, after) => {
    expect(firstOf(language, before)).toEqual({ messageId, text: after.slice(1) });
  });
});

describe('no edit', () => {
  it.each([
    ['where nothing can be put before the start', 'if (on) setInterval(work, 10);\n  await load();'],
    ['on one line', 'const timer = setInterval(work, 10); await load(); clearInterval(timer);'],
    [
      'where a promise would be returned before it settles',
      'const timer = setInterval(work, 10);\n  work();\n  throw load();',
    ],
    [
      'where an end is followed by more on its own way',
      'const timer = setInterval(work, 10);\n  if (on) {\n    clearInterval(timer);\n    await load();\n  }\n  await load();\n  clearInterval(timer);',
    ],
  ])('%s', (_, body) => {
    expect(
      suggestionsFor(
        'ts',
        `declare const on: boolean, work: () => void, load: () => Promise<void>;\nexport async function run() {\n  ${body}\n}\n`,
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'of which a field would hold the last one only',
      "for (const target of targets) target.addEventListener('change', () => this.level++);",
    ],
    [
      'of a method that runs again',
      "const [target] = targets;\n    target?.addEventListener('change', () => this.level++);",
    ],
    ['that asks its target for more', "other?.addEventListener('change', () => console.log(other.dispatchEvent));"],
  ])('for a listener %s', (_, body) => {
    const text = `export class Meter {\n  level = 0;\n  observe(targets: EventTarget[], other?: EventTarget) {\n    ${body}\n  }\n  close() {}\n}\n`;
    expect(suggestionsFor('ts', text)).toEqual([]);
  });

  it.each([
    ['a value', 'let level = 0;\n  navigator.geolocation.watchPosition(() => level++);\n  return () => level;'],
    [
      'nothing on one way',
      'if (!navigator.geolocation) return;\n  navigator.geolocation.watchPosition(console.log);\n  return () => {};',
    ],
    [
      'something that takes more',
      'navigator.geolocation.watchPosition(console.log);\n  return (level: number) => {\n    console.log(level);\n  };',
    ],
  ])('where a function returns a function of its own use: %s', (_, body) => {
    expect(suggestionsFor('ts', `export function track() {\n  ${body}\n}\n`)).toEqual([]);
  });

  it('where the compiler is told to look away', () => {
    const text = (comment: string) =>
      `import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter<{ level: [] }>();\nexport class Meter {\n  read = () => {};\n  start() {\n    ${comment}\n    bus.on('level', this.read);\n  }\n  stop() {}\n}\n`;
    expect(suggestionsFor('ts', text('// level'))).toHaveLength(1);
    expect(suggestionsFor('ts', text('// @ts-expect-error level'))).toEqual([]);
  });

  it('that gives a signal to its own listener', () => {
    const text =
      "export async function wait(signal: AbortSignal, work: Promise<void>) {\n  signal.addEventListener('abort', () => console.log('gone'));\n  await work;\n}\n";
    expect(suggestionsFor('ts', text).map(({ messageId }) => messageId)).not.toContain('passSignal');
  });

  it('that gives one signal to the listener of another', () => {
    const text =
      "export function merged(one: AbortSignal, other: AbortSignal) {\n  const both = new AbortController();\n  const abort = () => both.abort();\n  one.addEventListener('abort', abort, { once: true });\n  other.addEventListener('abort', abort, { once: true });\n  return both.signal;\n}\n";
    expect(suggestionsFor('ts', text).map(({ messageId }) => messageId)).not.toContain('passSignal');
  });

  it('where a promise settles after its executor has returned', () => {
    const text =
      "export const load = (signal: AbortSignal, ready: Promise<void>) =>\n  new Promise<void>(async (resolve) => {\n    const stop = () => resolve();\n    signal.addEventListener('abort', stop);\n    await ready;\n    window.onload = stop;\n  });\n";
    expect(suggestionsFor('ts', text).map(({ messageId }) => messageId)).not.toContain('endInFinally');
  });

  it('for a listener whose type cannot be written', () => {
    const text =
      "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nexport class Meter {\n  level = 0;\n  start() {\n    bus.on('level', (level) => {\n      this.level = level;\n    });\n  }\n  stop() {}\n}\n";
    expect(suggestionsFor('ts', text)).toEqual([]);
  });
});

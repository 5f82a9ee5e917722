import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { lint, type Rules } from '../support/lint.js';
import { createProject } from '../support/project.js';

/**
 * Leaks that guides to Go's concurrency warn of, translated word for word. Each names the rule that reports a line at
 * the line's end.
 */
const SAMPLES: Readonly<Record<string, string>> = {
  'the work goes on after the select has chosen the timeout': `
    import { setTimeout as sleep } from 'node:timers/promises';
    const late = (ms: number) => sleep(ms).then(() => { throw new Error('timeout'); });
    export async function call(url: string) {
      const response = await Promise.race([fetch(url), late(5_000)]); // ✗ no-leaky-races
      return response.text();
    }`,
  'time.After in a loop arms one more timer in each round': `
    import { setTimeout as after } from 'node:timers/promises';
    export async function receive(next: () => Promise<string>, handle: (message: string) => void) {
      for (let message: string | null = ''; message !== null; ) {
        message = await Promise.race([next(), after(60_000, null)]); // ✗ no-leaky-races
        if (message !== null) handle(message);
      }
    }`,
  'the loser of a select on a timer created by hand': `
    export function within<T>(work: Promise<T>, ms: number) {
      const timeout = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error('timeout')), ms);
      });
      return Promise.race([work, timeout]); // ✗ no-leaky-races
    }`,
  'a poller never reads the body': `
    import { setTimeout as sleep } from 'node:timers/promises';
    export async function poll(url: string, signal: AbortSignal) {
      while (!signal.aborted) {
        const response = await fetch(url, { signal }); // ✗ no-abandoned-iterators
        if (!response.ok) throw new Error(response.statusText);
        await sleep(500, undefined, { signal });
      }
    }`,
  'a monitor without a stop': `
    import { setTimeout as sleep } from 'node:timers/promises';
    export class Monitor {
      healthy = true;
      start() {
        this.watch().catch(() => (this.healthy = false));
      }
      private async watch() {
        for (;;) { // ✗ no-unabortable-loops
          await fetch('http://localhost/health').then((response) => response.text());
          await sleep(1_000);
        }
      }
    }`,
  'senders block when the receivers leave': `
    export class Channel<T> {
      #senders: (() => void)[] = [];
      #values: T[] = [];
      send(value: T) {
        this.#values.push(value);
        return new Promise<void>((resolve) => { // ✗ no-unsettled-promises
          this.#senders.push(resolve);
        });
      }
      receive() {
        this.#senders.shift()?.();
        return this.#values.shift();
      }
      close() {
        this.#values = [];
        this.#senders = [];
      }
    }`,
  'the forgotten senders: the first answer of all replicas': `
    export function first(replicas: readonly string[]) {
      return Promise.any(replicas.map((replica) => fetch(replica))); // ✗ no-leaky-races ✗ no-unbounded-fanout
    }`,
  'the siblings of an errgroup without a context run on': `
    async function load(url: string, signal?: AbortSignal) {
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    }
    export async function page() {
      const [user, feed] = await Promise.all([load('/user'), load('/feed')]); // ✗ no-leaky-races
      return { user, feed };
    }`,
  'the cancel of a context is lost on a path': `
    async function watch(seen: string[], signal: AbortSignal) {
      while (!signal.aborted) seen.push(await (await fetch('/events', { signal })).text());
    }
    export async function process(path: string) {
      const seen: string[] = [];
      const controller = new AbortController(); // ✗ no-lost-abort-controllers
      watch(seen, controller.signal).catch(() => seen.push('stopped'));
      const text = await (await fetch(path)).text();
      if (text === '') return seen;
      controller.abort();
      return seen;
    }`,
  'nobody keeps the cancel of a context': `
    async function watch(signal: AbortSignal) {
      while (!signal.aborted) await (await fetch('/events', { signal })).text();
    }
    export function follow() {
      watch(new AbortController().signal).catch(() => undefined); // ✗ no-lost-abort-controllers
    }`,
  'a worker ignores its context': `
    import { setTimeout as sleep } from 'node:timers/promises';
    export async function worker(jobs: (() => Promise<void>)[], signal: AbortSignal) {
      while (true) { // ✗ no-unabortable-loops
        await jobs.shift()?.();
        await sleep(10);
      }
    }`,
  'a request that is not made with the context': `
    export async function get(url: string, signal: AbortSignal) {
      signal.throwIfAborted();
      const response = await fetch(url); // ✗ no-ignored-signals
      return response.text();
    }`,
  'one goroutine for each item': `
    async function store(row: string) {
      await fetch('/rows', { method: 'POST', body: row }).then((response) => response.text());
    }
    export async function storeAll(rows: readonly string[]) {
      const stored: Promise<void>[] = [];
      for (const row of rows) {
        stored.push(store(row)); // ✗ no-unbounded-fanout
      }
      await Promise.all(stored);
    }`,
  'a ticker that nobody stops': `
    export function report(signal: AbortSignal) {
      setInterval(() => console.log('alive'), 1_000); // ✗ no-leaked-intervals
      signal.throwIfAborted();
    }`,
  'the mutex stays locked on an early return': `
    import { Mutex } from 'async-mutex';
    const mutex = new Mutex();
    const balances = new Map<string, number>();
    export async function withdraw(account: string, amount: number) {
      const release = await mutex.acquire(); // ✗ no-leaked-locks
      const balance = balances.get(account) ?? 0;
      if (balance < amount) return false;
      balances.set(account, balance - amount);
      release();
      return true;
    }`,
  'a wait group misses the Done of what fails': `
    class WaitGroup {
      #left = 0;
      #waiting: (() => void)[] = [];
      add() {
        this.#left += 1;
      }
      done() {
        this.#left -= 1;
        if (this.#left === 0) for (const resume of this.#waiting.splice(0)) resume();
      }
      wait() {
        return this.#left === 0 ? Promise.resolve() : new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    }
    async function fetchOne(url: string, group: WaitGroup) {
      group.add(); // ✗ no-unsettled-promises
      const response = await fetch(url);
      await response.text();
      group.done();
    }
    export async function fetchBoth(one: string, other: string) {
      const group = new WaitGroup();
      const both = [fetchOne(one, group), fetchOne(other, group)];
      await group.wait();
      return Promise.allSettled(both);
    }`,
  'the error of a goroutine goes nowhere': `
    async function audit(entry: string) {
      const response = await fetch('/audit', { method: 'POST', body: entry });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
    }
    export function remove(id: string) {
      audit('removed ' + id); // ✗ no-floating-promises
      return id;
    }`,
};

const { rules } = plugin.configs.strict as { readonly rules: Rules };
const named = Object.entries(SAMPLES).map(([title, text], at) => [title, { name: `go/${at}.ts`, text }] as const);
const program = createProject(named.map(([, source]) => source));

describe.each([
  ['untyped', undefined],
  ['typed', program],
] as const)('%s', (_mode, types) => {
  it.each(named)('%s', (_title, source) => {
    const marks = source.text.split('\n').flatMap((line, at) =>
      line
        .split(' ✗ ')
        .slice(1)
        .map((rule) => `${at + 1} async-leaks/${rule}`),
    );
    expect(marks.length).toBeGreaterThan(0);
    expect(
      lint(source, rules, types)
        .map(({ line, ruleId }) => `${line} ${ruleId}`)
        .sort(),
    ).toEqual(marks.sort());
  });
});

import rule from '../../rules/no-leaked-locks.js';
import { bad, good, tester } from '../support/rule-tester.js';

tester.run('no-leaked-locks', rule as never, {
  valid: [
    good(
      `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function go() { const release = await mutex.acquire(); try { await work(); } finally { release(); } }`,
    ),
    good(
      `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function go() { await mutex.acquire(); try { await work(); } finally { mutex.release(); } }`,
    ),
    good(
      `const { Mutex } = require('async-mutex'); const m = new Mutex(); async function go() { const done = await m.acquire(); done(); }`,
    ),
    good(
      `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function go() { let release; try { release = await mutex.acquire(); await work(); } finally { release?.(); } }`,
    ),
    good(
      'class A { acquire() { return this.lock.acquire(); } async go() { const release = await this.acquire(); await work(release); } }',
    ),
    good('new Promise((resolve) => { resolve(1); });'),
    good('new Promise(() => {});'),
    good(
      'async function go() { const { promise, resolve } = Promise.withResolvers(); if (!ready) return; resolve(); return promise; }',
    ),
    good(`navigator.locks.request('a', async () => navigator.locks.request('b', work));`),
  ],
  invalid: [
    bad(
      `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function go() { const release = await mutex.acquire(); await work(); release(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function go() { await mutex.acquire(); await work(); mutex.release(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `import { Mutex as Lock } from 'async-mutex'; const lock = new Lock(); async function go() { const free = await lock.acquire(); if (busy) return; free(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      'class A { acquire() { return this.lock.acquire(); } async go() { const release = await this.acquire(); await work(); release(); } }',
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `const { Mutex } = require('async-mutex'); const m = new Mutex(); async function go() { const done = await m.acquire(); for (const x of y) { if (x) continue; } throw new Error(); }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(
      `class Q { async go(work) { const before = this.tail; const { promise, resolve } = Promise.withResolvers(); this.tail = promise; await before; await work(); resolve(); } }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(`navigator.locks.request('a', async () => { await navigator.locks.request('a', work); });`, 'takenTwice'),
    bad(
      `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); async function inner() { await mutex.runExclusive(work); } async function outer() { const release = await mutex.acquire(); try { await inner(); } finally { release(); } }`,
      'takenTwice',
    ),
    bad(
      `async function go(stream: ReadableStream) { const reader = stream.getReader(); const { value } = await reader.read(); return value; }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(
      `import { createPool } from 'mysql2/promise'; const pool = createPool({}); async function go() { const c = await pool.getConnection(); await c.query('select 1'); c.release(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
  ],
});

import rule from '../../rules/no-leaked-resources.js';
import { bad, good, strict, tester } from '../support/rule-tester.js';

tester.run('no-leaked-resources', rule as never, {
  valid: [
    good(
      `import { Worker } from 'node:worker_threads'; async function go() { const w = new Worker(f); try { await run(w.threadId); } finally { w.terminate(); } }`,
    ),
    good(`import { Worker } from 'node:worker_threads'; const w = new Worker(f);`),
    good(`import { Worker } from 'node:worker_threads'; function go() { const w = new Worker(f); list.push(w); }`),
    good(
      `import { Worker } from 'node:worker_threads'; async function go() { await using w = new Worker(f); w.postMessage(1); }`,
    ),
    good(
      `import { Worker } from 'node:worker_threads'; function go(Worker) { const w = new Worker(f); w.postMessage(1); }`,
    ),
    good('class Worker {} function go() { const w = new Worker(); w.postMessage(1); }'),
    good('function go() { const o = new MutationObserver(f); }'),
    good('function go(b) { return URL.createObjectURL(b); }'),
    good(
      `import { openSync, readSync, closeSync } from 'node:fs'; function go(p, b) { const fd = openSync(p); readSync(fd, b); closeSync(fd); }`,
    ),
    good(`import { createServer } from 'node:http'; export const server = createServer(f).listen(80);`),
    good(
      `import { createClient } from 'redis'; async function go() { const c = await createClient().connect(); try { await c.get('a'); } finally { await c.close(); } }`,
    ),
  ],
  invalid: [
    bad(
      `import { Worker } from 'node:worker_threads'; async function go() { const w = new Worker(f); w.postMessage(1); }`,
      'neverEnded',
    ),
    bad(`import { Worker } from 'node:worker_threads'; function go() { new Worker(f); }`, 'handleDropped'),
    {
      code: 'function go() { new WebSocket(f); }',
      errors: [
        {
          message:
            'Nothing keeps what `WebSocket` returned, so nobody can close it after `go` ends. Keep it and call `socket.close()` in the code that ends it.',
        },
      ],
    },
    bad(
      `const { Worker: Thread } = require('worker_threads'); function go() { const w = new Thread(f); w.postMessage(1); }`,
      'neverEnded',
    ),
    bad(`class A { #o = new ResizeObserver(f); open(e) { this.#o.observe(e); } dispose() {} }`, 'notInTeardown', {
      suggestions: 1,
    }),
    bad(
      `import { openSync, readSync } from 'node:fs'; function go(p, b) { const fd = openSync(p); readSync(fd, b); }`,
      'neverEnded',
    ),
    bad(
      `import Redis from 'ioredis'; async function go() { const c = new Redis(); await c.get('a'); await c.quit(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `import { createClient } from 'redis'; async function go() { const c = await createClient().connect(); await c.get('a'); }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(
      `import { createServer } from 'node:http'; class A { open() { createServer(f).listen(80); } close() {} }`,
      'handleDropped',
      { suggestions: 1 },
    ),
    bad(`import { createServer } from 'node:http'; function go() { createServer(f).listen(80); }`, 'handleDropped', {
      options: strict,
    }),
    bad(
      `import * as vscode from 'vscode'; class A { #a = new vscode.EventEmitter(); #b = new vscode.EventEmitter(); dispose() { this.#a.dispose(); } }`,
      'notInTeardown',
      { options: strict, suggestions: 1 },
    ),
  ],
});

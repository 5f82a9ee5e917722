import rule from '../../rules/no-lost-abort-controllers.js';
import { bad, good, tester } from '../support/rule-tester.js';

tester.run('no-lost-abort-controllers', rule as never, {
  valid: [
    good(
      'const work = async (signal) => {}; const all = []; async function go() { const c = new AbortController(); await work(c.signal); }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; async function go() { const c = new AbortController(); const p = work(c.signal); await p; }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; async function go() { const c = new AbortController(); await Promise.all([work(c.signal), work(c.signal)]); }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); all.push(work(c.signal)); return c; }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); all.push(work(c.signal)); register(c); }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); all.push(work(c.signal)); onEnd(c.abort.bind(c)); }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); all.push(work(c.signal)); try { run(); } finally { c.abort(); } }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; function go(stop) { const c = new AbortController(); all.push(work(c.signal)); if (stop) c.abort(); else c.abort(new Error()); }',
    ),
    good(
      'const work = async (signal) => {}; const all = []; function go() { let c; c = new AbortController(); all.push(work(c.signal)); c.abort(); }',
    ),
    good('function go() { const c = new AbortController(); return c.signal.aborted; }'),
    good('function go(AbortController) { work(new AbortController().signal); }'),
  ],
  invalid: [
    bad(
      `const work = async (signal) => {}; const all = []; function go() { all.push(work(new AbortController().signal)); }`,
      'handleDropped',
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go() { const { signal } = new AbortController(); all.push(work(signal)); }`,
      'handleDropped',
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); const { signal } = c; all.push(work(signal)); }`,
      'neverEnded',
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); const options = { signal: c.signal }; all.push(fetch(u, options)); }`,
      'neverEnded',
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go() { const c = new AbortController(); all.push(work(AbortSignal.any([c.signal, other]))); }`,
      'neverEnded',
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go(stop) { const c = new AbortController(); all.push(work(c.signal)); if (stop) c.abort(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go(n) { const c = new AbortController(); all.push(work(c.signal)); switch (n) { case 1: c.abort(); break; case 2: c.abort(); } }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `const work = async (signal) => {}; const all = []; function go(n) { const c = new AbortController(); all.push(work(c.signal)); for (const x of n) { if (x) return; } c.abort(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `const work = async (signal) => {}; const all = []; async function go() { const c = new AbortController(); all.push(work(c.signal)); try { await run(); c.abort(); } catch {} }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `class A { #c = new AbortController(); go() { fetch(u, { signal: this.#c.signal }).catch(log); } destroy() {} }`,
      'notInTeardown',
      { suggestions: 1 },
    ),
  ],
});

import rule from '../../rules/no-unabortable-loops.js';
import { strict, tester } from '../support/rule-tester.js';

const found = (messageId: string, [suggested, output]: [string, string]) => ({
  messageId,
  suggestions: [{ messageId: suggested, output }],
});

tester.run('no-unabortable-loops', rule as never, {
  valid: [
    'while (true) work();',
    'await work(); while (true) await work();',
    'function go() { while (true) { (async () => { await work(); })(); } }',
    { code: 'async function go(token) { while (!token.isCancellationRequested) await work(); }', options: strict },
    { code: 'async function go(token) { while (true) await work(token); }', options: strict },
    { code: 'async function go(options) { while (true) await work(options); }', options: strict },
    { code: 'async function go() { for await (const one of one) await work(one); }', options: strict },
    { code: "test('x', async () => { while (true) await work(); });", options: strict },
    { code: 'async function* go(signal: AbortSignal) { while (true) { yield await work(); } }', options: strict },
    'export async function start() { while (true) await work(); }',
    'async function go() { while (true) { checkOpen(); await work(); } }',
    {
      code: 'async function go(signal: AbortSignal, n = 0) { if (signal.aborted) return; await work(); return go(signal, n + 1); }',
      options: strict,
    },
  ],
  invalid: [
    {
      code: 'async function go() { while (true) await work(); }',
      errors: [
        found('neverEnds', [
          'addSignal',
          'async function go(signal) { while (true) {\n  signal?.throwIfAborted();\n  await work();\n} }',
        ]),
      ],
    },
    { code: 'const go = async (...all) => { while (true) await work(all); };', errors: [{ messageId: 'neverEnds' }] },
    {
      code: 'export async function start() { while (true) await work(); }',
      options: strict,
      errors: [{ messageId: 'neverEnds', suggestions: 1 }],
    },
    {
      code: 'async function go() { while (true) { checkOpen(); await work(); } }',
      options: strict,
      errors: [{ messageId: 'neverEnds', suggestions: 1 }],
    },
    {
      code: 'async function go(signal: AbortSignal, n = 0) { await work(n); return go(signal, n + 1); }',
      errors: [
        found('callsItself', [
          'checkSignal',
          'async function go(signal: AbortSignal, n = 0) { signal.throwIfAborted(); await work(n); return go(signal, n + 1); }',
        ]),
      ],
    },
    {
      code: 'class A { #on = true; async go() { while (this.#on) { await work(); } } [Symbol.dispose]() {} }',
      errors: [
        found('conditionStays', [
          'setFlag',
          'class A { #on = true; async go() { while (this.#on) { await work(); } } [Symbol.dispose]() { this.#on = false;} }',
        ]),
      ],
    },
    // A class that cannot be stopped takes the signal in the method.
    {
      code: 'class A { #on = true; async go() { while (this.#on) { await work(); } } }',
      errors: [{ messageId: 'conditionStays', suggestions: 1 }],
    },
    {
      code: 'while (true) { await work(); async function go() { for (;;) await work(); } }',
      errors: [{ messageId: 'neverEnds', suggestions: 1 }],
    },
    {
      code: 'async function go(signal: AbortSignal) { do { await work(); } while (busy()); }',
      errors: [{ messageId: 'ignoresSignal', suggestions: 1 }],
    },
  ],
});

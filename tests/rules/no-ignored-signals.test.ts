import rule from '../../rules/no-ignored-signals.js';
import { strict, tester } from '../support/rule-tester.js';

tester.run('no-ignored-signals', rule as never, {
  valid: [
    { code: 'export async function go(options: RequestInit = {}) { return fetch(url, options); }', options: strict },
    {
      code: 'export async function go({ signal = never }: { signal?: AbortSignal }) { return fetch(url, { signal }); }',
      options: strict,
    },
    { code: "test('x', async ({ signal }) => { await fetch(url); signal.throwIfAborted(); });", options: strict },
    {
      code: 'async function go(signal: AbortSignal) { for (const one of list) { check(signal); await work(one); } }',
      options: strict,
    },
    {
      code: 'async function go(signal: AbortSignal) { const look = () => signal.throwIfAborted(); for (const one of list) { look(); await work(one); } }',
      options: strict,
    },
    {
      code: 'async function* go(signal: AbortSignal) { for (const one of list) yield await work(one); }',
      options: strict,
    },
    // The name alone says little: `strict` asks.
    'async function go(signal) { await fetch(url); }',
    'async function go(signal: AbortSignal, init) { await fetch(url, init); }',
    'async function go(signal: AbortSignal) { const response = await fetch(url, { signal }); for (const one of await response.json()) await work(one); }',
  ],
  invalid: [
    {
      code: 'async function go(signal) { await fetch(url); }',
      options: strict,
      errors: [{ messageId: 'notPassed', suggestions: 1 }],
    },
    {
      code: 'const go = async ({ options: { signal }, url }: { options: { signal: AbortSignal } }) => { signal.throwIfAborted(); };\nclass A { async go(signal: AbortSignal) { return await fetch(url as string, ({ method } as RequestInit)); } }',
      errors: [
        {
          messageId: 'notPassed',
          suggestions: [
            {
              messageId: 'passSignal',
              output:
                'const go = async ({ options: { signal }, url }: { options: { signal: AbortSignal } }) => { signal.throwIfAborted(); };\nclass A { async go(signal: AbortSignal) { return await fetch(url as string, ({ method, signal } as RequestInit)); } }',
            },
          ],
        },
      ],
    },
    {
      code: 'async function go({ retries }: { retries: number; signal?: AbortSignal }) { for (const one of list) await work(one); }',
      errors: [
        {
          messageId: 'leftOut',
          suggestions: [
            {
              messageId: 'takeSignal',
              output:
                'async function go({ retries, signal }: { retries: number; signal?: AbortSignal }) { for (const one of list) {\n  signal?.throwIfAborted();\n  await work(one);\n} }',
            },
          ],
        },
      ],
    },
    {
      code: 'async function go(signal: AbortSignal) { const { signal: own } = new AbortController(); const inner = new AbortController(); await fetch(url, { signal: inner.signal }); }',
      errors: [{ messageId: 'notLinked', suggestions: 1 }],
    },
    {
      code: 'async function go(signal: AbortSignal) { for (const one of list) { for (const two of one) { await work(two); } } }',
      errors: [{ messageId: 'notChecked', suggestions: 1 }],
    },
  ],
});

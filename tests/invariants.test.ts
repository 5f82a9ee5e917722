import { AST_NODE_TYPES } from '@typescript-eslint/utils';
import type { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { everyNode, starts, unseen } from './support/every-node.js';
import { allRules, apply, lint, parse, runs, sourceOf, strictRules } from './support/lint.js';
import { pageNames, parsePage, readPage, type Block, type Mode } from './support/pages.js';
import { createProject, typeErrors, type Source } from './support/project.js';
import { crlf, tabbed, truncations, unended } from './support/variations.js';

type Finding = Linter.LintMessage;
interface Result {
  readonly finding: Finding;
  readonly source: Source;
}

for (const page of pageNames()) {
  const blocks = parsePage(page, readPage(page));
  const badBlocks = blocks.filter(({ kind }) => kind === 'bad');
  const badRuns = runs(badBlocks);

  const cuts = once(() => new Map(badBlocks.map((block) => [block, truncationsOf(block)])));
  const program = once(() =>
    createProject([
      ...blocks.map((block) => sourceOf(block)),
      ...badBlocks.flatMap((block) => [crlfOf(block), tabbedOf(block), ...cuts().get(block)!]),
    ]),
  );
  const find = (source: Source, block: Block, mode: Mode) =>
    lint(source, strictRules(block), mode === 'typed' ? program() : undefined);

  // The results of all suggestions of a page go into one more program; one for each would take minutes.
  const results = (block: Block, mode: Mode) => resultsOf(block, mode, find(sourceOf(block), block, mode));
  const repaired = once(() =>
    createProject(badBlocks.flatMap((block) => results(block, 'typed').map(({ source }) => source))),
  );

  for (const { title, block, mode } of runs(blocks)) {
    describe(title, () => {
      const findings = once(() => find(sourceOf(block), block, mode));

      it('has findings that an editor shows well', () => {
        for (const finding of findings()) expectWellFormed(finding);
        expectDisjoint(findings());
      });

      it('has the same findings in a second run', () => {
        expect(find(sourceOf(block), block, mode)).toEqual(findings());
      });

      if (block.typed || mode === 'untyped') return;
      it('has no fewer findings with types than without', () => {
        expect(places(findings())).toEqual(expect.arrayContaining(places(find(sourceOf(block), block, 'untyped'))));
      });
    });
  }

  for (const { title, block, mode } of badRuns) {
    describe(title, () => {
      it('is repaired by each suggestion', () => {
        const before = find(sourceOf(block), block, mode);
        for (const { finding, source } of results(block, mode)) {
          expectSameComments(sourceOf(block), source);
          const after = lint(source, strictRules(block), mode === 'typed' ? repaired() : undefined);
          expectRepaired(finding, before, after, source.text);
          if (mode === 'typed') {
            const newErrors = without(typeErrors(repaired(), source.name), typeErrors(program(), sourceOf(block).name));
            expect(newErrors, source.text).toEqual([]);
          }
        }
      });

      it('has the same findings and suggestions with CRLF', () => {
        const expected = outcome(sourceOf(block), find(sourceOf(block), block, mode), crlf);
        expect(outcome(crlfOf(block), find(crlfOf(block), block, mode))).toEqual(expected);
      });

      it('has the same findings and suggestions with tabs', () => {
        const expected = outcome(sourceOf(block), find(sourceOf(block), block, mode), tabbed);
        expect(outcome(tabbedOf(block), find(tabbedOf(block), block, mode))).toEqual(expected);
      });

      if (mode === 'untyped') {
        it('is repaired without semicolons where it has none', () => {
          const text = unended(sourceOf(block));
          const source = sourceOf(block, '-unended', text);
          const before = find(source, block, mode);
          for (const [at, { finding, source: after }] of resultsOf({ ...block, text }, mode, before).entries()) {
            expectRepaired(
              finding,
              before,
              lint({ ...after, name: sourceOf(block, `-unended-${at}`).name }, strictRules(block)),
              after.text,
            );
            expect(endedLines(after.text), after.text).toEqual(endedLines(text));
          }
        });
      }

      it('makes no rule throw when it is cut off', () => {
        for (const source of cuts().get(block)!) lint(source, allRules(), mode === 'typed' ? program() : undefined);
      });
    });
  }
}

describe('every node type', () => {
  const sources = Object.entries(everyNode).flatMap(([name, text]) =>
    starts.map((start, index): Source => {
      return { name: `every-node/${index}-${name}`, text: text.replaceAll('start()', start) };
    }),
  );
  const program = once(() => createProject(sources));

  it('is in the sources, but for those that no parser makes', () => {
    const seen = sources.flatMap((source) => [...nodeTypesOf(source)]);
    expect(new Set([...seen, ...Object.keys(unseen)])).toEqual(new Set(Object.values(AST_NODE_TYPES)));
    expect(seen.filter((type) => type in unseen)).toEqual([]);
  });

  for (const source of sources) {
    it(`${source.name} makes no rule throw`, () => {
      for (const types of [undefined, program()]) {
        expect(lint(source, allRules(), types).filter(({ fatal }) => fatal)).toEqual([]);
      }
    });
  }
});

/** Asked often, computed on first use. */
function once<T>(compute: () => T): () => T {
  let value: { readonly it: T } | undefined;
  return () => (value ??= { it: compute() }).it;
}

function crlfOf(block: Block): Source {
  return sourceOf(block, '-crlf', crlf(block.text));
}

function tabbedOf(block: Block): Source {
  return sourceOf(block, '-tabbed', tabbed(block.text));
}

function truncationsOf(block: Block): Source[] {
  return truncations(sourceOf(block), 20).map((text, index) => sourceOf(block, `-cut-${index}`, text));
}

function resultsOf(block: Block, mode: Mode, findings: readonly Finding[]): Result[] {
  return findings.flatMap((finding, row) =>
    (finding.suggestions ?? []).map((suggestion, column) => ({
      finding,
      source: sourceOf(block, `-${mode}-${row}-${column}`, apply(block.text, suggestion)),
    })),
  );
}

function expectWellFormed({ message, line, endLine = line, suggestions = [] }: Finding): void {
  expect(message).not.toContain('{{');
  expect(message).toMatch(/\.$/);
  expect(endLine, `\`${message}\` is one line of squiggles`).toBe(line);
  expect(suggestions.length).toBeLessThanOrEqual(3);
  for (const { desc } of suggestions) {
    expect(desc).not.toContain('{{');
    expect(desc).not.toMatch(/\.$/);
  }
}

/** With overlapping findings of one rule an editor's menu applies the wrong suggestion. */
function expectDisjoint(findings: readonly Finding[]): void {
  const sorted = findings.toSorted(
    (a, b) => String(a.ruleId).localeCompare(String(b.ruleId)) || a.line - b.line || a.column - b.column,
  );
  sorted.forEach((finding, index) => {
    const last = sorted[index - 1];
    if (last?.ruleId !== finding.ruleId || last.line !== finding.line) return;
    const overlap = `\`${finding.message}\` overlaps \`${last.message}\``;
    expect(finding.column, overlap).toBeGreaterThanOrEqual(last.endColumn!);
  });
}

function expectRepaired(finding: Finding, before: readonly Finding[], after: readonly Finding[], text: string): void {
  expect(after.find(({ fatal }) => fatal)?.message, text).toBeUndefined();
  const rules = new Set(after.map(({ ruleId }) => ruleId));
  const count = (findings: readonly Finding[], rule: string | null) =>
    findings.filter(({ ruleId }) => ruleId === rule).length;

  const own = finding.ruleId;
  expect(count(after, own), `${own} still finds it:\n${text}`).toBeLessThan(count(before, own));
  for (const rule of rules) {
    expect(count(after, rule), `${rule} finds more:\n${text}`).toBeLessThanOrEqual(count(before, rule));
  }
}

function expectSameComments(before: Source, after: Source): void {
  expect(without(commentsOf(before), commentsOf(after)), after.text).toEqual([]);
}

/** The lines that end with a semicolon. */
function endedLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.endsWith(';'));
}

/** Without their indentation, which may change. */
function commentsOf(source: Source): string[] {
  return parse(source)
    .getAllComments()
    .map(({ value }) => value.replace(/\s+/g, ' '));
}

function places(findings: readonly Finding[]): string[] {
  return findings.map(({ ruleId, messageId, line }) => `${line} ${ruleId} ${messageId}`);
}

/** What a user sees of the findings, apart from columns; `rewrite` says how the results are written. */
function outcome({ text }: Source, findings: readonly Finding[], rewrite = (result: string) => result): object[] {
  return findings.map(({ ruleId, messageId, line, message, suggestions = [] }) => ({
    ruleId,
    messageId,
    line,
    message,
    suggestions: suggestions.map((suggestion) => [suggestion.desc, rewrite(apply(text, suggestion))]),
  }));
}

/** What is left of `these` when each of `those` takes away one that equals it. */
function without<T>(these: readonly T[], those: readonly T[]): T[] {
  const left = [...these];
  for (const one of those) if (left.includes(one)) left.splice(left.indexOf(one), 1);
  return left;
}

function nodeTypesOf(source: Source): Set<string> {
  const { ast, visitorKeys } = parse(source);
  const types = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isNode(node)) return;
    types.add(node.type);
    for (const key of visitorKeys[node.type] ?? []) visit(node[key]);
  };
  visit(ast);
  return types;
}

function isNode(value: unknown): value is Record<string, unknown> & { type: string } {
  return typeof value === 'object' && value !== null && 'type' in value;
}

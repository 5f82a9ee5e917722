import type { ESLint } from 'eslint';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clean, folderWith, leak, read, runIn } from './support.js';

test('stylish shows the place and numbers what can be done', () => {
  const { stdout } = runIn(folderWith({ 'src/a.ts': leak }), 'src');
  expect(stdout).toMatch(/^src\/a\.ts:6:3 {2}async-leaks\/no-floating-promises\n {2}\S.*\n\n/);
  expect(stdout).toContain(
    [
      '    4 |',
      '    5 | export async function saveTwice(): Promise<void> {',
      '  > 6 |   save();',
      '      |   ^^^^',
    ].join('\n'),
  );
  expect(stdout).toContain('\n    8 | }\n\n  1. ');
  expect(stdout).toContain('\nasync-leaks/no-floating-promises  1\n1 finding in 1 of 1 file (');
});

test('stylish keeps the underline in place behind tabs and in long lines', () => {
  const padded = leak.replace('  save();', `\t/* ${'x'.repeat(300)} */ save();`);
  const { stdout } = runIn(folderWith({ 'a.ts': padded }), '.');
  const [line = '', underline = ''] = stdout
    .split('\n')
    .slice(stdout.split('\n').findIndex((text) => text.startsWith('  > ')));
  expect(line.length).toBeLessThan(140);
  expect(line.slice(underline.indexOf('^')).startsWith('save')).toBe(true);
});

test('json is the array of result objects of ESLint', () => {
  const folder = folderWith({ 'a.ts': leak, 'b.ts': clean, 'bad.ts': 'let = = 2;', 'dist/c.js': '' });
  const { status, stdout, stderr } = runIn(folder, '.', '--format', 'json');
  const results = JSON.parse(stdout) as ESLint.LintResult[];
  expect(results.map(({ errorCount, fatalErrorCount }) => [errorCount, fatalErrorCount])).toEqual([
    [1, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(results[0]).toMatchObject({
    filePath: expect.stringMatching(/a\.ts$/) as string,
    messages: [{ ruleId: 'async-leaks/no-floating-promises', severity: 2, line: 6, column: 3 }],
    source: leak,
  });
  expect(stderr).toContain('bad.ts:1:');
  expect(stderr).toContain('folder dist: 1');
  expect(status).toBe(1);
});

interface Sarif {
  version: string;
  runs: [
    {
      tool: { driver: { name: string; rules: { id: string; helpUri: string; shortDescription: { text: string } }[] } };
      originalUriBaseIds: Record<string, { uri: string }>;
      invocations: [{ executionSuccessful: boolean; toolExecutionNotifications: { message: { text: string } }[] }];
      results: SarifResult[];
    },
  ];
}
interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: [{ physicalLocation: { artifactLocation: Artifact; region: Region } }];
  fixes: {
    description: { text: string };
    artifactChanges: { artifactLocation: Artifact; replacements: Replacement[] }[];
  }[];
}
interface Artifact {
  uri: string;
  uriBaseId: string;
}
interface Region {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}
interface Replacement {
  deletedRegion: Region;
  insertedContent: { text: string };
}

test('sarif holds rules, places and suggestions', () => {
  const folder = folderWith({ 'my src/a#1.ts': leak, 'bad.ts': 'let = = 2;' });
  const { status, stdout } = runIn(folder, '.', '--format', 'sarif');
  const {
    version,
    runs: [run],
  } = JSON.parse(stdout) as Sarif;
  expect(version).toBe('2.1.0');
  expect(status).toBe(1);

  const { rules } = run.tool.driver;
  for (const { id, helpUri, shortDescription } of rules) {
    expect(id).toMatch(/^async-leaks\/(?:no|require)-/);
    expect(helpUri).toMatch(/^https:\/\//);
    expect(shortDescription.text).not.toBe('');
  }

  const [result] = run.results;
  expect(run.results).toHaveLength(1);
  expect(result).toMatchObject({ ruleId: 'async-leaks/no-floating-promises', level: 'error' });
  expect(rules[result!.ruleIndex]!.id).toBe(result!.ruleId);

  const { artifactLocation, region } = result!.locations[0].physicalLocation;
  expect(artifactLocation.uri).toBe('my%20src/a%231.ts');
  expect(region).toEqual({ startLine: 6, startColumn: 3, endLine: 6, endColumn: 7 });
  const base = new URL(run.originalUriBaseIds[artifactLocation.uriBaseId]!.uri);
  expect(existsSync(new URL(artifactLocation.uri, base))).toBe(true);

  const [change] = result!.fixes[0]!.artifactChanges;
  expect(change!.artifactLocation).toEqual(artifactLocation);
  expect(withReplacement(read(folder, join('my src', 'a#1.ts')), change!.replacements[0]!)).toBe(clean);
  expect(run.invocations[0].executionSuccessful).toBe(true);
  expect(run.invocations[0].toolExecutionNotifications).toHaveLength(1);
});

function withReplacement(text: string, { deletedRegion, insertedContent }: Replacement): string {
  const { startLine, startColumn, endLine, endColumn } = deletedRegion;
  const offset = (line: number, column: number) =>
    text
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, part) => sum + part.length + 1, 0) +
    column -
    1;
  return text.slice(0, offset(startLine, startColumn)) + insertedContent.text + text.slice(offset(endLine, endColumn));
}

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clean, eslintWithLintText, folderWith, leak, read, runIn, typedLeak } from './support.js';

test('--fix-suggestions writes the repaired files and says what it did', () => {
  const folder = folderWith({ 'a.ts': leak, 'b.ts': clean });
  const { status, stdout } = runIn(folder, '.', '--fix-suggestions');
  expect(stdout).toContain('Applied suggestions:\n  a.ts: 1 async-leaks/no-floating-promises\n');
  expect(stdout).toContain('No findings in 2 files');
  expect(status).toBe(0);
  expect(read(folder, 'a.ts')).toBe(clean);
  expect(runIn(folder, '.', '--fix-suggestions').stdout).toContain('No suggestion was applied.');
});

test('line ends and the byte order mark stay as they are', () => {
  const windows = (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
  const folder = folderWith({ 'a.ts': windows(leak) });
  expect(runIn(folder, '.').stdout).toContain('a.ts:6:3  async-leaks');
  expect(runIn(folder, '.', '--fix-suggestions').status).toBe(0);
  expect(read(folder, 'a.ts')).toBe(windows(clean));
});

test('types are asked again after each edit', () => {
  const folder = folderWith({
    ...typedLeak,
    'src/use.ts': typedLeak['src/use.ts'].replace('  save();', '  save();\n  save();'),
  });
  const { stdout } = runIn(folder, '.', '--fix-suggestions');
  expect(stdout).toContain('src/use.ts: 2 async-leaks/no-floating-promises');
  expect(read(folder, 'src/use.ts').match(/await save\(\)/g)).toHaveLength(2);
});

test('an edit after which the file does not parse is left out', () => {
  // Offers to replace each `bad` by something that is no code, and each `good` by `fine`.
  const offer = `
    const [result] = await super.lintText(text, options);
    const suggestions = [...text.matchAll(/bad|good/g)].map(({ 0: word, index }) => ({
      ruleId: 'async-leaks/no-leaked-locks', severity: 2, message: word, line: 1, column: 1,
      suggestions: [{ desc: '', fix: { range: [index, index + word.length], text: word === 'bad' ? 'let =' : 'fine' } }],
    }));
    if (!result.messages.some((message) => message.fatal)) result.messages.push(...suggestions);
    return [result];`;
  const folder = folderWith({ 'a.ts': 'run(good, bad, good);\n', ...eslintWithLintText(offer) });
  const { stdout } = runIn(folder, '.', '--fix-suggestions');
  expect(read(folder, 'a.ts')).toBe('run(fine, bad, fine);\n');
  expect(stdout).toContain('a.ts: 2 async-leaks/no-leaked-locks');
});

test('ten rounds are enough', () => {
  const offer = `
    const [result] = await super.lintText(text, options);
    result.messages.push({
      ruleId: 'async-leaks/no-leaked-locks', severity: 2, message: 'm', line: 1, column: 1,
      suggestions: [{ desc: '', fix: { range: [0, 0], text: ';' } }],
    });
    return [result];`;
  const folder = folderWith({ 'a.ts': 'run();\n', ...eslintWithLintText(offer) });
  expect(runIn(folder, 'a.ts', '--fix-suggestions').status).toBe(1);
  expect(read(folder, 'a.ts')).toBe(`${';'.repeat(10)}run();\n`);
});

test.skipIf(process.getuid?.() === 0)('a file that cannot be written is named', () => {
  const folder = folderWith({ 'a.ts': leak });
  chmodSync(join(folder, 'a.ts'), 0o444);
  const { status, stdout } = runIn(folder, '.', '--fix-suggestions');
  expect(stdout).toContain('a.ts: not written (EACCES');
  expect(status).toBe(1);
});

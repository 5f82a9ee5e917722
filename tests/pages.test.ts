import { describe, expect, it } from 'vitest';

import { apply, lint, marksOf, pageRule, runs, sourceOf } from './support/lint.js';
import { allBlocks, parsePage, type Block, type Mode } from './support/pages.js';
import { createProject } from './support/project.js';

const blocks = allBlocks();
const program = createProject(blocks.map((block) => sourceOf(block)));

function findings(block: Block, mode: Mode) {
  return lint(sourceOf(block), pageRule(block), mode === 'typed' ? program : undefined);
}

describe('every block of every page', () => {
  for (const { title, block, mode } of runs(blocks)) {
    it(title, () => {
      expect(marksOf(findings(block, mode)).sort()).toEqual([...block.marks].sort());

      if (!block.after) return;
      const { block: bad, messageId } = block.after;
      const suggestions = findings(bad, mode).flatMap((finding) => finding.suggestions ?? []);
      const suggestion = suggestions.find((one) => one.messageId === messageId);
      expect(suggestions.map((one) => one.messageId)).toContain(messageId);
      expect(apply(bad.text, suggestion!)).toBe(block.text);
    });
  }
});

describe('a malformed page', () => {
  const fenced = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`;

  it.each([
    ['ts bad', 'work();', 'marks what is reported'],
    ['ts good', 'work(); // ✗ neverEnded', 'no marks'],
    ['ts', 'work();', 'says what it is'],
    ['ts ugly', 'work();', 'unknown block word `ugly`'],
    ['ts bad slow', 'work(); // ✗ neverEnded', 'unknown block word `slow`'],
    ['ts after awaitIt', 'work();', 'no bad block before it'],
    ['ts bad options={', 'work(); // ✗ neverEnded', 'options are the last word and JSON'],
    ['ts bad', 'work(); // ✗ never ended', 'no message id'],
    ['tsx bad', '<p>✗ neverEnded</p>', 'no mark'],
  ])('```%s with `%s`', (info, code, complaint) => {
    expect(() => parsePage('no-x', `# Page\n\n${fenced(info, code)}`)).toThrow(complaint);
    expect(() => parsePage('no-x', `# Page\n\n${fenced(info, code)}`)).toThrow('docs/rules/no-x.md:3');
  });

  it('may hold blocks in other languages', () => {
    expect(parsePage('no-x', fenced('json', '{}'))).toEqual([]);
  });
});

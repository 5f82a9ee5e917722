import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { apply } from '../support/lint.js';

function verify(text: string, start: string, end: string | readonly string[]): Linter.LintMessage[] {
  const resource = { kind: 'resource', from: 'links', start, end, onThrow: 'leaks' };
  return new Linter().verify(
    text,
    {
      files: ['**/*.ts'],
      languageOptions: { parser },
      plugins: { 'async-leaks': plugin },
      settings: { 'async-leaks': { resources: [resource] } },
      rules: { 'async-leaks/no-leaked-resources': 'error' },
    },
    'page.ts',
  );
}

/** What the first suggestion makes of a class that keeps a link, where a link has these ends; null without one. */
function ended(end: string | readonly string[], start = 'link = connect(url, mode, { quiet })'): string | null {
  const text =
    "import { connect } from 'links';\nexport class Page {\n  #link = connect('/a', 'fast', { quiet: true });\n  close() {\n    console.log(this.#link);\n  }\n}\n";
  const [message] = verify(text, start, end);
  expect(message?.messageId).toBe('notInTeardown');
  const [suggestion] = message?.suggestions ?? [];
  return suggestion ? (/^ {4}(.*link.*);$/im.exec(apply(text, suggestion))?.[1] ?? null) : null;
}

/**
 * The suggestions for a function that uses a link whose end takes a while, in a file that declares others with `using`.
 */
function declared(keyword: string): (string | undefined)[] {
  const text = `import { connect } from 'links';\nexport async function other() {\n  await using link = connect('/a');\n  await link.load();\n}\nexport ${keyword}function read() {\n  const link = connect('/a');\n  link.check();\n  link.close();\n}\n`;
  const [message] = verify(text, 'link = connect(url)', ['link.close()', 'link[Symbol.asyncDispose]()']);
  return (message?.suggestions ?? []).map(({ messageId }) => messageId);
}

describe('an end is written', () => {
  it.each([
    ['without arguments', 'link.close()', 'this.#link.close()'],
    ['with what the start was given', 'link.close(url)', "this.#link.close('/a')"],
    ['with the options of the start', 'link.close({ quiet })', 'this.#link.close({ quiet: true })'],
    ['with options of its own', 'link.close({ force })', 'this.#link.close({ force: true })'],
    ['with a text of its own', "link.send('bye')", "this.#link.send('bye')"],
  ])('%s', (_, end, expected) => {
    expect(ended(end)).toBe(expected);
  });

  it('by the first of the ends that takes nothing unknown', () => {
    expect(ended(['link.moveTo(target)', 'link.close()'])).toBe('this.#link.close()');
    expect(ended(['link.moveTo(target, url)', 'link.close(url)'])).toBe("this.#link.close('/a')");
  });

  it('in no way where all of them take something unknown', () => {
    expect(ended('link.moveTo(target)')).toBeNull();
    expect(ended(['link.moveTo(target)', 'link.close(reason)'])).toBeNull();
  });

  it('by a declaration where the function can wait for it', () => {
    expect(declared('async ')).toContain('declareUsing');
    expect(declared('')).toEqual(['endInFinally']);
  });
});

import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import plugin from '../src/index.js';
import { pageNames, readPage } from './support/pages.js';

const page = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8');

/** The config of an example, and the files that it is about. */
const examples = page
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [heading = ''] = section.split('\n');
    const blocks = [...section.matchAll(/^```(jsx?|tsx?)\n(.*?)^```$/gms)].map(([, language, code]) => ({
      language: language!,
      code: code!,
    }));
    const config = blocks.find(({ language }) => language === 'js')?.code;
    return blocks
      .filter(({ language }) => language !== 'js')
      .map(({ language, code }, at) => ({
        title: `${heading}, ${at + 1}`,
        config: config!,
        name: `page.${language}`,
        code,
      }));
  });

describe('docs/settings.md', () => {
  it('has two worked examples', () => {
    expect(new Set(examples.map(({ config }) => config)).size).toBe(2);
  });

  it.each(examples)('says what is reported: $title', ({ config, name, code }) => {
    const configure = runInThisContext(
      `(asyncLeaks) => (${config.replace(/^.*export default/s, '').replace(/;\s*$/, '')})`,
    ) as (given: typeof plugin) => Linter.Config[];
    const configs = configure(plugin);
    const files = ['**/*.{ts,tsx}'];
    const messages = new Linter().verify(
      code,
      [
        ...configs.map((one) => ({ ...one, files })),
        { files, plugins: { 'async-leaks': plugin }, languageOptions: { parser } },
      ] as Linter.Config[],
      name,
    );
    const said = code.split('\n').flatMap(
      (line, at) =>
        /\/\/ ([\w-]+: \w+)$/
          .exec(line)
          ?.slice(1)
          .map((mark) => `${at + 1} ${mark}`) ?? [],
    );
    expect(
      messages.map(
        ({ line, ruleId, messageId, message }) =>
          `${line} ${ruleId?.replace('async-leaks/', '') ?? message}: ${messageId ?? ''}`,
      ),
    ).toEqual(said);
  });
});

const shown = pageNames().flatMap((rule) =>
  [...readPage(rule).matchAll(/^```json\n(.*?)^```$/gms)].map(([, settings]) => ({ rule, settings: settings! })),
);

it.each(shown)('the settings that the page of $rule shows are taken', ({ rule, settings }) => {
  const read = JSON.parse(settings) as NonNullable<Linter.Config['settings']>;
  const [{ start, end, from }] = (read['async-leaks'] as { resources: [{ start: string; end: string; from: string }] })
    .resources;
  const code = `import * as all from '${from}';\nimport { take, bus } from '${from}';\nexport async function work(name, topic, listener) {\n  const ${start};\n  all.log('begun');\n}\nexport async function workAndEnd(name, topic, listener) {\n  const ${start};\n  ${end};\n}\n`;
  const messages = new Linter().verify(code, [
    { plugins: { 'async-leaks': plugin }, settings: read, rules: { [`async-leaks/${rule}`]: 'error' } },
  ]);
  expect(messages).toMatchObject([{ line: 4, messageId: 'neverEnded' }]);
});

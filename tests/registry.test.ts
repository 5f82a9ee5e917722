import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import plugin from '../src/index.js';
import { pageNames, parsePage, readPage } from './support/pages.js';

interface Rule {
  readonly meta: {
    readonly type: string;
    readonly hasSuggestions?: boolean;
    readonly docs: { readonly description: string; readonly url: string };
    readonly messages: Readonly<Record<string, string>>;
  };
}

const root = new URL('../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  name: string;
  version: string;
  homepage: string;
  repository: { url: string };
};
const rules = Object.entries(plugin.rules as unknown as Record<string, Rule>);
const names = rules.map(([name]) => name).sort();
const presets = plugin.configs as unknown as Record<'recommended' | 'strict', { rules: Record<string, unknown> }>;

/** It asks for something, where all others forbid, so its name says so; and few projects want to ask for it. */
const inNoPreset = ['require-abort-signal'];
/** The form of a name is `no-`, adjective, plural noun. */
const form = /^no(-[a-z]+)+s$/;
const ownForm = [...inNoPreset, 'no-unbounded-fanout'];

describe('the registry', () => {
  it('says what the package says', () => {
    expect(plugin.meta).toEqual({ name: manifest.name, version: manifest.version, namespace: 'async-leaks' });
  });

  it('has its home where its repository is, which holds the pages of each version', () => {
    expect(manifest.repository.url).toBe(`git+${manifest.homepage}.git`);
  });

  it('is shown with its version in the hooks of pre-commit', () => {
    expect(read('docs/pre-commit.md')).toContain(`- repo: ${manifest.homepage}\n    rev: v${manifest.version}\n`);
  });

  it('has every rule of rules/, and a page for each', () => {
    const files = readdirSync(new URL('rules/', root)).map((file) => file.replace(/\.ts$/, ''));
    expect(names).toEqual(files.sort());
    expect(names).toEqual(pageNames());
  });

  it('has every rule in strict, and in recommended what strict has too', () => {
    const expected = names.filter((name) => !inNoPreset.includes(name)).map((name) => `async-leaks/${name}`);
    expect(Object.keys(presets.strict.rules).sort()).toEqual(expected);
    expect(expected).toEqual(expect.arrayContaining(Object.keys(presets.recommended.rules)));
  });

  it('has presets that report errors, because bulk suppressions ignore warnings', () => {
    for (const entry of Object.values(presets.recommended.rules)) expect([entry].flat()[0]).toBe('error');
    for (const entry of Object.values(presets.strict.rules)) expect(entry).toEqual(['error', { checkUnknown: true }]);
  });

  it.each(['recommended', 'strict'] as const)('has the same %s for oxlint', (name) => {
    expect(JSON.parse(read(`oxlint/${name}.json`))).toEqual({ jsPlugins: [manifest.name], rules: presets[name].rules });
  });
});

describe.each(rules)('%s', (name, { meta }) => {
  const page = () => readPage(name);
  const reports = () =>
    new Set(parsePage(name, page()).flatMap(({ marks }) => marks.map((mark) => mark.split(' ')[1])));

  it('has a name that reads as "allow …" in a disable comment', () => {
    if (!ownForm.includes(name)) expect(name).toMatch(form);
  });

  it('describes itself', () => {
    expect(meta.type).toBe('problem');
    expect(meta.hasSuggestions).toBe(true);
    expect(meta.docs.description).toMatch(/^[a-z].*[^.]$/);
    expect(meta.docs.url).toBe(`${manifest.homepage}/blob/v${manifest.version}/docs/rules/${name}.md`);
  });

  it('has a page with the generated title and header', () => {
    expect(page().split('\n')[0]).toBe(`# async-leaks/${name}`);
    expect(page()).toContain('<!-- end auto-generated rule header -->');
  });

  it('has a page that says what else to know, in the order of all pages', () => {
    const sections = [...page().matchAll(/^## (.*)$/gm)].map(([, heading]) => heading!);
    const known = [
      'Options',
      'When not to use it',
      'Switching from typescript-eslint',
      'Known misses',
      'Known false alarms',
    ];
    expect(sections.slice(sections.indexOf('Options'))).toEqual(known.filter((heading) => sections.includes(heading)));
    expect(sections).toEqual(expect.arrayContaining(['Options', 'When not to use it', 'Known misses']));
    expect(page()).toContain('\n\nIn the examples, `// ✗` and the name of a message mark what is reported.');
  });

  it('has its options in the types of a config', () => {
    expect(read('src/config-types.d.cts')).toContain(`    'async-leaks/${name}'?: Entry<'${name}'>;\n`);
  });

  it('is in the table of the README', () => {
    expect(read('README.md')).toContain(`](docs/rules/${name}.md)`);
  });

  // What a block marks is a report, so every other message has to be a suggestion.
  for (const [id, text] of Object.entries(meta.messages)) {
    it(`has \`${id}\` in the form of its kind`, () => {
      expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
      expect(text).not.toMatch(/\b(should|must|please|potential(ly)?|unexpected(ly)?)\b/i);
      expect(text.length).toBeLessThanOrEqual(200);
      if (reports().has(id)) expect(text).toMatch(/\.$/);
      else expect(text, `no block of the page marks \`${id}\`, so it is a command`).toMatch(/^[A-Z][a-z]+ .*[^.]$/);
    });
  }
});

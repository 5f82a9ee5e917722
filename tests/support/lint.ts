import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import type { Program } from 'typescript';

import plugin from '../../src/index.js';
import { modesOf, type Block, type Mode } from './pages.js';
import { root, type Source } from './project.js';

export type Rules = Linter.RulesRecord;

const linter = new Linter({ cwd: root });
const presets: Record<'recommended' | 'strict', { rules: Rules }> = plugin.configs;

/** The source that stands for a block; `variant` keeps variations of one block apart. */
export function sourceOf(block: Block, variant = '', text = block.text): Source {
  return { name: `${block.rule}/${block.line}${variant}.${block.language}`, text };
}

/** Only the rule of the block's page, as the block wants it. */
export function pageRule({ rule, strict, options }: Block): Rules {
  const id = `async-leaks/${rule}`;
  const [, preset] = [presets[strict ? 'strict' : 'recommended'].rules[id]].flat() as [unknown, object?];
  return { [id]: ['error', { ...preset, ...options }] };
}

/** The strict preset, and the rule of the block's page as the block wants it. */
export function strictRules(block: Block): Rules {
  return { ...presets.strict.rules, ...pageRule(block) };
}

/** Every rule there is, also those in no preset. */
export function allRules(): Rules {
  const every = Object.keys(plugin.rules).map((rule) => [`async-leaks/${rule}`, 'error'] as const);
  return { ...Object.fromEntries(every), ...presets.strict.rules };
}

/**
 * What the rules find. With a program the rules see types; without one, JavaScript is read by ESLint's own parser.
 * Throws when a rule throws; a source that does not parse has one finding, a fatal one.
 */
export function lint({ name, text }: Source, rules: Rules, program?: Program): Linter.LintMessage[] {
  const javascript = !program && /\.jsx?$/.test(name);
  const parserOptions = { ecmaFeatures: { jsx: true }, ...(program && { programs: [program] }) };
  const config: Linter.Config = {
    files: ['**/*.{ts,tsx,js,jsx}'],
    languageOptions: { parserOptions, ...(!javascript && { parser }) },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { 'async-leaks': plugin },
    rules,
  };
  return linter.verify(text, config, root + name);
}

/** The tree, tokens and comments of a source that parses. */
export function parse(source: Source) {
  const fatal = lint(source, {}).find((message) => message.fatal);
  if (fatal) throw new Error(`${source.name}:${fatal.line}: ${fatal.message}`);
  return linter.getSourceCode();
}

/** The text after a suggestion was applied. */
export function apply(text: string, { fix }: Linter.LintSuggestion): string {
  return text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]);
}

/** The findings as a page marks them. */
export function marksOf(messages: readonly Linter.LintMessage[]): string[] {
  return messages.map(({ line, messageId, message }) => `${line} ${messageId ?? message}`);
}

/** Each block in each mode it runs in, with a name for the test. */
export function runs(blocks: readonly Block[]): { title: string; block: Block; mode: Mode }[] {
  return blocks.flatMap((block) =>
    modesOf(block).map((mode) => ({
      title: `${block.rule} › line ${block.line} ${block.kind} (${mode})`,
      block,
      mode,
    })),
  );
}

import * as parser from '@typescript-eslint/parser';
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { Linter } from 'eslint';
import type { Program } from 'typescript';

import { File } from '../../src/file.js';
import { catalogFor } from '../../src/settings.js';
import { type Fn, type Node, type SourceCode, walk } from '../../src/syntax/walk.js';
import { root } from '../support/project.js';

const linter = new Linter({ cwd: root });

/** Reads the scripts of a component's file, as the parsers of Vue and Svelte do. */
const scripts = {
  parseForESLint: (text: string, options: parser.ParserOptions) =>
    parser.parseForESLint(
      text.replaceAll(/<\/?script[^>]*>/g, (tag) => `${' '.repeat(tag.length - 1)};`),
      options,
    ),
};

/** The tree of a text, with parents and scopes. Throws when the text does not parse. */
export function treeOf(text: string, name = 'file.ts', program?: Program): SourceCode {
  const parserOptions = { ecmaFeatures: { jsx: name.endsWith('x') }, ...(program && { programs: [program] }) };
  const config: Linter.Config = {
    files: ['**/*.{ts,tsx,js,jsx,vue,svelte}'],
    languageOptions: { parser: /\.(?:vue|svelte)$/.test(name) ? scripts : parser, parserOptions },
  };
  const fatal = linter.verify(text, config, root + name).find((message) => message.fatal);
  if (fatal) throw new Error(`${fatal.message}, line ${fatal.line} of\n${text}`);
  return linter.getSourceCode() as unknown as SourceCode;
}

/** The view of a file that rules ask. */
export function fileOf(
  text: string,
  { name = 'file.ts', program, settings = {} }: { name?: string; program?: Program; settings?: object } = {},
): File {
  const context = { sourceCode: treeOf(text, name, program), filename: root + name, settings };
  return new File(context as unknown as TSESLint.RuleContext<string, readonly unknown[]>, catalogFor({}).packages);
}

/** All nodes below the program that can run, in source order. */
export function nodesOf(sourceCode: SourceCode): Node[] {
  const nodes: Node[] = [];
  walk(sourceCode, sourceCode.ast, (node) => void nodes.push(node));
  return nodes;
}

/** What is given to the calls of `probe` in a file, in source order. */
export function probed(sourceCode: SourceCode): Node[] {
  const probes = nodesOf(sourceCode).filter(
    (node) => node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'probe',
  );
  return (probes as TSESTree.CallExpression[]).flatMap((probe) => probe.arguments);
}

/** The first function of a file. */
export function firstFunction(sourceCode: SourceCode): Fn {
  const found = nodesOf(sourceCode).find((node): node is Fn => /Function/.test(node.type));
  if (!found) throw new Error('no function');
  return found;
}

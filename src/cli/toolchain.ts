import type { ESLint, Linter } from 'eslint';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { homepage, version } from '../manifest.js';
import { CannotRun } from './cannot-run.js';

type EslintModule = { ESLint: typeof ESLint };
type Parser = Linter.Parser & { version?: string; clearCaches?: () => void };

export interface Toolchain {
  ESLint: typeof ESLint;
  /** By file extension; `.ts` stands for all scripts. Without it scripts are parsed by ESLint's own parser. */
  parsers: Map<string, Parser>;
  /** The TypeScript that the parser uses. */
  typescript: TypeScript | null;
  /** Without typescript-eslint's parser, Babel's reads TypeScript, with these options and without types. */
  babel: Linter.ParserOptions | null;
  /** What was found and could not be used, and why. */
  notes: string[];
}

/** The little of TypeScript that finds out what a tsconfig covers. */
export interface TypeScript {
  sys: object;
  getParsedCommandLineOfConfigFile(
    path: string,
    overrides: object,
    host: object,
  ):
    | {
        options: { allowJs?: boolean; checkJs?: boolean };
        projectReferences?: readonly { path: string }[];
      }
    | undefined;
}

const parserPackages: [string, string][] = [
  ['.ts', '@typescript-eslint/parser'],
  ['.vue', 'vue-eslint-parser'],
  ['.svelte', 'svelte-eslint-parser'],
  ['.astro', 'astro-eslint-parser'],
];

/** ESLint and the parsers: of the folder that is linted, else of the working folder, else our own. */
export async function findToolchain(paths: readonly string[]): Promise<Toolchain> {
  const homes = [...[...paths, process.cwd()].map((path) => resolve(path, 'any.js')), import.meta.filename];
  const notes: string[] = [];

  const found = await firstThatWorks<EslintModule>('eslint', homes, notes, ({ ESLint: { version } }) =>
    isAtLeast(version, 9, 15) ? null : `version ${version} is older than 9.15`,
  );
  if (!found) throw new CannotRun(['ESLint 9.15 or later is needed and was not found.', ...notes].join(' '));

  const EslintClass = found.module.ESLint;
  const parsers = new Map<string, Parser>();
  let typescript: TypeScript | null = null;
  let babel: Linter.ParserOptions | null = null;
  for (const [extension, name] of parserPackages) {
    const parser = await firstThatWorks<Parser>(name, homes, notes, (module) =>
      whyItFails(EslintClass, module, extension),
    );
    if (!parser) continue;
    parsers.set(extension, parser.module);
    if (extension === '.ts') typescript = createRequire(parser.path)('typescript') as TypeScript;
  }
  if (!typescript) {
    const parser = await firstThatWorks<Parser>('@babel/eslint-parser', homes, notes, (module, path) => {
      babel = babelOptions(path);
      return babel ? whyItFails(EslintClass, module, '.ts', babel) : '@babel/preset-typescript is not installed';
    });
    if (parser) parsers.set('.ts', parser.module);
    else babel = null;
  }
  return { ESLint: EslintClass, parsers, typescript, babel, notes };
}

function babelOptions(parser: string): Linter.ParserOptions | null {
  const preset = resolvedFrom(parser, '@babel/preset-typescript');
  return preset === null ? null : { requireConfigFile: false, babelOptions: { presets: [preset] } };
}

async function firstThatWorks<T>(
  name: string,
  homes: readonly string[],
  notes: string[],
  whyNot: (module: T, path: string) => string | null | Promise<string | null>,
): Promise<{ module: T; path: string } | null> {
  const seen = new Set<string>();
  for (const home of homes) {
    const path = resolvedFrom(home, name);
    if (!path || seen.has(path)) continue;
    seen.add(path);
    const tooNew = name === '@typescript-eslint/parser' ? typescriptWithoutApi(path) : null;
    if (tooNew) {
      notes.push(
        `Not used: ${path}, because it does not support TypeScript ${tooNew}. What can: ${homepage}/blob/v${version}/docs/versions.md#typescript-7`,
      );
      continue;
    }
    try {
      const imported = (await import(pathToFileURL(path).href)) as T & { default?: T };
      const module = imported.default ?? imported;
      const reason = await whyNot(module, path);
      if (!reason) return { module, path };
      notes.push(`Not used: ${path}, because ${reason}.`);
    } catch (error) {
      notes.push(`Not used: ${path}, because it cannot be loaded: ${firstLine(error)}.`);
    }
  }
  return null;
}

/** Lints one line, because a parser may load and still not fit this ESLint. */
async function whyItFails(
  EslintClass: typeof ESLint,
  parser: Parser,
  extension: string,
  parserOptions: Linter.ParserOptions = {},
): Promise<string | null> {
  const eslint = new EslintClass({
    overrideConfigFile: true,
    overrideConfig: [{ files: [`**/*${extension}`], languageOptions: { parser, parserOptions } }],
  });
  const text = extension === '.ts' ? 'export const one: number = 1;' : '';
  const [result] = await eslint.lintText(text, { filePath: `any${extension}` });
  const failure = result?.messages.find((message) => message.fatal);
  return failure ? `it does not work with ESLint ${EslintClass.version}: ${failure.message}` : null;
}

function resolvedFrom(home: string, name: string): string | null {
  try {
    return createRequire(home).resolve(name);
  } catch {
    return null;
  }
}

/** The version of the TypeScript that a parser would load, if that has no API for parsers, as 7 has none. */
function typescriptWithoutApi(parser: string): string | null {
  const path = resolvedFrom(parser, 'typescript/package.json');
  const { version } = path === null ? { version: '0' } : (createRequire(path)(path) as { version: string });
  return Number.parseInt(version) >= 7 ? version : null;
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split('\n')[0]!
    .replace(/\.$/, '');
}

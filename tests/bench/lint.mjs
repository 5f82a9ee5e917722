// What all sections share: the configs that are compared, and ESLint's steps taken one by one.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Linter } from 'eslint';
import typescriptParser from '@typescript-eslint/parser';
import { corpusFolder } from './corpus.mjs';

// The parts of ESLint that `Linter` puts together have no public names.
const eslintRequire = createRequire(createRequire(import.meta.url).resolve('eslint/package.json'));
const { FlatConfigArray } = eslintRequire('./lib/config/flat-config-array.js');
const { VFile } = eslintRequire('./lib/linter/vfile.js');
const language = eslintRequire('./lib/languages/js/index.js');

/** The plugin under test. */
export const loadPlugin = async (file) => (await import(pathToFileURL(file).href)).default;

/** A config that parses every file and has these flat configs on top, normalized once, as ESLint's command does. */
export function configWith(added, parserOptions = {}) {
  const config = new FlatConfigArray(
    [
      { files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'] },
      { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },
      { languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
      { files: ['**/*.{ts,tsx,mts,cts}'], languageOptions: { parser: typescriptParser } },
      ...(Object.keys(parserOptions).length > 0
        ? [{ languageOptions: { parser: typescriptParser, parserOptions } }]
        : []),
      ...added,
    ],
    { basePath: corpusFolder },
  );
  config.normalizeSync();
  return config;
}

// ESLint hangs the whole tree on the error of a rule that crashes, and Node would print it all.
process.on('uncaughtException', (error) => {
  console.error(error.stack);
  process.exit(1);
});

export const linter = new Linter({ cwd: corpusFolder });

/**
 * Parses one file and runs the rules of a config over it, timing the two apart. `parse` includes scope analysis.
 * Each call parses anew, so that nothing a plugin remembers about a tree can help it.
 * @returns {{ parse: number, verify: number, findings: number } | null} milliseconds; null when the file does not parse
 */
export function timeFile(file, config) {
  const { languageOptions } = config.getConfig(file.name);
  const virtualFile = new VFile(file.name, file.text);
  const start = performance.now();
  const parsed = language.parse(virtualFile, { languageOptions });
  const parsedAt = performance.now();
  if (!parsed.ok) return null;
  const sourceCode = language.createSourceCode(virtualFile, parsed, { languageOptions });
  const createdAt = performance.now();
  const messages = linter.verify(sourceCode, config, file.name);
  const end = performance.now();
  // Espree leaves the scopes to ESLint, which analyzes them while it creates the source code.
  return {
    parse: (parsed.scopeManager ? parsedAt : createdAt) - start,
    verify: end - createdAt,
    findings: messages.length,
  };
}

/** What the process that started a section told it. */
export const task = JSON.parse(process.argv[2]);

/** Hands the numbers of a section to the process that started it. */
export const answer = (numbers) => process.stdout.write(JSON.stringify(numbers));

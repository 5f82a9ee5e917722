/** Lints packages with one build of the plugin or two. */
import typescriptParser, { clearCaches } from '@typescript-eslint/parser';
import { Linter, type SourceCode } from 'eslint';

import type plugin from '../../src/index.js';
import { fileIn, type Parsers, type Sources } from './packages.js';

export type Plugin = typeof plugin;
export type Level = 'recommended' | 'strict';

/** What a rule reports at one place. */
export interface Finding {
  /** The package with its version. */
  readonly in: string;
  readonly file: string;
  /** `line:column` */
  readonly at: string;
  readonly rule: string;
  /** The first config that reports it. */
  readonly level: Level;
  readonly path: string;
  readonly message: Linter.LintMessage;
}

export interface Crash {
  readonly path: string;
  readonly error: string;
}

/** What one package gave in one run. */
export interface Run {
  readonly package: string;
  readonly typed: boolean;
  /** Those that parse. */
  readonly files: string[];
  lines: number;
  /** Files that do not parse. */
  skipped: number;
  readonly findings: Finding[];
  /** The findings of the base. */
  readonly before: Finding[];
  readonly crashes: Crash[];
}

interface Options {
  readonly plugin: Plugin;
  readonly base?: Plugin | undefined;
  /** Only these; all without. */
  readonly rules?: readonly string[] | undefined;
  readonly typed: boolean;
  /** Of components. */
  readonly parsers?: Parsers | undefined;
}

/** Lints each package without types, and again with types where its sources type-check. */
export function lintPackages(packages: readonly Sources[], options: Options): Run[] {
  return packages.flatMap((one) => [
    lintPackage(one, options, false),
    ...(options.typed && one.typed ? [lintPackage(one, options, true)] : []),
  ]);
}

function lintPackage(one: Sources, { plugin, base, rules, parsers }: Options, typed: boolean): Run {
  const { name, folder } = one;
  const run: Run = { package: name, typed, files: [], lines: 0, skipped: 0, findings: [], before: [], crashes: [] };
  const linter = new Linter({ cwd: folder });
  const parsing = parsingWith(typed ? { project: './tsconfig.json', tsconfigRootDir: folder } : {}, parsers);

  for (const { name: path, text, lines } of [...one.files, ...one.components]) {
    // Parsed once for all configs.
    if (linter.verify(text, parsing, path).some(({ fatal }) => fatal)) {
      run.skipped += 1;
      continue;
    }
    const place = { in: name, file: fileIn(folder, path), path };
    run.files.push(place.file);
    run.lines += lines;
    const sourceCode = linter.getSourceCode();
    for (const [build, findings] of [
      [plugin, run.findings],
      [base, run.before],
    ] as const) {
      if (build) collect(build, sourceCode, findings, place);
    }
  }
  clearCaches();
  return run;

  function collect(
    build: Plugin,
    sourceCode: SourceCode,
    findings: Finding[],
    place: Pick<Finding, 'in' | 'file' | 'path'>,
  ): void {
    const messagesAt = (level: Level) =>
      linter.verify(
        sourceCode,
        [...parsing, { ...build.configs[level], rules: only(build.configs[level].rules) }],
        place.path,
      );
    try {
      const certain = new Set(messagesAt('recommended').map(placeOf));
      for (const message of messagesAt('strict')) {
        if (!message.ruleId) continue;
        const level = certain.has(placeOf(message)) ? 'recommended' : 'strict';
        findings.push({
          ...place,
          at: `${message.line}:${message.column}`,
          rule: message.ruleId.split('/')[1]!,
          level,
          message,
        });
      }
    } catch (error) {
      run.crashes.push({ path: place.path, error: (error as Error).stack!.split('\n').slice(0, 8).join('\n') });
    }
  }

  function only(entries: Linter.RulesRecord): Partial<Linter.RulesRecord> {
    return Object.fromEntries(
      Object.entries(entries).filter(([rule]) => !rules || rules.includes(rule.split('/')[1]!)),
    );
  }
}

function placeOf({ ruleId, line, column }: Linter.LintMessage): string {
  return `${ruleId} ${line}:${column}`;
}

/** How files are read, with the parser options of TypeScript's parser, and with parsers of components. */
export function parsingWith(parserOptions: Linter.ParserOptions, parsers: Parsers = new Map()): Linter.Config[] {
  const isTyped = Object.keys(parserOptions).length > 0;
  return [
    { files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'] },
    { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },
    { languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
    {
      ...(isTyped ? {} : { files: ['**/*.{ts,tsx,mts,cts}'] }),
      languageOptions: { parser: typescriptParser, parserOptions },
    },
    ...[...parsers].map(([extension, parser]) => ({
      files: [`**/*${extension}`],
      languageOptions: { parser, parserOptions: { parser: typescriptParser } },
    })),
  ];
}

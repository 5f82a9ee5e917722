import type { ESLint, Linter } from 'eslint';
import { extname, parse } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import plugin from '../index.js';
import type { Args } from './args.js';
import { componentExtensions, scriptExtensions } from './files.js';
import { tsconfigs } from './projects.js';
import type { Toolchain } from './toolchain.js';

export const prefix = plugin.meta.namespace;

export type Outcome =
  /** `untyped` says why type information was wanted and not there. */
  | { kind: 'linted'; result: ESLint.LintResult; untyped: string | null }
  | { kind: 'unparsable'; result: ESLint.LintResult; failure: Linter.LintMessage }
  | { kind: 'skipped'; reason: string }
  | { kind: 'crashed'; rule: string; error: string };

/** So many files are linted before a project that is still in use may be forgotten and loaded again. */
const filesPerProjectLoad = 500;

export type Lint = (path: string, text: string) => Promise<Outcome>;

/** The rules to run with their options, by full id. */
function rulesFor(args: Args): Linter.RulesRecord {
  const config = args.strict ? plugin.configs.strict : plugin.configs.recommended;
  if (args.rules.length === 0) return config.rules;
  // A rule that is named runs, also when only `strict` has it.
  return Object.fromEntries(
    args.rules.map((id) => [id, config.rules[id] ?? plugin.configs.strict.rules[id] ?? 'error']),
  );
}

/** Lints one text with our rules only; types are used where a tsconfig covers the file. */
export function linterFor(
  args: Args,
  { ESLint: EslintClass, parsers, typescript, babel }: Toolchain,
  folder: string,
): Lint {
  // Without it the parser reloads all projects for each file that none of them covers.
  process.env.TSESTREE_SINGLE_RUN = 'true';
  const untyped = eslintWith({});
  // The project service looks for a tsconfig no higher than in this folder.
  const typed = eslintWith({ projectService: true, tsconfigRootDir: parse(folder).root });
  const projects = args.untyped || !typescript ? null : tsconfigs(typescript);
  let lastProject: string | null = null;
  let sinceForgotten = 0;

  function eslintWith(typeOptions: Linter.ParserOptions): ESLint {
    const ids = new Set(Object.keys(rulesFor(args)));
    return new EslintClass({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: [
        { ignores: ['!**/node_modules/', '!.git/'] },
        ...languages(typeOptions),
        {
          plugins: { [prefix]: plugin },
          rules: rulesFor(args),
          linterOptions: { reportUnusedDisableDirectives: 'off' },
        },
      ],
      ruleFilter: ({ ruleId }) => ids.has(ruleId),
    });
  }

  function languages(typeOptions: Linter.ParserOptions): Linter.Config[] {
    const scripts = parsers.get('.ts');
    const common = { ecmaFeatures: { jsx: true }, warnOnUnsupportedTypeScriptVersion: false };
    return [
      {
        files: scriptExtensions.map((extension) => `**/*${extension}`),
        languageOptions: {
          ...(scripts && !babel && { parser: scripts }),
          parserOptions: { ...common, ...typeOptions },
        },
      },
      ...(babel
        ? [{ files: ['**/*.{ts,tsx,mts,cts}'], languageOptions: { parser: scripts, parserOptions: babel } }]
        : []),
      ...componentExtensions.flatMap((extension) => {
        const parser = parsers.get(extension);
        return parser
          ? [
              {
                files: [`**/*${extension}`],
                languageOptions: { parser, parserOptions: { ...common, parser: scripts } },
              },
            ]
          : [];
      }),
    ];
  }

  /** Why there are no types for the file, or null when a project may cover it. */
  function whyUntyped(path: string): string | null {
    if (babel && !args.untyped) return extname(path).includes('ts') ? "Babel's parser knows no types" : null;
    if (!projects) return null;
    const project = projects.nearestTo(path);
    sinceForgotten += 1;
    if ((project !== lastProject || sinceForgotten > filesPerProjectLoad) && isMemoryShort()) {
      parsers.get('.ts')?.clearCaches?.();
      sinceForgotten = 0;
    }
    lastProject = project;
    return project && projects.mayCover(project, path) ? null : 'no tsconfig.json covers the file';
  }

  return async (path, text) => {
    const extension = extname(path);
    const missing = missingParser(extension, parsers);
    if (missing) return { kind: 'skipped', reason: missing };

    const isScript = scriptExtensions.includes(extension);
    const reason = isScript ? whyUntyped(path) : null;
    if (!isScript || !projects || reason) return lintWith(untyped, path, text, reason);

    const outcome = await lintWith(typed, path, text, null);
    return outcome.kind === 'unparsable'
      ? lintWith(untyped, path, text, whyNotCovered(outcome.failure.message))
      : outcome;
  };
}

async function lintWith(eslint: ESLint, path: string, text: string, untyped: string | null): Promise<Outcome> {
  try {
    const [result] = await eslint.lintText(text, { filePath: path });
    if (!result) return { kind: 'skipped', reason: 'ignored by ESLint' };

    // ESLint calls it fatal, too, that a comment such as `eslint-env` means nothing any more.
    const failure = result.messages.find(({ fatal, message }) => fatal && message.startsWith('Parsing error'));
    if (!failure) return { kind: 'linted', result: onlyOurs(result), untyped };
    return { kind: 'unparsable', result, failure };
  } catch (error) {
    return { kind: 'crashed', rule: ruleOf(error), error: error instanceof Error ? error.stack! : String(error) };
  }
}

/** Comments that switch off rules of other plugins make ESLint complain that those do not exist. */
function onlyOurs(result: ESLint.LintResult): ESLint.LintResult {
  const messages = result.messages.filter((message) => message.ruleId?.startsWith(`${prefix}/`));
  const errorCount = messages.filter((message) => message.severity === 2).length;
  return {
    ...result,
    messages,
    suppressedMessages: result.suppressedMessages.filter((message) => message.ruleId?.startsWith(`${prefix}/`)),
    errorCount,
    warningCount: messages.length - errorCount,
  };
}

/** What to say of a file that nothing here can read. */
function missingParser(extension: string, parsers: Toolchain['parsers']): string | null {
  const isComponent = componentExtensions.includes(extension);
  if (parsers.has(isComponent ? extension : '.ts')) return null;
  if (isComponent) return `${extension.slice(1)}-eslint-parser is not installed`;
  return extension.includes('ts') ? 'no parser for TypeScript is installed' : null;
}

function whyNotCovered(failure: string): string {
  return failure.includes('was not found by the project service')
    ? 'no tsconfig.json covers the file'
    : `its project cannot be read (${failure.split('\n')[0]!})`;
}

function ruleOf(error: unknown): string {
  return error instanceof Error && 'ruleId' in error ? String(error.ruleId) : 'ESLint';
}

function isMemoryShort(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > limit / 2;
}

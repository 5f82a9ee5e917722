import { parseArgs } from 'node:util';
import { CannotRun } from './cannot-run.js';
import { nearest } from './nearest.js';

const formats = ['stylish', 'json', 'sarif'] as const;
export type Format = (typeof formats)[number];

export interface Args {
  paths: string[];
  /** Full rule ids to keep; empty means all. */
  rules: string[];
  format: Format;
  strict: boolean;
  untyped: boolean;
  fixSuggestions: boolean;
  help: boolean;
  version: boolean;
}

export const help = `Usage: eslint-plugin-async-leaks [options] PATH…

Finds async leaks in files and folders of JavaScript and TypeScript, without any configuration.

  --strict            report what may leak, too
  --untyped           do not use type information
  --rule NAME         only this rule (may be repeated)
  --format NAME       stylish (default), json or sarif
  --fix-suggestions   apply the first suggestion of each finding, until none is left or ten rounds are over
  --help, -h          show this text
  --version, -v       show the version

Exit code: 0 no findings, 1 findings, 2 could not run or a rule crashed.
`;

const options = {
  strict: { type: 'boolean' },
  untyped: { type: 'boolean' },
  rule: { type: 'string', multiple: true },
  format: { type: 'string' },
  'fix-suggestions': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** What the user asks for. Throws `CannotRun` for anything we do not know. */
export function parse(argv: readonly string[], prefix: string, ruleNames: readonly string[]): Args {
  // Not strict, because Node's own message does not name the option that was meant.
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') checkOption(token);
  }

  return {
    paths: positionals,
    rules: listOf(values.rule).map((name) => ruleId(name, prefix, ruleNames)),
    format: formatOf(values.format),
    strict: values.strict === true,
    untyped: values.untyped === true,
    fixSuggestions: values['fix-suggestions'] === true,
    help: values.help === true,
    version: values.version === true,
  };
}

function checkOption(token: { name: string; rawName: string; value: string | undefined }): void {
  if (!Object.hasOwn(options, token.name)) {
    const meant = nearest(token.name, Object.keys(options));
    throw new CannotRun(`Unknown option ${token.rawName}.${meant ? ` Did you mean --${meant}?` : ' See --help.'}`);
  }
  const { type } = options[token.name as keyof typeof options];
  if (type === 'string' && !token.value) throw new CannotRun(`${token.rawName} needs a value. See --help.`);
  if (type === 'boolean' && token.value !== undefined) throw new CannotRun(`${token.rawName} takes no value.`);
}

function formatOf(value: unknown): Format {
  const format = value === undefined ? 'stylish' : formats.find((name) => name === value);
  if (!format) throw new CannotRun(`Unknown format "${String(value)}". Use one of: ${formats.join(', ')}.`);
  return format;
}

function ruleId(name: string, prefix: string, ruleNames: readonly string[]): string {
  const bare = name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : name;
  if (ruleNames.includes(bare)) return `${prefix}/${bare}`;

  const meant = nearest(bare, ruleNames);
  const hint = meant ? `Did you mean ${meant}?` : `The rules are: ${ruleNames.join(', ')}.`;
  throw new CannotRun(`Unknown rule "${name}". ${hint}`);
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

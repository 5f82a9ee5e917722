/** Applies every suggestion of every finding alone, and looks at what became of the file. */
import { clearCaches } from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import type { Program } from 'typescript';

import { parsingWith, type Crash, type Plugin } from './lint.js';
import { fileIn, type Sources } from './packages.js';
import { errorsIn, programOf, variantName } from './program.js';

/** What can be wrong with a suggestion, and how a table says that it is not. */
export const checks = {
  parses: 'parse',
  silences: 'silence it',
  addsNothing: 'add no finding',
  typeChecks: 'add no type error',
  keepsComments: 'keep comments',
  keepsLineEnds: 'keep line ends',
  isOfferedOnce: 'cannot be applied twice',
} as const;
export type Check = keyof typeof checks;

/** One suggestion, and what is wrong with it. */
export interface Applied {
  readonly in: string;
  readonly file: string;
  /** `line:column` of its finding. */
  readonly at: string;
  readonly rule: string;
  readonly suggestion: string;
  /** 0 for the first one of its finding. */
  readonly rank: number;
  /** Why each check failed that did. */
  readonly flaws: Readonly<Partial<Record<Check, string>>>;
  readonly before: string;
  readonly after: string;
}

export interface Measured {
  readonly findings: number;
  /** Findings with a suggestion. */
  readonly offering: number;
  readonly applied: readonly Applied[];
  readonly crashes: readonly Crash[];
}

interface Offer {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly message: Linter.LintMessage;
  readonly suggestion: Linter.LintSuggestion;
  readonly rank: number;
  /** All findings of the file. */
  readonly found: readonly Linter.LintMessage[];
}

interface Options {
  readonly plugin: Plugin;
  /** Only suggestions of these; all without. */
  readonly rules?: readonly string[] | undefined;
  /** Do the rules know types? */
  readonly typed: boolean;
}

/** Texts that are type-checked in one program. */
const AT_ONCE = 400;

/** Applies the suggestions of the strict config to one package. */
export function applyAll({ name, folder, files }: Sources, { plugin, rules, typed }: Options): Measured {
  const linter = new Linter({ cwd: folder });
  const sources = files.map((file) => ({ path: file.name, before: file.text.replace(/^\uFEFF/, '') }));
  const program = programOf(folder, new Map(sources.map(({ path, before }) => [path, before])));
  const lint = (path: string, text: string, of: Program): Linter.LintMessage[] | null => {
    const parsing = parsingWith(typed ? { programs: [of] } : {});
    try {
      return linter.verify(text, [...parsing, plugin.configs.strict], path);
    } catch (error) {
      crashes.push({ path, error: `${(error as Error).stack}\n\n${text}` });
      return null;
    }
  };

  const offers: Offer[] = [];
  const crashes: Crash[] = [];
  let [findings, offering] = [0, 0];
  for (const { path, before } of sources) {
    const found = lint(path, before, program);
    if (!found || found.some(({ fatal }) => fatal)) continue;
    for (const message of found.filter(({ ruleId }) => ruleId && (rules?.includes(ruleName(ruleId)) ?? true))) {
      const { suggestions = [] } = message;
      findings += 1;
      if (suggestions.length > 0) offering += 1;
      suggestions.forEach((suggestion, rank) =>
        offers.push({ path, before, after: edited(before, suggestion), message, suggestion, rank, found }),
      );
    }
  }

  const applied: Applied[] = [];
  for (let from = 0; from < offers.length; from += AT_ONCE) {
    const some = offers.slice(from, from + AT_ONCE);
    const variants = new Map([
      ...some.map(({ path, before }) => [variantName(path, 'before'), before] as const),
      ...some.map(({ path, after }, at) => [variantName(path, at), after] as const),
    ]);
    const all = programOf(folder, variants, program);
    // What the rules ask a checker first decides what it says of code that goes round in circles.
    const errors = some.map((offer, at) => newErrors(offer, all, at));
    some.forEach((offer, at) => {
      const path = variantName(offer.path, at);
      const left = lint(path, offer.after, all);
      if (!left) return;
      applied.push({
        in: name,
        file: fileIn(folder, offer.path),
        at: `${offer.message.line}:${offer.message.column}`,
        rule: ruleName(offer.message.ruleId!),
        suggestion: offer.suggestion.messageId!,
        rank: offer.rank,
        flaws: flawsOf(offer, left, errors[at]!),
        before: offer.before,
        after: offer.after,
      });
    });
    clearCaches();
  }
  return { findings, offering, applied, crashes };

  /** Type errors of a kind that it had none of before; of JavaScript, only where it had none at all. */
  function newErrors({ path }: Offer, all: Program, at: number): string[] {
    const before = errorsIn(all, variantName(path, 'before'));
    if (/\.[cm]?jsx?$/.test(path) && before.length > 0) return [];
    return errorsIn(all, variantName(path, at)).filter((error) => !before.includes(error));
  }

  function flawsOf(
    { before, after, message, suggestion, found }: Offer,
    left: readonly Linter.LintMessage[],
    errors: readonly string[],
  ): Applied['flaws'] {
    const fatal = left.find((one) => one.fatal);
    if (fatal) return { parses: fatal.message };
    const flaws: Partial<Record<Check, string>> = {};
    const own = (messages: readonly Linter.LintMessage[]) =>
      messages.filter(({ ruleId }) => ruleId === message.ruleId).length;
    if (own(left) >= own(found)) flaws.silences = message.message;
    const more = added(left, found);
    if (more.length > 0) flaws.addsNothing = more.join(' ');
    if (errors.length > 0) flaws.typeChecks = errors[0]!;
    const lost = without(commentsOf(before), commentsOf(after));
    if (lost.length > 0) flaws.keepsComments = lost[0]!;
    if (mixesLineEnds(after) && !mixesLineEnds(before)) flaws.keepsLineEnds = 'It has two kinds of line ends.';
    const same = (messages: readonly Linter.LintMessage[]) =>
      messages.filter(
        (one) =>
          one.message === message.message &&
          one.suggestions?.some(({ desc, fix }) => desc === suggestion.desc && fix.text === suggestion.fix.text),
      ).length;
    if (same(left) >= same(found)) flaws.isOfferedOnce = suggestion.desc;
    return flaws;
  }

  function commentsOf(text: string): string[] {
    linter.verify(text, parsingWith({}), 'file.tsx');
    if (!linter.getSourceCode()) linter.verify(text, parsingWith({}), 'file.ts');
    return (
      linter
        .getSourceCode()
        ?.getAllComments()
        .map(({ value }) => value.replace(/\s+/g, ' ')) ?? []
    );
  }
}

/** The findings of rules that find more than before. */
function added(after: readonly Linter.LintMessage[], before: readonly Linter.LintMessage[]): string[] {
  const rules = new Set(after.map(({ ruleId }) => ruleId));
  return [...rules].flatMap((rule) => {
    const of = (messages: readonly Linter.LintMessage[]) =>
      messages.filter(({ ruleId }) => ruleId === rule).map(({ message }) => `${rule}: ${message}`);
    return of(after).length > of(before).length ? without(of(after), of(before)) : [];
  });
}

function mixesLineEnds(text: string): boolean {
  return text.includes('\r\n') && /(?<!\r)\n/.test(text);
}

function ruleName(id: string): string {
  return id.split('/')[1]!;
}

function edited(text: string, { fix }: Linter.LintSuggestion): string {
  return text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]);
}

/** What is left of `these` when each of `those` takes away one that equals it. */
function without(these: readonly string[], those: readonly string[]): string[] {
  const left = [...these];
  for (const one of those) if (left.includes(one)) left.splice(left.indexOf(one), 1);
  return left;
}

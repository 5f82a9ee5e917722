import type { TSESLint } from '@typescript-eslint/utils';
import type { Catalog, Kind } from './catalog/index.js';
import { catalogFor } from './settings.js';
import { Vocabulary, WordTable } from './syntax/vocabulary.js';
import { hasTypes } from './types/services.js';

/** What a file must have before a rule looks at it. */
export interface Gate {
  /** The kinds of resources it looks after: a file without a word that starts one is not looked at. */
  readonly kinds?: readonly Kind[];
  /** Other words, one of which a file must contain, or several that it must contain together: `Promise+race`; a function where it takes time to collect them. */
  readonly words?: readonly string[] | (() => readonly string[]);
  /** Words that are enough where types are known; `any` file may matter then. */
  readonly typedWords?: readonly string[] | 'any';
}

/** All rules: a file is looked through once for the words of all of them. */
const all: Gate[] = [];

export function registerGate(gate: Gate): void {
  all.push(gate);
}

/** What the words of a file tell about it. */
export interface Outline {
  readonly words: ReadonlySet<string>;
  /** The rules that may have something to say. */
  readonly gates: ReadonlySet<Gate>;
}

type Context = Pick<TSESLint.RuleContext<string, readonly unknown[]>, 'settings' | 'sourceCode'>;

const outlines = new WeakMap<object, Outline>();

export function outlineOf({ sourceCode, settings }: Context): Outline {
  let outline = outlines.get(sourceCode);
  if (!outline) {
    const catalog = catalogFor(settings);
    const isTyped = hasTypes(sourceCode.parserServices);
    const gatekeeper = gatekeeperFor(catalog);
    const words = gatekeeper.vocabulary.in(sourceCode);
    outlines.set(sourceCode, (outline = { words, gates: gatesFor(gatekeeper, catalog.kindsIn(words, isTyped), words, isTyped) }));
  }
  return outline;
}

/** Which words let which rules look at a file. */
interface Gatekeeper {
  readonly vocabulary: Vocabulary;
  /** Rules that look at every file: with types, and without. */
  readonly always: { readonly typed: readonly Gate[]; readonly untyped: readonly Gate[] };
  readonly byKind: ReadonlyMap<Kind, readonly Gate[]>;
  readonly byWord: WordTable<Gate>;
  readonly byTypedWord: WordTable<Gate>;
}

const gatekeepers = new WeakMap<Catalog, Gatekeeper>();

function gatekeeperFor(catalog: Catalog): Gatekeeper {
  let known = gatekeepers.get(catalog);
  if (!known) {
    const byKind = new Map<Kind, Gate[]>();
    for (const gate of all) for (const kind of gate.kinds ?? []) byKind.set(kind, [...(byKind.get(kind) ?? []), gate]);
    const byWord = tableOf(wordsOf);
    const byTypedWord = tableOf(({ typedWords = [] }) => (typedWords === 'any' ? [] : typedWords));
    const untyped = all.filter((gate) => !gate.kinds?.length && wordsOf(gate).length === 0);
    known = {
      vocabulary: new Vocabulary([...catalog.words, ...byWord.words, ...byTypedWord.words]),
      always: { untyped, typed: [...untyped, ...all.filter(({ typedWords }) => typedWords === 'any')] },
      byKind,
      byWord,
      byTypedWord,
    };
    gatekeepers.set(catalog, known);
  }
  return known;
}

function tableOf(listOf: (gate: Gate) => readonly string[]): WordTable<Gate> {
  return new WordTable(all.flatMap((gate) => listOf(gate).map((words) => [words, gate] as const)));
}

function wordsOf({ words = [] }: Gate): readonly string[] {
  return typeof words === 'function' ? words() : words;
}

function gatesFor({ always, byKind, byWord, byTypedWord }: Gatekeeper, kinds: ReadonlySet<Kind>, words: ReadonlySet<string>, isTyped: boolean): Set<Gate> {
  const gates = byWord.in(words);
  for (const gate of isTyped ? always.typed : always.untyped) gates.add(gate);
  for (const kind of kinds) for (const gate of byKind.get(kind) ?? []) gates.add(gate);
  if (isTyped) for (const gate of byTypedWord.in(words)) gates.add(gate);
  return gates;
}

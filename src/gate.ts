import type { TSESLint } from '@typescript-eslint/utils';
import type { Catalog, Kind, Row } from './catalog/index.js';
import { memoize } from './maps.js';
import { catalogFor } from './settings.js';
import { Vocabulary, WordTable } from './syntax/vocabulary.js';
import { hasTypes } from './types/services.js';

/** What a file must have before a rule looks at it. */
export interface Gate {
  /** The kinds of resources it looks after: a file without a word that starts one is not looked at. */
  readonly kinds?: readonly Kind[];
  /**
   * Other words, one of which a file must contain, or several that it must contain together: `Promise+race`; a function
   * where it takes time to collect them.
   */
  readonly words?: readonly string[] | (() => readonly string[]);
  /** Words that are enough where types are known; `any` file may matter then. */
  readonly typedWords?: readonly string[] | 'any';
}

/** All rules: a file is looked through once for the words of all of them. */
const all: Gate[] = [];

export function registerGate(gate: Gate): void {
  all.push(gate);
}

type Settings = Readonly<Record<string, unknown>>;

/** What the words of a file tell about it. */
export interface Outline {
  readonly words: ReadonlySet<string>;
  /** The rules that may have something to say. */
  readonly gates: ReadonlySet<Gate>;
}

export const outlineOf = memoize((sourceCode: Readonly<TSESLint.SourceCode>, settings: Settings): Outline => {
  const gatekeeper = gatekeeperFor(catalogFor(settings));
  const words = gatekeeper.vocabulary.in(sourceCode);
  return { words, gates: gatekeeper.gatesFor(words, hasTypes(sourceCode.parserServices)) };
});

/** Which words let which rules look at a file. */
class Gatekeeper {
  readonly vocabulary: Vocabulary;
  readonly #catalog: Catalog;
  /** Rules that look at every file: without types, and with them. */
  readonly #always: readonly Gate[];
  readonly #alwaysTyped: readonly Gate[];
  readonly #byWord: WordTable<Gate>;
  readonly #byWordOfPackages: WordTable<Gate>;
  readonly #byTypedWord: WordTable<Gate>;

  constructor(catalog: Catalog) {
    const byKind = (rows: readonly Row[]): [string, Gate][] =>
      rows.flatMap(([words, kind]) =>
        all.filter(({ kinds }) => kinds?.includes(kind)).map((gate): [string, Gate] => [words, gate]),
      );
    const byWord = (wordsOf: (gate: Gate) => readonly string[]): [string, Gate][] =>
      all.flatMap((gate) => wordsOf(gate).map((words): [string, Gate] => [words, gate]));
    this.#catalog = catalog;
    this.#byWord = new WordTable([...byWord(wordsOf), ...byKind(catalog.rows)]);
    this.#byWordOfPackages = new WordTable(byKind(catalog.rowsOfPackages));
    this.#byTypedWord = new WordTable(byWord(({ typedWords = [] }) => (typedWords === 'any' ? [] : typedWords)));
    this.#always = all.filter((gate) => !gate.kinds?.length && wordsOf(gate).length === 0);
    this.#alwaysTyped = all.filter(({ typedWords }) => typedWords === 'any');
    this.vocabulary = new Vocabulary([
      ...this.#byWord.words,
      ...this.#byWordOfPackages.words,
      ...this.#byTypedWord.words,
      ...catalog.packages,
    ]);
  }

  /** The rules that may have something to say of a file with these words. */
  gatesFor(words: ReadonlySet<string>, isTyped: boolean): ReadonlySet<Gate> {
    const gates = new Set(this.#always);
    this.#byWord.collect(words, gates);
    if (isTyped || this.#catalog.namesPackage(words)) this.#byWordOfPackages.collect(words, gates);
    if (!isTyped) return gates;
    for (const gate of this.#alwaysTyped) gates.add(gate);
    this.#byTypedWord.collect(words, gates);
    return gates;
  }
}

const gatekeeperFor = memoize((catalog: Catalog) => new Gatekeeper(catalog));

function wordsOf({ words = [] }: Gate): readonly string[] {
  return typeof words === 'function' ? words() : words;
}

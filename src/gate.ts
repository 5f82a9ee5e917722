import type { TSESLint } from '@typescript-eslint/utils';
import type { Catalog, Kind } from './catalog/index.js';
import { catalogFor } from './settings.js';
import { Vocabulary } from './syntax/vocabulary.js';
import { hasTypes } from './types/services.js';

/** What a file must have before a rule looks at it. */
export interface Gate {
  /** The kinds of resources it looks after: a file without a word that starts one is not looked at. */
  readonly kinds?: readonly Kind[];
  /** Other words, one of which a file must contain; a function where it takes time to collect them. */
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
  readonly byWord: ReadonlyMap<string, readonly Gate[]>;
  readonly byTypedWord: ReadonlyMap<string, readonly Gate[]>;
}

const gatekeepers = new WeakMap<Catalog, Gatekeeper>();

function gatekeeperFor(catalog: Catalog): Gatekeeper {
  let known = gatekeepers.get(catalog);
  if (!known) {
    const byWord = grouped(wordsOf);
    const byTypedWord = grouped(({ typedWords = [] }) => (typedWords === 'any' ? [] : typedWords));
    const untyped = all.filter((gate) => !gate.kinds?.length && wordsOf(gate).length === 0);
    known = {
      vocabulary: new Vocabulary([...catalog.words, ...byWord.keys(), ...byTypedWord.keys()]),
      always: { untyped, typed: [...untyped, ...all.filter(({ typedWords }) => typedWords === 'any')] },
      byKind: grouped(({ kinds = [] }) => kinds),
      byWord,
      byTypedWord,
    };
    gatekeepers.set(catalog, known);
  }
  return known;
}

/** All rules by something that each has several of. */
function grouped<K>(keysOf: (gate: Gate) => readonly K[]): Map<K, Gate[]> {
  const groups = new Map<K, Gate[]>();
  for (const gate of all) {
    for (const key of keysOf(gate)) {
      const group = groups.get(key);
      if (group) group.push(gate);
      else groups.set(key, [gate]);
    }
  }
  return groups;
}

function wordsOf({ words = [] }: Gate): readonly string[] {
  return typeof words === 'function' ? words() : words;
}

function gatesFor({ always, byKind, byWord, byTypedWord }: Gatekeeper, kinds: ReadonlySet<Kind>, words: ReadonlySet<string>, isTyped: boolean): Set<Gate> {
  const gates = new Set(isTyped ? always.typed : always.untyped);
  const open = (more: readonly Gate[] = []): void => {
    for (const gate of more) gates.add(gate);
  };
  for (const kind of kinds) open(byKind.get(kind));
  for (const word of words) {
    open(byWord.get(word));
    if (isTyped) open(byTypedWord.get(word));
  }
  return gates;
}

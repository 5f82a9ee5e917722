import type { TSESTree } from '@typescript-eslint/utils';
import { moduleName } from './value.js';
import { isScript, type Node, type SourceCode } from './walk.js';

/** Bits of a sieve: so few that they stay in the processor's cache while a parser fills the rest of it. */
const SIEVE = 1 << 14;

/** Which ASCII characters are part of a name: 1, or 0 where one ends. */
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));

function isInName(code: number): boolean {
  return code < 128 && IN_NAME[code] === 1;
}

/** What stands in the parentheses of `require()` and `import()`. */
const MODULE = /\(\s*(['"`])(.+?)\1/y;

/** What stands before the name of a class that an instance is made of: `new Promise`, `new globalThis.Promise`. */
const MAKES = /\bnew\s+(?:\w+\.)?$/;

/**
 * What words of a file lead to. A row is found by one word, or by several, as `Promise+race`, that must all be there;
 * `new Promise` is a word of its own.
 */
export class WordTable<T> {
  readonly #rows = new Map<string, { readonly others: readonly string[]; readonly value: T }[]>();
  readonly words = new Set<string>();

  constructor(rows: Iterable<readonly [words: string, value: T]>) {
    for (const [words, value] of rows) {
      const [first, ...others] = words.split('+') as [string, ...string[]];
      for (const word of [first, ...others]) this.words.add(word);
      const known = this.#rows.get(first);
      if (known) known.push({ others, value });
      else this.#rows.set(first, [{ others, value }]);
    }
  }

  /** Adds the values that the words of a file lead to. */
  collect(words: ReadonlySet<string>, found: Set<T>): void {
    for (const word of words) {
      const rows = this.#rows.get(word);
      if (rows) for (const { others, value } of rows) if (others.every((other) => words.has(other))) found.add(value);
    }
  }
}

/** A name to look for. */
interface Word {
  /**
   * As those who want it know it: the very same text is compared faster. Null for names that are no words themselves.
   */
  readonly text: string | null;
  readonly role: 'class' | 'importer' | 'name';
  /** The word that an instance of a class is. */
  readonly made?: string;
}

/** Tells nearly all names that are no words from those that may be one. */
class Sieve {
  readonly #bits = new Uint8Array(SIEVE / 8);

  constructor(words: Iterable<string>) {
    for (const word of words) {
      let hash = 0;
      for (let at = 0; at < word.length; at += 1) hash = hashed(hash, word.charCodeAt(at));
      for (const bit of [hash, hash >>> 15]) this.#bits[(bit & (SIEVE - 1)) >> 3]! |= 1 << (bit & 7);
    }
  }

  /** May a word have this hash? */
  has(hash: number): boolean {
    return this.#hasBit(hash) && this.#hasBit(hash >>> 15);
  }

  #hasBit(bit: number): boolean {
    return ((this.#bits[(bit & (SIEVE - 1)) >> 3]! >> (bit & 7)) & 1) === 1;
  }
}

/** The hash of a name with one more character. */
function hashed(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/**
 * The words that some code has to contain before anybody looks at it, found by one look at each character of a file.
 * It reads the text and not the tokens, because a walk from object to object costs more than all the letters.
 */
export class Vocabulary {
  readonly #words: ReadonlyMap<string, Word>;
  readonly #sieve: Sieve;

  constructor(words: Iterable<string>) {
    const known = new Map<string, Word>();
    for (const text of words) known.set(text, { text, role: 'name' });
    for (const made of [...known.keys()].filter((word) => word.startsWith('new '))) {
      const text = made.slice('new '.length);
      known.set(text, { text: known.get(text)?.text ?? null, role: 'class', made });
    }
    for (const importer of ['require', 'import'])
      known.set(importer, { text: known.get(importer)?.text ?? null, role: 'importer' });
    this.#words = known;
    this.#sieve = new Sieve(known.keys());
  }

  /**
   * Those of the words that a file has: names outside of comments, be it within a text, modules that it imports and
   * their packages, and types in JSDoc.
   */
  in({ ast, text }: SourceCode): ReadonlySet<string> {
    const found = new Set<string>();
    let at = 0;
    for (const { range } of ast.comments ?? []) {
      const [start, end] = range;
      this.#read(text, at, start, found);
      if (text.startsWith('/**', start)) this.#readTypes(text, start, end, found);
      at = end;
    }
    this.#read(text, at, text.length, found);
    for (const statement of ast.body) this.#takeImports(statement, found);
    return found;
  }

  /** Takes the names in the braces of a JSDoc comment. */
  #readTypes(text: string, start: number, end: number, found: Set<string>): void {
    const comment = text.slice(start, end);
    for (let open = comment.indexOf('{'); open >= 0; open = comment.indexOf('{', open + 1))
      this.#read(comment, open, comment.indexOf('}', open), found);
  }

  /** Takes the names between two places. */
  #read(text: string, from: number, to: number, found: Set<string>): void {
    const sieve = this.#sieve;
    for (let at = from; at < to; at += 1) {
      let code = text.charCodeAt(at);
      if (!isInName(code)) continue;
      const start = at;
      let hash = 0;
      do {
        hash = hashed(hash, code);
        at += 1;
        code = at < to ? text.charCodeAt(at) : 0;
      } while (isInName(code));
      const word = sieve.has(hash) ? this.#words.get(text.slice(start, at)) : undefined;
      if (!word) continue;
      if (word.text !== null) found.add(word.text);
      if (word.role === 'importer') this.#takeImport(text, start, at, found);
      else if (word.role === 'class') this.#takeClass(text, start, word, found);
    }
  }

  /**
   * What `require()` and `import()` import; `import()` is a word of its own, because nearly every file has an `import`.
   */
  #takeImport(text: string, start: number, end: number, found: Set<string>): void {
    if (text[end] !== '(') return;
    MODULE.lastIndex = end;
    const module = MODULE.exec(text)?.[2];
    if (module !== undefined) this.#takeModule(module, found);
    this.#take(`${text.slice(start, end)}()`, found);
  }

  /** Whether an instance of a class is made. */
  #takeClass(text: string, at: number, { made }: Word, found: Set<string>): void {
    if (made !== undefined && !found.has(made) && MAKES.test(text.slice(Math.max(0, at - 40), at))) found.add(made);
  }

  #takeImports(statement: Node, found: Set<string>): void {
    if (statement.type === 'ImportDeclaration') this.#takeModule(statement.source.value, found);
    else if (isScript(statement))
      for (const one of (statement as Node as TSESTree.Program).body) this.#takeImports(one, found);
  }

  /** A module, and the package of `rxjs/operators` and `@scope/package/file`. */
  #takeModule(module: string, found: Set<string>): void {
    // Most files import their neighbours, which no word names.
    if (module.startsWith('.')) return;
    this.#take(moduleName(module), found);
    if (module.includes('/')) this.#take(/^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module, found);
  }

  #take(word: string, found: Set<string>): void {
    const text = this.#words.get(word)?.text;
    if (text) found.add(text);
  }
}

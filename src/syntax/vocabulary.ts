import { moduleName } from './values.js';
import { type SourceCode, topLevel } from './walk.js';

const SIEVE = 1 << 16;

// What a place in the sieve says; else it is the number of the file in which its word was taken.
const NONE = 0;
const ONE = 1;
const SEVERAL = 2;

/** Which ASCII characters are part of a name. */
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));

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

  /** The values that the words of a file lead to. */
  in(words: ReadonlySet<string>): Set<T> {
    const found = new Set<T>();
    for (const word of words) {
      for (const { others, value } of this.#rows.get(word) ?? NO_ROWS) if (others.every((other) => words.has(other))) found.add(value);
    }
    return found;
  }
}

const NO_ROWS: readonly never[] = [];

function placeOf(word: string): number {
  let place = 0;
  for (let at = 0; at < word.length; at += 1) place = (place * 31 + word.charCodeAt(at)) & (SIEVE - 1);
  return place;
}

/**
 * The words that some code has to contain before anybody looks at it, found by one look at each character of a file.
 * It reads the text and not the tokens, because a walk from object to object costs more than all the letters.
 */
export class Vocabulary {
  readonly #words: ReadonlySet<string>;
  /** The classes of which instances count as words. */
  readonly #made: ReadonlySet<string>;
  /** Lets nearly all other names go before they are looked up; a word that was taken has the number of its file. */
  readonly #sieve = new Int32Array(SIEVE);
  #file = SEVERAL;

  constructor(words: Iterable<string>) {
    this.#words = new Set(words);
    this.#made = new Set([...this.#words].filter((word) => word.startsWith('new ')).map((word) => word.slice('new '.length)));
    for (const word of new Set([...this.#words, ...this.#made, 'require', 'import'])) {
      const place = placeOf(word);
      this.#sieve[place] = this.#sieve[place] === NONE ? ONE : SEVERAL;
    }
  }

  /** Those of the words that a file has: names outside of comments, be it within a text, modules that it imports and their packages, and types in JSDoc. */
  in({ ast, text }: SourceCode): ReadonlySet<string> {
    const found = new Set<string>();
    this.#file += 1;
    let at = 0;
    for (const { range, value } of ast.comments ?? []) {
      this.#read(text, at, range[0], found);
      at = range[1];
      if (value.startsWith('*')) for (let open = value.indexOf('{'); open >= 0; open = value.indexOf('{', open + 1)) this.#read(value, open, value.indexOf('}', open), found);
    }
    this.#read(text, at, text.length, found);
    for (const statement of topLevel(ast)) if (statement.type === 'ImportDeclaration') this.#takeModule(statement.source.value, found);
    return found;
  }

  /** Takes the names between two places. */
  #read(text: string, from: number, to: number, found: Set<string>): void {
    const sieve = this.#sieve;
    const file = this.#file;
    for (let at = from; at < to; at += 1) {
      const start = at;
      let place = 0;
      for (let code = text.charCodeAt(at); IN_NAME[code] === 1; code = text.charCodeAt(++at)) place = (place * 31 + code) & (SIEVE - 1);
      if (sieve[place] === NONE || sieve[place] === file || at === start) continue;
      const word = text.slice(start, at);
      if (word === 'require' || word === 'import') this.#takeImport(text, at, word, found);
      else if (this.#made.has(word)) this.#takeClass(text, start, word, found);
      // Of words that share a place, the others may still come.
      else if (this.#take(word, found) && sieve[place] !== SEVERAL) sieve[place] = file;
    }
  }

  /** What `require()` and `import()` import; `import()` is a word of its own, because nearly every file has an `import`. */
  #takeImport(text: string, at: number, word: string, found: Set<string>): void {
    MODULE.lastIndex = at;
    const module = text[at] === '(' ? MODULE.exec(text)?.[2] : undefined;
    if (module !== undefined) this.#takeModule(module, found);
    if (text[at] === '(') this.#take(`${word}()`, found);
  }

  /** The name of a class, and whether an instance of it is made. */
  #takeClass(text: string, at: number, word: string, found: Set<string>): void {
    this.#take(word, found);
    const made = `new ${word}`;
    if (!found.has(made) && MAKES.test(text.slice(Math.max(0, at - 40), at))) this.#take(made, found);
  }

  /** A module, and the package of `rxjs/operators` and `@scope/package/file`. */
  #takeModule(module: string, found: Set<string>): void {
    this.#take(moduleName(module), found);
    if (module.includes('/')) this.#take(/^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module, found);
  }

  #take(word: string, found: Set<string>): boolean {
    const isWord = this.#words.has(word);
    if (isWord) found.add(word);
    return isWord;
  }
}

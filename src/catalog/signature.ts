import { cached } from '../maps.js';
/**
 * The notation: one line of JavaScript that starts or ends a resource.
 *
 *     handle = setInterval(callback)
 *     target.addEventListener(type, listener, { capture, once, signal })
 *     release = await mutex.acquire()
 *     { port1, port2 } = new MessageChannel()
 *     [value, release] = await semaphore.acquire()
 *     new Promise((release) => {})
 *     'node:events'.once(handle, 'exit')
 *     response.body
 *
 * Names stand for values; names that a start and an end share stand for the same value. A quoted argument stands for
 * itself,
 * a quoted text before a function is the module that exports it. An end without parentheses is any use of the property.
 */
export interface Signature {
  readonly text: string;
  /** What the result is called: a name, or names taken out of it; null entries are left out of a list. */
  readonly binding: string | readonly (string | null)[] | null;
  /** Are the names of the result found by their place in a list, not by their property? */
  readonly isList: boolean;
  readonly awaited: boolean;
  readonly isNew: boolean;
  /** False for an end that is a mere use of a property. */
  readonly isCall: boolean;
  /** The module that exports the function, where the signature names it. */
  readonly module: string | null;
  /** `['target', 'addEventListener']`: the first is a global, an export, or the name of a value. */
  readonly callee: readonly string[];
  /** The parts of `callee` that may be missing: `body` in `response.body?.cancel()`. */
  readonly optional: ReadonlySet<string>;
  readonly arguments: readonly Argument[];
  /** The names that what it starts is called by: those of its result, and without one those a callback gets it by. */
  readonly bound: ReadonlySet<string>;
}

export type Argument =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string }
  /** A function whose parameters the names stand for, and what it returns: only owners have that. */
  | { readonly kind: 'callback'; readonly names: readonly string[]; readonly returned?: string }
  | { readonly kind: 'options'; readonly names: readonly string[] };

/** A signature that does not parse; `at` is the position in its text. */
export class SignatureError extends Error {
  readonly at: number;
  constructor(text: string, at: number, expected: string) {
    super(`expected ${expected} at position ${at + 1} of \`${text}\``);
    this.at = at;
  }
}

const parsed = new Map<string, Signature>();
const words = new Map<string, string>();

/** Parses one signature. Throws a SignatureError that names what was expected, and where. */
export function parse(text: string): Signature {
  return cached(parsed, text, () => new Parser(text).signature());
}

/** Parses what begins or ends an owner: a callback may return what ends it. */
export function parseCallback(text: string): Signature {
  return new Parser(text, true).signature();
}

/** The text of a call of a method without arguments; null where no signature can say the name: `#wait`, `'wait-for'`. */
export function callText(object: string, method: string): string | null {
  if (/^[$\p{ID_Continue}]+$/u.test(method)) return `${object}.${method}()`;
  return /^\[Symbol\.\w+\]$/.test(method) ? `${object}${method}()` : null;
}

/** The word a call of the signature ends in: what a file must contain for it to matter. */
export function wordOf(text: string): string {
  return cached(
    words,
    text,
    () => /([$#\p{ID_Continue}]+|\[Symbol\.\w+\])\s*\(/u.exec(text)?.[1] ?? /[$\p{ID_Continue}]+$/u.exec(text)?.[0] ?? text,
  );
}

class Parser {
  readonly #text: string;
  /** May a callback return what ends it? */
  readonly #returns: boolean;
  #at = 0;

  constructor(text: string, returns = false) {
    this.#text = text;
    this.#returns = returns;
  }

  signature(): Signature {
    const { binding, isList } = this.#binding();
    const awaited = this.#word('await');
    const isNew = this.#word('new');
    const module = this.#quoted();
    if (module !== null) this.#expect('.');
    const callee = [this.#name('a function, a value or a class')];
    const optional = new Set<string>();
    while (this.#rest() && !this.#peek('(')) {
      if (this.#peek('?.')) {
        optional.add(callee.at(-1)!);
        this.#take('?');
      }
      if (this.#take('[')) callee.push(this.#symbol());
      else if (this.#take('.')) callee.push(this.#name('a property'));
      else this.#fail('`.` or `(`');
    }
    // The name of the result would stand for what makes it.
    if (binding !== null && [binding].flat().includes(callee[0]!)) this.#fail('another name for the result');
    const isCall = this.#peek('(');
    if (!isCall && (callee.length < 2 || binding !== null)) this.#fail('`.` or `(`');
    const args = isCall ? this.#arguments() : [];
    if (this.#at < this.#text.length) this.#fail('the end');
    const bound = binding === null ? args.flatMap((argument) => (argument.kind === 'callback' ? argument.names : [])) : [binding].flat();
    return { text: this.#text, binding, isList, awaited, isNew, isCall, module, callee, optional, arguments: args, bound: new Set(bound.filter((name) => name !== null)) };
  }

  #binding(): Pick<Signature, 'binding' | 'isList'> {
    const start = this.#at;
    const isList = this.#peek('[');
    if (isList || this.#peek('{')) {
      const binding = isList ? this.#items() : this.#names();
      this.#expect('=');
      return { binding, isList };
    }
    if (this.#quoted() === null) {
      const name = this.#name('a name');
      if (this.#take('=')) return { binding: name, isList };
    }
    this.#at = start;
    return { binding: null, isList };
  }

  #items(): (string | null)[] {
    this.#expect('[');
    const items: (string | null)[] = [];
    do items.push(this.#peek(',') ? null : this.#name('a name'));
    while (this.#take(','));
    this.#expect(']');
    return items;
  }

  #quoted(): string | null {
    const quoted = /^'([^']*)'/.exec(this.#rest());
    if (quoted) this.#at += quoted[0].length;
    return quoted?.[1] ?? null;
  }

  #symbol(): string {
    const symbol = /^Symbol\.\w+\]/.exec(this.#text.slice(this.#at))?.[0];
    if (!symbol) return this.#fail('`Symbol.…]`');
    this.#at += symbol.length;
    return `[${symbol}`;
  }

  #arguments(): Argument[] {
    this.#expect('(');
    const args: Argument[] = [];
    while (!this.#take(')')) {
      if (args.length > 0) this.#expect(',');
      const literal = this.#quoted();
      if (literal !== null) {
        args.push({ kind: 'literal', value: literal });
      } else if (this.#peek('{')) {
        args.push({ kind: 'options', names: this.#names() });
      } else if (this.#take('(')) {
        args.push(this.#callback());
      } else {
        args.push({ kind: 'name', name: this.#name('an argument: a name, a quoted text or `{ options }`') });
      }
    }
    return args;
  }

  #callback(): Argument {
    const isEmpty = this.#returns && this.#peek(')');
    const names = isEmpty ? [] : [this.#name('a parameter')];
    while (names.length > 0 && this.#take(',')) names.push(this.#name('a parameter'));
    for (const token of [')', '=>']) this.#expect(token);
    if (this.#returns && !this.#peek('{')) return { kind: 'callback', names, returned: this.#name('what it returns') };
    for (const token of ['{', '}']) this.#expect(token);
    return { kind: 'callback', names };
  }

  #names(): string[] {
    this.#expect('{');
    const names = [this.#name('a property')];
    while (this.#take(',')) names.push(this.#name('a property'));
    this.#expect('}');
    return names;
  }

  #name(expected: string): string {
    const name = /^[$\p{ID_Continue}]+/u.exec(this.#rest())?.[0];
    if (!name) return this.#fail(expected);
    this.#at += name.length;
    return name;
  }

  #word(word: string): boolean {
    if (!new RegExp(String.raw`^${word}\s+[$\p{ID_Continue}]`, 'u').test(this.#rest())) return false;
    this.#at += word.length;
    return true;
  }

  #rest(): string {
    while (this.#text[this.#at] === ' ') this.#at += 1;
    return this.#text.slice(this.#at);
  }

  #peek(token: string): boolean {
    return this.#rest().startsWith(token);
  }

  #take(token: string): boolean {
    if (!this.#peek(token)) return false;
    this.#at += token.length;
    while (this.#text[this.#at] === ' ') this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#fail(`\`${token}\``);
  }

  #fail(expected: string): never {
    throw new SignatureError(this.#text, this.#at, expected);
  }
}

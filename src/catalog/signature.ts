/**
 * The notation: one line of JavaScript that starts or ends a resource.
 *
 *     handle = setInterval(callback)
 *     target.addEventListener(type, listener, { capture, once, signal })
 *     release = await mutex.acquire()
 *     { port1, port2 } = new MessageChannel()
 *
 * Names stand for values; names that a start and an end share stand for the same value. A quoted argument stands for itself.
 */
export interface Signature {
  readonly text: string;
  /** What the result is called: a name, or names taken out of it. */
  readonly binding: string | readonly string[] | null;
  readonly awaited: boolean;
  readonly isNew: boolean;
  /** `['target', 'addEventListener']`: the first is a global, an export, or the name of a value. */
  readonly callee: readonly string[];
  readonly arguments: readonly Argument[];
}

export type Argument =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string }
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

/** Parses one signature. Throws a SignatureError that names what was expected, and where. */
export function parse(text: string): Signature {
  let signature = parsed.get(text);
  if (!signature) parsed.set(text, (signature = new Parser(text).signature()));
  return signature;
}

/** The word a call of the signature ends in: what a file must contain for it to matter. */
export function wordOf(text: string): string {
  return /([\w$#]+|\[Symbol\.\w+\])\s*\(/.exec(text)?.[1] ?? text;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  signature(): Signature {
    const binding = this.#binding();
    const awaited = this.#word('await');
    const isNew = this.#word('new');
    const callee = [this.#name('a function, a value or a class')];
    while (!this.#peek('(')) {
      if (this.#take('[')) callee.push(this.#symbol());
      else if (this.#take('.')) callee.push(this.#name('a property'));
      else this.#fail('`.` or `(`');
    }
    const args = this.#arguments();
    if (this.#at < this.#text.length) this.#fail('the end');
    return { text: this.#text, binding, awaited, isNew, callee, arguments: args };
  }

  #binding(): Signature['binding'] {
    const start = this.#at;
    if (this.#peek('{')) {
      const names = this.#names();
      this.#expect('=');
      return names;
    }
    const name = this.#name('a name');
    if (this.#take('=')) return name;
    this.#at = start;
    return null;
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
      const literal = /^'([^']*)'/.exec(this.#rest());
      if (literal) {
        this.#at += literal[0].length;
        args.push({ kind: 'literal', value: literal[1]! });
      } else if (this.#peek('{')) {
        args.push({ kind: 'options', names: this.#names() });
      } else {
        args.push({ kind: 'name', name: this.#name('an argument: a name, a quoted text or `{ options }`') });
      }
    }
    return args;
  }

  #names(): string[] {
    this.#expect('{');
    const names = [this.#name('a property')];
    while (this.#take(',')) names.push(this.#name('a property'));
    this.#expect('}');
    return names;
  }

  #name(expected: string): string {
    const name = /^[\w$]+/.exec(this.#rest())?.[0];
    if (!name) return this.#fail(expected);
    this.#at += name.length;
    return name;
  }

  #word(word: string): boolean {
    if (!new RegExp(String.raw`^${word}\s+[\w$]`).test(this.#rest())) return false;
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

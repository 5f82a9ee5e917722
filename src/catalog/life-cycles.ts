import { listed } from './index.js';
import type { OwnerRow } from './owners.js';
import { parse, parseCallback, type Signature, SignatureError, wordOf } from './signature.js';

/** A call whose callback, or whose object of methods, runs when an owner begins. */
export interface Hook {
  readonly row: OwnerRow;
  readonly signature: Signature;
  /** The argument that runs: a callback, or an object with these methods. */
  readonly index: number;
  readonly methods: readonly string[] | null;
  /** Does the callback return what ends the owner? */
  readonly returns: boolean;
  readonly ends: readonly OwnerEnd[];
}

/** A class whose instances something else begins and ends. */
export interface LifeCycle {
  readonly row: OwnerRow;
  readonly by: 'decorator' | 'extends' | 'implements';
  readonly name: RegExp;
  readonly ends: readonly OwnerEnd[];
}

export interface OwnerEnd {
  /** The method of a class or an object that ends it; null for a call that is given what is to run then. */
  readonly method: string | null;
  /** Has the method to call the one that it overrides? */
  readonly callsSuper: boolean;
  /** The call that is given what is to run; null for a method, and for what the callback returned. */
  readonly registration: Signature | null;
}

/** The owners a file is looked at with: found by the word of their call, read when it is met. */
export class LifeCycles {
  readonly #rows: readonly OwnerRow[];
  readonly #hooks = new Map<string, Hook[]>();
  #byWord: Map<string, [row: OwnerRow, start: string][]> | undefined;
  #classes: readonly LifeCycle[] | undefined;
  #made: readonly Hook[] | undefined;
  #handlers: readonly Hook[] | undefined;
  #tests: ReadonlySet<string> | undefined;
  #endings: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(rows: readonly OwnerRow[]) {
    this.#rows = rows;
  }

  /** The hooks that are called by a word, those of a module first. */
  hooksOf(word: string): readonly Hook[] {
    let hooks = this.#hooks.get(word);
    if (!hooks) {
      const rows = this.#words().get(word) ?? [];
      this.#hooks.set(word, (hooks = rows.map(([row, start]) => hookFrom(row, start))));
    }
    return hooks;
  }

  /** The classes that have a life cycle, those of a module first. */
  get classes(): readonly LifeCycle[] {
    this.#classes ??= this.#rows
      .flatMap((row) => listed(row.start).flatMap((start) => (isClassStart(start) ? [classFrom(row, start)] : [])))
      .sort((one, other) => Number(one.row.from === undefined) - Number(other.row.from === undefined));
    return this.#classes;
  }

  /** The calls whose result ends with what made it. */
  get made(): readonly Hook[] {
    return (this.#made ??= this.#rows.flatMap((row) => listed(row.start).flatMap((start) => (/^\w+ = /.test(start) ? [hookFrom(row, start)] : []))));
  }

  /** The functions that are known by what their parameters are called, whoever calls them. */
  get handlers(): readonly Hook[] {
    return (this.#handlers ??= this.#rows.flatMap((row) => listed(row.start).flatMap((start) => (isHandlerStart(start) ? [hookFrom(row, start)] : []))));
  }

  /** Names of functions that run a test. */
  get tests(): ReadonlySet<string> {
    return (this.#tests ??= new Set(this.#rows.flatMap(({ owner, start }) => (owner === 'test' ? listed(start).map((one) => one.split(/\W/)[0]!) : []))));
  }

  /** Functions that take what ends the owner they are called in, by name, and the modules that export each. */
  get endings(): ReadonlyMap<string, readonly string[]> {
    if (!this.#endings) {
      const found = new Map<string, string[]>();
      for (const { owner, start, end, from = [] } of this.#rows) {
        if (owner === 'test' || listed(start).some(isClassStart)) continue;
        for (const one of listed(end)) {
          const word = /^(\w+)\(\w+\)$/.exec(one)?.[1];
          if (word !== undefined) found.set(word, [...(found.get(word) ?? []), ...listed(from)]);
        }
      }
      this.#endings = found;
    }
    return this.#endings;
  }

  #words(): Map<string, [row: OwnerRow, start: string][]> {
    if (!this.#byWord) {
      this.#byWord = new Map();
      for (const row of this.#rows) {
        if (row.owner === 'test') continue;
        for (const start of listed(row.start)) {
          if (isClassStart(start) || isHandlerStart(start)) continue;
          const word = wordOf(start);
          const known = this.#byWord.get(word);
          if (known) known.push([row, start]);
          else this.#byWord.set(word, [[row, start]]);
        }
      }
    }
    return this.#byWord;
  }
}

/** Names of what an owner runs: anything else in a call is a value that it is given. */
const RUNS = new Set(['callback', 'setup']);

const CLASS = /^(?:@([\w$]+) class|class (extends|implements) ([\w$.*]+))$/;

function isClassStart(start: string): boolean {
  return start.startsWith('@') || /^class\b/.test(start);
}

/** A function that is known by its parameters: `function (request, response)`. */
function isHandlerStart(start: string): boolean {
  return /^function\b/.test(start);
}

/** A call that is given such a function. */
function callOf(start: string): string {
  const [, names] = /^function (\(\w+(?:, \w+)*\))$/.exec(start) ?? [];
  if (names === undefined) throw new SignatureError(start, 'function '.length, '`(name, name)` and no more');
  return `handle(${names} => {})`;
}

/** Reads a class that has a life cycle: `class extends *Controller`, `class implements Plugin`, `@Component class`. */
export function classFrom(row: OwnerRow, start: string): LifeCycle {
  const [, decorator, by = 'decorator', name = decorator] = CLASS.exec(start) ?? [];
  if (name === undefined) throw new SignatureError(start, start.startsWith('@') ? 1 : 'class '.length, '`class extends Name`, `class implements Name` or `@Name class`');
  const pattern = name.replaceAll(/[.$]/g, String.raw`\$&`).replaceAll('*', String.raw`\w*`);
  return { row, by: by as LifeCycle['by'], name: new RegExp(`^${pattern}$`), ends: listed(row.end).map((end) => endFrom(end, null)) };
}

/**
 * Reads a call that begins an owner, or the function that it runs: `useEffect(() => cleanup)`, `onMounted(callback)`,
 * `defineComponent({ mounted })`, `function (request, response)`.
 */
export function hookFrom(row: OwnerRow, start: string): Hook {
  const signature = parseCallback(isHandlerStart(start) ? callOf(start) : start);
  const index = signature.arguments.findIndex((one) => one.kind === 'callback' || one.kind === 'options' || (one.kind === 'name' && RUNS.has(one.name)));
  const isMade = typeof signature.binding === 'string';
  if (index < 0 && !isMade) throw new SignatureError(start, start.length, 'a `callback`, a function or `{ methods }` among the arguments');
  const argument = signature.arguments[index];
  const returned = argument?.kind === 'callback' ? (argument.returned ?? null) : null;
  const methods = argument?.kind === 'options' ? argument.names : null;
  return { row, signature, index, methods, returns: returned !== null, ends: listed(row.end).map((end) => endFrom(end, returned)) };
}

/** Reads what ends an owner: `dispose()`, `super.dispose()`, `onUnmounted(cleanup)`, or what the callback returned. */
export function endFrom(end: string, returned: string | null): OwnerEnd {
  const [, overrides, method] = /^(super\.)?([\w$#]+|\[Symbol\.\w+\])\(\)$/.exec(end) ?? [];
  if (method !== undefined && method === returned) return { method: null, callsSuper: false, registration: null };
  if (method !== undefined) return { method, callsSuper: overrides !== undefined, registration: null };
  const registration = parse(end);
  if (!registration.isCall || !registration.arguments.some(({ kind }) => kind === 'name')) throw new SignatureError(end, end.length, 'a method without arguments, or a call that takes what ends it');
  return { method: null, callsSuper: false, registration };
}

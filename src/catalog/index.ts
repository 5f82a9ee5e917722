import { CONTROLLERS } from './controllers.js';
import { EVENTS } from './events.js';
import { HANDLES } from './handles.js';
import { LOCKS } from './locks.js';
import { PACKAGES } from './packages.js';
import type { Kind, Resource } from './resource.js';
import { parse, type Signature, wordOf } from './signature.js';
import { STREAMS } from './streams.js';
import { TIMERS } from './timers.js';
import { WordTable } from '../syntax/vocabulary.js';
import { packageWords, prefixesOf } from '../types/known.js';

export type { Kind, Resource };

/** Every resource the plugin knows. */
export const RESOURCES: readonly Resource[] = [...TIMERS, ...EVENTS, ...CONTROLLERS, ...LOCKS, ...STREAMS, ...HANDLES, ...PACKAGES];

/** One way to start a resource. What it says is read when its word is met. */
export class Entry {
  readonly resource: Resource;
  readonly start: string;
  /** What the types start with of which one has to be a value's, for it to be a method of a package's value. Its name alone tells nothing: many things have an `on`, few are that package's. */
  readonly packages: readonly string[];

  constructor(resource: Resource, start: string) {
    this.resource = resource;
    this.start = start;
    this.packages = packageTypes(resource).flatMap(prefixesOf);
  }

  get isOfPackage(): boolean {
    return this.packages.length > 0;
  }

  get signature(): Signature {
    return parse(this.start);
  }
}

/** The resources to look for in a file, found by the word their start ends in. */
export class Catalog {
  readonly #byWord = new Map<string, Entry[]>();
  readonly #kinds: WordTable<Kind>;
  /** As `#kinds`, for the methods of packages' values: without types, a file has such a value only where it names a package. */
  readonly #kindsOfPackages: WordTable<Kind>;
  readonly #packages: ReadonlySet<string>;
  /** The resources that have a form which ends them by itself. */
  readonly scoped: readonly Resource[];

  constructor(resources: readonly Resource[]) {
    this.scoped = resources.filter(({ scoped }) => scoped !== undefined);
    this.#packages = new Set([...packageWords(), ...resources.flatMap(packageTypes).flatMap(prefixesOf)]);
    for (const resource of resources) {
      for (const start of listed(resource.start)) add(this.#byWord, wordOf(start), () => []).push(new Entry(resource, start));
    }
    const ofPackages = (resource: Resource): boolean => packageTypes(resource).length > 0;
    this.#kinds = new WordTable(resources.filter((one) => !ofPackages(one)).flatMap(rowsOf));
    this.#kindsOfPackages = new WordTable(resources.filter(ofPackages).flatMap(rowsOf));
  }

  /** The starts that end in a word. */
  entriesOf(word: string): readonly Entry[] {
    return this.#byWord.get(word) ?? [];
  }

  /** The words, one of which a file must contain to start something; with the packages whose values it may start things with. */
  get words(): readonly string[] {
    return [...this.#kinds.words, ...this.#kindsOfPackages.words, ...this.#packages];
  }

  /** Does one of these words name a package whose values start things? */
  namesPackage(words: ReadonlySet<string>): boolean {
    return [...words].some((word) => this.#packages.has(word));
  }

  /** The kinds that a file with these words may start. */
  kindsIn(words: ReadonlySet<string>, isTyped: boolean): ReadonlySet<Kind> {
    const found = this.#kinds.in(words);
    if (isTyped || this.namesPackage(words)) for (const kind of this.#kindsOfPackages.in(words)) found.add(kind);
    return found;
  }
}

/** What a file must have to start a resource, be it in the form that ends by itself. */
function rowsOf(resource: Resource): [words: string, kind: Kind][] {
  const starts = [...listed(resource.start), ...(resource.scoped === undefined ? [] : [resource.scoped])];
  return starts.flatMap((start) => wordsOf(start, resource)).map((words) => [words, resource.kind]);
}

/** What a start calls, and whether it makes an instance of that. */
const CALLED = /(new\s+)?((?:[\w$]+\.)*[\w$]+)\s*\(/;

function wordsOf(start: string, resource: Resource): readonly string[] {
  const [, isNew, callee] = CALLED.exec(start) ?? [];
  if (callee === undefined || hasReceiver(resource, start)) return [wordOf(start)];
  const from = listed(resource.from ?? []);
  // Of a function that a module exports, the module's name says more than the function's.
  if (from.length > 0 && !from.includes('*')) return from.map(moduleOf);
  return [isNew ? `new ${callee}` : callee.replaceAll('.', '+')];
}

/** The types of packages among those that a resource wants its values to have. */
function packageTypes({ where = {} }: Resource): string[] {
  return Object.values(where).flatMap((types) => listed(types).filter((type) => /^(?!node:)[@a-z]/.test(type)));
}

/** Does a start call a method of a value, not a function of a module? */
function hasReceiver({ where = {} }: Resource, start: string): boolean {
  return where[/(?:^|[\s=])(\w+)\./.exec(start)?.[1] ?? ''] !== undefined;
}

/** `node:fs.promises` is got at through `node:fs`. */
function moduleOf(from: string): string {
  return /^node:[^.]+/.exec(from)?.[0] ?? from;
}

function add<V>(to: Map<string, V>, key: string, make: () => V): V {
  let value = to.get(key);
  if (value === undefined) to.set(key, (value = make()));
  return value;
}

export function listed(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}

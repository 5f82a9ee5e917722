import { push } from '../maps.js';
import { packageWords, prefixesOf } from '../types/known.js';
import { CONTROLLERS } from './controllers.js';
import { EVENTS } from './events.js';
import { HANDLES } from './handles.js';
import { LOCKS } from './locks.js';
import { PACKAGES } from './packages.js';
import type { Kind, Resource } from './resource.js';
import { parse, type Signature, wordOf } from './signature.js';
import { STREAMS } from './streams.js';
import { TIMERS } from './timers.js';

export type { Kind, Resource };

/** Every resource the plugin knows. */
export const RESOURCES: readonly Resource[] = [...TIMERS, ...EVENTS, ...CONTROLLERS, ...LOCKS, ...STREAMS, ...HANDLES, ...PACKAGES];

let wordsOfEnds: ReadonlySet<string> | undefined;

/** What the ends of all resources are called. */
export function endWords(): ReadonlySet<string> {
  return (wordsOfEnds ??= new Set(RESOURCES.flatMap(({ end }) => listed(end).map((text) => wordOf(text)))));
}

/** One way to start a resource. What it says is read when its word is met. */
export class Entry {
  readonly resource: Resource;
  readonly start: string;
  /**
   * What the types start with of which one has to be a value's, for it to be a method of a package's value. Its name
   * alone tells nothing: many things have an `on`, few are that package's.
   */
  readonly packages: readonly string[];
  #signature: Signature | undefined;

  constructor(resource: Resource, start: string) {
    this.resource = resource;
    this.start = start;
    this.packages = packageTypes(resource).flatMap(prefixesOf);
  }

  get isOfPackage(): boolean {
    return this.packages.length > 0;
  }

  get signature(): Signature {
    return (this.#signature ??= parse(this.start));
  }
}

/** Which values of packages a file may have. */
export type MayHave = 'any' | 'none' | ((entry: Entry) => boolean);

const NO_ENTRIES: readonly Entry[] = [];

/** The resources to look for in a file, found by the word their start ends in. */
export class Catalog {
  readonly #byWord = new Map<string, Entry[]>();
  /** The same without the methods of packages' values. */
  readonly #byWordWithoutPackages = new Map<string, Entry[]>();
  /** What words a file must have, one row of them, to start something of a kind. */
  readonly rows: readonly Row[];
  /**
   * The same for the methods of packages' values: without types, a file has such a value only where it names a package.
   */
  readonly rowsOfPackages: readonly Row[];
  /** What the names of packages' types start with. */
  readonly packages: ReadonlySet<string>;
  /** The resources that have a form which ends them by itself. */
  readonly scoped: readonly Resource[];

  constructor(resources: readonly Resource[]) {
    this.scoped = resources.filter(({ scoped }) => scoped !== undefined);
    this.packages = new Set([...packageWords(), ...resources.flatMap(packageTypes).flatMap(prefixesOf)]);
    for (const resource of resources) {
      for (const start of listed(resource.start)) {
        const entry = new Entry(resource, start);
        push(this.#byWord, wordOf(start), entry);
        if (!entry.isOfPackage) push(this.#byWordWithoutPackages, wordOf(start), entry);
      }
    }
    const ofPackages = (resource: Resource): boolean => packageTypes(resource).length > 0;
    this.rows = resources.filter((one) => !ofPackages(one)).flatMap(rowsOf);
    this.rowsOfPackages = resources.filter(ofPackages).flatMap(rowsOf);
  }

  /** The starts that end in a word: those of packages' values only where a file `mayHave` such values. */
  entriesOf(word: string, mayHave: MayHave): readonly Entry[] {
    if (mayHave === 'none') return this.#byWordWithoutPackages.get(word) ?? NO_ENTRIES;
    const entries = this.#byWord.get(word) ?? NO_ENTRIES;
    return mayHave === 'any' ? entries : entries.filter((entry) => !entry.isOfPackage || mayHave(entry));
  }

  /** Does one of these words name a package whose values start things? */
  namesPackage(words: ReadonlySet<string>): boolean {
    for (const word of words) if (this.packages.has(word)) return true;
    return false;
  }
}

/** Words, as a table of words takes them, and what a file with them may start. */
export type Row = readonly [words: string, kind: Kind];

/** What a file must have to start a resource, be it in the form that ends by itself. */
function rowsOf(resource: Resource): Row[] {
  const starts = [...listed(resource.start), ...(resource.scoped === undefined ? [] : [resource.scoped])];
  return starts.flatMap((start) => wordsOf(start, resource)).map((words) => [words, resource.kind] as const);
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

export function listed(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}

import { CONTROLLERS } from './controllers.js';
import { EVENTS } from './events.js';
import { HANDLES } from './handles.js';
import { LOCKS } from './locks.js';
import { PACKAGES } from './packages.js';
import type { Kind, Resource } from './resource.js';
import { wordOf } from './signature.js';
import { STREAMS } from './streams.js';
import { TIMERS } from './timers.js';

export type { Kind, Resource };

/** Every resource the plugin knows. */
export const RESOURCES: readonly Resource[] = [...TIMERS, ...EVENTS, ...CONTROLLERS, ...LOCKS, ...STREAMS, ...HANDLES, ...PACKAGES];

export interface Entry {
  readonly resource: Resource;
  readonly start: string;
}

/** The resources to look for in a file, found by the word their start ends in. A signature is parsed when its word is met. */
export class Catalog {
  readonly #byWord = new Map<string, Entry[]>();
  readonly #kinds = new Map<string, Set<Kind>>();
  /** The resources that have a form which ends them by itself. */
  readonly scoped: readonly Resource[];

  constructor(resources: readonly Resource[]) {
    this.scoped = resources.filter(({ scoped }) => scoped !== undefined);
    for (const resource of resources) {
      if (resource.scoped !== undefined) add(this.#kinds, wordOf(resource.scoped), () => new Set<Kind>()).add(resource.kind);
      for (const start of listed(resource.start)) {
        const word = wordOf(start);
        add(this.#byWord, word, () => []).push({ resource, start });
        // Of a function that a module exports, the module's name says more than the function's.
        const isExported = resource.from !== undefined && !listed(resource.from).includes('*') && !hasReceiver(resource, start);
        for (const token of isExported ? listed(resource.from).map(moduleOf) : [word]) add(this.#kinds, token, () => new Set<Kind>()).add(resource.kind);
      }
    }
  }

  /** The starts that end in a word. */
  entriesOf(word: string): readonly Entry[] {
    return this.#byWord.get(word) ?? [];
  }

  /** The kinds that code may start which has a word, or imports a module. */
  kindsOf(token: string): Iterable<Kind> {
    return this.#kinds.get(token) ?? [];
  }
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

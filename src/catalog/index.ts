import { EVENTS } from './events.js';
import type { Kind, Resource } from './resource.js';
import { wordOf } from './signature.js';
import { TIMERS } from './timers.js';

export type { Kind, Resource };

/** Every resource the plugin knows. */
export const RESOURCES: readonly Resource[] = [...TIMERS, ...EVENTS];

export interface Entry {
  readonly resource: Resource;
  readonly start: string;
}

/** The resources to look for in a file, found by the word their start ends in. */
export class Catalog {
  readonly #byWord = new Map<string, Entry[]>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      for (const start of listed(resource.start)) {
        const word = wordOf(start);
        const entries = this.#byWord.get(word);
        if (entries) entries.push({ resource, start });
        else this.#byWord.set(word, [{ resource, start }]);
      }
    }
  }

  get words(): Iterable<[word: string, entries: readonly Entry[]]> {
    return this.#byWord;
  }

  /** The words without which a file starts nothing of these kinds. */
  wordsOf(kinds: readonly Kind[]): string[] {
    return [...this.#byWord].filter(([, entries]) => entries.some(({ resource }) => kinds.includes(resource.kind))).map(([word]) => word);
  }
}

export function listed(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}

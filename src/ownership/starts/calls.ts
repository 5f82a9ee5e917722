import type { Resource } from '../../catalog/resource.js';
import type { KnownCall } from '../../catalog/safe-calls.js';
import { parse, wordOf } from '../../catalog/signature.js';
import { type Call, calleeName } from '../../syntax/walk.js';
import type { SignalPosition } from '../../types/answer.js';
import { type Facts, match } from './match.js';

const NOTHING = new Set<string>();

/** Calls found by their word, and read when it is met. */
export class Calls {
  readonly #byWord = new Map<string, KnownCall[]>();

  constructor(calls: readonly KnownCall[]) {
    for (const one of calls) {
      const word = wordOf(one.call);
      const known = this.#byWord.get(word);
      if (known) known.push(one);
      else this.#byWord.set(word, [one]);
    }
  }

  /** What is known of a call; null where none certainly fits. */
  knownOf(call: Call, facts: Facts): KnownCall | null {
    if (this.#byWord.size === 0) return null;
    for (const known of this.#byWord.get(calleeName(call)) ?? this.#byWord.get(exportedName(call, facts)) ?? []) {
      const { call: text, from, where } = known;
      const signature = parse(text);
      const resource: Resource = {
        kind: 'resource',
        start: text,
        end: [],
        ...(from !== undefined && { from }),
        ...(where && { where }),
      };
      if (match(signature, resource, call, NOTHING, facts)?.sure === 'yes') return known;
    }
    return null;
  }
}

/** The name of what is called where it comes from: an import may have been renamed. */
function exportedName(call: Call, { values }: Facts): string {
  const { root, path } = values.of(call.callee);
  return root.kind === 'import' && path.length === 0 ? root.name : '';
}

/** Where a call takes an AbortSignal: an argument of that name, or a property of its options. */
export function signalOf({ call }: KnownCall): SignalPosition | null {
  for (const [index, argument] of parse(call).arguments.entries()) {
    if (argument.kind === 'name' && /signal$/i.test(argument.name)) return { index, property: null };
    const property =
      argument.kind === 'options'
        ? (argument.names.find((name) => /signal$/i.test(name)) ?? argument.names[0])
        : undefined;
    if (property !== undefined) return { index, property };
  }
  return null;
}

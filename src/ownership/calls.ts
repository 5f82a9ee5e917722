import type { Resource } from '../catalog/resource.js';
import { parse, type Signature, wordOf } from '../catalog/signature.js';
import { type Call, calleeName } from '../syntax/walk.js';
import type { SignalPosition } from '../types/answer.js';
import { type Facts, match } from './match.js';

/** A call that users tell about, in the notation of resources. */
export interface KnownCall {
  readonly call: string;
  readonly from?: string | readonly string[];
  readonly where?: Resource['where'];
}

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

  /** The signature that a call certainly has; null where none is known to fit. */
  signatureOf(call: Call, facts: Facts): Signature | null {
    if (this.#byWord.size === 0) return null;
    for (const { call: text, from, where } of this.#byWord.get(calleeName(call)) ?? this.#byWord.get(exportedName(call, facts)) ?? []) {
      const signature = parse(text);
      const resource: Resource = { kind: 'resource', start: text, end: [], ...(from !== undefined && { from }), ...(where && { where }) };
      if (match(signature, resource, call, NOTHING, facts)?.sure === 'yes') return signature;
    }
    return null;
  }
}

/** The name of what is called where it comes from: an import may have been renamed. */
function exportedName(call: Call, { values }: Facts): string {
  const { root, path } = values.of(call.callee);
  return root.kind === 'import' && path.length === 0 ? root.name : '';
}

/** Where a signature takes an AbortSignal: an argument of that name, or a property of its options. */
export function signalOf({ arguments: args }: Signature): SignalPosition | null {
  for (const [index, argument] of args.entries()) {
    if (argument.kind === 'name' && /signal$/i.test(argument.name)) return { index, property: null };
    const property = argument.kind === 'options' ? (argument.names.find((name) => /signal$/i.test(name)) ?? argument.names[0]) : undefined;
    if (property !== undefined) return { index, property };
  }
  return null;
}

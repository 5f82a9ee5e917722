import type { Catalog, Entry, Kind, Resource } from '../catalog/index.js';
import { parse, type Signature } from '../catalog/signature.js';
import type { Answer } from '../syntax/values.js';
import type { Call, Index, Node } from '../syntax/walk.js';
import { type Facts, match } from './match.js';

/** A place where a resource starts, with the values that the names of its signature stand for. */
export interface Start {
  readonly node: Call;
  readonly resource: Resource;
  readonly signature: Signature;
  /** Null for what is given in a way that cannot be read; nothing for what is not given. */
  readonly names: ReadonlyMap<string, Node | null>;
  /** `maybe` when the type of a value is not known. */
  readonly sure: Answer;
}

/** All starts of one kind in a file, in source order. */
export function findStarts(kind: Kind, catalog: Catalog, index: Index, facts: Facts): Start[] {
  const found = new Map<Call, Start>();
  for (const [word, calls] of index.calls) {
    const entries = catalog.entriesOf(word);
    if (!entries.some(({ resource }) => resource.kind === kind)) continue;
    for (const call of calls) {
      const start = startOf(call, entries, kind, facts);
      const known = found.get(call);
      if (start && !(known?.sure === 'yes')) found.set(call, start);
    }
  }
  return [...found.values()].sort((one, other) => one.node.range[0] - other.node.range[0]);
}

/** The surest reading of a call; another kind's certain reading of the same call wins over a guess. */
function startOf(call: Call, entries: readonly Entry[], kind: Kind, facts: Facts): Start | null {
  let guess: Start | null = null;
  for (const { resource, start } of entries) {
    const signature = parse(start);
    const matched = match(signature, resource, call, namesIn(signature), facts);
    if (!matched) continue;
    if (matched.sure === 'yes') return resource.kind === kind ? { node: call, resource, signature, ...matched } : null;
    if (resource.kind === kind) guess ??= { node: call, resource, signature, ...matched };
  }
  return guess;
}

/** The names that what a signature starts is called by: those of its result, and those a callback gets it by. */
export function namesIn(signature: Signature): ReadonlySet<string> {
  const { binding, arguments: args } = signature;
  const bound = typeof binding === 'string' ? [binding] : (binding ?? []);
  return new Set([...bound.filter((name) => name !== null), ...args.flatMap((argument) => (argument.kind === 'callback' ? argument.names : []))]);
}

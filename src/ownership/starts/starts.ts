import type { Catalog, Entry, Kind, MayHave, Resource } from '../../catalog/index.js';
import type { Signature } from '../../catalog/signature.js';
import type { Answer } from '../../syntax/value.js';
import { type Call, dressed, type Index, nameOf, type Node } from '../../syntax/walk.js';
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

/**
 * All starts of a file by their kind, in source order. Methods of packages' values are looked for only where the file
 * `mayHave` such values.
 */
export function findStarts(
  catalog: Catalog,
  index: Index,
  mayHave: MayHave,
  facts: Facts,
): ReadonlyMap<Kind, readonly Start[]> {
  const found = new Map<Kind, Map<Call, Start>>();
  for (const [word, calls] of index.calls) {
    const entries = catalog.entriesOf(word, mayHave);
    if (entries.length === 0) continue;
    for (const call of calls) {
      for (const start of startsOf(call, entries, facts)) {
        const { kind } = start.resource;
        let ofKind = found.get(kind);
        if (!ofKind) found.set(kind, (ofKind = new Map<Call, Start>()));
        if (ofKind.get(call)?.sure !== 'yes') ofKind.set(call, start);
      }
    }
  }
  return new Map(
    [...found].map(([kind, starts]) => [
      kind,
      [...starts.values()].sort((one, other) => one.node.range[0] - other.node.range[0]),
    ]),
  );
}

/** The readings of a call: the certain one that fits its binding; else, for each kind, a certain one or a guess. */
function startsOf(call: Call, entries: readonly Entry[], facts: Facts): Iterable<Start> {
  const found = new Map<Kind, Start>();
  for (const { resource, signature, isOfPackage } of entries) {
    const matched = match(signature, resource, call, signature.bound, facts);
    if (!matched || (matched.sure === 'maybe' && isOfPackage) || isIdle(resource, call, facts)) continue;
    const start: Start = { node: call, resource, signature, ...matched };
    if (matched.sure === 'yes' && fits(signature, call)) return [start];
    const known = found.get(resource.kind);
    if (!known || (matched.sure === 'yes' && known.sure !== 'yes')) found.set(resource.kind, start);
  }
  return found.values();
}

/** Is it given options, and not the one without which there is nothing to end? */
function isIdle({ onlyWith }: Resource, { arguments: [given] }: Call, { values }: Facts): boolean {
  const options = onlyWith === undefined || !given ? null : values.initialOf(given);
  return (
    options?.type === 'ObjectExpression' &&
    options.properties.every((one) => one.type === 'Property' && nameOf(one) !== onlyWith)
  );
}

/** Is the result taken apart as the signature says? */
export function fits({ binding, isList }: Signature, call: Call): boolean {
  const outer = dressed(call);
  const { parent } = dressed(outer.parent?.type === 'AwaitExpression' ? outer.parent : outer);
  const pattern =
    parent?.type === 'VariableDeclarator'
      ? parent.id.type
      : parent?.type === 'AssignmentExpression'
        ? parent.left.type
        : null;
  const wanted = !Array.isArray(binding) ? null : isList ? 'ArrayPattern' : 'ObjectPattern';
  return wanted === null ? pattern !== 'ArrayPattern' && pattern !== 'ObjectPattern' : pattern === wanted;
}

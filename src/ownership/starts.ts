import { type Catalog, type Entry, type Kind, listed, type Resource } from '../catalog/index.js';
import { parse, type Signature } from '../catalog/signature.js';
import type { Answer } from '../syntax/values.js';
import { type Call, dressed, type Index, type Node } from '../syntax/walk.js';
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

/** The surest reading of a call; another kind's certain reading of the same call wins over a guess, a binding that fits over one that does not. */
function startOf(call: Call, entries: readonly Entry[], kind: Kind, facts: Facts): Start | null {
  let guess: Start | null = null;
  let unfit: Start | null = null;
  for (const { resource, start: text } of entries) {
    const signature = parse(text);
    const matched = match(signature, resource, call, namesIn(signature), facts);
    if (!matched || (matched.sure === 'maybe' && isOfPackage(resource))) continue;
    const start: Start | null = resource.kind === kind ? { node: call, resource, signature, ...matched } : null;
    if (matched.sure !== 'yes') guess ??= start;
    else if (fits(signature, call)) return start;
    else unfit ??= start;
  }
  return unfit ?? guess;
}

/** Is it a method of a package's value? Its name alone tells nothing: many things have an `on`, few are that package's. */
function isOfPackage({ where = {} }: Resource): boolean {
  return Object.values(where).some((types) => listed(types).some((type) => /^(?!node:)[@a-z]/.test(type)));
}

/** Is the result taken apart as the signature says? */
function fits({ binding, isList }: Signature, call: Call): boolean {
  const outer = dressed(call);
  const { parent } = dressed(outer.parent?.type === 'AwaitExpression' ? outer.parent : outer);
  const pattern = parent?.type === 'VariableDeclarator' ? parent.id.type : parent?.type === 'AssignmentExpression' ? parent.left.type : null;
  const wanted = !Array.isArray(binding) ? null : isList ? 'ArrayPattern' : 'ObjectPattern';
  return wanted === null ? pattern !== 'ArrayPattern' && pattern !== 'ObjectPattern' : pattern === wanted;
}

/** The names that what a signature starts is called by: those of its result, and those a callback gets it by. */
export function namesIn(signature: Signature): ReadonlySet<string> {
  const { binding, arguments: args } = signature;
  const bound = typeof binding === 'string' ? [binding] : (binding ?? []);
  return new Set([...bound.filter((name) => name !== null), ...(binding === null ? args.flatMap((argument) => (argument.kind === 'callback' ? argument.names : [])) : [])]);
}

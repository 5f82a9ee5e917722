import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../catalog/index.js';
import type { Resource } from '../catalog/resource.js';
import type { Signature } from '../catalog/signature.js';
import type { Answer, Values } from '../syntax/values.js';
import { bare, type Call, nameOf, type Node } from '../syntax/walk.js';
import type { Oracle } from '../types/answer.js';

/** What the names of a signature stand for in one call; null for what is given in a way that cannot be read. */
export interface Match {
  readonly names: ReadonlyMap<string, Node | null>;
  readonly sure: Answer;
}

/** What a match needs to know about the file. */
export interface Facts {
  readonly values: Values;
  readonly oracle: Oracle;
}

/** Is a call what a signature describes? Null when it certainly is not. */
export function match(signature: Signature, resource: Resource, call: Call, bound: ReadonlySet<string>, facts: Facts): Match | null {
  if (signature.isNew !== (call.type === 'NewExpression')) return null;
  const names = new Map<string, Node | null>();
  const sure = matchCallee(signature, resource, call, bound, names, facts);
  if (sure === 'no') return null;
  return matchArguments(signature, call, names, facts.values) ? { names, sure } : null;
}

function matchCallee(signature: Signature, resource: Resource, call: Call, bound: ReadonlySet<string>, names: Map<string, Node | null>, { values, oracle }: Facts): Answer {
  const [root, ...path] = signature.callee as [string, ...string[]];
  const callee = bare(call.callee);
  const type = resource.where?.[root];
  if (type === undefined && !bound.has(root)) {
    if (signature.module === null && listed(resource.from ?? []).includes('*')) return isWritten(callee, root, path, values) ? 'yes' : 'no';
    const origin = values.origin(callee);
    return origin !== null && originsOf(signature, resource).includes(origin) ? 'yes' : 'no';
  }
  let at: Node = callee;
  for (const name of path.toReversed()) {
    if (at.type !== 'MemberExpression' || nameOf(at) !== name) return 'no';
    at = bare(at.object);
  }
  names.set(root, at);
  if (type === undefined || type === '*') return 'yes';
  const answers = listed(type).map((one) => oracle.is(at, one));
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
}

/** Is a callee written as `root.path`, wherever its root comes from and whatever it is imported as? */
function isWritten(callee: Node, root: string, path: readonly string[], values: Values): boolean {
  let at = callee;
  for (const name of path.toReversed()) {
    if (at.type !== 'MemberExpression' || nameOf(at) !== name) return false;
    at = bare(at.object);
  }
  if (at.type !== 'Identifier') return false;
  const { root: origin } = values.of(at);
  return at.name === root || (origin.kind === 'import' && origin.name === root);
}

/** The dotted names of the function that a signature calls. What a module's function starts, a global one may end. */
function originsOf({ module, callee, text }: Signature, { from, end }: Resource): string[] {
  const name = callee.join('.');
  if (module !== null) return [`${module}.${name}`];
  if (from === undefined) return [name];
  return [...listed(from).map((one) => `${one}.${name}`), ...(listed(end).includes(text) ? [name] : [])];
}

/** Arguments that are called: a text in their place is another function's argument. */
const CALLED = new Set(['listener', 'callback']);

function matchArguments(signature: Signature, call: Call, names: Map<string, Node | null>, values: Values): boolean {
  for (const [index, wanted] of signature.arguments.entries()) {
    const given = call.arguments[index];
    const before = call.arguments.slice(0, index + 1);
    if (before.some((argument) => argument.type === 'SpreadElement')) return true;
    if (wanted.kind === 'literal') {
      if (values.text(given) !== wanted.value) return false;
    } else if (wanted.kind === 'name') {
      if (given && CALLED.has(wanted.name) && values.of(given).root.kind === 'literal') return false;
      if (given) names.set(wanted.name, given);
    } else if (wanted.kind === 'callback') {
      // Where the handle is nothing but what the callback is given, the callback has to be seen.
      if (signature.binding === null && !(given && values.functionOf(given))) return false;
    } else if (given) {
      matchOptions(wanted.names, given, names, values);
    }
  }
  return true;
}

/** Properties of an options object; a bare boolean is the first of them, as in `addEventListener(type, listener, true)`. */
function matchOptions(wanted: readonly string[], given: Node, names: Map<string, Node | null>, values: Values): void {
  const options = values.initialOf(given);
  if (options?.type !== 'ObjectExpression') {
    const { root } = values.of(given);
    const first = root.kind === 'literal' && typeof root.value === 'boolean';
    if (first) names.set(wanted[0]!, given);
    else if (root.kind !== 'literal' && !(root.kind === 'global' && root.name === 'undefined')) for (const name of wanted) names.set(name, null);
    return;
  }
  const hidden = options.properties.some((property) => property.type === 'SpreadElement');
  for (const name of wanted) {
    const property = options.properties.find((one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name);
    if (property) names.set(name, property.value);
    else if (hidden) names.set(name, null);
  }
}

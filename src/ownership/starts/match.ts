import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../../catalog/index.js';
import type { Resource } from '../../catalog/resource.js';
import type { Signature } from '../../catalog/signature.js';
import { memoizeBy } from '../../maps.js';
import type { Answer } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, nameOf, type Node } from '../../syntax/walk.js';
import type { Oracle } from '../../types/answer.js';

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
export function match(
  signature: Signature,
  resource: Resource,
  call: Call,
  bound: ReadonlySet<string>,
  facts: Facts,
): Match | null {
  if (signature.isNew !== (call.type === 'NewExpression')) return null;
  const { values, oracle } = facts;
  const [root] = signature.callee as [string];
  const callee = bare(call.callee);
  const type = resource.where?.[root];
  if (type === undefined && !bound.has(root)) {
    const isCalled =
      signature.module === null && isFromAnywhere(resource)
        ? isWritten(callee, signature.callee, values)
        : isOneOf(values.origin(callee), signature, resource);
    return isCalled ? matchArguments(signature, call, new Map(), 'yes', facts) : null;
  }
  const receiver = receiverOf(callee, signature.callee);
  const known = receiver ? isOfType(receiver, type, oracle) : 'no';
  const sure = known === 'maybe' && receiver && resource.called?.test(lastName(receiver)) ? 'yes' : known;
  return receiver && sure !== 'no' ? matchArguments(signature, call, new Map([[root, receiver]]), sure, facts) : null;
}

/** The last of the names in `this.response.body`, or in `source.pipeThrough(decoder)`. */
function lastName(receiver: Node): string {
  const node = bare(receiver);
  return node.type === 'CallExpression'
    ? calleeName(node)
    : node.type === 'Identifier'
      ? node.name
      : (nameOf(node) ?? '');
}

function isOneOf(origin: string | null, signature: Signature, resource: Resource): boolean {
  return origin !== null && originsOf(resource, signature).includes(origin);
}

function isFromAnywhere({ from }: Resource): boolean {
  return from !== undefined && listed(from).includes('*');
}

/** What the members of a path are taken from: `a.b` in `a.b.c.d` for `['root', 'c', 'd']`. */
function receiverOf(callee: Node, path: readonly string[]): Node | null {
  let at = callee;
  for (let index = path.length - 1; index >= 1; index -= 1) {
    if (at.type !== 'MemberExpression' || nameOf(at) !== path[index]) return null;
    at = bare(at.object);
  }
  return at;
}

function isOfType(node: Node, type: string | readonly string[] | undefined, oracle: Oracle): Answer {
  if (type === undefined || type === '*') return 'yes';
  let answer: Answer = 'no';
  for (const one of listed(type)) {
    const is = oracle.is(node, one);
    if (is === 'yes') return 'yes';
    if (is === 'maybe') answer = 'maybe';
  }
  return answer;
}

/** Is a callee written as a path, wherever its root comes from and whatever it is imported as? */
function isWritten(callee: Node, path: readonly string[], values: Values): boolean {
  const at = receiverOf(callee, path);
  if (at?.type !== 'Identifier') return false;
  const [root] = path;
  const { root: origin } = values.of(at);
  return at.name === root || (origin.kind === 'import' && origin.name === root);
}

/** The dotted names of the function that a signature calls. What a module's function starts, a global one may end. */
const originsOf = memoizeBy(({ from, end }: Resource, { module, callee, text }: Signature): readonly string[] => {
  const name = callee.join('.');
  if (module !== null) return [`${module}.${name}`];
  if (from === undefined) return [name];
  return [...listed(from).map((one) => `${one}.${name}`), ...(listed(end).includes(text) ? [name] : [])];
});

/** Arguments that are called: a text in their place is another function's argument. */
const CALLED = new Set(['listener', 'callback']);

function matchArguments(
  signature: Signature,
  call: Call,
  names: Map<string, Node | null>,
  sure: Answer,
  facts: Facts,
): Match | null {
  const { values } = facts;
  for (const [index, wanted] of signature.arguments.entries()) {
    const given = call.arguments[index];
    const before = call.arguments.slice(0, index + 1);
    if (before.some((argument) => argument.type === 'SpreadElement')) return { names, sure };
    if (wanted.kind === 'literal') {
      if (values.text(given) !== wanted.value) return null;
    } else if (wanted.kind === 'name') {
      if (given && CALLED.has(wanted.name) && values.of(given).root.kind === 'literal') return null;
      if (given) names.set(wanted.name, given);
    } else if (wanted.kind === 'callback') {
      // Where the handle is nothing but what the callback is given, the callback has to be seen.
      if (signature.binding === null && !(given && values.functionOf(given))) return null;
    } else if (given) {
      if (facts.oracle.isFunction(given) !== 'yes') matchOptions(wanted.names, given, names, values);
    }
  }
  return { names, sure };
}

/**
 * Properties of an options object; a bare boolean is the first of them, as in `addEventListener(type, listener, true)`.
 */
function matchOptions(wanted: readonly string[], given: Node, names: Map<string, Node | null>, values: Values): void {
  const options = values.initialOf(given);
  if (options?.type !== 'ObjectExpression') {
    const { root } = values.of(given);
    const first = root.kind === 'literal' && typeof root.value === 'boolean';
    if (first) names.set(wanted[0]!, given);
    else if (root.kind !== 'literal' && !(root.kind === 'global' && root.name === 'undefined'))
      for (const name of wanted) names.set(name, null);
    return;
  }
  const hidden = options.properties.some((property) => property.type === 'SpreadElement');
  for (const name of wanted) {
    const property = options.properties.find(
      (one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === name,
    );
    if (property) names.set(name, property.value);
    else if (hidden) names.set(name, null);
  }
}

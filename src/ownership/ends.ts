import { listed } from '../catalog/index.js';
import { parse, wordOf } from '../catalog/signature.js';
import { argumentOf } from '../syntax/functions.js';
import { fateOf } from '../syntax/fate.js';
import type { Answer, Values } from '../syntax/values.js';
import { bare, type Call, type Index, nameOf, type Node } from '../syntax/walk.js';
import { type Handle, isHeld, mentions } from './handle.js';
import { type Facts, match } from './match.js';
import { namesIn, type Start } from './starts.js';

export interface End {
  readonly node: Call;
  /** What kept it from being an end of this start: the one name whose value differs; null for a real end. */
  readonly differs: string | null;
}

/** The calls that end a start, and those that miss it by one name. An end that may match counts as one. */
export function endsOf(start: Start, handle: Handle, index: Index, facts: Facts): End[] {
  const bound = new Set([...namesIn(start.signature), ...start.names.keys()]);
  const found: End[] = [];
  for (const text of listed(start.resource.end)) {
    const signature = parse(text);
    const calls = signature.callee.length === 1 && bound.has(signature.callee[0]!) ? callsOf(handle, facts, index) : (index.calls.get(wordOf(text)) ?? []);
    for (const node of calls) {
      const matched = match(signature, start.resource, node, bound, facts);
      if (!matched || node === start.node) continue;
      const differing = [...new Set([...matched.names.keys(), ...signatureNames(signature)])].filter((name) => sharedAnswer(name, start, matched.names, handle, facts) === 'no');
      if (differing.length < 2) found.push({ node, differs: differing[0] ?? null });
    }
  }
  return found;
}

function signatureNames(signature: ReturnType<typeof parse>): string[] {
  return signature.arguments.flatMap((argument) => (argument.kind === 'options' ? argument.names : []));
}

function sharedAnswer(name: string, start: Start, names: ReadonlyMap<string, Node | null>, handle: Handle, { values }: Facts): Answer {
  const there = names.get(name);
  if (namesIn(start.signature).has(name)) return there && isHeldSomehow(there, handle, values) ? 'yes' : 'no';
  const here = start.names.get(name);
  if (here === null || there === null) return 'maybe';
  const isOption = start.signature.arguments.some((argument) => argument.kind === 'options' && argument.names.includes(name));
  if (here && there) return values.same(here, there);
  if (!isOption) return 'yes';
  // A missing option is a false one.
  const given = here ?? there;
  if (!given) return 'yes';
  const { root } = values.of(given);
  return root.kind === 'literal' ? (root.value ? 'no' : 'yes') : 'maybe';
}

/** `clear(poller.timer)`: a field read through something else than `this` may be the same one. */
function isHeldSomehow(node: Node, handle: Handle, values: Values): boolean {
  if (isHeld(node, handle, values)) return true;
  if (handle.kind === 'kept' && handle.variables.length === 0 && handle.fields.length > 0) {
    const inner = bare(node);
    return inner.type === 'MemberExpression' && inner.object.type !== 'ThisExpression' && handle.fields.some((field) => field.name === nameOf(inner)) && values.of(inner).root.kind !== 'this';
  }
  return false;
}

/** `release()`: the handle is the function that ends it. */
function callsOf(handle: Handle, { values }: Facts, index: Index): Call[] {
  return mentions(handle, values, index).flatMap((mention) => {
    const fate = fateOf(mention, values);
    return fate.kind === 'called' ? [fate.call] : [];
  });
}

// Functions that look at what they are given and do not keep it.
const BORROWERS = new Set(['node:events.once', 'node:events.on', 'console.log', 'Boolean', 'String', 'Number', 'isNaN']);

/** Does the handle reach code that may end it and that this file does not show? */
export function isHandedOver(start: Start, handle: Handle, ends: readonly End[], index: Index, { values }: Facts): boolean {
  const endNodes = new Set<Node>(ends.filter(({ differs }) => differs === null).map(({ node }) => node));
  const endMethods = new Set(listed(start.resource.end).map(wordOf));
  return mentions(handle, values, index).some((mention) => {
    const fate = fateOf(mention, values);
    switch (fate.kind) {
      case 'passed':
        return !endNodes.has(fate.call) && !BORROWERS.has(values.origin(fate.call.callee) ?? '');
      case 'receiver':
        // `onCleanup(timer.close)`: the method goes on its own.
        return !fate.call && endMethods.has(nameOf(fate.member) ?? '') && fateOf(fate.member, values).kind !== 'tested';
      case 'returned':
      case 'stored':
      case 'exported':
      case 'thrown':
      case 'destructured':
      case 'using':
        return true;
      case 'field':
        return !isHeld(fate.member.type === 'MemberExpression' ? fate.member : mention, handle, values) && argumentOf(mention) !== null;
      default:
        return false;
    }
  });
}

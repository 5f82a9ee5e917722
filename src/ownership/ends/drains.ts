import type { TSESTree } from '@typescript-eslint/utils';
import type { Question } from '../../flow/paths.js';
import { memoizeBy, push } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, runOf } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, dressed, type Index, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import { type Handle, isHeld } from '../holders/handle.js';
import type { Facts } from '../starts/match.js';
import type { Start } from '../starts/starts.js';

/** How something that ends by being read to its end is read; null where the run does not read it until it is done. */
export function drainsOf(
  start: Start,
  handle: Handle,
  index: Index,
  { values }: Facts,
): Pick<Question, 'isHarmless' | 'isOver'> | null {
  const run = runOf(start.node);
  const reads = new Set<Node>(
    readsOf(start, handle, index, values).filter(
      (call) => runOf(call) === run && enclosingFunction(call) === enclosingFunction(start.node),
    ),
  );
  if (reads.size === 0) return null;
  const asks =
    [...reads].some((read) => takesDone(read, values)) ||
    index.members.of('done').some((member) => runOf(member) === run);
  // A read that fails leaves nothing to read, and what is read for as long as nobody aborts has an end that others
  // make.
  const isOver = (node: Node): boolean =>
    isDone(node, values) ||
    (start.resource.kind === 'lock' && node.type === 'MemberExpression' && nameOf(node) === 'aborted');
  return asks ? { isHarmless: (node) => reads.has(node), isOver: (node, truthy) => truthy && isOver(node) } : null;
}

/**
 * `const reader = (await subscribe()).getReader()`: is what a call gave read here, and nowhere else? Its lock keeps nobody
 * waiting, and whether something is left behind the stream, only the callee knows.
 */
export function readsUnknownSource({ resource, names }: Start, values: Values): boolean {
  const stream = resource.drainedBy === 'read' ? names.get('stream') : null;
  return Boolean(stream) && isUnknownSource(stream!, values);
}

function isUnknownSource(stream: Node, values: Values): boolean {
  const node = bare(stream);
  if (node.type === 'AwaitExpression') return isUnknownSource(node.argument, values);
  if (node.type === 'CallExpression')
    return node.callee.type === 'MemberExpression' && nameOf(node.callee) === 'pipeThrough'
      ? isUnknownSource(node.callee.object, values)
      : true;
  const variable = node.type === 'Identifier' ? values.variable(node) : null;
  const given = variable && values.initialOf(node);
  return (
    Boolean(given) &&
    given !== node &&
    variable!.references.every(({ identifier, init }) => init || fateOf(identifier, values).kind === 'receiver') &&
    isUnknownSource(given!, values)
  );
}

/** Is it read in another function than the one that started it? */
export function isReadElsewhere(start: Start, handle: Handle, index: Index, values: Values): boolean {
  return readsOf(start, handle, index, values).some(
    (call) => enclosingFunction(call) !== enclosingFunction(start.node),
  );
}

function readsOf({ resource: { drainedBy } }: Start, handle: Handle, index: Index, values: Values): Call[] {
  if (drainedBy === undefined || handle.kind !== 'kept') return [];
  const calls = callsByReceiver(index, drainedBy, values);
  const names = [...handle.variables, ...handle.refs, ...(handle.fields.length > 0 ? [null] : [])];
  return names
    .flatMap((name) => calls.get(name) ?? [])
    .filter(({ callee }) => callee.type === 'MemberExpression' && isHeld(callee.object, handle, values));
}

/** The calls of a method by the variable that they are made on, or that this is part of; under null all others. */
const callsByReceiver = memoizeBy(
  (index: Index, method: string, values: Values): ReadonlyMap<Variable | null, readonly Call[]> => {
    const calls = new Map<Variable | null, Call[]>();
    for (const call of index.calls.of(method)) {
      const callee = bare(call.callee);
      if (callee.type !== 'MemberExpression') continue;
      const { root } = values.of(callee.object);
      push(calls, root.kind === 'variable' ? root.variable : null, call);
    }
    return calls;
  },
);

/** `const { done, value } = await reader.read()` */
function takesDone(read: Node, values: Values): boolean {
  const { parent } = dressed(read);
  const fate = fateOf(parent?.type === 'AwaitExpression' ? parent : read, values);
  return (
    fate.kind === 'destructured' &&
    fate.pattern.type === 'ObjectPattern' &&
    fate.pattern.properties.some((property) => nameOf(property) === 'done')
  );
}

function isDone(node: Node, values: Values): boolean {
  return saysDone(node, values) || (node.type === 'Identifier' && isSetWhenDone(node, values));
}

function saysDone(node: Node, values: Values): boolean {
  if (node.type !== 'Identifier') return node.type === 'MemberExpression' && nameOf(node) === 'done';
  const property = values.variable(node)?.defs[0]?.name.parent;
  return node.name === 'done' || (property?.type === 'Property' && nameOf(property) === 'done');
}

/** `if (done) isComplete = true;`: is it a flag that is set only where nothing is left? */
function isSetWhenDone(node: TSESTree.Identifier, values: Values): boolean {
  const writes = values.variable(node)?.references.filter((reference) => reference.isWrite() && !reference.init) ?? [];
  return (
    writes.length > 0 &&
    writes.every(({ identifier }) => {
      for (let at: Node = identifier; at.parent && !isFunction(at); at = at.parent) {
        const { parent }: Node = at;
        if (parent?.type === 'IfStatement' && parent.consequent === at && saysDone(bare(parent.test), values))
          return true;
      }
      return false;
    })
  );
}

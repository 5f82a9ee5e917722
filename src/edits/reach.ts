import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../catalog/index.js';
import { type Argument, parse, type Signature } from '../catalog/signature.js';
import { endsOf } from '../ownership/ends/ends.js';
import { handleNode } from '../ownership/holders/handle.js';
import { mayRunAgain } from '../ownership/owners/once.js';
import type { Start } from '../ownership/starts/starts.js';
import { endOfEach, isOnlyReader } from '../ownership/verdict/words.js';
import { fateOf } from '../syntax/fate.js';
import { isInside, loopAround, runOf, thisBody } from '../syntax/functions.js';
import { bodyOfMember } from '../syntax/members.js';
import { bare, calleeName, dressed, isClass, isFunction, nameOf, type Node } from '../syntax/walk.js';
import { returnsPromise } from '../types/known-promises.js';
import { typeOfResult } from '../types/known.js';
import {
  type Change,
  type Edit,
  endsFor,
  freeName,
  isTypeScript,
  quoteOf,
  replace,
  semicolon,
  tellsNull,
  together,
  type View,
} from './edit.js';
import { handleAt } from './handles.js';
import type { Missing } from './missing.js';
import { endName, newField } from './names.js';
import type { Place, Written } from './place.js';
import { reportingAt } from './reports.js';
import { insertAfterStatement, insertBeforeStatement, insertField, listAround, statementOf } from './statements.js';
import { valueAt } from './values.js';

/** An end as it is written at a place, and the changes that make what it needs reachable from there. */
export interface Reached {
  readonly call: string;
  /** The condition without which it fails; null where it never does. */
  readonly guard: string | null;
  /** Is it known to return nothing? */
  readonly isVoid: boolean;
  readonly changes: Edit;
}

/** The end of a start, written so that it works at a place; null where a value it needs cannot be had there. */
export function endAt(start: Start, place: Place, view: View): Reached | null {
  const signature = endOf(start, view);
  return signature && (written(signature, start, place, view) ?? throughClosure(signature, start, place, view));
}

/**
 * What an iterator reads, where the same function opened it and does nothing else to end it: it stays open when the
 * iterator is left.
 */
export function inputOf(start: Start, view: View): Start | null {
  const input = start.resource.kind === 'iterator' ? start.names.get('input') : null;
  const opened = input && view.values.initialOf(input);
  const found = opened && view.starts('resource').find(({ node }) => node === bare(opened));
  return found &&
    runOf(found.node) === runOf(start.node) &&
    endsOf(found, view.handleOf(found), view.index, view).length === 0
    ? found
    : null;
}

/**
 * `createInterface({ input: createReadStream(path) })`: the end of what an iterator reads, under a name that it gets
 * before.
 */
export function namedInput(input: Start, place: Place, view: View): Reached | null {
  const { sourceCode } = view;
  const node = dressed(handleNode(input, view.values));
  const statement = statementOf(node);
  const signature = endOf(input, view);
  const { binding } = input.signature;
  if (!statement || !listAround(statement) || !signature || typeof binding !== 'string' || input.signature.awaited)
    return null;
  const name = freeName(binding, [statement, place.node], sourceCode);
  const reached = written(signature, input, { ...place, known: new Map([[binding, name]]) }, view);
  const { parent } = node;
  const isShort = parent?.type === 'Property' && nameOf(parent) === name && !parent.computed;
  return (
    reached && {
      ...reached,
      changes: [
        ...reached.changes,
        insertBeforeStatement(statement, `const ${name} = ${view.text(node)}${semicolon(sourceCode)}`, sourceCode),
        replace(isShort ? parent : node, name),
      ],
    }
  );
}

/** The end as a statement. */
export function statementText({ call, guard }: Reached, view: View): string {
  return `${guard === null ? '' : `if (${guard}) `}${call}${semicolon(view.sourceCode)}`;
}

/**
 * The end to offer: the first one that is a call, or that the file calls elsewhere; of an iterator taken from what was
 * started, the one that iterators have.
 */
function endOf(start: Start, view: View): Signature | null {
  const { values, index, oracle } = view;
  const handle = handleNode(start, values);
  const isIterator = handle.type === 'CallExpression' && calleeName(handle) === '[Symbol.asyncIterator]';
  // What an end takes that the start does not have, nobody can write: `stream.pipe(target)`.
  const isKnown = (argument: Argument): boolean =>
    argument.kind !== 'name' || start.signature.bound.has(argument.name) || start.names.has(argument.name);
  // Many have an `on` that is not the emitter's.
  const isThere = ([root, ...path]: readonly string[]): boolean => {
    const receiver = start.names.get(root!);
    if (path[0] === 'kill' && isUnheard(start, view)) return false;
    if (path.length !== 1 || !receiver) return true;
    const answer = oracle.hasMember(receiver, path[0]!);
    // `off` is the younger name, which not everything has that others put on the window.
    const isLikely =
      path[0] !== 'off' || index.calls.has('off') || !/^(?:window|globalThis)\./.test(view.text(receiver));
    return answer === 'yes' || (answer === 'maybe' && isLikely);
  };
  const ends = listed(start.resource.end)
    .map((text) => parse(text))
    .filter(
      ({ isCall, module, callee, arguments: args }) =>
        isCall &&
        module === null &&
        args.every((one) => isKnown(one)) &&
        (!isIterator || callee.at(-1) === 'return') &&
        isThere(callee),
    );
  const cancels = isOnlyReader(start, view.values) && ends.find(({ callee }) => callee.at(-1) === 'cancel');
  if (cancels) return cancels;
  // `off` and `removeListener` are two names of one method.
  const inUse =
    start.resource.kind === 'listener' &&
    ends.find(
      ({ callee, arguments: args }) => args.length === ends[0]!.arguments.length && index.calls.has(callee.at(-1)!),
    );
  return inUse || (ends[0] ?? null);
}

/** What an end by the given word takes for one of its names at a place, and where. */
export function writtenAt(
  start: Start,
  name: string,
  word: string,
  place: Place,
  view: View,
): { readonly index: number; readonly text: string; readonly changes: Edit } | null {
  const signature = listed(start.resource.end)
    .map((text) => parse(text))
    .find(({ callee }) => callee.at(-1) === word);
  const index =
    signature?.arguments.findIndex((one) =>
      one.kind === 'options' ? one.names.includes(name) : one.kind === 'name' && one.name === name,
    ) ?? -1;
  const argument = signature?.arguments[index];
  if (!argument) return null;
  let changes: Edit = [];
  const text = argumentText(
    argument,
    start,
    (one) => {
      const value = valueAt(start, one, place, view);
      changes = value?.changes ?? [];
      return value?.text ?? null;
    },
    view,
  );
  return text === null ? null : { index, text, changes };
}

function written(signature: Signature, start: Start, place: Place, view: View): Reached | null {
  const bound = start.signature.bound;
  const changes: Change[] = [];
  const guards: string[] = [];
  const write = (name: string): Written | null => {
    const known = place.known?.get(name);
    if (known !== undefined) return { text: known, changes: [] };
    const one = bound.has(name) ? handleAt(start, place, view) : valueAt(start, name, place, view);
    if (one) changes.push(...one.changes);
    return one;
  };
  const [root, ...path] = signature.callee as [string, ...string[]];
  const args: string[] = [];
  for (const argument of signature.arguments) {
    const given = argumentText(
      argument,
      start,
      (name) => {
        const one = write(name);
        const guard = one && tellsNull(view) ? guardFor(one, root) : null;
        if (guard !== null) guards.push(guard);
        return one?.text ?? null;
      },
      view,
    );
    if (given === null) return null;
    if (given !== '') args.push(given);
  }
  const isValue = bound.has(root) || start.resource.where?.[root] !== undefined || start.names.has(root);
  const text = isValue ? null : rootText(root, start, view);
  const receiver = isValue ? write(root) : text === null ? null : { text };
  if (receiver === null) return null;
  const isHandle = bound.has(root);
  const missing =
    isValue && !isHandle && isOptional(start, place, view)
      ? 'undefined'
      : ('besides' in receiver && receiver.besides) || 'no';
  // The `return` of a generator wants a value.
  if (path.at(-1) === 'return' && args.length === 0 && view.values.functionCalledBy(start.node.callee)?.generator)
    args.push('undefined');
  // Iterators may have no `return`.
  const optional = path.at(-1) === 'return' ? '?.' : '';
  const call = `${callee(receiver.text, path, missing, signature.optional)}${optional}(${args.join(', ')})${endOfEach(start)}`;
  const awaits =
    place.isAsync &&
    start.resource.endsEach === undefined &&
    (isHandle ? endReturnsPromise(start, path.at(-1) ?? '', view) : !isValue && start.signature.awaited);
  const isVoid = returnsNothing(signature, start);
  const isLost = !awaits && !place.isGiven && isHandle && !isVoid && endMayFail(start, path.at(-1) ?? '', view);
  return {
    call: awaits ? `await ${call}` : isLost ? `${call}.catch(${reportingAt(place.node, view)})` : call,
    guard: guards.length > 0 ? guards.join(' && ') : null,
    isVoid,
    changes: together(changes)!,
  };
}

/**
 * `signal?.addEventListener(…)`, `if (signal) signal.addEventListener(…)`: what may be missing at the start may be
 * missing at the end.
 */
function isOptional({ node }: Start, place: Place, { values }: View): boolean {
  const method = bare(node.callee);
  if (method.type !== 'MemberExpression') return false;
  let at: Node = node;
  while (at.parent && !isFunction(at) && !isInside(place.node, at.parent)) {
    const { parent }: Node = at;
    if (parent.type === 'IfStatement' && parent.consequent === at && values.same(parent.test, method.object) === 'yes')
      return true;
    at = parent;
  }
  return method.optional;
}

function callee(receiver: string, path: readonly string[], missing: Missing, optional: Signature['optional']): string {
  const [first, ...rest] = path;
  if (first === undefined) return missing === 'no' ? receiver : `${receiver}?.`;
  const dot = missing === 'no' ? '.' : '?.';
  const member = first.startsWith('[') ? (missing === 'no' ? first : `?.${first}`) : `${dot}${first}`;
  const chain = rest.reduce(
    (before, name, at) => `${before}${optional.has(path[at]!) ? '?' : ''}.${name}`,
    `${receiver}${member}`,
  );
  return chain.replaceAll('.[', '[').replaceAll('?[', '?.[');
}

/** Clearing a timer that is `undefined` is fine; everything else has to be there. */
function guardFor({ text, besides = 'no' }: Written, root: string): string | null {
  if (besides === 'no' || (besides === 'undefined' && /^clear(?:Interval|Timeout|Immediate)$/.test(root))) return null;
  return `${text} ${besides === 'nullish' ? '!=' : '!=='} ${besides === 'undefined' ? 'undefined' : 'null'}`;
}

function argumentText(
  argument: Argument,
  start: Start,
  write: (name: string) => string | null,
  view: View,
): string | null {
  if (argument.kind === 'literal') return quoteOf(view.sourceCode) + argument.value + quoteOf(view.sourceCode);
  if (argument.kind === 'callback') return null;
  if (argument.kind === 'name')
    return start.signature.bound.has(argument.name) || start.names.get(argument.name) ? write(argument.name) : '';
  const shared = new Set(
    listed(start.resource.start).flatMap((text) =>
      parse(text).arguments.flatMap((one) => (one.kind === 'options' ? one.names : [])),
    ),
  );
  // What only the end takes is what it needs: `rm(folder, { recursive: true })`.
  if (!argument.names.some((name) => shared.has(name)))
    return `{ ${argument.names.map((name) => `${name}: true`).join(', ')} }`;
  for (const name of argument.names) {
    if (!start.names.has(name)) continue;
    const value = start.names.get(name);
    if (!value) return null;
    const { root } = view.values.of(value);
    if (root.kind !== 'literal') return null;
    if (!root.value) continue;
    return value.parent?.type === 'Property' ? `{ ${name}: true }` : 'true';
  }
  return '';
}

/**
 * `clearInterval`, as the start reaches its own function: `window.clearInterval` where it says `window.setInterval`.
 */
function rootText(root: string, { node, resource }: Start, view: View): string | null {
  const callee = bare(node.callee);
  if (callee.type === 'MemberExpression' && (resource.from !== undefined || view.values.of(callee).path.length === 0)) {
    return resource.from === undefined || listed(resource.start)[0]!.includes(`${root}.`)
      ? prefixed(root, callee, view)
      : `${view.text(callee.object)}.${root}`;
  }
  const isShadowed = view.values.of(callee).root.kind === 'global' || resource.from === undefined;
  return isShadowed || /^clear/.test(root) ? root : null;
}

function prefixed(root: string, callee: TSESTree.MemberExpression, view: View): string {
  const object = bare(callee.object);
  return object.type === 'Identifier' && /^(?:window|globalThis|self|global)$/.test(object.name)
    ? `${view.text(object)}.${root}`
    : root;
}

/** Ends of the platform that return nothing; those of emitters and packages may return anything. */
function returnsNothing({ callee }: Signature, { node, resource: { from } }: Start): boolean {
  const method = callee.at(-1)!;
  return method === 'close' || method === 'disconnect'
    ? node.type === 'NewExpression' && from === undefined && !calleeName(node).endsWith('AudioContext')
    : /^(?:abort|cancel\w+|clear\w+|dispose|removeEventListener|revokeObjectURL|terminate|unsubscribe)$/.test(method);
}

/** Does the end of this handle return a promise? */
export function endReturnsPromise(start: Start, method: string, { values, oracle }: View): boolean {
  if (start.resource.kind === 'lock') return method === 'cancel';
  if (start.signature.awaited) return true;
  if (method === 'return')
    return !/^(?:\[Symbol\.iterator\]|entries|keys|values|matchAll)$/.test(calleeName(start.node));
  return isPromise(start, method, { values, oracle });
}

/** Does the end return a promise of which somebody has to see the failure: by its type, or as the file treats it? */
function endMayFail(start: Start, method: string, view: View): boolean {
  if (['lock', 'iterator'].includes(start.resource.kind)) return false;
  return (
    isPromise(start, method, view) ||
    endsFor(start, view).some((end) => calleeName(end) === method && isHeard(end, view))
  );
}

/** Does somebody wait for a promise? */
function isHeard(promise: Node, { values }: View): boolean {
  const fate = fateOf(promise, values);
  return fate.kind === 'awaited' || (fate.kind === 'receiver' && /^(?:catch|then)$/.test(nameOf(fate.member) ?? ''));
}

/** What is a promise, too, and rejects where it is killed, which nobody hears. */
function isUnheard(start: Start, view: View): boolean {
  const handle = view.handleOf(start);
  return (
    /^execa\./.test(view.values.origin(start.node.callee) ?? '') &&
    handle.kind === 'kept' &&
    !handle.variables.some(({ references }) => references.some(({ identifier }) => isHeard(identifier, view)))
  );
}

function isPromise(start: Start, method: string, { values, oracle }: Pick<View, 'oracle' | 'values'>): boolean {
  const origin = values.origin(start.node.callee);
  const type = start.signature.isNew ? origin : origin !== null && typeOfResult(origin);
  return Boolean(type && returnsPromise(`${type}#${method}`)) || oracle.methodPromises(start.node, method) === 'yes';
}

/** Keeps a function that ends the start in a field, where its values are locals of another method. */
function throughClosure(signature: Signature, start: Start, place: Place, view: View): Reached | null {
  const body = place.body;
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  const fn = runOf(start.node);
  // A field holds one of them.
  if (
    !body ||
    !isClass(body) ||
    body !== thisBody(start.node) ||
    !list ||
    !fn ||
    start.signature.binding !== null ||
    !bodyOfMember(fn) ||
    mayRunAgain(fn) ||
    loopAround(start.node)
  )
    return null;
  const inner = written(signature, start, { node: list, body, isAsync: false }, view);
  if (!inner || inner.guard !== null) return null;
  const field = newField(body, start.resource.kind === 'listener' ? 'stopListening' : endName(start), view);
  const type = isTypeScript(view) ? ': (() => void) | undefined' : '';
  const declaration = field.declared === null ? null : insertField(body, `${field.declared}${type}`, view.sourceCode);
  if (field.declared !== null && !declaration) return null;
  const kept = insertAfterStatement(
    statement,
    `${field.access} = () => ${inner.call}${semicolon(view.sourceCode)}`,
    view.sourceCode,
  );
  return {
    call: `${field.access}?.()`,
    guard: null,
    isVoid: true,
    changes: together(declaration ? [declaration] : [], inner.changes, [kept])!,
  };
}

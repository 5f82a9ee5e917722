import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../../catalog/index.js';
import { parse, wordOf } from '../../catalog/signature.js';
import { memoize, memoizeBy, push } from '../../maps.js';
import { alsoUsed, type Fate, fateOf } from '../../syntax/fate.js';
import { argumentOf, callThrough, enclosingFunction, runOf } from '../../syntax/functions.js';
import { memberNamed } from '../../syntax/members.js';
import { sameValue, type Value, type Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Body,
  calleeName,
  dressed,
  type Fn,
  type Index,
  isClass,
  isFunction,
  nameOf,
  type Node,
} from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import { stateSetBy } from './state.js';

/** Who holds what a start returned. */
export type Handle =
  /** The resource has none, as listeners do. */
  | { readonly kind: 'none' }
  /** Nobody: nothing can end it through its handle. */
  | { readonly kind: 'dropped' }
  /**
   * Names of this file; `fields` are those that belong to an instance, `refs` what a component keeps in `ref.current`.
   */
  | {
      readonly kind: 'kept';
      readonly variables: readonly Variable[];
      readonly fields: readonly Field[];
      readonly refs: readonly Variable[];
    }
  /** Somebody whom this file does not show, or a form that ends it. */
  | { readonly kind: 'gone'; readonly fate: Fate };

export interface Field {
  readonly body: Body;
  readonly name: string;
  /** Can only the class's own code read it? */
  readonly isPrivate: boolean;
}

// Calls that return what they are called on.
const CHAINS = new Set([
  'unref',
  'ref',
  'on',
  'once',
  'addListener',
  'prependListener',
  'listen',
  'setEncoding',
  'setKeepAlive',
  'setNoDelay',
  'resume',
  'pause',
  '[Symbol.asyncIterator]',
]);

/** The expression whose value is the handle: the awaited call where the signature awaits, and the end of a chain. */
export function handleNode(start: Start, values: Values): Node {
  let node: Node = start.node;
  if (start.signature.awaited) {
    const { parent } = dressed(node);
    if (parent?.type === 'AwaitExpression') node = parent;
  }
  node = chained(node, values);
  return activated(node, start, values) ?? node;
}

/**
 * The last call of `server.on('error', report).listen(port)`, which gives what the chain began with. Nobody wants what
 * a callback is the short form of: `new Promise((done) => server.listen(port, done))`.
 */
export function chained(first: Node, values: Values): Node {
  let node = first;
  for (;;) {
    const fate = fateOf(node, values);
    const fn: Fn | null = fate.kind === 'returned' ? enclosingFunction(node) : null;
    const isChain = fate.kind === 'receiver' && CHAINS.has(nameOf(fate.member) ?? '');
    // `Number(setTimeout(…))` gives the timer under another type.
    const number = fate.kind === 'passed' && values.origin(fate.call.callee) === 'Number' ? fate.call : null;
    const next: Node | null = isChain ? fate.call : (number ?? (fn && callThrough(fn)));
    if (!next || (isChain && isShortCallback(next))) return node;
    node = next;
  }
}

function isShortCallback(call: Node): boolean {
  const { parent } = dressed(call);
  return parent?.type === 'ArrowFunctionExpression' && argumentOf(parent) !== null;
}

/**
 * The client in `const client = await createClient().connect()`; null where nothing keeps what letting it run returns.
 */
function activated(node: Node, start: Start, values: Values): Node | null {
  const fate = fateOf(node, values);
  if (
    fate.kind !== 'receiver' ||
    !fate.call ||
    !listed(start.resource.activatedBy ?? []).includes(nameOf(fate.member) ?? '')
  )
    return null;
  const { parent } = dressed(fate.call);
  const result = parent?.type === 'AwaitExpression' ? parent : fate.call;
  return fateOf(result, values).kind === 'dropped' ? null : result;
}

/** The callback of `start().then((handle) => { … })`, which gets what others await. */
export function takerOf({ node, signature }: Start, values: Values): Fn | null {
  const fate = signature.awaited ? fateOf(node, values) : null;
  const [callback] =
    fate?.kind === 'receiver' && fate.call && nameOf(fate.member) === 'then' ? fate.call.arguments : [];
  const fn = callback && bare(callback);
  return fn && isFunction(fn) ? fn : null;
}

/** The function whose run has the handle first. */
export function homeOf(start: Start, values: Values): Fn | null {
  return takerOf(start, values) ?? runOf(start.node);
}

/** The handle of what has none. */
export const NO_HANDLE: Handle = { kind: 'none' };

/** Who holds what a start returned; found once. */
export const handleOf = memoize(findHandle);

function findHandle(start: Start, values: Values): Handle {
  const given = [...parametersOf(start, values), ...takenBy(start, values)];
  if (start.signature.binding === null) return given.length === 0 ? NO_HANDLE : keptIn(given, [], values);
  const node = handleNode(start, values);
  if (start.signature.awaited && node === start.node)
    return given.length > 0 ? keptIn(given, [], values) : { kind: 'gone', fate: fateOf(node, values) };
  const variables = new Set(given);
  const fields: Field[] = [];
  const fate = fateOf(node, values);
  const ref = refOf(fate, values);
  const kept = ref ? 'kept' : keep(fate, start, variables, fields, values);
  if (kept === 'dropped' && given.length === 0) return { kind: 'dropped' };
  if (kept === 'gone') return { kind: 'gone', fate };
  // `const timer = (this.timer = start())`
  if (kept === 'kept' && alsoUsed(node)) {
    const also = fateOf(dressed(node).parent!, values);
    if (also.kind === 'local' || also.kind === 'field') keep(also, start, variables, fields, values);
    // `return [(this.timer = start())]`
    else if (also.kind === 'stored' && also.in.type === 'ArrayExpression') return { kind: 'gone', fate: also };
  }
  return keptIn([...variables], fields, values, ref ? [ref] : []);
}

/** The variable of `ref.current = …`, where a component made the ref. */
function refOf(fate: Fate, values: Values): Variable | null {
  if (fate.kind !== 'stored' || fate.in.type !== 'MemberExpression' || nameOf(fate.in) !== 'current') return null;
  const { root, path } = values.of(fate.in);
  const definition = root.kind === 'variable' && path.length === 1 ? root.variable.defs[0] : undefined;
  const init = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  return root.kind === 'variable' && init?.type === 'CallExpression' && calleeName(init) === 'useRef'
    ? root.variable
    : null;
}

/** The parameters by which callbacks get the handle, as far as they use it. */
function parametersOf({ signature, node }: Start, values: Values): Variable[] {
  const names = signature.bound;
  return signature.arguments.flatMap((argument, at) => {
    const given = argument.kind === 'callback' && node.arguments[at] ? values.functionOf(node.arguments[at]) : null;
    return (given?.params ?? []).flatMap((parameter, index) => {
      const isHandle =
        argument.kind === 'callback' && names.has(argument.names[index] ?? '') && parameter.type === 'Identifier';
      const variable = isHandle ? values.variable(parameter) : null;
      return variable && variable.references.length > 0 ? [variable] : [];
    });
  });
}

/** The parameters by which the callback that gets the handle knows it. */
function takenBy(start: Start, values: Values): Variable[] {
  const parameter = takerOf(start, values)?.params[0];
  const variables = new Set<Variable>();
  if (parameter?.type === 'ArrayPattern') keepItems(parameter, start, variables, values);
  else if (parameter?.type === 'ObjectPattern') keepProperties(parameter, start, variables, values);
  const variable = parameter?.type === 'Identifier' ? values.variable(parameter) : null;
  return variable ? [variable] : [...variables];
}

function keptIn(
  first: readonly Variable[],
  fields: Field[],
  values: Values,
  current: readonly Variable[] = [],
): Handle {
  const variables = new Set(first);
  const refs = new Set(current);
  spread(variables, fields, refs, values);
  return { kind: 'kept', variables: [...variables], fields, refs: [...refs] };
}

function keep(
  fate: Fate,
  start: Start,
  variables: Set<Variable>,
  fields: Field[],
  values: Values,
): 'dropped' | 'gone' | 'kept' {
  switch (fate.kind) {
    case 'dropped':
    case 'voided':
    case 'tested':
    case 'receiver':
      return 'dropped';
    case 'local':
      variables.add(fate.variable);
      return 'kept';
    case 'destructured': {
      if (fate.pattern.type === 'ArrayPattern') return keepItems(fate.pattern, start, variables, values);
      // Without its controller, a signal can never abort, and without its body, an answer is never read.
      if (typeof start.signature.binding === 'string')
        return start.resource.kind === 'controller' || leavesSource(fate.pattern, start) ? 'dropped' : 'gone';
      return keepProperties(fate.pattern, start, variables, values);
    }
    case 'field': {
      const field = fieldOf(fate.member, values);
      if (!field) return 'gone';
      fields.push(field);
      return 'kept';
    }
    case 'passed': {
      const state = stateSetBy(fate.call, values);
      if (!state) return isLent(fate, start) ? 'dropped' : 'gone';
      state.forEach((variable) => variables.add(variable));
      return 'kept';
    }
    default:
      return isLent(fate, start) && !isReadBack(fate, values) ? 'dropped' : 'gone';
  }
}

/** `image.src = url; done(image.src);`: is a handle handed on by the name of what it was lent to? */
function isReadBack(fate: Fate, values: Values): boolean {
  const lent = fate.kind === 'stored' && fate.in.type === 'MemberExpression' ? fate.in : null;
  const holder = lent?.object.type === 'Identifier' ? values.variable(lent.object) : null;
  return Boolean(
    holder?.references.some(({ identifier: { parent } }) => {
      if (parent?.type !== 'MemberExpression' || parent === lent || nameOf(parent) !== nameOf(lent!)) return false;
      const { kind } = fateOf(parent, values);
      return kind === 'passed' || kind === 'returned';
    }),
  );
}

/** Is the handle given to something that uses it and does not keep it? */
export function isLent(fate: Fate, { resource: { lentTo = [] } }: Start): boolean {
  if (fate.kind === 'passed') return lentTo.includes(calleeName(fate.call));
  if (fate.kind !== 'stored') return false;
  const { parent } = fate.in;
  if (parent?.type === 'JSXAttribute') return parent.name.type === 'JSXIdentifier' && lentTo.includes(parent.name.name);
  // `${url}#page` is the same address.
  if (fate.in.type === 'TemplateLiteral')
    return lentTo.length > 0 && !/^\$(?:#|$)/.test(fate.in.quasis.map(({ value }) => value.raw).join('$'));
  return lentTo.includes(nameOf(fate.in) ?? '');
}

/** `const { ok, status } = await fetch(url)`: does what is taken of a source end it in no way? */
function leavesSource({ properties }: TSESTree.ObjectPattern, { resource }: Start): boolean {
  const parts = new Set(listed(resource.end).flatMap((text) => [wordOf(text), ...parse(text).callee]));
  return (
    resource.kind === 'iterator' &&
    properties.every((property) => property.type === 'Property' && !parts.has(nameOf(property) ?? ''))
  );
}

/** `const { port1, port2 } = new MessageChannel()` */
function keepProperties(
  { properties }: TSESTree.ObjectPattern,
  { signature: { bound } }: Start,
  variables: Set<Variable>,
  values: Values,
): 'dropped' | 'kept' {
  for (const property of properties) {
    if (property.type !== 'Property' || property.value.type !== 'Identifier' || !bound.has(nameOf(property) ?? ''))
      continue;
    const variable = values.variable(property.value);
    if (variable) variables.add(variable);
  }
  return variables.size > 0 ? 'kept' : 'dropped';
}

/** `const [, release] = await semaphore.acquire()` */
function keepItems(
  { elements }: TSESTree.ArrayPattern,
  { signature }: Start,
  variables: Set<Variable>,
  values: Values,
): 'dropped' | 'gone' | 'kept' {
  if (!signature.isList || !Array.isArray(signature.binding)) return 'gone';
  for (const [at, name] of signature.binding.entries()) {
    const element = elements[at];
    const variable = name !== null && element?.type === 'Identifier' ? values.variable(element) : null;
    if (variable) variables.add(variable);
  }
  return variables.size > 0 ? 'kept' : 'dropped';
}

/** `this.timer = timer` and `ref.current = timer` keep in both. */
function spread(variables: Set<Variable>, fields: Field[], refs: Set<Variable>, values: Values): void {
  for (const variable of variables) {
    for (const reference of variable.references) {
      if (!reference.isRead()) continue;
      const fate = fateOf(chained(reference.identifier, values), values);
      const ref = refOf(fate, values);
      if (ref) refs.add(ref);
      if (fate.kind === 'local' && fate.variable !== variable) variables.add(fate.variable);
      const state = fate.kind === 'passed' ? stateSetBy(fate.call, values) : null;
      for (const one of state ?? []) variables.add(one);
      const field = fate.kind === 'field' ? fieldOf(fate.member, values) : null;
      if (field && !fields.some((one) => one.body === field.body && one.name === field.name)) fields.push(field);
    }
  }
}

export function fieldOf(
  member: TSESTree.MemberExpression | TSESTree.PropertyDefinition | TSESTree.AccessorProperty,
  values: Values,
): Field | null {
  const name = nameOf(member);
  if (name === null) return null;
  let body: Body | null;
  if (member.type === 'MemberExpression') {
    const { root } = values.of(member);
    body = root.kind === 'this' ? root.of : null;
  } else {
    body = member.static ? null : member.parent.parent;
  }
  return body && { body, name, isPrivate: isPrivate(body, name) };
}

function isPrivate(body: Body, name: string): boolean {
  if (name.startsWith('#')) return true;
  if (!isClass(body)) return false;
  const member = memberNamed(body, name);
  if (member && 'accessibility' in member) return member.accessibility === 'private';
  const made = memberNamed(body, 'constructor');
  const parameters = made?.type === 'MethodDefinition' && 'params' in made.value ? made.value.params : [];
  return parameters.some(
    (parameter) =>
      parameter.type === 'TSParameterProperty' &&
      parameter.accessibility === 'private' &&
      'name' in parameter.parameter &&
      parameter.parameter.name === name,
  );
}

/** Is an expression the handle, by whatever name it is kept? */
export function isHeld(node: Node, handle: Handle, values: Values): boolean {
  if (handle.kind !== 'kept') return false;
  const value = values.of(node);
  return (
    handle.variables.some((variable) => isValue(value, variable, [])) ||
    handle.refs.some((variable) => isValue(value, variable, ['current'])) ||
    // A private name means the same field by whatever name the instance is reached: `this.self.#timer`.
    handle.fields.some(
      ({ body, name }) =>
        value.root.kind === 'this' &&
        (value.path.length === 1 || name.startsWith('#')) &&
        value.path.at(-1) === name &&
        (value.root.of === body || values.lineageOf(value.root.of).includes(body)),
    )
  );
}

function isValue(value: Value, variable: Variable, path: readonly string[]): boolean {
  return sameValue(value, { root: { kind: 'variable', variable }, path }) === 'yes';
}

/** Every place that reads the handle, by each name it is kept under. */
export function mentions(handle: Handle, values: Values, index: Index): Node[] {
  if (handle.kind !== 'kept') return [];
  return [
    ...handle.variables.flatMap((variable) =>
      variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node),
    ),
    ...handle.fields.flatMap(({ body, name }) => readsOfFields(index, name, values).get(body) ?? []),
    ...(handle.refs.length > 0
      ? index.members.of('current').filter((member) => isRead(member) && isHeld(member, handle, values))
      : []),
  ];
}

/**
 * The places that read `this.name`, by what `this` is there; found once, because many starts may be kept in one field.
 */
const readsOfFields = memoizeBy((index: Index, name: string, values: Values): ReadonlyMap<Body, readonly Node[]> => {
  const byBody = new Map<Body, Node[]>();
  for (const member of index.members.of(name)) {
    const { root, path } = values.of(member);
    if (root.kind !== 'this' || path.length !== 1 || !isRead(member)) continue;
    for (const of of values.lineageOf(root.of)) push(byBody, of, member);
  }
  return byBody;
});

/** Is a member read, and not only set? */
export function isRead(member: Node): boolean {
  const { parent } = dressed(member);
  return !(parent?.type === 'AssignmentExpression' && parent.left === dressed(member) && parent.operator === '=');
}

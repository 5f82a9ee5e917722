import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, functionName, runOf } from '../../syntax/functions.js';
import { bodyOfMember, memberNamed } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  calleeName,
  decoratorsOf,
  dressed,
  type Fn,
  type Index,
  isClass,
  nameOf,
  type Node,
} from '../../syntax/walk.js';
import { type Handle, mentions } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { serviceIn } from './injected.js';
import { isNothing, setTo } from './lives.js';
import { mayRunAgain, runsOncePerLife } from './once.js';

/** Is a node in a function that is called with an element, and with nothing when the element goes: `ref={measure}`? */
export function isOfRef(node: Node, values: Values): boolean {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) if (isGivenElement(fn, values)) return true;
  return false;
}

function isGivenElement(fn: Fn, values: Values): boolean {
  if (isRef(fn)) return true;
  const wrapped = argumentOf(fn)?.call ?? fn;
  if (isRef(wrapped)) return true;
  return values.variableOf(wrapped)?.references.some(({ identifier }) => isRef(identifier)) ?? false;
}

function isRef(node: Node): boolean {
  const { parent } = dressed(node);
  return (
    parent?.type === 'JSXExpressionContainer' &&
    parent.parent.type === 'JSXAttribute' &&
    parent.parent.name.name === 'ref'
  );
}

/** Does a custom element, once in its life, observe nothing but itself and its own parts? They go together. */
export function observesItself(start: Start, handle: Handle, index: Index, values: Values): boolean {
  const method = runOf(start.node);
  const body = method && bodyOfMember(method);
  const isOnce = !method || !mayRunAgain(method) || (body !== null && runsOncePerLife(method, body, index, values));
  if (start.resource.activatedBy !== 'observe' || !isOnce) return false;
  const isDropped = handle.kind === 'dropped';
  // An element that is moved is connected again, and there is no name to look for the first observer by.
  if (isDropped && method && functionName(method) === 'connectedCallback') return false;
  const held = isDropped ? [start.node] : mentions(handle, values, index);
  const observed = held.flatMap((mention) => {
    const fate = fateOf(mention, values);
    return fate.kind === 'receiver' && fate.call && nameOf(fate.member) === 'observe'
      ? fate.call.arguments.slice(0, 1)
      : [];
  });
  return observed.length > 0 && observed.every((node) => isOfElement(node, index, values));
}

/**
 * `watch(shown, update)`, where the component makes `shown` itself: what nobody else has goes together with what watches
 * it.
 */
export function watchesOwn({ resource, names }: Start, { owners, values }: Pick<Judge, 'owners' | 'values'>): boolean {
  const source = resource.ofSetup ? names.get('source') : null;
  const watched = source?.type === 'ArrayExpression' ? source.elements : [source];
  return watched.every((one) => {
    const made = one?.type === 'Identifier' ? values.initialOf(one) : null;
    return (
      made?.type === 'CallExpression' &&
      /\.(?:shallow)?ref$/i.test(values.origin(made.callee) ?? '') &&
      (enclosingFunction(made) !== null || owners.isOfComponent(made))
    );
  });
}

/** `this` of a custom element, its root, or a part that it finds in itself; the host of what Lit calls a controller. */
export function isOfElement(node: Node, index: Index, values: Values): boolean {
  const whole = wholeOf(values.initialOf(node) ?? node);
  if (whole) return isOfElement(whole, index, values);
  const { root, path } = values.of(node);
  const body = root.kind === 'this' ? root.of : null;
  const [name, rest] = path;
  // Angular gives a component the element that it is the component of.
  if (body && isClass(body) && path.length === 2 && rest === 'nativeElement')
    return serviceIn(body, name!) === 'ElementRef';
  if (!body || path.length > 1 || (name !== undefined && !CALLED_BACK.some((one) => memberNamed(body, one))))
    return false;
  // `this` is an element, where anything observes it.
  if (name === undefined || ROOTS.has(name)) return true;
  const member = memberNamed(body, name);
  if (member?.type === 'MethodDefinition') return member.kind === 'get';
  if (
    member?.type === 'PropertyDefinition' &&
    decoratorsOf(member).some(
      ({ expression }) => expression.type === 'CallExpression' && calleeName(expression).startsWith('query'),
    )
  )
    return true;
  const parts = setTo(body, name, index, values).filter((value) => !isNothing(value));
  return parts.length > 0 && parts.every((value) => isFound(bare(value), values));
}

/** What the page calls of a custom element, or its base class. */
const CALLED_BACK = ['connectedCallback', 'disconnectedCallback', 'firstUpdated', 'hostConnected', 'hostDisconnected'];
const ROOTS = new Set(['host', 'renderRoot', 'shadowRoot']);

/** `this.shadowRoot?.getElementById('list')` */
function isFound(value: Node, values: Values): boolean {
  const whole = wholeOf(value);
  const { root, path } = whole ? values.of(whole) : { root: null, path: [] };
  return root?.kind === 'this' && (path.length === 0 || (path.length === 1 && ROOTS.has(path[0]!)));
}

/** `root` in `root.querySelector('#list')` */
function wholeOf(value: Node): Node | null {
  const part = bare(value);
  const callee = part.type === 'CallExpression' ? bare(part.callee) : null;
  return callee?.type === 'MemberExpression' && /^(?:getElement|querySelector)/.test(nameOf(callee) ?? '')
    ? callee.object
    : null;
}

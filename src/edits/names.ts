import { listed } from '../catalog/index.js';
import { parse } from '../catalog/signature.js';
import { memoize } from '../maps.js';
import type { Start } from '../ownership/starts/starts.js';
import { memberNamed, membersOf } from '../syntax/members.js';
import type { Values } from '../syntax/values.js';
import { type Body, calleeName, isClass, nameOf, type Node } from '../syntax/walk.js';
import { isTypeScript, type View } from './edit.js';

/** What handles are called whose signature does not say. */
const HANDLES: Readonly<Record<string, string>> = {
  setInterval: 'timer',
  setTimeout: 'timer',
  setImmediate: 'immediate',
  requestAnimationFrame: 'frame',
  requestIdleCallback: 'idle',
  subscribe: 'subscription',
};

/** What to call the handle of a start: `timer`, `worker`, `release`. */
export function handleName({ node, signature }: Start): string {
  const word = calleeName(node);
  const { binding } = signature;
  const known = Object.hasOwn(HANDLES, word) ? HANDLES[word] : undefined;
  if (known !== undefined) return binding === 'stop' ? 'unsubscribe' : known;
  if (typeof binding === 'string' && binding !== 'handle') return binding;
  return (/[A-Z]?[a-z\d]+$/.exec(word)?.[0] ?? 'handle').toLowerCase();
}

/** What to call a listener: `onResize`. */
export function listenerName(start: Start, values: Values): string {
  const given = start.names.get('type');
  const type = values.text(given) ?? constantName(given);
  return type === null ? 'listener' : `on${pascal(type)}`;
}

/** `STATS_RECEIVED` of `Events.STATS_RECEIVED` */
function constantName(type: Node | null | undefined): string | null {
  const name = type?.type === 'MemberExpression' ? nameOf(type) : null;
  return name !== null && /^[A-Z][A-Za-z\d_]*$/.test(name) ? name : null;
}

function pascal(text: string): string {
  return text
    .split(/[^A-Za-z\d]+/)
    .map((word) =>
      word === word.toUpperCase()
        ? word.charAt(0) + word.slice(1).toLowerCase()
        : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join('');
}

/** What to call a function that ends a start: `removeListener`, `clear`. */
export function endName({ resource }: Start): string {
  const { callee } = parse(listed(resource.end)[0]!);
  return resource.kind === 'listener' ? 'removeListener' : callee.at(-1)!.replace(/^\W.*$/, 'dispose');
}

/** A property of `this` that the class does not have yet, named the way it names its own. */
export interface NewField {
  /** `this.#timer` */
  readonly access: string;
  /**
   * What stands before its type or value where it is declared: `#timer`, `private timer`; null where assigning is
   * enough.
   */
  readonly declared: string | null;
}

export function newField(body: Body, wanted: string, view: View): NewField {
  const style = styleOf(body, view);
  const prefix = style.isHash ? '#' : style.underscore ? '_' : '';
  // What another class reads from itself is its own, unless one may be the other's.
  const isOwn = (member: Node): boolean => {
    const { root } = view.values.of(member);
    return root.kind !== 'this' || root.of === body || !isClass(body) || body.superClass !== null;
  };
  const taken = (name: string): boolean =>
    memberNamed(body, name) !== null || (!style.isHash && view.index.members.of(name).some(isOwn));
  let name = prefix + wanted;
  for (let at = 2; taken(name); at += 1) name = `${prefix}${wanted}${at}`;
  const declared = !isClass(body) ? null : style.isHash ? name : isTypeScript(view) ? `private ${name}` : null;
  return { access: `this.${name}`, declared };
}

interface Style {
  readonly isHash: boolean;
  readonly underscore: boolean;
}

/** How a class names what is its own; found once. */
const styleOf = memoize(findStyle);

function findStyle(body: Body, view: View): Style {
  if (!isClass(body)) return { isHash: false, underscore: false };
  const names = membersOf(body).flatMap((member) => {
    if (!('key' in member)) return [];
    if (member.key.type === 'PrivateIdentifier') return ['#'];
    return 'accessibility' in member && member.accessibility === 'private' && member.key.type === 'Identifier'
      ? [member.key.name]
      : [];
  });
  if (names.includes('#')) return { isHash: true, underscore: false };
  const underscore =
    names.length > 0
      ? names.every((name) => name.startsWith('_'))
      : [...view.index.members.keys()].some((name) => /^_[a-z]/.test(name));
  const made = memberNamed(body, 'constructor');
  const parameters = made?.type === 'MethodDefinition' && 'params' in made.value ? made.value.params : [];
  const isPrivate =
    names.length > 0 ||
    parameters.some((parameter) => parameter.type === 'TSParameterProperty' && parameter.accessibility === 'private');
  return { isHash: isTypeScript(view) && !isPrivate, underscore };
}

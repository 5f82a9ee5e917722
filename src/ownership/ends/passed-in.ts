import { TEARDOWN_METHODS } from '../../catalog/owners.js';
import { memoize } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import { functionName, isInside, runOf } from '../../syntax/functions.js';
import { constructorOf, isMember } from '../../syntax/members.js';
import { sameValue, type Value, type Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, isFunction, nameOf, type Node, walk } from '../../syntax/walk.js';
import { isNothing, setTo } from '../owners/lives.js';
import type { Owner, Teardown } from '../owners/owner.js';
import { isGone } from '../owners/shown.js';
import type { Facts } from '../starts/match.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { reachedFrom } from './reached.js';

/**
 * May what has an `on` be an emitter? Nobody uses what an emitter's `on` returns, and what keeps the listeners of
 * others is a module's.
 */
export function isEmitter({ names, node }: Pick<Start, 'names' | 'node'>, { values }: Judge): boolean {
  const bus = names.get('bus');
  const { kind } = fateOf(node, values);
  return (kind === 'dropped' || kind === 'receiver') && (!bus || values.origin(bus) !== null);
}

/**
 * Was the target given to the owner, which has an end and does not end the target there?
 * What has an `on` and is passed in may be no emitter; who adds a named event and a function to it thinks it is.
 */
export function isGiven({ names, node }: Start, { kind, teardown }: Owner, file: Judge): boolean {
  const target = names.get('target');
  if (!isEmitter({ names, node }, file) || names.has('bus')) return false;
  if (!target || !teardown || node.arguments.length < 2 || (kind !== 'instance' && kind !== 'effect')) return false;
  if (!isEventName(names.get('type'), file) || !isListener(names.get('listener'), file)) return false;
  return isPassedIn(file.values.of(target), file) && !endsWith(target, teardown, file);
}

/** `stop() { this.element.remove(); }`: does the end of an owner end a target, or something that it is a part of? */
export function endsWith(target: Node, teardown: Teardown, file: Judge): boolean {
  return endedBy(teardown, file).some(
    (ended) => isFrom(target, ended, file) || setHere(ended, file).some((value) => isFrom(target, value, file)),
  );
}

/** What a field of an instance is set to. */
function setHere(field: Node, { index, values }: Judge): readonly Node[] {
  const { root, path } = values.of(field);
  return root.kind === 'this' && root.of && path.length === 1 ? setTo(root.of, path[0]!, index, values) : [];
}

/**
 * Is the target what another module hands to all that import it, and is a function added to it for a named event by
 * what
 * comes and goes with a page? Whatever it is, it lives as long as the program.
 */
export function isOfModule({ names, node }: Start, { kind, teardown }: Owner, file: Judge): boolean {
  const target = names.get('target');
  return Boolean(
    target &&
    !names.has('bus') &&
    (kind === 'effect' || isGone(teardown)) &&
    file.values.of(target).root.kind === 'import' &&
    isEmitter({ names, node }, file) &&
    isEventName(names.get('type'), file) &&
    isListener(names.get('listener'), file),
  );
}

function isEventName(type: Node | null | undefined, { values }: Judge): boolean {
  if (!type) return false;
  const text = values.text(type);
  // Routes and selectors are no events.
  return text === null
    ? bare(type).type === 'MemberExpression' ||
        /^[A-Z][A-Z\d_]+$/.test(bare(type).type === 'Identifier' ? (bare(type) as { name: string }).name : '')
    : /^[\w:.-]+$/.test(text);
}

function isListener(listener: Node | null | undefined, { values }: Judge): boolean {
  if (!listener) return false;
  const node = bare(listener);
  return (
    isFunction(node) ||
    values.functionOf(node) !== null ||
    (node.type === 'CallExpression' && calleeName(node) === 'bind') ||
    (node.type === 'MemberExpression' && values.of(node).root.kind === 'this')
  );
}

/**
 * `this.media = null`: does an instance that lives on forget the target that it was given, and that keeps a listener
 * which nobody can name?
 * What it ends before is gone with its listeners.
 */
export function isLetGo({ names }: Start, { teardown }: Owner, { values, index }: Judge): boolean {
  const target = names.get('target');
  const listener = names.get('listener');
  const { root, path } = target ? values.of(target) : { root: null, path: [] };
  const [name] = path;
  const body = root?.kind === 'this' ? root.of : null;
  if (!body || name === undefined || !listener || values.of(listener).root.kind !== 'fresh') return false;
  const made = constructorOf(body);
  const given = setTo(body, name, index, values);
  const isForgotten = index.members.of(name).some((member) => {
    const { parent } = member;
    return (
      parent?.type === 'AssignmentExpression' &&
      parent.left === member &&
      isNothing(parent.right) &&
      runOf(member) !== made &&
      !teardown?.functions.some((fn) => isInside(member, fn))
    );
  });
  const isEnded = index.members
    .of(name)
    .some((member) => member.parent?.type === 'MemberExpression' && ENDS.has(nameOf(member.parent) ?? ''));
  return (
    isForgotten &&
    !isEnded &&
    given.some((value) => !isNothing(value) && isParameter(value, values)) &&
    given.every((value) => isNothing(value) || isParameter(value, values))
  );
}

/** Is the target a parameter of a function around the one that adds the listener, so that it was there before? */
export function isHandedIn({ names }: Start, { values }: Judge): boolean {
  const target = names.get('target');
  const { root, path } = target ? values.of(target) : { root: null, path: [] };
  return root?.kind === 'variable' && path.length === 0 && root.variable.defs[0]?.type === 'Parameter';
}

/** A parameter, or a field that is set to one. */
export function isPassedIn({ root, path }: Value, file: Judge): boolean {
  if (root.kind === 'variable') return !root.variable.name.startsWith('$') && isFromOutside(root.variable, file);
  if (root.kind !== 'this' || !root.of || path[0] === undefined) return false;
  const made = constructorOf(root.of);
  if (
    made?.params.some(
      (parameter) => parameter.type === 'TSParameterProperty' && nameOfParameter(parameter.parameter) === path[0],
    )
  )
    return true;
  const given = setTo(root.of, path[0], file.index, file.values);
  return (
    given.length > 0 &&
    given.every((value) => isNothing(value) || isParameter(value, file.values)) &&
    given.some((value) => !isNothing(value))
  );
}

/**
 * Is a variable a parameter of a component, or of a member that this file does not call: who calls it itself may pass
 * what is its own.
 */
function isFromOutside({ defs: [definition] }: Variable, { values, index }: Judge): boolean {
  const fn = definition?.type === 'Parameter' && isFunction(definition.node) ? definition.node : null;
  if (!fn) return false;
  const name = functionName(fn);
  const isCalled = index.calls.of(name).some((call) => values.functionOf(call.callee) === fn);
  return !isCalled && (isMember(fn) || /^(?:use)?[A-Z]/.test(name ?? ''));
}

function nameOfParameter(parameter: Node): string | null {
  const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return name.type === 'Identifier' ? name.name : null;
}

export function isParameter(value: Node, values: Values): boolean {
  const { root } = values.of(value);
  return root.kind === 'variable' && root.variable.defs[0]?.type === 'Parameter';
}

const ENDS = new Set([...TEARDOWN_METHODS, 'quit']);

/** What a teardown ends: what it calls an ending method of. */
const endedBy = memoize((teardown: Teardown, file: Judge): readonly Node[] => {
  const found: Node[] = [];
  for (const fn of reachedFrom(teardown.functions, file)) {
    walk(file.sourceCode, fn.body, (node) => {
      const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
      if (callee?.type === 'MemberExpression' && ENDS.has(nameOf(callee) ?? '')) found.push(callee.object);
    });
  }
  return found;
});

/** Is a target something else, or a part of it? */
function isFrom(target: Node, other: Node, { values }: Facts): boolean {
  const one = values.of(target);
  const two = values.of(other);
  if (two.root.kind === 'this' && two.path.length === 0) return false;
  const whole = { root: one.root, path: one.path.slice(0, two.path.length) };
  return one.root.kind === two.root.kind && one.path.length >= two.path.length && sameValue(whole, two) === 'yes';
}

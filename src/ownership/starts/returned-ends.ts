import { type Kind, listed, type Resource } from '../../catalog/index.js';
import { parse } from '../../catalog/signature.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, functionName, isInside, returnedBy } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import { bare, type Call, type Fn, type Node } from '../../syntax/walk.js';
import { endsOf } from '../ends/ends.js';
import { handleNode, handleOf, isHeld } from '../holders/handle.js';
import { lifeOf } from '../owners/lives.js';
import { isEndedByOption, type Judge } from '../verdict/judging.js';
import { isActive } from './activity.js';
import type { Start } from './starts.js';

/**
 * Calls of functions of this file that start something and return what ends it: whoever calls them has to see to that.
 */
export function startsWithReturnedEnd(
  kind: 'interval' | 'listener' | 'lock',
  starts: readonly Start[],
  file: Judge,
): Start[] {
  const seen = new Set<Fn>();
  return starts.flatMap((start) => {
    const fn = enclosingFunction(start.node);
    const name = fn && functionName(fn);
    // What a hook returns, the component that calls it looks after.
    if (
      !fn ||
      !name ||
      seen.has(fn) ||
      fn.generator ||
      /^use[A-Z]/.test(name) ||
      file.index.calls.of(name).length === 0 ||
      !returnsEnd(fn, start, file)
    )
      return [];
    seen.add(fn);
    const calls = file.index.calls
      .get(name)!
      .filter((call) => !isInside(call, fn) && file.values.functionOf(call.callee) === fn);
    return calls.flatMap((call) => startOf(call, kind, fn, start, file) ?? []);
  });
}

/**
 * Calls of functions of this file that give back the resource which they start, and do not end it: whoever calls them
 * has to.
 */
export function startsGivenBack(starts: readonly Start[], file: Judge): Start[] {
  return starts.flatMap((start) => {
    const { resource, signature } = start;
    const fn = enclosingFunction(start.node);
    const name = fn && functionName(fn);
    const isOfItsOwn =
      start.sure === 'yes' &&
      resource.livesIn === undefined &&
      isActive(start, handleOf(start, file.values), file.index, file) &&
      !isEndedByOption(start, file);
    if (!fn || !name || fn.generator || !isOfItsOwn || typeof signature.binding !== 'string') return [];
    const calls = file.index.calls
      .of(name)
      .filter(
        (call) =>
          !isInside(call, fn) &&
          file.values.functionOf(call.callee) === fn &&
          (!fn.async || call.parent.type === 'AwaitExpression'),
      );
    if (calls.length === 0 || !givesBack(fn, start, file)) return [];
    const text = `${signature.binding} = ${fn.async ? 'await ' : ''}start()`;
    return calls.map((call) => {
      const { kind, teardown } = file.owners.of(call);
      // An instance that has an end, and lets go of it at once, has none for this.
      const isCertain = kind === 'instance' && teardown !== null && fateOf(call, file.values).kind === 'dropped';
      // What it was let run by, its function has called.
      return made(
        call,
        { ...resource, activatedBy: undefined, start: text, ...(!isCertain && { level: 'strict' as const }) },
        new Map(),
      );
    });
  });
}

/** Does a function return the handle on every way, and nothing in it end that? */
function givesBack(fn: Fn, start: Start, file: Judge): boolean {
  const { values, index } = file;
  const node = handleNode(start, values);
  const returned = returnedBy(fn).map(bare);
  const variables = returned.flatMap((value) => (value.type === 'Identifier' ? (values.variable(value) ?? []) : []));
  return (
    returned.length > 0 &&
    returned.every((value) => (values.initialOf(value) ?? value) === node) &&
    endsOf(start, { kind: 'kept', variables, fields: [], refs: [] }, index, file).every(
      ({ differs }) => differs !== null,
    )
  );
}

/** Does a function return, on every way, a function that ends the start, or the handle that does? */
function returnsEnd(fn: Fn, start: Start, file: Judge): boolean {
  const { values } = file;
  const handle = handleOf(start, values);
  const returned = returnedBy(fn);
  const isEnd = (value: Node): boolean => {
    if (start.node === bare(value)) return isEndItself(start);
    if (start.resource.kind === 'lock' && !start.resource.isGate) return false;
    if (start.resource.isGate) return bare(value).type === 'Identifier' && isHeld(value, handle, values);
    const end = values.functionOf(value);
    return (
      end !== null &&
      isInside(end, fn) &&
      endsOf(start, handle, file.index, file).some(({ node, differs }) => differs === null && isInside(node, end))
    );
  };
  return returned.length > 0 && returned.every(isEnd);
}

/** `release = await mutex.acquire()`: is what a start gives the function that ends it? */
function isEndItself({ resource, signature: { binding } }: Start): boolean {
  return listed(resource.end).some((text) => parse(text).callee.join('.') === binding);
}

function startOf(node: Call, kind: Kind, fn: Fn, start: Start, file: Judge): Start | null {
  if (kind === 'lock')
    return (fn.async || returnedBy(fn).includes(start.node)) && node.parent.type === 'AwaitExpression'
      ? made(node, { kind, start: 'release = await lock()', end: 'release()', onThrow: 'leaks' }, lockOf(node))
      : null;
  if (fn.async) return null;
  if (kind === 'interval') {
    const ends = endsOf(start, handleOf(start, file.values), file.index, file);
    const given = returnedBy(fn).map((one) => file.values.functionOf(one));
    const endsItself = ends.some((end) => end.differs === null && !given.some((one) => one && isInside(end.node, one)));
    return made(
      node,
      { kind, start: 'stop = start()', end: 'stop()', ...(endsItself && { level: 'strict' as const }) },
      new Map(),
    );
  }
  const target = targetIn(node, fn, start, file);
  const life = target && lifeOf(target, file.owners.of(node), file);
  if (!target || life === 'same') return null;
  return made(
    node,
    {
      kind,
      start: 'stop = listen()',
      end: 'stop()',
      livesIn: 'target',
      ...(life !== 'longer' && { level: 'strict' as const }),
    },
    new Map([['target', target]]),
  );
}

function made(node: Call, resource: Resource, names: Start['names']): Start {
  return { node, resource, signature: parse(resource.start as string), names, sure: 'yes' };
}

function lockOf({ callee }: Call): ReadonlyMap<string, Node> {
  const method = bare(callee);
  return new Map(method.type === 'MemberExpression' ? [['mutex', method.object]] : []);
}

function isOfModule({ defs: [definition] }: Variable): boolean {
  return definition?.type === 'Variable' && !enclosingFunction(definition.node);
}

/** What a call gives a function to listen to, or what that knows by itself. */
function targetIn(call: Call, fn: Fn, { names }: Start, { values }: Judge): Node | null {
  const target = names.get('target');
  if (!target) return null;
  const { root, path } = values.of(target);
  if (root.kind === 'global' || root.kind === 'import') return target;
  if (root.kind === 'variable' && isOfModule(root.variable)) return target;
  // What an instance has is as old as the instance.
  if (root.kind === 'this') {
    const method = bare(call.callee);
    return method.type === 'MemberExpression' ? method.object : null;
  }
  const at =
    root.kind === 'variable' && path.length === 0
      ? fn.params.findIndex(
          (parameter) => parameter.type === 'Identifier' && values.variable(parameter) === root.variable,
        )
      : -1;
  return (at >= 0 && call.arguments[at]) || null;
}

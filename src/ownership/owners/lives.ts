import { TEARDOWN_METHODS } from '../../catalog/owners.js';
import { memoizeBy } from '../../maps.js';
import { enclosingFunction, isInside, runOf } from '../../syntax/functions.js';
import { isPartOf, memberNamed, memberValue } from '../../syntax/members.js';
import type { Value, Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Body, calleeName, dressed, type Index, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { Oracle } from '../../types/answer.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { isOfService } from './injected.js';
import type { Owner, Owners } from './owner.js';
import { isProvidedInRoot } from './program-start.js';

/** How long a value lives, compared with an owner. */
export type Life = 'longer' | 'same' | 'unknown';

interface Lives {
  readonly values: Values;
  readonly oracle: Oracle;
  readonly index: Index;
  readonly owners: Owners;
  readonly processTargets: ReadonlySet<string>;
}

/** Does a value outlive the owner? Globals, imports and what a module declares do; what the owner makes does not. */
export function lifeOf(node: Node, owner: Owner, file: Lives): Life {
  const life = lifeByOrigin(node, owner, file);
  return life === 'unknown' && isProcessTarget(node, file) ? 'longer' : life;
}

/**
 * Does a value have a name of which users say that it lives as long as the program: `bus`, `app.events`, `useBus()`?
 */
export function isProcessTarget(
  node: Node,
  { values, processTargets }: Pick<Lives, 'processTargets' | 'values'>,
): boolean {
  if (processTargets.size === 0) return false;
  const made = bare(values.initialOf(node) ?? node);
  if (made.type === 'CallExpression') return processTargets.has(`${calleeName(made)}()`);
  const { root, path } = values.of(node);
  const names = [
    ...(root.kind === 'variable'
      ? [root.variable.name]
      : root.kind === 'global' || root.kind === 'import'
        ? [root.name]
        : []),
    ...path,
  ];
  return names.some((_, at) => processTargets.has(names.slice(at).join('.')));
}

function lifeByOrigin(node: Node, owner: Owner, file: Lives): Life {
  const { values } = file;
  const value = values.of(node);
  if (isOfPage(node, values)) return 'longer';
  switch (value.root.kind) {
    case 'global':
      return value.root.name === 'undefined' || value.root.name === 'arguments' ? 'unknown' : 'longer';
    case 'import':
      return 'longer';
    case 'fresh':
      return 'same';
    case 'this':
      return ofField(node, value, owner, file);
    case 'variable':
      return ofVariable(value, node, owner, file);
    default:
      return ofResult(bare(node), values);
  }
}

/** `element.ownerDocument`: every element has one, and goes before it. */
function isOfPage(node: Node, values: Values): boolean {
  return ['defaultView', 'ownerDocument'].includes(values.of(node).path.at(-1) ?? '');
}

function ofVariable({ root, path }: Value, node: Node, owner: Owner, { values, oracle, owners }: Lives): Life {
  const definition = root.kind === 'variable' ? root.variable.defs[0] : undefined;
  // A signal that is passed in belongs to whoever can abort it.
  if (definition?.type === 'Parameter' && oracle.is(node, 'AbortSignal') === 'yes') return 'longer';
  if (definition?.type === 'Parameter') {
    const isOwner =
      path.length > 0
        ? isProvidedInRoot(owner.node)
        : isFunction(owner.node) &&
          owner.node === definition.node &&
          owners.frameworks.isWhatEnds(definition.name, owner.node);
    return isOwner ? 'same' : 'unknown';
  }
  if (definition?.type !== 'Variable') return 'unknown';
  if (!enclosingFunction(definition.node) && !owners.isOfComponent(definition.node))
    return definition.parent?.kind === 'const' && owner.kind !== 'process' ? 'longer' : 'unknown';
  if (path.length === 0 && isMadeHere(root.kind === 'variable' ? root.variable : null, owner)) return 'same';
  const isPart = path.length === 0 || (path.length === 1 && PARTS.has(path[0]!));
  const isOwn =
    isPartOf(definition.node, owner.node) || (owner.kind === 'effect' && !enclosingFunction(definition.node));
  if (!isPart || !definition.node.init || !isOwn) return 'unknown';
  return ofResult(bare(definition.node.init), values);
}

/** `client = new Client()`, for a name that may have been something else before. */
function isMadeHere(variable: Variable | null, owner: Owner): boolean {
  return (
    variable?.references.some(
      ({ writeExpr }) => writeExpr && bare(writeExpr).type === 'NewExpression' && isInside(writeExpr, owner.node),
    ) ?? false
  );
}

function ofField(node: Node, { root, path }: Value, owner: Owner, { values, index }: Lives): Life {
  const body = root.kind === 'this' ? root.of : null;
  const [name, part] = path;
  if (body && owner.node === body && isHostElement(bare(node))) return 'same';
  if (body && owner.node === body && path.length > 1 && isProvidedInRoot(body)) return 'same';
  if (isOfService({ root, path })) return 'longer';
  if (!body || owner.node !== body || path.length > (PARTS.has(part ?? '') ? 2 : 1)) return 'unknown';
  const isOwn = (value: Node): boolean => isHostElement(value) || ofResult(value, values) === 'same';
  if (name === undefined) return 'same';
  const given = setTo(body, name, index, values);
  if (given.some((value) => isOwn(bare(value)))) return 'same';
  if (path.length === 1 && given.some((value) => isOfPage(value, values))) return 'longer';
  return isEndedWith(name, owner, index) ? 'same' : 'unknown';
}

/** `this.host.nativeElement`: an instance that stands for an element is as old as the element. */
function isHostElement(node: Node): boolean {
  return node.type === 'MemberExpression' && nameOf(node) === 'nativeElement' && isOwnName(bare(node.object));
}

function isOwnName(node: Node): boolean {
  return node.type === 'Identifier' || (node.type === 'MemberExpression' && node.object.type === 'ThisExpression');
}

/** Parts that are as old as what they are of: a controller, a process. */
const PARTS = new Set(['signal', 'stderr', 'stdin', 'stdout']);

/** Does the owner's teardown end what a field holds: `this.socket.close()`? */
function isEndedWith(name: string, { teardown }: Owner, index: Index): boolean {
  return index.members.of(name).some((one) => {
    const { parent } = dressed(one);
    const isCalled =
      parent?.type === 'MemberExpression' &&
      dressed(parent).parent?.type === 'CallExpression' &&
      (nameOf(parent) === 'abort' || TEARDOWN_METHODS.includes(nameOf(parent) ?? ''));
    return (
      isCalled && one.object.type === 'ThisExpression' && (teardown?.functions.some((fn) => isInside(one, fn)) ?? false)
    );
  });
}

/** Everything that a class or an object sets a property to; found once. */
export function setTo(body: Body, name: string, index: Index, values: Values): readonly Node[] {
  return written(body, name, index, values);
}

const written = memoizeBy((body: Body, name: string, index: Index, values: Values): readonly Node[] => {
  const member = memberNamed(body, name);
  const initial = member && memberValue(member);
  const assigned = index.members.of(name).flatMap((one) => {
    const { parent } = dressed(one);
    if (parent?.type !== 'AssignmentExpression' || parent.left !== dressed(one)) return [];
    const { root, path } = values.of(one);
    return root.kind === 'this' && root.of === body && path.length === 1 ? [parent.right] : [];
  });
  return [...(initial ? [initial] : []), ...assigned];
});

/** Is it what a name is set to while it stands for nothing? */
export function isNothing(value: Node): boolean {
  return value.type === 'Literal' || (value.type === 'Identifier' && value.name === 'undefined');
}

/** Functions that make what they return, as those do that are called as a class is: `Chart(canvas)`; what others return may have been there before. */
const MAKES = /^(?:create|make|build|new|open|spawn|fork|exec|connect|request|fetch|watch)(?:$|[A-Z])|^[A-Z][a-z]/;

/** The life of what an expression gives: what is made here ends here. */
function ofResult(node: Node, values: Values): Life {
  if (node.type === 'NewExpression' || node.type === 'ObjectExpression') return 'same';
  if (node.type === 'AwaitExpression') return ofResult(bare(node.argument), values);
  if (node.type === 'AssignmentExpression') return ofResult(bare(node.right), values);
  if (node.type !== 'CallExpression') return 'unknown';
  // The document keeps a media query for as long as it has listeners, and a timer what it tells.
  if (/^(?:matchMedia|rxjs\.interval)$/.test(values.origin(node.callee) ?? '')) return 'longer';
  return MAKES.test(calleeName(node)) ? 'same' : 'unknown';
}

/** `values` in `values.pipe(map(double)).subscribe(listener)`, and `sink` in `file.pipe(sink).on('finish', listener)`. */
function sourceOf(target: Node, values: Values): Node {
  const at = bare(target);
  // What an own object has as a property is as old as the object.
  if (at.type === 'MemberExpression' && values.initialOf(at.object)?.type === 'NewExpression') return at.object;
  const call = at.type === 'CallExpression' && values.origin(at.callee) === null ? at : null;
  const callee = call && bare(call.callee);
  if (callee?.type !== 'MemberExpression') return at;
  const [sink] = call!.arguments;
  return nameOf(callee) === 'pipe' && sink?.type === 'Identifier' && call!.arguments.length === 1
    ? sink
    : sourceOf(callee.object, values);
}

/**
 * The signals that a combined one follows, or the one that it is: `AbortSignal.any([signal, own])` is known to each of
 * them for as long as that lives.
 */
export function signalsIn(target: Node, values: Values): readonly Node[] {
  const made = values.initialOf(target);
  const list =
    made?.type === 'CallExpression' && values.origin(made.callee) === 'AbortSignal.any' && made.arguments[0]
      ? values.initialOf(made.arguments[0])
      : null;
  return list?.type === 'ArrayExpression' ? list.elements.flatMap((one) => one ?? []) : [target];
}

/** `source.subscribe(subscriber)`: does what is told end with the owner that was given it? */
export function tellsOwner({ names, resource }: Start, { node }: Owner, { owners, values }: Judge): boolean {
  const listener = resource.kind === 'resource' ? names.get('listener') : null;
  const { root, path } = listener ? values.of(listener) : { root: null, path: [] };
  const definition = root?.kind === 'variable' && path.length === 0 ? root.variable.defs[0] : undefined;
  return (
    definition?.type === 'Parameter' &&
    definition.node === node &&
    isFunction(node) &&
    owners.frameworks.isWhatEnds(definition.name, node)
  );
}

/** The life of what a start registers with: the program's, where its kind registers with nothing. */
export function lifeOfTarget({ resource, names }: Start, owner: Owner, file: Judge): Life {
  const target = resource.livesIn === undefined ? null : (names.get(resource.livesIn) ?? null);
  const lives = target
    ? signalsIn(target, file.values).map((one) => lifeOf(sourceOf(one, file.values), owner, file))
    : [];
  if (target && isOfWhatEnds(target, file)) return 'same';
  return lives.length === 0 || lives.includes('longer') ? 'longer' : lives[0]!;
}

/** `const page = (await browser.pages())[0]`: was it taken from what the same run ends in a `finally` around it? */
function isOfWhatEnds(target: Node, { index, values }: Judge): boolean {
  let from: Node | null = bare(target).type === 'Identifier' ? values.initialOf(target) : null;
  while (from && from.type !== 'Identifier')
    from =
      from.type === 'AwaitExpression'
        ? bare(from.argument)
        : from.type === 'MemberExpression'
          ? bare(from.object)
          : from.type === 'CallExpression' && bare(from.callee).type === 'MemberExpression'
            ? bare(from.callee)
            : null;
  const owner = from;
  return (
    owner !== null &&
    ENDS_ALL.some((name) =>
      index.calls.of(name).some(({ callee }) => {
        const method = bare(callee);
        return (
          method.type === 'MemberExpression' &&
          values.same(method.object, owner) === 'yes' &&
          runOf(callee) === runOf(target) &&
          isInFinallyAround(callee, target)
        );
      }),
    )
  );
}

const ENDS_ALL = ['close', 'disconnect', 'destroy', 'quit'];

function isInFinallyAround(node: Node, other: Node): boolean {
  for (let at = node; at.parent && !isFunction(at); at = at.parent)
    if (at.parent.type === 'TryStatement' && at.parent.finalizer === at) return isInside(other, at.parent.block);
  return false;
}

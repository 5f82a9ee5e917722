import type { TSESTree } from '@typescript-eslint/utils';
import type { Kind } from '../catalog/index.js';
import { waysOut, type WayOut } from '../flow/paths.js';
import { enclosingFunction, isInside, runOf, thisBody } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { type Fn, type Index, isFunction, type Node, type SourceCode } from '../syntax/walk.js';
import { type End, endsOf, isHandedOver, siblingEnd } from './ends.js';
import { type Handle, handleNode, handleOf, isHeld, mentions } from './handle.js';
import { lifeOf } from './lives.js';
import type { Facts } from './match.js';
import type { Owner, Owners } from './owner.js';
import type { Start } from './starts.js';

/** Why something stays: each is a message of the rules that report it. */
export type Why = 'handleDropped' | 'leftBehind' | 'missedEnd' | 'neverEnded' | 'notInTeardown' | 'notOnEveryPath' | 'startedAgain';

/** What the decision table of docs/ownership.md says. `unknown` is for `checkUnknown` only. */
export type Verdict =
  | { readonly kind: 'kept' }
  | {
      readonly kind: 'leak' | 'unknown';
      readonly why: Why;
      readonly handle: Handle;
      readonly ends: readonly End[];
      /** The end that misses by one name. */
      readonly nearMiss: End | null;
      /** The way out that misses the end. */
      readonly way: WayOut | null;
      /** The end of another start that shows that this one was forgotten. */
      readonly sibling: Node | null;
    };

export interface Judge extends Facts {
  readonly index: Index;
  readonly owners: Owners;
  readonly sourceCode: SourceCode;
  starts(kind: Kind): readonly Start[];
}

const KEPT: Verdict = { kind: 'kept' };

/** Kinds that a single call of a function cannot be meant to leave behind. */
const BOUND_TO_A_CALL = new Set(['controller', 'iterator', 'lock', 'resource']);

/** Decides by the table of docs/ownership.md, row by row from the top. */
export function judge(start: Start, owner: Owner, file: Judge): Verdict {
  const { resource } = start;
  if (resource.kind !== 'lock' && owner.kind === 'process') return KEPT;
  if (isEndedByOption(start, file)) return KEPT;
  const handle = handleOf(start, file.values);
  if (handle.kind === 'gone') return KEPT;
  const ends = endsOf(start, handle, file.index, file);
  const real = ends.filter(({ differs }) => differs === null);
  const nearMiss = ends.find(({ differs }) => differs !== null) ?? null;
  const found: Found = (kind, why, { way = null, sibling = null } = {}) => ({ kind, why, handle, ends: real, nearMiss, way, sibling });

  if (handle.kind !== 'none' && start.sure === 'maybe' && resource.where) return KEPT;
  if (handle.kind === 'none') return judgeByTarget(start, owner, real, nearMiss, found, file);
  if (handle.kind === 'dropped') {
    if (owner.kind === 'test') return KEPT;
    return found(isCertain(start, owner) ? 'leak' : 'unknown', 'handleDropped');
  }
  if (isHandedOver(start, handle, real, file.index, file)) return KEPT;
  if (handle.fields.length > 0) return judgeField(start, handle, owner, real, found, file);
  return judgeLocal(start, handle, owner, real, found, file);
}

type Found = (kind: 'leak' | 'unknown', why: Why, witness?: { readonly way?: WayOut; readonly sibling?: Node }) => Verdict;

/** Is it certain that the owner ends before what it started? A bare call may be one that a program makes once. */
function isCertain(start: Start, owner: Owner): boolean {
  if (BOUND_TO_A_CALL.has(start.resource.kind)) return owner.kind !== 'test';
  return owner.kind === 'effect' || (owner.kind === 'instance' && owner.teardown !== null);
}

function isEndedByOption(start: Start, { values }: Facts): boolean {
  const { endsItself, endedBy } = start.resource;
  if (endedBy !== undefined && start.names.has(endedBy)) return true;
  if (endsItself === undefined || endsItself === 'always') return false;
  const option = start.names.get(endsItself);
  if (option === undefined) return false;
  return option === null || values.of(option).root.kind !== 'literal' || (values.of(option).root as { value: unknown }).value === true;
}

function judgeByTarget(start: Start, owner: Owner, ends: readonly End[], nearMiss: End | null, found: Found, file: Judge): Verdict {
  if (owner.kind === 'test') return KEPT;
  const target = start.resource.livesIn === undefined ? null : (start.names.get(start.resource.livesIn) ?? null);
  const life = target ? lifeOf(target, owner, file.values, file.oracle) : 'longer';
  if (life === 'same') return KEPT;
  if (ends.length > 0) return sameRun(start, ends) ? judgePaths(start, { kind: 'none' }, ends, found, file) : KEPT;
  const sibling = siblingEnd(start, file.starts(start.resource.kind), file.index, file);
  if (sibling) return found(isTeardown(sibling, owner) ? 'leak' : 'unknown', 'leftBehind', { sibling });
  if (start.sure === 'maybe' && life !== 'longer') return KEPT;
  if (nearMiss && isMeantFor(nearMiss, start, file)) return found('leak', 'missedEnd');
  const hasEnd = owner.teardown !== null;
  if (start.resource.endsItself === 'always') return life === 'longer' && !isFiredHere(start, file) ? found('unknown', 'neverEnded') : KEPT;
  if (life === 'longer') return found(hasEnd && start.sure === 'yes' ? 'leak' : 'unknown', 'neverEnded');
  return hasEnd && owner.kind !== 'run' ? found('unknown', 'neverEnded') : KEPT;
}

/** Whoever removes with another flag, or with a function made on the spot, meant to remove this one. */
function isMeantFor({ node, differs }: End, start: Start, { values }: Judge): boolean {
  if (differs === 'capture') return true;
  return differs === 'listener' && start.sure === 'yes' && node.arguments.some((argument) => isMadeHere(argument, values));
}

function isMadeHere(argument: Node, values: Values): boolean {
  const { root } = values.of(argument);
  return root.kind === 'fresh' && (isFunction(root.node) || root.node.type === 'CallExpression');
}

/** Does code run when the owner ends: in its teardown, or in a function that it returns or hands on? */
function isTeardown(node: Node, owner: Owner): boolean {
  return owner.teardown?.functions.some((fn) => isInside(node, fn)) ?? false;
}

/** `app.once('ready', …); app.emit('ready')`: the event is certain to come. */
function isFiredHere(start: Start, { index, values }: Judge): boolean {
  const type = start.names.get('type');
  return (index.calls.get('emit') ?? []).some((call) => call.arguments[0] && type && runOf(call) === runOf(start.node) && values.same(call.arguments[0], type) === 'yes');
}

function sameRun(start: Start, ends: readonly End[]): boolean {
  return ends.every(({ node }) => runOf(node) === runOf(start.node));
}

function judgeLocal(start: Start, handle: Handle, owner: Owner, ends: readonly End[], found: Found, file: Judge): Verdict {
  if (ends.length === 0) {
    const declaredOutside = handle.kind === 'kept' && handle.variables.some(({ defs: [definition] }) => definition && runOf(definition.node) !== runOf(start.node));
    if (declaredOutside) return owner.kind === 'test' ? KEPT : found(owner.kind === 'effect' ? 'leak' : 'unknown', 'neverEnded');
    return found(isCertain(start, owner) ? 'leak' : 'unknown', 'neverEnded');
  }
  // An end in a callback or a cleanup took the duty over.
  return sameRun(start, ends) ? judgePaths(start, handle, ends, found, file) : KEPT;
}

function judgePaths(start: Start, handle: Handle, ends: readonly End[], found: Found, file: Judge): Verdict {
  // An end of something that may be another, or one that only stands before the start, says nothing about the way from here.
  if (ends.some(({ sure }) => sure === 'maybe') || ends.every(({ node }) => node.range[0] < start.node.range[0])) return KEPT;
  const fn = runOf(start.node) ?? file.sourceCode.ast;
  const ways = waysOut(
    fn,
    {
      starts: new Set<Node>([handleNode(start, file.values)]),
      ends: new Set<Node>(ends.map(({ node }) => node)),
      throws: start.resource.onThrow === 'leaks' ? 'call' : 'await',
      isHandle: (node) => isHeld(node, handle, file.values),
      onlyIfEnded: true,
    },
    file.values,
    file.sourceCode,
  );
  const [way] = ways;
  return way ? found('leak', 'notOnEveryPath', { way }) : KEPT;
}

function judgeField(start: Start, handle: Extract<Handle, { kind: 'kept' }>, owner: Owner, ends: readonly End[], found: Found, file: Judge): Verdict {
  const [field] = handle.fields;
  const instance = file.owners.instance(field!.body);
  if (ends.length > 0) return isStartedAgain(start, handle, ends, file) ? found('unknown', 'startedAgain') : KEPT;
  if (owner.kind === 'effect') return found('unknown', 'notInTeardown');
  if (instance.teardown || (field!.isPrivate && BOUND_TO_A_CALL.has(start.resource.kind))) return found('leak', 'notInTeardown');
  return found('unknown', 'notInTeardown');
}

/** Can the method run again while the field still holds what it started before? */
function isStartedAgain(start: Start, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const method = runOf(start.node);
  const body = thisBody(start.node);
  if (!method || !body || method !== methodAround(method)) return false;
  const { parent } = method;
  if (parent?.type !== 'MethodDefinition' || parent.kind !== 'method' || ONCE.has(keyOf(parent))) return false;
  const before = (node: Node): boolean => isInside(node, method) && node.range[0] < start.node.range[0];
  if (ends.some(({ node }) => before(node))) return false;
  // A look at the handle before is taken for a guard; a call of a method that ends it, for an end.
  if (mentions(handle, file.values, file.index).some((mention) => before(mention))) return false;
  const enders = new Set(ends.map(({ node }) => outermostFunction(node, body)));
  return ![...file.index.calls.values()].some((calls) => calls.some((call) => before(call) && enders.has(file.values.functionOf(call.callee))));
}

/** Methods that run once in the life of an instance. */
const ONCE = new Set(['constructor', 'connectedCallback', 'componentDidMount', 'ngOnInit', 'ngAfterViewInit', 'mounted', 'created', 'firstUpdated', 'onModuleInit', 'start', 'init', 'initialize', 'open', 'connect', 'listen', 'run', 'attach', 'mount', 'onload', 'activate']);

function keyOf(member: TSESTree.MethodDefinition): string {
  return member.key.type === 'Identifier' ? member.key.name : '';
}

function methodAround(fn: Fn): Fn | null {
  const { parent } = fn;
  return parent && 'value' in parent && parent.value === fn ? fn : null;
}

function outermostFunction(node: Node, body: Node): Fn | null {
  let outermost: Fn | null = null;
  for (let fn = enclosingFunction(node); fn && isInside(fn, body); fn = enclosingFunction(fn)) outermost = fn;
  return outermost;
}

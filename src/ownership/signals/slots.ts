import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../../syntax/fate.js';
import { returnedBy, within } from '../../syntax/functions.js';
import { patternPath } from '../../syntax/value.js';
import { bare, type Call, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { SignalPosition } from '../../types/signal-positions.js';
import type { WorkFacts } from './reach.js';
import type { Signal } from './signal.js';

/** Where the options with the signal, or the signal itself, stand among the arguments of a call, or belong. */
export function slotOf(
  call: Call,
  position: SignalPosition,
  { values, oracle }: Pick<WorkFacts, 'oracle' | 'values'>,
): { readonly index: number; readonly given: Node | null } {
  const last = call.arguments.at(-1);
  if (position.index < 0) {
    const isOptions =
      last &&
      (values.initialOf(last)?.type === 'ObjectExpression' ||
        oracle.signalProperty(last) !== null ||
        /^(?:opt|init|config)/i.test(last.type === 'Identifier' ? last.name : ''));
    return isOptions
      ? { index: call.arguments.length - 1, given: last }
      : { index: call.arguments.length, given: null };
  }
  // The list of arguments, or the address, before the options is optional.
  const before = call.arguments[position.index - 1];
  const isEarlier =
    before?.type === 'ObjectExpression' &&
    /^(?:node:(?:child_process|https?)|got|execa)\./.test(values.origin(call.callee) ?? '');
  const index = isEarlier ? position.index - 1 : position.index;
  const given = call.arguments[index];
  return { index, given: !given || isFunction(bare(given)) || oracle.isFunction(given) === 'yes' ? null : given };
}

const READS_STREAM = /^node:stream(?:\/promises)?\.(?:pipeline|finished)$/;

/**
 * `given`: it has the signal, or may have it; `perhaps`: options that this file does not show; else another signal in
 * its place.
 */
export function givenTo(
  call: TSESTree.CallExpression,
  position: SignalPosition,
  signal: Signal,
  facts: WorkFacts,
): Node | 'given' | 'missing' | 'perhaps' {
  const { bound, results } = facts.signals.bindingsOf(signal);
  if (within(bound, call).length > 0 || within(results, call.callee).length > 0) return 'given';
  // A stream that breaks off takes along what reads it.
  if (
    READS_STREAM.test(facts.values.origin(call.callee) ?? '') &&
    call.arguments[0] &&
    within(results, call.arguments[0]).length > 0
  )
    return 'given';
  // What a listener of the signal ends: `signal.addEventListener('abort', () => child.kill())`.
  const fate = fateOf(call, facts.values);
  if (fate.kind === 'local' && fate.variable.references.some(({ identifier }) => within(bound, identifier).length > 0))
    return 'given';
  if (call.arguments.some(({ type }) => type === 'SpreadElement')) return 'given';
  // A request carries its own signal.
  if (call.arguments[0] && facts.oracle.is(call.arguments[0], 'Request') === 'yes') return 'given';
  const { given } = slotOf(call, position, facts);
  if (!given) return 'missing';
  // `run(path, undefined, 'stop')`: who writes that down knows of the signal.
  if (position.property === null && isUndefined(given)) return 'given';
  return position.property === null ? other(given, facts) : inOptions(given, position.property, signal, facts);
}

export function inOptions(
  given: Node,
  property: string,
  signal: Signal | null,
  facts: WorkFacts,
): Node | 'given' | 'missing' | 'perhaps' {
  const node = bare(given);
  if (node.type === 'Literal' || node.type === 'TemplateLiteral' || isUndefined(node)) return 'missing';
  const options = facts.values.initialOf(node);
  if (options?.type === 'ObjectExpression') {
    if (options !== node && isSetLater(node, property, facts)) return 'given';
    const taken = options.properties.find(
      (one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === property,
    );
    if (taken) return other(taken.value, facts);
    const spreads = options.properties
      .filter((one) => one.type === 'SpreadElement')
      .map((one) => inOptions(one.argument, property, signal, facts));
    return spreads.find((one) => one !== 'missing') ?? 'missing';
  }
  const parts = options?.type === 'CallExpression' ? partsOf(options, property, facts) : null;
  if (parts)
    return parts.map((one) => inOptions(one, property, signal, facts)).find((one) => one !== 'missing') ?? 'missing';
  if (node.type === 'Identifier' && isRestWithout(node, property, facts)) return 'missing';
  if (options?.type === 'ConditionalExpression') return 'given';
  // Options of somebody else may hold a signal; when nobody looks at this one at all, it is ignored all the same.
  return signal?.mentions.length === 0 && node.type === 'Identifier' ? 'perhaps' : 'given';
}

/**
 * `withToken(init)`: what is given to a function of this file whose result is no more than that, alone or with other
 * properties; null where it may have a signal from elsewhere.
 */
function partsOf(call: TSESTree.CallExpression, property: string, { values }: WorkFacts): Node[] | null {
  const fn = values.functionOf(call.callee);
  const parts: Node[] = [];
  const takes = (value: Node): boolean => {
    const node = bare(value);
    if (node.type === 'ConditionalExpression') return takes(node.consequent) && takes(node.alternate);
    if (node.type === 'ObjectExpression')
      return node.properties.every((one) =>
        one.type === 'SpreadElement' ? takes(one.argument) : nameOf(one) !== null && nameOf(one) !== property,
      );
    const definition = node.type === 'Identifier' ? values.variable(node)?.defs[0] : null;
    const at = definition?.type === 'Parameter' ? (fn?.params.indexOf(definition.name) ?? -1) : -1;
    const given = call.arguments[at];
    if (given) parts.push(given);
    return given !== undefined;
  };
  const returned = fn && !fn.async && !fn.generator ? returnedBy(fn) : [];
  return returned.length > 0 && returned.every(takes) ? parts : null;
}

/** `const { signal, ...rest } = options` */
function isRestWithout(name: TSESTree.Identifier, property: string, { values }: WorkFacts): boolean {
  const definition = values.variable(name)?.defs[0];
  const pattern =
    definition && 'name' in definition && definition.name.parent?.type === 'RestElement'
      ? definition.name.parent.parent
      : null;
  return (
    pattern?.type === 'ObjectPattern' &&
    pattern.properties.some((one) => one.type === 'Property' && nameOf(one) === property)
  );
}

function isSetLater(name: Node, property: string, { index, values }: WorkFacts): boolean {
  return index.members.of(property).some((member) => values.same(member.object, name) === 'yes');
}

function isUndefined(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'undefined';
}

/** A signal that the function made by itself; others may be linked where this file does not show it. */
function other(value: Node, { values }: WorkFacts): Node | 'given' | 'missing' {
  const node = bare(value);
  if (isUndefined(node)) return 'missing';
  const made = values.initialOf(node);
  if (made?.type === 'CallExpression' && values.origin(made.callee) === 'AbortSignal.timeout') return value;
  const anonymous = node.type === 'MemberExpression' && nameOf(node) === 'signal' ? bare(node.object) : null;
  if (anonymous?.type === 'NewExpression' && values.origin(anonymous.callee) === 'AbortController') return value;
  const { root, path } = values.of(node);
  const definition = root.kind === 'variable' ? root.variable.defs[0] : undefined;
  const holder = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  // `own.signal`, `const { signal } = new AbortController()`
  const taken = definition?.type === 'Variable' ? patternPath(definition.node.id, definition.name) : null;
  if (taken?.concat(path).join('.') !== 'signal') return 'given';
  return holder?.type === 'NewExpression' && values.origin(holder.callee) === 'AbortController' ? value : 'given';
}

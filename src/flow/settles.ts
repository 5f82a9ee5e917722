import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { type Call, type Fn, nameOf, type Node } from '../syntax/walk.js';
import { Execution } from './execution.js';
import type { Facts, Unsettled } from './unsettled.js';

/** A promise whose settlers this file shows. */
export interface Settled {
  readonly node: Call;
  /** The executor, or the function that keeps the settlers of a promise it made. */
  readonly fn: Fn;
  /** `resolve`, then `reject`, as far as they are taken. */
  readonly settlers: readonly Variable[];
  readonly unsettled: Unsettled | null;
  /** What else leaves the promise pending once these reasons are gone. */
  besides(gone: readonly Unsettled[]): Unsettled | null;
}

/** Every promise that the file makes with an executor it shows, or with `Promise.withResolvers`. */
export function settled({ values, index, ...facts }: Facts): Settled[] {
  const all: Facts = { values, index, ...facts };
  const made = index.calls.of('Promise').flatMap((node) => {
    if (node.type !== 'NewExpression' || values.origin(node.callee) !== 'Promise' || !node.arguments[0]) return [];
    const fn = values.functionOf(node.arguments[0]);
    const settlers = fn?.params
      .slice(0, 2)
      .map((parameter) => (parameter.type === 'Identifier' ? values.variable(parameter) : null));
    // A settler taken apart, or `...settlers`, is out of sight.
    if (!fn || fn.generator || !settlers?.every((one) => one !== null)) return [];
    const besides = (gone: readonly Unsettled[]) =>
      new Execution(node, fn, settlers, fn, all, gone).unsettled() ?? outside(node, settlers, all, gone);
    return [{ node, fn, settlers, unsettled: besides([]), besides }];
  });
  const deferred = index.calls.of('withResolvers').flatMap((node) => {
    const fn = enclosingFunction(node);
    const fate = fateOf(node, values);
    if (!fn || values.origin(node.callee) !== 'Promise.withResolvers') return [];
    // A name that outlives the call is for others to settle by.
    if (fate.kind === 'local' && !fate.variable.defs.every(({ node: at }) => enclosingFunction(at) === fn)) return [];
    const settlers =
      fate.kind === 'local' ? [fate.variable] : fate.kind === 'destructured' ? taken(fate.pattern, values) : [];
    const besides = (gone: readonly Unsettled[]) => new Execution(node, fn, settlers, node, all, gone).unsettled();
    return settlers.length > 0 ? [{ node, fn, settlers, unsettled: besides([]), besides }] : [];
  });
  return [...made, ...deferred];
}

/** Settlers that an executor does no more than keep in names around it are settled there, or not. */
function outside(
  node: TSESTree.NewExpression,
  settlers: readonly Variable[],
  facts: Facts,
  gone: readonly Unsettled[],
): Unsettled | null {
  const fn = enclosingFunction(node);
  const kept = settlers.map(({ references }) => {
    const fates = references
      .filter((reference) => reference.isRead())
      .map(({ identifier }) => fateOf(identifier as Node, facts.values));
    return fates.length === 1 && fates[0]!.kind === 'local' && !fates[0].declared ? fates[0].variable : null;
  });
  const names = kept.filter((one) => one !== null);
  if (!fn || names.length === 0 || names.length < settlers.length) return null;
  // A name that outlives the call is for others to settle by.
  if (!names.every(({ defs: [definition] }) => definition && enclosingFunction(definition.node) === fn)) return null;
  return new Execution(node, fn, names, node, facts, gone).unsettled();
}

/** The settlers among what is taken out of `Promise.withResolvers()`. */
function taken(pattern: TSESTree.ObjectPattern | TSESTree.ArrayPattern, values: Values): Variable[] {
  const properties = pattern.type === 'ObjectPattern' ? pattern.properties : [];
  return ['resolve', 'reject'].flatMap((name) => {
    const property = properties.find((one) => one.type === 'Property' && nameOf(one) === name);
    return (property?.value?.type === 'Identifier' && values.variable(property.value)) || [];
  });
}

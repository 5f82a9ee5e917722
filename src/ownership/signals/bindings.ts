import type { TSESTree } from '@typescript-eslint/utils';
import { isArmOfRace } from '../../flow/arms.js';
import { isInside } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import { bare, dressed, type Fn, type Index, isClass, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { Facts } from '../starts/match.js';
import type { Signal } from './signal.js';

/** Types that are no signal and hold none, whatever a checker would say after a longer look. */
export const HOLDS_NONE: ReadonlySet<string> = new Set([
  'TSArrayType',
  'TSBigIntKeyword',
  'TSBooleanKeyword',
  'TSFunctionType',
  'TSLiteralType',
  'TSNumberKeyword',
  'TSStringKeyword',
  'TSSymbolKeyword',
  'TSTemplateLiteralType',
  'TSTupleType',
]);

/** What a signal also ends, each list in source order. */
export interface Bindings {
  /** The places that mention the signal, a combination of it, or something that was made with it. */
  readonly bound: readonly Node[];
  /** The places that mention what was awaited under the signal: a body to read ends with it, plain data does not. */
  readonly results: readonly Node[];
}

/**
 * Follows a signal into what is made from it: combinations, functions that look at it, flags and objects that its
 * listeners end.
 */
export function bindings(signal: Signal, facts: Facts & { readonly index: Index }): Bindings {
  const bound = new Set<Node>();
  const results = new Set<Node>();
  const queue: { readonly node: Node; readonly isResult: boolean }[] = signal.mentions.map((node) => ({
    node,
    isResult: false,
  }));
  const seen = new Map<Variable, boolean>();
  const add = (variable: Variable | null, isResult: boolean): void => {
    if (!variable || seen.get(variable) === false || (seen.has(variable) && isResult)) return;
    seen.set(variable, isResult);
    for (const reference of variable.references)
      if (reference.isRead()) queue.push({ node: reference.identifier, isResult });
  };
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { node, isResult } = next;
    const list = isResult ? results : bound;
    if (list.has(node)) continue;
    list.add(node);
    spread(node, isResult, signal, facts, add, queue);
  }
  const inOrder = (nodes: ReadonlySet<Node>): Node[] => [...nodes].sort((one, other) => one.range[0] - other.range[0]);
  return { bound: inOrder(bound), results: inOrder(results) };
}

/** `signal.aborted`: what is made of it is a boolean of that moment. */
function isCheck(node: Node): boolean {
  const { parent } = dressed(node);
  return parent?.type === 'MemberExpression' && (nameOf(parent) === 'aborted' || nameOf(parent) === 'throwIfAborted');
}

function spread(
  mention: Node,
  isResult: boolean,
  signal: Signal,
  facts: Facts & { readonly index: Index },
  add: (variable: Variable | null, isResult: boolean) => void,
  queue: { readonly node: Node; readonly isResult: boolean }[],
): void {
  const { values } = facts;
  let awaited = isResult;
  // A function that looks at the signal looks again each time it is called.
  let isMoment = isCheck(mention);
  for (let at = mention; at.parent && at !== signal.home; at = at.parent) {
    const { parent } = at;
    if (parent.type === 'AwaitExpression') awaited = true;
    else if (isMoment && !isFunction(parent)) continue;
    else if (parent.type === 'VariableDeclarator' && parent.init === at)
      for (const name of namesIn(parent.id)) add(values.variable(name), awaited);
    else if (parent.type === 'AssignmentExpression' && parent.right === at && parent.left.type === 'Identifier')
      add(values.variable(parent.left), awaited);
    else if (parent.type === 'CallExpression' && !isResult) {
      if (dressed(parent).parent?.type !== 'AwaitExpression') spreadOverCall(parent, at, mention, facts, add);
      if (at === dressed(mention)) spreadToArms(parent, facts, add);
    } else if (isFunction(parent) && parent !== signal.home) {
      awaited = isResult;
      isMoment = false;
      if (isResult) return;
      if (parent.type === 'FunctionDeclaration' && parent.id) add(values.variable(parent.id), false);
      if (isClass(signal.home))
        for (const use of usesOfMethod(parent, signal, facts)) queue.push({ node: use, isResult: false });
    }
  }
}

/**
 * `signal.addEventListener('abort', stop)` and `link(signal, inner)`: what the callback or the call touches ends with
 * the signal.
 */
function spreadOverCall(
  call: TSESTree.CallExpression,
  at: Node,
  mention: Node,
  facts: Facts,
  add: (variable: Variable | null, isResult: boolean) => void,
): void {
  const isReceiver = call.callee === at;
  if (!isReceiver && at !== dressed(mention)) return;
  for (const argument of call.arguments) {
    if (argument === at) continue;
    const fn = facts.values.functionOf(argument);
    if (fn) for (const name of namesUsed(fn, facts)) add(facts.values.variable(name), false);
    else if (!isReceiver && argument.type === 'Identifier' && !isPlain(argument, facts))
      add(facts.values.variable(argument), false);
  }
}

/** `withAbort(signal, (aborted) => Promise.race([work(), aborted]))`: a promise to race with ends with the signal. */
function spreadToArms(
  call: TSESTree.CallExpression,
  { values }: Facts,
  add: (variable: Variable | null, isResult: boolean) => void,
): void {
  for (const parameter of call.arguments.flatMap((one) => (isFunction(one) ? one.params : []))) {
    const variable = parameter.type === 'Identifier' ? values.variable(parameter) : null;
    if (variable?.references.some(({ identifier }) => isArmOfRace(identifier, values))) add(variable, false);
  }
}

/** Is it declared as a number, a text or a list, which no signal ends? */
function isPlain(name: TSESTree.Identifier, { values }: Facts): boolean {
  const [definition] = values.variable(name)?.defs ?? [];
  const declared = definition?.name.type === 'Identifier' ? definition.name : null;
  if (declared?.typeAnnotation) return HOLDS_NONE.has(declared.typeAnnotation.typeAnnotation.type);
  const { parent } = declared ?? {};
  return (
    values.of(name).root.kind === 'literal' ||
    (parent?.type === 'AssignmentPattern' && parent.left === declared && parent.right.type === 'Literal')
  );
}

/** Reads of the method that a function is, by the class's own code. */
function usesOfMethod(fn: Fn, signal: Signal, { values, index }: Facts & { readonly index: Index }): Node[] {
  const { parent } = fn;
  const name =
    parent && 'value' in parent && parent.value === fn && isInside(parent, signal.home) ? nameOf(parent) : null;
  if (name === null) return [];
  return index.members.of(name).filter((member) => {
    const { root, path } = values.of(member);
    return root.kind === 'this' && root.of === signal.home && path.length === 1;
  });
}

/** The names that a pattern declares. */
function namesIn(pattern: Node): TSESTree.Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'Property' ? property.value : property),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/**
 * What a callback writes, or calls a method of, and what the functions do that it calls: `stopped` in `stopped = true`,
 * `inner` in `inner.abort()`.
 */
function namesUsed(fn: Fn, { values }: Pick<Facts, 'values'>, seen = new Set<Fn>()): TSESTree.Identifier[] {
  const found: TSESTree.Identifier[] = [];
  seen.add(fn);
  const visit = (node: Node): void => {
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') found.push(node.left);
    if (node.type === 'CallExpression') {
      const callee = bare(node.callee);
      const root = callee.type === 'MemberExpression' ? bare(callee.object) : callee;
      if (root.type === 'Identifier') found.push(root);
      const called = root === callee ? values.functionOf(root) : null;
      if (called && !seen.has(called)) found.push(...namesUsed(called, { values }, seen));
      for (const argument of node.arguments) if (argument.type === 'Identifier') found.push(argument);
    }
    if (node.type === 'BlockStatement') node.body.forEach(visit);
    else if (node.type === 'ExpressionStatement') visit(bare(node.expression));
    else if (node.type === 'IfStatement') [node.consequent, node.alternate].forEach((one) => one && visit(one));
    else if (node.type === 'AssignmentExpression') visit(bare(node.right));
    else if (node.type === 'UnaryExpression' || node.type === 'AwaitExpression') visit(bare(node.argument));
  };
  visit(bare(fn.body));
  return found;
}

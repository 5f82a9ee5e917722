import { memoize } from '../../maps.js';
import { memberNamed, memberValue } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, type Fn, nameOf, type Node, type SourceCode, walk } from '../../syntax/walk.js';

interface File {
  readonly values: Values;
  readonly sourceCode: SourceCode;
}

/** Some functions, and those of this file that they call or hand on. */
export function reachedFrom(
  functions: readonly Fn[],
  file: File,
  among: (fn: Fn) => boolean = () => true,
): ReadonlySet<Fn> {
  const reached = new Set(functions);
  for (const fn of reached) for (const used of usedIn(fn, file)) if (among(used)) reached.add(used);
  return reached;
}

/** The functions of this file that a function calls or hands on; found once. */
const usedIn = memoize((fn: Fn, { values, sourceCode }: File): readonly Fn[] => {
  const nodes: Node[] = fn.body.type === 'BlockStatement' ? [] : [fn.body];
  walk(sourceCode, fn.body, (node) => void nodes.push(...usedBy(node)));
  return [...new Set(nodes.flatMap((node) => functionsIn(node, values)))];
});

/** The function that an expression is, or else those that it is made of; what is made of itself is looked at once. */
function functionsIn(node: Node, values: Values, seen = new Set<Node>()): readonly Fn[] {
  const fn = values.functionOf(node);
  if (fn) return [fn];
  return madeOf(node, values).flatMap((one) => (seen.has(one) ? [] : functionsIn(one, values, seen.add(one))));
}

/**
 * `save = debounce(() => this.write())`, and `once.run()` of `once = new Once(() => this.write())`: what a function that a
 * field keeps is made of, it calls.
 */
function madeOf(called: Node, values: Values): readonly Node[] {
  const node = bare(called);
  if (node.type !== 'MemberExpression') return [];
  if (RUNS.test(nameOf(node) ?? ''))
    return values.valuesOfField(node.object).flatMap((made) => ('arguments' in made ? made.arguments : []));
  const { root, path } = values.of(node);
  const member = root.kind === 'this' && root.of && path.length === 1 ? memberNamed(root.of, path[0]!) : null;
  const made = member && memberValue(member);
  return made?.type === 'CallExpression' ? made.arguments : [];
}

/** Methods that call what their object was made with. */
const RUNS = /^(?:call|execute|invoke|run|trigger)$/;

/** What a node calls, passes on or returns. */
function usedBy(node: Node): readonly Node[] {
  if (node.type === 'CallExpression') return isRemoval(node) ? [node.callee] : [node.callee, ...node.arguments];
  if (node.type === 'ReturnStatement') return node.argument ? [node.argument] : [];
  return node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement' ? [node.body] : [];
}

/** Does a call take off what it is given? Then it does not call it. */
export function isRemoval(call: Call | undefined): boolean {
  return call !== undefined && /^(?:remove|off|un)/.test(calleeName(call));
}

/** A call of a function of this file. */
export interface OwnCall {
  readonly node: Call;
  readonly fn: Fn;
}

/** The calls in a function, also in those inside it, whose function this file shows; found once. */
export const ownCallsIn = memoize((fn: Fn, { values, sourceCode }: File): readonly OwnCall[] => {
  const calls: OwnCall[] = [];
  walk(sourceCode, fn.body, (node) => {
    const own = node.type === 'CallExpression' || node.type === 'NewExpression' ? values.functionOf(node.callee) : null;
    if (own) calls.push({ node: node as Call, fn: own });
  });
  return calls;
});

import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOfMember, isConstructor } from './members.js';
import {
  bare,
  type Body,
  type Call,
  calleeName,
  type Class,
  dressed,
  type Fn,
  isClass,
  isFunction,
  isLoop,
  type Loop,
  nameOf,
  type Node,
} from './walk.js';

/** The nearest function around a node, not counting the node itself. */
export function enclosingFunction(node: Node): Fn | null {
  for (let at = node.parent; at; at = at.parent) if (isFunction(at)) return at;
  return null;
}

/** The nearest loop around a node, in its own function. */
export function loopAround(node: Node): Loop | null {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) if (isLoop(at)) return at;
  return null;
}

export function isInside(node: Node, outer: Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}

/** Those of a list in source order that lie inside a node; found without a look at each. */
export function within<T extends Node | { readonly node: Node }>(list: readonly T[], outer: Node): readonly T[] {
  const from = (place: number): number =>
    firstWhere<Node | { readonly node: Node }>(list, (one) => ('type' in one ? one : one.node).range[0] >= place);
  return list.slice(from(outer.range[0]), from(outer.range[1]));
}

/** The place of the first of a list that passes a test which all after it pass, too. */
export function firstWhere<T>(list: readonly T[], passes: (one: T) => boolean): number {
  let low = 0;
  for (let high = list.length; low < high;) {
    const middle = (low + high) >> 1;
    if (passes(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// The groups of methods that Vue's options take; `this` in them is the component.
const METHOD_GROUPS = new Set(['methods', 'computed', 'watch']);

/** What a node's `this` stands for, through arrows and what is bound to `this`; null where nobody can tell. */
export function thisBody(node: Node): Body | null {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (isMember(at) && at.parent.type === 'ClassBody') return at.static ? null : at.parent.parent;
    if (at.type === 'StaticBlock') return null;
    if (at.type === 'FunctionDeclaration' || at.type === 'FunctionExpression') {
      if (boundHere(at)?.arguments[0]?.type === 'ThisExpression' || hearsOwn(at)) continue;
      const body = bodyOfMember(at);
      return body?.type === 'ObjectExpression' ? componentAround(body) : (body ?? (isConstructor(at) ? at : null));
    }
  }
  return null;
}

/** The component of whose options an object is a group; the object itself where it is none. */
export function componentAround(object: TSESTree.ObjectExpression): TSESTree.ObjectExpression {
  const group = object.parent;
  const isGroup =
    group.type === 'Property' && METHOD_GROUPS.has(nameOf(group) ?? '') && group.parent.type === 'ObjectExpression';
  return isGroup ? (group.parent as TSESTree.ObjectExpression) : object;
}

function isMember(node: Node): node is TSESTree.MethodDefinition | TSESTree.PropertyDefinition {
  return node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
}

/** The class around a node, whatever functions lie between. */
export function enclosingClass(node: Node): Class | null {
  for (let at = node.parent; at; at = at.parent) if (isClass(at)) return at;
  return null;
}

/** `function () { … }.bind(this)`, in place of an arrow; null for what is written without. */
function boundHere(fn: Node): TSESTree.CallExpression | null {
  const { parent: method } = dressed(fn);
  const call =
    method?.type === 'MemberExpression' && method.object === dressed(fn) && nameOf(method) === 'bind'
      ? method.parent
      : null;
  return call?.type === 'CallExpression' && call.callee === method ? call : null;
}

/** The methods that register a listener. */
export const LISTENS = new Set([
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'addEventListener',
]);

/** The methods that take a listener off. */
export const UNLISTENS: readonly string[] = ['off', 'removeListener', 'removeEventListener'];

/** `this.on('close', function () { … })`: whoever has an event calls its listeners with itself for `this`. */
function hearsOwn(fn: Fn): boolean {
  const callee = argumentOf(fn)?.call.callee;
  return (
    callee?.type === 'MemberExpression' && callee.object.type === 'ThisExpression' && LISTENS.has(nameOf(callee) ?? '')
  );
}

/** The call that takes a function as an argument, and where. */
export function argumentOf(node: Node): { readonly call: Call; readonly index: number } | null {
  const outer = dressed((isFunction(node) && boundHere(node)) || node);
  const call = outer.parent;
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return null;
  const index = call.arguments.indexOf(outer as TSESTree.CallExpressionArgument);
  return index < 0 ? null : { call, index };
}

/** Array methods that call their callback before they return. */
export const SYNC_ITERATION = new Set([
  'forEach',
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
  'reduce',
  'reduceRight',
  'sort',
  'toSorted',
  'from',
]);

/** Functions of frameworks that call their callback before they return, and return what it does. */
const IN_PLACE =
  /^(?:flushSync|run(?:Guarded|InAction|InInjectionContext|OutsideAngular)|unstable_batchedUpdates|untrack(?:ed)?)$/;

/** `zone.runOutsideAngular(() => start())`: the call that returns what a function does. */
export function callThrough(fn: Fn): TSESTree.CallExpression | null {
  const taken = argumentOf(fn);
  return taken?.call.type === 'CallExpression' && IN_PLACE.test(calleeName(taken.call)) ? taken.call : null;
}

/** Does the function run where it is written: called at once, or by an array method? */
export function runsInPlace(fn: Fn): boolean {
  const outer = dressed(fn);
  if (outer.parent?.type === 'CallExpression' && outer.parent.callee === outer) return true;
  if (callThrough(fn)) return true;
  const taken = argumentOf(fn);
  if (taken?.call.type !== 'CallExpression') return false;
  const callee = bare(taken.call.callee);
  return callee.type === 'MemberExpression' && SYNC_ITERATION.has(nameOf(callee) ?? '');
}

/** Is a function what `new Promise` calls? */
export function isExecutor(fn: Fn | null): boolean {
  const call = fn && argumentOf(fn)?.call;
  return call?.type === 'NewExpression' && calleeName(call) === 'Promise';
}

/** Is a function the constructor that a class writes? */
export function isMaker(fn: Fn | null): boolean {
  return fn?.parent?.type === 'MethodDefinition' && fn.parent.kind === 'constructor';
}

/** The nearest function whose run a node belongs to: callbacks that run in place belong to the code around them. */
export function runOf(node: Node): Fn | null {
  let fn = enclosingFunction(node);
  while (fn && runsInPlace(fn)) fn = enclosingFunction(fn);
  return fn;
}

/** The values that a function returns, on any of its ways. */
export function returnedBy(fn: Fn): Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body];
  const found: Node[] = [];
  const visit = (node: Node | null | undefined): void => {
    if (!node || isFunction(node)) return;
    if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument);
    else if (node.type === 'BlockStatement') node.body.forEach(visit);
    else if (node.type === 'IfStatement') [node.consequent, node.alternate].forEach(visit);
    else if (node.type === 'TryStatement') [node.block, node.handler?.body, node.finalizer].forEach(visit);
    else if (node.type === 'SwitchStatement') node.cases.forEach((one) => one.consequent.forEach(visit));
  };
  visit(fn.body);
  return found;
}

/** The name of a function as people would say it; null for callbacks. */
export function functionName(fn: Fn): string | null {
  if (fn.id) return fn.id.name;
  const { parent } = dressed(fn);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent && (isMember(parent) || parent.type === 'Property')) return nameOf(parent);
  if (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') return nameOf(parent.left);
  return null;
}

/** `get ready() { … }` */
export function isGetter({ parent }: Fn): boolean {
  return parent?.type === 'MethodDefinition' && parent.kind === 'get';
}

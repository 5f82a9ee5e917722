import type { TSESTree } from '@typescript-eslint/utils';
import { endWords } from '../../catalog/index.js';
import { FACTORY_ENDS } from '../../catalog/owners.js';
import { functionName, isInside, returnedBy } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, type Fn, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { Owner } from './owner.js';

/**
 * The life of what a function makes, where it returns an object with a method that ends it, or the cleanup alone: each
 * call makes an instance.
 */
export function factoryOf(fn: Fn, values: Values): Owner | null {
  const name = functionName(fn);
  // What a hook returns is for the component that calls it, and ends with that.
  if (fn.generator || (name !== null && /^use[A-Z]/.test(name))) return null;
  const returned = returnedBy(fn);
  const ends = returned.flatMap((value) => {
    const object = values.initialOf(value);
    return object?.type === 'ObjectExpression' ? endsIn(object, values) : [];
  });
  const cleanups = ends.length > 0 ? [] : returned.flatMap((value) => cleanupIn(value, fn, values) ?? []);
  const [first] = ends;
  const method = first?.name ?? null;
  const functions = first ? ends.map((end) => end.fn) : cleanups;
  if (functions.length === 0) return null;
  const teardown = { name: method === null ? 'the function that is returned' : `\`${method}()\``, functions, method };
  return { kind: 'instance', node: fn, name: name === null ? 'this object' : `\`${name}()\``, teardown };
}

function endsIn(
  { properties }: TSESTree.ObjectExpression,
  values: Values,
): { readonly name: string; readonly fn: Fn }[] {
  return FACTORY_ENDS.flatMap((name) => {
    const property = properties.find((one) => one.type === 'Property' && nameOf(one) === name);
    const fn = property?.type === 'Property' ? values.functionOf(property.value) : null;
    return fn && fn.params.length === 0 ? [{ name, fn }] : [];
  });
}

/** The function that is returned, where all it does is to end what the function around it started. */
function cleanupIn(value: Node, made: Fn, values: Values): Fn | null {
  const fn = values.functionOf(value);
  if (!fn || fn.params.length > 0 || fn.generator || !isInside(fn, made)) return null;
  const calls = fn.body.type === 'BlockStatement' ? fn.body.body.flatMap(callsIn) : callsIn(fn.body);
  return calls.some((call) => call && ends(call, made, values)) && calls.every((call) => call !== null) ? fn : null;
}

/** The calls that a statement is made of; null for one that does something else. */
function callsIn(node: Node): (Call | null)[] {
  const one = bare(node);
  switch (one.type) {
    case 'ExpressionStatement':
      return callsIn(one.expression);
    case 'BlockStatement':
      return one.body.flatMap(callsIn);
    case 'IfStatement':
      return [...callsIn(one.consequent), ...(one.alternate ? callsIn(one.alternate) : [])];
    case 'LogicalExpression':
      return callsIn(one.right);
    case 'ForOfStatement':
      return callsIn(one.body);
    case 'CallExpression':
      return [one];
    case 'UnaryExpression':
    case 'AwaitExpression':
      return callsIn(one.argument);
    case 'AssignmentExpression':
      return [];
    case 'ReturnStatement':
      return one.argument ? callsIn(one.argument) : [];
    default:
      return [null];
  }
}

/** `clearTimeout(timer)`, `target.off(type, listener)`, `cleanups.forEach((cleanup) => cleanup())`, of what was made. */
function ends(call: Call, made: Fn, values: Values): boolean {
  const callee = bare(call.callee);
  const given = [...(callee.type === 'MemberExpression' ? [callee.object] : [callee]), ...call.arguments];
  const isOwn = given.some((one) => {
    const { root } = values.of(one);
    return root.kind === 'variable' && isMadeIn(root.variable.defs[0]?.node, made);
  });
  const name = calleeName(call);
  return REMOVES.test(name) || (isOwn && (endWords().has(name) || callsEach(call)));
}

/** What takes off what was added before, whoever made the two. */
const REMOVES = /^(?:off|remove(?:Event)?Listener)$/;

/** Is it declared in the function, and no parameter of it? */
function isMadeIn(definition: Node | undefined, made: Fn): boolean {
  return definition !== undefined && definition !== made && isInside(definition, made);
}

function callsEach({ callee, arguments: [each] }: Call): boolean {
  const fn = each && bare(each);
  if (nameOf(bare(callee)) !== 'forEach' || !isFunction(fn)) return false;
  const [item] = fn.params;
  const [only] = fn.body.type === 'BlockStatement' ? fn.body.body.flatMap(callsIn) : callsIn(fn.body);
  return item?.type === 'Identifier' && only?.callee.type === 'Identifier' && only.callee.name === item.name;
}

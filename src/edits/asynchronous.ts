import type { TSESTree } from '@typescript-eslint/utils';
import { chainOf, LINKS } from '../flow/chains.js';
import { fateOf } from '../syntax/fate.js';
import { isExported } from '../syntax/exported.js';
import { argumentOf, enclosingFunction, returnedBy } from '../syntax/functions.js';
import { isPrivateMember } from '../syntax/members.js';
import type { Values } from '../syntax/values.js';
import {
  bare,
  calleeName,
  decoratorsOf,
  type Fn,
  interfacesOf,
  nameOf,
  type Node,
  type SourceCode,
} from '../syntax/walk.js';
import { type Edit, insertBefore, replace, type View } from './edit.js';

// Code of a class or a namespace that no function holds.
const NO_AWAIT = new Set<string>(['AccessorProperty', 'PropertyDefinition', 'StaticBlock', 'TSModuleBlock']);

/**
 * What lets `await` compile where a node stands: nothing, or an `async` with all that follows from it. Null where it
 * cannot.
 */
export function awaitableAt(node: Node, view: View): Edit | null {
  const fn = enclosingFunction(node);
  for (let at = node.parent; at && at !== fn; at = at.parent) if (NO_AWAIT.has(at.type)) return null;
  if (!fn) return awaitsAtTopLevel(node, view) ? [] : null;
  if (fn.async) return [];
  return staysCorrect(fn, view) ? makeAsync(fn, view.sourceCode) : null;
}

function awaitsAtTopLevel(node: Node, { oracle, filename }: View): boolean {
  const answer = oracle.awaitsAtTopLevel(node);
  return answer === 'yes' || (answer === 'maybe' && /\.(?:m?jsx?|astro)$/.test(filename));
}

/** Are all callers of a function in sight, and content with a promise? */
function staysCorrect(fn: Fn, view: View): boolean {
  if (fn.generator || !isRewritable(fn, view.sourceCode)) return false;
  // `return this.ready;`: what it waits for may need what comes after, and its callers would get another promise.
  if (fn.returnType && isPromiseType(fn.returnType.typeAnnotation))
    return returnedBy(fn).every((one) => bare(one).type !== 'MemberExpression');
  if (argumentOf(fn)) return isAwaitedCallback(fn, view);
  const mentions = mentionsOf(fn, view);
  return mentions !== null && mentions.length > 0 && mentions.every((mention) => isAwaitedCall(mention, view));
}

/** Has a function a type that can be written anew: none, or one that is its own? */
function isRewritable(fn: Fn, sourceCode: SourceCode): boolean {
  const { parent } = fn;
  if (
    fn.returnType?.typeAnnotation.type === 'TSTypePredicate' ||
    fn.returnType?.typeAnnotation.type === 'TSNeverKeyword'
  )
    return false;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'Property') {
    if (parent.kind !== 'method' && parent.kind !== 'init') return false;
  }
  if (parent?.type === 'VariableDeclarator' && parent.id.typeAnnotation) return false;
  if (parent?.type === 'PropertyDefinition' && parent.typeAnnotation) return false;
  const holder =
    parent?.type === 'VariableDeclarator'
      ? parent.parent
      : parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition'
        ? parent
        : fn;
  return !sourceCode.getCommentsBefore(holder).some(({ value }) => /@(?:returns?|type)\b/.test(value));
}

/** Functions that wait for the promise of their callback. */
const TEST_CALLS = new Set([
  'it',
  'test',
  'specify',
  'before',
  'beforeEach',
  'beforeAll',
  'after',
  'afterEach',
  'afterAll',
  'setup',
  'teardown',
]);

function isAwaitedCallback(fn: Fn, { values, oracle }: View): boolean {
  const { call, index } = argumentOf(fn)!;
  if (call.type !== 'CallExpression') return false;
  const callee = bare(call.callee);
  if (isLinkCallback(fn))
    return callee.type === 'MemberExpression' && oracle.isPromise(callee.object) === 'yes' && isSeenTo(call, values);
  const root = callee.type === 'MemberExpression' ? bare(callee.object) : callee;
  // A test that takes a `done` may not return a promise, too.
  const isTest =
    root.type === 'Identifier' &&
    TEST_CALLS.has(root.name) &&
    (values.variable(root)?.defs[0]?.type ?? 'ImportBinding') === 'ImportBinding';
  return isTest && index < 2 && fn.params.every(({ type }) => type !== 'Identifier');
}

/** Does somebody wait for what a link makes, or catch it? What its callback waits for would float there. */
export function isSeenTo(link: TSESTree.CallExpression, values: Values): boolean {
  const { links, top } = chainOf(link);
  const isCaught = links
    .slice(links.indexOf(link) + 1)
    .some((one) => calleeName(one) === 'catch' || (calleeName(one) === 'then' && one.arguments.length > 1));
  return isCaught || fateOf(top, values).kind !== 'dropped';
}

/** Is a function the callback of `then`, `catch` or `finally`? */
export function isLinkCallback(fn: Fn): boolean {
  const taken = argumentOf(fn);
  const callee = taken && bare(taken.call.callee);
  return callee?.type === 'MemberExpression' && LINKS.has(nameOf(callee) ?? '');
}

/** The places that mention a function by name; null where others than this file can. */
function mentionsOf(fn: Fn, { values, index, filename }: View): Node[] | null {
  const { parent } = fn;
  if (parent?.type === 'MethodDefinition' || (parent?.type === 'PropertyDefinition' && bare(parent.value!) === fn)) {
    const name = nameOf(parent);
    const of = parent.parent.parent;
    const isOwn =
      isPrivateMember(parent) ||
      (!of.superClass && interfacesOf(of).length === 0 && !isExported(of, values) && of.id !== null);
    return name !== null && isOwn && decoratorsOf(parent).length === 0 ? [...index.members.of(name)] : null;
  }
  const variable = values.variableOf(fn);
  if (!variable || isExported(fn, values) || variable.defs.length !== 1 || variable.scope.type === 'global')
    return null;
  // Templates of other languages call what their script declares.
  if (variable.scope.type === 'module' && !/\.[cm]?[jt]sx?$/.test(filename)) return null;
  return variable.references.filter((reference) => !reference.init).map(({ identifier }) => identifier as Node);
}

function isAwaitedCall(mention: Node, { values }: View): boolean {
  const fate = fateOf(mention, values);
  if (fate.kind !== 'called') return false;
  const given = fateOf(fate.call, values);
  return given.kind === 'awaited' || (given.kind === 'returned' && enclosingFunction(fate.call)?.async === true);
}

function isPromiseType(type: TSESTree.TypeNode): boolean {
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'Promise';
}

function makeAsync(fn: Fn, sourceCode: SourceCode): Edit {
  const { parent } = fn;
  const isMethod = parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && parent.method);
  const type = fn.returnType?.typeAnnotation;
  const start = isMethod
    ? parent.computed
      ? sourceCode.getTokenBefore(parent.key)!.range[0]
      : parent.key.range[0]
    : fn.range[0];
  return [
    isMethod ? { start, end: start, text: 'async ' } : insertBefore(fn, 'async '),
    ...(type && !isPromiseType(type) ? [replace(type, `Promise<${sourceCode.getText(type)}>`)] : []),
  ];
}

import type { TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { argumentOf, isExecutor } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import { moduleName } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, decoratorsOf, type Fn, isFunction, nameOf, type Node } from '../syntax/walk.js';

/** Promises that never reject: a sleep without a signal, `allSettled`. */
const SETTLES_WELL = new Set([
  'node:timers/promises.setTimeout',
  'node:timers/promises.setImmediate',
  'node:timers/promises.scheduler.wait',
  'node:timers/promises.scheduler.yield',
  'Promise.allSettled',
  'Promise.resolve',
  'customElements.whenDefined',
]);

/** What asks the user something: no answer is an answer. */
const ASKS = /^vscode\.window\.show(?:Error|Information|Warning)Message$/;

/** Methods of the language's own collections and values, which do not throw in ordinary use. */
const CALM_METHODS = new Set(
  (
    'has get set add delete clear push pop shift unshift slice splice concat join includes indexOf keys values entries at fill reverse ' +
    'toString trim split startsWith endsWith toLowerCase toUpperCase padStart padEnd charAt charCodeAt toFixed now getTime ' +
    'log warn error info debug trace encode decode resolve cancel abort releaseLock unref ref emit bind ' +
    'on once off addListener removeListener removeAllListeners addEventListener removeEventListener'
  ).split(' '),
);
/** Functions of other files that say what happens. */
const LOGS = new Set(['debug', 'trace', 'warn']);
/** `Logger.errorNotify(text)`, `log(text)`, `logger('store')` */
const LOGGER = /^_?log(?:ger)?$/i;
const CALM_ORIGINS =
  /^(?:console|Math|Date|Number|String|Boolean|Array|Symbol|performance|clearInterval|clearTimeout|clearImmediate|setTimeout|setInterval|setImmediate|queueMicrotask|isNaN)(?:\.|$)/;
const CALM_CLASSES = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Error',
  'TypeError',
  'RangeError',
  'Date',
  'AbortController',
  'Array',
  'Object',
  'Promise',
  'TextDecoder',
  'TextEncoder',
  'URLSearchParams',
  'Uint8Array',
  'Float32Array',
  'Float64Array',
]);

/** Can awaiting the expression throw? */
export function mayReject(awaited: Node, values: Values): boolean {
  const node = bare(awaited);
  if (node.type === 'Literal' || isFunction(node)) return false;
  if (node.type === 'NewExpression') {
    const executor = soleExecutor(node, values);
    return executor === null || (!executor.async && mayThrow(executor.body, values));
  }
  // An element that fails to update says so itself, and not to those that wait for it.
  if (node.type === 'MemberExpression' && (nameOf(node) === 'updateComplete' || isQueried(node, values))) return false;
  if (node.type === 'ImportExpression') return !isOfNode(node);
  if (node.type !== 'CallExpression') return true;
  if (isSettler(node.callee, values)) return false;
  const origin = values.origin(node.callee);
  if (origin !== null && SETTLES_WELL.has(origin)) return node.arguments.length > 2;
  if (origin === 'node:events.once') return node.arguments.length > 2 || emitsErrors(node.arguments, values);
  if (origin !== null && ASKS.test(origin)) return false;
  if (origin === 'Promise.all' && node.arguments[0]) return itemMayReject(node.arguments[0], values);
  const fn = values.functionOf(node.callee);
  if (fn?.async && !fn.generator) return mayThrow(fn.body, values);
  const callee = bare(node.callee);
  if (callee.type !== 'MemberExpression') return true;
  const method = nameOf(callee);
  const handler = method === 'catch' ? node.arguments[0] : method === 'then' ? node.arguments[1] : undefined;
  if (method === 'then' || method === 'finally') {
    const settled = method === 'then' && handler ? false : mayReject(callee.object, values);
    return settled || node.arguments.some((argument) => !cannotThrow(argument, values));
  }
  return method !== 'catch' || !handler || throwsOn(handler, values);
}

/** `once(spawn(command), 'exit')`: an `error` may come in place of the event. A server rarely has one. */
function emitsErrors([source, type]: readonly Node[], values: Values): boolean {
  const made = source && values.initialOf(source);
  return (
    (made?.type === 'CallExpression' || made?.type === 'NewExpression') &&
    /^node:(?!events|\w+\.create\w*Server)/.test(values.origin(made.callee) ?? '') &&
    values.text(type) !== 'error'
  );
}

/** `@queryAsync('#list') list`: Lit finds a part of an element once that is updated. */
function isQueried(node: TSESTree.MemberExpression, values: Values): boolean {
  const { root, path } = values.of(node);
  const member = root.kind === 'this' && root.of && path.length === 1 ? memberNamed(root.of, path[0]!) : null;
  return (
    member?.type === 'PropertyDefinition' &&
    decoratorsOf(member).some(
      ({ expression }) => expression.type === 'CallExpression' && calleeName(expression) === 'queryAsync',
    )
  );
}

/** `import('node:crypto')`: what is part of Node is always there. */
function isOfNode({ source }: TSESTree.ImportExpression): boolean {
  return source.type === 'Literal' && moduleName(String(source.value)).startsWith('node:');
}

/** May one of the promises in an array reject, that are named there or made of items? */
function itemMayReject(array: Node, values: Values): boolean {
  const node = bare(array);
  if (node.type === 'LogicalExpression') return itemMayReject(node.left, values) || itemMayReject(node.right, values);
  if (node.type === 'ArrayExpression') return node.elements.some((item) => item !== null && mayReject(item, values));
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  const fn =
    node.type === 'CallExpression' &&
    callee?.type === 'MemberExpression' &&
    nameOf(callee) === 'map' &&
    node.arguments[0]
      ? values.functionOf(node.arguments[0])
      : null;
  return !fn?.async || fn.generator || mayThrow(fn.body, values);
}

/**
 * Does what is to handle a failure fail by what it is written to do: a `throw`, an `await`, a promise that it returns?
 */
function throwsOn(handler: Node, values: Values): boolean {
  const fn = values.functionOf(handler);
  if (!fn) return !CALM_ORIGINS.test(values.origin(handler) ?? '');
  if (fn.async || fn.generator || fn.body.type !== 'BlockStatement') return mayThrow(fn.body, values);
  const stack: Node[] = [fn.body];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (
      node.type === 'ThrowStatement' ||
      (node.type === 'ReturnStatement' && node.argument && mayThrow(node.argument, values))
    )
      return true;
    if (!isFunction(node)) stack.push(...children(node));
  }
  return false;
}

/** The executor of a `new Promise()` that takes no `reject`, or never names it; an async one keeps what fails to itself. */
function soleExecutor({ callee, arguments: [executor] }: TSESTree.NewExpression, values: Values): Fn | null {
  const fn = executor && values.origin(callee) === 'Promise' ? values.functionOf(executor) : null;
  if (!fn || fn.params[0]?.type === 'RestElement') return null;
  const [, reject] = fn.params;
  return !reject || (reject.type === 'Identifier' && values.variable(reject)?.references.length === 0) ? fn : null;
}

/** Is it a `new Promise()` that nothing but a mistake in its executor rejects? */
export function onlyResolves(promise: Node, values: Values): boolean {
  const executor = promise.type === 'NewExpression' ? soleExecutor(promise, values) : null;
  return executor !== null && (executor.async || !throwsOnPurpose(executor.body));
}

/** Does what it is given decide whether a call throws? */
export function isParser({ callee }: TSESTree.CallExpression, values: Values): boolean {
  return values.origin(callee) === 'JSON.parse';
}

/** Is it a call that throws at once by what it is written to do: of a function of this file, or of a parser? */
export function isRefusal(call: TSESTree.CallExpression, values: Values): boolean {
  if (isParser(call, values)) return true;
  const fn = values.functionOf(call.callee);
  return fn !== null && !fn.async && !fn.generator && throwsOnPurpose(fn.body);
}

function throwsOnPurpose(node: Node): boolean {
  if (node.type === 'TryStatement' && node.handler)
    return [node.handler, node.finalizer].some((part) => part !== null && throwsOnPurpose(part));
  return node.type === 'ThrowStatement' || (!isFunction(node) && children(node).some(throwsOnPurpose));
}

/** Is it what an executor settles its promise with, or a deferred's, that was taken out of it? To call that does not throw. */
export function isSettler(callee: Node, values: Values): boolean {
  const node = bare(callee);
  const [definition] = (node.type === 'Identifier' && values.variable(node)?.defs) || [];
  if (definition?.type === 'Variable')
    return definition.node.id.type === 'ObjectPattern' && /^(?:resolve|reject)$/.test(definition.name.name);
  if (definition?.type !== 'Parameter' || !isFunction(definition.node)) return false;
  return isExecutor(definition.node);
}

/** Does a function do nothing that throws? A name that this file does not declare may. */
export function cannotThrow(expression: Node, values: Values): boolean {
  const fn = values.functionOf(expression);
  return fn === null ? isSettler(expression, values) : !mayThrow(fn.body, values);
}

/** Can running the code throw? What a `catch` that does not throw itself keeps in does not count. */
export const mayThrow = memoize(throwsHere, true);

function throwsHere(node: Node, values: Values): boolean {
  switch (node.type) {
    case 'ThrowStatement':
    case 'YieldExpression':
    case 'TaggedTemplateExpression':
      return true;
    case 'ImportExpression':
      return !isOfNode(node);
    case 'AwaitExpression':
      // A call that does not reject does not throw either, but its arguments may.
      return mayReject(node.argument, values) || children(bare(node.argument)).some((child) => mayThrow(child, values));
    case 'ForOfStatement':
      if (node.await) return true;
      break;
    case 'NewExpression':
      if (!isCalmClass(node.callee)) return true;
      break;
    case 'CallExpression':
      if (!isCalm(node.callee, values) && !isLeftAlone(node, values)) return true;
      break;
    case 'TryStatement':
      if (node.handler)
        return mayThrow(node.handler.body, values) || (node.finalizer !== null && mayThrow(node.finalizer, values));
      break;
    default:
      if (isFunction(node)) return false;
  }
  return children(node).some((child) => mayThrow(child, values));
}

/**
 * What an async function that nobody waits for does wrong, its own promise tells, and so does one that something
 * follows.
 */
function isLeftAlone(call: TSESTree.CallExpression, values: Values): boolean {
  if (call.parent.type !== 'ExpressionStatement') return false;
  if (/^(?:then|catch|finally)$/.test(calleeName(call)) && call.arguments.length > 0) return true;
  const fn = values.functionOf(call.callee);
  return fn !== null && fn.async && !fn.generator;
}

/** Can an instance be made without throwing in ordinary use? */
export function isCalmClass(callee: Node): boolean {
  return callee.type === 'Identifier' && CALM_CLASSES.has(callee.name);
}

/** Is a call one that does not throw in ordinary use? */
export function isCalm(callee: Node, values: Values): boolean {
  const origin = values.origin(callee);
  if (origin !== null && CALM_ORIGINS.test(origin)) return true;
  const node = bare(callee);
  const fn = values.functionOf(node);
  if (node.type === 'MemberExpression')
    return (
      CALM_METHODS.has(nameOf(node) ?? '') ||
      LOGGER.test(nameOf(node.object) ?? (node.object.type === 'Identifier' ? node.object.name : '')) ||
      (fn !== null && !fn.async && !mayThrow(fn.body, values))
    );
  if (
    fn === null &&
    node.type === 'Identifier' &&
    (LOGS.has(node.name) || LOGGER.test(node.name) || isStateSetter(node, values))
  )
    return true;
  return fn === null ? isSettler(node, values) : !fn.async && argumentOf(fn) === null && !mayThrow(fn.body, values);
}

/** `setSaving` of `const [isSaving, setSaving] = useState(false)` */
function isStateSetter(callee: TSESTree.Identifier, values: Values): boolean {
  const definition = /^set[A-Z]/.test(callee.name) ? values.variable(callee)?.defs[0] : undefined;
  return (
    definition?.type === 'Variable' &&
    definition.node.id.type === 'ArrayPattern' &&
    definition.node.id.elements[1] === definition.name
  );
}

/** What is directly below a node, but for types. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (
      key === 'parent' ||
      key === 'typeAnnotation' ||
      key === 'returnType' ||
      key === 'typeArguments' ||
      !value ||
      typeof value !== 'object'
    )
      continue;
    for (const child of [value].flat() as (Partial<Node> | null)[])
      if (typeof child?.type === 'string') found.push(child as Node);
  }
  return found;
}

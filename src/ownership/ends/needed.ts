import type { TSESTree } from '@typescript-eslint/utils';
import { functionName } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { End } from './ends.js';
import { lastNameOf } from './siblings.js';

/**
 * Is an expression something without which nothing was started: a value that the start was given, or the method of it
 * that ends it?
 */
export function isNeeded(test: Node, { names }: Start, ends: readonly End[], values: Values): boolean {
  const isTypeOf =
    test.type === 'BinaryExpression' &&
    test.left.type === 'UnaryExpression' &&
    test.left.operator === 'typeof' &&
    test.operator.startsWith('=');
  const node = bare(isTypeOf ? (test.left as TSESTree.UnaryExpression).argument : test);
  if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return false;
  const isEnd = node.type === 'MemberExpression' && ends.some((end) => calleeName(end.node) === nameOf(node));
  const value = isEnd ? node.object : node;
  return (
    (isEnd || !isTypeOf) &&
    [...names.values()].some((given) => given && isName(given) && values.same(given, value) === 'yes')
  );
}

function isName(node: Node): boolean {
  const { type } = bare(node);
  return type === 'Identifier' || type === 'MemberExpression';
}

/** Many functions are called `on` or `once`: is this one given a listener where listeners stand? */
export function isRegistration({ node, names, signature }: Start, values: Values): boolean {
  const at = signature.arguments.findIndex((argument) => argument.kind === 'name' && argument.name === 'listener');
  if (at < 0) return true;
  const listener = names.get('listener');
  if (listener === undefined) return false;
  // `on(emitter, 'close', listener)`
  const isLater = node.arguments
    .slice(at + 1)
    .some((argument) => isFunction(bare(argument)) || values.functionOf(argument) !== null || isBound(argument));
  return listener === null || (values.of(listener).root.kind !== 'literal' && (!isLater || isFunction(bare(listener))));
}

/** `this.onClose.bind(this)` */
function isBound(argument: Node): boolean {
  const node = bare(argument);
  return node.type === 'CallExpression' && calleeName(node) === 'bind';
}

/** `events.on('open', show, this, this.disposables)`: is it put among what its owner ends? */
export function isCollected({ node, names }: Start): boolean {
  const at = node.arguments.findIndex((argument) => argument === names.get('listener'));
  return at >= 0 && node.arguments.slice(at + 1).some((argument) => COLLECTED.test(lastNameOf(argument) ?? ''));
}

const COLLECTED = /^[_#]*(?:disposables|subscriptions|toDispose)$/;

/** Is the listener one that a function of the same name was given? Then whoever calls that one has to remove it. */
export function isForwarded({ node, names }: Start, values: Values): boolean {
  const listener = names.get('listener');
  const { root, path } = listener ? values.of(listener) : { root: null, path: [] };
  const definition = root?.kind === 'variable' && path.length === 0 ? root.variable.defs[0] : undefined;
  return (
    definition?.type === 'Parameter' &&
    isFunction(definition.node) &&
    functionName(definition.node) === calleeName(node)
  );
}

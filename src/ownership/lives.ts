import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, isInside, runOf } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, isFunction, memberNamed, type Node } from '../syntax/walk.js';
import type { Oracle } from '../types/answer.js';
import type { Owner } from './owner.js';

/** How long a value lives, compared with an owner. */
export type Life = 'longer' | 'same' | 'unknown';

/** Global values that end with the call that made them. */
const SHORT_GLOBALS = new Set(['undefined', 'arguments', 'Symbol', 'Object', 'Array']);

/** Does a value outlive the owner? Globals, imports and what a module declares do; what the owner makes does not. */
export function lifeOf(node: Node, owner: Owner, values: Values, oracle: Oracle): Life {
  const { root, path } = values.of(node);
  switch (root.kind) {
    case 'global':
      return SHORT_GLOBALS.has(root.name) ? 'unknown' : 'longer';
    case 'import':
      return 'longer';
    case 'fresh':
      return 'same';
    case 'this':
      if (!root.of || owner.node !== root.of) return 'unknown';
      return path.length === 0 || (path.length === 1 && isOwnField(root.of, path[0]!, values)) ? 'same' : 'unknown';
    case 'variable': {
      const definition = root.variable.defs[0];
      if (!definition) return 'unknown';
      if (definition.type === 'Parameter') return oracle.is(node, 'AbortSignal') === 'yes' ? 'longer' : 'unknown';
      if (definition.type !== 'Variable') return 'unknown';
      const declaredIn = enclosingFunction(definition.node);
      const init = definition.node.init && bare(definition.node.init);
      if (!declaredIn) return owner.kind === 'process' ? 'same' : path.length === 0 && init && isMade(init, values) ? 'longer' : 'unknown';
      const inOwner = isFunction(owner.node) ? isInside(definition.node, owner.node) : runOf(definition.node) === runOf(node);
      return inOwner && init && isMade(init, values) ? 'same' : 'unknown';
    }
    default:
      return isMade(bare(node), values) ? 'same' : 'unknown';
  }
}

/** Is a value made where it stands: `new`, a factory of the platform, or a literal? */
function isMade(init: Node, values: Values): boolean {
  if (init.type === 'NewExpression' || init.type === 'ObjectExpression') return true;
  if (init.type === 'AwaitExpression') return isMade(bare(init.argument), values);
  if (init.type !== 'CallExpression') return false;
  const origin = values.origin(init.callee);
  return /(?:^|\.)(?:create|open|spawn|fork|exec|connect|request|get|fetch|watch)\w*$/.test(origin ?? '') || /^(?:create|make|build)[A-Z]/.test(calleeText(init));
}

function calleeText(call: TSESTree.CallExpression): string {
  const callee = bare(call.callee);
  return callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : '';
}

/** Does the owner make what the field holds, so that both end together? */
function isOwnField(body: Parameters<typeof memberNamed>[0], name: string, values: Values): boolean {
  const member = memberNamed(body, name);
  return Boolean(member && 'value' in member && member.value && isMade(bare(member.value), values));
}

import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, enclosingFunction } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, type Call, nameOf, type Node } from '../../syntax/walk.js';
import { type Handle, isHeld } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';

/**
 * Does a promise reject only with the `error` event of what was started, as `once(server, 'listening')` does, or is it
 * what reads that step by step? What failed like that has not begun, or has ended by itself.
 */
export function isOwnFailure(promise: Node, { resource }: Start, handle: Handle, values: Values): boolean {
  const node = bare(promise);
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  if (callee?.type === 'MemberExpression' && nameOf(callee) === resource.drainedBy)
    return isHeld(callee.object, handle, values);
  if (node.type === 'CallExpression')
    return (
      values.origin(node.callee) === 'node:events.once' &&
      node.arguments.length === 2 &&
      isHeld(node.arguments[0]!, handle, values)
    );
  const executor = node.type === 'NewExpression' && node.arguments[0] ? values.functionOf(node.arguments[0]) : null;
  const reject = executor?.params[1];
  const uses = (reject?.type === 'Identifier' && !executor!.async && values.variable(reject)?.references) || [];
  return uses.length > 0 && uses.every(({ identifier }) => isOnError(identifier as Node, executor!, handle, values));
}

/** `server.once('error', reject)`, `server.on('error', (error) => reject(error)).listen(port)` */
function isOnError(reject: Node, executor: Node, handle: Handle, values: Values): boolean {
  let at: Node | null = reject;
  while (at && at !== executor) {
    const call: Call | undefined = argumentOf(at)?.call;
    if (call && /^(?:on|once|addListener)$/.test(calleeName(call)) && values.text(call.arguments[0]) === 'error')
      return isHeld(firstOf(call), handle, values);
    at = enclosingFunction(at);
  }
  return false;
}

/** What the calls of a chain begin with. */
function firstOf(call: TSESTree.Node): Node {
  let at: Node = call;
  while (at.type === 'CallExpression' && bare(at.callee).type === 'MemberExpression')
    at = bare((bare(at.callee) as TSESTree.MemberExpression).object);
  return at;
}

import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, type Node } from '../syntax/walk.js';
import { children } from './throws.js';

/** `try { … } catch { … }` */
export function catches(node: Node): node is TSESTree.TryStatement & { readonly handler: TSESTree.CatchClause } {
  return node.type === 'TryStatement' && node.handler !== null;
}

/** Does a node of a function's body pass a test? */
export function some(
  root: Node,
  test: (node: Node) => boolean,
  isCaught?: (node: Node) => boolean,
  isSkipped?: (node: Node) => boolean,
): boolean {
  return find(root, test, isCaught, isSkipped) !== null;
}

/** The first node of a function's body that passes a test; what a `try` keeps in is not looked at. */
export function find(
  root: Node,
  test: (node: Node) => boolean,
  isCaught?: (node: Node) => boolean,
  isSkipped?: (node: Node) => boolean,
): Node | null {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isFunction(node) || isSkipped?.(node)) continue;
    if (test(node)) return node;
    if (node.type === 'TryStatement' && isCaught?.(node))
      stack.push(...(node.finalizer ? [node.finalizer] : []), ...(node.handler ? [node.handler.body] : []));
    else stack.push(...children(node).reverse());
  }
  return null;
}

import type { TSESTree } from '@typescript-eslint/utils';
import { bare, dressed, nameOf, type Node } from '../syntax/walk.js';

/** The methods that make one promise of another. */
export const LINKS = new Set(['then', 'catch', 'finally']);

/** `base.then(…).catch(…)`: what it begins with, its links in their order, and all of it. */
export interface Chain {
  readonly base: Node;
  readonly links: readonly TSESTree.CallExpression[];
  readonly top: TSESTree.CallExpression;
}

/** The chain that a call is a link of; a call that is none may be what one begins with. */
export function chainOf(call: TSESTree.CallExpression): Chain {
  let top = call;
  for (let next = linkAfter(top); next; next = linkAfter(next)) top = next;
  const links: TSESTree.CallExpression[] = [];
  let base: Node = top;
  for (let method = linkOf(base); method; method = linkOf(base)) {
    links.unshift(base as TSESTree.CallExpression);
    base = bare(method.object);
  }
  return { base, links, top };
}

function linkOf(node: Node): TSESTree.MemberExpression | null {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' && LINKS.has(nameOf(callee) ?? '') ? callee : null;
}

function linkAfter(node: Node): TSESTree.CallExpression | null {
  const member = dressed(node).parent;
  const call = member?.type === 'MemberExpression' && member.object === dressed(node) ? dressed(member).parent : null;
  return call?.type === 'CallExpression' && linkOf(call) === member ? call : null;
}

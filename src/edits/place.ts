import type { TSESLint } from '@typescript-eslint/utils';
import { thisBody } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Body, Fn, Node } from '../syntax/walk.js';
import type { Edit, View } from './edit.js';
import type { Missing } from './missing.js';

/** Where an end is to stand. */
export interface Place {
  /** The block, or the class whose method is still to be written. */
  readonly node: Node;
  /** What `this` stands for there. */
  readonly body: Body | null;
  /** Can the end be awaited there? */
  readonly isAsync: boolean;
  /** Is what the end returns for somebody who waits for it? */
  readonly isGiven?: boolean;
  /** Is it in a function that runs later, when a field may hold something else? */
  readonly isLater?: boolean;
  /** What code beside the place calls a value of the start. */
  readonly known?: ReadonlyMap<string, string>;
}

/** One value as it is written at a place. */
export interface Written {
  readonly text: string;
  readonly changes: Edit;
  /** What it may be instead. */
  readonly besides?: Missing;
}

export function placeIn(block: Node, fn: Fn): Place {
  return { node: block, body: thisBody(block), isAsync: fn.async };
}

/** The variable that a name means at a place; null for globals. */
export function refersTo(name: string, node: Node, view: View): Variable | null {
  const around = view.sourceCode.getScope(node);
  // ESLint takes the program for what is outside of its module.
  const inner = node.type === 'Program' ? around.childScopes.find(({ type }) => type === 'module') : undefined;
  for (let scope: TSESLint.Scope.Scope | null = inner ?? around; scope; scope = scope.upper) {
    const found = scope.set.get(name);
    if (found && found.defs.length > 0) return found;
  }
  return null;
}

import type { TSESTree } from '@typescript-eslint/utils';
import type { Body } from '../syntax/walk.js';

/** A type this file can name: its name, the class or object of this file, or the members that an annotation lists. */
export type Inferred = Named | { readonly made: Body } | { readonly members: readonly TSESTree.TypeElement[] } | null;

export interface Named {
  readonly name: string;
  /** What a promise is fulfilled with. */
  readonly promised?: Inferred;
  /** What an array holds. */
  readonly items?: Inferred;
  /** What a function returns. */
  readonly returns?: () => Inferred;
}

export const FUNCTION: Named = { name: 'Function' };
export const ARRAY: Named = { name: 'Array' };
export const PROMISE: Named = { name: 'Promise' };

/** A type by its name in the tables, which may be `Promise<…>`. */
export function named(type: string | undefined): Inferred {
  if (type === undefined) return null;
  const promised = /^Promise<(.*)>$/.exec(type)?.[1];
  return promised === undefined ? { name: type } : { name: 'Promise', promised: { name: promised } };
}

export function nameOfType(known: Inferred): string | null {
  return known && 'name' in known ? known.name : null;
}

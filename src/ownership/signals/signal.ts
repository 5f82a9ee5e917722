import type { TSESTree } from '@typescript-eslint/utils';
import { bare, type Body, dressed, type Fn, nameOf, type Node } from '../../syntax/walk.js';
import { SIGNAL_PROPERTIES } from '../../types/signal-positions.js';

/** An AbortSignal that a function is given, or that the instances of a class keep. */
export interface Signal {
  /** How code in its reach writes it. */
  readonly text: string;
  /** The name of its own that it has, or has in the options it comes in. */
  readonly name: string;
  /** Is it a parameter, and not a part of one? */
  readonly isParameter?: boolean;
  /** Can it be undefined, as far as anybody can tell? */
  readonly mayBeMissing: boolean;
  /** Is it certain to be an AbortSignal? */
  readonly sure: boolean;
  /** The function that takes it, or the class that keeps it. */
  readonly home: Fn | Body;
  /** Every place that reads it, or hands on the options that hold it. */
  readonly mentions: readonly Node[];
  /** Patterns that take something else out of the options that hold it. */
  readonly leftOut: readonly TSESTree.ObjectPattern[];
}

/** What only a signal has. */
export const MEMBERS = new Set(['aborted', 'throwIfAborted', 'reason', 'onabort']);

/** Is a value used as only an AbortSignal is? */
export function isUsedAsSignal(mention: Node): boolean {
  const node = dressed(mention);
  const { parent } = node;
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    const event = parent.parent.type === 'CallExpression' ? parent.parent.arguments[0] : null;
    return MEMBERS.has(nameOf(parent) ?? '') || (event?.type === 'Literal' && event.value === 'abort');
  }
  if (parent?.type === 'ArrayExpression') {
    const call = parent.parent.type === 'CallExpression' ? bare(parent.parent.callee) : null;
    return call?.type === 'MemberExpression' && nameOf(call) === 'any';
  }
  return (
    parent?.type === 'Property' &&
    (SIGNAL_PROPERTIES as readonly string[]).includes(nameOf(parent) ?? '') &&
    parent.parent.type === 'ObjectExpression'
  );
}

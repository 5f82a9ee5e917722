import type { TSESTree } from '@typescript-eslint/utils';
import type { Copy } from '../flow/loops.js';
import type { Flag } from '../ownership/signals/endless.js';
import { thisBody } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import { type Call, type Fn, isLoop, type Loop, nameOf, type Node, walk } from '../syntax/walk.js';
import { returnsIn } from './cleanup.js';
import { type Edit, replace, semicolon, suggestion, type Suggestion, together, type View } from './edit.js';
import { firstIn } from './signals.js';

/** Sets the field that a loop looks at, where the instance ends; null where its type has no such value. */
export function setFlag(view: View, { member, value }: Flag, teardown: Fn): Edit | null {
  const body = thisBody(member);
  const field = body && memberNamed(body, nameOf(member) ?? '');
  const set =
    teardown.body.type === 'BlockStatement'
      ? firstIn(view, teardown.body, `${view.text(member)} = ${value}${semicolon(view.sourceCode)}`)
      : null;
  if (field?.type !== 'PropertyDefinition' || !field.readonly) return set;
  const word = view.sourceCode.getFirstToken(field, ({ value: text }) => text === 'readonly')!;
  const next = view.sourceCode.getTokenAfter(word)!;
  const type = field.typeAnnotation?.typeAnnotation.type;
  return type === undefined || type === 'TSBooleanKeyword'
    ? together([{ start: word.range[0], end: next.range[0], text: '' }], set)
    : null;
}

/** Looks at the field itself, and not at what it was before the loop. */
export function readField({ name, field }: Copy): Edit {
  return [replace(name, `this.${field}`)];
}

/**
 * Leaves a loop, or a function that calls itself, where the teardown has set the field that says so; null where it sets
 * none.
 */
export function checkFlag(view: View, node: Call | Loop, fn: Fn | null): Suggestion | null {
  const { sourceCode } = view;
  const set = flagSet(view, node);
  if (!set) return null;
  const flag = view.text(set.left);
  const text = (leaving: string): string => `if (${set.isTrue ? '' : '!'}${flag}) ${leaving}${semicolon(sourceCode)}`;
  if (isLoop(node)) return suggestion('checkFlag', firstIn(view, node.body, text('break')), { flag });
  const body = fn?.body;
  const isPlain = body?.type === 'BlockStatement' && returnsIn(body.body, view).every(({ argument }) => !argument);
  return isPlain ? suggestion('checkFlag', firstIn(view, body, text('return')), { flag }) : null;
}

/** `this.isClosed = true` in the teardown of the instance that a node belongs to. */
export function flagSet(
  view: View,
  node: Node,
): { readonly left: TSESTree.MemberExpression; readonly isTrue: boolean } | null {
  const [teardown] = view.owners.of(node).teardown?.functions ?? [];
  const body = thisBody(node);
  if (!teardown || !body || thisBody(teardown.body) !== body) return null;
  let found: TSESTree.AssignmentExpression | null = null;
  walk(view.sourceCode, teardown.body, (one) => {
    if (
      one.type === 'AssignmentExpression' &&
      one.operator === '=' &&
      one.left.type === 'MemberExpression' &&
      one.left.object.type === 'ThisExpression' &&
      one.right.type === 'Literal' &&
      typeof one.right.value === 'boolean'
    )
      found ??= one;
  });
  const set = found as TSESTree.AssignmentExpression | null;
  return set?.left.type === 'MemberExpression' && set.right.type === 'Literal'
    ? { left: set.left, isTrue: set.right.value === true }
    : null;
}

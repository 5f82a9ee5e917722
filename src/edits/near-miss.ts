import { forgetsType } from '../ownership/ends/ends.js';
import type { Start } from '../ownership/starts/starts.js';
import { thisBody } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import { bare, calleeName, isClass } from '../syntax/walk.js';
import { type Edit, insertAfter, insertBefore, replace, type View } from './edit.js';
import { writtenAt } from './reach.js';

/** Makes the call that misses the start by one name an end of it: the same option, the same function. */
export function fixNearMiss(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const nearMiss = verdict.kind === 'kept' ? null : verdict.nearMiss;
  if (!nearMiss?.differs || wrapsField(start, view)) return null;
  const { node, differs } = nearMiss;
  const written = writtenAt(start, differs, calleeName(node), { node, body: thisBody(node), isAsync: false }, view);
  if (!written) return null;
  const { index, text, changes } = written;
  const given = node.arguments[index];
  const before = node.arguments[index - 1];
  if (given && text === '')
    return before && node.arguments.length === index + 1
      ? [{ start: before.range[1], end: given.range[1], text: '' }]
      : null;
  if (given && forgetsType(node, start, view)) return [...changes, insertBefore(given, `${text}, `)];
  if (given) return [...changes, replace(given, text)];
  return before && node.arguments.length === index ? [...changes, insertAfter(before, `, ${text}`)] : null;
}

/** `throttle(this.move)`, where `move` is a field: a field before it cannot be made of it. */
function wrapsField({ names }: Start, { values }: View): boolean {
  const listener = names.get('listener');
  const made = listener && bare(listener);
  return (
    made?.type === 'CallExpression' &&
    made.arguments.some((argument) => {
      const { root, path } = values.of(argument);
      return (
        root.kind === 'this' &&
        root.of !== null &&
        isClass(root.of) &&
        path[0] !== undefined &&
        memberNamed(root.of, path[0])?.type === 'PropertyDefinition'
      );
    })
  );
}

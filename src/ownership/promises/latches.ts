import { parse } from '../../catalog/signature.js';
import { thisBody } from '../../syntax/functions.js';
import { bare, type Class, nameOf, type Node, walk } from '../../syntax/walk.js';
import { match } from '../starts/match.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';

/**
 * Places that count up what others wait to be counted down: calls of a class of this file that counts one of its fields
 * up in one method and down in another.
 */
export function latchStarts(file: Judge): Start[] {
  return file.index.classes.flatMap((of) => pairsOf(of, file).flatMap(([up, down]) => callsOf(up, down, file)));
}

/** The methods of a class that count a field up and down, where the class makes promises. */
function pairsOf(of: Class, { index, values, sourceCode }: Judge): [up: string, down: string][] {
  const makesPromises = index.calls
    .of('Promise')
    .some((call) => call.type === 'NewExpression' && values.origin(call.callee) === 'Promise' && thisBody(call) === of);
  if (!makesPromises) return [];
  const counts: { readonly field: string; readonly method: string; readonly isUp: boolean }[] = [];
  walk(sourceCode, of, (node) => {
    const isCount =
      node.type === 'UpdateExpression' || (node.type === 'AssignmentExpression' && /^[+-]=$/.test(node.operator));
    const target = isCount ? bare(node.type === 'UpdateExpression' ? node.argument : node.left) : null;
    const field =
      target?.type === 'MemberExpression' && target.object.type === 'ThisExpression' ? nameOf(target) : null;
    const method = field === null ? null : methodAround(node, of);
    if (isCount && field !== null && method !== null)
      counts.push({ field, method, isUp: node.operator.startsWith('+') });
  });
  const downs = counts.filter(({ isUp }) => !isUp);
  return counts.flatMap(({ field, method, isUp }) =>
    isUp
      ? downs.flatMap((down) =>
          down.field === field && down.method !== method ? [[method, down.method] as [string, string]] : [],
        )
      : [],
  );
}

function methodAround(node: Node, of: Class): string | null {
  for (let at = node.parent; at && at !== of; at = at.parent) {
    // Only a class itself can call its private methods.
    if (at.type === 'MethodDefinition' && at.parent.parent === of)
      return at.kind === 'method' && at.key.type === 'Identifier' ? nameOf(at) : null;
  }
  return null;
}

/** The calls that count up on something that the same file counts down on. */
function callsOf(up: string, down: string, file: Judge): Start[] {
  const signature = parse(`latch.${up}()`);
  const resource = { kind: 'lock', start: signature.text, end: `latch.${down}()`, where: { latch: '*' } } as const;
  return file.index.calls.of(up).flatMap((node) => {
    const matched = node.arguments.length === 0 ? match(signature, resource, node, new Set(), file) : null;
    const latch = matched?.names.get('latch');
    return matched && latch && latch.type !== 'ThisExpression' ? [{ node, resource, signature, ...matched }] : [];
  });
}

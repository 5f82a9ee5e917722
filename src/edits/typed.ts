import type { Start } from '../ownership/starts/starts.js';
import { dressed, type Fn, type Node, walk, isFunction } from '../syntax/walk.js';
import { isTypeScript, type View } from './edit.js';
import { eventType } from './events.js';
import type { Written } from './place.js';

/** `target!`, `listener as EventListener`: a text with what its value is said to be where it was given. */
export function withType({ text, besides = 'no' }: Written, value: Node, view: View): string {
  let typed = text;
  for (let at = value; at !== dressed(value); at = at.parent!) {
    const around = at.parent!;
    const isCast = around.type === 'TSAsExpression';
    if (isCast) typed += ` as ${view.text(around.typeAnnotation)}`;
    else if (around.type === 'TSNonNullExpression' && besides === 'no' && !typed.includes('?')) typed += '!';
    if (isCast && /^(?:MemberExpression|TSNonNullExpression)$/.test(around.parent.type)) typed = `(${typed})`;
  }
  return typed;
}

/** The text of a value outside the place that gave it its type; null where that type cannot be written. */
export function namedText(node: Node, start: Start, view: View): string | null {
  const text = view.text(node);
  if (!isTypeScript(view)) return text;
  if (!isFunction(node))
    return node.type === 'CallExpression' &&
      node.arguments.every(
        (argument) =>
          !isFunction(argument) ||
          argument.params.every((parameter) => 'typeAnnotation' in parameter && parameter.typeAnnotation),
      )
      ? text
      : null;
  if (
    node.type === 'FunctionExpression' &&
    usesThis(node, view) &&
    !node.params.some((one) => one.type === 'Identifier' && one.name === 'this')
  )
    return null;
  const untyped = node.params.filter(
    (parameter) =>
      !(parameter.type === 'AssignmentPattern' || ('typeAnnotation' in parameter && parameter.typeAnnotation)),
  );
  if (untyped.length === 0) return text;
  const [parameter] = untyped;
  const type = isUnused(parameter!, view) ? 'unknown' : typeOfEvent(start, view);
  if (untyped.length > 1 || parameter !== node.params[0] || type === null || parameter!.type === 'RestElement')
    return null;
  const from = node.range[0];
  const [before, after] = [text.slice(0, parameter!.range[0] - from), text.slice(parameter!.range[1] - from)];
  const isBare = view.sourceCode.getTokenBefore(parameter!)?.value !== '(';
  const typed = `${view.text(parameter!)}: ${type}`;
  return isBare ? `${before}(${typed})${after}` : `${before}${typed}${after}`;
}

/** What a listener is given for events of one name; null where the target decides. */
function typeOfEvent(start: Start, { values, oracle }: View): string | null {
  const name = values.text(start.names.get('type'));
  if (name === null) return null;
  const target = start.names.get('target');
  if (name === 'change' && target && oracle.is(target, 'MediaQueryList') === 'yes') return 'MediaQueryListEvent';
  if (/EventListener$/.test(start.signature.callee.at(-1)!)) return eventType(name);
  return name === 'error' && start.sure === 'yes' ? 'Error' : null;
}

function isUnused(parameter: Node, { sourceCode }: View): boolean {
  return (
    parameter.type === 'Identifier' &&
    sourceCode
      .getDeclaredVariables(parameter.parent)
      .some(({ name, references }) => name === parameter.name && references.length === 0)
  );
}

function usesThis(fn: Fn, view: View): boolean {
  let found = false;
  walk(view.sourceCode, fn.body, (node) => {
    found ||= node.type === 'ThisExpression';
    return node.type !== 'FunctionExpression' && node.type !== 'FunctionDeclaration';
  });
  return found;
}

import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, runOf } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import type { Values } from '../syntax/values.js';
import { calleeName, decoratorsOf, dressed, type Fn, type Index, nameOf, type Node } from '../syntax/walk.js';
import { type Handle, mentions } from './handle.js';
import { mayRunAgain } from './once.js';
import type { Start } from './starts.js';

/** Is a node in a function that is called with an element, and with nothing when the element goes: `ref={measure}`? */
export function isOfRef(node: Node, values: Values): boolean {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) if (isGivenElement(fn, values)) return true;
  return false;
}

function isGivenElement(fn: Fn, values: Values): boolean {
  if (isRef(fn)) return true;
  const wrapped = argumentOf(fn)?.call ?? fn;
  if (isRef(wrapped)) return true;
  const { parent } = dressed(wrapped);
  const variable = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? values.variable(parent.id) : null;
  return variable?.references.some(({ identifier }) => isRef(identifier)) ?? false;
}

function isRef(node: Node): boolean {
  const { parent } = dressed(node);
  return parent?.type === 'JSXExpressionContainer' && parent.parent.type === 'JSXAttribute' && parent.parent.name.name === 'ref';
}

/** Does a custom element, once in its life, observe nothing but itself and its own parts? They go together. */
export function observesItself(start: Start, handle: Handle, index: Index, values: Values): boolean {
  const method = runOf(start.node);
  if (start.resource.activatedBy !== 'observe' || (method && mayRunAgain(method))) return false;
  const observed = mentions(handle, values, index).flatMap((mention) => {
    const fate = fateOf(mention, values);
    return fate.kind === 'receiver' && fate.call && nameOf(fate.member) === 'observe' ? fate.call.arguments.slice(0, 1) : [];
  });
  return observed.length > 0 && observed.every((node) => isOwnPart(node, values));
}

/** `this` of a custom element, its root, or a field that is found in its root. */
function isOwnPart(node: Node, values: Values): boolean {
  const { root, path } = values.of(node);
  if (root.kind !== 'this' || !root.of || path.length > 1 || !memberNamed(root.of, 'disconnectedCallback')) return false;
  const [name] = path;
  if (name === undefined || name === 'shadowRoot' || name === 'renderRoot') return true;
  const member = memberNamed(root.of, name);
  return member?.type === 'PropertyDefinition' && decoratorsOf(member).some(({ expression }) => expression.type === 'CallExpression' && calleeName(expression).startsWith('query'));
}

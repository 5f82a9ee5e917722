import { argumentOf, enclosingFunction, LISTENS } from '../syntax/functions.js';
import { bare, calleeName, dressed, type Fn, nameOf, type Node } from '../syntax/walk.js';
import type { Facts } from './unsettled.js';

/**
 * `reader.result instanceof ArrayBuffer`: does a test ask a `FileReader` that tells of its `load` for what it has read?
 * Only for the types of the code it has to.
 */
export function asksLoaded(test: Node, facts: Facts): boolean {
  const asked = askedFor(test);
  if (!asked || asked.type !== 'MemberExpression' || nameOf(asked) !== 'result') return false;
  const callback = enclosingFunction(asked);
  const reader = callback && loadedReader(callback, facts);
  // A text that was read may be empty, and then is falsy.
  if (!reader || (asked === bare(test) && readsText(reader, facts))) return false;
  const object = bare(asked.object);
  const isEvent =
    object.type === 'MemberExpression' &&
    /^(?:currentTarget|target)$/.test(nameOf(object) ?? '') &&
    isFirst(bare(object.object), callback, facts);
  return isEvent || facts.values.same(object, reader) === 'yes';
}

/** `value` in `value`, `typeof value === 'string'` and `value instanceof ArrayBuffer`. */
function askedFor(test: Node): Node | null {
  const node = bare(test);
  if (node.type !== 'BinaryExpression') return node;
  if (node.operator === 'instanceof') return bare(node.left);
  const left = bare(node.left);
  return /^===?$/.test(node.operator) && left.type === 'UnaryExpression' && left.operator === 'typeof'
    ? bare(left.argument)
    : null;
}

function isFirst(node: Node, { params: [first] }: Fn, { values }: Facts): boolean {
  return node.type === 'Identifier' && first?.type === 'Identifier' && values.variable(node) === values.variable(first);
}

/** The reader whose `load` calls a function. */
function loadedReader(callback: Fn, { oracle, values }: Facts): Node | null {
  const { parent } = dressed(callback);
  const left = parent?.type === 'AssignmentExpression' ? bare(parent.left) : null;
  const taken = argumentOf(callback);
  const callee = taken && LISTENS.has(calleeName(taken.call)) ? bare(taken.call.callee) : left;
  if (callee?.type !== 'MemberExpression') return null;
  const event = callee === left ? nameOf(callee)?.replace(/^on/, '') : values.text(taken?.call.arguments[0]);
  return event === 'load' && oracle.is(callee.object, 'FileReader') === 'yes' ? callee.object : null;
}

function readsText(reader: Node, { index, values }: Facts): boolean {
  return ['readAsText', 'readAsBinaryString'].some((name) =>
    index.calls.of(name).some((call) => {
      const method = bare(call.callee);
      return method.type === 'MemberExpression' && values.same(method.object, reader) !== 'no';
    }),
  );
}

import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, isInside, thisBody } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import { bare, decoratorsOf, dressed, isClass, nameOf, type Node } from '../syntax/walk.js';
import type { LoopFacts } from './loops.js';

interface Constant {
  readonly value: unknown;
  /** Is it this value, and not only one that is as true? */
  readonly exact: boolean;
  /** Can nobody else write what it depends on? */
  readonly sure: boolean;
}

/** The value of an expression that nothing changes after it was set up; null for what may change. */
export function constantOf(expression: Node, facts: LoopFacts): Constant | null {
  const node = bare(expression);
  switch (node.type) {
    case 'Literal':
      return { value: node.value, exact: true, sure: true };
    case 'UnaryExpression': {
      const inner = node.operator === '!' || node.operator === '-' ? constantOf(node.argument, facts) : null;
      if (node.operator === '!') return inner && { value: !inner.value, exact: true, sure: inner.sure };
      return inner && typeof inner.value === 'number' ? { ...inner, value: -inner.value } : null;
    }
    case 'LogicalExpression': {
      const [left, right] = [constantOf(node.left, facts), constantOf(node.right, facts)];
      const deciding = [left, right].find((side) => side && Boolean(side.value) === (node.operator === '||'));
      if (node.operator === '??') return null;
      return (
        deciding ?? (left && right && { value: node.operator === '&&', exact: false, sure: left.sure && right.sure })
      );
    }
    case 'BinaryExpression':
      return comparison(node, facts);
    case 'Identifier':
      return constantVariable(node, facts);
    case 'MemberExpression':
      return constantField(node, facts) ?? constantProperty(node, facts);
    default:
      return null;
  }
}

function comparison({ operator, left, right }: TSESTree.BinaryExpression, facts: LoopFacts): Constant | null {
  if (left.type === 'PrivateIdentifier') return null;
  if (isNoLessThanNothing(operator, left, right, facts)) return { value: true, exact: true, sure: true };
  const [one, other] = [constantOf(left, facts), constantOf(right, facts)];
  const compare = COMPARISONS[operator];
  if (!compare || !one?.exact || !other?.exact) return null;
  return { value: compare(one.value as number, other.value as number), exact: true, sure: one.sure && other.sure };
}

const COMPARISONS: Readonly<Partial<Record<string, (one: number, other: number) => boolean>>> = {
  '==': (one, other) => one === other,
  '===': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '!==': (one, other) => one !== other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

/** `queue.length >= 0`: no list has less than nothing in it. */
function isNoLessThanNothing(operator: string, left: Node, right: Node, facts: LoopFacts): boolean {
  const isUpward = operator.startsWith('>');
  const [more, least] = isUpward ? [left, right] : [right, left];
  const member = bare(more);
  const number = /^[<>]=?$/.test(operator) ? constantOf(least, facts) : null;
  return (
    number !== null &&
    number.exact &&
    typeof number.value === 'number' &&
    (operator.endsWith('=') ? number.value <= 0 : number.value < 0) &&
    member.type === 'MemberExpression' &&
    ['length', 'size'].includes(nameOf(member) ?? '')
  );
}

function constantVariable(node: TSESTree.Identifier, { values }: LoopFacts): Constant | null {
  const variable = values.variable(node);
  const definition = variable?.defs.length === 1 ? variable.defs[0] : undefined;
  if (!variable || definition?.type !== 'Variable' || definition.node.id.type !== 'Identifier' || !definition.node.init)
    return null;
  const later = variable.references.filter((reference) => reference.isWrite() && !reference.init);
  return settled(
    bare(definition.node.init),
    later.map(({ identifier }) => writtenTo(identifier)),
  );
}

/** A field keeps what it was declared with, or what the constructor set it to, when no method writes something else. */
function constantField(node: TSESTree.MemberExpression, facts: LoopFacts): Constant | null {
  const name = nameOf(node);
  const body = thisBody(node);
  if (node.object.type !== 'ThisExpression' || name === null || !body || !isClass(body)) return null;
  const member = memberNamed(body, name);
  if (member && (member.type !== 'PropertyDefinition' || decoratorsOf(member).length > 0)) return null;
  const made = memberNamed(body, 'constructor');
  const writes = facts.index.members.of(name).filter((use) => isWritten(use));
  const isFirst = (use: Node): boolean => made?.type === 'MethodDefinition' && enclosingFunction(use) === made.value;
  const first = writes.findLast(isFirst);
  if ((!member && writes.length === 0) || assignsThis(body, facts)) return null;
  const constant = settled(
    first ? writtenTo(first) : (member?.value ?? undefined),
    writes.filter((use) => !isFirst(use)).map(writtenTo),
  );
  const isPrivate =
    member?.type === 'PropertyDefinition' &&
    (name.startsWith('#') || member.accessibility === 'private' || member.readonly);
  return constant && { ...constant, sure: isPrivate };
}

/** A property of an object that nobody else gets keeps what it was made with, when nothing writes it. */
function constantProperty(node: TSESTree.MemberExpression, { values, index }: LoopFacts): Constant | null {
  const name = nameOf(node);
  const object = bare(node.object);
  const made = object.type === 'Identifier' && name !== null ? values.initialOf(object) : null;
  const property =
    made?.type === 'ObjectExpression' && made.properties.every(({ type }) => type === 'Property')
      ? memberNamed(made, name!)
      : null;
  if (object.type !== 'Identifier' || property?.type !== 'Property' || property.kind !== 'init') return null;
  const isOwn = values.variable(object)!.references.every(({ identifier, init }) => {
    const { parent } = dressed(identifier);
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern')
      return parent.id.properties.every((one) => one.type === 'Property' && nameOf(one) !== null);
    return (
      init ||
      (parent?.type === 'MemberExpression' &&
        parent.object === dressed(identifier) &&
        nameOf(parent) !== null &&
        !isCalled(parent))
    );
  });
  const writes = index.members.of(name).filter((use) => isWritten(use) && values.same(use.object, object) !== 'no');
  return isOwn ? settled(bare(property.value), writes.map(writtenTo)) : null;
}

/** A method has its object for `this`. */
function isCalled(member: Node): boolean {
  const { parent } = dressed(member);
  return parent?.type === 'CallExpression' && parent.callee === dressed(member);
}

/** The value of what starts as one thing and is written later: once it was written, only what is as true as that. */
function settled(first: Node | null | undefined, later: readonly (Node | null)[]): Constant | null {
  const [value = first, ...others] = later;
  if (value === undefined) return { value: undefined, exact: true, sure: true };
  if (
    value?.type !== 'Literal' ||
    !others.every((other) => other?.type === 'Literal' && Boolean(other.value) === Boolean(value.value))
  )
    return null;
  const exact = others.every((other) => other?.type === 'Literal' && other.value === value.value);
  return { value: value.value, exact, sure: true };
}

/** What an assignment writes to a name or a field; null for other ways to write it. */
function writtenTo(name: Node): Node | null {
  const { parent } = dressed(name);
  return parent?.type === 'AssignmentExpression' && parent.operator === '=' && parent.left === dressed(name)
    ? bare(parent.right)
    : null;
}

export function isWritten(member: Node): boolean {
  const outer = dressed(member);
  const { parent } = outer;
  if (parent?.type === 'AssignmentExpression' || parent?.type === 'ForOfStatement' || parent?.type === 'ForInStatement')
    return parent.left === outer;
  return (
    parent?.type === 'UpdateExpression' ||
    parent?.type === 'AssignmentPattern' ||
    (parent?.type === 'Property' && parent.parent.type === 'ObjectPattern') ||
    parent?.type === 'ArrayPattern' ||
    (parent?.type === 'UnaryExpression' && parent.operator === 'delete')
  );
}

function assignsThis(body: Node, { index }: LoopFacts): boolean {
  return index.calls.of('assign').some((call) => isInside(call, body) && call.arguments[0]?.type === 'ThisExpression');
}

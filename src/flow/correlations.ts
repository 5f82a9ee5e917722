import { loopAround, runOf } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, isFunction, nameOf, type Node } from '../syntax/walk.js';
import { isOfTheMoment } from './conditions.js';

/** What kind of thing something is: `isTerminal(input)`, `hasTouch(screen)` */
const PREDICATE = /^(?:is|has|supports)[A-Z]/;

/** A question, and how it was answered. */
export interface Known {
  readonly test: Node;
  readonly holds: boolean;
}

/** What was asked on the way to a place in its function, and will be answered in the same way for as long as that runs. */
export function knownAt(place: Node, values: Values): Known[] {
  const known: Known[] = [];
  for (let at = place; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test !== at)
      known.push(
        ...partsOf(bare(parent.test), parent.consequent === at).filter(({ test }) => isSteady(test, parent, values)),
      );
  }
  return known;
}

/** Can a part of a test not turn out like this where that is known? */
export function rulesOut(known: readonly Known[], node: Node, truthy: boolean, values: Values): boolean {
  return known.some(
    ({ test, holds }) =>
      (holds !== truthy && isSameQuestion(test, node, values)) ||
      (holds && truthy && isOtherAnswer(test, node, values)),
  );
}

function partsOf(test: Node, holds: boolean): Known[] {
  if (test.type === 'UnaryExpression' && test.operator === '!') return partsOf(bare(test.argument), !holds);
  if (test.type === 'LogicalExpression' && test.operator === (holds ? '&&' : '||'))
    return [test.left, test.right].flatMap((side) => partsOf(bare(side), holds));
  return [{ test, holds }];
}

/**
 * Is the answer the same from a place on: of what nothing sets after it, of what that is, and of what modules and
 * parameters bring along?
 */
function isSteady(test: Node, place: Node, values: Values): boolean {
  const node = bare(test);
  switch (node.type) {
    case 'Literal':
      return true;
    case 'Identifier': {
      const variable = values.variable(node);
      return (
        variable !== null &&
        variable.references.every(
          (reference) => reference.init || !reference.isWrite() || isPast(reference.identifier, place),
        )
      );
    }
    case 'MemberExpression': {
      const of = bare(node.object);
      const name = nameOf(node) ?? '';
      return (
        !node.computed &&
        of.type === 'Identifier' &&
        isSteady(of, place, values) &&
        !isOfTheMoment(name) &&
        !isChanged(name, values.variable(of))
      );
    }
    case 'UnaryExpression':
      return node.operator === 'typeof' && isSteady(node.argument, place, values);
    case 'BinaryExpression':
      return /^[!=]==?$/.test(node.operator) && [node.left, node.right].every((side) => isSteady(side, place, values));
    case 'CallExpression':
      return (
        node.callee.type === 'Identifier' &&
        PREDICATE.test(node.callee.name) &&
        !isOfTheMoment(node.callee.name) &&
        node.arguments.length > 0 &&
        [node.callee, ...node.arguments].every((part) => isSteady(part, place, values))
      );
    default:
      return false;
  }
}

/** Does control come by a node before it comes to a place, and never again? */
function isPast(node: Node, place: Node): boolean {
  return node.range[1] <= place.range[0] && runOf(node) === runOf(place) && !loopAround(place);
}

/** `settings.isOn = true` */
function isChanged(name: string, variable: Variable | null): boolean {
  return (
    variable?.references.some(({ identifier: { parent } }) => {
      if (parent?.type !== 'MemberExpression' || nameOf(parent) !== name) return false;
      return parent.parent.type === 'AssignmentExpression' && parent.parent.left === parent;
    }) ?? false
  );
}

function isSameQuestion(one: Node, other: Node, values: Values): boolean {
  const [first, second] = [bare(one), bare(other)];
  if (first.type === 'Literal' || second.type === 'Literal')
    return first.type === 'Literal' && second.type === 'Literal' && first.value === second.value;
  if (first.type === 'UnaryExpression' && second.type === 'UnaryExpression')
    return first.operator === second.operator && isSameQuestion(first.argument, second.argument, values);
  if (first.type === 'BinaryExpression' && second.type === 'BinaryExpression')
    return (
      first.operator === second.operator &&
      isSameQuestion(first.left, second.left, values) &&
      isSameQuestion(first.right, second.right, values)
    );
  if (first.type === 'CallExpression' && second.type === 'CallExpression')
    return (
      first.arguments.length === second.arguments.length &&
      isSameQuestion(first.callee, second.callee, values) &&
      first.arguments.every((argument, at) => isSameQuestion(argument, second.arguments[at]!, values))
    );
  return values.same(first, second) === 'yes';
}

/** `kind === 'a'`, where it is known that `kind === 'b'` */
function isOtherAnswer(one: Node, other: Node, values: Values): boolean {
  if (one.type !== 'BinaryExpression' || other.type !== 'BinaryExpression') return false;
  const isEqual = [one, other].every(({ operator, right }) => /^===?$/.test(operator) && right.type === 'Literal');
  return isEqual && isSameQuestion(one.left, other.left, values) && !isSameQuestion(one.right, other.right, values);
}

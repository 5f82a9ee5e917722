import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, isInside, returnedBy } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, type Loop, type Node } from '../syntax/walk.js';
import type { LoopFacts } from './loops.js';

/**
 * `const state = await job.state(); while (state === 'busy') { … }`: does a condition look only at what was asked before
 * the loop, and never again? Options decide whether there is a loop at all.
 */
export function staysAsItIs(test: Node, loop: Loop, facts: LoopFacts): boolean {
  const node = bare(test);
  if (loop.type === 'DoWhileStatement') return false;
  switch (node.type) {
    case 'Identifier':
      return isAskedOnce(node, loop, facts.values);
    case 'UnaryExpression':
      return node.operator === '!' && staysAsItIs(node.argument, loop, facts);
    case 'LogicalExpression':
      return [node.left, node.right].every((side) => staysAsItIs(side, loop, facts));
    case 'BinaryExpression': {
      const sides = [node.left, node.right].map((side) => bare(side as Node));
      return (
        /^(?:[!=]==?|[<>]=?)$/.test(node.operator) &&
        sides.some((side, at) => isPlain(side) && (isPlain(sides[1 - at]!) || staysAsItIs(sides[1 - at]!, loop, facts)))
      );
    }
    default:
      return false;
  }
}

function isPlain(node: Node): boolean {
  return node.type === 'Literal' || (node.type === 'Identifier' && node.name === 'undefined');
}

/** Is a name given what was awaited, in the run that comes to the loop, before or after it? */
function isAskedOnce(name: TSESTree.Identifier, loop: Loop, values: Values): boolean {
  const variable = values.variable(name);
  const [definition, ...more] = variable?.defs ?? [];
  if (!variable || definition?.type !== 'Variable' || definition.name !== definition.node.id || more.length > 0)
    return false;
  const run = enclosingFunction(loop);
  const written = variable.references.filter((reference) => reference.isWrite());
  return (
    run !== null &&
    written.length > 0 &&
    written.every(
      ({ identifier, writeExpr }) =>
        writeExpr?.type === 'AwaitExpression' && enclosingFunction(identifier) === run && !isInside(identifier, loop),
    )
  );
}

/**
 * `while (batch !== null)`, `while (batch)`: does a condition ask whether there is something where each value that the
 * name is given is a list or another object?
 */
export function asksForWhatIsThere(test: Node, facts: LoopFacts): boolean {
  const node = bare(test);
  if (node.type === 'BinaryExpression')
    return /^!==?$/.test(node.operator) && isNothing(bare(node.right)) && isAlwaysThere(node.left, facts);
  return isAlwaysThere(node, facts);
}

function isNothing(node: Node): boolean {
  return (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');
}

/** Is an expression a list or another object, whatever happens? */
function isAlwaysThere(expression: Node, facts: LoopFacts): boolean {
  const node = bare(expression);
  const variable = node.type === 'Identifier' ? facts.values.variable(node) : null;
  const [definition, ...more] = variable?.defs ?? [];
  if (!variable || definition?.type !== 'Variable' || definition.name !== definition.node.id || more.length > 0)
    return false;
  const written = variable.references.filter((reference) => reference.isWrite());
  return written.length > 0 && written.every(({ writeExpr }) => writeExpr && isMade(writeExpr, facts));
}

/** What gives a list, whatever is in it. */
const LISTS = /^(?:concat|filter|flat|flatMap|map|slice|splice|split)$/;

function isMade(expression: Node, { values }: LoopFacts): boolean {
  const node = bare(expression);
  const call = node.type === 'AwaitExpression' ? bare(node.argument) : node;
  if (call.type === 'ArrayExpression' || call.type === 'ObjectExpression' || call.type === 'NewExpression') return true;
  const fn = call.type === 'CallExpression' ? values.functionCalledBy(call.callee) : null;
  if (!fn || fn.generator || (fn.async && node === call)) return fn !== null;
  if (fn.returnType) return isListType(fn.returnType.typeAnnotation);
  const returned = returnedBy(fn);
  const isLast = fn.body.type !== 'BlockStatement' || fn.body.body.at(-1)?.type === 'ReturnStatement';
  return isLast && returned.every((one) => isList(bare(one)));
}

function isList(node: Node): boolean {
  return (
    node.type === 'ArrayExpression' ||
    (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && LISTS.test(calleeName(node)))
  );
}

/** `string[]`, or a promise of it. */
function isListType(type: TSESTree.TypeNode): boolean {
  if (type.type === 'TSArrayType' || type.type === 'TSTupleType') return true;
  if (type.type === 'TSTypeOperator') return type.typeAnnotation !== undefined && isListType(type.typeAnnotation);
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return false;
  const [of] = type.typeArguments?.params ?? [];
  return type.typeName.name === 'Promise'
    ? of !== undefined && isListType(of)
    : /^(?:Readonly)?(?:Array|Map|Set)$/.test(type.typeName.name);
}

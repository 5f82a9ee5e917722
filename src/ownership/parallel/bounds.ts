import type { TSESTree } from '@typescript-eslint/utils';
import { functionName, isInside, loopAround } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  calleeName,
  dressed,
  type Fn,
  type Index,
  isFunction,
  type Loop,
  nameOf,
  type Node,
  type SourceCode,
  walk,
} from '../../syntax/walk.js';

interface Facts {
  readonly values: Values;
  readonly index: Index;
  readonly sourceCode: SourceCode;
}

/** A part of a whole, cut to a size. */
const PARTS = /(?:^|[a-z\d_])(?:chunk|batch|slice|window|page|group|bucket)$/i;
const CUTS = /chunk|batch|partition|paginate|window/i;
/** A number that says how many may run at once. */
const WIDTHS = /concurren|parallel|worker|thread|limit|pool|lane|slot|cpu|core|^max|^cap$/i;
/** So many at once are few. */
const FEW = 10;
const KEEPS_COUNT = new Set([
  'filter',
  'map',
  'fill',
  'concat',
  'reverse',
  'sort',
  'toSorted',
  'toReversed',
  'keys',
  'entries',
  'values',
]);

/** Is the number of items written in the code, or cut to a size? What is made of itself has none. */
export function isBounded(items: Node, facts: Facts): boolean {
  const node = thawed(facts.values.initialOf(items) ?? bare(items), facts.values);
  if (asked.has(node)) return false;
  asked.add(node);
  const answer = isBoundedValue(node, items, facts);
  asked.delete(node);
  return answer;
}

/** The object in `Object.freeze(object)`. */
function thawed(node: Node, values: Values): Node {
  const [object] = node.type === 'CallExpression' ? node.arguments : [];
  return object && node.type === 'CallExpression' && values.origin(node.callee) === 'Object.freeze'
    ? bare(object)
    : node;
}

function isBoundedValue(node: Node, items: Node, facts: Facts): boolean {
  const { values } = facts;
  switch (node.type) {
    case 'ArrayExpression':
      return (
        node.elements.every((element) => element?.type !== 'SpreadElement' || isBounded(element.argument, facts)) &&
        !isFilled(items, facts)
      );
    case 'ObjectExpression':
      return (
        node.properties.every((property) => property.type !== 'SpreadElement' || isBounded(property.argument, facts)) &&
        !isFilled(items, facts)
      );
    case 'Identifier':
      return isPart(node, facts) || isSetToBounded(node, facts);
    case 'MemberExpression':
      return isGivenField(node, facts);
    case 'NewExpression':
      return (
        ['Map', 'Set'].includes(values.origin(node.callee) ?? '') &&
        node.arguments[0] !== undefined &&
        isBounded(node.arguments[0], facts)
      );
    case 'CallExpression':
      return isBoundedResult(node, facts);
    default:
      return false;
  }
}

/** `let steps; if (isQuick) steps = [build]; else steps = [build, test];`: is all that a name is set to bounded? */
function isSetToBounded(name: TSESTree.Identifier, facts: Facts): boolean {
  const variable = facts.values.variable(name);
  const set = variable?.references.flatMap(({ writeExpr }) => (writeExpr ? [bare(writeExpr)] : [])) ?? [];
  return (
    variable?.defs[0]?.type === 'Variable' &&
    set.length > 1 &&
    set.every((value) => value.type === 'ArrayExpression' && isBounded(value, facts)) &&
    !isFilled(name, facts)
  );
}

/**
 * `const found = []; for (…) found.push(…)`: is what a name begins with filled in the rounds of a loop that nothing
 * bounds?
 */
function isFilled(items: Node, facts: Facts): boolean {
  const node = bare(items);
  const variable = node.type === 'Identifier' ? facts.values.variable(node) : null;
  // `for (const item of items) items.push(…)`
  if (!variable || asked.has(variable)) return false;
  asked.add(variable);
  const found = variable.references.some(({ identifier }) => {
    const member = (identifier as Node).parent;
    if (member?.type !== 'MemberExpression' || member.object !== identifier) return false;
    const { parent } = member;
    const isPut = member.computed
      ? parent.type === 'AssignmentExpression' && parent.left === member
      : /^(?:push|unshift)$/.test(nameOf(member) ?? '') && parent.type === 'CallExpression';
    return isPut && inLoopWithoutBounds(parent, facts);
  });
  asked.delete(variable);
  return found;
}

/** What is being looked at: who comes to it once more has gone round. */
const asked = new Set<Node | Variable>();

function inLoopWithoutBounds(node: Node, facts: Facts): boolean {
  const loop = loopAround(node);
  return loop !== null && !isBoundedLoop(loop, facts);
}

function isBoundedResult(call: TSESTree.CallExpression, facts: Facts): boolean {
  const { values } = facts;
  const callee = bare(call.callee);
  const origin = values.origin(callee);
  const [first] = call.arguments;
  if (origin === 'Array') return first !== undefined && isWidth(first, values);
  if (origin === 'Array.from' && first?.type === 'ObjectExpression')
    return first.properties.every((property) => property.type === 'Property' && isWidth(property.value, values));
  if (origin === 'Array.from') return first !== undefined && isBounded(first, facts);
  if (origin !== null && /^Object\.(?:keys|values|entries)$/.test(origin))
    return (
      first !== undefined &&
      thawed(values.initialOf(first) ?? first, values).type === 'ObjectExpression' &&
      isBounded(first, facts)
    );
  if (callee.type !== 'MemberExpression') return false;
  const method = nameOf(callee) ?? '';
  return method === 'slice' || method === 'splice' || (KEEPS_COUNT.has(method) && isBounded(callee.object, facts));
}

/** Is it a number in the code, or one that says how many may run at once? */
function isWidth(count: Node, values: Values): boolean {
  const name = bare(count);
  if (name.type === 'Identifier' && WIDTHS.test(name.name)) return true;
  const node = values.initialOf(count) ?? name;
  if (node.type === 'Literal') return true;
  if (node.type === 'CallExpression' && values.origin(node.callee) === 'Math.min')
    return node.arguments.some((one) => (one.type === 'Literal' ? Number(one.value) <= FEW : isWidth(one, values)));
  if (node.type === 'Identifier') return WIDTHS.test(node.name);
  if (node.type === 'MemberExpression') return WIDTHS.test(nameOf(node) ?? '');
  return node.type === 'CallExpression' && WIDTHS.test(calleeName(node));
}

/** Is a name that of a part, one of the parts that a loop goes through, or a parameter that is given no more? */
function isPart(name: TSESTree.Identifier, facts: Facts): boolean {
  if (PARTS.test(name.name)) return true;
  const variable = facts.values.variable(name);
  const [definition] = variable?.defs ?? [];
  if (!variable || !definition) return false;
  const annotation = (definition.name as TSESTree.Identifier).typeAnnotation?.typeAnnotation;
  if ((annotation?.type === 'TSTypeOperator' ? annotation.typeAnnotation : annotation)?.type === 'TSTupleType')
    return true;
  if (definition.type === 'Variable' && definition.parent.parent.type === 'ForOfStatement') {
    const source = bare(definition.parent.parent.right);
    return source.type === 'CallExpression' && CUTS.test(calleeName(source));
  }
  return (
    definition.type === 'Parameter' && isFunction(definition.node) && isGivenParts(variable, definition.node, facts)
  );
}

/** Is a parameter given what is bounded, wherever this file calls its function? */
function isGivenParts(parameter: Variable, fn: Fn, facts: Facts): boolean {
  const { values, index } = facts;
  const at = fn.params.indexOf(parameter.defs[0]!.name as TSESTree.Identifier);
  const made =
    fn.parent?.type === 'MethodDefinition' && fn.parent.kind === 'constructor' ? fn.parent.parent.parent : null;
  const name = made ? made.id?.name : functionName(fn);
  // Functions that call each other say nothing.
  if (at < 0 || !name || asked.has(parameter)) return false;
  // A call of itself is given what the others are.
  const calls = index.calls
    .of(name)
    .filter(
      (call) =>
        !isInside(call, fn) &&
        (made
          ? call.type === 'NewExpression' && values.classOf(call.callee) === made
          : values.functionOf(call.callee) === fn),
    );
  asked.add(parameter);
  const found =
    calls.length > 0 && calls.every(({ arguments: given }) => given[at] !== undefined && isBounded(given[at], facts));
  asked.delete(parameter);
  return found;
}

/** Is a field set to a parameter of the constructor alone, and that to what is bounded? */
function isGivenField(member: TSESTree.MemberExpression, facts: Facts): boolean {
  const { values, index } = facts;
  const writes = index.members.of(nameOf(member) ?? '').flatMap((one) => {
    const { parent } = dressed(one);
    return parent?.type === 'AssignmentExpression' && parent.left === one && values.same(one, member) === 'yes'
      ? [bare(parent.right)]
      : [];
  });
  const [only] = writes;
  return (
    writes.length === 1 &&
    only?.type === 'Identifier' &&
    values.variable(only)?.defs[0]?.type === 'Parameter' &&
    isBounded(only, facts)
  );
}

/** Does a loop end after a number of rounds that the code says, or go through what is bounded? */
export function isBoundedLoop(loop: Loop, facts: Facts): boolean {
  if (loop.type === 'ForOfStatement') return isBounded(loop.right, facts);
  return (
    loop.type === 'ForStatement' && loop.test?.type === 'BinaryExpression' && isWidth(loop.test.right, facts.values)
  );
}

const WAITS_ITS_TURN = /acquire|lock|enter|take|wait|slot/i;

/** Does a function of this file wait its turn before it calls what it is given, so that only a few get through? */
export function isLimiter(callee: Node, { values, sourceCode }: Facts): boolean {
  const fn = values.functionOf(callee);
  if (!fn?.async) return false;
  let waits = false;
  let isLimited = false;
  walk(sourceCode, fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'AwaitExpression') {
      const awaited = bare(node.argument);
      waits ||=
        awaited.type === 'NewExpression' ||
        (awaited.type === 'CallExpression' && WAITS_ITS_TURN.test(calleeName(awaited)));
    }
    const called = node.type === 'CallExpression' ? bare(node.callee) : null;
    if (waits && called?.type === 'Identifier') isLimited ||= values.variable(called)?.defs[0]?.node === fn;
    return undefined;
  });
  return isLimited;
}

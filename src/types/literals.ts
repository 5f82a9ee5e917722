import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf } from '../syntax/functions.js';
import type { Answer } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, isFunction, nameOf, type Node } from '../syntax/walk.js';

/**
 * Do the tests name every value that the annotations of this file allow the expression to have? `maybe` where they do
 * not say.
 */
export function coversDeclared(expression: Node, tests: readonly Node[], values: Values): Answer {
  const type = typeOf(bare(expression), values);
  const allowed = type.flatMap((one) => literals(one, values));
  if (allowed.length === 0 || allowed.includes(UNKNOWN)) return 'maybe';
  const named = new Set(tests.map((test) => literalOf(test, values)));
  return allowed.every((value) => named.has(value)) ? 'yes' : 'no';
}

/** Values that no list of tests can name, and those of a type that this file does not declare. */
const OTHER = Symbol('any string or number');
const UNKNOWN = Symbol('of a type unknown');

function literalOf(test: Node, values: Values): unknown {
  const { root } = values.of(test);
  return root.kind === 'literal' ? root.value : UNKNOWN;
}

/** The annotations that an expression's value has one of. */
function typeOf(node: Node, values: Values): TSESTree.TypeNode[] {
  if (node.type === 'MemberExpression') {
    const name = nameOf(node);
    return typeOf(bare(node.object), values).flatMap((type) =>
      membersOf(type, values)
        .filter((member) => nameOf(member) === name)
        .map((member) => member.typeAnnotation?.typeAnnotation ?? ANY),
    );
  }
  const definition = node.type === 'Identifier' ? values.variable(node)?.defs[0] : undefined;
  if (definition?.type !== 'Parameter' && definition?.type !== 'Variable') return [];
  const { name } = definition;
  if (name.type === 'Identifier' && name.typeAnnotation) return expanded(name.typeAnnotation.typeAnnotation, values);
  if (definition.type === 'Parameter')
    return givenTo(definition.node, name, values).flatMap((type) => expanded(type, values));
  const init = definition.type === 'Variable' && definition.node.id === name ? definition.node.init : null;
  return init ? typeOf(bare(init), values) : [];
}

/** What the function that a callback is passed to says of one of its parameters. */
function givenTo(callback: Node, parameter: Node, values: Values): TSESTree.TypeNode[] {
  const at =
    'params' in callback && isFunction(callback) ? callback.params.indexOf(parameter as TSESTree.Parameter) : -1;
  const taken = at < 0 ? null : argumentOf(callback);
  if (!taken) return [];
  return typeOf(bare(taken.call.callee), values).flatMap((callee) => {
    const wanted = parameterOf(callee, taken.index);
    return wanted ? expanded(wanted, values).flatMap((type) => parameterOf(type, at) ?? []) : [];
  });
}

/** The annotation of a parameter of a function type. */
function parameterOf(type: TSESTree.TypeNode, at: number): TSESTree.TypeNode | null {
  const parameter = type.type === 'TSFunctionType' ? type.params[at] : undefined;
  return (parameter?.type === 'Identifier' && parameter.typeAnnotation?.typeAnnotation) || null;
}

const ANY = { type: 'TSAnyKeyword' } as TSESTree.TypeNode;

/** A type as the parts of the union that it stands for. */
function expanded(type: TSESTree.TypeNode, values: Values): TSESTree.TypeNode[] {
  if (type.type === 'TSUnionType') return type.types.flatMap((one) => expanded(one, values));
  const declared =
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier'
      ? values.variable(type.typeName)?.defs[0]?.node
      : undefined;
  return declared?.type === 'TSTypeAliasDeclaration' && !declared.typeParameters
    ? expanded(declared.typeAnnotation, values)
    : [type];
}

function membersOf(type: TSESTree.TypeNode, values: Values): TSESTree.TSPropertySignature[] {
  const declared =
    type.type === 'TSTypeReference' && type.typeName.type === 'Identifier'
      ? values.variable(type.typeName)?.defs[0]?.node
      : undefined;
  const members =
    type.type === 'TSTypeLiteral'
      ? type.members
      : declared?.type === 'TSInterfaceDeclaration'
        ? declared.body.body
        : [];
  return members.filter((member) => member.type === 'TSPropertySignature');
}

function literals(type: TSESTree.TypeNode, values: Values): unknown[] {
  return expanded(type, values).flatMap((one): unknown[] => {
    if (one.type === 'TSBooleanKeyword') return [true, false];
    if (one.type === 'TSStringKeyword' || one.type === 'TSNumberKeyword') return [OTHER];
    return one.type === 'TSLiteralType' && one.literal.type === 'Literal' ? [one.literal.value] : [UNKNOWN];
  });
}

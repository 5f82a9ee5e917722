import type { TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { argumentOf } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { calleeName, type Fn, nameOf, type Node } from '../syntax/walk.js';
import type { Annotations } from './annotations.js';
import type { Oracle } from './answer.js';
import { SIGNAL_PROPERTIES, type SignalPosition } from './signal-positions.js';

/** The parameter of a function of this file that is a signal, or that has one among its properties. */
export function signalParameter(
  fn: Pick<Fn, 'params'>,
  annotations: Annotations,
  oracle: Pick<Oracle, 'is' | 'signalPosition'>,
  values: Values,
): SignalPosition | null {
  for (const [index, parameter] of fn.params.entries()) {
    const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    if (
      name.type === 'Identifier' &&
      (oracle.is(name, 'AbortSignal') === 'yes' ||
        (oracle.is(name, 'AbortSignal') === 'maybe' && /^(?:abort)?signal$/i.test(name.name)))
    ) {
      return { index, property: null };
    }
    const property =
      signalProperty(name, annotations) ??
      (name.type === 'ObjectPattern'
        ? takenSignal(name)
        : name.type === 'Identifier'
          ? readSignal(name, values) || handedOn(name, oracle, values) || null
          : null);
    if (property !== null) return { index, property };
  }
  return null;
}

/** The property of an options object, given its parameter, that is annotated to hold a signal. */
export function signalProperty(parameter: Node, annotations: Annotations): string | null {
  if (parameter.type !== 'Identifier' && parameter.type !== 'ObjectPattern') return null;
  const type = parameter.typeAnnotation?.typeAnnotation;
  if (type && isRequestInit(type)) return 'signal';
  const members = type ? annotations.members(type) : [];
  return (
    SIGNAL_PROPERTIES.find((name) =>
      members.some((member) => 'key' in member && nameOf(member) === name && !isForProcess(member)),
    ) ?? null
  );
}

/** `signal?: NodeJS.Signals | number`: is it what a process is sent? */
function isForProcess(member: Node): boolean {
  const type = 'typeAnnotation' in member ? member.typeAnnotation : null;
  const known = type?.type === 'TSTypeAnnotation' ? type.typeAnnotation : null;
  return (known?.type === 'TSUnionType' ? known.types : [known]).some(
    (one) =>
      one?.type === 'TSNumberKeyword' ||
      one?.type === 'TSStringKeyword' ||
      one?.type === 'TSLiteralType' ||
      (one?.type === 'TSTypeReference' &&
        one.typeName.type === 'TSQualifiedName' &&
        one.typeName.right.name === 'Signals'),
  );
}

/** The options of `fetch`, also together with others. */
function isRequestInit(type: TSESTree.TypeNode): boolean {
  if (type.type === 'TSIntersectionType' || type.type === 'TSUnionType') return type.types.some(isRequestInit);
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'RequestInit';
}

/** The signal that a function reads of options that nothing says the type of: `options.signal`. */
function readSignal(parameter: TSESTree.Identifier, values: Values): string | null {
  if (parameter.typeAnnotation) return null;
  const read = values.variable(parameter)?.references.map(({ identifier }) => {
    const { parent } = identifier as Node;
    if (parent?.type !== 'MemberExpression' || parent.object !== identifier) return null;
    // `child.kill(options.signal)`
    return parent.parent.type === 'CallExpression' && calleeName(parent.parent) === 'kill' ? null : nameOf(parent);
  });
  return SIGNAL_PROPERTIES.find((name) => read?.includes(name)) ?? null;
}

/** `fetch(path, init)`, `fetch(path, { ...init })`: the signal of options that a function hands on to what takes one. */
const handedOn = memoize(
  (parameter: TSESTree.Identifier, oracle: Pick<Oracle, 'signalPosition'>, values: Values): string => {
    if (parameter.typeAnnotation) return '';
    for (const { identifier } of values.variable(parameter)?.references ?? []) {
      const { parent } = identifier as Node;
      const options =
        parent?.type === 'SpreadElement' && parent.parent.type === 'ObjectExpression' ? parent.parent : identifier;
      const taken = argumentOf(options);
      const position = taken?.call.type === 'CallExpression' ? oracle.signalPosition(taken.call) : null;
      if (position?.index === taken?.index && position?.property) return position.property;
    }
    return '';
  },
  '',
);

/** The signal that a pattern takes out of an options object. */
function takenSignal(pattern: TSESTree.ObjectPattern): string | null {
  return (
    SIGNAL_PROPERTIES.find((name) =>
      pattern.properties.some((property) => property.type === 'Property' && nameOf(property) === name),
    ) ?? null
  );
}

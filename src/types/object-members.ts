import type { TSESTree } from '@typescript-eslint/utils';
import { constructorOf, memberNamed } from '../syntax/members.js';
import { type Body, isFunction, nameOf, type Node } from '../syntax/walk.js';
import type { Annotations } from './annotations.js';
import { FUNCTION, type Inferred, named } from './inferred.js';
import type { JsDoc } from './jsdoc.js';
import { typeOfMember } from './known.js';
import type { Results } from './results.js';

/** What is asked about the values that members have. */
export interface Types {
  typeOf(expression: Node): Inferred;
  /** What `new X()` makes. */
  instanceOf(constructor: Node): Inferred;
}

/** Infers the types of what objects and classes have. */
export class ObjectMembers {
  readonly #types: Types;
  readonly #annotations: Annotations;
  readonly #jsdoc: JsDoc;
  readonly #results: Results;

  constructor(types: Types, annotations: Annotations, jsdoc: JsDoc, results: Results) {
    this.#types = types;
    this.#annotations = annotations;
    this.#jsdoc = jsdoc;
    this.#results = results;
  }

  /** The type of a name that a pattern takes out of an object. */
  taken(pattern: TSESTree.ObjectPattern, name: Node, object: Inferred): Inferred {
    const property = pattern.properties.find((one) => one.type === 'Property' && one.value === name);
    const key = property && nameOf(property);
    return key ? this.of(object, key) : null;
  }

  /** The type of what an object has by a name. */
  of(object: Inferred, name: string, seen = new Set<Body>()): Inferred {
    if (!object || ('made' in object && seen.has(object.made))) return null;
    if ('name' in object) return named(typeOfMember(object.name, name));
    if ('members' in object) return this.#annotations.member(object.members, name);
    const member = memberNamed(object.made, name) ?? memberNamed(object.made, `#${name}`);
    if (member?.type === 'Property') return member.kind === 'init' ? this.#types.typeOf(member.value) : null;
    if (member?.type === 'MethodDefinition' || member?.type === 'TSAbstractMethodDefinition') {
      const { kind, value } = member;
      const declared = value.returnType ? this.#annotations.of(value.returnType.typeAnnotation) : null;
      if (kind === 'get') return declared;
      return isFunction(value) ? this.#results.function(value) : { ...FUNCTION, returns: () => declared };
    }
    if (member?.type === 'PropertyDefinition' || member?.type === 'TSAbstractPropertyDefinition') {
      if (member.typeAnnotation) return this.#annotations.of(member.typeAnnotation.typeAnnotation);
      const documented = this.#jsdoc.of(member);
      if (documented) return documented;
      if (member.value && !isNothing(member.value)) return this.#types.typeOf(member.value);
    }
    return (
      this.#setInConstructor(object.made, name) ??
      ('superClass' in object.made && object.made.superClass
        ? this.of(this.#types.instanceOf(object.made.superClass), name, seen.add(object.made))
        : null)
    );
  }

  #setInConstructor(of: Body, name: string): Inferred {
    const made = constructorOf(of);
    for (const parameter of made?.params ?? []) {
      if (parameter.type !== 'TSParameterProperty') continue;
      const id = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      if (id.type === 'Identifier' && id.name === name && id.typeAnnotation)
        return this.#annotations.of(id.typeAnnotation.typeAnnotation);
    }
    for (const statement of made?.body?.type === 'BlockStatement' ? made.body.body : []) {
      if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
      const { left, right } = statement.expression;
      if (
        left.type === 'MemberExpression' &&
        left.object.type === 'ThisExpression' &&
        nameOf(left) === name &&
        !isNothing(right)
      )
        return this.#types.typeOf(right);
    }
    return null;
  }
}

/** What a field is set to before it gets what it is for. */
function isNothing(value: Node): boolean {
  return (
    (value.type === 'Literal' && value.value === null) || (value.type === 'Identifier' && value.name === 'undefined')
  );
}

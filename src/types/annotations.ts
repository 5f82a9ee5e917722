import type { TSESTree } from '@typescript-eslint/utils';
import type { Values } from '../syntax/values.js';
import { isClass, nameOf, type Node } from '../syntax/walk.js';
import { ARRAY, FUNCTION, type Inferred, named, nameOfType } from './inferred.js';
import { canonical, typeOfResult } from './known.js';

/** What the type annotations of a file say, followed through the aliases and interfaces that it declares. */
export class Annotations {
  readonly #values: Values;
  readonly #resolving = new Set<Node>();

  constructor(values: Values) {
    this.#values = values;
  }

  /** What an annotation says. */
  of(type: TSESTree.TypeNode): Inferred {
    switch (type.type) {
      case 'TSUnionType': {
        const rest = type.types.filter(
          (one) => !['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword'].includes(one.type),
        );
        if (rest.length === 1) return this.of(rest[0]!);
        const all = rest.map((one) => this.of(one));
        return all.find((one) => one && 'name' in one && one.name === 'Promise') ?? null;
      }
      case 'TSIntersectionType':
        return (
          type.types.map((one) => this.of(one)).find((one) => one && 'name' in one) ?? { members: this.members(type) }
        );
      case 'TSTypeReference':
        return this.#referenced(type);
      case 'TSArrayType':
        return { ...ARRAY, items: this.of(type.elementType) };
      case 'TSTupleType': {
        const items = type.elementTypes.map((one) =>
          one.type === 'TSNamedTupleMember' ? this.of(one.elementType) : this.of(one),
        );
        return { ...ARRAY, items: items.find((item) => nameOfType(item) === 'Promise') ?? null };
      }
      case 'TSFunctionType': {
        const { returnType } = type;
        return { ...FUNCTION, returns: () => (returnType ? this.of(returnType.typeAnnotation) : null) };
      }
      case 'TSTypeLiteral':
        return this.#listed(type.members);
      case 'TSTypeOperator':
        return type.operator === 'readonly' && type.typeAnnotation ? this.of(type.typeAnnotation) : null;
      case 'TSVoidKeyword':
      case 'TSNullKeyword':
      case 'TSUndefinedKeyword':
      case 'TSNeverKeyword':
        return { name: 'nothing' };
      case 'TSStringKeyword':
      case 'TSNumberKeyword':
      case 'TSBooleanKeyword':
        return { name: 'primitive' };
      default:
        return null;
    }
  }

  #referenced(type: TSESTree.TSTypeReference): Inferred {
    if (type.typeName.type === 'ThisExpression') return null;
    const name = this.#typeName(type.typeName);
    if (name === null) return this.#declaredType(type.typeName);
    const [argument] = type.typeArguments?.params ?? [];
    if (name === 'Promise' || name === 'PromiseLike') return { name, promised: argument ? this.of(argument) : null };
    if (['Readonly', 'Partial', 'Required', 'NonNullable'].includes(name) && argument) return this.of(argument);
    if (name === 'ReturnType' && argument?.type === 'TSTypeQuery' && argument.exprName.type === 'Identifier')
      return named(typeOfResult(argument.exprName.name));
    if (['Array', 'ReadonlyArray'].includes(name)) return argument ? { ...ARRAY, items: this.of(argument) } : ARRAY;
    const held = ['Set', 'ReadonlySet'].includes(name)
      ? argument
      : ['Map', 'ReadonlyMap'].includes(name)
        ? type.typeArguments?.params[1]
        : undefined;
    return held ? { name: name.replace('Readonly', ''), items: this.of(held) } : { name: canonical(name) };
  }

  #typeName(node: TSESTree.EntityName): string | null {
    if (node.type === 'ThisExpression') return null;
    if (node.type === 'TSQualifiedName') {
      const left = this.#typeName(node.left);
      return left === null ? null : `${left}.${node.right.name}`;
    }
    const { root } = this.#values.of(node);
    if (root.kind === 'import' || root.kind === 'global') return this.#values.origin(node);
    return null;
  }

  /** What a type alias stands for; a type that holds itself is not followed a second time. */
  #aliased(alias: TSESTree.TSTypeAliasDeclaration): Inferred {
    if (this.#resolving.has(alias)) return null;
    this.#resolving.add(alias);
    const known = this.of(alias.typeAnnotation);
    this.#resolving.delete(alias);
    return known;
  }

  #declaredType(node: TSESTree.EntityName): Inferred {
    if (node.type !== 'Identifier') return null;
    const definition = this.#values.variable(node)?.defs[0]?.node;
    if (!definition) return null;
    if (isClass(definition)) return { made: definition };
    if (definition.type === 'TSTypeAliasDeclaration') return this.#aliased(definition);
    if (definition.type === 'TSInterfaceDeclaration') return this.#listed(this.#inherited(definition, 0));
    return null;
  }

  /** What has these members: a function, where one of them says how it is called. */
  #listed(members: readonly TSESTree.TypeElement[]): Inferred {
    const call = members.find((one) => one.type === 'TSCallSignatureDeclaration');
    return call
      ? { ...FUNCTION, returns: () => (call.returnType ? this.of(call.returnType.typeAnnotation) : null) }
      : { members };
  }

  /**
   * The members that a type declares in this file, with those it is made of; what holds itself is not followed for
   * ever.
   */
  members(type: TSESTree.TypeNode, depth = 0): readonly TSESTree.TypeElement[] {
    if (type.type === 'TSTypeLiteral') return type.members;
    if (type.type === 'TSIntersectionType' || type.type === 'TSUnionType')
      return type.types.flatMap((part) => this.members(part, depth));
    if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier' || depth > 9) return [];
    const [argument] = type.typeArguments?.params ?? [];
    if (argument && ['Readonly', 'Partial', 'Required'].includes(type.typeName.name))
      return this.members(argument, depth + 1);
    const definition = this.#values.variable(type.typeName)?.defs[0]?.node;
    return definition?.type === 'TSTypeAliasDeclaration'
      ? this.members(definition.typeAnnotation, depth + 1)
      : definition?.type === 'TSInterfaceDeclaration'
        ? this.#inherited(definition, depth)
        : [];
  }

  #inherited(declared: TSESTree.TSInterfaceDeclaration, depth: number): readonly TSESTree.TypeElement[] {
    const parents = declared.extends.flatMap(({ expression }) => {
      const parent =
        depth < 9 && expression.type === 'Identifier' ? this.#values.variable(expression)?.defs[0]?.node : null;
      return parent?.type === 'TSInterfaceDeclaration' ? this.#inherited(parent, depth + 1) : [];
    });
    return [...declared.body.body, ...parents];
  }

  /** A member that an interface or a type lists. */
  member(members: readonly TSESTree.TypeElement[], name: string): Inferred {
    const member = members.find((one) => 'key' in one && nameOf(one) === name);
    if (member?.type === 'TSPropertySignature')
      return member.typeAnnotation ? this.of(member.typeAnnotation.typeAnnotation) : null;
    if (member?.type !== 'TSMethodSignature' || !member.returnType) return null;
    const type = member.returnType.typeAnnotation;
    return { ...FUNCTION, returns: () => this.of(type) };
  }
}

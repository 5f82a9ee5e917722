import type { TSESTree } from '@typescript-eslint/utils';
import type { Variable } from './value.js';
import type { Values } from './values.js';
import { bare, type Call, dressed, type Loop, nameOf, type Node } from './walk.js';

/** What becomes of the value of an expression. */
export type Fate =
  /** Nothing: a statement of its own, or the left side of a comma. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'voided'; readonly node: TSESTree.UnaryExpression }
  | { readonly kind: 'awaited'; readonly node: TSESTree.AwaitExpression }
  | { readonly kind: 'local'; readonly variable: Variable; readonly declared: boolean }
  /** `const { remove } = …` */
  | { readonly kind: 'destructured'; readonly pattern: TSESTree.ObjectPattern | TSESTree.ArrayPattern }
  /** A property of `this`. */
  | {
      readonly kind: 'field';
      readonly member: TSESTree.MemberExpression | TSESTree.PropertyDefinition | TSESTree.AccessorProperty;
    }
  /** Part of an object, an array, a template, or a property of something else than `this`. */
  | { readonly kind: 'stored'; readonly in: Node }
  | { readonly kind: 'returned'; readonly node: Node }
  | { readonly kind: 'passed'; readonly call: Call; readonly index: number }
  /** `value.property`, or `value.method()` where `call` is set. */
  | {
      readonly kind: 'receiver';
      readonly member: TSESTree.MemberExpression;
      readonly call: TSESTree.CallExpression | null;
    }
  /** `value()` */
  | { readonly kind: 'called'; readonly call: Call }
  /** Compared, negated, or a condition: looked at and not kept. */
  | { readonly kind: 'tested' }
  | { readonly kind: 'iterated'; readonly loop: Loop | TSESTree.YieldExpression }
  | { readonly kind: 'using'; readonly variable: Variable | null }
  | { readonly kind: 'exported' }
  | { readonly kind: 'thrown' };

/** Through `?:`, `&&`, `||`, `??`, commas and assertions: the nearest place that does something with the value. */
export function fateOf(expression: Node, values: Values): Fate {
  const node = dressed(expression);
  const { parent } = node;
  switch (parent?.type) {
    case 'ExpressionStatement':
      return { kind: 'dropped' };
    case 'UnaryExpression':
      return parent.operator === 'void' ? { kind: 'voided', node: parent } : { kind: 'tested' };
    case 'AwaitExpression':
      return { kind: 'awaited', node: parent };
    case 'ConditionalExpression':
      return parent.test === node ? { kind: 'tested' } : fateOf(parent, values);
    case 'LogicalExpression':
      // A left side that is an object is the result of `||` and `??`; `&&` only tests it.
      return parent.left === node && parent.operator === '&&' ? { kind: 'tested' } : fateOf(parent, values);
    case 'SequenceExpression':
      return parent.expressions.at(-1) === node ? fateOf(parent, values) : { kind: 'dropped' };
    case 'VariableDeclarator':
      return fateOfDeclared(parent, values);
    case 'AssignmentExpression':
      return parent.right === node ? fateOfAssigned(parent, values) : { kind: 'tested' };
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return parent.value === node ? { kind: 'field', member: parent } : { kind: 'tested' };
    case 'MemberExpression': {
      if (parent.object !== node) return { kind: 'stored', in: parent };
      const outer = dressed(parent);
      const call =
        outer.parent?.type === 'CallExpression' && bare(outer.parent.callee) === parent ? outer.parent : null;
      return { kind: 'receiver', member: parent, call };
    }
    case 'CallExpression':
    case 'NewExpression': {
      if (parent.callee === node) return { kind: 'called', call: parent };
      return { kind: 'passed', call: parent, index: parent.arguments.indexOf(node as TSESTree.CallExpressionArgument) };
    }
    case 'SpreadElement':
      return parent.parent.type === 'CallExpression' || parent.parent.type === 'NewExpression'
        ? { kind: 'passed', call: parent.parent, index: parent.parent.arguments.indexOf(parent) }
        : { kind: 'stored', in: parent.parent };
    case 'ArrowFunctionExpression':
      return parent.body === node ? { kind: 'returned', node: parent } : { kind: 'tested' };
    case 'ReturnStatement':
      return { kind: 'returned', node: parent };
    case 'YieldExpression':
      return parent.delegate ? { kind: 'iterated', loop: parent } : { kind: 'returned', node: parent };
    case 'ForOfStatement':
      return parent.right === node ? { kind: 'iterated', loop: parent } : { kind: 'tested' };
    case 'ForStatement':
      return parent.test === node ? { kind: 'tested' } : { kind: 'dropped' };
    case 'ExportDefaultDeclaration':
    case 'TSExportAssignment':
      return { kind: 'exported' };
    case 'ThrowStatement':
      return { kind: 'thrown' };
    case 'Property':
    case 'ArrayExpression':
    case 'TemplateLiteral':
    case 'AssignmentPattern':
    case 'TaggedTemplateExpression':
    case 'JSXExpressionContainer':
    case 'JSXSpreadAttribute':
      return { kind: 'stored', in: parent };
    default:
      return { kind: 'tested' };
  }
}

function fateOfDeclared(declarator: TSESTree.VariableDeclarator, values: Values): Fate {
  const { id, parent } = declarator;
  if (id.type !== 'Identifier') return { kind: 'destructured', pattern: id };
  const variable = values.variable(id);
  if (parent.kind === 'using' || parent.kind === 'await using') return { kind: 'using', variable };
  return variable ? { kind: 'local', variable, declared: true } : { kind: 'stored', in: declarator };
}

function fateOfAssigned(assignment: TSESTree.AssignmentExpression, values: Values): Fate {
  const left = bare(assignment.left);
  if (left.type === 'Identifier') {
    const variable = values.variable(left);
    return variable ? { kind: 'local', variable, declared: false } : { kind: 'stored', in: assignment };
  }
  if (left.type === 'MemberExpression') {
    const { root, path } = values.of(left);
    const isField = root.kind === 'this' && root.of !== null && path.length === 1;
    return isField ? { kind: 'field', member: left } : { kind: 'stored', in: left };
  }
  if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') return { kind: 'destructured', pattern: left };
  return { kind: 'stored', in: assignment };
}

/** Does an assignment also hand its value on, as in `return (this.timer = start())`? */
export function alsoUsed(node: Node): boolean {
  const outer = dressed(node);
  return (
    outer.parent?.type === 'AssignmentExpression' &&
    outer.parent.right === outer &&
    dressed(outer.parent).parent?.type !== 'ExpressionStatement'
  );
}

/** The property of `this` that a `field` fate names; null when it is computed. */
export function fieldName(member: Extract<Fate, { kind: 'field' }>['member']): string | null {
  return nameOf(member);
}

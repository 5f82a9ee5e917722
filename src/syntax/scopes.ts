import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Variable } from './value.js';
import { bare, dressed, type Node, type SourceCode } from './walk.js';

/** Nodes that may have a scope of their own, apart from those of types. */
const SCOPES = new Set<string>([
  'ArrowFunctionExpression',
  'BlockStatement',
  'CatchClause',
  'ClassDeclaration',
  'ClassExpression',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'FunctionDeclaration',
  'FunctionExpression',
  'Program',
  'StaticBlock',
  'SwitchStatement',
  'WithStatement',
]);

/** Finds the variables that names refer to, within one file. */
export class Scopes {
  protected readonly sourceCode: SourceCode;
  readonly #scopes = new Map<Node, TSESLint.Scope.Scope>();
  readonly #declarers = new Map<TSESLint.Scope.Scope, TSESLint.Scope.Scope>();

  constructor(sourceCode: SourceCode) {
    this.sourceCode = sourceCode;
  }

  /** The variable an identifier refers to; null for globals that the file does not declare. */
  variable(identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Variable | null {
    for (let scope: TSESLint.Scope.Scope | null = this.#scopeOf(identifier); scope; scope = scope.upper) {
      const found = scope.set.get(identifier.name);
      if (found && found.defs.length > 0) return found;
    }
    return null;
  }

  /** The variable that a function or another value is made for: `function f() {}`, `const f = () => {}`. */
  variableOf(made: Node): Variable | null {
    if (made.type === 'FunctionDeclaration') return made.id && this.variable(made.id);
    // Inside, the name of a class is a variable of its own.
    if (made.type === 'ClassDeclaration') return (made.id && this.#scopeOf(made).upper?.set.get(made.id.name)) ?? null;
    const { parent } = dressed(made);
    return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? this.variable(parent.id) : null;
  }

  /** The places that read the variable that a function or another value is made for. */
  readsOf(made: Node): Node[] {
    const references = this.variableOf(made)?.references ?? [];
    return references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node);
  }

  /**
   * The innermost scope of an identifier that declares something; asked once for all that stand side by side, because
   * the search for it is long.
   */
  #scopeOf(identifier: Node): TSESLint.Scope.Scope {
    let owner: Node = identifier;
    while (owner.parent && !SCOPES.has(owner.type) && !(owner.type.startsWith('TS') && bare(owner) === owner))
      owner = owner.parent;
    let scope = this.#scopes.get(owner);
    if (!scope) this.#scopes.set(owner, (scope = this.#declaring(this.sourceCode.getScope(identifier))));
    return scope;
  }

  /** The nearest scope that declares something: most blocks declare nothing, however deep they stand. */
  #declaring(scope: TSESLint.Scope.Scope): TSESLint.Scope.Scope {
    const passed: TSESLint.Scope.Scope[] = [];
    let found = scope;
    for (; found.upper && found.set.size === 0; found = this.#declarers.get(found) ?? found.upper) passed.push(found);
    for (const one of passed) this.#declarers.set(one, found);
    return found;
  }
}

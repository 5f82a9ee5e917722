import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { Lists, memoize, push, type ReadonlyLists } from '../maps.js';

export type Node = TSESTree.Node;
export type SourceCode = Readonly<TSESLint.SourceCode>;
export type Call = TSESTree.CallExpression | TSESTree.NewExpression;
export type Class = TSESTree.ClassDeclaration | TSESTree.ClassExpression;
/** A function whose prototype has members, as classes were written before there were any. */
export type Constructor = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression;
/** What `this` can stand for: an instance of a class or of a constructor, or an object literal with methods. */
export type Body = Class | Constructor | TSESTree.ObjectExpression;
export type Loop =
  | TSESTree.DoWhileStatement
  | TSESTree.ForInStatement
  | TSESTree.ForOfStatement
  | TSESTree.ForStatement
  | TSESTree.WhileStatement;
export type Fn = TSESTree.ArrowFunctionExpression | TSESTree.FunctionDeclaration | TSESTree.FunctionExpression;

/** What one walk over a file found, each list in source order. */
export interface Index {
  /**
   * Calls and `new` expressions by the last name of their callee, and by the name it is exported by; `''` for callees
   * without a name.
   */
  readonly calls: ReadonlyLists<Call>;
  /** Member expressions by property name. */
  readonly members: ReadonlyLists<TSESTree.MemberExpression>;
  readonly classes: readonly Class[];
  readonly functions: readonly Fn[];
  readonly loops: readonly Loop[];
  readonly statements: readonly TSESTree.ExpressionStatement[];
  /** Names of the members that the file declares or sets; private ones also without their `#`. */
  readonly declared: ReadonlySet<string>;
}

/** A declaration of a member. */
type Keyed =
  | TSESTree.MethodDefinition
  | TSESTree.Property
  | TSESTree.PropertyDefinition
  | TSESTree.TSAbstractMethodDefinition
  | TSESTree.TSAbstractPropertyDefinition
  | TSESTree.TSMethodSignature
  | TSESTree.TSParameterProperty
  | TSESTree.TSPropertySignature;

/** Children that hold types only: nothing in them runs. */
const TYPE_KEYS = new Set([
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
  'returnType',
  'superTypeArguments',
  'implements',
]);
const TYPE_NODES = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'ImportDeclaration',
  'TSImportEqualsDeclaration',
]);

/** The names of the children of a node that can run, in evaluation order. */
export const runningKeys = ({ visitorKeys }: SourceCode): ((node: Node) => readonly string[]) => keysOf(visitorKeys);

const keysOf = memoize((visitorKeys: TSESLint.SourceCode.VisitorKeys) => {
  const known = new Map<string, readonly string[]>();
  return ({ type }: Node): readonly string[] => {
    let keys = known.get(type);
    if (!keys) {
      keys = TYPE_NODES.has(type) ? [] : (visitorKeys[type] ?? []).filter((key) => !TYPE_KEYS.has(key));
      known.set(type, keys);
    }
    return keys;
  };
});

/** Calls `enter` for a node and everything below it that can run; `false` skips what is below. */
export function walk(sourceCode: SourceCode, root: Node, enter: (node: Node) => boolean | void): void {
  descend(root, runningKeys(sourceCode), enter);
}

function descend(root: Node, keysOf: (node: Node) => readonly string[], enter: (node: Node) => boolean | void): void {
  // An own stack: generated code nests deeper than the call stack goes.
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (enter(node) === false) continue;
    const keys = keysOf(node);
    for (let at = keys.length - 1; at >= 0; at -= 1) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null | undefined>)[keys[at]!];
      if (!child) continue;
      if (Array.isArray(child)) {
        for (let index = child.length - 1; index >= 0; index -= 1) {
          const item = child[index];
          if (item) stack.push(item);
        }
      } else {
        stack.push(child);
      }
    }
  }
}

/** Does a node hold the statements of a whole file, or of a script in a Svelte component? */
export function isScript({ type }: Node): boolean {
  return type === 'Program' || (type as string) === 'SvelteScriptElement';
}

/** The statements outside of all others. */
export function topLevel({ body }: TSESTree.Program): readonly TSESTree.ProgramStatement[] {
  return body.some(isScript)
    ? body.flatMap((one) => (isScript(one) ? (one as Node as TSESTree.Program).body : one))
    : body;
}

export function isFunction(node: Node | null | undefined): node is Fn {
  return (
    node?.type === 'ArrowFunctionExpression' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'FunctionDeclaration'
  );
}

export function isLoop(node: Node): node is Loop {
  return (
    node.type === 'WhileStatement' ||
    node.type === 'ForStatement' ||
    node.type === 'ForOfStatement' ||
    node.type === 'DoWhileStatement' ||
    node.type === 'ForInStatement'
  );
}

export function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** The expression without type assertions, `!` and the node that groups an optional chain. */
export function bare(node: Node): Node {
  let inner = node;
  while (isWrapper(inner)) inner = inner.expression;
  return inner;
}

function isWrapper(node: Node): node is TSESTree.ChainExpression | TSESTree.TSAsExpression {
  const { type }: { readonly type: string } = node;
  return (
    type === 'TSAsExpression' ||
    type === 'TSNonNullExpression' ||
    type === 'TSSatisfiesExpression' ||
    type === 'TSTypeAssertion' ||
    type === 'TSInstantiationExpression' ||
    type === 'ChainExpression' ||
    // Those of Flow.
    type === 'TypeCastExpression' ||
    type === 'AsExpression'
  );
}

/** The outermost node that is the same expression, seen from inside: the inverse of `bare`. */
export function dressed(node: Node): Node {
  let outer = node;
  while (outer.parent && bare(outer.parent) !== outer.parent && bare(outer.parent) === bare(outer))
    outer = outer.parent;
  return outer;
}

/** The name that a property, method or member access is known by; null when it is computed. */
export function nameOf(
  node: TSESTree.MemberExpression | TSESTree.MethodDefinition | TSESTree.Property | TSESTree.PropertyDefinition | Node,
): string | null {
  if (node.type === 'MemberExpression') return keyName(node.property, node.computed);
  if ('key' in node && 'computed' in node) return keyName(node.key, node.computed);
  return null;
}

function keyName(key: Node, computed: boolean): string | null {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Identifier' && !computed) return key.name;
  if (key.type === 'Literal' && typeof key.value === 'string') return key.value;
  if (key.type === 'Literal' && typeof key.value === 'number') return String(key.value);
  // `[Symbol.dispose]` and its like are names that everybody agrees on.
  if (key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol') {
    const symbol = nameOf(key);
    return symbol && `[Symbol.${symbol}]`;
  }
  return null;
}

/** The decorators of a class or of its member: only TypeScript's parser sets them. */
export function decoratorsOf(node: Class | TSESTree.ClassElement): readonly TSESTree.Decorator[] {
  return (node as { readonly decorators?: readonly TSESTree.Decorator[] }).decorators ?? [];
}

/** The interfaces that a class says it implements: only TypeScript's parser sets them, and Flow's sets others. */
export function interfacesOf(node: Class): readonly TSESTree.TSClassImplements[] {
  const { implements: all = [] } = node as { readonly implements?: readonly TSESTree.TSClassImplements[] };
  return all.filter(({ type }) => type === 'TSClassImplements');
}

/** The last name of a callee: `off` in `a.b.off()`, `Worker` in `new Worker()`. */
export function calleeName(call: Call): string {
  return wordOf(call.callee);
}

/** `fetch` in `(options.fetch ?? fetch)()`, too. */
function wordOf(callee: Node): string {
  const node = bare(callee);
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'LogicalExpression') return wordOf(node.right);
  return (node.type === 'MemberExpression' && nameOf(node)) || '';
}

export function indexOf(sourceCode: SourceCode): Index {
  const called: Call[] = [];
  const accesses: TSESTree.MemberExpression[] = [];
  const classes: Class[] = [];
  const functions: Fn[] = [];
  const loops: Loop[] = [];
  const statements: TSESTree.ExpressionStatement[] = [];
  const aliases: [name: string, local: string][] = [];
  const keyed: Keyed[] = [];
  const set: TSESTree.MemberExpression[] = [];
  const enter = (node: Node): void => {
    switch (node.type) {
      // The two that most nodes are, first.
      case 'Identifier':
      case 'Literal':
        break;
      case 'MemberExpression':
        accesses.push(node);
        break;
      case 'CallExpression':
      case 'NewExpression':
        called.push(node);
        break;
      case 'ExpressionStatement':
        statements.push(node);
        break;
      case 'ArrowFunctionExpression':
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        functions.push(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        classes.push(node);
        break;
      case 'DoWhileStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'ForStatement':
      case 'WhileStatement':
        loops.push(node);
        break;
      case 'MethodDefinition':
      case 'Property':
      case 'PropertyDefinition':
      case 'TSAbstractMethodDefinition':
      case 'TSAbstractPropertyDefinition':
      case 'TSMethodSignature':
      case 'TSParameterProperty':
      case 'TSPropertySignature':
        keyed.push(node);
        break;
      case 'AssignmentExpression':
        if (node.left.type === 'MemberExpression') set.push(node.left);
        break;
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) aliases.push([importedName(specifier), specifier.local.name]);
        break;
      case 'AssignmentPattern':
        if (node.left.type === 'Identifier') aliases.push([wordOf(node.right), node.left.name]);
        break;
      case 'VariableDeclarator':
        if (node.init?.type === 'CallExpression' && isRequire(node.init)) aliases.push(...requiredNames(node.id));
        if (node.init?.type === 'LogicalExpression' && node.id.type === 'Identifier')
          aliases.push([wordOf(node.init), node.id.name]);
    }
  };
  const { traverse } = sourceCode as SourceCode & { readonly traverse?: () => Iterable<Step> };
  // ESLint has walked the tree before any rule runs, and kept its steps.
  if (traverse)
    for (const { kind, phase, target } of traverse.call(sourceCode))
      if (kind === 1 && phase === 1) enter(target as Node);
  // oxlint has no such steps; what interfaces declare is part of the index, too.
  if (!traverse) descend(sourceCode.ast, ({ type }) => sourceCode.visitorKeys[type] ?? [], enter);

  const calls = byName(called, calleeName);
  for (const [name, local] of aliases) {
    const known =
      name === local || name === ''
        ? undefined
        : calls.get(local)?.filter(({ callee }) => callee.type === 'Identifier');
    if (known)
      calls.set(
        name,
        [...calls.of(name), ...known].sort((one, other) => one.range[0] - other.range[0]),
      );
  }
  let members: Lists<TSESTree.MemberExpression> | undefined;
  let declared: Set<string> | undefined;
  return {
    calls,
    get members() {
      return (members ??= byName(accesses, (node) => nameOf(node) ?? ''));
    },
    classes,
    functions,
    loops,
    statements,
    get declared() {
      return (declared ??= new Set([...keyed, ...set].flatMap(namesOf)));
    },
  };
}

/** The name of a member, with and without the `#` of a private one. */
function namesOf(node: Keyed | TSESTree.MemberExpression): string[] {
  const name = node.type === 'TSParameterProperty' ? parameterName(node) : nameOf(node);
  if (name === null) return [];
  return name.startsWith('#') ? [name, name.slice(1)] : [name];
}

function parameterName({ parameter }: TSESTree.TSParameterProperty): string | null {
  const id = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return id.type === 'Identifier' ? id.name : null;
}

/** A step of ESLint's walk: into a node, or out of it. */
interface Step {
  readonly kind: number;
  readonly phase?: number;
  readonly target: unknown;
}

function byName<T>(nodes: readonly T[], name: (node: T) => string): Lists<T> {
  const lists = new Lists<T>();
  for (const node of nodes) push(lists, name(node), node);
  return lists;
}

function importedName(specifier: TSESTree.ImportClause): string {
  if (specifier.type !== 'ImportSpecifier') return 'default';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

function isRequire({ callee }: TSESTree.CallExpression): boolean {
  return callee.type === 'Identifier' && callee.name === 'require';
}

/** `const Redis = require('ioredis')`, `const { connect: dial } = require('net')`. */
function requiredNames(id: Node): [name: string, local: string][] {
  if (id.type === 'Identifier') return [['default', id.name]];
  if (id.type !== 'ObjectPattern') return [];
  return id.properties.flatMap((property): [string, string][] => {
    const name = nameOf(property);
    return property.type === 'Property' && property.value.type === 'Identifier' && name !== null
      ? [[name, property.value.name]]
      : [];
  });
}

import type { TSESLint } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { isInside } from './functions.js';
import { bare, type Body, calleeName, isFunction, nameOf, type Node } from './walk.js';

/** `yes` and `no` are certain; `maybe` is everything that this file alone cannot tell. */
export type Answer = 'yes' | 'no' | 'maybe';

export type Variable = TSESLint.Scope.Variable;

/** Where a value comes from: a root that exists once, and the properties read from it. */
export interface Value {
  readonly root:
    | { readonly kind: 'variable'; readonly variable: Variable }
    | { readonly kind: 'import'; readonly module: string; readonly name: string }
    | { readonly kind: 'global'; readonly name: string }
    | { readonly kind: 'this'; readonly of: Body | null }
    | { readonly kind: 'literal'; readonly value: unknown }
    | { readonly kind: 'fresh'; readonly node: Node }
    | { readonly kind: 'unknown'; readonly node: Node };
  readonly path: readonly string[];
}

const NODE_MODULES = new Set(
  (
    'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https ' +
    'inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys test timers tls tty url util ' +
    'v8 vm wasi worker_threads zlib'
  ).split(' '),
);

export function unknown(node: Node): Value {
  return { root: { kind: 'unknown', node }, path: [] };
}

/**
 * How a name is taken out of a pattern: `['a', 'b']` for `b` in `{ a: { b } }`; null for array elements, rests and
 * defaults.
 */
export function patternPath(pattern: Node, name: Node): string[] | null {
  if (pattern === name) return [];
  if (pattern.type !== 'ObjectPattern') return null;
  for (const property of pattern.properties) {
    if (property.type !== 'Property') continue;
    const inner = patternPath(property.value.type === 'AssignmentPattern' ? property.value.left : property.value, name);
    const key = inner && nameOf(property);
    if (key) return [key, ...inner];
  }
  return null;
}

export function importValue(specifier: Node, declaration: Node | null | undefined): Value | null {
  if (specifier.type === 'TSImportEqualsDeclaration') {
    const { moduleReference } = specifier;
    if (moduleReference.type !== 'TSExternalModuleReference' || moduleReference.expression.type !== 'Literal')
      return null;
    return {
      root: { kind: 'import', module: moduleName(String(moduleReference.expression.value)), name: '*' },
      path: [],
    };
  }
  if (declaration?.type !== 'ImportDeclaration') return null;
  const module = moduleName(declaration.source.value);
  if (specifier.type === 'ImportNamespaceSpecifier') return { root: { kind: 'import', module, name: '*' }, path: [] };
  if (specifier.type === 'ImportDefaultSpecifier')
    return { root: { kind: 'import', module, name: 'default' }, path: [] };
  if (specifier.type !== 'ImportSpecifier') return null;
  const name = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
  return { root: { kind: 'import', module, name }, path: [] };
}

/** Node's own modules have two spellings; the one with `node:` is used throughout. */
export function moduleName(source: string): string {
  return NODE_MODULES.has(source.split('/')[0]!) ? `node:${source}` : source;
}

/**
 * Are two values the same one? Distinct parameters and call results may be equal, so only what is certainly apart is
 * `no`.
 */
export function sameValue(one: Value, other: Value): Answer {
  if (!sameRoot(one, other))
    return (isApart(one) && isApart(other)) || isOlder(one, other) || isOlder(other, one) ? 'no' : 'maybe';
  if (one.root.kind === 'unknown') return one.root.node === (other.root as { node: Node }).node ? 'yes' : 'maybe';
  return one.path.length === other.path.length && one.path.every((name, at) => name === other.path[at]) ? 'yes' : 'no';
}

function sameRoot({ root: a }: Value, { root: b }: Value): boolean {
  if (a.kind === 'variable') return b.kind === 'variable' && a.variable === b.variable;
  if (a.kind === 'import') return b.kind === 'import' && a.module === b.module && a.name === b.name;
  if (a.kind === 'global') return b.kind === 'global' && a.name === b.name;
  if (a.kind === 'this') return b.kind === 'this' && a.of === b.of;
  if (a.kind === 'literal') return b.kind === 'literal' && a.value === b.value;
  return a.kind === b.kind && a.node === b.node;
}

/** Does the value have an identity of its own, so that another such value is certainly not the same? */
function isApart({ root, path }: Value): boolean {
  if (root.kind === 'fresh' || root.kind === 'literal') return true;
  if (root.kind === 'global') return true;
  if (root.kind !== 'variable' || path.length > 0) return false;
  const definition = root.variable.defs[0];
  if (definition?.type === 'FunctionName' || definition?.type === 'ClassName') return true;
  const init =
    definition?.type === 'Variable' && definition.parent?.kind === 'const' && definition.node.init
      ? bare(definition.node.init)
      : null;
  return (
    init !== null &&
    (isFunction(init) || init.type === 'NewExpression' || init.type === 'ObjectExpression' || isMadeOfFunction(init))
  );
}

/** Is a value what a function was given before it made the other one? */
function isOlder({ root, path }: Value, made: Value): boolean {
  const [definition] = root.kind === 'variable' && path.length === 0 ? root.variable.defs : [];
  if (root.kind !== 'variable' || definition?.type !== 'Parameter' || !isApart(made)) return false;
  const at =
    made.root.kind === 'variable'
      ? made.root.variable.defs[0]?.node
      : made.root.kind === 'fresh'
        ? made.root.node
        : undefined;
  return at !== undefined && isInside(at, definition.node) && at !== definition.node && !isReassigned(root.variable);
}

/** Is anything else put into it than what it begins with? */
export const isReassigned = memoize(({ references }: Variable) => references.some((one) => one.isWrite() && !one.init));

/** `useEvent(() => …)`, `debounce(() => …, 200)`, `draw.bind(this)`: what is made of a function there. */
function isMadeOfFunction(call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  const name = calleeName(call);
  return (
    name === 'bind' ||
    (/^use[A-Z]|[dD]ebounce|[tT]hrottle/.test(name) && call.arguments.some((argument) => isFunction(bare(argument))))
  );
}

import type { TSESTree } from '@typescript-eslint/utils';
import { assignedTo, functionsIn } from './assigned.js';
import { memberFunction, memberNamed, staticNamed, typeOfField, valuesOfField } from './members.js';
import type { Value, Variable } from './value.js';
import type { Values } from './values.js';
import {
  bare,
  type Body,
  calleeName,
  type Fn,
  isFunction,
  nameOf,
  type Node,
  type SourceCode,
  topLevel,
} from './walk.js';

/** What the functions are taken out of that can be found. */
const OWNERS = new Set<string>(['Identifier', 'NewExpression', 'Super', 'ThisExpression']);

/** Follows names to the functions of the file that they stand for. */
export class Callees {
  readonly #values: Values;
  readonly #sourceCode: SourceCode;
  readonly #functions = new Map<Variable, Fn | null>();
  readonly #bound = new Map<Body, Map<string, Fn | null>>();
  #exported: ReadonlyMap<string, Fn> | undefined;

  constructor(values: Values, sourceCode: SourceCode) {
    this.#values = values;
    this.#sourceCode = sourceCode;
  }

  /**
   * The function an expression stands for, where this file declares it: a name, an alias, `this.method`, an object's
   * method, each of them bound.
   */
  of(expression: Node): Fn | null {
    const node = unbound(expression);
    if (isFunction(node)) return node;
    if (node.type !== 'Identifier' && !(node.type === 'MemberExpression' && OWNERS.has(bare(node.object).type)))
      return null;
    const { root, path } = this.#values.of(node);
    if (root.kind === 'variable' && path.length === 0) return this.#declaredFunction(root.variable);
    if (root.kind === 'fresh' && isFunction(root.node)) return root.node;
    if (root.kind === 'this' && root.of && path.length === 1) return this.#memberFunction(root.of, path[0]!);
    if (root.kind === 'variable' && path.length === 1) {
      const method = this.#methodFunction(root.variable, path[0]!);
      if (method) return method;
    }
    const made = node.type === 'MemberExpression' ? bare(node.object) : null;
    const of = made?.type === 'NewExpression' ? this.#values.classOf(made.callee) : null;
    if (of && node.type === 'MemberExpression') return this.#memberFunction(of, nameOf(node) ?? '');
    // `const users = module.exports; users.load = async () => {}`
    const holder = made?.type === 'Identifier' ? this.#values.variable(made) : null;
    return holder ? (assignedTo(holder).get(nameOf(node) ?? '') ?? null) : this.#exportedFunction(root, path);
  }

  /** `exports.load = async () => {}` */
  #exportedFunction({ kind, ...root }: Value['root'], path: readonly string[]): Fn | null {
    if (kind !== 'global' || path.length !== 1 || !('name' in root) || root.name !== 'exports') return null;
    this.#exported ??= functionsIn(
      topLevel(this.#sourceCode.ast).flatMap((statement) => {
        const set = statement.type === 'ExpressionStatement' ? bare(statement.expression) : null;
        const target = set?.type === 'AssignmentExpression' ? set.left : null;
        return target?.type === 'MemberExpression' && isExports(target.object) ? [target] : [];
      }),
    );
    return this.#exported.get(path[0]!) ?? null;
  }

  #declaredFunction(variable: Variable): Fn | null {
    let fn = this.#functions.get(variable);
    if (fn === undefined) this.#functions.set(variable, (fn = declaredFunction(variable)));
    return fn;
  }

  #methodFunction(variable: Variable, name: string): Fn | null {
    const definition = variable.defs.length === 1 ? variable.defs[0] : undefined;
    if (definition?.type === 'ClassName') return fieldFunction(definition.node, name, true);
    if (definition?.type !== 'Variable' || definition.node.id.type !== 'Identifier' || !definition.node.init)
      return null;
    const init = bare(definition.node.init);
    if (init.type === 'ObjectExpression') {
      const property = memberNamed(init, name);
      return property?.type === 'Property' ? this.of(property.value) : null;
    }
    if (init.type === 'NewExpression') {
      const made = this.#values.classOf(init.callee);
      return made && this.#memberFunction(made, name);
    }
    return null;
  }

  /** The method of a class, or of one of this file that it extends; broken code has classes that extend themselves. */
  #memberFunction(of: Body, name: string): Fn | null {
    const seen = new Set<Body>();
    for (let at: Body | null = of; at && !seen.has(at); at = this.#values.parentOf(at)) {
      if (memberNamed(at, name)) return fieldFunction(at, name) ?? this.#boundFunction(at, name);
      seen.add(at);
    }
    return this.#boundFunction(of, name);
  }

  /** `this.onTick = this.tick.bind(this)` */
  #boundFunction(of: Body, name: string): Fn | null {
    let byName = this.#bound.get(of);
    if (!byName) this.#bound.set(of, (byName = new Map<string, Fn | null>()));
    let fn = byName.get(name);
    if (fn === undefined) {
      // A field that is bound from itself must not recurse for ever.
      byName.set(name, null);
      const [only, ...more] = valuesOfField(of, name);
      byName.set(name, (fn = only && more.length === 0 && unbound(only) !== only ? this.of(only) : null));
    }
    return fn;
  }

  /**
   * The function that a call runs: the one that its callee stands for, or the method in `this.limits.check()` and
   * `limits.check()`, where the field has, or is said to have, an instance of a class of this file, or the parameter is.
   */
  calledBy(callee: Node): Fn | null {
    return this.of(callee) ?? this.#methodOfInstance(bare(callee));
  }

  #methodOfInstance(node: Node): Fn | null {
    if (node.type !== 'MemberExpression') return null;
    const { root, path } = this.#values.of(node.object);
    const of =
      root.kind === 'this' && root.of && path.length === 1
        ? this.#classOfField(root.of, path[0]!)
        : root.kind === 'variable' && path.length === 0
          ? this.#classOfParameter(root.variable)
          : null;
    return of && this.#memberFunction(of, nameOf(node) ?? '');
  }

  #classOfField(of: Body, name: string): Body | null {
    const type = typeOfField(of, name);
    const [made] = type?.type === 'TSTypeReference' ? [] : valuesOfField(of, name);
    return made?.type === 'NewExpression' ? this.#values.classOf(made.callee) : this.#classOfType(type);
  }

  #classOfParameter({ defs: [definition] }: Variable): Body | null {
    return definition?.type === 'Parameter' && definition.name.type === 'Identifier'
      ? this.#classOfType(definition.name.typeAnnotation?.typeAnnotation)
      : null;
  }

  #classOfType(type: TSESTree.TypeNode | null | undefined): Body | null {
    return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier'
      ? this.#values.classOf(type.typeName)
      : null;
  }
}

/** `this.load` in `this.load.bind(this)` */
function unbound(expression: Node): Node {
  const node = bare(expression);
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' && nameOf(callee) === 'bind' ? bare(callee.object) : node;
}

/** The function that a variable always is. */
function declaredFunction(variable: Variable): Fn | null {
  const definition = variable.defs.length === 1 ? variable.defs[0] : undefined;
  if (definition?.type === 'FunctionName') return isFunction(definition.node) ? definition.node : null;
  if (definition?.type !== 'Variable' || definition.node.id.type !== 'Identifier' || !definition.node.init) return null;
  if (variable.references.some((reference) => reference.isWrite() && !reference.init)) return null;
  let init = unbound(definition.node.init);
  // `const onAbort = signal && (() => stop());`: it is that function, or it is called by nobody.
  if (init.type === 'LogicalExpression' && init.operator === '&&') init = unbound(init.right);
  // `useCallback(fn, deps)` and `useMemo`-like wrappers keep the function they are given.
  if (init.type === 'CallExpression' && /^use[A-Z]\w*$/.test(calleeName(init)) && init.arguments[0])
    init = bare(init.arguments[0]);
  return isFunction(init) ? init : null;
}

function isExports(node: Node): boolean {
  const object = bare(node);
  return object.type === 'Identifier' && object.name === 'exports';
}

function fieldFunction(of: Body, name: string, isStatic = false): Fn | null {
  const member = isStatic ? staticNamed(of, name) : memberNamed(of, name);
  return member && (isStatic || !('static' in member && member.static)) ? memberFunction(member) : null;
}

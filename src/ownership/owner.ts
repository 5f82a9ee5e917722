import type { TSESTree } from '@typescript-eslint/utils';
import { BOOTSTRAP, ENDING_HOOKS, type Hook, HOOKS, LIFE_CYCLES, type LifeCycle, TEARDOWN_METHODS, TESTS } from '../catalog/owners.js';
import { argumentOf, enclosingFunction, functionName, memberFunction, runOf, runsInPlace } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, type Body, type Call, calleeName, decoratorsOf, type Fn, type Index, isClass, isFunction, isLoop, membersOf, nameOf, type Node } from '../syntax/walk.js';

/** Whose life bounds a piece of code. */
export interface Owner {
  /** `process`: it runs once; `run`: a call of a function; `instance`, `effect`, `test`: as in docs/ownership.md. */
  readonly kind: 'effect' | 'instance' | 'process' | 'run' | 'test';
  /** The function, class or object literal; the program for `process`. */
  readonly node: Node;
  /** What the reader calls it: `this effect`, `` `Poller` ``. */
  readonly name: string;
  /** Where it ends; null where nothing in this file says so. */
  readonly teardown: Teardown | null;
}

export interface Teardown {
  /** What the reader calls it: `` `stop()` ``, `the cleanup of this effect`. */
  readonly name: string;
  /** The functions that end the owner: none where the owner has a life cycle and the method is still to be written. */
  readonly functions: readonly Fn[];
  /** The method to add to, or to write; null for effects. */
  readonly method: string | null;
}

export class Owners {
  readonly #values: Values;
  readonly #index: Index;
  readonly #program: TSESTree.Program;
  readonly #instances = new WeakMap<Body, Owner>();

  constructor(values: Values, index: Index, program: TSESTree.Program) {
    this.#values = values;
    this.#index = index;
    this.#program = program;
  }

  /** The nearest life around a node: an effect's, an instance's, a test's, a call's, or the program's. */
  of(node: Node): Owner {
    const own = runOf(node);
    for (let fn = own; fn; fn = enclosingFunction(fn)) {
      const owner = this.#effect(fn) ?? this.#test(fn) ?? this.#member(fn);
      if (owner) return owner;
    }
    const field = fieldAround(node);
    if (field) return this.instance(field);
    if (!own || this.#runsOnce(own)) return { kind: 'process', node: this.#program, name: 'the program', teardown: null };
    const name = functionName(own);
    return { kind: 'run', node: own, name: name ? `\`${name}\`` : 'this call', teardown: null };
  }

  /** The life of an instance: its class, or the object literal its method belongs to. */
  instance(body: Body): Owner {
    let owner = this.#instances.get(body);
    if (!owner) this.#instances.set(body, (owner = makeInstance(body)));
    return owner;
  }

  #effect(fn: Fn): Owner | null {
    const hook = this.hookOf(fn);
    if (!hook) return this.#setup(fn);
    if (hook.ends === 'return') {
      return { kind: 'effect', node: fn, name: hook.owner, teardown: { name: `the cleanup of ${hook.owner}`, functions: this.#returned(fn), method: null } };
    }
    return this.#component(fn, hook.owner);
  }

  /** The hook that a function is given to. */
  hookOf(fn: Fn): Hook | null {
    const taken = argumentOf(fn);
    if (taken?.call.type !== 'CallExpression') return null;
    const { call, index } = taken;
    const name = calleeName(call);
    const origin = this.#values.origin(call.callee);
    return (
      HOOKS.find(({ names, from }) => {
        if (origin !== null && names.includes(origin)) return from.includes('') || from.includes('*');
        const [module] = origin === null ? [] : [origin.slice(0, -name.length - 1)];
        return names.includes(name) && index < 2 && (from.includes('*') || (module !== undefined && from.includes(module)));
      }) ?? null
    );
  }

  /** Vue's `setup()`: the hooks it calls end what it starts. */
  #setup(fn: Fn): Owner | null {
    const { parent } = fn;
    if (parent?.type !== 'Property' || nameOf(parent) !== 'setup' || !argumentOf(parent.parent)) return null;
    return this.#component(fn, 'this component');
  }

  #component(fn: Fn, name: string): Owner {
    const functions = [...ENDING_HOOKS].flatMap((hook) => (this.#index.calls.get(hook) ?? []).flatMap((call) => this.#callbacksOf(call)));
    return { kind: 'effect', node: fn, name, teardown: { name: `the unmount hook of ${name}`, functions, method: null } };
  }

  #callbacksOf(call: Call): Fn[] {
    return call.arguments.flatMap((argument) => this.#values.functionOf(argument) ?? []);
  }

  /** The functions that a function returns, on any of its ways. */
  #returned(fn: Fn): Fn[] {
    if (fn.body.type !== 'BlockStatement') return this.#cleanups(fn.body);
    const found: Fn[] = [];
    const visit = (node: Node | null | undefined): void => {
      if (!node || isFunction(node)) return;
      if (node.type === 'ReturnStatement' && node.argument) found.push(...this.#cleanups(node.argument));
      else if (node.type === 'BlockStatement') node.body.forEach(visit);
      else if (node.type === 'IfStatement') [node.consequent, node.alternate].forEach(visit);
      else if (node.type === 'TryStatement') [node.block, node.handler?.body, node.finalizer].forEach(visit);
      else if (node.type === 'SwitchStatement') node.cases.forEach((one) => one.consequent.forEach(visit));
    };
    visit(fn.body);
    return found;
  }

  #cleanups(expression: Node): Fn[] {
    const node = bare(expression);
    if (node.type === 'ConditionalExpression') return [...this.#cleanups(node.consequent), ...this.#cleanups(node.alternate)];
    const fn = this.#values.functionOf(node);
    return fn ? [fn] : [];
  }

  #test(fn: Fn): Owner | null {
    const taken = argumentOf(fn);
    if (!taken) return null;
    const callee = bare(taken.call.callee);
    const root = callee.type === 'MemberExpression' ? bare(callee.object) : callee;
    if (root.type !== 'Identifier' || !TESTS.has(root.name) || (this.#values.variable(root)?.defs[0]?.type ?? 'ImportBinding') !== 'ImportBinding') return null;
    return { kind: 'test', node: fn, name: 'this test', teardown: null };
  }

  #member(fn: Fn): Owner | null {
    const { parent } = fn;
    if (!parent || !('value' in parent) || parent.value !== fn) return null;
    if ((parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') && !parent.static) return this.instance(parent.parent.parent);
    if (parent.type !== 'Property' || parent.parent.type !== 'ObjectExpression') return null;
    const owner = this.instance(parent.parent);
    return owner.teardown ? owner : null;
  }

  /** Does a function run only when the program starts? */
  #runsOnce(fn: Fn): boolean {
    if (enclosingFunction(fn)) return false;
    if (runsInPlace(fn)) return !inLoop(fn);
    const name = functionName(fn);
    const calls = name === null ? [] : (this.#index.calls.get(name) ?? []).filter((call) => this.#values.functionOf(call.callee) === fn);
    if (calls.length === 1) return runOf(calls[0]!) === null && !inLoop(calls[0]!);
    return calls.length === 0 && name !== null && BOOTSTRAP.has(name);
  }
}

function inLoop(node: Node): boolean {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) if (isLoop(at)) return true;
  return false;
}

/** The class whose field is initialised where a node stands. */
function fieldAround(node: Node): Body | null {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) {
    if (at.type === 'PropertyDefinition') return at.static ? null : at.parent.parent;
  }
  return null;
}

function makeInstance(body: Body): Owner {
  const cycle = isClass(body) ? lifeCycleOf(body) : null;
  const methods = new Map<string, Fn>();
  for (const member of membersOf(body)) {
    const fn = 'key' in member && !('static' in member && member.static) ? memberFunction(member) : null;
    const name = fn && 'key' in member ? nameOf(member) : null;
    if (fn && name !== null) methods.set(name, fn);
  }
  const ends = [...(cycle?.ends ?? []), ...TEARDOWN_METHODS].filter((name, at, all) => methods.has(name) && all.indexOf(name) === at);
  const method = ends[0] ?? cycle?.ends[0];
  return {
    kind: 'instance',
    node: body,
    name: isClass(body) && body.id ? `\`${body.id.name}\`` : cycle ? `this ${cycle.owner}` : 'this object',
    teardown: method === undefined ? null : { name: `\`${method}()\``, functions: ends.map((name) => methods.get(name)!), method },
  };
}

/** The framework that ends a class's instances, by what it extends or is decorated with. */
export function lifeCycleOf(body: Body): LifeCycle | null {
  if (!isClass(body)) return null;
  const parent = body.superClass && bare(body.superClass);
  const extended = parent?.type === 'Identifier' ? parent.name : parent?.type === 'MemberExpression' ? (nameOf(parent) ?? '') : '';
  const decorators = decoratorsOf(body).flatMap(({ expression }) => {
    const callee = expression.type === 'CallExpression' ? expression.callee : expression;
    return callee.type === 'Identifier' ? [callee.name] : [];
  });
  return (
    LIFE_CYCLES.find(({ extending, decorated }) => extending?.test(extended) || decorated?.some((name) => decorators.includes(name))) ?? null
  );
}

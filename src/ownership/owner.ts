import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../catalog/index.js';
import type { Hook, LifeCycle, LifeCycles, OwnerEnd } from '../catalog/life-cycles.js';
import { BOOTSTRAP, TEARDOWN_METHODS } from '../catalog/owners.js';
import { wordOf } from '../catalog/signature.js';
import { argumentOf, enclosingFunction, functionName, isInside, memberFunction, runOf, runsInPlace } from '../syntax/functions.js';
import type { Values } from '../syntax/values.js';
import { bare, type Body, type Call, calleeName, decoratorsOf, type Fn, type Index, interfacesOf, isClass, isFunction, isLoop, membersOf, nameOf, type Node, type SourceCode, walk } from '../syntax/walk.js';

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
  /** `strict`: it may live as long as the program. */
  readonly level?: 'strict';
}

export interface Teardown {
  /** What the reader calls it: `` `stop()` ``, `the cleanup of this effect`. */
  readonly name: string;
  /** The functions that end the owner: none where the owner has a life cycle and the method is still to be written. */
  readonly functions: readonly Fn[];
  /** The method to add to, or to write; null for effects. */
  readonly method: string | null;
}

/** A function that is meant to end something, and that nobody calls. */
export interface LostCleanup {
  readonly node: Node;
  /** Why it never runs. */
  readonly late: string;
  readonly remedy: string;
}

export class Owners {
  readonly #values: Values;
  readonly #index: Index;
  readonly #sourceCode: SourceCode;
  readonly #lifeCycles: LifeCycles;
  readonly #instances = new WeakMap<Body, Owner>();
  #endings: readonly Fn[] | undefined;
  #lost: ReadonlyMap<Node, LostCleanup> | undefined;

  constructor(values: Values, index: Index, sourceCode: SourceCode, lifeCycles: LifeCycles) {
    this.#values = values;
    this.#index = index;
    this.#sourceCode = sourceCode;
    this.#lifeCycles = lifeCycles;
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
    if (!own || this.#runsOnce(own)) return { kind: 'process', node: this.#sourceCode.ast, name: 'the program', teardown: null };
    const name = functionName(own);
    return { kind: 'run', node: own, name: name ? `\`${name}\`` : 'this call', ...this.#made(own) };
  }

  /** What a function makes and ends with, as a window: what the function starts ends when that is closed. */
  #made(fn: Fn): Pick<Owner, 'level' | 'teardown'> {
    for (const hook of this.#lifeCycles.made) {
      const calls = this.#index.calls.get(wordOf(hook.signature.text)) ?? [];
      if (!calls.some((call) => isInside(call, fn) && runOf(call) === fn && this.#isCallOf(hook, call))) continue;
      const functions = hook.ends.flatMap(({ registration }) => (registration ? this.#registered(registration, fn) : []));
      return { teardown: { name: `the cleanup of this ${hook.row.owner}`, functions, method: null }, ...(hook.row.level && { level: hook.row.level }) };
    }
    return { teardown: null };
  }

  /** The life of an instance: its class, or the object literal its method belongs to. */
  instance(body: Body): Owner {
    let owner = this.#instances.get(body);
    if (!owner) this.#instances.set(body, (owner = this.#makeInstance(body)));
    return owner;
  }

  #effect(fn: Fn): Owner | null {
    const hook = this.hookOf(fn);
    if (!hook) return this.#setup(fn);
    const { owner, level } = hook.row;
    const registered = hook.ends.flatMap(({ registration }) => (registration ? this.#registered(registration, fn) : []));
    const functions = [...(hook.returns && !fn.async ? this.#returned(fn) : []), ...registered, ...(hook.returns ? [] : this.#ending())];
    const name = owner === 'component' && !hook.returns ? `the unmount hook of this ${owner}` : `the cleanup of this ${owner}`;
    return { kind: 'effect', node: fn, name: `this ${owner}`, teardown: { name, functions: [...new Set(functions)], method: null }, ...(level && registered.length === 0 && { level }) };
  }

  /** The hook that a function is given to. */
  hookOf(fn: Fn): Hook | null {
    let taken = argumentOf(fn);
    // `useFocusEffect(useCallback(() => {…}, []))`
    if (taken && calleeName(taken.call) === 'useCallback') taken = argumentOf(taken.call);
    if (!taken) return null;
    const { call, index } = taken;
    const hooks = this.#hooksOf(call);
    return hooks.find((hook) => hook.methods === null && hook.index === index && this.#isCallOf(hook, call)) ?? null;
  }

  /** What a call may begin, by its name or by the name it is exported by. */
  #hooksOf(call: Call): readonly Hook[] {
    const hooks = this.#lifeCycles.hooksOf(calleeName(call));
    if (hooks.length > 0) return hooks;
    const { root, path } = this.#values.of(call.callee);
    return root.kind === 'import' && path.length === 0 ? this.#lifeCycles.hooksOf(root.name) : [];
  }

  #isCallOf({ signature, row: { from } }: Hook, call: Call): boolean {
    if (signature.isNew !== (call.type === 'NewExpression')) return false;
    if (signature.arguments.some((argument, at) => argument.kind === 'literal' && this.#values.text(call.arguments[at]) !== argument.value)) return false;
    const modules = listed(from ?? []);
    if (modules.includes('*')) return true;
    const origin = this.#values.origin(call.callee);
    const name = signature.callee.join('.');
    return origin !== null && (from === undefined ? origin === name : modules.some((module) => origin === `${module}.${name}`));
  }

  /** Vue's `setup()`: the hooks it calls end what it starts. */
  #setup(fn: Fn): Owner | null {
    const { parent } = fn;
    if (parent?.type !== 'Property' || nameOf(parent) !== 'setup' || !argumentOf(parent.parent)) return null;
    return { kind: 'effect', node: fn, name: 'this component', teardown: { name: 'the unmount hook of this component', functions: this.#ending(), method: null } };
  }

  /** The functions that are given to the hooks that end what they are called in, wherever these stand. */
  #ending(): readonly Fn[] {
    return (this.#endings ??= [...this.#lifeCycles.endings.keys()].flatMap((hook) => (this.#index.calls.get(hook) ?? []).flatMap((call) => this.#callbacksOf(call))));
  }

  /** What is given to the calls that take what ends an owner, as `socket.on('close', cleanup)` does. */
  #registered(registration: Hook['signature'], within: Node): Fn[] {
    const calls = this.#index.calls.get(wordOf(registration.text)) ?? [];
    return calls.filter((call) => isInside(call, within) && this.#isRegistration(registration, call)).flatMap((call) => this.#callbacksOf(call));
  }

  #isRegistration({ callee, arguments: args }: Hook['signature'], call: Call): boolean {
    if (args.some((argument, at) => argument.kind === 'literal' && this.#values.text(call.arguments[at]) !== argument.value)) return false;
    let at: Node = bare(call.callee);
    for (const name of callee.slice(1).toReversed()) {
      if (at.type !== 'MemberExpression' || nameOf(at) !== name) return false;
      at = bare(at.object);
    }
    return true;
  }

  /** The cleanup around a node that never runs; null where it does, as far as this file shows. */
  lostCleanup(node: Node): LostCleanup | null {
    this.#lost ??= this.#lostCleanups();
    if (this.#lost.size === 0) return null;
    for (let at: Node | undefined = node; at; at = at.parent) {
      const lost = this.#lost.get(at);
      if (lost) return lost;
    }
    return null;
  }

  #lostCleanups(): Map<Node, LostCleanup> {
    const lost = new Map<Node, LostCleanup>();
    for (const [word, modules] of this.#lifeCycles.endings) {
      for (const call of this.#index.calls.get(word) ?? []) {
        const origin = this.#values.origin(call.callee);
        if (!modules.some((module) => origin === `${module}.${word}`) || !isAfterAwait(call, this.#sourceCode)) continue;
        lost.set(call, { node: call, late: 'registered after an `await`', remedy: 'Register it before the first `await`' });
        for (const fn of this.#callbacksOf(call)) if (this.#isOnlyFor(fn, call)) lost.set(fn, lost.get(call)!);
      }
    }
    for (const fn of this.#index.functions) {
      if (!fn.async || !this.hookOf(fn)?.returns) continue;
      for (const cleanup of this.#returned(fn)) if (isInside(cleanup, fn)) lost.set(cleanup, { node: cleanup, late: 'returned by an async function', remedy: 'Return it from a function that is not async' });
    }
    return lost;
  }

  /** Has a function no other use than to be given to a call? */
  #isOnlyFor(fn: Fn, call: Call): boolean {
    if (isInside(fn, call)) return true;
    const argument = call.arguments.find((one) => this.#values.functionOf(one) === fn);
    const variable = argument?.type === 'Identifier' ? this.#values.variable(argument) : null;
    return variable?.references.filter((reference) => reference.isRead()).length === 1;
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
    if (root.type !== 'Identifier' || !this.#lifeCycles.tests.has(root.name) || (this.#values.variable(root)?.defs[0]?.type ?? 'ImportBinding') !== 'ImportBinding') return null;
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

  #makeInstance(body: Body): Owner {
    const cycle = this.lifeCycleOf(body);
    const methods = new Map<string, Fn>();
    for (const member of membersOf(body)) {
      const fn = 'key' in member && !('static' in member && member.static) ? memberFunction(member) : null;
      const name = fn && 'key' in member ? nameOf(member) : null;
      if (fn && name !== null) methods.set(name, fn);
    }
    const own = cycle?.ends.flatMap(({ method }) => method ?? []) ?? [];
    const ends = [...own, ...TEARDOWN_METHODS].filter((name, at, all) => methods.has(name) && all.indexOf(name) === at);
    const method = ends[0] ?? own[0] ?? null;
    const registrations = cycle?.ends.flatMap(({ registration }) => registration ?? []) ?? [];
    const functions = [...ends.map((name) => methods.get(name)!), ...registrations.flatMap((one) => this.#registered(one, body))];
    const name = method !== null ? `\`${method}()\`` : registrations[0] ? `\`${registrations[0].callee.join('.')}()\`` : null;
    return {
      kind: 'instance',
      node: body,
      name: isClass(body) && body.id ? `\`${body.id.name}\`` : cycle ? `this ${cycle.row.owner}` : 'this object',
      teardown: name === null ? null : { name, functions, method },
      ...(cycle?.row.level && functions.length === 0 && { level: cycle.row.level }),
    };
  }

  /** The framework that ends an instance, by what its class extends, implements or is decorated with, or by the call that takes the object. */
  lifeCycleOf(body: Body): { readonly row: LifeCycle['row']; readonly ends: readonly OwnerEnd[] } | null {
    if (!isClass(body)) return this.#objectOf(body);
    const parents = body.superClass ? parentsOf(body.superClass) : [];
    const decorators = decoratorsOf(body).map(({ expression }) => (expression.type === 'CallExpression' ? expression.callee : expression));
    const contracts = interfacesOf(body).map(({ expression }) => expression);
    if (parents.length + decorators.length + contracts.length === 0) return null;
    const written = { extends: parents, decorator: decorators, implements: contracts };
    return this.#lifeCycles.classes.find(({ by, name, row: { from } }) => written[by].some((node) => this.#isNamed(node, name, listed(from ?? [])))) ?? null;
  }

  #isNamed(node: Node, name: RegExp, modules: readonly string[]): boolean {
    const written = dottedName(node);
    if (written === null || !(name.test(written) || name.test(written.slice(written.lastIndexOf('.') + 1)))) return false;
    if (modules.length === 0 || modules.includes('*')) return true;
    const { root } = this.#values.of(node);
    return root.kind === 'import' && modules.some((module) => root.module === module || root.module.startsWith(`${module}/`));
  }

  /** `defineComponent({ mounted() {…} })` */
  #objectOf(body: TSESTree.ObjectExpression): Hook | null {
    const taken = argumentOf(body);
    if (!taken) return null;
    const fits = (hook: Hook): boolean => hook.methods !== null && hook.index === taken.index && this.#isCallOf(hook, taken.call);
    return this.#hooksOf(taken.call).find((hook) => fits(hook) && membersOf(body).some((member) => 'key' in member && hook.methods!.includes(nameOf(member) ?? ''))) ?? null;
  }
}

/** Does a call stand after an `await` of its function, where a framework no longer knows for whom it runs? */
function isAfterAwait(call: Call, sourceCode: SourceCode): boolean {
  const fn = enclosingFunction(call);
  if (!fn?.async) return false;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    if (found || isFunction(node) || node.range[0] >= call.range[0]) return false;
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) found = node.range[1] <= call.range[0] && !leavesAfter(node, fn, call);
    return !found;
  });
  return found;
}

/** Does a branch leave the function that a node stands in, and the other does not? */
function leavesAfter(node: Node, fn: Fn, other: Node): boolean {
  for (let at = node.parent; at && at !== fn; at = at.parent) {
    const last = at.type === 'BlockStatement' && !isInside(other, at) ? at.body.at(-1)?.type : undefined;
    if (last === 'ReturnStatement' || last === 'ThrowStatement') return true;
  }
  return false;
}

/** What a class extends: through `mixin(Base)`, too. */
function parentsOf(superClass: Node): Node[] {
  const node = bare(superClass);
  return node.type === 'CallExpression' ? [node.callee, ...node.arguments.flatMap(parentsOf)] : [node];
}

function dottedName(node: Node): string | null {
  const at = bare(node);
  if (at.type === 'Identifier') return at.name;
  const object = at.type === 'MemberExpression' ? dottedName(at.object) : null;
  return object === null ? null : `${object}.${nameOf(at) ?? ''}`;
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

import type { LifeCycles } from '../../catalog/life-cycles.js';
import {
  argumentOf,
  componentAround,
  enclosingFunction,
  functionName,
  isInside,
  runOf,
} from '../../syntax/functions.js';
import { bodyOfMember, isConstructor, memberFunction, memberName, membersOf } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Body,
  calleeName,
  type Fn,
  type Index,
  isClass,
  isFunction,
  nameOf,
  type Node,
  type SourceCode,
} from '../../syntax/walk.js';
import { type LostCleanup, lostCleanups } from './cleanups.js';
import { factoryOf } from './factories.js';
import { Frameworks } from './frameworks.js';
import { endsOne, instanceEnds } from './instance-ends.js';
import { beginsAll, isMadeOnce, mayRunAgain, runsOncePerLife } from './once.js';
import { ProgramStart } from './program-start.js';
import { rootComponents, runsAtMount, runsWithoutDeps } from './roots.js';

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
  /** What begins the work that its teardown ends, as `start()` beside `stop()`; none where it may end more than that. */
  readonly begins?: readonly Fn[];
  /** What else it may be: a call, where nothing but a function's name says that the program begins with it. */
  readonly orElse?: Owner;
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
  readonly #sourceCode: SourceCode;
  readonly frameworks: Frameworks;
  /** The part of a single-file component that runs for each of its instances. */
  readonly script: Script | null;
  /** Is it the component that a page begins with, by the name that everybody gives it? */
  readonly #isFirst: boolean;
  readonly #programStart: ProgramStart;
  readonly #instances = new Map<Body, Owner>();
  readonly #lives = new Map<Fn, Owner | null>();
  readonly #runs = new Map<Fn, Owner>();
  #lost: ReadonlyMap<Node, LostCleanup> | undefined;
  #roots: ReadonlySet<Node> | undefined;

  constructor(values: Values, index: Index, sourceCode: SourceCode, lifeCycles: LifeCycles, filename: string) {
    this.#values = values;
    this.#index = index;
    this.#sourceCode = sourceCode;
    this.frameworks = new Frameworks(values, index, lifeCycles, filename);
    this.script = scriptOf(sourceCode.text, filename);
    this.#isFirst = /(?:^|[\\/])[Aa]pp\.(?:vue|svelte)$/.test(filename);
    this.#programStart = new ProgramStart(values, index, (node) => this.isOfComponent(node));
  }

  /** The nearest life around a node: an effect's, an instance's, a test's, a call's, or the program's. */
  of(node: Node): Owner {
    const owner = this.#of(node);
    // What a page begins with rarely ends before it.
    return this.#isFirst && (owner.kind === 'effect' || owner.kind === 'instance')
      ? { ...owner, level: 'strict' }
      : owner;
  }

  #of(node: Node): Owner {
    const own = runOf(node);
    const around = own && this.#around(own);
    if (around) return around;
    const field = fieldAround(node);
    if (field)
      return this.#programStart.isSingleton(this.instance(field))
        ? this.#program()
        : this.#asOfOne(this.instance(field));
    const owner = own ? this.#run(own) : this.#startOf(node);
    return owner.kind === 'run' && isMadeOnce(node, this.#values, this.#index) ? this.#program() : owner;
  }

  /** The nearest life that a function is part of, apart from its own. */
  #around(fn: Fn): Owner | null {
    let owner = this.#lives.get(fn);
    if (owner === undefined) {
      const own = this.#effect(fn) ?? this.#test(fn) ?? this.#member(fn) ?? factoryOf(fn, this.#values);
      const outer = own ? null : enclosingFunction(fn);
      owner = own ? this.#ofMember(own, fn) : outer && this.#around(outer);
      this.#lives.set(fn, owner);
    }
    return owner;
  }

  /** What an owner's function begins begins once, where there is one owner and one run of it. */
  #ofMember(own: Owner, fn: Fn): Owner {
    if (this.#isOfRoot(own, fn)) return this.#program();
    // Most classes have many instances, which is seen sooner than who calls their methods.
    if (!isClass(own.node) || !this.#isOnlyOne(own)) return own;
    const isOnce =
      !mayRunAgain(fn) || (!own.teardown && beginsAll(fn)) || runsOncePerLife(fn, own.node, this.#index, this.#values);
    if (!isOnce) return own;
    return own.teardown ? this.#asOfOne(own) : this.#program();
  }

  /** The life of a call of a function. */
  #run(fn: Fn): Owner {
    let owner = this.#runs.get(fn);
    if (!owner) {
      const name = functionName(fn);
      owner = { kind: 'run', node: fn, name: name ? `\`${name}\`` : 'this call', ...this.#made(fn) };
      if (this.#programStart.runsOnce(fn))
        owner = {
          ...this.#startOf(fn),
          ...(this.#programStart.isOnlyNamedSo(fn) && { orElse: { ...owner, level: 'strict' } }),
        };
      this.#runs.set(fn, owner);
    }
    return owner;
  }

  /** The life of what runs when the file is loaded. */
  #startOf(node: Node): Owner {
    return this.isOfComponent(node) ? this.#component(this.#sourceCode.ast) : this.#program();
  }

  #program(): Owner {
    return { kind: 'process', node: this.#sourceCode.ast, name: 'the program', teardown: null };
  }

  /**
   * Is it the first and only run of code in a component that the page is rendered with, and that says nothing of an
   * end?
   */
  #isOfRoot({ kind, node, teardown }: Owner, fn: Fn): boolean {
    if (
      (kind !== 'effect' && kind !== 'instance') ||
      teardown?.functions.some(({ body }) => body.type !== 'BlockStatement' || body.body.length > 0)
    )
      return false;
    const component = kind === 'effect' ? enclosingFunction(node) : node;
    if (!component || !(kind === 'effect' ? runsWithoutDeps(fn) : runsAtMount(fn))) return false;
    this.#roots ??= rootComponents(this.#index, this.#values, this.#sourceCode, (call) =>
      this.#programStart.isOfStart(call),
    );
    return this.#roots.has(component);
  }

  /**
   * An instance may have an end that never comes: where it is the only one of the program, what it is made with starts
   * once.
   */
  #asOfOne(owner: Owner): Owner {
    return owner.teardown && this.#isOnlyOne(owner) ? { ...owner, level: 'strict' } : owner;
  }

  /** Is it the only instance of a class, whether that has an end or not? */
  #isOnlyOne(owner: Owner): boolean {
    return this.#programStart.isSingleton({ ...owner, teardown: null });
  }

  /** The life of an instance: its class, or the object literal its method belongs to. */
  instance(body: Body): Owner {
    let owner = this.#instances.get(body);
    if (!owner) this.#instances.set(body, (owner = this.#makeInstance(body)));
    return owner;
  }

  /** Does the teardown of an abstract class call what its subclasses have to write? */
  leavesToSubclass({ node, teardown }: Owner): boolean {
    if (!isClass(node) || !node.abstract || !teardown) return false;
    return node.body.body.some((member) => {
      const name = member.type === 'TSAbstractMethodDefinition' ? nameOf(member) : null;
      return (
        name !== null &&
        this.#index.calls
          .of(name)
          .some(
            (call) =>
              teardown.functions.some((fn) => isInside(call, fn)) && this.#values.of(call.callee).root.kind === 'this',
          )
      );
    });
  }

  #effect(fn: Fn): Owner | null {
    const hook = this.frameworks.hookOf(fn);
    if (!hook) return this.#setup(fn);
    const { owner, level } = hook.row;
    const registered = hook.ends.flatMap(({ registration }) =>
      registration ? this.frameworks.registered(registration, fn) : [],
    );
    const functions = [
      ...(hook.returns && !fn.async ? this.frameworks.returned(fn) : []),
      ...registered,
      ...(hook.returns ? [] : this.frameworks.ending()),
    ];
    const name =
      owner === 'component' && !hook.returns ? `the unmount hook of this ${owner}` : `the cleanup of this ${owner}`;
    return {
      kind: 'effect',
      node: fn,
      name: `this ${owner}`,
      teardown: { name, functions: [...new Set(functions)], method: null },
      ...(level && registered.length === 0 && { level }),
    };
  }

  /** What a function makes and ends with: what it starts ends when that is closed. */
  #made(fn: Fn): Pick<Owner, 'level' | 'teardown'> {
    const hook = this.frameworks.madeIn(fn);
    if (!hook) return { teardown: null };
    const functions = hook.ends.flatMap(({ registration }) =>
      registration ? this.frameworks.registered(registration, fn) : [],
    );
    return {
      teardown: { name: `the cleanup of this ${hook.row.owner}`, functions, method: null },
      ...(hook.row.level && { level: hook.row.level }),
    };
  }

  /** Vue's `setup()`, and a composable that calls a hook as it does: the hooks it calls end what it starts. */
  #setup(fn: Fn): Owner | null {
    const { parent } = fn;
    if (this.frameworks.callsHook(fn)) return this.#component(fn);
    if (parent?.type !== 'Property' || nameOf(parent) !== 'setup') return null;
    const taken = argumentOf(parent.parent);
    return taken && MAKES_COMPONENT.test(calleeName(taken.call)) ? this.#component(fn) : null;
  }

  #component(node: Node): Owner {
    return {
      kind: 'effect',
      node,
      name: 'this component',
      teardown: { name: 'the unmount hook of this component', functions: this.frameworks.ending(), method: null },
    };
  }

  /** Is code outside functions run for each instance of a component, as in `<script setup>`? */
  isOfComponent({ range }: Node): boolean {
    return this.script !== null && this.script.start <= range[0] && range[1] <= this.script.end;
  }

  /** The cleanup around a node that never runs; null where it does, as far as this file shows. */
  lostCleanup(node: Node): LostCleanup | null {
    this.#lost ??= lostCleanups(this.frameworks, this.#index, this.#values, this.#sourceCode);
    if (this.#lost.size === 0) return null;
    for (let at: Node | undefined = node; at; at = at.parent) {
      const lost = this.#lost.get(at);
      if (lost) return lost;
    }
    return null;
  }

  #test(fn: Fn): Owner | null {
    const taken = argumentOf(fn);
    if (!taken) return null;
    const callee = bare(taken.call.callee);
    const root = callee.type === 'MemberExpression' ? bare(callee.object) : callee;
    if (
      root.type !== 'Identifier' ||
      !this.frameworks.lifeCycles.tests.has(root.name) ||
      (this.#values.variable(root)?.defs[0]?.type ?? 'ImportBinding') !== 'ImportBinding'
    )
      return null;
    return { kind: 'test', node: fn, name: 'this test', teardown: null };
  }

  #member(fn: Fn): Owner | null {
    const body = bodyOfMember(fn) ?? (isConstructor(fn) ? fn : null);
    const owner = body && this.instance(body.type === 'ObjectExpression' ? componentAround(body) : body);
    return owner?.teardown || (body && body.type !== 'ObjectExpression') ? owner : null;
  }

  #makeInstance(body: Body): Owner {
    const cycle = this.frameworks.lifeCycleOf(body);
    const methods = new Map<string, Fn>();
    for (const member of membersOf(body)) {
      const fn = 'static' in member && member.static ? null : memberFunction(member);
      const name = fn && memberName(member);
      if (fn && name !== null) methods.set(name, fn);
    }
    const own = cycle?.ends.flatMap(({ method }) => method ?? []) ?? [];
    const ends = instanceEnds(body, methods, own, { index: this.#index, values: this.#values });
    const method = ends[0] ?? own[0] ?? null;
    const registrations = cycle?.ends.flatMap(({ registration }) => registration ?? []) ?? [];
    const functions = [
      ...ends.map((name) => methods.get(name)!),
      ...registrations.flatMap((one) => this.frameworks.registered(one, body)),
    ];
    const begins = ends.flatMap((one) => methods.get(BEGINS.get(one) ?? '') ?? []);
    const name =
      method !== null ? `\`${method}()\`` : registrations[0] ? `\`${registrations[0].callee.join('.')}()\`` : null;
    return {
      kind: 'instance',
      node: body,
      name:
        body.type !== 'ObjectExpression' && body.id
          ? `\`${body.id.name}\``
          : cycle
            ? `this ${cycle.row.owner}`
            : 'this object',
      teardown: name === null ? null : { name, functions, method },
      ...(((cycle?.row.level && functions.length === 0) ||
        (ends.length > 0 && ends.every((one) => !own.includes(one) && endsOne(one, methods.get(one)!)))) && {
        level: 'strict',
      }),
      ...(begins.length > 0 && begins.length === ends.length && { begins }),
    };
  }
}

/** Methods that end what another of their class begins, which may come again. */
const BEGINS = new Map([
  ['stop', 'start'],
  ['disconnect', 'connect'],
  ['close', 'open'],
  ['deactivate', 'activate'],
  ['unmount', 'mount'],
  ['detach', 'attach'],
  ['unbind', 'bind'],
  ['unload', 'load'],
  ['removeListeners', 'addListeners'],
  ['removeEventListeners', 'addEventListeners'],
]);

/** What takes a component of Vue as an object; others have a `setup`, too. */
const MAKES_COMPONENT = /^define\w*(?:Component|Element)$|^create\w*App$|^(?:component|extend|mixin|mount|render)$/i;

/** The script of a component's file that each of its instances runs, and what it calls to be told of the end. */
export interface Script {
  readonly start: number;
  readonly end: number;
  readonly hook: { readonly module: string; readonly name: string };
}

const COMPONENTS = [
  { extension: '.vue', tag: /<script\b[^>]*\ssetup\b[^>]*>/, hook: { module: 'vue', name: 'onUnmounted' } },
  {
    extension: '.svelte',
    tag: /<script\b(?![^>]*(?:\smodule\b|context=))[^>]*>/,
    hook: { module: 'svelte', name: 'onDestroy' },
  },
];

function scriptOf(text: string, filename: string): Script | null {
  const component = COMPONENTS.find(({ extension }) => filename.endsWith(extension));
  const start = component ? text.search(component.tag) : -1;
  return component && start >= 0 ? { start, end: text.indexOf('</script>', start), hook: component.hook } : null;
}

/** The class whose field is initialised where a node stands. */
function fieldAround(node: Node): Body | null {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) {
    if (at.type === 'PropertyDefinition') return at.static ? null : at.parent.parent;
  }
  return null;
}

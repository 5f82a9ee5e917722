import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../../catalog/index.js';
import type { Hook, LifeCycle, LifeCycles, OwnerEnd } from '../../catalog/life-cycles.js';
import { type Signature, wordOf } from '../../catalog/signature.js';
import { argumentOf, enclosingFunction, isInside, returnedBy, runOf } from '../../syntax/functions.js';
import { memberName, membersOf } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Body,
  type Call,
  calleeName,
  type Class,
  decoratorsOf,
  type Fn,
  type Index,
  interfacesOf,
  isClass,
  nameOf,
  type Node,
} from '../../syntax/walk.js';

/** What frameworks run in a file, and what they are given that ends it. */
export class Frameworks {
  readonly #values: Values;
  readonly #index: Index;
  readonly #filename: string;
  readonly lifeCycles: LifeCycles;
  #endings: readonly Fn[] | undefined;
  #setUps: ReadonlySet<Fn> | undefined;

  constructor(values: Values, index: Index, lifeCycles: LifeCycles, filename: string) {
    this.#values = values;
    this.#index = index;
    this.lifeCycles = lifeCycles;
    this.#filename = filename;
  }

  /** The hook that a function is given to, or whose handler it is by its parameters. */
  hookOf(fn: Fn): Hook | null {
    let taken = argumentOf(fn);
    // `useFocusEffect(useCallback(() => {…}, []))`
    if (taken && calleeName(taken.call) === 'useCallback') taken = argumentOf(taken.call);
    const { call, index } = taken ?? {};
    const hooks = call ? this.#hooksOf(call) : [];
    return (
      hooks.find((hook) => hook.methods === null && hook.index === index && this.#isCallOf(hook, call!)) ??
      this.#handlerLike(fn)
    );
  }

  /** The handler that a function is, by what its first parameters are called. A method is part of its instance. */
  #handlerLike({ params, parent }: Fn): Hook | null {
    if (params.length === 0 || parent?.type === 'MethodDefinition') return null;
    const isCalled = (name: string, at: number): boolean => {
      const parameter = params[at];
      return parameter?.type === 'Identifier' && parameter.name === name;
    };
    return (
      this.lifeCycles.handlers.find(
        ({
          signature: {
            arguments: [given],
          },
        }) => (given?.kind === 'callback' ? given.names.every(isCalled) : false),
      ) ?? null
    );
  }

  /** Is it what a function is given by its hook and what tells of the end, as the socket of a connection is? */
  isWhatEnds(parameter: Node, fn: Fn): boolean {
    const hook = this.hookOf(fn);
    const given = hook?.signature.arguments[hook.index];
    const name = given?.kind === 'callback' ? given.names[(fn.params as Node[]).indexOf(parameter)] : undefined;
    return name !== undefined && hook!.ends.some(({ registration }) => registration?.callee[0] === name);
  }

  /** What a call may begin, by its name or by the name it is exported by. */
  #hooksOf(call: Call): readonly Hook[] {
    const hooks = this.lifeCycles.hooksOf(calleeName(call));
    if (hooks.length > 0) return hooks;
    const { root, path } = this.#values.of(call.callee);
    return root.kind === 'import' && path.length === 0 ? this.lifeCycles.hooksOf(root.name) : [];
  }

  #isCallOf({ signature, row: { from } }: Hook, call: Call): boolean {
    if (signature.isNew !== (call.type === 'NewExpression')) return false;
    if (
      signature.arguments.some(
        (argument, at) => argument.kind === 'literal' && this.#values.text(call.arguments[at]) !== argument.value,
      )
    )
      return false;
    const modules = listed(from ?? []);
    if (modules.includes('*')) return true;
    const origin = this.#values.origin(call.callee);
    const name = signature.callee.join('.');
    return (
      origin !== null &&
      (from === undefined ? origin === name : modules.some((module) => origin === `${module}.${name}`))
    );
  }

  /** What a function makes that ends with it, as a window; null where it makes no such thing. */
  madeIn(fn: Fn): Hook | null {
    return (
      this.lifeCycles.made.find((hook) =>
        this.#index.calls
          .of(wordOf(hook.signature.text))
          .some((call) => isInside(call, fn) && runOf(call) === fn && this.#isCallOf(hook, call)),
      ) ?? null
    );
  }

  /** The functions that are given to the hooks that end what they are called in, wherever these stand. */
  ending(): readonly Fn[] {
    return (this.#endings ??= [...this.lifeCycles.endings.keys()].flatMap((hook) =>
      this.#index.calls.of(hook).flatMap((call) => this.callbacksOf(call)),
    ));
  }

  /** Does a function call such a hook itself and whatever comes, as only the set-up of a component can? */
  callsHook(fn: Fn): boolean {
    this.#setUps ??= new Set(
      [...this.lifeCycles.endings.keys()].flatMap((hook) =>
        this.#index.calls.of(hook).flatMap((call) => {
          const around = enclosingFunction(call);
          const isAlways = call.parent.type === 'ExpressionStatement' && call.parent.parent === around?.body;
          return isAlways && this.#values.of(call.callee).root.kind === 'import' ? [around] : [];
        }),
      ),
    );
    return this.#setUps.has(fn);
  }

  /** What is given to the calls that take what ends an owner, as `socket.on('close', cleanup)` does. */
  registered(registration: Signature, within: Node): Fn[] {
    const calls = this.#index.calls.of(wordOf(registration.text));
    return calls
      .filter((call) => isInside(call, within) && this.#isRegistration(registration, call))
      .flatMap((call) => [...this.callbacksOf(call), ...this.#wrapped(call)]);
  }

  #isRegistration({ callee, arguments: args }: Signature, call: Call): boolean {
    if (
      args.some(
        (argument, at) => argument.kind === 'literal' && this.#values.text(call.arguments[at]) !== argument.value,
      )
    )
      return false;
    let at: Node = bare(call.callee);
    for (const name of callee.slice(1).toReversed()) {
      if (at.type !== 'MemberExpression' || nameOf(at) !== name) return false;
      at = bare(at.object);
    }
    return true;
  }

  /** `this._register(toDisposable(() => this.stop()))`, and not what `this._register(model.onChange(update))` hears. */
  #wrapped(call: Call): Fn[] {
    return call.arguments.flatMap((argument) => {
      const given = bare(argument);
      return given.type === 'CallExpression' && !HEARS.test(calleeName(given)) ? this.callbacksOf(given) : [];
    });
  }

  /** The functions of this file that a call is given. */
  callbacksOf(call: Call): Fn[] {
    return call.arguments.flatMap((argument) => this.#values.functionOf(argument) ?? []);
  }

  /** The functions that a function returns, on any of its ways. */
  returned(fn: Fn): Fn[] {
    return returnedBy(fn).flatMap((value) => this.#cleanups(value));
  }

  #cleanups(expression: Node): Fn[] {
    const node = bare(expression);
    if (node.type === 'ConditionalExpression')
      return [...this.#cleanups(node.consequent), ...this.#cleanups(node.alternate)];
    const fn = this.#values.functionOf(node);
    return fn ? [fn] : [];
  }

  /** The functions of this file that are given to hooks. */
  effects(): readonly Fn[] {
    return [...this.#index.calls].flatMap(([name, calls]) =>
      this.lifeCycles.hooksOf(name).length > 0 ? calls.flatMap((call) => this.callbacksOf(call)) : [],
    );
  }

  /**
   * The framework that ends an instance, by what its class extends, implements or is decorated with, or by the call
   * that takes the object.
   */
  lifeCycleOf(body: Body): { readonly row: LifeCycle['row']; readonly ends: readonly OwnerEnd[] } | null {
    if (!isClass(body)) return body.type === 'ObjectExpression' ? this.#objectOf(body) : null;
    const parents = body.superClass ? parentsOf(body.superClass) : [];
    const decorators = decoratorsOf(body).map(({ expression }) =>
      expression.type === 'CallExpression' ? expression.callee : expression,
    );
    const contracts = interfacesOf(body).map(({ expression }) => expression);
    if (parents.length + decorators.length + contracts.length === 0) return null;
    const written = { extends: parents, decorator: decorators, implements: contracts };
    return (
      this.lifeCycles.classes.find(({ by, name, row: { from } }) =>
        written[by].some(
          (node) =>
            this.#isNamed(node, name, listed(from ?? [])) && !(from === undefined && this.#isOfProject(node, body)),
        ),
      ) ?? null
    );
  }

  /** Does a class extend one of another file of its project? */
  extendsOther(body: Body): boolean {
    const parents = isClass(body) && body.superClass ? parentsOf(body.superClass) : [];
    return parents.some((node) => {
      const { root } = this.#values.of(node);
      return root.kind === 'import' && /^(?:\.|[@~]?\/)/.test(root.module);
    });
  }

  /** Is it the `Component` of a file beside this one, in a class that has nothing of React's? */
  #isOfProject(node: Node, body: Class): boolean {
    const { root } = this.#values.of(node);
    return (
      root.kind === 'import' &&
      root.module.startsWith('.') &&
      dottedName(node) === 'Component' &&
      !membersOf(body).some((member) => REACTS.test(memberName(member) ?? ''))
    );
  }

  #isNamed(node: Node, name: RegExp, modules: readonly string[]): boolean {
    const written = dottedName(node);
    if (written === null || !(name.test(written) || name.test(written.slice(written.lastIndexOf('.') + 1))))
      return false;
    if (modules.length === 0 || modules.includes('*')) return true;
    const { root } = this.#values.of(node);
    return (
      root.kind === 'import' && modules.some((module) => root.module === module || root.module.startsWith(`${module}/`))
    );
  }

  /** `defineComponent({ mounted() {…} })` */
  #objectOf(body: TSESTree.ObjectExpression): Hook | null {
    const begins = ({ methods }: Hook): boolean =>
      membersOf(body).some((member) => methods?.includes(memberName(member) ?? ''));
    // What a `.vue` file exports is what others give to `defineComponent()`.
    if (this.#filename.endsWith('.vue') && body.parent.type === 'ExportDefaultDeclaration')
      return this.lifeCycles.hooksOf('defineComponent').find(begins) ?? null;
    const taken = argumentOf(body);
    return (
      (taken &&
        this.#hooksOf(taken.call).find(
          (hook) => hook.index === taken.index && begins(hook) && this.#isCallOf(hook, taken.call),
        )) ??
      null
    );
  }
}

/** What calls back while its owner lives. */
const HEARS = /^(?:on|once|subscribe|listen|autorun)(?:$|[A-Z])|[lL]istener$/;

/** What a class extends: through `mixin(Base)`, too. */
function parentsOf(superClass: Node): Node[] {
  const node = bare(superClass);
  return node.type === 'CallExpression' ? [node.callee, ...node.arguments.flatMap(parentsOf)] : [node];
}

const REACTS = /^(?:render|component(?:Did|Will)\w+)$/;

function dottedName(node: Node): string | null {
  const at = bare(node);
  if (at.type === 'Identifier') return at.name;
  const object = at.type === 'MemberExpression' ? dottedName(at.object) : null;
  return object === null ? null : `${object}.${nameOf(at) ?? ''}`;
}

import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction, isInside, LISTENS, within } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, type Call, calleeName, dressed, type Fn, nameOf, type Node } from '../syntax/walk.js';
import type { WayOut } from './paths.js';
import type { Facts } from './unsettled.js';

/**
 * Who settles a promise: `resolve` and `reject`, or what has both, and the functions of its executor that name them.
 */
export class Settlers {
  /** Every place that names a settler, or a function in the executor that does. */
  readonly mentions: Node[] = [];
  /** The functions in the executor that have a name and name a settler. */
  readonly helpers = new Set<Fn>();
  readonly #variables: ReadonlySet<Variable>;
  readonly #executor: Fn;
  readonly #facts: Facts;

  constructor(settlers: readonly Variable[], executor: Fn, facts: Facts) {
    this.#variables = new Set(settlers);
    this.#executor = executor;
    this.#facts = facts;
    const variables = [...settlers];
    for (const variable of variables) {
      for (const { identifier } of variable.references.filter((reference) => reference.isRead())) {
        const mention = memberOf(identifier);
        if (mention.type === 'MemberExpression' && nameOf(mention) === 'promise') continue;
        this.mentions.push(mention);
        for (let fn = enclosingFunction(identifier); fn && fn !== executor; fn = enclosingFunction(fn)) {
          const name = facts.values.variableOf(fn) ?? ownName(fn, facts.values);
          if (!name || variables.includes(name)) continue;
          this.helpers.add(fn);
          variables.push(name);
        }
      }
    }
  }

  /** Is this one of the settlers, `deferred.resolve` for instance, or what has them? */
  isSettler(node: Node): boolean {
    const member = bare(node);
    const inner =
      member.type === 'MemberExpression' && ['resolve', 'reject'].includes(nameOf(member) ?? '')
        ? bare(member.object)
        : member;
    const variable = inner.type === 'Identifier' ? this.#facts.values.variable(inner) : null;
    return variable !== null && this.#variables.has(variable);
  }

  /** Does the function of a node, or in the executor the block that it stands in, settle? */
  settlesBeside(node: Node): boolean {
    const fn = enclosingFunction(node);
    let around: Node | null = fn;
    if (fn === this.#executor)
      for (around = node; around.parent && around.type !== 'BlockStatement';) around = around.parent;
    return (
      fn !== null &&
      around !== null &&
      isInside(fn, this.#executor) &&
      around !== fn?.body &&
      this.mentions.some((mention) => enclosingFunction(mention) === fn && isInside(mention, around))
    );
  }

  /**
   * `if (settled) return;`, where what switches the flag on settles, too: whoever goes on with it was settled before.
   */
  saysSettled(flag: Node): boolean {
    const variable = flag.type === 'Identifier' ? this.#facts.values.variable(flag) : null;
    const switches =
      variable?.references
        .filter(({ writeExpr, init }) => !init && writeExpr?.type === 'Literal' && writeExpr.value === true)
        .map(({ identifier }) => identifier) ?? [];
    return switches.length > 0 && switches.every((at) => this.settlesBeside(at));
  }

  /** `const look = () => { …; if (left > 0) setTimeout(look, 100); }`: does a helper set a timer for its own next run? */
  goesRound(fn: Fn): boolean {
    return this.#facts.values.readsOf(fn).some((use) => {
      const taken = enclosingFunction(use) === fn ? argumentOf(use) : null;
      return taken?.index === 0 && /^(?:setTimeout|setImmediate|requestAnimationFrame)$/.test(calleeName(taken.call));
    });
  }

  /** `if (check()) return;`, where the check settles: whoever leaves here was settled before. */
  isSettledBefore({ node }: WayOut): boolean {
    const { parent } = node;
    const choice = parent?.type === 'BlockStatement' && parent.body.length === 1 ? parent.parent : parent;
    const asked =
      node.type === 'ReturnStatement' && choice?.type === 'IfStatement' && !choice.alternate ? bare(choice.test) : null;
    return asked?.type === 'CallExpression' && this.isAsked(asked);
  }

  /** `if (check()) return;`: does a helper say whether it settled? */
  isAsked(call: TSESTree.CallExpression): boolean {
    const { parent } = dressed(call);
    const fn = this.#facts.values.functionOf(call.callee);
    if (parent?.type !== 'IfStatement' || bare(parent.test) !== call || !fn || !this.helpers.has(fn)) return false;
    const only = parent.consequent.type === 'BlockStatement' ? parent.consequent.body[0] : parent.consequent;
    return only?.type === 'ReturnStatement';
  }

  /** Does a callback give the error it was given to anybody? */
  handsOn(error: TSESTree.Identifier): boolean {
    const { values } = this.#facts;
    return Boolean(
      values.variable(error)?.references.some(({ identifier }) => {
        const fate = fateOf(identifier, values);
        return fate.kind === 'passed' && this.isSettler(fate.call.callee);
      }),
    );
  }

  /** `this.failure = error`: does a callback keep what it was told of for those who ask later? */
  keepsFailure({ params: [error] }: Fn): boolean {
    const { values } = this.#facts;
    const references = (error?.type === 'Identifier' && values.variable(error)?.references) || [];
    return references.some(({ identifier }) => fateOf(identifier, values).kind === 'field');
  }

  /** `socket.emit('error', error)`: the calls in a function that make listeners of the executor settle. */
  emitsIn(fn: Fn): Call[] {
    const { values, index } = this.#facts;
    return within(index.calls.of('emit'), fn).filter((call) => {
      const emitter = receiverOf(call);
      const [type] = call.arguments;
      return enclosingFunction(call) === fn && emitter && type && this.hears(emitter, [values.text(type)]);
    });
  }

  /** Does a listener of the executor settle when one of these events comes? */
  hears(emitter: Node, events: readonly (string | null)[]): boolean {
    const { values, index } = this.#facts;
    return [...LISTENS].some((name) =>
      within(index.calls.of(name), this.#executor).some((call) => {
        const [type, listener] = call.arguments;
        const target = receiverOf(call);
        return (
          target !== null &&
          listener !== undefined &&
          events.includes(values.text(type)) &&
          values.same(target, emitter) === 'yes' &&
          (this.isSettler(listener) ||
            this.mentions.some((mention) => isInside(mention, values.functionOf(listener) ?? listener)))
        );
      }),
    );
  }

  /** `(command) => { … command(); }`: where a helper calls what it is given, whoever gave it has the duty. */
  callsOfGiven(fn: Fn): Call[] {
    return fn.params.flatMap((parameter) => {
      const references = (parameter.type === 'Identifier' && this.#facts.values.variable(parameter)?.references) || [];
      return references.flatMap(({ identifier }) => {
        const fate = fateOf(identifier, this.#facts.values);
        return fate.kind === 'called' && enclosingFunction(fate.call) === fn ? [fate.call] : [];
      });
    });
  }
}

/** `step` in `requestAnimationFrame(function step() { … })`, by which it calls itself. */
function ownName(fn: Fn, values: Values): Variable | null {
  return fn.type === 'FunctionExpression' && fn.id ? values.variable(fn.id) : null;
}

function receiverOf(call: Call): Node | null {
  const callee = bare(call.callee);
  return callee.type === 'MemberExpression' ? callee.object : null;
}

/** `deferred.resolve`, for the name of what has both. */
function memberOf(identifier: Node): Node {
  const { parent } = dressed(identifier);
  return parent?.type === 'MemberExpression' &&
    parent.object === dressed(identifier) &&
    ['resolve', 'reject', 'promise'].includes(nameOf(parent) ?? '')
    ? parent
    : identifier;
}

import type { TSESTree } from '@typescript-eslint/utils';
import { beginsLongWork } from '../../flow/long-work.js';
import { canReject, itemsCanReject, resultCanReject, throwOf } from '../../flow/rejects.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, isMaker, returnedBy } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import { brokenChains } from './chain-tails.js';
import { isCertain, isLongWorkEach } from './certain-loss.js';
import type { Allowed, Floating, PromiseFile } from './lost-promise.js';
import { NeverRead } from './never-read.js';
import { isShownToBePromise, settlesAnother } from './shown-promises.js';

/** The promises of a file that nobody observes, in source order. */
export function floatingPromises(file: PromiseFile, allowed: Allowed): Floating[] {
  return [...new Finder(file, allowed).all()].sort((one, other) => one.node.range[0] - other.node.range[0]);
}

// Expressions that are no promise, or hand it on.
const HARMLESS = new Set<string>([
  'ArrowFunctionExpression',
  'AssignmentExpression',
  'BinaryExpression',
  'ClassExpression',
  'FunctionExpression',
  'Literal',
  'Super',
  'TemplateLiteral',
  'ThisExpression',
  'UnaryExpression',
  'UpdateExpression',
]);
// Functions of the platform that stand in statements everywhere: they return nothing, or, as Node's tests, run in their
// own order.
const SYNCHRONOUS =
  /^(?:console\.\w+|clear(?:Interval|Timeout|Immediate)|set(?:Interval|Timeout|Immediate)|queueMicrotask|Object\.(?:assign|defineProperty|defineProperties|freeze)|process\.(?:exit|on|once|nextTick)|addEventListener|node:test\..+)$/;

/** `pending.splice(0, 2)` gives what was in the array before; nothing starts there. */
function movesItems(node: Node): boolean {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return (
    callee?.type === 'MemberExpression' && ['copyWithin', 'reverse', 'sort', 'splice'].includes(nameOf(callee) ?? '')
  );
}

/** `this.prepare()`, `query.prepare()`: does it give what it is called on, by a name that others may use? */
function givesItself(node: Node, values: Values): boolean {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  if (callee?.type !== 'MemberExpression' || bare(callee.object).type === 'CallExpression') return false;
  const fn = values.functionCalledBy(callee);
  const given = fn && !fn.async ? returnedBy(fn) : [];
  return given.length > 0 && given.every((one) => bare(one).type === 'ThisExpression');
}

/** Methods of an array that ask a predicate. */
const ASKING = ['every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'some'];

/** Is the list that `filter` gives, or an answer, looked at without anything that waits for it? */
function isReadAtOnce(node: Node, values: Values, seen = new Set<Variable>()): boolean {
  const fate = fateOf(node, values);
  if (fate.kind === 'returned' && node.type === 'CallExpression' && calleeName(node) === 'filter')
    return bare((bare(node.callee) as TSESTree.MemberExpression).object).type !== 'CallExpression';
  if (fate.kind === 'local')
    return (
      seen.has(fate.variable) ||
      fate.variable.references.every(
        ({ identifier, init }) => init || isReadAtOnce(identifier, values, seen.add(fate.variable)),
      )
    );
  if (fate.kind === 'receiver') return nameOf(fate.member) === 'length' || nameOf(fate.member) === 'push';
  return fate.kind === 'tested' || (fate.kind === 'iterated' && !('await' in fate.loop && fate.loop.await));
}

const NOTHING_LOST: readonly Floating[] = [];

class Finder {
  readonly #file: PromiseFile;
  readonly #allowed: Allowed;

  constructor(file: PromiseFile, allowed: Allowed) {
    this.#file = file;
    this.#allowed = allowed;
  }

  *all(): Iterable<Floating> {
    const { index } = this.#file;
    for (const { expression } of index.statements) {
      if (
        (expression.type === 'UnaryExpression' || !HARMLESS.has(expression.type)) &&
        !(this.#allowed.calledAtOnce && isCalledAtOnce(expression))
      )
        yield* this.#dropped(expression);
    }
    if (!this.#allowed.voided) {
      for (const { type, body } of index.functions)
        if (type === 'ArrowFunctionExpression' && body.type === 'UnaryExpression' && body.operator === 'void')
          yield* this.#dropped(body);
    }
    for (const call of index.calls.of('forEach')) if (call.type === 'CallExpression') yield* this.#ignored(call);
    for (const name of ASKING) {
      for (const call of index.calls.of(name)) if (call.type === 'CallExpression') yield* this.#takenForTrue(call);
    }
    yield* brokenChains(this.#file);
    // Templates of other languages read what their script declares.
    if (!/\.[cm]?[jt]sx?$/.test(this.#file.filename)) return;
    yield* new NeverRead(this.#file, (expression) => this.#lost(expression)).all();
  }

  /** The promises in an expression whose value nobody uses. */
  #dropped(expression: Node): readonly Floating[] {
    const node = bare(expression);
    switch (node.type) {
      case 'SequenceExpression':
        return node.expressions.flatMap((one) => this.#dropped(one));
      case 'ConditionalExpression':
        return [...this.#dropped(node.consequent), ...this.#dropped(node.alternate)];
      case 'LogicalExpression': {
        // The left side of `&&` is a question; what a call answers it with is lost all the same.
        const left =
          node.operator !== '&&' || bare(node.left).type === 'CallExpression' ? this.#dropped(node.left) : NOTHING_LOST;
        return [...left, ...this.#dropped(node.right)];
      }
      case 'UnaryExpression':
        // `!(async () => { … })()` is how some write the parentheses.
        if (node.operator === '!') return this.#dropped(node.argument);
        if (node.operator !== 'void' || this.#allowed.voided) return NOTHING_LOST;
        return this.#dropped(node.argument).map((one): Floating => ({ ...one, why: 'voided', certain: true }));
      case 'AwaitExpression':
        // `await` waits for a promise, and not for those in an array; what `Promise.all` gives holds none.
        return !this.#isCombined(node.argument) && this.#isArray(node)
          ? [
              {
                why: 'floatingArray',
                isArray: true,
                node: bare(node.argument),
                certain: itemsCanReject(node.argument, this.#file.values),
              },
            ]
          : NOTHING_LOST;
      default: {
        // A checker takes longer to answer than a name.
        if (this.#file.typed && this.#isAllowedCall(node)) return NOTHING_LOST;
        const lost = this.#lost(expression, true);
        return lost && (this.#file.typed || !this.#isAllowedCall(node)) ? [lost] : NOTHING_LOST;
      }
    }
  }

  /** What is lost when nobody uses the value of an expression. */
  #lost(expression: Node, isDropped = false): Floating | null {
    const node = bare(expression);
    const { values } = this.#file;
    if (HARMLESS.has(node.type) || givesItself(node, values)) return null;
    const isPromise = this.#file.oracle.isPromise(expression, this.#allowed.wanted);
    // What syntax alone cannot tell from a promise, it cannot tell from an array of them.
    if ((isPromise !== 'maybe' || this.#file.typed) && this.#isArray(expression))
      return movesItems(node)
        ? null
        : {
            why: 'floatingArray',
            isArray: true,
            node,
            certain: itemsCanReject(node, values) || isLongWorkEach(node, this.#file),
          };
    if (isPromise === 'maybe' && isDropped && settlesAnother(node, values))
      return { why: 'floating', node, certain: true };
    if (
      isPromise === 'maybe' &&
      isDropped &&
      !this.#allowed.unproven &&
      isShownToBePromise(node, this.#file.index, this.#file)
    )
      return { why: 'floating', node, certain: false };
    if (isPromise !== 'yes') return null;
    const handled = this.#handled(node);
    if (handled === 'handled') return null;
    if (handled) return { ...handled, node };
    return {
      why: isMaker(enclosingFunction(node)) ? 'startedInConstructor' : 'floating',
      node,
      certain: isCertain(node, this.#file),
    };
  }

  /** Does the last link of a chain handle a rejection? Null where it does not try. */
  #handled(promise: Node): 'handled' | Pick<Floating, 'certain' | 'why' | 'witness'> | null {
    const node = bare(promise);
    const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
    if (node.type !== 'CallExpression' || callee?.type !== 'MemberExpression') return null;
    const method = nameOf(callee);
    const { values, oracle } = this.#file;
    if (method === 'finally') {
      const before = this.#lost(callee.object);
      const [callback] = node.arguments;
      return before ?? (callback && this.#rethrown(callback)) ?? 'handled';
    }
    if (method !== 'catch' && method !== 'then') return null;
    const spread = node.arguments.findIndex(({ type }) => type === 'SpreadElement');
    const at = method === 'catch' ? 0 : 1;
    if (spread >= 0 && spread <= at) return null;
    const handler = node.arguments[at];
    if (!handler)
      return method === 'catch' ? { why: 'uselessHandler', certain: canReject(callee.object, values) } : null;
    if (oracle.isFunction(handler) === 'no')
      return { why: 'uselessHandler', witness: handler, certain: canReject(callee.object, values) };
    const links = method === 'then' ? [handler, node.arguments[0]!] : [handler];
    for (const link of links) {
      const rethrown = this.#rethrown(link);
      if (rethrown) return rethrown;
    }
    return links.some((link) => this.#failsLater(link)) ? { why: 'floating', certain: false } : 'handled';
  }

  /** Does a link of the chain start work of its own that can fail? */
  #failsLater(link: Node): boolean {
    const { oracle, values } = this.#file;
    const fn = values.functionOf(link);
    return fn !== null && oracle.returnsPromise(link) === 'yes' && resultCanReject(fn, values);
  }

  #rethrown(handler: Node): Pick<Floating, 'certain' | 'why' | 'witness'> | null {
    const witness = throwOf(handler, this.#file.values);
    return witness && { why: 'throwsAgain', witness, certain: true };
  }

  #isArray(node: Node): boolean {
    return this.#file.oracle.isPromiseArray(node, this.#allowed.wanted) === 'yes';
  }

  #isCombined(promise: Node): boolean {
    const node = bare(promise);
    return (
      node.type === 'CallExpression' &&
      /^Promise\.(?:all|allSettled|any|race)$/.test(this.#file.values.origin(node.callee) ?? '')
    );
  }

  #isAllowedCall(node: Node): boolean {
    if (node.type !== 'CallExpression') return false;
    if (node.callee.type === 'Super' || this.#isSynchronous(node.callee) || this.#file.isSafeCall(node) === 'yes')
      return true;
    return this.#allowed.calls.length > 0 && this.#file.oracle.isNamed(node.callee, this.#allowed.calls);
  }

  #isSynchronous(callee: Node): boolean {
    const origin = this.#file.values.origin(callee);
    return origin !== null && SYNCHRONOUS.test(origin);
  }

  /** `hosts.filter(async (host) => …)`: an array takes every promise of its predicate for true. */
  *#takenForTrue(call: TSESTree.CallExpression): Iterable<Floating> {
    const { oracle, values } = this.#file;
    const callee = bare(call.callee);
    const [callback] = call.arguments;
    const fn = callback && bare(callback);
    if (callee.type !== 'MemberExpression' || !isFunction(fn) || !fn.async || fn.generator) return;
    const isArray = ['Array', 'ReadonlyArray'].map((type) => oracle.is(callee.object, type));
    // Streams, and others that wait for their predicates, are waited for themselves.
    const isSure = isArray.includes('yes');
    if (isSure || (isArray.includes('maybe') && isReadAtOnce(call, values)))
      yield {
        why: 'takenForTrue',
        node: call,
        certain: isSure && resultCanReject(fn, values) && !oracle.neverRejects(fn),
      };
  }

  /** `forEach` ignores what its callback returns. */
  *#ignored(call: TSESTree.CallExpression): Iterable<Floating> {
    const { oracle, values } = this.#file;
    const callee = bare(call.callee);
    const [callback] = call.arguments;
    if (
      callee.type !== 'MemberExpression' ||
      !callback ||
      this.#isAllowedCall(call) ||
      oracle.isPromise(call) === 'yes'
    )
      return;
    const fn = values.functionOf(callback);
    const isInline = fn !== null && bare(callback) === fn;
    // Cursors and streams have a `forEach` that can be awaited.
    const isSure =
      fateOf(call, values).kind === 'dropped' ||
      oracle.isPromise(call) === 'no' ||
      oracle.isPromiseArray(callee.object) !== 'maybe';
    if (!isSure) return;
    if (isInline && !fn.async && fn.body.type !== 'BlockStatement') {
      for (const one of this.#dropped(fn.body))
        yield one.why === 'floating' && one.node === bare(fn.body)
          ? { ...one, why: 'ignoredByCallee', node: call }
          : one;
    } else if (oracle.returnsPromise(callback) === 'yes')
      yield {
        why: 'ignoredByCallee',
        node: call,
        certain:
          fn === null || beginsLongWork(fn, values) || (resultCanReject(fn, values) && !oracle.neverRejects(callback)),
      };
  }
}

/** `(async () => { … })()` */
function isCalledAtOnce(expression: Node): boolean {
  const node = bare(expression);
  return node.type === 'CallExpression' && isFunction(bare(node.callee));
}

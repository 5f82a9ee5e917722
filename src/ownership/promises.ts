import type { TSESTree } from '@typescript-eslint/utils';
import {
  beginsLongWork,
  canReject,
  changesLater,
  endsProgramByFailing,
  itemsCanReject,
  resultCanReject,
  throwOf,
} from '../flow/rejects.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, within } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import {
  bare,
  type Call,
  calleeName,
  type Class,
  decoratorsOf,
  dressed,
  type Fn,
  isFunction,
  nameOf,
  type Node,
  walk,
} from '../syntax/walk.js';
import type { Specifier, Wanted } from '../types/answer.js';
import type { Judge } from './judging.js';
import { isShownToBePromise, settlesAnother } from './shown-promises.js';

/** Why nobody observes a promise: each is a message of the rule that reports it. */
export type Loss =
  | 'floating'
  | 'floatingArray'
  | 'ignoredByCallee'
  | 'neverRead'
  | 'startedInConstructor'
  | 'throwsAgain'
  | 'uselessHandler'
  | 'voided';

/** A promise whose result and rejection nobody can observe. */
export interface Floating {
  readonly why: Loss;
  /** The promise or the array of promises; for `ignoredByCallee` the call whose callback returns it. */
  readonly node: Node;
  readonly isArray?: boolean;
  /** `false` where the promise does not reject as far as this file shows, or where it is left alone on purpose. */
  readonly certain: boolean;
  /** The `throw` of a handler, or the handler that is no function. */
  readonly witness?: Node;
  /** The name of what keeps a promise and is never read. */
  readonly keeper?: string;
}

/** What a user allows to float. */
export interface Allowed {
  readonly voided: boolean;
  readonly calledAtOnce: boolean;
  readonly calls: readonly Specifier[];
  readonly wanted: Wanted;
  /** What is no more than treated as a promise. */
  readonly unproven: boolean;
}

export interface PromiseFile extends Judge {
  readonly typed: boolean;
  readonly filename: string;
  isSafeCall(call: Call): 'no' | 'usually' | 'yes';
}

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

// Values that may be a promise, or a collection of them.
const KEEPS = new Set<string>([
  'ArrayExpression',
  'CallExpression',
  'ConditionalExpression',
  'ImportExpression',
  'LogicalExpression',
  'NewExpression',
  'TaggedTemplateExpression',
]);

/** `pending.splice(0, 2)` gives what was in the array before; nothing starts there. */
function movesItems(node: Node): boolean {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return (
    callee?.type === 'MemberExpression' && ['copyWithin', 'reverse', 'sort', 'splice'].includes(nameOf(callee) ?? '')
  );
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
        if (type === 'ArrowFunctionExpression' && body.type === 'UnaryExpression') yield* this.#dropped(body);
    }
    for (const call of index.calls.get('forEach') ?? []) if (call.type === 'CallExpression') yield* this.#ignored(call);
    // Templates of other languages read what their script declares.
    if (!/\.[cm]?[jt]sx?$/.test(this.#file.filename)) return;
    yield* this.#neverReadVariables();
    for (const one of index.classes) yield* this.#neverReadFields(one);
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
    if (HARMLESS.has(node.type)) return null;
    const { values } = this.#file;
    const isPromise = this.#file.oracle.isPromise(expression, this.#allowed.wanted);
    // What syntax alone cannot tell from a promise, it cannot tell from an array of them.
    if ((isPromise !== 'maybe' || this.#file.typed) && this.#isArray(expression))
      return movesItems(node)
        ? null
        : { why: 'floatingArray', isArray: true, node, certain: itemsCanReject(node, values) || this.#beginEach(node) };
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
    return { why: isInConstructor(node) ? 'startedInConstructor' : 'floating', node, certain: this.#isCertain(node) };
  }

  #isCertain(node: Node): boolean {
    const { oracle, values } = this.#file;
    const isLong = this.#beginsLongWork(node);
    if (
      this.#endsProgram(node) ||
      (!isLong && !canReject(node, values)) ||
      this.#isCalledBack(node) ||
      this.#isHeardByAll(node) ||
      isKeptElsewhere(node)
    )
      return false;
    return (
      !(node.type === 'CallExpression' && this.#file.isSafeCall(node) !== 'no') &&
      (isLong || !oracle.neverRejects(node))
    );
  }

  /** Is it the run of a program that is to end with what fails in it? */
  #endsProgram(node: Node): boolean {
    const fn =
      node.type === 'CallExpression' && !enclosingFunction(node) ? this.#file.values.functionOf(node.callee) : null;
    return fn !== null && endsProgramByFailing(fn);
  }

  /**
   * Is it a call of this file that goes on for several rounds when nobody waits for it, or that changes something later
   * while its caller, which has waited before, goes on?
   */
  #beginsLongWork(node: Node, caller = enclosingFunction(node)): boolean {
    const { values } = this.#file;
    const fn = node.type === 'CallExpression' ? values.functionOf(node.callee) : null;
    return (
      fn !== null &&
      (beginsLongWork(fn, values) || (fn !== caller && this.#hasWaited(node, caller) && changesLater(fn, values)))
    );
  }

  /** Has a function waited for something before it comes to a node? */
  #hasWaited(node: Node, caller: Fn | null): boolean {
    let found = false;
    if (caller?.async) {
      walk(this.#file.sourceCode, caller.body, (one) => {
        if (isFunction(one)) return false;
        found ||= one.type === 'AwaitExpression' && one.range[1] <= node.range[0];
        return !found;
      });
    }
    return found;
  }

  /** Does each of the promises in an array stand for such work? */
  #beginEach(node: Node): boolean {
    const { values } = this.#file;
    const each =
      node.type === 'CallExpression' && calleeName(node) === 'map' && node.arguments[0]
        ? values.functionOf(node.arguments[0])
        : null;
    if (!each) return false;
    return each.body.type === 'BlockStatement'
      ? this.#hasWaited(node, enclosingFunction(node)) && changesLater(each, values)
      : this.#beginsLongWork(bare(each.body), enclosingFunction(node));
  }

  /** Functions that take a callback often return a promise only to those who give none. */
  #isCalledBack(node: Node): boolean {
    // An optional chain is missing for another reason.
    const last =
      node.type === 'CallExpression' && dressed(node).type !== 'ChainExpression' ? node.arguments.at(-1) : undefined;
    return isFunction(last) && this.#file.oracle.besidesPromise(node) !== 'nothing';
  }

  /**
   * Does the program itself hear of what fails as it starts: `process.on('unhandledRejection', (error) => { throw
   * error; })`?
   */
  #isHeardByAll(node: Node): boolean {
    if (enclosingFunction(node)) return false;
    const { index, values } = this.#file;
    const calls = ['on', 'once', 'addListener'].flatMap((name) => index.calls.get(name) ?? []);
    return calls.some(
      (call) =>
        values.text(call.arguments[0]) === 'unhandledRejection' &&
        !enclosingFunction(call) &&
        /^(?:process|node:process(?:\.default)?)\.\w+$/.test(values.origin(call.callee) ?? ''),
    );
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

  *#neverReadVariables(): Iterable<Floating> {
    for (const scope of this.#file.sourceCode.scopeManager?.scopes ?? []) {
      // Another script may read the variables of a script.
      if (scope.type === 'global') continue;
      for (const variable of scope.variables) if (isRarelyRead(variable)) yield* this.#neverReadVariable(variable);
    }
  }

  *#neverReadVariable(variable: Variable): Iterable<Floating> {
    const reads = variable.references
      .filter((reference) => reference.isRead())
      .map(({ identifier }) => identifier as Node);
    const writes = variable.references.flatMap(({ writeExpr }) => (writeExpr ? [writeExpr] : []));
    // A name with an underscore says that nobody is meant to read it.
    yield* this.#neverRead(reads, writes, variable.name, {
      certain: !variable.name.startsWith('_'),
      livesOn: variable.scope.type === 'module',
    });
  }

  *#neverReadFields(of: Class): Iterable<Floating> {
    for (const member of of.body.body) {
      if (member.type !== 'PropertyDefinition' || decoratorsOf(member).length > 0) continue;
      const name = nameOf(member);
      if (name === null || (!name.startsWith('#') && member.accessibility !== 'private')) continue;
      const mentions = within(this.#file.index.members.get(name) ?? [], of);
      const writes = mentions.flatMap((mention) => assignedTo(mention) ?? []);
      const reads = mentions.filter((mention) => assignedTo(mention) === null);
      const found = [
        ...this.#neverRead(reads, member.value ? [member.value, ...writes] : writes, `this.${name}`, {
          certain: true,
          livesOn: false,
        }),
      ];
      if (found.length > 0 && !this.#isTakenOut(name, of)) yield* found;
    }
  }

  /** `const { pending } = this` reads a field without a member access. */
  #isTakenOut(name: string, of: Class): boolean {
    let isTaken = false;
    walk(this.#file.sourceCode, of, (node) => {
      if (
        node.type === 'ObjectPattern' &&
        node.properties.some((property) => property.type === 'RestElement' || nameOf(property) === name)
      )
        isTaken = true;
    });
    return isTaken;
  }

  /**
   * The promises that something keeps, given all its reads and writes: those put into it where it is only added to,
   * else those it is set to.
   */
  *#neverRead(
    reads: readonly Node[],
    writes: readonly Node[],
    keeper: string,
    { certain, livesOn }: { readonly certain: boolean; readonly livesOn: boolean },
  ): Iterable<Floating> {
    // How many there are says nothing of any of them.
    const used = reads.filter(({ parent }) => !(parent?.type === 'MemberExpression' && nameOf(parent) === 'length'));
    const kept = used.length === 0 ? writes.filter(({ type }) => type !== 'AwaitExpression') : this.#put(used);
    for (const expression of kept ?? []) {
      // A name that is put somewhere is looked at as a name.
      if (bare(expression).type === 'Identifier') continue;
      const lost = this.#lost(expression);
      // What cannot fail may be kept by the program for no other reason than to be kept.
      if (lost && (lost.certain || (!livesOn && this.#runsOn(expression))))
        yield {
          ...lost,
          why: lost.why === 'uselessHandler' || lost.why === 'throwsAgain' ? lost.why : 'neverRead',
          keeper,
          certain: certain && lost.certain,
        };
    }
  }

  /** Is it work of this file that goes on when its keeper is gone? What was given a signal ends by that. */
  #runsOn(expression: Node): boolean {
    const { values, oracle } = this.#file;
    const node = bare(expression);
    if (node.type === 'ConditionalExpression') return this.#runsOn(node.consequent) || this.#runsOn(node.alternate);
    const each =
      node.type === 'CallExpression' && calleeName(node) === 'map' && node.arguments[0]
        ? values.functionOf(node.arguments[0])
        : null;
    if (each && each.body.type !== 'BlockStatement') return this.#runsOn(each.body);
    return (
      node.type === 'CallExpression' &&
      (each ?? values.functionOf(node.callee)) !== null &&
      !node.arguments.some((argument) => oracle.is(argument, 'AbortSignal') === 'yes')
    );
  }

  /** What is put into a collection that is used for nothing else; null when it is. */
  #put(reads: readonly Node[]): Node[] | null {
    const items: Node[] = [];
    for (const read of reads) {
      const fate = fateOf(read, this.#file.values);
      const call = fate.kind === 'receiver' ? fate.call : null;
      const method = fate.kind === 'receiver' ? (nameOf(fate.member) ?? '') : '';
      if (!call || !CHANGES.has(method) || fateOf(call, this.#file.values).kind !== 'dropped') return null;
      if (method !== 'delete' && method !== 'clear')
        items.push(...(method === 'set' ? call.arguments.slice(1) : call.arguments));
    }
    return items;
  }
}

// They give back what was in the collection, where others could wait for it.
const TAKES_OUT = new Set(['pop', 'shift']);

/** Does an expression only name a promise that something else keeps, or take it out of a list? */
function isKeptElsewhere(node: Node): boolean {
  if (node.type === 'MemberExpression') return true;
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' && TAKES_OUT.has(nameOf(callee) ?? '');
}

/** Is it a variable of this file that may keep promises, and that is read for nothing but its methods? */
function isRarelyRead({ defs, references }: Variable): boolean {
  const definition = defs[0];
  if (
    definition?.type !== 'Variable' ||
    definition.node.id !== definition.name ||
    (definition.node.init && !KEEPS.has(bare(definition.node.init).type))
  )
    return false;
  if (definition.parent?.declare || definition.parent?.parent?.type === 'ExportNamedDeclaration') return false;
  return references.every(
    (reference) => !reference.isRead() || (reference.identifier as Node).parent?.type === 'MemberExpression',
  );
}

/** Methods that change a collection and tell nothing about what is in it. */
const CHANGES = new Set(['add', 'clear', 'delete', 'push', 'set', 'unshift']);

/** The value that a statement assigns to a member; null when the member is read. */
function assignedTo(member: Node): Node | null {
  const { parent } = dressed(member);
  const isWritten =
    parent?.type === 'AssignmentExpression' &&
    parent.operator === '=' &&
    bare(parent.left) === member &&
    dressed(parent).parent?.type === 'ExpressionStatement';
  return isWritten ? parent.right : null;
}

/** `(async () => { … })()` */
function isCalledAtOnce(expression: Node): boolean {
  const node = bare(expression);
  return node.type === 'CallExpression' && isFunction(bare(node.callee));
}

function isInConstructor(node: Node): boolean {
  const parent = enclosingFunction(node)?.parent;
  return parent?.type === 'MethodDefinition' && parent.kind === 'constructor';
}

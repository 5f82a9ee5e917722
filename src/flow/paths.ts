import type { TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { firstWhere, isInside } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { bare, type Fn, isFunction, type Loop, type Node, runningKeys, type SourceCode, walk } from '../syntax/walk.js';
import { leaves } from '../syntax/leaving.js';
import { isEndless, isLogicalAssignment, saysEnded, tells } from './conditions.js';
import { type Known, knownAt, rulesOut } from './correlations.js';
import { isCalm, isCalmClass, isRefusal, mayReject, onlyResolves } from './throws.js';

/** A way to leave a function, or a round of a loop, on which something is still held. */
export interface WayOut {
  readonly kind: 'end' | 'return' | 'round' | 'throw';
  readonly node: Node;
}

export interface Question {
  /** Where holding begins: after the whole of each of these, or as soon as the function runs when it is one of them. */
  readonly starts: ReadonlySet<Node>;
  readonly ends: ReadonlySet<Node>;
  /** Which failures leave the function: only `throw`, also a rejected `await`, or also any call. */
  readonly throws: 'await' | 'call' | 'throw';
  /** Which failures a `catch` is for; without it, calls, too. */
  readonly catches?: 'await';
  /** Which failures leave a `finally`; without it, those that leave the function. */
  readonly finishes?: 'await';
  /** Is an expression the handle, so that where it is falsy nothing is held? */
  readonly isHandle: (node: Node) => boolean;
  /**
   * Say nothing where no end comes after a start: ends on other ways, as in a switch between on and off, are not its
   * own.
   */
  readonly onlyIfEnded?: boolean;
  /** Does a failure of this call, or of the promise awaited here, leave nothing to end? */
  readonly isHarmless?: (node: Node) => boolean;
  /** Does an expression turn out like this only when what was started has ended by itself? */
  readonly isOver?: (node: Node, truthy: boolean) => boolean;
  /** Does a call throw, where only a `throw` or a rejected `await` leaves otherwise? */
  readonly isThrowing?: (call: TSESTree.CallExpression) => boolean;
  /** Do these cases name every value that their `switch` can be given? */
  readonly coversAll?: (discriminant: Node, tests: readonly Node[]) => boolean;
}

// What may be true where control stands: not started, held, ended.
const FREE = 1;
const HELD = 2;
const DONE = 4;

/** States on the ways that leave a statement other than by its end, by the node that leaves. */
type Leaving = Map<Node, number>;

interface Exits {
  returns: Leaving;
  throws: Leaving;
  breaks: Map<string, number>;
  continues: Map<string, number>;
}

/** The ways out of a function on which what `starts` began is not ended. Calls of other functions are not followed. */
export function waysOut(
  fn: Fn | TSESTree.Program,
  question: Question,
  values: Values,
  sourceCode: SourceCode,
): WayOut[] {
  const walker = new Walker(question, values, sourceCode);
  const body = fn.type === 'Program' ? fn : fn.body;
  const before = question.starts.has(fn) ? HELD : FREE;
  const state =
    body.type === 'BlockStatement' || body.type === 'Program'
      ? walker.statements(body.body, before)
      : walker.expression(body, before);
  if (question.onlyIfEnded && !walker.endsSomething) return [];
  const found: WayOut[] = [...walker.rounds].map((node) => ({ kind: 'round', node }));
  for (const [node, left] of walker.exits.returns) if (left & HELD) found.push({ kind: 'return', node });
  for (const [node, left] of walker.exits.throws) if (left & HELD) found.push({ kind: 'throw', node });
  if (state & HELD)
    found.push({ kind: body === fn.body && body.type !== 'BlockStatement' ? 'return' : 'end', node: body });
  return found.sort((one, other) => one.node.range[0] - other.node.range[0]);
}

class Walker {
  readonly rounds = new Set<Node>();
  /** Did an end come after a start on some way? */
  endsSomething = false;
  exits: Exits = noExits();
  /** The loops around what is looked at: what is true where each is entered, and at the start of a round. */
  readonly #loops: { readonly body: Node; readonly entered: number; round: number }[] = [];
  /** How many blocks around what is looked at have a `catch`. */
  #catching = 0;
  #finishing = 0;
  readonly #finished = new Map<Node, Map<number, { readonly after: number; readonly exits: Exits }>>();
  readonly #question: Question;
  readonly #values: Values;
  readonly #sourceCode: SourceCode;
  /** What is known where each start stands. */
  readonly #given: readonly (readonly Known[])[];
  readonly #keysOf: (node: Node) => readonly string[];

  constructor(question: Question, values: Values, sourceCode: SourceCode) {
    this.#question = question;
    this.#values = values;
    this.#sourceCode = sourceCode;
    this.#given = [...question.starts].map((start) => knownAt(start, values));
    this.#keysOf = runningKeys(sourceCode);
  }

  statements(list: readonly Node[], state: number): number {
    // A statement that cannot be reached (state 0) is not looked at.
    for (let at = 0; at < list.length && state !== 0; at += 1) {
      at = this.#nextOf(list, at, state);
      if (at < list.length) state = this.#statement(list[at]!, state);
    }
    return state;
  }

  /** The next statement that starts or ends something, or that control may leave by with what is held. */
  #nextOf(list: readonly Node[], at: number, state: number): number {
    const { starts, ends } = this.#question;
    const isHeld = (state & HELD) !== 0;
    if (isHeld && (list.length < LONG || this.#failures() === 'call')) return at;
    const choices = isHeld ? loudIn(list, this.#values, this.#sourceCode) : choicesIn(list);
    let next = choices[firstWhere(choices, (choice) => choice >= at)] ?? list.length;
    for (const nodes of isHeld ? [starts, ends] : [starts]) {
      for (const node of nodes) {
        const after = firstWhere(list, ({ range }) => range[1] > node.range[0]);
        if (after >= at && after < next && isInside(node, list[after]!)) next = after;
      }
    }
    return next;
  }

  #statement(node: Node, state: number, label = ''): number {
    switch (node.type) {
      case 'BlockStatement':
        return this.statements(node.body, state);
      case 'LabeledStatement': {
        const after = this.#statement(node.body, state, node.label.name);
        return after | this.#taken(this.exits.breaks, node.label.name);
      }
      case 'IfStatement': {
        const tested = this.expression(node.test, state);
        const consequent = this.#statement(node.consequent, this.#guarded(node.test, true, tested));
        const otherwise = this.#isTrueHere(node) ? 0 : this.#guarded(node.test, false, tested);
        return consequent | (node.alternate ? this.#statement(node.alternate, otherwise) : otherwise);
      }
      case 'ReturnStatement': {
        const after = node.argument ? this.expression(node.argument, state) : state;
        // What a returned function does, whoever gets it does.
        add(this.exits.returns, node, this.#question.ends.has(node) ? this.#end(after) : after);
        return 0;
      }
      case 'ThrowStatement':
        add(this.exits.throws, node, this.expression(node.argument, state));
        return 0;
      case 'BreakStatement':
        add(this.exits.breaks, node.label?.name ?? '', state);
        return 0;
      case 'ContinueStatement':
        add(this.exits.continues, node.label?.name ?? '', state);
        return 0;
      case 'TryStatement':
        return this.#try(node, state);
      case 'SwitchStatement':
        return this.#switch(node, state);
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#loop(node, state, label);
      default:
        return isFunction(node) ? state : this.expression(node, state);
    }
  }

  #loop(node: Loop, state: number, label: string): number {
    const outer = { breaks: this.exits.breaks, continues: this.exits.continues };
    if (node.type === 'ForStatement' && node.init) state = this.expression(node.init, state);
    if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') state = this.expression(node.right, state);
    let entering = node.type === 'DoWhileStatement' ? state : 0;
    let leaving = 0;
    const around = { body: node.body, entered: state, round: 0 };
    this.#loops.push(around);
    for (let before = -1; before !== (entering | state);) {
      before = around.round = entering | state;
      this.exits.breaks = new Map();
      this.exits.continues = new Map();
      const tested = node.type === 'DoWhileStatement' ? before : this.#test(node, before);
      if (node.type !== 'DoWhileStatement' && !isEndless(node)) leaving |= this.#tested(node, false, tested);
      const after =
        this.#statement(node.body, node.type === 'DoWhileStatement' ? tested : this.#tested(node, true, tested)) |
        this.#taken(this.exits.continues, '') |
        this.#taken(this.exits.continues, label);
      const updated = node.type === 'ForStatement' && node.update ? this.expression(node.update, after) : after;
      const again = node.type === 'DoWhileStatement' ? this.expression(node.test, updated) : updated;
      if (node.type === 'DoWhileStatement' && !isEndless(node)) leaving |= this.#tested(node, false, again);
      leaving |= this.#taken(this.exits.breaks, '');
      merge(outer.breaks, this.exits.breaks);
      merge(outer.continues, this.exits.continues);
      entering |= again;
    }
    this.#loops.pop();
    this.exits.breaks = outer.breaks;
    this.exits.continues = outer.continues;
    return leaving;
  }

  #test(node: Exclude<Loop, TSESTree.DoWhileStatement>, state: number): number {
    if (node.type === 'WhileStatement' || node.type === 'ForStatement')
      return node.test ? this.expression(node.test, state) : state;
    if (node.type === 'ForOfStatement' && node.await && this.#failures() !== 'throw') this.#throw(node, state);
    return state;
  }

  /** The state after a loop's test turned out as `holds`. */
  #tested(node: Loop, holds: boolean, state: number): number {
    return node.type === 'ForInStatement' || node.type === 'ForOfStatement' || !node.test
      ? state
      : this.#guarded(node.test, holds, state);
  }

  /** What an earlier round started is lost where a round starts another. */
  #start(state: number): number {
    const loop =
      state & HELD ? this.#loops.findLast(({ entered, round }) => round & HELD && !(entered & HELD)) : undefined;
    if (loop) this.rounds.add(loop.body);
    return HELD;
  }

  #switch(node: TSESTree.SwitchStatement, state: number): number {
    const outer = this.exits.breaks;
    this.exits.breaks = new Map();
    const entry = this.expression(node.discriminant, state);
    let through = 0;
    for (const one of node.cases) {
      if (one.test) this.expression(one.test, entry);
      through = this.statements(one.consequent, through | entry);
    }
    const tests = node.cases.flatMap(({ test }) => test ?? []);
    const isComplete =
      tests.length < node.cases.length || Boolean(this.#question.coversAll?.(node.discriminant, tests));
    const after = through | (isComplete ? 0 : entry) | this.#taken(this.exits.breaks, '');
    merge(outer, this.exits.breaks);
    this.exits.breaks = outer;
    return after;
  }

  #try(node: TSESTree.TryStatement, state: number): number {
    const outer = this.exits;
    this.exits = noExits();
    if (node.handler) this.#catching += 1;
    let after = this.statements(node.block.body, state);
    if (node.handler) {
      this.#catching -= 1;
      // Something in the block may fail before anything that this walk sees: the handler is always reachable.
      const caught = [...this.exits.throws.values()].reduce((all, one) => all | one, FREE);
      this.exits.throws = new Map();
      after |= this.statements(node.handler.body.body, caught);
    }
    const inner = this.exits;
    this.exits = outer;
    const finish = (left: number): number => (node.finalizer && left ? this.#finish(node.finalizer, left) : left);
    for (const kind of ['returns', 'throws'] as const)
      for (const [at, left] of inner[kind]) add(outer[kind], at, finish(left));
    for (const kind of ['breaks', 'continues'] as const)
      for (const [at, left] of inner[kind]) add(outer[kind], at, finish(left));
    return finish(after);
  }

  /** The state after a `finally`, which each way out of its `try` goes through; it is walked once for each state. */
  #finish(finalizer: TSESTree.BlockStatement, state: number): number {
    let known = this.#finished.get(finalizer);
    if (!known)
      this.#finished.set(finalizer, (known = new Map<number, { readonly after: number; readonly exits: Exits }>()));
    let result = known.get(state);
    if (!result) {
      const outer = this.exits;
      this.exits = noExits();
      this.#finishing += 1;
      result = { after: this.statements(finalizer.body, state), exits: this.exits };
      this.#finishing -= 1;
      known.set(state, result);
      this.exits = outer;
    }
    merge(this.exits.returns, result.exits.returns);
    merge(this.exits.throws, result.exits.throws);
    merge(this.exits.breaks, result.exits.breaks);
    merge(this.exits.continues, result.exits.continues);
    return result.after;
  }

  /** The state after an expression, in evaluation order. */
  expression(node: Node, state: number): number {
    if (state === 0) return state;
    if (isFunction(node)) return this.#question.ends.has(node) ? this.#end(state) : state;
    // Where nothing is held, only a start changes anything.
    if (!(state & HELD) && !this.#hasStart(node)) return state;
    if (node.type === 'LogicalExpression' || node.type === 'ConditionalExpression' || isLogicalAssignment(node))
      return this.#choice(node, state);
    for (const key of this.#keysOf(node)) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null | undefined>)[key];
      for (const one of Array.isArray(child) ? child : [child]) if (one) state = this.expression(one, state);
    }
    if (this.#question.ends.has(node)) return this.#end(state);
    if (this.#mayThrow(node)) this.#throw(node, state);
    return this.#question.starts.has(node) ? this.#start(state) : state;
  }

  #end(state: number): number {
    this.endsSomething ||= (state & HELD) !== 0;
    return DONE;
  }

  #hasStart(node: Node): boolean {
    for (const start of this.#question.starts) if (isInside(start, node)) return true;
    return false;
  }

  #choice(
    node: TSESTree.AssignmentExpression | TSESTree.ConditionalExpression | TSESTree.LogicalExpression,
    state: number,
  ): number {
    const before = node.type === 'ConditionalExpression' ? node.test : node.left;
    const tested = this.expression(before, state);
    let after: number;
    if (node.type === 'ConditionalExpression') {
      after =
        this.expression(node.consequent, this.#guarded(before, true, tested)) |
        this.expression(node.alternate, this.#guarded(before, false, tested));
    } else {
      const taken = node.operator.startsWith('&&');
      after = this.expression(node.right, this.#guarded(before, taken, tested)) | this.#guarded(before, !taken, tested);
    }
    return this.#question.starts.has(node) ? this.#start(after) : after;
  }

  #mayThrow(node: Node): boolean {
    const { isHarmless } = this.#question;
    const throws = this.#failures();
    if (isHarmless?.(node.type === 'AwaitExpression' ? bare(node.argument) : node)) return false;
    if (throws !== 'call' && node.type === 'CallExpression') return this.#question.isThrowing?.(node) ?? false;
    if (throws === 'throw') return false;
    if (node.type === 'AwaitExpression')
      return (
        mayReject(node.argument, this.#values) &&
        !(
          throws === 'await' && onlyResolves(this.#values.initialOf(node.argument) ?? bare(node.argument), this.#values)
        )
      );
    if (node.type === 'YieldExpression') return true;
    if (throws === 'await') return false;
    // What an awaited call does wrong, awaiting it tells.
    if (node.type === 'CallExpression')
      return node.parent.type !== 'AwaitExpression' && !isCalm(node.callee, this.#values);
    return (
      node.type === 'NewExpression' &&
      !this.#question.starts.has(node) &&
      !isCalmClass(node.callee) &&
      !node.arguments.every(isWrittenOut)
    );
  }

  #failures(): Question['throws'] {
    const { throws, catches = 'call', finishes } = this.#question;
    if (this.#finishing > 0 && finishes) return finishes;
    return this.#catching > 0 ? catches : throws;
  }

  #throw(node: Node, state: number): void {
    if (state & HELD) add(this.exits.throws, node, state & HELD);
  }

  /**
   * `if (!tab) return; … if (tab) { … }`: does a statement before, in the same block, leave where a constant is falsy?
   */
  #isTrueHere({ test, parent }: TSESTree.IfStatement): boolean {
    const name = bare(test);
    const variable =
      name.type === 'Identifier' && parent.type === 'BlockStatement' ? this.#values.variable(name) : null;
    return (
      variable !== null &&
      leavingWithout(variable).some((choice) => choice.parent === parent && choice.range[0] < test.range[0])
    );
  }

  /**
   * Where the handle is known to be falsy, or to have ended, nothing is held, and neither where the question after which
   * it is started has another answer.
   */
  #guarded(test: Node, holds: boolean, state: number): number {
    if (!(state & HELD)) return state;
    if (
      this.#given.every(
        (known) =>
          known.length > 0 && tells(bare(test), holds, (node, truthy) => rulesOut(known, node, truthy, this.#values)),
      )
    )
      return (state & ~HELD) | FREE;
    const { isHandle, isOver } = this.#question;
    const ended = tells(
      bare(test),
      holds,
      (node, truthy) =>
        (!truthy && isHandle(node)) || saysEnded(node, truthy, isHandle) || Boolean(isOver?.(node, truthy)),
    );
    return ended ? (state & ~HELD) | DONE : state;
  }

  #taken<K>(from: Map<K, number>, key: K): number {
    const state = from.get(key) ?? 0;
    from.delete(key);
    return state;
  }
}

/** `if (!tab) return;`: the statements that leave where a constant is falsy; found once. */
const leavingWithout = memoize((variable: Variable): readonly Node[] => {
  const isConstant = variable.references.every((reference) => !reference.isWrite() || reference.init);
  return (isConstant ? variable.references : []).flatMap(({ identifier: { parent: negation } }) => {
    const choice = negation?.type === 'UnaryExpression' && negation.operator === '!' ? negation.parent : null;
    return choice?.type === 'IfStatement' && choice.test === negation && leaves(choice.consequent) ? [choice] : [];
  });
});

/** Is an argument written out, so that who makes an instance of it has seen that it works? */
function isWrittenOut(argument: Node): boolean {
  return (
    argument.type === 'Literal' ||
    (argument.type === 'ObjectExpression' &&
      argument.properties.every((one) => one.type === 'Property' && one.value.type === 'Literal'))
  );
}

/** Statements after which control goes on with the next, whatever they do. */
const PLAIN = new Set<string>([
  'ClassDeclaration',
  'ExpressionStatement',
  'FunctionDeclaration',
  'VariableDeclaration',
]);

/** The places of the statements of a list after which control may not go on with the next, where nothing is held. */
const choicesIn = memoize((list: readonly Node[]): readonly number[] =>
  list.flatMap((one, at) => (isPassed(one) ? [] : [at])),
);

/** May control always come to what is behind a statement, and by it to nothing else in its function? */
function isPassed(statement: Node): boolean {
  if (statement.type !== 'IfStatement' || statement.alternate) return PLAIN.has(statement.type);
  const { consequent } = statement;
  return (consequent.type === 'BlockStatement' ? consequent.body : [consequent]).every(
    ({ type }) => PLAIN.has(type) || type === 'ReturnStatement' || type === 'ThrowStatement',
  );
}

/** In a list of fewer statements it costs less to look at each than to know which to look at. */
const LONG = 32;

/** The places of the statements of a list that may not go on, with a rejection or a refusal. */
const loudIn = memoize((list: readonly Node[], values: Values, sourceCode: SourceCode): readonly number[] =>
  list.flatMap((one, at) => (isLoud(one, values, sourceCode) ? [at] : [])),
);

function isLoud(statement: Node, values: Values, sourceCode: SourceCode): boolean {
  let found = !PLAIN.has(statement.type) || statement.type === 'ClassDeclaration';
  walk(sourceCode, statement, (node) => {
    if (isFunction(node)) return false;
    found ||=
      node.type === 'AwaitExpression' ||
      node.type === 'YieldExpression' ||
      (node.type === 'CallExpression' && isRefusal(node, values));
    return !found;
  });
  return found;
}

function noExits(): Exits {
  return { returns: new Map(), throws: new Map(), breaks: new Map(), continues: new Map() };
}

function add<K>(to: Map<K, number>, key: K, state: number): void {
  if (state) to.set(key, (to.get(key) ?? 0) | state);
}

function merge<K>(to: Map<K, number>, from: Map<K, number>): void {
  for (const [key, state] of from) add(to, key, state);
}

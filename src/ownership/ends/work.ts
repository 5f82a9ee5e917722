import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, functionName, runOf } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import { bare, type Call, calleeName, dressed, nameOf, type Node } from '../../syntax/walk.js';
import { type Handle, handleNode, mentions } from '../holders/handle.js';
import { lifeOf } from '../owners/lives.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';

/** What a controller's signal is used for. */
export interface Work {
  /** Calls that got the signal and that nobody waits for here: they run on when this run has ended. */
  readonly unawaited: readonly Call[];
  /** Does the signal reach code, or a callback, of which this file does not say when it ends? */
  readonly isElsewhere: boolean;
  /** Does another run get the signal, and wait for its work? */
  readonly isOfOtherRun: boolean;
}

/** What works with the signal of a controller after the run that made it. */
export function workOf(start: Start, handle: Handle, owner: Owner, file: Judge): Work {
  const tracer = new Tracer(start, owner, file);
  if (handle.kind === 'kept')
    for (const mention of mentions(handle, file.values, file.index)) tracer.controller(mention);
  else tracer.controller(handleNode(start, file.values));
  return tracer;
}

/** `return new AbortController().signal`, or with a name in between. */
function isReturnedAtOnce(signal: Node, made: Node): boolean {
  const { parent } = dressed(signal);
  return (
    parent?.type === 'ReturnStatement' &&
    parent.parent.type === 'BlockStatement' &&
    parent.parent.body.filter((one) => one.range[0] >= made.range[0]).at(0) === parent
  );
}

class Tracer implements Work {
  readonly unawaited: Call[] = [];
  isElsewhere = false;
  isOfOtherRun = false;
  readonly #start: Start;
  readonly #owner: Owner;
  readonly #file: Judge;
  readonly #seen = new Set<Node | Variable>();

  constructor(start: Start, owner: Owner, file: Judge) {
    this.#start = start;
    this.#owner = owner;
    this.#file = file;
  }

  controller(mention: Node): void {
    const fate = fateOf(mention, this.#file.values);
    if (fate.kind === 'receiver' && nameOf(fate.member) === 'signal') this.#signal(fate.member);
    if (fate.kind !== 'destructured' || fate.pattern.type !== 'ObjectPattern') return;
    const property = fate.pattern.properties.find((one) => one.type === 'Property' && nameOf(one) === 'signal');
    if (property?.type === 'Property' && property.value.type === 'Identifier')
      this.#variable(this.#file.values.variable(property.value));
  }

  #variable(variable: Variable | null): void {
    if (!variable || this.#seen.has(variable)) return;
    this.#seen.add(variable);
    for (const reference of variable.references) if (reference.isRead()) this.#signal(reference.identifier);
  }

  /** Follows a signal, or the options that hold it, to the calls that get it. */
  #signal(node: Node): void {
    const fate = fateOf(node, this.#file.values);
    switch (fate.kind) {
      case 'local':
        return this.#variable(fate.variable);
      case 'passed':
        return this.#given(fate.call);
      case 'stored':
        if (fate.in.type === 'Property' && fate.in.parent.type === 'ObjectExpression')
          return this.#signal(fate.in.parent);
        if (fate.in.type === 'ArrayExpression' || fate.in.type === 'ObjectExpression') return this.#signal(fate.in);
        this.isElsewhere = true;
        return;
      case 'returned':
        // A signal that nothing can abort is one that somebody wanted to have.
        this.isElsewhere ||= !isReturnedAtOnce(node, this.#start.node);
        return;
      case 'field':
      case 'exported':
        this.isElsewhere = true;
        return;
      case 'receiver':
        return this.#looked(fate.member);
      default:
    }
  }

  /** A function inside that looks at the signal goes on until that is aborted, or until it is done. */
  #looked(member: Node): void {
    const { values, index } = this.#file;
    const fn = runOf(member);
    if (!fn?.async || fn === runOf(this.#start.node) || !['aborted', 'throwIfAborted'].includes(nameOf(member) ?? ''))
      return;
    const name = functionName(fn);
    const calls = index.calls.of(name).filter((call) => values.functionOf(call.callee) === fn);
    for (const call of calls)
      if (runOf(call) === runOf(this.#start.node) && !this.#isAwaited(call)) this.unawaited.push(call);
  }

  #given(call: Call): void {
    if (this.#seen.has(call)) return;
    this.#seen.add(call);
    const { values, oracle } = this.#file;
    const isOwn = runOf(call) === runOf(this.#start.node);
    if (!isOwn && this.#isAwaited(call)) this.isOfOtherRun = true;
    else if (!isOwn) this.isElsewhere = true;
    else if (values.origin(call.callee) === 'AbortSignal.any') this.#signal(call);
    else if (calleeName(call) === 'addEventListener') this.#listener(call);
    else if (call.type === 'NewExpression') this.isElsewhere = true;
    else if (this.#isAwaited(call)) return;
    // What is no promise has done its work, or has kept the signal.
    else if (oracle.isPromise(call) === 'yes') this.unawaited.push(call);
    else this.isElsewhere = true;
  }

  /** A listener on what lives on is work that only the signal ends. */
  #listener(call: Call): void {
    const callee = bare(call.callee);
    const life = callee.type === 'MemberExpression' ? lifeOf(callee.object, this.#owner, this.#file) : 'longer';
    if (life === 'longer') this.unawaited.push(call);
    else if (life === 'unknown') this.isElsewhere = true;
  }

  /** Does this run, or its caller, wait for what a call returns? */
  #isAwaited(expression: Node, seen = new Set<Variable>()): boolean {
    const { values } = this.#file;
    const fate = fateOf(expression, values);
    switch (fate.kind) {
      case 'awaited':
      case 'iterated':
      case 'destructured':
        return true;
      case 'returned': {
        // `urls.map((url) => fetch(url, { signal }))`
        const fn = enclosingFunction(expression);
        const taken = fn && fn !== runOf(fn.body) ? argumentOf(fn) : null;
        return !taken || this.#isAwaited(taken.call, seen);
      }
      case 'local':
        return (
          !seen.has(fate.variable) &&
          fate.variable.references.some(
            (reference) => reference.isRead() && this.#isAwaited(reference.identifier, seen.add(fate.variable)),
          )
        );
      case 'receiver':
        return fate.call !== null && this.#isAwaited(fate.call, seen);
      case 'passed':
        return /^Promise\./.test(values.origin(fate.call.callee) ?? '') && this.#isAwaited(fate.call, seen);
      case 'stored':
        return (
          (fate.in.type === 'ArrayExpression' && this.#isAwaited(fate.in, seen)) || fate.in.type === 'TemplateLiteral'
        );
      case 'dropped':
      case 'voided':
        return false;
      default:
        return true;
    }
  }
}

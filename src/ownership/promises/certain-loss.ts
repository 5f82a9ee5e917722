import { beginsLongWork, changesLater } from '../../flow/long-work.js';
import { canReject, endsProgramByFailing } from '../../flow/rejects.js';
import { enclosingFunction, returnedBy } from '../../syntax/functions.js';
import {
  bare,
  type Call,
  calleeName,
  dressed,
  type Fn,
  isFunction,
  nameOf,
  type Node,
  walk,
} from '../../syntax/walk.js';
import type { PromiseFile } from './lost-promise.js';

/**
 * Is it certain that a promise that nobody observes may fail unheard, or that its work goes on when nobody expects it
 * to?
 */
export function isCertain(node: Node, file: PromiseFile): boolean {
  const { oracle, values } = file;
  const isLong = isLongWork(node, file);
  if (
    isWholeProgram(node, file) ||
    (!isLong && !canReject(node, values)) ||
    isCalledBack(node, file) ||
    isHeardByAll(node, file) ||
    isKeptElsewhere(node) ||
    isOnlyDocumented(node, file)
  )
    return false;
  return !(node.type === 'CallExpression' && file.isSafeCall(node) !== 'no') && (isLong || !oracle.neverRejects(node));
}

/** Is it the run of a program that is to end with what fails in it? */
function isWholeProgram(node: Node, file: PromiseFile): boolean {
  const fn = node.type === 'CallExpression' && !enclosingFunction(node) ? file.values.functionOf(node.callee) : null;
  return fn !== null && endsProgramByFailing(fn);
}

/**
 * Is it a call of this file that goes on for several rounds when nobody waits for it, or that changes something later
 * while its caller, which has waited before, goes on?
 */
function isLongWork(node: Node, file: PromiseFile, caller = enclosingFunction(node)): boolean {
  const { values } = file;
  const fn = node.type === 'CallExpression' ? values.functionCalledBy(node.callee) : null;
  return (
    fn !== null &&
    (beginsLongWork(fn, values) || (fn !== caller && hasWaited(node, file, caller) && changesLater(fn, values)))
  );
}

/** Has a function waited for something before it comes to a node? */
function hasWaited(node: Node, file: PromiseFile, caller: Fn | null): boolean {
  let found = false;
  if (caller?.async) {
    walk(file.sourceCode, caller.body, (one) => {
      if (isFunction(one)) return false;
      found ||= one.type === 'AwaitExpression' && one.range[1] <= node.range[0];
      return !found;
    });
  }
  return found;
}

/** Does each of the promises in an array stand for such work? */
export function isLongWorkEach(node: Node, file: PromiseFile): boolean {
  const { values } = file;
  const each =
    node.type === 'CallExpression' && calleeName(node) === 'map' && node.arguments[0]
      ? values.functionOf(node.arguments[0])
      : null;
  if (!each) return false;
  return each.body.type === 'BlockStatement'
    ? hasWaited(node, file, enclosingFunction(node)) && changesLater(each, values)
    : isLongWork(bare(each.body), file, enclosingFunction(node));
}

/** Functions that take a callback often return a promise only to those who give none. */
function isCalledBack(node: Node, file: PromiseFile): boolean {
  // An optional chain is missing for another reason.
  const last =
    node.type === 'CallExpression' && dressed(node).type !== 'ChainExpression' ? node.arguments.at(-1) : undefined;
  return isFunction(last) && file.oracle.besidesPromise(node) !== 'nothing';
}

/**
 * Does the program itself hear of what fails as it starts: `process.on('unhandledRejection', (error) => { throw
 * error; })`?
 */
function isHeardByAll(node: Node, file: PromiseFile): boolean {
  return !enclosingFunction(node) && hearsOfAll(file).some((call) => !enclosingFunction(call));
}

/** The calls by which a file hears of every promise that fails and that nobody sees to. */
export function hearsOfAll({ index, values }: Pick<PromiseFile, 'index' | 'values'>): readonly Call[] {
  const calls = ['on', 'once', 'addListener'].flatMap((name) => index.calls.of(name));
  return calls.filter(
    (call) =>
      values.text(call.arguments[0]) === 'unhandledRejection' &&
      /^(?:process|node:process(?:\.default)?)\.\w+$/.test(values.origin(call.callee) ?? ''),
  );
}

/**
 * `save() { return this.store.save(this); }`, documented as a promise: is there a comment alone to say that it is a
 * promise which the other function returns? Nobody checks what comments say.
 */
function isOnlyDocumented(node: Node, { oracle, values }: PromiseFile): boolean {
  const fn = node.type === 'CallExpression' ? values.functionOf(node.callee) : null;
  if (!fn || fn.async || fn.returnType || fn.body?.type !== 'BlockStatement') return false;
  const returned = returnedBy(fn);
  return (
    returned.length > 0 &&
    returned.every((one) => bare(one).type === 'CallExpression' && oracle.isPromise(one) === 'maybe')
  );
}

// They give back what was in the collection, where others could wait for it.
const TAKES_OUT = new Set(['pop', 'shift']);

/** Does an expression only name a promise that something else keeps, or take it out of a list? */
function isKeptElsewhere(node: Node): boolean {
  return node.type === 'MemberExpression' || isTakenOut(node);
}

/** `this.queue.shift()`: a promise that others may wait for. */
export function isTakenOut(node: Node): boolean {
  const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' && TAKES_OUT.has(nameOf(callee) ?? '');
}

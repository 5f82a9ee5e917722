import { FINAL_EVENTS } from '../../catalog/outcomes.js';
import { functionName, isExecutor, isInside, runOf } from '../../syntax/functions.js';
import { sameValue } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, type Fn, isFunction, type Node, walk } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { leadsTo } from '../../syntax/leaving.js';
import { type End, forgetsType, isWrappedIn, makesFunction } from './ends.js';

/**
 * Does a listener do nothing more once it has settled the promise that was made for it? Each promise adds one; what
 * tells of the program's end adds none that matters.
 */
export function isOfAnswer(start: Start, file: Judge): boolean {
  const { values } = file;
  const target = start.names.get('target');
  return (
    target != null &&
    values.origin(target) === null &&
    !FINAL_EVENTS.has(values.text(start.names.get('type')) ?? '') &&
    settlesItsPromise(start, 'listener', file)
  );
}

/** Does what is started in an executor resolve its promise? */
export function settlesItsPromise(start: Start, name: 'callback' | 'listener', { values }: Judge): boolean {
  const executor = runOf(start.node);
  const given = start.names.get(name);
  const [settle] = executor && isExecutor(executor) ? executor.params : [];
  const run = given ? (values.functionOf(given) ?? given) : null;
  return (
    run !== null &&
    settle?.type === 'Identifier' &&
    (values.variable(settle)?.references.some(({ identifier }) => isInside(identifier, run)) ?? false)
  );
}

/** Does a function run each time that an event comes, which may come again, and for no other reason? */
export function isResponse(fn: Fn, file: Judge): boolean {
  const { values, index } = file;
  const name = functionName(fn);
  if (index.calls.of(name).some((call) => values.functionOf(call.callee) === fn)) return false;
  let uses = 0;
  for (const start of file.starts('listener')) {
    const listener = start.names.get('listener');
    if (!listener || values.functionOf(listener) !== fn) continue;
    if (
      start.resource.endsItself === 'always' ||
      start.names.has('once') ||
      FINAL_EVENTS.has(values.text(start.names.get('type')) ?? '')
    )
      return false;
    uses += 1;
  }
  return uses > 0;
}

/**
 * Is a listener removed by nothing but itself, when an event comes that it looks for, though the run that added it may
 * be over before?
 */
export function mayOutlastItsRun(start: Start, ends: readonly End[], { values }: Judge): boolean {
  const listener = start.names.get('listener');
  const fn = listener && values.functionOf(listener);
  return Boolean(fn && runOf(start.node)?.async && ends.every(({ node }) => isInside(node, fn) && isChosen(node, fn)));
}

/** Does an async function wait for something after it added a listener, and not for what that one sets? */
export function waitsForOthers({ node, names }: Start, { sourceCode, values }: Judge): boolean {
  const run = runOf(node);
  const listener = names.get('listener');
  const fn = listener && values.functionOf(listener);
  let found = false;
  let isTold = false;
  if (run?.async && fn) {
    walk(sourceCode, run.body, (at) => {
      if (isFunction(at)) return false;
      found ||= at.type === 'AwaitExpression' && at.range[0] > node.range[1];
      return !found;
    });
    walk(sourceCode, fn.body, (at) => {
      isTold ||=
        at.type === 'AssignmentExpression' &&
        at.left.type === 'Identifier' &&
        Boolean(
          values
            .variable(at.left)
            ?.references.some(
              ({ identifier }) =>
                !isInside(identifier, fn) && runOf(identifier) === run && identifier.range[0] > node.range[1],
            ),
        );
      return !isTold;
    });
  }
  return found && !isTold;
}

/** Does a choice stand between a node and the function around it? */
function isChosen(node: Node, fn: Fn): boolean {
  for (let at: Node | undefined = node; at && at !== fn; at = at.parent)
    if (at.type === 'IfStatement' || at.type === 'ConditionalExpression' || at.type === 'LogicalExpression')
      return true;
  return false;
}

/** Whoever removes with another flag, or with a function made on the spot, meant to remove this one. */
export function isMeantFor(end: End, start: Start, file: Judge): boolean {
  const { values } = file;
  const { node, differs, sure } = end;
  if (forgetsType(node, start, file)) return true;
  if (differs === 'capture')
    return sure === 'yes' || (isOfTarget(node, start, file) && !takesAnother(node, start, file));
  if (differs === 'type')
    return start.sure === 'yes' && removesOwn(node, start, file) && isNeverAdded(node.arguments[0], file);
  return (
    differs === 'listener' &&
    start.sure === 'yes' &&
    node.arguments.some(
      (argument) =>
        isMadeHere(argument, values) ||
        makesFunction(argument, values) ||
        isWrappedIn(start.names.get('listener'), argument, values) ||
        isCalledBy(start.names.get('listener'), argument, file),
    )
  );
}

/** `const forward = (event) => callback(event)`: does a listener hand on to what a removal names? */
function isCalledBy(listener: Node | null | undefined, argument: Node, { index, values }: Judge): boolean {
  const fn = listener && values.functionOf(listener);
  const variable = argument.type === 'Identifier' ? values.variable(argument) : null;
  return Boolean(
    fn &&
    variable &&
    index.calls
      .of(variable.name)
      .some(
        ({ callee }) => callee.type === 'Identifier' && isInside(callee, fn) && values.variable(callee) === variable,
      ),
  );
}

/** Does a removal name another function of this file? */
function takesAnother(node: Call, { names }: Start, { values }: Judge): boolean {
  const listener = names.get('listener');
  const own = listener ? values.functionOf(listener) : null;
  const removed = node.arguments.map((argument) => values.functionOf(argument)).find((fn) => fn !== null);
  return Boolean(own && removed && own !== removed);
}

/** Is what a removal takes off certain to be the listener? */
function removesOwn(call: Call, { names }: Start, { values }: Judge): boolean {
  const listener = names.get('listener');
  return Boolean(listener) && call.arguments.some((argument) => values.same(argument, listener!) === 'yes');
}

/** Is a removal called on what the listener was added to, unless that was put in the place of another in between? */
function isOfTarget({ callee }: Call, { names }: Start, { values }: Judge): boolean {
  const method = bare(callee);
  const target = names.get('target');
  return (
    target != null &&
    method.type === 'MemberExpression' &&
    sameValue(values.of(method.object), values.of(target)) === 'yes'
  );
}

/**
 * `source.off('sales', listener)`, where the file listens to `sale` and to nothing of this name: is the event misspelt?
 */
function isNeverAdded(type: Node | undefined, file: Judge): boolean {
  const text = type && file.values.text(type);
  return (
    typeof text === 'string' &&
    !file.starts('listener').some(({ names }) => [text, null].includes(file.values.text(names.get('type'))))
  );
}

function isMadeHere(argument: Node, values: Values): boolean {
  const { root } = values.of(argument);
  return (
    root.kind === 'fresh' &&
    root.node === bare(argument) &&
    (isFunction(root.node) || root.node.type === 'CallExpression')
  );
}

/**
 * `if (app.isReady) start(); else app.once('ready', start);`: whoever asks whether the event has come waits for one
 * that comes.
 */
export function isAskedFirst({ node, names }: Start, { sourceCode, values }: Judge): boolean {
  const target = names.get('target');
  for (let at: Node | undefined = node; target && at?.parent && !isFunction(at); at = at.parent) {
    const { parent }: Node = at;
    if (parent?.type !== 'IfStatement' || parent.test === at) continue;
    let isAsked = false;
    walk(sourceCode, parent.test, (part) => {
      isAsked ||= part.type === 'MemberExpression' && values.same(part.object, target) === 'yes';
      return !isAsked;
    });
    if (isAsked) return true;
  }
  return false;
}

/** `app.once('ready', …); app.emit('ready')`: the event is certain to come. */
export function isFiredHere(start: Start, { index, values }: Judge): boolean {
  const type = start.names.get('type');
  return index.calls
    .of('emit')
    .some(
      (call) =>
        call.arguments[0] &&
        type &&
        runOf(call) === runOf(start.node) &&
        values.same(call.arguments[0], type) === 'yes',
    );
}

/** `update() { remove(); if (this.isOn) add(); }`: may another run of it only take off, as a state asks for? */
export function followsState(start: Start, ends: readonly End[], { sourceCode, values }: Judge): boolean {
  const run = runOf(start.node);
  const target = start.names.get('target');
  const asksOther = (test: Node): boolean => {
    let asks = true;
    walk(sourceCode, test, (node) => {
      const isGiven = node.type === 'Identifier' && values.variable(node)?.defs.some((one) => one.node === run);
      asks &&= !isGiven && !(target && values.same(node, target) === 'yes');
      return asks;
    });
    return asks;
  };
  for (let at: Node = start.node; at.parent && at !== run; at = at.parent) {
    const { parent }: Node = at;
    if (parent?.type !== 'IfStatement' || parent.consequent !== at || !asksOther(parent.test)) continue;
    return ends.some(({ node }) => runOf(node) === run && node.range[1] <= parent.range[0] && leadsTo(node, parent));
  }
  return false;
}

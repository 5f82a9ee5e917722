import { LINKS } from '../../flow/chains.js';
import { fateOf } from '../../syntax/fate.js';
import { enclosingFunction, isInside, SYNC_ITERATION, within } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  type Fn,
  type Index,
  isFunction,
  nameOf,
  type Node,
  type SourceCode,
  walk,
} from '../../syntax/walk.js';
import type { Oracle } from '../../types/answer.js';
import { ownCallsIn } from '../ends/reached.js';
import { isLimiter } from './bounds.js';

export interface Facts {
  readonly values: Values;
  readonly oracle: Oracle;
  readonly index: Index;
  readonly sourceCode: SourceCode;
}

/**
 * What a callback starts: `process` for one of the system's, `promised` for other work, `limited` where something lets
 * only a few through.
 */
type Work = 'limited' | 'none' | 'process' | 'promised';

const LIMITERS = /limit|queue|pool|sem|throttl|schedul|^add$|exclusive|mutex|lock/i;

/** What takes time and nothing else, what is settled already, and what gives back instead of taking. */
const FREE_ORIGINS = /^(?:node:timers\/promises\.|Promise\.(?:resolve|reject)$)/;

/** What waits for work that other calls start. */
const WAITS = /^Promise\./;

const FREE_METHODS = /^(?:close|terminate|dispose|destroy|end|stop|cancel|abort|kill|disconnect|unsubscribe)/;

const PROCESSES = new Set([
  'node:child_process.spawn',
  'node:child_process.exec',
  'node:child_process.execFile',
  'node:child_process.fork',
  'Worker',
  'node:worker_threads.Worker',
]);

export function workOf(callback: Node, facts: Facts, seen: Set<Node> = new Set()): Work {
  const { values, oracle, sourceCode } = facts;
  if (FREE_ORIGINS.test(values.origin(callback) ?? '')) return 'none';
  const fn = values.functionOf(callback);
  if (!fn)
    return startsProcess(callback, values)
      ? 'process'
      : bare(callback).type === 'Identifier' || bare(callback).type === 'MemberExpression'
        ? 'promised'
        : 'none';
  if (seen.has(fn)) return 'none';
  seen.add(fn);
  if (takesFromShared(fn, facts)) return 'limited';
  let found: Work = 'none';
  walk(sourceCode, fn.body, (node) => {
    if (found === 'limited') return false;
    if (isFunction(node)) return false;
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
    const name = calleeName(node);
    // What is handed a function decides when to call it.
    if (node.arguments.some((argument) => values.functionOf(argument))) {
      if (SYNC_ITERATION.has(name)) found = more(found, workOf(node.arguments[0]!, facts, seen));
      else if (LIMITERS.test(sourceCode.getText(node.callee)) || isLimiter(node.callee, facts)) found = 'limited';
      if (found === 'limited') return false;
    }
    const origin = values.origin(node.callee) ?? '';
    if (
      FREE_METHODS.test(name) ||
      LINKS.has(name) ||
      WAITS.test(origin) ||
      (isAll(node, fn) && FREE_ORIGINS.test(origin))
    )
      return undefined;
    if (startsProcess(node.callee, values)) found = more(found, isListed(node, values) ? 'promised' : 'process');
    else if (isOfPool(node.callee)) found = 'limited';
    else if (node.type === 'NewExpression' && origin === 'Promise' && node.arguments[0])
      found = more('promised', more(found, workOf(node.arguments[0], facts, seen)));
    else if (found === 'none')
      found = values.functionOf(node.callee)
        ? workOf(node.callee, facts, seen)
        : oracle.isPromise(node) === 'yes' || awaited(node)
          ? 'promised'
          : 'none';
    return undefined;
  });
  return found;
}

/**
 * `async () => { for (const item of todo) await work(item); }`, with an iterator that was made outside: does a function
 * that is given nothing take one item after the other from what all its runs share?
 */
function takesFromShared(fn: Fn, { values, index, sourceCode }: Facts): boolean {
  if (fn.params.length > 0) return false;
  const isShared = (node: Node): boolean => {
    const { root } = values.of(node);
    return root.kind === 'variable' ? !isInside(root.variable.defs[0]?.node ?? fn, fn) : root.kind === 'this';
  };
  return within(index.loops, fn.body).some((loop) => {
    if (loop.type === 'ForOfStatement') return isIterator(loop.right, values) && isShared(loop.right);
    let takes = false;
    walk(sourceCode, loop, (node) => {
      if (node.type === 'UpdateExpression')
        takes ||= node.parent.type !== 'ExpressionStatement' && node !== updateOf(loop) && isShared(node.argument);
      const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
      if (callee?.type === 'MemberExpression' && /^(?:next|pop|shift)$/.test(nameOf(callee) ?? ''))
        takes ||= isShared(callee.object);
      return !takes && !isFunction(node);
    });
    return takes;
  });
}

function updateOf(loop: Node): Node | null {
  return loop.type === 'ForStatement' ? loop.update : null;
}

/** `items.entries()`, by a name: what goes on where it was left. */
function isIterator(name: Node, values: Values): boolean {
  const made = bare(name).type === 'Identifier' ? values.initialOf(name) : null;
  return (
    made?.type === 'CallExpression' &&
    ((made.callee.type === 'MemberExpression' &&
      /^(?:entries|keys|values)$/.test(calleeName(made)) &&
      !values.origin(made.callee)?.startsWith('Object.')) ||
      values.functionOf(made.callee)?.generator === true)
  );
}

function more(one: Work, other: Work): Work {
  return one === 'none' || other === 'limited' ? other : one === 'promised' && other === 'process' ? other : one;
}

/** `pool.run(task)`, `this.queue.add(task)` */
function isOfPool(callee: Node): boolean {
  const member = bare(callee);
  const object = member.type === 'MemberExpression' ? bare(member.object) : null;
  const name =
    object?.type === 'Identifier' ? object.name : object?.type === 'MemberExpression' ? nameOf(object) : null;
  return /(?:limiter|pool|queue)$/i.test(name ?? '');
}

/** Is a call all that a function does? */
function isAll(call: Call, { body }: Fn): boolean {
  const only = body.type === 'BlockStatement' ? (body.body.length === 1 ? body.body[0]! : null) : body;
  const value =
    only?.type === 'ExpressionStatement' ? only.expression : only?.type === 'ReturnStatement' ? only.argument : only;
  return value !== null && bare(value.type === 'AwaitExpression' ? value.argument : value) === call;
}

/** Is a call, or the chain that follows it, awaited? */
function awaited(call: Call): boolean {
  let top: Node = call;
  while (
    top.parent?.type === 'MemberExpression' &&
    LINKS.has(nameOf(top.parent) ?? '') &&
    top.parent.parent.type === 'CallExpression'
  )
    top = top.parent.parent;
  return top.parent?.type === 'AwaitExpression';
}

/** `const worker = new Worker(file); this.#workers.push(worker);`: one of those that an instance has for good. */
function isListed(node: Node, values: Values, seen = new Set<Variable>()): boolean {
  const fate = fateOf(node, values);
  if (fate.kind === 'local')
    return (
      !seen.has(fate.variable) &&
      fate.variable.references.some(
        ({ identifier, init }) => !init && isListed(identifier, values, seen.add(fate.variable)),
      )
    );
  const callee = fate.kind === 'passed' ? bare(fate.call.callee) : null;
  return (
    callee?.type === 'MemberExpression' &&
    nameOf(callee) === 'push' &&
    bare(callee.object).type === 'MemberExpression' &&
    values.of(callee.object).root.kind === 'this'
  );
}

/** Is it a function that starts a process, also in its promised form, or the class of a worker? */
function startsProcess(callee: Node, values: Values): boolean {
  if (PROCESSES.has(values.origin(callee) ?? '')) return true;
  const made = values.initialOf(callee);
  return (
    made?.type === 'CallExpression' &&
    values.origin(made.callee) === 'node:util.promisify' &&
    PROCESSES.has(values.origin(made.arguments[0] ?? made) ?? '')
  );
}

/** Does the work of an item do the same for the items below it? */
export function isRecursive(map: Node, callback: Node, facts: Facts): boolean {
  const { values, index } = facts;
  const around = enclosingFunction(map);
  const fn = values.functionOf(callback);
  if (!around || !fn) return false;
  if (isOfMany(map, values) || takesOneOrMany(around, { values, index })) return false;
  if (fn === around) return true;
  return ownCallsIn(fn, facts).some(
    ({ node, fn: called }) => called === around && isInside(node, around) && !isLastStep(node, around, map, values),
  );
}

/** `if (deep) await Promise.all(names.map((name) => list(name, false)))`: is what it is given why it goes no further? */
function isLastStep(call: Call, fn: Fn, map: Node, values: Values): boolean {
  return call.arguments.some((given, at) => {
    const parameter = fn.params[at];
    const name = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
    const variable = name?.type === 'Identifier' ? values.variable(name) : null;
    if (!variable || given.type !== 'Literal' || given.value) return false;
    for (let inner = map; inner.parent && inner !== fn; inner = inner.parent) {
      const { parent } = inner;
      const test =
        (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.consequent === inner
          ? bare(parent.test)
          : null;
      if (test?.type === 'Identifier' && values.variable(test) === variable) return true;
    }
    return false;
  });
}

/** What asks for something outside of the program, by the first word of its name. */
const ASKS =
  /^[$_#]*(?:access|call|copy|create|delete|download|exec|fetch|find|get|glob|import|insert|ls|lstat|list|load|make|mkdir|open|opendir|post|put|query|read|readdir|realpath|remove|request|rm|run|save|scan|search|send|spawn|stat|unlink|update|upload|walk|write)(?![a-z])/;

/**
 * Does the work below an item, or around it, ask for something outside of the program? A name such as `load` says so
 * only where the items, too, come from there: what the program has in its hands already, it often works on by itself.
 */
export function reachesOut(items: Node, map: Node, callback: Node, facts: Facts): boolean {
  const { values, sourceCode, oracle } = facts;
  const seen = new Set<Fn>();
  const areAskedFor = isAskedFor(items, facts);
  const asks = (node: Node): boolean => {
    if (node.type !== 'CallExpression') return false;
    const origin = values.origin(node.callee);
    if (origin !== null && oracle.isPromise(node) === 'yes') return !WAITS.test(origin);
    return (areAskedFor && ASKS.test(calleeName(node)) && awaited(node)) || reaches(values.functionOf(node.callee));
  };
  const reaches = (fn: Fn | null): boolean => {
    if (!fn || seen.has(fn)) return false;
    seen.add(fn);
    let found = false;
    walk(sourceCode, fn.body, (node) => {
      found ||= asks(node);
      return !found;
    });
    return found;
  };
  return [enclosingFunction(map), values.functionOf(callback)].some(reaches);
}

/** `(await list(folder)).filter(isFolder)`: are items part of what was waited for, and not of what was given? */
function isAskedFor(items: Node, facts: Facts, seen: Set<Node> = new Set()): boolean {
  const { values, sourceCode } = facts;
  let found = false;
  walk(sourceCode, items, (node) => {
    if (isFunction(node)) return false;
    found ||= node.type === 'AwaitExpression';
    const [definition] = (node.type === 'Identifier' && values.variable(node)?.defs) || [];
    if (definition?.type === 'Variable' && definition.node.init && !seen.has(definition.node)) {
      seen.add(definition.node);
      found ||= isAskedFor(definition.node.init, facts, seen);
    }
    return !found;
  });
  return found;
}

/** `if (!Array.isArray(ids)) return [await load(ids)];`: does a function ask whether it was given many? */
export function takesOneOrMany(fn: Fn, { values, index }: Pick<Facts, 'index' | 'values'>): boolean {
  return within(index.calls.of('isArray'), fn).some(({ callee, arguments: [asked] }) => {
    const variable = asked?.type === 'Identifier' ? values.variable(asked) : null;
    const [definition] = variable?.defs ?? [];
    return definition?.type === 'Parameter' && definition.node === fn && values.origin(callee) === 'Array.isArray';
  });
}

/**
 * `if (Array.isArray(data)) return Promise.all(data.map(create))`: what takes one or many, or is called something, goes
 * one step down, to those that are not.
 */
function isOfMany(map: Node, values: Values): boolean {
  const callee = map.type === 'CallExpression' ? bare(map.callee) : null;
  const items = callee?.type === 'MemberExpression' ? bare(callee.object) : null;
  for (let at = map; items && at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    const test =
      (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.consequent === at
        ? bare(parent.test)
        : null;
    if (
      test?.type === 'BinaryExpression' &&
      /^===?$/.test(test.operator) &&
      [test.left, test.right].some(({ type }) => type === 'Literal') &&
      [test.left, test.right].some(({ type }) => type === 'CallExpression')
    )
      return true;
    if (
      test?.type === 'CallExpression' &&
      values.origin(test.callee) === 'Array.isArray' &&
      test.arguments[0] &&
      values.same(test.arguments[0], items) === 'yes'
    )
      return true;
  }
  return false;
}

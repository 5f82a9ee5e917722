import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, isExecutor, isInside, LISTENS, runOf } from '../../syntax/functions.js';
import { sameValue } from '../../syntax/value.js';
import { bare, type Call, type Fn, nameOf, type Node, walk } from '../../syntax/walk.js';
import { handleNode } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { End } from './ends.js';
import { isParameter } from './passed-in.js';
import { callbackTaker, endsIn, executorAround, placesOf, settlersOf } from './settling.js';

/** Does a timer say that work failed which another callback of the same function may have answered for before? */
export function givesUpLast(start: Start, file: Judge): boolean {
  const { taker, places, isFailure } = answersOf(start, file);
  return (
    places.some(isFailure) &&
    places.some(({ call }) => {
      const around = enclosingFunction(call);
      return around !== taker && around !== null && !isInside(start.node, around) && !isFired(call, start, file);
    })
  );
}

/** Is what a timer runs there to say that work failed? */
export function tellsFailure(start: Start, file: Judge): boolean {
  const { places, isFailure } = answersOf(start, file);
  return places.some(isFailure);
}

/** A call of what a function tells the end of its work by: of its first or second settler, or of its callback. */
interface Told {
  readonly call: TSESTree.CallExpression;
  readonly settler: number;
}

function answersOf(start: Start, file: Judge) {
  const { values } = file;
  const taker = executorAround(start.node) ?? callbackTaker(start.node);
  const places = taker
    ? settlersOf(taker).flatMap((parameter, settler): Told[] => {
        const variable = values.variable(parameter);
        return variable ? placesOf(variable, taker, values).map((call) => ({ call, settler })) : [];
      })
    : [];
  const isFailure = ({ call, settler }: Told): boolean =>
    isFired(call, start, file) && (taker && isExecutor(taker) ? settler === 1 : isError(call.arguments[0]));
  return { taker, places, isFailure };
}

function isFired(call: Node, { names }: Start, { values }: Judge): boolean {
  const callback = names.get('callback');
  const fired = callback && values.functionOf(callback);
  return Boolean(fired && isInside(call, fired));
}

/** An error that is made here, and no failure that was told before and waits for its turn. */
function isError(given: Node | undefined): boolean {
  const error = given && bare(given);
  return error?.type === 'NewExpression' || error?.type === 'ObjectExpression' || error?.type === 'CallExpression';
}

const FAILS = new Set(['abort', 'aborted', 'error']);

/** A listener that a run adds to something: what it listens to, and for which event. */
interface Heard {
  readonly target: Node;
  readonly type: string;
  readonly fn: Fn;
}

/**
 * The place where the failure of some work is told and the start is not ended, though what tells of its success on the
 * same target ends it. Null when there is none.
 */
export function failedWithout(start: Start, ends: readonly End[], file: Judge): Node | null {
  const run = runOf(start.node);
  const heard = run ? heardIn(run, file) : [];
  const ending = heard.filter(({ fn }) => endsIn(fn, ends, file));
  if (ending.length === 0) return null;
  for (const { target, type, fn } of heard) {
    if (!FAILS.has(type) || endsIn(fn, ends, file)) continue;
    const beside = ending.filter((one) => file.values.same(one.target, target) === 'yes');
    // What closes ends it, too, and that comes after what failed.
    if (beside.length === 0 || beside.some((one) => /clos|end|exit|finish|fail|error|abort/i.test(one.type))) continue;
    const told = answersIn(fn, file).find((place) =>
      beside.some((one) => answersIn(one.fn, file).some((other) => isSameCallee(place, other, file))),
    );
    if (told) return told;
  }
  return null;
}

/** What cuts something short that may end by itself. */
export const CUTS = /^(?:abort|destroy|kill|terminate)$/;
/** What a run may also do to what it made itself once it has lasted long enough. */
const ENDS = /^(?:close|disconnect|end)$/;
const ENDED = new Set(['close', 'disconnect', 'exit']);

/**
 * `setTimeout(() => child.kill(), limit); child.on('exit', tell);`: does a timer end something of whose own end the same
 * run hears, so that it is for nothing after that?
 */
export function endsWhatEnds(start: Start, file: Judge): boolean {
  const { sourceCode, values } = file;
  const callback = start.names.get('callback');
  const fired = callback && values.functionOf(callback);
  const run = runOf(start.node);
  // Nobody minds a timer that keeps nothing alive.
  if (!fired || !run || handleNode(start, values) !== start.node) return false;
  const ended = addedIn(run, file).filter(({ type }) => ENDED.has(type));
  let found = false;
  if (ended.length === 0) return false;
  walk(sourceCode, fired.body, (node) => {
    const method = node.type === 'MemberExpression' && node.object.type === 'Identifier' ? node : null;
    const name = method?.parent.type === 'CallExpression' && method.parent.callee === method ? nameOf(method) : null;
    found ||=
      name !== null &&
      (CUTS.test(name) || (ENDS.test(name) && isParameter(method!.object, values))) &&
      ended.some(({ target }) => values.same(target, method!.object) === 'yes');
    return !found;
  });
  return found;
}

/** The listeners that a run adds and that this file declares. */
function heardIn(run: Fn, file: Judge): Heard[] {
  return addedIn(run, file).flatMap(({ target, type, listener }) => {
    const given = bare(listener);
    // `request.on('error', (this.onError = (error) => { … }))`
    const fn = file.values.functionOf(given.type === 'AssignmentExpression' ? given.right : given);
    return fn ? [{ target, type, fn }] : [];
  });
}

/** What a run listens to, in chains, too. */
function addedIn(run: Fn, { index, values }: Judge): (Omit<Heard, 'fn'> & { readonly listener: Node })[] {
  return [...LISTENS].flatMap((name) =>
    index.calls.of(name).flatMap((call) => {
      const [type, listener] = call.arguments;
      const target = listener && runOf(call) === run ? targetOf(call) : null;
      return target && listener ? [{ target, type: values.text(type) ?? '', listener }] : [];
    }),
  );
}

/** `request` in `request.setTimeout(0).on('error', fail)` */
function targetOf({ callee }: Call): Node | null {
  const method = bare(callee);
  if (method.type !== 'MemberExpression') return null;
  const object = bare(method.object);
  return object.type === 'CallExpression' && bare(object.callee).type === 'MemberExpression'
    ? targetOf(object)
    : object;
}

/**
 * The calls of a listener that may tell how the work went: of what its function was given, or of methods of its
 * instance.
 */
function answersIn(fn: Fn, { sourceCode, values }: Judge): TSESTree.CallExpression[] {
  const found: TSESTree.CallExpression[] = [];
  walk(sourceCode, fn.body, (node) => {
    if (node.type !== 'CallExpression') return;
    const { root, path } = values.of(node.callee);
    const isGiven =
      root.kind === 'variable' &&
      path.length === 0 &&
      root.variable.defs[0]?.type === 'Parameter' &&
      !isInside(root.variable.defs[0].name, fn);
    const isOwn = root.kind === 'this' && path.length === 1 && values.functionOf(node.callee) !== null;
    if (isGiven || isOwn) found.push(node);
  });
  return found;
}

function isSameCallee(one: TSESTree.CallExpression, other: TSESTree.CallExpression, { values }: Judge): boolean {
  return sameValue(values.of(one.callee), values.of(other.callee)) === 'yes';
}

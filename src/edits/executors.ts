import type { TSESTree } from '@typescript-eslint/utils';
import { isArmOfRace } from '../flow/arms.js';
import type { Start } from '../ownership/starts/starts.js';
import { argumentOf, enclosingFunction, isInside, runOf, thisBody, within } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import { bare, type Call, dressed, type Fn, type Node, walk } from '../syntax/walk.js';
import { endAfterwards, type Ending } from './afterwards.js';
import { returnsIn } from './cleanup.js';
import {
  type Change,
  type Edit,
  endsFor,
  freeName,
  indentOf,
  indentStep,
  isTypeScript,
  lineBreak,
  semicolon,
  together,
  type View,
} from './edit.js';
import { keepTimer } from './kept-timers.js';
import { onceInstead } from './once.js';
import { placeIn } from './place.js';
import { endAt, statementText } from './reach.js';
import {
  addFirst,
  asBlock,
  insertAfterStatement,
  insertBeforeStatement,
  lineInside,
  listAround,
  statementOf,
} from './statements.js';

/** A promise with the function that starts what settles it. */
export interface Executor {
  readonly promise: TSESTree.NewExpression;
  readonly fn: Fn;
  /** `resolve` and `reject`, as far as they are taken. */
  readonly settlers: readonly Variable[];
}

/** The executor that a start runs in. */
function executorAround({ node }: Start, { values }: View): Executor | null {
  const fn = runOf(node);
  const promise = fn && argumentOf(fn)?.call;
  if (!fn || promise?.type !== 'NewExpression' || values.origin(promise.callee) !== 'Promise') return null;
  return {
    promise,
    fn,
    settlers: fn.params.flatMap((parameter) =>
      parameter.type === 'Identifier' ? (values.variable(parameter) ?? []) : [],
    ),
  };
}

/**
 * Ends what an executor starts when its promise is settled; null where nothing else can settle it, or where it is there
 * for more.
 */
export function endWhenSettled(view: View, start: Start): Edit | null {
  const executor = executorAround(start, view);
  // An arm that loses stays as it is: who ends the race ends what its arms hold.
  if (executor && isArmOfRace(executor.promise, view.values)) return null;
  const others = executor && settledElsewhere(start, executor, view);
  if (!executor || !others || others.length === 0) return onTheWay(view, start);
  const isListener = start.resource.kind === 'listener';
  if (isListener && isForMore(start, executor, view)) return null;
  const isOwn = settlesItself(start, executor, view);
  const isDropped = view.handleOf(start).kind === 'dropped';
  if (!isListener && isDropped && !isOwn) return null;
  const all = isListener ? listenersOf(start, executor, view) : [start];
  // What settles it itself, and is no `once`, has to go then, too.
  const stays = isListener && isOwn && start.resource.endsItself !== 'always' && !start.names.get('once');
  // Who removes one listener forgets those beside it that stay.
  const direct =
    !stays && all.every((one) => one === start || one.resource.endsItself === 'always')
      ? ((isListener ? onceInstead(view, start, executor) : null) ?? inCallbacks(view, start, others))
      : null;
  if (direct) return direct;
  const ending =
    !isListener && isDropped
      ? keepTimer(view, start, start.node, executor.promise)
      : removeLater(view, all, executor.promise);
  return ending && endAfterwards(view, executor.promise, [ending], [start.node]);
}

/** Events of which there are many. */
export const COMES_AGAIN = /^(?:chunk|data|line|message|output|progress|readable|std(?:err|out))$/i;

/** Does a listener give each of the things that come to somebody else? They come after the promise is settled, too. */
function isForMore(start: Start, { fn }: Executor, { values, sourceCode }: View): boolean {
  const callback = callbackOf(start);
  const own = callback && values.functionOf(callback);
  const given = own?.params[0]?.type === 'Identifier' ? values.variable(own.params[0]) : null;
  if (!own || !given || !COMES_AGAIN.test(values.text(start.names.get('type')) ?? '')) return false;
  let isGiven = false;
  walk(sourceCode, own.body, (node) => {
    const callee = node.type === 'CallExpression' ? bare(node.callee) : null;
    const { root } = callee?.type === 'MemberExpression' ? values.of(callee.object) : { root: null };
    const isOutside =
      root?.kind === 'global' ||
      root?.kind === 'import' ||
      (root?.kind === 'variable' && !root.variable.defs.some(({ name }) => isInside(name, fn)));
    isGiven ||=
      isOutside &&
      (node as TSESTree.CallExpression).arguments.some(
        (one) => one.type === 'Identifier' && values.variable(one) === given,
      );
    return !isGiven;
  });
  return isGiven;
}

function callbackOf({ names }: Start): Node | null {
  return names.get('callback') ?? names.get('listener') ?? null;
}

/** Does what a start calls later settle the promise? */
function settlesItself(start: Start, { settlers }: Executor, { values, sourceCode }: View): boolean {
  const callback = callbackOf(start);
  let settles = false;
  if (callback) {
    walk(sourceCode, values.functionOf(callback) ?? callback, (node) => {
      const variable = node.type === 'Identifier' ? values.variable(node) : null;
      settles ||= variable !== null && settlers.includes(variable);
      return !settles;
    });
  }
  return settles;
}

/**
 * The end before what calls back without it: in another callback than the one that ends, or in the `catch` of that one.
 */
function onTheWay(view: View, start: Start): Edit | null {
  const { values } = view;
  const verdict = view.verdict(start);
  const [way] = verdict.kind === 'kept' ? [] : verdict.ways;
  const mention = way?.node.type === 'CallExpression' ? bare(way.node.callee) : null;
  const settler = mention?.type === 'Identifier' ? values.variable(mention) : null;
  if (!mention || !(settler || isOwnMethod(mention))) return null;
  const ends = endsFor(start, view);
  const callback = callbackOf(start);
  const own = callback && values.functionOf(callback);
  const others = (settler?.references ?? [])
    .filter((reference) => reference.isRead())
    .map(({ identifier }): Node => identifier)
    .filter(
      (one) =>
        one !== mention &&
        one.range[0] > start.node.range[0] &&
        !(own && isInside(one, own)) &&
        !ends.some((node) => enclosingFunction(node) === enclosingFunction(one)),
    );
  return others.length < MANY ? together(...[mention, ...others].map((one) => beforeSettling(view, start, one))) : null;
}

/** `this.complete('broken')` */
function isOwnMethod(mention: Node): boolean {
  return mention.type === 'MemberExpression' && mention.object.type === 'ThisExpression';
}

/** The mentions of settlers after which a start is needless: those that are not in what it calls itself. */
function settledElsewhere(start: Start, { settlers, fn }: Executor, { values }: View): readonly Node[] {
  const callback = callbackOf(start);
  const own = callback && (values.functionOf(callback) ?? callback);
  const mentions = settlers.flatMap(({ references }) => references.map(({ identifier }): Node => identifier));
  return mentions.filter(
    (one) =>
      !(own && isInside(one, own)) &&
      !(enclosingFunction(one) === fn && one.range[0] < start.node.range[0] && !argumentOf(one)),
  );
}

/** The listeners of an executor that nothing removes, and that are for its promise. */
function listenersOf(start: Start, executor: Executor, view: View): Start[] {
  return within(view.starts('listener'), executor.fn).filter(
    (one) =>
      one === start ||
      (runOf(one.node) === executor.fn && view.verdict(one).kind !== 'kept' && !isForMore(one, executor, view)),
  );
}

/** More ends than this hide what a callback is about. */
const MANY = 2;

/** The end before each call that settles the promise and has none yet: `clearTimeout(timer); resolve();`. */
function inCallbacks(view: View, start: Start, mentions: readonly Node[]): Edit | null {
  const ends = endsFor(start, view);
  const left = mentions.filter((one) => !ends.some((node) => enclosingFunction(node) === enclosingFunction(one)));
  if (left.length === 0 || left.length > MANY) return null;
  return together(...left.map((one) => beforeSettling(view, start, one)));
}

function beforeSettling(view: View, start: Start, mention: Node): Edit | null {
  const call = dressed(mention).parent;
  const fn = enclosingFunction(mention);
  const run = runOf(start.node);
  if (call?.type !== 'CallExpression' || bare(call.callee) !== mention || !fn || fn === run) return null;
  // The name of the handle means nothing where its function left before.
  const isMissing = ({ range: [at] }: Node): boolean => mention.range[0] < at && at < start.node.range[0];
  if (run && isInside(fn, run) && returnsIn([run.body], view).some((one) => isMissing(one))) return null;
  const { parent } = dressed(call);
  const isBody = fn.body === dressed(call);
  const statement = parent?.type === 'ExpressionStatement' || parent?.type === 'ReturnStatement' ? parent : null;
  const reached = endAt(start, placeIn(fn.body, fn), view);
  if (!reached || !(isBody || (statement && listAround(statement)))) return null;
  const text = statementText(reached, view);
  const added = isBody
    ? addFirst(fn, text, '', view.sourceCode)
    : [insertBeforeStatement(statement!, text, view.sourceCode)];
  return together(reached.changes, added);
}

/** Ends things by a function that the executor hands out: `let stop; … stop = () => bus.off('ready', resolve);` */
export function removeLater(view: View, starts: readonly Start[], promise: Call): Ending | null {
  const { sourceCode } = view;
  const [first] = starts;
  const fn = first ? enclosingFunction(first.node) : null;
  const statements = starts.map(({ node }) => statementOf(node));
  const last = statements.at(-1);
  const list = last && listAround(last);
  if (!fn || !starts.every(({ node }) => enclosingFunction(node) === fn)) return null;
  const body = last && list ? null : bodyOf(first!, starts, fn);
  const place = list ?? body;
  if (!place || (list && !statements.every((one) => one && listAround(one) === list))) return null;
  const reached = starts.map((start) =>
    endAt(start, { node: place, body: thisBody(place), isAsync: false, isLater: true }, view),
  );
  if (!reached.every((one) => one !== null && one.guard === null)) return null;
  const changes = reached.flatMap((one) => one!.changes);
  const names = changes.flatMap(({ text }) => /^const (\w+) = /.exec(text)?.[1] ?? []);
  if (new Set(names).size < names.length) return null;
  const ends = reached.map((one) => one!.call);
  const isListener = starts.every(({ resource }) => resource.kind === 'listener');
  const name = freeName(
    isListener ? (ends.length > 1 ? 'removeListeners' : 'removeListener') : 'stop',
    [promise, first!.node],
    sourceCode,
  );
  const end = semicolon(sourceCode);
  const indent = lineBreak(sourceCode) + indentOf(last ?? fn, sourceCode) + (list ? '' : indentStep(sourceCode));
  const given =
    ends.length === 1
      ? `() => ${ends[0]}`
      : `() => {${ends.map((one) => indent + indentStep(sourceCode) + one + end).join('')}${indent}}`;
  const kept = `${name} = ${given}${end}`;
  const type = isTypeScript(view) ? ': (() => void) | undefined' : '';
  // What has to be named before an expression goes into the block that this becomes.
  const isNaming = (one: Change): boolean => !list && one.start === one.end && one.start === fn.body.range[0];
  const naming = changes.filter(isNaming).map(({ text }) => text.trimEnd() + lineInside(fn, sourceCode));
  const edit = together(
    changes.filter((one) => !isNaming(one)),
    list && last ? [insertAfterStatement(last, kept, sourceCode)] : asBlock(fn, naming.join(''), [kept], sourceCode),
  );
  return edit && { declarations: [`let ${name}${type}`], end: `${name}?.()`, edit, isSetLater: true };
}

/** The body of an executor that does nothing but start: `(resolve) => bus.once('ready', resolve)`. */
function bodyOf({ node }: Start, starts: readonly Start[], { body }: Fn): Node | null {
  return starts.length === 1 && bare(body) === node ? body : null;
}

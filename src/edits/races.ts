import type { TSESTree } from '@typescript-eslint/utils';
import type { Left } from '../ownership/parallel/race-arms.js';
import { fateOf } from '../syntax/fate.js';
import { isInside } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import { type Call, calleeName, type Node } from '../syntax/walk.js';
import { endAfterwards, type Ending } from './afterwards.js';
import { freeName, suggestion, type Suggestion, together, type View } from './edit.js';
import { removeLater } from './executors.js';
import { keepTimer } from './kept-timers.js';
import { passSignal, positionIn } from './signals.js';

/** Ends everything that losing arms hold, whichever arm wins; null where one of them cannot be ended from here. */
export function endLosers(view: View, race: TSESTree.CallExpression, left: readonly Left[]): Suggestion | null {
  const timers = left.flatMap((one) => (one.why === 'timerLeft' ? [keepTimer(view, one.start, one.node, race)] : []));
  // What is sent to be kept is wanted, whatever becomes of the others.
  if (calleeName(race) === 'all' && left.some((one) => one.why === 'workLeft' && changesWorld(one.call, view)))
    return null;
  const signalled = left.flatMap((one) => asSignalled(view, one));
  const others = left.flatMap((one) =>
    one.why === 'listenerLeft' && asSignalled(view, one).length === 0
      ? [one.node === one.start.node ? removeLater(view, [one.start], race) : null]
      : [],
  );
  if (timers.length + others.length > 1 || timers.length + others.length + signalled.length < left.length) return null;
  const endings = [...timers, ...others, ...(signalled.length > 0 ? [abortAll(view, signalled, race)] : [])];
  const all = endings.filter((one) => one !== null);
  return all.length < endings.length
    ? null
    : suggestion(
        'endLosers',
        endAfterwards(
          view,
          race,
          all,
          left.map(({ node }) => node),
        ),
      );
}

/** Does a request change something: `axios.put(…)`, `fetch(url, { method: 'POST' })`? */
function changesWorld(call: Call, { values }: View): boolean {
  const method = call.arguments
    .map((one) => (one.type === 'ObjectExpression' ? memberNamed(one, 'method') : null))
    .find((one) => one?.type === 'Property');
  return (
    /^(?:delete|patch|post|put)$/.test(calleeName(call)) ||
    (method?.type === 'Property' && !/^(?:GET|HEAD)$/i.test(values.text(method.value) ?? ''))
  );
}

/** Something that takes a signal. */
type Signalled = Pick<Extract<Left, { call: unknown }>, 'node' | 'position'> & {
  readonly call: Call;
  readonly isListener: boolean;
};

function asSignalled(view: View, left: Left): Signalled[] {
  if (left.why === 'sleepLeft' || left.why === 'workLeft')
    return left.call.arguments.some((given) => view.values.functionOf(given)?.params.length === 0)
      ? []
      : [{ ...left, isListener: false }];
  const position = left.why === 'listenerLeft' ? positionIn(left.start, view) : null;
  return left.why === 'listenerLeft' && position
    ? [{ node: left.node, call: left.start.node, position, isListener: true }]
    : [];
}

/** One controller for all arms that take a signal. */
function abortAll(view: View, calls: readonly Signalled[], race: Node): Ending | null {
  const name = freeName('controller', race, view.sourceCode);
  const outer = view.signals.reach(race);
  const own = `${name}.signal`;
  // Where the outer signal took a listener off, nothing would settle its arm.
  const work = calls.filter(({ isListener }) => !isListener);
  const both = outer?.sure && !outer.mayBeMissing && work.length > 0 ? `AbortSignal.any([${outer.text}, ${own}])` : own;
  if (calls.some(({ call, node }) => call !== node || keepsBody(view, call))) return null;
  // A second controller beside one that another arm has would be one too many.
  const isThere = view.starts('controller').some((start) => {
    const handle = view.handleOf(start);
    return (
      handle.kind === 'kept' &&
      handle.variables.some(({ references }) => references.some(({ identifier }) => isInside(identifier, race)))
    );
  });
  if (isThere) return null;
  const shared = both !== own && work.length > 1 ? freeName('either', race, view.sourceCode) : null;
  const edit = together(
    ...calls.map(
      ({ call, position, isListener }) =>
        position &&
        passSignal(view, call, { text: isListener ? own : (shared ?? both), mayBeMissing: false }, position),
    ),
  );
  const declarations = [
    `const ${name} = new AbortController()`,
    ...(shared === null ? [] : [`const ${shared} = ${both}`]),
  ];
  return edit && { declarations, end: `${name}.abort()`, edit };
}

/** An abort also ends the reading of a body that the winner still has to give. */
function keepsBody(view: View, call: Call): boolean {
  return view.values.origin(call.callee) === 'fetch' && fateOf(call, view.values).kind !== 'receiver';
}

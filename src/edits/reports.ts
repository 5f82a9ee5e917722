import { memoize } from '../maps.js';
import { argumentOf, isInside, thisBody } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import { bare, calleeName, isFunction, nameOf, type Node } from '../syntax/walk.js';
import type { View } from './edit.js';
import { refersTo } from './place.js';

/** What other handlers of the file tell of a failure: `this.logger`. */
interface Reporter {
  readonly logger: Node;
  readonly isInClause: boolean;
}

/** What the name of something that writes down what happened ends with. */
const LOGGER = /^[_$#]*log(?:ger|ging)?$|[a-z0-9_$#]Log(?:ger)?$|^Log(?:ger)?$|^LOG(?:GER)?$/;

/** What is written down by one of these methods may as well be written down as an error. */
const LEVELS = ['error', 'warn', 'info', 'debug', 'trace'];

const reportersOf = memoize(({ index, values }: View): readonly Reporter[] =>
  LEVELS.flatMap((level) => index.calls.of(level)).flatMap(({ callee, arguments: [failure, ...more] }) => {
    const method = bare(callee);
    const caught = failure?.type === 'Identifier' && more.length === 0 ? values.variable(failure) : null;
    const where = caught && handlerOf(caught);
    return where && method.type === 'MemberExpression' && LOGGER.test(lastNameOf(method.object))
      ? [{ logger: method.object, isInClause: where === 'clause' }]
      : [];
  }),
);

/** Is a name what a `catch` clause caught, or what a handler of a promise is given? */
function handlerOf({ defs: [definition] }: Variable): 'clause' | 'link' | null {
  if (definition?.type === 'CatchClause') return 'clause';
  const fn = definition?.type === 'Parameter' && isFunction(definition.node) ? definition.node : null;
  const taken = fn?.params[0] === definition?.name && fn ? argumentOf(fn) : null;
  return taken && calleeName(taken.call) === 'catch' ? 'link' : null;
}

function lastNameOf(node: Node): string {
  const object = bare(node);
  return object.type === 'Identifier' ? object.name : object.type === 'MemberExpression' ? (nameOf(object) ?? '') : '';
}

/**
 * What reports a failure beside a node: what other handlers of the file do with no more than a failure, where it is in
 * reach; else `console.error`. What a `catch` clause caught may be anything.
 */
export function reporterAt(place: Node, view: View, inClause = false): string {
  const found = reportersOf(view).find(
    ({ logger, isInClause }) => (isInClause || !inClause) && reaches(logger, place, view),
  );
  return found ? `${view.text(found.logger)}.error` : CONSOLE;
}

export const CONSOLE = 'console.error';

/** The same as a function: methods of a logger need their object. */
export function reportingAt(place: Node, view: View): string {
  const reporter = reporterAt(place, view);
  return reporter === CONSOLE ? CONSOLE : `(error) => ${reporter}(error)`;
}

/** Does a logger mean the same at a place? What a function at that place declares is within it. */
function reaches(logger: Node, place: Node, view: View): boolean {
  let root = bare(logger);
  while (root.type === 'MemberExpression') root = bare(root.object);
  if (root.type === 'ThisExpression') return thisBody(root) !== null && thisBody(root) === thisBody(place);
  if (root.type !== 'Identifier' || root.name === 'error') return false;
  const variable = refersTo(root.name, place, view);
  const declared = variable?.defs[0]?.name;
  return (
    variable !== null &&
    variable === view.values.variable(root) &&
    !(isFunction(place) && declared && isInside(declared, place.body))
  );
}

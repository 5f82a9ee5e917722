import { fateOf } from '../../syntax/fate.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Call, calleeName, isFunction, type Node } from '../../syntax/walk.js';

/**
 * The names by which a component knows the state that a call sets: `url` in `const [url, setUrl] = useState()`, and
 * `before` in `setUrl((before) => …)`. Null where a call sets none.
 */
export function stateSetBy({ callee }: Call, values: Values): Variable[] | null {
  const setter = callee.type === 'Identifier' ? values.variable(callee) : null;
  const [state, set] = (setter && stateIn(setter)) ?? [];
  if (!setter || state?.type !== 'Identifier' || set?.type !== 'Identifier' || values.variable(set) !== setter)
    return null;
  const updated = setter.references.flatMap(({ identifier }) => {
    const fate = fateOf(identifier, values);
    const [given] = fate.kind === 'called' ? fate.call.arguments : [];
    const update = given && bare(given);
    const [before] = isFunction(update) ? update.params : [];
    return before?.type === 'Identifier' ? [before] : [];
  });
  return [state, ...updated].flatMap((name) => values.variable(name) ?? []);
}

/** Does a variable hold what a component keeps from one rendering to the next? */
export function isState(variable: Variable): boolean {
  return stateIn(variable) !== null;
}

/** `[url, setUrl]`, where a variable is one of the two. */
function stateIn({ defs: [definition] }: Variable): readonly (Node | null)[] | null {
  const { id, init } = definition?.type === 'Variable' ? definition.node : { id: null, init: null };
  return id?.type === 'ArrayPattern' && init?.type === 'CallExpression' && calleeName(init) === 'useState'
    ? id.elements
    : null;
}

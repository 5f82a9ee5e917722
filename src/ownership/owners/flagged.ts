import { functionName, isInside, returnedBy } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import { bare, type Fn, isFunction, nameOf, type Node, walk } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { Owner } from './owner.js';

/**
 * The life of what a call hands out an end of that does no more than set a flag which the callback looks at: whoever
 * calls it is done with what was started.
 */
export function flaggedOwner(start: Start, owner: Owner, file: Judge): Owner | null {
  const { values } = file;
  const given = start.names.get('callback') ?? start.names.get('listener');
  const callback = owner.kind === 'run' && given ? values.functionOf(given) : null;
  if (!callback || !isFunction(owner.node)) return null;
  const made = owner.node;
  const ends = handedOut(made, file)
    .flatMap((one) => (one.fn === callback ? [] : { ...one, flags: flagsOnly(one.fn, made, file) }))
    .filter(({ flags }) => flags.length > 0);
  // Functions that stand in each other would be gone through again and again; most hand out nothing.
  if (ends.length === 0) return null;
  const asked = flagsIn(callback, file);
  const end = ends.find(({ flags }) => flags.some((flag) => asked.has(flag)));
  const name = functionName(made);
  return end
    ? {
        kind: 'instance',
        node: made,
        name: name === null ? 'this object' : `\`${name}()\``,
        teardown: { name: end.name, functions: [end.fn], method: null },
      }
    : null;
}

/** The variables that conditions of a function look at. */
function flagsIn({ body }: Fn, { values, sourceCode }: Judge): ReadonlySet<Variable> {
  const found = new Set<Variable>();
  walk(sourceCode, body, (node) => {
    const test =
      node.type === 'IfStatement' || node.type === 'ConditionalExpression'
        ? node.test
        : node.type === 'LogicalExpression'
          ? node.left
          : null;
    if (test) {
      walk(sourceCode, test, (one) => {
        const variable = one.type === 'Identifier' ? values.variable(one) : null;
        if (variable) found.add(variable);
      });
    }
  });
  return found;
}

/** The functions that a function returns, alone or as the methods of an object. */
function handedOut(fn: Fn, { values }: Judge): { readonly name: string; readonly fn: Fn }[] {
  return returnedBy(fn).flatMap((value) => {
    const returned = values.functionOf(value);
    if (returned) return [{ name: 'the function that is returned', fn: returned }];
    const object = values.initialOf(value);
    return object?.type !== 'ObjectExpression'
      ? []
      : object.properties.flatMap((property) => {
          const method = property.type === 'Property' ? values.functionOf(property.value) : null;
          return method ? [{ name: `\`${nameOf(property)}()\``, fn: method }] : [];
        });
  });
}

/** The flags of the function that made it which a function sets; none where it does anything else. */
function flagsOnly({ body, params }: Fn, made: Fn, { values }: Judge): Variable[] {
  if (params.length > 0) return [];
  const written = (body.type === 'BlockStatement' ? body.body : [body]).map((one) => {
    const set: Node = bare(one.type === 'ExpressionStatement' ? one.expression : one);
    const variable =
      set.type === 'AssignmentExpression' &&
      set.operator === '=' &&
      set.right.type === 'Literal' &&
      typeof set.right.value === 'boolean' &&
      set.left.type === 'Identifier'
        ? values.variable(set.left)
        : null;
    return variable?.defs[0] && isInside(variable.defs[0].name, made) ? variable : null;
  });
  const flags = written.filter((one) => one !== null);
  return flags.length < written.length ? [] : flags;
}

import { fateOf } from '../syntax/fate.js';
import { argumentOf, enclosingFunction } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import type { Values } from '../syntax/values.js';
import { type Call, calleeName, nameOf, type Node } from '../syntax/walk.js';

const RACES = new Set(['Promise.race', 'Promise.any']);

/** A promise that only a race waits for may stay pending. */
export function isArmOfRace(expression: Node, values: Values, seen: ReadonlySet<Variable> = new Set()): boolean {
  let fate = fateOf(expression, values);
  while (fate.kind === 'receiver' && fate.call) fate = fateOf(fate.call, values);
  const variable =
    fate.kind === 'local' ? fate.variable : fate.kind === 'destructured' ? promiseIn(fate.pattern, values) : null;
  if (variable) {
    // `work = work.then(…)`
    if (seen.has(variable)) return true;
    const reads = variable.references.filter((reference) => reference.isRead());
    return (
      reads.length > 0 &&
      reads.every(({ identifier }) => isArmOfRace(identifier as Node, values, new Set([...seen, variable])))
    );
  }
  if (fate.kind === 'returned') return isListOfArms(expression, values);
  const list = fate.kind === 'stored' && fate.in.type === 'ArrayExpression' ? argumentOf(fate.in) : null;
  return list !== null && isRace(list.call, values);
}

/** `const { promise, resolve } = Promise.withResolvers()` */
function promiseIn(pattern: Node, values: Values): Variable | null {
  const taken =
    pattern.type === 'ObjectPattern' ? pattern.properties.find((one) => nameOf(one) === 'promise') : undefined;
  return taken?.type === 'Property' && taken.value.type === 'Identifier' ? values.variable(taken.value) : null;
}

/** Is it one of the platform's, or by its name one of a helper? */
function isRace(call: Call, values: Values): boolean {
  return calleeName(call) === 'race' || RACES.has(values.origin(call.callee) ?? '');
}

/** `Promise.race(items.map((item) => new Promise(…)))`, or a list of them that more is put into before. */
function isListOfArms(expression: Node, values: Values): boolean {
  const callback = enclosingFunction(expression);
  const map = callback && argumentOf(callback);
  if (!map || calleeName(map.call) !== 'map') return false;
  const passed = argumentOf(map.call);
  if (passed) return isRace(passed.call, values);
  const fate = fateOf(map.call, values);
  const reads =
    fate.kind === 'local'
      ? fate.variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node)
      : [];
  const given = reads.filter((read) => !['push', 'length'].includes(nameOf(read.parent!) ?? ''));
  return given.length > 0 && given.every((read) => isRace(argumentOf(read)?.call ?? map.call, values));
}

import { enclosingFunction, isInside, runOf, thisBody } from '../syntax/functions.js';
import type { Fn, Node } from '../syntax/walk.js';
import type { End } from './ends.js';
import { type Handle, mentions } from './handle.js';
import { isLatched, mayRunAgain, runsOncePerLife } from './once.js';
import type { Start } from './starts.js';
import { isResponse } from './targets.js';
import type { Judge } from './verdict.js';

/** Can the method run again while the field still holds what it started before? */
export function isStartedAgain(start: Start, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const method = runOf(start.node);
  const body = thisBody(start.node);
  if (!method || !body || !mayRunAgain(method) || runsOncePerLife(method, body, file.index, file.values) || isLatched(method, start, file.sourceCode)) return false;
  return !isSeenTo(start, method, handle, ends, file);
}

/** Does an event that comes again start one more interval into the name that still holds the one before? */
export function isOverwritten(start: Start, handle: Handle, ends: readonly End[], file: Judge): boolean {
  const listener = start.resource.kind === 'interval' ? runOf(start.node) : null;
  if (!listener || !isResponse(listener, file)) return false;
  const isOutside = handle.kind === 'kept' && handle.variables.every(({ defs: [definition] }) => definition && !isInside(definition.node, listener));
  return isOutside && !isSeenTo(start, listener, handle, ends, file);
}

/** Does a run look after what the name held before: a look at the handle is taken for a guard, a call of a function that ends it for an end. */
function isSeenTo(start: Start, run: Fn, handle: Handle, ends: readonly End[], { index, values }: Judge): boolean {
  const before = (node: Node): boolean => isInside(node, run) && node.range[0] < start.node.range[0];
  if (ends.some(({ node }) => before(node)) || mentions(handle, values, index).some(before)) return true;
  const enders = new Set<Fn | null>(ends.flatMap(({ node }) => functionsAround(node)));
  return [...index.calls.values()].some((calls) => calls.some((call) => before(call) && enders.has(values.functionOf(call.callee))));
}

function functionsAround(node: Node): Fn[] {
  const found: Fn[] = [];
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) found.push(fn);
  return found;
}

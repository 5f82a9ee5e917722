import { functionName, isInside, runOf } from '../../syntax/functions.js';
import { leadsTo } from '../../syntax/leaving.js';
import { isPartOf } from '../../syntax/members.js';
import { type Fn, nameOf, type Node } from '../../syntax/walk.js';
import type { Owner, Teardown } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { End } from './ends.js';
import { reachedFrom } from './reached.js';

/** Does an end only make room for the next start: it stands before it in the same run, which no teardown calls? */
export function isBeforeOnly(end: Node, start: Start, { teardown }: Owner, { index, values }: Judge): boolean {
  const run = runOf(start.node);
  if (!run || runOf(end) !== run || end.range[0] > start.node.range[0] || teardown?.functions.includes(run))
    return false;
  const name = functionName(run);
  const calls = index.calls.of(name);
  return !calls.some(
    (call) => values.functionOf(call.callee) === run && teardown?.functions.some((fn) => isInside(call, fn)),
  );
}

/**
 * `this.source?.off(…); this.source = source; source.on(…)`: do ends take off only what was there before, in an
 * instance that has an end of its own?
 */
export function onlyMakeRoom(ends: readonly End[], start: Start, owner: Owner, file: Judge): boolean {
  const run = runOf(start.node);
  const { kind, teardown } = owner;
  if (kind !== 'instance' || !run || !teardown || teardown.functions.length === 0) return false;
  if (!ends.every(({ node }) => isBeforeOnly(node, start, owner, file) && leadsTo(node, start.node))) return false;
  return (
    !reachedFrom(teardown.functions, file, (fn) => isPartOf(fn, owner.node)).has(run) && !isSetIn(run, teardown, file)
  );
}

/**
 * `if (isOpen) document.addEventListener(…); else document.removeEventListener(…);`: does an effect end only what a run
 * of it before this one began, so that the last one's goes on?
 */
export function onlyEndBefore(ends: readonly End[], start: Start, { kind, node: effect }: Owner): boolean {
  return (
    kind === 'effect' &&
    ends.length > 0 &&
    ends.every(
      ({ node }) =>
        runOf(node) === effect &&
        runOf(start.node) === effect &&
        (node.range[0] < start.node.range[0] || !leadsTo(start.node, node)),
    )
  );
}

/** `this.source = null`: does a teardown run the setter that a function is? */
function isSetIn({ parent }: Fn, { functions }: Teardown, { index }: Judge): boolean {
  const name = parent?.type === 'MethodDefinition' && parent.kind === 'set' ? nameOf(parent) : null;
  return (
    name !== null &&
    index.members
      .of(name)
      .some(
        (member) =>
          member.parent?.type === 'AssignmentExpression' &&
          member.parent.left === member &&
          functions.some((fn) => isInside(member, fn)),
      )
  );
}

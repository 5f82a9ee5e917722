import { argumentOf, functionName, isInside, isMaker, runOf } from '../../syntax/functions.js';
import { bare, dressed, type Fn, nameOf, type Node } from '../../syntax/walk.js';
import { callersOf } from '../holders/forgotten.js';
import type { Field, Handle } from '../holders/handle.js';
import { isNothing } from '../owners/lives.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { STOPS } from './endings.js';
import { reachedFrom } from './reached.js';
import type { End } from './ends.js';

/**
 * The field, or the variable of a function around, that keeps a timer, where it is emptied as if that ended the timer:
 * `this.timer` in `this.timer = null`; null where every such place clears it, is told to by one that does, or comes
 * after the timer has fired.
 */
export function unsetAt(start: Start, handle: Handle, ends: readonly End[], file: Judge): Node | null {
  const given = start.names.get('callback');
  const callback = given ? file.values.functionOf(given) : null;
  if (handle.kind !== 'kept' || ends.length === 0) return null;
  const fired = reachedFrom(callback ? [callback] : [], file);
  const isOver = (fn: Fn): boolean =>
    isSetUp(fn) ||
    fired.has(fn) ||
    isOfNext(fn, handle, file) ||
    (callback !== null && isInside(fn, callback)) ||
    [...reachedFrom([fn], file)].some((one) => ends.some(({ node }) => isInside(node, one)));
  // A timeout that runs unknown code may have fired for all that is known, unless somebody is to stop it; an interval
  // goes on after that. What a variable keeps, its functions know.
  const isToldBy = (fn: Fn): boolean =>
    (handle.fields.length > 0 && (callback !== null || start.resource.kind === 'interval')) ||
    STOPS.test(functionName(fn) ?? '');
  const names = [
    ...handle.fields.flatMap((field) => namesOf(field, file)),
    ...handle.variables.flatMap(({ references }) => references.map(({ identifier }) => identifier)),
  ];
  return (
    names.find((name) => {
      const fn = isEmptied(name) ? runOf(name) : null;
      if (
        !fn ||
        isInside(start.node, fn) ||
        !isToldBy(fn) ||
        isForFailureBefore(fn, start) ||
        names.some((other) => other !== name && isInside(other, fn))
      )
        return false;
      const runs = new Set([fn]);
      for (const one of runs) callersOf(one, file).forEach((caller) => runs.add(caller));
      return ![...runs].some(isOver);
    }) ?? null
  );
}

/** Every place that names a field, whether it reads or sets it. */
function namesOf({ body, name }: Field, { index, values }: Judge): readonly Node[] {
  return index.members.of(name).filter((member) => {
    const { root, path } = values.of(member);
    return root.kind === 'this' && root.of === body && path.length === 1;
  });
}

/** `this.timer = setTimeout(() => { this.timer = null; })`: what fires then is what the field has kept since. */
function isOfNext(fn: Fn, { fields }: Extract<Handle, { kind: 'kept' }>, { values }: Judge): boolean {
  const call = argumentOf(fn)?.call;
  const { parent } = call ? dressed(call) : { parent: undefined };
  if (parent?.type !== 'AssignmentExpression') return false;
  const { root, path } = values.of(parent.left);
  return root.kind === 'this' && fields.some(({ body, name }) => root.of === body && path.join() === name);
}

/**
 * `work().then(() => { …; this.timer = setTimeout(…); }).catch(() => { this.timer = null; })`: what fails there has
 * failed before the timer was set.
 */
function isForFailureBefore(fn: Fn, { node }: Start): boolean {
  const given = argumentOf(fn)?.call;
  const run = runOf(node);
  const link = run && argumentOf(run)?.call;
  const callee = given && bare(given.callee);
  const last = run?.body.type === 'BlockStatement' ? run.body.body.at(-1) : run?.body;
  return (
    callee?.type === 'MemberExpression' &&
    nameOf(callee) === 'catch' &&
    bare(callee.object) === link &&
    last !== undefined &&
    isInside(node, last)
  );
}

/** `this.timer = null`, `delete this.timer` */
function isEmptied(name: Node): boolean {
  const outer = dressed(name);
  const { parent } = outer;
  return parent?.type === 'UnaryExpression'
    ? parent.operator === 'delete'
    : parent?.type === 'AssignmentExpression' && parent.left === outer && isNothing(bare(parent.right));
}

/** Does it run before anything is started: a constructor, or what its name says that it makes ready? */
function isSetUp(fn: Fn): boolean {
  return (
    isMaker(fn) ||
    /^[_#]*(?:init|setup|setUp)(?:$|[A-Z]|ialize)|^[A-Z]|^(?:beforeCreate|componentWillMount|created|ngOnInit)$/.test(
      functionName(fn) ?? '',
    )
  );
}

import { functionName, isInside, runOf } from '../../syntax/functions.js';
import { isPartOf } from '../../syntax/members.js';
import { walk } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { Owner, Teardown } from './owner.js';

/** Hooks by which whatever shows a component says that it is there, and that it is gone. */
const SHOWN = /^(?:componentDidMount|connectedCallback|firstUpdated|hostConnected|mounted|ng(?:OnInit|After\w+Init))$/;
const GONE =
  /^(?:disconnectedCallback|componentWillUnmount|ngOnDestroy|willDestroy|hostDisconnected|(?:beforeU|u)nmounted)$/;

/** Does whatever shows a component end it? */
export function isGone(teardown: Teardown | null): boolean {
  return GONE.test(teardown?.method ?? '');
}

/** Does it start as a component is shown, as what the effect of a function component does? */
export function isOfShown({ node }: Start, { kind, teardown }: Owner): boolean {
  const run = runOf(node);
  return kind === 'instance' && isGone(teardown) && run !== null && SHOWN.test(functionName(run) ?? '');
}

/** Does what a timer runs know the component that set it? */
export function knowsOwner({ names }: Start, { node }: Owner, { values, sourceCode }: Judge): boolean {
  const callback = names.get('callback');
  const fn = callback && values.functionOf(callback);
  if (!callback || !fn) return false;
  let found = isPartOf(fn, node) && !isInside(fn, callback);
  walk(sourceCode, fn.body, (at) => {
    found ||= at.type === 'ThisExpression';
    return !found;
  });
  return found;
}

import type { Start } from '../ownership/starts/starts.js';
import { functionName } from '../syntax/functions.js';
import { isFunction } from '../syntax/walk.js';
import { returnsIn } from './cleanup.js';
import { type Edit, semicolon, type View } from './edit.js';
import { insertAfterStatement, insertFirst } from './statements.js';

/** Calls the end of the parent where a subclass has overridden it. */
export function callSuper(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const lost = verdict.kind === 'kept' ? null : verdict.lost;
  const override = lost?.override;
  const parent = isFunction(lost?.node) ? lost.node : null;
  if (!override || !parent || parent.params.length > 0 || (parent.async && !override.async)) return null;
  if (override.body.type !== 'BlockStatement' || returnsIn(override.body.body, view).length > 0) return null;
  const { sourceCode } = view;
  const text = `${parent.async ? 'await ' : ''}super.${functionName(parent)}()${semicolon(sourceCode)}`;
  const last = override.body.body.at(-1);
  return [last ? insertAfterStatement(last, text, sourceCode) : insertFirst(override.body, text, sourceCode)];
}

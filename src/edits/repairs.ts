import type { Start } from '../ownership/starts.js';
import { type Edit, type Suggestion, suggestion, type View } from './edit.js';
import { clearFirst, endInFinally } from './finally.js';
import { endInTeardown, returnCleanup } from './teardown.js';

/** The edits that end a start where its verdict says that the end is missing; each has its message's id. Empty where no good one exists. */
export function repairs(view: View, start: Start): Suggestion[] {
  const verdict = view.verdict(start);
  if (verdict.kind === 'kept') return [];
  const edits: Readonly<Record<string, (view: View, start: Start) => Edit | null>> =
    verdict.why === 'startedAgain' ? { clearFirst } : verdict.why === 'notOnEveryPath' ? { endInFinally } : { endInTeardown, returnCleanup, endInFinally };
  return Object.entries(edits).flatMap(([name, edit]) => suggestion(name, edit(view, start)) ?? []);
}

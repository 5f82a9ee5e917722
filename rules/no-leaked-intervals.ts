import { repairs } from '../src/edits/repairs.js';
import { outlastsAnswer, waitBeforeAgain } from '../src/ownership/verdict/rearm.js';
import { defineRule } from '../src/rule.js';

const AGAIN = new Set(['leftBefore', 'notOnEveryPath', 'startedAgain']);

export default defineRule({
  name: 'no-leaked-intervals',
  about: 'require an interval to be cleared before its owner ends',
  level: 'recommended',
  kinds: ['interval', 'timeout'],
  messages: {
    handleDropped:
      'Nothing keeps what `{{start}}` returned, so this interval runs on after {{owner}} ends. Keep it and clear it in {{teardown}}.',
    neverEnded:
      'This interval runs on after {{owner}} ends, because nothing clears `{{handle}}`. Call `{{end}}` in {{teardown}}.',
    notInTeardown: 'This interval keeps running after {{owner}} ends. Call `{{end}}` in {{teardown}}.',
    cleanupLost: 'This interval runs on: the cleanup of line {{line}} is {{late}}, so it never runs. {{remedy}}.',
    notOnEveryPath: 'This interval keeps running when line {{line}} {{leaves}}. Call `{{end}}` in a `finally`.',
    leftBefore:
      'This interval keeps running when line {{line}} {{leaves}}, before anything takes it over. Call `{{end}}` there.',
    rearmed:
      'This timer starts itself again for as long as the program runs, also after {{owner}} ends. Keep its handle and call `{{end}}`, or check a flag first.',
    rearmedLate:
      'This timer starts itself again when line {{line}} is done, also when `{{end}}` has been called meanwhile. Check a flag before.',
    forgotten: 'Line {{line}} lets go of this interval and does not clear it, so it runs on. Clear it there first.',
    askFirst: 'Ask first whether {{owner}} has ended',
    startedLate:
      'This interval starts when line {{line}} is done, also when {{owner}} has ended meanwhile. Ask first whether it has.',
    startedAgain: 'When this runs again, `{{handle}}` forgets the interval that still runs. Call `{{end}}` first.',
    endThere: 'Clear the interval before it is forgotten',
    endAll: 'Clear all of them in {{teardown}}',
    clearFirst: 'Clear the interval that may still run',
    endOnSignal: 'Clear the interval when the signal aborts',
    endBeforeLeaving: 'Clear the interval before line {{line}} {{leaves}}',
    endWhenSettled: 'Clear the interval when the outcome is known',
    endInFinally: 'Clear the interval in a `finally`',
    callSuper: 'Call the end of the parent',
    endInTeardown: 'Clear the interval in {{teardown}}',
    returnCleanup: 'Clear the interval in {{teardown}}',
    endInReturned: 'Clear the interval in the function that is returned',
    endOnUnmount: 'Clear the interval when the component unmounts',
  },

  *check(file, { checkUnknown }) {
    const rearming = file.starts('timeout').filter((start) => file.rearms(start) === 'always');
    for (const start of [...file.starts('interval'), ...rearming]) {
      const verdict = file.verdict(start);
      // A timer that starts itself again has fired: there is nothing left to forget, and what fails is tried again.
      const isEnded = verdict.kind === 'kept' || (start.resource.kind === 'timeout' && AGAIN.has(verdict.why));
      const wait = isEnded && checkUnknown ? waitBeforeAgain(start, file) : null;
      if (wait)
        yield {
          node: start.node,
          messageId: 'rearmedLate',
          data: { ...file.words(start), line: String(wait.loc.start.line) },
        };
      if (isEnded) continue;
      const goesOn = start.resource.kind === 'timeout' && outlastsAnswer(start, file);
      if (verdict.kind === 'leak' || (verdict.kind === 'unknown' && (checkUnknown || goesOn))) {
        yield {
          node: start.node,
          messageId: start.resource.kind === 'timeout' ? 'rearmed' : verdict.why,
          data: file.words(start),
          suggest: repairs(file, start),
        };
      }
    }
  },
});

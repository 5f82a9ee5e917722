import { repairs } from '../src/edits/repairs.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  name: 'no-lost-abort-controllers',
  about: 'require an abort controller to be aborted, or given away, on every way out of the code that made it',
  level: 'recommended',
  kinds: ['controller'],
  messages: {
    handleDropped:
      'Nothing keeps this controller, so nobody can abort the work that has its signal. Keep it and call `abort()` in {{teardown}}.',
    neverEnded:
      'Nothing aborts `{{handle}}`, so the work that has its signal runs on after {{owner}} ends. Call `{{end}}` in {{teardown}}.',
    notInTeardown:
      'The work that has the signal of `{{handle}}` runs on after {{owner}} ends. Call `{{end}}` in {{teardown}}.',
    notOnEveryPath:
      'The work that has the signal of `{{handle}}` runs on when line {{line}} {{leaves}}. Call `{{end}}` in a `finally`.',
    forgotten:
      'Line {{line}} lets go of this controller and does not abort it, so its work runs on. Call `abort()` there first.',
    startedAgain:
      'When this runs again, `{{handle}}` forgets the controller of work that still runs. Call `{{end}}` first.',
    endThere: 'Abort before it is forgotten',
    endAll: 'Abort all of them in {{teardown}}',
    clearFirst: 'Abort the work that may still run',
    endInFinally: 'Abort in a `finally`',
    endInTeardown: 'Abort in {{teardown}}',
    returnCleanup: 'Abort in {{teardown}}',
    endInReturned: 'Abort in the function that is returned',
    endOnUnmount: 'Abort when the component unmounts',
  },

  *check(file, { checkUnknown }) {
    for (const start of file.starts('controller')) {
      const verdict = file.verdict(start);
      if (verdict.kind === 'leak' || (verdict.kind === 'unknown' && checkUnknown)) {
        yield { node: start.node, messageId: verdict.why, data: file.words(start), suggest: repairs(file, start) };
      }
    }
  },
});

import { repairs } from '../src/edits/repairs.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  name: 'no-leaked-listeners',
  about: 'require an event listener to be removed by the code that owns it',
  level: 'recommended',
  kinds: ['listener'],
  messages: {
    askFirst: 'Ask first whether {{owner}} has ended',
    startedLate:
      'This listener is added when line {{line}} is done, also when {{owner}} has ended meanwhile. Ask first whether it has.',
    neverEnded:
      '`{{target}}` outlives {{owner}} and keeps calling `{{listener}}`. Remove the listener in {{teardown}}, or pass a signal.',
    cleanupLost:
      '`{{target}}` keeps calling `{{listener}}`: the cleanup of line {{line}} is {{late}}, so it never runs. {{remedy}}.',
    handleDropped:
      'Nothing keeps the function that `{{start}}` returned, so this listener cannot be removed. Keep it and call it in {{teardown}}.',
    notInTeardown: '`{{handle}}` removes a listener, and nothing in {{owner}} calls it. Call it in {{teardown}}.',
    notOnEveryPath: 'This listener stays on `{{target}}` when line {{line}} {{leaves}}. Remove it in a `finally`.',
    leftBefore:
      'This listener stays on `{{target}}` when line {{line}} {{leaves}}, before anything takes it over. Remove it there.',
    leftBehind:
      'Line {{line}} removes what was added beside this listener, and nothing removes this one from `{{target}}`. Remove it there, too.',
    addedAgain:
      'Line {{line}} removes what was added beside this listener, and this line adds it to `{{target}}` once more. Call `{{end}}`.',
    loserStays: 'When the event of line {{line}} comes first, this listener stays on `{{target}}`. Remove it there.',
    cannotBeRemoved:
      'This `{{type}}` listener is an inline function, so no later call can remove it. Name it, or pass an abort signal.',
    missedEnd:
      'Line {{line}} removes another listener: its `{{differs}}` differs, so this one stays. Use the same `{{differs}}` in both calls.',
    passSignal: 'Pass the signal, so that aborting removes the listener',
    endOnSignal: 'Remove the listener when the signal aborts',
    removeInstead: 'Remove the listener here',
    fixNearMiss: 'Remove the same listener in line {{line}}',
    endBeside: 'Remove this listener in line {{line}}, too',
    endInFinally: 'Remove the listener in a `finally`',
    callSuper: 'Call the end of the parent',
    endInTeardown: 'Remove the listener in {{teardown}}',
    endInWinner: 'Remove the listener when the other event comes first',
    endWhenSettled: 'Remove the listener when the outcome is known',
    returnCleanup: 'Remove the listener in {{teardown}}',
    endInReturned: 'Remove the listener in the function that is returned',
  },

  *check(file, { checkUnknown }) {
    for (const start of file.starts('listener')) {
      const verdict = file.verdict(start);
      if (verdict.kind === 'kept' || verdict.why === 'startedAgain') continue;
      if (verdict.kind === 'leak' || checkUnknown) {
        const messageId =
          verdict.why === 'neverEnded' && file.isInline(start, 'listener') ? 'cannotBeRemoved' : verdict.why;
        yield { node: start.node, messageId, data: file.words(start), suggest: repairs(file, start) };
      }
    }
  },
});

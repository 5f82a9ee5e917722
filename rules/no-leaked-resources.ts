import { repairs } from '../src/edits/repairs.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  name: 'no-leaked-resources',
  about: 'require workers, servers, sockets, files, observers and the like to be closed by the code that opened them',
  level: 'recommended',
  kinds: ['resource'],
  messages: {
    handleDropped:
      'Nothing keeps what `{{start}}` returned, so nobody can close it after {{owner}} ends. Keep it and call `{{end}}` in {{teardown}}.',
    neverEnded:
      '`{{handle}}` stays open after {{owner}} ends, because nothing closes it. Call `{{end}}` in {{teardown}}.',
    notInTeardown: '`{{handle}}` stays open after {{owner}} ends. Call `{{end}}` in {{teardown}}.',
    cleanupLost: '`{{handle}}` stays open: the cleanup of line {{line}} is {{late}}, so it never runs. {{remedy}}.',
    notOnEveryPath: '`{{handle}}` stays open when line {{line}} {{leaves}}. Call `{{end}}` in a `finally`.',
    leftBefore:
      '`{{handle}}` stays open when line {{line}} {{leaves}}, before anything takes it over. Call `{{end}}` there.',
    forgotten: 'Line {{line}} lets go of `{{handle}}` and does not close it. Close it there first.',
    endThere: 'Close `{{handle}}` before it is forgotten',
    askFirst: 'Ask first whether {{owner}} has ended',
    startedLate:
      '`{{handle}}` is opened when line {{line}} is done, also when {{owner}} has ended meanwhile. Ask first whether it has.',
    startedAgain: 'When this runs again, `{{handle}}` forgets what is still open. Call `{{end}}` first.',
    endAfterClick: 'Call `{{end}}` after the click',
    endAll: 'Close all of them in {{teardown}}',
    clearFirst: 'Close what may still be open',
    endInFinally: 'Close `{{handle}}` in a `finally`',
    declareUsing: 'Let `using` close `{{handle}}`',
    endBeforeLeaving: 'Close `{{handle}}` before line {{line}} {{leaves}}',
    callSuper: 'Call the end of the parent',
    endInTeardown: 'Close `{{handle}}` in {{teardown}}',
    returnCleanup: 'Close `{{handle}}` in {{teardown}}',
    endInReturned: 'Close `{{handle}}` in the function that is returned',
    endOnUnmount: 'Close `{{handle}}` when the component unmounts',
    keepWithOthers: 'Keep `{{handle}}` with what is disposed of together',
  },

  *check(file, { checkUnknown }) {
    for (const start of file.starts('resource')) {
      const verdict = file.verdict(start);
      if (verdict.kind === 'leak' || (verdict.kind === 'unknown' && checkUnknown)) {
        yield { node: start.node, messageId: verdict.why, data: file.words(start), suggest: repairs(file, start) };
      }
    }
  },
});

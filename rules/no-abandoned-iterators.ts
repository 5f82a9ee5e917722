import { repairs } from '../src/edits/repairs.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  name: 'no-abandoned-iterators',
  about: 'require an iterator, reader or body that was begun to be read to its end, or to be told to stop',
  level: 'recommended',
  kinds: ['iterator'],
  // Generators of the file's own.
  words: ['yield+next'],
  messages: {
    handleDropped:
      'Nothing keeps what `{{start}}` returned, so nobody can stop it, and what it reads stays open. Keep it and call `{{end}}`.',
    neverEnded:
      '`{{handle}}` is left before its end, and what it reads stays open. Read all of it, or call `{{end}}` in a `finally`.',
    notOnEveryPath: '`{{handle}}` is left open when line {{line}} {{leaves}}. Call `{{end}}` in a `finally`.',
    leftBefore:
      '`{{handle}}` is left open when line {{line}} {{leaves}}, before anything takes it over. Call `{{end}}` there.',
    notInTeardown: '`{{handle}}` stays open after {{owner}} ends. Call `{{end}}` in {{teardown}}.',
    startedAgain: 'When this runs again, `{{handle}}` forgets what is still open. Call `{{end}}` first.',
    clearFirst: 'Stop what may still be open',
    endInFinally: 'Call `{{end}}` in a `finally`',
    endBeforeLeaving: 'Call `{{end}}` before line {{line}} {{leaves}}',
    endInTeardown: 'Call `{{end}}` in {{teardown}}',
    returnCleanup: 'Call `{{end}}` in {{teardown}}',
    cancelBody: 'Cancel the body that nobody reads',
  },

  *check(file, { checkUnknown }) {
    for (const start of file.starts('iterator')) {
      const verdict = file.verdict(start);
      if (verdict.kind === 'leak' || (verdict.kind === 'unknown' && checkUnknown)) {
        yield { node: start.node, messageId: verdict.why, data: file.words(start), suggest: repairs(file, start) };
      }
    }
  },
});

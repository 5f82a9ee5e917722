import { repairs } from '../src/edits/repairs.js';
import type { Start } from '../src/ownership/starts/starts.js';
import { defineRule, type File } from '../src/rule.js';

export default defineRule({
  name: 'no-leaked-locks',
  about: 'require a lock to be released on every way out of the code that took it',
  level: 'recommended',
  kinds: ['lock'],
  words: ['acquire+release', 'connect+release', 'getConnection+release', 'lock+release', 'lock+unlock'],
  messages: {
    handleDropped:
      'Nothing keeps what `{{start}}` returned, so nobody can release it. Keep it and call it in a `finally`.',
    neverEnded: 'What `{{start}}` takes is never released, and then {{others}}. Call `{{end}}` in a `finally`.',
    notInTeardown:
      '`{{handle}}` is taken here, and nothing in {{owner}} releases it. Call `{{end}}` in a `finally`, or in {{teardown}}.',
    notOnEveryPath:
      '`{{handle}}` is still held when line {{line}} {{leaves}}, and then {{others}}. Call `{{end}}` in a `finally`.',
    leftBefore:
      '`{{handle}}` is still held when line {{line}} {{leaves}}, before anything takes it over. Call `{{end}}` there.',
    startedAgain: 'When this runs again, `{{handle}}` forgets a lock that is still held. Call `{{end}}` first.',
    takenTwice:
      'This waits for `{{lock}}`, which line {{line}} already holds, so neither ever goes on. Take it once, outside of both.',
    clearFirst: 'Release what may still be held',
    endInFinally: 'Call `{{end}}` in a `finally`',
    endBeforeLeaving: 'Call `{{end}}` before line {{line}} {{leaves}}',
    endInTeardown: 'Call `{{end}}` in {{teardown}}',
    returnCleanup: 'Call `{{end}}` in {{teardown}}',
  },

  *check(file, { checkUnknown }) {
    for (const start of file.starts('lock')) {
      const verdict = file.verdict(start);
      if (verdict.kind === 'leak' || (verdict.kind === 'unknown' && checkUnknown)) {
        yield { node: start.node, messageId: verdict.why, data: words(file, start), suggest: repairs(file, start) };
      }
    }
    for (const { node, lock, holder } of file.takenTwice()) {
      yield { node, messageId: 'takenTwice', data: { lock: file.text(lock), line: String(holder.loc.start.line) } };
    }
  },
});

/** Nobody queues for a stream: it refuses whoever comes while it is locked. */
function words(file: File, start: Start): Record<string, string> {
  const isStream = start.names.has('stream');
  const given = file.words(start);
  return { ...given, others: isStream ? `nobody else can use \`${given['stream']}\`` : 'every later caller waits' };
}

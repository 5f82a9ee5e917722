import { suggestion } from '../src/edits/edit.js';
import { endInFinally } from '../src/edits/finally.js';
import { settleEverywhere, settleKept } from '../src/edits/kept-settlers.js';
import { mayQuit } from '../src/flow/quits.js';
import { settled } from '../src/flow/settles.js';
import type { Unsettled } from '../src/flow/unsettled.js';
import { droppedSettlers } from '../src/ownership/promises/dropped-settlers.js';
import { latchStarts } from '../src/ownership/promises/latches.js';
import { nameOfValue } from '../src/ownership/verdict/words.js';
import { defineRule, type File } from '../src/rule.js';
import { enclosingFunction } from '../src/syntax/functions.js';
import { isFunction, type Node } from '../src/syntax/walk.js';

export default defineRule({
  name: 'no-unsettled-promises',
  about: 'require every way through an executor to settle its promise',
  level: 'recommended',
  words: ['new Promise', 'Promise+withResolvers'],
  messages: {
    neverSettled: 'Nothing ever settles this promise, so whoever awaits it waits for ever. Resolve or reject it.',
    notOnEveryPath:
      'This promise never settles when line {{line}} {{leaves}}, so whoever awaits it waits for ever. Resolve or reject there.',
    errorIgnored:
      'This promise never settles when `{{error}}` is set, so whoever awaits it waits for ever. Reject with it.',
    executorRejects:
      'A failure in line {{line}} is lost in this async executor and the promise never settles. Catch it there and reject.',
    rejectionIgnored:
      'This promise never settles when the work in line {{line}} fails, so whoever awaits it waits for ever. Pass the failure to `reject`.',
    listenerTaken:
      '`{{signal}}` takes the listener off when it aborts, and then this promise never settles. Reject on the abort, too.',
    settlersDropped:
      'Line {{line}} drops `{{keeper}}`, on which this promise depends, and then whoever awaits it waits for ever. Settle it there.',
    eventMissing:
      '`{{target}}` may emit `{{event}}` and nothing else, and then this promise never settles. Settle it on `{{event}}`, too.',
    notCountedDown:
      '`{{end}}` is skipped when line {{line}} {{leaves}}, and then whoever waits for `{{latch}}` waits for ever. Call it in a `finally`.',
    endInFinally: 'Call `{{end}}` in a `finally`',
    rejectWithIt: 'Reject with `{{error}}`',
    settleThere: 'Settle the promise there',
    rejectOnFailure: 'Reject when the work fails',
    settleKept: 'Settle it before it is forgotten',
    settleOnEvent: 'Settle the promise on `{{event}}`',
  },

  *check(file, { checkUnknown }) {
    for (const promise of settled(file)) {
      const { node, unsettled } = promise;
      const dropped = droppedSettlers(promise, file);
      const forgets = dropped && (dropped.sure || checkUnknown) ? dropped : null;
      if (unsettled && isMeant(unsettled, file)) continue;
      if (unsettled && (unsettled.sure || checkUnknown)) {
        const suggest = [settleEverywhere(file, promise, unsettled, forgets)];
        yield { node, messageId: unsettled.why, data: words(unsettled, file), suggest };
      } else if (forgets) {
        const data = { keeper: file.text(forgets.keeper), line: String(forgets.node.loc.start.line) };
        yield { node, messageId: 'settlersDropped', data, suggest: [settleKept(file, promise, forgets)] };
      }
    }
    for (const start of latchStarts(file)) {
      const verdict = file.verdict(start);
      if (verdict.kind !== 'leak' || verdict.why !== 'notOnEveryPath') continue;
      const data = file.words(start);
      yield {
        node: start.node,
        messageId: 'notCountedDown',
        data,
        suggest: [suggestion('endInFinally', endInFinally(file, start))],
      };
    }
  },
});

/**
 * Tests and programs that wait for ever do so on purpose, but not where a `finally` waits for it, too; and so does
 * `process.on('SIGINT', () => process.exit()); await new Promise(() => {});`.
 */
function isMeant({ why, node }: Unsettled, { owners, index, values }: File): boolean {
  if (why !== 'neverSettled' || hasFinally(node)) return false;
  const run = enclosingFunction(node);
  return ['process', 'test'].includes(owners.of(node).kind) || (run !== null && mayQuit(run, index, values));
}

function hasFinally(node: Node): boolean {
  for (let at = node.parent; at && !isFunction(at); at = at.parent)
    if (at.type === 'TryStatement' && at.finalizer) return true;
  return false;
}

function words(unsettled: Unsettled, file: File): Record<string, string> {
  const { start, end } = unsettled.node.loc;
  const isEnd = 'way' in unsettled && (unsettled.way.kind === 'end' || unsettled.way.kind === 'round');
  return {
    line: String(isEnd ? end.line : start.line),
    leaves:
      'way' in unsettled
        ? { end: 'ends the function', return: 'returns', round: 'goes round', throw: 'throws' }[unsettled.way.kind]
        : '',
    signal: unsettled.why === 'listenerTaken' ? file.text(unsettled.node) : '',
    error: unsettled.why === 'errorIgnored' ? unsettled.error.name : '',
    target: unsettled.why === 'eventMissing' ? nameOfValue(unsettled.target, file.sourceCode) : '',
    event: unsettled.why === 'eventMissing' ? unsettled.event : '',
  };
}

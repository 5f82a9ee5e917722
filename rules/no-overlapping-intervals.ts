import { CALL_LATER, HANDLER_PROPERTIES } from '../src/catalog/events.js';
import { catchAndSkip, catchInside, skipWhileBusy } from '../src/edits/callbacks.js';
import { suggestion } from '../src/edits/edit.js';
import { unawaitedCallbacks } from '../src/ownership/promises/callbacks.js';
import { lineOf, shortened } from '../src/ownership/verdict/words.js';
import { defineRule } from '../src/rule.js';

export default defineRule({
  name: 'no-overlapping-intervals',
  about: 'require async callbacks of timers and events to handle their failures and not to overlap',
  level: 'recommended',
  kinds: ['interval', 'timeout', 'listener'],
  words: ['createServer', ...Object.keys(CALL_LATER), ...HANDLER_PROPERTIES],
  messages: {
    rejectionLost:
      '`{{start}}` does not wait for this async callback, so nobody sees it fail. Catch inside the callback.',
    runsPileUp:
      'The next run begins whether this one is done or not, so slow runs pile up. Start again after the work, or skip a run while busy.',
    catchInside: 'Catch inside the callback and report',
    catchAndSkip: 'Catch inside the callback and report, and skip a run while the one before is busy',
    skipWhileBusy: 'Skip a run while the one before is busy',
  },

  *check(file, { checkUnknown }) {
    for (const found of unawaitedCallbacks(file)) {
      if (!found.certain && !checkUnknown) continue;
      yield {
        node: found.node,
        messageId: found.why,
        data: {
          start: shortened(
            lineOf(found.node.type === 'AssignmentExpression' ? found.node.left : found.node.callee, file.sourceCode),
          ),
        },
        // What fails no more may still overlap.
        suggest: [
          checkUnknown && found.overlaps ? null : suggestion('catchInside', catchInside(file, found)),
          suggestion('catchAndSkip', catchAndSkip(file, found)),
          suggestion('skipWhileBusy', skipWhileBusy(file, found)),
        ],
      };
    }
  },
});

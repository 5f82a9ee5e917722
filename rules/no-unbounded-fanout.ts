import { awaitDrain, inChunks, inRounds } from '../src/edits/chunks.js';
import { suggestion } from '../src/edits/edit.js';
import { pauseWhileBusy } from '../src/edits/pauses.js';
import { fanoutsOf } from '../src/ownership/parallel/fanout.js';
import { defineRule } from '../src/rule.js';
import { promiseWords } from '../src/types/known-promises.js';

/** Each process takes memory of its own, and a tree soon has many leaves: no single input has to be large for that. */
const CERTAIN: readonly string[] = ['eachProcess', 'recursion'];

export default defineRule({
  name: 'no-unbounded-fanout',
  about: 'require a bound on the work that is in flight at once',
  level: 'recommended',
  words: () => [
    'Promise+all',
    'Promise+allSettled',
    'Promise+any',
    'write+for',
    'write+while',
    'write+do',
    'enqueue',
    'on+data',
    'addListener+data',
    'on+line',
    'addListener+line',
    ...promiseWords().flatMap((word) => [`forEach+${word}`, `map+${word}`]),
  ],
  messages: {
    eachItem:
      'This starts the work of every item at once, however many there are. Work in chunks, or through a limiter.',
    eachProcess:
      'This starts a process or a worker for every item at once, however many there are. Work in chunks, or through a limiter.',
    recursion:
      'This starts the work below every item at once, and each does so again, so the work in flight grows with the whole tree. Use one queue or limiter.',
    eachEvent:
      'Every chunk starts work that nobody waits for, and the stream never pauses. Read it with `for await` and await the work.',
    eachWrite:
      'Nothing looks at what this says about its buffer, so a slow reader lets it grow with the input. Wait until there is room.',
    inChunks: 'Work on five items at a time',
    inRounds: 'Wait for every five of them',
    awaitDrain: 'Wait until there is room',
    pauseWhileBusy: 'Pause the stream while a chunk is worked on',
  },

  *check(file, { checkUnknown }) {
    for (const fanout of fanoutsOf(file)) {
      if (!checkUnknown && !CERTAIN.includes(fanout.why)) continue;
      yield {
        node: fanout.node,
        messageId: fanout.why,
        suggest: [
          suggestion('inChunks', inChunks(file, fanout)),
          suggestion('inRounds', inRounds(file, fanout)),
          suggestion('awaitDrain', awaitDrain(file, fanout)),
          suggestion('pauseWhileBusy', pauseWhileBusy(file, fanout)),
        ],
      };
    }
  },
});

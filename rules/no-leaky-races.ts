import { endLosers } from '../src/edits/races.js';
import type { Left } from '../src/ownership/parallel/race-arms.js';
import { leftByAll, leftByRace, outlivesCalls, outlivesRounds, racesOf } from '../src/ownership/parallel/races.js';
import { nameOfValue } from '../src/ownership/verdict/words.js';
import { defineRule, type File } from '../src/rule.js';

export default defineRule({
  name: 'no-leaky-races',
  about: 'require the losing arms of a race to let go of what they hold',
  level: 'recommended',
  words: ['Promise+race', 'Promise+any', 'Promise+all'],
  messages: {
    timerLeft: 'When another arm settles first, the timer of line {{line}} stays armed. Clear it in a `finally`.',
    sleepLeft: 'When another arm settles first, `{{arm}}` waits on. Give it a signal, and abort that in a `finally`.',
    listenerLeft: 'When another arm settles first, the listener of line {{line}} stays. Remove it in a `finally`.',
    workLeft:
      'When another arm settles first, `{{arm}}` works on for nobody. Give all arms one signal, and abort it in a `finally`.',
    outlivesRounds:
      '`{{arm}}` outlives the rounds of this loop and keeps something of each race. Look at it between the rounds instead.',
    outlivesCalls:
      '`{{arm}}` lives as long as its owner and keeps something of each call of this method. Look at it, or let go of it in a `finally`.',
    endLosers: 'End the losing arms in a `finally`',
  },

  *check(file, { checkUnknown }) {
    for (const name of ['race', 'any', 'all'] as const) {
      for (const call of racesOf(name, file)) {
        const looped = name === 'all' ? null : outlivesRounds(call, file);
        if (looped && (looped.sure || checkUnknown)) {
          yield { node: call, messageId: 'outlivesRounds', data: { arm: file.text(looped.arm) } };
          continue;
        }
        const kept = name === 'race' && checkUnknown ? outlivesCalls(call, file) : null;
        if (kept) {
          yield { node: call, messageId: 'outlivesCalls', data: { arm: file.text(kept) } };
          continue;
        }
        const owner = file.owners.of(call).kind;
        if (owner === 'process' || owner === 'test') continue;
        const left = name === 'all' ? leftByAll(call, file) : leftByRace(call, file);
        const [first] = left.filter(({ sure }) => sure || checkUnknown);
        if (first)
          yield { node: call, messageId: first.why, data: words(first, file), suggest: [endLosers(file, call, left)] };
      }
    }
  },
});

function words({ node }: Left, file: File): Record<string, string> {
  return { line: String(node.loc.start.line), arm: nameOfValue(node, file.sourceCode) };
}

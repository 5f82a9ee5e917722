import { suggestion, together } from '../src/edits/edit.js';
import { checkSignalInLoop, linkSignals, passSignal, passToAll, takeSignal } from '../src/edits/signals.js';
import { ignoredLoops } from '../src/ownership/signals/ignored-loops.js';
import { ignoredWork, type IgnoredWork } from '../src/ownership/signals/ignored.js';
import { loopInReach } from '../src/ownership/signals/reach.js';
import type { Signal } from '../src/ownership/signals/signal.js';
import { defineRule, type File, type Finding } from '../src/rule.js';
import { isInside } from '../src/syntax/functions.js';
import { bare, type Loop } from '../src/syntax/walk.js';

export default defineRule({
  name: 'no-ignored-signals',
  about: 'require work to get the abort signal that its function was given',
  level: 'recommended',
  words: ['signal', 'abortSignal', 'cancelSignal', 'AbortSignal', 'AbortController', 'RequestInit'],
  // The type of options may be another file's.
  typedWords: ['options', 'opts', 'init', 'config'],
  messages: {
    notPassed: '`{{callee}}` does not get `{{signal}}`, so aborting leaves this work running. Pass it on.',
    notLinked:
      '`{{callee}}` gets another signal than `{{signal}}`, so aborting that one leaves this work running. Link the two with `AbortSignal.any()`.',
    leftOut:
      'These options hold a `{{signal}}` that is left out here, so aborting ends nothing. Take it, and pass it on.',
    notChecked:
      'This loop awaits in each round and never looks at `{{signal}}`, so it goes on after an abort. Check the signal in each round.',
    passSignal: 'Pass `{{signal}}` to `{{callee}}`',
    linkSignals: 'Link it to `{{signal}}` with `AbortSignal.any()`',
    takeSignal: 'Take `{{signal}}` out of the options and use it',
    checkSignal: 'Check `{{signal}}` at the start of each round',
  },

  *check(file, { checkUnknown }) {
    for (const signal of file.signals.all()) {
      if (signal.home.type !== 'ObjectExpression' && file.owners.of(signal.home.body).kind === 'test') continue;
      const work = ignoredWork(signal, file);
      const loops = ignoredLoops(signal, file).filter(
        ({ loop }) => !work.some(({ call, isShort }) => !isShort && isInside(call, loop)),
      );
      const [pattern] = signal.mentions.length === 0 ? signal.leftOut : [];
      if (pattern) {
        if (work.length + loops.length > 0)
          yield leftOut(
            file,
            signal,
            work,
            loops.map(({ loop }) => loop),
          );
        continue;
      }
      for (const one of work) {
        if ((one.sure || checkUnknown) && !(one.isShort && loopInReach(one.call, signal)))
          yield ignored(file, signal, one);
      }
      for (const { loop, sure } of loops) {
        const data = { signal: signal.text };
        if (sure || checkUnknown)
          yield {
            node: loop,
            messageId: 'notChecked',
            data,
            suggest: [isFed(loop) ? null : suggestion('checkSignal', checkSignalInLoop(file, loop, signal))],
          };
      }
    }
  },
});

/** `for await (const part of parts)`: what gives the items may end with the signal, and what it gave is to be worked on. */
function isFed(loop: Loop): boolean {
  return loop.type === 'ForOfStatement' && loop.await && bare(loop.right).type !== 'CallExpression';
}

function ignored(file: File, signal: Signal, { call, other, position }: IgnoredWork): Finding {
  const data = { signal: signal.text, callee: file.text(call.callee) };
  if (other)
    return {
      node: call,
      messageId: 'notLinked',
      data,
      suggest: [suggestion('linkSignals', linkSignals(file, other, signal))],
    };
  return {
    node: call,
    messageId: 'notPassed',
    data,
    suggest: [suggestion('passSignal', passSignal(file, call, signal, position))],
  };
}

function leftOut(
  file: File,
  signal: Signal,
  work: readonly IgnoredWork[],
  loops: readonly Parameters<typeof checkSignalInLoop>[1][],
): Finding {
  const pattern = signal.leftOut[0]!;
  const taken = takeSignal(file, pattern, signal.name);
  const used =
    work.length > 0
      ? passToAll(file, work, taken.signal)
      : together(...loops.map((loop) => checkSignalInLoop(file, loop, taken.signal)));
  return {
    node: pattern,
    messageId: 'leftOut',
    data: { signal: signal.name },
    suggest: [suggestion('takeSignal', together(taken.edit, used))],
  };
}

import { type Suggestion, suggestion } from '../src/edits/edit.js';
import { addSignalParameter, checkSignalInFunction, checkSignalInLoop, passSignal, passToAll, setFlag, together, type Written } from '../src/edits/signals.js';
import { type Endless, endlessOf, flagIn } from '../src/ownership/endless.js';
import { signalTakers } from '../src/ownership/ignored.js';
import { enclosingFunction, functionName } from '../src/syntax/functions.js';
import type { Call, Loop } from '../src/syntax/walk.js';
import { defineRule, type File } from '../src/rule.js';

export default defineRule({
  name: 'no-unabortable-loops',
  about: 'require a loop that awaits to have an end, and to look at the abort signal in its reach',
  level: 'recommended',
  words: ['await', 'then'],
  messages: {
    neverEnds: 'This loop awaits for ever and nothing ends it, so it outlives whoever started it. Leave it when the work is over, or check an abort signal in each round.',
    conditionStays: '`{{field}}` never changes, so this loop awaits for ever. Set it in {{teardown}}.',
    sourceStays: '`{{source}}` never ends by itself, so this loop waits for ever. Pass it a signal.',
    ignoresSignal: 'This loop awaits and never looks at `{{signal}}`, so aborting cannot stop it. Check the signal in each round.',
    swallowsAbort: 'The `catch` in this loop also catches the abort of `{{signal}}`, and the loop goes round again. Check the signal in each round.',
    callsItself: '`{{name}}` awaits and calls itself, and nothing stops it. Check an abort signal before the next round.',
    passSignal: 'Pass `{{signal}}` to what this loop awaits',
    checkSignal: 'Check `{{signal}}` at the start of each round',
    setFlag: 'Set `{{field}}` in {{teardown}}',
    addSignal: 'Take an abort signal, and check it in each round',
  },

  *check(file, { checkUnknown }) {
    for (const endless of endlessOf(file)) {
      if (!endless.sure && !checkUnknown) continue;
      const { node, why } = endless;
      const suggest = 'arguments' in node ? suggestForCall(file, node, endless) : suggestForLoop(file, node, endless);
      yield { node, messageId: why, data: wordsOf(file, endless), suggest };
    }
  },
});

function wordsOf(file: File, { node, signal }: Endless): Record<string, string> {
  const fn = enclosingFunction(node);
  const flag = 'test' in node && node.test ? flagIn(node.test, file) : null;
  return {
    signal: signal?.text ?? 'signal',
    name: (fn && functionName(fn)) ?? 'This function',
    source: 'right' in node ? file.text(node.right) : '',
    field: flag ? file.text(flag.member) : '',
    teardown: file.owners.of(node).teardown?.name ?? 'the method that ends it',
  };
}

function suggestForLoop(file: File, loop: Loop, { signal, why }: Endless): (Suggestion | null)[] {
  const takers = signalTakers(loop, file);
  if (signal && why === 'swallowsAbort') return [suggestion('checkSignal', checkSignalInLoop(file, loop, signal))];
  if (signal) return [suggestion('passSignal', passToAll(file, takers, signal)), why === 'sourceStays' ? null : suggestion('checkSignal', checkSignalInLoop(file, loop, signal))];
  const flag = why === 'conditionStays' && 'test' in loop && loop.test ? flagIn(loop.test, file) : null;
  const [teardown] = file.owners.of(loop).teardown?.functions ?? [];
  return [flag && teardown ? suggestion('setFlag', setFlag(file, flag, teardown)) : suggestion('addSignal', addSignal(file, loop, loop))];
}

function suggestForCall(file: File, call: Call, { signal }: Endless): (Suggestion | null)[] {
  const fn = enclosingFunction(call);
  if (!fn || !signal) return [suggestion('addSignal', addSignal(file, call, null))];
  return [suggestion('checkSignal', checkSignalInFunction(file, fn, signal))];
}

/** Takes a signal, gives it to what is awaited, and looks at it in each round. */
function addSignal(file: File, node: Call | Loop, loop: Loop | null): ReturnType<typeof together> {
  const fn = enclosingFunction(node);
  const added = fn && addSignalParameter(file, fn);
  if (!fn || !added) return null;
  const passed = signalTakers(loop ?? fn, file).map(({ call, position }) => passSignal(file, call, added.signal, position));
  const check = loop ? (loop.type === 'ForOfStatement' ? [] : [checkSignalInLoop(file, loop, added.signal)]) : [checkSignalInFunction(file, fn, added.signal), passOn(file, node as Call, fn.params.length, added.signal)];
  return together(added.edit, ...passed, ...check);
}

function passOn(file: File, call: Call, index: number, signal: Written): ReturnType<typeof together> {
  return passSignal(file, call, signal, { index, property: null });
}

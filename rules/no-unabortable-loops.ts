import { type Edit, type Suggestion, suggestion, together } from '../src/edits/edit.js';
import { checkFlag, readField, setFlag } from '../src/edits/flags.js';
import {
  addSignalParameter,
  checkSignalInFunction,
  checkSignalInLoop,
  passFromCallers,
  passSignal,
  passToAll,
  type Written,
} from '../src/edits/signals.js';
import { type Copy, copyIn } from '../src/flow/loops.js';
import { type Endless, endlessOf, flagIn } from '../src/ownership/signals/endless.js';
import { signalTakers } from '../src/ownership/signals/ignored.js';
import { defineRule, type File } from '../src/rule.js';
import { functionName } from '../src/syntax/functions.js';
import type { Call, Loop, Node } from '../src/syntax/walk.js';

export default defineRule({
  name: 'no-unabortable-loops',
  about: 'require a loop that awaits to have an end, and to look at the abort signal in its reach',
  level: 'recommended',
  words: ['await', 'then'],
  messages: {
    neverEnds:
      'This loop awaits for ever and nothing ends it, so it outlives whoever started it. Leave it when the work is over, or check an abort signal in each round.',
    conditionStays: '`{{field}}` never changes, so this loop awaits for ever. Set it in {{teardown}}.',
    copyStays:
      '`{{copy}}` keeps what `this.{{field}}` was before this loop, so setting that does not end the loop. Look at `this.{{field}}`.',
    sourceStays: '`{{source}}` never ends by itself, so this loop waits for ever. Pass it a signal.',
    ignoresSignal:
      'This loop awaits and never looks at `{{signal}}`, so aborting cannot stop it. Check the signal in each round.',
    swallowsAbort:
      'The `catch` in this loop also catches the abort of `{{signal}}`, and the loop goes round again. Check the signal in each round.',
    callsItself:
      '`{{name}}` awaits and calls itself, and nothing stops it. Check an abort signal before the next round.',
    passSignal: 'Pass `{{signal}}` to what this loop awaits',
    checkSignal: 'Check `{{signal}}` at the start of each round',
    checkFlag: 'Look at `{{flag}}` in each round',
    setFlag: 'Set `{{field}}` in {{teardown}}',
    readField: 'Look at `this.{{field}}` in each round',
    addSignal: 'Take an abort signal, and check it in each round',
  },

  *check(file, { checkUnknown }) {
    for (const endless of endlessOf(file)) {
      if (!endless.sure && !checkUnknown) continue;
      const { node, why } = endless;
      const suggest =
        node.type === 'CallExpression' || node.type === 'NewExpression'
          ? suggestForCall(file, node, endless)
          : suggestForLoop(file, node, endless);
      yield { node, messageId: why, data: wordsOf(file, endless), suggest };
    }
  },
});

function wordsOf(file: File, { node, fn, signal }: Endless): Record<string, string> {
  const flag = flagOf(node, file);
  const copy = copyOf(node, file);
  return {
    signal: signal?.text ?? 'signal',
    name: (fn && functionName(fn)) ?? 'This function',
    source: node.type === 'ForOfStatement' ? file.text(node.right) : '',
    field: flag ? file.text(flag.member) : (copy?.field ?? ''),
    copy: copy?.name.name ?? '',
    teardown: file.owners.of(node).teardown?.name ?? 'the method that ends it',
  };
}

function testOf(node: Call | Loop): Node | null {
  return node.type === 'ForStatement' || node.type === 'WhileStatement' || node.type === 'DoWhileStatement'
    ? node.test
    : null;
}

/** The field that the loop's condition waits for. */
function flagOf(node: Call | Loop, file: File): ReturnType<typeof flagIn> {
  const test = testOf(node);
  return test && flagIn(test, file);
}

function copyOf(node: Call | Loop, file: File): Copy | null {
  const test = testOf(node);
  return test && copyIn(test, file);
}

function suggestForLoop(file: File, loop: Loop, { fn, signal, why }: Endless): (Suggestion | null)[] {
  const takers = why === 'swallowsAbort' ? [] : signalTakers(loop, file);
  const flag = why === 'conditionStays' ? flagOf(loop, file) : null;
  const [teardown] = file.owners.of(loop).teardown?.functions ?? [];
  const copy = why === 'copyStays' ? copyOf(loop, file) : null;
  if (copy) return [suggestion('readField', readField(copy))];
  if (flag && teardown) return [suggestion('setFlag', setFlag(file, flag, teardown))];
  // A look in each round is too late where nothing comes any more.
  const check = (written: Written): Edit | null =>
    loop.type === 'ForOfStatement' && takers.length > 0 ? null : checkSignalInLoop(file, loop, written);
  if (signal)
    return [suggestion('passSignal', passToAll(file, takers, signal)), suggestion('checkSignal', check(signal))];
  const left = why === 'neverEnds' ? checkFlag(file, loop, fn) : null;
  if (left) return [left];
  const added = fn && addSignalParameter(file, fn);
  const edits = added
    ? [
        added.edit,
        passFromCallers(file, fn, added),
        takers.length > 0 ? passToAll(file, takers, added.signal) : [],
        check(added.signal) ?? [],
      ]
    : [null];
  return [suggestion('addSignal', together(...edits))];
}

function suggestForCall(file: File, call: Call, { fn, signal }: Endless): (Suggestion | null)[] {
  if (!fn) return [];
  if (signal) return [suggestion('checkSignal', checkSignalInFunction(file, fn, signal))];
  const left = checkFlag(file, call, fn);
  if (left) return [left];
  const added = addSignalParameter(file, fn);
  const takers = signalTakers(fn, file);
  const edits = added
    ? [
        added.edit,
        passFromCallers(file, fn, added),
        checkSignalInFunction(file, fn, added.signal),
        takers.length > 0 ? passToAll(file, takers, added.signal) : [],
        passSignal(file, call, added.signal, { index: fn.params.length, property: null }),
      ]
    : [null];
  return [suggestion('addSignal', together(...edits))];
}

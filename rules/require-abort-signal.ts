import { type Edit, suggestion, together } from '../src/edits/edit.js';
import { addSignalParameter, checkSignalInLoop, passToAll, passToItself } from '../src/edits/signals.js';
import { type Unsignalled, unsignalledOf } from '../src/ownership/signals/unsignalled.js';
import { defineRule, type File } from '../src/rule.js';
import { functionName, isInside } from '../src/syntax/functions.js';

export default defineRule({
  name: 'require-abort-signal',
  about: 'require an exported function that loops over awaits, waits or fetches to take an abort signal',
  level: 'off',
  words: ['export'],
  messages: {
    takesNoSignal: '`{{name}}` waits for work that its callers cannot end. Take an abort signal, and pass it on.',
    addSignal: 'Take an abort signal, and pass it on',
  },

  *check(file) {
    for (const unsignalled of unsignalledOf(file)) {
      const { fn } = unsignalled;
      const data = { name: functionName(fn) ?? 'This function' };
      yield {
        node: fn.id ?? (fn.parent?.type === 'VariableDeclarator' ? fn.parent.id : fn),
        messageId: 'takesNoSignal',
        data,
        suggest: [suggestion('addSignal', addSignal(file, unsignalled))],
      };
    }
  },
});

/** Gives the signal to what takes it, and looks at it in the loops where nothing does. */
function addSignal(file: File, { fn, work, loops }: Unsignalled): Edit | null {
  const added = addSignalParameter(file, fn);
  if (!added) return null;
  const checked = loops.filter(
    (loop) =>
      !work.some(({ call }) => isInside(call, loop)) && !loops.some((outer) => outer !== loop && isInside(loop, outer)),
  );
  return together(
    added.edit,
    passToItself(file, fn, added),
    work.length > 0 ? passToAll(file, work, added.signal) : [],
    ...checked.map((loop) => checkSignalInLoop(file, loop, added.signal)),
  );
}

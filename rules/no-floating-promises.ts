import { awaitAll, awaitEach, awaitKept, catchAll, dropAsync } from '../src/edits/arrays.js';
import { suggestion } from '../src/edits/edit.js';
import { keepIt } from '../src/edits/fields.js';
import {
  awaitIt,
  catchIt,
  goOn,
  isServed,
  nameOfPromise,
  reportIt,
  returnIt,
  runsAlone,
  voidIt,
} from '../src/edits/promises.js';
import type { FloatingPromisesOptions } from '../src/options.cjs';
import type { Floating } from '../src/ownership/promises/lost-promise.js';
import { floatingPromises } from '../src/ownership/promises/promises.js';
import { defineRule, type File } from '../src/rule.js';
import { promiseWords } from '../src/types/known-promises.js';

type Options = Pick<FloatingPromisesOptions, 'ignoreVoid'> &
  Required<Omit<FloatingPromisesOptions, 'checkUnknown' | 'ignoreVoid'>>;

const name = {
  oneOf: [
    { type: 'string' as const },
    { type: 'array' as const, items: { type: 'string' as const }, minItems: 1, uniqueItems: true },
  ],
};
const from = (where: string, more: Record<string, { type: 'string' }> = {}, required: readonly string[] = []) => ({
  type: 'object' as const,
  properties: { from: { type: 'string' as const, enum: [where] }, name, ...more },
  required: ['from', 'name', ...required],
  additionalProperties: false,
});
const specifiers = (description: string) => ({
  type: 'array' as const,
  description,
  items: {
    oneOf: [
      { type: 'string' as const },
      from('file', { path: { type: 'string' } }),
      from('lib'),
      from('package', { package: { type: 'string' } }, ['package']),
    ],
  },
});

export default defineRule<Options>({
  name: 'no-floating-promises',
  about: 'require a promise to be awaited, returned, kept for others, or ended with a handler',
  level: 'recommended',
  words: promiseWords,
  typedWords: 'any',
  messages: {
    floating:
      '{{promise}} returns a promise nobody waits for, so its failure is lost. Await it, return it, or end it with `.catch()`.',
    startedInConstructor:
      '{{promise}} starts work that nobody can wait for, and its failure is lost. Keep the promise in a field, or end it with `.catch()`.',
    uselessHandler:
      '{{promise}} gets no function to call on failure, so the failure is lost. Pass a handler, or await the promise.',
    throwsAgain:
      'Line {{line}} throws inside the handler of {{promise}}, and nobody hears of it. Report the failure there, or await the promise.',
    floatingArray:
      '{{promise}} is an array of promises nobody waits for, so their failures are lost. Pass it to `Promise.all()` and await that.',
    ignoredByCallee:
      '{{promise}} ignores the promises of its callback, so nobody waits for them. Use `Promise.all()` with `map()`, or `for…of`.',
    takenForTrue:
      '{{promise}} takes every promise of its callback for true, and nobody waits for them. Await them with `map()` first.',
    neverRead:
      '`{{keeper}}` keeps a promise that nothing ever reads, so its failure is lost. Await the promise, or end it with `.catch()`.',
    brokenChain:
      'When this fails, `{{keeper}}` stays rejected, and all that is put behind it later is skipped. Handle the failure first.',
    voided:
      '`void` silences the linter and not the failure of {{promise}}. Await the promise, or end it with `.catch()`.',
    awaitIt: 'Await it',
    awaitAll: 'Await all of them with `Promise.all()`',
    awaitEach: 'Await one after the other in a `for…of` loop',
    returnIt: 'Return it',
    dropAsync: 'Drop `async` from the callback, which awaits nothing',
    keepIt: 'Keep it in a field that others can await',
    reportIt: 'Report the failure here',
    catchIt: 'End it with a handler that reports the failure',
    goOn: 'Let it run whatever became of what came before',
    voidIt: 'Mark it with `void` as one that nobody waits for',
  },
  options: {
    schema: {
      ignoreVoid: {
        type: 'boolean',
        description: 'Accept `void promise`. Default: true, and false with `checkUnknown`.',
      },
      ignoreIIFE: { type: 'boolean', description: 'Accept async functions that are called where they are written.' },
      checkThenables: {
        type: 'boolean',
        description: 'Check everything with a `then` that takes two functions, not only promises.',
      },
      allowForKnownSafePromises: specifiers('Types whose promises may float.'),
      allowForKnownSafeCalls: specifiers('Functions whose promises may float.'),
    },
    defaults: { ignoreIIFE: false, checkThenables: false, allowForKnownSafePromises: [], allowForKnownSafeCalls: [] },
  },

  *check(file, { checkUnknown, ignoreVoid = !checkUnknown, ...options }) {
    const allowed = {
      voided: ignoreVoid,
      calledAtOnce: options.ignoreIIFE,
      calls: options.allowForKnownSafeCalls,
      wanted: { thenables: options.checkThenables, except: options.allowForKnownSafePromises },
      unproven: !checkUnknown,
    };
    for (const found of floatingPromises(file, allowed)) {
      if (!found.certain && !checkUnknown) continue;

      const { node, why, keeper = '', witness = node } = found;
      const suggest = repairs(file, found);
      yield {
        node,
        messageId: why,
        data: { promise: nameOfPromise(node, file), keeper, line: String(witness.loc.start.line) },
        suggest:
          suggest.some((one) => one !== null) || !ignoreVoid ? suggest : [suggestion('voidIt', voidIt(file, found))],
      };
    }
  },
});

const EDITS = {
  awaitIt,
  awaitAll,
  awaitEach,
  awaitKept,
  catchAll,
  catchIt,
  dropAsync,
  goOn,
  keepIt,
  reportIt,
  returnIt,
};

/** Those after which somebody waits for the work. */
const WAITING = new Set(['awaitIt', 'awaitAll', 'awaitEach', 'keepIt', 'returnIt']);

/** The repairs to offer, the one that an expert would choose first. */
function repairs(file: File, found: Floating) {
  const isLeft = runsAlone(file, found);
  const edits = order(found).filter((edit) => !(isLeft && WAITING.has(edit)));
  const offered = edits.map((edit) =>
    suggestion(edit === 'awaitKept' ? 'awaitAll' : edit === 'catchAll' ? 'catchIt' : edit, EDITS[edit](file, found)),
  );
  // What awaits nothing needs no more.
  const [first] = offered;
  if (first?.messageId === 'dropAsync') return [first];
  // A handler hears of the failure and leaves the work behind: for what is meant to run alone, or where nobody can
  // wait.
  const isAlone =
    found.why === 'voided' || isServed(found) || !offered.some((one) => one && WAITING.has(one.messageId));
  return isAlone ? offered : offered.filter((one) => one?.messageId !== 'catchIt');
}

function order(found: Floating): readonly (keyof typeof EDITS)[] {
  if (found.isArray) return ['dropAsync', 'awaitAll', 'awaitEach', 'catchAll'];
  switch (found.why) {
    case 'ignoredByCallee':
      return ['dropAsync', 'awaitAll', 'awaitEach', 'catchAll'];
    case 'startedInConstructor':
      return ['keepIt', 'catchIt'];
    case 'takenForTrue':
      return [];
    case 'brokenChain':
      return ['goOn'];
    case 'neverRead':
      return ['awaitKept', 'awaitIt', 'catchIt'];
    case 'voided':
      return ['catchIt', 'awaitIt'];
    case 'throwsAgain':
      return ['awaitIt', 'reportIt', 'catchIt'];
    default:
      return isServed(found) ? ['catchIt', 'awaitIt'] : ['awaitIt', 'returnIt', 'catchIt'];
  }
}

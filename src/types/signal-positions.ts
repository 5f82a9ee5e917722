import { PACKAGE_SIGNALS } from './packages.js';

export interface SignalPosition {
  readonly index: number;
  readonly property: string | null;
}

/** What options objects call the signal they hold. */
export const SIGNAL_PROPERTIES = ['signal', 'abortSignal', 'cancelSignal'] as const;

/**
 * Where functions and methods take a signal: `name@index.property`, or `name@index` for the argument itself; `-1` is
 * the last argument of a variadic call.
 */
const SIGNALS =
  'fetch@1.signal Request@1.signal EventTarget#addEventListener@2.signal scheduler.postTask@1.signal ' +
  'node:timers/promises.setTimeout@2.signal node:timers/promises.setImmediate@1.signal node:timers/promises.setInterval@2.signal node:timers/promises.scheduler.wait@1.signal ' +
  'node:timers.promises.setTimeout@2.signal node:timers.promises.setImmediate@1.signal node:timers.promises.setInterval@2.signal ' +
  'node:events.once@2.signal node:events.on@2.signal node:events.EventEmitter.once@2.signal node:events.EventEmitter.on@2.signal ' +
  'node:stream/promises.pipeline@-1.signal node:stream/promises.finished@1.signal node:stream.promises.pipeline@-1.signal node:stream.promises.finished@1.signal node:stream.finished@1.signal ' +
  'node:child_process.spawn@2.signal node:child_process.fork@2.signal node:child_process.exec@1.signal node:child_process.execFile@2.signal ' +
  'node:http.request@1.signal node:https.request@1.signal node:http.get@1.signal node:https.get@1.signal ' +
  'node:fs/promises.readFile@1.signal node:fs/promises.writeFile@2.signal node:fs/promises.appendFile@2.signal node:fs/promises.watch@1.signal ' +
  'node:fs.promises.readFile@1.signal node:fs.promises.writeFile@2.signal node:fs.promises.watch@1.signal node:fs.readFile@1.signal node:fs.writeFile@2.signal node:fs.appendFile@2.signal node:fs.watch@1.signal ' +
  'ReadableStream#pipeTo@1.signal ReadableStream#pipeThrough@1.signal navigator.locks.request@1.signal LockManager#request@1.signal navigator.credentials.get@0.signal navigator.credentials.create@0.signal ' +
  'node:readline/promises.Interface#question@1.signal node:fs/promises.FileHandle#readFile@0.signal node:fs/promises.FileHandle#writeFile@1.signal';

let signals: ReadonlyMap<string, SignalPosition> | undefined;

function signalTable(): ReadonlyMap<string, SignalPosition> {
  signals ??= new Map(
    [...SIGNALS.split(' '), ...PACKAGE_SIGNALS.trim().split(/\s+/)].map((entry) => {
      const cut = entry.lastIndexOf('@');
      const [index, property] = entry.slice(cut + 1).split('.') as [string, string | undefined];
      return [entry.slice(0, cut), { index: Number(index), property: property ?? null }];
    }),
  );
  return signals;
}

/** Where a function, or `Type#method`, takes an AbortSignal; null when it is not known to take one. */
export function signalPosition(name: string): SignalPosition | null {
  return signalTable().get(name) ?? null;
}

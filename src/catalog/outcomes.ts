/** Objects that tell by one of several events how something ended. */
export interface Outcome {
  readonly type: string;
  /** Who waits for one of these … */
  readonly success: readonly string[];
  /** … waits for ever when none of these is waited for, too. */
  readonly failure: readonly string[];
  /** `strict`: reported only where everything that cannot be proven harmless is. */
  readonly level?: 'strict';
}

export const OUTCOMES: readonly Outcome[] = [
  { type: 'node:http.ClientRequest', success: ['response', 'socket', 'finish'], failure: ['error', 'close'] },
  // A response breaks off only after its request was answered, so most code leaves this to the request.
  { type: 'node:http.IncomingMessage', success: ['end', 'data'], failure: ['error', 'close', 'aborted'], level: 'strict' },
  // A process that cannot be started closes, too.
  { type: 'node:child_process.ChildProcess', success: ['exit', 'message', 'spawn'], failure: ['error', 'close'] },
  { type: 'node:worker_threads.Worker', success: ['message', 'online'], failure: ['error', 'exit'] },
  { type: 'node:net.Server', success: ['listening'], failure: ['error'], level: 'strict' },
  { type: 'node:net.Socket', success: ['connect', 'secureConnect', 'ready', 'data', 'end'], failure: ['error', 'close'] },
  { type: 'node:stream.Readable', success: ['end', 'data', 'readable'], failure: ['error', 'close'] },
  { type: 'node:stream.Writable', success: ['finish', 'drain'], failure: ['error', 'close'] },
  // What runs by itself may end in peace and never have sent anything.
  { type: 'node:worker_threads.Worker', success: ['message'], failure: ['exit'], level: 'strict' },
  { type: 'node:child_process.ChildProcess', success: ['message'], failure: ['exit', 'close', 'disconnect'], level: 'strict' },
  { type: 'node:readline.Interface', success: ['line'], failure: ['close'], level: 'strict' },
  { type: 'node:net.Socket', success: ['data'], failure: ['close', 'end'], level: 'strict' },
  ...['HTMLImageElement', 'Image', 'HTMLScriptElement', 'HTMLLinkElement'].map((type) => ({ type, success: ['load'], failure: ['error'] })),
  { type: 'FileReader', success: ['load'], failure: ['error', 'loadend'] },
  { type: 'XMLHttpRequest', success: ['load'], failure: ['error', 'loadend', 'readystatechange'] },
  { type: 'IDBRequest', success: ['success'], failure: ['error'] },
  { type: 'IDBTransaction', success: ['complete'], failure: ['error', 'abort'] },
  { type: 'WebSocket', success: ['open', 'message'], failure: ['error', 'close'] },
  { type: 'EventSource', success: ['open', 'message'], failure: ['error'] },
  { type: 'Worker', success: ['message'], failure: ['error'] },
];

/** What an event means whatever its emitter's type is; `success` in `onsuccess` is IndexedDB's. */
export const LIKELY_OUTCOMES: readonly Outcome[] = [
  { type: 'property', success: ['success'], failure: ['error'] },
  { type: 'property', success: ['load'], failure: ['error', 'loadend', 'readystatechange'], level: 'strict' },
  { type: '*', success: ['end', 'finish'], failure: ['error', 'close'], level: 'strict' },
];

/** Types whose `destroy()` without an error emits `close` alone. */
export const DESTROYED_QUIETLY: readonly string[] = ['node:stream.Readable', 'node:stream.Writable'];

/** Events that come at most once; IndexedDB's `success` comes once for every step of a cursor. */
export const FINAL_EVENTS = new Set(
  'end finish close exit error abort load loadend complete open connect secureConnect listening ready spawn timeout DOMContentLoaded'.split(' '),
);

/**
 * Modules whose objects are gone when they tell of an error: a socket that broke, a process that could not be started.
 */
export const DIES_OF_ERROR: ReadonlySet<string> = new Set(['node:child_process', 'node:fs', 'node:http', 'node:http2', 'node:https', 'node:net', 'node:tls', 'node:worker_threads', 'mysql2', 'pg', 'ssh2', 'tedious', 'ws']);

/** Functions that call their callback once. */
export const CALLED_ONCE = /^(?:setTimeout|setImmediate|queueMicrotask|requestAnimationFrame|requestIdleCallback|process\.nextTick|node:(?:timers\.set(?:Timeout|Immediate)|(?:fs|dns|zlib|crypto|child_process|os|stream|util)\.(?!watch|createServer)\w+))$/;

/** Functions that tell of a failure by a callback of its own, and where they take that. */
export const TOLD_APART: ReadonlyMap<string, number> = new Map([['getCurrentPosition', 1], ['readEntries', 1], ['decodeAudioData', 2]]);

/** Functions whose callback takes the `response` event of the request they return. */
export const REQUESTS = /^node:https?\.(?:get|request)$/;

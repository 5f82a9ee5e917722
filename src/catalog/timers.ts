import type { Resource } from './resource.js';

// The web and Node share one id space for both timers, so either `clear` ends either. Node's handles also have `close`
// and are disposable.
const OTHER_ENDS = ['handle.close()', 'handle[Symbol.dispose]()'];
const INTERVAL_ENDS = ['clearInterval(handle)', 'clearTimeout(handle)', ...OTHER_ENDS];
const TIMEOUT_ENDS = ['clearTimeout(handle)', 'clearInterval(handle)', ...OTHER_ENDS];

export const TIMERS: readonly Resource[] = [
  { kind: 'interval', start: 'handle = setInterval(callback, delay)', end: INTERVAL_ENDS },
  { kind: 'interval', from: 'node:timers', start: 'handle = setInterval(callback, delay)', end: INTERVAL_ENDS },
  { kind: 'timeout', start: 'handle = setTimeout(callback, delay)', end: TIMEOUT_ENDS, endsItself: 'always' },
  { kind: 'timeout', from: 'node:timers', start: 'handle = setTimeout(callback, delay)', end: TIMEOUT_ENDS, endsItself: 'always' },
  { kind: 'timeout', start: 'handle = setImmediate(callback)', end: 'clearImmediate(handle)', endsItself: 'always' },
  { kind: 'timeout', from: 'node:timers', start: 'handle = setImmediate(callback)', end: 'clearImmediate(handle)', endsItself: 'always' },
  { kind: 'timeout', start: 'handle = requestAnimationFrame(callback)', end: 'cancelAnimationFrame(handle)', endsItself: 'always' },
  { kind: 'timeout', start: 'handle = requestIdleCallback(callback)', end: 'cancelIdleCallback(handle)', endsItself: 'always' },
];

import type { Resource } from './resource.js';

const EMITTER = 'node:events.EventEmitter';
// Node removes every listener of an emitter, or of one event, at once.
const EMITTER_ENDS = ['target.off(type, listener)', 'target.removeListener(type, listener)', 'target.removeAllListeners(type)'];

/** What nobody else handled comes here, and a program has one place for that. */
export const LAST_RESORTS = new Set(['uncaughtException', 'uncaughtExceptionMonitor', 'unhandledRejection']);

/** What an emitter tells last. */
export const LAST_EVENTS = new Set(['close', 'closed', 'destroyed', 'disconnect', 'end', 'exit', 'finish']);

export const EVENTS: readonly Resource[] = [
  {
    kind: 'listener',
    start: 'target.addEventListener(type, listener, { capture, once, signal })',
    end: 'target.removeEventListener(type, listener, { capture })',
    where: { target: 'EventTarget' },
    livesIn: 'target',
    endsItself: 'once',
    endedBy: 'signal',
  },
  // A global call without a receiver is the window's.
  { kind: 'listener', start: 'addEventListener(type, listener, { capture, once, signal })', end: 'removeEventListener(type, listener, { capture })', endsItself: 'once', endedBy: 'signal' },
  // The old pair of MediaQueryList, which some browsers still need.
  { kind: 'listener', start: 'target.addListener(listener)', end: 'target.removeListener(listener)', where: { target: 'MediaQueryList' }, livesIn: 'target' },
  {
    kind: 'listener',
    start: ['target.on(type, listener)', 'target.addListener(type, listener)', 'target.prependListener(type, listener)'],
    end: EMITTER_ENDS,
    where: { target: EMITTER },
    livesIn: 'target',
  },
  {
    kind: 'listener',
    start: ['target.once(type, listener)', 'target.prependOnceListener(type, listener)'],
    end: EMITTER_ENDS,
    where: { target: EMITTER },
    livesIn: 'target',
    endsItself: 'always',
  },
  // What keeps the listeners of others, as many old emitters do: nothing but its own `off` tells that it is one.
  { kind: 'listener', start: 'bus.on(target, type, listener)', end: 'bus.off(target, type, listener)', where: { bus: 'EventBus' }, livesIn: 'target' },
];

/** Properties of event targets that hold a listener. */
export const HANDLER_PROPERTIES = 'onmessage onclick onload onerror onopen onclose onchange oninput onsubmit onkeydown onkeyup onscroll onresize onabort onmessageerror onpopstate onhashchange'.split(' ');

/** Functions that call what they are given later, and do not wait for it; the callback is the last argument. */
export const CALL_LATER: Readonly<Record<string, string>> = {
  queueMicrotask: 'queueMicrotask',
  nextTick: 'process.nextTick',
};

/** Modules whose `createServer` takes the listener of every request, or of every connection, as its last argument. */
export const SERVERS = new Set(['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls']);

/** Events that come in bursts, faster than work is done. */
export const BURSTS = new Set('input keydown keyup keypress scroll resize wheel mousemove pointermove touchmove dragover selectionchange'.split(' '));

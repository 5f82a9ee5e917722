/** Notes what a module starts and does not end: timers, handles, listeners, promises. */
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { EventEmitter, getEventListeners } from 'node:events';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What ends only when somebody ends it, as Node's hooks call it. Requests of the system end by themselves. */
const HANDLES = new Set([
  'Timeout',
  'TCPWRAP',
  'TCPSERVERWRAP',
  'PIPEWRAP',
  'PIPESERVERWRAP',
  'PROCESSWRAP',
  'FSEVENTWRAP',
  'STATWATCHER',
  'MESSAGEPORT',
  'WORKER',
  'UDPWRAP',
]);

/** What says how much is done at a time. */
const PEAKS = new Set(['Timeout', 'PROCESSWRAP']);

interface Listening {
  readonly target: WeakRef<EventTarget | EventEmitter>;
  readonly type: string;
  readonly listener: WeakRef<object>;
}

/** What Node's files and timers have. */
interface Resource {
  readonly fd?: number;
  readonly _destroyed?: boolean;
  readonly _repeat?: number | null;
  hasRef?(): boolean;
}

/** What one module has started. */
export class Ledger {
  readonly handles = new Map<number, { readonly type: string; readonly resource: Resource }>();
  readonly pending = new Map<number, WeakRef<object>>();
  readonly listening: Listening[] = [];
  /** Callbacks that ran for it. */
  calls = 0;
  /** The most timers and processes that there were at a time. */
  peak = 0;
  /** Failures that reached nobody. */
  readonly unheard: string[] = [];

  /** What is there now, counted by its kind. */
  count(): Record<string, number> {
    const counts: Record<string, number> = {};
    const add = (what: string) => (counts[what] = (counts[what] ?? 0) + 1);
    for (const { type, resource } of this.handles.values()) if (isOpen(resource)) add(type);
    for (const promise of this.pending.values()) if (promise.deref()) add('pending promise');
    for (const { target, type, listener } of this.listening) {
      const [alive, known] = [target.deref(), listener.deref()];
      if (alive && known && listenersOf(alive, type).includes(known)) add(`listener of ${alive.constructor.name}`);
    }
    return counts;
  }

  get busy(): number {
    return [...this.handles.values()].filter(({ type, resource }) => PEAKS.has(type) && isOpen(resource)).length;
  }
}

/**
 * Some are there until they are collected, after they were ended. Nobody has to clear the timer of
 * `AbortSignal.timeout`.
 */
function isOpen(resource: Resource): boolean {
  const { fd = 0, _destroyed = false, _repeat } = resource;
  return fd >= 0 && !_destroyed && (_repeat !== null || resource.hasRef!());
}

function listenersOf(target: EventTarget | EventEmitter, type: string): object[] {
  if (target instanceof EventEmitter) return [...target.rawListeners(type), ...target.listeners(type)];
  return getEventListeners(target, type);
}

const current = new AsyncLocalStorage<Ledger>();
const owners = new Map<number, Ledger>();
const ownerOfPromise = new WeakMap<object, Ledger>();

/** Runs something; what it starts, and what that starts, is in the ledger. */
export function noteIn<T>(ledger: Ledger, work: () => T): T {
  return current.run(ledger, work);
}

/** Begins to look. */
export function install(): void {
  createHook({
    init(id, type, _trigger, resource: object) {
      const ledger = current.getStore();
      if (!ledger) return;
      owners.set(id, ledger);
      if (type === 'PROMISE') {
        ledger.pending.set(id, new WeakRef(resource));
        ownerOfPromise.set(resource, ledger);
      } else if (HANDLES.has(type)) {
        ledger.handles.set(id, { type, resource });
        if (PEAKS.has(type)) ledger.peak = Math.max(ledger.peak, ledger.busy);
      }
    },
    before(id) {
      const ledger = owners.get(id);
      if (ledger) ledger.calls += 1;
    },
    promiseResolve(id) {
      owners.get(id)?.pending.delete(id);
    },
    destroy(id) {
      const ledger = owners.get(id);
      ledger?.handles.delete(id);
      ledger?.pending.delete(id);
    },
  }).enable();

  watch(EventTarget.prototype, ['addEventListener']);
  // The others call one of these.
  watch(EventEmitter.prototype, ['on', 'addListener', 'prependListener']);
  watchFiles();
  process.on('unhandledRejection', (reason, promise) => ownerOfPromise.get(promise)?.unheard.push(String(reason)));
  process.on('uncaughtException', (error) => current.getStore()?.unheard.push(String(error)));
}

/** Node makes a file's handle where nobody knows for whom. */
function watchFiles(): void {
  const { promises } = fs;
  const { open } = promises;
  promises.open = async (...args) => {
    const file = await open(...args);
    current.getStore()?.handles.set(-file.fd, { type: 'file', resource: file });
    return file;
  };
  syncBuiltinESMExports();
}

type Listens = (this: EventTarget | EventEmitter, type: string, listener: unknown, ...rest: unknown[]) => unknown;

function watch(prototype: object, methods: readonly string[]): void {
  const listens = prototype as Record<string, Listens>;
  for (const method of methods) {
    const original = listens[method]!;
    listens[method] = function (type, listener, ...rest) {
      const isObject = (typeof listener === 'object' || typeof listener === 'function') && listener !== null;
      if (isObject)
        current.getStore()?.listening.push({ target: new WeakRef(this), type, listener: new WeakRef(listener) });
      return original.call(this, type, listener, ...rest);
    };
  }
}

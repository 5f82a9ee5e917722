/**
 * Stand-ins for what browsers have and Node has not: each holds a timer for as long as it is open. And helpers of runs.
 */

class Open extends EventTarget {
  readonly #timer = setInterval(() => {}, 60_000);
  close(): void {
    clearInterval(this.#timer);
  }
}

class Socket extends Open {
  send(): void {}
}

class Observer {
  #open: Open | null = null;
  observe(): void {
    this.#open ??= new Open();
  }
  disconnect(): void {
    this.#open?.close();
    this.#open = null;
  }
}

/** Waits, until a signal aborts. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', settle);
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(settle, ms);
    signal?.addEventListener('abort', settle);
    if (signal?.aborted) settle();
  });
}

/** How long work takes, in milliseconds. */
const WORK = 400;

/** Takes a while, and stops when the signal among what it is given aborts. */
function later(...given: unknown[]): Promise<void> {
  return sleep(
    WORK,
    given
      .map((one) => (one instanceof AbortSignal ? one : (one as { signal?: AbortSignal } | undefined)?.signal))
      .find((one) => one !== undefined),
  );
}

/**
 * `/broken` and `/closed` fail, `/missing` is not found, `/empty` has no body; a body is open until it is read or
 * cancelled.
 */
async function load(url: string, options: { signal?: AbortSignal } = {}): Promise<Response> {
  await later(options);
  if (url === '/broken' || url === '/closed') throw new TypeError('fetch failed');
  const open = url === '/empty' ? null : new Open();
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('{}'));
        controller.close();
        open?.close();
      },
      cancel: () => open?.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(open && body, { status: url === '/missing' ? 404 : 200 });
}

/** A signal that aborts before work is done. */
function soon(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), WORK / 20);
  return controller.signal;
}

const kept: unknown[] = [];

/** Keeps a value for as long as the process runs. */
function keep<T>(value: T): T {
  kept.push(value);
  return value;
}

/** A stream that gives one thing, and then holds a timer until somebody cancels it. */
function ticking(first: string): ReadableStream<string> {
  const open = new Open();
  return new ReadableStream<string>({ start: (controller) => controller.enqueue(first), cancel: () => open.close() });
}

/** Gives positions until it is told not to. */
class Geolocation {
  readonly #watches = new Map<number, Open>();
  watchPosition(): number {
    const id = this.#watches.size + 1;
    this.#watches.set(id, new Open());
    return id;
  }
  clearWatch(id: number): void {
    this.#watches.get(id)?.close();
  }
}

/** A clipboard that does not take everything. */
async function write(text: string): Promise<void> {
  await later();
  if (text === 'broken') throw new Error(text);
}

export function installPlatform(): void {
  const platform = {
    window: Object.assign(new EventTarget(), { setTimeout, clearTimeout, setInterval, clearInterval }),
    navigator: { geolocation: new Geolocation(), clipboard: { writeText: write } },
    document: new EventTarget(),
    HTMLElement: EventTarget,
    WebSocket: Socket,
    EventSource: Socket,
    ResizeObserver: Observer,
    IntersectionObserver: Observer,
    MutationObserver: Observer,
    fetch: load,
    later,
    soon,
    sleep,
    keep,
    ticking,
  };
  for (const [name, value] of Object.entries(platform))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

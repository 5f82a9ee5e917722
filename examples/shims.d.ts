/** As much of other packages as the examples use, so that nothing has to be installed. */

declare module 'async-mutex' {
  export class Mutex {
    acquire(): Promise<() => void>;
    runExclusive<T>(work: () => Promise<T>): Promise<T>;
  }
}

declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  export class WebSocket extends EventEmitter {
    send(data: string): void;
    ping(): void;
    close(): void;
  }
  export class WebSocketServer extends EventEmitter {
    constructor(options: { port: number });
    close(): void;
  }
}

declare module 'react' {
  export function useEffect(effect: () => void | (() => void), dependencies?: readonly unknown[]): void;
  export function useState<T>(initial: T): [T, (next: T | ((previous: T) => T)) => void];
}

declare namespace JSX {
  interface IntrinsicElements {
    [name: string]: Record<string, unknown>;
  }
}

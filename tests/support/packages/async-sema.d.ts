export class Sema {
  constructor(nr: number, options?: { capacity?: number });
  acquire(): Promise<unknown>;
  tryAcquire(): unknown;
  release(token?: unknown): void;
  drain(): Promise<unknown[]>;
}
export function RateLimit(rps: number, options?: { timeUnit?: number }): () => Promise<void>;

export default class PQueue {
  constructor(options?: { concurrency?: number; autoStart?: boolean; timeout?: number });
  add<T>(fn: (options: { signal?: AbortSignal }) => PromiseLike<T> | T, options?: { signal?: AbortSignal }): Promise<T>;
  addAll<T>(fns: readonly (() => PromiseLike<T> | T)[]): Promise<T[]>;
  onIdle(): Promise<void>;
  onEmpty(): Promise<void>;
  onSizeLessThan(limit: number): Promise<void>;
  clear(): void;
  pause(): void;
}

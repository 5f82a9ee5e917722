/** A lock that one caller holds at a time. */
export class Mutex {
  #last: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  async acquire(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = withResolvers();
    this.#last = promise;
    await before;
    this.#open = resolve;
    return () => this.release();
  }

  release(): void {
    this.#open?.();
    this.#open = undefined;
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

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

/** A lock that as many callers hold at a time as it is made for. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async acquire(): Promise<[number, () => void]> {
    this.#free -= 1;
    if (this.#free < 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return [this.#free, () => this.release()];
  }

  release(): void {
    this.#free += 1;
    this.#waiting.shift()?.();
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** As many callers at a time as it is made for. */
export class Sema {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async acquire(): Promise<void> {
    this.#free -= 1;
    if (this.#free < 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    this.#free += 1;
    this.#waiting.shift()?.();
  }
}

interface Sample {
  name: string;
  value: number;
}

export class MetricsPoller {
  #timer?: NodeJS.Timeout;
  readonly #samples: Sample[] = [];

  constructor(private readonly endpoint: string) {}

  start(): void {
    this.#timer = setInterval(async () => {
      const response = await fetch(this.endpoint);
      this.#samples.push(...(await response.json() as Sample[]));
    }, 5_000);
    setInterval(() => this.#trim(), 60_000);
  }

  stop(): void {
    this.#samples.length = 0;
  }

  isRunning(): boolean {
    return this.#timer !== undefined;
  }

  #trim(): void {
    this.#samples.splice(0, Math.max(0, this.#samples.length - 10_000));
  }
}

export async function readOnce(url: string, milliseconds: number): Promise<Sample[]> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`${url} took too long`)), milliseconds);
  });
  const response = await Promise.race([fetch(url), late]);
  return await response.json() as Sample[];
}

export async function waitUntilHealthy(url: string, { signal }: { signal: AbortSignal }): Promise<void> {
  signal.throwIfAborted();
  for (;;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

export async function collect(urls: string[], signal: AbortSignal): Promise<Sample[]> {
  const pages = [];
  for (const url of urls) {
    const response = await fetch(url, { method: 'POST' });
    pages.push(await response.json() as Sample[]);
  }
  return pages.flat();
}

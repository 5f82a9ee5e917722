import { open, opendir, watch } from 'node:fs/promises';

export class FileCache {
  readonly #entries = new Map<string, { text: string; expires: NodeJS.Timeout }>();
  readonly #waiting = new Map<string, (text: string) => void>();

  async read(path: string): Promise<string> {
    const entry = this.#entries.get(path);
    if (entry) return entry.text;

    const file = await open(path);
    const text = await file.readFile('utf8');
    if (text === '') throw new Error(`${path} is empty`);
    await file.close();

    this.#entries.set(path, { text, expires: setTimeout(() => this.#entries.delete(path), 60_000) });
    return text;
  }

  arrival(path: string): Promise<string> {
    return new Promise((resolve) => {
      const entry = this.#entries.get(path);
      if (entry) return;
      this.#waiting.set(path, resolve);
    });
  }

  clear(): void {
    this.#entries.clear();
    this.#waiting.clear();
  }
}

export async function firstFile(folder: string): Promise<string | null> {
  const directory = await opendir(folder);
  const entry = await directory.read();
  return entry?.isFile() ? entry.name : null;
}

export async function firstChange(folder: string): Promise<string | null> {
  const changes = watch(folder)[Symbol.asyncIterator]();
  const { value } = await changes.next();
  return value?.filename ?? null;
}

export async function firstBytes(url: string): Promise<Uint8Array | undefined> {
  const response = await fetch(url);
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  return value;
}

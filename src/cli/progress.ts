export interface Progress {
  show(done: number, total: number, path: string): void;
  clear(): void;
}

const everyMilliseconds = 100;

/** One line on the terminal that is rewritten as the run goes on; nothing where there is no terminal. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };

  let last = performance.now();
  let isShown = false;
  return {
    show(done, total, path) {
      if (performance.now() - last < everyMilliseconds) return;
      last = performance.now();
      isShown = true;
      const line = `${done}/${total} ${path}`.slice(0, stream.columns - 1);
      stream.write(`\r\x1b[K${line}`);
    },
    clear() {
      if (isShown) stream.write('\r\x1b[K');
      isShown = false;
    },
  };
}

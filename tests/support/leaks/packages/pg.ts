/** A pool whose clients hold a timer each until they are released. */
export class Pool {
  connect() {
    const open = setInterval(() => {}, 60_000);
    return Promise.resolve({
      query: (_text: string, values: readonly unknown[] = []) =>
        values.includes('broken') ? Promise.reject(new Error('broken')) : Promise.resolve({ rowCount: 1 }),
      release: () => clearInterval(open),
    });
  }
}

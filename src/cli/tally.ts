/** Counts things by reason, and keeps the first example of each. */
export class Tally {
  readonly #rows = new Map<string, { count: number; first: string }>();

  add(reason: string, example: string): void {
    const row = this.#rows.get(reason);
    if (row) row.count += 1;
    else this.#rows.set(reason, { count: 1, first: example });
  }

  get total(): number {
    return this.rows.reduce((sum, row) => sum + row.count, 0);
  }

  get rows(): { reason: string; count: number; first: string }[] {
    return [...this.#rows].map(([reason, row]) => ({ reason, ...row }));
  }
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Runs a body for real, with a flag in place of the lock, under every string of choices up to a bound. */

/** Which failures leave a function: see `Question.throws`. */
export type Throws = 'await' | 'call' | 'throw';

/** What some run of a body did. */
export interface Seen {
  /** It came to an end, or to a `return`, while the lock was held. */
  ended: boolean;
  /** It threw while the lock was held. */
  threw: boolean;
  /** It took the lock while it was held already. */
  again: boolean;
}

type Caught = 1 | 2 | undefined;

/** All strings of so many choices are tried, with choices made by chance behind them. */
const TRIED = 8;
const MOST_CHOICES = 80;
const TRIED_RUNS = 4_000;
const LONG_RUNS = 20_000;

/**
 * The world of a body:
 * `take()` takes the lock, `attempt()` takes it or returns null, `give()` gives it back; `may()` may throw, `await
 * wait()` may reject;
 * `maybe` is true or false, `pick` is 1, 2 or 3, `items` has up to two items, `stream` is read with `for await`.
 * The argument 1 means that a `catch` in the body keeps the failure in, 2 that the failure is the rejection of a
 * promise.
 */
class World {
  held = false;
  again = false;
  cut = false;
  readonly made: { value: number; of: number }[] = [];
  readonly #throws: Throws;
  readonly #given: readonly number[];
  readonly #tried: number;
  #choices = 0;
  #random: number;

  constructor(given: readonly number[], tried: number, throws: Throws, seed: number) {
    this.#given = given;
    this.#tried = tried;
    this.#throws = throws;
    this.#random = seed;
  }

  #choose(of: number): number {
    this.#choices += 1;
    if (this.#choices > this.#tried) {
      // A run that is too long comes to some end, and does not count.
      this.cut ||= this.#choices > MOST_CHOICES;
      this.#random = (this.#random * 48_271) % 2_147_483_647;
      // A call that fails keeps the rest from being tried.
      const drawn = this.#random % (2 * of);
      return drawn < of ? drawn : 0;
    }
    const value = this.#given[this.made.length] ?? 0;
    this.made.push({ value, of });
    return value;
  }

  /** Throws sometimes, where such failures count. */
  #fail(counting: readonly Throws[], caught: Caught): void {
    const counts = counting.includes(this.#throws) || caught === 1 || (caught === 2 && this.#throws !== 'throw');
    if (counts && this.#choose(2) === 1) throw new Error('failed');
  }

  readonly scope = Object.create(null, {
    take: { value: (caught: Caught) => (this.#fail(['call'], caught), this.#take()) },
    attempt: {
      value: (caught: Caught) => (
        this.#fail(['call'], caught),
        this.held || this.#choose(2) === 0 ? this.#take() : null
      ),
    },
    give: { value: () => void (this.held = false) },
    may: { value: (caught: Caught) => this.#fail(['call'], caught) },
    wait: { value: (caught: Caught) => this.#wait(caught) },
    maybe: { get: () => this.#choose(2) === 1 },
    pick: { get: () => this.#choose(3) + 1 },
    items: { get: () => [1, 2].slice(this.#choose(3)) },
    stream: {
      value: {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            this.#fail(['await', 'call'], undefined);
            return Promise.resolve({ done: this.#choose(2) === 0, value: 1 });
          },
        }),
      },
    },
  }) as object;

  #wait(caught: Caught): Promise<void> {
    this.#fail(['call'], caught);
    return Promise.resolve().then(() => this.#fail(['await', 'call'], caught));
  }

  #take(): object {
    if (this.held) this.again = true;
    this.held = true;
    return {};
  }
}

/** What the runs of a function's text can do; what is expected is looked for longer. */
export async function allRuns(text: string, throws: Throws, expected: Partial<Seen> = {}): Promise<Seen> {
  // A body names the world's members: `with` makes them getters of plain names.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function('world', `with (world) { return ${text}; }`) as (world: object) => () => unknown;
  const seen: Seen = { ended: false, threw: false, again: false };
  const isMissing = (): boolean => Object.entries(expected).some(([name, is]) => is && !seen[name as keyof Seen]);
  let choices: number[] | null = [];
  for (let runs = 0; choices && runs < TRIED_RUNS; runs += 1) choices = nextChoices(await run(TRIED, runs, choices));
  for (let runs = 0; isMissing() && runs < LONG_RUNS; runs += 1) await run(0, runs, []);
  return seen;

  async function run(tried: number, seed: number, given: readonly number[]): Promise<World['made']> {
    const world = new World(given, tried, throws, seed + 1);
    let threw = false;
    try {
      await make(world.scope)();
    } catch {
      threw = true;
    }
    if (!world.cut) {
      if (world.held) seen[threw ? 'threw' : 'ended'] = true;
      seen.again ||= world.again;
    }
    return world.made;
  }
}

/** The choices to make next, in the order of counting; null after the last. */
function nextChoices(made: readonly { value: number; of: number }[]): number[] | null {
  const at = made.findLastIndex(({ value, of }) => value + 1 < of);
  return at < 0 ? null : [...made.slice(0, at).map(({ value }) => value), made[at]!.value + 1];
}

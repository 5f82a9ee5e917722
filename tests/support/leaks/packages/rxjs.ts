/** As much of a subject as calls those who subscribe, each of whom holds a timer until it is over. */
export class Subject<T> {
  readonly listeners = new Set<(value: T) => void>();

  subscribe(listener: (value: T) => void) {
    const open = setInterval(() => {}, 60_000);
    this.listeners.add(listener);
    const unsubscribe = () => {
      clearInterval(open);
      this.listeners.delete(listener);
    };
    return { unsubscribe };
  }
}

/** As much of React as mounts a component once, and unmounts it. */
type Cleanup = () => void;

let cleanups: Cleanup[] = [];

export function useEffect(effect: () => Cleanup | undefined): void {
  const cleanup = effect();
  if (cleanup) cleanups.push(cleanup);
}

export function useRef<T>(current: T): { current: T } {
  return { current };
}

export function useState<T>(initial: T): [T, () => void] {
  return [initial, () => {}];
}

/** Calls a component, or a hook; what it returns unmounts it. */
function mount(component: () => unknown): Cleanup {
  cleanups = [];
  component();
  const own = cleanups;
  return () => {
    for (const cleanup of own) cleanup();
  };
}

Object.assign(globalThis, { mount });

export function createSignal<T>(value: T): [get: () => T, set: (value: T) => T];
export function createEffect(effect: () => void): void;
export function createRenderEffect(effect: () => void): void;
export function createRoot<T>(fn: (dispose: () => void) => T): T;
export function onMount(fn: () => void): void;
export function onCleanup(fn: () => void): void;

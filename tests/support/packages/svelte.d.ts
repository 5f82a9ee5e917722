export function onMount(fn: () => void | (() => void) | Promise<void>): void;
export function onDestroy(fn: () => void): void;
export function beforeUpdate(fn: () => void): void;
export function afterUpdate(fn: () => void): void;
export function tick(): Promise<void>;
export function getAbortSignal(): AbortSignal;

export interface Ref<T> { value: T }
export interface WatchHandle { (): void; stop(): void; pause(): void; resume(): void }
export interface EffectScope { run<T>(fn: () => T): T | undefined; stop(): void }
type OnCleanup = (cleanup: () => void) => void;

export function ref<T>(value: T): Ref<T>;
export function ref<T>(): Ref<T | undefined>;
export function shallowRef<T>(value: T): Ref<T>;
export function reactive<T extends object>(target: T): T;
export function computed<T>(getter: () => T): { readonly value: T };
export function watch<T>(
  source: Ref<T> | (() => T),
  callback: (value: T, old: T | undefined, onCleanup: OnCleanup) => unknown,
  options?: { immediate?: boolean; deep?: boolean; once?: boolean },
): WatchHandle;
export function watchEffect(effect: (onCleanup: OnCleanup) => void): WatchHandle;
export function onWatcherCleanup(cleanup: () => void): void;
export function onBeforeMount(hook: () => unknown): void;
export function onMounted(hook: () => unknown): void;
export function onActivated(hook: () => unknown): void;
export function onDeactivated(hook: () => unknown): void;
export function onBeforeUnmount(hook: () => unknown): void;
export function onUnmounted(hook: () => unknown): void;
export function effectScope(detached?: boolean): EffectScope;
export function onScopeDispose(cleanup: () => void): void;
export function nextTick(): Promise<void>;
export function defineComponent<T extends object>(component: T): T;

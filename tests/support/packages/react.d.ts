export type EffectCallback = () => void | (() => void);
export type DependencyList = readonly unknown[];
export type ReactNode = object | string | number | boolean | null | undefined;
export interface RefObject<T> { current: T }
export type SetStateAction<S> = S | ((previous: S) => S);

export function useEffect(effect: EffectCallback, deps?: DependencyList): void;
export function useLayoutEffect(effect: EffectCallback, deps?: DependencyList): void;
export function useInsertionEffect(effect: EffectCallback, deps?: DependencyList): void;
export function useState<S>(initial: S | (() => S)): [S, (action: SetStateAction<S>) => void];
export function useState<S = undefined>(): [S | undefined, (action: SetStateAction<S | undefined>) => void];
export function useRef<T>(initial: T): RefObject<T>;
export function useRef<T>(initial: T | null): RefObject<T | null>;
export function useRef<T = undefined>(): RefObject<T | undefined>;
export function useCallback<T>(callback: T, deps: DependencyList): T;
export function useMemo<T>(factory: () => T, deps: DependencyList): T;
export function startTransition(action: () => void | Promise<void>): void;
export function useSyncExternalStore<T>(subscribe: (onChange: () => void) => () => void, snapshot: () => T): T;

export class Component<P = object, S = object> {
  constructor(props: P);
  readonly props: Readonly<P>;
  state: Readonly<S>;
  setState(state: Partial<S>): void;
  componentDidMount?(): void;
  componentWillUnmount?(): void;
  render(): ReactNode;
}

declare const React: typeof import('./index.js');
export default React;

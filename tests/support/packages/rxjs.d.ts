export interface Unsubscribable { unsubscribe(): void }
export interface Observer<T> {
  next: (value: T) => void;
  error: (error: unknown) => void;
  complete: () => void;
}
export type TeardownLogic = Subscription | Unsubscribable | (() => void) | void;
export type OperatorFunction<T, R> = (source: Observable<T>) => Observable<R>;

export class Subscription implements Unsubscribable {
  constructor(teardown?: () => void);
  readonly closed: boolean;
  add(teardown: TeardownLogic): void;
  remove(teardown: Subscription): void;
  unsubscribe(): void;
}

export class Observable<T> {
  constructor(subscribe?: (subscriber: Subscriber<T>) => TeardownLogic);
  pipe(): Observable<T>;
  pipe<A>(first: OperatorFunction<T, A>): Observable<A>;
  pipe<A, B>(first: OperatorFunction<T, A>, second: OperatorFunction<A, B>): Observable<B>;
  pipe<A, B, C>(
    first: OperatorFunction<T, A>,
    second: OperatorFunction<A, B>,
    third: OperatorFunction<B, C>,
  ): Observable<C>;
  subscribe(observer?: Partial<Observer<T>> | ((value: T) => void)): Subscription;
}

export class Subscriber<T> extends Subscription implements Observer<T> {
  next: (value: T) => void;
  error: (error: unknown) => void;
  complete: () => void;
}

export class Subject<T> extends Observable<T> {
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
  asObservable(): Observable<T>;
}
export class BehaviorSubject<T> extends Subject<T> {
  constructor(value: T);
  readonly value: T;
}

export function of<T>(...values: T[]): Observable<T>;
export function from<T>(source: Iterable<T> | AsyncIterable<T> | PromiseLike<T>): Observable<T>;
export function fromEvent<T = Event>(target: EventTarget, type: string): Observable<T>;
export function interval(period: number): Observable<number>;
export function timer(due: number, period?: number): Observable<number>;
export function firstValueFrom<T>(source: Observable<T>): Promise<T>;
export function lastValueFrom<T>(source: Observable<T>): Promise<T>;

export function filter<T>(predicate: (value: T) => boolean): OperatorFunction<T, T>;
export function finalize<T>(callback: () => void): OperatorFunction<T, T>;
export function first<T>(): OperatorFunction<T, T>;
export function map<T, R>(project: (value: T) => R): OperatorFunction<T, R>;
export function switchMap<T, R>(project: (value: T) => Observable<R> | PromiseLike<R>): OperatorFunction<T, R>;
export function take<T>(count: number): OperatorFunction<T, T>;
export function takeUntil<T>(notifier: Observable<unknown>): OperatorFunction<T, T>;
export function tap<T>(next: (value: T) => void): OperatorFunction<T, T>;

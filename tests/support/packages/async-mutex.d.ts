export interface MutexInterface {
  acquire(priority?: number): Promise<MutexInterface.Releaser>;
  runExclusive<T>(callback: () => Promise<T> | T, priority?: number): Promise<T>;
  waitForUnlock(priority?: number): Promise<void>;
  isLocked(): boolean;
  release(): void;
  cancel(): void;
}
export namespace MutexInterface {
  type Releaser = () => void;
}
export class Mutex implements MutexInterface {
  constructor(cancelError?: Error);
  acquire(priority?: number): Promise<MutexInterface.Releaser>;
  runExclusive<T>(callback: () => Promise<T> | T, priority?: number): Promise<T>;
  waitForUnlock(priority?: number): Promise<void>;
  isLocked(): boolean;
  release(): void;
  cancel(): void;
}

export interface SemaphoreInterface {
  acquire(weight?: number, priority?: number): Promise<[number, SemaphoreInterface.Releaser]>;
  runExclusive<T>(callback: (value: number) => Promise<T> | T, weight?: number, priority?: number): Promise<T>;
  waitForUnlock(weight?: number, priority?: number): Promise<void>;
  isLocked(): boolean;
  getValue(): number;
  release(weight?: number): void;
  cancel(): void;
}
export namespace SemaphoreInterface {
  type Releaser = () => void;
}
export class Semaphore implements SemaphoreInterface {
  constructor(value: number, cancelError?: Error);
  acquire(weight?: number, priority?: number): Promise<[number, SemaphoreInterface.Releaser]>;
  runExclusive<T>(callback: (value: number) => Promise<T> | T, weight?: number, priority?: number): Promise<T>;
  waitForUnlock(weight?: number, priority?: number): Promise<void>;
  isLocked(): boolean;
  getValue(): number;
  release(weight?: number): void;
  cancel(): void;
}
export function withTimeout(mutex: MutexInterface, timeout: number, error?: Error): MutexInterface;
export function withTimeout(semaphore: SemaphoreInterface, timeout: number, error?: Error): SemaphoreInterface;
export function tryAcquire(mutex: MutexInterface, error?: Error): MutexInterface;

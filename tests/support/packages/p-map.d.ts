export interface Options { concurrency?: number; stopOnError?: boolean; signal?: AbortSignal }
export default function pMap<T, R>(
  input: Iterable<T> | AsyncIterable<T>,
  mapper: (item: T, index: number) => R | Promise<R>,
  options?: Options,
): Promise<R[]>;

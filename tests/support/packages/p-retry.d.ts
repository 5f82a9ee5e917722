export interface Options { retries?: number; signal?: AbortSignal }
export default function pRetry<T>(run: (attempt: number) => PromiseLike<T> | T, options?: Options): Promise<T>;

import { EventEmitter } from 'node:events';

export interface QueryResult<R = Record<string, unknown>> { rows: R[]; rowCount: number | null }
export interface PoolConfig { connectionString?: string; max?: number }

declare class ClientBase extends EventEmitter {
  query<R = Record<string, unknown>>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
  query<R = Record<string, unknown>>(text: string, done: (error: Error | null, result: QueryResult<R>) => void): void;
}
export class Client extends ClientBase {
  constructor(config?: string | PoolConfig);
  connect(): Promise<void>;
  end(): Promise<void>;
}
export interface PoolClient extends ClientBase {
  release(error?: Error | boolean): void;
}
export class Pool extends EventEmitter {
  constructor(config?: PoolConfig);
  connect(): Promise<PoolClient>;
  query<R = Record<string, unknown>>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
  end(): Promise<void>;
}

declare const pg: typeof import('./index.js');
export default pg;

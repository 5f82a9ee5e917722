export interface Connection {
  query(sql: string, values?: unknown[]): Promise<[unknown, unknown]>;
  execute(sql: string, values?: unknown[]): Promise<[unknown, unknown]>;
  beginTransaction(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  end(): Promise<void>;
  destroy(): void;
}
export interface PoolConnection extends Connection { release(): void }
export interface Pool {
  getConnection(): Promise<PoolConnection>;
  query(sql: string, values?: unknown[]): Promise<[unknown, unknown]>;
  end(): Promise<void>;
}
export function createPool(config: string | object): Pool;
export function createConnection(config: string | object): Promise<Connection>;

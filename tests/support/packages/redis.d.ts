import { EventEmitter } from 'node:events';

export interface RedisClientType extends EventEmitter {
  connect(): Promise<RedisClientType>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<string | null>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  unsubscribe(channel?: string): Promise<void>;
  duplicate(): RedisClientType;
  close(): Promise<void>;
  destroy(): void;
}
export function createClient(options?: { url?: string }): RedisClientType;

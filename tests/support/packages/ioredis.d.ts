import { EventEmitter } from 'node:events';

export class Redis extends EventEmitter {
  constructor(url?: string);
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<'OK'>;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  duplicate(): Redis;
  quit(): Promise<'OK'>;
  disconnect(): void;
}
export default Redis;

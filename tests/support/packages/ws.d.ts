import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';

export class WebSocket extends EventEmitter {
  constructor(address: string | URL);
  readonly readyState: number;
  send(data: string | Uint8Array): void;
  ping(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this;
  on(event: 'close', listener: (code: number, reason: Buffer) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'open' | 'pong', listener: () => void): this;
  addEventListener(type: 'message' | 'close' | 'error' | 'open', listener: (event: Event) => void): void;
  removeEventListener(type: 'message' | 'close' | 'error' | 'open', listener: (event: Event) => void): void;
}
export class WebSocketServer extends EventEmitter {
  constructor(options?: { port?: number; server?: Server; noServer?: boolean });
  readonly clients: Set<WebSocket>;
  on(event: 'connection', listener: (socket: WebSocket) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'close' | 'listening', listener: () => void): this;
  close(callback?: (error?: Error) => void): void;
}
export default WebSocket;

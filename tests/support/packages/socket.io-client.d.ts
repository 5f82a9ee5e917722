export interface Socket {
  on(event: string, listener: (...args: unknown[]) => void): this;
  once(event: string, listener: (...args: unknown[]) => void): this;
  off(event?: string, listener?: (...args: unknown[]) => void): this;
  emit(event: string, ...args: unknown[]): this;
  connect(): this;
  disconnect(): this;
  close(): this;
}
export function io(uri?: string, options?: object): Socket;
export default io;

import { EventEmitter } from 'node:events';

export class FSWatcher extends EventEmitter {
  add(paths: string | readonly string[]): this;
  unwatch(paths: string | readonly string[]): this;
  close(): Promise<void>;
}
export function watch(paths: string | readonly string[], options?: object): FSWatcher;
declare const chokidar: { watch: typeof watch };
export default chokidar;

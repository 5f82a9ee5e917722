import { EventEmitter } from 'node:events';

export interface ClientSession extends AsyncDisposable {
  endSession(): Promise<void>;
  withTransaction<T>(fn: (session: ClientSession) => Promise<T>): Promise<T>;
}
export class ChangeStream<T = object> extends EventEmitter implements AsyncDisposable {
  close(): Promise<void>;
  next(): Promise<T>;
  [Symbol.asyncIterator](): AsyncGenerator<T>;
  [Symbol.asyncDispose](): Promise<void>;
}
export class FindCursor<T = object> implements AsyncDisposable {
  next(): Promise<T | null>;
  hasNext(): Promise<boolean>;
  toArray(): Promise<T[]>;
  close(): Promise<void>;
  [Symbol.asyncIterator](): AsyncGenerator<T>;
  [Symbol.asyncDispose](): Promise<void>;
}
export class Collection<T = object> {
  find(filter?: object, options?: { signal?: AbortSignal }): FindCursor<T>;
  findOne(filter: object): Promise<T | null>;
  insertOne(document: T, options?: { session?: ClientSession }): Promise<object>;
  watch(): ChangeStream<T>;
}
export class Db { collection<T = object>(name: string): Collection<T> }
export class MongoClient extends EventEmitter implements AsyncDisposable {
  constructor(url: string);
  static connect(url: string): Promise<MongoClient>;
  connect(): Promise<this>;
  db(name?: string): Db;
  startSession(): ClientSession;
  withSession<T>(fn: (session: ClientSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

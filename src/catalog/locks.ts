import type { Resource } from './resource.js';

// One holder at a time: who does not release keeps everybody else waiting, whatever happened on the way.
export const LOCKS: readonly Resource[] = [
  // A promise that others await, settled by the run that made it.
  { kind: 'lock', start: 'new Promise((release, fail) => {})', end: ['release()', 'fail()'], isGate: true, onThrow: 'leaks' },
  { kind: 'lock', start: '{ resolve, reject } = Promise.withResolvers()', end: ['resolve()', 'reject()'], isGate: true, onThrow: 'leaks' },

  // Web Locks are released when the callback's promise settles; they can only be taken twice.
  { kind: 'lock', start: [], end: [], scoped: 'navigator.locks.request(name, callback)' },

  { kind: 'lock', start: 'release = await mutex.acquire()', end: ['release()', 'mutex.release()'], where: { mutex: 'async-mutex.Mutex' }, scoped: 'mutex.runExclusive(callback)', onThrow: 'leaks' },
  { kind: 'lock', start: '[value, release] = await semaphore.acquire(weight)', end: ['release()', 'semaphore.release()'], where: { semaphore: 'async-mutex.Semaphore' }, onThrow: 'leaks' },
  { kind: 'lock', start: 'await semaphore.acquire()', end: 'semaphore.release()', where: { semaphore: 'async-sema.Sema' }, onThrow: 'leaks' },
  { kind: 'lock', start: 'release = await semaphore.acquire()', end: 'release()', where: { semaphore: 'await-semaphore.Semaphore' }, onThrow: 'leaks' },
  { kind: 'lock', start: 'release = await mutex.acquire()', end: 'release()', where: { mutex: 'await-semaphore.Mutex' }, scoped: 'mutex.use(callback)', onThrow: 'leaks' },
  { kind: 'lock', from: 'proper-lockfile', start: 'release = await lock(file)', end: ['release()', 'unlock(file)'], onThrow: 'leaks' },

  { kind: 'lock', start: 'reader = stream.getReader()', end: ['reader.releaseLock()', 'reader.cancel()'], where: { stream: 'ReadableStream' }, called: /^(?:pipeThrough|.*(?:body|stream|readable|response))$/i, drainedBy: 'read', onThrow: 'leaks' },
  { kind: 'lock', start: 'writer = stream.getWriter()', end: ['writer.releaseLock()', 'writer.close()', 'writer.abort()'], where: { stream: 'WritableStream' }, livesIn: 'stream', onThrow: 'leaks' },

  // What a pool lends is missing in it until it is given back.
  { kind: 'lock', start: 'client = await pool.connect()', end: 'client.release()', where: { pool: 'pg.Pool' }, onThrow: 'leaks' },
  { kind: 'lock', start: 'connection = await pool.getConnection()', end: ['connection.release()', 'connection.destroy()', 'pool.releaseConnection(connection)'], where: { pool: 'mysql2.Pool' }, onThrow: 'leaks' },
  { kind: 'lock', start: 'item = await pool.acquire()', end: ['pool.release(item)', 'pool.destroy(item)'], where: { pool: 'generic-pool.Pool' }, onThrow: 'leaks' },
  { kind: 'lock', start: 'session = client.startSession()', end: 'session.endSession()', where: { client: 'mongodb.MongoClient' }, onThrow: 'leaks' },
  { kind: 'lock', from: 'mongoose', start: 'session = await startSession()', end: 'session.endSession()', onThrow: 'leaks' },
  { kind: 'lock', start: 'runner = source.createQueryRunner()', end: 'runner.release()', where: { source: 'typeorm.DataSource' }, activatedBy: ['connect', 'startTransaction', 'query'], onThrow: 'leaks' },
  { kind: 'lock', start: 'transaction = await db.transaction()', end: ['transaction.commit()', 'transaction.rollback()'], where: { db: 'knex.Knex' }, onThrow: 'leaks', level: 'strict' },
  { kind: 'lock', start: 'transaction = await db.transaction()', end: ['transaction.commit()', 'transaction.rollback()'], where: { db: 'sequelize.Sequelize' }, onThrow: 'leaks', level: 'strict' },
  { kind: 'lock', start: 'session = driver.session()', end: 'session.close()', where: { driver: 'neo4j-driver.Driver' }, onThrow: 'leaks' },
];

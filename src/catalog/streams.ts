import type { Resource } from './resource.js';

const BODY = ['text', 'json', 'blob', 'arrayBuffer', 'formData', 'bytes'];

/** Things that are read step by step, and hold their source until they are read to the end or told to stop. */
export const STREAMS: readonly Resource[] = [
  { kind: 'iterator', from: 'node:events', start: 'events = on(emitter, type, { signal })', end: ['events.return()', 'events.throw()'], livesIn: 'emitter', drainedBy: 'next', endedBy: 'signal' },
  // A generator has started nothing before it is asked for its first value.
  { kind: 'iterator', from: ['node:timers/promises', 'node:timers.promises'], start: 'ticks = setInterval(delay, value, { signal })', end: ['ticks.return()', 'ticks.throw()'], activatedBy: 'next', drainedBy: 'next', endedBy: 'signal' },
  { kind: 'iterator', from: ['node:fs/promises', 'node:fs.promises'], start: 'changes = watch(path, { signal })', end: ['changes.return()', 'changes.throw()'], activatedBy: 'next', drainedBy: 'next', endedBy: 'signal' },
  { kind: 'iterator', from: ['node:readline', 'node:readline/promises'], start: 'lines = createInterface({ input, signal })', end: ['lines.close()', 'lines.return()', "lines.on('line', listener)", "lines.on('close', listener)", "'node:events'.once(lines, 'close')"], drainedBy: 'next', endedBy: 'signal' },
  { kind: 'iterator', from: ['node:fs/promises', 'node:fs.promises'], start: 'dir = await opendir(path)', end: ['dir.close()', 'dir.closeSync()'] },
  { kind: 'iterator', from: 'node:fs', start: 'dir = opendirSync(path)', end: ['dir.close()', 'dir.closeSync()'] },
  // A body that nobody reads keeps its connection until it is collected.
  { kind: 'iterator', start: 'response = await fetch(url, { method, signal, dispatcher })', end: ['response.body?.cancel()', ...BODY.map((name) => `response.${name}()`), 'response.body', 'response.webSocket', 'dispatcher.destroy()', 'dispatcher.close()'], endsItself: "method: 'HEAD'", isSmall: true },
  { kind: 'iterator', start: 'copy = response.clone()', end: ['copy.body?.cancel()', ...BODY.map((name) => `copy.${name}()`), 'copy.body'], where: { response: 'Response' }, level: 'strict' },
  { kind: 'iterator', from: 'undici', start: 'response = await fetch(url, { method, signal, dispatcher })', end: ['response.body?.cancel()', ...BODY.map((name) => `response.${name}()`), 'response.body', 'response.webSocket', 'dispatcher.destroy()', 'dispatcher.close()'], endsItself: "method: 'HEAD'", isSmall: true },
  { kind: 'iterator', from: 'undici', start: 'response = await request(url)', end: ['response.body.dump()', 'response.body'], level: 'strict' },
  { kind: 'iterator', from: 'undici', start: '{ body } = await request(url)', end: [...BODY.map((name) => `body.${name}()`), 'body.dump()', 'body.destroy()', 'body.pipe(destination)', "body.on('data', listener)", 'body.resume()'], level: 'strict' },
  { kind: 'iterator', start: '[one, other] = stream.tee()', end: ['one.cancel()', 'other.cancel()'], where: { stream: 'ReadableStream' }, level: 'strict' },
  { kind: 'iterator', start: 'branches = stream.tee()', end: ['branches.cancel()'], where: { stream: 'ReadableStream' }, level: 'strict' },
];

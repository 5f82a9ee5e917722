import { describe, expect, it } from 'vitest';

import { RESOURCES } from '../../src/catalog/index.js';
import { parse, type Signature, SignatureError, wordOf } from '../../src/catalog/signature.js';

const name = (text: string) => ({ kind: 'name', name: text }) as const;
const options = (...names: string[]) => ({ kind: 'options', names }) as const;

/** Each form, with what is said about it; everything else is as in `plain`. */
const forms: [text: string, parts: Partial<Signature>][] = [
  ['tick()', { callee: ['tick'] }],
  ['tick(callback, delay)', { callee: ['tick'], arguments: [name('callback'), name('delay')] }],
  ['tick ( callback , delay )', { callee: ['tick'], arguments: [name('callback'), name('delay')] }],
  ['handle = tick()', { binding: 'handle', callee: ['tick'] }],
  ['$handle_2=tick()', { binding: '$handle_2', callee: ['tick'] }],
  ['target.on(type)', { callee: ['target', 'on'], arguments: [name('type')] }],
  ['a.b.c.d()', { callee: ['a', 'b', 'c', 'd'] }],
  ['handle[Symbol.dispose]()', { callee: ['handle', '[Symbol.dispose]'] }],
  ['lock = await mutex.acquire()', { binding: 'lock', awaited: true, callee: ['mutex', 'acquire'] }],
  ['await semaphore.acquire()', { awaited: true, callee: ['semaphore', 'acquire'] }],
  ['await()', { callee: ['await'] }],
  ['socket = new WebSocket(url)', { binding: 'socket', isNew: true, callee: ['WebSocket'], arguments: [name('url')] }],
  ['lock = await new Lock()', { binding: 'lock', awaited: true, isNew: true, callee: ['Lock'] }],
  ['newest()', { callee: ['newest'] }],
  ['{ port1, port2 } = new MessageChannel()', { binding: ['port1', 'port2'], isNew: true, callee: ['MessageChannel'] }],
  [
    '{ body } = await request(url)',
    { binding: ['body'], awaited: true, callee: ['request'], arguments: [name('url')] },
  ],
  [
    '[value, release] = await semaphore.acquire()',
    { binding: ['value', 'release'], isList: true, awaited: true, callee: ['semaphore', 'acquire'] },
  ],
  ['[, release] = acquire()', { binding: [null, 'release'], isList: true, callee: ['acquire'] }],
  ['[first, , third] = acquire()', { binding: ['first', null, 'third'], isList: true, callee: ['acquire'] }],
  [
    "'node:events'.once(handle, 'exit')",
    { module: 'node:events', callee: ['once'], arguments: [name('handle'), { kind: 'literal', value: 'exit' }] },
  ],
  [
    "handle = 'node:fs'.promises.open(path)",
    { binding: 'handle', module: 'node:fs', callee: ['promises', 'open'], arguments: [name('path')] },
  ],
  [
    "stream.on('data', listener)",
    { callee: ['stream', 'on'], arguments: [{ kind: 'literal', value: 'data' }, name('listener')] },
  ],
  [
    "stream.on('', listener)",
    { callee: ['stream', 'on'], arguments: [{ kind: 'literal', value: '' }, name('listener')] },
  ],
  ['listen(type, { capture, once })', { callee: ['listen'], arguments: [name('type'), options('capture', 'once')] }],
  ['listen({signal})', { callee: ['listen'], arguments: [options('signal')] }],
  [
    'new Promise((release) => {})',
    { isNew: true, callee: ['Promise'], arguments: [{ kind: 'callback', names: ['release'] }] },
  ],
  [
    'new Promise((release, fail) => {})',
    { isNew: true, callee: ['Promise'], arguments: [{ kind: 'callback', names: ['release', 'fail'] }] },
  ],
  ['response.body', { isCall: false, callee: ['response', 'body'] }],
  ['channel.port1.signal', { isCall: false, callee: ['channel', 'port1', 'signal'] }],
];

const plain: Partial<Signature> = {
  binding: null,
  isList: false,
  awaited: false,
  isNew: false,
  isCall: true,
  module: null,
  arguments: [],
};

/** Texts that do not parse, with where (from 0) and what was expected. */
const errors: [text: string, at: number, expected: string][] = [
  ['', 0, 'a name'],
  ['=', 0, 'a name'],
  ['handle = ', 9, 'a function, a value or a class'],
  ['handle = (', 9, 'a function, a value or a class'],
  ['handle = new ', 13, '`.` or `(`'],
  ['tick', 4, '`.` or `(`'],
  ['handle = await tick', 19, '`.` or `(`'],
  ['handle = response.body', 22, '`.` or `(`'],
  ['tick!()', 4, '`.` or `(`'],
  ['a.()', 2, 'a property'],
  ['a..b()', 2, 'a property'],
  ['a[b]()', 2, '`Symbol.…]`'],
  ['a[Symbol.dispose()', 2, '`Symbol.…]`'],
  ['tick(', 5, 'an argument: a name, a quoted text or `{ options }`'],
  ['tick(1 + 2)', 7, '`,`'],
  ['tick(a b)', 7, '`,`'],
  ['tick(a,', 7, 'an argument: a name, a quoted text or `{ options }`'],
  ['tick("a")', 5, 'an argument: a name, a quoted text or `{ options }`'],
  ['tick(...a)', 5, 'an argument: a name, a quoted text or `{ options }`'],
  ['tick({ a: b })', 8, '`}`'],
  ['tick({ })', 7, 'a property'],
  ['tick({ a', 8, '`}`'],
  ['tick(() => {})', 6, 'a parameter'],
  ['tick((a) => a)', 12, '`{`'],
  ['tick((a) = {})', 9, '`=>`'],
  ['tick((a, ) => {})', 9, 'a parameter'],
  ['tick((a => {})', 8, '`)`'],
  ['tick() tock()', 7, 'the end'],
  ['tick();', 6, 'the end'],
  ['{ a b } = tick()', 4, '`}`'],
  ['{ a } tick()', 6, '`=`'],
  ['[a b] = tick()', 3, '`]`'],
  ['[a] tick()', 4, '`=`'],
  ['[] = tick()', 1, 'a name'],
  ["'node:fs'", 9, '`.`'],
  ["'node:fs'(path)", 9, '`.`'],
  ["'node:fs'.(path)", 10, 'a function, a value or a class'],
];

describe('parse', () => {
  it.each(forms)('reads `%s`', (text, parts) => {
    expect(parse(text)).toMatchObject({ text, ...plain, ...parts });
  });

  it.each(errors)('says what is wrong with `%s`', (text, at, expected) => {
    let error: unknown;
    try {
      parse(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SignatureError);
    expect(error).toMatchObject({ at, message: `expected ${expected} at position ${at + 1} of \`${text}\`` });
  });

  it('reads a text once', () => {
    expect(parse('tick(once)')).toBe(parse('tick(once)'));
  });

  it('does not remember that a text did not parse', () => {
    expect(() => parse('tick(')).toThrow('position 6');
    expect(() => parse('tick(')).toThrow('position 6');
  });

  it('reads every signature of the catalog', () => {
    for (const { start, end } of RESOURCES) for (const text of [start, end].flat()) expect(parse(text).text).toBe(text);
  });
});

describe('wordOf', () => {
  it.each([
    ['handle = setInterval(callback)', 'setInterval'],
    ['target.addEventListener(type, listener)', 'addEventListener'],
    ['socket = new WebSocket(url)', 'WebSocket'],
    ['release()', 'release'],
    ['handle[Symbol.dispose]()', '[Symbol.dispose]'],
    ["'node:events'.once(handle, 'exit')", 'once'],
    ['response.body', 'body'],
    ['new Promise((release) => {})', 'Promise'],
    ['tick ()', 'tick'],
  ])('of `%s` is `%s`', (text, word) => {
    expect(wordOf(text)).toBe(word);
  });
});

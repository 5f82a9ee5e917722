import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { catalogFor } from '../../src/settings.js';
import { fileOf } from './support.js';

const poll = { kind: 'interval', start: 'handle = poll(callback)', end: 'stopPolling(handle)' };
const service = { owner: 'service', start: 'class extends Service', end: 'dispose()' };
const withOwner = (owner: unknown) => ({ owners: [owner] });
const withResource = (resource: unknown) => ({ resources: [resource] });

/** Wrong settings, and the error's text behind `settings['async-leaks']`. */
const wrong: [what: string, settings: unknown, error: string][] = [
  ['no object', 1, ': expected an object, got 1'],
  ['null', null, ': expected an object, got null'],
  ['a list', [], ': expected an object, got []'],
  [
    'an unknown setting',
    { resource: [] },
    '.resource: expected no such setting; the settings are `resources`, `owners`, `signals`, `safeCalls`, `processTargets`, got []',
  ],
  ['no list', { resources: poll }, `.resources: expected a list of resources, got ${JSON.stringify(poll)}`],
  [
    'a resource that is a text',
    withResource('setInterval'),
    '.resources[0]: expected an object with `kind`, `start` and `end`, got "setInterval"',
  ],
  [
    'a second resource that is wrong',
    { resources: [poll, null] },
    '.resources[1]: expected an object with `kind`, `start` and `end`, got null',
  ],
  [
    'an unknown kind',
    withResource({ ...poll, kind: 'timer' }),
    '.resources[0].kind: expected one of controller, interval, iterator, listener, lock, resource, timeout, got "timer"',
  ],
  [
    'no kind',
    withResource({ ...poll, kind: undefined }),
    '.resources[0].kind: expected one of controller, interval, iterator, listener, lock, resource, timeout, got undefined',
  ],
  [
    'no start',
    withResource({ kind: 'interval', end: 'stop()' }),
    '.resources[0].start: expected a signature, or a list of them, got undefined',
  ],
  [
    'no end',
    withResource({ kind: 'interval', start: 'go()' }),
    '.resources[0].end: expected a signature, or a list of them, got undefined',
  ],
  [
    'no starts',
    withResource({ ...poll, start: [] }),
    '.resources[0].start: expected a signature, or a list of them, got []',
  ],
  [
    'a start that is no text',
    withResource({ ...poll, start: ['a()', 1] }),
    '.resources[0].start: expected a signature, got 1',
  ],
  [
    'a start that is an object',
    withResource({ ...poll, start: {} }),
    '.resources[0].start: expected a signature, or a list of them, got {}',
  ],
  [
    'a start that does not parse',
    withResource({ ...poll, start: 'handle = poll(' }),
    '.resources[0].start: expected an argument: a name, a quoted text or `{ options }` at position 15 of `handle = poll(`',
  ],
  [
    'an end that does not parse',
    withResource({ ...poll, end: ['stop(handle)', 'handle stop()'] }),
    '.resources[0].end: expected `.` or `(` at position 8 of `handle stop()`',
  ],
  [
    'a list of objects in `from`',
    withResource({ ...poll, from: ['a', {}] }),
    '.resources[0].from: expected a text, or a list of them, got ["a",{}]',
  ],
  [
    'a number in `activatedBy`',
    withResource({ ...poll, activatedBy: 1 }),
    '.resources[0].activatedBy: expected a text, or a list of them, got 1',
  ],
  [
    'a number in `endedThrough`',
    withResource({ ...poll, endedThrough: 1 }),
    '.resources[0].endedThrough: expected a text, or a list of them, got 1',
  ],
  [
    'a number in `lentTo`',
    withResource({ ...poll, lentTo: 1 }),
    '.resources[0].lentTo: expected a text, or a list of them, got 1',
  ],
  [
    'half a signature in `endsEach`',
    withResource({ ...poll, endsEach: 'part.stop(' }),
    '.resources[0].endsEach: expected an argument: a name, a quoted text or `{ options }` at position 11 of `part.stop(`',
  ],
  [
    'a list in `livesIn`',
    withResource({ ...poll, livesIn: ['a'] }),
    '.resources[0].livesIn: expected a text, got ["a"]',
  ],
  [
    'a switch in `endsItself`',
    withResource({ ...poll, endsItself: true }),
    '.resources[0].endsItself: expected a text, got true',
  ],
  [
    'a switch in `endedBy`',
    withResource({ ...poll, endedBy: true }),
    '.resources[0].endedBy: expected a text, got true',
  ],
  ['a number in `scoped`', withResource({ ...poll, scoped: 1 }), '.resources[0].scoped: expected a text, got 1'],
  [
    'a text in `where`',
    withResource({ ...poll, where: 'EventTarget' }),
    '.resources[0].where: expected an object of type names, got "EventTarget"',
  ],
  [
    'a type in `where` that is no text',
    withResource({ ...poll, where: { target: 1 } }),
    '.resources[0].where: expected an object of type names, got {"target":1}',
  ],
  [
    'a list in `where` with what is no text',
    withResource({ ...poll, where: { target: ['EventTarget', null] } }),
    '.resources[0].where: expected an object of type names, got {"target":["EventTarget",null]}',
  ],
  [
    'an unknown `onThrow`',
    withResource({ ...poll, onThrow: 'keeps' }),
    '.resources[0].onThrow: expected `leaks`, got "keeps"',
  ],
  [
    'an unknown `level`',
    withResource({ ...poll, level: 'recommended' }),
    '.resources[0].level: expected `strict`, got "recommended"',
  ],
  ['no list of owners', { owners: service }, `.owners: expected a list of owners, got ${JSON.stringify(service)}`],
  [
    'an owner that is a text',
    { owners: ['class extends Service'] },
    '.owners[0]: expected an object with `owner`, `start` and `end`, got "class extends Service"',
  ],
  [
    'an unknown field of an owner',
    withOwner({ ...service, kind: 'class' }),
    '.owners[0].kind: expected one of owner, start, end, from, level, got "class"',
  ],
  [
    'an owner without a word',
    withOwner({ ...service, owner: '' }),
    '.owners[0].owner: expected a word for it, as `component`, got ""',
  ],
  [
    'an owner without a start',
    withOwner({ ...service, start: [] }),
    '.owners[0].start: expected a signature, or a list of them, got []',
  ],
  [
    'an owner without an end',
    withOwner({ ...service, end: undefined }),
    '.owners[0].end: expected a signature, or a list of them, got undefined',
  ],
  [
    'an owner from a number',
    withOwner({ ...service, from: 1 }),
    '.owners[0].from: expected a text, or a list of them, got 1',
  ],
  [
    'an owner of another level',
    withOwner({ ...service, level: 'all' }),
    '.owners[0].level: expected `strict`, got "all"',
  ],
  [
    'a class that does not parse',
    withOwner({ ...service, start: 'class Service' }),
    '.owners[0].start: expected `class extends Name`, `class implements Name` or `@Name class` at position 7 of `class Service`',
  ],
  [
    'a decorator that does not parse',
    withOwner({ ...service, start: '@Service' }),
    '.owners[0].start: expected `class extends Name`, `class implements Name` or `@Name class` at position 2 of `@Service`',
  ],
  [
    'a hook without a callback',
    withOwner({ ...service, start: 'boot(name)' }),
    '.owners[0].start: expected a `callback`, a function or `{ methods }` among the arguments at position 11 of `boot(name)`',
  ],
  [
    'a hook that does not parse',
    withOwner({ ...service, start: 'boot(() => )' }),
    '.owners[0].start: expected what it returns at position 12 of `boot(() => )`',
  ],
  [
    'a handler without parameters',
    withOwner({ ...service, start: 'function ()' }),
    '.owners[0].start: expected `(name, name)` and no more at position 10 of `function ()`',
  ],
  [
    'a handler with a body',
    withOwner({ ...service, start: 'function (event) {}' }),
    '.owners[0].start: expected `(name, name)` and no more at position 10 of `function (event) {}`',
  ],
  [
    'an end that takes nothing',
    withOwner({ ...service, end: 'this.own()' }),
    '.owners[0].end: expected a method without arguments, or a call that takes what ends it at position 11 of `this.own()`',
  ],
  [
    'an end of an owner that does not parse',
    withOwner({ ...service, end: ['dispose()', 'this.own(handle'] }),
    '.owners[0].end: expected `,` at position 16 of `this.own(handle`',
  ],
  ['no list of signals', { signals: 'load(signal)' }, '.signals: expected a list of calls, got "load(signal)"'],
  ['a signal that is a number', { signals: [1] }, '.signals[0]: expected a signature, or an object with `call`, got 1'],
  [
    'a call that takes no signal',
    { signals: ['load(url)'] },
    '.signals[0]: expected an argument `signal`, or `{ signal }`, got "load(url)"',
  ],
  [
    'a call of an object that takes no signal',
    { signals: [{ call: 'load(url)' }] },
    '.signals[0].call: expected an argument `signal`, or `{ signal }`, got "load(url)"',
  ],
  [
    'a signal that does not parse',
    { signals: ['load(url, { signal'] },
    '.signals[0]: expected `}` at position 19 of `load(url, { signal`',
  ],
  [
    'a safe call without a call',
    { safeCalls: [{ from: 'a' }] },
    '.safeCalls[0].call: expected a signature, got undefined',
  ],
  [
    'a safe call with another field',
    { safeCalls: [{ call: 'a()', end: 'b()' }] },
    '.safeCalls[0].end: expected one of call, from, where, got "b()"',
  ],
  [
    'a safe call that does not parse',
    { safeCalls: [{ call: 'track(' }] },
    '.safeCalls[0].call: expected an argument: a name, a quoted text or `{ options }` at position 7 of `track(`',
  ],
  [
    'a safe call from a number',
    { safeCalls: [{ call: 'a()', from: 1 }] },
    '.safeCalls[0].from: expected a text, or a list of them, got 1',
  ],
  [
    'a safe call where a number is',
    { safeCalls: [{ call: 'a()', where: { a: 1 } }] },
    '.safeCalls[0].where: expected an object of type names, got {"a":1}',
  ],
  [
    'a target that is a number',
    { processTargets: [1] },
    '.processTargets[0]: expected a name, as `bus` or `app.events`, got 1',
  ],
  [
    'a target that is no name',
    { processTargets: ['bus', 'the bus'] },
    '.processTargets[1]: expected a name, as `bus`, `app.events` or `useBus()`, at position 4 of `the bus`',
  ],
  [
    'a target that is nothing',
    { processTargets: [''] },
    '.processTargets[0]: expected a name, as `bus`, `app.events` or `useBus()`, at position 1 of ``',
  ],
  [
    'a target that calls with something',
    { processTargets: ['useBus(1)'] },
    '.processTargets[0]: expected a name, as `bus`, `app.events` or `useBus()`, at position 7 of `useBus(1)`',
  ],
  [
    'a target that ends in a dot',
    { processTargets: ['bus.'] },
    '.processTargets[0]: expected a name, as `bus`, `app.events` or `useBus()`, at position 4 of `bus.`',
  ],
];

describe('settings', () => {
  it.each(wrong)('with %s have one clear error', (_, settings, error) => {
    expect(() => catalogFor({ 'async-leaks': settings })).toThrow(new Error(`settings['async-leaks']${error}`));
  });

  it('with an unknown field say which there are', () => {
    expect(() => catalogFor({ 'async-leaks': withResource({ ...poll, name: 'poll' }) })).toThrow(
      /^settings\['async-leaks'\]\.resources\[0\]\.name: expected one of kind, start, end, .*, got "poll"$/,
    );
  });

  it('may be missing, or empty', () => {
    expect(catalogFor({})).toBe(catalogFor({ other: 1 }));
    for (const own of [{}, { resources: [] }])
      expect(catalogFor({ 'async-leaks': own }).entriesOf('setInterval', 'any')).toEqual(
        catalogFor({}).entriesOf('setInterval', 'any'),
      );
  });

  it('are read once', () => {
    const settings = { 'async-leaks': withResource(poll) };
    expect(catalogFor(settings)).toBe(catalogFor({ ...settings }));
  });

  it('may have every field', () => {
    const resource = {
      ...poll,
      start: ['handle = poll(target, callback, { once, signal })', 'target.poll()'],
      where: { target: ['EventTarget', 'async-mutex.Mutex'] },
      from: ['poller', 'poller/node'],
      activatedBy: 'start',
      endedThrough: ['take'],
      lentTo: 'show',
      livesIn: 'target',
      endsItself: 'once',
      endedBy: 'signal',
      scoped: 'whilePolling(callback)',
      onThrow: 'leaks',
      level: 'strict',
    };
    expect(catalogFor({ 'async-leaks': withResource(resource) }).entriesOf('poll', 'any')).toHaveLength(2);
  });

  it('may have a text in place of a list', () => {
    const resource = { ...poll, end: 'handle.stop()', lentTo: 'showing' };
    const file = fileOf('function f() { const handle = poll(() => {}); show(handle); }', {
      settings: { 'async-leaks': withResource(resource) },
    });
    expect(file.starts('interval').map((start) => file.verdict(start).kind)).toEqual(['kept']);
    expect(file.starts('interval')[0]!.resource.lentTo).toEqual(['showing']);
  });

  it('add resources to those of the plugin', () => {
    const file = fileOf('function f() { poll(() => {}); setInterval(() => {}); }', {
      settings: { 'async-leaks': withResource(poll) },
    });
    expect(file.starts('interval').map(({ node }) => file.text(node.callee))).toEqual(['poll', 'setInterval']);
  });

  const listeners = (code: string, settings: object): string[] => {
    const file = fileOf(code, { settings: { 'async-leaks': settings } });
    return file
      .starts('listener')
      .flatMap((start) =>
        file.text(start.node.callee).endsWith('addEventListener') ? [file.verdict(start).kind] : [],
      );
  };

  it.each([
    ['class A extends Service { go() { window.addEventListener(type, run) } }', 'class extends Service', 'leak'],
    [
      'class A extends Core.Service { go() { window.addEventListener(type, run) } }',
      'class extends Core.Service',
      'leak',
    ],
    ['class A extends HttpService { go() { window.addEventListener(type, run) } }', 'class extends *Service', 'leak'],
    ['class A extends Servant { go() { window.addEventListener(type, run) } }', 'class extends *Service', 'unknown'],
    ['class A implements Plugin { go() { window.addEventListener(type, run) } }', 'class implements Plugin', 'leak'],
    ['@plugin class A { go() { window.addEventListener(type, run) } }', '@plugin class', 'leak'],
    ['boot(() => { window.addEventListener(type, run) })', 'boot(callback)', 'leak'],
    ['export function on(event) { window.addEventListener(type, run) }', 'function (event)', 'leak'],
    ['export function on(other) { window.addEventListener(type, run) }', 'function (event)', 'unknown'],
    ['other(() => { window.addEventListener(type, run) })', 'boot(callback)', 'unknown'],
    ['boot(name, () => { window.addEventListener(type, run) })', 'boot(callback)', 'unknown'],
    ["server.on('start', () => { window.addEventListener(type, run) })", "server.on('start', callback)", 'leak'],
    ["server.on('stop', () => { window.addEventListener(type, run) })", "server.on('start', callback)", 'unknown'],
    ['define({ begin() { window.addEventListener(type, run) } })', 'define({ begin })', 'leak'],
    ['define({ other() { window.addEventListener(type, run) } })', 'define({ begin })', 'unknown'],
  ])('add owners: in `%s` `%s` makes a listener a %s', (code, start, kind) => {
    const owner = { owner: 'service', start, end: 'end()', ...(start.startsWith('server') && { from: '*' }) };
    expect(listeners(code, withOwner(owner))).toEqual([kind]);
    expect(listeners(code, {})).toEqual(['unknown']);
  });

  it.each([
    ['bus', 'class A { go(bus) { bus.addEventListener(type, run) } stop() {} }'],
    ['bus', 'class A { go() { this.bus.addEventListener(type, run) } stop() {} }'],
    ['app.events', 'class A { go({ app }) { app.events.addEventListener(type, run) } stop() {} }'],
    ['app.events', 'class A { go() { this.core.app.events.addEventListener(type, run) } stop() {} }'],
    ['getBus()', 'class A { go() { getBus().addEventListener(type, run) } stop() {} }'],
    ['getBus()', 'class A { go() { const made = this.core.getBus(); made.addEventListener(type, run) } stop() {} }'],
  ])('have `%s` live as long as the program in `%s`', (name, code) => {
    expect(listeners(code, { processTargets: [name] })).toEqual(['leak']);
    expect(listeners(code, { processTargets: ['other', 'go'] }).filter((kind) => kind === 'leak')).toEqual([]);
  });

  it('leave what an owner makes for itself with the owner', () => {
    const code = 'class A { bus = new EventTarget(); go() { this.bus.addEventListener(type, run) } stop() {} }';
    expect(listeners(code, { processTargets: ['bus'] })).toEqual(['kept']);
  });

  it.each([
    ['load(url)', 'load(url, { signal })', {}, '1 signal'],
    ['load(url)', 'load(url, { cancelSignal })', {}, '1 cancelSignal'],
    ['load(url)', 'load(url, signal)', {}, '1 null'],
    ['http.load(url)', 'http.load(url, { signal })', {}, '1 signal'],
    ["import { load as get } from '@acme/http'; get(url)", 'load(url, { signal })', { from: '@acme/http' }, '1 signal'],
    ["import { load } from './http'; load(url)", 'load(url, { signal })', { from: '*' }, '1 signal'],
    ["import { load } from './http'; load(url)", 'load(url, { signal })', {}, null],
    [
      "import { Client } from '@acme/http'; new Client().load(url)",
      'client.load(url, { signal })',
      { where: { client: '@acme/http.Client' } },
      '1 signal',
    ],
    ['client.load(url)', 'target.load(url, { signal })', { where: { target: '@acme/http.Client' } }, null],
  ])('say where `%s` takes a signal', (code, call, fields, expected) => {
    const file = fileOf(code, { settings: { 'async-leaks': { signals: [{ call, ...fields }] } } });
    const [called] = [...(file.index.calls.get('load') ?? []), ...(file.index.calls.get('get') ?? [])];
    const position = file.oracle.signalPosition(called!);
    expect(position && `${position.index} ${position.property}`).toBe(expected);
  });

  it.each([
    ['audit(event)', { from: '*' }, 0],
    ['audit(event)', {}, 1],
    ['other(event)', { from: '*' }, 1],
  ])('say that the promise of `%s` may be dropped', async (call, fields, count) => {
    const { default: plugin } = await import('../../src/index.js');
    const messages = new Linter().verify('async function audit() { throw new Error("no") }\naudit(1);', [
      {
        plugins: { 'async-leaks': plugin },
        rules: { 'async-leaks/no-floating-promises': 'error' },
        settings: { 'async-leaks': { safeCalls: [{ call, ...fields }] } },
      },
    ]);
    expect(messages).toHaveLength(count);
  });

  it('that are wrong stop the run with their error', async () => {
    const { default: plugin } = await import('../../src/index.js');
    const run = () =>
      new Linter().verify('setInterval(() => {});', [
        {
          plugins: { 'async-leaks': plugin },
          rules: { 'async-leaks/no-leaked-intervals': 'error' },
          settings: { 'async-leaks': 1 },
        },
      ]);
    expect(run).toThrow("settings['async-leaks']: expected an object, got 1");
  });
});

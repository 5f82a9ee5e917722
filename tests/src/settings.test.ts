import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { catalogFor } from '../../src/settings.js';
import { fileOf } from './support.js';

const poll = { kind: 'interval', start: 'handle = poll(callback)', end: 'stopPolling(handle)' };
const withResource = (resource: unknown) => ({ resources: [resource] });

/** Wrong settings, and the error's text behind `settings['async-leaks']`. */
const wrong: [what: string, settings: unknown, error: string][] = [
  ['no object', 1, ': expected an object, got 1'],
  ['null', null, ': expected an object, got null'],
  ['a list', [], ': expected an object, got []'],
  ['an unknown setting', { resource: [] }, '.resource: expected no such setting; the settings are `resources`, `owners`, `signals`, `safeCalls`, `processTargets`, got []'],
  ['no list', { resources: poll }, `.resources: expected a list of resources, got ${JSON.stringify(poll)}`],
  ['a resource that is a text', withResource('setInterval'), '.resources[0]: expected an object with `kind`, `start` and `end`, got "setInterval"'],
  ['a second resource that is wrong', { resources: [poll, null] }, '.resources[1]: expected an object with `kind`, `start` and `end`, got null'],
  ['an unknown kind', withResource({ ...poll, kind: 'timer' }), '.resources[0].kind: expected one of controller, interval, iterator, listener, lock, resource, timeout, got "timer"'],
  ['no kind', withResource({ ...poll, kind: undefined }), '.resources[0].kind: expected one of controller, interval, iterator, listener, lock, resource, timeout, got undefined'],
  ['no start', withResource({ kind: 'interval', end: 'stop()' }), '.resources[0].start: expected a signature, or a list of them, got undefined'],
  ['no end', withResource({ kind: 'interval', start: 'go()' }), '.resources[0].end: expected a signature, or a list of them, got undefined'],
  ['no starts', withResource({ ...poll, start: [] }), '.resources[0].start: expected a signature, or a list of them, got []'],
  ['a start that is no text', withResource({ ...poll, start: ['a()', 1] }), '.resources[0].start: expected a signature, got 1'],
  ['a start that is an object', withResource({ ...poll, start: {} }), '.resources[0].start: expected a signature, or a list of them, got {}'],
  ['a start that does not parse', withResource({ ...poll, start: 'handle = poll(' }), '.resources[0].start: expected an argument: a name, a quoted text or `{ options }` at position 15 of `handle = poll(`'],
  ['an end that does not parse', withResource({ ...poll, end: ['stop(handle)', 'handle stop()'] }), '.resources[0].end: expected `.` or `(` at position 8 of `handle stop()`'],
  ['a list of objects in `from`', withResource({ ...poll, from: ['a', {}] }), '.resources[0].from: expected a text, or a list of them, got ["a",{}]'],
  ['a number in `activatedBy`', withResource({ ...poll, activatedBy: 1 }), '.resources[0].activatedBy: expected a text, or a list of them, got 1'],
  ['a number in `endedThrough`', withResource({ ...poll, endedThrough: 1 }), '.resources[0].endedThrough: expected a text, or a list of them, got 1'],
  ['a number in `lentTo`', withResource({ ...poll, lentTo: 1 }), '.resources[0].lentTo: expected a text, or a list of them, got 1'],
  ['a list in `livesIn`', withResource({ ...poll, livesIn: ['a'] }), '.resources[0].livesIn: expected a text, got ["a"]'],
  ['a switch in `endsItself`', withResource({ ...poll, endsItself: true }), '.resources[0].endsItself: expected a text, got true'],
  ['a switch in `endedBy`', withResource({ ...poll, endedBy: true }), '.resources[0].endedBy: expected a text, got true'],
  ['a number in `scoped`', withResource({ ...poll, scoped: 1 }), '.resources[0].scoped: expected a text, got 1'],
  ['a text in `where`', withResource({ ...poll, where: 'EventTarget' }), '.resources[0].where: expected an object of type names, got "EventTarget"'],
  ['a type in `where` that is no text', withResource({ ...poll, where: { target: 1 } }), '.resources[0].where: expected an object of type names, got {"target":1}'],
  ['a list in `where` with what is no text', withResource({ ...poll, where: { target: ['EventTarget', null] } }), '.resources[0].where: expected an object of type names, got {"target":["EventTarget",null]}'],
  ['an unknown `onThrow`', withResource({ ...poll, onThrow: 'keeps' }), '.resources[0].onThrow: expected `leaks`, got "keeps"'],
  ['an unknown `level`', withResource({ ...poll, level: 'recommended' }), '.resources[0].level: expected `strict`, got "recommended"'],
];

describe('settings', () => {
  it.each(wrong)('with %s have one clear error', (_, settings, error) => {
    expect(() => catalogFor({ 'async-leaks': settings })).toThrow(new Error(`settings['async-leaks']${error}`));
  });

  it('with an unknown field say which there are', () => {
    expect(() => catalogFor({ 'async-leaks': withResource({ ...poll, name: 'poll' }) })).toThrow(/^settings\['async-leaks'\]\.resources\[0\]\.name: expected one of kind, start, end, .*, got "poll"$/);
  });

  it('may be missing, or empty', () => {
    expect(catalogFor({})).toBe(catalogFor({ other: 1 }));
    for (const own of [{}, { resources: [] }]) expect(catalogFor({ 'async-leaks': own }).entriesOf('setInterval')).toEqual(catalogFor({}).entriesOf('setInterval'));
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
    expect(catalogFor({ 'async-leaks': withResource(resource) }).entriesOf('poll')).toHaveLength(2);
  });

  it('may have a text in place of a list', () => {
    const resource = { ...poll, end: 'handle.stop()', lentTo: 'showing' };
    const file = fileOf('function f() { const handle = poll(() => {}); show(handle); }', { settings: { 'async-leaks': withResource(resource) } });
    expect(file.starts('interval').map((start) => file.verdict(start).kind)).toEqual(['kept']);
    expect(file.starts('interval')[0]!.resource.lentTo).toEqual(['showing']);
  });

  it('add resources to those of the plugin', () => {
    const file = fileOf('function f() { poll(() => {}); setInterval(() => {}); }', { settings: { 'async-leaks': withResource(poll) } });
    expect(file.starts('interval').map(({ node }) => file.text(node.callee))).toEqual(['poll', 'setInterval']);
  });

  it('that are wrong stop the run with their error', async () => {
    const { default: plugin } = await import('../../src/index.js');
    const run = () =>
      new Linter().verify('setInterval(() => {});', [
        { plugins: { 'async-leaks': plugin }, rules: { 'async-leaks/no-leaked-intervals': 'error' }, settings: { 'async-leaks': 1 } },
      ]);
    expect(run).toThrow("settings['async-leaks']: expected an object, got 1");
  });
});

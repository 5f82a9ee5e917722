import { describe, expect, it } from 'vitest';
import { Vocabulary, WordTable } from '../../src/syntax/vocabulary.js';
import { treeOf } from './support.js';

const vocabulary = new Vocabulary([
  'setInterval',
  'on',
  'node:fs',
  'rxjs',
  '@scope/bus',
  'import()',
  'Promise',
  'new Promise',
  'new Worker',
  'data',
  '$watch',
]);

describe('words of a file', () => {
  it.each([
    ['setInterval(tick)', ['setInterval']],
    ['window.setInterval?.(tick)', ['setInterval']],
    ['setIntervals(tick); reset_setInterval()', []],
    ['// setInterval(tick)\n/* setInterval */ stop()', []],
    ['/* one */ setInterval(tick) // two', ['setInterval']],
    ["stream.on('data', read)", ['on', 'data']],
    ['scope.$watch(name)', ['$watch']],
    ["import { readFile } from 'fs'; readFile(name)", ['node:fs']],
    ["import { readFile } from 'node:fs/promises'; readFile(name)", ['node:fs']],
    ["import { map } from 'rxjs/operators'; map(double)", ['rxjs']],
    ["import bus from '@scope/bus/client.js'; bus.open()", ['@scope/bus']],
    ["const { of } = require('rxjs'); of(1)", ['rxjs']],
    ["const rxjs = await import('rxjs')", ['import()', 'rxjs']],
    ["import './rxjs.js'", ['rxjs']],
    ['/** @returns {Promise<void>} */ function load() { return legacy(); }', ['Promise']],
    ['/** A Promise of {nothing} */ function load() {}', []],
    ['let done: Promise<void>; done = new Promise(start)', ['Promise', 'new Promise']],
    ['new globalThis.Promise(start)', ['Promise', 'new Promise']],
    ['renew\nPromise.all(all); new Worker', ['Promise', 'new Worker']],
    ['let worker: Worker', []],
    ["const name = 'café'; setInterval(tick)", ['setInterval']],
  ])('%s: %j', (code, words) => {
    expect([...vocabulary.in(treeOf(code))].sort()).toEqual([...words].sort());
  });

  it('are told apart where they share a place', () => {
    const both = new Vocabulary(['Aa', 'BB']);
    expect([...both.in(treeOf('Aa(); BB(); Aa()'))]).toEqual(['Aa', 'BB']);
  });

  it('are looked for in each file anew', () => {
    expect([...vocabulary.in(treeOf('setInterval(tick)'))]).toEqual(['setInterval']);
    expect([...vocabulary.in(treeOf('clear(tick)'))]).toEqual([]);
    expect([...vocabulary.in(treeOf('setInterval(tick); setInterval(tock)'))]).toEqual(['setInterval']);
  });
});

describe('what words lead to', () => {
  const table = new WordTable([
    ['race+Promise', 'race'],
    ['Promise', 'promise'],
    ['setInterval', 'timer'],
    ['setTimeout', 'timer'],
  ]);

  it.each([
    [['Promise'], ['promise']],
    [['race'], []],
    [
      ['Promise', 'race'],
      ['promise', 'race'],
    ],
    [['setTimeout', 'setInterval'], ['timer']],
    [[], []],
  ])('%j: %j', (words, values) => {
    const found = new Set<string>();
    table.collect(new Set(words), found);
    expect([...found].sort()).toEqual(values);
  });

  it('knows its words', () => {
    expect([...table.words].sort()).toEqual(['Promise', 'race', 'setInterval', 'setTimeout']);
  });
});

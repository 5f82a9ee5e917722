import { describe, expect, it } from 'vitest';

import { type Kind, listed, type Resource, RESOURCES } from '../src/catalog/index.js';
import { parse } from '../src/catalog/signature.js';
import { moduleOf, scopedOf } from './support/from-signature.js';
import { lint } from './support/lint.js';

/** The rule that looks after each kind. */
const RULES: Readonly<Record<Kind, string>> = {
  controller: 'no-lost-abort-controllers',
  interval: 'no-leaked-intervals',
  iterator: 'no-abandoned-iterators',
  listener: 'no-leaked-listeners',
  lock: 'no-leaked-locks',
  resource: 'no-leaked-resources',
  timeout: 'no-leaked-timeouts',
};

function findings(text: string, { kind }: Resource): string[] {
  const id = `async-leaks/${RULES[kind]}`;
  return lint({ name: `catalog/${kind}.ts`, text }, { [id]: ['error', { checkUnknown: true }] }).map(
    ({ line, message }) => `${line}: ${message}`,
  );
}

// What fires once ends by itself, and a gate is opened by the callback that it is given: their pages show them.
const entries = RESOURCES.filter(({ endsItself, isGate }) => endsItself !== 'always' && !isGate);
const starts = entries.flatMap((resource) =>
  listed(resource.start).map((start) => ({
    resource,
    start,
    title: `${[resource.from ?? resource.where?.['target'] ?? []].flat()[0] ?? ''} ${start}`,
  })),
);

describe('every resource of the catalog', () => {
  it.each(starts)('$title leaks alone', ({ resource, start }) => {
    const text = moduleOf({ resource, start });
    expect(findings(text, resource), text).toHaveLength(1);
  });

  it.each(starts)('$title is over with each of its ends', ({ resource, start }) => {
    for (const end of listed(resource.end)) {
      const text = moduleOf({ resource, start, end });
      expect(findings(text, resource), text).toEqual([]);
    }
  });

  it.each(RESOURCES.filter(({ scoped }) => scoped !== undefined))('$scoped cannot leak', (resource) => {
    const text = scopedOf(resource);
    expect(findings(text, resource), text).toEqual([]);
  });

  it.each(RESOURCES)('$start shares a name with each of its ends', ({ start, end, where = {} }) => {
    for (const one of listed(start)) {
      const { binding, callee, arguments: args } = parse(one);
      const names = new Set(
        [
          binding ?? [],
          ...Object.keys(where).filter((name) => name === callee[0]),
          ...args.flatMap((argument) =>
            'name' in argument ? argument.name : 'names' in argument ? argument.names : [],
          ),
        ].flat(),
      );
      for (const other of listed(end)) {
        const { callee: called, arguments: given } = parse(other);
        expect(
          [called[0], ...given.flatMap((argument) => ('name' in argument ? argument.name : []))].some((name) =>
            names.has(name!),
          ),
          `${one} | ${other}`,
        ).toBe(true);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';

import { listed } from '../src/catalog/index.js';
import { OWNERS, type OwnerRow } from '../src/catalog/owners.js';
import { ownerCode } from './support/from-owner.js';
import { lint } from './support/lint.js';
import { fileOf } from './src/support.js';

const LISTENERS = 'async-leaks/no-leaked-listeners';

/** What is left running in an owner's code. */
function leaks(text: string, checkUnknown: boolean): string[] {
  return lint({ name: 'owners/code.tsx', text }, { [LISTENERS]: ['error', { checkUnknown }] }).map(
    ({ line, message }) => `${line}: ${message}`,
  );
}

const isTest = ({ owner }: OwnerRow): boolean => owner === 'test';
const starts = OWNERS.flatMap((row) =>
  listed(row.start).map((start) => ({ row, start, title: `${listed(row.from ?? [])[0] ?? ''} ${start}` })),
);

describe('every owner of the catalog', () => {
  it.each(starts.filter(({ row }) => !isTest(row)))(
    '$title that forgets what it started is reported',
    ({ row, start }) => {
      const text = ownerCode(row, start);
      expect(leaks(text, row.level === 'strict'), text).toHaveLength(1);
      if (row.level === 'strict') expect(leaks(text, false), text).toEqual([]);
    },
  );

  it.each(starts)('$title may end it in each of its ends', ({ row, start }) => {
    for (const end of listed(row.end)) {
      const text = ownerCode(row, start, end);
      expect(leaks(text, true), text).toEqual([]);
    }
  });

  it.each(starts.filter(({ row }) => !isTest(row)))('$title ends where each of its ends is', ({ row, start }) => {
    for (const end of listed(row.end)) {
      const text = ownerCode(row, start, end);
      const file = fileOf(text, { name: 'file.tsx' });
      const { teardown } = file.owners.of(file.index.calls.get('addEventListener')![0]!);
      const [stop] = file.index.calls.get('removeEventListener')!;
      expect(
        teardown?.functions.some(({ range }) => range[0] <= stop!.range[0] && stop!.range[1] <= range[1]),
        text,
      ).toBe(true);
    }
  });

  it.each(starts.filter(({ row }) => isTest(row)))(
    '$title leaves its listeners to the end of the process',
    ({ row, start }) => {
      const text = ownerCode(row, start);
      expect(leaks(text, true), text).toEqual([]);
    },
  );

  it('are enough', () => {
    expect(OWNERS.length).toBeGreaterThan(60);
  });
});

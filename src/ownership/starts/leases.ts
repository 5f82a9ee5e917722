import type { Resource } from '../../catalog/resource.js';
import { parse } from '../../catalog/signature.js';
import { fateOf } from '../../syntax/fate.js';
import { runOf } from '../../syntax/functions.js';
import { type Call, calleeName } from '../../syntax/walk.js';
import { endsOf } from '../ends/ends.js';
import { handleOf } from '../holders/handle.js';
import type { Judge } from '../verdict/judging.js';
import { match } from './match.js';
import { fits, type Start } from './starts.js';

const lease = (start: string, ...end: string[]): Resource => ({
  kind: 'lock',
  start,
  end,
  where: { lender: '*' },
  onThrow: 'leaks',
});

/** What somebody lends, by the words that packages and people have for it: taken by the one, given back by the other. */
const LEASES: readonly [word: string, resource: Resource][] = [
  ...['acquire', 'connect', 'getConnection', 'lock'].map((word): [string, Resource] => [
    word,
    lease(`lease = await lender.${word}()`, 'lease.release()', 'lease.unlock()', 'lease.destroy()'),
  ]),
  ...['acquire', 'lock'].map((word): [string, Resource] => [
    word,
    lease(`release = await lender.${word}()`, 'release()'),
  ]),
  ['acquire', lease('await lender.acquire()', 'lender.release()')],
  ['lock', lease('await lender.lock()', 'lender.unlock()')],
];

/**
 * Calls that take something which the same run gives back, on some of its ways at least: whatever it is, whoever wrote
 * that knew that it has to be given back.
 */
export function leases(known: readonly Start[], file: Judge): Start[] {
  const found = new Map<Call, Start>();
  const others = new Set(known.map(({ node }) => node));
  for (const [word, resource] of LEASES) {
    for (const node of file.index.calls.of(word)) {
      // What others wait for, they have.
      if (found.has(node) || others.has(node) || fateOf(node, file.values).kind === 'passed') continue;
      const signature = parse(resource.start as string);
      const matched = match(signature, resource, node, signature.bound, file);
      if (!matched || !fits(signature, node)) continue;
      const start: Start = { node, resource, signature, ...matched };
      const ends = endsOf(start, handleOf(start, file.values), file.index, file);
      const isGivenBack = ends.some(
        (end) =>
          end.differs === null &&
          end.sure === 'yes' &&
          // What is somebody's own can be destroyed, too.
          calleeName(end.node) !== 'destroy' &&
          runOf(end.node) === runOf(node),
      );
      if (isGivenBack) found.set(node, start);
    }
  }
  return [...found.values()];
}

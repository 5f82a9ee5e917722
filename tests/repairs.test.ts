import { describe, expect, it } from 'vitest';

import { apply, lint, sourceOf, strictRules } from './support/lint.js';
import { leaksIn, runAll, type Report, type Runnable } from './support/leaks/run.js';
import { allBlocks, type Block } from './support/pages.js';
import { createProject, type Source } from './support/project.js';

/** Suggestions for promises that are meant to float, where they are not the first ones. */
const FLOATS = new Set(['catchIt', 'voidIt']);

/** A block, and what one of the suggestions for its first finding makes of it. */
interface Repair {
  readonly block: Block;
  readonly suggestion: string;
  readonly result: Runnable;
}

const blocks = allBlocks().filter(({ run }) => run !== undefined);
const repairs = blocks.flatMap(repairsOf);
const reports = await runAll([
  ...blocks.map((block) => ({ ...sourceOf(block), run: block.run!, isGood: false })),
  ...repairs.map(({ result }) => result),
]);

describe.each(blocks.map((block) => [`${block.rule} › line ${block.line}`, block] as const))('%s', (_title, block) => {
  const bad = reports.get(sourceOf(block).name)!;

  it('has a suggestion', () => {
    expect(repairs.filter((one) => one.block === block)).not.toEqual([]);
  });

  it.each(repairs.filter((one) => one.block === block).map((one) => [one.suggestion, one.result] as const))(
    'leaks no more after %s',
    (_suggestion, result) => {
      const good = reports.get(result.name)!;
      expect(leaksIn(good), result.text).toEqual([]);
      expect([...leaksIn(bad), ...(pilesUp(bad, good) ? ['piles up'] : [])]).not.toEqual([]);
      if (bad.outcomes[0]!.startsWith('returns')) expect(good.outcomes[0], result.text).toBe(bad.outcomes[0]);
    },
  );
});

it('every rule has blocks that run', () => {
  const rules = new Set(allBlocks().map(({ rule }) => rule));
  for (const rule of rules)
    expect(blocks.filter((block) => block.rule === rule).length, rule).toBeGreaterThanOrEqual(2);
});

/** Each suggestion for the first finding of a block, followed by the first ones for the others. */
function repairsOf(block: Block): Repair[] {
  const [first] = findings(sourceOf(block), block);
  return (first?.suggestions ?? []).flatMap((suggestion, at) => {
    const id = suggestion.messageId!;
    if (at > 0 && FLOATS.has(id)) return [];
    const name = `-${at}-${id}`;
    let text = apply(block.text, suggestion);
    for (let round = 0; round < 10; round += 1) {
      const [next] = findings(sourceOf(block, `${name}-${round}`, text), block).flatMap(
        ({ suggestions = [] }) => suggestions,
      );
      if (!next) break;
      text = apply(text, next);
    }
    return [{ block, suggestion: id, result: { ...sourceOf(block, name, text), run: block.run!, isGood: true } }];
  });
}

/** What the page's own rule finds, as the strict preset has it. */
function findings(source: Source, block: Block) {
  return lint(source, strictRules(block), block.typed ? createProject([source]) : undefined).filter(
    ({ ruleId }) => ruleId === `async-leaks/${block.rule}`,
  );
}

function pilesUp(bad: Report, good: Report): boolean {
  return bad.peak >= 2 * good.peak;
}

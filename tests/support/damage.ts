import type { AST, SourceCode } from 'eslint';

import { parse } from './lint.js';
import type { Source } from './project.js';
import { truncations } from './variations.js';

type Range = readonly [number, number];
type Below = (limit: number) => number;

/** Whole numbers below a limit, the same ones for the same seed. */
export function seeded(seed: number): Below {
  let state = (seed % 2_147_483_646) + 1;
  return (limit) => (state = (state * 48_271) % 2_147_483_647) % limit;
}

/** A source that parses, without some of its statements; with some of its tokens in the place of others; cut off. */
export function damaged(source: Source, below: Below): Source[] {
  const { text } = source;
  const tree = parse(source);
  const statements = statementsOf(tree);
  const tokens = tree.ast.tokens;
  if (tokens.length < 2) return [];
  return [
    edited(
      text,
      some(statements, below).map((range) => [range, '']),
    ),
    edited(
      text,
      some(tokens, below).map(({ range }) => [range, tokens[below(tokens.length)]!.value]),
    ),
    edited(text, swaps(tokens, below)),
    truncations(source, 100)[below(Math.min(100, tokens.length))]!,
  ].map((result) => ({ ...source, text: result }));
}

/** One to four of them. */
function some<T>(items: readonly T[], below: Below): T[] {
  return items.length === 0 ? [] : Array.from({ length: 1 + below(4) }, () => items[below(items.length)]!);
}

/** Two neighbours that change places. */
function swaps(tokens: readonly AST.Token[], below: Below): [Range, string][] {
  const at = below(tokens.length - 1);
  const [one, other] = [tokens[at]!, tokens[at + 1]!];
  return [
    [one.range, other.value],
    [other.range, one.value],
  ];
}

function edited(text: string, edits: readonly [Range, string][]): string {
  let end = text.length;
  return edits
    .toSorted(([one], [other]) => other[0] - one[0])
    .reduce((result, [[from, to], replacement]) => {
      // Of two that lie in one another only the later one is made.
      if (to > end) return result;
      end = from;
      return result.slice(0, from) + replacement + result.slice(to);
    }, text);
}

function statementsOf({ ast, visitorKeys }: SourceCode): Range[] {
  const found: Range[] = [];
  const visit = (node: Record<string, unknown>): void => {
    for (const key of visitorKeys[node.type as string] ?? []) {
      for (const child of [node[key]].flat() as (Record<string, unknown> | null | undefined)[]) {
        if (!child) continue;
        if (key === 'body' && Array.isArray(node[key])) found.push(child.range as Range);
        visit(child);
      }
    }
  };
  visit(ast as unknown as Record<string, unknown>);
  return found;
}

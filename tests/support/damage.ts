import type { TSESTree } from '@typescript-eslint/utils';
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

/** Names of methods that few programs have; `#` is private. */
const NAMES = [
  (name: string) => `${name}é`,
  (name: string) => `#${name}`,
  (name: string) => `['to-${name}']`,
  () => '[Symbol.asyncDispose]',
];

/** A source that parses, with its methods under names that are seldom used, with names made of themselves, and with calls that are given nothing. */
export function strange(source: Source): Source[] {
  const nodes = nodesOf(parse(source));
  const methods = new Set(
    nodes.flatMap((node) =>
      node.type === 'MethodDefinition' && node.kind === 'method' && node.key.type === 'Identifier' && !node.computed
        ? [node.key.name]
        : [],
    ),
  );
  const renamed = (to: (name: string) => string): [Range, string][] =>
    nodes.flatMap((node): [Range, string][] => {
      const key = node.type === 'MethodDefinition' ? node.key : node.type === 'MemberExpression' ? node.property : null;
      if (key?.type !== 'Identifier' || !methods.has(key.name)) return [];
      const name = to(key.name);
      // `.` stands before a name, and not before what is in brackets.
      const isBehindDot = node.type === 'MemberExpression' && !node.optional;
      return [
        [
          isBehindDot ? [node.object.range[1], key.range[1]] : key.range,
          isBehindDot && !name.startsWith('[') ? `.${name}` : name,
        ],
      ];
    });
  return [
    ...(methods.size === 0 ? [] : NAMES.map(renamed)),
    nodes.flatMap((node): [Range, string][] =>
      node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init
        ? [[node.init.range, `${node.id.name} ?? (${source.text.slice(...node.init.range)})`]]
        : [],
    ),
    nodes.flatMap((node): [Range, string][] =>
      node.type === 'CallExpression' && node.arguments.length > 0
        ? [[[node.arguments[0]!.range[0], node.arguments.at(-1)!.range[1]], '']]
        : [],
    ),
  ].map((edits) => ({ ...source, text: edited(source.text, edits) }));
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

function statementsOf(tree: SourceCode): Range[] {
  return nodesOf(tree).flatMap(({ body }) =>
    Array.isArray(body) ? (body as TSESTree.Node[]).map(({ range }) => range) : [],
  );
}

/** The nodes of a file, each before what it contains. */
function nodesOf({ ast, visitorKeys }: SourceCode): (TSESTree.Node & { readonly body?: unknown })[] {
  const found: TSESTree.Node[] = [];
  const visit = (node: TSESTree.Node): void => {
    found.push(node);
    for (const key of visitorKeys[node.type] ?? [])
      for (const child of [(node as unknown as Record<string, unknown>)[key]].flat())
        if (child) visit(child as TSESTree.Node);
  };
  visit(ast as TSESTree.Node);
  return found;
}

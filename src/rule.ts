import type { JSONSchema, TSESLint } from '@typescript-eslint/utils';
import type { Edit, Suggestion } from './edits/edit.js';
import { type File, fileOf } from './file.js';
import { type Gate, outlineOf, registerGate } from './gate.js';
import { homepage, version } from './manifest.js';
import type { CommonOptions } from './options.cjs';
import { bare, type Node } from './syntax/walk.js';

export type { File, Suggestion };

export interface Finding {
  /** What to underline: as little as says where. */
  readonly node: Node;
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  /** The safest first; null where no good edit exists. */
  readonly suggest?: readonly (Suggestion | null)[];
}

/** The words and the judgement of one rule. */
export interface Definition<Options extends object> extends Gate {
  readonly name: string;
  /** What it demands, to follow the rule's name in a table. */
  readonly about: string;
  /** The first config that has it: `strict` also has what `recommended` has; `off` is in none. */
  readonly level: 'off' | 'recommended' | 'strict';
  /** The messages of findings, and of suggestions. */
  readonly messages: Readonly<Record<string, string>>;
  /** Options of its own, with their defaults. */
  readonly options?: { readonly schema: Readonly<Record<string, JSONSchema.JSONSchema4>>; readonly defaults: Options };
  readonly check: (file: File, options: Required<CommonOptions> & Options) => Iterable<Finding>;
}

export type LeakRule = TSESLint.RuleModule<string, readonly unknown[]> & {
  readonly meta: {
    readonly docs: {
      readonly description: string;
      readonly url: string;
      readonly level: 'off' | 'recommended' | 'strict';
    };
  };
};

/** The pages as they are at this version. */
const DOCS = `${homepage}/blob/v${version}/docs/rules`;

/** Makes an ESLint rule of a definition. Only here does anything reach ESLint. */
export function defineRule<Options extends object = object>(definition: Definition<Options>): LeakRule {
  const { name, about, level, messages, options, check } = definition;
  registerGate(definition);
  const defaults = { checkUnknown: false, ...options?.defaults } as Required<CommonOptions> & Options;
  return {
    meta: {
      type: 'problem',
      docs: {
        description: about,
        url: `${DOCS}/${name}.md`,
        level,
        recommended: level === 'recommended',
      } as LeakRule['meta']['docs'],
      hasSuggestions: true,
      schema: [
        {
          type: 'object',
          properties: {
            checkUnknown: { type: 'boolean', description: 'Also report what cannot be proven harmless.' },
            ...options?.schema,
          },
          additionalProperties: false,
        },
      ],
      defaultOptions: [defaults],
      messages,
    },
    defaultOptions: [defaults],
    create(context) {
      // JSON, CSS and other languages have trees of their own.
      if (context.sourceCode.ast.type !== 'Program') return {};
      const outline = outlineOf(context.sourceCode, context.settings);
      if (!outline.gates.has(definition)) return {};
      const given = { ...defaults, ...(context.options[0] as Partial<typeof defaults> | undefined) };
      return {
        'Program:exit'() {
          for (const finding of check(fileOf(context, outline.words), given)) report(context, finding, messages);
        },
      };
    },
  };
}

type Context = Readonly<TSESLint.RuleContext<string, readonly unknown[]>>;

function report(
  context: Context,
  { node, messageId, data, suggest = [] }: Finding,
  messages: Readonly<Record<string, string>>,
): void {
  context.report({
    loc: placeOf(node, context.sourceCode),
    messageId,
    data,
    suggest: suggest
      // A rule offers the edits that it has words for.
      .filter((one): one is Suggestion => one !== null && one.messageId in messages && isWhole(one.edit))
      .slice(0, 3)
      .map(({ messageId: id, data: words, edit }) => ({
        messageId: id,
        data: words ?? data,
        fix: (fixer) => edit.map(({ start, end, text }) => fixer.replaceTextRange([start, end], text)),
      })),
  });
}

/** Do the changes leave each other alone? Two that meet in one place are no edit anybody meant. */
function isWhole(edit: Edit): boolean {
  const changes = edit.toSorted((one, other) => one.start - other.start || one.end - other.end);
  return changes.every(({ start }, at) => at === 0 || changes[at - 1]!.end <= start);
}

interface Place {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** Squiggles over several lines hide the code: as little as says where, and never more than a line. */
function placeOf(node: Node, { lines }: Context['sourceCode']): Place {
  const { start, end } = headOf(node);
  return start.line === end.line
    ? { start, end }
    : { start, end: { line: start.line, column: lines[start.line - 1]!.length } };
}

/** The callee of a call, or of the call with which its chain begins; the keyword of an import; else the node. */
function headOf(node: Node): Place {
  const { start } = node.loc;
  if (node.type === 'ImportExpression')
    return { start, end: { line: start.line, column: start.column + 'import'.length } };
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return node.loc;
  const callee = bare(node.callee);
  let object = callee;
  while (object.type === 'MemberExpression') object = bare(object.object);
  return object !== callee && (object.type === 'CallExpression' || object.type === 'ImportExpression')
    ? headOf(object)
    : { start, end: callee.loc.end };
}

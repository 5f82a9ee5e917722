import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { memoize } from '../maps.js';
import { endsOf } from '../ownership/ends/ends.js';
import type { Handle } from '../ownership/holders/handle.js';
import type { Owner } from '../ownership/owners/owner.js';
import type { Signals } from '../ownership/signals/signals.js';
import type { Start } from '../ownership/starts/starts.js';
import type { Judge, Verdict } from '../ownership/verdict/judging.js';
import type { Call, Node, SourceCode } from '../syntax/walk.js';

/** What edits ask of a file. */
export interface View extends Judge {
  readonly filename: string;
  readonly signals: Signals;
  ownerOf(start: Start): Owner;
  handleOf(start: Start): Handle;
  verdict(start: Start): Verdict;
  text(node: Node): string;
}

/** The calls that end a start; what misses it by one name is none. */
export function endsFor(start: Start, view: View): readonly Call[] {
  const ends = endsOf(start, view.handleOf(start), view.index, view);
  return ends.flatMap(({ node, differs }) => (differs === null ? [node] : []));
}

/** A change of the text from `start` to `end`. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The end of the line that this indents, and where what is indented with it begins. */
  readonly indents?: { readonly end: number; readonly from: number };
}

/** Changes that belong together; null where no good edit exists. */
export type Edit = readonly Change[];

/** One thing a reader can choose to do about a finding. */
export interface Suggestion {
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly edit: Edit;
}

export function insertBefore(node: Node, text: string): Change {
  return { start: node.range[0], end: node.range[0], text };
}

export function insertAfter(node: Node, text: string): Change {
  return { start: node.range[1], end: node.range[1], text };
}

export function replace(node: Node, text: string): Change {
  return { start: node.range[0], end: node.range[1], text };
}

/**
 * All changes of some edits, each of them once, with one's new lines where another indents those around them; null
 * where one of the edits is none.
 */
export function together(...edits: readonly (Edit | null)[]): Edit | null {
  if (edits.includes(null)) return null;
  const all = edits.flatMap((edit) => edit!.map((change) => alongWith(edits, edit!, change)));
  const once = all.filter((one, at) => !all.slice(0, at).some((other) => isSame(one, other)));
  // What goes before a line goes before its indentation.
  return [...once.filter(({ indents }) => !indents), ...once.filter(({ indents }) => indents)];
}

/** Two that indent a line are one only where they indent the same lines. */
function isSame(one: Change, other: Change): boolean {
  return (
    one.start === other.start &&
    one.end === other.end &&
    one.text === other.text &&
    one.indents?.from === other.indents?.from
  );
}

/** A change, with its new lines indented where another edit indents the line that it stands in. */
function alongWith(edits: readonly (Edit | null)[], own: Edit, change: Change): Change {
  const { start, text } = change;
  if (!text.includes('\n')) return change;
  const around = edits
    .filter((edit) => edit !== own)
    .flatMap((edit) => edit!)
    .find(({ indents, start: line }) => indents && line <= start && start <= indents.end);
  if (!around) return change;
  const shifted = text.replace(/\n(?=[^\r\n])/g, `\n${around.text}`);
  return { ...change, text: start === around.start ? around.text + shifted : shifted };
}

export function suggestion(
  messageId: string,
  edit: Edit | null,
  data?: Readonly<Record<string, string>>,
): Suggestion | null {
  return edit && { messageId, edit, ...(data ? { data } : {}) };
}

/** The line break that the file uses. */
export const lineBreak = memoize(({ text }: SourceCode) => (text.includes('\r\n') ? '\r\n' : '\n'));

/** The white space before the first thing on a node's line. */
export function indentOf(node: Pick<Node, 'loc'>, sourceCode: SourceCode): string {
  const line = sourceCode.lines[node.loc.start.line - 1] ?? '';
  return /^\s*/.exec(line)![0];
}

/** One step of the file's indentation: what its first indented line has. */
export const indentStep = memoize((sourceCode: SourceCode): string => {
  for (const line of sourceCode.lines) {
    const indent = /^(?:\t|(?: {2}){1,2})(?=[^\s*])/.exec(line);
    if (indent) return indent[0];
  }
  return '  ';
});

/** What `await` and `void` take without parentheses. */
export const TIGHT = new Set<string>([
  'AwaitExpression',
  'CallExpression',
  'ChainExpression',
  'Identifier',
  'ImportExpression',
  'MemberExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'ThisExpression',
  'TSNonNullExpression',
]);

/** What begins a statement, and nothing else does on a line of its own. */
const BEGINS = new Set([
  'await',
  'break',
  'const',
  'continue',
  'do',
  'for',
  'if',
  'import',
  'let',
  'return',
  'switch',
  'throw',
  'try',
  'var',
  'while',
]);
const HEADS = new Set(['await', 'for', 'if', 'while', 'with']);

/**
 * Does the file end its statements with semicolons? What counts is what most end with that a new one follows on the
 * next line: a type's members may be written otherwise.
 */
const usesSemicolons = memoize(({ ast }: SourceCode) => {
  const tokens = ast.tokens ?? [];
  let [ended, open] = [0, 0];
  for (let at = 1; at < tokens.length && ended + open < 50; at += 1) {
    const { value, loc } = tokens[at]!;
    const before = tokens[at - 1]!;
    if (before.loc.end.line === loc.start.line || !BEGINS.has(value)) continue;
    if (before.value === ';') ended += 1;
    else if (
      before.type === 'Identifier' ||
      before.type === 'String' ||
      before.value === ']' ||
      (before.value === ')' && !isHead(tokens, at - 1))
    )
      open += 1;
  }
  if (ended + open > 0) return ended >= open;
  // Those of `for (;;)` end neither a line nor a block.
  return (
    tokens.length === 0 ||
    tokens.some(
      ({ value, loc }, at) =>
        value === ';' && (tokens[at + 1]?.value === '}' || tokens[at + 1]?.loc.start.line !== loc.end.line),
    )
  );
});

/** `if (done)`: do parentheses that end at a token belong to the head of a statement? */
function isHead(tokens: readonly TSESTree.Token[], end: number): boolean {
  let depth = 0;
  for (let at = end; at >= 0; at -= 1) {
    const { value } = tokens[at]!;
    if (value === ')') depth += 1;
    else if (value === '(') depth -= 1;
    if (depth === 0) return HEADS.has(tokens[at - 1]?.value ?? '');
  }
  return false;
}

/** The quote that the file writes its texts with. */
export const quoteOf = memoize(({ ast }: SourceCode): '"' | "'" => {
  for (const { type, value } of ast.tokens ?? []) if (type === 'String') return value[0] as '"' | "'";
  return "'";
});

/** A name like `wanted` that no variable in sight of the nodes and no name used below them has. */
export function freeName(wanted: string, nodes: Node | readonly Node[], sourceCode: SourceCode): string {
  const scopes = ('type' in nodes ? [nodes] : nodes).map((node) => sourceCode.getScope(node));
  let name = wanted;
  for (let at = 2; scopes.some((scope) => isTaken(name, scope)); at += 1) name = `${wanted}${at}`;
  return name;
}

function isTaken(name: string, own: TSESLint.Scope.Scope): boolean {
  for (let scope: TSESLint.Scope.Scope | null = own; scope; scope = scope.upper)
    if (namesIn(scope).own.has(name)) return true;
  // A name of an inner function would hide the new one from what is added there.
  return namesIn(own).inner.has(name);
}

interface Names {
  /** Those that a scope declares or takes from around it. */
  readonly own: ReadonlySet<string>;
  /** Those that scopes within it declare. */
  readonly inner: ReadonlySet<string>;
}

const namesIn = memoize((scope: TSESLint.Scope.Scope): Names => {
  const inner = new Set<string>();
  for (const below = [...scope.childScopes]; below.length > 0;) {
    const one = below.pop()!;
    for (const name of one.set.keys()) inner.add(name);
    below.push(...one.childScopes);
  }
  return { own: new Set([...scope.set.keys(), ...scope.through.map(({ identifier }) => identifier.name)]), inner };
});

/** Does the file have types? Single-file components say so in their text. */
export function isTypeScript({ filename, sourceCode }: Pick<View, 'filename' | 'sourceCode'>): boolean {
  return (
    /\.[cm]?tsx?$/.test(filename) ||
    (/\.(?:vue|svelte|astro)$/.test(filename) && /\blang=["']?tsx?\b/.test(sourceCode.text))
  );
}

/** Does a checker of types see what may be `null`: in TypeScript, or where a comment says so? */
export function tellsNull(view: Pick<View, 'filename' | 'sourceCode'>): boolean {
  return isTypeScript(view) || hasNullInComment(view.sourceCode);
}

const hasNullInComment = memoize(({ text }: SourceCode) => /@type \{[^}\n]*\bnull\b/.test(text));

/** What ends a statement. */
export function semicolon(sourceCode: SourceCode): string {
  return usesSemicolons(sourceCode) ? ';' : '';
}

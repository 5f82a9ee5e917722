import type { TSESTree } from '@typescript-eslint/utils';
import {
  bare,
  type Body,
  type Fn,
  isClass,
  isFunction,
  isScript,
  nameOf,
  type Node,
  type SourceCode,
} from '../syntax/walk.js';
import { type Change, indentOf, indentStep, lineBreak, semicolon } from './edit.js';

/** What holds statements in a list, so that one can be put before another. */
export type List =
  TSESTree.BlockStatement | TSESTree.Program | TSESTree.StaticBlock | TSESTree.SwitchCase | TSESTree.TSModuleBlock;

/** The statement that an expression belongs to, in its own function. */
export function statementOf(node: Node): TSESTree.Statement | null {
  for (
    let at: Node | undefined = node;
    at && !(at !== node && isFunction(at) && at.type !== 'FunctionDeclaration');
    at = at.parent
  ) {
    if (
      /(?:Statement|Declaration)$/.test(at.type) &&
      at.parent &&
      (isList(at.parent) || /Statement$/.test(at.parent.type))
    )
      return at as TSESTree.Statement;
  }
  return null;
}

function isList(node: Node): node is List {
  return isScript(node) || ['BlockStatement', 'StaticBlock', 'SwitchCase', 'TSModuleBlock'].includes(node.type);
}

/** The list that a statement stands in; null where it stands alone, as in `if (x) start();`. */
export function listAround(statement: Node): List | null {
  return statement.parent && isList(statement.parent) ? statement.parent : null;
}

export function statementsOf(list: List): readonly TSESTree.Statement[] {
  return list.type === 'SwitchCase' ? list.consequent : list.body;
}

/** `{ start(); work(); }`: does a block with statements begin and end on one line? */
export function isOnOneLine(list: List): list is TSESTree.BlockStatement {
  return list.type === 'BlockStatement' && list.loc.start.line === list.loc.end.line;
}

/** A statement on a line of its own before another, and before the comments on the lines above that are about it. */
export function insertBeforeStatement(statement: Node, text: string, sourceCode: SourceCode): Change {
  const at = isFirstOnLine(statement, sourceCode) ? withCommentsAbove(statement, sourceCode) : statement.range[0];
  return {
    start: at,
    end: at,
    text: `${text}${isFirstOnLine(statement, sourceCode) ? lineBreak(sourceCode) + indentOf(statement, sourceCode) : ' '}`,
  };
}

/** Where the comments begin that stand on the lines right above a statement, each on lines of its own. */
function withCommentsAbove(statement: Node, sourceCode: SourceCode): number {
  let first: Node | TSESTree.Comment = statement;
  for (const comment of sourceCode.getCommentsBefore(statement).toReversed()) {
    if (comment.loc.end.line !== first.loc.start.line - 1 || !isFirstOnLine(comment, sourceCode)) break;
    first = comment;
  }
  return first.range[0];
}

/** A statement on a line of its own after another, and after the comment that ends its line. */
export function insertAfterStatement(statement: Node, text: string, sourceCode: SourceCode): Change {
  const at = endOfLine(statement, sourceCode);
  if (isFirstOnLine(statement, sourceCode))
    return { start: at, end: at, text: `${lineBreak(sourceCode)}${indentOf(statement, sourceCode)}${text}` };
  // `{ start() }`: on one line, only a semicolon parts them.
  return { start: at, end: at, text: `${/[;}]/.test(sourceCode.getLastToken(statement)!.value) ? '' : ';'} ${text}` };
}

/** Where what belongs to a node on its last line ends: after a comment that nothing else follows. */
export function endOfLine(node: Node | TSESTree.Token, sourceCode: SourceCode): number {
  const next = sourceCode.getTokenAfter(node);
  const comments = sourceCode.getCommentsAfter(node).filter(({ loc }) => loc.start.line === node.loc.end.line);
  const last = comments.at(-1);
  const shares = next && next.loc.start.line === (last ?? node).loc.end.line;
  return last && !shares ? last.range[1] : node.range[1];
}

export function isFirstOnLine(node: Pick<Node, 'loc'>, sourceCode: SourceCode): boolean {
  const line = sourceCode.lines[node.loc.start.line - 1] ?? '';
  return line.slice(0, node.loc.start.column).trim() === '';
}

/**
 * A statement as the first one of a function's body, after a call of the method that it overrides; null where the body
 * is an expression that is returned.
 */
export function insertFirst(block: TSESTree.BlockStatement, text: string, sourceCode: SourceCode): Change {
  const [first] = block.body;
  const line = lineBreak(sourceCode);
  const inner =
    first && isFirstOnLine(first, sourceCode)
      ? indentOf(first, sourceCode)
      : indentOf(block, sourceCode) + indentStep(sourceCode);
  if (first && isSuperCall(first)) return insertAfterStatement(first, text, sourceCode);
  const at = endOfLine(sourceCode.getFirstToken(block)!, sourceCode);
  if (block.loc.start.line !== block.loc.end.line) return { start: at, end: at, text: `${line}${inner}${text}` };
  return first
    ? { start: at, end: at, text: ` ${text}` }
    : { start: at, end: block.range[1] - 1, text: `${line}${inner}${text}${line}${indentOf(block, sourceCode)}` };
}

function isSuperCall(statement: Node): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  let { expression }: { expression: Node } = statement;
  if (expression.type === 'AwaitExpression') expression = expression.argument;
  if (expression.type === 'ChainExpression') expression = expression.expression;
  if (expression.type !== 'CallExpression') return false;
  return (
    expression.callee.type === 'Super' ||
    (expression.callee.type === 'MemberExpression' && expression.callee.object.type === 'Super')
  );
}

/**
 * A statement as the first of a function; an arrow that is an expression becomes a block that does with its value what
 * `before` says.
 */
export function addFirst(fn: Fn, text: string, before: '' | 'return ', sourceCode: SourceCode): Change[] | null {
  const block = blockOf(fn);
  const guard = block?.body.find((one) => !isSuperCall(one));
  if (guard && isEnded(guard)) return [insertAfterStatement(guard, text, sourceCode)];
  return block
    ? [insertFirst(block, text, sourceCode)]
    : asBlock(fn, text + lineInside(fn, sourceCode) + before, [], sourceCode);
}

/** A block for an arrow that is an expression, with a statement after it. */
export function addLast(fn: Fn, text: string, sourceCode: SourceCode): Change[] | null {
  return asBlock(fn, '', [text], sourceCode);
}

/**
 * A block for an arrow that is an expression, with a text before that and statements after it; null where parentheses
 * around an object or a comma would stay outside the block.
 */
export function asBlock(fn: Fn, before: string, after: readonly string[], sourceCode: SourceCode): Change[] | null {
  const arrow = sourceCode.getTokenBefore(fn.body);
  const token = sourceCode.getTokenBefore(fn.body, { includeComments: true });
  if (arrow?.value !== '=>') return null;
  const inner = lineInside(fn, sourceCode);
  const outer = lineBreak(sourceCode) + indentOf(fn, sourceCode);
  const [start, end] = fn.body.range;
  // A body on a line of its own leaves that to the first statement, and comments before it stay in front of that.
  const isBroken = arrow.loc.end.line < fn.body.loc.start.line;
  const isRemarked = isBroken && token !== arrow;
  if (isRemarked && !isFirstOnLine(fn.body, sourceCode)) return null;
  const opening = isRemarked
    ? [
        { start: arrow.range[1], end: arrow.range[1], text: ' {' },
        { start, end: start, text: before },
      ]
    : [{ start: isBroken ? arrow.range[1] : start, end: start, text: `${isBroken ? ' ' : ''}{${inner}${before}` }];
  return [
    ...opening,
    {
      start: end,
      end: isBroken && fn.range[1] === end ? endInList(fn, sourceCode) : end,
      text: `${semicolon(sourceCode)}${after.map((text) => inner + text).join('')}${outer}}`,
    },
  ];
}

export function lineInside(fn: Fn, sourceCode: SourceCode): string {
  return lineBreak(sourceCode) + indentOf(fn, sourceCode) + indentStep(sourceCode);
}

/**
 * Where the last argument of a call ends, with the comma and the line break that its length had made necessary:
 * `on('end', () =>\n  work(),\n)`.
 */
export function endInList(argument: Node, sourceCode: SourceCode): number {
  const { parent } = argument;
  const [, end] = argument.range;
  const last = parent?.type === 'CallExpression' || parent?.type === 'NewExpression' ? parent.arguments.at(-1) : null;
  return last === argument &&
    !isFirstOnLine(argument, sourceCode) &&
    /^,?\s*\n\s*\)$/.test(sourceCode.text.slice(end, parent!.range[1]))
    ? parent!.range[1] - 1
    : end;
}

/** `if (this.isDisposed) return;`: does a statement leave where everything has been ended before? */
function isEnded(statement: Node): boolean {
  if (statement.type !== 'IfStatement' || statement.alternate) return false;
  const { consequent } = statement;
  const only = consequent.type === 'BlockStatement' && consequent.body.length === 1 ? consequent.body[0]! : consequent;
  const test = bare(statement.test);
  const name = test.type === 'MemberExpression' ? (nameOf(test) ?? '') : test.type === 'Identifier' ? test.name : '';
  return (
    only.type === 'ReturnStatement' &&
    !only.argument &&
    /^[_#]*(?:is|was|has)?_?(?:disposed|destroyed|closed|ended|stopped|terminated|unmounted|shutdown)$/i.test(name)
  );
}

/**
 * A field after those before the methods, or after those at the end of a class; null where the class is written in one
 * line.
 */
export function insertField(body: Body, text: string, sourceCode: SourceCode): Change | null {
  if (!isClass(body)) return null;
  const members = body.body.body;
  const line = lineBreak(sourceCode);
  const [first] = members;
  if (!first || !isFirstOnLine(first, sourceCode)) return null;
  const end = members.at(-1);
  const isField = (one: Node | undefined): boolean =>
    one?.type === 'PropertyDefinition' || one?.type === 'AccessorProperty' || one?.type === 'TSIndexSignature';
  const methods = members.findIndex((one) => !isField(one) && !('static' in one && one.static));
  const last =
    members.slice(0, methods === -1 ? members.length : methods).findLast(isField) ??
    (isField(end) && !(end && 'value' in end && isFunction(end.value)) ? end : undefined);
  const field = `${text}${semicolon(sourceCode)}`;
  if (last) return insertAfterStatement(last, field, sourceCode);
  const at = body.body.range[0] + 1;
  return { start: at, end: at, text: `${line}${indentOf(first, sourceCode)}${field}${line}` };
}

/** A node's text, indented for another place. */
export function moved(node: Node, text: string, to: string, sourceCode: SourceCode): string {
  const from = indentOf(node, sourceCode);
  const lines = sourceCode.text.slice(...node.range).split('\n').length;
  if (from === to || lines === 1) return text;
  const fixed = fixedLines(node, sourceCode);
  return text
    .split('\n')
    .map((line, at) =>
      at === 0 || fixed.has(node.loc.start.line + at) || !line.startsWith(from) ? line : to + line.slice(from.length),
    )
    .join('\n');
}

/** One step more for every line between two positions, but for those that begin inside a text. */
export function indented(start: number, end: number, sourceCode: SourceCode): Change[] {
  const step = indentStep(sourceCode);
  const fixed = fixedLines(sourceCode.ast, sourceCode);
  const first = sourceCode.getLocFromIndex(start).line;
  const last = sourceCode.getLocFromIndex(end).line;
  const changes: Change[] = [];
  for (let line = first; line <= last; line += 1) {
    const at = sourceCode.getIndexFromLoc({ line, column: 0 });
    if (at < start || at > end || fixed.has(line) || (sourceCode.lines[line - 1] ?? '').trim() === '') continue;
    changes.push({
      start: at,
      end: at,
      text: step,
      indents: { from: start, end: at + sourceCode.lines[line - 1]!.length },
    });
  }
  return changes;
}

/** The lines that begin inside a text, whose white space is part of it. */
function fixedLines(node: Node, sourceCode: SourceCode): Set<number> {
  const lines = new Set<number>();
  for (const { type, value, loc } of node.type === 'Program' ? (node.tokens ?? []) : sourceCode.getTokens(node)) {
    // What elements say on several lines is read without their indentation, but not what their attributes say.
    if (type !== 'Template' && type !== 'String' && !(type === 'JSXText' && /^["']/.test(value))) continue;
    for (let line = loc.start.line + 1; line <= loc.end.line; line += 1) lines.add(line);
  }
  return lines;
}

/** The block of a function; null for an arrow that is an expression. */
export function blockOf(fn: Fn): TSESTree.BlockStatement | null {
  return fn.body.type === 'BlockStatement' ? fn.body : null;
}

/** Takes a statement away, with its line where it stands alone on it; up to a position after it, if one is given. */
export function removeStatement(statement: Node, sourceCode: SourceCode, end: number = statement.range[1]): Change[] {
  const [start] = statement.range;
  const last = sourceCode.getLocFromIndex(end);
  const isFirst = isFirstOnLine(statement, sourceCode);
  const rest = (sourceCode.lines[last.line - 1] ?? '').slice(last.column);
  // A comment takes its place.
  if (isFirst && /^\s*\/[/*]/.test(rest)) return [{ start, end: end + /^\s*/.exec(rest)![0].length, text: '' }];
  if (!isFirst || rest.trim() !== '') return [{ start, end, text: '' }];
  const from = sourceCode.getIndexFromLoc({ line: statement.loc.start.line, column: 0 });
  const after = last.line + 1;
  if (after > sourceCode.lines.length) return [{ start: from, end, text: '' }];
  // Of two empty lines that would meet, one goes, too.
  const isApart =
    [sourceCode.lines[statement.loc.start.line - 2], sourceCode.lines[after - 1]].every((one) => one?.trim() === '') &&
    after < sourceCode.lines.length;
  return [{ start: from, end: sourceCode.getIndexFromLoc({ line: isApart ? after + 1 : after, column: 0 }), text: '' }];
}

import type { TSESTree } from '@typescript-eslint/utils';
import { runOf } from '../syntax/functions.js';
import { bare, type Node } from '../syntax/walk.js';
import { type Change, type Edit, freeName, isTypeScript, semicolon, type View } from './edit.js';

/** What lets code after a block use the names that statements in it declare. */
export interface Outside {
  /** Statements before the block: `let result;`. */
  readonly before: readonly string[];
  /** What the declarations in the block become. */
  readonly changes: Edit;
  /** Statements after the block: `const { size } = result;`. */
  readonly after: readonly string[];
}

/**
 * How to declare outside of a block what code behind a position uses; null where a type could not be told from its
 * value any more.
 */
export function declareOutside(
  statements: readonly TSESTree.Statement[],
  position: number,
  view: View,
): Outside | null {
  const used = statements.filter((statement) => isUsedBeyond(statement, statements, position, view));
  const all = used.map((statement) =>
    statement.type === 'VariableDeclaration' ? outsideOf(statement, statement === statements.at(-1), view) : null,
  );
  if (all.includes(null)) return null;
  return {
    before: all.flatMap((one) => one!.before),
    changes: all.flatMap((one) => one!.changes),
    after: all.flatMap((one) => one!.after),
  };
}

function isUsedBeyond(
  statement: TSESTree.Statement,
  statements: readonly TSESTree.Statement[],
  position: number,
  view: View,
): boolean {
  const first = statements[0]!.range[0];
  const declared =
    statement.type === 'VariableDeclaration'
      ? statement.declarations.flatMap((one) => view.sourceCode.getDeclaredVariables(one))
      : view.sourceCode.getDeclaredVariables(statement);
  return declared.some(({ references }) =>
    references.some(({ identifier }) => identifier.range[0] > position || identifier.range[1] < first),
  );
}

function outsideOf(statement: TSESTree.VariableDeclaration, isLast: boolean, view: View): Outside | null {
  const [only] = statement.declarations;
  if (
    statement.declarations.length === 1 &&
    only.init &&
    only.id.type !== 'Identifier' &&
    isLast &&
    !isListed(only.init)
  )
    return takenApart(statement, only.id, view);
  const before: string[] = [];
  const changes: Change[] = [];
  let from = statement.range[0];
  for (const { id, init, range } of statement.declarations as readonly TSESTree.VariableDeclarator[]) {
    const variables = view.sourceCode
      .getDeclaredVariables(statement)
      .filter(({ defs: [definition] }) => definition!.node.range[0] === range[0]);
    const isTyped = 'typeAnnotation' in id && id.typeAnnotation;
    const isCaptured = variables.some(({ references }) =>
      references.some(({ identifier }) => runOf(identifier) !== runOf(statement)),
    );
    if (!init || (isTypeScript(view) && !isTyped && isCaptured)) return null;
    const end = id.range[1];
    const then = from === statement.range[0] ? '' : '; ';
    if (id.type === 'Identifier') {
      before.push(`let ${view.text(id)}${semicolon(view.sourceCode)}`);
      changes.push({ start: from, end, text: then + id.name });
    } else {
      if (isTyped || variables.length === 0) return null;
      before.push(`let ${variables.map(({ name }) => name).join(', ')}${semicolon(view.sourceCode)}`);
      // Without a semicolon before it, a list or a parenthesis would go on with the line above.
      const apart = then || (semicolon(view.sourceCode) ? '' : ';');
      const [open, close] = id.type === 'ObjectPattern' ? ['(', ')'] : ['', ''];
      changes.push(
        { start: from, end: id.range[0], text: apart + open },
        ...(close ? [{ start: range[1], end: range[1], text: close }] : []),
      );
    }
    from = range[1];
  }
  return { before, changes, after: [] };
}

/** `['a', 1]`: only where it is taken apart at once does TypeScript know what stands at which place. */
function isListed(node: Node): boolean {
  return bare(node).type === 'ArrayExpression';
}

/** `let result; { result = await work(); } const { size } = result;` */
function takenApart(statement: TSESTree.VariableDeclaration, pattern: Node, view: View): Outside {
  const name = freeName(pattern.type === 'ArrayPattern' ? 'results' : 'result', statement, view.sourceCode);
  const end = semicolon(view.sourceCode);
  return {
    before: [`let ${name}${end}`],
    changes: [{ start: statement.range[0], end: pattern.range[1], text: name }],
    after: [`${statement.kind} ${view.text(pattern)} = ${name}${end}`],
  };
}

import type { TSESTree } from '@typescript-eslint/utils';
import { moduleName } from '../syntax/value.js';
import { topLevel } from '../syntax/walk.js';
import { type Change, freeName, indentOf, insertAfter, lineBreak, quoteOf, semicolon, type View } from './edit.js';
import { isFirstOnLine } from './statements.js';

/**
 * A name that a module exports, as it can be called in this file, and what brings it in; null where it has one already.
 */
export interface Imported {
  readonly name: string;
  readonly change: Change | null;
}

/**
 * Brings a name in from a module: by an import that is there, extended, or by a new one. Null where no good place for
 * one is found.
 */
export function importOf(module: string, name: string, view: View): Imported | null {
  const { ast } = view.sourceCode;
  const imports = topLevel(ast).filter((one) => one.type === 'ImportDeclaration');
  const same = imports.filter(
    ({ source, importKind }) => moduleName(source.value) === moduleName(module) && importKind !== 'type',
  );
  for (const { specifiers } of same) {
    const known = specifiers.find(
      (one): one is TSESTree.ImportSpecifier =>
        one.type === 'ImportSpecifier' && one.importKind !== 'type' && importedName(one) === name,
    );
    if (known) return { name: known.local.name, change: null };
  }
  const local = freeName(name, ast, view.sourceCode);
  const specifier = local === name ? name : `${name} as ${local}`;
  for (const { specifiers } of same) {
    const last = specifiers.at(-1);
    if (last?.type === 'ImportSpecifier') return { name: local, change: insertAfter(last, `, ${specifier}`) };
    if (last?.type === 'ImportDefaultSpecifier')
      return { name: local, change: insertAfter(last, `, { ${specifier} }`) };
  }
  if (imports.length === 0) return required(module, name, local, view);
  const last = imports.at(-1)!;
  const quote = quoteOf(view.sourceCode);
  return {
    name: local,
    change: insertAfter(
      last,
      `${lineBreak(view.sourceCode)}${indentOf(last, view.sourceCode)}import { ${specifier} } from ${quote}${module}${quote}${semicolon(view.sourceCode)}`,
    ),
  };
}

/** Brings a name in that only stands for a type: beside the other types of its module, where those are told apart. */
export function typeImportOf(module: string, name: string, view: View): Imported | null {
  const imports = topLevel(view.sourceCode.ast)
    .filter((one) => one.type === 'ImportDeclaration')
    .filter(({ source }) => moduleName(source.value) === moduleName(module));
  const specifiers = imports.flatMap((one) => one.specifiers).filter((one) => one.type === 'ImportSpecifier');
  const known = specifiers.find((one) => importedName(one) === name);
  if (known) return { name: known.local.name, change: null };
  const local = freeName(name, view.sourceCode.ast, view.sourceCode);
  const specifier = local === name ? name : `${name} as ${local}`;
  const last = imports.find(({ importKind }) => importKind === 'type')?.specifiers.at(-1);
  if (last?.type === 'ImportSpecifier') return { name: local, change: insertAfter(last, `, ${specifier}`) };
  const inline = specifiers.findLast(({ importKind }) => importKind === 'type');
  return inline ? { name: local, change: insertAfter(inline, `, type ${specifier}`) } : importOf(module, name, view);
}

function importedName({ imported }: TSESTree.ImportSpecifier): string {
  return imported.type === 'Identifier' ? imported.name : imported.value;
}

/** `const { a } = require('module')`, which a CommonJS file extends or adds. */
function required(module: string, name: string, local: string, view: View): Imported | null {
  const requires = topLevel(view.sourceCode.ast).flatMap((statement) => {
    if (statement.type !== 'VariableDeclaration') return [];
    return statement.declarations.flatMap(({ id, init }) => {
      const isRequire =
        init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require';
      const [source] = isRequire ? init.arguments : [];
      return source?.type === 'Literal' && typeof source.value === 'string'
        ? [{ statement, id, module: moduleName(source.value) }]
        : [];
    });
  });
  const property = local === name ? name : `${name}: ${local}`;
  for (const one of requires) {
    if (one.module !== moduleName(module)) continue;
    if (one.id.type === 'Identifier') return { name: `${one.id.name}.${name}`, change: null };
    if (one.id.type !== 'ObjectPattern') continue;
    for (const known of one.id.properties) {
      if (
        known.type === 'Property' &&
        known.key.type === 'Identifier' &&
        known.key.name === name &&
        known.value.type === 'Identifier'
      )
        return { name: known.value.name, change: null };
    }
    const last = one.id.properties.at(-1);
    if (last?.type === 'Property') return { name: local, change: insertAfter(last, `, ${property}`) };
  }
  const quote = quoteOf(view.sourceCode);
  const line = lineBreak(view.sourceCode);
  const last = requires.at(-1)?.statement;
  if (last)
    return {
      name: local,
      change: insertAfter(
        last,
        `${line}const { ${property} } = require(${quote}${module}${quote})${semicolon(view.sourceCode)}`,
      ),
    };
  const first = topLevel(view.sourceCode.ast).find((statement) => !('directive' in statement && statement.directive));
  if (!first || !isFirstOnLine(first, view.sourceCode) || view.sourceCode.ast.sourceType !== 'module') return null;
  return {
    name: local,
    change: {
      start: first.range[0],
      end: first.range[0],
      text: `import { ${local === name ? name : `${name} as ${local}`} } from ${quote}${module}${quote}${semicolon(view.sourceCode)}${line}${indentOf(first, view.sourceCode)}`,
    },
  };
}

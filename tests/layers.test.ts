import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** From bottom to top. A file may import its own layer and those below. */
const layers = [
  'src/manifest.ts',
  'src/options.cjs',
  'src/config-types.cjs',
  'src/plugin.ts',
  'src/maps.ts',
  'src/syntax/',
  'src/types/',
  'src/catalog/',
  'src/flow/',
  'src/ownership/',
  'src/edits/',
  'src/settings.ts',
  'src/file.ts',
  'src/gate.ts',
  'src/rule.ts',
  'rules/',
  'src/configs.ts',
  'src/index.ts',
  'src/cli/',
];

/** The rest runs in every host of the plugin, where only this package and Node exist. */
const mayImportPackages = 'src/cli/';
const builtIns = ['node:module'];

const root = fileURLToPath(new URL('../', import.meta.url));
const files = ['src', 'rules'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);

describe('layers', () => {
  for (const file of files) {
    it(`${file} imports nothing above it`, () => {
      expect(climbs(file, readFileSync(root + file, 'utf8'))).toEqual([]);
    });
  }

  it.each([
    ['src/flow/paths.ts', "import { fateOf } from '../syntax/fate.js';", []],
    ['src/flow/paths.ts', "import { loops } from './loops.js';", []],
    [
      'src/flow/paths.ts',
      "import type { Start } from '../ownership/starts/starts.js';",
      ['src/ownership/starts/starts.ts is above'],
    ],
    ['src/flow/paths.ts', "export * from '../../rules/no-x.js';", ['rules/no-x.ts is above']],
    ['src/flow/paths.ts', "const rule = import('../rule.js');", ['src/rule.ts is above']],
    ['src/flow/paths.ts', "import '../helpers.js';", ['src/helpers.ts has no layer']],
    ['src/flow/paths.ts', "import '../../tests/x.js';", ['tests/x.ts has no layer']],
    ['src/helpers.ts', '', ['src/helpers.ts has no layer']],
    ['src/file.ts', "import type ts from 'typescript';", []],
    ['src/file.ts', "import { type Node } from 'typescript';", ['typescript is a package']],
    ['src/file.ts', "type Node = import('typescript').Node;", []],
    ['src/file.ts', "import { createRequire } from 'node:module';", []],
    ['src/file.ts', "import { readFileSync } from 'node:fs';", ['node:fs is a package']],
    ['src/cli/main.ts', "import { ESLint } from 'eslint'; import plugin from '../index.js';", []],
  ])('%s with `%s`', (file, text, expected) => {
    expect(climbs(file, text)).toEqual(expected);
  });
});

/** What a file imports although it lies above, in no layer, or outside the package. */
function climbs(file: string, text: string): string[] {
  const own = layerOf(file);
  if (own === -1) return [`${file} has no layer`];

  return importsOf(file, text).flatMap(({ from, typeOnly }) => {
    if (!from.startsWith('.')) {
      const allowed = typeOnly || builtIns.includes(from) || file.startsWith(mayImportPackages);
      return allowed ? [] : [`${from} is a package`];
    }
    const target = normalize(join(dirname(file), from.replace(/\.js$/, '.ts')));
    if (layerOf(target) === -1) return [`${target} has no layer`];
    return layerOf(target) > own ? [`${target} is above`] : [];
  });
}

function layerOf(file: string): number {
  return layers.findIndex((layer) => (layer.endsWith('/') ? file.startsWith(layer) : file === layer));
}

function importsOf(file: string, text: string): { from: string; typeOnly: boolean }[] {
  const imports: { from: string; typeOnly: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isImport(node.expression)) add(node.arguments[0]!, false);
    ts.forEachChild(node, visit);
  };
  const add = (from: ts.Node, typeOnly: boolean): void => {
    imports.push({ from: ts.isStringLiteralLike(from) ? from.text : from.getText(), typeOnly });
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return imports;
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isImport({ kind }: ts.Expression): boolean {
  return kind === ts.SyntaxKind.ImportKeyword;
}

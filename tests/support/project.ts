import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A text that is linted, under a name that no file on disk has. */
export interface Source {
  /** Relative to the project's root. */
  readonly name: string;
  readonly text: string;
}

/** Where the sources seem to lie. Beside them seem to lie the packages of `tests/support/packages/`. */
export const root = fileURLToPath(new URL('../../', import.meta.url)) + 'blocks/';

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // Each source has names of its own, whether it imports something or not.
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.ReactJSX,
  types: ['node'],
  strict: true,
  allowJs: true,
  checkJs: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Shared by all projects, because the declarations of the platform are most of the work. */
const platform = new Map<string, ts.SourceFile | undefined>();
const packages = readPackages();
let previous: ts.Program | undefined;

/** One TypeScript program over all sources; cheap after the first one. */
export function createProject(sources: readonly Source[]): ts.Program {
  const texts = new Map([...packages, ...sources.map(({ name, text }) => [root + name, text] as const)]);
  const folders = new Set([...texts.keys()].flatMap(foldersAbove));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, directoryExists, getSourceFile } = host;

  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.directoryExists = (folder) => folders.has(folder) || directoryExists!(folder);
  host.getSourceFile = (file, version) => {
    const text = texts.get(file);
    if (text !== undefined && !packages.has(file)) return ts.createSourceFile(file, text, version);
    if (!platform.has(file)) platform.set(file, getSourceFile(file, version));
    return platform.get(file);
  };

  const rootNames = sources.map(({ name }) => root + name);
  previous = ts.createProgram({ rootNames, options, host, oldProgram: previous });
  return previous;
}

function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return folder.length < root.length ? [folder] : [folder, ...foldersAbove(folder)];
}

/** The codes of all type errors of a source. Positions and texts change with every edit, codes do not. */
export function typeErrors(program: ts.Program, name: string): number[] {
  return program.getSemanticDiagnostics(program.getSourceFile(root + name)).map(({ code }) => code);
}

/** `packages/rxjs.d.ts` is `rxjs`, `packages/rxjs/operators.d.ts` is `rxjs/operators`; both as if installed. */
function readPackages(): Map<string, string> {
  const folder = fileURLToPath(new URL('packages/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));

  return new Map(
    files.flatMap((file) => {
      const name = file.slice(0, -'.d.ts'.length);
      const home = `${root}node_modules/${name}`;
      const text = readFileSync(folder + file, 'utf8');
      if (!/^(@[^/]+\/)?[^/]+$/.test(name)) return [[`${home}.d.ts`, text]];
      return [
        [`${home}/package.json`, JSON.stringify({ name, version: '1.0.0', types: 'index.d.ts' })],
        [`${home}/index.d.ts`, text],
      ];
    }),
  );
}

/** Programs over code that is not set up to be compiled, and over variants of its files that are not on disk. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What holds for all folders, whatever their own configuration says. */
const fixed: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  types: ['node'],
  typeRoots: [join(import.meta.dirname, '../../node_modules/@types')],
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
};
/** What else a configuration says that decides which code is right. */
const own = [
  'strict',
  'jsx',
  'jsxImportSource',
  'experimentalDecorators',
  'paths',
  'baseUrl',
  'noUnusedLocals',
  'noUnusedParameters',
  'noImplicitOverride',
] as const;

/** The declarations of the platform are the same for every program. */
const platform = new Map<string, ts.SourceFile | undefined>();

/** A program over texts as the files that they name; after another program, over its files too. */
export function programOf(folder: string, texts: ReadonlyMap<string, string>, before?: ts.Program): ts.Program {
  const options = before?.getCompilerOptions() ?? optionsOf(folder);
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, version) => {
    const text = texts.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, version, true);
    const known = before?.getSourceFile(file);
    if (known) return known;
    if (!file.includes('/node_modules/')) return getSourceFile(file, version);
    if (!platform.has(file)) platform.set(file, getSourceFile(file, version));
    return platform.get(file);
  };
  return ts.createProgram({
    rootNames: [...(before?.getRootFileNames() ?? []), ...texts.keys()],
    options,
    host,
    ...(before ? { oldProgram: before } : {}),
  });
}

function optionsOf(folder: string): ts.CompilerOptions {
  const path = join(folder, 'tsconfig.json');
  const found = existsSync(path)
    ? ts.getParsedCommandLineOfConfigFile(path, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} })
    : undefined;
  const said = Object.fromEntries(
    own.flatMap((name) => (found?.options[name] === undefined ? [] : [[name, found.options[name]]])),
  );
  return { strict: true, jsx: ts.JsxEmit.ReactJSX, experimentalDecorators: !found, ...said, ...fixed };
}

/** A name beside a file's own, of the same kind. */
export function variantName(path: string, variant: number | string): string {
  return path.replace(/(?=\.[cm]?[jt]sx?$)/, `.variant-${variant}`);
}

/**
 * Names that two variants of a file both declare for the whole program; `override` where the package of the superclass
 * is not there.
 */
const OF_THE_PLACE = new Set([2300, 2451, 4112]);
/** A class of a variant is not the one that other files know. */
const IS_OTHER = /refers to a different member that cannot be accessed|separate declarations of a private property/;

/** The errors of a file, without what differs between variants of it. */
export function errorsIn(program: ts.Program, path: string): string[] {
  const file = program.getSourceFile(path)!;
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    .filter(
      ({ code, messageText }) =>
        !OF_THE_PLACE.has(code) && !IS_OTHER.test(ts.flattenDiagnosticMessageText(messageText, ' ')),
    )
    .map(
      ({ code, messageText }) =>
        `TS${code}: ${headOf(messageText)
          .replaceAll(/\.variant-\w+/g, '')
          .replaceAll(/\s+/g, ' ')}`,
    );
}

/** Which part of a union the rest names depends on what the program has seen before. */
function headOf(text: ts.DiagnosticMessageChain | string): string {
  return typeof text === 'string' ? text : text.messageText;
}

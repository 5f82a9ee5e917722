/** The code that the check lints: the packages of the benchmark, and more of the kinds that those have few of. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, relative, resolve, sep } from 'node:path';
import type { Linter } from 'eslint';

import {
  corpusFolder,
  installPackages,
  list,
  readPackages,
  readSources,
  type PackageList,
  type PackageSources,
  type Source,
} from '../bench/corpus.mjs';
import type { Verdict } from './verdicts.js';

/** Of components, by file extension. */
export type Parsers = ReadonlyMap<string, Linter.Parser>;

export interface Sources extends Omit<PackageSources, 'version'> {
  /** Files of Vue, Svelte and Astro. */
  readonly components: readonly Source[];
}

const more = JSON.parse(readFileSync(new URL('packages.json', import.meta.url), 'utf8')) as PackageList;
const moreFolder = join(tmpdir(), 'async-leaks-ecosystem');

/** What no user of a package runs: a folder or a part of a file's name that says so, alone or with other words. */
const isTest =
  /(?:^|[/._-])(?:tests?|testing|spec|specs|__tests__|__mocks__|__fixtures__|e2e|mocks?|fixtures?|stories|bench(?:marks?)?|examples?|playgrounds?|sandbox|demos?|docs|website|scripts|dev-packages|samples?|integration|dev)(?=[/._-])/i;
const built = new Set(['node_modules', '.git', 'dist', 'build', 'out', 'coverage', 'vendor', 'third_party']);
/** Longer files are bundles. */
const longest = 600_000;

/** The packages, each named with its version. */
export function corpus(): Sources[] {
  const lists: [PackageList, string][] = [
    [list, corpusFolder],
    [more, moreFolder],
  ];
  for (const [packages, folder] of lists) installPackages(packages, folder);
  return lists
    .flatMap(([packages, folder]) => readPackages(packages, folder))
    .map((one) => ({
      ...one,
      name: `${one.name}@${one.version}`,
      files: shipping(one.files, one.folder),
      components: [],
    }));
}

/**
 * Any folders, as packages without types. `DIR=NAME` says how verdicts are to call it. Components are read where there is a
 * parser for them, and what was judged once wherever it lies.
 */
export function folders(paths: readonly string[], judged: readonly Verdict[], parsers: Parsers): Sources[] {
  return paths.map((text) => {
    const [given = '', name = given] = text.split('=');
    const folder = resolve(given);
    const known = new Set(judged.filter((verdict) => verdict.in === name).map(({ file }) => file));
    const leftOut = (entry: string) => built.has(entry);
    const components = readSources(folder, leftOut, (file) => parsers.has(extname(file)));
    return {
      name,
      typed: false,
      folder,
      files: shipping(readSources(folder, leftOut), folder, known),
      components: shipping(components, folder, known),
    };
  });
}

function shipping(files: readonly Source[], folder: string, known: ReadonlySet<string> = new Set()): Source[] {
  return files.filter(({ name, text }) => {
    const file = fileIn(folder, name);
    return text.length < longest && (!isTest.test(file) || known.has(file));
  });
}

/** What verdicts call a file. */
export function fileIn(folder: string, path: string): string {
  return relative(folder, path).replaceAll(sep, '/');
}

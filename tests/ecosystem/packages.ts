/** The code that the check lints: the packages of the benchmark, and more of the kinds that those have few of. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

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

export type Sources = Omit<PackageSources, 'version'>;

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
    .map((one) => ({ ...one, name: `${one.name}@${one.version}`, files: shipping(one.files, one.folder) }));
}

/** Any folders, as packages without types. `DIR=NAME` says how verdicts are to call it. */
export function folders(paths: readonly string[]): Sources[] {
  return paths.map((text) => {
    const [given = '', name = given] = text.split('=');
    const folder = resolve(given);
    return {
      name,
      typed: false,
      folder,
      files: shipping(
        readSources(folder, (entry) => built.has(entry)),
        folder,
      ),
    };
  });
}

function shipping(files: readonly Source[], folder: string): Source[] {
  return files.filter(({ name, text }) => !isTest.test(relative(folder, name)) && text.length < longest);
}

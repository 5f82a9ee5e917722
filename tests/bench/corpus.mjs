// The real code that the benchmark lints: packages from the npm registry that ship their sources, at pinned versions.
// It lives outside the project: TypeScript takes every file below a `node_modules` folder for a library's.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * @type {{ packages: { name: string, version: string, sources: string[], typed: boolean }[], types: Record<string,
 * string> }}
 */
export const list = JSON.parse(fs.readFileSync(new URL('corpus.json', import.meta.url), 'utf8'));

export const corpusFolder = path.join(os.tmpdir(), 'async-leaks-bench');
const isSource = (name) => /\.[cm]?[jt]sx?$/.test(name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(name);

/** Brings the corpus to this machine, unless it is there already. */
export function installCorpus() {
  installPackages(list, corpusFolder);
}

/** Brings the packages of a list into a folder, unless they are there already. */
export function installPackages({ packages, types }, target) {
  const done = path.join(target, 'corpus.json');
  const wanted = JSON.stringify({ packages, types });
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === wanted) return;

  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  const dependencies = { ...types, ...Object.fromEntries(packages.map(({ name, version }) => [name, version])) };
  fs.writeFileSync(path.join(target, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const quietly = [
    '--ignore-scripts',
    '--legacy-peer-deps',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  execFileSync('npm', ['install', ...quietly], { cwd: target, stdio: ['ignore', 'ignore', 'inherit'] });

  for (const { name, sources } of packages) {
    for (const source of sources) {
      fs.cpSync(path.join(target, 'node_modules', name, source), path.join(folderOf(target, name), source), {
        recursive: true,
      });
    }
    fs.writeFileSync(
      path.join(folderOf(target, name), 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['**/*'] }),
    );
  }
  fs.writeFileSync(done, wanted);
}

const compilerOptions = {
  allowJs: true,
  strict: true,
  target: 'esnext',
  lib: ['esnext', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  types: ['node'],
  skipLibCheck: true,
  noEmit: true,
};

const folderOf = (target, name) => path.join(target, 'sources', name);

/**
 * The packages of the corpus with their files. The quick corpus has every tenth file of each package.
 * @returns {{ name: string, typed: boolean, folder: string, files: { name: string, text: string, lines: number }[] }[]}
 */
export function readCorpus({ quick }) {
  return readPackages(list, corpusFolder).map(({ files, ...one }) => ({
    ...one,
    files: files.filter((_, index) => !quick || index % 10 === 0),
  }));
}

/** The packages of a list that were brought into a folder, with their files. */
export function readPackages({ packages }, target) {
  return packages.map(({ name, version, typed }) => {
    const folder = folderOf(target, name);
    return { name, version, typed, folder, files: readSources(folder) };
  });
}

/** The sources below a folder, but for those in folders with certain names; with a third argument other files. */
export function readSources(folder, leftOut = () => false, isWanted = isSource) {
  const namesIn = (at) =>
    fs.readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
      const name = path.join(at, entry.name);
      if (entry.isDirectory()) return leftOut(entry.name) ? [] : namesIn(name);
      return entry.isFile() && isWanted(entry.name) ? [name] : [];
    });
  return namesIn(folder)
    .sort()
    .map((file) => ({ name: file, text: fs.readFileSync(file, 'utf8') }))
    .map((file) => ({ ...file, lines: file.text.split('\n').length }));
}

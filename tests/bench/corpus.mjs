// The real code that the benchmark lints: packages from the npm registry that ship their sources, at pinned versions.
// It lives outside the project: TypeScript takes every file below a `node_modules` folder for a library's.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { packages, types } = JSON.parse(fs.readFileSync(new URL('corpus.json', import.meta.url), 'utf8'));

export const corpusFolder = path.join(os.tmpdir(), 'async-leaks-bench');
const isSource = name => /\.[cm]?[jt]sx?$/.test(name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(name);

/** Brings the corpus to this machine, unless it is there already. */
export function installCorpus() {
  const done = path.join(corpusFolder, 'corpus.json');
  const wanted = JSON.stringify({ packages, types });
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === wanted) return;

  fs.rmSync(corpusFolder, { recursive: true, force: true });
  fs.mkdirSync(corpusFolder, { recursive: true });
  const dependencies = { ...types, ...Object.fromEntries(packages.map(({ name, version }) => [name, version])) };
  fs.writeFileSync(path.join(corpusFolder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const quietly = ['--ignore-scripts', '--legacy-peer-deps', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...quietly], { cwd: corpusFolder, stdio: ['ignore', 'ignore', 'inherit'] });

  for (const { name, sources } of packages) {
    for (const source of sources) {
      fs.cpSync(path.join(corpusFolder, 'node_modules', name, source), path.join(folderOf(name), source), { recursive: true });
    }
    fs.writeFileSync(path.join(folderOf(name), 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*'] }));
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

const folderOf = name => path.join(corpusFolder, 'sources', name);

/**
 * The packages of the corpus with their files. The quick corpus has every tenth file of each package.
 * @returns {{ name: string, typed: boolean, folder: string, files: { name: string, text: string, lines: number }[] }[]}
 */
export function readCorpus({ quick }) {
  return packages.map(({ name, typed }) => {
    const folder = folderOf(name);
    const names = fs.readdirSync(folder, { recursive: true }).filter(isSource).sort();
    const files = names
      .filter((_, index) => !quick || index % 10 === 0)
      .map(file => path.join(folder, file))
      .map(file => ({ name: file, text: fs.readFileSync(file, 'utf8') }))
      .map(file => ({ ...file, lines: file.text.split('\n').length }));
    return { name, typed, folder, files };
  });
}

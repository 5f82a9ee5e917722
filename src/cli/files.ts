import { readdirSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { CannotRun } from './cannot-run.js';
import { Tally } from './tally.js';

export const scriptExtensions = ['.js', '.jsx', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts'];
export const componentExtensions = ['.vue', '.svelte', '.astro'];

/** Folders that hold what was installed or built, unless the user names one of them. */
const skippedFolders = new Set([
  'node_modules',
  '.git',
  'dist',
  'build',
  'out',
  'coverage',
  '.cache',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.yarn',
]);
const maxBytes = 1024 * 1024;
const maxLineLength = 500;

export interface Source {
  path: string;
  /** Named by the user, so none of the reasons to skip a file holds. */
  named: boolean;
}

/** All files to lint, folder by folder. What is left out goes to `skipped`. */
export function findFiles(paths: readonly string[], skipped: Tally): Source[] {
  if (paths.length === 0) throw new CannotRun('Nothing to lint: name a file or a folder, or see --help.');

  const found = new Map<string, Source>();
  for (const path of paths) {
    for (const source of filesAt(resolve(path), path, skipped)) {
      if (!found.has(source.path) || source.named) found.set(source.path, source);
    }
  }
  if (found.size === 0) {
    const extensions = [...scriptExtensions, ...componentExtensions].join(', ');
    throw new CannotRun(`No files to lint in ${paths.join(', ')}${skippedInAll(skipped)}. Looked for ${extensions}.`);
  }
  return [...found.values()];
}

/** Why a file that was found is not worth linting, or null when it is. */
export function tooGenerated(text: string): string | null {
  const lines = text.split('\n').length;
  return text.length / lines > maxLineLength ? 'minified' : null;
}

/** The folder that all paths are in: the working folder if it holds them all. */
export function commonFolder(paths: readonly string[]): string {
  let folder = process.cwd();
  if (paths.every((path) => isIn(folder, path))) return folder;

  folder = dirname(paths[0] ?? folder);
  while (!paths.every((path) => isIn(folder, path))) folder = dirname(folder);
  return folder;
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function filesAt(path: string, asTyped: string, skipped: Tally): Source[] {
  const stats = statsOf(path);
  if (!stats) throw new CannotRun(`${asTyped} does not exist.`);
  if (stats.isDirectory()) return [...filesIn(path, skipped)];

  if (isLintable(path)) return [{ path, named: true }];
  skipped.add('not a script', path);
  return [];
}

function* filesIn(folder: string, skipped: Tally): Generator<Source> {
  const entries = entriesOf(folder, skipped);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile() && isLintable(path)) {
      const reason = reasonToSkip(path);
      if (reason) skipped.add(reason, path);
      else yield { path, named: false };
    }
    // A link to a folder may lead back here, and what it leads to is linted where it lives.
    const isLink = entry.isSymbolicLink() && (isLintable(path) || statsOf(path)?.isDirectory());
    if (isLink) skipped.add('symbolic link', path);
  }
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    if (skippedFolders.has(entry.name)) skipped.add(`folder ${entry.name}`, path);
    else yield* filesIn(path, skipped);
  }
}

function entriesOf(folder: string, skipped: Tally) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    skipped.add('folder that cannot be read', folder);
    return [];
  }
}

function reasonToSkip(path: string): string | null {
  if (/\.d\.([^.]+\.)?[cm]?ts$/.test(path)) return 'type declarations';
  if (/\.min\.[cm]?js$/.test(path)) return 'minified';
  return (statsOf(path)?.size ?? 0) > maxBytes ? 'over 1 MB' : null;
}

function isLintable(path: string): boolean {
  const extension = extname(basename(path));
  return scriptExtensions.includes(extension) || componentExtensions.includes(extension);
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function skippedInAll(skipped: Tally): string {
  const rows = skipped.rows.map((row) => `${row.reason}: ${row.count}`);
  return rows.length === 0 ? '' : ` (skipped: ${rows.join(', ')})`;
}

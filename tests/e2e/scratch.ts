import { execFileSync, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const installed = join(tmpdir(), 'async-leaks-e2e');

/**
 * A project of its own, as a user's would be: the plugin comes from the packed tarball, everything else from the
 * registry.
 */
export interface Scratch {
  readonly folder: string;
  /** The text of a file. */
  read(path: string): string;
  write(path: string, text: string): void;
  /** Runs a command of `node_modules/.bin`, or of the machine where there is none. */
  run(command: string, args: readonly string[], options?: SpawnSyncOptions): Run;
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A project with these packages and files, which is gone after the test.
 *
 * The packages are installed once for each list and kept in the machine's folder for temporary files.
 *
 * @param dependencies - Name and version of each package, without the plugin.
 * @param files - Path and text of each file.
 */
export function scratch(
  dependencies: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Scratch {
  const project = makeProject(dependencies, files);
  onTestFinished(() => {
    rmSync(project.folder, { recursive: true, force: true });
  });
  return project;
}

/** The same outside of a test: nobody removes it. */
export function makeProject(
  dependencies: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'async-leaks-scratch-'));
  cpSync(join(install(dependencies), 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(install(dependencies), 'node_modules'), join(folder, 'node_modules'));

  const project: Scratch = {
    folder,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    run(command, args, options) {
      const own = join(folder, 'node_modules', '.bin', command);
      const { error, status, stdout, stderr } = spawnSync(existsSync(own) ? own : command, args, {
        cwd: folder,
        ...options,
        encoding: 'utf8',
      });
      if (error) throw error;
      return { status, stdout, stderr };
    },
  };
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  return project;
}

/** The folder whose `node_modules` has these packages and the plugin as it would be published. */
function install(dependencies: Readonly<Record<string, string>>): string {
  const plugin = tarball();
  const wanted = JSON.stringify({
    private: true,
    type: 'module',
    devDependencies: { ...dependencies, 'eslint-plugin-async-leaks': `file:${plugin}` },
  });
  const folder = join(installed, digest(wanted));
  if (existsSync(folder)) return folder;

  // It gets its name when it is complete: other runs may install the same.
  const begun = mkdtempSync(join(installed, 'install-'));
  writeFileSync(join(begun, 'package.json'), wanted);
  execFileSync('npm', ['install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: begun,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    renameSync(begun, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(begun, { recursive: true });
  }
  return folder;
}

let packed: string | undefined;

/** The packed plugin, named after what is in it, so that another build is another package. */
function tarball(): string {
  if (packed) return packed;
  mkdirSync(installed, { recursive: true });
  const begun = mkdtempSync(join(installed, 'pack-'));
  const [{ filename, integrity }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', begun], {
      cwd: root,
      encoding: 'utf8',
    }),
  ) as [{ filename: string; integrity: string }];
  packed = join(installed, `plugin-${digest(integrity)}.tgz`);
  renameSync(join(begun, filename), packed);
  rmSync(begun, { recursive: true });
  return packed;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

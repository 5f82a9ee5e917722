import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const bin = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A folder with these files, which is gone after the test. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-leaks-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What the built command prints and returns when it runs in `folder`. */
export function runIn(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

export function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** `save` is known to be async from the file itself, so its call is found with and without types. */
export const leak = `async function save(): Promise<void> {
  await fetch('/save');
}

export async function saveTwice(): Promise<void> {
  save();
  await save();
}
`;

export const clean = leak.replace('  save();', '  await save();');

/** What `save` returns is known only with types. */
export const typedLeak = {
  'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext", "types": [] }, "include": ["src"] }',
  'src/save.ts': "export async function save(): Promise<void> {\n  await fetch('/save');\n}\n",
  'src/use.ts':
    "import { save } from './save.js';\n\nexport async function use(): Promise<void> {\n  save();\n  await null;\n}\n",
};

/** A package `eslint` that is the real one, except that `body` stands for its `lintText`. */
export function eslintWithLintText(body: string): Record<string, string> {
  const real = JSON.stringify(fileURLToPath(import.meta.resolve('eslint')));
  return {
    'node_modules/eslint/package.json': '{ "name": "eslint", "main": "index.js" }',
    'node_modules/eslint/index.js': `const { ESLint } = require(${real});
      exports.ESLint = class extends ESLint {
        async lintText(text, options) { ${body} }
      };`,
  };
}

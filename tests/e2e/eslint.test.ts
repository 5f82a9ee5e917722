import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leak, mended } from './leak.js';
import { scratch } from './scratch.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [first, larger] = [...readme.matchAll(/^```js\n(\/\/ eslint\.config\.js\n[^]*?)^```$/gm)].map(
  ([, config]) => config!,
);

test('eslint lints with the packed plugin, and the first config of the README', () => {
  const project = scratch({ eslint: '10' }, { 'eslint.config.js': first!, 'leak.js': leak, 'clean.js': mended });
  expect(project.run('eslint', ['clean.js'])).toEqual({ status: 0, stdout: '', stderr: '' });
  const { status, stdout } = project.run('eslint', ['leak.js']);
  expect(stdout).toContain('async-leaks/no-floating-promises');
  expect(status).toBe(1);
});

test('the larger config of the README has types, folders with another config, and single rules', () => {
  const use = "import { ping } from '../leak.js';\n\nexport function use(): void {\n  ping();\n}\n";
  const poll = 'export function poll(): void {\n  setInterval(poll, 1000);\n}\n';
  const project = scratch(
    { eslint: '10', 'typescript-eslint': '8', typescript: '6' },
    {
      'eslint.config.js': larger!,
      'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true, "types": [] } }\n',
      'leak.ts': mended,
      'src/use.ts': use,
      'src/poll.ts': poll,
      'src/server/poll.ts': poll,
      'src/api/ping.ts': mended,
    },
  );
  const { stdout } = project.run('eslint', ['--format', 'json', '.']);
  const found = (JSON.parse(stdout) as { filePath: string; messages: { ruleId: string }[] }[]).flatMap(
    ({ filePath, messages }) => messages.map(({ ruleId }) => `${filePath.slice(project.folder.length + 1)} ${ruleId}`),
  );
  expect(found.sort()).toEqual([
    'src/api/ping.ts async-leaks/require-abort-signal',
    'src/server/poll.ts async-leaks/no-leaked-intervals',
    'src/use.ts async-leaks/no-floating-promises',
  ]);
});

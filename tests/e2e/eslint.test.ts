import { expect, test } from 'vitest';
import { scratch } from './scratch.js';

const config = `import { defineConfig } from 'eslint/config';
import asyncLeaks from 'eslint-plugin-async-leaks';

export default defineConfig([asyncLeaks.configs.recommended]);
`;

test('eslint lints with the packed plugin', () => {
  const project = scratch({ eslint: '10' }, {
    'eslint.config.js': config,
    'leak.js': "export async function ping() {\n  await fetch('/ping');\n}\n\nexport async function twice() {\n  ping();\n  await ping();\n}\n",
    'clean.js': "export async function ping() {\n  await fetch('/ping');\n}\n",
  });

  expect(project.run('eslint', ['clean.js'])).toEqual({ status: 0, stdout: '', stderr: '' });
  const { status, stdout } = project.run('eslint', ['leak.js']);
  expect(stdout).toContain('async-leaks/no-floating-promises');
  expect(status).toBe(1);
});

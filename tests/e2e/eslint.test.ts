import { expect, test } from 'vitest';
import { config, leak, mended } from './leak.js';
import { scratch } from './scratch.js';

test('eslint lints with the packed plugin', () => {
  const project = scratch({ eslint: '10' }, { 'eslint.config.js': config, 'leak.js': leak, 'clean.js': mended });
  expect(project.run('eslint', ['clean.js'])).toEqual({ status: 0, stdout: '', stderr: '' });
  const { status, stdout } = project.run('eslint', ['leak.js']);
  expect(stdout).toContain('async-leaks/no-floating-promises');
  expect(status).toBe(1);
});

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the comparison with other plugins is what they find now', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'compare', '--', '--check'], {
    encoding: 'utf8',
  });
  expect(stdout + stderr).not.toContain('out of date');
  expect(status).toBe(0);
});

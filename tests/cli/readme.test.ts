import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderTryOutput } from '../support/readme-output.js';

test('the README shows what trying the examples prints', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(renderTryOutput());
});

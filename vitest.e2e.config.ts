import { defineConfig } from 'vitest/config';

/** With the programs that users run, installed from the registry: slower than `npm test`, and in need of a network. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    testTimeout: 600_000,
    fileParallelism: false,
  },
});

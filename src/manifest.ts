import { createRequire } from 'node:module';

/** What the package says about itself. */
export const { name, version, homepage } = createRequire(import.meta.url)('eslint-plugin-async-leaks/package.json') as {
  name: string;
  version: string;
  homepage: string;
};

import { defineConfig, globalIgnores } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';
import asyncLeaks from './dist/index.js';

export default defineConfig([
  // The examples leak on purpose.
  globalIgnores(['dist', 'coverage', 'examples']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Node types are compared with strings all over a linter; unbound-method does not know which methods use `this`.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'rules/**/*.ts', 'tests/**/*.ts'],
    extends: [asyncLeaks.configs.strict],
  },
  {
    // What `defineRule` makes of a rule is looked at in tests/eslint-plugin.test.ts.
    files: ['src/rule.ts', 'rules/**/*.ts'],
    extends: [eslintPlugin.configs['all-type-checked']],
  },
]);

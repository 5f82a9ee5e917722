import { createRequire } from 'node:module';
import type { ESLint } from 'eslint';
import noLeakedIntervals from '../rules/no-leaked-intervals.js';
import noLeakedListeners from '../rules/no-leaked-listeners.js';
import { configsOf } from './configs.js';

const { name, version } = createRequire(import.meta.url)('eslint-plugin-async-leaks/package.json') as { name: string; version: string };

const rules = {
  'no-leaked-intervals': noLeakedIntervals,
  'no-leaked-listeners': noLeakedListeners,
};

// ESLint's own types and those of typescript-eslint describe the same rules in two ways.
const plugin = { meta: { name, version, namespace: 'async-leaks' }, rules: rules as typeof rules & ESLint.Plugin['rules'] };

export default Object.assign(plugin, { configs: configsOf(plugin, rules) });

export const config = `import { defineConfig } from 'eslint/config';
import asyncLeaks from 'eslint-plugin-async-leaks';

export default defineConfig([asyncLeaks.configs.recommended]);
`;

export const leak = `export async function ping() {
  await fetch('/ping');
}

export async function twice() {
  ping();
  await ping();
}
`;

/** The same without its leak. */
export const mended = leak.replace('  ping();', '  await ping();');

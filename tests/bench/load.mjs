// How long the plugin takes to load once ESLint is there, in a process that did nothing else.
import { pathToFileURL } from 'node:url';

const task = JSON.parse(process.argv[2]);
const start = performance.now();
await import('eslint');
const loaded = performance.now();
await import(pathToFileURL(task.plugin).href);
process.stdout.write(JSON.stringify({ eslint: loaded - start, plugin: performance.now() - loaded }));

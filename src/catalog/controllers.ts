import type { Resource } from './resource.js';

export const CONTROLLERS: readonly Resource[] = [
  { kind: 'controller', start: 'controller = new AbortController()', end: 'controller.abort()' },
];

import type { Resource } from './resource.js';

/** A call that is known for something, in the notation of resources. */
export interface KnownCall {
  readonly call: string;
  readonly from?: string | readonly string[];
  readonly where?: Resource['where'];
  /** `strict`: only usually so. */
  readonly level?: 'strict';
}

const ROUTERS = { router: ['vue-router.Router', '@angular/router.Router'] };
const QUERIES = { client: '@tanstack/query-core.QueryClient' };
const FASTIFY = { server: 'fastify.FastifyInstance' };

/** Calls whose promise is dropped on purpose: it never fails, or what fails is told in another way. */
export const SAFE_CALLS: readonly KnownCall[] = [
  ...['invalidateQueries', 'refetchQueries', 'resetQueries', 'cancelQueries', 'prefetchQuery', 'prefetchInfiniteQuery'].map((name) => ({ call: `client.${name}()`, where: QUERIES })),
  { call: 'nextTick()', from: ['vue', '@vue/runtime-core', 'vue-demi'] },
  { call: 'tick()', from: 'svelte' },
  { call: 'Notification.requestPermission()' },
  { call: 'target.changeLanguage(language)', where: { target: 'i18next.i18n' } },
  ...['showInformationMessage', 'showWarningMessage', 'showErrorMessage'].map((name): KnownCall => ({ call: `window.${name}(message)`, from: 'vscode' })),
  ...['push', 'replace', 'navigate', 'navigateByUrl'].map((name): KnownCall => ({ call: `router.${name}(target)`, where: ROUTERS, level: 'strict' })),
  ...['push', 'replace'].map((name): KnownCall => ({ call: `${name}(target)`, from: 'next/router', level: 'strict' })),
  ...['register', 'after'].map((name): KnownCall => ({ call: `server.${name}(plugin)`, where: FASTIFY, level: 'strict' })),
  { call: 'worker.terminate()', where: { worker: 'node:worker_threads.Worker' }, level: 'strict' },
  { call: 'client.end()', where: { client: 'pg.Client' }, level: 'strict' },
  { call: 'animate()', from: ['motion', 'motion/react', 'framer-motion'], level: 'strict' },
];

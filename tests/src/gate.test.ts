import { expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { lint } from '../support/lint.js';
import { createProject } from '../support/project.js';

const strict = plugin.configs.strict.rules;

it('looks with types where the word that matters is in another file', () => {
  const work = {
    name: 'gate/work.ts',
    text: `import type { Request } from './request.js';\nexport async function load(url: string, options: Request) {\n  console.log(options.tries);\n  return await fetch(url);\n}\n`,
  };
  const request = {
    name: 'gate/request.ts',
    text: 'export interface Request { signal: AbortSignal; tries: number }\n',
  };
  const program = createProject([work, request]);

  expect(lint(work, strict, program)).toMatchObject([{ ruleId: 'async-leaks/no-ignored-signals', line: 4 }]);
});

it('knows with types the values of a package that is not installed', () => {
  const source = {
    name: 'gate/store.ts',
    text: `import { createStore } from 'redux';\nconst store = createStore(() => 0);\nexport class View {\n  constructor() {\n    store.subscribe(() => this.draw());\n  }\n  draw() {}\n  destroy() {}\n}\n`,
  };

  expect(lint(source, strict, createProject([source]))).toMatchObject([
    { ruleId: 'async-leaks/no-leaked-resources', line: 5 },
  ]);
});

import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

import { homepage, version } from '../../src/manifest.js';
import { config, leak, mended } from './leak.js';
import { commandOf, fileOf } from './page.js';
import { scratch, type Run, type Scratch } from './scratch.js';

/** A repository in which a commit runs its hooks. */
function repository(dependencies: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>): Scratch {
  const project = scratch(
    { eslint: '10', ...dependencies },
    { 'eslint.config.js': config, '.gitignore': 'node_modules\n', ...files },
  );
  git(project, 'init', '--quiet');
  git(project, 'config', 'user.name', 'Somebody');
  git(project, 'config', 'user.email', 'somebody@example.org');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--no-verify', '--message', 'Begin');
  return project;
}

function git(project: Scratch, ...args: string[]): Run {
  return project.run('git', args);
}

function commit(project: Scratch, message: string): Run {
  return git(project, 'commit', '--message', message);
}

function refusesOnlyStagedLeaks(project: Scratch): void {
  project.write('leak.js', leak);
  git(project, 'add', 'leak.js');
  const refused = commit(project, 'Leak');
  expect(refused.stdout + refused.stderr).toMatch(/async-leaks\/no-floating-promises/);
  expect(refused.status).not.toBe(0);

  // Neither what git does not know nor what is not staged is in the commit, so neither is linted.
  project.write('leak.js', mended);
  git(project, 'add', 'leak.js');
  project.write('leak.js', leak);
  project.write('other.js', leak);
  const accepted = commit(project, 'Mend');
  expect(accepted.status, accepted.stdout + accepted.stderr).toBe(0);
  expect(git(project, 'log', '--format=%s').stdout).toBe('Mend\nBegin\n');
  expect(project.read('leak.js')).toBe(leak);
}

test('lefthook refuses a commit that leaks', () => {
  const project = repository({ lefthook: '2' }, { 'lefthook.yml': fileOf('pre-commit.md', 'lefthook.yml') });
  const [command, ...args] = commandOf('pre-commit.md', 'npx lefthook') as [string, ...string[]];
  expect(project.run(command, args).status).toBe(0);
  refusesOnlyStagedLeaks(project);
});

test('husky and lint-staged refuse a commit that leaks', () => {
  const project = repository(
    { husky: '9', 'lint-staged': '16' },
    { '.lintstagedrc.json': fileOf('pre-commit.md', '.lintstagedrc.json') },
  );
  const [command, ...args] = commandOf('pre-commit.md', 'npx husky') as [string, ...string[]];
  expect(project.run(command, args).status).toBe(0);
  project.write('.husky/pre-commit', fileOf('pre-commit.md', '.husky/pre-commit'));
  refusesOnlyStagedLeaks(project);
});

test.each(['eslint', 'async-leaks'])('the %s hook of pre-commit refuses a commit that leaks', (hook) => {
  const hooks = readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8');
  const source = repository({}, { '.pre-commit-hooks.yaml': hooks });
  git(source, 'tag', `v${version}`);
  const shown = fileOf('pre-commit.md', '.pre-commit-config.yaml');
  expect(shown).toContain(`- repo: ${homepage}\n    rev: v${version}\n`);

  const project = repository(
    {},
    { '.pre-commit-config.yaml': shown.replace(homepage, source.folder).replace('id: eslint', `id: ${hook}`) },
  );
  const [command, ...args] = commandOf('pre-commit.md', 'pre-commit install') as [string, ...string[]];
  vi.stubEnv('PRE_COMMIT_HOME', join(tmpdir(), 'async-leaks-e2e', 'pre-commit'));
  expect(project.run(command, args).status).toBe(0);
  refusesOnlyStagedLeaks(project);
});

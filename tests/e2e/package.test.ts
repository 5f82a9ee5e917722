import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

test('what is published is small, and needs nothing but ESLint', () => {
  const [{ size, files }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], { encoding: 'utf8' }),
  ) as [{ size: number; files: { path: string }[] }];
  console.log(`The package is ${Math.round(size / 1000)} kB in ${files.length} files.`);
  expect(size).toBeLessThan(260_000);
  expect(
    files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^dist\/(?:\w+\.js|src\/(?:config-types\.d\.cts|index\.d\.ts|options\.d\.cts|plugin\.d\.ts))$|^oxlint\/\w+\.json$/.test(
            path,
          ),
      ),
  ).toEqual(['LICENSE', 'README.md', 'package.json']);
  expect(Object.keys(manifest)).not.toContain('dependencies');
  expect(Object.keys(manifest.peerDependencies)).toEqual(['eslint']);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, clean, eslintWithLintText, folderWith, leak, runIn, typedLeak } from './support.js';

describe('exit code', () => {
  test('0 without findings', () => {
    const { status, stdout, stderr } = runIn(folderWith({ 'a.ts': clean }), '.');
    expect(stdout).toContain('No findings in 1 file');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('1 with findings', () => {
    const { status, stdout } = runIn(folderWith({ 'a.ts': leak, 'b.ts': clean }), '.');
    expect(stdout).toContain('1 finding in 1 of 2 files');
    expect(status).toBe(1);
  });

  test.each([
    ['a path that does not exist', ['nowhere'], 'nowhere does not exist.'],
    ['no path', [], 'Nothing to lint: name a file or a folder, or see --help.'],
    ['a folder without scripts', ['docs'], 'No files to lint in docs. Looked for .js, .jsx, .mjs'],
    ['a folder with skipped files only', ['types'], 'No files to lint in types (skipped: type declarations: 1).'],
    ['an unknown option', ['--stric', '.'], 'Unknown option --stric. Did you mean --strict?'],
    ['an option that resembles none', ['--quantum', '.'], 'Unknown option --quantum. See --help.'],
    ['an unknown format', ['--format', 'xml', '.'], 'Unknown format "xml". Use one of: stylish, json, sarif.'],
    ['a format without a value', ['.', '--format'], '--format needs a value. See --help.'],
    ['a switch with a value', ['--strict=yes', '.'], '--strict takes no value.'],
    ['an unknown rule', ['--rule', 'no-floating-promise', '.'], 'Did you mean no-floating-promises?'],
  ])('2 for %s', (_what, args, line) => {
    const folder = folderWith({ 'a.ts': clean, 'docs/readme.md': '', 'types/a.d.ts': 'export {};' });
    const { status, stdout, stderr } = runIn(folder, ...args);
    expect(stderr).toMatch(/^eslint-plugin-async-leaks: [^\n]+\n$/);
    expect(stderr).toContain(line);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test('2 for a rule that crashes, after the report', () => {
    const folder = folderWith({
      'a.ts': '// crash',
      'b.ts': leak,
      ...eslintWithLintText(`
        if (text.includes('// crash')) throw Object.assign(new Error('no such node'), { ruleId: 'async-leaks/no-leaked-locks' });
        return super.lintText(text, options);`),
    });
    const { status, stdout } = runIn(folder, '.');
    expect(stdout).toContain('b.ts:6:3  async-leaks/no-floating-promises');
    expect(stdout).toContain('a.ts: async-leaks/no-leaked-locks: Error: no such node at ');
    expect(status).toBe(2);
  });

  test('130 after Ctrl-C, with what was found so far', async () => {
    const files = Array.from({ length: 2000 }, (_, index) => [`${index}.ts`, leak] as const);
    const child = spawn(process.execPath, [bin, '.'], { cwd: folderWith(Object.fromEntries(files)) });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      if (stdout === '') child.kill('SIGINT');
      stdout += String(chunk);
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(stdout).toMatch(/Stopped after \d+ of 2000 files\./);
    expect(stdout).toMatch(/\d+ findings? in \d+ of \d+ files? /);
  });
});

test('--help names each option and --version the version', () => {
  const folder = folderWith({});
  const { status, stdout } = runIn(folder, '--help');
  for (const option of ['--strict', '--untyped', '--rule', '--format', '--fix-suggestions', '--version']) {
    expect(stdout).toContain(option);
  }
  expect(status).toBe(0);
  expect(runIn(folder, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('what is linted', () => {
  const generated = {
    'a.ts': clean,
    'node_modules/b/b.js': leak,
    'dist/a.js': leak,
    'types/a.d.ts': 'export {};',
    'a.min.js': leak,
    'bundle.js': `var a = [${'1,'.repeat(1000)}];`,
    'large.js': 'var a = 1;\n'.repeat(100_000),
    'page.vue': '<template></template>',
    'a.txt': '',
  };

  test('generated files are skipped, and it is said why', () => {
    const { stdout, status } = runIn(folderWith(generated), '.');
    expect(stdout.slice(stdout.indexOf('Skipped:'), stdout.indexOf('\n\n'))).toBe(
      [
        'Skipped:',
        '  minified: 2 (first: a.min.js)',
        '  over 1 MB: 1 (first: large.js)',
        '  folder dist: 1 (first: dist)',
        '  folder node_modules: 1 (first: node_modules)',
        '  type declarations: 1 (first: types/a.d.ts)',
        '  vue-eslint-parser is not installed: 1 (first: page.vue)',
      ].join('\n'),
    );
    expect(stdout).toContain('No findings in 1 file');
    expect(status).toBe(0);
  });

  test('what is named is linted all the same', () => {
    const { stdout } = runIn(
      folderWith(generated),
      'dist',
      'node_modules/b',
      'a.min.js',
      'bundle.js',
      '--rule',
      'no-floating-promises',
    );
    expect(stdout).toContain('of 4 files');
    expect(stdout).not.toContain('Skipped');
  });

  test('a file that cannot be parsed does not stop the others', () => {
    const { status, stdout } = runIn(folderWith({ 'bad.ts': 'const a = 1;\nlet = = 2;\n', 'good.ts': leak }), '.');
    expect(stdout).toMatch(/Cannot be parsed:\n {2}bad\.ts:2:\d+ .+ expected\./);
    expect(stdout).toContain('1 finding in 1 of 1 file');
    expect(status).toBe(1);
  });

  test('a comment that ESLint knows no more keeps no file from being linted', () => {
    const { status, stdout } = runIn(folderWith({ 'old.ts': `/* eslint-env browser */\n${leak}` }), '.');
    expect(stdout).not.toContain('Cannot be parsed');
    expect(stdout).toContain('1 finding in 1 of 1 file');
    expect(status).toBe(1);
  });

  test('with nothing but such files it could not run', () => {
    const { status, stderr } = runIn(folderWith({ 'bad.ts': 'let = = 2;' }), '.');
    expect(stderr).toContain('None of the files could be linted.');
    expect(status).toBe(2);
  });

  test('comments switch our rules off, and those about other rules do not matter', () => {
    const text = leak
      .replace('  save();', '  save(); // eslint-disable-line async-leaks/no-floating-promises')
      .replace(/^/, '/* eslint-disable other/rule, no-console */\n/* eslint no-undef: 2, other/rule: 2 */\n');
    const { status, stdout } = runIn(folderWith({ 'a.ts': text }), '.');
    expect(stdout).toContain('No findings in 1 file');
    expect(status).toBe(0);
  });

  test('--rule keeps the rules it names', () => {
    const folder = folderWith({ 'a.ts': leak });
    expect(runIn(folder, '.', '--rule', 'no-leaked-locks').status).toBe(0);
    expect(runIn(folder, '.', '--rule', 'no-leaked-locks', '--rule', 'async-leaks/no-floating-promises').status).toBe(
      1,
    );
  });
});

describe('types', () => {
  test('are used where a tsconfig covers the file', () => {
    const { stdout } = runIn(folderWith(typedLeak), '.');
    expect(stdout).toContain('src/use.ts:4:3  async-leaks/no-floating-promises');
    expect(stdout).not.toContain('Linted without type information');
  });

  test('are used where the tsconfig is in a folder above what is linted', () => {
    const folder = folderWith({ ...typedLeak, 'elsewhere/notes.txt': '' });
    for (const { stdout } of [runIn(join(folder, 'src'), '.'), runIn(join(folder, 'elsewhere'), '../src')]) {
      expect(stdout).toContain('use.ts:4:3  async-leaks/no-floating-promises');
      expect(stdout).not.toContain('Linted without type information');
    }
  });

  test('are left out with --untyped', () => {
    const { status, stdout } = runIn(folderWith(typedLeak), '.', '--untyped');
    expect(stdout).toContain('No findings in 2 files');
    expect(stdout).not.toContain('Linted without type information');
    expect(status).toBe(0);
  });

  test('are missing for files outside, which are linted in the same run', () => {
    const { stdout } = runIn(folderWith({ ...typedLeak, 'tools/a.ts': leak, 'tools/b.js': 'var b;' }), '.');
    expect(stdout).toContain('src/use.ts:4:3  async-leaks/no-floating-promises');
    expect(stdout).toContain('tools/a.ts:6:3  async-leaks/no-floating-promises');
    expect(stdout).toContain(
      'Linted without type information:\n  no tsconfig.json covers the file: 2 (first: tools/a.ts)\n',
    );
  });
});

describe('ESLint and its parser', () => {
  test('that are too old or do not load are passed over', () => {
    const { status, stdout } = runIn(
      folderWith({
        'a.ts': leak,
        'node_modules/eslint/package.json': '{ "name": "eslint", "main": "index.js" }',
        'node_modules/eslint/index.js': "exports.ESLint = class { static version = '8.57.0'; };",
        'node_modules/@typescript-eslint/parser/package.json':
          '{ "name": "@typescript-eslint/parser", "main": "index.js" }',
        'node_modules/@typescript-eslint/parser/index.js':
          "throw new Error('TypeScript 99 is not supported.\\nAt all.');",
      }),
      '.',
    );
    expect(stdout).toMatch(/Not used: .*node_modules.eslint.index\.js, because version 8\.57\.0 is older than 9\.15\./);
    expect(stdout).toMatch(
      /Not used: .*parser.index\.js, because it cannot be loaded: TypeScript 99 is not supported\./,
    );
    expect(stdout).toContain('1 finding in 1 of 1 file');
    expect(status).toBe(1);
  });

  test('that do not fit together are passed over', () => {
    const { stdout } = runIn(
      folderWith({
        'a.ts': leak,
        'node_modules/@typescript-eslint/parser/package.json':
          '{ "name": "@typescript-eslint/parser", "main": "index.js" }',
        'node_modules/@typescript-eslint/parser/index.js':
          "exports.parse = () => { throw new Error('wrong version'); };",
      }),
      '.',
    );
    expect(stdout).toMatch(/Not used: .*because it does not work with ESLint [\d.]+: Parsing error: wrong version\./);
    expect(stdout).toContain('1 finding in 1 of 1 file');
  });
});

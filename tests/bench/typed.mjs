// One whole typed run over the packages of the corpus that have types, with one set of rules: programs, parsing, rules.
import { clearCaches } from '@typescript-eslint/parser';
import typescriptEslint from 'typescript-eslint';
import { readCorpus } from './corpus.mjs';
import { answer, configWith, linter, loadPlugin, task } from './lint.mjs';

const plugin = await loadPlugin(task.plugin);
const rules = {
  peer: {
    plugins: { '@typescript-eslint': typescriptEslint.plugin },
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
  ...plugin.configs,
}[task.config];

// A program costs the same for one file of a package as for all, so the quick run takes whole packages, but few.
const packages = readCorpus({ quick: false })
  .filter(({ typed }) => typed)
  .filter((_, index) => !task.quick || index % 5 === 0);
let findings = 0;
let skipped = 0;
const start = process.cpuUsage();
for (const { folder, files } of packages) {
  const config = configWith([rules], { project: './tsconfig.json', tsconfigRootDir: folder });
  for (const file of files) {
    const messages = linter.verify(file.text, config, file.name);
    if (messages.some(({ fatal }) => fatal)) skipped++;
    else findings += messages.length;
  }
  clearCaches();
}
const { user, system } = process.cpuUsage(start);
answer({
  time: (user + system) / 1000,
  memory: process.resourceUsage().maxRSS / 1024,
  packages: packages.length,
  files: packages.reduce((sum, { files }) => sum + files.length, 0) - skipped,
  lines: packages.flatMap(({ files }) => files).reduce((sum, { lines }) => sum + lines, 0),
  skipped,
  findings,
});

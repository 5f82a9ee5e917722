/** `npm run new-rule NAME` makes the two files of a rule. They say what to fill in, and `npm test` what is missing. */
import { readFileSync, writeFileSync } from 'node:fs';

const name = process.argv[2] ?? '';
if (!/^[a-z]+(-[a-z]+)+$/.test(name)) {
  console.error('Usage: npm run new-rule no-lost-things');
  process.exit(1);
}

const root = new URL('../../', import.meta.url);
for (const [template, file] of [
  ['rule.ts.txt', `rules/${name}.ts`],
  ['page.md.txt', `docs/rules/${name}.md`],
] as const) {
  const text = readFileSync(new URL(`new-rule/${template}`, import.meta.url), 'utf8').replaceAll('NAME', name);
  writeFileSync(new URL(file, root), text, { flag: 'wx' });
  console.log(file);
}
console.log(
  'Add it to the rules of src/index.ts, src/options.cts and src/config-types.d.cts. Write the page first; then `npm run docs` and `npm test`.',
);

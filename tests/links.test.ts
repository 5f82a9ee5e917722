import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const pages = ['', 'docs', 'docs/rules', '.changeset'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** The names under which GitHub links to the headings of a page. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[^]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('what %s links to is there', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[^]*?^```$/gm, '');
  const links = [...text.matchAll(/\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, file, anchor]) => ({
    file: file ? join(dirname(page), file) : page,
    anchor,
  }));
  const lost = links.filter(
    ({ file, anchor }) => !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor)),
  );
  expect(lost).toEqual([]);
});

test.each(pages)('what %s shows of a file has its name above it', (page) => {
  // GitHub does not show what stands behind the language.
  const files = [...readFileSync(join(root, page), 'utf8').matchAll(/([^\n]*)\n\n```\w+ (\S*[./]\S*)\n/g)];
  expect(files.filter(([, above, file]) => !above!.includes(`\`${file}\``)).map(([, , file]) => file)).toEqual([]);
});

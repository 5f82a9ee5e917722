import { readFileSync } from 'node:fs';

/**
 * What a page of `docs/` tells its readers to write: the block whose first line names the file, as in "```yaml
 * lefthook.yml".
 * What the tests run is what the page says.
 */
export function fileOf(page: string, name: string): string {
  return blockOf(page, name.replaceAll('.', '\\.'));
}

/** What a page tells its readers to run: the command that begins with these words, without the prompt's `npx`. */
export function commandOf(page: string, beginning: string): string[] {
  const lines = [...read(page).matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, text]) => text!.split('\n'));
  const command = lines.find((line) => line.startsWith(beginning)) ?? missing(page, beginning);
  return command
    .replace(/\s+#.*$/, '')
    .replace(/^npx /, '')
    .split(' ');
}

function blockOf(page: string, name: string): string {
  return new RegExp(`^\`\`\`\\w+ ${name}\\n([^]*?)^\`\`\`$`, 'm').exec(read(page))?.[1] ?? missing(page, name);
}

function read(page: string): string {
  return readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
}

function missing(page: string, what: string): never {
  throw new Error(`docs/${page} has no block of ${what}`);
}

import { readFileSync, writeFileSync } from 'node:fs';

export interface Part {
  readonly file: string;
  /**
   * The part stands between `<!-- begin generated NAME -->` and `<!-- end generated NAME -->`; without a name it is the
   * file.
   */
  readonly name?: string;
  readonly render: () => string | Promise<string>;
}

const root = new URL('../../', import.meta.url);

/**
 * Writes the parts; to check, it writes nothing and fails when one is out of date. `npm run` names what writes them.
 */
export async function writeParts(parts: readonly Part[], check: boolean, command = 'docs'): Promise<void> {
  for (const { file, name, render } of parts) {
    const before = readFileSync(new URL(file, root), 'utf8');
    const part = await render();
    const after = name === undefined ? part : replacePart(file, before, name, part);
    if (after === before) continue;
    if (check) {
      console.error(`${file}: ${name ?? 'it'} is out of date. Run \`npm run ${command}\`.`);
      process.exitCode = 1;
    } else {
      writeFileSync(new URL(file, root), after);
    }
  }
}

function replacePart(file: string, text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- begin generated ${name} -->\n`, `<!-- end generated ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} needs the lines ${begin}${end}`);
  return `${text.slice(0, from)}${begin}\n${part.trim()}\n\n${text.slice(to)}`;
}

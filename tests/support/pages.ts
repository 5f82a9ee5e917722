import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One fenced block of a rule's page: code, and what the page says about it. */
export interface Block {
  /** The page, which is the rule's name. */
  readonly rule: string;
  /** The line of the page on which the block begins. */
  readonly line: number;
  readonly language: Language;
  readonly kind: Kind;
  /** The code without its marks. */
  readonly text: string;
  /** The findings that the page expects, as `line messageId`, in the order of the page. */
  readonly marks: readonly string[];
  /** For an `after` block: which suggestion of which block leads here. */
  readonly after?: { readonly block: Block; readonly messageId: string };
  readonly typed: boolean;
  readonly strict: boolean;
  readonly options: object;
  /** The code that makes use of a bad block, so that it leaks. */
  readonly run?: string;
}

export type Mode = 'untyped' | 'typed';
type Language = 'ts' | 'tsx' | 'js' | 'jsx';
type Kind = 'bad' | 'good' | 'after' | 'missed' | 'wrong';

const languages = /^(ts|tsx|js|jsx)$/;
const kinds = /^(bad|good|after|missed|wrong)$/;
/** What may stay reported after a suggestion is marked too, so `after` stands on both sides. */
const withMarks = /^(bad|wrong)$/;
const withoutMarks = /^(good|missed)$/;

const folder = new URL('../../docs/rules/', import.meta.url);

/** The names of all pages. */
export function pageNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .sort();
}

export function readPage(rule: string): string {
  return readFileSync(fileURLToPath(new URL(`${rule}.md`, folder)), 'utf8');
}

/** The blocks of all pages. */
export function allBlocks(): Block[] {
  return pageNames().flatMap((rule) => parsePage(rule, readPage(rule)));
}

/** In which modes a block is run. */
export function modesOf(block: Block): Mode[] {
  return block.typed ? ['typed'] : ['untyped', 'typed'];
}

/** The blocks of one page; throws with page and line when the page is malformed. */
export function parsePage(rule: string, page: string): Block[] {
  const blocks: Block[] = [];
  const lines = page.split('\n');
  let lastBad: Block | undefined;

  for (let index = 0; index < lines.length; index++) {
    const fence = /^(\s*)(`{3,})(.*)$/.exec(lines[index]!);
    if (!fence) continue;

    const [, indent, ticks, info] = fence as unknown as [string, string, string, string];
    const line = index + 1;
    const end = lines.findIndex((text, at) => at > index && text.trim() === ticks);
    const fail = (what: string): never => {
      throw new Error(`docs/rules/${rule}.md:${line}: ${what}`);
    };
    if (end === -1) fail('this block has no end');

    const code = lines.slice(index + 1, end);
    index = end;
    const [, head = '', run] = /^(.*?)(?:\brun=(.*))?$/.exec(info)!;
    const [language = '', ...words] = head.trim().split(/\s+/);
    if (!languages.test(language)) continue;
    if (indent) fail('a block of code begins at the start of the line');

    const block = {
      ...parseBlock({ rule, line, language: language as Language }, words, code, lastBad, fail),
      ...(run && { run }),
    };
    if (run && block.kind !== 'bad') fail('only a bad block runs');
    if (block.kind === 'bad') lastBad = block;
    blocks.push(block);
  }
  return blocks;
}

function parseBlock(
  place: Pick<Block, 'rule' | 'line' | 'language'>,
  words: string[],
  code: string[],
  lastBad: Block | undefined,
  fail: (what: string) => never,
): Block {
  const kind = words.shift() ?? fail('a block of code says what it is: bad, good, after, missed or wrong');
  if (!kinds.test(kind)) fail(`unknown block word \`${kind}\``);

  let after: Block['after'];
  if (kind === 'after') {
    const messageId = words.shift() ?? fail('`after` names a suggestion');
    after = { block: lastBad ?? fail('`after` has no bad block before it'), messageId };
    if (after.block.language !== place.language) fail(`the bad block before is ${after.block.language}`);
  }

  // An `after` block is linted as the block it comes from.
  const flags = { typed: false, strict: false, options: {}, ...(after && pickFlags(after.block)) };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === 'typed') flags.typed = true;
    else if (word === 'strict') flags.strict = true;
    else if (word.startsWith('options=')) flags.options = parseOptions([word, ...words.splice(0)].join(' '), fail);
    else fail(`unknown block word \`${word}\``);
  }

  const { text, marks } = stripMarks(code, fail);
  if (withMarks.test(kind) && marks.length === 0) fail(`a ${kind} block marks what is reported: // ✗ messageId`);
  if (withoutMarks.test(kind) && marks.length > 0) fail(`a ${kind} block has no findings, so no marks`);
  return { ...place, kind: kind as Kind, text, marks, ...(after && { after }), ...flags };
}

function pickFlags({ typed, strict, options }: Block): Pick<Block, 'typed' | 'strict' | 'options'> {
  return { typed, strict, options };
}

function parseOptions(word: string, fail: (what: string) => never): object {
  try {
    return JSON.parse(word.slice('options='.length)) as object;
  } catch (error) {
    return fail(`options are the last word and JSON: ${String(error)}`);
  }
}

function stripMarks(code: string[], fail: (what: string) => never): Pick<Block, 'text' | 'marks'> {
  const marks: string[] = [];
  const lines = code.map((line, index) => {
    const start = line.search(/\s*\/\/ ✗/);
    if (start === -1) return line.includes('✗') ? fail(`line ${index + 1} has a ✗ that is no mark`) : line;

    for (const mark of line.slice(start).trim().slice('// ✗'.length).split('✗')) {
      if (!/^\w+$/.test(mark.trim())) fail(`line ${index + 1} has a mark that is no message id: \`${mark.trim()}\``);
      marks.push(`${index + 1} ${mark.trim()}`);
    }
    return line.slice(0, start);
  });
  return { text: lines.join('\n') + '\n', marks };
}

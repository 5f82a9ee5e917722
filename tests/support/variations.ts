import { parse } from './lint.js';
import type { Source } from './project.js';

/** The text as Windows writes it. */
export function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

/** The text indented with tabs instead of two spaces. */
export function tabbed(text: string): string {
  return text.replace(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));
}

/** The text without the semicolons at the ends of lines that the next line does not need. */
export function unended(source: Source): string {
  const { tokens } = parse(source).ast;
  const ends = tokens.filter(({ value, loc }, at) => {
    const next = tokens[at + 1];
    return value === ';' && next?.loc.start.line !== loc.end.line && !/^[([`+\-/*]/.test(next?.value ?? '');
  });
  return ends.reduceRight((text, { range: [start, end] }) => text.slice(0, start) + text.slice(end), source.text);
}

const closers: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

/** The text cut off after some of its tokens, and then closed, as an editor does while one types. */
export function truncations(source: Source, count: number): string[] {
  const tokens = parse(source).ast.tokens;
  const open: string[] = [];
  const cuts = tokens.map(({ type, value, range }) => {
    if (type === 'Template') {
      if (value.startsWith('}')) open.pop();
      if (value.endsWith('${')) open.push('}`');
    } else if (type === 'Punctuator') {
      if (closers[value]) open.push(closers[value]);
      else if (open.at(-1) === value) open.pop();
    }
    return source.text.slice(0, range[1]) + open.toReversed().join('');
  });
  const step = Math.max(1, cuts.length / count);
  return Array.from({ length: Math.min(count, cuts.length) }, (_, index) => cuts[Math.floor(index * step)]!);
}

import type { Linter } from 'eslint';
import type { Paint } from './paint.js';

const width = 120;

/** The lines around a finding, with the place underlined. */
export function codeFrame(source: string, place: Linter.LintMessage, paint: Paint, around = 2): string[] {
  const lines = linesOf(source.trimEnd());
  const first = Math.max(1, place.line - around);
  const last = Math.min(lines.length, place.line + around);
  const gutter = String(last).length;
  // A line of a generated file may be longer than any screen.
  const from = place.column > width ? place.column - width / 2 : 0;

  return lines.slice(first - 1, last).flatMap((line, index) => {
    const number = first + index;
    const text = line.slice(from, from + width);
    const isPlace = number === place.line;
    const row = `${isPlace ? '>' : ' '} ${String(number).padStart(gutter)} | ${text}`.trimEnd();
    if (!isPlace) return [paint('dim', row)];

    const before = text.slice(0, place.column - 1 - from).replace(/[^\t]/g, ' ');
    const underline = '^'.repeat(Math.max(1, endOf(place, line) - place.column));
    return [row, `  ${' '.repeat(gutter)} | ${before}${paint('red', underline.slice(0, width))}`];
  });
}

/** The lines of a text as ESLint counts them, without a byte order mark. */
export function linesOf(source: string): string[] {
  return source.replace(/^\uFEFF/, '').split(/\r\n|[\r\n\u2028\u2029]/);
}

/** The column after the last one to underline, on the line where the finding starts. */
function endOf(place: Linter.LintMessage, line: string): number {
  return place.endLine === place.line && place.endColumn ? place.endColumn : line.length + 1;
}

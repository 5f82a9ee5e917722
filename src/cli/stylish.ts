import { relative } from 'node:path';
import { codeFrame } from './frame.js';
import { notesOn } from './notes.js';
import type { Paint } from './paint.js';
import type { Reporter, Summary } from './run.js';
import { plural } from './tally.js';

type Write = (text: string) => void;

/** For people: each finding with its code and what can be done about it, and a summary per rule. */
export function stylish(write: Write, paint: Paint): Reporter {
  return {
    file(result, text) {
      for (const message of result.messages) {
        if (message.fatal) continue;
        const place = `${shown(result.filePath)}:${message.line}:${message.column}`;
        write(
          [
            `${paint('bold', place)}  ${paint(message.severity === 2 ? 'red' : 'yellow', message.ruleId!)}`,
            ...message.message.split('\n').map((line) => `  ${line}`),
            '',
            ...codeFrame(text, message, paint).map((line) => `  ${line}`),
            ...suggestionLines(message.suggestions?.map(({ desc }) => desc) ?? [], paint),
            '',
            '',
          ].join('\n'),
        );
      }
    },

    end(summary) {
      const rows = summary.findings.rows.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
      const width = Math.max(0, ...rows.map(({ reason }) => reason.length));
      write(
        [
          ...notesOn(summary),
          ...rows.map(({ reason, count }) => `${reason.padEnd(width)}  ${count}`),
          paint('bold', totalOf(summary)),
          '',
        ].join('\n'),
      );
    },
  };
}

function suggestionLines(texts: readonly string[], paint: Paint): string[] {
  return texts.length === 0 ? [] : ['', ...texts.map((text, index) => paint('cyan', `  ${index + 1}. ${text}`))];
}

function totalOf({ findings, filesWithFindings, linted, milliseconds }: Summary): string {
  const found =
    findings.total === 0
      ? `No findings in ${plural(linted, 'file')}`
      : `${plural(findings.total, 'finding')} in ${filesWithFindings} of ${plural(linted, 'file')}`;
  return `${found} (${(milliseconds / 1000).toFixed(1)} s)`;
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}

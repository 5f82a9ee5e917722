import type { ESLint, Linter } from 'eslint';
import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import plugin from '../index.js';
import { homepage } from '../manifest.js';
import { linesOf } from './frame.js';
import { prefix } from './lint.js';
import type { Reporter, Summary } from './run.js';

/** A log of the Static Analysis Results Interchange Format 2.1.0, with paths relative to `folder`. */
export function sarif(write: (text: string) => void, folder: string): Reporter {
  const ids = Object.keys(plugin.rules).map((name) => `${prefix}/${name}`);
  const results: object[] = [];

  return {
    file(result, text) {
      for (const message of result.messages) {
        if (!message.fatal) results.push(resultOf(result, message, text));
      }
    },
    end(summary) {
      const log = {
        $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
        version: '2.1.0',
        runs: [
          {
            tool: { driver: driver() },
            columnKind: 'utf16CodeUnits',
            originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(folder).href.replace(/\/$/, '')}/` } },
            invocations: [invocation(summary)],
            results,
          },
        ],
      };
      write(`${JSON.stringify(log, null, 2)}\n`);
    },
  };

  function driver(): object {
    return {
      name: plugin.meta.name,
      informationUri: homepage,
      semanticVersion: plugin.meta.version,
      rules: Object.entries(plugin.rules).map(([name, { meta }]) => ({
        id: `${prefix}/${name}`,
        shortDescription: { text: meta!.docs!.description },
        helpUri: meta!.docs!.url,
      })),
    };
  }

  function resultOf({ filePath }: ESLint.LintResult, message: Linter.LintMessage, text: string): object {
    const artifactLocation = locationOf(filePath);
    const { line, column, endLine = line, endColumn = column } = message;
    return {
      ruleId: message.ruleId,
      ...indexOf(message.ruleId!),
      level: message.severity === 2 ? 'error' : 'warning',
      message: { text: message.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation,
            region: { startLine: line, startColumn: column, endLine, endColumn },
          },
        },
      ],
      ...(message.suggestions?.length && {
        fixes: message.suggestions.map(({ desc, fix }) => ({
          description: { text: desc },
          artifactChanges: [
            {
              artifactLocation,
              replacements: [{ deletedRegion: regionOf(text, fix.range), insertedContent: { text: fix.text } }],
            },
          ],
        })),
      }),
    };
  }

  /** A disable comment may name a rule that we do not have. */
  function indexOf(ruleId: string): object {
    const ruleIndex = ids.indexOf(ruleId);
    return ruleIndex < 0 ? {} : { ruleIndex };
  }

  function locationOf(path: string): object {
    const uri = relative(folder, path).split(sep).map(encodeURIComponent).join('/');
    return { uri, uriBaseId: 'ROOT' };
  }

  function invocation(summary: Summary): object {
    const failures = [
      ...summary.crashes.map(({ path, rule, error }) => ({ path, text: `${rule} crashed: ${error.split('\n')[0]!}` })),
      ...summary.unparsable.map(({ path, error }) => ({ path, text: error })),
    ];
    return {
      executionSuccessful: summary.crashes.length === 0 && !summary.stopped,
      toolExecutionNotifications: failures.map(({ path, text }) => ({
        level: 'error',
        message: { text },
        locations: [{ physicalLocation: { artifactLocation: locationOf(path) } }],
      })),
    };
  }
}

/** Where a range of characters starts and ends, in lines and columns that count from one. */
function regionOf(text: string, [start, end]: [number, number]): object {
  const source = text.replace(/^\uFEFF/, '');
  const [startLines, endLines] = [linesOf(source.slice(0, start)), linesOf(source.slice(0, end))];
  return {
    startLine: startLines.length,
    startColumn: startLines.at(-1)!.length + 1,
    endLine: endLines.length,
    endColumn: endLines.at(-1)!.length + 1,
  };
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const findingsShown = 2;

/** What `npm run try -- examples` prints, as a block of Markdown: the first findings, and the end. */
export function renderTryOutput(): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['dist/cli.js', 'examples'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 1) throw new Error(`The examples leak, but trying them ended with ${status}. ${stderr}`);

  // A finding starts at the margin with its place; what follows the last one starts with a title.
  const findings = stdout.slice(0, stdout.indexOf('\nSkipped:')).split(/\n(?=\S+:\d+:\d+ )/);
  const end = stdout.slice(stdout.indexOf('\nSkipped:') + 1).replace(/ \([\d.]+ s\)/, '');
  return ['```text', ...findings.slice(0, findingsShown), '…\n', end.trimEnd(), '```'].join('\n');
}

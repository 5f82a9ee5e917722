import { listed, type Resource, RESOURCES } from '../../src/catalog/index.js';
import { OWNERS } from '../../src/catalog/owners.js';

/** The tables of docs/resources.md: what each resource is started by, and what ends it. */
export function renderResources(): string {
  const groups = new Map<string, Resource[]>();
  for (const resource of RESOURCES) {
    if (listed(resource.start).length === 0) continue;
    const name = groupOf(resource);
    groups.set(name, [...(groups.get(name) ?? []), resource]);
  }
  const names = [...groups.keys()].sort((one, other) =>
    rank(one) === rank(other) ? one.localeCompare(other) : rank(one) - rank(other),
  );
  return names
    .map((name) => `### ${name}\n\n| starts | ends | |\n|---|---|---|\n${groups.get(name)!.map(row).join('\n')}`)
    .join('\n\n');
}

/** The table of owners: what begins each, and what ends it. */
export function renderOwners(): string {
  const rows = OWNERS.map(({ owner, start, end, from, level }) => {
    const modules = listed(from ?? [])
      .map((one) => (one === '*' ? 'any module' : `\`${one}\``))
      .join(', ');
    return `| ${[owner, modules, cell(start), cell(end), level ? '`strict`' : ''].join(' | ')} |`;
  });
  return `| owner | from | begins with | ends with | |\n|---|---|---|---|---|\n${rows.join('\n')}`;
}

const PLATFORM = 'The web platform';

/** The package that a resource comes from. */
function groupOf({ from, where = {} }: Resource): string {
  const [origin] = listed(from ?? Object.values(where)[0] ?? '');
  const name = origin!.split('.')[0]!;
  if (origin!.startsWith('node:') || origin!.startsWith('NodeJS.')) return 'Node';
  if (from === undefined && /^(?:[A-Z]|$)/.test(origin!)) return PLATFORM;
  if (from === undefined && name === 'chrome') return 'Browser extensions';
  return packageOf(from === undefined ? origin!.replace(/\.(?:[A-Z]\w*|default|i18n)(?:\.\w+)*$/, '') : origin!);
}

function packageOf(module: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(module)![0];
}

function rank(name: string): number {
  const at = [PLATFORM, 'Node', 'Browser extensions'].indexOf(name);
  return at < 0 ? Infinity : at;
}

function row(resource: Resource): string {
  return `| ${cell(resource.start)} | ${cell(resource.end)} | ${notesOn(resource)} |`;
}

function cell(signatures: string | readonly string[]): string {
  return listed(signatures)
    .map((text) => `\`${text}\``)
    .join('<br>');
}

function notesOn({
  kind,
  where = {},
  from,
  endsItself,
  endedBy,
  activatedBy,
  endedThrough,
  scoped,
  drainedBy,
  level,
  runsOn,
  ofSetup,
  isSmall,
}: Resource): string {
  const notes = [
    kind,
    ...Object.entries(where).map(
      ([name, type]) =>
        `\`${name}\`: ${listed(type)
          .map((one) => `\`${one}\``)
          .join(', ')}`,
    ),
    listed(from ?? []).length > 1 &&
      `from ${listed(from!)
        .map((one) => `\`${one}\``)
        .join(', ')}`,
    activatedBy &&
      `from ${listed(activatedBy)
        .map((one) => `\`${one}()\``)
        .join(', ')} on`,
    endsItself && (endsItself === 'always' ? 'ends by itself' : `ends by itself with \`${endsItself}\``),
    endedBy && `ended by \`${endedBy}\``,
    drainedBy && `over when \`${drainedBy}()\` is done`,
    endedThrough &&
      `over after ${endedThrough
        .slice(0, 3)
        .map((one) => `\`${one}()\``)
        .join(', ')}, …`,
    scoped && `cannot leak as \`${scoped}\``,
    runsOn && 'in a call: `strict`',
    ofSetup && 'ends with its component',
    isSmall && 'on some ways only: `strict`',
    level === 'strict' && '`strict`',
  ];
  return notes.filter(Boolean).join('; ');
}

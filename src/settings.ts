import { Catalog, type Kind, listed, type Resource, RESOURCES } from './catalog/index.js';
import { parse, SignatureError } from './catalog/signature.js';

/** What users tell the plugin about their own code, under `settings['async-leaks']`. */
export interface Settings {
  /** Resources of their own, in the notation of docs/resources.md. */
  readonly resources?: readonly Resource[];
}

const KINDS: readonly Kind[] = ['controller', 'interval', 'iterator', 'listener', 'lock', 'resource', 'timeout'];
const TEXTS = ['livesIn', 'endsItself', 'endedBy', 'drainedBy', 'scoped'] as const;
const LISTS = ['from', 'activatedBy', 'endedThrough', 'lentTo'] as const;
const FLAGS = ['isGate', 'isSmall', 'runsOn'] as const;
const FIELDS = new Set<string>(['kind', 'start', 'end', 'where', 'onThrow', 'level', ...LISTS, ...FLAGS, ...TEXTS]);

let known: Catalog | undefined;
const extended = new WeakMap<object, Catalog>();

/** The catalog with the user's own resources. Throws an error that names the field, the text and what was expected. */
export function catalogFor(settings: Readonly<Record<string, unknown>>): Catalog {
  const own = settings['async-leaks'];
  if (own === undefined) return (known ??= new Catalog(RESOURCES));
  if (!isObject(own)) fail('', own, 'an object');
  let catalog = extended.get(own);
  if (!catalog) {
    catalog = new Catalog([...RESOURCES, ...readResources(own)]);
    extended.set(own, catalog);
  }
  return catalog;
}

function readResources(settings: Record<string, unknown>): Resource[] {
  for (const name of Object.keys(settings)) if (name !== 'resources') fail(`.${name}`, settings[name], 'no such setting; the settings are `resources`');
  const { resources = [] } = settings;
  if (!Array.isArray(resources)) fail('.resources', resources, 'a list of resources');
  return resources.map((one: unknown, at) => readResource(one, `.resources[${at}]`));
}

function readResource(resource: unknown, path: string): Resource {
  if (!isObject(resource)) fail(path, resource, 'an object with `kind`, `start` and `end`');
  for (const name of Object.keys(resource)) if (!FIELDS.has(name)) fail(`${path}.${name}`, resource[name], `one of ${[...FIELDS].join(', ')}`);
  const { kind, where, onThrow, level } = resource;
  if (!(KINDS as readonly unknown[]).includes(kind)) fail(`${path}.kind`, kind, `one of ${KINDS.join(', ')}`);
  for (const name of ['start', 'end']) readSignatures(resource[name], `${path}.${name}`);
  for (const name of TEXTS) if (resource[name] !== undefined && typeof resource[name] !== 'string') fail(`${path}.${name}`, resource[name], 'a text');
  for (const name of LISTS) if (resource[name] !== undefined && !isTextOrTexts(resource[name])) fail(`${path}.${name}`, resource[name], 'a text, or a list of them');
  for (const name of FLAGS) if (resource[name] !== undefined && typeof resource[name] !== 'boolean') fail(`${path}.${name}`, resource[name], 'true or false');
  if (where !== undefined && !(isObject(where) && Object.values(where).every(isTextOrTexts))) fail(`${path}.where`, where, 'an object of type names');
  if (onThrow !== undefined && onThrow !== 'leaks') fail(`${path}.onThrow`, onThrow, '`leaks`');
  if (level !== undefined && level !== 'strict') fail(`${path}.level`, level, '`strict`');
  const lists = LISTS.filter((name) => resource[name] !== undefined).map((name) => [name, [resource[name]].flat()]);
  const read: unknown = { ...resource, ...Object.fromEntries(lists) };
  return read as Resource;
}

function readSignatures(texts: unknown, path: string): void {
  const list = typeof texts === 'string' ? listed(texts) : texts;
  if (!Array.isArray(list) || list.length === 0) fail(path, texts, 'a signature, or a list of them');
  for (const text of list as unknown[]) {
    if (typeof text !== 'string') fail(path, text, 'a signature');
    try {
      parse(text);
    } catch (error) {
      if (error instanceof SignatureError) throw new Error(`settings['async-leaks']${path}: ${error.message}`);
      throw error;
    }
  }
}

function isTextOrTexts(value: unknown): boolean {
  return [value].flat().every((text) => typeof text === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(path: string, value: unknown, expected: string): never {
  throw new Error(`settings['async-leaks']${path}: expected ${expected}, got ${JSON.stringify(value) ?? String(value)}`);
}

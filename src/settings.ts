import { Catalog, type Kind, listed, type Resource, RESOURCES } from './catalog/index.js';
import { classFrom, endFrom, hookFrom, LifeCycles } from './catalog/life-cycles.js';
import { type OwnerRow, OWNERS } from './catalog/owners.js';
import { type KnownCall, SAFE_CALLS } from './catalog/safe-calls.js';
import { parse, SignatureError } from './catalog/signature.js';
import { memoize } from './maps.js';
import { Calls, signalOf } from './ownership/starts/calls.js';

/**
 * What users tell the plugin about their own code, under `settings['async-leaks']`, in the notation of
 * docs/resources.md.
 */
interface Settings {
  /** What is started and has to be ended. */
  readonly resources?: readonly Resource[];
  /** What frameworks of their own begin and end. */
  readonly owners?: readonly OwnerRow[];
  /** Calls that take an AbortSignal. */
  readonly signals?: readonly (KnownCall | string)[];
  /** Calls whose promise may be dropped. */
  readonly safeCalls?: readonly (KnownCall | string)[];
  /** Names of what lives as long as the program. */
  readonly processTargets?: readonly string[];
}

/** What a file is looked at with: what the plugin knows, and what its user told it. */
export interface Knowledge {
  readonly catalog: Catalog;
  readonly lifeCycles: LifeCycles;
  readonly signals: Calls;
  readonly safeCalls: Calls;
  readonly processTargets: ReadonlySet<string>;
}

const KINDS: readonly Kind[] = ['controller', 'interval', 'iterator', 'listener', 'lock', 'resource', 'timeout'];
const TEXTS = ['endsEach', 'livesIn', 'endsItself', 'endedBy', 'drainedBy', 'scoped'] as const;
const LISTS = ['from', 'activatedBy', 'endedThrough', 'lentTo'] as const;
const FLAGS = ['isGate', 'isSmall', 'ofSetup', 'runsOn'] as const;
const FIELDS = new Set<string>(['kind', 'start', 'end', 'where', 'onThrow', 'level', ...LISTS, ...FLAGS, ...TEXTS]);

const SETTINGS = [
  'resources',
  'owners',
  'signals',
  'safeCalls',
  'processTargets',
] as const satisfies readonly (keyof Settings)[];

let known: Knowledge | undefined;
const extended = memoize(readSettings);

/** The catalog with the user's own resources. Throws an error that names the field, the text and what was expected. */
export function catalogFor(settings: Readonly<Record<string, unknown>>): Catalog {
  return knowledgeFor(settings).catalog;
}

/** All that a file is looked at with. Throws as `catalogFor` does. */
export function knowledgeFor(settings: Readonly<Record<string, unknown>>): Knowledge {
  const own = settings['async-leaks'];
  if (own === undefined)
    return (known ??= {
      catalog: new Catalog(RESOURCES),
      lifeCycles: new LifeCycles(OWNERS),
      signals: new Calls([]),
      safeCalls: new Calls(SAFE_CALLS),
      processTargets: new Set(),
    });
  if (!isObject(own)) fail('', own, 'an object');
  return extended(own);
}

function readSettings(settings: Record<string, unknown>): Knowledge {
  for (const name of Object.keys(settings))
    if (!(SETTINGS as readonly string[]).includes(name))
      fail(
        `.${name}`,
        settings[name],
        `no such setting; the settings are ${SETTINGS.map((one) => `\`${one}\``).join(', ')}`,
      );
  const read = <T>(name: (typeof SETTINGS)[number], of: string, one: (value: unknown, path: string) => T): T[] => {
    const list = settings[name] ?? [];
    if (!Array.isArray(list)) fail(`.${name}`, list, `a list of ${of}`);
    return list.map((value: unknown, at) => one(value, `.${name}[${at}]`));
  };
  return {
    catalog: new Catalog([...RESOURCES, ...read('resources', 'resources', readResource)]),
    lifeCycles: new LifeCycles([...read('owners', 'owners', readOwner), ...OWNERS]),
    signals: new Calls(read('signals', 'calls', readSignal)),
    safeCalls: new Calls([...read('safeCalls', 'calls', readCall), ...SAFE_CALLS]),
    processTargets: new Set(read('processTargets', 'names', readTarget)),
  };
}

function readResource(resource: unknown, path: string): Resource {
  if (!isObject(resource)) fail(path, resource, 'an object with `kind`, `start` and `end`');
  for (const name of Object.keys(resource))
    if (!FIELDS.has(name)) fail(`${path}.${name}`, resource[name], `one of ${[...FIELDS].join(', ')}`);
  const { kind, where, onThrow, level } = resource;
  if (!(KINDS as readonly unknown[]).includes(kind)) fail(`${path}.kind`, kind, `one of ${KINDS.join(', ')}`);
  for (const name of ['start', 'end']) readSignatures(resource[name], `${path}.${name}`);
  for (const name of TEXTS)
    if (resource[name] !== undefined && typeof resource[name] !== 'string')
      fail(`${path}.${name}`, resource[name], 'a text');
  if (resource['endsEach'] !== undefined) readSignatures(resource['endsEach'], `${path}.endsEach`);
  for (const name of LISTS)
    if (resource[name] !== undefined && !isTextOrTexts(resource[name]))
      fail(`${path}.${name}`, resource[name], 'a text, or a list of them');
  for (const name of FLAGS)
    if (resource[name] !== undefined && typeof resource[name] !== 'boolean')
      fail(`${path}.${name}`, resource[name], 'true or false');
  if (where !== undefined && !(isObject(where) && Object.values(where).every(isTextOrTexts)))
    fail(`${path}.where`, where, 'an object of type names');
  if (onThrow !== undefined && onThrow !== 'leaks') fail(`${path}.onThrow`, onThrow, '`leaks`');
  if (level !== undefined && level !== 'strict') fail(`${path}.level`, level, '`strict`');
  const lists = LISTS.filter((name) => resource[name] !== undefined).map((name) => [name, [resource[name]].flat()]);
  const read: unknown = { ...resource, ...Object.fromEntries(lists) };
  return read as Resource;
}

const OWNER_FIELDS = ['owner', 'start', 'end', 'from', 'level'];

function readOwner(row: unknown, path: string): OwnerRow {
  if (!isObject(row)) fail(path, row, 'an object with `owner`, `start` and `end`');
  for (const name of Object.keys(row))
    if (!OWNER_FIELDS.includes(name)) fail(`${path}.${name}`, row[name], `one of ${OWNER_FIELDS.join(', ')}`);
  const { owner, from, level } = row;
  if (typeof owner !== 'string' || owner === '') fail(`${path}.owner`, owner, 'a word for it, as `component`');
  if (from !== undefined && !isTextOrTexts(from)) fail(`${path}.from`, from, 'a text, or a list of them');
  if (level !== undefined && level !== 'strict') fail(`${path}.level`, level, '`strict`');
  const read: unknown = { ...row, end: [] };
  let returned: string | null = null;
  readSignatures(row['start'], `${path}.start`, (text) => {
    if (/^(?:@|class\b)/.test(text)) return void classFrom(read as OwnerRow, text);
    const { signature, index } = hookFrom(read as OwnerRow, text);
    const argument = signature.arguments[index];
    if (argument?.kind === 'callback') returned = argument.returned ?? null;
  });
  readSignatures(row['end'], `${path}.end`, (text) => void endFrom(text, returned));
  const whole: unknown = row;
  return whole as OwnerRow;
}

const CALL_FIELDS = ['call', 'from', 'where'];

/** A call, as an object or as its signature alone. */
function readCall(given: unknown, path: string): KnownCall {
  const call = typeof given === 'string' ? { call: given } : given;
  if (!isObject(call)) fail(path, call, 'a signature, or an object with `call`');
  for (const name of Object.keys(call))
    if (!CALL_FIELDS.includes(name)) fail(`${path}.${name}`, call[name], `one of ${CALL_FIELDS.join(', ')}`);
  const { from, where } = call;
  if (typeof call['call'] !== 'string') fail(`${path}.call`, call['call'], 'a signature');
  readSignatures(call['call'], typeof given === 'string' ? path : `${path}.call`);
  if (from !== undefined && !isTextOrTexts(from)) fail(`${path}.from`, from, 'a text, or a list of them');
  if (where !== undefined && !(isObject(where) && Object.values(where).every(isTextOrTexts)))
    fail(`${path}.where`, where, 'an object of type names');
  const read: unknown = call;
  return read as KnownCall;
}

function readSignal(given: unknown, path: string): KnownCall {
  const call = readCall(given, path);
  if (!signalOf(call))
    fail(typeof given === 'string' ? path : `${path}.call`, call.call, 'an argument `signal`, or `{ signal }`');
  return call;
}

function readTarget(name: unknown, path: string): string {
  if (typeof name !== 'string') fail(path, name, 'a name, as `bus` or `app.events`');
  const wrong = name.search(/[^\w$#.()]|^[^\w$#]|\.(?![\w$#])|\((?!\)$)|[^(]\)|\)./);
  if (name === '' || wrong >= 0)
    throw new Error(
      `settings['async-leaks']${path}: ${new SignatureError(name, Math.max(wrong, 0), 'a name, as `bus`, `app.events` or `useBus()`,').message}`,
    );
  return name;
}

function readSignatures(texts: unknown, path: string, read: (text: string) => void = (text) => void parse(text)): void {
  const list = typeof texts === 'string' ? listed(texts) : texts;
  if (!Array.isArray(list) || list.length === 0) fail(path, texts, 'a signature, or a list of them');
  for (const text of list as unknown[]) {
    if (typeof text !== 'string') fail(path, text, 'a signature');
    try {
      read(text);
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
  throw new Error(
    `settings['async-leaks']${path}: expected ${expected}, got ${JSON.stringify(value) ?? String(value)}`,
  );
}

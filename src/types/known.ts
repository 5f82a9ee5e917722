/** Facts about types that hold without a checker. A name is global, or `module.Name`. */

import { cached } from '../maps.js';
import { promisedNames } from './known-promises.js';
import { PACKAGE_FAMILIES, PACKAGE_RESULTS } from './packages.js';

/** Direct supertypes; a line is `Supertype: Subtype Subtype …`. */
const FAMILIES = `
EventTarget: Node Window AbortSignal MessagePort Worker SharedWorker WebSocket EventSource XMLHttpRequest BroadcastChannel MediaQueryList FileReader Notification RTCPeerConnection RTCDataChannel MediaStream MediaStreamTrack MediaRecorder IDBDatabase IDBRequest IDBTransaction Performance ScreenOrientation VisualViewport ServiceWorker ServiceWorkerContainer ServiceWorkerRegistration BaseAudioContext AudioNode SpeechSynthesis PermissionStatus Animation TextTrack SourceBuffer MediaSource MediaDevices Clipboard
Node: Document Element DocumentFragment
DocumentFragment: ShadowRoot
Element: HTMLElement SVGElement
BaseAudioContext: AudioContext OfflineAudioContext
node:events.EventEmitter: NodeJS.Process node:stream.Stream node:net.Server node:child_process.ChildProcess node:worker_threads.Worker node:fs.FSWatcher node:readline.Interface node:cluster.Cluster node:cluster.Worker node:dgram.Socket node:repl.REPLServer node:worker_threads.MessagePort
node:stream.Stream: node:stream.Readable node:stream.Writable node:http.OutgoingMessage
node:stream.Readable: node:stream.Duplex node:fs.ReadStream node:http.IncomingMessage
node:stream.Writable: node:fs.WriteStream
node:stream.Duplex: node:net.Socket node:stream.Transform node:http2.Http2Stream
node:stream.Transform: node:stream.PassThrough
node:net.Socket: node:tls.TLSSocket
node:net.Server: node:http.Server node:tls.Server
node:http.OutgoingMessage: node:http.ClientRequest node:http.ServerResponse
`;

const supertypes = new Map<string, string[]>();
for (const line of `${FAMILIES.trim()}\n${PACKAGE_FAMILIES.trim()}`.split('\n')) {
  const [parent, children] = line.split(': ') as [string, string];
  for (const child of children.split(' ')) supertypes.set(child, [...(supertypes.get(child) ?? []), parent]);
}

/**
 * What the names of packages' types start with: `socket.io` for `socket.io.Server`, with `socket`, which says no more
 * than it should.
 */
export function prefixesOf(name: string): string[] {
  const parts = name.replace(/[#(].*$/, '').split('.');
  return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('.'));
}

/**
 * Words without which a file without types has no value of a package: the packages' names, and globals that extensions
 * of browsers have.
 */
export function packageWords(): string[] {
  const types = [...Object.keys(PACKAGE_RESULTS), ...PACKAGE_FAMILIES.trim().split(/\n|: | /)];
  return ['browser', 'chrome', ...types.flatMap(prefixesOf).filter((word) => !word.startsWith('node:'))];
}

const ELEMENT = /^(?:HTML|SVG|MathML)\w*Element$/;

/** Two names of one type. */
const ALIASES: Readonly<Record<string, string>> = {
  'node:events.default': 'node:events.EventEmitter',
  'node:events': 'node:events.EventEmitter',
  'NodeJS.EventEmitter': 'node:events.EventEmitter',
  'node:events.EventEmitter.EventEmitter': 'node:events.EventEmitter',
  'node:fs.promises.FileHandle': 'node:fs/promises.FileHandle',
  'node:stream.default': 'node:stream.Stream',
  'node:stream.internal': 'node:stream.Stream',
  'NodeJS.Timer': 'NodeJS.Timeout',
  'node:readline.ReadLine': 'node:readline.Interface',
  'node:stream/web.ReadableStream': 'ReadableStream',
  'node:stream/web.WritableStream': 'WritableStream',
  'globalThis.EventTarget': 'EventTarget',
};

/** What a table says of a name. Every object has a `constructor` and a `toString`. */
function listedIn(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

export function canonical(type: string): string {
  // Node's declarations keep the classes of streams in a namespace of the module.
  if (type.startsWith('node:stream.Stream.')) return `node:stream.${type.slice('node:stream.Stream.'.length)}`;
  const alias = listedIn(ALIASES, type);
  if (alias !== undefined || type.startsWith('node:') || !type.includes('/')) return alias ?? type;
  // A package's types are known by the package's name, whichever of its files exports them.
  return type.replace(/^(@[^/]+\/[^/]+|[^@/][^/]*)\/.*?(?:\.js)?\.(?=[\w.]+$)/, '$1.');
}

/** Is `type` the same as `wanted`, or known to extend it? */
export function extendsType(type: string, wanted: string): boolean {
  return cached(familyOf, type, () => new Set(family(canonical(type)))).has(wanted);
}

const familyOf = new Map<string, ReadonlySet<string>>();

/** A type and all its supertypes. */
function family(name: string): string[] {
  const parents =
    ELEMENT.test(name) && name !== 'HTMLElement' && name !== 'SVGElement'
      ? ['HTMLElement']
      : (supertypes.get(name) ?? []);
  return [name, ...parents.flatMap(family)];
}

const roots = new Set([...supertypes.values()].flat());
const BASIC = new Set(
  'nothing primitive void Function Array Object Promise Map Set WeakMap WeakSet Date RegExp Error String Number Boolean Symbol'.split(
    ' ',
  ),
);

/** Are all supertypes of a type known, so that what it does not extend here it does not extend? */
export function isKnown(type: string): boolean {
  const name = canonical(type);
  return BASIC.has(name) || supertypes.has(name) || roots.has(name) || ELEMENT.test(name);
}

/** Types of global values; a path that is not here is looked up by its longest known start. */
const GLOBAL_VALUES: Readonly<Record<string, string>> = {
  window: 'Window',
  self: 'Window',
  globalThis: 'Window',
  document: 'Document',
  'document.body': 'HTMLElement',
  'document.documentElement': 'HTMLElement',
  'document.head': 'HTMLElement',
  process: 'NodeJS.Process',
  'process.stdin': 'node:stream.Readable',
  'process.stdout': 'node:stream.Writable',
  'process.stderr': 'node:stream.Writable',
  visualViewport: 'VisualViewport',
  'screen.orientation': 'ScreenOrientation',
  performance: 'Performance',
  speechSynthesis: 'SpeechSynthesis',
  'navigator.serviceWorker': 'ServiceWorkerContainer',
  'navigator.mediaDevices': 'MediaDevices',
  'node:process': 'NodeJS.Process',
  'node:process.default': 'NodeJS.Process',
};

/** The type of an element that is made by the name of its tag, where it is one that loads something. */
export function typeOfElement(tag: string | null): string | undefined {
  return tag === null
    ? undefined
    : listedIn({ img: 'HTMLImageElement', link: 'HTMLLinkElement', script: 'HTMLScriptElement' }, tag);
}

/** The type of a global value or of what a module exports. */
export function typeOfValue(origin: string): string | undefined {
  // Each event of the browsers' extension interface is an object of its own.
  return (
    listedIn(GLOBAL_VALUES, origin) ??
    listedIn(PACKAGE_RESULTS, origin) ??
    (/^(?:chrome|browser)\..*\.on[A-Z]\w*$/.test(origin) ? 'chrome.events.Event' : undefined)
  );
}

/** The results of functions by origin, and the types of members by `Type#member` or `Type#method()`. */
let results: ReadonlyMap<string, string> | undefined;

function resultsOf(): ReadonlyMap<string, string> {
  return (results ??= new Map(
    [...Object.entries(PACKAGE_RESULTS), ...Object.entries(RESULTS)].map(([name, type]) => [
      name.includes('#') ? name : name.replace(/\(\)$/, ''),
      type,
    ]),
  ));
}

/** The type of what a function returns, by its origin. */
export function typeOfResult(origin: string): string | undefined {
  return resultsOf().get(origin);
}

/**
 * The type of a property, or of the result of a method when its name ends in `()`: the type's own or one it inherits.
 */
export function typeOfMember(type: string, member: string): string | undefined {
  const name = canonical(type);
  const own = resultsOf().get(`${name}#${member}`);
  if (own !== undefined) return own;
  for (const parent of supertypes.get(name) ?? []) {
    const inherited = typeOfMember(parent, member);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}

/**
 * What calls return, and what properties of a type hold: `origin()` for functions, `Type#member` and `Type#method()`
 * for members.
 */
const RESULTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'Number',
      'String',
      'Boolean',
      'BigInt',
      'parseInt',
      'parseFloat',
      'isNaN',
      'JSON.stringify',
      'Date.now',
      'Math.max',
      'Math.min',
      'Math.round',
      'Math.floor',
    ].map((name) => [`${name}()`, 'primitive']),
  ),
  'document.createElement()': 'HTMLElement',
  'document.createElementNS()': 'SVGElement',
  'document.getElementById()': 'HTMLElement',
  'document.querySelector()': 'HTMLElement',
  'Document#createElement()': 'HTMLElement',
  'Document#body': 'HTMLElement',
  'matchMedia()': 'MediaQueryList',
  'AbortSignal.any()': 'AbortSignal',
  'AbortSignal.timeout()': 'AbortSignal',
  'AbortSignal.abort()': 'AbortSignal',
  'AbortController#signal': 'AbortSignal',
  'Request#signal': 'AbortSignal',
  'Response#body': 'ReadableStream',
  'Blob#stream()': 'ReadableStream',
  'File#stream()': 'ReadableStream',
  'ReadableStream#getReader()': 'ReadableStreamDefaultReader',
  'WritableStream#getWriter()': 'WritableStreamDefaultWriter',
  'ReadableStream#pipeThrough()': 'ReadableStream',
  'MessageChannel#port1': 'MessagePort',
  'MessageChannel#port2': 'MessagePort',
  'setInterval()': 'NodeJS.Timeout',
  'setTimeout()': 'NodeJS.Timeout',
  'node:timers.setInterval()': 'NodeJS.Timeout',
  'node:timers.setTimeout()': 'NodeJS.Timeout',
  'fetch()': 'Promise<Response>',
  'node:net.connect()': 'node:net.Socket',
  'node:net.createConnection()': 'node:net.Socket',
  'node:tls.connect()': 'node:tls.TLSSocket',
  'node:net.createServer()': 'node:net.Server',
  'node:http.createServer()': 'node:http.Server',
  'node:https.createServer()': 'node:http.Server',
  'node:http.request()': 'node:http.ClientRequest',
  'node:https.request()': 'node:http.ClientRequest',
  'node:http.get()': 'node:http.ClientRequest',
  'node:https.get()': 'node:http.ClientRequest',
  'node:child_process.spawn()': 'node:child_process.ChildProcess',
  'node:child_process.fork()': 'node:child_process.ChildProcess',
  'node:child_process.exec()': 'node:child_process.ChildProcess',
  'node:child_process.execFile()': 'node:child_process.ChildProcess',
  'node:fs.createReadStream()': 'node:fs.ReadStream',
  'node:fs.createWriteStream()': 'node:fs.WriteStream',
  'node:fs.watch()': 'node:fs.FSWatcher',
  'node:fs.promises.open()': 'Promise<node:fs/promises.FileHandle>',
  'node:fs/promises.open()': 'Promise<node:fs/promises.FileHandle>',
  'node:readline.createInterface()': 'node:readline.Interface',
  'node:readline/promises.createInterface()': 'node:readline/promises.Interface',
  'node:dgram.createSocket()': 'node:dgram.Socket',
  'node:stream.Readable.from()': 'node:stream.Readable',
  'node:child_process.ChildProcess#stdout': 'node:stream.Readable',
  'node:child_process.ChildProcess#stderr': 'node:stream.Readable',
  'node:child_process.ChildProcess#stdin': 'node:stream.Writable',
};

/** Members that nothing but elements and documents have, whatever they are read of. */
export const OF_ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['defaultView', 'Window'],
  ['ownerDocument', 'Document'],
]);

let methods: ReadonlySet<string> | undefined;

/** Has one of the functions and methods above whose result is known this name? */
export function isKnownMethod(name: string): boolean {
  methods ??= new Set(
    [...promisedNames(), ...resultsOf().keys()].map((known) => /[^.#]+$/.exec(known.replace(/\(\)$/, ''))![0]),
  );
  return methods.has(name);
}

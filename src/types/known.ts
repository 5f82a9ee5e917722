/** Facts about types that hold without a checker. A name is global, or `module.Name`. */

import { PACKAGE_FAMILIES, PACKAGE_PROMISES, PACKAGE_RESULTS, PACKAGE_SIGNALS } from './packages.js';

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
  let found = familyOf.get(type);
  if (!found) familyOf.set(type, (found = new Set(family(canonical(type)))));
  return found.has(wanted);
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

const SUBTLE =
  'decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign unwrapKey verify wrapKey';
const FILES =
  'access appendFile chmod chown copyFile cp lchmod lchown link lstat lutimes mkdir mkdtemp mkdtempDisposable open opendir readFile readdir readlink realpath rename rm rmdir stat statfs symlink truncate unlink utimes writeFile';
const NAMES =
  'lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa resolveTxt reverse';

/**
 * Functions and methods that return a promise: those of modules and types that have many, in the form of the packages'.
 */
const PROMISED_OF = `
crypto.subtle: ${SUBTLE}
node:crypto.subtle: ${SUBTLE}
node:crypto.webcrypto.subtle: ${SUBTLE}
node:fs/promises: ${FILES}
node:fs.promises: ${FILES}
node:fs/promises.FileHandle#: appendFile chmod chown close datasync read readFile readv stat sync truncate utimes write writeFile writev
node:dns/promises: ${NAMES}
node:dns.promises: ${NAMES}
node:stream/consumers: arrayBuffer blob buffer bytes json text
`;

/** Functions and methods that return a promise, by origin or by `Type#method`. */
const PROMISED =
  'fetch Promise.all Promise.allSettled Promise.any Promise.race Promise.resolve Promise.reject Promise.try Array.fromAsync createImageBitmap ' +
  'node:timers/promises.setTimeout node:timers/promises.setImmediate node:timers/promises.scheduler.wait node:timers/promises.scheduler.yield ' +
  'node:events.once node:events.EventEmitter.once node:stream/promises.pipeline node:stream/promises.finished node:stream.promises.pipeline node:stream.promises.finished ' +
  'node:readline/promises.Interface#question ' +
  'navigator.clipboard.writeText navigator.clipboard.readText navigator.clipboard.write navigator.clipboard.read navigator.locks.request ' +
  'navigator.mediaDevices.getUserMedia navigator.mediaDevices.getDisplayMedia navigator.mediaDevices.enumerateDevices navigator.serviceWorker.register ' +
  'navigator.share navigator.wakeLock.request navigator.storage.persist navigator.storage.estimate navigator.permissions.query ' +
  'caches.open caches.match caches.delete caches.keys caches.has customElements.whenDefined ' +
  'WebAssembly.compile WebAssembly.instantiate WebAssembly.compileStreaming WebAssembly.instantiateStreaming ' +
  'Response#json Response#text Response#blob Response#arrayBuffer Response#formData Response#bytes Request#json Request#text Request#blob Request#arrayBuffer Request#formData ' +
  'Blob#text Blob#arrayBuffer File#text File#arrayBuffer ReadableStream#cancel ReadableStream#pipeTo ReadableStreamDefaultReader#read ReadableStreamDefaultReader#cancel ' +
  'WritableStream#close WritableStream#abort WritableStreamDefaultWriter#write WritableStreamDefaultWriter#close WritableStreamDefaultWriter#abort ' +
  'navigator.locks.query navigator.storage.persisted navigator.storage.getDirectory navigator.credentials.get navigator.credentials.create navigator.credentials.store navigator.mediaCapabilities.decodingInfo ' +
  'navigator.serviceWorker.getRegistration navigator.serviceWorker.getRegistrations navigator.requestMIDIAccess navigator.setAppBadge navigator.clearAppBadge navigator.gpu.requestAdapter ' +
  'document.exitFullscreen document.exitPictureInPicture document.fonts.load FontFace#load Element#requestFullscreen HTMLVideoElement#requestPictureInPicture HTMLMediaElement#play HTMLVideoElement#play HTMLAudioElement#play Audio#play HTMLImageElement#decode Image#decode ' +
  'BaseAudioContext#decodeAudioData AudioContext#decodeAudioData Notification.requestPermission ServiceWorkerRegistration#showNotification ServiceWorkerRegistration#update ServiceWorkerRegistration#unregister ' +
  'RTCPeerConnection#createOffer RTCPeerConnection#createAnswer RTCPeerConnection#setLocalDescription RTCPeerConnection#setRemoteDescription RTCPeerConnection#addIceCandidate RTCPeerConnection#getStats ' +
  'scheduler.postTask scheduler.yield cookieStore.get cookieStore.getAll cookieStore.set cookieStore.delete screen.orientation.lock ' +
  'FileSystemFileHandle#getFile FileSystemFileHandle#createWritable FileSystemWritableFileStream#write FileSystemWritableFileStream#close FileSystemDirectoryHandle#getFileHandle FileSystemDirectoryHandle#getDirectoryHandle FileSystemDirectoryHandle#removeEntry ' +
  'node:fs.openAsBlob node:timers.promises.setTimeout node:timers.promises.setImmediate node:assert.rejects node:assert.doesNotReject node:assert/strict.rejects node:assert/strict.doesNotReject node:assert.strict.rejects ' +
  'node:test.TestContext#test node:util.aborted node:sqlite.backup ' +
  'node:worker_threads.Worker#terminate AudioContext#close AudioContext#resume AudioContext#suspend Cache#put Cache#add Cache#addAll Cache#match Cache#delete';

/** Methods of the platform with names of their own: whatever they are called on, they return a promise. */
export const ALWAYS_PROMISE: ReadonlySet<string> = new Set([
  'addIceCandidate',
  'pipeTo',
  'setLocalDescription',
  'setRemoteDescription',
]);

let promised: ReadonlySet<string> | undefined;
let wordsOfPromises: readonly string[] | undefined;

/** The functions that return a promise, read when the first file asks. */
function promisedNames(): ReadonlySet<string> {
  return (promised ??= new Set([
    ...PROMISED.split(' '),
    ...linesOf(PROMISED_OF).flatMap(namesOf),
    ...linesOf(PACKAGE_PROMISES).flatMap(namesOf),
  ]));
}

function linesOf(table: string): string[] {
  return table.trim().split('\n');
}

/** `Collection#: insertOne find` of a module names two methods, `module: load` a function. */
function namesOf(line: string): string[] {
  const [owner, names] = line.split(': ') as [string, string];
  return names.split(' ').map((name) => `${owner}${owner.endsWith('#') ? '' : '.'}${name}`);
}

/**
 * Words without which a file without types names no promise: the language's, the packages that return one, and one word
 * of each function above.
 */
export function promiseWords(): readonly string[] {
  return (wordsOfPromises ??= findPromiseWords());
}

function findPromiseWords(): readonly string[] {
  const packages = linesOf(PACKAGE_PROMISES)
    .map((line) => /^(?:@[^/]+\/)?[^/:#]+/.exec(line)![0])
    .flatMap((name) => [name, ...prefixesOf(name)]);
  const owners = linesOf(PROMISED_OF).map((line) => line.slice(0, line.indexOf(': ')));
  return [
    'async',
    'then',
    'import()',
    ...ALWAYS_PROMISE,
    ...new Set([...[...PROMISED.split(' '), ...owners].map(rarestWord), ...packages]),
  ];
}

function rarestWord(name: string): string {
  const words = (name.split('#')[0]!.match(/\w+/g) ?? []).filter((word) => word !== 'node');
  return (
    words.find((word) => word === 'promises') ?? words.reduce((one, other) => (other.length > one.length ? other : one))
  );
}

/** Does a call of this function, or of `Type#method`, return a promise? */
export function returnsPromise(name: string): boolean {
  return promisedNames().has(name);
}

let methods: ReadonlySet<string> | undefined;

/** Has one of the functions and methods above whose result is known this name? */
export function isKnownMethod(name: string): boolean {
  methods ??= new Set(
    [...promisedNames(), ...resultsOf().keys()].map((known) => /[^.#]+$/.exec(known.replace(/\(\)$/, ''))![0]),
  );
  return methods.has(name);
}

export interface SignalPosition {
  readonly index: number;
  readonly property: string | null;
}

/** What options objects call the signal they hold. */
export const SIGNAL_PROPERTIES = ['signal', 'abortSignal', 'cancelSignal'] as const;

/**
 * Where functions and methods take a signal: `name@index.property`, or `name@index` for the argument itself; `-1` is
 * the last argument of a variadic call.
 */
const SIGNALS =
  'fetch@1.signal Request@1.signal EventTarget#addEventListener@2.signal scheduler.postTask@1.signal ' +
  'node:timers/promises.setTimeout@2.signal node:timers/promises.setImmediate@1.signal node:timers/promises.setInterval@2.signal node:timers/promises.scheduler.wait@1.signal ' +
  'node:timers.promises.setTimeout@2.signal node:timers.promises.setImmediate@1.signal node:timers.promises.setInterval@2.signal ' +
  'node:events.once@2.signal node:events.on@2.signal node:events.EventEmitter.once@2.signal node:events.EventEmitter.on@2.signal ' +
  'node:stream/promises.pipeline@-1.signal node:stream/promises.finished@1.signal node:stream.promises.pipeline@-1.signal node:stream.promises.finished@1.signal node:stream.finished@1.signal ' +
  'node:child_process.spawn@2.signal node:child_process.fork@2.signal node:child_process.exec@1.signal node:child_process.execFile@2.signal ' +
  'node:http.request@1.signal node:https.request@1.signal node:http.get@1.signal node:https.get@1.signal ' +
  'node:fs/promises.readFile@1.signal node:fs/promises.writeFile@2.signal node:fs/promises.appendFile@2.signal node:fs/promises.watch@1.signal ' +
  'node:fs.promises.readFile@1.signal node:fs.promises.writeFile@2.signal node:fs.promises.watch@1.signal node:fs.readFile@1.signal node:fs.writeFile@2.signal node:fs.appendFile@2.signal node:fs.watch@1.signal ' +
  'ReadableStream#pipeTo@1.signal ReadableStream#pipeThrough@1.signal navigator.locks.request@1.signal LockManager#request@1.signal navigator.credentials.get@0.signal navigator.credentials.create@0.signal ' +
  'node:readline/promises.Interface#question@1.signal node:fs/promises.FileHandle#readFile@0.signal node:fs/promises.FileHandle#writeFile@1.signal';

let signals: ReadonlyMap<string, SignalPosition> | undefined;

function signalTable(): ReadonlyMap<string, SignalPosition> {
  signals ??= new Map(
    [...SIGNALS.split(' '), ...PACKAGE_SIGNALS.trim().split(/\s+/)].map((entry) => {
      const cut = entry.lastIndexOf('@');
      const [index, property] = entry.slice(cut + 1).split('.') as [string, string | undefined];
      return [entry.slice(0, cut), { index: Number(index), property: property ?? null }];
    }),
  );
  return signals;
}

/** Where a function, or `Type#method`, takes an AbortSignal; null when it is not known to take one. */
export function signalPosition(name: string): SignalPosition | null {
  return signalTable().get(name) ?? null;
}

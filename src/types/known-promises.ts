import { prefixesOf } from './known.js';
import { PACKAGE_PROMISES } from './packages.js';

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
export function promisedNames(): ReadonlySet<string> {
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

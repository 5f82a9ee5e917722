import type { Resource } from './resource.js';

const TRACKS = ['stream.getTracks()', 'stream.getVideoTracks()', 'stream.getAudioTracks()'];
// Who waits for the end of what ends by itself has ended it.
const EXIT = (handle: string, ...types: string[]): string[] => ['exit', 'close', ...types].flatMap((type) => [`'node:events'.once(${handle}, '${type}')`, `${handle}.on('${type}', listener)`, `${handle}.once('${type}', listener)`]);
// Who reads a stream to its end has nothing left to close.
const READ = ['stream.destroy()', 'stream.close()', 'stream.pipe(target)', "stream.on('data', listener)", "stream.on('readable', listener)", 'stream.resume()', 'stream.iterator(options)'];

const WEB: readonly Resource[] = [
  { kind: 'resource', start: ['observer = new MutationObserver((entries, observer) => {})', 'observer = new PerformanceObserver((entries, observer) => {})'], end: 'observer.disconnect()', activatedBy: 'observe', runsOn: true },
  { kind: 'resource', start: ['observer = new ResizeObserver((entries, observer) => {})', 'observer = new IntersectionObserver((entries, observer) => {})'], end: ['observer.disconnect()', 'observer.unobserve(target)'], activatedBy: 'observe', runsOn: true },
  { kind: 'resource', start: 'observer = new ReportingObserver(callback)', end: 'observer.disconnect()', activatedBy: 'observe', level: 'strict' },
  { kind: 'resource', start: ['socket = new WebSocket(url)', 'socket = new EventSource(url)', 'socket = new WebTransport(url)'], end: 'socket.close()' },
  { kind: 'resource', start: 'channel = new BroadcastChannel(name)', end: 'channel.close()', runsOn: true },
  { kind: 'resource', start: '{ port1, port2 } = new MessageChannel()', end: ['port1.close()', 'port2.close()'], activatedBy: ['on', 'addEventListener', 'start'] },
  { kind: 'resource', start: 'channel = new MessageChannel()', end: ['channel.port1.close()', 'channel.port2.close()'], activatedBy: ['on', 'addEventListener', 'start'] },
  { kind: 'resource', start: 'worker = new Worker(url)', end: 'worker.terminate()' },
  { kind: 'resource', start: 'worker = new SharedWorker(url)', end: 'worker.port.close()', level: 'strict' },
  { kind: 'resource', start: 'connection = new RTCPeerConnection()', end: 'connection.close()' },
  { kind: 'resource', start: 'channel = connection.createDataChannel(label)', end: ['channel.close()', 'connection.close()'], where: { connection: 'RTCPeerConnection' }, livesIn: 'connection', level: 'strict' },
  // An element that shows the blob keeps the URL only as a text: whoever made it has to revoke it.
  { kind: 'resource', start: 'url = URL.createObjectURL(blob, { oneTimeOnly })', end: 'URL.revokeObjectURL(url)', endsItself: 'oneTimeOnly', lentTo: ['href', 'src', 'setAttribute', 'open', 'Worker'] },
  { kind: 'resource', start: 'id = navigator.geolocation.watchPosition(listener)', end: 'navigator.geolocation.clearWatch(id)' },
  { kind: 'resource', start: 'lock = await navigator.wakeLock.request()', end: 'lock.release()' },
  { kind: 'resource', start: ['stream = await navigator.mediaDevices.getUserMedia()', 'stream = await navigator.mediaDevices.getDisplayMedia()'], end: TRACKS, endsEach: 'track.stop()', lentTo: ['srcObject', 'createMediaStreamSource'] },
  { kind: 'resource', start: 'stream = canvas.captureStream()', end: TRACKS, endsEach: 'track.stop()', where: { canvas: 'HTMLCanvasElement' }, lentTo: ['srcObject'], level: 'strict' },
  { kind: 'resource', start: 'recorder = new MediaRecorder(stream)', end: 'recorder.stop()', activatedBy: 'start' },
  { kind: 'resource', start: 'context = new AudioContext()', end: 'context.close()' },
  { kind: 'resource', start: 'bitmap = await createImageBitmap(image)', end: 'bitmap.close()', level: 'strict' },
  { kind: 'resource', start: 'frame = new VideoFrame(image)', end: 'frame.close()' },
  { kind: 'resource', start: ['coder = new VideoDecoder(callbacks)', 'coder = new VideoEncoder(callbacks)', 'coder = new AudioDecoder(callbacks)', 'coder = new AudioEncoder(callbacks)', 'coder = new ImageDecoder(options)'], end: 'coder.close()', level: 'strict' },
  { kind: 'resource', start: 'data = new AudioData(options)', end: 'data.close()', level: 'strict' },
  { kind: 'resource', start: 'stream = await file.createWritable()', end: ['stream.close()', 'stream.abort()'], where: { file: 'FileSystemFileHandle' } },
  { kind: 'resource', start: 'device = await adapter.requestDevice()', end: 'device.destroy()', where: { adapter: 'GPUAdapter' } },
  { kind: 'resource', start: ['memory = device.createBuffer(options)', 'memory = device.createTexture(options)'], end: ['memory.destroy()', 'device.destroy()'], where: { device: 'GPUDevice' }, level: 'strict' },
  { kind: 'resource', start: 'session = keys.createSession()', end: 'session.close()', where: { keys: 'MediaKeys' }, level: 'strict' },
  { kind: 'resource', start: 'copy = track.clone()', end: 'copy.stop()', where: { track: 'MediaStreamTrack' }, level: 'strict' },
  { kind: 'resource', start: 'id = await playback.watchAvailability(listener)', end: 'playback.cancelWatchAvailability(id)', where: { playback: 'RemotePlayback' }, livesIn: 'playback' },
  { kind: 'timeout', start: 'handle = video.requestVideoFrameCallback(callback)', end: 'video.cancelVideoFrameCallback(handle)', where: { video: 'HTMLVideoElement' }, livesIn: 'video', endsItself: 'always' },
  { kind: 'resource', start: ['recognition = new SpeechRecognition()', 'recognition = new webkitSpeechRecognition()'], end: ['recognition.stop()', 'recognition.abort()'], activatedBy: 'start', level: 'strict' },
];

const NODE: readonly Resource[] = [
  { kind: 'resource', from: 'node:worker_threads', start: 'worker = new Worker(file)', end: ['worker.terminate()', ...EXIT('worker')] },
  { kind: 'resource', from: 'node:worker_threads', start: '{ port1, port2 } = new MessageChannel()', end: ['port1.close()', 'port2.close()'], activatedBy: ['on', 'once', 'addEventListener', 'start'] },
  { kind: 'resource', from: 'node:worker_threads', start: 'channel = new MessageChannel()', end: ['channel.port1.close()', 'channel.port2.close()'], activatedBy: ['on', 'once', 'addEventListener', 'start'] },
  { kind: 'resource', from: 'node:worker_threads', start: 'channel = new BroadcastChannel(name)', end: 'channel.close()' },
  // A process that nobody waits for may be meant to live on; one that is kept is meant to be ended.
  { kind: 'resource', from: 'node:child_process', start: 'child = spawn(command, args, { signal, detached })', end: ['child.kill()', 'child.unref()', ...EXIT('child')], endedBy: 'signal', endsItself: 'detached', runsOn: true },
  { kind: 'resource', from: 'node:child_process', start: 'child = fork(file, args, { signal, detached })', end: ['child.kill()', 'child.disconnect()', 'child.unref()', ...EXIT('child')], endedBy: 'signal', endsItself: 'detached', runsOn: true },
  { kind: 'resource', from: ['node:http', 'node:https', 'node:net', 'node:tls', 'node:http2'], start: ['server = createServer(listener)', 'server = createSecureServer(options)', 'server = new Server(listener)'], end: ['server.close()', 'server.closeAllConnections()'], activatedBy: 'listen', endedBy: 'signal', runsOn: true },
  { kind: 'resource', from: 'node:net', start: ['socket = connect(port, host)', 'socket = createConnection(port, host)'], end: ['socket.destroy()', 'socket.end()', 'socket.destroySoon()', ...EXIT('socket', 'end')] },
  { kind: 'resource', from: 'node:net', start: 'socket = new Socket({ signal })', end: ['socket.destroy()', 'socket.end()', 'socket.destroySoon()', ...EXIT('socket', 'end')], activatedBy: 'connect', endedBy: 'signal' },
  { kind: 'resource', from: 'node:tls', start: 'socket = connect(options)', end: ['socket.destroy()', 'socket.end()', ...EXIT('socket', 'end')] },
  { kind: 'resource', from: 'node:http2', start: 'session = connect(url)', end: ['session.close()', 'session.destroy()', ...EXIT('session')] },
  { kind: 'resource', start: 'stream = session.request(headers, { signal })', end: READ, where: { session: 'node:http2.ClientHttp2Session' }, endedBy: 'signal', level: 'strict' },
  { kind: 'resource', from: 'node:dgram', start: 'socket = createSocket({ signal })', end: ['socket.close()', ...EXIT('socket', 'end')], activatedBy: ['bind', 'connect', 'send'], endedBy: 'signal' },
  // A request is sent when it is ended.
  { kind: 'resource', from: ['node:http', 'node:https'], start: 'outgoing = request(options)', end: ['outgoing.end()', 'outgoing.destroy()', 'outgoing.abort()'] },
  { kind: 'resource', from: ['node:http', 'node:https'], start: 'agent = new Agent(options)', end: 'agent.destroy()', level: 'strict' },
  { kind: 'resource', from: 'node:fs', start: 'watcher = watch(path, { signal })', end: 'watcher.close()', endedBy: 'signal', runsOn: true },
  { kind: 'listener', from: 'node:fs', start: 'watchFile(path)', end: 'unwatchFile(path)' },
  { kind: 'resource', from: ['node:fs/promises', 'node:fs.promises'], start: 'file = await open(path)', end: ['file.close()', 'file[Symbol.asyncDispose]()', 'file.createReadStream()', 'file.createWriteStream()', 'file.readLines()'] },
  { kind: 'resource', from: 'node:fs', start: 'fd = openSync(path)', end: ['closeSync(fd)', 'close(fd)'], lentTo: ['readSync', 'writeSync', 'fstatSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync', 'futimesSync', 'fchmodSync', 'read', 'write', 'fstat', 'fsync', 'readFileSync', 'writeFileSync', 'appendFileSync'] },
  { kind: 'resource', from: 'node:fs', start: 'stream = createReadStream(path, { signal })', end: [...READ, ...EXIT('stream'), 'stream.return()'], endedBy: 'signal', drainedBy: 'next' },
  { kind: 'resource', from: 'node:fs', start: 'stream = createWriteStream(path, { signal })', end: ['stream.end()', 'stream.destroy()', 'stream.close()'], endedBy: 'signal' },
  { kind: 'resource', from: ['node:fs/promises', 'node:fs.promises'], start: 'folder = await mkdtempDisposable(prefix)', end: ['folder.remove()', 'folder[Symbol.asyncDispose]()'] },
  // Whoever joins a path to it uses the folder, and leaves it.
  { kind: 'resource', from: ['node:fs/promises', 'node:fs.promises'], start: 'folder = await mkdtemp(prefix)', end: ['rm(folder, { recursive, force })', 'rmdir(folder)', "'node:fs'.rmSync(folder)", "'node:fs'.rmdirSync(folder)"], lentTo: ['join', 'resolve', 'writeFile', 'readdir', 'cp'], level: 'strict' },
  { kind: 'resource', from: 'node:fs', start: 'folder = mkdtempSync(prefix)', end: ['rmSync(folder, { recursive, force })', 'rmdirSync(folder)', "'node:fs/promises'.rm(folder)"], lentTo: ['join', 'resolve', 'writeFileSync', 'readdirSync', 'cpSync'], level: 'strict' },
  { kind: 'resource', from: 'node:events', start: 'listening = addAbortListener(signal, listener)', end: 'listening[Symbol.dispose]()', livesIn: 'signal', level: 'strict' },
  { kind: 'resource', from: 'node:inspector', start: 'session = new Session()', end: 'session.disconnect()', activatedBy: ['connect', 'connectToMainThread'] },
  { kind: 'resource', from: 'node:perf_hooks', start: 'observer = new PerformanceObserver((entries, observer) => {})', end: 'observer.disconnect()', activatedBy: 'observe', runsOn: true },
  { kind: 'resource', from: 'node:perf_hooks', start: 'delay = monitorEventLoopDelay(options)', end: 'delay.disable()', activatedBy: 'enable', level: 'strict' },
  { kind: 'resource', from: 'node:v8', start: 'profiler = new GCProfiler()', end: 'profiler.stop()', activatedBy: 'start', level: 'strict' },
  { kind: 'resource', from: 'node:async_hooks', start: 'hook = createHook(callbacks)', end: 'hook.disable()', activatedBy: 'enable', level: 'strict' },
  { kind: 'resource', from: 'node:sqlite', start: 'database = new DatabaseSync(path)', end: 'database.close()' },
  { kind: 'resource', start: 'session = database.createSession()', end: ['session.close()', 'database.close()'], where: { database: 'node:sqlite.DatabaseSync' }, level: 'strict' },
  { kind: 'listener', start: 'channel.subscribe(listener)', end: 'channel.unsubscribe(listener)', where: { channel: ['node:diagnostics_channel.Channel', 'node:diagnostics_channel.TracingChannel'] }, livesIn: 'channel' },
  { kind: 'listener', from: 'node:diagnostics_channel', start: 'subscribe(name, listener)', end: 'unsubscribe(name, listener)' },
];

const OTHER_HOSTS: readonly Resource[] = [
  { kind: 'resource', start: ['handle = await Deno.open(path)', 'handle = await Deno.connect(options)', 'handle = Deno.watchFs(path)', 'handle = Deno.listen(options)'], end: ['handle.close()', 'handle.readable', 'handle.writable'] },
  { kind: 'resource', start: 'handle = await Deno.openKv()', end: 'handle.close()', level: 'strict' },
  { kind: 'resource', start: 'server = Deno.serve({ signal })', end: 'server.shutdown()', endedBy: 'signal', level: 'strict' },
  { kind: 'resource', start: 'server = Bun.serve(options)', end: 'server.stop()', level: 'strict' },
  { kind: 'resource', start: 'child = Bun.spawn(command)', end: 'child.kill()', level: 'strict' },
];

/** Workers, servers, sockets, files, channels, processes, observers: what the host holds for the program. */
export const HANDLES: readonly Resource[] = [...WEB, ...NODE, ...OTHER_HOSTS];

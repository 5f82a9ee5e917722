import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Kind, Resource } from '../../src/catalog/index.js';
import type { Verdict } from '../../src/ownership/verdict/judging.js';
import { fileOf } from './support.js';

/**
 * A line is a verdict and code; the verdict is of the first start of the kind, with the line or the code of its
 * witness.
 */
type Row = readonly [verdict: string, code: string];

/** Resources that show one row each and that no catalog has. */
// prettier-ignore
const own: readonly Resource[] = [
  { kind: 'resource', start: 'plain = openPlain()', end: 'plain.close()' },
  { kind: 'resource', start: 'plain = await openLater()', end: 'plain.close()' },
  { kind: 'resource', start: 'idle = openIdle()', end: 'idle.close()', activatedBy: ['run', 'start'] },
  { kind: 'resource', start: 'small = openSmall()', end: 'small.close()', isSmall: true },
  { kind: 'resource', start: 'ghost = openGhost()', end: 'ghost.close()', runsOn: true },
  { kind: 'resource', start: 'rare = openRare()', end: 'rare.close()', level: 'strict' },
  { kind: 'resource', start: 'optional = openFor({ once, signal })', end: 'optional.close()', endsItself: 'once', endedBy: 'signal' },
  { kind: 'resource', start: 'head = openMode({ method })', end: 'head.close()', endsItself: "method: 'HEAD'" },
  { kind: 'resource', start: 'member = parent.openMember()', end: 'member.close()', where: { parent: '*' }, livesIn: 'parent' },
  { kind: 'resource', start: 'typed = box.openTyped()', end: 'typed.close()', where: { box: 'EventTarget' } },
  { kind: 'resource', start: 'lent = openLent()', end: 'closeLent(lent)', lentTo: ['look', 'href'] },
  { kind: 'resource', start: 'link = source.openLink(listener)', end: 'link.close()', where: { source: '*' }, livesIn: 'source', endedThrough: ['take'] },
  { kind: 'lock', start: 'release = await lockPlain()', end: 'release()', onThrow: 'leaks' },
  { kind: 'lock', start: 'release = await lockSoft()', end: 'release()' },
  { kind: 'lock', start: 'await lockFor(key)', end: 'unlockFor(key)', onThrow: 'leaks' },
  { kind: 'resource', start: 'switched = switchOn(device)', end: 'switchOff(device)' },
];

function verdictOf(kind: Kind, code: string): string {
  const file = fileOf(code, { settings: { 'async-leaks': { resources: own } } });
  const [start] = file.starts(kind);
  if (!start) throw new Error(`nothing of kind ${kind} starts in\n${code}`);
  return textOf(file.verdict(start));
}

function textOf(verdict: Verdict): string {
  if (verdict.kind === 'kept') return 'kept';
  const {
    kind,
    why,
    ways: [way],
    sibling,
    nearMiss,
  } = verdict;
  const witness = way
    ? ` ${way.kind} ${way.node.loc.start.line}`
    : sibling
      ? ` ${sibling.loc.start.line}`
      : why === 'missedEnd'
        ? ` ${nearMiss?.differs} ${nearMiss?.node.loc.start.line}`
        : '';
  return `${kind} ${why}${witness}`;
}

const effect = (body: string): string => `function App() { useEffect(() => { ${body} }) }`;
const inClass = (body: string): string => `class Owner { ${body} }`;

// prettier-ignore
const tables: readonly [heading: string, kind: Kind, rows: readonly Row[]][] = [
  ['the program', 'resource', [
    ['kept', 'openPlain();'],
    ['kept', 'const plain = openPlain();'],
    ['kept', 'if (on) openPlain();'],
    ['kept', 'async function main() { openPlain() } main();'],
    ['leak handleDropped', 'async function main() { openPlain() } main(); main();'],
  ]],
  ['the program', 'interval', [['kept', 'setInterval(tick, 1);'], ['unknown handleDropped', 'function f() { setInterval(tick, 1) }']]],
  ['the program', 'listener', [['kept', "window.addEventListener('a', onA);"]]],
  ['the program', 'controller', [['kept', 'const controller = new AbortController(); later(controller.signal);']]],
  ['locks of the program', 'lock', [
    ['leak neverEnded', 'const release = await lockPlain(); work();'],
    ['leak notOnEveryPath throw 2', 'const release = await lockPlain();\nwork();\nrelease();'],
    ['kept', 'const release = await lockPlain(); try { work() } finally { release() }'],
  ]],

  ['a prototype', 'interval', [
    ['leak notInTeardown', 'function Owner() {} Owner.prototype.run = function () { this.timer = setInterval(tick, 1) }; Owner.prototype.close = function () {}'],
    ['kept', 'function Owner() {} Owner.prototype.run = function () { this.timer = setInterval(tick, 1) }; Owner.prototype.close = function () { clearInterval(this.timer) }'],
    ['leak notInTeardown', 'function Owner() { var self = this; later(function () { self.timer = setInterval(tick, 1) }) } Owner.prototype.close = function () {}'],
    ['kept', 'function Owner() { var self = this; later(function () { self.timer = setInterval(tick, 1) }) } Owner.prototype = { close() { clearInterval(this.timer) } }'],
    ['leak handleDropped', 'function Owner() {} Object.assign(Owner.prototype, { run() { setInterval(tick, 1) }, close() {} })'],
    ['unknown notInTeardown', 'function Owner() {} Owner.prototype.run = function () { this.timer = setInterval(tick, 1) }'],
  ]],
  ['what a function returns', 'interval', [
    ['leak handleDropped', 'function make() { setInterval(tick, 1); return { stop() {} } }'],
    ['leak neverEnded', 'function make() { let timer; return { start() { timer = setInterval(tick, 1) }, stop() {} } }'],
    ['kept', 'function make() { let timer; return { start() { timer = setInterval(tick, 1) }, stop() { clearInterval(timer) } } }'],
    ['kept', 'function make() { const timer = setInterval(tick, 1); return { stop() {}, timer } }'],
    ['unknown handleDropped', 'function make() { setInterval(tick, 1); return { remove(item) {} } }'],
  ]],
  ['a field that is ended elsewhere', 'interval', [
    ['leak notInTeardown', inClass('run() { this.timer = setInterval(tick, 1) } ask() { load().then(() => clearInterval(this.timer)) } close() {}')],
    ['unknown notInTeardown', inClass('run() { this.timer = setInterval(() => clearInterval(this.timer), 1) } close() {}')],
    ['unknown notInTeardown', inClass('run() { this.timer = setInterval(tick, 1) } stopTicking() { clearInterval(this.timer) } close() {}')],
    ['leak notInTeardown', inClass('run() { this.timer = setInterval(tick, 1) } private stopTicking() { clearInterval(this.timer) } close() {}')],
    ['unknown notInTeardown', inClass('async run() { try { this.timer = setInterval(tick, 1); await load() } finally { clearInterval(this.timer) } } close() {}')],
    ['kept', inClass('run() { this.timer = setInterval(tick, 1) } onBeforeDetach() { this.halt() } halt() { clearInterval(this.timer) } close() {}')],
    ['kept', inClass('run() { this.timer = setInterval(tick, 1) } close() { load().then(() => clearInterval(this.timer)) }')],
    ['kept', inClass("run() { this.timer = setInterval(tick, 1); this.socket.on('close', () => clearInterval(this.timer)) } close() {}")],
    ['kept', inClass('run() { this.timer = setInterval(tick, 1) } onClose() { clearInterval(this.timer) } close() {}')],
    ['kept', inClass('run() { this.timer = setInterval(tick, 1) } _handleSocketEnd() { clearInterval(this.timer) } close() {}')],
    ['kept', 'class Owner extends Base { run() { this.timer = setInterval(tick, 1) } halt() { clearInterval(this.timer) } close() { super.close() } }'],
    ['leak notInTeardown', inClass('run() { this.timer = setInterval(tick, 1) } onDragEnd() { clearInterval(this.timer) } close() {}')],
    ['leak notInTeardown', inClass("run() { this.timer = setInterval(tick, 1) } onOver() { clearInterval(this.timer) } close() { host.removeEventListener('over', this.onOver) }")],
  ]],
  ['a collection that nothing reads', 'interval', [
    ['leak neverEnded', inClass('#timers = new Map(); run(key) { const timer = setInterval(tick, 1); this.#timers.set(key, timer) } close() { this.#timers.clear() }')],
    ['leak neverEnded', inClass('private timers = []; run() { const timer = setInterval(tick, 1); this.timers.push(timer) } close() { this.timers.length = 0; this.timers = [] }')],
    ['kept', inClass('timers = []; run() { const timer = setInterval(tick, 1); this.timers.push(timer) } close() { this.timers.length = 0 }')],
    ['kept', inClass('#timers = []; run() { const timer = setInterval(tick, 1); this.#timers.push(timer) } close() { this.#timers.forEach(clearInterval) }')],
    ['kept', inClass('#timers = new Set(); run() { const timer = setInterval(tick, 1); this.#timers.add(timer) } close() { for (const timer of this.#timers) clearInterval(timer) }')],
    ['kept', inClass('#timers = new Map(); run() { const timer = setInterval(tick, 1); return this.#timers.set(1, timer) } close() {}')],
    ['kept', inClass('#timers = []; run() { const timer = setInterval(tick, 1); this.#timers.push(timer) } close() { clearAll(this.#timers) }')],
  ]],
  ['what a promise settles without', 'interval', [
    ['leak notOnEveryPath return 2', 'function ask(port) { return new Promise((resolve, reject) => { const timer = setInterval(tick, 1); port.onmessage = () => { clearInterval(timer); resolve() }; port.onerror = () =>\nreject() }) }'],
    ['kept', 'function ask(port) { return new Promise((resolve, reject) => { const timer = setInterval(tick, 1); const stop = () => clearInterval(timer); port.onmessage = () => { stop(); resolve() }; port.onerror = () => { stop(); reject() } }) }'],
    ['kept', 'function ask(port) { return new Promise((resolve, reject) => { const done = (error) => { clearInterval(timer); finish(error) }; const finish = (error) => { error ? reject(error) : resolve() }; const timer = setInterval(tick, 1); port.onmessage = () => done(); port.onerror = done }) }'],
    ['kept', 'function ask(port, on) { return new Promise((resolve, reject) => { let timer; if (on) timer = setInterval(tick, 1); else port.onerror = () => reject(); port.onmessage = () => { clearInterval(timer); resolve() } }) }'],
    ['kept', 'function ask(port) { return new Promise((resolve, reject) => { const timer = setInterval(() => reject(), 1); port.onmessage = () => { clearInterval(timer); resolve() } }) }'],
    ['kept', 'function ask(port) { let timer; return new Promise((resolve, reject) => { timer = setInterval(tick, 1); port.onmessage = () => { clearInterval(timer); resolve() }; port.onerror = () => reject() }).finally(() => clearInterval(timer)) }'],
  ]],
  ['a target that was given', 'listener', [
    ['unknown neverEnded', inClass("constructor(bus) { bus.on('a', this.onA) } close() {}")],
    ['unknown neverEnded', inClass("constructor(bus) { this.bus = bus; this.bus.on(Events.A, () => {}) } close() { this.bus = null }")],
    ['unknown neverEnded', effect("props.bus.on('a', onA)").replace('App()', 'App(props)').replace('onA', 'function () {}')],
    ['kept', inClass("constructor(bus) { bus.on('a', this.onA) }")],
    ['kept', inClass("constructor(bus) { this.off = bus.on('a', this.onA) } close() {}")],
    ['kept', inClass("constructor(bus) { this.keep(bus.on('a', () => {})) } close() {}")],
    ['kept', inClass("constructor(bus) { this.bus = bus; this.bus.on('a', this.onA) } close() { this.bus.end() }")],
    ['kept', inClass("constructor(bus) { this.bus = bus; this.bus.on('a', this.onA) } close() { this.bus.removeAllListeners() }")],
    ['kept', inClass("constructor() { this.bus = make(); this.listen(this.bus) } listen(bus) { bus.on('a', this.onA) } close() { this.bus.end() }")],
    ['kept', inClass("constructor(server) { server.accept((socket) => { socket.on('a', this.onA) }) } close() {}")],
    ['kept', inClass("constructor(app) { app.on('/a/:id', () => {}) } close() {}")],
    ['kept', inClass("constructor($root) { $root.on('click', () => {}) } close() {}")],
    ['kept', inClass("constructor() { this.bus = make(); this.bus.on('a', () => {}) } close() {}")],
  ]],
  ['listeners that another value keeps', 'listener', [
    ['unknown leftBehind 2', "import Events from './events'; function show(player) { Events.on(player, 'a', onA); Events.on(player, 'b', onB) } function hide(player) {\nEvents.off(player, 'b', onB) }".replaceAll('(player)', '()').replace('function show', 'let player; function show')],
    ['kept', "import Events from './events'; function show(player) { Events.on(player, 'a', onA) }"],
    ['kept', "$(root).on('click', '.a', onA)"],
    ['unknown neverEnded', "import Events from './events'; import player from './player'; function show() { Events.on(player, 'a', onA) }"],
    ['kept', "import Events from './events'; import player from './player'; function show(list) { list.push(Events.on(player, 'a', onA)) }"],
    ['kept', "import { keys } from './keys'; function show(map) { map.on(keys.Shift, 'a', () => {}) }"],
  ]],
  ['`once` on a signal that was passed in', 'listener', [
    ['leak neverEnded', "async function load(signal, work) { signal.addEventListener('abort', onAbort, { once: true }); await work }"],
    ['leak neverEnded', "function link(outer: AbortSignal) { const inner = new AbortController(); outer.addEventListener('abort', () => inner.abort(), { once: true }); return inner }"],
    ['leak neverEnded', "function link(signal) { const inner = new AbortController(); signal.addEventListener('abort', () => inner.abort(), { once: true }); return inner }"],
    ['leak neverEnded', "function load(signal, port) { return new Promise((resolve, reject) => { signal.addEventListener('abort', () => reject(), { once: true }); port.onmessage = resolve }) }"],
    ['kept', "function load(signal) { return new Promise((resolve) => { signal.addEventListener('abort', () => resolve(), { once: true }) }) }"],
    ['kept', "function poll(signal) { const timer = setInterval(tick, 1); signal.addEventListener('abort', () => clearInterval(timer), { once: true }) }"],
    ['kept', "async function handle(request, work) { request.signal.addEventListener('abort', onAbort, { once: true }); await work }"],
    ['kept', "async function load(signal, work) { signal.addEventListener('abort', onAbort, { once: true }); try { await work } finally { signal.removeEventListener('abort', onAbort) } }"],
  ]],

  ['ended by an option', 'resource', [
    ['leak handleDropped', 'function f() { openFor() }'],
    ['leak handleDropped', 'function f() { openFor({}) }'],
    ['leak handleDropped', 'function f() { openFor({ other: true }) }'],
    ['kept', 'function f() { openFor({ once: true }) }'],
    ['leak handleDropped', 'function f() { openFor({ once: false }) }'],
    ['kept', 'function f(once) { openFor({ once }) }'],
    ['kept', 'function f() { openFor(options) }'],
    ['kept', 'function f() { openFor({ ...options }) }'],
    ["kept", "function f() { openMode({ method: 'HEAD' }) }"],
    ["leak handleDropped", "function f() { openMode({ method: 'GET' }) }"],
    ["leak handleDropped", "function f() { openMode({ method: true }) }"],
    ["kept", "function f(method) { openMode({ method }) }"],
  ]],
  ['given a signal', 'resource', [
    ['kept', 'function f(signal) { openFor({ signal }) }'],
    ['kept', 'function f() { openFor({ signal: AbortSignal.timeout(1) }) }'],
  ]],
  ['given a signal', 'listener', [
    ['kept', inClass("run() { window.addEventListener('a', onA, { signal: this.signal }) } stop() {}")],
    ['kept', inClass("run() { window.addEventListener('a', onA, { once: true }) } stop() {}")],
    ['leak neverEnded', inClass("run() { window.addEventListener('a', onA, { once: false }) } stop() {}")],
  ]],
  ['ended in the chain before the start', 'resource', [
    ['kept', 'function f() { source.pipe(take(1)).openLink(look) }'],
    ['kept', 'function f() { source.take(1).openLink(look) }'],
    ['leak handleDropped', `const source = load(); ${effect('source.pipe(map(double)).openLink(look)')}`],
    ['unknown handleDropped', effect('load().pipe(map(double)).openLink(look)')],
  ]],

  ['in other hands', 'resource', [
    ['kept', 'function f() { return openPlain() }'],
    ['kept', 'function f() { return [openPlain()] }'],
    ['kept', 'function f() { keep(openPlain()) }'],
    ['kept', 'function f() { new Keeper(openPlain()) }'],
    ['kept', 'function f(a) { a.b = openPlain() }'],
    ['kept', 'function f() { using plain = openPlain() }'],
    ['kept', 'async function f() { await using plain = await openLater() }'],
    ['kept', 'function f() { const plain = openPlain(); return plain }'],
    ['kept', 'function f() { const plain = openPlain(); return { plain } }'],
    ['kept', 'function f() { const plain = openPlain(); return { close: () => plain.close() } }'],
    ['kept', 'function f() { const plain = openPlain(); keep(plain) }'],
    ['kept', 'function f() { const plain = openPlain(); plains.push(plain) }'],
    ['kept', 'function f(a) { const plain = openPlain(); a.plain = plain }'],
    ['kept', 'function f() { const plain = openPlain(); onEnd(plain.close) }'],
    ['kept', 'function f() { const plain = openPlain(); const { close } = plain; onEnd(close) }'],
    ['kept', 'function f() { const plain = openPlain(); const { ...all } = plain; onEnd(all) }'],
    ['leak neverEnded', 'function f() { const plain = openPlain(); const { size } = plain; }'],
    ['kept', 'function* f() { yield openPlain() }'],
    ['kept', 'function f() { const plain = openPlain(); throw plain }'],
    ['kept', 'function f() { const plain = openPlain(); for (const a of plain) {} }'],
    ['kept', 'function f() { openLater() }'],
    ['leak neverEnded', 'function f() { const plain = openPlain(); console.log(plain) }'],
    ['leak neverEnded', 'function f() { const plain = openPlain(); if (plain.close) work() }'],
    ['leak neverEnded', 'function f() { const plain = openPlain(); plain.size = 1 }'],
  ]],
  ['lent', 'resource', [
    ['leak neverEnded', 'function f() { const lent = openLent(); look(lent) }'],
    ['leak neverEnded', 'function f(a) { const lent = openLent(); a.href = lent }'],
    ['leak handleDropped', 'function f(a) { look(openLent()) }'],
    ['kept', 'function f(a) { const lent = openLent(); keep(lent) }'],
    ['kept', 'function f(a) { const lent = openLent(); a.other = lent }'],
  ]],
  ['not running yet', 'resource', [
    ['kept', 'function f() { openIdle() }'],
    ['kept', 'function f() { const idle = openIdle(); idle.size }'],
    ['leak neverEnded', 'function f() { const idle = openIdle(); idle.run() }'],
    ['leak handleDropped', 'function f() { openIdle().start() }'],
    ['leak notInTeardown', inClass('#a = openIdle(); run() { this.#a.run() } stop() {}')],
  ]],
  ['of an unknown type', 'resource', [
    ['leak neverEnded', 'function f() { const a = window.openTyped() }'],
    ['kept', 'function f(box) { const a = box.openTyped() }'],
    ['leak neverEnded', 'function f(box: EventTarget) { const a = box.openTyped() }'],
  ]],
  ['for the strict config only', 'resource', [
    ['unknown neverEnded', 'function f() { const a = openRare() }'],
    ['unknown notInTeardown', inClass('#a = openRare(); stop() {}')],
  ]],

  ['a listener on what dies with its owner', 'listener', [
    ['kept', "function f() { const a = new EventTarget(); a.addEventListener('a', onA) }"],
    ['kept', "function f() { const a = document.createElement('a'); a.addEventListener('a', onA) }"],
    ['kept', inClass("a = new EventTarget(); run() { this.a.addEventListener('a', onA) } stop() {}")],
    ['kept', "class Owner extends EventTarget { run() { this.addEventListener('a', onA) } stop() {} }"],
  ]],
  ['a listener on what lives longer', 'listener', [
    ['leak neverEnded', effect("window.addEventListener('a', onA)")],
    ['leak neverEnded', inClass("run() { window.addEventListener('a', onA) } stop() {}")],
    ['leak neverEnded', inClass("run() { process.on('a', onA) } stop() {}")],
    ['leak neverEnded', effect("matchMedia('a').addEventListener('change', onA)")],
    ['unknown neverEnded', inClass("run() { window.addEventListener('a', onA) }")],
    ['unknown neverEnded', "function f() { window.addEventListener('a', onA) }"],
    ['kept', "it('works', () => { window.addEventListener('a', onA) })"],
    ['leak neverEnded', `const bus = new EventTarget(); ${inClass("run() { bus.addEventListener('a', onA) } stop() {}")}`],
    ['unknown neverEnded', `import { bus } from './bus.js'; ${inClass("run() { bus.addEventListener('a', onA) } stop() {}")}`],
  ]],
  ['a listener on what may live longer', 'listener', [
    ['unknown neverEnded', inClass("constructor(a: EventTarget) { a.addEventListener('a', onA) } stop() {}")],
    ['kept', "function f(a: EventTarget) { a.addEventListener('a', onA) }"],
    ['kept', inClass("constructor(a: EventTarget) { a.addEventListener('a', onA) }")],
    ['kept', inClass("constructor(a) { a.addEventListener('a', onA) } stop() {}")],
    ['unknown neverEnded', inClass("a: EventTarget = given; run() { this.a.addEventListener('a', onA) } stop() {}")],
  ]],
  ['a listener that is removed', 'listener', [
    ['kept', inClass("run() { window.addEventListener('a', this.onA) } stop() { window.removeEventListener('a', this.onA) }")],
    ['kept', inClass("run() { window.addEventListener('a', this.onA) } other() { window.removeEventListener('a', this.onA) } stop() {}")],
    ['kept', effect("window.addEventListener('a', onA); return () => window.removeEventListener('a', onA)")],
    ['kept', inClass("run() { process.on('a', onA) } stop() { process.removeAllListeners() }")],
    ['kept', "async function f() { window.addEventListener('a', onA); try { await work() } finally { window.removeEventListener('a', onA) } }"],
    ['leak notOnEveryPath throw 2', "async function f() { window.addEventListener('a', onA);\nawait work(); window.removeEventListener('a', onA) }"],
    ['kept', "function f() { window.addEventListener('a', onA);\nwork(); window.removeEventListener('a', onA) }"],
    ['kept', "async function f(list) { window.addEventListener('a', onA); await work(); window.removeEventListener(list[0], onA) }"],
  ]],
  ['a listener whose siblings are removed', 'listener', [
    ['leak leftBehind 2', inClass("run() { window.addEventListener('a', onA); window.addEventListener('b', onB) } stop() {\nwindow.removeEventListener('b', onB) } close() {}")],
    ['leak leftBehind 2', inClass("run() { window.addEventListener('a', onA); window.addEventListener('b', onB) } stop() {\nwindow.removeEventListener('b', onB) }")],
    ['unknown leftBehind 2', inClass("run() { window.addEventListener('a', onA); window.addEventListener('b', onB) } pause() {\nwindow.removeEventListener('b', onB) }")],
    ['leak leftBehind 2', effect("window.addEventListener('a', onA); window.addEventListener('b', onB); return () => {\nwindow.removeEventListener('b', onB) }")],
  ]],
  ['a listener that is removed with something else', 'listener', [
    ['leak missedEnd listener 2', inClass("run() { window.addEventListener('a', this.onA.bind(this)) } stop() {\nwindow.removeEventListener('a', this.onA.bind(this)) }")],
    ['leak missedEnd listener 2', inClass("run() { window.addEventListener('a', onA) } pause() {\nwindow.removeEventListener('a', () => {}) }")],
    ['leak missedEnd capture 2', "function f() { window.addEventListener('a', onA, true); return () => {\nwindow.removeEventListener('a', onA) } }"],
    ['leak missedEnd capture 2', "function f() { window.addEventListener('a', onA, { capture: true }); return () => {\nwindow.removeEventListener('a', onA, { capture: false }) } }"],
    ['kept', "function f() { window.addEventListener('a', onA, { capture: true }); return () => {\nwindow.removeEventListener('a', onA, true) } }"],
    ['leak missedEnd type 2', "function f() { window.addEventListener('a', onA); return () => {\nwindow.removeEventListener('b', onA) } }"],
    ['leak neverEnded', "function f() { window.addEventListener('a', onA); return () => {\nwindow.removeEventListener('b', onA) } } window.addEventListener('b', onA);"],
    ['leak neverEnded', "function onB() {} function onA() {} function f() { window.addEventListener('a', onA); return () => {\nwindow.removeEventListener('a', onB) } }"],
  ]],
  ['a listener that ends itself', 'listener', [
    ['unknown neverEnded', inClass("run() { process.once('a', onA) } stop() {}")],
    ['kept', inClass("run() { this.a = new EventEmitter(); this.a.once('a', onA) } stop() {}")],
    ['kept', inClass("run() { process.once('a', onA); process.emit('a') } stop() {}")],
    ['unknown neverEnded', inClass("run() { process.once('a', onA); process.emit('b') } stop() {}")],
    ['kept', "import { EventEmitter } from 'events'; class Owner { constructor(a: EventEmitter) { a.once('a', onA) } stop() {} }"],
  ]],
  ['a listener on a signal that was passed in', 'listener', [
    ['kept', "async function f(bus: EventTarget) { bus.addEventListener('abort', onA); await work() }"],
    ['unknown neverEnded', "const signal = load(); async function f() { signal.addEventListener('abort', onA); await work() }"],
    ['unknown neverEnded', "async function f() { addEventListener('abort', onA); await work() }"],
    ['leak neverEnded', "async function f(signal) { signal.addEventListener('abort', onA); await work() }"],
    ['leak neverEnded', "function f(signal) { return new Promise((resolve) => { signal.addEventListener('abort', onA) }) }"],
    ['leak neverEnded', "async function f(options) { options.signal.addEventListener('abort', onA); await work() }"],
    ['leak neverEnded', inClass("run() { this.options.signal.addEventListener('abort', onA) } stop() {}")],
    ['kept', "async function f(signal) { signal.addEventListener('other', onA); await work() }"],
    ['kept', inClass("run() { this.controller.signal.addEventListener('abort', onA) } stop() {}")],
    ['unknown neverEnded', "function f(signal: AbortSignal) { signal.addEventListener('abort', onA) }"],
    ['kept', "async function f(signal) { signal.addEventListener('abort', onA); try { await work() } finally { signal.removeEventListener('abort', onA) } }"],
  ]],

  ['something that lives in what dies', 'resource', [
    ['kept', 'function f() { const parent = new Map(); const a = parent.openMember() }'],
    ['unknown neverEnded', 'function f(parent) { const a = parent.openMember() }'],
    ['unknown neverEnded', inClass('run(parent) { const a = parent.openMember() } stop() {}')],
    ['leak neverEnded', inClass('run() { const a = globals.openMember() } stop() {}')],
    ['leak handleDropped', effect('globals.openMember()')],
    ['unknown handleDropped', effect('const { parent } = load(); parent.openMember()')],
  ]],

  ['a controller whose work is awaited', 'controller', [
    ['kept', 'async function f() { const controller = new AbortController(); await fetch(url, { signal: controller.signal }) }'],
    ['kept', 'function f() { const controller = new AbortController(); return fetch(url, { signal: controller.signal }) }'],
    ['kept', 'function f() { const controller = new AbortController() }'],
  ]],
  ['a controller whose work runs on', 'controller', [
    ['leak neverEnded', 'function f() { const controller = new AbortController(); fetch(url, { signal: controller.signal }) }'],
    ['leak handleDropped', 'function f() { fetch(url, { signal: new AbortController().signal }) }'],
    ['unknown neverEnded', 'function f() { const controller = new AbortController(); new Watcher(controller.signal) }'],
    ['leak neverEnded', effect('const controller = new AbortController(); new Watcher(controller.signal)')],
    ['kept', effect('const controller = new AbortController(); fetch(url, { signal: controller.signal }); return () => controller.abort()')],
    ['leak notOnEveryPath throw 2', 'async function f() { const controller = new AbortController(); void fetch(url, { signal: controller.signal });\nawait work(); controller.abort() }'],
    ['kept', 'async function f() { const controller = new AbortController(); void fetch(url, { signal: controller.signal }); try { await work() } finally { controller.abort() } }'],
    ['kept', 'async function f() { const controller = new AbortController(); await work(); void fetch(url, { signal: controller.signal }); controller.abort() }'],
    ['kept', "it('works', () => { const controller = new AbortController(); fetch(url, { signal: controller.signal }) })"],
  ]],
  ['a controller in a field', 'controller', [
    ['leak notInTeardown', inClass('#a; run() { this.#a = new AbortController(); work(this.#a.signal) }')],
    ['leak notInTeardown', inClass('#a; run() { this.#a = new AbortController(); work(this.#a.signal) } stop() {}')],
    ['kept', inClass('#a; run() { this.#a?.abort(); this.#a = new AbortController(); work(this.#a.signal) }')],
    ['leak notInTeardown', inClass('#a; run() { this.#a?.abort(); this.#a = new AbortController(); work(this.#a.signal) } stop() {}')],
    ['kept', inClass('#a; run() { this.#a = new AbortController(); work(this.#a.signal) } stop() { this.#a.abort() }')],
  ]],

  ['held by nobody', 'resource', [
    ['leak handleDropped', 'function f() { openPlain() }'],
    ['leak handleDropped', 'function f() { void openPlain() }'],
    ['leak handleDropped', 'function f() { openPlain().on(1) }'],
    ['leak handleDropped', 'function f() { if (openPlain()) work() }'],
    ['unknown handleDropped', 'function f() { openSmall() }'],
    ['kept', "it('works', () => { openPlain() })"],
    ['unknown handleDropped', 'function f() { openGhost() }'],
    ['leak handleDropped', inClass('run() { openGhost() } stop() {}')],
    ['leak handleDropped', 'function f(device) { switchOn(device) }'],
    ['leak handleDropped', 'function f() { switchOn(1); switchOff(2) }'],
    ['kept', 'function f(device) { switchOn(device); switchOff(device) }'],
    ['leak notOnEveryPath return 2', 'function f(device) { switchOn(device);\nif (on) return; switchOff(device) }'],
  ]],
  ['held by nobody', 'interval', [
    ['leak handleDropped', effect('setInterval(tick, 1)')],
    ['leak handleDropped', inClass('run() { setInterval(tick, 1) } stop() {}')],
    ['unknown handleDropped', inClass('run() { setInterval(tick, 1) }')],
    ['kept', "it('works', () => { setInterval(tick, 1) })"],
  ]],
  ['a lock held by nobody', 'lock', [
    ['leak neverEnded', 'async function f(key) { await lockFor(key); work() }'],
    ['leak notOnEveryPath throw 2', 'async function f(key) { await lockFor(key);\nwork(); unlockFor(key) }'],
    ['kept', 'async function f(key) { await lockFor(key); try { work() } finally { unlockFor(key) } }'],
    ['leak handleDropped', 'async function f() { await lockPlain() }'],
    ['kept', 'async function f() { return await lockPlain() }'],
  ]],

  ['a gate', 'lock', [
    ['kept', 'async function f() { await new Promise(() => {}) }'],
    ['kept', 'function f() { Promise.withResolvers() }'],
    ['kept', inClass('run() { let release; this.tail = new Promise((resolve) => { release = resolve }) }')],
    ['kept', "it('works', async () => { let release; shared.tail = new Promise((resolve) => { release = resolve }); await work(); release() })"],
    ['kept', 'async function f() { await new Promise((release) => { later(release) }) }'],
    ['leak notOnEveryPath throw 2', inClass('async run() { let release; this.tail = new Promise((resolve) => { release = resolve });\nawait work(); release() }')],
    ['kept', inClass('async run() { let release; this.tail = new Promise((resolve) => { release = resolve }); try { await work() } finally { release() } }')],
    ['kept', inClass('async run() { let release; const tail = new Promise((resolve) => { release = resolve }); await work(); release() }')],
    ['kept', inClass('async run() { let release; const before = this.tail; this.tail = new Promise((resolve) => { release = resolve }); await before; release() }')],
    ['leak notOnEveryPath throw 2', inClass('async run() { const { promise, resolve } = Promise.withResolvers(); this.tail = promise;\nawait work(); resolve() }')],
  ]],

  ['a private field', 'resource', [
    ['leak notInTeardown', inClass('#a; run() { this.#a = openPlain() } stop() {}')],
    ['leak notInTeardown', inClass('#a = openPlain()')],
    ['leak notInTeardown', inClass('private a; run() { this.a = openPlain() }')],
    ['leak notInTeardown', inClass('constructor(private a) { this.a = openPlain() }')],
    ['unknown notInTeardown', inClass('#a = openGhost()')],
  ]],
  ['a private field', 'interval', [
    ['leak notInTeardown', inClass('#a; run() { this.#a = setInterval(tick, 1) } stop() {}')],
    ['unknown notInTeardown', inClass('#a; run() { this.#a = setInterval(tick, 1) }')],
  ]],
  ['another field', 'resource', [
    ['leak notInTeardown', inClass('run() { this.a = openPlain() } stop() {}')],
    ['unknown notInTeardown', inClass('run() { this.a = openPlain() }')],
    ['leak notInTeardown', inClass('run() { const a = openPlain(); this.a = a } stop() {}')],
    ['unknown notInTeardown', 'const owner = { load() { this.a = openPlain() } }'],
    ['leak notInTeardown', 'const owner = { load() { this.a = openPlain() }, stop() {} }'],
    ['kept', "import { stop } from './stop.js'; class Owner { run() { this.a = openPlain(); keep(this.a) } stop() {} }"],
    ['kept', inClass('run() { this.a.b = openPlain() } stop() {}')],
  ]],
  ['a field that is ended', 'resource', [
    ['kept', inClass('#a; run() { this.#a = openPlain() } pause() { this.#a.close() } stop() { this.#a.close() }')],
    ['kept', inClass('#a; stop() { this.#a.close() } run() { this.#a = openPlain() }')],
    ['unknown notInTeardown', inClass('#a; run() { this.#a = openPlain(); this.#a.close() } stop() {}')],
    ['kept', inClass('#a; stop() { this.#a.close(); this.#a = openPlain() }')],
    ['kept', inClass('#a; #reload() { this.#a?.close(); this.#a = openPlain() } stop() { this.#reload() }')],
    ['kept', inClass('#a; run() { this.#a = openPlain() } stop() { this.#a.close() }')],
    ['kept', inClass('#a; run() { this.#a = openPlain() } stop() { this.#end() } #end() { this.#a?.close() }')],
    ['kept', inClass('#a; run() { this.#a = openPlain() } stop() { const a = this.#a; a.close() }')],
    ['kept', inClass('#a; run() { this.#a = openPlain() } pause() { this.#a.close() }')],
    ['unknown notInTeardown', inClass('#a; run() { this.#a = openPlain() } pause() { this.#a.close() } stop() {}')],
    ['kept', inClass('#a; run() { this.#a = openPlain(); on(() => this.#a.close()) } stop() {}')],
    ['kept', `${inClass('a; run() { this.a = openPlain() } stop() {}')} function end(owner) { owner.a.close() }`],
  ]],
  ['a field that is started again', 'resource', [
    ['leak notInTeardown', inClass('#a; load() { this.#a = openPlain() } stop() {}')],
    ['unknown startedAgain', inClass('#a; stop() { this.#a.close() } load() { this.#a = openPlain() }')],
    ['unknown startedAgain', inClass('#a; load() { this.#a = openPlain() } stop() { this.#a.close() } other() { this.stop() }')],
    ['unknown startedAgain', inClass('#a; load() { this.#a = openPlain() } stop() { this.#a.close() }')],
    ['kept', inClass('#a; load() { this.#a?.close(); this.#a = openPlain() } stop() { this.#a.close() }')],
    ['kept', inClass('#a; load() { if (this.#a) return; this.#a = openPlain() } stop() { this.#a.close() }')],
    ['kept', inClass('#a; load() { this.stop(); this.#a = openPlain() } stop() { this.#a.close() }')],
    ['unknown startedAgain', inClass('#a; load() { this.other(); this.#a = openPlain() } other() {} stop() { this.#a.close() }')],
    ['kept', inClass('#a; connect() { this.#a = openPlain() } stop() { this.#a.close() }')],
    ['kept', inClass('#a; constructor() { this.#a = openPlain() } stop() { this.#a.close() }')],
    ['leak notInTeardown', inClass('#a; load() { this.#a?.close(); this.#a = openPlain() } stop() {}')],
  ]],
  ['a field that an effect sets', 'resource', [
    ['unknown notInTeardown', inClass('run() { useEffect(() => { this.a = openPlain() }) } stop() {}')],
    ['unknown notInTeardown', inClass('run() { useEffect(() => { this.a = openPlain() }) }')],
  ]],
  ['a ref', 'resource', [
    ['leak neverEnded', 'function App() { const ref = useRef(null); useEffect(() => { ref.current = openPlain() }) }'],
    ['leak neverEnded', 'function App() { const ref = useRef(null); const run = () => { ref.current?.close(); ref.current = openPlain() } }'],
    ['kept', 'function App() { const ref = useRef(null); useEffect(() => { ref.current = openPlain(); return () => ref.current.close() }) }'],
  ]],

  ['a local that nothing ends', 'resource', [
    ['leak neverEnded', 'function f() { const plain = openPlain(); plain.work() }'],
    ['leak neverEnded', 'async function f() { const plain = await openLater(); plain.work() }'],
    ['leak neverEnded', inClass('run() { const plain = openPlain(); plain.work() }')],
    ['unknown neverEnded', "it('works', () => { const plain = openPlain() })"],
    ['unknown neverEnded', 'function f() { const ghost = openGhost(); ghost.work() }'],
    ['unknown neverEnded', 'let plain; function f() { plain = openPlain() }'],
    ['unknown neverEnded', 'let plain; function f() { const own = openPlain(); plain = own }'],
    ['kept', "let plain; beforeEach(() => { plain = openPlain() })"],
    ['leak neverEnded', 'let plain; function App() { useEffect(() => { plain = openPlain() }) }'],
  ]],
  ['a local that nothing ends', 'interval', [
    ['leak neverEnded', effect('const handle = setInterval(tick, 1); handle.unref()')],
    ['unknown neverEnded', 'function f() { const handle = setInterval(tick, 1); handle.unref() }'],
  ]],
  ['a local that is ended elsewhere', 'resource', [
    ['kept', 'function f() { const plain = openPlain(); return { size: () => plain.size } }'],
    ['kept', 'function f() { const plain = openPlain(); function size() { return plain.size } return size }'],
    ['leak neverEnded', 'function f() { const plain = openPlain(); later(() => plain.size) }'],
    ['leak neverEnded', effect('const plain = openPlain(); return () => plain.size')],
    ['kept', 'function f() { const plain = openPlain(); later(() => plain.close()) }'],
    ['kept', 'let plain; function f() { plain = openPlain() } function g() { plain.close() }'],
    ['kept', effect('const plain = openPlain(); return () => plain.close()')],
    ['kept', 'function f() { const plain = openPlain(); if (on) { plain.close() } later(() => plain.close()) }'],
  ]],
  ['a local that is ended in the same run', 'resource', [
    ['leak notOnEveryPath end 1', 'function f() { const plain = openPlain(); if (on) plain.close() }'],
    ['leak notOnEveryPath return 2', 'function f() { let plain; plain?.close(); plain = openPlain();\nif (on) return; plain.close() }'],
    ['kept', 'function f() { let plain; if (on) plain = openPlain(); else plain.close() }'],
    ['kept', 'function f() { const plain = openPlain(); plain.close() }'],
    ['kept', 'function f() { const plain = openPlain(); work(); plain.close() }'],
    ['leak notOnEveryPath throw 2', 'async function f() { const plain = openPlain();\nawait work(); plain.close() }'],
    ['kept', 'async function f() { const plain = openPlain(); try { await work() } finally { plain.close() } }'],
    ['leak notOnEveryPath return 2', 'function f() { const plain = openPlain();\nif (on) return; plain.close() }'],
    ['leak notOnEveryPath throw 2', 'function f() { const plain = openPlain();\nif (on) throw new Error(); plain.close() }'],
    ['kept', 'function f() { const plain = openPlain(); if (!plain) return; plain.close() }'],
    ['kept', 'function f() { let plain; plain?.close(); plain = openPlain() }'],
    ['leak notOnEveryPath round 2', 'function f() { for (;;)\n{ const plain = openPlain(); if (on) continue; plain.close() } }'],
    ['unknown notOnEveryPath return 2', 'function f() { const small = openSmall();\nif (on) return; small.close() }'],
  ]],
  ['a lock in the same run', 'lock', [
    ['leak notOnEveryPath throw 2', 'async function f() { const release = await lockPlain();\nwork(); release() }'],
    ['kept', 'async function f() { const release = await lockSoft();\nwork(); release() }'],
    ['leak notOnEveryPath throw 2', 'async function f() { const release = await lockSoft();\nawait work(); release() }'],
    ['kept', 'async function f() { const release = await lockPlain(); release() }'],
    ['kept', 'async function f() { const release = await lockPlain(); try { work() } finally { release() } }'],
    ['kept', 'async function f() { const release = await lockPlain(); later(release) }'],
  ]],
  ['what is read to its end', 'lock', [
    ['kept', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); for (;;) { const { done } = await reader.read(); if (done) break; } }'],
    ['leak notOnEveryPath return 2', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); for (;;) { const { done } = await reader.read(); if (done) break;\nif (on) return; } }'],
    ['unknown notOnEveryPath throw 2', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); for (;;) { const { done } = await reader.read(); if (done) break;\nwork(); } }'],
    ['leak neverEnded', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); await reader.read() }'],
    ['leak neverEnded end 1', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); const { done } = await reader.read() }'],
    ['leak notOnEveryPath end 1', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); while (on) { const { done } = await reader.read(); if (done) return; } if (on) reader.releaseLock() }'],
    ['kept', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); later(async () => { await reader.read() }) }'],
    ['kept', 'async function f(stream: ReadableStream) { const reader = stream.getReader(); later(() => reader.cancel()); for (;;) { const { done } = await reader.read(); if (done) break; if (on) return; } }'],
  ]],
];

describe.each(tables)('%s (%s)', (_, kind, rows) => {
  it.each(rows)('%s: %s', (verdict, code) => {
    expect(verdictOf(kind, code)).toBe(verdict);
  });
});

describe('docs/ownership.md', () => {
  const page = readFileSync(new URL('../../docs/ownership.md', import.meta.url), 'utf8');
  const kinds: readonly Kind[] = ['controller', 'interval', 'iterator', 'listener', 'lock', 'resource'];
  const examples = page.split(/^#+ /m).flatMap((section) => {
    const [heading = ''] = section.split('\n');
    return [...section.matchAll(/^```(tsx?)\n(.*?)^```$/gms)].map(([, language, code]) => ({
      heading,
      name: `page.${language}`,
      code: code!,
    }));
  });

  it.each(examples)('says what is decided: $heading', ({ name, code }) => {
    const file = fileOf(code, { name });
    const decided = kinds.flatMap((kind) =>
      file.starts(kind).flatMap((start) => {
        const verdict = file.verdict(start);
        return verdict.kind === 'kept' ? [] : [`${start.node.loc.start.line} ${verdict.kind}: ${verdict.why}`];
      }),
    );
    const said = code
      .split('\n')
      .flatMap((line, at) => (/\/\/ (?:leak|unknown): \w+$/.test(line) ? [`${at + 1} ${line.split('// ')[1]}`] : []));
    expect(decided.sort()).toEqual(said.sort());
  });
});

// Generated files that have one thing many times, so that work which grows faster than the file shows.

const times = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** @type {Record<string, (count: number) => string>} */
export const shapes = {
  'N listeners in one function': (count) => `
    export function arrange(target: EventTarget) {
      ${times(count, (i) => `target.addEventListener('e${i}', () => console.log(${i}));`)}
    }`,

  'N listeners and their ends in one function': (count) => `
    const work = () => {};
    export function arrange(target: EventTarget) {
      ${times(count, (i) => `target.addEventListener('e${i}', work);`)}
      return () => {
        ${times(count, (i) => `target.removeEventListener('e${i}', work);`)}
      };
    }`,

  'N intervals and their ends in one function': (count) => `
    export function arrange(work: () => void) {
      ${times(count, (i) => `const timer${i} = setInterval(work, ${i});`)}
      work();
      ${times(count, (i) => `clearInterval(timer${i});`)}
    }`,

  'N functions with a listener of the page': (count) =>
    times(
      count,
      (i) => `export function arrange${i}(redraw) { window.addEventListener('resize', () => redraw(${i})); }`,
    ),

  'N functions with an interval': (count) =>
    times(
      count,
      (i) => `
    export function arrange${i}(work: () => void) {
      const timer = setInterval(work, ${i});
      work();
      clearInterval(timer);
    }`,
    ),

  'N classes': (count) =>
    times(
      count,
      (i) => `
    export class Poller${i} {
      #timer = setInterval(() => this.poll(), ${i});
      poll() { fetch('/${i}').then(console.log); }
      stop() { ${i % 2 === 0 ? 'clearInterval(this.#timer)' : 'this.poll()'}; }
    }`,
    ),

  'N classes in a chain': (count) =>
    times(
      count,
      (i) => `
    export class Base${i} ${i === 0 ? '' : `extends Base${i - 1}`} {
      timer${i} = setInterval(() => {}, ${i});
      dispose() { clearInterval(this.timer${i}); }
    }`,
    ),

  'N nested functions': (count) => `
    ${times(count, (i) => `function level${i}() { const timer = setTimeout(level${i}, ${i});`)}
    ${times(count, () => '}')}
    level0();`,

  'N nested blocks': (count) => `
    export async function work(lock: { acquire(): Promise<() => void> }, ok: boolean) {
      const release = await lock.acquire();
      ${times(count, () => 'if (ok) {')}
      release();
      ${times(count, () => '}')}
    }`,

  'N fields of one class': (count) => `
    export class Panel {
      ${times(count, (i) => `arrange${i}() { this.timer${i} = setInterval(() => this.draw(), ${i}); }`)}
      draw() {}
      close() {
        ${times(count, (i) => `clearInterval(this.timer${i});`)}
      }
    }`,

  'N one-shot listeners of one emitter': (count) => `
    import { EventEmitter } from 'node:events';
    export async function arrange(bus: EventEmitter, work: (id: number) => void) {
      ${times(count, (i) => `bus.once('e${i}', () => work(${i}));`)}
    }`,

  'N responses in one function': (count) => `
    export async function arrange(url: string) {
      ${times(count, (i) => `const a${i} = await fetch(url + ${i}); if (!a${i}.ok) throw new Error(url); await a${i}.text();`)}
    }`,

  'N requests that nobody waits for': (count) => `
    export function arrange(url: string) {
      ${times(count, (i) => `fetch(url + ${i});`)}
    }`,

  'N promises of one emitter': (count) => `
    import { EventEmitter } from 'node:events';
    export async function arrange(bus: EventEmitter) {
      ${times(count, (i) => `await new Promise((resolve, reject) => { bus.on('e${i}', resolve); bus.on('error', reject); });`)}
    }`,

  'N imports': (count) => `
    ${times(count, (i) => `import { on${i} } from 'package-${i}';`)}
    ${times(count, (i) => `on${i}(setInterval(on${i}, ${i}));`)}`,

  'N floating promises': (count) => `
    export async function save(id: number): Promise<void> { await fetch('/' + id); }
    export function saveAll() {
      ${times(count, (i) => `save(${i});`)}
    }`,

  'N loops': (count) =>
    times(
      count,
      (i) => `
    export async function poll${i}(signal: AbortSignal) {
      while (true) { await fetch('/${i}'); }
    }`,
    ),

  'N loops in one function': (count) => `
    export async function poll(signal: AbortSignal) {
      ${times(count, (i) => `for (let i = 0; ; i++) { if (await fetch('/${i}')) break; }`)}
    }`,

  'N ways out under one lock': (count) => `
    import { Mutex } from 'async-mutex';
    const mutex = new Mutex();
    export async function work(step: number) {
      const release = await mutex.acquire();
      ${times(count, (i) => `if (step === ${i}) { release(); return ${i}; }`)}
      release();
    }`,

  'N races in one function': (count) => `
    export async function work(load: () => Promise<void>) {
      ${times(count, (i) => `await Promise.race([load(), new Promise(resolve => setTimeout(resolve, ${i}))]);`)}
    }`,
};

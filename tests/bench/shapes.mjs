// Generated files that have one thing many times, so that work which grows faster than the file shows.

const times = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** @type {Record<string, (count: number) => string>} */
export const shapes = {
  'N listeners in one function': (count) => `
    export function start(target: EventTarget) {
      ${times(count, (i) => `target.addEventListener('e${i}', () => console.log(${i}));`)}
    }`,

  'N listeners and their ends in one function': (count) => `
    const work = () => {};
    export function start(target: EventTarget) {
      ${times(count, (i) => `target.addEventListener('e${i}', work);`)}
      return () => {
        ${times(count, (i) => `target.removeEventListener('e${i}', work);`)}
      };
    }`,

  'N intervals and their ends in one function': (count) => `
    export function start(work: () => void) {
      ${times(count, (i) => `const timer${i} = setInterval(work, ${i});`)}
      work();
      ${times(count, (i) => `clearInterval(timer${i});`)}
    }`,

  'N functions with a listener of the page': (count) =>
    times(count, (i) => `export function watch${i}(redraw) { window.addEventListener('resize', () => redraw(${i})); }`),

  'N functions with an interval': (count) =>
    times(
      count,
      (i) => `
    export function start${i}(work: () => void) {
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

import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { apply, lint } from '../support/lint.js';

function made(text: string, id: string, name = 'edits/example.ts'): string | undefined {
  const [first] = lint({ name, text }, plugin.configs.strict.rules)
    .flatMap(({ suggestions = [] }) => suggestions)
    .filter(({ messageId }) => messageId === id);
  return first && apply(text, first);
}

describe('a timer that may start again', () => {
  const text = (method: string, field = 'private timer?: ReturnType<typeof setTimeout>') =>
    `import debounce from 'lodash/debounce';\nexport class Search {\n  #other?: ReturnType<typeof setTimeout>;\n  ${field};\n${method}\n  close() {\n    console.log(debounce);\n  }\n}\n`;
  const start = 'this.timer = setTimeout(console.log, 5_000);';
  const both = `    clearTimeout(this.timer);\n    ${start}`;

  it.each([
    ['is for an event', `  onInput() {\n    ${start}\n  }`],
    ['is for one of many', `  find(text: string) {\n    console.log(text);\n    ${start}\n  }`],
    [
      'is beside another that is cleared',
      `  find() {\n    clearTimeout(this.#other);\n    this.#other = undefined;\n    ${start}\n  }`,
    ],
  ])('is cleared first where it %s', (_, method) => {
    expect(made(text(method), 'endInTeardown')).toContain(`${both}\n  }\n  close() {\n    clearTimeout(this.timer);\n`);
  });

  it.each([
    ['nothing says that it comes often', `  hover() {\n    ${start}\n  }`],
    ['only a constructor runs it', `  constructor() {\n    ${start}\n  }`],
    ['it has looked before', `  onInput() {\n    if (this.timer) return;\n    ${start}\n  }`],
  ])('is cleared in the teardown alone where %s', (_, method) => {
    expect(made(text(method), 'endInTeardown')).toBe(
      text(method).replace('  close() {\n', '  close() {\n    clearTimeout(this.timer);\n'),
    );
  });

  it('is cancelled in the teardown alone where it fires at once', () => {
    const method = '  onInput() {\n    this.frame = requestAnimationFrame(console.log);\n  }';
    expect(made(text(method, 'private frame?: number'), 'endInTeardown')).toBe(
      text(method, 'private frame?: number').replace(
        '  close() {\n',
        '  close() {\n    if (this.frame !== undefined) cancelAnimationFrame(this.frame);\n',
      ),
    );
  });

  it('is not cleared where each round of a loop forgets one', () => {
    const loop = (call: string) => `  open(all: string[]) {\n    for (const one of all) this.timer = ${call};\n  }`;
    const code = text(loop('setInterval(console.log, 10, one)'));
    expect(lint({ name: 'edits/example.ts', text: code }, plugin.configs.strict.rules)).not.toEqual([]);
    expect(made(code, 'endInTeardown')).toBeUndefined();
  });

  it('is cancelled only where there is one', () => {
    const method = '  refreshDebounce() {\n    this.later = debounce(console.log, 500);\n  }';
    expect(made(text(method, 'private later!: { cancel(): void }'), 'endInTeardown')).toBe(
      text(method, 'private later!: { cancel(): void }')
        .replace('    this.later =', '    this.later?.cancel();\n    this.later =')
        .replace('  close() {\n', '  close() {\n    this.later?.cancel();\n'),
    );
  });
});

describe('what a field keeps', () => {
  const text = (field: string, before: string, method: string) =>
    `export class Page {\n  ${field};\n${before}  ${method}() {\n    this.worker = new Worker('a.js');\n  }\n  close() {\n    console.log('closed');\n  }\n}\n`;

  it.each([
    ['private worker!: Worker', '', 'constructor'],
    ['private worker: Worker', '', 'constructor'],
  ])('is there in each instance where its constructor sets it: `%s`', (field, before, method) => {
    expect(made(text(field, before, method), 'endInTeardown')).toContain('    this.worker.terminate();\n');
  });

  it.each([
    ['private worker!: Worker', 'open'],
    ['private worker: Worker', 'ngOnInit'],
    ['private worker?: Worker', 'open'],
  ])('may be missing where a method sets it: `%s`', (field, method) => {
    expect(made(text(field, '', method), 'endInTeardown')).toContain('    this.worker?.terminate();\n');
  });
});

describe('the cleanup of an effect', () => {
  const text = (body: string) =>
    `import { useEffect } from 'react';\nexport function useTick(isOn: boolean, isLoud: boolean) {\n  useEffect(() => {\n    const timer = setInterval(console.log, 1000);\n${body}  }, [isOn, isLoud]);\n}\n`;
  const stop = '() => clearInterval(timer)';
  const written = (body: string) => made(text(body), 'returnCleanup', 'edits/example.tsx');

  it('is returned wherever the effect leaves before it', () => {
    const body = (early: string) =>
      `    if (!isOn) return${early};\n    if (isLoud) {\n      return${early};\n    }\n    const stop = ${stop};\n    window.addEventListener('blur', stop, { once: true });\n    return stop;\n`;
    expect(written(body(''))).toBe(text(body(` ${stop}`)));
  });

  it('is extended on both sides of a choice', () => {
    expect(written('    return isOn ? undefined : () => console.log(1);\n')).toContain(
      `return isOn ? ${stop} : () => {\n      clearInterval(timer);\n      console.log(1);\n    };`,
    );
    expect(written('    return isOn ? (isLoud ? () => console.log(1) : () => console.log(2)) : null;\n')).toContain(
      ` : ${stop};`,
    );
  });

  it('is not guessed where another function makes it', () => {
    expect(written('    return isOn ? undefined : make();\n')).toBeUndefined();
  });
});

describe('a listener', () => {
  const text = (beside: string) =>
    `import type { Server } from 'node:http';\nexport class Hub {\n  attach(server: Server) {\n${beside}    server.on('listening', this.init);\n  }\n  init = () => {\n    console.log('ready');\n  };\n  close() {\n    console.log('closed');\n  }\n}\n`;
  const removed = "server.off('listening', this.init)";

  it('is removed in the teardown', () => {
    expect(made(text(''), 'endInTeardown')).toContain(removed);
    expect(made(text("    server.once('close', this.init);\n"), 'endInTeardown')).toContain(removed);
  });

  it('is not removed where that shows that another one is forgotten', () => {
    const code = text("    server.on('close', this.init);\n");
    expect(lint({ name: 'edits/example.ts', text: code }, plugin.configs.strict.rules)).toHaveLength(1);
    expect(made(code, 'endInTeardown')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';

import { type Question, waysOut, type WayOut } from '../../src/flow/paths.js';
import { Values } from '../../src/syntax/values.js';
import { calleeName, isFunction, type Node } from '../../src/syntax/walk.js';
import { firstFunction, nodesOf, treeOf } from './support.js';
import { allRuns, type Seen, type Throws } from './world.js';

/** Bodies in the words of `World`; each line is a body. */
const exact = `
take(); give();
const on = maybe; if (on) take(); if (on) give();
const on = maybe; if (on) take(); may(); if (!on) return; give();
const on = maybe; if (on === true) take(); if (on === false) return; give();
const on = maybe; if (typeof on === 'object') take(); else give(); if (typeof on === 'object') give();
const on = maybe; if (on && maybe) take(); if (on) give();
let on = maybe; if (on) take(); on = maybe; if (on) give();
take();
give(); take();
take(); may(); give();
may(); take(); give();
take(); give(); may();
take(); await wait(); give();
take(); wait().catch(() => {}); give();
take(); await wait().catch(() => {}); give();
take(); await wait().catch(() => may()); give();
take(); await wait().then(() => {}, () => {}); give();
take(); await wait().finally(() => {}); give();
take(); await 0; give();
take(); throw new Error(); give();
take(); return; give();
take(); return give();
take(); return may();
return take();
if (maybe) take(); give();
take(); if (maybe) give();
take(); if (maybe) give(); else give();
take(); if (maybe) give(); else may();
take(); if (maybe) return; give();
take(); if (maybe) { give(); return; } give();
take(); if (maybe) throw new Error(); give();
take(); if (maybe) may(); else return; give();
if (maybe) { take(); give(); } else { may(); }
if (maybe) return; take(); if (maybe) may(); give();
{ take(); { give(); } }
take(); try { may(); } finally { give(); }
try { take(); may(); } finally { give(); }
try { take(); } finally { may(); give(); }
take(); try { await wait(); } finally { await wait(); give(); }
take(); try { may(); } catch { give(); }
take(); try { may(); } catch { give(); throw new Error(); } give();
take(); try { may(); } catch { return; } give();
take(); try { give(); } catch { return; }
take(); try { give(); } catch { may(); }
take(); try { may(); give(); } catch { may(); }
take(); try { may(); } catch {} give();
take(); try { throw new Error(); } catch { give(); }
take(); try { throw new Error(); } catch (error) { throw error; } finally { give(); }
take(); try { throw new Error(); } finally { return; }
take(); try { return; } finally { give(); }
take(); try { return; } finally { if (maybe) give(); }
take(); try { may(); } catch (error) { throw error; } finally { give(); }
take(); try { may(); } catch { may(); } finally { give(); }
take(); try { may(); return; } catch { return; } finally { give(); }
take(); try { try { may(); } finally { may(); } } catch { give(); return; } give();
take(); try { try { may(); } catch { throw new Error(); } } catch { give(); return; } finally { may(); } give();
take(); try { try { may(); give(); } catch { give(); } } finally { may(); }
take(); try { may(); } finally { try { may(); } finally { give(); } }
take(); try { may(); } finally { try { may(); } catch {} give(); }
take(); try { may(); } finally { try { give(); } catch { may(); } }
try { may(); take(); may(); give(); } catch { may(); }
try { may(); take(); } catch { return; } give();
try { take(); throw new Error(); } catch { return; } finally { may(); give(); }
try { may(); } catch { take(); } give();
try { return; } finally { take(); give(); }
try { return take(); } finally { give(); }
while (maybe) { take(); give(); }
while (maybe) { take(); if (maybe) continue; give(); }
while (maybe) { take(); if (maybe) break; give(); }
while (maybe) { take(); if (maybe) break; give(); } give();
while (maybe) take(); give();
take(); while (maybe) give();
take(); while (maybe) { if (maybe) return; } give();
take(); while (maybe) { may(); } give();
take(); do { give(); } while (maybe);
take(); do { if (maybe) continue; give(); } while (maybe);
take(); do { if (maybe) break; give(); } while (maybe);
do { take(); if (maybe) break; give(); } while (maybe);
take(); for (;;) { if (maybe) break; } give();
take(); for (;;) { if (maybe) return; give(); }
take(); while (true) { give(); if (maybe) break; }
for (const item of items) { take(); give(); }
for (const item of items) { take(); may(); give(); }
for (const item of items) { take(); try { may(); if (item > 1) continue; } finally { give(); } }
for (const item of items) { take(); try { if (maybe) break; } finally { give(); } }
for (const item of items) { take(); try { if (maybe) return; } catch {} give(); }
take(); for (const item of items) give();
take(); for (const item of items) { give(); break; }
take(); for (const key in { a: 1 }) { may(); } give();
for (take(); maybe; give()) {}
for (take(); maybe; ) { give(); }
for (let i = 0; i < 2; take(), i++) { give(); } give();
for (const item of items) { if (maybe) give(); take(); } give();
outer: for (const item of items) { take(); for (const other of items) { if (maybe) continue outer; } give(); }
outer: for (const item of items) { take(); while (true) { if (maybe) break outer; if (maybe) break; } give(); }
outer: { take(); if (maybe) break outer; give(); }
outer: { take(); try { if (maybe) break outer; } finally { give(); } }
outer: while (maybe) { inner: do { take(); if (maybe) continue inner; give(); if (maybe) continue outer; } while (maybe); }
for (const item of items) { while (maybe) { take(); break; } give(); }
for (const item of items) { for (;;) { take(); if (maybe) break; give(); } give(); }
take(); for await (const item of stream) { may(); } give();
for await (const item of stream) { take(); may(); give(); }
for await (const item of stream) { take(); try { await wait(); } finally { give(); } }
take(); try { for await (const item of stream) { if (maybe) return; } } finally { give(); }
take(); switch (pick) { case 1: give(); break; case 2: give(); }
take(); switch (pick) { case 1: give(); break; default: give(); }
take(); switch (pick) { case 1: case 2: give(); break; default: }
take(); switch (pick) { case 1: may(); default: give(); }
take(); switch (pick) { default: may(); case 1: give(); }
take(); switch (pick) { case 1: return; case 2: throw new Error(); default: give(); }
switch (pick) { case 1: take(); case 2: give(); break; default: may(); }
switch (pick) { case 1: take(); break; default: } give();
while (maybe) { take(); switch (pick) { case 1: continue; case 2: break; } give(); }
take(); outer: switch (pick) { case 1: for (const item of items) { if (maybe) break outer; } give(); break; default: give(); }
const handle = attempt(); if (handle) give();
const handle = attempt(); if (!handle) return; give();
const handle = attempt(); if (handle === null) return; give();
const handle = attempt(); if (handle == null) return; give();
const handle = attempt(); if (null == handle) return; give();
const handle = attempt(); if (handle !== null) give();
const handle = attempt(); if (handle != undefined) give();
const handle = attempt(); if (!!handle) give();
const handle = attempt(); if (!(handle && maybe)) { give(); return; } give();
const handle = attempt(); if (handle && maybe) give();
const handle = attempt(); if (handle || maybe) give();
const handle = attempt(); if (!handle && maybe) return; give();
const handle = attempt(); if (!handle || maybe) return; give();
const handle = attempt(); handle && give();
const handle = attempt(); handle || may(); give();
const handle = attempt(); handle ? give() : may();
const handle = attempt(); !handle ? may() : give();
const handle = attempt(); handle ?? may(); give();
const handle = attempt(); while (handle) { give(); break; }
const handle = attempt(); try { may(); } finally { if (handle) give(); }
const handle = attempt(); if (handle) { may(); give(); } else { may(); }
let handle = null; try { handle = take(); may(); } finally { if (handle) give(); }
let handle = null; if (maybe) handle = take(); may(); if (handle) give();
let handle; while (maybe) { if (handle) give(); handle = take(); } if (handle) give();
let handle; while (maybe) { handle ??= take(); } if (handle) give();
let handle; while (maybe) { if (!handle) handle = take(); } give();
take(); maybe && give();
take(); maybe || give();
take(); maybe ? give() : may();
take(); maybe ? give() : give();
maybe && take(); give();
take(), may(), give();
take(); const value = [may(), give()];
take(); const value = [give(), may()];
const value = { a: take(), b: maybe ? 1 : 2, c: give() };
take(); const value = \`\${may()} \${give()}\`;
take(); (() => may()); give();
take(); function later() { give(); } may();
take(); class Local { method() { give(); } } give();
take(); new Map(); give();
take(); Math.max(1); give();
`
  .trim()
  .split('\n');

/** What the walk does not look at, and bodies in which that is seen. */
const inexact: readonly [what: string, body: string][] = [
  [
    'conditions that hang together through more than one question',
    'const on = maybe; const off = !on; if (on) take(); if (!off) give();',
  ],
  ['the order of cases', 'take(); switch (2) { case 1: return; default: give(); }'],
  ['conditions that are constant', 'take(); if (1 < 2) give();'],
  ['that `?.` skips a call', 'const other = maybe ? {} : null; take(); other?.toString(give());'],
  ['that a handler cannot be reached', 'try { give(); } catch { take(); }'],
  ['a start in a `finally` after a failure', 'try { may(); } finally { take(); } give();'],
];

/** The places that a message names, as `kind line`. */
const placed: readonly [ways: string, throws: Throws, body: string][] = [
  ['', 'call', 'take();\ngive();'],
  ['end 0', 'call', 'take();'],
  ['throw 2', 'call', 'take();\nmay();\ngive();'],
  ['', 'await', 'take();\nmay();\ngive();'],
  ['throw 2', 'await', 'take();\nawait wait();\ngive();'],
  ['', 'throw', 'take();\nawait wait();\ngive();'],
  ['throw 2', 'throw', 'take();\nif (maybe) throw new Error();\ngive();'],
  ['return 2, throw 3', 'call', 'take();\nif (maybe) return;\nmay();\ngive();'],
  ['return 1', 'call', 'return take();'],
  ['return 3', 'call', 'take();\ntry { may(); }\ncatch { return; }\ngive();'],
  ['throw 4', 'call', 'take();\ntry { may(); }\nfinally {\nif (maybe) throw new Error();\ngive(); }'],
  ['end 0, throw 3', 'call', 'take();\ntry {\nmay();\nif (maybe) give();\n} finally {}'],
  ['throw 4', 'call', 'take();\ntry { may(); }\nfinally {\nmay();\ngive(); }'],
  ['round 1', 'await', 'while (maybe) {\ntake();\nif (maybe) continue; give();\n}\nif (maybe) give(); else give();'],
  [
    'end 0, return 3',
    'await',
    'for (const item of items) {\ntake();\nif (maybe) return;\nif (maybe) break;\ngive(); }',
  ],
  ['end 0', 'call', 'take();\nswitch (pick) {\ncase 1: give(); break;\n}'],
];

describe.each(['throw', 'await', 'call'] as const)('ways out where failures of `%s` leave', (throws) => {
  it.each(exact)('%s', async (body) => {
    expect(await allRuns(textOf(body), throws)).toEqual(predicted(body, throws));
  });

  it('are those of the runs of bodies made by chance', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const body = new Chance(seed).body();
      const expected = predicted(body, throws);
      expect(await allRuns(textOf(body), throws, expected), `${seed}: ${body}`).toEqual(expected);
    }
  });
});

describe('ways out', () => {
  it.each(inexact)('do not see %s: %s', async (_, body) => {
    expect(await allRuns(textOf(body), 'call')).not.toEqual(predicted(body, 'call'));
  });

  it.each(placed)('%s where failures of `%s` leave: %s', (expected, throws, body) => {
    // Line 0 is the function's own.
    const places = waysOf(`\n${body}`, throws).map(({ kind, node }) => `${kind} ${node.loc.start.line - 1}`);
    expect(places.join(', ')).toBe(expected);
  });

  it('say nothing where no end comes after a start, if asked to', () => {
    const question = { throws: 'call', onlyIfEnded: true } as const;
    expect(waysOf('give(); take();', 'call')).toHaveLength(1);
    expect(waysOf('give(); take();', 'call', question)).toEqual([]);
    expect(waysOf('if (maybe) take(); else give();', 'call', question)).toEqual([]);
    expect(waysOf('take(); if (maybe) give();', 'call', question)).toHaveLength(1);
  });

  it('begin with the function where it is what starts', () => {
    const sourceCode = treeOf('function body() { if (maybe) return; give(); }');
    const fn = firstFunction(sourceCode);
    const ends = new Set(nodesOf(sourceCode).filter((node) => node.type === 'CallExpression'));
    const ways = waysOut(
      fn,
      { starts: new Set([fn]), ends, throws: 'throw', isHandle: () => false },
      new Values(sourceCode),
      sourceCode,
    );
    expect(ways.map(({ kind }) => kind)).toEqual(['return']);
  });

  it('leave a `switch` that names every value by its cases only', () => {
    const body = 'take(); switch (pick) { case 1: case 2: case 3: give(); }';
    expect(waysOf(body, 'call')).toHaveLength(1);
    expect(waysOf(body, 'call', { coversAll: (_, tests) => tests.length === 3 })).toEqual([]);
    expect(waysOf(body, 'call', { coversAll: () => false })).toHaveLength(1);
  });

  it('leave out failures that are harmless, and what is over', () => {
    const body = 'take(); may(); if (handle.done) return; give();';
    expect(waysOf(body, 'call').map(({ kind }) => kind)).toEqual(['throw', 'return']);
    const isHarmless = (node: Node): boolean => node.type === 'CallExpression' && calleeName(node) === 'may';
    expect(waysOf(body, 'call', { isHarmless }).map(({ kind }) => kind)).toEqual(['return']);
    const isOver = (node: Node, truthy: boolean): boolean => truthy && node.type === 'MemberExpression';
    expect(waysOf(body, 'call', { isHarmless, isOver })).toEqual([]);
    expect(waysOf(body.replace('handle', '!handle'), 'call', { isHarmless, isOver })).toHaveLength(1);
  });

  it('leave out where the handle itself says that it has ended', () => {
    for (const test of [
      'handle.closed',
      'handle?.isReleased',
      'handle.isClosed()',
      '!handle.isOpen',
      '!handle || handle.closed',
    ])
      expect(waysOf(`take(); if (${test}) return; give();`, 'throw')).toEqual([]);
    for (const test of ['!handle.closed', 'handle.isOpen', 'other.closed', 'handle && more', 'handle.closed || more'])
      expect(waysOf(`take(); if (${test}) return; give();`, 'throw')).toHaveLength(1);
  });

  it.each(['yield may();', 'yield;', 'yield* items;'])('of a generator are where it is told to stop: %s', (body) => {
    expect(waysOf(`take(); ${body} give();`, 'await').map(({ kind }) => kind)).toEqual(['throw']);
    expect(waysOf(`take(); try { ${body} } finally { give(); }`, 'await')).toEqual([]);
    expect(waysOf(`take(); ${body} give();`, 'throw')).toEqual([]);
  });

  it('are those of the program outside functions', () => {
    const sourceCode = treeOf('take(); if (maybe) { give(); }');
    const [take, give] = nodesOf(sourceCode).filter((node) => node.type === 'CallExpression') as [Node, Node];
    const question = { starts: new Set([take]), ends: new Set([give]), throws: 'call', isHandle: () => false } as const;
    expect(waysOut(sourceCode.ast, question, new Values(sourceCode), sourceCode).map(({ kind }) => kind)).toEqual([
      'end',
    ]);
  });

  it('of an arrow without a body are its `return`', () => {
    const sourceCode = treeOf('() => take()');
    const take = nodesOf(sourceCode).find((node) => node.type === 'CallExpression')!;
    const question = {
      starts: new Set<Node>([take]),
      ends: new Set<Node>(),
      throws: 'call',
      isHandle: () => false,
    } as const;
    expect(
      waysOut(firstFunction(sourceCode), question, new Values(sourceCode), sourceCode).map(({ kind }) => kind),
    ).toEqual(['return']);
  });

  // ESLint itself takes minutes where more than fifteen `finally` are nested.
  it.each([
    ['for (const item of items) {', '}', 60],
    ['while (maybe) {', '}', 60],
    ['do {', '} while (maybe);', 60],
    ['if (maybe) {', '} else { may(); }', 60],
    ['try { may(); } catch {', '}', 60],
    ['try { may(); } finally {', '}', 9],
    ['try {', '} catch { may(); } finally { may(); }', 9],
    ['for (;;) { try { if (maybe) break; } finally {', '} }', 9],
  ])('are found in time in nested `%s`', (before, after, depth) => {
    expect(
      waysOf(`${before.repeat(depth)} take(); if (maybe) give(); ${after.repeat(depth)}`, 'call').length,
    ).toBeGreaterThan(0);
  });
});

/** Makes small bodies by chance; the same seed makes the same body. */
class Chance {
  #seed: number;
  #started = false;
  #startlessBlocks = 0;

  constructor(seed: number) {
    this.#seed = seed * 7_919;
  }

  /** A body with one start. */
  body(): string {
    for (;;) {
      this.#started = false;
      const body = this.#statements(2, false);
      if (this.#started && /give/.test(body)) return body;
    }
  }

  #below(limit: number): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed % limit;
  }

  #oneOf(...makers: readonly (() => string)[]): string {
    return makers[this.#below(makers.length)]!();
  }

  #statements(depth: number, inLoop: boolean): string {
    return Array.from({ length: 1 + this.#below(depth + 1) }, () => this.#statement(depth, inLoop)).join(' ');
  }

  #statement(depth: number, inLoop: boolean): string {
    const simple = [
      () => this.#start(),
      () => this.#start(),
      () => 'give();',
      () => 'give();',
      () => 'may();',
      () => 'await wait();',
      () =>
        this.#oneOf(
          () => 'return;',
          () => 'throw new Error();',
          () => (inLoop ? 'break;' : 'may();'),
          () => (inLoop ? 'continue;' : 'may();'),
        ),
      () =>
        `if (${this.#test()}) ${this.#oneOf(
          () => 'give();',
          () => 'return;',
          () => 'throw new Error();',
          () => (inLoop ? 'break;' : 'may();'),
          () => (inLoop ? 'continue;' : 'give();'),
        )}`,
    ];
    if (depth === 0) return this.#oneOf(...simple);
    const block = (loop = inLoop): string => `{ ${this.#statements(depth - 1, loop)} }`;
    return this.#oneOf(
      ...simple,
      () => `if (${this.#test()}) ${block()} else ${block()}`,
      () => `try { may(); ${block()} } catch ${this.#startless(block)}`,
      () => `try ${block()} finally ${this.#startless(block)}`,
      () => `try { may(); ${block()} } catch ${this.#startless(block)} finally ${this.#startless(block)}`,
      () => `while (maybe) ${block(true)}`,
      () => `do ${block(true)} while (maybe);`,
      () => `for (const item of items) ${block(true)}`,
      () =>
        `switch (pick) { case 1: ${this.#statements(depth - 1, inLoop)} case 2: ${this.#statements(depth - 1, inLoop)} break; default: ${this.#statements(depth - 1, inLoop)} }`,
    );
  }

  /** Makes code without a start: the walk does not look at one in a `finally` after a failure. */
  #startless(make: () => string): string {
    this.#startlessBlocks += 1;
    const text = make();
    this.#startlessBlocks -= 1;
    return text;
  }

  #start(): string {
    if (this.#startlessBlocks > 0 || this.#started) return 'may();';
    this.#started = true;
    return 'handle = attempt();';
  }

  /** A condition; of the handle only after its start. */
  #test(): string {
    if (!this.#started) return 'maybe';
    return this.#oneOf(
      () => 'maybe',
      () => 'maybe',
      () => 'handle',
      () => '!handle',
      () => 'handle == null',
      () => 'handle && maybe',
      () => '!handle || maybe',
    );
  }
}

/** A body as a function, in which an argument says what becomes of a call's failure. */
function textOf(body: string): string {
  const text = `${/\bawait\b/.test(body) ? 'async ' : ''}function${/\byield\b/.test(body) ? '*' : ''} body() { ${/\bhandle = attempt/.test(body) && !/const handle|let handle/.test(body) ? 'let handle; ' : ''}${body} }`;
  const calls = nodesOf(treeOf(text)).filter((node) => node.type === 'CallExpression' && node.arguments.length === 0);
  const inserts = calls
    .map((node) => [node.range[1] - 1, caughtBy(node)] as const)
    .sort(([one], [other]) => other - one);
  return inserts.reduce((all, [at, caught]) => all.slice(0, at) + caught + all.slice(at), text);
}

function caughtBy(node: Node): '' | '1' | '2' {
  for (let at = node; at.parent && at.type !== 'FunctionDeclaration'; at = at.parent) {
    if (isFunction(at)) return '2';
    if (at.parent.type === 'TryStatement' && at.parent.block === at && at.parent.handler) return '1';
  }
  return '';
}

function waysOf(body: string, throws: Throws, also: Partial<Question> = {}): WayOut[] {
  const sourceCode = treeOf(textOf(body));
  const calls = nodesOf(sourceCode).filter((node) => node.type === 'CallExpression');
  const named = (...names: string[]): Set<Node> =>
    new Set(calls.filter((call) => names.includes(calleeName(call)) && isOwn(call)));
  const question = {
    starts: named('take', 'attempt'),
    ends: named('give'),
    throws,
    isHandle: (node: Node) => node.type === 'Identifier' && node.name === 'handle',
    ...also,
  };
  return waysOut(firstFunction(sourceCode), question, new Values(sourceCode), sourceCode);

  function isOwn(node: Node): boolean {
    for (let at = node.parent; at; at = at.parent) if (isFunction(at)) return at === firstFunction(sourceCode);
    return false;
  }
}

function predicted(body: string, throws: Throws): Seen {
  const kinds = waysOf(body, throws).map(({ kind }) => kind);
  return {
    ended: kinds.includes('end') || kinds.includes('return'),
    threw: kinds.includes('throw'),
    again: kinds.includes('round'),
  };
}

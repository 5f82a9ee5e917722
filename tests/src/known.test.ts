import { describe, expect, it } from 'vitest';

import { listed } from '../../src/catalog/index.js';
import { SAFE_CALLS } from '../../src/catalog/safe-calls.js';
import { parse } from '../../src/catalog/signature.js';
import { Vocabulary } from '../../src/syntax/vocabulary.js';
import { promiseWords, returnsPromise } from '../../src/types/known-promises.js';
import { signalPosition } from '../../src/types/signal-positions.js';
import { fileOf } from './support.js';

describe('what is known of functions', () => {
  it.each([
    ["import axios from 'axios'; axios.get(url)", 'yes'],
    ["import axios from 'axios'; const api = axios.create(); api.post(url)", 'yes'],
    ["import axios from 'axios'; axios.create(url)", 'maybe'],
    ["import OpenAI from 'openai'; const ai = new OpenAI(); ai.chat.completions.create(body)", 'yes'],
    ["import { Kafka } from 'kafkajs'; new Kafka(options).producer().send(batch)", 'yes'],
    ["import PQueue from 'p-queue'; new PQueue().add(work)", 'yes'],
    ["import { MongoClient } from 'mongodb'; new MongoClient(url).db().collection(name).insertOne(one)", 'yes'],
    ["import { MongoClient } from 'mongodb'; new MongoClient(url).db().collection(name).find(one)", 'maybe'],
    ["import { text } from 'node:stream/consumers'; text(stream)", 'yes'],
    ["import assert from 'node:assert'; assert.rejects(work)", 'yes'],
    ['document.createElement(tag).play()', 'maybe'],
    ['new Audio(url).play()', 'yes'],
    ['document.exitFullscreen()', 'yes'],
  ])('`%s` is a promise: %s', (code, answer) => {
    const file = fileOf(code);
    const [statement] = file.index.statements.toReversed();
    expect(file.oracle.isPromise(statement!.expression)).toBe(answer);
    if (answer === 'yes') expect([...new Vocabulary(promiseWords()).in(file.sourceCode)]).not.toEqual([]);
  });

  it.each([
    ["import axios from 'axios'; axios.create().get(url)", '1 signal'],
    ["import { S3Client } from '@aws-sdk/client-s3'; new S3Client({}).send(command)", '1 abortSignal'],
    ["import OpenAI from 'openai'; new OpenAI().responses.create(body)", '1 signal'],
    ["import PQueue from 'p-queue'; new PQueue().add(work)", '1 signal'],
    ['navigator.locks.request(name, {}, work)', '1 signal'],
    ["import { pipeline } from 'node:stream/promises'; pipeline(from, to)", '-1 signal'],
  ])('`%s` takes a signal', (code, expected) => {
    const file = fileOf(code);
    const call = file.index.statements.at(-1)!.expression;
    const position = call.type === 'CallExpression' ? file.oracle.signalPosition(call) : null;
    expect(`${position?.index} ${position?.property}`).toBe(expected);
  });

  it.each(['constructor', 'toString', 'fetch2', 'axios.create', 'node:fs/promises.watch'])(
    '`%s` is no promise and takes none',
    (name) => {
      expect(returnsPromise(name)).toBe(false);
      expect(signalPosition(name === 'node:fs/promises.watch' ? 'x' : name)).toBeNull();
    },
  );

  it.each(SAFE_CALLS)('$call may be dropped', ({ call, from, where, level }) => {
    const { callee, arguments: args } = parse(call);
    const type = Object.values(where ?? {}).flat()[0];
    const [, module, name] = /^(.*)\.(\w+)$/.exec(type ?? '') ?? [];
    const heading =
      type === undefined
        ? from === undefined
          ? ''
          : `import { ${callee[0]} } from '${listed(from)[0]}';`
        : `import type { ${name} } from '${module}'; declare const ${callee[0]}: ${name};`;
    const file = fileOf(`${heading} ${callee.join('.')}(${args.map(() => 'given').join(', ')});`);
    const statement = file.index.statements.at(-1)!.expression;
    expect(statement.type === 'CallExpression' && file.isSafeCall(statement)).toBe(
      level === 'strict' ? 'usually' : 'yes',
    );
  });
});

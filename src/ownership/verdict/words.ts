import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../../catalog/index.js';
import { parse, wordOf } from '../../catalog/signature.js';
import { fateOf } from '../../syntax/fate.js';
import { isInside } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, isFunction, nameOf, type Node, type SourceCode } from '../../syntax/walk.js';
import { type Handle, handleNode } from '../holders/handle.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Verdict } from './judging.js';

/**
 * What a message says of a start: the reader's own names for its values, its owner, its end and the way out that misses
 * it.
 */
export function wordsFor(
  start: Start,
  owner: Owner,
  verdict: Verdict,
  values: Values,
  sourceCode: SourceCode,
): Record<string, string> {
  const text = (node: Node): string => nameOfValue(node, sourceCode);
  const words: Record<string, string> = {
    owner: owner.name,
    start: text(start.node.callee),
    teardown: owner.teardown?.name ?? 'the code that ends it',
    handle:
      (start.resource.isGate ? null : handleText(start, values, text)) ?? keptName(verdict) ?? nameOfHandle(start),
  };
  // What a component keeps in a ref ends with the component, whatever function starts it.
  if (
    verdict.kind !== 'kept' &&
    verdict.handle.kind === 'kept' &&
    verdict.handle.refs.length > 0 &&
    owner.kind !== 'effect'
  ) {
    words['owner'] = 'this component';
    words['teardown'] = 'the cleanup of an effect';
  }
  for (const [name, node] of start.names) words[name] = node ? text(node) : name;
  // What is taken and given back by methods of its own has no other name.
  if (start.resource.kind === 'lock' && start.signature.bound.size === 0)
    words['handle'] = words[start.signature.callee[0]!] ?? words['handle']!;
  // `addEventListener('click', count)` alone listens to what is everybody's.
  if (calleeName(start.node) === 'addEventListener') words['target'] ??= 'globalThis';
  // Channels are listened to through a function, and have no target.
  const named = start.node.arguments.filter((one) => !isFunction(bare(one)));
  for (const name of ['target', 'type'])
    words[name] ??= named[0] && named[0].type !== 'CallExpression' ? text(named[0]) : words['start']!;
  words['listener'] ??= text(start.node.arguments.at(-1) ?? start.node.callee);
  if (verdict.kind !== 'kept' && verdict.why === 'startedAgain' && verdict.handle.kind === 'kept')
    words['handle'] = lastingName(verdict.handle) ?? words['handle']!;
  const put = verdict.kind !== 'kept' && verdict.why === 'startedAgain' ? verdict.sibling : null;
  if (put?.type === 'CallExpression') words['handle'] = entryOf(put, start, words['handle']!, sourceCode);
  words['end'] = endText(start, words, values);
  if (verdict.kind === 'kept') return words;
  const [way] = verdict.ways;
  if (way) {
    words['line'] = String(
      way.kind === 'end' || way.kind === 'round' ? way.node.loc.end.line : way.node.loc.start.line,
    );
    // A call settles a promise, or calls back.
    const returns = way.node.type === 'CallExpression' ? 'reports the outcome' : 'returns';
    words['leaves'] = { end: 'ends the function', return: returns, round: 'begins the next round', throw: 'throws' }[
      way.kind
    ];
  } else if (verdict.lost) {
    words['line'] = String(verdict.lost.node.loc.start.line);
    words['late'] = verdict.lost.late;
    words['remedy'] = verdict.lost.remedy;
  } else if (verdict.sibling) {
    words['line'] = String(verdict.sibling.loc.start.line);
  } else if (verdict.nearMiss) {
    words['line'] = String(verdict.nearMiss.node.loc.start.line);
    words['differs'] = verdict.nearMiss.differs ?? '';
  }
  return words;
}

/** What `timers.set(key, timer)` takes the place of: `timers.get(key)`. */
function entryOf(
  { callee, arguments: [key, value] }: TSESTree.CallExpression,
  start: Start,
  name: string,
  sourceCode: SourceCode,
): string {
  const method = bare(callee);
  const record = value && bare(value);
  const property =
    record?.type === 'ObjectExpression' &&
    record.properties.find(
      (one) => one.type === 'Property' && (isInside(start.node, one.value) || sourceCode.getText(one.value) === name),
    );
  return `${sourceCode.getText(method.type === 'MemberExpression' ? method.object : method)}.get(${sourceCode.getText(key)})${property ? `?.${nameOf(property)}` : ''}`;
}

/** The name that the start's result is kept under, as it is written. */
function handleText(start: Start, values: Values, text: (node: Node) => string): string | null {
  const fate = fateOf(handleNode(start, values), values);
  if (fate.kind === 'local') return fate.variable.name;
  if (fate.kind === 'stored' && fate.in.type === 'MemberExpression') return text(fate.in);
  if (fate.kind !== 'field') return null;
  return fate.member.type === 'MemberExpression' ? text(fate.member) : `this.${nameOf(fate.member)}`;
}

/** The name of what was taken out of the start's result, or of what a callback handed over. */
function keptName(verdict: Verdict): string | null {
  if (verdict.kind === 'kept' || verdict.handle.kind !== 'kept') return null;
  return lastingName(verdict.handle) ?? verdict.handle.variables.at(-1)?.name ?? null;
}

/** What the next start takes the place of: a field, or what a component keeps in a ref. */
function lastingName({ fields: [field], refs: [ref] }: Extract<Handle, { kind: 'kept' }>): string | null {
  return field ? `this.${field.name}` : ref ? `${ref.name}.current` : null;
}

/** What the catalog calls a handle that the reader has given no name: `worker`. */
function nameOfHandle({ signature }: Start): string {
  const [name = 'handle'] = signature.bound;
  return name;
}

/**
 * Is it the reader of a stream that nobody else has, which is to be told that nobody reads on: `open().getReader()`,
 * `response.body.getReader()`, also under a name that is good for nothing else?
 */
export function isOnlyReader({ node, resource }: Start, values: Values): boolean {
  const callee = bare(node.callee);
  const read = resource.drainedBy === 'read' && callee.type === 'MemberExpression' ? bare(callee.object) : null;
  const variable = read?.type === 'Identifier' ? values.variable(read) : null;
  const isOnlyUse = variable?.references.every(({ identifier, init }) => init || identifier === read) ?? false;
  const stream = read && isOnlyUse ? values.initialOf(read) : read;
  return stream?.type === 'CallExpression' || (stream?.type === 'MemberExpression' && nameOf(stream) === 'body');
}

/** The end to name of the resource, with the reader's names in it. */
export function endText(start: Start, words: Readonly<Record<string, string>>, values: Values): string {
  const ends = listed(start.resource.end);
  const cancels = isOnlyReader(start, values) ? ends.find((text) => wordOf(text) === 'cancel') : undefined;
  const { callee, optional, arguments: args } = parse(cancels ?? ends[0]!);
  const [root, ...path] = callee as [string, ...string[]];
  const bound = start.signature.bound;
  const name = (one: string): string => (bound.has(one) ? words['handle']! : (words[one] ?? one));
  const receiver = bound.has(root) || start.names.has(root) ? name(root) : root;
  const given = args.flatMap((argument) => {
    if (argument.kind === 'literal') return [`'${argument.value}'`];
    if (argument.kind === 'name') return [name(argument.name)];
    return [];
  });
  const chain = path.reduce((before, part, at) => `${before}${optional.has(callee[at]!) ? '?' : ''}.${part}`, receiver);
  return `${chain.replaceAll('.[', '[')}(${given.join(', ')})${endOfEach(start)}`;
}

/** `.forEach((track) => track.stop())`, where what the end gives has to be ended in parts. */
export function endOfEach({ resource: { endsEach } }: Start): string {
  return endsEach === undefined ? '' : `.forEach((${endsEach.split('.')[0]}) => ${endsEach})`;
}

/** What a message calls a value by: a call by what is called, a function by its head. */
export function nameOfValue(node: Node, sourceCode: SourceCode): string {
  const value = bare(node);
  if (isFunction(value) && !value.id) return value.async ? 'async () => …' : '() => …';
  if (value.type === 'CallExpression' || value.type === 'NewExpression')
    return `${value.type === 'NewExpression' ? 'new ' : ''}${shortened(lineOf(value.callee, sourceCode))}()`;
  return shortened(lineOf(value, sourceCode));
}

/** The reader's code in one line, without comments. */
export function lineOf(node: Node, sourceCode: SourceCode): string {
  let text = sourceCode.getText(node);
  for (const { range } of sourceCode.getCommentsInside(node).toReversed())
    text = text.slice(0, range[0] - node.range[0]) + text.slice(range[1] - node.range[0]);
  return text.replaceAll(/\s+(?=\??\.)/g, '').replaceAll(/\s+/g, ' ');
}

/** As much of a line as fits into a message. */
export function shortened(line: string): string {
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

import type { Resource } from '../../catalog/resource.js';
import { parse } from '../../catalog/signature.js';
import { alsoUsed } from '../../syntax/fate.js';
import { isInside } from '../../syntax/functions.js';
import { memberNamed } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Body, type Call, calleeName, dressed, isClass, type Node } from '../../syntax/walk.js';
import { type Field, fieldOf } from '../holders/handle.js';
import { setTo } from '../owners/lives.js';
import type { Judge } from '../verdict/judging.js';
import type { Start } from './starts.js';

/** Methods that end an instance for good. */
const ENDS = ['destroy', 'dispose'];
/** Methods that may do so as well. */
const OTHERS = ['close', 'disconnect', 'end', 'release', 'remove', 'shutdown', 'stop', 'terminate', 'unload'];

/** What many classes are called that have no end. */
const PLAIN = new Set([
  'Array',
  'Config',
  'Data',
  'Date',
  'Error',
  'Event',
  'Info',
  'Item',
  'List',
  'Map',
  'Object',
  'Options',
  'Params',
  'Props',
  'Result',
  'Service',
  'Set',
  'State',
  'Value',
]);

/** An instance that a teardown ends, and what it was made of. */
interface Ended {
  readonly body: Body;
  readonly end: string;
  readonly word: string;
  readonly fields: Set<string>;
}

/**
 * The instances in fields of a class whose teardown ends others of the same sort: `levelController`, and not
 * `soundController`.
 * One sister may be the only one with an end; two are a rule. Where most of a sort are not ended, those that are have
 * something else to end.
 * What is known to need an end is judged by itself.
 */
export function forgottenSisters(known: readonly Start[], file: Judge): Start[] {
  const groups = ENDS.flatMap((end) => endedTogether(end, file));
  if (groups.length === 0) return [];
  const forgotten = new Map<Ended, Call[]>(groups.map((group) => [group, []]));
  for (const [name, calls] of file.index.calls) {
    const word = lastWord(name);
    const alike = groups.filter((group) => group.word === word);
    for (const made of alike.length > 0 ? calls : []) {
      const field = made.type === 'NewExpression' ? fieldAround(made, file.values) : null;
      const group = field && alike.find(({ body, fields }) => body === field.body && !fields.has(field.name));
      if (group && mayEnd(made, group.end, file.values)) forgotten.get(group)!.push(made);
    }
  }
  return [...forgotten].flatMap(([group, all]) =>
    all.length > group.fields.size
      ? []
      : all.filter((made) => !known.some(({ node }) => node === made)).map((made) => startOf(made, group)),
  );
}

/** The fields that teardowns end with one method, by the class and by the sort of what they hold. */
function endedTogether(end: string, file: Judge): readonly Ended[] {
  const groups: Ended[] = [];
  for (const call of file.index.calls.of(end)) {
    const callee = bare(call.callee);
    const object = callee.type === 'MemberExpression' ? bare(callee.object) : null;
    const field =
      object?.type === 'MemberExpression' && call.arguments.length === 0 ? fieldOf(object, file.values) : null;
    if (!field || !file.owners.instance(field.body).teardown?.functions.some((fn) => isInside(call, fn))) continue;
    for (const word of new Set(
      setTo(field.body, field.name, file.index, file.values).map((value) => wordOf(bare(value))),
    )) {
      if (word === null) continue;
      const known = groups.find((group) => group.body === field.body && group.word === word);
      if (known) known.fields.add(field.name);
      else groups.push({ body: field.body, end, word, fields: new Set([field.name]) });
    }
  }
  return groups;
}

function wordOf(value: Node): string | null {
  return value.type === 'NewExpression' ? lastWord(calleeName(value)) : null;
}

/** `Controller` in `soundController` */
function lastWord(name: string): string | null {
  const word = /[A-Z][a-z]{3,}$/.exec(name)?.[0] ?? null;
  return word === null || word === name || PLAIN.has(word) ? null : word;
}

function fieldAround(made: Call, values: Values): Field | null {
  const { parent } = dressed(made);
  // `return [(this.list = new ListView())]`: others have it, too.
  if (alsoUsed(made)) return null;
  if (
    parent?.type === 'AssignmentExpression' &&
    parent.right === dressed(made) &&
    parent.left.type === 'MemberExpression'
  )
    return fieldOf(parent.left, values);
  return parent?.type === 'PropertyDefinition' && !parent.static ? fieldOf(parent, values) : null;
}

/** Has the class the method, as far as this file shows? What nobody declares or imports is the platform's. */
function mayEnd({ callee }: Call, end: string, values: Values): boolean {
  if (values.of(callee).root.kind === 'global') return false;
  const of = values.classOf(callee);
  return !of || !isClass(of) || of.superClass !== null || memberNamed(of, end) !== null;
}

function startOf(node: Call, { end, fields }: Ended): Start {
  const resource: Resource = {
    kind: 'resource',
    start: 'instance = new Instance()',
    end: [end, ...ENDS, ...OTHERS].map((name) => `instance.${name}()`),
    ...(fields.size < 2 && { level: 'strict' }),
  };
  return { node, resource, signature: parse(resource.start as string), names: new Map(), sure: 'yes' };
}

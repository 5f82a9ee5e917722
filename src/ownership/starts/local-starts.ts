import type { Resource } from '../../catalog/resource.js';
import { callText, parse } from '../../catalog/signature.js';
import { yields } from '../../flow/loops.js';
import { enclosingFunction, functionName, isInside, isMaker } from '../../syntax/functions.js';
import { memberFunction, memberName, memberNamed, membersOf } from '../../syntax/members.js';
import { bare, type Call, type Class, type Fn, isFunction, nameOf, type Node, walk } from '../../syntax/walk.js';
import { endsOf } from '../ends/ends.js';
import { handleOf } from '../holders/handle.js';
import type { Judge } from '../verdict/judging.js';
import type { Start } from './starts.js';

/** Methods that end an instance and take nothing. */
const ENDS = [
  '[Symbol.asyncDispose]',
  '[Symbol.dispose]',
  'close',
  'destroy',
  'dispose',
  'stop',
  'end',
  'terminate',
  'disconnect',
  'shutdown',
];

/**
 * The instances of this file's classes that hold a resource which one of their methods ends: whoever makes one has to
 * call it.
 */
export function instancesWithEnd(starts: readonly Start[], file: Judge): Start[] {
  return starts.length === 0
    ? []
    : file.index.classes.flatMap((of): Start[] => {
        const ends = membersOf(of).filter((member) => ENDS.includes(memberName(member) ?? ''));
        const made =
          ends.length === 0
            ? []
            : file.index.calls
                .of(of.id?.name ?? '')
                .filter(
                  (call) =>
                    call.type === 'NewExpression' && file.values.classOf(call.callee) === of && !isInside(call, of),
                );
        if (made.length === 0) return [];
        const functions = ends.flatMap((member) => memberFunction(member) ?? []);
        const isHolder = starts.some((start) => isStartedBy(start, of) && isEndedIn(start, functions, file));
        const resource: Resource = {
          kind: 'resource',
          start: 'instance = new Instance()',
          end: ends.flatMap((member) => callText('instance', memberName(member)!) ?? []),
        };
        // What is given to an instance as it is made is as much to be ended as without it.
        return made.flatMap((node) =>
          takesOver(node, of, starts, functions, file)
            ? [startOf(node, { ...resource, isSmall: true })]
            : isHolder
              ? [startOf(node, { ...resource, level: 'strict' })]
              : [],
        );
      });
}

function startOf(node: Call, resource: Resource): Start {
  return { node, resource, signature: parse(resource.start as string), names: new Map(), sure: 'yes' };
}

/** Does each instance start it: in a field, or in the constructor itself? */
function isStartedBy({ node, resource }: Start, of: Class): boolean {
  if (!isInside(node, of.body) || resource.activatedBy !== undefined) return false;
  const fn = enclosingFunction(node);
  return fn === null || !isInside(fn, of)
    ? node.parent.type === 'PropertyDefinition' && !node.parent.static
    : isMaker(fn);
}

function isEndedIn(start: Start, functions: readonly Fn[], file: Judge): boolean {
  return endsOf(start, handleOf(start, file.values), file.index, file).some(
    ({ node, differs }) => differs === null && functions.some((fn) => isInside(node, fn)),
  );
}

/** `new Line(connect(port))`: does the constructor keep what it is given in a field that one of the methods ends? */
function takesOver(
  made: Call,
  of: Class,
  starts: readonly Start[],
  functions: readonly Fn[],
  { sourceCode }: Judge,
): boolean {
  const constructor = memberNamed(of, 'constructor');
  const takes = constructor && memberFunction(constructor);
  return (
    Boolean(takes) &&
    made.arguments.some((argument, at) => {
      const parameter = takes!.params[at];
      if (!starts.some(({ node }) => node === bare(argument)) || parameter?.type !== 'Identifier') return false;
      const fields = fieldsSetTo(parameter.name, takes!, sourceCode);
      return functions.some((fn) => endsAField(fn, fields, sourceCode));
    })
  );
}

function fieldsSetTo(name: string, takes: Fn, sourceCode: Judge['sourceCode']): ReadonlySet<string> {
  const fields = new Set<string>();
  walk(sourceCode, takes.body, (node) => {
    if (isFunction(node)) return false;
    const isKept =
      node.type === 'AssignmentExpression' &&
      node.left.type === 'MemberExpression' &&
      node.right.type === 'Identifier' &&
      node.right.name === name;
    const field = isKept ? nameOf(node.left) : null;
    if (field !== null) fields.add(field);
    return undefined;
  });
  return fields;
}

function endsAField(fn: Fn, fields: ReadonlySet<string>, sourceCode: Judge['sourceCode']): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    const callee: Node | null = node.type === 'CallExpression' ? bare(node.callee) : null;
    const object =
      callee?.type === 'MemberExpression' && ENDS.includes(nameOf(callee) ?? '') ? bare(callee.object) : null;
    found ||= object?.type === 'MemberExpression' && fields.has(nameOf(object) ?? '');
    return !found;
  });
  return found;
}

/**
 * What generators of this file give that end something in a `finally`, or that go through what has to be told to stop:
 * whoever asks them by hand has to let them get there.
 */
export function generatorsWithEnd(starts: readonly Start[], file: Judge): Start[] {
  const resource: Resource = {
    kind: 'iterator',
    start: 'items = generate()',
    end: ['items.return()', 'items.throw()'],
    activatedBy: 'next',
    drainedBy: 'next',
  };
  return file.index.functions.flatMap((fn): Start[] => {
    const name = fn.generator && fn.async ? functionName(fn) : null;
    if (name === null || !(endsInFinally(fn, file) || goesThrough(fn, starts, file))) return [];
    return file.index.calls
      .of(name)
      .filter(({ callee }) => file.values.functionCalledBy(callee) === fn)
      .map((node) => startOf(node, resource));
  });
}

/** Does a generator yield from within a loop over an iterator that holds something until it is told to stop? */
function goesThrough(fn: Fn, starts: readonly Start[], file: Judge): boolean {
  const { values, index } = file;
  return index.loops.some((loop) => {
    if (loop.type !== 'ForOfStatement' || !loop.await || enclosingFunction(loop) !== fn) return false;
    const source = values.initialOf(loop.right);
    return starts.some(({ node }) => node === source) && yields(loop, file);
  });
}

function endsInFinally(fn: Fn, { sourceCode }: Judge): boolean {
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    if (isFunction(node)) return false;
    found ||=
      (node.type === 'TryStatement' && node.finalizer !== null) ||
      (node.type === 'VariableDeclaration' && node.kind.endsWith('using'));
    return !found;
  });
  return found;
}

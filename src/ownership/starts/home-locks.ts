import type { Resource } from '../../catalog/resource.js';
import { callText, parse } from '../../catalog/signature.js';
import { enclosingFunction, isInside, runOf } from '../../syntax/functions.js';
import { memberFunction, memberName, membersOf } from '../../syntax/members.js';
import { bare, type Call, type Class, dressed, type Fn, nameOf, type Node, walk } from '../../syntax/walk.js';
import type { Judge } from '../verdict/judging.js';
import type { Start } from './starts.js';

/**
 * A method of a class, with the fields that it writes, and those in which it puts the settlers of promises that others
 * wait for.
 */
interface Method {
  readonly name: string;
  readonly fn: Fn;
  readonly written: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
  readonly waiting: ReadonlySet<string>;
}

/**
 * Calls that take a lock which a class of this file is: one method waits its turn, and another, called in the same run,
 * lets the next one in.
 */
export function locksOfClasses(file: Judge): Start[] {
  return file.index.classes.flatMap((of) => pairsOf(of, file).flatMap(([take, give]) => takings(take, give, file)));
}

/** The names of the methods that take and give. */
function pairsOf(of: Class, file: Judge): [take: string, give: string][] {
  const { index, values } = file;
  const makesPromises = index.calls
    .of('Promise')
    .some((call) => call.type === 'NewExpression' && isInside(call, of) && values.origin(call.callee) === 'Promise');
  if (!makesPromises) return [];
  const methods = membersOf(of).flatMap((member) => {
    const fn = memberFunction(member);
    const name = memberName(member);
    return fn && name !== null && callText('lock', name) !== null ? [methodOf(name, fn, file)] : [];
  });
  return methods.flatMap((take) =>
    methods.flatMap((give): [string, string][] => {
      if (give === take || give.fn.params.length > 0 || give.waiting.size > 0) return [];
      const wakes = [...take.waiting].some((field) => give.named.has(field));
      return wakes && [...take.written].some((field) => !take.waiting.has(field) && give.written.has(field))
        ? [[take.name, give.name]]
        : [];
    }),
  );
}

function methodOf(name: string, fn: Fn, { sourceCode, values }: Judge): Method {
  const [written, named, waiting] = [new Set<string>(), new Set<string>(), new Set<string>()];
  walk(sourceCode, fn.body, (node) => {
    if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression') return;
    const field = nameOf(node);
    if (field === null) return;
    named.add(field);
    const { parent } = dressed(node);
    if (
      parent?.type === 'UpdateExpression' ||
      (parent?.type === 'AssignmentExpression' && parent.left === dressed(node))
    )
      written.add(field);
    if (isFilled(node, fn, values)) waiting.add(field);
  });
  return { name, fn, written, named, waiting };
}

/**
 * `new Promise((resolve) => this.waiting.push(resolve))`: does an executor put its own settler, which is given no
 * value, into a field?
 */
function isFilled(member: Node, method: Fn, values: Judge['values']): boolean {
  const call = dressed(dressed(member).parent ?? member).parent;
  const executor = enclosingFunction(member);
  const [given] = call?.type === 'CallExpression' ? call.arguments : [];
  if (
    !executor ||
    executor === method ||
    given?.type !== 'Identifier' ||
    call?.type !== 'CallExpression' ||
    !['push', 'add'].includes(nameOf(bare(call.callee)) ?? '')
  )
    return false;
  return executor.params[0]?.type === 'Identifier' && values.variable(given) === values.variable(executor.params[0]);
}

/** The calls that take, of which the same run gives back on some way. */
function takings(take: string, give: string, file: Judge): Start[] {
  const signature = parse(`await ${callText('lock', take)}`);
  const resource: Resource = {
    kind: 'lock',
    start: signature.text,
    end: callText('lock', give)!,
    where: { lock: '*' },
    onThrow: 'leaks',
  };
  const gives = file.index.calls.of(give).flatMap((call) => receiverOf(call) ?? []);
  return file.index.calls.of(take).flatMap((node): Start[] => {
    const lock = receiverOf(node);
    const isGivenBack =
      lock && gives.some((one) => runOf(one) === runOf(node) && file.values.same(one, lock) === 'yes');
    return isGivenBack && node.arguments.length === 0 && dressed(node).parent?.type === 'AwaitExpression'
      ? [{ node, resource, signature, names: new Map([['lock', lock]]), sure: 'yes' }]
      : [];
  });
}

function receiverOf({ callee }: Call): Node | null {
  const method = bare(callee);
  return method.type === 'MemberExpression' ? method.object : null;
}

import { runOf, isInside } from '../../syntax/functions.js';
import { mayLeave } from '../../syntax/leaving.js';
import { bare, type Fn, nameOf, type Node, walk } from '../../syntax/walk.js';
import { handleOf } from '../holders/handle.js';
import type { Owner, Teardown } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { reachedFrom } from './reached.js';

/** What a flag is called that is set while its owner lives, and what one that is set when it has ended. */
export const ALIVE = /alive|active|connected|mount/i;
export const ENDED = /abort|cancel|clos|destroy|detach|disconnect|dispos|ended|inactive|shut|stopp|torn|unmount/i;

/** `!this.connected` */
export function isNotAlive(test: Node): boolean {
  const node = bare(test);
  const flag = node.type === 'UnaryExpression' && node.operator === '!' ? bare(node.argument) : null;
  const name = flag?.type === 'Identifier' ? flag.name : flag?.type === 'MemberExpression' ? (nameOf(flag) ?? '') : '';
  return ALIVE.test(name) && !ENDED.test(name);
}

/** Does the teardown set what the timer's callback looks at before it starts the timer again? */
export function isFlagged(start: Start, { teardown }: Owner, file: Judge): boolean {
  const callback = start.names.get('callback');
  const fired = callback && file.values.functionOf(callback);
  if (!fired || !teardown) return false;
  const around = runOf(start.node);
  const handle = handleOf(start, file.values);
  const kept = handle.kind === 'kept' ? handle.fields.map(({ name }) => name) : [];
  const tested = new Set<string>();
  for (const fn of [fired, around]) {
    if (!fn) continue;
    walk(file.sourceCode, fn.body, (node) => {
      // `if (!this.timer) this.timer = setTimeout(…)`: to forget the handle makes room for the next timer.
      if (
        node.type === 'IfStatement' &&
        isInside(start.node, node.consequent) &&
        kept.some((name) => namesIn(node.test, file).includes(name))
      )
        return;
      // What goes on just when its owner is not there is not stopped by that.
      if (node.type === 'IfStatement' && isNotAlive(node.test) && !mayLeave(node.consequent)) return;
      if (node.type === 'IfStatement' || node.type === 'ConditionalExpression')
        for (const name of namesIn(node.test, file)) tested.add(name);
      if (node.type === 'LogicalExpression') for (const name of namesIn(node.left, file)) tested.add(name);
    });
  }
  return isSetBy(teardown, tested, file);
}

/** Do some functions, or what they call, write to one of these names, and what is asked for? */
export function isSetBy(
  { functions }: Teardown,
  names: ReadonlySet<string>,
  file: Judge,
  isAsked: (value: Node) => boolean = () => true,
): boolean {
  return [...reachedFrom(functions, file)].some((fn) =>
    [...writtenIn(fn, file, isAsked)].some((name) => names.has(name)),
  );
}

export function namesIn(test: Node, { sourceCode }: Pick<Judge, 'sourceCode'>): string[] {
  const names: string[] = [];
  walk(sourceCode, test, (node) => {
    const name = node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? nameOf(node) : null;
    if (name !== null) names.push(name);
  });
  return names;
}

function writtenIn(fn: Fn, { sourceCode }: Judge, isAsked: (value: Node) => boolean): Set<string> {
  const written = new Set<string>();
  walk(sourceCode, fn.body, (node) => {
    if (node.type !== 'AssignmentExpression' || !isAsked(bare(node.right))) return;
    const name =
      node.left.type === 'Identifier'
        ? node.left.name
        : node.left.type === 'MemberExpression'
          ? nameOf(node.left)
          : null;
    if (name !== null) written.add(name);
  });
  return written;
}

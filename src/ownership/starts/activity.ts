import type { TSESTree } from '@typescript-eslint/utils';
import { listed } from '../../catalog/index.js';
import { parse } from '../../catalog/signature.js';
import { fateOf } from '../../syntax/fate.js';
import { bare, calleeName, dressed, type Index, nameOf, type Node } from '../../syntax/walk.js';
import { type Handle, mentions } from '../holders/handle.js';
import type { Facts } from './match.js';
import type { Start } from './starts.js';

/** What projects call their own operators that end a subscription in time. */
const LAST = /until|destroy|unsubscri|dispos/i;

/** Does a call in the chain before the start make it end by itself? */
export function isEndedThrough({ resource: { endedThrough }, node }: Start, { values }: Facts): boolean {
  let at: Node | null = endedThrough ? bare(node.callee) : null;
  while (endedThrough && at) {
    if (at.type === 'CallExpression') {
      const links = [at, ...at.arguments].map((link) => values.initialOf(link));
      const isLast = (name: string): boolean => endedThrough.includes(name) || LAST.test(name);
      if (links.some((link) => link?.type === 'CallExpression' && isLast(calleeName(link)))) return true;
      at = bare(at.callee);
    } else if (at.type === 'MemberExpression') {
      at = bare(at.object);
    } else {
      const initial = values.initialOf(at);
      at = initial === at ? null : initial;
    }
  }
  return false;
}

/** The expression whose value is what was started. */
function startedBy({ node, signature }: Start): Node {
  const { parent } = dressed(node);
  return signature.awaited && parent?.type === 'AwaitExpression' ? parent : node;
}

/** Is it ended by the very chain that starts it, as in `start().end()` and `spawn(command).on('close', done)`? */
export function isEndedInChain(start: Start, { values }: Facts): boolean {
  const ends = listed(start.resource.end)
    .map((text) => parse(text))
    .filter(({ callee, module }) => callee.length === 2 && module === null);
  for (
    let fate = fateOf(startedBy(start), values);
    fate.kind === 'receiver' && fate.call;
    fate = fateOf(fate.call, values)
  ) {
    const { call, member } = fate;
    const isEnd = ends.some(
      (end) =>
        end.callee[1] === nameOf(member) &&
        end.arguments.every(
          (argument, at) => argument.kind !== 'literal' || values.text(call.arguments[at]) === argument.value,
        ),
    );
    if (isEnd) return true;
  }
  return false;
}

/** Does anything in this file let it run, without a signal that ends it? */
export function isActive(start: Start, handle: Handle, index: Index, { values }: Facts): boolean {
  const { activatedBy, endedBy } = start.resource;
  if (!activatedBy) return true;
  const isSignal = (property: TSESTree.ObjectLiteralElement): boolean =>
    property.type === 'Property' && nameOf(property) === endedBy;
  const activates = (node: Node): boolean => {
    const fate = fateOf(node, values);
    return (
      fate.kind === 'receiver' &&
      fate.call !== null &&
      (listed(activatedBy).includes(nameOf(fate.member) ?? '')
        ? !fate.call.arguments.some((given) => given.type === 'ObjectExpression' && given.properties.some(isSignal))
        : activates(fate.call))
    );
  };
  return activates(startedBy(start)) || mentions(handle, values, index).some(activates);
}

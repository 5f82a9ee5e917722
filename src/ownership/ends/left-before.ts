import { listed } from '../../catalog/index.js';
import { parse, wordOf } from '../../catalog/signature.js';
import { type WayOut, waysOut } from '../../flow/paths.js';
import { runOf } from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import { type Handle, handleNode, isHeld, mentions } from '../holders/handle.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { drainsOf } from './drains.js';
import type { End } from './ends.js';
import { isNeeded } from './needed.js';

/** Kinds of which one has to be ended on a way that leaves before it is in other hands. */
const LEFT = new Set(['iterator', 'lock', 'resource']);

/** The ways out that leave before a local is ended or, where `given` says, handed over. */
export function waysBefore(
  start: Start,
  handle: Handle,
  ends: readonly End[],
  given: readonly Node[],
  file: Judge,
): WayOut[] {
  const { kind, isGate, livesIn, runsOn, end } = start.resource;
  if (!LEFT.has(kind) || isGate || runsOn || (kind === 'resource' && livesIn !== undefined)) return [];
  const { values, index, sourceCode } = file;
  const run = runOf(start.node);
  const isLocal = handle.kind === 'kept' && handle.fields.length === 0 && handle.refs.length === 0;
  // What a function of its own uses may be ended wherever that one goes.
  if (
    !run ||
    !isLocal ||
    ends.some(({ sure }) => sure === 'maybe') ||
    mentions(handle, values, index).some((mention) => runOf(mention) !== run)
  )
    return [];
  const parts = new Set(listed(end).flatMap((text) => (parse(text).isCall ? [] : wordOf(text))));
  // `response.body`: without it, there is nothing to read.
  const whole = (node: Node): Node =>
    node.type === 'MemberExpression' && parts.has(nameOf(node) ?? '') ? bare(node.object) : node;
  const question = {
    starts: new Set([handleNode(start, values)]),
    ends: new Set<Node>([...ends.map(({ node }) => node), ...given]),
    throws: 'throw' as const,
    catches: 'await' as const,
    isHandle: (node: Node) => isHeld(whole(node), handle, values) || isNeeded(node, start, ends, values),
    onlyIfEnded: true,
    ...drainsOf(start, handle, index, file),
  };
  return waysOut(run, question, values, sourceCode).filter((way) => way.kind !== 'round');
}

/**
 * Do the ends of something small say that one without an end matters: because they leave out what goes well, or because
 * one is there for what nobody reads?
 */
export function showItMatters(nodes: readonly Node[], handle: Handle, file: Judge): boolean {
  return (
    nodes.some((node) => node.type === 'CallExpression' && calleeName(node) === 'cancel') ||
    areOfFailure(nodes, handle, file)
  );
}

/**
 * `if (!response.ok) throw new Error(await response.text())`: are all of these for a request that failed, so that
 * nobody reads what one that went well brings?
 */
function areOfFailure(nodes: readonly Node[], handle: Handle, { values }: Judge): boolean {
  return (
    nodes.length > 0 &&
    nodes.every((node) => {
      for (let at: Node | undefined = node; at?.parent && !isFunction(at); at = at.parent) {
        if (at.parent.type === 'IfStatement' && at.parent.consequent === at && isNotOk(at.parent.test, handle, values))
          return true;
      }
      return false;
    })
  );
}

/** `!response.ok` */
function isNotOk(test: Node, handle: Handle, values: Values): boolean {
  const node = bare(test);
  const asked = node.type === 'UnaryExpression' && node.operator === '!' ? bare(node.argument) : null;
  return asked?.type === 'MemberExpression' && nameOf(asked) === 'ok' && isHeld(asked.object, handle, values);
}

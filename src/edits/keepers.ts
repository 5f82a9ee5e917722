import { listed } from '../catalog/index.js';
import { parse } from '../catalog/signature.js';
import { handleNode } from '../ownership/holders/handle.js';
import type { Start } from '../ownership/starts/starts.js';
import { argumentOf, isGetter, loopAround, runOf, thisBody } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import { bare, dressed, isClass, nameOf, type Node } from '../syntax/walk.js';
import { type Edit, insertAfter, insertBefore, semicolon, type View } from './edit.js';
import { insertAfterStatement, listAround, statementOf } from './statements.js';
import { isReachable } from './values.js';

/** Lists of things that are ended together, by the end of what they hold and the method that adds to them. */
const LISTS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  dispose: {
    add: /^[_#]*(?:disposables?|subscriptions?|store)$/i,
    push: /^[_#]*(?:disposables?|subscriptions|toDispose)$/i,
  },
  unsubscribe: { add: /^[_#]*sub(?:scription)?s?$/i, push: /^[_#]*sub(?:scription)?s$/i },
};

/** Gives the start to what ends things of its kind together: `this._register(…)`, `context.subscriptions.push(…)`. */
export function keepWithOthers(view: View, start: Start): Edit | null {
  const node = dressed(handleNode(start, view.values));
  const run = runOf(node);
  // What a callback or a getter adds each time it runs stays there until all are ended.
  if (run && (argumentOf(run) || isGetter(run))) return null;
  const method = parse(listed(start.resource.end)[0]!).callee.at(-1)!;
  const keeper = Object.hasOwn(LISTS, method) ? keeperAt(node, LISTS[method]!, view) : null;
  const handle = keeper === null ? null : view.handleOf(start);
  if (keeper === null || !handle) return null;
  const around = [insertBefore(node, `${keeper}(`), insertAfter(node, ')')];
  // What such a method is given it gives back, so that a field can have it, too. Its list is there before the fields
  // where a superclass has it.
  if (isInherited(keeper, node) && node.parent?.type === 'PropertyDefinition' && node.parent.value === node)
    return around;
  const statement = statementOf(node);
  if (!statement || !listAround(statement)) return null;
  if (handle.kind === 'dropped')
    return statement.type === 'ExpressionStatement' && dressed(statement.expression) === node ? around : null;
  const [variable, second] = handle.kind === 'kept' && handle.fields.length === 0 ? handle.variables : [];
  const isNamed =
    statement.type === 'VariableDeclaration' &&
    statement.kind === 'const' &&
    variable &&
    !second &&
    variable.defs[0]?.node === node.parent;
  return isNamed && !loopAround(node)
    ? [insertAfterStatement(statement, `${keeper}(${variable.name})${semicolon(view.sourceCode)}`, view.sourceCode)]
    : null;
}

function isInherited(keeper: string, node: Node): boolean {
  const body = thisBody(node);
  return (
    keeper === 'this._register' &&
    body !== null &&
    isClass(body) &&
    body.superClass !== null &&
    memberNamed(body, '_register') === null
  );
}

/** The method that keeps such things, as the code around a node calls it elsewhere. */
function keeperAt(node: Node, lists: Readonly<Record<string, RegExp>>, view: View): string | null {
  const body = thisBody(node);
  const place = { node, body, isAsync: false };
  const isOurs = ({ callee }: { readonly callee: Node }): boolean => {
    const member = bare(callee);
    if (member.type !== 'MemberExpression') return false;
    if (nameOf(member) === '_register')
      return member.object.type === 'ThisExpression' && body !== null && thisBody(member) === body;
    const receiver = bare(member.object);
    const name = receiver.type === 'Identifier' ? receiver.name : nameOf(receiver);
    return (
      name !== null &&
      lists[nameOf(member) ?? '']!.test(name) &&
      isReachable(receiver, place, view) &&
      (receiver.type !== 'MemberExpression' || receiver.object.type !== 'ThisExpression' || thisBody(receiver) === body)
    );
  };
  for (const method of ['_register', ...Object.keys(lists)]) {
    const call = view.index.calls.of(method).find((one) => isOurs(one));
    if (call) return view.text(call.callee);
  }
  return null;
}

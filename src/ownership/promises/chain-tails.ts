import type { TSESTree } from '@typescript-eslint/utils';
import { chainOf } from '../../flow/chains.js';
import { resultCanReject } from '../../flow/rejects.js';
import { enclosingFunction, runOf } from '../../syntax/functions.js';
import { bare, dressed, nameOf, type Node } from '../../syntax/walk.js';
import type { Floating, PromiseFile } from './lost-promise.js';

/**
 * `this.tail = this.tail.then(() => this.store(line))`: the work that is put at the end of a chain which outlives the
 * run, and that ends the chain when it fails, as all that comes later is skipped.
 */
export function brokenChains(file: PromiseFile): Floating[] {
  const { index, values } = file;
  return index.calls.of('then').flatMap((call): Floating[] => {
    if (call.type !== 'CallExpression') return [];
    const { base, links, top } = chainOf(call);
    const { parent } = dressed(top);
    const job = links[0] === call && call.arguments.length === 1 ? values.functionOf(call.arguments[0]!) : null;
    const isTail =
      job !== null &&
      parent?.type === 'AssignmentExpression' &&
      parent.operator === '=' &&
      values.same(parent.left, base) === 'yes' &&
      outlives(base, call, file) &&
      !links.some((link) => handles(link)) &&
      !isCaughtElsewhere(base, file) &&
      resultCanReject(job, values);
    return isTail ? [{ why: 'brokenChain', node: call, keeper: file.sourceCode.getText(base), certain: false }] : [];
  });
}

/** Is a chain kept by a field, or by a variable of other runs? */
function outlives(chain: Node, call: Node, { values }: PromiseFile): boolean {
  const { root, path } = values.of(chain);
  if (root.kind === 'this') return path.length === 1;
  const definition = root.kind === 'variable' && path.length === 0 ? root.variable.defs[0] : undefined;
  return definition?.type === 'Variable' && runOf(call) !== null && enclosingFunction(definition.node) !== runOf(call);
}

/** Does a link go on when the one before it has failed? */
function handles({ callee, arguments: { length } }: TSESTree.CallExpression): boolean {
  const method = nameOf(bare(callee));
  return method === 'catch' || (method === 'then' && length > 1);
}

/** `this.tail = this.tail.catch(report)`: does another statement begin the chain anew? */
function isCaughtElsewhere(chain: Node, { index, values }: PromiseFile): boolean {
  return index.calls.of('catch').some(({ callee, parent }) => {
    const method = bare(callee);
    return (
      parent.type === 'AssignmentExpression' &&
      method.type === 'MemberExpression' &&
      values.same(parent.left, chain) === 'yes'
    );
  });
}

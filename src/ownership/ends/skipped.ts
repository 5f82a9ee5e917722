import type { TSESTree } from '@typescript-eslint/utils';
import type { WayOut } from '../../flow/paths.js';
import { isInside, isMaker, runOf } from '../../syntax/functions.js';
import { leaves } from '../../syntax/leaving.js';
import { memberNamed } from '../../syntax/members.js';
import { bare, type Body, type Fn, isFunction, nameOf, type Node } from '../../syntax/walk.js';
import type { Field } from '../holders/handle.js';
import { isNothing } from '../owners/lives.js';
import type { Owner } from '../owners/owner.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import type { End } from './ends.js';

/**
 * `dispose() { if (!this.loggedIn) return; clearInterval(this.timer); }`: where the end of an instance leaves out what its
 * maker always starts, as long as no other method has set what it asks for.
 */
export function skippedAtEnd(
  start: Start,
  field: Field,
  ends: readonly End[],
  { teardown }: Owner,
  file: Judge,
): WayOut | null {
  const maker = runOf(start.node);
  const run = ends[0] ? runOf(ends[0].node) : null;
  if (
    !run ||
    !teardown?.functions.includes(run) ||
    run.body.type !== 'BlockStatement' ||
    ends.some(({ node }) => runOf(node) !== run) ||
    !(maker === null || isMaker(maker)) ||
    isChosen(start.node)
  )
    return null;
  const isUnset = (test: Node): boolean => {
    const name = test.type === 'MemberExpression' && test.object.type === 'ThisExpression' ? nameOf(test) : null;
    return name !== null && name !== field.name && isUnsetAtFirst(field.body, name, maker, file);
  };
  for (const statement of run.body.body) {
    if (statement.type !== 'IfStatement' || statement.alternate) continue;
    const { test, consequent } = statement;
    if (leaves(consequent) && ends.every(({ node }) => node.range[0] > consequent.range[1])) {
      const asked = test.type === 'UnaryExpression' && test.operator === '!' ? bare(test.argument) : null;
      if (asked && isUnset(asked)) return { kind: 'return', node: leavingIn(consequent) };
    } else if (ends.every(({ node }) => isInside(node, consequent)) && isUnset(bare(test)))
      return { kind: 'end', node: run.body };
  }
  return null;
}

function leavingIn(consequent: TSESTree.Statement): Node {
  return consequent.type === 'BlockStatement' ? consequent.body.at(-1)! : consequent;
}

/** Is a field nothing, or `false`, when an instance has been made? */
function isUnsetAtFirst(body: Body, name: string, maker: Fn | null, { index }: Judge): boolean {
  const declared = memberNamed(body, name);
  const set = index.members
    .of(name)
    .flatMap(({ parent, range }) =>
      parent?.type === 'AssignmentExpression' && parent.left.range[0] === range[0] && maker && isInside(parent, maker)
        ? [parent.right]
        : [],
    );
  const values = [...(declared?.type === 'PropertyDefinition' && declared.value ? [declared.value] : []), ...set];
  return (declared?.type === 'PropertyDefinition' || set.length > 0) && values.every((value) => isFalsy(bare(value)));
}

function isFalsy(value: Node): boolean {
  return value.type === 'Literal' ? !value.value : isNothing(value);
}

/** Does a choice stand between a start and the function around it? */
function isChosen(start: Node): boolean {
  for (let at = start.parent; at && !isFunction(at); at = at.parent)
    if (/^(?:Conditional|Logical)Expression$|^(?:If|Switch|Try)Statement$/.test(at.type)) return true;
  return false;
}

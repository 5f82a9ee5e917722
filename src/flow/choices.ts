import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, isInside } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import { bare, type Call, calleeName, dressed, type Fn, nameOf, type Node, walk } from '../syntax/walk.js';
import type { WayOut } from './paths.js';
import type { Facts } from './unsettled.js';

/** The call that makes a promise, and its executor or the function that keeps its settlers. */
interface Made {
  readonly node: Call;
  readonly executor: Fn;
}

/**
 * `if (kind === 'a') … else if (kind === 'b') … else if (isC(kind)) …`: with so many questions of one value, the last
 * may be no question.
 */
export function isLastOfMany(fn: Fn, way: WayOut, facts: Facts): boolean {
  const asked = askedAtEnd(fn, way, facts);
  return asked.length > 2 && [...asked[0]!].some((name) => asked.every((names) => names.has(name)));
}

/**
 * `child.on('close', (code, signal) => { … })`: one of the two is there, so that whoever asks for both has asked for
 * all.
 */
export function isOfProcess(fn: Fn, way: WayOut, facts: Facts): boolean {
  const given = fn.params.flatMap((parameter) => (parameter.type === 'Identifier' ? parameter.name : []));
  if (given.join() !== 'code,signal') return false;
  const asked = askedAtEnd(fn, way, facts);
  return asked.length > 1 && given.every((name) => asked.some((names) => [...names].some((one) => one.name === name)));
}

/** What a way out by a `return` has asked for before. */
function askedBefore({ kind, node }: WayOut): Node | null {
  const block = node.parent?.type === 'BlockStatement' ? node.parent : node;
  const choice = kind === 'return' && block.parent?.type === 'IfStatement' ? block.parent : null;
  return choice?.consequent === block ? bare(choice.test) : null;
}

/** `if (operation.retry(error)) return;`: does another run follow, which settles? */
export function runsAgain(way: WayOut): boolean {
  const asked = askedBefore(way);
  return asked?.type === 'CallExpression' && /^retry/i.test(calleeName(asked));
}

/** `if (!signal) return;`: a promise that tells of an abort has nothing to tell of where nobody can abort. */
export function isWithoutSignal(way: WayOut, { values }: Pick<Facts, 'values'>): boolean {
  const asked = askedBefore(way);
  if (!asked) return false;
  const { name, isNot } = negated(asked);
  return (
    isNot && /(?:signal|token)$/i.test(values.of(name).path.at(-1) ?? (name.type === 'Identifier' ? name.name : ''))
  );
}

/** The names in each question of the choice that a function ends with. */
function askedAtEnd({ body }: Fn, { kind }: WayOut, facts: Facts): Set<Variable>[] {
  const asked: Set<Variable>[] = [];
  let at: Node | null | undefined = kind === 'end' && body.type === 'BlockStatement' ? body.body.at(-1) : null;
  for (; at?.type === 'IfStatement'; at = at.alternate) asked.push(namesIn(at.test, facts));
  return asked;
}

function namesIn(test: Node, { values, sourceCode }: Facts): Set<Variable> {
  const names = new Set<Variable>();
  walk(sourceCode, test, (node) => {
    const variable = node.type === 'Identifier' ? values.variable(node) : null;
    if (variable) names.add(variable);
  });
  return names;
}

/** `if (done) return;`: does what a function does depend on what the executor's functions did before? */
export function isGuarded(fn: Fn, way: WayOut, made: Made, facts: Facts): boolean {
  const { values, sourceCode } = facts;
  let found = false;
  walk(sourceCode, fn.body, (node) => {
    // What is asked later has not kept anybody from leaving.
    if (way.kind === 'return' && node.range[0] > way.node.range[0]) return;
    if (node.type !== 'IfStatement' && node.type !== 'ConditionalExpression' && node.type !== 'LogicalExpression')
      return;
    walk(sourceCode, node.type === 'LogicalExpression' ? node.left : node.test, (part) => {
      const variable = part.type === 'Identifier' ? values.variable(part) : null;
      found ||= Boolean(
        variable?.references.some(
          (reference) =>
            reference.isWrite() && !reference.init && isInside(reference.identifier as Node, made.executor),
        ),
      );
      found ||= part.type === 'MemberExpression' && isSetBefore(part, made, facts);
    });
    found ||= node.type === 'IfStatement' && isAskedOtherwise(node, fn, made, facts);
  });
  return found;
}

/**
 * `if (isLast) resolve()` in a function, and `if (!isLast) …` in the executor beside it: the two may share the duty.
 */
function isAskedOtherwise({ test }: TSESTree.IfStatement, fn: Fn, { executor }: Made, { values }: Facts): boolean {
  const asked = negated(test);
  const references = (asked.name.type === 'Identifier' && values.variable(asked.name)?.references) || [];
  return references.some(({ identifier }) => {
    const { parent } = identifier as Node;
    const choice = parent?.type === 'UnaryExpression' ? parent.parent : parent;
    if (choice?.type !== 'IfStatement' || isInside(choice, fn) || isInside(fn, choice) || !isInside(choice, executor))
      return false;
    const other = negated(choice.test);
    return other.name === identifier && other.isNot !== asked.isNot;
  });
}

function negated(test: Node): { readonly name: Node; readonly isNot: boolean } {
  const node = bare(test);
  return node.type === 'UnaryExpression' && node.operator === '!'
    ? { name: bare(node.argument), isNot: true }
    : { name: node, isNot: false };
}

/**
 * `this.pending = { id }` in the function that makes the promise, or in its executor: whoever asks for it then knows
 * the answer.
 */
function isSetBefore(
  member: TSESTree.MemberExpression,
  { node, executor }: Made,
  { values, index }: Pick<Facts, 'index' | 'values'>,
): boolean {
  const around = enclosingFunction(node);
  return index.members.of(nameOf(member) ?? '').some((one) => {
    const at = dressed(one).parent;
    const isBefore =
      one.range[0] < node.range[0]
        ? enclosingFunction(one) === around
        : enclosingFunction(one) === executor && one.range[0] < member.range[0];
    return at?.type === 'AssignmentExpression' && at.left === one && isBefore && values.same(one, member) === 'yes';
  });
}

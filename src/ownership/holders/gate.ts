import { fateOf } from '../../syntax/fate.js';
import { isMaker, runOf } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import { bare, calleeName, dressed, nameOf, type Node } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { handleNode } from './handle.js';

type GateFile = Pick<Judge, 'index' | 'values'>;

const KEEPERS = new Set(['set', 'push', 'add', 'unshift', 'enqueue']);

/** Is the promise of a gate kept where others find it, so that they wait until the run that made it opens it? */
export function isShared(start: Start, file: GateFile): boolean {
  const { values } = file;
  const node = handleNode(start, values);
  const fate = fateOf(node, values);
  if (fate.kind !== 'destructured') return start.node.type === 'NewExpression' ? isKept(node, start, file) : false;
  if (fate.pattern.type !== 'ObjectPattern') return false;
  const promise = fate.pattern.properties.find(
    (property) => property.type === 'Property' && nameOf(property) === 'promise',
  );
  return (
    promise?.type === 'Property' &&
    promise.value.type === 'Identifier' &&
    isKeptVariable(values.variable(promise.value), start, file)
  );
}

/** Where others first get hold of the promise of a gate: until then, nobody waits for it. */
export function sharedAt(start: Start, values: Values): Node[] {
  const node = handleNode(start, values);
  const fate = fateOf(node, values);
  const variable = fate.kind === 'local' ? fate.variable : null;
  const run = runOf(start.node);
  // What others know by its name, they have at once.
  if (variable?.defs.some(({ node: at }) => runOf(at) !== run)) return [];
  const reads = (variable?.references ?? []).flatMap(({ identifier, init }) => (init ? [] : [identifier as Node]));
  return reads.flatMap((read) => {
    for (let at = read; at.parent && at !== run; at = at.parent) {
      if (runOf(at.parent) === run && /^(?:\w+Statement|VariableDeclarator)$/.test(at.parent.type)) return [at];
    }
    return [];
  });
}

function isKept(node: Node, start: Start, file: GateFile, seen = new Set<Variable>()): boolean {
  const { values } = file;
  const fate = fateOf(node, values);
  switch (fate.kind) {
    case 'field':
      // An instance that is never made has nobody waiting.
      return !isMaker(runOf(start.node)) && isAwaited(fate.member, file);
    case 'stored':
      return fate.in.type === 'MemberExpression';
    case 'local':
      return isKeptVariable(fate.variable, start, file, seen);
    case 'passed':
      return KEEPERS.has(calleeName(fate.call));
    case 'receiver':
      return fate.call !== null && isKept(fate.call, start, file, seen);
    default:
      return false;
  }
}

/** May anybody wait for what a field keeps: does this file read it, or may others, by its name? */
function isAwaited(field: Node, { index }: GateFile): boolean {
  const name = nameOf(field) ?? '';
  return (
    !/^[#_]/.test(name) ||
    index.members.of(name).some((member) => {
      const { parent } = dressed(member);
      return parent?.type !== 'AssignmentExpression' || bare(parent.left) !== member;
    })
  );
}

/** Broken code has names that are made of themselves: each is looked at once. */
function isKeptVariable(variable: Variable | null, start: Start, file: GateFile, seen = new Set<Variable>()): boolean {
  const definition = variable?.defs[0];
  if (!variable || !definition || seen.has(variable)) return false;
  seen.add(variable);
  const run = runOf(start.node);
  if (runOf(definition.node) !== run) return true;
  return variable.references.some(
    (reference) =>
      reference.isRead() && (runOf(reference.identifier) !== run || isKept(reference.identifier, start, file, seen)),
  );
}

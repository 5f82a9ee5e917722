import { memoize } from '../maps.js';
import type { Variable } from './value.js';
import { bare, type Fn, isFunction, nameOf, type Node } from './walk.js';

const none: ReadonlyMap<string, Fn> = new Map();

/** The functions that are set as properties of what a name always stands for, each once: `api.start = () => {}`. */
export const assignedTo = memoize((variable: Variable) =>
  isRenamed(variable) ? none : functionsIn(targetsOf(variable)),
);

/** The functions that are set as properties of something, each once. */
export function functionsIn(targets: readonly Node[]): ReadonlyMap<string, Fn> {
  const found = new Map<string, Fn>();
  const twice = new Set<string>();
  for (const target of targets) {
    const { parent } = target;
    const name = nameOf(target);
    if (name === null || parent?.type !== 'AssignmentExpression' || parent.left !== target) continue;
    const value = bare(parent.right);
    if (twice.has(name) || found.has(name) || parent.operator !== '=' || !isFunction(value)) {
      twice.add(name);
      found.delete(name);
    } else found.set(name, value);
  }
  return found.size > 0 ? found : none;
}

function isRenamed({ references, defs }: Variable): boolean {
  return defs.length !== 1 || references.some((reference) => reference.isWrite() && !reference.init);
}

function targetsOf({ references }: Variable): Node[] {
  return references.flatMap(({ identifier }) => {
    const { parent } = identifier as Node;
    return parent?.type === 'MemberExpression' && parent.object === identifier ? [parent] : [];
  });
}

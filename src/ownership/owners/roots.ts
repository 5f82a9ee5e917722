import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, functionName, isInside } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Call,
  type Class,
  type Fn,
  type Index,
  isClass,
  isFunction,
  type Node,
  type SourceCode,
  walk,
} from '../../syntax/walk.js';

/** What a page is rendered with. */
const RENDERS = ['render', 'hydrate', 'hydrateRoot'];

/**
 * The components that a file renders as it is loaded, and that nothing else can render: they stay as long as the page.
 */
export function rootComponents(
  index: Index,
  values: Values,
  sourceCode: SourceCode,
  runsAtStart: (call: Call) => boolean,
): ReadonlySet<Node> {
  const roots = new Set<Node>();
  for (const call of RENDERS.flatMap((name) => index.calls.of(name))) {
    if (!runsAtStart(call)) continue;
    for (const argument of call.arguments) {
      if (bare(argument).type !== 'JSXElement') continue;
      walk(sourceCode, argument, (node) => {
        if (node.type !== 'JSXOpeningElement' || node.name.type !== 'JSXIdentifier') return;
        const variable = values.variable(node.name);
        const component = variable && isOnlyFor(variable, node) ? componentOf(variable) : null;
        if (component) roots.add(component);
      });
    }
  }
  return roots;
}

/** Is a name that nothing else can see used nowhere else? Not every host counts the names of elements. */
function isOnlyFor({ references, defs: [definition] }: Variable, element: TSESTree.JSXOpeningElement): boolean {
  const isExported = /^Export/.test((definition?.parent ?? definition?.node)?.parent?.type ?? '');
  return !isExported && references.every(({ identifier, init }) => init || isInside(identifier as Node, element));
}

function componentOf({ defs: [definition] }: Variable): Class | Fn | null {
  const node =
    definition?.type === 'Variable'
      ? definition.node.init && bare(definition.node.init)
      : (definition?.node as Node | undefined);
  return node && (isClass(node) || isFunction(node)) ? node : null;
}

/** Methods of a component that run once in its life. */
const AT_MOUNT = new Set(['constructor', 'componentDidMount', 'componentWillMount']);

export function runsAtMount(fn: Fn): boolean {
  return AT_MOUNT.has(functionName(fn) ?? '');
}

/** `useEffect(() => { … }, [])` */
export function runsWithoutDeps(effect: Fn): boolean {
  const dependencies = argumentOf(effect)?.call.arguments[1];
  return dependencies?.type === 'ArrayExpression' && dependencies.elements.length === 0;
}

import type { Values } from './values.js';
import { bare, type Class, dressed, type Fn, type Node } from './walk.js';

/** May other files name a function or a class: `export class A {}`, `export { a }`, `module.exports = { a }`? */
export function isExported(made: Class | Fn, values: Values): boolean {
  const { parent } = dressed(made);
  return (
    isHandedOut(parent?.type === 'VariableDeclarator' ? parent.parent : made) || values.readsOf(made).some(isHandedOut)
  );
}

function isHandedOut(node: Node): boolean {
  const outer = dressed(node);
  let at = outer;
  while (at.parent?.type === 'Property' || at.parent?.type === 'ObjectExpression') at = at.parent;
  const { parent } = at;
  if (parent?.type === 'AssignmentExpression') return parent.right === at && isExports(parent.left);
  return at === outer && /^(?:TS)?Export/.test(parent?.type ?? '');
}

/** `exports`, `exports.load`, `module.exports.load` */
function isExports(target: Node): boolean {
  const node = bare(target);
  if (node.type === 'Identifier') return node.name === 'exports';
  if (node.type !== 'MemberExpression') return false;
  return isExports(node.object) || (node.property.type === 'Identifier' && node.property.name === 'exports');
}

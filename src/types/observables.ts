import { memoize } from '../maps.js';
import type { Values } from '../syntax/values.js';
import { bare, calleeName, nameOf, type Node, type SourceCode, topLevel } from '../syntax/walk.js';

/** What a router's route tells, which it ends itself, and what an own form or view does. */
const OWN = new Set(
  'changes data fragment paramMap params queryParamMap queryParams statusChanges url valueChanges'.split(' '),
);

/** Is an expression an observable of RxJS, by where it stands and what it is called? */
export class Observables {
  readonly #values: Values;
  readonly #sourceCode: SourceCode;

  constructor(values: Values, sourceCode: SourceCode) {
    this.#values = values;
    this.#sourceCode = sourceCode;
  }

  has(expression: Node): boolean {
    const modules = modulesOf(this.#sourceCode);
    if (!modules.has('rxjs') && !modules.has('@angular')) return false;
    const source = sourceOf(expression);
    const name = source.type === 'Identifier' ? source.name : source.type === 'MemberExpression' ? nameOf(source) : '';
    if (name?.endsWith('$')) return true;
    const { root, path } = this.#values.of(source);
    // `this.prices.changed`, of something that was injected
    return modules.has('@angular') && root.kind === 'this' && path.length > 1 && !OWN.has(path.at(-1)!);
  }
}

/** The packages that a file imports from. */
const modulesOf = memoize(
  ({ ast }: SourceCode): ReadonlySet<string> =>
    new Set(topLevel(ast).flatMap((one) => (one.type === 'ImportDeclaration' ? one.source.value.split('/')[0]! : []))),
);

/** `source` in `source.pipe(map(double))` */
function sourceOf(expression: Node): Node {
  const node = bare(expression);
  const callee = node.type === 'CallExpression' && calleeName(node) === 'pipe' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' ? sourceOf(callee.object) : node;
}

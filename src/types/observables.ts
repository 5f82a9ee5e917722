import type { Values } from '../syntax/values.js';
import { bare, calleeName, nameOf, type Node, type SourceCode, topLevel } from '../syntax/walk.js';

/** What a router's route tells, which it ends itself, and what an own form or view does. */
const OWN = new Set(
  'changes data fragment paramMap params queryParamMap queryParams statusChanges url valueChanges'.split(' '),
);

/** Is an expression an observable of RxJS, by where it stands and what it is called? */
export class Observables {
  readonly #values: Values;
  readonly #modules: ReadonlySet<string>;

  constructor(values: Values, { ast }: SourceCode) {
    this.#values = values;
    this.#modules = new Set(
      topLevel(ast).flatMap((one) => (one.type === 'ImportDeclaration' ? one.source.value.split('/')[0]! : [])),
    );
  }

  has(expression: Node): boolean {
    if (!this.#modules.has('rxjs') && !this.#modules.has('@angular')) return false;
    const source = sourceOf(expression);
    const name = source.type === 'Identifier' ? source.name : source.type === 'MemberExpression' ? nameOf(source) : '';
    if (name?.endsWith('$')) return true;
    const { root, path } = this.#values.of(source);
    // `this.prices.changed`, of something that was injected
    return this.#modules.has('@angular') && root.kind === 'this' && path.length > 1 && !OWN.has(path.at(-1)!);
  }
}

/** `source` in `source.pipe(map(double))` */
function sourceOf(expression: Node): Node {
  const node = bare(expression);
  const callee = node.type === 'CallExpression' && calleeName(node) === 'pipe' ? bare(node.callee) : null;
  return callee?.type === 'MemberExpression' ? sourceOf(callee.object) : node;
}

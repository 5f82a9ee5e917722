import { fateOf } from '../../syntax/fate.js';
import { within } from '../../syntax/functions.js';
import type { Variable } from '../../syntax/value.js';
import { bare, calleeName, type Class, decoratorsOf, dressed, nameOf, type Node, walk } from '../../syntax/walk.js';
import type { Floating, PromiseFile } from './lost-promise.js';

// Values that may be a promise, or a collection of them.
const KEEPS = new Set<string>([
  'ArrayExpression',
  'CallExpression',
  'ConditionalExpression',
  'ImportExpression',
  'LogicalExpression',
  'NewExpression',
  'TaggedTemplateExpression',
]);

/** Methods that change a collection and tell nothing about what is in it. */
const CHANGES = new Set(['add', 'clear', 'delete', 'push', 'set', 'unshift']);

/** The promises that a name, a private field or a collection keeps, and that nothing reads. */
export class NeverRead {
  readonly #file: PromiseFile;
  readonly #lost: (expression: Node) => Floating | null;

  /** `lost`: what is lost when nobody uses the value of an expression. */
  constructor(file: PromiseFile, lost: (expression: Node) => Floating | null) {
    this.#file = file;
    this.#lost = lost;
  }

  *all(): Iterable<Floating> {
    yield* this.#variables();
    for (const one of this.#file.index.classes) yield* this.#fields(one);
  }

  *#variables(): Iterable<Floating> {
    for (const scope of this.#file.sourceCode.scopeManager?.scopes ?? []) {
      // Another script may read the variables of a script.
      if (scope.type === 'global') continue;
      for (const variable of scope.variables) if (isRarelyRead(variable)) yield* this.#variable(variable);
    }
  }

  *#variable(variable: Variable): Iterable<Floating> {
    const reads = variable.references
      .filter((reference) => reference.isRead())
      .map(({ identifier }) => identifier as Node);
    const writes = variable.references.flatMap(({ writeExpr }) => (writeExpr ? [writeExpr] : []));
    // A name with an underscore says that nobody is meant to read it.
    yield* this.#neverRead(reads, writes, variable.name, {
      certain: !variable.name.startsWith('_'),
      livesOn: variable.scope.type === 'module',
    });
  }

  *#fields(of: Class): Iterable<Floating> {
    for (const member of of.body.body) {
      if (member.type !== 'PropertyDefinition' || decoratorsOf(member).length > 0) continue;
      const name = nameOf(member);
      if (name === null || (!name.startsWith('#') && member.accessibility !== 'private')) continue;
      const mentions = within(this.#file.index.members.of(name), of);
      const writes = mentions.flatMap((mention) => assignedTo(mention) ?? []);
      const reads = mentions.filter((mention) => assignedTo(mention) === null);
      const found = [
        ...this.#neverRead(reads, member.value ? [member.value, ...writes] : writes, `this.${name}`, {
          certain: true,
          livesOn: false,
        }),
      ];
      if (found.length > 0 && !this.#isTakenOut(name, of)) yield* found;
    }
  }

  /** `const { pending } = this` reads a field without a member access. */
  #isTakenOut(name: string, of: Class): boolean {
    let isTaken = false;
    walk(this.#file.sourceCode, of, (node) => {
      if (
        node.type === 'ObjectPattern' &&
        node.properties.some((property) => property.type === 'RestElement' || nameOf(property) === name)
      )
        isTaken = true;
    });
    return isTaken;
  }

  /**
   * The promises that something keeps, given all its reads and writes: those put into it where it is only added to,
   * else those it is set to.
   */
  *#neverRead(
    reads: readonly Node[],
    writes: readonly Node[],
    keeper: string,
    { certain, livesOn }: { readonly certain: boolean; readonly livesOn: boolean },
  ): Iterable<Floating> {
    // How many there are says nothing of any of them.
    const used = reads.filter(({ parent }) => !(parent?.type === 'MemberExpression' && nameOf(parent) === 'length'));
    const kept = used.length === 0 ? writes.filter(({ type }) => type !== 'AwaitExpression') : this.#put(used);
    for (const expression of kept ?? []) {
      // A name that is put somewhere is looked at as a name.
      if (bare(expression).type === 'Identifier') continue;
      const lost = this.#lost(expression);
      // What cannot fail may be kept by the program for no other reason than to be kept.
      if (lost && (lost.certain || (!livesOn && this.#runsOn(expression))))
        yield {
          ...lost,
          why: lost.why === 'uselessHandler' || lost.why === 'throwsAgain' ? lost.why : 'neverRead',
          keeper,
          certain: certain && lost.certain,
        };
    }
  }

  /** Is it work of this file that goes on when its keeper is gone? What was given a signal ends by that. */
  #runsOn(expression: Node): boolean {
    const { values, oracle } = this.#file;
    const node = bare(expression);
    if (node.type === 'ConditionalExpression') return this.#runsOn(node.consequent) || this.#runsOn(node.alternate);
    const each =
      node.type === 'CallExpression' && calleeName(node) === 'map' && node.arguments[0]
        ? values.functionOf(node.arguments[0])
        : null;
    if (each && each.body.type !== 'BlockStatement') return this.#runsOn(each.body);
    return (
      node.type === 'CallExpression' &&
      (each ?? values.functionOf(node.callee)) !== null &&
      !node.arguments.some((argument) => oracle.is(argument, 'AbortSignal') === 'yes')
    );
  }

  /** What is put into a collection that is used for nothing else; null when it is. */
  #put(reads: readonly Node[]): Node[] | null {
    const items: Node[] = [];
    for (const read of reads) {
      const fate = fateOf(read, this.#file.values);
      const call = fate.kind === 'receiver' ? fate.call : null;
      const method = fate.kind === 'receiver' ? (nameOf(fate.member) ?? '') : '';
      if (!call || !CHANGES.has(method) || fateOf(call, this.#file.values).kind !== 'dropped') return null;
      if (method !== 'delete' && method !== 'clear')
        items.push(...(method === 'set' ? call.arguments.slice(1) : call.arguments));
    }
    return items;
  }
}

/** Is it a variable of this file that may keep promises, and that is read for nothing but its methods? */
function isRarelyRead({ defs, references }: Variable): boolean {
  const definition = defs[0];
  if (
    definition?.type !== 'Variable' ||
    definition.node.id !== definition.name ||
    (definition.node.init && !KEEPS.has(bare(definition.node.init).type))
  )
    return false;
  if (definition.parent?.declare || definition.parent?.parent?.type === 'ExportNamedDeclaration') return false;
  return references.every(
    (reference) => !reference.isRead() || (reference.identifier as Node).parent?.type === 'MemberExpression',
  );
}

/** The value that a statement assigns to a member; null when the member is read. */
function assignedTo(member: Node): Node | null {
  const { parent } = dressed(member);
  const isWritten =
    parent?.type === 'AssignmentExpression' &&
    parent.operator === '=' &&
    bare(parent.left) === member &&
    dressed(parent).parent?.type === 'ExpressionStatement';
  return isWritten ? parent.right : null;
}

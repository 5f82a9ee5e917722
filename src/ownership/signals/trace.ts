import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf } from '../../syntax/fate.js';
import type { Variable } from '../../syntax/value.js';
import { dressed, nameOf, type Node } from '../../syntax/walk.js';
import { SIGNAL_PROPERTIES } from '../../types/signal-positions.js';
import type { Facts } from '../starts/match.js';
import { isUsedAsSignal, type Signal } from './signal.js';

/** `progress.race(work)`: what holds a signal can end work by itself. A callback that it was given cannot. */
function isMethod(member: TSESTree.MemberExpression): boolean {
  const { parent } = dressed(member);
  return (
    parent?.type === 'CallExpression' && parent.callee === dressed(member) && !/^on[A-Z]/.test(nameOf(member) ?? '')
  );
}

/** Follows a signal, or the options that hold it, through the names that a file gives it. */
export class Trace {
  readonly names: Variable[] = [];
  property: string | null;
  readonly #mentions: Node[] = [];
  readonly #leftOut: TSESTree.ObjectPattern[] = [];
  readonly #seen = new Set<Variable>();
  readonly #facts: Facts;

  constructor(facts: Facts, property: string | null) {
    this.#facts = facts;
    this.property = property;
  }

  get found(): Pick<Signal, 'leftOut' | 'mentions'> {
    return { mentions: this.#mentions, leftOut: this.#leftOut };
  }

  get isUsedAsSignal(): boolean {
    return this.#mentions.some((mention) => isUsedAsSignal(mention));
  }

  /** `${signal} received`: is it the name of a signal that a process was sent? */
  get isWrittenOut(): boolean {
    return this.#mentions.some((mention) => dressed(mention).parent?.type === 'TemplateLiteral');
  }

  /** A name of the signal, or of what holds it. */
  follow(variable: Variable, isSignal: boolean): this {
    if (this.#seen.has(variable)) return this;
    this.#seen.add(variable);
    for (const reference of variable.references) {
      if (!reference.isRead()) continue;
      if (isSignal) this.#mention(reference.identifier);
      else this.#readHolder(reference.identifier);
    }
    return this;
  }

  /** A pattern that takes the options apart. */
  open(pattern: TSESTree.ObjectPattern): this {
    const taken = pattern.properties.find(
      (one): one is TSESTree.Property => one.type === 'Property' && this.#isSignal(nameOf(one)),
    );
    if (taken) {
      this.property ??= nameOf(taken);
      const value = taken.value.type === 'AssignmentPattern' ? taken.value.left : taken.value;
      const variable = value.type === 'Identifier' ? this.#facts.values.variable(value) : null;
      if (variable) {
        this.names.push(variable);
        this.follow(variable, true);
      }
      return this;
    }
    const rest = pattern.properties.at(-1);
    const kept =
      rest?.type === 'RestElement' && rest.argument.type === 'Identifier'
        ? this.#facts.values.variable(rest.argument)
        : null;
    if (kept) this.follow(kept, false);
    else this.#leftOut.push(pattern);
    return this;
  }

  #isSignal(name: string | null): boolean {
    return this.property === null
      ? (SIGNAL_PROPERTIES as readonly (string | null)[]).includes(name)
      : name === this.property;
  }

  #readHolder(node: Node): void {
    const outer = dressed(node);
    const { parent } = outer;
    if (parent?.type === 'MemberExpression' && parent.object === outer) {
      const name = nameOf(parent);
      if (this.#isSignal(name)) {
        this.property ??= name;
        this.#mention(parent);
      } else if (isMethod(parent)) {
        this.#mentions.push(node);
      }
      return;
    }
    const fate = fateOf(node, this.#facts.values);
    if (fate.kind === 'destructured' && fate.pattern.type === 'ObjectPattern') this.open(fate.pattern);
    else if (fate.kind === 'local' && fate.declared) this.follow(fate.variable, false);
    // Whole options that are handed on take the signal along.
    else if (fate.kind !== 'tested') this.#mentions.push(node);
  }

  #mention(node: Node): void {
    this.#mentions.push(node);
    const fate = fateOf(node, this.#facts.values);
    if (fate.kind !== 'local' || !fate.declared) return;
    this.names.push(fate.variable);
    this.follow(fate.variable, true);
  }
}

import type { TSESTree } from '@typescript-eslint/utils';
import { argumentOf, enclosingFunction, thisBody } from '../../syntax/functions.js';
import { memberNamed, membersOf } from '../../syntax/members.js';
import {
  bare,
  type Body,
  calleeName,
  dressed,
  type Fn,
  type Index,
  isClass,
  isFunction,
  nameOf,
  type Node,
} from '../../syntax/walk.js';
import { SIGNAL_PROPERTIES } from '../../types/signal-positions.js';
import type { Facts } from '../starts/match.js';
import { bindings, type Bindings, HOLDS_NONE } from './bindings.js';
import { isUsedAsSignal, MEMBERS, type Signal } from './signal.js';
import { Trace } from './trace.js';

const NAME = /^(?:abort|cancel)?signal$/i;

/** The signals of one file: which of them code can reach, and what each of them also ends. */
export class Signals {
  readonly #facts: Facts & { readonly index: Index };
  readonly #taken = new Map<Fn, Signal | null>();
  readonly #around = new Map<Fn, Signal | null>();
  readonly #kept = new Map<Body, Signal | null>();
  readonly #bindings = new Map<Signal, Bindings>();

  constructor(facts: Facts & { readonly index: Index }) {
    this.#facts = facts;
  }

  /** Every signal that a function of the file takes or a class keeps. */
  all(): Signal[] {
    const { functions, classes } = this.#facts.index;
    return [
      ...functions.flatMap((fn) => this.takenBy(fn) ?? []),
      ...classes.flatMap((body) => this.keptBy(body) ?? []),
    ];
  }

  /** The nearest signal that code can use: of a function around it, or of its instance; null where there is none. */
  reach(node: Node): Signal | null {
    const fn = enclosingFunction(node);
    const taken = fn && this.#takenAround(fn);
    if (taken) return taken;
    const body = thisBody(node);
    return body && this.keptBy(body);
  }

  /** The signal of a function, or of the nearest function around it. */
  #takenAround(fn: Fn): Signal | null {
    let signal = this.#around.get(fn);
    if (signal === undefined) {
      const outer = enclosingFunction(fn);
      signal = this.takenBy(fn) ?? (outer && this.#takenAround(outer));
      this.#around.set(fn, signal);
    }
    return signal;
  }

  /**
   * The signal among the parameters of a function, or in the options it is given. A name with an underscore says that
   * it is not used.
   */
  takenBy(fn: Fn): Signal | null {
    let found = this.#taken.get(fn);
    if (found === undefined) {
      const signals = fn.params.flatMap((parameter) => this.#inParameter(parameter, fn) ?? []);
      // A parameter of its own is meant for this function; options may be meant for what it calls.
      found =
        signals.find(({ sure, isParameter }) => sure && isParameter) ??
        signals.find(({ sure }) => sure) ??
        signals[0] ??
        null;
      if (found && !found.sure && isHandler(fn)) found = null;
      this.#taken.set(fn, found);
    }
    return found;
  }

  /** The signal that the instances of a class keep, or that of the controller by which they end their own work. */
  keptBy(body: Body): Signal | null {
    let found = this.#kept.get(body);
    if (found === undefined) this.#kept.set(body, (found = isClass(body) ? this.#field(body) : null));
    return found;
  }

  /** What a signal also ends: whatever was made from it. */
  bindingsOf(signal: Signal): Bindings {
    let found = this.#bindings.get(signal);
    if (!found) this.#bindings.set(signal, (found = bindings(signal, this.#facts)));
    return found;
  }

  #inParameter(parameter: TSESTree.Parameter, fn: Fn): Signal | null {
    const declared = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    const name = declared.type === 'AssignmentPattern' ? declared.left : declared;
    if (name.type === 'ObjectPattern') return this.#inPattern(name, fn);
    const variable =
      name.type === 'Identifier' && !name.name.startsWith('_') ? this.#facts.values.variable(name) : null;
    if (
      name.type !== 'Identifier' ||
      !variable ||
      (name.typeAnnotation && HOLDS_NONE.has(name.typeAnnotation.typeAnnotation.type))
    )
      return null;
    // What it is without a word about it takes a checker long to find out.
    if (
      !name.typeAnnotation &&
      !NAME.test(name.name) &&
      !variable.references.some(({ identifier }) => mayHoldSignal(identifier))
    )
      return null;
    const isGiven = declared === name && !name.optional;
    const is = this.#facts.oracle.is(name, 'AbortSignal');
    if (is === 'yes' || (is === 'maybe' && NAME.test(name.name))) {
      const trace = new Trace(this.#facts, null).follow(variable, true);
      // A type that this file does not show may be a signal of another kind, such as NodeJS.Signals; so may a text.
      if (is === 'maybe' && !trace.isUsedAsSignal && (name.typeAnnotation || trace.isWrittenOut)) return null;
      return {
        isParameter: true,
        text: name.name,
        name: name.name,
        mayBeMissing: !isGiven || !isPlainType(name),
        sure: is === 'yes' || trace.isUsedAsSignal,
        home: fn,
        ...trace.found,
      };
    }
    const property = this.#facts.oracle.signalProperty(name);
    const trace = new Trace(this.#facts, property).follow(variable, false);
    const known = property ?? (trace.isUsedAsSignal ? trace.property : null);
    if (known === null) return null;
    const alias = trace.names.find(({ scope }) => scope.block === fn);
    const text = alias?.name ?? `${name.name}${name.optional ? '?' : ''}.${known}`;
    return { text, name: known, mayBeMissing: true, sure: true, home: fn, ...trace.found };
  }

  #inPattern(pattern: TSESTree.ObjectPattern, fn: Fn): Signal | null {
    const property = this.#facts.oracle.signalProperty(pattern);
    const trace = new Trace(this.#facts, property).open(pattern);
    const [alias] = trace.names;
    const isTyped =
      property !== null || (alias && this.#facts.oracle.is(alias.identifiers[0]!, 'AbortSignal') === 'yes');
    if (!alias)
      return property === null
        ? null
        : { text: property, name: property, mayBeMissing: true, sure: true, home: fn, ...trace.found };
    if (
      alias.name.startsWith('_') ||
      (!isTyped && this.#facts.oracle.is(alias.identifiers[0]!, 'AbortSignal') === 'no')
    )
      return null;
    return {
      text: alias.name,
      name: alias.name,
      mayBeMissing: true,
      sure: isTyped || trace.isUsedAsSignal,
      home: fn,
      ...trace.found,
    };
  }

  #field(body: Body): Signal | null {
    const { values, oracle, index } = this.#facts;
    for (const { name, node, isAnnotated, isController } of fieldsOf(body)) {
      const isOurs = (member: Node): boolean => {
        const { root, path } = values.of(member);
        return root.kind === 'this' && root.of === body && path[0] === name;
      };
      const members = index.members.of(name).filter(isOurs);
      if (isController) {
        if (!members.some((member) => isAborted(member)) || members.some((member) => isWritten(member))) continue;
        const reads = members.filter((member) => !isAborted(member));
        return {
          text: `this.${name}.signal`,
          name: 'signal',
          mayBeMissing: false,
          sure: true,
          home: body,
          mentions: reads,
          leftOut: [],
        };
      }
      if (!isAnnotated && node && oracle.is(node, 'AbortSignal') === 'no') continue;
      const reads = members.filter((member) => !isWritten(member));
      const isTyped = isAnnotated || Boolean(node && oracle.is(node, 'AbortSignal') === 'yes');
      if (!isTyped && !NAME.test(name.replace('#', ''))) continue;
      const isUsed = reads.some((member) => isUsedAsSignal(member));
      return {
        text: `this.${name}`,
        name: 'signal',
        mayBeMissing: true,
        sure: isTyped || isUsed,
        home: body,
        mentions: reads,
        leftOut: [],
      };
    }
    return null;
  }
}

interface FieldDeclaration {
  readonly name: string;
  /** What to ask the type of. */
  readonly node: Node | null;
  readonly isAnnotated?: boolean;
  readonly isController: boolean;
}

/** `signal: Deferred<void>` */
function isOfAnotherType(body: Body, name: string): boolean {
  const member = memberNamed(body, name);
  return (
    member?.type === 'PropertyDefinition' &&
    member.typeAnnotation?.typeAnnotation.type === 'TSTypeReference' &&
    !mentionsSignal(member.typeAnnotation.typeAnnotation)
  );
}

/** What a field is set to that no signal is. */
const MADE_HERE = new Set<string>([
  'ArrayExpression',
  'ArrowFunctionExpression',
  'BinaryExpression',
  'FunctionExpression',
  'Literal',
  'NewExpression',
  'ObjectExpression',
  'TemplateLiteral',
  'UnaryExpression',
]);

/** The fields of a class that may hold a signal: declared, parameters that are kept, and what its constructor sets. */
function fieldsOf(body: Body): FieldDeclaration[] {
  const found: FieldDeclaration[] = [];
  for (const member of membersOf(body)) {
    const name = 'key' in member ? nameOf(member) : null;
    if (member.type === 'PropertyDefinition' && name !== null && !member.static) {
      const value = member.value && bare(member.value);
      const isController =
        value?.type === 'NewExpression' &&
        value.callee.type === 'Identifier' &&
        value.callee.name === 'AbortController';
      const type = member.typeAnnotation?.typeAnnotation;
      if (isController || (type && mentionsSignal(type)))
        found.push({ name, node: isController ? null : member.key, isController, isAnnotated: !isController });
    }
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor' || !isFunction(member.value)) continue;
    for (const parameter of member.value.params) {
      if (parameter.type !== 'TSParameterProperty') continue;
      const id = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      if (id.type === 'Identifier' && !(id.typeAnnotation && HOLDS_NONE.has(id.typeAnnotation.typeAnnotation.type)))
        found.push({ name: id.name, node: id, isController: false });
    }
    for (const statement of member.value.body?.type === 'BlockStatement' ? member.value.body.body : []) {
      if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
      const { left, right } = statement.expression;
      if (
        left.type === 'MemberExpression' &&
        left.object.type === 'ThisExpression' &&
        nameOf(left) !== null &&
        !MADE_HERE.has(right.type) &&
        !isOfAnotherType(body, nameOf(left)!)
      )
        found.push({ name: nameOf(left)!, node: right, isController: false });
    }
  }
  return found;
}

/** Is a name used like a signal, or like options that hold one? */
function mayHoldSignal(mention: Node): boolean {
  const { parent } = dressed(mention);
  if (parent?.type !== 'MemberExpression') return parent?.type === 'VariableDeclarator';
  const name = nameOf(parent) ?? '';
  return MEMBERS.has(name) || name.endsWith('EventListener') || (SIGNAL_PROPERTIES as readonly string[]).includes(name);
}

/** `process.on('SIGTERM', (signal) => …)`: a signal of another kind. */
function isHandler(fn: Fn): boolean {
  const taken = argumentOf(fn);
  return taken !== null && ['addListener', 'on', 'once', 'prependListener'].includes(calleeName(taken.call));
}

function mentionsSignal(type: TSESTree.TypeNode): boolean {
  if (type.type === 'TSUnionType') return type.types.some(mentionsSignal);
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && type.typeName.name === 'AbortSignal';
}

/** Is a parameter annotated with one type, so that it is never undefined? */
function isPlainType({ typeAnnotation }: TSESTree.Identifier): boolean {
  return typeAnnotation?.typeAnnotation.type === 'TSTypeReference';
}

function isAborted(member: Node): boolean {
  const { parent } = dressed(member);
  return parent?.type === 'MemberExpression' && nameOf(parent) === 'abort';
}

function isWritten(member: Node): boolean {
  const { parent } = dressed(member);
  return parent?.type === 'AssignmentExpression' && parent.left === dressed(member);
}

import type { Values } from '../syntax/values.js';
import { bare, type Call, type Fn, nameOf, type Node, type SourceCode, topLevel } from '../syntax/walk.js';
import { Annotations } from './annotations.js';
import { type Answer, type Oracle, PROMISES, type SignalPosition, type Specifier } from './answer.js';
import { Inference, matches } from './inference.js';
import { isKnown } from './known.js';
import { coversDeclared } from './literals.js';
import { Observables } from './observables.js';
import { signalParameter, signalProperty } from './signal-parameters.js';
import { signalPosition } from './signal-positions.js';

const NO_FUNCTIONS = new Set(['primitive', 'nothing', 'Array', 'Promise']);

/** Answers from what one file shows: always there, and never loads anything. */
export class SyntacticOracle implements Oracle {
  readonly #values: Values;
  readonly #sourceCode: SourceCode;
  readonly #annotations: Annotations;
  readonly #types: Inference;
  readonly #observables: Observables;
  readonly #told: (call: Call) => SignalPosition | null;

  /**
   * @param declares - May the file declare a member of this name?
   * @param told - What users say of where a call takes a signal.
   */
  constructor(
    values: Values,
    sourceCode: SourceCode,
    declares: (name: string) => boolean,
    told: (call: Call) => SignalPosition | null = () => null,
  ) {
    this.#values = values;
    this.#annotations = new Annotations(values);
    this.#types = new Inference(values, this.#annotations, sourceCode, declares);
    this.#observables = new Observables(values, sourceCode);
    this.#sourceCode = sourceCode;
    this.#told = told;
  }

  is(node: Node, type: string): Answer {
    const known = this.#types.typeOf(node);
    if (known === null && type === 'rxjs.Observable' && this.#observables.has(node)) return 'yes';
    return this.#types.extends(known, type);
  }

  /** What one file shows, its flow tells. */
  neverRejects(): boolean {
    return false;
  }

  isPromise(expression: Node, wanted = PROMISES): Answer {
    return this.#types.isPromise(expression, wanted);
  }

  isPromiseArray(expression: Node, wanted = PROMISES): Answer {
    const known = this.#types.typeOf(bare(expression));
    if (!known) return 'maybe';
    if (!('name' in known) || known.name !== 'Array') return 'no';
    return known.items === undefined ? 'maybe' : this.#types.isWanted(known.items, wanted);
  }

  besidesPromise(expression: Node): 'nothing' | 'nullish' | 'other' {
    const node = bare(expression);
    const fn = node.type === 'CallExpression' ? this.#values.functionOf(node.callee) : null;
    const type = fn?.returnType?.typeAnnotation;
    if (type?.type !== 'TSUnionType') return 'nothing';
    // `?.` takes no `void`.
    if (type.types.some((one) => one.type === 'TSVoidKeyword')) return 'other';
    const parts = type.types.map((one) => this.#annotations.of(one));
    if (parts.some((one) => one && 'name' in one && one.name !== 'Promise' && one.name !== 'nothing')) return 'other';
    return parts.some((one) => one && 'name' in one && one.name === 'nothing') ? 'nullish' : 'nothing';
  }

  returnsPromise(expression: Node): Answer {
    return this.#types.returnsPromise(expression);
  }

  isFunction(node: Node): Answer {
    const known = this.#types.typeOf(node);
    if (!known || !('name' in known)) return known ? 'no' : 'maybe';
    if (known.name === 'Function') return 'yes';
    // `Callback` may be the name of a function type that another file declares.
    return NO_FUNCTIONS.has(known.name) || isKnown(known.name) ? 'no' : 'maybe';
  }

  isNamed(expression: Node, names: readonly Specifier[]): boolean {
    const node = bare(expression);
    const name = node.type === 'Identifier' ? node.name : nameOf(node);
    const origin = this.#values.origin(node);
    return names.some((one) => (name !== null && matches(one, name)) || (origin !== null && matches(one, origin)));
  }

  hasMember(): Answer {
    return 'maybe';
  }

  methodPromises(): Answer {
    return 'maybe';
  }

  disposal(): null {
    return null;
  }

  awaitsAtTopLevel(): Answer {
    const { ast } = this.#sourceCode;
    const isModule =
      ast.sourceType === 'module' &&
      topLevel(ast).some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));
    // A compiler may make something else of it.
    return isModule ? 'maybe' : 'no';
  }

  coversAll(expression: Node, tests: readonly Node[]): Answer {
    return coversDeclared(expression, tests, this.#values);
  }

  signalPosition(call: Call): SignalPosition | null {
    const name = this.#types.nameOfCallee(call);
    const listed = signalPosition(name ?? this.#promisified(call) ?? '');
    if (listed) return listed;
    const told = this.#told(call);
    if (told) return told;
    const fn = this.#values.functionOf(call.callee) ?? this.#signatureOf(bare(call.callee));
    return fn && signalParameter(fn, this.#annotations, this, this.#values);
  }

  /** What an interface or a type of this file says that a method takes. */
  #signatureOf(callee: Node): Pick<Fn, 'params'> | null {
    const receiver = callee.type === 'MemberExpression' ? this.#types.typeOf(callee.object) : null;
    const member =
      receiver && 'members' in receiver
        ? receiver.members.find((one) => 'key' in one && nameOf(one) === nameOf(callee))
        : null;
    if (member?.type === 'TSMethodSignature') return member;
    const type = member?.type === 'TSPropertySignature' ? member.typeAnnotation?.typeAnnotation : null;
    return type?.type === 'TSFunctionType' ? type : null;
  }

  signalProperty(parameter: Node): string | null {
    return signalProperty(parameter, this.#annotations);
  }

  /** The function that a callee is the `promisify` of. */
  #promisified(call: Call): string | null {
    const made = this.#values.initialOf(call.callee);
    const original =
      made?.type === 'CallExpression' && this.#values.origin(made.callee) === 'node:util.promisify'
        ? made.arguments[0]
        : null;
    return original ? this.#values.origin(original) : null;
  }
}

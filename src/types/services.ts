import type { ParserServices, ParserServicesWithTypeInformation, TSESTree } from '@typescript-eslint/utils';
import type * as ts from 'typescript';
import { memoize } from '../maps.js';
import { bare, type Call, type Node } from '../syntax/walk.js';
import { type Answer, type Oracle, PROMISES, type SignalPosition, type Specifier, type Wanted } from './answer.js';
import { mayRejectByBody } from './bodies.js';
import { SIGNAL_PROPERTIES } from './signal-positions.js';
import { intrinsic, isUnknown, namesOf, packageOf, TypeNames } from './type-names.js';

/** What packages and the platform call the types of options; types of the user's own may have any name. */
const IS_OPTIONS = /(?:Init|Options|Config|Params|__type|^Partial|^Required|^Readonly|^Pick|^Omit)$/;

const NOTHING = new Set<string | undefined>(['null', 'undefined', 'void', 'never']);

export function hasTypes(services: Partial<ParserServices> | undefined): services is ParserServicesWithTypeInformation {
  return Boolean(services && 'program' in services && services.program);
}

/**
 * What the names of types of packages can start with in a program: its packages, and the modules and namespaces that it
 * declares for others.
 */
export const packagesIn = memoize((program: ts.Program): ReadonlySet<string> => {
  const modules = program
    .getTypeChecker()
    .getAmbientModules()
    .map(({ name }) => name.replaceAll('"', ''));
  // A namespace such as `chrome` has the name of the package that declares it.
  return new Set([
    ...program.getSourceFiles().flatMap((file) => packageOf(file) ?? []),
    ...modules,
    'browser',
    'chrome',
  ]);
});

/** Answers from the checker that the parser brought; what the checker cannot say, the file's syntax is asked. */
export class TypedOracle implements Oracle {
  readonly #services: ParserServicesWithTypeInformation;
  readonly #checker: ts.TypeChecker;
  readonly #names: TypeNames;
  readonly #syntactic: Oracle;
  /**
   * The expression whose type was asked last: several questions in a row are about the same one, and a checker finds
   * out anew each time.
   */
  #last: { readonly node: Node; readonly type: ts.Type } | undefined;

  constructor(services: ParserServicesWithTypeInformation, syntactic: Oracle) {
    this.#services = services;
    this.#checker = services.program.getTypeChecker();
    this.#names = new TypeNames(services.program);
    this.#syntactic = syntactic;
  }

  is(node: Node, type: string): Answer {
    const shown = this.#syntactic.is(node, type);
    return shown === 'maybe' ? this.#parts(node, (part) => this.#names.named(part, type)) : shown;
  }

  isPromise(node: Node, wanted = PROMISES): Answer {
    return this.#inTurn(
      wanted,
      () => this.#syntactic.isPromise(node, wanted),
      () => {
        const type = this.#typeOf(node);
        return this.#names.isNamed(type, wanted.except)
          ? 'no'
          : this.#some(type, (part) => this.#promise(part, node, wanted));
      },
    );
  }

  isPromiseArray(node: Node, wanted = PROMISES): Answer {
    return this.#inTurn(
      wanted,
      () => this.#syntactic.isPromiseArray(node, wanted),
      () => this.#parts(node, (part) => this.#isArrayOfPromises(part, node, wanted)),
    );
  }

  /**
   * What the file shows, and else what the checker says, who takes longer. Of types that do not count, only the checker
   * knows which they are, and is asked first.
   */
  #inTurn({ except }: Wanted, shown: () => Answer, checked: () => Answer): Answer {
    const [first, second] = except.length > 0 ? [checked, shown] : [shown, checked];
    const answer = first();
    return answer === 'maybe' ? second() : answer;
  }

  #isArrayOfPromises(type: ts.Type, node: Node, wanted: Wanted): Answer {
    if (!this.#checker.isArrayType(type) && !this.#checker.isTupleType(type))
      return type.isTypeParameter() ? 'maybe' : 'no';
    const items = this.#checker
      .getTypeArguments(type as ts.TypeReference)
      .filter((item) => !this.#names.isNamed(item, wanted.except));
    return items.some((item) => this.#some(item, (one) => this.#promise(one, node, wanted)) === 'yes') ? 'yes' : 'no';
  }

  besidesPromise(node: Node): 'nothing' | 'nullish' | 'other' {
    const parts = unionParts(this.#typeOf(node));
    const definite = parts.filter((part) => !NOTHING.has(intrinsic(part)));
    // `?.` takes no `void`.
    if (
      parts.some((part) => intrinsic(part) === 'void') ||
      definite.some((part) => !isUnknown(part) && this.#names.named(part, 'Promise') !== 'yes')
    )
      return 'other';
    return definite.length < parts.length ? 'nullish' : 'nothing';
  }

  neverRejects(node: Node): boolean {
    const isPlain = (expression: ts.Node): boolean =>
      this.#some(this.#checker.getTypeAtLocation(expression), (part) =>
        part.getProperty('then') ? 'yes' : this.#names.named(part, 'Promise'),
      ) === 'no';
    return (
      this.#asked(
        () => !mayRejectByBody(this.#services.esTreeNodeToTSNodeMap.get(node), { checker: this.#checker, isPlain }),
      ) ?? false
    );
  }

  returnsPromise(fn: Node): Answer {
    const answer = this.#parts(fn, (part) => this.#givesPromise(part));
    return answer === 'maybe' ? this.#syntactic.returnsPromise(fn) : answer;
  }

  methodPromises(node: Node, name: string): Answer {
    return this.#parts(node, (part) => {
      const method = part.getProperty(name);
      return method ? this.#some(this.#checker.getTypeOfSymbol(method), (one) => this.#givesPromise(one)) : 'no';
    });
  }

  #givesPromise(fn: ts.Type): Answer {
    const results = fn
      .getCallSignatures()
      .map((signature) => this.#some(signature.getReturnType(), (one) => this.#names.named(one, 'Promise')));
    return results.includes('yes') ? 'yes' : results.includes('maybe') ? 'maybe' : 'no';
  }

  isFunction(node: Node): Answer {
    const type = this.#typeOf(node);
    if (isUnknown(type)) return this.#syntactic.isFunction(node);
    return this.#checker.getApparentType(type).getCallSignatures().length > 0 ? 'yes' : 'no';
  }

  hasMember(node: Node, name: string): Answer {
    const type = this.#checker.getNonNullableType(this.#typeOf(node));
    if (isUnknown(type)) return 'maybe';
    return unionParts(type).every((part) => part.getProperty(name)) ? 'yes' : 'no';
  }

  isNamed(node: Node, names: readonly Specifier[]): boolean {
    if (names.length === 0) return false;
    const type = this.#typeOf(node);
    const inner = bare(node);
    const named =
      inner.type === 'Identifier' &&
      names.some(
        (one) =>
          namesOf(one).includes(inner.name) &&
          (typeof one === 'string' || one.from !== 'package' || this.#names.isFrom(type.getSymbol(), one)),
      );
    return named || this.#names.isNamed(type, names);
  }

  disposal(node: Node): 'async' | 'sync' | null {
    const { lib, target = 0 } = this.#services.program.getCompilerOptions();
    // Node's types declare the symbols wherever they are used; the project's own library says whether they are there
    // when it runs. ESNext is 99.
    const isThere = lib
      ? lib.some((name) => /\besnext(?:\.disposable)?(?:\.full)?\.d\.ts$|^esnext(?:\.disposable)?$/i.test(name))
      : target === 99;
    const names = isThere
      ? this.#typeOf(node)
          .getProperties()
          .map(({ name }) => name)
      : [];
    return names.some((name) => name.startsWith('__@asyncDispose'))
      ? 'async'
      : names.some((name) => name.startsWith('__@dispose'))
        ? 'sync'
        : null;
  }

  awaitsAtTopLevel(node: Node): Answer {
    if (this.#syntactic.awaitsAtTopLevel(node) === 'no') return 'no';
    const { module = 0, target = 0 } = this.#services.program.getCompilerOptions();
    // TypeScript's numbers: CommonJS is 1, System 4, ES2022 7, ESNext 99, Node's own from 100, Preserve 200.
    if (module >= 100 && module < 200)
      return this.#services.esTreeNodeToTSNodeMap.get(node).getSourceFile().impliedNodeFormat === 99 ? 'yes' : 'no';
    // ES2017 is 4.
    return (module === 4 || module >= 7) && target >= 4 ? 'yes' : 'no';
  }

  coversAll(expression: Node, tests: readonly Node[]): Answer {
    const type = this.#typeOf(expression);
    if (isUnknown(type)) return this.#syntactic.coversAll(expression, tests);
    const key = (one: ts.Type): unknown => (one.isLiteral() ? one.value : (intrinsic(one) ?? one));
    const named = new Set(tests.map((test) => key(this.#typeOf(test))));
    return unionParts(type).every((part) => named.has(key(part))) ? 'yes' : 'no';
  }

  signalPosition(call: Call): SignalPosition | null {
    const listed = this.#syntactic.signalPosition(call);
    if (listed) return listed;
    const tsNode = this.#services.esTreeNodeToTSNodeMap.get(call) as ts.CallLikeExpression;
    return this.#asked(() => this.#signalOf(tsNode)) ?? null;
  }

  /**
   * What the checker says; nothing where it throws, as it does at a decorator of a private member, which is an error of
   * the program.
   */
  #asked<T>(question: () => T): T | undefined {
    try {
      return question();
    } catch {
      return undefined;
    }
  }

  #signalOf(tsNode: ts.CallLikeExpression): SignalPosition | null {
    const declaration = this.#checker.getResolvedSignature(tsNode)?.getDeclaration();
    // A signature that was widened by its arguments may have lost the parameter; its siblings still have it.
    const signatures = this.#checker.getTypeAtLocation((tsNode as ts.CallExpression).expression).getCallSignatures();
    const resolved = declaration && signatures.find((signature) => signature.getDeclaration() === declaration);
    for (const signature of resolved ? [resolved, ...this.#longer(signatures, resolved)] : signatures.slice(0, 1)) {
      for (const [index, parameter] of signature.getParameters().entries()) {
        const type = this.#checker.getTypeOfSymbolAtLocation(parameter, tsNode);
        const part = this.#definite(type)[0];
        if (!part || isUnknown(part)) continue;
        if (this.#names.named(part, 'AbortSignal') === 'yes') return { index, property: null };
        const property = part.getCallSignatures().length === 0 ? this.#signalIn(part, tsNode) : null;
        if (property !== null) return { index, property };
      }
    }
    return null;
  }

  /** The overloads that take what a signature takes, and more. */
  #longer(signatures: readonly ts.Signature[], signature: ts.Signature): ts.Signature[] {
    const typesOf = (one: ts.Signature): ts.Type[] =>
      one.getParameters().map((parameter) => this.#checker.getTypeOfSymbol(parameter));
    const wanted = typesOf(signature);
    return signatures.filter((one) => {
      const types = typesOf(one);
      return types.length > wanted.length && wanted.every((type, at) => types[at] === type);
    });
  }

  signalProperty(parameter: Node): string | null {
    const tsNode = this.#services.esTreeNodeToTSNodeMap.get(parameter);
    for (const part of this.#definite(this.#typeAt(parameter))) {
      const symbol = part.aliasSymbol ?? part.getSymbol();
      // A request, a controller or a job has a signal of its own; options hold the caller's.
      if (isUnknown(part) || part.isClass() || (symbol && !IS_OPTIONS.test(this.#names.nameOf(symbol) ?? 'Options')))
        continue;
      const property = this.#signalIn(part, tsNode);
      if (property !== null) return property;
    }
    return this.#syntactic.signalProperty(parameter);
  }

  #signalIn(type: ts.Type, at: ts.Node): string | null {
    const holds = (name: string): boolean => {
      const property = type.getProperty(name);
      return Boolean(
        property &&
        this.#definite(this.#checker.getTypeOfSymbolAtLocation(property, at)).some(
          (one) => this.#names.named(one, 'AbortSignal') === 'yes',
        ),
      );
    };
    return SIGNAL_PROPERTIES.find(holds) ?? null;
  }

  /** `yes` if one part of the type says so, `no` if all say so. */
  #parts(node: Node, ask: (part: ts.Type) => Answer): Answer {
    return this.#some(this.#typeOf(node), ask);
  }

  /** The type that an expression has or is asserted to have; what `as any` hides is not asserted away. */
  #typeOf(node: Node): ts.Type {
    if (this.#last?.node === node) return this.#last.type;
    const found = this.#typeAt(node);
    const type = isUnknown(found) ? this.#typeAt(bare(node)) : found;
    this.#last = { node, type };
    return type;
  }

  #typeAt(node: Node): ts.Type {
    return (
      this.#asked(() => this.#shortcut(node) ?? this.#services.getTypeAtLocation(node)) ?? this.#checker.getAnyType()
    );
  }

  /**
   * What a call gives, or an `await` of it, where that does not depend on the arguments: most statements are such
   * calls, and to look at the arguments takes longest.
   */
  #shortcut(node: Node): ts.Type | null {
    if (node.type === 'ChainExpression') return this.#shortcut(node.expression);
    if (node.type === 'CallExpression') return this.#result(node);
    const promised = node.type === 'AwaitExpression' ? this.#shortcut(node.argument) : null;
    return promised && (this.#checker.getAwaitedType(promised) ?? null);
  }

  #result({ callee }: TSESTree.CallExpression): ts.Type | null {
    const type = this.#services.getTypeAtLocation(callee);
    if (isUnknown(type)) return type;
    const called = this.#checker.getNonNullableType(type);
    const signatures = called.getCallSignatures();
    const [result, ...others] = signatures.map((signature) => signature.getReturnType());
    if (!result) return null;
    const isPlain = [result, ...others].every((one) => unionParts(one).every((part) => intrinsic(part) !== undefined));
    // What an optional call gives may be missing, too.
    const isSettled =
      called === type &&
      signatures.every(({ typeParameters }) => !typeParameters) &&
      others.every((one) => one === result);
    return isPlain || isSettled ? result : null;
  }

  #some(type: ts.Type, ask: (part: ts.Type) => Answer): Answer {
    const answers = this.#definite(type).map((part) => (isUnknown(part) ? 'maybe' : ask(part)));
    if (answers.includes('yes')) return 'yes';
    return answers.includes('maybe') ? 'maybe' : 'no';
  }

  /** The parts of a union without null, undefined, void and never; type parameters as what they extend. */
  #definite(type: ts.Type): ts.Type[] {
    return unionParts(type)
      .flatMap((part) => unionParts(this.#checker.getBaseConstraintOfType(part) ?? part))
      .filter((part) => !NOTHING.has(intrinsic(part)));
  }

  #promise(type: ts.Type, node: Node, { thenables, except }: Wanted): Answer {
    if (this.#names.isNamed(type, except)) return 'no';
    const answer = this.#names.named(type, 'Promise');
    return answer === 'no' && thenables && this.#isThenable(type, node) ? 'yes' : answer;
  }

  /** Has it a `then` that takes two functions? */
  #isThenable(type: ts.Type, node: Node): boolean {
    const at = this.#services.esTreeNodeToTSNodeMap.get(node);
    const then = type.getProperty('then');
    const takesFunction = (parameter: ts.Symbol | undefined): boolean =>
      parameter !== undefined &&
      this.#definite(this.#checker.getTypeOfSymbolAtLocation(parameter, at)).some(
        (part) => part.getCallSignatures().length > 0,
      );
    const signatures = then
      ? unionParts(this.#checker.getTypeOfSymbolAtLocation(then, at)).flatMap((part) => part.getCallSignatures())
      : [];
    return signatures.some(({ parameters: [one, other] }) => takesFunction(one) && takesFunction(other));
  }
}

function unionParts(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

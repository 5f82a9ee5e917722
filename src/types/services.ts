import type { ParserServices, ParserServicesWithTypeInformation } from '@typescript-eslint/utils';
import type * as ts from 'typescript';
import { moduleName } from '../syntax/values.js';
import { bare, type Call, type Node } from '../syntax/walk.js';
import type { Answer, Oracle, SignalPosition } from './answer.js';
import { canonical, extendsType } from './known.js';

/** The name of a built-in type without a declaration. TypeScript renumbered its type flags in version 6; these names stayed. */
function intrinsic(type: ts.Type): string | undefined {
  return (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName;
}

const NOTHING = new Set<string | undefined>(['null', 'undefined', 'void', 'never']);

function isUnknown(type: ts.Type): boolean {
  const name = intrinsic(type);
  return name === 'any' || name === 'unknown' || name === 'error';
}

export function hasTypes(services: Partial<ParserServices> | undefined): services is ParserServicesWithTypeInformation {
  return Boolean(services && 'program' in services && services.program);
}

/** Answers from the checker that the parser brought; what the checker cannot say, the file's syntax is asked. */
export class TypedOracle implements Oracle {
  readonly #services: ParserServicesWithTypeInformation;
  readonly #checker: ts.TypeChecker;
  readonly #syntactic: Oracle;

  constructor(services: ParserServicesWithTypeInformation, syntactic: Oracle) {
    this.#services = services;
    this.#checker = services.program.getTypeChecker();
    this.#syntactic = syntactic;
  }

  is(node: Node, type: string): Answer {
    const answer = this.#parts(node, (part) => this.#named(part, type));
    return answer === 'maybe' ? this.#syntactic.is(node, type) : answer;
  }

  isPromise(node: Node): Answer {
    const answer = this.#parts(node, (part) => this.#promise(part));
    return answer === 'maybe' ? this.#syntactic.isPromise(node) : answer;
  }

  isPromiseArray(node: Node): Answer {
    const answer = this.#parts(node, (part) => {
      if (!this.#checker.isArrayType(part) && !this.#checker.isTupleType(part)) return part.isTypeParameter() ? 'maybe' : 'no';
      const items = this.#checker.getTypeArguments(part as ts.TypeReference);
      return items.some((item) => this.#some(item, (one) => this.#promise(one)) === 'yes') ? 'yes' : 'no';
    });
    return answer === 'maybe' ? this.#syntactic.isPromiseArray(node) : answer;
  }

  isFunction(node: Node): Answer {
    const answer = this.#parts(node, (part) => (part.getCallSignatures().length > 0 ? 'yes' : 'no'));
    return answer === 'maybe' ? this.#syntactic.isFunction(node) : answer;
  }

  signalPosition(call: Call): SignalPosition | null {
    const listed = this.#syntactic.signalPosition(call);
    if (listed) return listed;
    const tsNode = this.#services.esTreeNodeToTSNodeMap.get(call) as ts.CallLikeExpression;
    const declaration = this.#checker.getResolvedSignature(tsNode)?.getDeclaration();
    // A signature that was widened by its arguments may have lost the parameter; its siblings still have it.
    const signatures = this.#checker.getTypeAtLocation((tsNode as ts.CallExpression).expression).getCallSignatures();
    const resolved = declaration && signatures.find((signature) => signature.getDeclaration() === declaration);
    for (const signature of resolved ? [resolved] : signatures.slice(0, 1)) {
      for (const [index, parameter] of signature.getParameters().entries()) {
        const type = this.#checker.getTypeOfSymbolAtLocation(parameter, tsNode);
        const part = this.#definite(type)[0];
        if (!part || isUnknown(part)) continue;
        if (this.#named(part, 'AbortSignal') === 'yes') return { index, property: null };
        const property = part.getCallSignatures().length === 0 ? part.getProperty('signal') : undefined;
        if (property && this.#definite(this.#checker.getTypeOfSymbolAtLocation(property, tsNode)).some((one) => this.#named(one, 'AbortSignal') === 'yes')) {
          return { index, property: 'signal' };
        }
      }
    }
    return null;
  }

  /** `yes` if one part of the type says so, `no` if all say so. */
  #parts(node: Node, ask: (part: ts.Type) => Answer): Answer {
    return this.#some(this.#services.getTypeAtLocation(bare(node)), ask);
  }

  #some(type: ts.Type, ask: (part: ts.Type) => Answer): Answer {
    const answers = this.#definite(type).map((part) => (isUnknown(part) ? 'maybe' : ask(part)));
    if (answers.includes('yes')) return 'yes';
    return answers.includes('maybe') ? 'maybe' : 'no';
  }

  /** The parts of a union without null, undefined, void and never; type parameters as what they extend. */
  #definite(type: ts.Type): ts.Type[] {
    return (type.isUnion() ? type.types : [type])
      .filter((part) => !NOTHING.has(intrinsic(part)))
      .map((part) => (part.isTypeParameter() ? (this.#checker.getBaseConstraintOfType(part) ?? part) : part));
  }

  #promise(type: ts.Type): Answer {
    return this.#named(type, 'Promise');
  }

  #named(type: ts.Type, wanted: string, seen = new Set<ts.Type>()): Answer {
    if (isUnknown(type)) return 'maybe';
    if (seen.has(type)) return 'no';
    seen.add(type);
    if (type.isIntersection()) {
      const answers = type.types.map((part) => this.#named(part, wanted, seen));
      return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
    }
    const symbol = type.getSymbol() ?? type.aliasSymbol;
    if (!symbol) return 'no';
    const name = this.#nameOf(symbol);
    if (name !== null && extendsType(name, wanted)) return 'yes';
    const bases = this.#basesOf(type).map((base) => this.#named(base, wanted, seen));
    if (bases.includes('yes')) return 'yes';
    // A type of the user's own may stand in for the package's (path mappings), so its name proves nothing against.
    return name === null || bases.includes('maybe') ? 'maybe' : 'no';
  }

  #basesOf(type: ts.Type): ts.Type[] {
    const target = (type as ts.TypeReference).target ?? type;
    return target.isClassOrInterface() ? (this.#checker.getBaseTypes(target) as ts.Type[]) : [];
  }

  /** The catalog's name of a type; null when the user's own code declares it. */
  #nameOf(symbol: ts.Symbol): string | null {
    const declaration = symbol.declarations?.[0];
    if (!declaration) return symbol.name;
    const file = declaration.getSourceFile();
    if (this.#services.program.isSourceFileDefaultLibrary(file)) return symbol.name;
    const path = file.fileName;
    const outer = namespaceOf(declaration);
    const at = path.lastIndexOf('/node_modules/');
    if (outer.module) return canonical(`${moduleName(outer.module)}.${outer.prefix}${symbol.name}`);
    if (at < 0) return null;
    const [, name = ''] = /^((?:@[^/]+\/)?[^/]+)/.exec(path.slice(at + '/node_modules/'.length)) ?? [];
    // @types/node declares globals; other @types stand for the package they type.
    if (name === '@types/node') return canonical(`${outer.prefix}${symbol.name}`);
    return `${name.replace(/^@types\//, '').replace('__', '/')}.${outer.prefix}${symbol.name}`;
  }
}

/** The `declare module 'x'` and the namespaces around a declaration. */
function namespaceOf(declaration: ts.Node): { readonly module: string | null; readonly prefix: string } {
  let prefix = '';
  for (let at: ts.Node | undefined = declaration.parent; at; at = at.parent) {
    // Of the nodes around a declaration, only namespaces have a name and a body of statements.
    const { name, body } = at as Partial<ts.ModuleDeclaration>;
    if (!name || !body || !('statements' in body)) continue;
    if (/^["']/.test(name.getText())) return { module: name.text, prefix };
    if (name.text === 'global') return { module: null, prefix };
    prefix = `${name.text}.${prefix}`;
  }
  return { module: null, prefix };
}

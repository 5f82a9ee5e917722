import type * as ts from 'typescript';
import { cached, memoize } from '../maps.js';
import { moduleName } from '../syntax/value.js';
import type { Answer, Specifier } from './answer.js';
import { canonical, extendsType } from './known.js';

/** Types that have the members of their argument. */
const SAME_MEMBERS = new Set<string | undefined>(['Partial', 'Readonly', 'Required']);

const answersFor = memoize<ts.Type, [], Map<string, Answer>>(() => new Map());

/** Tells types apart by the names that tables and users call them by. */
export class TypeNames {
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;

  constructor(program: ts.Program) {
    this.#checker = program.getTypeChecker();
    this.#program = program;
  }

  /** Has a type one of the names that a user gives? */
  isNamed(type: ts.Type, names: readonly Specifier[]): boolean {
    return names.some((one) => this.#isNamedBy(type, one));
  }

  #isNamedBy(type: ts.Type, one: Specifier): boolean {
    if (type.isUnion()) return type.types.every((part) => this.#isNamedBy(part, one));
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const named = namesOf(one).some((name) => name === symbol?.name || name === intrinsic(type));
    if (
      named &&
      intrinsic(type) !== 'error' &&
      (typeof one === 'string' || this.isFrom(type.getSymbol() ?? type.aliasSymbol, one))
    )
      return true;
    return type.isIntersection() && type.types.some((part) => this.#isNamedBy(part, one));
  }

  /** Is a name declared where a user says: in TypeScript's library, a package, or a file of the project? */
  isFrom(symbol: ts.Symbol | undefined, where: Exclude<Specifier, string>): boolean {
    const declarations = symbol?.declarations ?? [];
    if (where.from === 'lib' && declarations.length === 0) return true;
    return declarations.some((declaration) => {
      const file = declaration.getSourceFile();
      if (where.from === 'lib') return this.#program.isSourceFileDefaultLibrary(file);
      if (where.from === 'package')
        return namespaceOf(declaration).module === where.package || packageOf(file) === where.package;
      const folder = this.#program.getCurrentDirectory().replace(/\/$/, '');
      return where.path === undefined
        ? file.fileName.startsWith(folder)
        : file.fileName === `${folder}/${where.path.replace(/^\.\//, '')}`;
    });
  }

  /** Has a type a name of the catalog, or does it extend one that has? */
  named(type: ts.Type, wanted: string): Answer {
    return cached(answersFor(type), wanted, () => this.#findNamed(type, wanted, new Set()));
  }

  #findNamed(type: ts.Type, wanted: string, seen: Set<ts.Type>): Answer {
    if (isUnknown(type)) return 'maybe';
    if (seen.has(type)) return 'no';
    seen.add(type);
    if (type.isIntersection()) {
      const answers = type.types.map((part) => this.#findNamed(part, wanted, seen));
      return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
    }
    const [inner] = type.aliasTypeArguments ?? [];
    if (inner && SAME_MEMBERS.has(type.aliasSymbol?.name)) return this.#findNamed(inner, wanted, seen);
    const symbol = type.getSymbol() ?? type.aliasSymbol;
    if (!symbol) return 'no';
    const name = this.nameOf(symbol);
    if (name !== null && extendsType(name, wanted)) return 'yes';
    const bases = this.#basesOf(type).map((base) => this.#findNamed(base, wanted, seen));
    if (bases.includes('yes')) return 'yes';
    // A type of the user's own may stand in for the package's (path mappings), so its name proves nothing against.
    return name === null || bases.includes('maybe') ? 'maybe' : 'no';
  }

  #basesOf(type: ts.Type): ts.Type[] {
    const target = (type as ts.TypeReference).target ?? type;
    return target.isClassOrInterface() ? this.#checker.getBaseTypes(target) : [];
  }

  /** The catalog's name of a type; null when the user's own code declares it. */
  nameOf(symbol: ts.Symbol): string | null {
    const [declaration] = symbol.declarations ?? [];
    if (!declaration) return symbol.name;
    // Packages add members to the types of the language.
    if (symbol.declarations!.some((one) => this.#program.isSourceFileDefaultLibrary(one.getSourceFile())))
      return symbol.name;
    const outer = namespaceOf(declaration);
    if (outer.module) return canonical(`${moduleName(outer.module)}.${outer.prefix}${symbol.name}`);
    const name = packageOf(declaration.getSourceFile());
    // @types/node declares globals.
    return (
      name && (name === 'node' ? canonical(`${outer.prefix}${symbol.name}`) : `${name}.${outer.prefix}${symbol.name}`)
    );
  }
}

/**
 * The name of a built-in type without a declaration. TypeScript renumbered its type flags in version 6; these names
 * stayed.
 */
export function intrinsic(type: ts.Type): string | undefined {
  return (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName;
}

/** Is it `any`, `unknown`, or what an error leaves? */
export function isUnknown(type: ts.Type): boolean {
  const name = intrinsic(type);
  return name === 'any' || name === 'unknown' || name === 'error';
}

/** The names that a user's choice of types lists. */
export function namesOf(one: Specifier): readonly string[] {
  const name = typeof one === 'string' ? one : one.name;
  return typeof name === 'string' ? [name] : name;
}

/** The package that a file belongs to; `@types/x` stands for `x`. Null for the user's own files. */
export function packageOf({ fileName }: ts.SourceFile): string | null {
  const at = fileName.lastIndexOf('/node_modules/');
  // A folder whose name starts with a dot is a cache, not a package.
  const name = /^(?:@[^/]+\/)?[^./][^/]*/.exec(fileName.slice(at + '/node_modules/'.length))?.[0];
  if (at < 0 || name === undefined) return null;
  return name.startsWith('@types/') ? name.slice('@types/'.length).replace(/^(.+?)__/, '@$1/') : name;
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

import type * as ts from 'typescript';

/** What the reader of a body asks the checker. */
export interface Asked {
  readonly checker: ts.TypeChecker;
  /** Is the value of an expression no promise? */
  isPlain(expression: ts.Node): boolean;
}

/**
 * TypeScript's nodes as they are told apart here: by their parts and by the word that they begin with, because their
 * numbers differ from version to version.
 */
type Shape = ts.Node & {
  readonly arguments?: readonly Shape[];
  readonly asteriskToken?: ts.Node;
  readonly awaitModifier?: ts.Node;
  readonly body?: Shape;
  readonly catchClause?: Shape;
  readonly elements?: readonly Shape[];
  readonly expression?: Shape;
  readonly finallyBlock?: Shape;
  readonly initializer?: Shape;
  readonly left?: Shape;
  readonly modifiers?: readonly ts.Node[];
  readonly name?: ts.Node & { readonly text?: string };
  readonly parameters?: readonly ts.Node[];
  readonly right?: Shape;
  readonly statements?: readonly Shape[];
  readonly tryBlock?: Shape;
  readonly whenFalse?: Shape;
  readonly whenTrue?: Shape;
};

/** What was found of functions, kept as long as their program. */
const found = new WeakMap<ts.TypeChecker, WeakMap<ts.Node, boolean>>();

/** Can a promise reject, as far as the program shows? What it does not show, may. */
export function mayRejectByBody(expression: ts.Node, asked: Asked): boolean {
  const node = unwrapped(expression);
  if (isFunction(node)) return resultMayReject(node, asked);
  if (node.whenTrue && node.whenFalse)
    return mayRejectByBody(node.whenTrue, asked) || mayRejectByBody(node.whenFalse, asked);
  if (node.left && node.right) return mayRejectByBody(node.left, asked) || mayRejectByBody(node.right, asked);
  if (node.arguments && node.expression)
    return isPrefixed(node, 'new') ? madeMayReject(node, asked) : callMayReject(node, asked) && !asked.isPlain(node);
  if (node.name?.text === 'updateComplete') return false;
  return !asked.isPlain(node) && keptMayReject(node, asked);
}

/** May a promise that a name or a field keeps reject, by what it is set to where it is declared, and in its class? */
function keptMayReject(node: Shape, asked: Asked): boolean {
  const symbol = asked.checker.getSymbolAtLocation(node.name ?? node);
  const declaration = symbol?.valueDeclaration as Shape | undefined;
  if (!declaration?.name || declaration.parameters) return true;
  return remembered(declaration, asked, () => {
    const values = [
      ...(declaration.initializer ? [declaration.initializer] : []),
      ...(node.expression ? assignments(declaration.parent, `this.${declaration.name!.getText()}`) : []),
    ];
    return values.length === 0 || values.some((value) => mayRejectByBody(value, asked));
  });
}

/** What is assigned to a field in the code of its class. */
function assignments(node: Shape, field: string): Shape[] {
  const here = node.left && node.right && node.left.getText() === field ? [node.right] : [];
  node.forEachChild((child) => void here.push(...assignments(child as Shape, field)));
  return here;
}

/**
 * The answer for a declaration, which is found once; one that asks for itself rejects only where something else does.
 */
function remembered(declaration: Shape, { checker }: Asked, find: () => boolean): boolean {
  const answers = found.get(checker) ?? new WeakMap<ts.Node, boolean>();
  found.set(checker, answers);
  const known = answers.get(declaration);
  if (known !== undefined) return known;
  answers.set(declaration, false);
  const answer = find();
  answers.set(declaration, answer);
  return answer;
}

function callMayReject({ expression, arguments: args = [] }: Shape, asked: Asked): boolean {
  const callee = unwrapped(expression!);
  const method = callee.expression ? callee.name?.text : undefined;
  const [first, second] = args;
  if (callee.expression && (method === 'then' || method === 'catch' || method === 'finally')) {
    const handler = method === 'catch' ? first : method === 'then' ? second : undefined;
    const others = args.filter((one) => one !== handler);
    return (
      (handler ? callbackMayFail(handler, asked) : mayRejectByBody(callee.expression, asked)) ||
      others.some((one) => callbackMayFail(one, asked))
    );
  }
  if (callee.expression?.getText() === 'Promise') {
    if (method === 'resolve' || method === 'allSettled') return false;
    if (method === 'all' && first?.elements) return first.elements.some((one) => mayRejectByBody(one, asked));
    return true;
  }
  const fn = declared(callee, asked);
  return fn === null || resultMayReject(fn, asked);
}

/** `new Promise((resolve) => { … })`, where nothing is thrown on purpose, only resolves. */
function madeMayReject({ expression, arguments: [executor] = [] }: Shape, asked: Asked): boolean {
  if (expression!.getText() !== 'Promise' || !executor || !isFunction(executor)) return true;
  // What an async executor does wrong, its own promise tells.
  return executor.parameters!.length > 1 || (!isAsync(executor) && fails(executor.body!, asked));
}

function callbackMayFail(callback: Shape, asked: Asked): boolean {
  const node = unwrapped(callback);
  const fn = isFunction(node) ? node : declared(node, asked);
  return fn === null || resultMayReject(fn, asked) || (!isAsync(fn) && fails(fn.body!, asked));
}

/** Can the promise that a function returns reject? */
function resultMayReject(fn: Shape, asked: Asked): boolean {
  return remembered(
    fn,
    asked,
    () =>
      !fn.body || Boolean(fn.asteriskToken) || (isAsync(fn) && fails(fn.body, asked)) || givenMayReject(fn.body, asked),
  );
}

/** Can something that a body returns reject? What it only hands out, others hold. */
function givenMayReject(body: Shape, asked: Asked): boolean {
  if (!body.statements) return mayRejectByBody(body, asked);
  return some(
    body,
    (node) =>
      isPrefixed(node, 'return') && !isName(unwrapped(node.expression!)) && mayRejectByBody(node.expression!, asked),
  );
}

/** Is there an `await` or a `throw` in a body that fails, and that no `try` keeps in? */
function fails(body: Shape, asked: Asked): boolean {
  return some(body, (node) => {
    if (node.awaitModifier) return true;
    if (node.arguments) return false;
    return isPrefixed(node, 'await') ? mayRejectByBody(node.expression!, asked) : isPrefixed(node, 'throw');
  });
}

/**
 * Does a node of a body, not of the functions in it, pass a test? What a `try` with a `catch` keeps in is not looked
 * at.
 */
function some(node: Shape, test: (node: Shape) => boolean): boolean {
  if (isFunction(node)) return false;
  if (test(node)) return true;
  if (node.tryBlock && node.catchClause)
    return some(node.catchClause, test) || Boolean(node.finallyBlock && some(node.finallyBlock, test));
  return node.forEachChild((child) => some(child as Shape, test) || undefined) ?? false;
}

/**
 * The function that a name or a property stands for, with its body; null where the program has none, or others may take
 * its place.
 */
function declared(callee: Shape, { checker }: Asked): Shape | null {
  const name = callee.name ?? callee;
  const symbol = checker.getSymbolAtLocation(name);
  // An imported name stands for what the other file declares.
  const target =
    symbol &&
    !symbol.valueDeclaration &&
    symbol.declarations?.some((one) => one.getSourceFile() === callee.getSourceFile())
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  const bodies = target?.declarations?.map((one) => withBody(one)).filter((one) => one !== null) ?? [];
  return bodies.length === 1 ? bodies[0]! : null;
}

function withBody(declaration: Shape): Shape | null {
  if (isFunction(declaration)) return declaration;
  const value = declaration.initializer && unwrapped(declaration.initializer);
  return value && isFunction(value) ? value : null;
}

function isFunction(node: Shape): boolean {
  return node.parameters !== undefined && node.body !== undefined;
}

/** `work`, `this.work` */
function isName(node: Shape): boolean {
  return !node.arguments && !node.left && !node.whenTrue && !isFunction(node);
}

function isAsync(fn: Shape): boolean {
  return fn.modifiers?.some((one) => one.getText() === 'async') ?? false;
}

/** An expression without parentheses and assertions. */
function unwrapped(node: Shape): Shape {
  const isDressed =
    node.expression &&
    !node.arguments &&
    !node.name &&
    ('type' in node || beginsWith(node, '(') || node.getText().endsWith('!'));
  return isDressed && !isPrefixed(node, 'await') ? unwrapped(node.expression) : node;
}

/** Is it a word and an expression, as `await work`, and not something that only begins so, as `await work, more`? */
function isPrefixed(node: Shape, word: string): boolean {
  return node.expression !== undefined && beginsWith(node, word) && node.expression.getStart() > node.getStart();
}

function beginsWith(node: ts.Node, word: string): boolean {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  return text.startsWith(word, start) && !/[\w$]/.test(/\w$/.test(word) ? text.charAt(start + word.length) : '');
}

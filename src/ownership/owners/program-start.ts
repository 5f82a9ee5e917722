import type { TSESTree } from '@typescript-eslint/utils';
import { BOOTSTRAP, COMES_ONCE, REFUSES_SECOND } from '../../catalog/owners.js';
import { isExported } from '../../syntax/exported.js';
import {
  argumentOf,
  enclosingFunction,
  functionName,
  isExecutor,
  isInside,
  loopAround,
  runOf,
  runsInPlace,
} from '../../syntax/functions.js';
import type { Values } from '../../syntax/values.js';
import {
  bare,
  type Call,
  calleeName,
  decoratorsOf,
  type Fn,
  type Index,
  isClass,
  nameOf,
  type Node,
} from '../../syntax/walk.js';
import { isHandedOut, isKeptByClass, isMadeOnce } from './once.js';
import type { Owner } from './owner.js';

/** What a plugin's object has for its host to call, once; any other method may be called whenever somebody likes. */
const PLUGGED = new Set(['activate', 'bootstrap', 'initialize', 'install', 'register', 'setup', 'setupOnce']);

/** What runs once, as the program starts. */
export class ProgramStart {
  readonly #values: Values;
  readonly #index: Index;
  readonly #isOfComponent: (node: Node) => boolean;
  readonly #asked = new Set<Fn>();

  /** `isOfComponent`: does code outside functions run for each instance of a component? */
  constructor(values: Values, index: Index, isOfComponent: (node: Node) => boolean) {
    this.#values = values;
    this.#index = index;
    this.#isOfComponent = isOfComponent;
  }

  /** Is it a class without an end, of which the program makes one instance? */
  isSingleton({ node, kind, teardown }: Owner): boolean {
    if (kind !== 'instance' || teardown || !isClass(node) || !node.id) return false;
    if (isProvidedInRoot(node) || isAppRoot(node)) return true;
    const [made, another] = this.#index.calls
      .of(node.id.name)
      .filter((call) => call.type === 'NewExpression' && this.#values.classOf(call.callee) === node);
    if (!made || another) return false;
    const isOnly = this.isOfStart(made) || isMadeOnce(made, this.#values, this.#index);
    // Others may make more of a class that they can see, unless it keeps its only one itself.
    return (
      isOnly &&
      (!isExported(node, this.#values) || isHandedOut(made, this.#values) || isKeptByClass(made, node, this.#values))
    );
  }

  /** Does code run once, as the program starts? */
  isOfStart(node: Node): boolean {
    const own = runOf(node);
    return !loopAround(node) && (own === null || this.runsOnce(own));
  }

  /**
   * Does code run when the file is loaded, or in a function that then runs once? A function that calls itself may run
   * more often.
   */
  #runsAtStart(node: Node, called: Fn | null): boolean {
    const own = runOf(node);
    if (own === null || called === null || loopAround(node) || this.#asked.has(own))
      return own === null && !loopAround(node);
    this.#asked.add(own);
    const found = own !== called && this.runsOnce(own);
    this.#asked.delete(own);
    return found;
  }

  /** Does a function run only when the program starts? */
  runsOnce(fn: Fn): boolean {
    return this.#isSeenOnce(fn) || this.isOnlyNamedSo(fn);
  }

  #isSeenOnce(fn: Fn): boolean {
    const outer = enclosingFunction(fn);
    if (outer && !(runsInPlace(outer) && this.#isSeenOnce(outer))) return false;
    // `const port = await new Promise((resolve) => { … })`
    if (runsInPlace(fn) || isExecutor(fn)) return !loopAround(fn);
    const link = argumentOf(fn)?.call;
    // `start().then(() => { … })`
    const isLink =
      link && /^(?:then|catch|finally)$/.test(calleeName(link)) && bare(link.callee).type === 'MemberExpression';
    if (link && (isLink || this.#comesOnce(link))) return runOf(link) === null && !loopAround(link);
    if (this.#isLatched(fn) || this.#refusesSecond(fn)) return true;
    const calls = this.#callsOf(fn);
    if (calls.length === 1 && !isSeen(fn, this.#values) && isMadeOnce(calls[0]!, this.#values, this.#index))
      return true;
    return calls.length === 1 && this.#runsAtStart(calls[0]!, isSeen(fn, this.#values) ? null : fn);
  }

  #callsOf(fn: Fn): Call[] {
    const name = functionName(fn);
    const calls = this.#index.calls.of(name);
    return calls.filter((call) => this.#values.functionOf(call.callee) === fn);
  }

  /** Is its name all that says that a program, or a plugin, begins with a function? Nothing here calls it. */
  isOnlyNamedSo(fn: Fn): boolean {
    const name = functionName(fn);
    return (
      name !== null &&
      !enclosingFunction(fn) &&
      !runsInPlace(fn) &&
      this.#callsOf(fn).length === 0 &&
      BOOTSTRAP.test(name) &&
      fn.parent.type !== 'MethodDefinition' &&
      (fn.parent.type !== 'Property' || PLUGGED.has(name)) &&
      !this.#isOfComponent(fn)
    );
  }

  /** `if (isSetUp) return; isSetUp = true`, with a flag outside of the function that nothing takes back */
  #isLatched({ body }: Fn): boolean {
    if (body.type !== 'BlockStatement') return false;
    return body.body.some((statement) => {
      const flag = statement.type === 'IfStatement' && !statement.alternate ? bare(statement.test) : null;
      const only =
        statement.type === 'IfStatement' && statement.consequent.type === 'BlockStatement'
          ? statement.consequent.body[0]
          : statement.type === 'IfStatement'
            ? statement.consequent
            : null;
      if (flag?.type !== 'Identifier' || only?.type !== 'ReturnStatement') return false;
      const variable = this.#values.variable(flag);
      const writes = variable?.references.filter((reference) => reference.isWrite() && !reference.init) ?? [];
      return (
        writes.length > 0 &&
        !variable!.defs.some(({ name }) => isInside(name, body)) &&
        writes.every(
          ({ writeExpr, identifier }) =>
            (writeExpr as Node).type === 'Literal' &&
            (writeExpr as TSESTree.Literal).value === true &&
            isInside(identifier as Node, body),
        )
      );
    });
  }

  /** `setTimeout(() => { … })`, `document.addEventListener('DOMContentLoaded', () => { … })` */
  #comesOnce(call: Call): boolean {
    const events = COMES_ONCE.get(this.#values.origin(call.callee) ?? '');
    return events !== undefined && (events.length === 0 || events.includes(this.#values.text(call.arguments[0]) ?? ''));
  }

  /** `ipcMain.handle('open', answer)`: does a second run of a function throw? */
  #refusesSecond({ body }: Fn): boolean {
    return [...REFUSES_SECOND].some(([word, { origin, undo }]) =>
      this.#index.calls
        .of(word)
        .some(
          (call) =>
            call.parent.type === 'ExpressionStatement' &&
            call.parent.parent === body &&
            this.#values.text(call.arguments[0]) !== null &&
            this.#values.origin(call.callee) === origin &&
            !this.#index.calls.has(undo),
        ),
    );
  }
}

/** May other files call a function, itself or as a static method of its class? */
function isSeen(fn: Fn, values: Values): boolean {
  return isExported(fn.parent.type === 'MethodDefinition' ? fn.parent.parent.parent : fn, values);
}

/** `@Injectable({ providedIn: 'root' })`: Angular makes one, and keeps it as long as the page. */
export function isProvidedInRoot(node: Node): boolean {
  return isDecorated(node, 'Injectable', 'providedIn', /^(?:root|platform)$/);
}

/** `@Component({ selector: 'app-root' })`: what Angular's own tools call the component that the page begins with. */
function isAppRoot(node: Node): boolean {
  return isDecorated(node, 'Component', 'selector', /^app-root$/);
}

function isDecorated(node: Node, decorator: string, property: string, value: RegExp): boolean {
  if (!isClass(node)) return false;
  return decoratorsOf(node).some(({ expression }) => {
    const [given] =
      expression.type === 'CallExpression' && calleeName(expression) === decorator ? expression.arguments : [];
    return (
      given?.type === 'ObjectExpression' &&
      given.properties.some(
        (one) =>
          one.type === 'Property' &&
          nameOf(one) === property &&
          one.value.type === 'Literal' &&
          value.test(String(one.value.value)),
      )
    );
  });
}

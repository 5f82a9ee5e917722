import type { TSESTree } from '@typescript-eslint/utils';
import { TEARDOWN_METHODS } from '../catalog/owners.js';
import { FILLING } from '../ownership/holders/collections.js';
import type { Floating } from '../ownership/promises/lost-promise.js';
import { enclosingClass } from '../syntax/functions.js';
import { memberFunction, memberNamed } from '../syntax/members.js';
import { bare, calleeName, type Class, dressed, isFunction, nameOf, type Node, walk } from '../syntax/walk.js';
import { type Change, type Edit, insertBefore, isTypeScript, semicolon, type View } from './edit.js';
import { insertField, insertFirst } from './statements.js';

/** Keeps what a constructor starts in a field, and lets the methods that are async anyway wait for it. */
export function keepIt(view: View, { node, why }: Floating): Edit | null {
  const outer = dressed(node);
  const statement = outer.parent;
  const of = enclosingClass(node);
  const made = statement?.parent?.parent?.parent;
  // A superclass may have a field of that name, and a branch may leave it unset.
  if (
    why !== 'startedInConstructor' ||
    statement?.type !== 'ExpressionStatement' ||
    made?.type !== 'MethodDefinition' ||
    made.kind !== 'constructor' ||
    !of ||
    of.superClass ||
    !PREPARES.test(node.type === 'CallExpression' ? calleeName(node) : '')
  )
    return null;
  const name = freeMember('ready', of, view);
  const declared = isTypeScript(view)
    ? insertField(of, `readonly ${name}: ${typeOf(node, view)}`, view.sourceCode)
    : null;
  if (isTypeScript(view) && !declared) return null;
  const waiting = waits(name, statement, of, view);
  // A name alone repairs nothing, and a class that has to wait everywhere needs another design.
  if (waiting.length === 0 || waiting.length > 4) return null;
  return [...(declared ? [declared] : []), insertBefore(statement, `this.${name} = `), ...waiting];
}

/** By its name, what an instance needs before it can be used; what a function or a chain does has no name. */
const PREPARES = /^(?:|then|catch|finally)$|build|connect|fetch|init|load|open|prepar|read|restor|scan|set_?up/i;

function freeMember(wanted: string, of: Class, { index }: View): string {
  let name = wanted;
  for (let at = 2; memberNamed(of, name) || index.members.has(name); at += 1) name = `${wanted}${at}`;
  return name;
}

/** The type of a promise, as far as the file says it. */
function typeOf(node: Node, view: View): string {
  const fn = node.type === 'CallExpression' ? view.values.functionOf(node.callee) : null;
  const type = fn?.returnType?.typeAnnotation;
  if (type && !fn.typeParameters && type.type === 'TSTypeReference') return view.text(type);
  return 'Promise<unknown>';
}

/**
 * `await this.ready` at the start of each public async method that looks at a field which the started work sets, and
 * that the work does not use itself.
 */
function waits(name: string, statement: Node, of: Class, view: View): Change[] {
  const { used, set, isGiven } = membersIn(statement, of, view);
  if (isGiven) return [];
  const methods = of.body.body.filter(
    (member): member is TSESTree.MethodDefinition =>
      member.type === 'MethodDefinition' &&
      member.kind === 'method' &&
      !member.static &&
      member.value.async &&
      !member.value.generator &&
      (member.accessibility ?? 'public') === 'public' &&
      member.key.type !== 'PrivateIdentifier',
  );
  return methods
    .filter(
      (method) =>
        !used.has(nameOf(method) ?? '') &&
        !TEARDOWN_METHODS.includes(nameOf(method) ?? '') &&
        method.value.body &&
        [...membersIn(method.value.body, of, view).used].some((one) => set.has(one)),
    )
    .map((method) =>
      insertFirst(method.value.body!, `await this.${name}${semicolon(view.sourceCode)}`, view.sourceCode),
    );
}

interface Members {
  readonly used: ReadonlySet<string>;
  readonly set: ReadonlySet<string>;
  /** Is `this` itself handed on? */
  readonly isGiven: boolean;
}

/** The members that a statement uses and sets, with those of the methods that it uses. */
function membersIn(statement: Node, of: Class, { sourceCode }: View): Members {
  const used = new Set<string>();
  const set = new Set<string>();
  const left: Node[] = [statement];
  let isGiven = false;
  for (let at = left.pop(); at; at = left.pop()) {
    walk(sourceCode, at, (node) => {
      if (node.type !== 'ThisExpression') return;
      const { parent } = dressed(node);
      const name = parent?.type === 'MemberExpression' && bare(parent.object) === node ? nameOf(parent) : null;
      if (name === null) isGiven = true;
      else {
        if (isChanged(dressed(parent!))) set.add(name);
        if (used.has(name)) return;
        used.add(name);
        const member = memberNamed(of, name);
        const fn = member && 'value' in member ? memberFunction(member) : null;
        if (isFunction(fn)) left.push(fn.body);
      }
    });
  }
  return { used, set, isGiven };
}

/** `this.words = words`, `this.words.add(word)` */
function isChanged(member: Node): boolean {
  const { parent } = member;
  if (parent?.type === 'AssignmentExpression') return parent.left === member;
  return (
    parent?.type === 'MemberExpression' &&
    parent.object === member &&
    FILLING.has(nameOf(parent) ?? '') &&
    parent.parent.type === 'CallExpression'
  );
}

import { setTo } from '../ownership/owners/lives.js';
import type { Start } from '../ownership/starts/starts.js';
import { isInside, runOf } from '../syntax/functions.js';
import { constructorOf, memberNamed, parameterProperty } from '../syntax/members.js';
import type { Variable } from '../syntax/value.js';
import { bare, type Body, isClass, type Node } from '../syntax/walk.js';
import { isTypeScript, tellsNull, type View } from './edit.js';

/** What a value may be instead of what it is at the start. */
export type Missing = 'no' | 'null' | 'nullish' | 'undefined';

/** What a field that keeps a handle may be where it is ended. */
export function fieldMayBe(body: Body, name: string, start: Start, view: View): Missing {
  const member = isClass(body) ? memberNamed(body, name) : null;
  if (member?.type !== 'PropertyDefinition')
    return tellsNull(view) && setTo(body, name, view.index, view.values).some((value) => view.text(value) === 'null')
      ? isSetWhenMade(body, name, view)
        ? 'null'
        : 'nullish'
      : 'undefined';
  if (member.value && isInside(start.node, member.value)) return 'no';
  const declared = memberMayBe(body, name, view);
  // `timer!: Timer` says that it is there when it is used, and not from when on.
  return declared === 'no' && !(isTypeScript(view) && isSetWhenMade(body, name, view)) ? 'undefined' : declared;
}

/** Is a field set for each instance as it is made: where it is declared, or in the constructor? */
function isSetWhenMade(body: Body, name: string, { index, values }: View): boolean {
  const runs = [null, constructorOf(body)];
  return setTo(body, name, index, values).some((value) => runs.includes(runOf(value)));
}

/** What a member may be by its declaration; `no` where nothing says so. */
export function memberMayBe(body: Body, name: string, view: View): Missing {
  const member = isClass(body) ? (memberNamed(body, name) ?? parameterProperty(body, name)) : null;
  if (member?.type === 'Identifier') return missing(member.typeAnnotation?.typeAnnotation, member.optional);
  if (member?.type !== 'PropertyDefinition') return 'no';
  const initial = member.value && view.text(member.value);
  return missing(
    member.typeAnnotation?.typeAnnotation,
    member.optional || initial === 'undefined' || (!member.typeAnnotation && !member.value),
    initial === 'null',
  );
}

/** What a variable that keeps a handle may hold where it is ended. */
export function variableMayBe({ defs: [definition] }: Variable, start: Start): Missing {
  if (definition?.type !== 'Variable') return 'no';
  const { init, id } = definition.node;
  const others = init ? othersThan(start.node, init) : [];
  // What a callback sets is not there before that.
  return missing(
    id.typeAnnotation?.typeAnnotation,
    (!init && !(id.typeAnnotation && runOf(id) === runOf(start.node))) || others.includes('undefined'),
    others.includes('null'),
  );
}

/**
 * What an expression may be instead of what starts in it: `stream?.getReader()` gives a reader or nothing, and so does
 * `stream ? stream.getReader() : null`.
 */
function othersThan(start: Node, expression: Node): ('null' | 'undefined')[] {
  if (expression.type === 'ChainExpression') return ['undefined'];
  const node = bare(expression);
  switch (node.type) {
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap((one) => othersThan(start, one));
    case 'Identifier':
      return node.name === 'undefined' ? ['undefined'] : [];
    case 'Literal':
      return node.value === null ? ['null'] : [];
    case 'LogicalExpression':
      return node.operator === '&&' && isInside(start, node.right) ? ['null', 'undefined'] : [];
    default:
      return [];
  }
}

/** What `ref.current` of a component may be. */
export function refMayBe({ defs: [definition] }: Variable): Missing {
  const made = definition?.type === 'Variable' && definition.node.init ? bare(definition.node.init) : null;
  if (made?.type !== 'CallExpression') return 'undefined';
  const [initial] = made.arguments;
  const isUndefined = !initial || (initial.type === 'Identifier' && initial.name === 'undefined');
  return missing(made.typeArguments?.params[0], isUndefined, initial?.type === 'Literal' && initial.value === null);
}

function missing(type: Node | undefined, isUndefined: boolean, isNull = false): Missing {
  const parts = type?.type === 'TSUnionType' ? type.types : [];
  const mayBeNull = isNull || parts.some((part) => part.type === 'TSNullKeyword');
  const mayBeUndefined = isUndefined || parts.some((part) => part.type === 'TSUndefinedKeyword');
  if (mayBeNull) return mayBeUndefined ? 'nullish' : 'null';
  return mayBeUndefined ? 'undefined' : 'no';
}

import type { TSESTree } from '@typescript-eslint/utils';
import { isNothing, setTo } from '../ownership/owners/lives.js';
import type { Start } from '../ownership/starts/starts.js';
import { isInside, runOf, thisBody } from '../syntax/functions.js';
import { memberNamed } from '../syntax/members.js';
import type { Variable } from '../syntax/value.js';
import { bare, type Body, type Class, dressed, isClass, isFunction, nameOf, type Node, walk } from '../syntax/walk.js';
import { freeName, indentOf, indentStep, isTypeScript, lineBreak, replace, semicolon, type View } from './edit.js';
import { memberMayBe } from './missing.js';
import { listenerName, newField } from './names.js';
import { type Place, refersTo, type Written } from './place.js';
import { namedText, withType } from './typed.js';
import { endInList, insertBeforeStatement, insertField, listAround, moved, statementOf } from './statements.js';

/** A value of the start at a place: as it is written there, or under a new name, and of the type that it was given. */
export function valueAt(start: Start, name: string, place: Place, view: View): Written | null {
  const node = start.names.get(name);
  const found = node ? undressedAt(node, start, name, place, view) : null;
  return found && { ...found, text: withType(found, bare(node!), view) };
}

function undressedAt(node: Node, start: Start, name: string, place: Place, view: View): Written | null {
  const value = unchained(bare(node), view);
  if (isReachable(value, place, view)) return { ...present(value, place, start, view), changes: [] };
  const kept = inField(value, place, start, view);
  if (kept) return kept;
  const given = view.values.initialOf(value);
  if (given !== value && !isFunction(value)) return null;
  return nameValue(value, dressed(bare(node)), name, start, place, view);
}

/** The text of a value with what it may be instead: what is known of a field in one method is not known in another. */
function present(value: Node, place: Place, start: Start, view: View): Omit<Written, 'changes'> {
  const text = view.text(value);
  const field = firstMember(value);
  if (!field || !isTypeScript(view) || (!place.isLater && runOf(place.node) === runOf(start.node))) return { text };
  const name = nameOf(field);
  const besides = name === null || !place.body ? 'no' : memberMayBe(place.body, name, view);
  if (field === bare(value) || besides === 'no') return { text, besides };
  const end = field.range[1] - value.range[0];
  return { text: /^[?!]/.test(text.slice(end)) ? text : `${text.slice(0, end)}?${text.slice(end)}`, besides: 'no' };
}

/** `this.bus` for `bus`: the field that keeps what its method was given, and nothing else. */
function inField(value: Node, place: Place, start: Start, view: View): Written | null {
  const root = rootOf(value);
  const variable = root && view.values.variable(root);
  const body = place.body;
  if (
    !root ||
    !body ||
    body !== thisBody(start.node) ||
    variable?.defs[0]?.type !== 'Parameter' ||
    !isConstant(variable)
  )
    return null;
  const name =
    (variable.defs[0].name as Node).parent?.type === 'TSParameterProperty'
      ? variable.name
      : fieldOf(variable, body, view);
  if (name === null) return null;
  const access = `this.${name}`;
  const rest = view.text(value).slice(root.range[1] - value.range[0]);
  const besides = isTypeScript(view) ? memberMayBe(body, name, view) : 'no';
  return rest === '' || besides === 'no' || /^[?!]/.test(rest)
    ? { text: access + rest, besides: rest === '' ? besides : 'no', changes: [] }
    : { text: `${access}?${rest}`, besides: 'no', changes: [] };
}

function rootOf(node: Node): TSESTree.Identifier | null {
  const inner = bare(node);
  return inner.type === 'Identifier'
    ? inner
    : inner.type === 'MemberExpression' && !inner.computed
      ? rootOf(inner.object)
      : null;
}

/** The field that a method gives one of its parameters to; null where others set it, too. */
function fieldOf(variable: Variable, body: Body, view: View): string | null {
  for (const { identifier } of variable.references) {
    const { parent } = identifier as Node;
    if (
      parent?.type !== 'AssignmentExpression' ||
      parent.right !== identifier ||
      parent.left.type !== 'MemberExpression' ||
      parent.left.computed ||
      parent.left.object.type !== 'ThisExpression' ||
      thisBody(parent) !== body
    )
      continue;
    const name = nameOf(parent.left);
    if (
      name !== null &&
      setTo(body, name, view.index, view.values).every((one) => one === identifier || isNothing(one))
    )
      return name;
  }
  return null;
}

/** `this.socket` of `this.socket.stream` */
function firstMember(node: Node): TSESTree.MemberExpression | null {
  const inner = bare(node);
  if (inner.type !== 'MemberExpression') return null;
  return bare(inner.object).type === 'ThisExpression' ? inner : firstMember(inner.object);
}

/** `target.on('a', f).on('b', g)`: both are on `target`. */
function unchained(node: Node, view: View): Node {
  let at = node;
  for (let inner = bare(at); inner.type === 'CallExpression'; inner = bare(at)) {
    const callee = bare(inner.callee);
    if (
      callee.type !== 'MemberExpression' ||
      !/^(?:on|once|addListener|prependListener|setMaxListeners)$/.test(nameOf(callee) ?? '')
    )
      break;
    at = callee.object;
  }
  return view.values.of(at).root.kind === 'unknown' ? node : at;
}

/** Does the text of an expression stand for the same value at a place? */
export function isReachable(node: Node, place: Place, view: View): boolean {
  const inner = bare(node);
  switch (inner.type) {
    case 'Literal':
      return true;
    case 'TemplateLiteral':
      return inner.expressions.every((one) => isReachable(one, place, view));
    case 'ThisExpression':
      return place.body !== null && thisBody(inner) === place.body;
    case 'MemberExpression':
      return (!inner.computed || isReachable(inner.property, place, view)) && isReachable(inner.object, place, view);
    case 'Identifier': {
      const variable = view.values.variable(inner);
      return refersTo(inner.name, place.node, view) === variable && (variable === null || isConstant(variable));
    }
    default:
      return false;
  }
}

function isConstant({ references }: Variable): boolean {
  return references.every((reference) => !reference.isWrite() || reference.init);
}

/** Gives a value that is made on the spot a name: a local, or a field where the end is in another method. */
function nameValue(value: Node, argument: Node, name: string, start: Start, place: Place, view: View): Written | null {
  const inner = bare(value);
  if ((inner.type !== 'CallExpression' && !isFunction(inner)) || reliesOnCall(inner, start, view)) return null;
  const typed = (given: string): string => withType({ text: given, changes: [] }, bare(argument), view);
  const text = namedText(inner, start, view);
  const wanted =
    isFunction(inner) || name === 'listener' || name === 'callback' ? wantedName(inner, start, view) : name;
  // The place is the body of an arrow, which is to become a block.
  if (text !== null && bare(place.node) === start.node) {
    const local = freeName(wanted, place.node, view.sourceCode);
    const at = place.node.range[0];
    const line =
      lineBreak(view.sourceCode) + indentOf(place.node.parent!, view.sourceCode) + indentStep(view.sourceCode);
    return {
      text: local,
      changes: [
        { start: at, end: at, text: `const ${local} = ${text}${semicolon(view.sourceCode)}${line}` },
        replace(argument, typed(local)),
      ],
    };
  }
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  if (text === null || !list) return null;
  if (isInside(place.node, list)) {
    const local = freeName(wanted, [statement, place.node], view.sourceCode);
    return {
      text: local,
      changes: [
        insertBeforeStatement(
          statement,
          `const ${local} = ${moved(inner, text, indentOf(statement, view.sourceCode), view.sourceCode)}${semicolon(view.sourceCode)}`,
          view.sourceCode,
        ),
        { start: argument.range[0], end: endInList(argument, view.sourceCode), text: typed(local) },
      ],
    };
  }
  if (
    !place.body ||
    !isClass(place.body) ||
    place.body !== thisBody(start.node) ||
    !standsAlone(inner, place.body, view) ||
    !isThereAtFirst(inner, place.body, view)
  )
    return null;
  const field = newField(place.body, wanted, view);
  const declared = field.declared === null ? field.access.slice('this.'.length) : field.declared;
  const readonly = !isTypeScript(view)
    ? declared
    : declared.startsWith('private ')
      ? declared.replace('private ', 'private readonly ')
      : `readonly ${declared}`;
  const added = insertField(
    place.body,
    `${readonly} = ${moved(inner, text, indentOf(place.body, view.sourceCode) + indentStep(view.sourceCode), view.sourceCode)}`,
    view.sourceCode,
  );
  return (
    added && {
      text: field.access,
      changes: [
        added,
        { start: argument.range[0], end: endInList(argument, view.sourceCode), text: typed(field.access) },
      ],
    }
  );
}

/**
 * Can the initializer of a field read what an expression asks of `this`? What a constructor sets is not there yet:
 * `this.driver.onFrame.bind(this.driver)`.
 */
function isThereAtFirst(node: Node, of: Class, { sourceCode }: View): boolean {
  let isThere = true;
  walk(sourceCode, node, (one) => {
    if (isFunction(one)) return false;
    const name = one.type === 'MemberExpression' && bare(one.object).type === 'ThisExpression' ? nameOf(one) : null;
    const member = name === null ? null : memberNamed(of, name);
    if (name !== null && (member ? !('value' in member && member.value) : !of.superClass)) isThere = false;
    return undefined;
  });
  return isThere;
}

/**
 * `signal?.addEventListener('abort', () => signal.reason)`: only as an argument does a function know that there is a
 * signal.
 */
function reliesOnCall(node: Node, start: Start, view: View): boolean {
  const callee = bare(start.node.callee);
  if (callee.type !== 'MemberExpression' || !callee.optional || !isTypeScript(view)) return false;
  const { root } = view.values.of(callee.object);
  return root.kind === 'variable' && root.variable.references.some(({ identifier }) => isInside(identifier, node));
}

function wantedName(node: Node, start: Start, view: View): string {
  const bound = node.type === 'CallExpression' ? bare(node.callee) : null;
  const method = bound?.type === 'MemberExpression' && nameOf(bound) === 'bind' ? bare(bound.object) : null;
  const own =
    method?.type === 'MemberExpression'
      ? boundName(nameOf(method) ?? '', start, view)
      : method?.type === 'Identifier'
        ? `bound${method.name.charAt(0).toUpperCase()}${method.name.slice(1)}`
        : null;
  return own ?? (isFunction(node) && node.id ? node.id.name : listenerName(start, view.values));
}

/** `onScroll` for `this.onScroll.bind(this)`, where a private name can be told from the method's. */
function boundName(method: string, start: Start, view: View): string {
  const body = thisBody(start.node);
  const isApart = body && newField(body, method, view).access === `this.#${method}`;
  const plain = method.replace(/^[#_]/, '');
  return isApart ? plain : `bound${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
}

/** Does an expression need nothing but `this` and what can be seen from outside a class? */
export function standsAlone(node: Node, body: Body, view: View): boolean {
  let alone = true;
  walk(view.sourceCode, node, (one) => {
    if (one.type === 'Identifier' && one.name === 'arguments') alone = false;
    if (one.type === 'AwaitExpression' && runOf(one) === runOf(node)) alone = false;
    if (
      one.type !== 'Identifier' ||
      (one.parent?.type === 'MemberExpression' && one.parent.property === one && !one.parent.computed)
    )
      return;
    const variable = view.values.variable(one);
    if (!variable) return;
    const [definition] = variable.defs;
    const at = definition?.name as Node | undefined;
    if (at && !isInside(at, node) && isInside(at, body)) alone = false;
  });
  return alone;
}

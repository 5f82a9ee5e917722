import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { listed } from '../catalog/index.js';
import { type Argument, parse, type Signature } from '../catalog/signature.js';
import { handleNode } from '../ownership/handle.js';
import { namesIn, type Start } from '../ownership/starts.js';
import { isInside, runOf, thisBody } from '../syntax/functions.js';
import type { Variable } from '../syntax/values.js';
import { bare, type Body, calleeName, dressed, type Fn, isClass, isFunction, memberNamed, nameOf, type Node, walk } from '../syntax/walk.js';
import { returnsPromise, typeOfResult } from '../types/known.js';
import { type Change, type Edit, freeName, insertBefore, isTypeScript, quoteOf, replace, semicolon, type View } from './edit.js';
import { eventType } from './events.js';
import { insertAfterStatement, insertBeforeStatement, insertField, listAround, moved, statementOf } from './statements.js';
import { endName, handleName, listenerName, newField } from './names.js';

/** Where an end is to stand. */
export interface Place {
  /** The block, or the class whose method is still to be written. */
  readonly node: Node;
  /** What `this` stands for there. */
  readonly body: Body | null;
  /** Can the end be awaited there? */
  readonly isAsync: boolean;
}

/** An end as it is written at a place, and the changes that make what it needs reachable from there. */
export interface Reached {
  readonly call: string;
  /** The condition without which it fails; null where it never does. */
  readonly guard: string | null;
  readonly changes: Edit;
}

/** One value as it is written at a place. */
interface Written {
  readonly text: string;
  readonly changes: Edit;
  /** What it may be instead. */
  readonly besides?: Missing;
}
type Missing = 'no' | 'null' | 'nullish' | 'undefined';

export function placeIn(block: Node, fn: Fn): Place {
  return { node: block, body: thisBody(block), isAsync: fn.async };
}

/** The end of a start, written so that it works at a place; null where a value it needs cannot be had there. */
export function endAt(start: Start, place: Place, view: View): Reached | null {
  const signature = endOf(start, view);
  return signature && (written(signature, start, place, view) ?? throughClosure(signature, start, place, view));
}

/** The end as a statement. */
export function statementText({ call, guard }: Reached, view: View): string {
  return `${guard === null ? '' : `if (${guard}) `}${call}${semicolon(view.sourceCode)}`;
}

/** The end to offer: the first one that is a call; of an iterator taken from what was started, the one that iterators have. */
function endOf(start: Start, { values }: View): Signature | null {
  const handle = handleNode(start, values);
  const isIterator = handle.type === 'CallExpression' && calleeName(handle) === '[Symbol.asyncIterator]';
  return listed(start.resource.end).map((text) => parse(text)).find(({ isCall, module, callee }) => isCall && module === null && (!isIterator || callee.at(-1) === 'return')) ?? null;
}

/** What an end by the given word takes for one of its names at a place, and where. */
export function writtenAt(start: Start, name: string, word: string, place: Place, view: View): { readonly index: number; readonly text: string; readonly changes: Edit } | null {
  const signature = listed(start.resource.end).map((text) => parse(text)).find(({ callee }) => callee.at(-1) === word);
  const index = signature?.arguments.findIndex((one) => (one.kind === 'options' ? one.names.includes(name) : one.kind === 'name' && one.name === name)) ?? -1;
  const argument = signature?.arguments[index];
  if (!argument) return null;
  let changes: Edit = [];
  const text = argumentText(argument, start, (one) => {
    const value = valueAt(start, one, place, view);
    changes = value?.changes ?? [];
    return value?.text ?? null;
  }, view);
  return text === null ? null : { index, text, changes };
}

function written(signature: Signature, start: Start, place: Place, view: View): Reached | null {
  const bound = namesIn(start.signature);
  const changes: Change[] = [];
  let missing: Missing = 'no';
  const write = (name: string): string | null => {
    const one = bound.has(name) ? handleAt(start, place, view) : valueAt(start, name, place, view);
    if (!one) return null;
    changes.push(...one.changes);
    if (bound.has(name)) missing = one.besides ?? 'no';
    return one.text;
  };
  const args: string[] = [];
  for (const argument of signature.arguments) {
    const given = argumentText(argument, start, write, view);
    if (given === null) return null;
    if (given !== '') args.push(given);
  }
  const [root, ...path] = signature.callee as [string, ...string[]];
  const isValue = bound.has(root) || start.resource.where?.[root] !== undefined || start.names.has(root);
  const receiver = isValue ? write(root) : rootText(root, start, view);
  if (receiver === null) return null;
  const isHandle = bound.has(root);
  // Iterators may have no `return`.
  const optional = path.at(-1) === 'return' ? '?.' : '';
  const call = `${callee(receiver, path, isHandle ? missing : 'no', signature.optional)}${optional}(${args.join(', ')})`;
  const guard = isHandle || !isTypeScript(view) ? null : guardFor(missing, signature, args);
  const awaits = place.isAsync && isHandle && endReturnsPromise(start, path.at(-1) ?? '', view);
  return { call: awaits ? `await ${call}` : call, guard, changes: unique(changes) };
}

function callee(receiver: string, path: readonly string[], missing: Missing, optional: Signature['optional']): string {
  const [first, ...rest] = path;
  if (first === undefined) return missing === 'no' ? receiver : `${receiver}?.`;
  const dot = missing === 'no' ? '.' : '?.';
  const member = first.startsWith('[') ? (missing === 'no' ? first : `?.${first}`) : `${dot}${first}`;
  const chain = rest.reduce((before, name, at) => `${before}${optional.has(path[at]!) ? '?' : ''}.${name}`, `${receiver}${member}`);
  return chain.replaceAll('.[', '[').replaceAll('?[', '?.[');
}

/** Clearing a timer that is `undefined` is fine; everything else has to be there. */
function guardFor(missing: Missing, { callee: [root] }: Signature, [handle]: readonly string[]): string | null {
  if (missing === 'no' || (missing === 'undefined' && /^clear(?:Interval|Timeout|Immediate)$/.test(root!))) return null;
  return `${handle} ${missing === 'nullish' ? '!=' : '!=='} ${missing === 'undefined' ? 'undefined' : 'null'}`;
}

function argumentText(argument: Argument, start: Start, write: (name: string) => string | null, view: View): string | null {
  if (argument.kind === 'literal') return quoteOf(view.sourceCode) + argument.value + quoteOf(view.sourceCode);
  if (argument.kind === 'callback') return null;
  if (argument.kind === 'name') return namesIn(start.signature).has(argument.name) || start.names.get(argument.name) ? write(argument.name) : '';
  for (const name of argument.names) {
    if (!start.names.has(name)) continue;
    const value = start.names.get(name);
    if (!value) return null;
    const { root } = view.values.of(value);
    if (root.kind !== 'literal') return null;
    if (!root.value) continue;
    return value.parent?.type === 'Property' ? `{ ${name}: true }` : 'true';
  }
  return '';
}

/** `clearInterval`, as the start reaches its own function: `window.clearInterval` where it says `window.setInterval`. */
function rootText(root: string, { node, resource }: Start, view: View): string | null {
  const callee = bare(node.callee);
  if (callee.type === 'MemberExpression' && (resource.from !== undefined || view.values.of(callee).path.length === 0)) {
    return resource.from === undefined || listed(resource.start)[0]!.includes(`${root}.`) ? prefixed(root, callee, view) : `${view.text(callee.object)}.${root}`;
  }
  const isShadowed = view.values.of(callee).root.kind === 'global' || resource.from === undefined;
  return isShadowed || /^clear/.test(root) ? root : null;
}

function prefixed(root: string, callee: TSESTree.MemberExpression, view: View): string {
  const object = bare(callee.object);
  return object.type === 'Identifier' && /^(?:window|globalThis|self|global)$/.test(object.name) ? `${view.text(object)}.${root}` : root;
}

/** Does the end of this handle return a promise? */
function endReturnsPromise(start: Start, method: string, { values }: View): boolean {
  if (start.resource.kind === 'lock') return false;
  if (start.signature.awaited) return true;
  if (method === 'return') return !/^(?:\[Symbol\.iterator\]|entries|keys|values|matchAll)$/.test(calleeName(start.node));
  const origin = values.origin(start.node.callee);
  if (origin === null) return false;
  const type = start.signature.isNew ? origin : (typeOfResult(origin) ?? '');
  return returnsPromise(`${type}#${method}`);
}

// --- the handle ---

/** The handle's name at a place: the one it has, or a new local or field. */
function handleAt(start: Start, place: Place, view: View): Written | null {
  const handle = view.handleOf(start);
  if (handle.kind === 'dropped') return keepAt(start, place, view);
  if (handle.kind !== 'kept') return null;
  const field = handle.fields.find(({ body }) => body === place.body);
  if (field) return { text: `this.${field.name}`, changes: [], besides: fieldMayBe(field.body, field.name, start, view) };
  for (const variable of handle.variables) {
    if (refersTo(variable.name, place.node, view) === variable) return { text: variable.name, changes: [], besides: variableMayBe(variable) };
  }
  const [variable] = handle.variables;
  if (!variable || handle.variables.length > 1) return null;
  return hoisted(start, variable, place, view) ?? (place.body && place.body === thisBody(start.node) ? fieldOfVariable(start, variable, place.body, view) : null);
}

/** Names what nothing keeps yet. */
function keepAt(start: Start, place: Place, view: View): Written | null {
  const node = dressed(handleNode(start, view.values));
  const statement = statementOf(node);
  if (statement?.type !== 'ExpressionStatement' || dressed(statement.expression) !== node || typeof start.signature.binding !== 'string') return null;
  const list = listAround(statement);
  if (list && isInside(place.node, list) && sameScope(list, place, start)) {
    const name = freeName(handleName(start), [statement, place.node], view.sourceCode);
    return { text: name, changes: [insertBefore(node, `const ${name} = `)] };
  }
  if (place.node.type !== 'ClassBody' && !isClass(place.node) && runOf(place.node) === runOf(start.node) && isInside(statement, place.node)) {
    const name = freeName(handleName(start), [statement, place.node], view.sourceCode);
    const declaration = declareBefore(start, name, place.node, view);
    return declaration && { text: name, changes: [declaration, insertBefore(node, `${name} = `)], besides: 'undefined' };
  }
  if (!place.body || place.body !== thisBody(start.node)) return null;
  const field = newField(place.body, handleName(start), view);
  const declared = declaredField(field.declared, start, place.body, view);
  return declared && { text: field.access, changes: [...declared, insertBefore(node, `${field.access} = `)], besides: 'undefined' };
}

function sameScope(list: Node, place: Place, start: Start): boolean {
  return place.node === list || isInside(place.node, list) || runOf(place.node) === runOf(start.node);
}

/** `let timer: … | undefined` before the statement of the place's block that has the start in it. */
function declareBefore(start: Start, name: string, block: Node, view: View): Change | null {
  if (block.type !== 'BlockStatement') return null;
  const outer = block.body.find((one) => isInside(start.node, one));
  const type = isTypeScript(view) ? handleType(start, view) : '';
  if (!outer || type === null) return null;
  return insertBeforeStatement(outer, `let ${name}${type && `: ${type} | undefined`}${semicolon(view.sourceCode)}`, view.sourceCode);
}

/** Declares a local of an inner block where an outer one can see it. */
function hoisted(start: Start, variable: Variable, place: Place, view: View): Written | null {
  const declarator = variable.defs[0]?.node;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || declarator.id.typeAnnotation || !declarator.init) return null;
  const { parent } = declarator;
  if (parent.type !== 'VariableDeclaration' || parent.declarations.length !== 1 || runOf(place.node) !== runOf(start.node) || !isInside(start.node, place.node)) return null;
  if (refersTo(variable.name, place.node, view) !== null) return null;
  const declaration = declareBefore(start, variable.name, place.node, view);
  return declaration && { text: variable.name, changes: [declaration, { start: parent.range[0], end: declarator.range[0], text: '' }], besides: 'undefined' };
}

function fieldOfVariable(start: Start, variable: Variable, body: Body, view: View): Written | null {
  const statement = statementOf(start.node);
  if (!statement || !listAround(statement)) return null;
  const field = newField(body, variable.name, view);
  const declared = declaredField(field.declared, start, body, view);
  return declared && {
    text: field.access,
    changes: [...declared, insertAfterStatement(statement, `${field.access} = ${variable.name}${semicolon(view.sourceCode)}`, view.sourceCode)],
    besides: 'undefined',
  };
}

function declaredField(declared: string | null, start: Start, body: Body, view: View): Edit | null {
  if (declared === null) return isTypeScript(view) ? null : [];
  const type = isTypeScript(view) ? handleType(start, view) : '';
  if (type === null) return null;
  const field = insertField(body, `${declared}${type && `: ${type} | undefined`}`, view.sourceCode);
  return field && [field];
}

/** The type of a handle as it is written: `ReturnType<typeof setInterval>`, `Worker`; null where it cannot be. */
export function handleType({ node, signature }: Start, view: View): string | null {
  const callee = bare(node.callee);
  if (node.type === 'NewExpression') return node.typeArguments ? `${view.text(callee)}${view.text(node.typeArguments)}` : isDotted(callee) ? view.text(callee) : null;
  if (!isDotted(callee)) return null;
  if (/^(?:requestAnimationFrame|requestIdleCallback)$/.test(view.values.origin(callee) ?? '')) return 'number';
  const type = `ReturnType<typeof ${view.text(callee)}>`;
  return signature.awaited ? `Awaited<${type}>` : type;
}

/** A name of the module, or a global, and what is read from it: it can stand in a type. */
function isDotted(node: Node): boolean {
  const inner = bare(node);
  return inner.type === 'Identifier' || (inner.type === 'MemberExpression' && !inner.computed && inner.property.type === 'Identifier' && inner.object.type !== 'ThisExpression' && isDotted(inner.object));
}

function fieldMayBe(body: Body, name: string, start: Start, view: View): Missing {
  const member = isClass(body) ? memberNamed(body, name) : null;
  if (member?.type !== 'PropertyDefinition') return 'undefined';
  if (member.value && isInside(start.node, member.value)) return 'no';
  const annotation = member.typeAnnotation?.typeAnnotation;
  const initial = member.value && view.text(member.value);
  const parts = annotation?.type === 'TSUnionType' ? annotation.types : [];
  const isNull = parts.some(({ type }) => type === 'TSNullKeyword') || initial === 'null';
  const isUndefined = member.optional || parts.some(({ type }) => type === 'TSUndefinedKeyword') || initial === 'undefined' || (!annotation && !member.value);
  if (isNull) return isUndefined ? 'nullish' : 'null';
  return isUndefined || !isTypeScript(view) ? 'undefined' : 'no';
}

function variableMayBe({ defs: [definition] }: Variable): Missing {
  if (definition?.type !== 'Variable') return 'no';
  const { init, id } = definition.node;
  const annotation = id.typeAnnotation?.typeAnnotation;
  const parts = annotation?.type === 'TSUnionType' ? annotation.types : [];
  const isNull = parts.some(({ type }) => type === 'TSNullKeyword') || (init?.type === 'Literal' && init.value === null);
  const isUndefined = parts.some(({ type }) => type === 'TSUndefinedKeyword') || (!init && !annotation);
  if (isNull) return isUndefined ? 'nullish' : 'null';
  return isUndefined ? 'undefined' : 'no';
}

// --- the other values ---

/** A value of the start at a place: as it is written there, or under a new name. */
function valueAt(start: Start, name: string, place: Place, view: View): Written | null {
  const node = start.names.get(name);
  if (!node) return null;
  const value = unchained(bare(node), view);
  if (isReachable(value, place, view)) return { text: view.text(value), changes: [] };
  const given = view.values.initialOf(value);
  if (given !== value && !isFunction(value)) return null;
  return nameValue(value, node, name, start, place, view);
}

/** `target.on('a', f).on('b', g)`: both are on `target`. */
function unchained(node: Node, view: View): Node {
  let at = node;
  for (let inner = bare(at); inner.type === 'CallExpression'; inner = bare(at)) {
    const callee = bare(inner.callee);
    if (callee.type !== 'MemberExpression' || !/^(?:on|once|addListener|prependListener|setMaxListeners)$/.test(nameOf(callee) ?? '')) break;
    at = callee.object;
  }
  return view.values.of(at).root.kind === 'unknown' ? node : at;
}

/** Does the text of an expression stand for the same value at a place? */
function isReachable(node: Node, place: Place, view: View): boolean {
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

/** The variable that a name means at a place; null for globals. */
function refersTo(name: string, node: Node, view: View): Variable | null {
  for (let scope = view.sourceCode.getScope(node) as TSESLint.Scope.Scope | null; scope; scope = scope.upper) {
    const found = scope.set.get(name);
    if (found && found.defs.length > 0) return found;
  }
  return null;
}

/** Gives a value that is made on the spot a name: a local, or a field where the end is in another method. */
function nameValue(value: Node, argument: Node, name: string, start: Start, place: Place, view: View): Written | null {
  const inner = bare(value);
  if (inner.type !== 'CallExpression' && !isFunction(inner)) return null;
  const text = namedText(inner, start, view);
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  if (text === null || !list) return null;
  const wanted = isFunction(inner) || name === 'listener' || name === 'callback' ? wantedName(inner, start, view) : name;
  if (isInside(place.node, list)) {
    const local = freeName(wanted, [statement, place.node], view.sourceCode);
    return { text: local, changes: [insertBeforeStatement(statement, `const ${local} = ${text}${semicolon(view.sourceCode)}`, view.sourceCode), replace(argument, local)] };
  }
  if (!place.body || !isClass(place.body) || place.body !== thisBody(start.node) || !standsAlone(inner, place.body, view)) return null;
  const field = newField(place.body, wanted, view);
  const declared = field.declared === null ? field.access.slice('this.'.length) : field.declared;
  const readonly = !isTypeScript(view) ? declared : declared.startsWith('private ') ? declared.replace('private ', 'private readonly ') : `readonly ${declared}`;
  const added = insertField(place.body, `${readonly} = ${moved(inner, text, place.body, view.sourceCode)}`, view.sourceCode);
  return added && { text: field.access, changes: [added, replace(argument, field.access)] };
}

function wantedName(node: Node, start: Start, view: View): string {
  const bound = node.type === 'CallExpression' ? bare(node.callee) : null;
  const method = bound?.type === 'MemberExpression' && nameOf(bound) === 'bind' ? bare(bound.object) : null;
  const own = method?.type === 'MemberExpression' ? boundName(nameOf(method) ?? '', start, view) : method?.type === 'Identifier' ? `bound${method.name.charAt(0).toUpperCase()}${method.name.slice(1)}` : null;
  return own ?? (isFunction(node) && node.id ? node.id.name : listenerName(start, view.values));
}

/** `onScroll` for `this.onScroll.bind(this)`, where a private name can be told from the method's. */
function boundName(method: string, start: Start, view: View): string {
  const body = thisBody(start.node);
  const isApart = body && newField(body, method, view).access === `this.#${method}`;
  const plain = method.replace(/^[#_]/, '');
  return isApart ? plain : `bound${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
}

/** The text of a value outside the place that gave it its type; null where that type cannot be written. */
function namedText(node: Node, start: Start, view: View): string | null {
  const text = view.text(node);
  if (!isTypeScript(view)) return text;
  if (!isFunction(node)) return node.type === 'CallExpression' && node.arguments.every((argument) => !isFunction(argument) || argument.params.every((parameter) => 'typeAnnotation' in parameter && parameter.typeAnnotation)) ? text : null;
  if (node.type === 'FunctionExpression' && usesThis(node, view) && !node.params.some((one) => one.type === 'Identifier' && one.name === 'this')) return null;
  const untyped = node.params.filter((parameter) => !(parameter.type === 'AssignmentPattern' || ('typeAnnotation' in parameter && parameter.typeAnnotation)));
  if (untyped.length === 0) return text;
  const [parameter] = untyped;
  const name = view.values.text(start.names.get('type'));
  const type = name !== null && /EventListener$/.test(start.signature.callee.at(-1)!) ? eventType(name) : null;
  if (untyped.length > 1 || parameter !== node.params[0] || type === null || parameter!.type === 'RestElement') return null;
  const from = node.range[0];
  const [before, after] = [text.slice(0, parameter!.range[0] - from), text.slice(parameter!.range[1] - from)];
  const isBare = view.sourceCode.getTokenBefore(parameter!)?.value !== '(';
  const typed = `${view.text(parameter!)}: ${type}`;
  return isBare ? `${before}(${typed})${after}` : `${before}${typed}${after}`;
}

function usesThis(fn: Fn, view: View): boolean {
  let found = false;
  walk(view.sourceCode, fn.body, (node) => {
    found ||= node.type === 'ThisExpression';
    return node.type !== 'FunctionExpression' && node.type !== 'FunctionDeclaration';
  });
  return found;
}

/** Does an expression need nothing but `this` and what can be seen from outside a class? */
export function standsAlone(node: Node, body: Body, view: View): boolean {
  let alone = true;
  walk(view.sourceCode, node, (one) => {
    if (one.type === 'Identifier' && one.name === 'arguments') alone = false;
    if (one.type === 'AwaitExpression' && runOf(one) === runOf(node)) alone = false;
    if (one.type !== 'Identifier' || (one.parent?.type === 'MemberExpression' && one.parent.property === one && !one.parent.computed)) return;
    const variable = view.values.variable(one);
    if (!variable) return;
    const [definition] = variable.defs;
    const at = definition?.name as Node | undefined;
    if (at && !isInside(at, node) && isInside(at, body)) alone = false;
  });
  return alone;
}

// --- ends that need what only the start's own place has ---

/** Keeps a function that ends the start in a field, where its values are locals of another method. */
function throughClosure(signature: Signature, start: Start, place: Place, view: View): Reached | null {
  const body = place.body;
  const statement = statementOf(start.node);
  const list = statement && listAround(statement);
  const fn = runOf(start.node);
  if (!body || !isClass(body) || body !== thisBody(start.node) || !list || !fn || start.signature.binding !== null) return null;
  const inner = written(signature, start, { node: list, body, isAsync: false }, view);
  if (!inner || inner.guard !== null) return null;
  const field = newField(body, endName(start), view);
  const type = isTypeScript(view) ? ': (() => void) | undefined' : '';
  const declaration = field.declared === null ? null : insertField(body, `${field.declared}${type}`, view.sourceCode);
  if (field.declared !== null && !declaration) return null;
  const kept = insertAfterStatement(statement, `${field.access} = () => ${inner.call}${semicolon(view.sourceCode)}`, view.sourceCode);
  return { call: `${field.access}?.()`, guard: null, changes: [...(declaration ? [declaration] : []), ...inner.changes, kept] };
}

/** Changes asked for twice are made once. */
function unique(changes: readonly Change[]): Edit {
  return changes.filter((one, at) => !changes.slice(0, at).some((other) => other.start === one.start && other.end === one.end && other.text === one.text));
}


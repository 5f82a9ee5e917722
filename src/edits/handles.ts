import { listed } from '../catalog/index.js';
import { parse } from '../catalog/signature.js';
import { handleNode } from '../ownership/holders/handle.js';
import { isState } from '../ownership/holders/state.js';
import type { Start } from '../ownership/starts/starts.js';
import { calledOnly } from '../ownership/verdict/one-shots.js';
import { enclosingFunction, isInside, loopAround, runOf, thisBody } from '../syntax/functions.js';
import type { Variable } from '../syntax/value.js';
import { bare, type Body, dressed, type Fn, isClass, type Node } from '../syntax/walk.js';
import {
  type Change,
  type Edit,
  freeName,
  indentOf,
  insertAfter,
  insertBefore,
  isTypeScript,
  lineBreak,
  semicolon,
  type View,
} from './edit.js';
import { typeImportOf } from './imports.js';
import { fieldMayBe, refMayBe, variableMayBe } from './missing.js';
import { handleName, newField } from './names.js';
import { type Place, refersTo, type Written } from './place.js';
import { insertAfterStatement, insertBeforeStatement, insertField, listAround, statementOf } from './statements.js';

/** The handle's name at a place: the one it has, or a new local or field. */
export function handleAt(start: Start, place: Place, view: View): Written | null {
  const handle = view.handleOf(start);
  if (handle.kind === 'dropped') return keepAt(start, place, view);
  if (handle.kind !== 'kept') return null;
  const field = handle.fields.find(({ body }) => body === place.body);
  if (field)
    return {
      text: `this.${field.name}`,
      changes: keepFirst(start, `this.${field.name}`, view),
      besides: fieldMayBe(field.body, field.name, start, view),
    };
  for (const ref of handle.refs) {
    if (refersTo(ref.name, place.node, view) === ref)
      return { text: `${ref.name}.current`, changes: [], besides: refMayBe(ref) };
  }
  for (const variable of handle.variables) {
    // A cleanup that names a state ends what was there before.
    if (!isState(variable) && refersTo(variable.name, place.node, view) === variable)
      return { text: variable.name, changes: [], besides: variableMayBe(variable, start) };
  }
  const [variable] = handle.variables;
  if (!variable || isState(variable) || handle.variables.length > 1) return null;
  return (
    hoisted(start, variable, place, view) ??
    (place.body && place.body === thisBody(start.node)
      ? fieldOfVariable(start, variable, place.body, place, view)
      : null)
  );
}

/** Names what nothing keeps yet. */
function keepAt(start: Start, place: Place, view: View): Written | null {
  const node = dressed(handleNode(start, view.values));
  if (isBody(node, place)) {
    const name = freeName(handleName(start), place.node, view.sourceCode);
    const { parent } = node;
    return {
      text: name,
      changes: [
        parent?.type === 'UnaryExpression'
          ? { start: parent.range[0], end: node.range[0], text: `const ${name} = ` }
          : insertBefore(node, `const ${name} = `),
      ],
    };
  }
  const statement = statementOf(node);
  if (statement?.type !== 'ExpressionStatement' || typeof start.signature.binding !== 'string') return null;
  const list = listAround(statement);
  const isAlone = dressed(statement.expression) === node;
  if (!isAlone && !(list && isReceiverOf(statement.expression, node))) return null;
  // `new ResizeObserver(f).observe(element)`: a statement that keeps it, and one that goes on with it.
  const kept = (name: string): Edit =>
    isAlone
      ? []
      : [
          insertAfter(
            node,
            `${semicolon(view.sourceCode)}${lineBreak(view.sourceCode)}${indentOf(statement, view.sourceCode)}${name}`,
          ),
        ];
  if (list && isInside(place.node, list) && sameScope(list, place, start)) {
    const name = freeName(handleName(start), [statement, place.node], view.sourceCode);
    return { text: name, changes: [insertBefore(node, `const ${name} = `), ...kept(name)] };
  }
  // One name holds one handle.
  if (loopAround(start.node)) return null;
  if (
    place.node.type !== 'ClassBody' &&
    !isClass(place.node) &&
    (runOf(place.node) === runOf(start.node) || isAroundRound(start, place.node, view)) &&
    isInside(statement, place.node)
  ) {
    const name = freeName(handleName(start), [statement, place.node], view.sourceCode);
    const declaration = declareBefore(start, name, place.node, view);
    const first = keepFirst(start, name, view);
    const isTooLate = first.some((change) => change.start < (declaration?.at(-1)?.start ?? 0));
    return declaration && !isTooLate
      ? {
          text: name,
          changes: [...declaration, insertBefore(node, `${name} = `), ...kept(name), ...first],
          besides: 'undefined',
        }
      : null;
  }
  if (!place.body || place.body !== thisBody(start.node) || isSameRun(place, start)) return null;
  const field = newField(place.body, handleName(start), view);
  const declared = declaredField(field.declared, start, place.body, view);
  return (
    declared && {
      text: field.access,
      changes: [
        ...declared,
        insertBefore(node, `${field.access} = `),
        ...kept(field.access),
        ...keepFirst(start, field.access, view),
      ],
      besides: 'undefined',
    }
  );
}

/** `const draw = () => { requestAnimationFrame(draw); };`: does a timer start itself again in a function of a block? */
export function isAroundRound(start: Start, block: Node, view: View): boolean {
  const round = roundOf(start, view);
  return round !== null && !round.async && runOf(start.node) === round && enclosingFunction(round) === runOf(block);
}

/** What a timer runs, in which it starts itself again; null where it does not. */
function roundOf(start: Start, view: View): Fn | null {
  const fn = start.resource.kind === 'timeout' ? runBy(start, view) : null;
  return fn && isInside(start.node, fn) ? fn : null;
}

function runBy({ names }: Start, { values }: View): Fn | null {
  const callback = names.get('callback');
  const fn = callback ? values.functionOf(callback) : null;
  return fn && (calledOnly(fn, values) ?? fn);
}

/** What holds a timer that starts itself again has to hold the one that it begins with, too. */
function keepFirst(start: Start, text: string, view: View): Change[] {
  const round = roundOf(start, view);
  const others = round ? view.starts(start.resource.kind) : [];
  return others
    .filter(
      (one) =>
        one !== start &&
        one.node.parent.type === 'ExpressionStatement' &&
        one.signature === start.signature &&
        thisBody(one.node) === thisBody(start.node) &&
        runBy(one, view) === round,
    )
    .map(({ node }) => insertBefore(node, `${text} = `));
}

/** Is an expression a call of a method of a node? */
function isReceiverOf(expression: Node, node: Node): boolean {
  const call = bare(expression);
  const callee = call.type === 'CallExpression' ? bare(call.callee) : null;
  return callee?.type === 'MemberExpression' && callee.object === node;
}

/**
 * `() => setInterval(tick, 1000)`, `() => void setInterval(tick, 1000)`: is a node all that the place does, which is to
 * become a block?
 */
function isBody(node: Node, { node: body }: Place): boolean {
  const outer = node.parent?.type === 'UnaryExpression' && node.parent.operator === 'void' ? node.parent : node;
  return body === outer && outer.parent?.type === 'ArrowFunctionExpression' && outer.parent.body === outer;
}

function sameScope(list: Node, place: Place, start: Start): boolean {
  return place.node === list || isInside(place.node, list) || runOf(place.node) === runOf(start.node);
}

/** `let timer: … | undefined` before the statement of the place's block that has the start in it. */
function declareBefore(start: Start, name: string, block: Node, view: View): Edit | null {
  if (block.type !== 'BlockStatement') return null;
  const outer = block.body.find((one) => isInside(start.node, one));
  const type = isTypeScript(view) ? typeFor(start, view) : null;
  if (!outer || (isTypeScript(view) && !type)) return null;
  return [
    ...(type?.changes ?? []),
    insertBeforeStatement(
      outer,
      `let ${name}${type ? `: ${type.text} | undefined` : ''}${semicolon(view.sourceCode)}`,
      view.sourceCode,
    ),
  ];
}

/** Declares a local of an inner block where an outer one can see it. */
function hoisted(start: Start, variable: Variable, place: Place, view: View): Written | null {
  const declarator = variable.defs[0]?.node;
  if (
    declarator?.type !== 'VariableDeclarator' ||
    declarator.id.type !== 'Identifier' ||
    declarator.id.typeAnnotation ||
    !declarator.init
  )
    return null;
  const { parent } = declarator;
  if (
    parent.type !== 'VariableDeclaration' ||
    parent.declarations.length !== 1 ||
    runOf(place.node) !== runOf(start.node) ||
    !isInside(start.node, place.node)
  )
    return null;
  if (refersTo(variable.name, place.node, view) !== null) return null;
  const declaration = declareBefore(start, variable.name, place.node, view);
  return (
    declaration && {
      text: variable.name,
      changes: [...declaration, { start: parent.range[0], end: declarator.range[0], text: '' }],
      besides: 'undefined',
    }
  );
}

/** Is the place in the run that starts, for which a field would be shared with other runs? */
function isSameRun({ node }: Place, start: Start): boolean {
  return !isClass(node) && runOf(node) === runOf(start.node);
}

function fieldOfVariable(start: Start, variable: Variable, body: Body, place: Place, view: View): Written | null {
  const statement = statementOf(start.node);
  if (!statement || !listAround(statement) || loopAround(start.node) || isSameRun(place, start)) return null;
  // `fetch(url).then((response) => …)`: where the statement ends, nothing has that name.
  if (refersTo(variable.name, statement, view) !== variable) return null;
  const field = newField(body, variable.name, view);
  const declared = declaredField(field.declared, start, body, view);
  return (
    declared && {
      text: field.access,
      changes: [
        ...declared,
        insertAfterStatement(
          statement,
          `${field.access} = ${variable.name}${semicolon(view.sourceCode)}`,
          view.sourceCode,
        ),
      ],
      besides: 'undefined',
    }
  );
}

function declaredField(declared: string | null, start: Start, body: Body, view: View): Edit | null {
  if (declared === null) return isTypeScript(view) ? null : [];
  const type = isTypeScript(view) ? typeFor(start, view) : null;
  if (isTypeScript(view) && !type) return null;
  const field = insertField(body, `${declared}${type ? `: ${type.text} | undefined` : ''}`, view.sourceCode);
  return field && [...(type?.changes ?? []), field];
}

/** The type of a handle, and what brings its name in: what the start says, or what can be done to end it. */
function typeFor(start: Start, view: View): { readonly text: string; readonly changes: Edit } | null {
  const text = handleType(start, view);
  if (text !== null) return { text, changes: [] };
  const [end] = listed(start.resource.end).map((one) => parse(one));
  const { callee, arguments: args } = end!;
  if (callee.length !== 2 || callee[0] !== start.signature.binding || args.length > 0) return null;
  const known =
    start.resource.where?.['target'] === 'rxjs.Observable' ? typeImportOf('rxjs', 'Subscription', view) : null;
  if (known) return { text: known.name, changes: known.change ? [known.change] : [] };
  return { text: `{ ${callee[1]!}(): unknown }`, changes: [] };
}

/** The type of a handle as it is written: `ReturnType<typeof setInterval>`, `Worker`; null where it cannot be. */
export function handleType({ node, signature }: Start, view: View): string | null {
  const callee = bare(node.callee);
  if (node.type === 'NewExpression')
    return node.typeArguments
      ? `${view.text(callee)}${view.text(node.typeArguments)}`
      : isDotted(callee)
        ? view.text(callee)
        : null;
  if (!isDotted(callee)) return null;
  // Those of a window are numbers, also where Node's types are known.
  const isOfWindow = callee.type === 'MemberExpression' && /^(?:self|window)$/.test(view.text(callee.object));
  if (
    (isOfWindow ? /^set(?:Interval|Timeout)$|^request/ : /^request(?:AnimationFrame|IdleCallback)$/).test(
      view.values.origin(callee) ?? '',
    )
  )
    return 'number';
  const type = `ReturnType<typeof ${view.text(callee)}>`;
  return signature.awaited ? `Awaited<${type}>` : type;
}

/** A name of the module, or a global, and what is read from it: it can stand in a type. */
function isDotted(node: Node): boolean {
  const inner = bare(node);
  return (
    inner.type === 'Identifier' ||
    (inner.type === 'MemberExpression' &&
      !inner.computed &&
      inner.property.type === 'Identifier' &&
      inner.object.type !== 'ThisExpression' &&
      isDotted(inner.object))
  );
}

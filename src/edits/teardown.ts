import { endWithOwner } from '../ownership/ends/endings.js';
import { type End, endsOf } from '../ownership/ends/ends.js';
import { isForOneOfMany, isLostInRound, isOverwritten, isStartedAgain } from '../ownership/ends/overwriting.js';
import { lastNameOf } from '../ownership/ends/siblings.js';
import type { Handle } from '../ownership/holders/handle.js';
import { mayRunAgain } from '../ownership/owners/once.js';
import { endsOne } from '../ownership/owners/instance-ends.js';
import type { Start } from '../ownership/starts/starts.js';
import { clearsAnother, purposeOf, runsOften } from '../ownership/verdict/one-shots.js';
import {
  enclosingFunction,
  functionName,
  isGetter,
  isInside,
  loopAround,
  runOf,
  thisBody,
} from '../syntax/functions.js';
import { bodyOfMember } from '../syntax/members.js';
import {
  bare,
  type Class,
  dressed,
  interfacesOf,
  isClass,
  isFunction,
  nameOf,
  type Node,
  walk,
} from '../syntax/walk.js';
import { isLinkCallback } from './asynchronous.js';
import { watches } from './concern.js';
import {
  type Change,
  type Edit,
  indentOf,
  indentStep,
  isTypeScript,
  lineBreak,
  replace,
  semicolon,
  together,
  type View,
} from './edit.js';
import { typeImportOf } from './imports.js';
import { clearEntry } from './maps.js';
import { placeIn } from './place.js';
import { endAt, endReturnsPromise, type Reached, statementText } from './reach.js';
import { reportingAt } from './reports.js';
import {
  addFirst,
  endOfLine,
  insertAfterStatement,
  insertBeforeStatement,
  isFirstOnLine,
  listAround,
  statementOf,
} from './statements.js';
import { standsAlone } from './values.js';

/** Ends the start in the teardown of its instance: the method that is there, or the one that its life cycle calls. */
export function endInTeardown(view: View, start: Start): Edit | null {
  const owner = view.ownerOf(start);
  const run = runOf(start.node);
  // What a getter gives is for whoever reads it.
  if (owner.kind !== 'instance' || !owner.teardown || (run && isGetter(run))) return null;
  const [existing] = owner.teardown.functions;
  if (!existing)
    return isClass(owner.node) && owner.teardown.method
      ? inNewMethod(start, owner.node, owner.teardown.method, view)
      : null;
  // `close(id)` may end one of many; what is returned on its own has an edit of its own.
  if (
    isInside(start.node, existing) ||
    watches(start, view) ||
    endsOne(functionName(existing) ?? '', existing) ||
    isNeededLast(start, view) ||
    dressed(existing).parent?.type === 'ReturnStatement'
  )
    return null;
  const reached = endAt(start, placeIn(existing.body, existing), view);
  const again = reached && endedFirst(start, reached, view);
  const added = again && addFirst(existing, statementText(reached, view), 'return ', view.sourceCode);
  return together(again, reached && reached.changes, added);
}

/**
 * Is it the listener for failures of an emitter that the instance was given, and may end itself? Without one, a failure
 * that comes late is thrown.
 */
export function isNeededLast(start: Start, { values, oracle }: View): boolean {
  const target = start.names.get('target');
  if (
    !target ||
    values.text(start.names.get('type')) !== 'error' ||
    !/^(?:on|once|addListener)$/.test(start.signature.callee.at(-1)!)
  )
    return false;
  const { root } = values.of(target);
  return (
    oracle.is(target, 'EventTarget') !== 'yes' &&
    (root.kind === 'this' || (root.kind === 'variable' && root.variable.defs[0]?.type === 'Parameter'))
  );
}

/**
 * Ends what a field or a variable still holds before the start overwrites it; in the teardown, too, where nothing does.
 */
export function clearFirst(view: View, start: Start): Edit | null {
  const handle = view.handleOf(start);
  // Each item of a loop has one of its own: without it, its work is not done.
  const isOfItem = /^For(?:In|Of)Statement$/.test(loopAround(start.node)?.type ?? '');
  const entry = clearEntry(view, start);
  if (entry || handle.kind !== 'kept' || isOfItem) return entry;
  const [field] = handle.fields;
  return together(
    endBefore(start, view),
    field && !endWithOwner(field.body, realEnds(start, handle, view), view) ? endInTeardown(view, start) : [],
  );
}

function realEnds(start: Start, handle: Handle, view: View): readonly End[] {
  return endsOf(start, handle, view.index, view).filter(({ differs }) => differs === null);
}

/** Ends what the handle still holds, before the start. */
function endBefore(start: Start, view: View): Edit | null {
  const statement = statementOf(start.node);
  const fn = enclosingFunction(start.node);
  if (!statement || !listAround(statement) || !fn || isList(view.handleOf(start))) return null;
  const reached = endAt(start, { node: statement, body: thisBody(statement), isAsync: fn.async }, view);
  if (!reached) return null;
  const method = /\.(\w+)\(\)$/.exec(reached.call)?.[1];
  // The end of a worker does not fail.
  const isLost = !fn.async && method !== undefined && method !== 'terminate' && endReturnsPromise(start, method, view);
  const call = isLost ? `${reached.call}.catch(${reportingAt(statement, view)})` : reached.call;
  return [
    ...reached.changes,
    insertBeforeStatement(statement, statementText({ ...reached, call }, view), view.sourceCode),
  ];
}

/** `popups[0].hide()`: is what was returned a list? */
function isList(handle: Handle): boolean {
  return (
    handle.kind === 'kept' &&
    handle.variables.some(({ references }) =>
      references.some(
        ({ identifier: { parent } }) =>
          parent.type === 'MemberExpression' && parent.computed && parent.property.type === 'Literal',
      ),
    )
  );
}

/**
 * Where a method may start another one into the field that holds it, the one before is ended; null where each has work
 * of its own to do.
 */
function endedFirst(start: Start, reached: Reached, view: View): Edit | null {
  const method = runOf(start.node);
  const handle = view.handleOf(start);
  // What the method alone knows gets a field for its end.
  const isLocal =
    handle.kind === 'kept' &&
    reached.changes.length > 0 &&
    handle.fields.length + handle.refs.length === 0 &&
    handle.variables.every(({ defs: [definition] }) => definition && runOf(definition.name) === method);
  if (handle.kind === 'kept' && !isLocal) {
    if (handle.fields.length === 0 || !matters(start, view)) return [];
    // All but the one of the last round are lost before the teardown.
    if (isLostInRound(start, handle, view)) return null;
    const ends = realEnds(start, handle, view);
    return isStartedAgain(start, handle, ends, view) || isOverwritten(start, handle, ends, view)
      ? endBefore(start, view)
      : [];
  }
  const callback = start.names.get('callback') ?? start.names.get('listener');
  // Each run of a method that others call subscribes to work of its own.
  if (start.resource.kind === 'resource' && start.names.has('listener') && method && mayRunAgain(method)) return null;
  // A function within a method may run again, too; one that starts itself again does so when it is called.
  if (
    (handle.kind !== 'dropped' && !isLocal) ||
    !method ||
    (bodyOfMember(method) && !mayRunAgain(method)) ||
    (callback && view.values.functionOf(callback) === method)
  )
    return [];
  const statement = statementOf(start.node);
  const body = thisBody(start.node);
  if (!statement || !body || !listAround(statement) || !standsAlone(callback ?? start.node, body, view)) return null;
  return [insertBeforeStatement(statement, statementText(reached, view), view.sourceCode)];
}

/** Does it matter that another one is still there when it starts again? A timeout fires soon, and is over. */
function matters(start: Start, view: View): boolean {
  return (
    start.resource.kind !== 'timeout' ||
    (purposeOf(start, view.ownerOf(start), view) !== 'deferral' &&
      (isForOneOfMany(start, view) || runsOften(start) || clearsAnother(start, view)))
  );
}

/** Writes the method that ends the life of an instance of a framework. */
function inNewMethod(start: Start, body: Class, method: string, view: View): Edit | null {
  const cycle = view.owners.frameworks.lifeCycleOf(body);
  const last = memberBefore(start, body);
  const end = cycle?.ends.find((one) => one.method === method);
  if (!end || !last || !isFirstOnLine(last, view.sourceCode)) return null;
  const reached = endAt(start, { node: body, body, isAsync: false }, view);
  const again = reached && endedFirst(start, reached, view);
  if (!again) return null;
  const line = lineBreak(view.sourceCode);
  const indent = indentOf(last, view.sourceCode);
  const inner = line + indent + indentStep(view.sourceCode);
  // Elements of the platform have no such method; those that extend others may.
  const isBase = /^(?:HTML|SVG)\w*Element$/.test(superName(body));
  const callsSuper = end.callsSuper && !isBase;
  const before = callsSuper ? `${inner}super.${method}()${semicolon(view.sourceCode)}` : '';
  const types = isTypeScript(view);
  const override =
    types &&
    (callsSuper || (body.superClass !== null && body.body.body.some((one) => 'override' in one && one.override)))
      ? 'override '
      : '';
  const text = `${line}${isTight(last, body, view) ? '' : line}${indent}${override}${method}()${types ? ': void' : ''} {${before}${inner}${statementText(reached, view)}${line}${indent}}`;
  const at = endOfLine(last, view.sourceCode);
  const added: Change = { start: at, end: at, text };
  const declared = method === 'ngOnDestroy' && types ? implementing(body, 'OnDestroy', view) : [];
  return together(again, reached.changes, [added], declared);
}

/**
 * The member that the method which ends an instance goes after: the one that begins it, the one that starts, or the
 * last one that is a method.
 */
function memberBefore(start: Start, body: Class): Node | undefined {
  const members: readonly Node[] = body.body.body;
  const methods = members.filter((one) => one.type === 'MethodDefinition');
  const begins = methods.find((one) =>
    /^(?:connectedCallback|componentDidMount|hostConnected|mounted|ngOnInit)$/.test(nameOf(one) ?? ''),
  );
  return begins ?? methods.find((one) => isInside(start.node, one)) ?? methods.at(-1) ?? members.at(-1);
}

/** Does the member after another one follow on the next line? */
function isTight(member: Node, body: Class, { sourceCode }: View): boolean {
  const members: readonly Node[] = body.body.body;
  const next = members[members.indexOf(member) + 1];
  return next !== undefined && (sourceCode.lines[member.loc.end.line] ?? '').trim() !== '';
}

function superName({ superClass }: Class): string {
  const parent = superClass && bare(superClass);
  return parent?.type === 'Identifier'
    ? parent.name
    : parent?.type === 'MemberExpression'
      ? (nameOf(parent) ?? '')
      : '';
}

/** `implements OnDestroy`, with its import. */
function implementing(body: Class, wanted: string, view: View): Change[] {
  const known = interfacesOf(body).find(
    ({ expression }) => expression.type === 'Identifier' && expression.name === wanted,
  );
  const imported = known ? null : typeImportOf('@angular/core', wanted, view);
  if (!imported) return [];
  const last = interfacesOf(body).at(-1);
  const at = (last ?? body.superClass ?? body.typeParameters ?? body.id)?.range[1];
  if (at === undefined) return [];
  return [
    ...(imported.change ? [imported.change] : []),
    { start: at, end: at, text: last ? `, ${imported.name}` : ` implements ${imported.name}` },
  ];
}

/** Calls the method that takes the others off in place of the one that adds. */
export function removeInstead(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const sibling =
    verdict.kind !== 'kept' && verdict.sibling?.type === 'CallExpression' ? bare(verdict.sibling.callee) : null;
  const callee = bare(start.node.callee);
  return sibling?.type === 'MemberExpression' && callee.type === 'MemberExpression' && !callee.computed
    ? [replace(callee.property, view.text(sibling.property))]
    : null;
}

/** Ends the start where another one of its kind ends. */
export function endBeside(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const sibling = verdict.kind === 'kept' ? null : verdict.sibling;
  const statement = sibling && outOfBranches(statementOf(sibling), start, view);
  const list = statement && listAround(statement);
  const fn = sibling && enclosingFunction(sibling);
  // What comes after some other work is about that work, and no end of anything else.
  if (fn && isLinkCallback(fn)) return null;
  const callee = sibling?.type === 'CallExpression' ? bare(sibling.callee) : null;
  const target = start.resource.livesIn;
  const own = target === undefined ? null : start.names.get(target);
  const known =
    target !== undefined && own && callee?.type === 'MemberExpression' && isCalledThere(own, callee.object, start, view)
      ? new Map([[target, view.text(callee.object)]])
      : new Map<string, string>();
  const reached =
    list && endAt(start, { node: list, body: thisBody(statement), isAsync: Boolean(fn?.async), known }, view);
  // What may be missing there is asked for as the other end asks.
  const there =
    known.size > 0 && callee?.type === 'MemberExpression' && callee.optional ? view.text(callee.object) : '';
  const call = there && reached?.call.startsWith(`${there}.`) ? `${there}?${reached.call.slice(there.length)}` : null;
  return (
    reached && [
      ...reached.changes,
      insertAfterStatement(
        statement,
        statementText(call === null ? reached : { ...reached, call }, view),
        view.sourceCode,
      ),
    ]
  );
}

/** `if (isMac) off('a', f);`: the outermost condition around a statement that does not ask for the start's target. */
function outOfBranches(statement: Node | null, { names }: Start, view: View): Node | null {
  const target = names.get('target');
  for (let at = statement; at && !isFunction(at); at = at.parent ?? null) {
    if (at.type !== 'IfStatement') continue;
    if (target && asksFor(at.test, target, view)) break;
    statement = at;
  }
  return statement;
}

function asksFor(test: Node, target: Node, { sourceCode, values }: View): boolean {
  let asks = false;
  walk(sourceCode, test, (node) => {
    asks ||= /^(?:Identifier|MemberExpression)$/.test(node.type) && values.same(node, target) === 'yes';
    return !asks;
  });
  return asks;
}

/** Is the target of a start what the sibling's end is called on, or called as that is? */
function isCalledThere(target: Node, there: Node, { node }: Start, { values }: View): boolean {
  const callee = bare(node.callee);
  const isOfAll = ['global', 'import'].includes(values.of(target).root.kind);
  const same = values.same(target, there);
  return (
    callee.type === 'MemberExpression' &&
    callee.object === target &&
    (same === 'yes' || (same === 'maybe' && !isOfAll && lastNameOf(target) === lastNameOf(there)))
  );
}

import { listed } from '../catalog/index.js';
import { parse } from '../catalog/signature.js';
import { type Among, forgottenAt, keptAmong, usesOf } from '../ownership/holders/forgotten.js';
import { endsOne } from '../ownership/owners/instance-ends.js';
import type { Start } from '../ownership/starts/starts.js';
import { endText } from '../ownership/verdict/words.js';
import { fateOf } from '../syntax/fate.js';
import { enclosingFunction, functionName, isInside, runOf } from '../syntax/functions.js';
import { bare, type Call, calleeName, dressed, type Fn, nameOf, type Node } from '../syntax/walk.js';
import { type Edit, freeName, semicolon, together, type View } from './edit.js';
import { handleName } from './names.js';
import { placeIn } from './place.js';
import { endReturnsPromise } from './reach.js';
import { addFirst, insertBeforeStatement, listAround, statementOf } from './statements.js';
import { isReachable } from './values.js';

/** More ends than this hide what a file is about. */
const MANY = 2;

/** Is the handle one of many that a collection keeps, so that no field or local could hold it? */
export function isAmongOthers(view: View, start: Start): boolean {
  return keptAmong(start, view.handleOf(start), view) !== null;
}

/**
 * Ends what an entry of a map holds before the entry is taken out, or all that it holds before it is emptied, and what
 * a field or a variable holds before that is emptied.
 */
export function endThere(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const unset = verdict.kind !== 'kept' && verdict.why === 'forgotten' ? verdict.sibling : null;
  if (unset?.type === 'Identifier' || unset?.type === 'MemberExpression') return beforeUnset(unset, start, view);
  if (verdict.kind !== 'kept' && verdict.handle.kind === 'kept' && verdict.handle.fields.length > 0) return null;
  const among = keptAmong(start, view.handleOf(start), view);
  if (!among) return null;
  const forgotten = forgottenAt(start, view.handleOf(start), view);
  const taken = forgotten?.node.type === 'CallExpression' ? [forgotten.node] : [];
  const places = forgotten ? taken : takenOut(among, start, view);
  return places.length === 0 || places.length > MANY
    ? null
    : together(...places.map((place) => before(place, among, start, view)));
}

/** Ends what an entry of a map still holds before the next one takes its place. */
export function clearEntry(view: View, start: Start): Edit | null {
  const verdict = view.verdict(start);
  const put = verdict.kind !== 'kept' && verdict.why === 'startedAgain' ? verdict.sibling : null;
  const among = put && keptAmong(start, view.handleOf(start), view);
  return among && before(among.call, among, start, view);
}

function beforeUnset(field: Node, start: Start, view: View): Edit | null {
  const statement = statementOf(field);
  const text = view.text(field);
  return statement && listAround(statement)
    ? [
        insertBeforeStatement(
          statement,
          (isSetToNull(field) ? `if (${text}) ` : '') +
            endText(start, { handle: text }, view.values) +
            semicolon(view.sourceCode),
          view.sourceCode,
        ),
      ]
    : null;
}

/** What clears a timer may take no `null`. */
function isSetToNull(field: Node): boolean {
  const { parent } = dressed(field);
  return parent?.type === 'AssignmentExpression' && parent.right.type === 'Literal' && parent.right.value === null;
}

/** Ends all that a collection keeps where its instance ends. */
export function endAll(view: View, start: Start): Edit | null {
  const among = keptAmong(start, view.handleOf(start), view);
  const [existing] = view.ownerOf(start).kind === 'instance' ? endings(start, view) : [];
  if (
    !among ||
    !existing ||
    !isOwnList(among, view) ||
    settlesRecord(among, view) ||
    !isReachable(among.collection, placeIn(existing.body, existing), view)
  )
    return null;
  const emptied = emptyings(among, view).find(({ callee, call }) => callee === 'clear' && isInside(call, existing));
  if (emptied) return before(emptied.call, among, start, view);
  return addFirst(existing, loopOver(among, start, existing.body, view), 'return ', view.sourceCode);
}

/** `{ timer, resolve }`: does somebody wait for what the timer settles? */
function settlesRecord({ call, property }: Among, { values }: View): boolean {
  const given = call.arguments.at(-1);
  const record = property !== null && given ? bare(values.initialOf(given) ?? given) : null;
  return record?.type === 'ObjectExpression' && record.properties.some((one) => nameOf(one) === 'resolve');
}

/** Is it a list or a map that is nobody else's, and that a loop can go over? */
function isOwnList({ collection }: Among, { values, oracle }: View): boolean {
  const { path } = values.of(collection);
  return path.length <= 1 && ['Array', 'Map', 'Set'].some((type) => oracle.is(collection, type) === 'yes');
}

/**
 * Where entries are taken out and left to run: not by what was started itself, nor where the next one starts, nor where
 * their instance ends.
 */
function takenOut(among: Among, start: Start, view: View): Call[] {
  const given = start.names.get('callback');
  const callback = given && view.values.functionOf(given);
  const others = [...(callback ? [callback] : []), ...endings(start, view)];
  return emptyings(among, view).flatMap(({ call }) =>
    others.some((fn) => isInside(call, fn)) || runOf(call) === runOf(start.node) ? [] : [call],
  );
}

/** The methods that end the instance, and not one of many: `close(id)`. */
function endings(start: Start, view: View): readonly Fn[] {
  return view.ownerOf(start).teardown?.functions.filter((fn) => !endsOne(functionName(fn) ?? '', fn)) ?? [];
}

function emptyings({ collection }: Among, view: View): { readonly callee: string; readonly call: Call }[] {
  return usesOf(collection, view).flatMap((use) => {
    const fate = fateOf(use, view.values);
    const callee = fate.kind === 'receiver' && fate.call ? calleeName(fate.call) : '';
    return fate.kind === 'receiver' && fate.call && (callee === 'delete' || callee === 'clear')
      ? [{ callee, call: fate.call }]
      : [];
  });
}

function before(call: Call, among: Among, start: Start, view: View): Edit | null {
  const statement = statementOf(call);
  if (!statement || !listAround(statement)) return null;
  const own = bare(call.callee);
  const collection = own.type === 'MemberExpression' ? own.object : among.collection;
  if (calleeName(call) === 'clear')
    return [
      insertBeforeStatement(statement, loopOver({ ...among, collection }, start, statement, view), view.sourceCode),
    ];
  const [key] = call.arguments;
  if (among.method !== 'set' || !key || !isName(key)) return null;
  const kept = `${view.text(collection)}.get(${view.text(key)})${among.property === null ? '' : `?.${among.property}`}`;
  return [
    insertBeforeStatement(
      statement,
      endText(start, { handle: isReceiver(start) ? `${kept}?` : kept }, view.values) + semicolon(view.sourceCode),
      view.sourceCode,
    ),
  ];
}

/** `for (const timer of this.timers.values()) clearTimeout(timer);` */
function loopOver({ collection, method, property }: Among, start: Start, place: Node, view: View): string {
  const name = property ?? freeName(handleName(start), place, view.sourceCode);
  const item = property === null ? name : `{ ${property} }`;
  const end = endText(start, { handle: name }, view.values);
  const isPromise =
    isReceiver(start) && endReturnsPromise(start, parse(listed(start.resource.end)[0]!).callee.at(-1)!, view);
  const waits = isPromise && enclosingFunction(place)?.async ? 'await ' : '';
  return `for (const ${item} of ${view.text(collection)}${method === 'set' ? '.values()' : ''}) ${waits}${end}${semicolon(view.sourceCode)}`;
}

/** `controller.abort()`: is the end called on the handle, which may not be there? */
function isReceiver({ resource, signature }: Start): boolean {
  const { callee } = parse(listed(resource.end)[0]!);
  return callee.length > 1 && callee[0] === signature.binding;
}

/** Does naming it twice give the same value twice? */
function isName(key: Node): boolean {
  const node = bare(key);
  if (node.type === 'MemberExpression') return !node.computed && isName(node.object);
  return node.type === 'Identifier' || node.type === 'Literal' || node.type === 'ThisExpression';
}

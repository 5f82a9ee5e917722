import type { TSESTree } from '@typescript-eslint/utils';
import type { IgnoredWork } from '../ownership/signals/ignored.js';
import type { Signal } from '../ownership/signals/signal.js';
import { slotOf } from '../ownership/signals/slots.js';
import type { Start } from '../ownership/starts/starts.js';
import { fateOf } from '../syntax/fate.js';
import { argumentOf, functionName, isInside, runOf } from '../syntax/functions.js';
import { isPrivateMember } from '../syntax/members.js';
import { bare, type Call, type Fn, isFunction, type Loop, nameOf, type Node } from '../syntax/walk.js';
import type { SignalPosition } from '../types/answer.js';
import { returnsIn } from './cleanup.js';
import {
  type Change,
  type Edit,
  freeName,
  indentOf,
  indentStep,
  insertAfter,
  insertBefore,
  isTypeScript,
  lineBreak,
  replace,
  semicolon,
  together,
  type View,
} from './edit.js';

/** How code writes a signal that it can use, and whose it is; a new parameter has no home yet. */
export type Written = Partial<Pick<Signal, 'home'>> & Pick<Signal, 'mayBeMissing' | 'text'>;

/** Gives a call the signal, in the argument or the options where it takes one, beside what is there. */
export function passSignal(
  view: View,
  call: Call,
  signal: Written,
  position: SignalPosition | null = view.oracle.signalPosition(call),
): Edit | null {
  if (!position || call.arguments.some(({ type }) => type === 'SpreadElement') || isHarmedByAbort(call, view))
    return null;
  const { index, given } = slotOf(call, position, view);
  const added = position.property === null ? signal.text : `{ ${entry(position.property, signal.text)} }`;
  if (!given) return insertArgument(view, call, index, added);
  const node = bare(given);
  if (node.type === 'Identifier' && node.name === 'undefined') return [replace(given, added)];
  if (position.property === null) return linkSignals(view, given, signal);
  if (node.type === 'ObjectExpression') return insertProperty(view, node, position.property, signal);
  const kept =
    node.type !== 'Literal'
      ? `...${view.text(given)}`
      : typeof node.value === 'boolean'
        ? `capture: ${node.raw}`
        : node.value === null
          ? null
          : `encoding: ${node.raw}`;
  return [replace(given, kept === null ? added : `{ ${kept}, ${entry(position.property, signal.text)} }`)];
}

/** Would an abort leave a half-written file, or be taken for a file that is not there: `readFile(path).catch(() => '')`? */
function isHarmedByAbort(call: Call, { values }: View): boolean {
  const origin = values.origin(call.callee) ?? '';
  if (!/^node:fs(?:\/promises|\.promises)\./.test(origin)) return false;
  const fate = fateOf(call, values);
  return /\.(?:append|write)File$/.test(origin) || (fate.kind === 'receiver' && nameOf(fate.member) === 'catch');
}

/** Where a start takes the signal that ends it; null where it takes none. */
export function positionIn(start: Start, { oracle }: View): SignalPosition | null {
  const { endedBy, kind } = start.resource;
  if (endedBy === undefined) return null;
  const index = start.signature.arguments.findIndex((one) => one.kind === 'options' && one.names.includes(endedBy));
  return (
    oracle.signalPosition(start.node) ?? (kind === 'listener' && index !== -1 ? { index, property: endedBy } : null)
  );
}

/** Gives several calls the signal at once; null when there is none, or one of them cannot get it. */
export function passToAll(
  view: View,
  work: readonly Pick<IgnoredWork, 'call' | 'position'>[],
  signal: Written,
): Edit | null {
  return work.length === 0
    ? null
    : together(...work.map(({ call, position }) => passSignal(view, call, signal, position)));
}

/** Makes one signal of two: `AbortSignal.any([signal, own.signal])`. */
export function linkSignals(view: View, value: Node, signal: Written): Edit {
  const own = view.text(value);
  const any = `AbortSignal.any([${signal.text}, ${own}])`;
  const text = signal.mayBeMissing ? `${signal.text} ? ${any} : ${own}` : any;
  const { parent } = value;
  return parent?.type === 'Property' && parent.shorthand
    ? [replace(parent, `${nameOf(parent)}: ${text}`)]
    : [replace(value, text)];
}

/**
 * Looks at the signal at the start of each round. Work of an instance that ends is over without a failure, which nobody
 * would await; who gave a signal expects that it throws.
 */
export function checkSignalInLoop(view: View, loop: Loop, signal: Written): Edit {
  const run = runOf(loop);
  const isOwn = signal.home !== undefined && !isFunction(signal.home);
  const isPlain =
    isOwn && run?.body.type === 'BlockStatement' && returnsIn(run.body.body, view).every(({ argument }) => !argument);
  return firstIn(
    view,
    loop.body,
    isPlain
      ? `if (${signal.text}${signal.mayBeMissing ? '?' : ''}.aborted) return${semicolon(view.sourceCode)}`
      : check(view, signal),
  );
}

/** Looks at the signal at the start of each run of a function. */
export function checkSignalInFunction(view: View, { body }: Fn, signal: Written): Edit | null {
  return body.type === 'BlockStatement' ? firstIn(view, body, check(view, signal)) : null;
}

/** The statement that looks at a signal. */
export function check({ sourceCode }: View, { text, mayBeMissing }: Written): string {
  return `${text}${mayBeMissing ? '?' : ''}.throwIfAborted()${semicolon(sourceCode)}`;
}

/** A statement at the start of what a loop or a function does. */
export function firstIn(view: View, body: TSESTree.Statement, statement: string): Edit {
  const { sourceCode } = view;
  const outer = body.type === 'BlockStatement' ? body : body.parent;
  const indent = lineBreak(sourceCode) + indentOf(outer, sourceCode);
  const inner = indent + indentStep(sourceCode);
  if (body.type !== 'BlockStatement') {
    const [, from] = sourceCode.getTokenBefore(body, { includeComments: true })!.range;
    return [
      { start: from, end: body.range[0], text: ` {${inner}${statement}${inner}` },
      insertAfter(body, `${indent}}`),
    ];
  }
  const [next] = body.body;
  const isOneLine = body.loc.start.line === body.loc.end.line;
  const text = isOneLine
    ? ` ${statement}`
    : `${next && next.loc.start.line > body.loc.start.line ? lineBreak(sourceCode) + indentOf(next, sourceCode) : inner}${statement}`;
  const at = openEnd(body, sourceCode);
  return [{ start: at, end: at, text }];
}

/** Where the first line of a block begins: after its brace, and after what a comment beside it says of the block. */
function openEnd(block: TSESTree.BlockStatement, sourceCode: View['sourceCode']): number {
  let at = block.range[0] + 1;
  for (const { range, loc } of sourceCode.getCommentsInside(block)) {
    if (
      loc.end.line !== block.loc.start.line ||
      block.loc.end.line === loc.end.line ||
      sourceCode.text.slice(at, range[0]).trim() !== ''
    )
      break;
    at = range[1];
  }
  return at;
}

/** Takes the signal out of the options, too. */
export function takeSignal(
  view: View,
  pattern: TSESTree.ObjectPattern,
  property: string,
): { readonly edit: Edit; readonly signal: Written } {
  const name = freeName(property, pattern, view.sourceCode);
  return {
    edit: [addTo(view, pattern, pattern.properties, name === property ? name : `${property}: ${name}`)],
    signal: { text: name, mayBeMissing: true },
  };
}

/** A signal that a function takes now, and where its callers give it. */
interface Added {
  readonly edit: Edit;
  readonly signal: Written;
  readonly position: SignalPosition;
}

/**
 * Gives a function a signal: in the options it takes, or as its last parameter; null where that would change what
 * callers mean.
 */
export function addSignalParameter(view: View, fn: Fn): Added | null {
  if (!mayTakeMore(fn, view)) return null;
  const index = fn.params.length;
  const last = fn.params.at(-1);
  const options = last?.type === 'AssignmentPattern' ? last.left : last;
  const declared =
    options && 'typeAnnotation' in options ? membersOf(options.typeAnnotation?.typeAnnotation, view) : null;
  const isTyped = isTypeScript(view);
  const name = freeName('signal', fn, view.sourceCode);
  if (options?.type === 'ObjectPattern' && name === 'signal' && (declared || !isTyped)) {
    return {
      edit: [addTo(view, options, options.properties, name), ...declareIn(view, declared)],
      signal: { text: name, mayBeMissing: true },
      position: { index: index - 1, property: name },
    };
  }
  if (options?.type === 'Identifier' && declared && /opt|init|config|settings/i.test(options.name)) {
    return {
      edit: declareIn(view, declared),
      signal: { text: `${options.name}${options.optional ? '?' : ''}.signal`, mayBeMissing: true },
      position: { index: index - 1, property: 'signal' },
    };
  }
  const added = isTyped ? `${name}?: AbortSignal` : name;
  const edit = last ? appendParameter(view, fn, last, added) : firstParameter(view, fn, added);
  return edit && { edit, signal: { text: name, mayBeMissing: true }, position: { index, property: null } };
}

/**
 * Gives a function that takes a signal now those of its callers in this file; null where one of them has none, because
 * then what it calls would go on as before.
 */
export function passFromCallers(view: View, fn: Fn, { position }: Added): Edit | null {
  const { index, values, signals } = view;
  const calls = index.calls
    .of(functionName(fn) ?? '')
    .filter((call) => values.functionOf(call.callee) === fn && !isInside(call, fn));
  const edits = calls.map((call) => {
    const signal = signals.reach(call);
    return signal && passSignal(view, call, signal, position);
  });
  return edits.includes(null) ? null : edits.flatMap((edit) => edit!);
}

/** Gives a function's signal to the calls by which it calls itself. */
export function passToItself(view: View, fn: Fn, { signal, position }: Added): Edit | null {
  const { index, values } = view;
  const edits = index.calls
    .of(functionName(fn) ?? '')
    .filter((call) => values.functionOf(call.callee) === fn && isInside(call, fn))
    .map((call) => passSignal(view, call, signal, position));
  return edits.includes(null) ? null : edits.flatMap((edit) => edit!);
}

/** Does one more parameter leave every use of the function as it is? */
function mayTakeMore(fn: Fn, { values }: View): boolean {
  const { parent } = fn;
  // Nobody but this class calls it, and the class has no signal to give.
  if (
    isPrivateMember(parent) ||
    argumentOf(fn) ||
    parent?.type === 'Property' ||
    (parent?.type === 'MethodDefinition' && (parent.kind === 'get' || parent.kind === 'set'))
  )
    return false;
  if (fn.params.some(({ type }) => type === 'RestElement' || type === 'TSParameterProperty')) return false;
  const id = fn.id ?? (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : null);
  const variable = id && values.variable(id);
  if (!variable)
    return (
      parent?.type === 'MethodDefinition' ||
      parent?.type === 'PropertyDefinition' ||
      parent?.type === 'ExportDefaultDeclaration'
    );
  // Overloads are definitions of the same name.
  if (variable.defs.length > 1) return false;
  return variable.references.every((reference) => {
    if (!reference.isRead()) return true;
    const fate = fateOf(reference.identifier, values);
    if (fate.kind === 'called')
      return (
        fate.call.arguments.length <= fn.params.length &&
        fate.call.arguments.every(({ type }) => type !== 'SpreadElement')
      );
    return fate.kind === 'exported' || reference.identifier.parent?.type === 'ExportSpecifier';
  });
}

function appendParameter(view: View, fn: Fn, last: Node, added: string): Edit {
  const isBare =
    fn.type === 'ArrowFunctionExpression' &&
    fn.params.length === 1 &&
    view.sourceCode.getTokenAfter(last)?.value !== ')' &&
    view.sourceCode.getTokenAfter(last)?.value !== ',';
  return isBare ? [replace(last, `(${view.text(last)}, ${added})`)] : [insertNext(view, last, added)];
}

function firstParameter({ sourceCode }: View, fn: Fn, added: string): Edit | null {
  const open = sourceCode
    .getTokens(fn as never)
    .find(({ value, range }) => value === '(' && range[0] >= (fn.typeParameters?.range[1] ?? 0));
  return open ? [{ start: open.range[1], end: open.range[1], text: added }] : null;
}

/** The type of options that this file declares. */
function membersOf(
  type: TSESTree.TypeNode | undefined,
  { values }: View,
): TSESTree.TSInterfaceBody | TSESTree.TSTypeLiteral | null {
  if (type?.type === 'TSTypeLiteral') return type;
  if (type?.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return null;
  const definition = values.variable(type.typeName)?.defs[0]?.node;
  if (definition?.type === 'TSInterfaceDeclaration') return definition.body;
  return definition?.type === 'TSTypeAliasDeclaration' && definition.typeAnnotation.type === 'TSTypeLiteral'
    ? definition.typeAnnotation
    : null;
}

function declareIn(view: View, declared: TSESTree.TSInterfaceBody | TSESTree.TSTypeLiteral | null): Change[] {
  if (!declared) return [];
  const members = declared.type === 'TSInterfaceBody' ? declared.body : declared.members;
  const last = members.at(-1);
  if (!last) return [replace(declared, '{ signal?: AbortSignal }')];
  const end = /[;,]$/.exec(view.text(last))?.[0] ?? '';
  const isOneLine = declared.loc.start.line === declared.loc.end.line;
  const before = `${end ? '' : isOneLine ? ';' : ''}${isOneLine ? ' ' : lineBreak(view.sourceCode) + indentOf(last, view.sourceCode)}`;
  return [insertAfter(last, `${before}signal?: AbortSignal${isOneLine && !end ? '' : end}`)];
}

function entry(property: string, text: string): string {
  return property === text ? text : `${property}: ${text}`;
}

function insertProperty(view: View, object: TSESTree.ObjectExpression, property: string, signal: Written): Edit {
  const taken = object.properties.find(
    (one): one is TSESTree.Property => one.type === 'Property' && nameOf(one) === property,
  );
  if (!taken) return [addTo(view, object, object.properties, entry(property, signal.text))];
  const value = bare(taken.value);
  return value.type === 'Identifier' && value.name === 'undefined'
    ? [replace(taken, entry(property, signal.text))]
    : linkSignals(view, taken.value, signal);
}

/** One more entry at the end of an object or a pattern. */
function addTo(view: View, object: Node, entries: readonly Node[], text: string): Change {
  const last = entries.at(-1);
  if (!last) return replace({ ...object, range: [object.range[0], object.range[0] + 2] }, `{ ${text} }`);
  return insertNext(view, last, text);
}

/** One more item behind the last of a list, on a line of its own where that one has its own. */
function insertNext({ sourceCode }: View, last: Node, text: string): Change {
  const before = sourceCode.getTokenBefore(last);
  const isOwnLine = before !== null && before.loc.end.line < last.loc.start.line;
  return insertAfter(last, isOwnLine ? `,${lineBreak(sourceCode)}${indentOf(last, sourceCode)}${text}` : `, ${text}`);
}

/** An argument at a place, with `undefined` for those before it that are missing. */
function insertArgument(view: View, call: Call, index: number, text: string): Edit | null {
  const at = call.arguments[index];
  if (at) return [insertBefore(at, `${text}, `)];
  const gap = Array.from({ length: index - call.arguments.length }, () => 'undefined');
  const added = [...gap, text].join(', ');
  const last = call.arguments.at(-1);
  if (last) return [insertNext(view, last, added)];
  const close = call.range[1] - 1;
  return view.sourceCode.text[close] === ')' ? [{ start: close, end: close, text: added }] : null;
}

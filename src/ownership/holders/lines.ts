import { exitsOf } from '../../flow/loops.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction } from '../../syntax/functions.js';
import { bare, type Call, calleeName, type Fn, nameOf, type Node } from '../../syntax/walk.js';
import type { Start } from '../starts/starts.js';
import type { Judge } from '../verdict/judging.js';
import { type Handle, handleNode, mentions } from './handle.js';

/**
 * Where code leaves the lines of a file before the last one. `readline` reads from what it is given and does not close
 * it:
 * that stays open unless it is read to its end. Null where something else has it, too.
 */
export function leftAmongLines(start: Start, handle: Handle, file: Judge): Node | null {
  const { values, index } = file;
  const readers = index.calls.of('createInterface');
  if (readers.length === 0) return null;
  const uses = handle.kind === 'kept' ? mentions(handle, values, index) : [handleNode(start, values)];
  const reader = readers.find((one) => uses.some((use) => isReadBy(use, one, file)));
  if (
    !reader ||
    uses.some(
      (use) =>
        !isReadBy(use, reader, file) &&
        fateOf(use, values).kind !== 'receiver' &&
        fateOf(use, values).kind !== 'tested',
    )
  )
    return null;
  const fate = fateOf(reader, values);
  const lines =
    fate.kind === 'local'
      ? fate.variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node)
      : [reader];
  return lines.flatMap((line) => leftBy(line, file))[0] ?? null;
}

/** `createInterface({ input })` */
function isReadBy(use: Node, reader: Call, { values }: Judge): boolean {
  const fate = fateOf(use, values);
  const property =
    fate.kind === 'stored' && fate.in.type === 'Property' && nameOf(fate.in) === 'input' ? fate.in : null;
  return (
    property !== null &&
    argumentOf(property.parent)?.call === reader &&
    /^node:readline(?:\/promises)?\.createInterface$/.test(values.origin(reader.callee) ?? '')
  );
}

/** The way out of `for await (const line of lines)`, or `lines.close()` among the lines. */
function leftBy(lines: Node, file: Judge): Node[] {
  const fate = fateOf(lines, file.values);
  if (fate.kind === 'iterated' && fate.loop.type === 'ForOfStatement')
    return exitsOf(fate.loop, file)
      .filter(({ type }) => type !== 'YieldExpression')
      .slice(0, 1);
  return fate.kind === 'receiver' &&
    fate.call &&
    nameOf(fate.member) === 'close' &&
    hearsLines(enclosingFunction(fate.call), file)
    ? [fate.call]
    : [];
}

/** Is a function called with each line? */
function hearsLines(fn: Fn | null, { values }: Judge): boolean {
  const taken = fn && argumentOf(fn);
  return Boolean(
    taken &&
    taken.index === 1 &&
    /^(?:on|addListener)$/.test(calleeName(taken.call)) &&
    values.text(bare(taken.call.arguments[0]!)) === 'line',
  );
}

import type { Catalog } from '../../catalog/index.js';
import { parse, wordOf } from '../../catalog/signature.js';
import { memoize } from '../../maps.js';
import { fateOf } from '../../syntax/fate.js';
import { runOf, within } from '../../syntax/functions.js';
import {
  bare,
  type Call,
  type Fn,
  type Index,
  isFunction,
  type Node,
  type SourceCode,
  walk,
} from '../../syntax/walk.js';
import { endsOf } from '../ends/ends.js';
import { handleOf } from '../holders/handle.js';
import { type Facts, match } from '../starts/match.js';
import type { Start } from '../starts/starts.js';

/** A call that waits for a lock which the code around it holds. */
export interface TakenTwice {
  readonly node: Node;
  readonly lock: Node;
  readonly holder: Node;
}

/** A call that takes a lock. */
interface Taking {
  readonly call: Call;
  /** The value that is the lock, or its name. */
  readonly lock: Node;
  /** The code that runs while it is held. */
  readonly held: Node | null;
  /** Where it is released, when that is not the end of `held`. */
  readonly until: number;
}

export interface Locks extends Facts {
  readonly catalog: Catalog;
  readonly index: Index;
  readonly sourceCode: SourceCode;
  starts(kind: 'lock'): readonly Start[];
}

/** Places where the holder of a lock that cannot be taken twice waits for it. Calls are followed within the file. */
export function takenTwice(file: Locks): TakenTwice[] {
  const takings = [...scopedTakings(file), ...plainTakings(file)];
  return takings.flatMap((holder) =>
    (holder.held ? callsIn(holder.held, file) : [])
      .filter(
        (call) =>
          call.range[0] > holder.call.range[0] &&
          call.range[1] <= holder.until &&
          takes(call, holder, takings, file, new Set()),
      )
      .map((node) => ({ node, lock: holder.lock, holder: holder.call })),
  );
}

/** Does a call take the holder's lock, itself or in a function of this file that it waits for? */
function takes(call: Call, holder: Taking, takings: readonly Taking[], file: Locks, seen: Set<Fn>): boolean {
  if (takings.some((taking) => taking.call === call && file.values.same(taking.lock, holder.lock) === 'yes'))
    return true;
  const { root, path } = file.values.of(call.callee);
  const fn = file.values.functionOf(call.callee);
  // Another instance has a lock of its own.
  if (!fn || seen.has(fn) || (path.length > 0 && root.kind !== 'this')) return false;
  seen.add(fn);
  return callsIn(fn.body, file).some(
    (inner) => !isChosenBy(call, fn, inner, file) && takes(inner, holder, takings, file, seen),
  );
}

/** `find(name, false)`: does a literal that a call gives decide whether its function comes to another call? */
function isChosenBy({ arguments: given }: Call, fn: Fn, inner: Node, { values }: Locks): boolean {
  const read = fn.params.flatMap((param, at) => {
    const name = param.type === 'AssignmentPattern' ? param.left : param;
    const isDecisive = given[at]?.type === 'Literal' && name.type === 'Identifier';
    return isDecisive ? (values.variable(name)?.references.map(({ identifier }) => identifier) ?? []) : [];
  });
  for (let at = inner; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if (parent.type === 'IfStatement' && parent.test !== at && within(read, parent.test).length > 0) return true;
  }
  return false;
}

/** The calls that a piece of code waits for, not those of functions inside it. */
const callsIn = memoize((code: Node, { sourceCode, values }: Locks): readonly Call[] => {
  const calls: Call[] = [];
  walk(sourceCode, code, (node) => {
    if (isFunction(node)) return false;
    if (node.type !== 'CallExpression') return undefined;
    const { kind } = fateOf(node, values);
    if (kind === 'awaited' || kind === 'returned') calls.push(node);
    return undefined;
  });
  return calls;
});

/** Calls that hold a lock while their callback runs. */
function scopedTakings(file: Locks): Taking[] {
  return file.catalog.scoped.flatMap((resource) => {
    const signature = parse(resource.scoped!);
    return file.index.calls.of(wordOf(signature.text)).flatMap((call) => {
      const matched = match(signature, resource, call, new Set(), file);
      const lock = matched?.names.get(signature.callee[0]!) ?? matched?.names.get('name');
      const callback = matched?.names.get('callback');
      const fn = callback ? file.values.functionOf(bare(callback)) : null;
      // A call with options may say that it does not wait.
      const waits = call.arguments.length === signature.arguments.length;
      return matched?.sure === 'yes' && lock && waits ? [{ call, lock, held: fn?.body ?? null, until: Infinity }] : [];
    });
  });
}

/** Calls after which a lock is held until it is released. */
function plainTakings(file: Locks): Taking[] {
  return file.starts('lock').flatMap((start): Taking[] => {
    const lock = start.names.get(start.signature.callee[0]!);
    if (start.resource.scoped === undefined || start.sure !== 'yes' || !lock) return [];
    const run = runOf(start.node);
    const ends = endsOf(start, handleOf(start, file.values), file.index, file).filter(
      ({ node, differs }) => differs === null && runOf(node) === run,
    );
    return [
      { call: start.node, lock, held: run?.body ?? null, until: Math.max(0, ...ends.map(({ node }) => node.range[0])) },
    ];
  });
}

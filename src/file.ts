import type { TSESLint } from '@typescript-eslint/utils';
import type { Catalog, Kind, MayHave } from './catalog/index.js';
import { cached, memoize } from './maps.js';
import { isFlagged } from './ownership/ends/flags.js';
import { isBuried } from './ownership/holders/collections.js';
import { type Handle, handleNode, handleOf, mentions } from './ownership/holders/handle.js';
import { flaggedOwner } from './ownership/owners/flagged.js';
import { type Owner, Owners } from './ownership/owners/owner.js';
import { isGone, isOfShown, knowsOwner } from './ownership/owners/shown.js';
import { Signals } from './ownership/signals/signals.js';
import { signalOf } from './ownership/starts/calls.js';
import { locksOfClasses } from './ownership/starts/home-locks.js';
import { leases } from './ownership/starts/leases.js';
import { generatorsWithEnd, instancesWithEnd } from './ownership/starts/local-starts.js';
import { startsGivenBack, startsWithReturnedEnd } from './ownership/starts/returned-ends.js';
import { forgottenSisters } from './ownership/starts/sisters.js';
import { findStarts, type Start } from './ownership/starts/starts.js';
import type { Judge, Verdict } from './ownership/verdict/judging.js';
import {
  asksFirst,
  beginsAgain,
  clearsAnother,
  clearedUnset,
  type Purpose,
  purposeOf,
  worksOnOwner,
} from './ownership/verdict/one-shots.js';
import { rearms } from './ownership/verdict/rearm.js';
import { takenTwice, type TakenTwice } from './ownership/verdict/reentry.js';
import { judge } from './ownership/verdict/verdict.js';
import { wordsFor } from './ownership/verdict/words.js';
import { type Knowledge, knowledgeFor } from './settings.js';
import { fateOf } from './syntax/fate.js';
import { Values } from './syntax/values.js';
import { bare, type Call, type Index, indexOf, type Node, type SourceCode } from './syntax/walk.js';
import type { Oracle } from './types/answer.js';
import { hasTypes, packagesIn, TypedOracle } from './types/services.js';
import { SyntacticOracle } from './types/syntactic.js';

/** The view of one file that rules ask; everything is computed when it is first asked, and once. */
export class File implements Judge {
  readonly sourceCode: SourceCode;
  readonly catalog: Catalog;
  readonly values: Values;
  readonly oracle: Oracle;
  /** Does the answer to a type question come from a checker? */
  readonly typed: boolean;
  readonly filename: string;
  readonly #knowledge: Knowledge;
  #index: Index | undefined;
  #owners: Owners | undefined;
  #signals: Signals | undefined;
  #starts: ReadonlyMap<Kind, readonly Start[]> | undefined;
  readonly #words: ReadonlySet<string>;
  readonly #ownerOf = new Map<Start, Owner>();
  readonly #verdicts = new Map<Start, Verdict>();

  /** `words`: those of the catalog that the file has. */
  constructor(context: Context, words: ReadonlySet<string>) {
    this.#words = words;
    this.sourceCode = context.sourceCode;
    this.filename = context.filename;
    this.#knowledge = knowledgeFor(context.settings);
    this.catalog = this.#knowledge.catalog;
    this.values = new Values(this.sourceCode);
    const syntactic = new SyntacticOracle(
      this.values,
      this.sourceCode,
      (name) => this.index.declared.has(name),
      (call) => {
        const known = this.#knowledge.signals.knownOf(call, this);
        return known && signalOf(known);
      },
    );
    const services = this.sourceCode.parserServices;
    this.typed = hasTypes(services);
    this.oracle = hasTypes(services) ? new TypedOracle(services, syntactic) : syntactic;
  }

  get index(): Index {
    return (this.#index ??= indexOf(this.sourceCode));
  }

  get owners(): Owners {
    return (this.#owners ??= new Owners(
      this.values,
      this.index,
      this.sourceCode,
      this.#knowledge.lifeCycles,
      this.filename,
    ));
  }

  get signals(): Signals {
    return (this.#signals ??= new Signals(this));
  }

  get processTargets(): ReadonlySet<string> {
    return this.#knowledge.processTargets;
  }

  /** May the promise of a call be dropped? `usually` where it may fail, and seldom does. */
  isSafeCall(call: Call): 'no' | 'usually' | 'yes' {
    const known = this.#knowledge.safeCalls.knownOf(call, this);
    return known ? (known.level === 'strict' ? 'usually' : 'yes') : 'no';
  }

  /** The places where resources of a kind start, in source order. */
  starts(kind: Kind): readonly Start[] {
    this.#starts ??= this.#allStarts();
    return this.#starts.get(kind) ?? [];
  }

  /** Those of the catalog, and what this file itself makes of them. */
  #allStarts(): ReadonlyMap<Kind, readonly Start[]> {
    const found = new Map(findStarts(this.catalog, this.index, this.#mayHave(), this));
    const more: [Kind, readonly Start[]][] = [
      [
        'resource',
        [
          ...instancesWithEnd(found.get('resource') ?? [], this),
          ...forgottenSisters(found.get('resource') ?? [], this),
          ...startsGivenBack(found.get('resource') ?? [], this),
        ],
      ],
      ['iterator', generatorsWithEnd(found.get('iterator') ?? [], this)],
      ['lock', locksOfClasses(this)],
    ];
    for (const kind of ['interval', 'listener', 'lock'] as const)
      more.push([kind, startsWithReturnedEnd(kind, found.get(kind) ?? [], this)]);
    const locks = [...(found.get('lock') ?? []), ...more.flatMap(([kind, starts]) => (kind === 'lock' ? starts : []))];
    more.push(['lock', leases(locks, this)]);
    for (const [kind, starts] of more) {
      if (starts.length > 0)
        found.set(
          kind,
          [...(found.get(kind) ?? []), ...starts].sort((one, other) => one.node.range[0] - other.node.range[0]),
        );
    }
    return found;
  }

  /**
   * May the file have values of a package? With types, it may where it or the program names that one; else where it
   * names any.
   */
  #mayHave(): MayHave {
    const services = this.sourceCode.parserServices;
    if (!hasTypes(services)) return this.catalog.namesPackage(this.#words) ? 'any' : 'none';
    const known = packagesIn(services.program);
    return ({ packages }) => packages.some((name) => known.has(name) || this.#words.has(name));
  }

  /** Whose life bounds the start. */
  ownerOf(start: Start): Owner {
    return cached(this.#ownerOf, start, () => {
      const owner = this.owners.of(start.node);
      return flaggedOwner(start, owner, this) ?? owner;
    });
  }

  /** Who holds what the start returned. */
  handleOf(start: Start): Handle {
    return handleOf(start, this.values);
  }

  /** Is the resource ended before its owner is? The table of docs/ownership.md. */
  verdict(start: Start): Verdict {
    return cached(this.#verdicts, start, () => judge(start, this.ownerOf(start), this));
  }

  /** Places where the holder of a lock waits for it. */
  takenTwice(): readonly TakenTwice[] {
    return takenTwice(this);
  }

  /** What a message says of the start. */
  words(start: Start): Record<string, string> {
    return wordsFor(start, this.ownerOf(start), this.verdict(start), this.values, this.sourceCode);
  }

  /** Does a one-shot timer start itself again? */
  rearms(start: Start): 'always' | 'guarded' | 'no' {
    return rearms(start, this);
  }

  /** Does the end of its owner set what a timer looks at before it starts itself again? */
  isFlagged(start: Start): boolean {
    return isFlagged(start, this.ownerOf(start), this);
  }

  /** Does what a timer runs ask first whether its owner is still there? */
  asksFirst(start: Start): boolean {
    return asksFirst(start, this.ownerOf(start), this);
  }

  /** Does what a timer runs begin the work of its owner once more? */
  beginsAgain(start: Start): boolean {
    return beginsAgain(start, this.ownerOf(start), this);
  }

  /** Does what a timer runs, after a long time, work on its owner? */
  worksOnOwner(start: Start): boolean {
    return worksOnOwner(start, this.ownerOf(start), this);
  }

  /** Does its run clear another timer before this one starts? */
  clearsAnother(start: Start): boolean {
    return clearsAnother(start, this);
  }

  /** Does its run clear a handle before that nothing is ever set to? */
  clearsUnset(start: Start): boolean {
    return clearedUnset(start, this) !== null;
  }

  /** Is what a start returned put where this file never looks for it? */
  isForgotten(start: Start): boolean {
    const handle = this.handleOf(start);
    const places =
      handle.kind === 'kept' ? mentions(handle, this.values, this.index) : [handleNode(start, this.values)];
    return places.some((place) => isBuried(fateOf(place, this.values), this.values, this.index));
  }

  /** What a one-shot timer is for. */
  purposeOf(start: Start): Purpose {
    return purposeOf(start, this.ownerOf(start), this);
  }

  /** Does a timer work on a component that is gone when whatever shows it says so? */
  isOfComponent(start: Start): boolean {
    const owner = this.ownerOf(start);
    return isGone(owner.teardown) && knowsOwner(start, owner, this);
  }

  /** Does it start as a component is shown? */
  isOfShown(start: Start): boolean {
    return isOfShown(start, this.ownerOf(start));
  }

  /** Is the value made where the start is written, so that no other code can name it? */
  isInline(start: Start, name: string): boolean {
    const node = start.names.get(name);
    const root = node && this.values.of(node).root;
    return root?.kind === 'fresh' && root.node === bare(node!);
  }

  text(node: Node): string {
    return this.sourceCode.getText(node);
  }
}

type Context = Readonly<TSESLint.RuleContext<string, readonly unknown[]>>;

/** The view of the file that a rule runs on, shared by all rules. */
export function fileOf(context: Context, words: ReadonlySet<string>): File {
  return files(context.sourceCode, context, words);
}

const files = memoize((_of: object, context: Context, words: ReadonlySet<string>) => new File(context, words));

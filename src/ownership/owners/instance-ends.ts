import { TEARDOWN_METHODS } from '../../catalog/owners.js';
import { fateOf } from '../../syntax/fate.js';
import { argumentOf, enclosingFunction, functionName, isInside, isMaker, thisBody } from '../../syntax/functions.js';
import { isPrivateMember } from '../../syntax/members.js';
import type { Values } from '../../syntax/values.js';
import { bare, type Body, type Call, calleeName, type Fn, type Index, nameOf, type Node } from '../../syntax/walk.js';

interface Facts {
  readonly index: Index;
  readonly values: Values;
}

/** The methods that end an instance, those first that its life cycle calls. */
export function instanceEnds(
  body: Body,
  methods: ReadonlyMap<string, Fn>,
  own: readonly string[],
  facts: Facts,
): readonly string[] {
  const isEnd = (name: string, fn: Fn | undefined): boolean =>
    fn !== undefined &&
    (own.includes(name) ||
      !(
        endsGiven(name, fn) ||
        (isPrivateMember(fn.parent) && (endsAnother(fn, facts) || isPause(name, fn, facts))) ||
        (SWEEPS.test(name) && (isRepeated(name, body, facts) || isCalledFirst(name, body, facts)))
      ));
  const ends = [...new Set([...own, ...TEARDOWN_METHODS])].filter((name) => isEnd(name, methods.get(name)));
  const others = ends.filter((name) => isOtherName(methods.get(name)!, ends));
  return others.length === 0 ? ends : [...ends.filter((name) => !others.includes(name)), ...others];
}

/** `[Symbol.dispose]() { this.close(); }`: is a method nothing but a call of one of these? */
function isOtherName({ body }: Fn, ends: readonly string[]): boolean {
  const [only, ...more] = body.type === 'BlockStatement' ? body.body : [];
  const said = only?.type === 'ExpressionStatement' && more.length === 0 ? bare(only.expression) : null;
  const call = said?.type === 'AwaitExpression' ? bare(said.argument) : said;
  const callee = call?.type === 'CallExpression' ? bare(call.callee) : null;
  return (
    callee?.type === 'MemberExpression' &&
    callee.object.type === 'ThisExpression' &&
    ends.includes(nameOf(callee) ?? '')
  );
}

/** `private terminate(session) { session.bye(); }`: what only the class can call ends what it is given. */
function endsAnother({ params: [first] }: Fn, { values }: Facts): boolean {
  const references = (first?.type === 'Identifier' && values.variable(first)?.references) || [];
  return references.some(({ identifier }) => fateOf(identifier, values).kind === 'receiver');
}

/**
 * `restart() { this.#stop(); … }`, `this.#stop(); this.#timer = setTimeout(…);`: what only the class can call, and calls
 * before it starts anew what that ends, is no end of it.
 */
function isPause(name: string, fn: Fn, { index }: Facts): boolean {
  return index.members.of(name).some((member) => {
    const around = enclosingFunction(member);
    return (
      around !== null &&
      (/^[_#]?re(?:connect|load|new|open|set|start)/.test(functionName(around) ?? '') ||
        index.calls.of('setTimeout').some((call) => {
          const { parent } = call;
          return (
            member.range[1] < call.range[0] &&
            isInside(call, blockAround(member)) &&
            enclosingFunction(call) === around &&
            parent.type === 'AssignmentExpression' &&
            index.members.of(nameOf(parent.left) ?? '').some((field) => isInside(field, fn))
          );
        }))
    );
  });
}

function blockAround(node: Node): Node {
  let at = node;
  while (at.parent && at.type !== 'BlockStatement') at = at.parent;
  return at;
}

/** `setInterval(() => this.cleanup(), 60_000)`: is a method what a timer of its own class runs? */
function isRepeated(name: string, body: Body, { index }: Facts): boolean {
  return index.members.of(name).some((member) => {
    const around = enclosingFunction(member);
    const given = [
      ...timers(member.parent.type === 'MemberExpression' ? member.parent.parent : member),
      ...(around ? timers(around) : []),
    ];
    return given.some((timer) => isInside(timer, body));
  });
}

/** Does a constructor call a method? What clears up before anything is there does not end it. */
function isCalledFirst(name: string, body: Body, { index }: Facts): boolean {
  return index.calls
    .of(name)
    .some((call) => isOwnCall(call) && thisBody(call) === body && isMaker(enclosingFunction(call)));
}

function isOwnCall({ callee }: Call): boolean {
  const method = bare(callee);
  return method.type === 'MemberExpression' && method.object.type === 'ThisExpression';
}

function timers(callback: Node): Call[] {
  const taken = argumentOf(callback);
  return taken && /^set(?:Interval|Timeout)$/.test(calleeName(taken.call)) ? [taken.call] : [];
}

/** `remove(item)`, `close(id)`: with such a parameter these end what they are given, and not the instance. */
function endsGiven(name: string, { params: [first] }: Fn): boolean {
  return /^(?:remove|unsubscribe|detach|unbind|unload|uninstall)$/.test(name)
    ? (first?.type === 'Identifier' || first?.type === 'ObjectPattern') && !first.optional
    : first?.type === 'Identifier' && !first.optional && isNameOfOne(first.name);
}

/** `id`, `streamID`, `userName` */
function isNameOfOne(name: string): boolean {
  return /(?:^[a-z]{0,2}i|[a-z]I|[uU]ui)d$|[a-z]ID$|(?:^n|[a-z]N)ame$/.test(name);
}

/** `close(id)`, `cleanup(view)`: does it look as if it ended one of many that the instance has? */
export function endsOne(name: string, { params: [first] }: Fn): boolean {
  return first?.type === 'Identifier' && !first.optional && (SWEEPS.test(name) || isNameOfOne(first.name));
}

/** Names of methods that end what they belong to, or clear up in it from time to time. */
const SWEEPS = /^[_#]?clean[uU]p$/;

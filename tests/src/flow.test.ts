import { Linter } from 'eslint';
// @ts-expect-error -- It has no types.
import * as parser from 'hermes-eslint';
import { describe, expect, it } from 'vitest';

import plugin from '../../src/index.js';
import { allRules } from '../support/lint.js';

const linter = new Linter();

function lint(text: string): Linter.LintMessage[] {
  return linter.verify(text, {
    plugins: { 'async-leaks': plugin },
    rules: allRules(),
    languageOptions: { parser: parser as Linter.Parser },
  });
}

const program = `
// @flow strict
import typeof Bus from './bus';
import { type Item, save } from './store';

export opaque type Id: string = string;
declare var process: { on(event: string, listener: () => mixed): void, ... };
type Props = $ReadOnly<{| +id: Id, onDone?: ?(item: Item) => void |}>;
enum State { Idle, Busy }

interface Disposable { dispose(): void }

export class Poller<T: Item> implements Disposable {
  +id: Id;
  #timer: ?IntervalID = null;
  static defaultProps: Partial<Props> = {};

  constructor(id: Id) {
    this.id = id;
    (this: any).tick = this.tick.bind(this);
  }

  start(): void {
    this.#timer = (setInterval(() => this.tick(), 1000): any);
    window.addEventListener('focus', () => this.tick());
  }

  async tick(): Promise<?T> {
    return (await fetch('/' + (this.id as string)): any);
  }

  dispose(): void {
    if (this.#timer != null) clearInterval(this.#timer);
  }
}

component Clock(every: number = 1000) renders Time {
  const [now, setNow] = useState<number>(0);
  useEffect(() => {
    setInterval(() => setNow(now + 1), every);
  }, []);
  return <Time now={now} />;
}

hook useNow(): number {
  return 0;
}
`;

describe('code with the types of Flow', () => {
  it('is looked at as without them', () => {
    expect(lint(program).map(({ line, ruleId }) => `${line} ${ruleId}`)).toEqual([
      '24 async-leaks/no-overlapping-intervals',
      '25 async-leaks/no-leaked-listeners',
      '40 async-leaks/no-leaked-intervals',
    ]);
  });

  it('knows what is the same value by another type', () => {
    expect(lint('async function f() { (fetch("/a"): any); }').map(({ ruleId }) => ruleId)).toContain(
      'async-leaks/no-floating-promises',
    );
    expect(
      lint(
        'class A { #t; a() { clearInterval(this.#t); this.#t = (setInterval(f, 9): any); } stop() { clearInterval((this.#t: any)); } }',
      ),
    ).toEqual([]);
  });
});

import rule from '../../rules/no-leaked-intervals.js';
import { strict, tester } from '../support/rule-tester.js';

tester.run('no-leaked-intervals', rule as never, {
  valid: [],
  invalid: [
    {
      name: 'names the last of what a start waits for',
      code: `class Beat {
  async start() {
    await connect();
    await greet();
    this.timer = setInterval(send, 1000);
  }
  stop() { clearInterval(this.timer); }
}`,
      options: strict,
      errors: [{ messageId: 'startedLate', data: { line: '4', owner: '`Beat`' } }],
    },
  ],
});

import rule from '../../rules/no-abandoned-iterators.js';
import { bad, good, strict, tester } from '../support/rule-tester.js';

tester.run('no-abandoned-iterators', rule as never, {
  valid: [
    good(
      // An iterator whose `next` fails has ended.
      `import events from 'node:events'; async function go(e) { const all = events.on(e, 'a'); await all.next(); await all.return(); }`,
    ),
    good(
      `import { on } from 'node:events'; async function go(e) { for await (const x of on(e, 'a')) if (x) return x; }`,
    ),
    good(
      `import { on } from 'node:events'; async function go(e) { const all = on(e, 'a'); for await (const x of all) if (x) break; }`,
    ),
    good(`import { on } from 'node:events'; function go(e) { return on(e, 'a'); }`),
    good(`import { on } from 'node:events'; async function* go(e) { const all = on(e, 'a'); yield* all; }`),
    good('async function go(u) { return (await fetch(u)).json(); }'),
    good('async function go(u) { const r = await fetch(u); for await (const c of r.body) use(c); }'),
    good('async function go(u) { const r = await fetch(u); return r; }'),
    good(`async function go(u) { const r = await fetch(u, { method: 'HEAD' }); return r.status; }`),
    good('async function go(fetch, u) { const r = await fetch(u); return r.ok; }'),
    good(
      `import { createInterface } from 'node:readline'; function go(input) { createInterface({ input }).on('line', use); }`,
    ),
  ],
  invalid: [
    bad(
      `import { on } from 'node:events'; async function go(e) { const all = on(e, 'a'); return (await all.next()).value; }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(
      `import { on as listen } from 'events'; async function go(e) { const all = listen(e, 'a'); return (await all.next()).value; }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(
      `import events from 'node:events'; async function go(e) { const all = events.on(e, 'a'); await all.next(); await work(); await all.return(); }`,
      'notOnEveryPath',
      { suggestions: 1 },
    ),
    bad(
      `async function go(u) { const r = await fetch(u); if (r.status === 200) return true; return false; }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(
      `async function go(u) { const { ok } = await fetch(u), r = await fetch(u); return ok && r.ok; }`,
      'neverEnded',
      { suggestions: 1 },
    ),
    bad(`async function go(u) { await fetch(u); }`, 'handleDropped', { options: strict, suggestions: 1 }),
    bad(
      `const fs = require('fs'); function go(p) { const dir = fs.opendirSync(p); return dir.readSync(); }`,
      'neverEnded',
    ),
  ],
});

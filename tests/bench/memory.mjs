// The memory of a whole untyped run with one set of rules: the most that was in use after a long file, and the most
// that the process ever had, which also tells how lazy the garbage collector was.
import { readCorpus } from './corpus.mjs';
import { answer, configWith, linter, loadPlugin, task } from './lint.mjs';

const plugin = await loadPlugin(task.plugin);
const config = configWith(task.config === 'none' ? [] : [plugin.configs[task.config]]);
const files = readCorpus(task).flatMap(({ files }) => files);
let live = 0;
for (const { name, text, lines } of files) {
  linter.verify(text, config, name);
  if (lines < 800) continue;
  // ESLint still has the tree of this file, and a plugin what it remembers about it.
  globalThis.gc();
  live = Math.max(live, process.memoryUsage().heapUsed);
}
answer({ live: live / 2 ** 20, resident: process.resourceUsage().maxRSS / 1024 });

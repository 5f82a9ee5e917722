// How the time of the rules grows with the file, next to ESLint's own time: exponent 1 is a straight line.
// Runs in a thread with a deep stack, because parsers recurse and some generated files are deep.
import { Worker, isMainThread } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

if (isMainThread) {
  const argv = process.argv.slice(2);
  new Worker(fileURLToPath(import.meta.url), { argv, resourceLimits: { stackSizeMb: 240 } });
} else {
  // Where rules are so slow, noise does not matter, and more rounds would tell nothing new.
  const patience = 5_000;
  const { shapes } = await import('./shapes.mjs');
  const { answer, configWith, loadPlugin, task, timeFile } = await import('./lint.mjs');
  const plugin = await loadPlugin(task.plugin);
  const none = configWith([]);
  const strict = configWith([plugin.configs.strict]);

  answer(
    Object.entries(shapes).map(([shape, generate]) => {
      const sizes = [250, 500, 1000, 2000, 4000].map((size) => {
        const file = { name: 'generated.ts', text: generate(size) };
        const runs = [];
        const start = performance.now();
        do {
          runs.push({ bare: timeAlone(file, none), full: timeAlone(file, strict) });
        } while (runs.length < task.rounds && performance.now() - start < patience);
        const least = (pick) => Math.min(...runs.map(pick));
        const bare = least((run) => run.bare.verify);
        return {
          size,
          eslint: least((run) => run.bare.parse) + bare,
          ours: least((run) => run.full.verify) - bare,
          findings: runs[0].full.findings,
        };
      });
      const { eslint, ours, findings } = sizes.at(-1);
      return {
        shape,
        eslint,
        ours,
        findings,
        eslintGrows: exponent(sizes, 'eslint'),
        oursGrows: exponent(sizes, 'ours'),
      };
    }),
  );

  /** What `timeFile` says when no garbage of earlier runs is in its way. */
  function timeAlone(file, config) {
    globalThis.gc();
    return timeFile(file, config);
  }

  /** The slope of the line through the last three sizes in a plot where both axes are logarithmic. */
  function exponent(sizes, time) {
    const points = sizes.slice(-3).map((size) => [Math.log(size.size), Math.log(Math.max(size[time], 0.01))]);
    const middle = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    const [x, y] = [middle(0), middle(1)];
    return (
      points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
    );
  }
}

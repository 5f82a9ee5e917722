// What the rules add to parsing, without types: all rules of each config, and each rule alone.
import { readCorpus } from './corpus.mjs';
import { answer, configWith, loadPlugin, task, timeFile } from './lint.mjs';

const plugin = await loadPlugin(task.plugin);
const { recommended, strict } = plugin.configs;

const configs = { none: configWith([]), recommended: configWith([recommended]), strict: configWith([strict]) };
const alone = { none: configs.none };
for (const [name, entry] of Object.entries({ ...strict.rules, ...recommended.rules })) {
  alone[name] = configWith([{ plugins: recommended.plugins, rules: { [name]: entry } }]);
}

answer({ configs: measure(configs, task), alone: measure(alone, { ...task, quick: true }) });

/**
 * Lints the corpus with each config, several rounds. The configs take turns file by file, so that a slow moment of the
 * machine hits all of them, and each file counts with the fastest of its rounds: other work on the machine and the
 * garbage collector only ever add time.
 */
function measure(configs, { quick, rounds }) {
  const names = Object.keys(configs);
  const files = readCorpus({ quick }).flatMap(({ files }) => files);
  const linted = files.filter((file) => timeFile(file, configs.none) !== null);
  const samples = linted.map(() => ({ parse: [], ...Object.fromEntries(names.map((name) => [name, []])) }));
  const findings = Object.fromEntries(names.map((name) => [name, 0]));

  for (let round = 0; round <= rounds; round++) {
    linted.forEach((file, index) => {
      names.forEach((_, turn) => {
        const name = names[(turn + index + round) % names.length];
        const time = timeFile(file, configs[name]);
        if (round === 0)
          findings[name] += time.findings; // and warms the engine up
        else {
          samples[index].parse.push(time.parse);
          samples[index][name].push(time.verify);
        }
      });
    });
  }

  const total = (what) => samples.reduce((sum, file) => sum + Math.min(...file[what]), 0);
  const parse = total('parse');
  const bare = total('none');
  return {
    files: linted.length,
    skipped: files.length - linted.length,
    lines: linted.reduce((sum, { lines }) => sum + lines, 0),
    parse,
    bare,
    added: names.slice(1).map((name) => {
      const time = total(name) - bare;
      return { name, time, ratio: time / parse, findings: findings[name] };
    }),
  };
}

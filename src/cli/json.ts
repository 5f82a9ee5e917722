import type { Reporter } from './run.js';

/** ESLint's own result objects, as one array. */
export function json(write: (text: string) => void): Reporter {
  let separator = '[';
  return {
    file(result) {
      write(`${separator}${JSON.stringify(result)}`);
      separator = ',\n';
    },
    end() {
      write(separator === '[' ? '[]\n' : ']\n');
    },
  };
}

import noAbandonedIterators from '../rules/no-abandoned-iterators.js';
import noFloatingPromises from '../rules/no-floating-promises.js';
import noIgnoredSignals from '../rules/no-ignored-signals.js';
import noLeakedIntervals from '../rules/no-leaked-intervals.js';
import noLeakedListeners from '../rules/no-leaked-listeners.js';
import noLeakedLocks from '../rules/no-leaked-locks.js';
import noLeakedResources from '../rules/no-leaked-resources.js';
import noLeakedTimeouts from '../rules/no-leaked-timeouts.js';
import noLeakyRaces from '../rules/no-leaky-races.js';
import noLostAbortControllers from '../rules/no-lost-abort-controllers.js';
import noOverlappingIntervals from '../rules/no-overlapping-intervals.js';
import noUnabortableLoops from '../rules/no-unabortable-loops.js';
import noUnboundedFanout from '../rules/no-unbounded-fanout.js';
import noUnsettledPromises from '../rules/no-unsettled-promises.js';
import requireAbortSignal from '../rules/require-abort-signal.js';
import { configsOf } from './configs.js';
import { name, version } from './manifest.js';
import type { RuleOptions } from './options.cjs';
import type { Plugin } from './plugin.js';
import type { LeakRule } from './rule.js';

export type { Config, Entry, Plugin } from './plugin.js';
export type { RuleOptions } from './options.cjs';

const rules = {
  'no-abandoned-iterators': noAbandonedIterators,
  'no-floating-promises': noFloatingPromises,
  'no-ignored-signals': noIgnoredSignals,
  'no-leaked-intervals': noLeakedIntervals,
  'no-leaked-listeners': noLeakedListeners,
  'no-leaked-locks': noLeakedLocks,
  'no-leaked-resources': noLeakedResources,
  'no-leaked-timeouts': noLeakedTimeouts,
  'no-leaky-races': noLeakyRaces,
  'no-lost-abort-controllers': noLostAbortControllers,
  'no-overlapping-intervals': noOverlappingIntervals,
  'no-unabortable-loops': noUnabortableLoops,
  'no-unbounded-fanout': noUnboundedFanout,
  'no-unsettled-promises': noUnsettledPromises,
  'require-abort-signal': requireAbortSignal,
} satisfies Record<keyof RuleOptions, LeakRule>;

const meta = { name, version, namespace: 'async-leaks' };
// ESLint's own types and those of typescript-eslint describe the same rules in two ways.
const parts = { meta, rules: rules as typeof rules & Plugin['rules'] };
const plugin: Plugin = Object.assign(parts, { configs: configsOf(parts, rules) });

export default plugin;

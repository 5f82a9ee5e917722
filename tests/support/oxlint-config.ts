import plugin from '../../src/index.js';

/** A config of the plugin as oxlint reads it, to be named in `extends`. */
export function renderOxlintConfig(name: keyof typeof plugin.configs): string {
  return `${JSON.stringify({ jsPlugins: [plugin.meta.name], rules: plugin.configs[name].rules }, null, 2)}\n`;
}

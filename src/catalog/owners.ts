/** Whose life bounds code: what frameworks run, and how each of them ends it. */

/** A function given to a hook runs when its owner starts; what ends it is registered elsewhere. */
export interface Hook {
  /** What the reader calls the owner: `this effect`, `this component`. */
  readonly owner: string;
  /** How the hook is called: a name, wherever it comes from, or from these modules only. */
  readonly names: readonly string[];
  readonly from: readonly string[];
  /** `return`: the function that the callback returns; otherwise the functions given to these hooks. */
  readonly ends: 'return' | readonly string[];
}

export const HOOKS: readonly Hook[] = [
  { owner: 'this effect', names: ['useEffect', 'useLayoutEffect', 'useInsertionEffect', 'useIsomorphicLayoutEffect'], from: ['react', 'preact/hooks', 'preact/compat', '*'], ends: 'return' },
  {
    owner: 'this component',
    names: ['onMounted', 'onBeforeMount', 'onActivated', 'watchEffect', 'watchPostEffect', 'watch'],
    from: ['vue', '@vue/composition-api', '#imports'],
    ends: ['onUnmounted', 'onBeforeUnmount', 'onScopeDispose', 'onDeactivated', 'onWatcherCleanup', 'onCleanup', 'tryOnScopeDispose', 'tryOnUnmounted', 'tryOnBeforeUnmount'],
  },
  { owner: 'this component', names: ['onMount'], from: ['svelte'], ends: 'return' },
  { owner: 'this effect', names: ['$effect', '$effect.pre'], from: [''], ends: 'return' },
  { owner: 'this component', names: ['createEffect', 'onMount', 'createRenderEffect', 'createComputed'], from: ['solid-js'], ends: ['onCleanup'] },
];

/** Hooks that end what their component started, wherever they stand in its set-up. */
export const ENDING_HOOKS = new Set(['onUnmounted', 'onBeforeUnmount', 'onScopeDispose', 'onDeactivated', 'onDestroy', 'onCleanup', 'onWatcherCleanup', 'tryOnScopeDispose', 'tryOnUnmounted', 'tryOnBeforeUnmount', 'onBeforeRouteLeave']);

/** Methods that frameworks call when an instance's life ends, by what the class extends or is decorated with. */
export interface LifeCycle {
  readonly owner: string;
  /** Names of the superclass, as they are written. */
  readonly extending?: RegExp;
  readonly decorated?: readonly string[];
  readonly starts: readonly string[];
  readonly ends: readonly string[];
  /** Does the method it overrides have to be called? */
  readonly callsSuper?: boolean;
}

export const LIFE_CYCLES: readonly LifeCycle[] = [
  { owner: 'element', extending: /^(?:HTML\w*Element|LitElement|ReactiveElement|FASTElement|\w*LitElement|UpdatingElement)$/, starts: ['connectedCallback', 'firstUpdated'], ends: ['disconnectedCallback'], callsSuper: true },
  { owner: 'component', extending: /^(?:React\.)?(?:Pure)?Component$/, starts: ['componentDidMount', 'componentWillMount', 'UNSAFE_componentWillMount'], ends: ['componentWillUnmount'] },
  { owner: 'component', decorated: ['Component', 'Directive', 'Pipe'], starts: ['ngOnInit', 'ngAfterViewInit', 'ngAfterContentInit'], ends: ['ngOnDestroy'] },
  { owner: 'controller', extending: /^(?:Controller|\w+Controller)$/, starts: ['connect', 'initialize'], ends: ['disconnect'] },
];

/** Methods that end the life of what they belong to, the surest first. */
export const TEARDOWN_METHODS: readonly string[] = (
  'disconnectedCallback componentWillUnmount ngOnDestroy willDestroy onModuleDestroy onApplicationShutdown hostDisconnected [Symbol.dispose] [Symbol.asyncDispose] dispose destroy close stop ' +
  'shutdown shutDown terminate teardown tearDown unmount deactivate disconnect end cleanup cleanUp detach detached unload uninstall unbind unsubscribe ' +
  'beforeUnmount unmounted beforeDestroy destroyed onDestroy onUnload onDispose willDestroyElement disposeInternal remove kill stopListening ' +
  '_destroy _dispose _close _stop _teardown _cleanup #dispose #destroy #close #stop'
).split(' ');

/** Functions that run a test; what they start ends with the test process. */
export const TESTS = new Set(['it', 'test', 'describe', 'suite', 'specify', 'context', 'beforeEach', 'beforeAll', 'before', 'afterEach', 'afterAll', 'after', 'bench', 'setup', 'teardown']);

/** Names of functions that a program runs once, when it starts. */
export const BOOTSTRAP = new Set(['main', 'bootstrap', 'activate', 'run', 'start', 'startServer', 'cli', 'boot', 'launch', 'init', 'initialize', 'setup', 'install', 'register', 'listen', 'serve']);

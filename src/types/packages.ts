/** What packages make: `Type: what makes one`, as in `RESULTS`; `Promise<Type>` where it has to be awaited, no parentheses for values. */
const MADE = `
rxjs.Observable: rxjs.of() rxjs.from() rxjs.fromEvent() rxjs.interval() rxjs.timer() rxjs.merge() rxjs.combineLatest() rxjs.concat() rxjs.zip() rxjs.forkJoin() rxjs.defer() rxjs.race() rxjs.Observable#pipe() rxjs.Subject#asObservable()
rxjs.Connectable: rxjs.connectable()
mitt.Emitter: mitt.default()
nanoevents.Emitter: nanoevents.createNanoEvents()
i18next.i18n: i18next.default i18next.createInstance()
redux.Store: redux.createStore() redux.legacy_createStore() @reduxjs/toolkit.configureStore()
@reduxjs/toolkit.ListenerMiddlewareInstance: @reduxjs/toolkit.createListenerMiddleware()
zustand.StoreApi: zustand.create() zustand.createStore() zustand/vanilla.createStore()
nanostores.ReadableAtom: nanostores.atom() nanostores.map() nanostores.computed()
effector.Store: effector.createStore()
effector.Event: effector.createEvent()
@preact/signals-core.Signal: @preact/signals-core.signal() @preact/signals-core.computed() @preact/signals.signal() @preact/signals.computed()
xstate.Actor: xstate.createActor() xstate.interpret()
socket.io-client.Socket: socket.io-client.io() socket.io-client.default() socket.io-client.connect()
@microsoft/signalr.HubConnectionBuilder: @microsoft/signalr.HubConnectionBuilder#withUrl() @microsoft/signalr.HubConnectionBuilder#withAutomaticReconnect() @microsoft/signalr.HubConnectionBuilder#configureLogging()
@microsoft/signalr.HubConnection: @microsoft/signalr.HubConnectionBuilder#build()
mqtt.MqttClient: mqtt.connect()
Promise<mqtt.MqttClient>: mqtt.connectAsync()
Promise<nats.NatsConnection>: nats.connect()
graphql-ws.Client: graphql-ws.createClient()
@supabase/supabase-js.SupabaseClient: @supabase/supabase-js.createClient()
mysql2.Pool: mysql2/promise.createPool() mysql2.createPool() mysql2.Pool#promise()
mongodb.Db: mongodb.MongoClient#db()
mongodb.Collection: mongodb.Db#collection()
Promise<mongodb.MongoClient>: mongodb.MongoClient.connect() mongodb.MongoClient#connect()
ioredis.Redis: ioredis.Redis#duplicate()
knex.Knex: knex.knex() knex.default()
neo4j-driver.Driver: neo4j-driver.driver()
generic-pool.Pool: generic-pool.createPool()
kafkajs.Consumer: kafkajs.Kafka#consumer()
Promise<amqplib.ChannelModel>: amqplib.connect()
Promise<amqplib.Channel>: amqplib.ChannelModel#createChannel() amqplib.ChannelModel#createConfirmChannel()
@azure/service-bus.ServiceBusReceiver: @azure/service-bus.ServiceBusClient#createReceiver()
express.Application: express.default()
ethers.Provider: ethers.getDefaultProvider()
@opentelemetry/api.Tracer: @opentelemetry/api.trace.getTracer()
webpack.Compiler: webpack.default() webpack.webpack()
Promise<puppeteer-core.Browser>: puppeteer.launch() puppeteer.connect() puppeteer-core.launch() puppeteer-core.connect()
Promise<puppeteer-core.Page>: puppeteer-core.Browser#newPage()
playwright-core.BrowserType: playwright.chromium playwright.firefox playwright.webkit playwright-core.chromium playwright-core.firefox playwright-core.webkit @playwright/test.chromium @playwright/test.firefox @playwright/test.webkit
Promise<playwright-core.Browser>: playwright-core.BrowserType#launch() playwright-core.BrowserType#connect() playwright-core.BrowserType#connectOverCDP()
Promise<playwright-core.BrowserContext>: playwright-core.Browser#newContext()
echarts.EChartsType: echarts.init()
lexical.LexicalEditor: lexical.createEditor()
ag-grid-community.GridApi: ag-grid-community.createGrid()
electron.App: electron.app
electron.IpcMain: electron.ipcMain
electron.IpcRenderer: electron.ipcRenderer
electron.NativeTheme: electron.nativeTheme
electron.PowerMonitor: electron.powerMonitor
electron.Screen: electron.screen
electron.GlobalShortcut: electron.globalShortcut
electron.PowerSaveBlocker: electron.powerSaveBlocker
@tauri-apps/api.Window: @tauri-apps/api/window.getCurrentWindow()
vue-router.Router: vue-router.createRouter() vue-router.useRouter()
svelte.Readable: svelte/store.writable() svelte/store.readable() svelte/store.derived()
`;

/** What their functions return and their properties hold, in the form of `RESULTS`. */
export const PACKAGE_RESULTS: Readonly<Record<string, string>> = Object.fromEntries(
  MADE.trim()
    .split('\n')
    .flatMap((line) => {
      const [type, makers] = line.split(': ') as [string, string];
      return makers.split(' ').map((maker) => [maker, type]);
    }),
);

/** Direct supertypes within packages; a line is `Supertype: Subtype Subtype …`. */
export const PACKAGE_FAMILIES = `
rxjs.Observable: rxjs.Subject rxjs.ConnectableObservable rxjs.Connectable
rxjs.Subject: rxjs.BehaviorSubject rxjs.ReplaySubject rxjs.AsyncSubject
eventemitter3.EventEmitter: eventemitter3.default
eventemitter2.EventEmitter2: eventemitter2.default
ioredis.Redis: ioredis.default
ethers.Provider: ethers.JsonRpcProvider ethers.WebSocketProvider ethers.BrowserProvider
ethers.BaseContract: ethers.Contract
leaflet.Evented: leaflet.Map leaflet.Layer
@angular/core.OutputRef: @angular/core.OutputEmitterRef
rxjs.Subject: @angular/core.EventEmitter
playwright-core.BrowserContext: @playwright/test.BrowserContext
playwright-core.Browser: @playwright/test.Browser playwright.Browser
node:events.EventEmitter: ioredis.Redis ws.WebSocket ws.WebSocketServer pg.Client pg.Pool mongodb.MongoClient bullmq.Queue bullmq.Worker chokidar.FSWatcher
`;

/**
 * What packages make: `Type: what makes one`, as in `RESULTS`; `Promise<Type>` where it has to be awaited, no
 * parentheses for values.
 */
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
dexie.Observable: dexie.liveQuery()
axios.Axios: axios.create()
openai.Chat: openai.default#chat openai.OpenAI#chat
openai.Completions: openai.Chat#completions
openai.Responses: openai.default#responses openai.OpenAI#responses
openai.Embeddings: openai.default#embeddings openai.OpenAI#embeddings
openai.Images: openai.default#images openai.OpenAI#images
@anthropic-ai/sdk.Messages: @anthropic-ai/sdk.default#messages @anthropic-ai/sdk.Anthropic#messages
kafkajs.Producer: kafkajs.Kafka#producer()
kafkajs.Admin: kafkajs.Kafka#admin()
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

/**
 * Functions of packages that return a promise: `module: name …`, `module.Type#: method …`. What is lazy, or never
 * fails, is not here.
 */
export const PACKAGE_PROMISES = `
axios: default request get post put patch delete head options
axios.Axios#: request get post put patch delete head options
got: default got get post put patch delete
ky: default get post put patch delete head
undici: fetch request stream pipeline
execa: execa execaCommand execaNode
delay: default
p-map: default
p-retry: default
p-timeout: default
p-event: pEvent
p-queue.default#: add addAll onIdle onEmpty
rxjs: firstValueFrom lastValueFrom
rxjs.Observable#: forEach
async-mutex.Mutex#: acquire runExclusive waitForUnlock
async-mutex.Semaphore#: acquire runExclusive waitForUnlock
pg.Pool#: query connect end
pg.Client#: query connect end
mysql2.Pool#: getConnection
mongodb.MongoClient#: connect close
mongodb.Collection#: insertOne insertMany updateOne updateMany deleteOne deleteMany findOne countDocuments replaceOne bulkWrite createIndex
mongoose: connect disconnect
ioredis.Redis#: get set del quit publish subscribe expire hset hget
bullmq.Queue#: add addBulk close
bullmq.Worker#: close
kafkajs.Producer#: connect send sendBatch disconnect
kafkajs.Consumer#: connect run subscribe disconnect
kafkajs.Admin#: connect createTopics disconnect
openai.Completions#: create
openai.Responses#: create
openai.Embeddings#: create
openai.Images#: generate
@anthropic-ai/sdk.Messages#: create countTokens
@aws-sdk/client-s3.S3Client#: send
@aws-sdk/client-sqs.SQSClient#: send
@aws-sdk/client-sns.SNSClient#: send
@aws-sdk/client-dynamodb.DynamoDBClient#: send
@aws-sdk/client-lambda.LambdaClient#: send
firebase/firestore: getDoc getDocs setDoc addDoc updateDoc deleteDoc runTransaction
firebase/auth: signInWithEmailAndPassword signInWithPopup signOut createUserWithEmailAndPassword
vite: createServer build preview
esbuild: build context transform
@nestjs/core.NestFactory: create createApplicationContext createMicroservice
playwright-core.Page#: goto click fill waitForSelector evaluate reload press type
playwright-core.Browser#: close newPage newContext
puppeteer-core.Page#: goto click waitForSelector evaluate reload type
puppeteer-core.Browser#: close newPage
`;

/** Where functions of packages take a signal, in the form of the platform's. */
export const PACKAGE_SIGNALS = `
axios.get@1.signal axios.delete@1.signal axios.head@1.signal axios.options@1.signal axios.post@2.signal axios.put@2.signal axios.patch@2.signal
got.default@1.signal got.got@1.signal ky.default@1.signal ky.get@1.signal ky.post@1.signal ky.put@1.signal ky.patch@1.signal ky.delete@1.signal
undici.fetch@1.signal undici.request@1.signal undici.stream@1.signal execa.execa@2.cancelSignal execa.execaNode@2.cancelSignal execa.execaCommand@1.cancelSignal
p-map.default@2.signal p-retry.default@1.signal p-timeout.default@1.signal p-event.pEvent@2.signal delay.default@1.signal delay.rangeDelay@2.signal
ai.generateText@0.abortSignal ai.streamText@0.abortSignal ai.generateObject@0.abortSignal ai.streamObject@0.abortSignal ai.embed@0.abortSignal ai.embedMany@0.abortSignal
mobx.when@1.signal
axios.request@0.signal axios.Axios#request@0.signal axios.Axios#get@1.signal axios.Axios#delete@1.signal axios.Axios#head@1.signal axios.Axios#options@1.signal axios.Axios#post@2.signal axios.Axios#put@2.signal axios.Axios#patch@2.signal
p-queue.default#add@1.signal p-queue.default#addAll@1.signal p-event.pEventMultiple@2.signal lru-cache.LRUCache#fetch@1.signal piscina.default#run@1.signal tinypool.default#run@1.signal
openai.Completions#create@1.signal openai.Responses#create@1.signal openai.Embeddings#create@1.signal openai.Images#generate@1.signal @anthropic-ai/sdk.Messages#create@1.signal @anthropic-ai/sdk.Messages#countTokens@1.signal
@aws-sdk/client-s3.S3Client#send@1.abortSignal @aws-sdk/client-sqs.SQSClient#send@1.abortSignal @aws-sdk/client-sns.SNSClient#send@1.abortSignal @aws-sdk/client-dynamodb.DynamoDBClient#send@1.abortSignal @aws-sdk/client-lambda.LambdaClient#send@1.abortSignal
@azure/service-bus.ServiceBusReceiver#receiveMessages@1.abortSignal @azure/service-bus.ServiceBusSender#sendMessages@1.abortSignal
@elastic/elasticsearch.Client#search@1.signal @elastic/elasticsearch.Client#index@1.signal @elastic/elasticsearch.Client#bulk@1.signal @elastic/elasticsearch.Client#get@1.signal
puppeteer-core.Page#waitForSelector@1.signal puppeteer-core.Page#waitForFunction@1.signal puppeteer-core.Page#goto@1.signal puppeteer-core.Page#waitForRequest@1.signal puppeteer-core.Page#waitForResponse@1.signal puppeteer-core.Page#waitForNavigation@0.signal puppeteer-core.Page#waitForNetworkIdle@0.signal
effect.Effect.runPromise@1.signal effect.Effect.runPromiseExit@1.signal @modelcontextprotocol/sdk.Client#callTool@2.signal @modelcontextprotocol/sdk.Client#request@2.signal
`;

import { once, type EventEmitter } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';

export class Gateway {
  readonly #server: WebSocketServer;
  readonly #clients = new Set<WebSocket>();
  #refresh?: AbortController;

  constructor(port: number, private readonly bus: EventEmitter) {
    this.#server = new WebSocketServer({ port });
    this.#server.on('connection', (client: WebSocket) => this.#accept(client));
    this.bus.on('broadcast', (text: string) => this.#broadcast(text));
    process.on('SIGTERM', this.#announceEnd.bind(this));
  }

  #accept(client: WebSocket): void {
    this.#clients.add(client);
    const heartbeat = setInterval(() => client.ping(), 30_000);
    client.on('message', async (data: Buffer) => {
      await fetch('http://audit', { method: 'POST', body: data.toString() });
      this.bus.emit('message', data);
    });
    client.on('close', () => {
      this.#clients.delete(client);
    });
  }

  refresh(): void {
    this.#refresh = new AbortController();
    void this.#load(this.#refresh.signal);
  }

  async #load(signal: AbortSignal): Promise<void> {
    const response = await fetch('http://config', { signal });
    this.#broadcast(await response.text());
  }

  #broadcast(text: string): void {
    for (const client of this.#clients) client.send(text);
  }

  #announceEnd(): void {
    this.#broadcast('going away');
  }

  close(): void {
    process.off('SIGTERM', this.#announceEnd.bind(this));
    for (const client of this.#clients) client.close();
  }
}

export async function nextMessage(bus: EventEmitter, signal: AbortSignal): Promise<unknown> {
  const onAbort = () => bus.emit('cancelled');
  signal.addEventListener('abort', onAbort);
  const [message] = await once(bus, 'message') as unknown[];
  return message;
}

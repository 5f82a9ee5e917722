import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { Mutex } from 'async-mutex';

interface Job {
  id: string;
  url: string;
  attempts: number;
}

export class JobQueue {
  readonly #mutex = new Mutex();
  readonly #waiting: Job[] = [];

  async push(job: Job): Promise<void> {
    const release = await this.#mutex.acquire();
    if (this.#waiting.some(({ id }) => id === job.id)) return;
    this.#waiting.push(job);
    release();
  }

  async take(): Promise<Job | undefined> {
    const release = await this.#mutex.acquire();
    const job = this.#waiting.shift();
    if (job) await this.#remember(job);
    release();
    return job;
  }

  async #remember(job: Job): Promise<void> {
    await fetch('http://journal/taken', { method: 'POST', body: job.id });
  }
}

export async function work(queue: JobQueue, signal: AbortSignal): Promise<void> {
  while (true) {
    const job = await queue.take();
    if (job) await handle(job, signal);
    await sleep(500);
  }
}

async function handle(job: Job, signal: AbortSignal): Promise<void> {
  const response = await fetch(job.url);
  if (!response.ok && !signal.aborted) {
    report(job, response.status);
    return;
  }
  await render(await response.text());
}

async function report(job: Job, status: number): Promise<void> {
  await fetch('http://journal/failed', { method: 'POST', body: `${job.id} ${status}` });
}

function render(page: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker('./render.js', { workerData: page });
    worker.on('message', (message: { html?: string }) => {
      if (message.html) resolve(message.html);
    });
    worker.on('error', reject);
  });
}

export async function replay(jobs: Job[]): Promise<void> {
  await Promise.all(jobs.map(async (job) => {
    const response = await fetch(job.url, { method: 'HEAD' });
    if (!response.ok) throw new Error(`${job.url} is gone`);
  }));
}

export function prioritize(jobs: Job[], weigh: (job: Job) => Promise<number>): void {
  jobs.forEach(async (job) => {
    job.attempts = await weigh(job);
  });
}

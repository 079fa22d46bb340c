import { Worker } from 'node:worker_threads';
import type { WavFile } from '../../audio/index.ts';
import type { Clock, Timer } from '../../time/index.ts';
import type { RecordDisk } from '../record-disk.ts';
import type { DiskAnswers, DiskOrder, DiskOrders } from './disk-orders.ts';

/** How long orders are gathered, ms: what is not handed over is lost when the process is killed. */
const gatherMs = 100;
/** Orders that wait for the disk at most; beyond it they are refused, and tried again by whoever gave them. */
const mostWaiting = 20_000;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workerUrl = new URL(`./disk-worker.${extension}`, import.meta.url);

/**
 * Writes the records of all calls of a process on one thread: a few hand-overs a second instead of a wake-up for each file.
 *
 * A thread that is lost fails what waited for it; the next order begins another.
 */
export class DiskThread implements RecordDisk {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #orders: DiskOrders[number][] = [];
  #given = 0;
  #timer: Timer | undefined;
  #worker: Worker | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  append(path: string, text: string): Promise<void> {
    return this.#give({ do: 'append', path, text });
  }

  replace(path: string, content: string | Uint8Array): Promise<void> {
    return this.#give({ do: 'replace', path, content });
  }

  /** Creates a recording, or begins one anew. */
  async openWav(path: string): Promise<WavFile> {
    await this.#give({ do: 'open', path });
    return {
      write: (bytes, position) => this.#give({ do: 'write', path, bytes, position }),
      end: async () => undefined,
      close: () => this.#give({ do: 'close', path }),
    };
  }

  /** Ends the thread once nothing waits for it. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#waiting.values()].map(({ promise }) => promise));
    await this.#worker?.terminate();
  }

  #give(order: DiskOrder): Promise<void> {
    if (this.#waiting.size >= mostWaiting) {
      return Promise.reject(new Error(`${mostWaiting} orders wait for the disk`));
    }
    this.#given += 1;
    const id = this.#given;
    const done = Promise.withResolvers<void>();
    this.#waiting.set(id, done);
    this.#orders.push({ ...order, id });
    this.#timer ??= this.#clock.setTimeout(() => this.#handOver(), gatherMs);
    return done.promise;
  }

  #handOver(): void {
    this.#timer = undefined;
    const orders = this.#orders;
    this.#orders = [];
    this.#worker ??= this.#begin();
    this.#worker.ref();
    this.#worker.postMessage(orders);
  }

  #begin(): Worker {
    const worker = new Worker(workerUrl, { name: 'disk' });
    worker.on('message', (answers: DiskAnswers) => this.#answered(answers));
    worker.on('error', (error) => this.#lost(worker, error instanceof Error ? error.message : 'unknown'));
    worker.on('exit', () => this.#lost(worker, 'the thread that writes records has ended'));
    return worker;
  }

  #answered(answers: DiskAnswers): void {
    for (const { id, failure } of answers) {
      const done = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failure) done?.reject(Object.assign(new Error(failure.message), { code: failure.code }));
      else done?.resolve();
    }
    // a process that has nothing else to do may end
    if (this.#waiting.size === 0) this.#worker?.unref();
  }

  #lost(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const gathered = new Set(this.#orders.map(({ id }) => id));
    for (const [id, done] of this.#waiting) {
      if (gathered.has(id)) continue;
      this.#waiting.delete(id);
      done.reject(new Error(message));
    }
  }
}

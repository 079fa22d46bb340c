import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { IndexAnswer, IndexAsk, IndexSetup } from './index-messages.ts';
import type { Fact, RecordIndex, RecordPage, RecordQuery, StoredCall } from './record-store.ts';

/** Questions that wait for the index at most; beyond it they are refused. */
const mostWaiting = 1000;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workerUrl = new URL(`./index-worker.${extension}`, import.meta.url);

/** What an index in a folder is opened with. */
export interface SqliteIndexOptions {
  /** The folder of all records; the index is `index.sqlite` in it. */
  readonly folder: string;
  /** Numbers are hashed with it in the index; as they are without one. */
  readonly numberKey?: string | undefined;
}

/** An index in one SQLite file, which a thread of its own works on. */
export class SqliteIndex implements RecordIndex {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<IndexAnswer>>();
  #asked = 0;
  #dead: Error | undefined;

  constructor({ folder, numberKey }: SqliteIndexOptions) {
    const workerData: IndexSetup = { path: join(folder, 'index.sqlite'), key: numberKey };
    this.#worker = new Worker(workerUrl, { name: 'records', workerData });
    this.#worker.on('message', (answer: IndexAnswer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#lost(error instanceof Error ? error : new Error('unknown')));
    this.#worker.on('exit', () => this.#lost(new Error('the index of the records is closed')));
    this.#worker.unref();
  }

  async put(calls: readonly StoredCall[]): Promise<void> {
    await this.#ask({ type: 'put', calls });
  }

  async search(query: RecordQuery): Promise<RecordPage> {
    const { page } = await this.#ask({ type: 'search', query });
    return page ?? { calls: [], next: undefined };
  }

  async ofNumber(number: string): Promise<readonly string[]> {
    return (await this.#ask({ type: 'ofNumber', number })).callIds ?? [];
  }

  async expired(wallMs: number): Promise<readonly string[]> {
    return (await this.#ask({ type: 'expired', wallMs })).callIds ?? [];
  }

  async remove(callIds: readonly string[]): Promise<void> {
    await this.#ask({ type: 'remove', callIds });
  }

  async known(callIds: readonly string[]): Promise<readonly string[]> {
    return (await this.#ask({ type: 'known', callIds })).callIds ?? [];
  }

  async remember(agent: string, number: string, fact: Fact): Promise<void> {
    await this.#ask({ type: 'remember', agent, number, fact });
  }

  async memoryOf(agent: string, number: string, wallMs: number): Promise<readonly Fact[]> {
    return (await this.#ask({ type: 'memoryOf', agent, number, wallMs })).facts ?? [];
  }

  async forgetMemory(number: string): Promise<void> {
    await this.#ask({ type: 'forgetMemory', number });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(ask: IndexAsk): Promise<IndexAnswer> {
    if (this.#dead) throw this.#dead;
    if (this.#waiting.size >= mostWaiting) throw new Error(`${mostWaiting} questions wait for the index`);
    this.#asked += 1;
    const id = this.#asked;
    const waiter = Promise.withResolvers<IndexAnswer>();
    this.#waiting.set(id, waiter);
    this.#worker.ref();
    this.#worker.postMessage({ id, ask });
    const answer = await waiter.promise;
    if (answer.failure !== undefined) throw new Error(answer.failure);
    return answer;
  }

  #answered(answer: IndexAnswer): void {
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
  }

  #lost(error: Error): void {
    this.#dead ??= error;
    for (const waiter of this.#waiting.values()) waiter.reject(error);
    this.#waiting.clear();
  }
}

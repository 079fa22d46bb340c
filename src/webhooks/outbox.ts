import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { processMark } from '../records/index.ts';
import { type Clock, delay, within } from '../time/index.ts';
import type { DeliveryNews, ReceiverAccess } from './deliverer.ts';
import type { OutboxState, PutOutcome, Receiver } from './outbox-database.ts';
import type { FromOutbox, OutboxSetup, ToOutbox } from './outbox-messages.ts';
import type { OutboxMessage } from './webhook-message.ts';

/** Questions that wait for the thread at most; beyond it they are refused. */
const mostWaiting = 1000;
/** Longest wait for the thread to do what it is asked, ms: longer than SQLite waits for a lock. */
const answerMs = 20_000;
/** A thread that was lost is replaced after so long, ms. */
const replacedMs = 5000;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const workerUrl = new URL(`./outbox-worker.${extension}`, import.meta.url);

/** The file of the outbox in the folder of all records. */
export function outboxPath(records: string): string {
  return join(records, 'outbox.sqlite');
}

/** What an outbox is opened with. */
export interface OutboxOptions {
  /** The folder of all records. */
  readonly folder: string;
  /** BAARI_RECORDS_KEY: what messages are sealed with while they lie there; as they are without. */
  readonly sealKey: string | undefined;
  readonly clock: Clock;
  /** How a receiver is reached as things are now; asked for each attempt. */
  readonly accessOf: (receiver: Receiver) => ReceiverAccess | { readonly fault: string };
  readonly tell: (news: DeliveryNews) => void;
  /** Told how much waits, by the process that delivers. */
  readonly state: (state: OutboxState) => void;
  readonly onError: (error: Error) => void;
}

type Done = Extract<FromOutbox, { type: 'done' }>;

/** Messages for receivers, kept on disk until they are delivered; signed and posted on a thread of its own. */
export class Outbox {
  readonly #o: OutboxOptions;
  readonly #waiting = new Map<number, (done: Done) => void>();
  readonly #over = new AbortController();
  #worker: Worker;
  #asked = 0;
  #delivers = false;

  constructor(options: OutboxOptions) {
    this.#o = options;
    this.#worker = this.#start();
  }

  /** Begins to deliver what there is and what comes; of several processes that do, one does. */
  deliver(): void {
    this.#delivers = true;
    this.#send({ type: 'deliver' });
  }

  /** Keeps messages; resolves once they are on disk. @throws Error when they are not */
  async put(messages: readonly OutboxMessage[]): Promise<PutOutcome> {
    const { outcome } = await this.#ask((id) => ({ type: 'put', id, messages }));
    return outcome ?? { taken: 0, dead: 0, refused: 0, known: 0 };
  }

  /** Forgets all that is kept of these calls. */
  async forget(callIds: readonly string[]): Promise<void> {
    await this.#ask((id) => ({ type: 'forget', id, callIds }));
  }

  /** Lets attempts that are under way end within `limitMs`; what waits is delivered after the next start. */
  async stop(limitMs: number): Promise<void> {
    const stopped = this.#ask((id) => ({ type: 'stop', id })).catch(() => undefined);
    await within(this.#o.clock, limitMs, stopped);
    this.#over.abort();
    await this.#worker.terminate();
  }

  #start(): Worker {
    const workerData: OutboxSetup = {
      path: outboxPath(this.#o.folder),
      mark: processMark,
      sealKey: this.#o.sealKey,
    };
    const worker = new Worker(workerUrl, { name: 'webhooks', workerData });
    worker.on('message', (message: FromOutbox) => this.#told(message));
    worker.on('error', (error) => this.#o.onError(error instanceof Error ? error : new Error('unknown')));
    worker.on('exit', () => this.#lost());
    worker.unref();
    return worker;
  }

  async #ask(question: (id: number) => ToOutbox): Promise<Done> {
    if (this.#over.signal.aborted) throw new Error('the outbox is closed');
    if (this.#waiting.size >= mostWaiting) throw new Error(`${mostWaiting} questions wait for the outbox`);
    this.#asked += 1;
    const id = this.#asked;
    const { promise, resolve } = Promise.withResolvers<Done>();
    this.#waiting.set(id, resolve);
    this.#send(question(id));
    const done = await within(this.#o.clock, answerMs, promise);
    this.#waiting.delete(id);
    if (!done) throw new Error(`no answer of the outbox within ${answerMs} ms`);
    if (done.failure !== undefined) throw new Error(done.failure);
    return done;
  }

  #told(message: FromOutbox): void {
    if (message.type === 'done') this.#waiting.get(message.id)?.(message);
    else if (message.type === 'news') this.#o.tell(message.news);
    else if (message.type === 'state') this.#o.state(message.state);
    else if (message.type === 'failed') this.#o.onError(new Error(message.message));
    else this.#send({ type: 'access', ask: message.ask, access: this.#o.accessOf(message.receiver) });
  }

  /** What was asked of it is answered with a failure; whoever asked asks again. */
  #lost(): void {
    for (const [id, tell] of this.#waiting)
      tell({ type: 'done', id, failure: 'the thread of the outbox is lost' });
    if (this.#over.signal.aborted) return;
    this.#o.state({ waiting: 0, dead: 0, oldestMs: undefined });
    delay(this.#o.clock, replacedMs, this.#over.signal).then(() => {
      if (this.#over.signal.aborted) return;
      this.#worker = this.#start();
      if (this.#delivers) this.deliver();
    });
  }

  #send(message: ToOutbox): void {
    this.#worker.postMessage(message);
  }
}

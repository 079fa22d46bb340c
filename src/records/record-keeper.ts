import { type Clock, delay } from '../time/index.ts';
import { finishCutOff } from './finish-cut-off.ts';
import type { RecordStore } from './store/record-store.ts';
import { callsIn, readStoredCall } from './store/stored-call.ts';

/** Looks for what has expired so often, and for what the index lacks, ms. */
const sweepEveryMs = 600_000;
/** Pauses before a store that failed is tried again, ms: doubled from the first to the longest. */
const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** Calls that wait for a dead store at most; later ones are found by the next start, in their folders. */
const mostWaiting = 10_000;
/** Calls put into the index at once. */
const batch = 100;

/** What a keeper is built from. */
export interface RecordKeeperOptions {
  readonly folder: string;
  readonly store: RecordStore;
  readonly clock: Clock;
  /** Tells the log; `callId` where it concerns one call. */
  readonly tell: (
    what: 'record.cutOff' | 'record.failed' | 'record.expired' | 'records.storeFailed' | 'records.storeBack',
    about: { readonly callId?: string; readonly message?: string; readonly waiting?: number },
  ) => void;
}

/** Keeps the records of a folder beside the calls: completes what was cut off, indexes what is complete, deletes in time. */
export class RecordKeeper {
  readonly #o: RecordKeeperOptions;
  readonly #over = new AbortController();
  #waiting: string[] = [];
  #working: Promise<void> | undefined;
  #failures = 0;

  constructor(options: RecordKeeperOptions) {
    this.#o = options;
  }

  /** Completes what was cut off, indexes every call anew, then deletes what has expired from time to time. */
  async start(): Promise<void> {
    const { folder, clock } = this.#o;
    await this.#finishCutOff();
    for (const callId of await callsIn(folder)) this.completed(callId);
    while (!this.#over.signal.aborted) {
      await this.settled();
      await this.#deleteExpired();
      await delay(clock, sweepEveryMs, this.#over.signal);
      // another worker of this service may have been lost meanwhile
      if (!this.#over.signal.aborted) await this.#finishCutOff();
    }
  }

  /** The record of a call is complete: it is to be found from now on. */
  completed(callId: string): void {
    if (this.#waiting.length >= mostWaiting || this.#over.signal.aborted) return;
    this.#waiting.push(callId);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when nothing waits for the store any more. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Ends all of it; what waits for a dead store is found by the next start. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.#working;
    await this.#o.store.close();
  }

  async #work(): Promise<void> {
    const { folder, store } = this.#o;
    while (this.#waiting.length > 0) {
      const next = this.#waiting.slice(0, batch);
      const read = await Promise.all(next.map((callId) => readStoredCall(folder, callId)));
      const calls = read.filter((call) => call !== undefined);
      if (await this.#try(() => store.put(calls))) this.#waiting.splice(0, next.length);
      else if (this.#over.signal.aborted) return;
    }
  }

  async #finishCutOff(): Promise<void> {
    const { folder, clock, tell } = this.#o;
    const { finished, failed } = await finishCutOff(folder, clock.wallMs());
    for (const callId of finished) {
      tell('record.cutOff', { callId });
      this.completed(callId);
    }
    for (const { callId, message } of failed) tell('record.failed', { callId, message });
  }

  async #deleteExpired(): Promise<void> {
    const { store, clock, tell } = this.#o;
    if (this.#over.signal.aborted) return;
    await this.#try(async () => {
      const expired = await store.expired(clock.wallMs());
      if (expired.length === 0) return;
      await store.remove(expired);
      for (const callId of expired) tell('record.expired', { callId });
    });
  }

  /** One attempt; after a failure it waits before it resolves with false. */
  async #try(work: () => Promise<void>): Promise<boolean> {
    const { clock, tell } = this.#o;
    try {
      await work();
      if (this.#failures > 0) tell('records.storeBack', { waiting: this.#waiting.length });
      this.#failures = 0;
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown';
      this.#failures += 1;
      if (this.#failures === 1) tell('records.storeFailed', { message, waiting: this.#waiting.length });
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failures - 1));
      await delay(clock, pauseMs, this.#over.signal);
      return false;
    }
  }
}

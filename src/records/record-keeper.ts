import { mkdir } from 'node:fs/promises';
import { type Clock, delay, within } from '../time/index.ts';
import { noteDue, type RecordStep, readDue } from './due-steps.ts';
import { finishCutOff } from './finish-cut-off.ts';
import { isGone, processMark } from './process-mark.ts';
import { realDisk } from './record-disk.ts';
import { recordFiles } from './record-files.ts';
import type { SealKeys } from './seal/index.ts';
import { StepQueue, type StepQueueOptions } from './step-queue.ts';
import type { RecordStore } from './store/record-store.ts';
import { callsIn, readStoredCall } from './store/stored-call.ts';
import { sweepStowed } from './sweep-stowed.ts';

/** Looks for what has expired so often, and for what a lost process has left, ms. */
const sweepEveryMs = 600_000;
/** Calls that are worked on at most; what is due for later ones stands in their folders, and is found by the next sweep. */
const mostAtOnce = 10_000;
/** Calls that the index is asked for at once. */
const mostAsked = 500;
/** Calls put into the index at once. */
const batch = 100;
/** Calls that data is read out of at once. */
const extractionsAtOnce = 4;

/** What is done about complete records beside indexing them; each may be done twice, and rejects when it is to be tried again. */
export interface RecordWork {
  /**
   * What is due for a complete call of an agent: `stow` where the store keeps files elsewhere, such as on S3. It is the last
   * step, so that nothing in the folder changes any more; the note of what is due, `due.json`, is no part of the record.
   */
  dueFor(agent: string): readonly RecordStep[];
  /** Reads data out of a call into its record, or says there why not. */
  extract?(callId: string, over: AbortSignal): Promise<void>;
  /** How long the announcement of a call waits for that, ms. */
  extractWaitsMs?(callId: string): Promise<number>;
  /** Puts what receivers are to be told of a call into the outbox; `later` leaves it to the next sweep. */
  announce?(callId: string): Promise<'done' | 'later'>;
  /** Forgets what is kept elsewhere of calls whose time has come. */
  forget?(callIds: readonly string[]): Promise<void>;
}

/** What a keeper is built from. */
export interface RecordKeeperOptions {
  readonly folder: string;
  readonly store: RecordStore;
  readonly clock: Clock;
  /** Opens records that are sealed, and seals what is completed. */
  readonly keys?: SealKeys | undefined;
  readonly work?: RecordWork;
  /** Tells the log; `callId` where it concerns one call, `step` where it concerns one step. */
  readonly tell: (
    what: 'record.cutOff' | 'record.failed' | 'record.expired' | 'records.storeFailed' | 'records.storeBack',
    about: {
      readonly callId?: string;
      readonly step?: string;
      readonly message?: string;
      readonly waiting?: number;
    },
  ) => void;
}

/**
 * Keeps the records of a folder beside the calls: completes what was cut off, then does for each complete record what is
 * to be done, step by step, and deletes in time.
 *
 * The steps: extract → index and announce, which do not wait for each other → stow. Each is tried until it succeeds, may be
 * done twice, and is taken up by the next start where the last one left it.
 */
export class RecordKeeper {
  readonly #o: RecordKeeperOptions;
  readonly #over = new AbortController();
  readonly #carried = new Map<string, Promise<void>>();
  /** Calls that are not in the index yet. */
  readonly #indexing = new Set<Promise<void>>();
  /** Calls whose announcement is left to the next sweep. */
  readonly #later = new Set<string>();
  readonly #index: StepQueue;
  readonly #extract: StepQueue;
  readonly #announce: StepQueue;
  readonly #stow: StepQueue;
  #hasDeleteFailed = false;

  constructor(options: RecordKeeperOptions) {
    this.#o = options;
    const one = (work: ((callId: string) => Promise<void>) | undefined) => async (ids: readonly string[]) => {
      for (const callId of ids) await work?.(callId);
    };
    const { work, store } = options;
    this.#index = this.#queue('index', batch, 1, (callIds) => this.#put(callIds));
    this.#extract = this.#queue(
      'extract',
      1,
      extractionsAtOnce,
      one((callId) => work?.extract?.(callId, this.#over.signal) ?? Promise.resolve()),
    );
    const announce = async (callId: string): Promise<void> => {
      if ((await work?.announce?.(callId)) === 'later') this.#later.add(callId);
    };
    this.#announce = this.#queue('announce', 1, 1, one(announce));
    this.#stow = this.#queue(
      'stow',
      1,
      1,
      one((callId) => store.files.stow(callId)),
    );
  }

  /** Completes what was cut off, takes up what is due, indexes what the index lacks, then deletes what has expired from time to time. */
  async start(): Promise<void> {
    const { folder, clock } = this.#o;
    // the index is in it; where it cannot be made, the index says so
    await mkdir(folder, { recursive: true }).catch(() => undefined);
    await sweepStowed(folder);
    await this.#sweep();
    const all = await callsIn(folder);
    for (let at = 0; at < all.length && !this.#over.signal.aborted; at += mostAsked) {
      for (const callId of await this.#unknownAmong(all.slice(at, at + mostAsked))) {
        while (this.#carried.size >= mostAtOnce) await Promise.race(this.#carried.values());
        this.completed(callId);
      }
    }
    while (!this.#over.signal.aborted) {
      await Promise.all(this.#indexing);
      await this.#deleteExpired();
      await delay(clock, sweepEveryMs, this.#over.signal);
      // another worker of this service may have been lost meanwhile
      if (!this.#over.signal.aborted) await this.#sweep();
    }
  }

  /** The record of a call is complete: it is to be found from now on, and done with as is due. */
  completed(callId: string): void {
    if (this.#carried.size >= mostAtOnce || this.#over.signal.aborted || this.#carried.has(callId)) return;
    const { promise: indexed, resolve } = Promise.withResolvers<void>();
    this.#indexing.add(indexed);
    indexed.finally(() => this.#indexing.delete(indexed));
    const carried = this.#carry(callId, resolve)
      .catch((error: unknown) => this.#o.tell('record.failed', { callId, message: wordsOf(error) }))
      .finally(() => {
        resolve();
        this.#carried.delete(callId);
      });
    this.#carried.set(callId, carried);
  }

  /** Resolves when all is done for the calls that are complete. */
  async settled(): Promise<void> {
    await Promise.all(this.#carried.values());
  }

  /** Ends all of it; what is not done is taken up by the next start. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.settled();
    await this.#o.store.close();
  }

  async #carry(callId: string, hasIndexed: () => void): Promise<void> {
    const { clock, folder, work } = this.#o;
    const due = new Set((await readDue(recordFiles(folder, callId)))?.steps);
    const done = async (step: RecordStep): Promise<void> => {
      due.delete(step);
      await this.#note(callId, [...due]);
    };
    const extracted = due.has('extract') ? this.#extract.add(callId) : undefined;
    const waitMs = extracted ? ((await work?.extractWaitsMs?.(callId)) ?? 0) : 0;
    const inTime = extracted && (await within(clock, waitMs, extracted));
    if (inTime) await done('extract');
    const indexed = this.#index.add(callId).finally(hasIndexed);
    // stopped in the middle: the announcement is to have what the next start reads out
    const isStopped = inTime === false;
    if (due.has('announce') && !isStopped && (await this.#announce.add(callId))) {
      if (!this.#later.delete(callId)) await done('announce');
    }
    await indexed;
    if (extracted && inTime === undefined && (await extracted)) {
      await done('extract');
      await this.#index.add(callId);
    }
    if (due.has('stow') && due.size === 1 && (await this.#stow.add(callId))) await done('stow');
  }

  /** Those that the index lacks; all of them when it is dead: they wait for it. */
  async #unknownAmong(callIds: readonly string[]): Promise<readonly string[]> {
    try {
      const known = new Set(await this.#o.store.known(callIds));
      return callIds.filter((callId) => !known.has(callId));
    } catch {
      return callIds;
    }
  }

  async #put(callIds: readonly string[]): Promise<void> {
    const { folder, store, keys } = this.#o;
    const read = await Promise.all(callIds.map((callId) => readStoredCall(folder, callId, keys)));
    const calls = read.filter((call) => call !== undefined);
    if (calls.length > 0) await store.put(calls);
  }

  /** A note that cannot be written is no harm: what it says is done once more. */
  async #note(callId: string, steps: readonly RecordStep[]): Promise<void> {
    try {
      await noteDue(recordFiles(this.#o.folder, callId), steps, realDisk);
    } catch (error) {
      this.#o.tell('record.failed', { callId, message: wordsOf(error) });
    }
  }

  async #sweep(): Promise<void> {
    const { folder, clock, tell, work, keys } = this.#o;
    const dueFor = (agent: string): readonly RecordStep[] => work?.dueFor(agent) ?? [];
    const { finished, failed, due } = await finishCutOff(folder, clock.wallMs(), dueFor, keys);
    for (const callId of finished) {
      tell('record.cutOff', { callId });
      this.completed(callId);
    }
    for (const callId of due) {
      const process = (await readDue(recordFiles(folder, callId)))?.process;
      if (process !== undefined && (process === processMark || isGone(process))) this.completed(callId);
    }
    for (const { callId, message } of failed) tell('record.failed', { callId, message });
  }

  async #deleteExpired(): Promise<void> {
    const { store, clock, tell, work } = this.#o;
    if (this.#over.signal.aborted) return;
    try {
      const expired = await store.expired(clock.wallMs());
      if (expired.length > 0) {
        await work?.forget?.(expired);
        await store.remove(expired);
      }
      for (const callId of expired) tell('record.expired', { callId });
      this.#hasDeleteFailed = false;
    } catch (error) {
      const message = wordsOf(error);
      if (!this.#hasDeleteFailed) tell('records.storeFailed', { step: 'delete', message });
      this.#hasDeleteFailed = true;
    }
  }

  #queue(step: string, most: number, atOnce: number, run: StepQueueOptions['run']): StepQueue {
    const { clock, tell } = this.#o;
    return new StepQueue({
      clock,
      batch: most,
      atOnce,
      run,
      over: this.#over.signal,
      failed: (message, waiting) => tell('records.storeFailed', { step, message, waiting }),
      back: (waiting) => tell('records.storeBack', { step, waiting }),
    });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

import { existsSync } from 'node:fs';
import type { Agent } from '../agents/index.ts';
import { type CallObserver, type CallSummary, recordCall } from '../call/index.ts';
import type { Log } from '../observe/index.ts';
import {
  CallRecorder,
  DiskThread,
  forgetNumber,
  openStore,
  RecordKeeper,
  type RecordStore,
  type RecordWork,
  readSealKeys,
  type SealKeys,
} from '../records/index.ts';
import { type Clock, within } from '../time/index.ts';
import { OutboxDatabase, outboxPath } from '../webhooks/index.ts';
import { type Terminal, UserError } from './output.ts';

/** What the records of a service are kept with. */
export interface RecordsOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Names the stores of records, and the key that hashes numbers. */
  readonly env: Terminal['env'];
  /** Counts each failure of a store that begins. */
  readonly storeFailed?: (step: string) => void;
  /** What is done about complete records beside keeping them. */
  readonly work?: RecordWork;
}

/** Longest wait for the last records when the service stops, then for the index, then for the disk, ms. */
const stopMs = 5000;
/** Longest wait for records to leave the folder, ms: it may go with the machine, as in a pod. */
const stowMs = 20_000;
/** Longest time that {@link Records.stop} takes, ms. */
export const recordsStopMs = stowMs + 3 * stopMs;

/** The records of a service: those of its calls, and beside them what a lost process left and what has expired. */
export class Records {
  readonly #o: RecordsOptions;
  readonly #hurry = new AbortController();
  readonly #keeper: RecordKeeper;
  readonly #work: RecordWork;
  readonly #keys: SealKeys | undefined;
  readonly #disk: DiskThread;
  readonly #stows: boolean;
  /** Records of calls that are over, while they are written. */
  readonly #closing = new Set<Promise<void>>();
  /** Where complete records are found again. */
  readonly store: RecordStore;

  constructor(options: RecordsOptions) {
    this.#o = options;
    const { folder, clock, log, env, work, storeFailed } = options;
    const { store, stows, keys } = openStoreOf(folder, env);
    this.#keys = keys;
    this.#disk = new DiskThread(clock);
    this.#stows = stows;
    this.store = store;
    this.#work = withStowing(work, stows);
    this.#keeper = new RecordKeeper({
      folder,
      clock,
      store: this.store,
      work: this.#work,
      keys,
      tell: (what, about) => {
        const level = what.endsWith('ailed') ? 'error' : what === 'record.cutOff' ? 'warn' : 'info';
        log[level](about, what);
        if (what === 'records.storeFailed') storeFailed?.(about.step ?? 'index');
      },
    });
  }

  /** Completes and indexes what there is, and deletes in time; by one process of a service. */
  tend(): void {
    const { log } = this.#o;
    this.#keeper.start().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : 'unknown';
      log.error({ message }, 'records.untended');
    });
  }

  /** Follows a call into its record. */
  follow(callId: string, agent: Agent): CallObserver {
    const { folder, clock, log } = this.#o;
    let failures = 0;
    const onError = ({ message }: Error): void => {
      failures += 1;
      log.error({ callId, message }, 'record.failed');
    };
    const due = this.#work.dueFor(agent.name);
    const recorder = new CallRecorder({
      folder,
      callId,
      clock,
      onError,
      hurry: this.#hurry.signal,
      due,
      keys: this.#keys,
      disk: this.#disk,
      openWav: (path) => this.#disk.openWav(path),
    });
    const closed = Promise.withResolvers<void>();
    const observer = recordCall(recorder, callId, agent, clock, ({ isComplete, retries }) => {
      if (isComplete) log.info({ callId, ...(retries > 0 && { retries }) }, 'record.complete');
      else log.error({ callId, failures, retries }, 'record.incomplete');
      this.#keeper.completed(callId);
      this.#closing.delete(closed.promise);
      closed.resolve();
    });
    const ended = (summary: CallSummary): void => {
      this.#closing.add(closed.promise);
      observer.ended?.(summary);
    };
    return { ...observer, ended };
  }

  /** The service stops: the last records are written and brought to where they are kept; what is not taken now is given up. */
  async stop(): Promise<void> {
    const { clock } = this.#o;
    this.#hurry.abort();
    await within(clock, stopMs, Promise.all(this.#closing));
    if (this.#stows) await within(clock, stowMs, this.#keeper.settled());
    await within(clock, stopMs, this.#keeper.stop());
    await within(clock, stopMs, this.#disk.close());
  }
}

/** What receivers of webhooks were still to be told of these calls. */
function forgetMessages(folder: string, callIds: readonly string[]): void {
  const path = outboxPath(folder);
  if (!existsSync(path)) return;
  const outbox = new OutboxDatabase(path);
  try {
    outbox.forget(callIds);
  } finally {
    outbox.close();
  }
}

/** `baari forget`: deletes all records of a phone number. Resolves with the exit code. @throws UserError for no number */
export async function runForget(
  number: string,
  records: string | undefined,
  { stdout, env }: Terminal,
): Promise<number> {
  const folder = records ?? env.BAARI_RECORDS;
  if (!folder)
    throw new UserError('expected a folder of records in --records or BAARI_RECORDS, found none', 2);
  if (number.replace(/\D/g, '').length < 6)
    throw new UserError('expected a phone number of at least 6 digits', 2);
  const { store, keys } = openStoreOf(folder, env);
  try {
    const callIds = await forgetNumber(folder, store, number, keys);
    forgetMessages(folder, callIds);
    stdout.write(`${callIds.length} ${callIds.length === 1 ? 'record' : 'records'} deleted\n`);
    return 0;
  } catch (error) {
    throw new UserError(
      `the records cannot be deleted: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  } finally {
    await store.close();
  }
}

/** The store that the environment names. @throws UserError naming the variable that is wrong */
export function openStoreOf(folder: string, env: Terminal['env']): ReturnType<typeof openStore> {
  try {
    return openStore(folder, env);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : 'the store cannot be opened', 2);
  }
}

/** Adds the last step for stores that records leave their folder for. */
function withStowing(work: RecordWork | undefined, stows: boolean): RecordWork {
  const { dueFor } = work ?? { dueFor: () => [] };
  return { ...work, dueFor: (agent) => (stows ? [...dueFor(agent), 'stow'] : dueFor(agent)) };
}

/** The keys that records are sealed with. @throws UserError for what is no key */
export function sealKeysOf(env: Terminal['env']): SealKeys | undefined {
  try {
    return readSealKeys(env.BAARI_RECORDS_KEY);
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : 'the keys cannot be read', 2);
  }
}

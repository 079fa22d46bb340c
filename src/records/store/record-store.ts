import type { CallRecord } from '../call-record.ts';

/** What is looked for; all that is given must hold. */
export interface RecordQuery {
  /** Calls that began at this time or later, ms since 1970. */
  readonly fromMs?: number;
  /** Calls that began before this time, ms since 1970. */
  readonly toMs?: number;
  readonly agent?: string;
  readonly outcome?: string;
  /** The caller's or the called number; only its last ten digits count. */
  readonly number?: string;
  /** Words that the transcript has, each from its beginning. */
  readonly text?: string;
  /** Calls at most, 1 to 200. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: number;
}

/** One call as a search finds it; numbers are personal data. */
export interface FoundCall {
  readonly callId: string;
  readonly startedAtMs: number;
  readonly agent: string;
  readonly outcome: string;
  readonly from: string;
  readonly to: string;
  readonly durationMs: number;
}

/** Some of the calls found, the latest first. */
export interface RecordPage {
  readonly calls: readonly FoundCall[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: number | undefined;
}

/** What a store is told of a call: its record, and all that was said in it. */
export interface StoredCall {
  readonly record: CallRecord;
  readonly text: string;
}

/**
 * Where complete records can be found again. Every method may reject when the store is dead; none blocks the event loop.
 * A store elsewhere (PostgreSQL, S3) keeps to the same promises: a call that is put twice is there once.
 */
export interface RecordStore {
  put(calls: readonly StoredCall[]): Promise<void>;
  search(query: RecordQuery): Promise<RecordPage>;
  /** The calls of a number, the caller's or the called, and those to be deleted by now: what is to be removed. */
  ofNumber(number: string): Promise<readonly string[]>;
  expired(wallMs: number): Promise<readonly string[]>;
  remove(callIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

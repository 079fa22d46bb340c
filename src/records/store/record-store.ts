import type { Readable } from 'node:stream';
import type { CallRecord } from '../call-record.ts';

/** What is looked for; all that is given must hold. */
export interface RecordQuery {
  /** Calls that began at this time or later, ms since 1970. */
  readonly fromMs?: number | undefined;
  /** Calls that began before this time, ms since 1970. */
  readonly toMs?: number | undefined;
  readonly agent?: string | undefined;
  /** Calls of one of these agents. */
  readonly agents?: readonly string[] | undefined;
  readonly outcome?: string | undefined;
  /** The caller's or the called number; only its last ten digits count. */
  readonly number?: string | undefined;
  /** Words that the transcript has, each from its beginning. */
  readonly text?: string | undefined;
  /** Calls at most, 1 to 200. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: number | undefined;
}

/** Places within one millisecond: a call's id in an index tells when it began, so that the latest come first without a sort. */
export const rowsPerMs = 1000;
const usualLimit = 50;
const mostCalls = 200;

/** The calls of a page at most. */
export function limitOf({ limit }: RecordQuery): number {
  return Math.max(1, Math.min(mostCalls, Math.trunc(limit ?? usualLimit)));
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

/** What is remembered of a caller; personal data. */
export interface Fact {
  readonly fact: string;
  /** When it was learned, ms since 1970. */
  readonly atMs: number;
  /** When it is to be forgotten, ms since 1970; undefined: with its number. */
  readonly keepUntilMs?: number;
}

/** Facts that an agent remembers of one number at most; beyond it the oldest is forgotten. */
export const mostFacts = 50;

/**
 * Where complete records can be found again, and what is remembered of callers. Every method may reject when the index is
 * dead; none blocks the event loop. A call that is put twice is there once.
 */
export interface RecordIndex {
  put(calls: readonly StoredCall[]): Promise<void>;
  search(query: RecordQuery): Promise<RecordPage>;
  /** Which of these calls it has. */
  known(callIds: readonly string[]): Promise<readonly string[]>;
  /** The calls of a number, the caller's or the called. */
  ofNumber(number: string): Promise<readonly string[]>;
  /** The calls that are to be deleted by now; facts whose time has come are forgotten. */
  expired(wallMs: number): Promise<readonly string[]>;
  remove(callIds: readonly string[]): Promise<void>;
  /** Adds to what an agent knows of a number; a call without a number leaves nothing. */
  remember(agent: string, number: string, fact: Fact): Promise<void>;
  /** What an agent knows of a number at a time, the oldest first; nothing of what another agent knows. */
  memoryOf(agent: string, number: string, wallMs: number): Promise<readonly Fact[]>;
  /** Forgets what every agent knows of a number. */
  forgetMemory(number: string): Promise<void>;
  close(): Promise<void>;
}

/** The files of a complete record that can be read. */
export const recordFileNames = ['call.json', 'transcript.jsonl', 'audio.wav'] as const;
/** The files of a record that can be opened: the journal too, which the others are made of. */
export type RecordFileName = (typeof recordFileNames)[number] | 'journal.jsonl';

/** Bytes of a file from `first` to `last`, both included, from 0; to the end without `last`. */
export interface ByteRange {
  readonly first: number;
  readonly last?: number;
}

/** A file that is being read: the bytes asked for, and how many it has in all. */
export interface OpenedFile {
  readonly sizeBytes: number;
  readonly stream: Readable;
}

/** Where the files of complete records are; every method may reject when that place is dead. */
export interface StoredFiles {
  /** Puts a complete record where it is kept for good, and may remove its folder; may be done twice. */
  stow(callId: string): Promise<void>;
  /** Reads a file or some of its bytes; undefined when the call or the file does not exist. */
  open(callId: string, file: RecordFileName, range?: ByteRange): Promise<OpenedFile | undefined>;
  /** Removes all there is of these calls; one that does not exist is no failure. */
  remove(callIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** An index and the files it finds; `remove` removes both. */
export interface RecordStore extends RecordIndex {
  readonly files: StoredFiles;
}

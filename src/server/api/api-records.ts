import type { Readable } from 'node:stream';
import type { CallRecord, RecordPage, RecordQuery } from '../../records/index.ts';

/** The files of a call's record that can be asked for. */
export type RecordFile = 'transcript.jsonl' | 'audio.wav';

/** A file, or a part of it, ready to be read; whoever takes it reads or destroys the stream. */
export interface OpenFile {
  /** The whole file, bytes. */
  readonly size: number;
  readonly stream: Readable;
}

/** Where the API finds records; every method may reject when the store is dead. */
export interface ApiRecords {
  search(query: RecordQuery): Promise<RecordPage>;
  /** The record of a complete call; undefined when there is none. */
  read(callId: string): Promise<CallRecord | undefined>;
  /** @param range first and last byte; the whole file without it */
  open(
    callId: string,
    file: RecordFile,
    range?: { start: number; end: number },
  ): Promise<OpenFile | undefined>;
  /** The size of a file, bytes; undefined when there is none. */
  sizeOf(callId: string, file: RecordFile): Promise<number | undefined>;
  ofNumber(number: string): Promise<readonly string[]>;
  remove(callIds: readonly string[]): Promise<void>;
}

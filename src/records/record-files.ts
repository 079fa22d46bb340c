import { join } from 'node:path';

/** Where a call's record is. */
export interface RecordFiles {
  readonly folder: string;
  readonly call: string;
  readonly transcript: string;
  readonly journal: string;
  /** The lines that are not complete, as a JSON array; there only while the call runs. */
  readonly open: string;
  readonly audio: string;
  /** What is still to be done about the complete record; no part of it. */
  readonly due: string;
}

/** The files of one call in the folder of all records. */
export function recordFiles(records: string, callId: string): RecordFiles {
  const folder = join(records, callId);
  return {
    folder,
    call: join(folder, 'call.json'),
    transcript: join(folder, 'transcript.jsonl'),
    journal: join(folder, 'journal.jsonl'),
    open: join(folder, 'open.json'),
    audio: join(folder, 'audio.wav'),
    due: join(folder, 'due.json'),
  };
}

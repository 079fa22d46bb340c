import { readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import { systemChance } from '../time/index.ts';
import type { CallRecord } from './call-record.ts';
import { processMark } from './process-mark.ts';
import { type RecordDisk, realDisk } from './record-disk.ts';
import { type RecordFiles, recordFiles } from './record-files.ts';
import { type SealKeys, sealedDisk } from './seal/index.ts';

/**
 * What is still to be done about a complete record, in this order; its index is not among it, which is asked at each
 * start. `extract`: read the agreed data out of it; `announce`: put what its receivers are to be told into the outbox;
 * `stow`: put its files where they are kept for good.
 */
const recordSteps = ['extract', 'announce', 'stow'] as const;

/** One thing that is to be done about a complete record. */
export type RecordStep = (typeof recordSteps)[number];

/** Writes a complete record anew, with what was found out since. */
export async function replaceRecord(folder: string, record: CallRecord, keys?: SealKeys): Promise<void> {
  const disk = keys ? sealedDisk(realDisk, keys, systemChance) : realDisk;
  await disk.replace(recordFiles(folder, record.callId).call, `${JSON.stringify(record, null, 2)}\n`);
}

const dueSchema = z.object({ process: z.string(), steps: z.array(z.enum(recordSteps)) });

/** What is due about one record, and whose work it is. */
export type DueSteps = z.infer<typeof dueSchema>;

/** Reads what is still to be done about a record; undefined when nothing is. */
export async function readDue({ due }: RecordFiles): Promise<DueSteps | undefined> {
  try {
    return dueSchema.parse(JSON.parse(await readFile(due, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Notes what is to be done by this process. It is noted before `call.json` is written: a complete record without such a
 * note has nothing due, however old it is and whatever the agent wants by now.
 */
export async function noteDue(
  { due }: RecordFiles,
  steps: readonly RecordStep[],
  disk: RecordDisk,
): Promise<void> {
  if (steps.length === 0) return rm(due, { force: true });
  const note: DueSteps = { process: processMark, steps: [...steps] };
  await disk.replace(due, `${JSON.stringify(note)}\n`);
}

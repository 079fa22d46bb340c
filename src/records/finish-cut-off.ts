import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { repairWav } from '../audio/index.ts';
import { systemChance } from '../time/index.ts';
import { CallAccount } from './call-account.ts';
import { journalEntrySchema } from './call-record.ts';
import { noteDue, type RecordStep } from './due-steps.ts';
import { completeOpenLines } from './open-lines.ts';
import { isGone } from './process-mark.ts';
import { realDisk } from './record-disk.ts';
import { type RecordFiles, recordFiles } from './record-files.ts';
import { readPlainText, repairSealedWav, type SealKeys, sealedDisk } from './seal/index.ts';
import { callsIn } from './store/stored-call.ts';

/** A record of a process that cannot be asked is taken for cut off when nothing in it has changed for so long, ms. */
const untouchedMs = 120_000;

/** What was done about records without a `call.json`. */
export interface CutOffReport {
  readonly finished: readonly string[];
  /** Complete records that something is still to be done about. */
  readonly due: readonly string[];
  /** Calls whose record could not be completed, and why. */
  readonly failed: readonly { readonly callId: string; readonly message: string }[];
}

/**
 * Completes each record in `folder` that a lost process left unfinished: outcome `cutOff`, lengths in the WAV header, and a
 * note of what is due about it.
 */
export async function finishCutOff(
  folder: string,
  wallMs: number,
  dueFor: (agent: string) => readonly RecordStep[],
  keys?: SealKeys,
): Promise<CutOffReport> {
  const finished: string[] = [];
  const due: string[] = [];
  const failed: { callId: string; message: string }[] = [];
  for (const callId of await callsIn(folder)) {
    try {
      const note = (message: string): void => void failed.push({ callId, message });
      const found = await finishOne(recordFiles(folder, callId), wallMs, dueFor, keys, note);
      if (found === 'finished') finished.push(callId);
      if (found === 'due') due.push(callId);
    } catch (error) {
      failed.push({ callId, message: messageOf(error) });
    }
  }
  return { finished, due, failed };
}

async function finishOne(
  files: RecordFiles,
  wallMs: number,
  dueFor: (agent: string) => readonly RecordStep[],
  keys: SealKeys | undefined,
  note: (message: string) => void,
): Promise<'finished' | 'due' | undefined> {
  const inside = await readdir(files.folder);
  if (inside.includes('call.json')) return inside.includes('due.json') ? 'due' : undefined;
  if (!inside.includes('journal.jsonl')) return undefined;
  const { account, mark } = await readJournal(files.journal, keys);
  if (mark === undefined) return undefined;
  if (!isGone(mark) && wallMs - (await lastChangeMs(files, inside)) < untouchedMs) return undefined;
  const audioMs = inside.includes('audio.wav') ? await repairAudio(files.audio, keys) : undefined;
  if (inside.includes('transcript.jsonl')) await cutHalfLine(files.transcript);
  await cutHalfLine(files.journal);
  // the rest of the record is worth having without them
  if (inside.includes('open.json'))
    await completeOpenLines(files, keys).catch((error: unknown) => note(`open lines: ${messageOf(error)}`));
  const durationMs = Math.max(account.lastMs, Math.round(audioMs ?? 0));
  const record = account.record({ outcome: 'cutOff', durationMs, counts: {} });
  if (!record) return undefined;
  await noteDue(files, dueFor(record.agent.name), realDisk);
  const disk = keys ? sealedDisk(realDisk, keys, systemChance) : realDisk;
  await disk.replace(files.call, `${JSON.stringify(record, null, 2)}\n`);
  return 'finished';
}

async function repairAudio(path: string, keys: SealKeys | undefined): Promise<number | undefined> {
  const sealedMs = await repairSealedWav(path, keys, systemChance);
  return sealedMs === 'notSealed' ? repairWav(path) : sealedMs;
}

async function readJournal(
  path: string,
  keys: SealKeys | undefined,
): Promise<{ account: CallAccount; mark: string | undefined }> {
  const account = new CallAccount();
  let mark: string | undefined;
  for (const line of (await readPlainText(path, keys)).split('\n')) {
    const entry = readEntry(line);
    if (!entry) continue;
    if (entry.kind === 'opened') mark = entry.process;
    account.add(entry);
  }
  return { account, mark };
}

/** The last line may be half: it was being written. */
function readEntry(line: string) {
  try {
    return journalEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function cutHalfLine(path: string): Promise<void> {
  const bytes = await readFile(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) await truncate(path, whole);
}

async function lastChangeMs({ folder }: RecordFiles, inside: readonly string[]): Promise<number> {
  const times = await Promise.all(inside.map(async (name) => (await stat(`${folder}/${name}`)).mtimeMs));
  return Math.max(0, ...times);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

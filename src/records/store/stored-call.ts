import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import * as z from 'zod';
import { callRecordSchema } from '../call-record.ts';
import { recordFiles } from '../record-files.ts';
import { readPlainText, type SealKeys } from '../seal/index.ts';
import type { StoredCall } from './record-store.ts';

const transcriptEntry = z.object({
  who: z.string(),
  atMs: z.number(),
  text: z.string(),
  unheard: z.string(),
});

/** One line of `transcript.jsonl`. */
export type TranscriptEntry = z.infer<typeof transcriptEntry>;

/** Reads a complete record back; undefined when it is not complete or not one of this version. */
export async function readStoredCall(
  folder: string,
  callId: string,
  keys?: SealKeys,
): Promise<StoredCall | undefined> {
  const { call, transcript } = recordFiles(folder, callId);
  try {
    const record = callRecordSchema.parse(JSON.parse(await readPlainText(call, keys)));
    return { record, text: textOf(await readPlainText(transcript, keys).catch(() => '')) };
  } catch {
    return undefined;
  }
}

/** Reads a record that was complete; undefined when it is not there any more. @throws Error when it is, and cannot be read */
export async function readCompleteCall(
  folder: string,
  callId: string,
  keys?: SealKeys,
): Promise<StoredCall | undefined> {
  const stored = await readStoredCall(folder, callId, keys);
  if (stored || !existsSync(recordFiles(folder, callId).call)) return stored;
  throw new Error(`the record of ${callId} cannot be read`);
}

/** What was said in a call, line by line; none where it was not written, and without lines that cannot be read. */
export async function readTranscript(
  folder: string,
  callId: string,
  keys?: SealKeys,
): Promise<TranscriptEntry[]> {
  const { transcript } = recordFiles(folder, callId);
  const lines = (await readPlainText(transcript, keys).catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    try {
      const { success, data } = transcriptEntry.safeParse(JSON.parse(line));
      return success ? [data] : [];
    } catch {
      return [];
    }
  });
}

/** The calls that have a folder of their own in `folder`; none when it does not exist. */
export async function callsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

function textOf(transcript: string): string {
  const texts = transcript.matchAll(/"(?:text|unheard)":("(?:[^"\\]|\\.)*")/g);
  return [...texts].map(([, quoted = '""']) => String(JSON.parse(quoted))).join('\n');
}

/** The numbers in a call's record, of whatever version and however incomplete; none where nothing tells them. */
export async function partiesOf(folder: string, callId: string, keys?: SealKeys): Promise<string[]> {
  const { call, journal } = recordFiles(folder, callId);
  const texts = await Promise.all([call, journal].map((path) => readPlainText(path, keys).catch(() => '')));
  const named = texts.flatMap((text) => [...text.matchAll(/"(?:from|to|transferTo)":\s*"([^"]*)"/g)]);
  return named.map(([, number = '']) => number);
}

import { readdir, readFile } from 'node:fs/promises';
import { callRecordSchema } from '../call-record.ts';
import { recordFiles } from '../record-files.ts';
import type { StoredCall } from './record-store.ts';

/** Reads a complete record back; undefined when it is not complete or not one of this version. */
export async function readStoredCall(folder: string, callId: string): Promise<StoredCall | undefined> {
  const { call, transcript } = recordFiles(folder, callId);
  try {
    const record = callRecordSchema.parse(JSON.parse(await readFile(call, 'utf8')));
    return { record, text: textOf(await readFile(transcript, 'utf8').catch(() => '')) };
  } catch {
    return undefined;
  }
}

/** The calls that have a folder of their own in `folder`; none when it does not exist. */
export async function callsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function textOf(transcript: string): string {
  const texts = transcript.matchAll(/"(?:text|unheard)":("(?:[^"\\]|\\.)*")/g);
  return [...texts].map(([, quoted = '""']) => String(JSON.parse(quoted))).join('\n');
}

/** The numbers in a call's record, of whatever version and however incomplete; none where nothing tells them. */
export async function partiesOf(folder: string, callId: string): Promise<string[]> {
  const { call, journal } = recordFiles(folder, callId);
  const texts = await Promise.all([call, journal].map((path) => readFile(path, 'utf8').catch(() => '')));
  const named = texts.flatMap((text) => [...text.matchAll(/"(?:from|to|transferTo)":\s*"([^"]*)"/g)]);
  return named.map(([, number = '']) => number);
}

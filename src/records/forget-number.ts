import { rm } from 'node:fs/promises';
import { recordFiles } from './record-files.ts';
import type { SealKeys } from './seal/index.ts';
import { numberKey } from './store/number-key.ts';
import type { RecordStore } from './store/record-store.ts';
import { callsIn, partiesOf } from './store/stored-call.ts';
import { sweepStowed } from './sweep-stowed.ts';

/** Deletes every record of a phone number, the caller's or the called, also those that no index knows, and what is remembered of it. Resolves with their calls. */
export async function forgetNumber(
  folder: string,
  store: RecordStore,
  number: string,
  keys?: SealKeys,
): Promise<readonly string[]> {
  const wanted = numberKey(number, undefined);
  if (wanted === '') return [];
  await sweepStowed(folder);
  const known = new Set(await store.ofNumber(number));
  for (const callId of await callsIn(folder)) {
    const numbers = await partiesOf(folder, callId, keys);
    if (numbers.some((one) => numberKey(one, undefined) === wanted)) known.add(callId);
  }
  const callIds = [...known];
  for (const callId of callIds)
    await rm(recordFiles(folder, callId).folder, { recursive: true, force: true });
  await store.remove(callIds);
  await store.forgetMemory(number);
  return callIds;
}

import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type RecordFileName, recordFileNames } from '../records/index.ts';
import { type Terminal, UserError } from './output.ts';
import { openStoreOf } from './records.ts';

/** What `baari decrypt` is called with. */
export interface DecryptOptions {
  readonly records?: string;
  readonly out?: string;
}

/** `baari decrypt`: writes the files of a call as they were before they were sealed, wherever they are kept. Resolves with the exit code. */
export async function runDecrypt(
  callId: string,
  { records, out }: DecryptOptions,
  { stdout, env }: Terminal,
): Promise<number> {
  const folder = records ?? env.BAARI_RECORDS;
  if (!folder)
    throw new UserError('expected a folder of records in --records or BAARI_RECORDS, found none', 2);
  const { store } = openStoreOf(folder, env);
  const into = out ?? `${callId}-plain`;
  const written: RecordFileName[] = [];
  try {
    for (const name of recordFileNames) {
      const file = await store.files.open(callId, name);
      if (!file) continue;
      await mkdir(into, { recursive: true });
      await pipeline(file.stream, createWriteStream(join(into, name), { mode: 0o600 }));
      written.push(name);
    }
  } catch (error) {
    throw new UserError(`the record cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
  } finally {
    await store.close();
  }
  if (written.length === 0) throw new UserError(`expected a call, found no record of "${callId}"`);
  stdout.write(`${written.join(', ')} in ${into}\n`);
  return 0;
}

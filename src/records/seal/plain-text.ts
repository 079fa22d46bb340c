import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SealKeys } from './keys.ts';
import { placeOf } from './sealed-disk.ts';
import { isSealed, openSealed } from './sealed-file.ts';
import { openLines } from './sealed-text.ts';

/** Reads a text file of a record, sealed or not. @throws Error for a wrong key, or a file that was changed or is not there */
export async function readPlainText(path: string, keys: SealKeys | undefined): Promise<string> {
  const bytes = await readFile(path);
  if (!isSealed(bytes)) return openLines(bytes.toString(), placeOf(path), keys);
  const read = async (position: number, length: number): Promise<Buffer> =>
    bytes.subarray(position, position + length);
  const content = await openSealed(bytes.length, read, keys);
  return text(Readable.from(content.read(0, content.sizeBytes - 1)));
}

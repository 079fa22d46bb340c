import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { recordFiles } from '../record-files.ts';
import type { ByteRange, OpenedFile, RecordFileName, StoredFiles } from './record-store.ts';

/** Records that stay in the folder in which they were written. */
export class FolderFiles implements StoredFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** They are where they are kept. */
  async stow(): Promise<void> {}

  async open(callId: string, file: RecordFileName, range?: ByteRange): Promise<OpenedFile | undefined> {
    if (!isCallId(callId)) return undefined;
    const handle = await openIfThere(join(recordFiles(this.#folder, callId).folder, file));
    if (!handle) return undefined;
    try {
      const { size: sizeBytes } = await handle.stat();
      const { first = 0, last = sizeBytes - 1 } = range ?? {};
      // closes the file when it ends or is destroyed
      const stream = handle.createReadStream({ start: first, end: Math.max(first, last) });
      return { sizeBytes, stream };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async remove(callIds: readonly string[]): Promise<void> {
    for (const callId of callIds.filter(isCallId))
      await rm(recordFiles(this.#folder, callId).folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {}
}

/** Whether it can be the name of a call's folder, and leads nowhere else. */
export function isCallId(callId: string): boolean {
  return /^[\w-][\w.-]{0,199}$/.test(callId);
}

async function openIfThere(path: string) {
  try {
    return await open(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

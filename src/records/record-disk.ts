import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where the text of a record goes; tests put one in that is full or gone. */
export interface RecordDisk {
  /** Adds to a file; the file and its folder are made where they are missing. */
  append(path: string, text: string): Promise<void>;
  /** Writes a whole file: a reader finds the old one or the new one, never half. */
  replace(path: string, content: string | Uint8Array): Promise<void>;
}

/** The disk of this machine. */
export const realDisk: RecordDisk = {
  append: (path, text) => inFolder(path, () => appendFile(path, text)),
  replace: (path, content) =>
    inFolder(path, async () => {
      await writeFile(`${path}.part`, content);
      await rename(`${path}.part`, path);
    }),
};

/** Makes the folder of `path` only where `write` finds that it is missing: each step costs a thread of the pool. */
async function inFolder(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await mkdir(dirname(path), { recursive: true });
    await write();
  }
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How the folder of a call is called between the moment that it is stored elsewhere and its end. */
export const stowedPrefix = '.stowed-';

/** Deletes what a crash has left of calls that are stored elsewhere: it finds its own way out no more. */
export async function sweepStowed(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(stowedPrefix)))
    await rm(join(folder, name), { recursive: true, force: true });
}

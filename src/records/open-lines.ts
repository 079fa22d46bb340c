import { rm } from 'node:fs/promises';
import * as z from 'zod';
import { systemChance } from '../time/index.ts';
import { realDisk } from './record-disk.ts';
import type { RecordFiles } from './record-files.ts';
import { readPlainText, type SealKeys, sealedDisk } from './seal/index.ts';

const openLine = z.looseObject({ who: z.string(), atMs: z.number() });

/** Adds to the transcript of a record that was cut off the lines that were not complete; may be done twice. */
export async function completeOpenLines(files: RecordFiles, keys: SealKeys | undefined): Promise<void> {
  const open = z.array(openLine).parse(JSON.parse(await readPlainText(files.open, keys)));
  const written = (await readPlainText(files.transcript, keys).catch(noneYet)).split('\n').filter(Boolean);
  const keyOf = ({ who, atMs }: z.infer<typeof openLine>): string => `${who} ${atMs}`;
  const there = new Set(written.map((line) => keyOf(openLine.parse(JSON.parse(line)))));
  const missing = open.filter((line) => !there.has(keyOf(line)));
  const disk = keys ? sealedDisk(realDisk, keys, systemChance, written.length) : realDisk;
  if (missing.length > 0)
    await disk.append(files.transcript, missing.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await rm(files.open, { force: true });
}

function noneYet(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}

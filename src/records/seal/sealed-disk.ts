import { basename, dirname } from 'node:path';
import type { Chance } from '../../time/index.ts';
import type { RecordDisk } from '../record-disk.ts';
import type { SealKeys } from './keys.ts';
import { sealFile } from './sealed-file.ts';
import { sealLine } from './sealed-text.ts';

/** A disk on which lines are sealed one by one, and whole files as they are replaced; `written`: lines that a file has already. */
export function sealedDisk(disk: RecordDisk, keys: SealKeys, chance: Chance, written = 0): RecordDisk {
  const lines = new Map<string, number>();
  const torn = new Set<string>();
  return {
    async append(path, text) {
      const first = lines.get(path) ?? written;
      const sealed = text
        .split('\n')
        .slice(0, -1)
        .map((line, at) => sealLine(line, placeOf(path), first + at, keys, chance));
      // half a line may be there from a write that failed
      const begin = torn.has(path) ? '\n' : '';
      torn.add(path);
      await disk.append(path, `${begin}${sealed.map((line) => `${line}\n`).join('')}`);
      torn.delete(path);
      lines.set(path, first + sealed.length);
    },
    replace: (path, content) => disk.replace(path, sealFile(Buffer.from(content), keys, chance)),
  };
}

/** Where a file belongs: its call and its name; part of what is sealed. */
export function placeOf(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

import { type FileHandle, open } from 'node:fs/promises';
import type { WavFile, WavLayout } from '../../audio/index.ts';
import type { Chance } from '../../time/index.ts';
import type { SealKeys } from './keys.ts';
import { headBytes, isSealed, openSealed, Segments } from './sealed-file.ts';

/** A WAV file that is sealed while it is written: its header is the first segment, each block of audio one more. */
export function createSealedWav(
  keys: SealKeys,
  chance: Chance,
): (path: string, layout: WavLayout) => Promise<WavFile> {
  return async (path, { headerBytes, blockBytes }) => {
    const file = await open(path, 'w');
    const segments = Segments.begin({ firstBytes: headerBytes, blockBytes }, keys, chance);
    let endsAt = headBytes;
    let last = -1;
    return {
      async write(bytes, position) {
        const { index } = segments.holding(position);
        // the head and the first segment at once: with one of them the file would be unreadable
        const sealed = segments.seal(bytes, index, chance);
        if (index === 0) await writeAll(file, Buffer.concat([segments.head, sealed]), 0);
        else await writeAll(file, sealed, segments.position(index));
        endsAt = Math.max(endsAt, segments.position(index) + sealed.length);
        last = Math.max(last, index);
      },
      async end() {
        await writeAll(file, segments.seal(Buffer.alloc(0), last + 1, chance, true), endsAt);
      },
      close: () => file.close(),
    };
  };
}

/**
 * Completes a sealed recording that was never closed: a torn segment is cut off, its header gets the lengths, and it gets its
 * end. Resolves with the length of the audio, ms; undefined for a file that is not sealed, or holds no header.
 */
export async function repairSealedWav(
  path: string,
  keys: SealKeys | undefined,
  chance: Chance,
): Promise<number | 'notSealed' | undefined> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  const read = async (position: number, bytes: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position);
    return buffer.subarray(0, bytesRead);
  };
  if (!isSealed(await read(0, headBytes))) return 'notSealed';
  const content = await openSealed(size, read, keys);
  const header = (await content.read(0, 43).next()).value;
  if (!(header instanceof Buffer) || header.length < 44) return undefined;
  const dataBytes = content.sizeBytes - 44;
  const [channels, sampleRateHz] = [header.readUInt16LE(22), header.readUInt32LE(24)];
  if (!content.isComplete) {
    const { segments } = content;
    header.writeUInt32LE(36 + dataBytes, 4);
    header.writeUInt32LE(dataBytes, 40);
    await writeAll(file, segments.seal(header, 0, chance), segments.position(0));
    await file.truncate(content.usableBytes);
    const count = segments.count(content.usableBytes);
    await writeAll(file, segments.seal(Buffer.alloc(0), count, chance, true), content.usableBytes);
  }
  return (dataBytes / (channels * 2) / sampleRateHz) * 1000;
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    at += bytesWritten;
  }
}

import { open } from 'node:fs/promises';
import { UNKNOWN_DATA_BYTES, WAV_HEADER_BYTES, wavHeader } from './wav.ts';

/**
 * Completes a recording that was never closed: its header gets the lengths, and half a frame at its end is cut off.
 * Resolves with the length of the audio, ms; undefined for a file that a WAV writer has not begun.
 */
export async function repairWav(path: string): Promise<number | undefined> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, WAV_HEADER_BYTES, 0);
  if (bytesRead < WAV_HEADER_BYTES || header.toString('latin1', 36, 40) !== 'data') return undefined;
  const channels = header.readUInt16LE(22) === 1 ? 1 : 2;
  const sampleRateHz = header.readUInt32LE(24);
  const frameBytes = channels * 2;
  const dataBytes = Math.min(UNKNOWN_DATA_BYTES - 39, size - WAV_HEADER_BYTES);
  const wholeBytes = dataBytes - (dataBytes % frameBytes);
  await file.truncate(WAV_HEADER_BYTES + wholeBytes);
  await file.write(wavHeader({ sampleRateHz, channels }, wholeBytes), 0, WAV_HEADER_BYTES, 0);
  return sampleRateHz === 0 ? undefined : (wholeBytes / frameBytes / sampleRateHz) * 1000;
}

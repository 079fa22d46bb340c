import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  type AudioError,
  concatPcm16,
  createWavWriter,
  parseWav,
  readWavFile,
} from '../../src/audio/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { anyLength, noise } from './tones.ts';

const BLOCK_BYTES = 16_000;

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baari-wav-writer-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function recording(options: { maxWaitingBytes?: number; maxDataBytes?: number; path?: string } = {}) {
  files += 1;
  const path = options.path ?? join(folder, `${files}.wav`);
  const errors: AudioError[] = [];
  const writer = createWavWriter({
    sampleRateHz: 8_000,
    channels: 2,
    ...options,
    path,
    onError: (error) => errors.push(error),
  });
  return { path, errors, writer };
}

test('writes what was appended, in pieces of any length from one reused array', async () => {
  const { path, errors, writer } = recording();
  const samples = noise(100_000, seededChance(9));
  const scratch = new Int16Array(1_300);
  const nextLength = anyLength(seededChance(10));
  for (let at = 0; at < samples.length; ) {
    const piece = samples.subarray(at, at + 2 * nextLength());
    scratch.set(piece);
    writer.append(scratch.subarray(0, piece.length));
    at += piece.length;
  }
  await writer.close();
  expect(errors).toEqual([]);
  expect(await readWavFile(path)).toEqual({ sampleRateHz: 8_000, channels: 2, samples });
});

test('an empty recording is a valid file', async () => {
  const { path, writer } = recording();
  await writer.close();
  expect(await readWavFile(path)).toEqual({ sampleRateHz: 8_000, channels: 2, samples: new Int16Array(0) });
});

test('can be read before it is closed', async () => {
  const { path, writer } = recording();
  const samples = noise(BLOCK_BYTES, seededChance(11));
  writer.append(samples);
  await vi.waitFor(() => {
    expect(parseWav(readFileSync(path)).samples).toEqual(samples.subarray(0, BLOCK_BYTES / 2));
  });
  await writer.close();
  expect((await readWavFile(path)).samples).toEqual(samples);
});

test('records silence of the same length while the disk is too far behind, then goes on in step', async () => {
  // Nothing can be written between two appends of one turn of the event loop: the disk is behind for certain.
  const { path, errors, writer } = recording({ maxWaitingBytes: 2 * BLOCK_BYTES });
  const pieces = [1_000, 2_000, 3_000].map((level) => new Int16Array(BLOCK_BYTES).fill(level));
  for (const piece of pieces) writer.append(piece);
  await vi.waitFor(() => {
    const later = new Int16Array(BLOCK_BYTES / 2).fill(pieces.length * 1_000 + 1_000);
    pieces.push(later);
    writer.append(later);
    expect(parseWav(readFileSync(path)).samples.some((sample) => sample > 3_000)).toBe(true);
  });
  await writer.close();

  expect(errors.map(({ code }) => code)).toEqual(['AUDIO_WRITER_BEHIND']);
  const { samples } = await readWavFile(path);
  const all = concatPcm16(pieces);
  expect(samples).toHaveLength(all.length);
  expect(samples.subarray(0, BLOCK_BYTES)).toEqual(pieces[0]);
  expect(samples.subarray(BLOCK_BYTES, 3 * BLOCK_BYTES).every((sample) => sample === 0)).toBe(true);
  expect(samples.every((sample, at) => sample === 0 || sample === all[at])).toBe(true);
});

test('ends at its longest length', async () => {
  const { path, errors, writer } = recording({ maxDataBytes: 10 });
  writer.append(Int16Array.of(1, 2));
  writer.append(Int16Array.of(3, 4, 5, 6));
  writer.append(Int16Array.of(7, 8));
  await writer.close();
  expect([...(await readWavFile(path)).samples]).toEqual([1, 2, 3, 4]);
  expect(errors.map(({ code }) => code)).toEqual(['AUDIO_TOO_LONG']);
});

test('leaves out half a frame and what comes after the end, and says so once each', async () => {
  const { path, errors, writer } = recording();
  writer.append(Int16Array.of(1, 2));
  writer.append(Int16Array.of(3));
  writer.append(Int16Array.of(4));
  await writer.close();
  writer.append(Int16Array.of(5, 6));
  writer.append(Int16Array.of(5, 6));
  expect([...(await readWavFile(path)).samples]).toEqual([1, 2]);
  expect(errors.map(({ code }) => code)).toEqual(['AUDIO_BAD_FRAME', 'AUDIO_WRITER_CLOSED']);
});

test('a file that cannot be made is reported, and nobody is thrown at', async () => {
  const { errors, writer } = recording({ path: join(folder, 'missing', 'a.wav') });
  for (let round = 0; round < 50; round += 1) writer.append(new Int16Array(BLOCK_BYTES / 2));
  await writer.close();
  writer.append(Int16Array.of(1, 2));
  expect(errors.map(({ code }) => code)).toContain('AUDIO_WRITER_FAILED');
  expect(errors.find(({ code }) => code === 'AUDIO_WRITER_FAILED')?.message).toContain('missing/a.wav');
});

test.runIf(existsSync('/dev/full'))('a full disk is reported once, and closing still ends', async () => {
  const { errors, writer } = recording({ path: '/dev/full' });
  for (let round = 0; round < 10; round += 1) writer.append(new Int16Array(BLOCK_BYTES / 2));
  await Promise.all([writer.close(), writer.close()]);
  expect(errors.map(({ code }) => code)).toEqual(['AUDIO_WRITER_FAILED']);
  expect(errors[0]?.message).toContain('ENOSPC');
});

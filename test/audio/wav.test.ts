import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildWav, parseWav, readWavFile, type Wav, wavChannel } from '../../src/audio/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { noise } from './tones.ts';

const MONO: Wav = { sampleRateHz: 8_000, channels: 1, samples: Int16Array.of(1, -2, 3, -32_768) };
const FORMAT_AT = 20;
const CHANNELS_AT = 22;
const RATE_AT = 24;
const FRAME_BYTES_AT = 32;
const BITS_AT = 34;
const DATA_TAG_AT = 36;
const DATA_BYTES_AT = 40;

function changed(change: (file: Buffer) => void): Buffer {
  const file = buildWav(MONO);
  change(file);
  return file;
}

function chunk(tag: string, bytes: number): Buffer {
  const head = Buffer.alloc(8);
  head.write(tag, 'latin1');
  head.writeUInt32LE(bytes, 4);
  return Buffer.concat([head, Buffer.alloc(bytes + (bytes % 2), 0x55)]);
}

function withChunks(...chunks: Buffer[]): Buffer {
  const file = buildWav(MONO);
  return Buffer.concat([file.subarray(0, 12), ...chunks, file.subarray(12)]);
}

describe('round trips', () => {
  test.each([
    { sampleRateHz: 8_000, channels: 1, samples: 4_001 },
    { sampleRateHz: 24_000, channels: 2, samples: 4_800 },
    { sampleRateHz: 44_100, channels: 2, samples: 0 },
  ] as const)('$samples samples, $channels channel(s), $sampleRateHz Hz', ({ samples, ...format }) => {
    const wav: Wav = { ...format, samples: noise(samples, seededChance(8)) };
    expect(parseWav(buildWav(wav))).toEqual(wav);
  });

  test('a file at an odd address in memory reads the same', () => {
    const file = buildWav(MONO);
    const memory = new Uint8Array(file.length + 1);
    memory.set(file, 1);
    expect(parseWav(memory.subarray(1))).toEqual(MONO);
  });
});

describe('reads', () => {
  test('past chunks it does not know, also of odd length', () => {
    expect(parseWav(withChunks(chunk('LIST', 11), chunk('bext', 40)))).toEqual(MONO);
  });

  test('without what follows the audio', () => {
    expect(parseWav(Buffer.concat([buildWav(MONO), chunk('LIST', 10)]))).toEqual(MONO);
  });

  test('PCM in the extensible form', () => {
    const plain = buildWav(MONO);
    const format = Buffer.alloc(48);
    format.write('fmt ', 'latin1');
    format.writeUInt32LE(40, 4);
    plain.copy(format, 8, 20, 36);
    format.writeUInt16LE(0xfffe, 8);
    format.writeUInt16LE(1, 8 + 24);
    expect(parseWav(Buffer.concat([plain.subarray(0, 12), format, plain.subarray(36)]))).toEqual(MONO);
  });

  test('an unfinished recording up to its last whole frame', () => {
    const file = changed((wav) => wav.writeUInt32LE(0xffff_ffff, DATA_BYTES_AT));
    expect(parseWav(file.subarray(0, -1)).samples).toEqual(MONO.samples.subarray(0, 3));
  });
});

test.each<[string, Buffer, RegExp]>([
  ['no bytes', Buffer.alloc(0), /at least 12 bytes, found 0/],
  ['another kind of file', Buffer.from('OggS is not a WAV file'), /"RIFF" at byte 0, found "OggS"/],
  ['RIFF with other content', changed((f) => f.write('AVI ', 8)), /"WAVE" at byte 8, found "AVI "/],
  ['μ-law', changed((f) => f.writeUInt16LE(7, FORMAT_AT)), /PCM \(format 1\), found format 7/],
  ['24 bits', changed((f) => f.writeUInt16LE(24, BITS_AT)), /16 bits a sample, found 24/],
  ['six channels', changed((f) => f.writeUInt16LE(6, CHANNELS_AT)), /1 or 2 channels, found 6/],
  ['no rate', changed((f) => f.writeUInt32LE(0, RATE_AT)), /above 0 Hz, found 0/],
  ['odd frames', changed((f) => f.writeUInt16LE(3, FRAME_BYTES_AT)), /2 bytes a frame, found 3/],
  ['half a sample', changed((f) => f.writeUInt32LE(7, DATA_BYTES_AT)), /a multiple of 2 bytes .* found 7/],
  ['audio cut off', buildWav(MONO).subarray(0, -2), /8 bytes of audio, found 6 until the end/],
  ['a chunk cut off', withChunks(chunk('LIST', 10)).subarray(0, 25), /10 bytes in chunk "LIST", found 5/],
  ['no audio', changed((f) => f.write('junk', DATA_TAG_AT)), /a "data" chunk, found neither/],
  ['no format', changed((f) => f.write('junk', 12)), /a "fmt " chunk before the "data" chunk/],
  [
    'a short format',
    Buffer.concat([buildWav(MONO).subarray(0, 12), chunk('fmt ', 14)]),
    /16 bytes .* found 14/,
  ],
])('refuses %s', (_, file, message) => {
  expect(() => parseWav(file)).toThrow(
    expect.objectContaining({ code: 'AUDIO_BAD_WAV', message: expect.stringMatching(message) }),
  );
});

test('a channel is picked out of stereo, and mono is its own', () => {
  const stereo: Wav = { sampleRateHz: 8_000, channels: 2, samples: Int16Array.of(1, 2, 3, 4) };
  expect([...wavChannel(stereo, 0)]).toEqual([1, 3]);
  expect([...wavChannel(stereo, 1)]).toEqual([2, 4]);
  expect(wavChannel(MONO, 0)).toBe(MONO.samples);
  expect(() => wavChannel(MONO, 1)).toThrow('expected channel 1, found 1 channel(s)');
});

test('a file that cannot be read is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baari-wav-'));
  try {
    const path = join(folder, 'a.wav');
    await expect(readWavFile(path)).rejects.toThrow(`${path}: ENOENT`);
    writeFileSync(path, 'RIFF');
    await expect(readWavFile(path)).rejects.toThrow(`${path}: not a WAV file Baari can read`);
    writeFileSync(path, buildWav(MONO));
    expect(await readWavFile(path)).toEqual(MONO);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import { describe, expect, test } from 'vitest';
import {
  concatPcm16,
  encodePcm16Base64,
  Pcm16Base64Decoder,
  padPcm16,
  pcm16FromBytes,
  pcm16ToBytes,
} from '../../src/audio/index.ts';
import { seededChance } from '../../src/time/index.ts';
import { noise } from './tones.ts';

const LITTLE_ENDIAN = Uint8Array.of(0x01, 0x00, 0xff, 0xff, 0x00, 0x80, 0xff, 0x7f);
const SAMPLES = Int16Array.of(1, -1, -32_768, 32_767);

function failure(code: string, message?: RegExp): unknown {
  return expect.objectContaining({
    code,
    ...(message ? { message: expect.stringMatching(message) } : {}),
  });
}

describe('bytes to samples', () => {
  test('aligned bytes are viewed in place', () => {
    const samples = pcm16FromBytes(LITTLE_ENDIAN);
    expect(samples).toEqual(SAMPLES);
    expect(samples.buffer).toBe(LITTLE_ENDIAN.buffer);
  });

  test('a view that starts inside its memory keeps its place', () => {
    expect(pcm16FromBytes(LITTLE_ENDIAN.subarray(2, 6))).toEqual(SAMPLES.subarray(1, 3));
  });

  test('bytes at an odd address are copied', () => {
    const shifted = new Uint8Array(9);
    shifted.set(LITTLE_ENDIAN, 1);
    const samples = pcm16FromBytes(shifted.subarray(1));
    expect(samples).toEqual(SAMPLES);
    expect(samples.buffer).not.toBe(shifted.buffer);
  });

  test('no bytes are no samples', () => {
    expect(pcm16FromBytes(new Uint8Array(0))).toHaveLength(0);
  });

  test('half a sample is refused', () => {
    expect(() => pcm16FromBytes(LITTLE_ENDIAN.subarray(0, 7))).toThrow(
      failure('AUDIO_ODD_LENGTH', /an even number of bytes .* found 7/),
    );
  });

  test('samples are viewed as little-endian bytes, also from the middle of an array', () => {
    expect([...pcm16ToBytes(SAMPLES)]).toEqual([...LITTLE_ENDIAN]);
    expect([...pcm16ToBytes(SAMPLES.subarray(1, 2))]).toEqual([0xff, 0xff]);
  });
});

describe('base64', () => {
  test('round trips of any length, through one scratch', () => {
    const decoder = new Pcm16Base64Decoder();
    const chance = seededChance(5);
    for (const length of [0, 1, 2, 3, 160, 4_800, 1, 320, 24_000]) {
      const samples = noise(length, chance);
      expect(decoder.decode(encodePcm16Base64(samples))).toEqual(samples);
    }
  });

  test('a payload no longer than an earlier one takes no new memory', () => {
    const decoder = new Pcm16Base64Decoder();
    const first = decoder.decode(encodePcm16Base64(noise(320, seededChance(6))));
    const second = decoder.decode(encodePcm16Base64(noise(320, seededChance(7))));
    expect(second.buffer).toBe(first.buffer);
  });

  test.each([
    ['without padding', 'AQD//w', [1, -1]],
    ['padded', 'AQD//w==', [1, -1]],
    ['in the URL-safe alphabet', 'AQD__w==', [1, -1]],
    ['over several lines', 'AQD/\r\n/w==\n', [1, -1]],
    ['empty', '', []],
  ])('reads text %s', (_, text, samples) => {
    expect([...new Pcm16Base64Decoder().decode(text)]).toEqual(samples);
  });

  test.each([
    ['a stray character', 'AQD//*AA', 'AUDIO_BAD_BASE64', /found "\*" at character 5/],
    ['padding in the middle', 'AQ==//8A', 'AUDIO_BAD_BASE64', /found "=" at character 2|could be decoded/],
    ['one digit too many', 'AQD//wAAA', 'AUDIO_BAD_BASE64', /9 characters/],
    ['one digit too many after a line break', 'AQD//\nwAAA', 'AUDIO_BAD_BASE64', /10 characters/],
    ['half a sample', 'AQD/', 'AUDIO_ODD_LENGTH', /found 3/],
  ])('refuses %s', (_, text, code, message) => {
    expect(() => new Pcm16Base64Decoder().decode(text)).toThrow(failure(code, message));
  });

  test('refuses more than its limit, and takes just that much', () => {
    const decoder = new Pcm16Base64Decoder(640);
    expect(decoder.decode(encodePcm16Base64(new Int16Array(320)))).toHaveLength(320);
    expect(() => decoder.decode(encodePcm16Base64(new Int16Array(321)))).toThrow(
      failure('AUDIO_TOO_LONG', /at most 640 bytes .* found 642/),
    );
  });
});

describe('padding', () => {
  test.each([
    [0, 320, 0],
    [1, 320, 160],
    [159, 320, 160],
    [160, 320, 160],
    [161, 320, 320],
    [3, 2, 3],
  ])('%i samples to a multiple of %i bytes are %i', (samples, multipleBytes, expected) => {
    const pcm = new Int16Array(samples).fill(7);
    const padded = padPcm16(pcm, multipleBytes);
    expect([...padded]).toEqual([...pcm, ...new Array<number>(expected - samples).fill(0)]);
  });

  test('a whole multiple is handed back as it is', () => {
    const pcm = new Int16Array(160);
    expect(padPcm16(pcm, 320)).toBe(pcm);
  });

  test.each([0, -2, 3, 1.5, Number.NaN])('refuses a multiple of %d bytes', (multipleBytes) => {
    expect(() => padPcm16(SAMPLES, multipleBytes)).toThrow(failure('AUDIO_BAD_MULTIPLE'));
  });
});

test('concatenation keeps the order and takes empty parts', () => {
  expect(concatPcm16([SAMPLES.subarray(0, 1), new Int16Array(0), SAMPLES.subarray(1)])).toEqual(SAMPLES);
  expect(concatPcm16([])).toHaveLength(0);
});

import { expect, test } from 'vitest';
import { levelDbov, peakOf, SILENCE_DBOV } from '../../src/audio/index.ts';
import { loadUtterances } from '../helpers/speech.ts';
import { tone } from './tones.ts';

test.each([
  ['a full-scale square wave', Int16Array.of(-32_768, -32_768), 0, 32_768],
  ['half of that', Int16Array.of(16_384, -16_384), -6.02, 16_384],
  ['a sine at −6 dBFS', tone(1_000, 8_000, 100), -9.01, 16_422],
  ['the smallest steady signal', Int16Array.of(1, -1), -90.31, 1],
  ['silence', new Int16Array(160), SILENCE_DBOV, 0],
  ['no samples', new Int16Array(0), SILENCE_DBOV, 0],
])('%s', (_, pcm, dbov, peak) => {
  expect(levelDbov(pcm)).toBeCloseTo(dbov, 2);
  expect(peakOf(pcm)).toBe(peak);
});

test('recorded speech lies where its labels put it', () => {
  for (const utterance of loadUtterances()) {
    const from = (utterance.strongStartMs * utterance.sampleRateHz) / 1_000;
    const to = (utterance.speechEndMs * utterance.sampleRateHz) / 1_000;
    // Active level is −26 dBov; pauses and fading ends pull the plain mean a little below.
    const dbov = levelDbov(utterance.samples.subarray(from, to));
    expect(dbov, utterance.file).toBeGreaterThan(-31);
    expect(dbov, utterance.file).toBeLessThan(-25);
  }
});

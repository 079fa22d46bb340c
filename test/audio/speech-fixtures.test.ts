import { expect, test } from 'vitest';
import { levelDbov } from '../../src/audio/index.ts';
import { clipOf, loadUtterances, loadWide } from '../helpers/speech.ts';

test('every utterance has the length its label gives, and quiet around its speech', () => {
  const utterances = loadUtterances();
  expect(utterances.length).toBeGreaterThan(20);
  expect(new Set(utterances.map(({ speaker }) => speaker)).size).toBeGreaterThan(5);
  for (const utterance of utterances) {
    expect(Math.abs(utterance.samples.length / 8 - utterance.durationMs), utterance.file).toBeLessThan(1);
    const before = levelDbov(clipOf(utterance, 0, utterance.speechStartMs - 20));
    const during = levelDbov(clipOf(utterance, utterance.strongStartMs, utterance.speechEndMs));
    expect(during - before, utterance.file).toBeGreaterThan(15);
  }
});

test('the wide-band recordings are at 24 kHz with their words', () => {
  const recordings = loadWide();
  expect(recordings).toHaveLength(3);
  for (const { samples, durationMs, sampleRateHz, text, file } of recordings) {
    expect(Math.abs(samples.length / 24 - durationMs), file).toBeLessThan(1);
    expect(sampleRateHz).toBe(24_000);
    expect(text).not.toBe('');
  }
});

test('a clip has the asked length and lies inside the recording', () => {
  const [utterance] = loadUtterances();
  if (!utterance) throw new Error('expected an utterance, found none');
  expect(clipOf(utterance, 500, 520)).toEqual(utterance.samples.subarray(4_000, 4_160));
  expect(clipOf(utterance, 0, Number.MAX_SAFE_INTEGER)).toHaveLength(utterance.samples.length);
});

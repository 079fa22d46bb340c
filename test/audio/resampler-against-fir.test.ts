import { describe, expect, test } from 'vitest';
import { concatPcm16, createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import { firDelayMs, firResample, lowPass } from '../helpers/fir-resampler.ts';
import { loadUtterances, loadWide } from '../helpers/speech.ts';
import { resampled } from './tones.ts';

const BAND_SHARE = 3_200 / 8_000;

const PATHS: readonly (readonly [SampleRateHz, SampleRateHz])[] = [
  [8_000, 16_000],
  [16_000, 8_000],
  [24_000, 8_000],
  [8_000, 24_000],
  [24_000, 16_000],
  [16_000, 24_000],
];

describe('real speech comes out as from a resampler of another kind', () => {
  test.each(PATHS)('%i to %i Hz', (fromHz, toHz) => {
    const input = speechAt(fromHz);
    const { delayMs } = createResampler(fromHz, toHz);
    const ours = fromMs(resampled(input, fromHz, toHz), delayMs, toHz);
    const theirs = fromMs(firResample(input, fromHz, toHz), firDelayMs(fromHz, toHz), toHz);
    const snrDb = inBandSnrDb(ours, theirs, toHz, Math.min(fromHz, toHz) * BAND_SHARE);
    console.log(`${fromHz} to ${toHz} Hz: in-band SNR against the FIR ${snrDb.toFixed(1)} dB`);
    expect(snrDb).toBeGreaterThanOrEqual(50);
  });
});

function speechAt(rateHz: SampleRateHz): Int16Array {
  if (rateHz === 8_000)
    return concatPcm16(
      loadUtterances()
        .slice(0, 2)
        .map(({ samples }) => samples),
    );
  const wide = loadWide()[0];
  if (!wide) throw new Error('expected a wide-band recording, found none');
  return rateHz === 24_000 ? wide.samples : firResample(wide.samples, 24_000, 16_000);
}

function fromMs(samples: Int16Array, ms: number, rateHz: number): Int16Array {
  return samples.subarray((ms * rateHz) / 1_000);
}

/** Power of `one` over that of the difference, below `bandHz`: the edges of the two filters rightly differ. */
function inBandSnrDb(one: Int16Array, other: Int16Array, rateHz: number, bandHz: number): number {
  const taps = lowPass(rateHz / 200, bandHz / rateHz);
  const length = Math.min(one.length, other.length);
  let signal = 0;
  let difference = 0;
  for (let at = taps.length; at < length; at += 1) {
    let filteredOne = 0;
    let filteredOff = 0;
    for (let tap = 0; tap < taps.length; tap += 1) {
      const weight = taps[tap] ?? 0;
      const sample = one[at - tap] ?? 0;
      filteredOne += weight * sample;
      filteredOff += weight * (sample - (other[at - tap] ?? 0));
    }
    signal += filteredOne * filteredOne;
    difference += filteredOff * filteredOff;
  }
  return 10 * Math.log10(signal / difference);
}

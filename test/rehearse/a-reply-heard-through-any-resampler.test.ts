import { describe, expect, test } from 'vitest';
import { loadVoice } from '../../src/sim/index.ts';
import { doubler, thirder } from '../bench/peers/bare-relay/fir.ts';
import { heardPieces } from '../bench/peers/heard-pieces.ts';

/** What a bridge makes of a voice at 24 kHz that takes the mean of three samples. */
function crude(voice: Int16Array): Int16Array {
  return Int16Array.from({ length: Math.floor(voice.length / 3) }, (_, at) =>
    Math.round(((voice[at * 3] ?? 0) + (voice[at * 3 + 1] ?? 0) + (voice[at * 3 + 2] ?? 0)) / 3),
  );
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

const silence = (ms: number): Int16Array => new Int16Array(ms * 8);
const said = crude(loadVoice('prices'));
const middle = Math.floor(said.length / 2);

describe('a reply that was heard', () => {
  test.each([
    ['whole', joined(silence(300), said, silence(500)), { share: 1, isEnded: true, laterMs: 0 }],
    [
      'whole by the filter of the bare relay',
      joined(thirder().next(loadVoice('prices')), silence(500)),
      { share: 1, isEnded: true, laterMs: 0 },
    ],
    ['cut off', joined(said.subarray(0, middle), silence(3000)), { isEnded: false }],
    ['not at all', silence(5000), { share: 0, isEnded: false }],
  ])('%s', (_, heard, expected) => {
    expect(heardPieces('prices', heard, 0)).toMatchObject(expected);
  });

  test('with a hold of 86 ms inside', () => {
    const heard = joined(said.subarray(0, middle), silence(86), said.subarray(middle), silence(500));
    const { share, isEnded, laterMs } = heardPieces('prices', heard, 0);
    expect({ isEnded, isMostlyFound: share > 0.8 }).toEqual({ isEnded: true, isMostlyFound: true });
    expect(laterMs).toBeCloseTo(86, 0);
  });
});

describe('the filters of the bare relay', () => {
  const tone = (hz: number, rateHz: number, length: number): Int16Array =>
    Int16Array.from({ length }, (_, at) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / rateHz)));
  const level = (samples: Int16Array): number => {
    const settled = samples.subarray(100, -100);
    return (
      Math.sqrt(settled.reduce((sum, sample) => sum + sample ** 2, 0) / settled.length) /
      (10_000 / Math.SQRT2)
    );
  };

  test.each([
    ['1 kHz passes downwards', () => level(thirder().next(tone(1000, 24_000, 24_000))), 0.97, 1.03],
    ['6 kHz does not', () => level(thirder().next(tone(6000, 24_000, 24_000))), 0, 0.01],
    ['1 kHz passes upwards', () => level(doubler().next(tone(1000, 8000, 8000))), 0.97, 1.03],
    [
      '3 kHz too, but for 1.5 dB',
      () => level(doubler().next(tone(3000, 8000, 8000))),
      10 ** (-1.5 / 20),
      1.05,
    ],
  ])('%s', (_, of, least, most) => {
    expect(of()).toBeGreaterThanOrEqual(least);
    expect(of()).toBeLessThanOrEqual(most);
  });

  test('frames one by one become what they become together', () => {
    const voice = loadVoice('hours').subarray(0, 24_000);
    const filter = thirder();
    const parts = Array.from({ length: 50 }, (_, at) =>
      filter.next(voice.subarray(at * 480, at * 480 + 480)),
    );
    expect(joined(...parts)).toEqual(thirder().next(voice));
  });
});

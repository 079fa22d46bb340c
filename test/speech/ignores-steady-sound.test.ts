import { describe, expect, it } from 'vitest';
import { detect, only, toMs } from './detect.ts';
import { hum, mixed, silence, sound, tones, whiteNoise } from './sounds.ts';

const minuteMs = 60_000;

describe('a minute of steady sound is never speech', () => {
  it.each([
    ['digital silence', silence(minuteMs)],
    ['line noise at −62 dBov', whiteNoise(minuteMs, -62)],
    ['white noise at −46 dBov', whiteNoise(minuteMs, -46)],
    ['white noise at −36 dBov', whiteNoise(minuteMs, -36)],
    ['white noise at −20 dBov', whiteNoise(minuteMs, -20)],
    ['hum at −46 dBov', hum(minuteMs, -46)],
    ['hum at −26 dBov', hum(minuteMs, -26)],
    ['hum and noise', mixed(hum(minuteMs, -40), whiteNoise(minuteMs, -40))],
    [
      'an offset of a quarter of full scale',
      mixed(
        sound(minuteMs, () => 8192),
        whiteNoise(minuteMs, -62),
      ),
    ],
    [
      'comfort noise at −54 dBov that comes and goes',
      whiteNoise(minuteMs, -54).map((sample, i) => (i % 16_000 < 8000 ? sample : 0)),
    ],
  ])('%s', (_, pcm) => {
    expect(detect(pcm)).toEqual([]);
  });
});

describe('the floor adapts', () => {
  it.each([
    ['white noise', whiteNoise(8000, -35, 2)],
    ['hum', hum(8000, -35)],
    ['two tones', tones(8000, -20, 440, 480)],
  ])('within 1.2 s to %s that begins in mid-call', (_, noise) => {
    const pcm = whiteNoise(12_000, -62);
    const startMs = 4000;
    pcm.set(noise, startMs * 8);
    const reports = detect(pcm);
    const [ended, ...others] = only('ended', reports);
    expect(others).toEqual([]);
    expect(ended && toMs(ended.atSample) - startMs).toBeLessThanOrEqual(1200);
  });

  it('at once to noise that stops: speech is found right after it', () => {
    const pcm = mixed(whiteNoise(6000, -62), whiteNoise(3000, -30, 2));
    pcm.set(
      whiteNoise(400, -34, 3).map((sample, i) => sample * (i % 800 < 400 ? 1 : 0.3)),
      3300 * 8,
    );
    const [onset] = only('onset', detect(pcm));
    expect(onset && toMs(onset.atSample)).toBeLessThanOrEqual(3300 + 100);
  });
});

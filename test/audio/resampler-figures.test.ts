import { afterAll, describe, expect, test } from 'vitest';
import { createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import { speex } from '../../src/audio/speex-module.ts';
import { seededChance } from '../../src/time/index.ts';
import { anyLength, fitTone, innerRms, noise, resampled, tone } from './tones.ts';

interface Path {
  readonly fromHz: SampleRateHz;
  readonly toHz: SampleRateHz;
  /** Tones that have no room in the output: what is left of them is alias. */
  readonly aboveHz?: readonly number[];
  /** Tones whose mirror around the input's band edge must not come out. */
  readonly mirroredHz?: readonly number[];
}

const PATHS: readonly Path[] = [
  { fromHz: 8_000, toHz: 16_000, mirroredHz: [1_000, 2_000, 3_000, 3_400] },
  { fromHz: 16_000, toHz: 8_000, aboveHz: [4_600, 5_000, 6_000, 7_000, 7_800] },
  { fromHz: 24_000, toHz: 8_000, aboveHz: [4_600, 5_000, 6_000, 7_000, 9_000, 11_000] },
  { fromHz: 8_000, toHz: 24_000, mirroredHz: [1_000, 2_000, 3_000, 3_400] },
  { fromHz: 24_000, toHz: 16_000, aboveHz: [9_200, 10_000, 11_000] },
  { fromHz: 16_000, toHz: 24_000, mirroredHz: [5_000, 6_000, 6_800] },
  { fromHz: 8_000, toHz: 8_000 },
  { fromHz: 16_000, toHz: 16_000 },
  { fromHz: 24_000, toHz: 24_000 },
];

const SECOND_MS = 1_000;
const report: Record<string, Record<string, string | number>> = {};

afterAll(() => {
  console.log(
    `Resampler figures (SpeexDSP quality 5, ${speex.build} build), tones at −6 dBFS, dB unless named:`,
  );
  console.table(report);
});

describe.each(PATHS)('$fromHz to $toHz Hz', ({ fromHz, toHz, aboveHz, mirroredHz }) => {
  const note = (figure: string, value: number, digits = 1): void => {
    const row = `${fromHz / 1_000}→${toHz / 1_000} kHz`;
    report[row] = { ...report[row], [figure]: Number(value.toFixed(digits)) + 0 };
  };
  const through = (hz: number): Int16Array => resampled(tone(hz, fromHz, SECOND_MS), fromHz, toHz);
  const gainDb = (amplitude: number, hz: number): number =>
    20 * Math.log10(amplitude / fitTone(tone(hz, fromHz, SECOND_MS), hz, fromHz).amplitude);

  test.each([1_000, 3_400])('keeps a tone of %i Hz clean, chunk borders included', (hz) => {
    const length20Ms = fromHz / 50;
    const output = resampled(tone(hz, fromHz, SECOND_MS), fromHz, toHz, () => length20Ms);
    const { sinadDb, worstLsb } = fitTone(output, hz, toHz);
    note(`SINAD ${hz / 1_000} kHz`, sinadDb);
    note(`off ${hz / 1_000} kHz, LSB`, worstLsb);
    expect(sinadDb).toBeGreaterThanOrEqual(75);
    // A click is a lone sample: it hardly moves SINAD, but it stands out here.
    expect(worstLsb).toBeLessThanOrEqual(3);
  });

  test('is flat from 300 to 3400 Hz', () => {
    const gainsDb: number[] = [];
    for (let hz = 300; hz <= 3_400; hz += 100) {
      gainsDb.push(gainDb(fitTone(through(hz), hz, toHz).amplitude, hz));
    }
    const rippleDb = Math.max(...gainsDb) - Math.min(...gainsDb);
    note('ripple', rippleDb, 3);
    expect(rippleDb).toBeLessThanOrEqual(0.5);
    expect(Math.max(...gainsDb.map(Math.abs))).toBeLessThanOrEqual(0.5);
  });

  if (aboveHz)
    test('lets no tone above the new band fold back', () => {
      const aliasesDb = aboveHz.map((hz) => {
        const left = innerRms(through(hz), toHz) / innerRms(tone(hz, fromHz, SECOND_MS), fromHz);
        // Nothing at all is −96 dB here: one LSB against full scale.
        return Math.max(-96, 20 * Math.log10(left));
      });
      note('alias', Math.max(...aliasesDb));
      expect(Math.max(...aliasesDb)).toBeLessThanOrEqual(-60);
    });

  if (mirroredHz)
    test('adds no mirror image above the old band', () => {
      const imagesDb = mirroredHz.flatMap((hz) => {
        const output = through(hz);
        const wanted = fitTone(output, hz, toHz).amplitude;
        return [fromHz - hz, fromHz + hz]
          .filter((mirrorHz) => mirrorHz < toHz / 2)
          .map((mirrorHz) => 20 * Math.log10(fitTone(output, mirrorHz, toHz).amplitude / wanted));
      });
      note('image', Math.max(...imagesDb));
      expect(Math.max(...imagesDb)).toBeLessThanOrEqual(-60);
    });

  test('delays by what it says, and by no more than 6 ms', () => {
    const [low, high] = [990, 1_010].map((hz) => fitTone(through(hz), hz, toHz).phase);
    const turn = (high ?? Number.NaN) - (low ?? Number.NaN);
    const wrapped = turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    const measuredMs = (-wrapped / (2 * Math.PI * 20)) * 1_000;
    const { delayMs } = createResampler(fromHz, toHz);
    note('delay, ms', measuredMs, 2);
    expect(measuredMs).toBeCloseTo(delayMs, 2);
    expect(measuredMs).toBeLessThanOrEqual(6);
  });

  test('gives whole milliseconds for whole milliseconds', () => {
    const resampler = createResampler(fromHz, toHz);
    for (const ms of [1, 20, 7, 100, 1, 3]) {
      expect(resampler.push(new Int16Array((fromHz * ms) / 1_000))).toHaveLength((toHz * ms) / 1_000);
    }
    resampler.dispose();
  });

  test('gives the same samples however the input is cut', () => {
    const input = noise(fromHz * 2, seededChance(fromHz + toHz));
    const whole = resampled(input, fromHz, toHz);
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      expect(resampled(input, fromHz, toHz, anyLength(seededChance(round)))).toEqual(whole);
    }
    expect(resampled(input, fromHz, toHz, () => 1)).toEqual(whole);
    note('cuts alike', rounds + 1, 0);
  });
});

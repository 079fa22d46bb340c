import instantiatePlain from '@echogarden/speex-resampler-wasm';
import instantiateSimd from '@echogarden/speex-resampler-wasm/simd';
import { describe, expect, test } from 'vitest';
import { createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import { type SpeexBuild, speex, startSpeex } from '../../src/audio/speex-module.ts';
import { seededChance } from '../../src/time/index.ts';
import { noise, resampled, tone } from './tones.ts';

const RATES: readonly SampleRateHz[] = [8_000, 16_000, 24_000];
const PATHS = RATES.flatMap((fromHz) => RATES.map((toHz) => ({ fromHz, toHz })));

test('10,000 resamplers made and disposed of leave the heap as it was', () => {
  const { module } = speex;
  const round = (): void => {
    for (const { fromHz, toHz } of PATHS) {
      const resampler = createResampler(fromHz, toHz);
      resampler.push(new Int16Array(160));
      resampler.dispose();
    }
  };
  const nextFreeAt = (): number => {
    const at = module._malloc(1_000_000);
    module._free(at);
    return at;
  };
  round();
  const bytesBefore = module.HEAP16.byteLength;
  const freeBefore = nextFreeAt();
  for (let rounds = 0; rounds < 10_000 / PATHS.length; rounds += 1) round();
  expect(module.HEAP16.byteLength).toBe(bytesBefore);
  expect(nextFreeAt()).toBe(freeBefore);
});

test('goes on across a growth of the heap', () => {
  const input = noise(4_000, seededChance(1));
  const expected = resampled(input, 8_000, 24_000);
  const resampler = createResampler(8_000, 24_000);
  const first = Int16Array.from(resampler.push(input.subarray(0, 2_000)));
  const kept = resampler.push(new Int16Array(0));
  const bytesBefore = speex.module.HEAP16.byteLength;
  const block = speex.module._malloc(bytesBefore);
  expect(speex.module.HEAP16.byteLength).toBeGreaterThan(bytesBefore);
  const second = resampler.push(input.subarray(2_000));
  speex.module._free(block);
  expect(kept).toHaveLength(0);
  expect([...first, ...second]).toEqual([...expected]);
  resampler.dispose();
});

test('hands out samples that other resamplers do not touch', () => {
  const one = createResampler(8_000, 16_000);
  const other = createResampler(8_000, 16_000);
  const output = one.push(noise(160, seededChance(2)));
  const copy = Int16Array.from(output);
  other.push(noise(160, seededChance(3)));
  other.dispose();
  expect(output).toEqual(copy);
  one.dispose();
});

describe.each(PATHS)('$fromHz to $toHz Hz', ({ fromHz, toHz }) => {
  test('may be disposed of twice, and says so when it is used after that', () => {
    const resampler = createResampler(fromHz, toHz);
    resampler.dispose();
    resampler.dispose();
    const expected = expect.objectContaining({
      code: 'AUDIO_RESAMPLER_DISPOSED',
      message: `the resampler from ${fromHz} to ${toHz} Hz was used after it was disposed`,
    });
    expect(() => resampler.push(new Int16Array(160))).toThrow(expected);
    expect(() => resampler.flush()).toThrow(expected);
  });

  test('flush gives the tail, and the next stream starts afresh', () => {
    const resampler = createResampler(fromHz, toHz);
    const input = noise(fromHz / 10, seededChance(4));
    const stream = (): number[] => [...resampler.push(input), ...resampler.flush()];
    const first = stream();
    expect(first).toHaveLength(toHz / 10 + (resampler.delayMs * toHz) / 1_000);
    expect(stream()).toEqual(first);
    resampler.dispose();
  });

  test('takes nothing for nothing, and ten seconds at once', () => {
    const resampler = createResampler(fromHz, toHz);
    expect(resampler.push(new Int16Array(0))).toHaveLength(0);
    expect(resampler.push(new Int16Array(fromHz * 10))).toHaveLength(toHz * 10);
    resampler.dispose();
  });

  test('clips what overshoots full scale and never wraps it round', () => {
    const halfPeriod = fromHz / 1_000;
    const square = Int16Array.from({ length: fromHz / 5 }, (_, at) =>
      Math.floor(at / halfPeriod) % 2 === 0 ? 32_767 : -32_768,
    );
    const output = resampled(square, fromHz, toHz);
    const delay = (createResampler(fromHz, toHz).delayMs * toHz) / 1_000;
    const middles = Array.from({ length: 150 }, (_, half) => {
      const middle = delay + Math.round(((half + 10.5) * toHz) / 1_000);
      return (output[middle] ?? 0) * ((half + 10) % 2 === 0 ? 1 : -1);
    });
    expect(Math.min(...middles)).toBeGreaterThan(20_000);
  });
});

test('equal rates hand the very same array through', () => {
  const input = tone(1_000, 8_000, 20);
  expect(createResampler(8_000, 8_000).push(input)).toBe(input);
});

test('refuses a rate that is not spoken here', () => {
  const rateHz = Number('44100') as SampleRateHz;
  expect(() => createResampler(rateHz, 8_000)).toThrow(
    'expected a sample rate of 8000, 16000, 24000 Hz, found 44100',
  );
});

describe('where the SIMD build does not run', () => {
  const broken: SpeexBuild = {
    name: 'simd',
    instantiate: (options) => instantiateSimd({ ...options, wasmBinary: new Uint8Array([0, 97, 115, 109]) }),
  };

  test('the plain build takes its place', async () => {
    const started = await startSpeex([broken, { name: 'plain', instantiate: instantiatePlain }]);
    expect(started.build).toBe('plain');
    expect(started.module._speex_resampler_init(1, 8_000, 16_000, 5, started.inputCountAt)).toBeGreaterThan(
      0,
    );
  });

  test('and with neither, the error says why', async () => {
    await expect(startSpeex([broken])).rejects.toThrow(
      /^expected a resampler that runs on this machine, but simd: .*WebAssembly/,
    );
  });
});

test('the SIMD build runs here', () => {
  expect(speex.build).toBe('simd');
});

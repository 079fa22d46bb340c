import { createResampler, type SampleRateHz } from '../../src/audio/index.ts';
import type { Chance } from '../../src/time/index.ts';

const MINUS_6_DBFS = 16_422;

/** What a least-squares fit of a sine finds in a signal. */
export interface FittedTone {
  readonly amplitude: number;
  readonly phase: number;
  /** Power of the tone over everything else, dB. */
  readonly sinadDb: number;
  /** The largest sample that is not the tone, LSB: a click would show here. */
  readonly worstLsb: number;
}

/** `durationMs` of a sine of `hz` at −6 dBFS. */
export function tone(hz: number, rateHz: number, durationMs: number): Int16Array {
  return Int16Array.from({ length: (rateHz * durationMs) / 1_000 }, (_, at) =>
    Math.round(MINUS_6_DBFS * Math.sin((2 * Math.PI * hz * at) / rateHz)),
  );
}

/** Fits a sine of `hz` to `signal`, leaving out the first and last 50 ms. */
export function fitTone(signal: Int16Array, hz: number, rateHz: number): FittedTone {
  const edge = rateHz / 20;
  const from = edge;
  const to = signal.length - edge;
  let ss = 0;
  let cc = 0;
  let sc = 0;
  let ys = 0;
  let yc = 0;
  for (let at = from; at < to; at += 1) {
    const y = signal[at] ?? 0;
    const s = Math.sin((2 * Math.PI * hz * at) / rateHz);
    const c = Math.cos((2 * Math.PI * hz * at) / rateHz);
    ss += s * s;
    cc += c * c;
    sc += s * c;
    ys += y * s;
    yc += y * c;
  }
  const determinant = ss * cc - sc * sc;
  const a = (ys * cc - yc * sc) / determinant;
  const b = (yc * ss - ys * sc) / determinant;
  let rest = 0;
  let worstLsb = 0;
  for (let at = from; at < to; at += 1) {
    const angle = (2 * Math.PI * hz * at) / rateHz;
    const off = (signal[at] ?? 0) - a * Math.sin(angle) - b * Math.cos(angle);
    rest += off * off;
    worstLsb = Math.max(worstLsb, Math.abs(off));
  }
  const amplitude = Math.hypot(a, b);
  const sinadDb = 10 * Math.log10((amplitude * amplitude) / 2 / (rest / (to - from)));
  return { amplitude, phase: Math.atan2(b, a), sinadDb, worstLsb };
}

/** RMS of `signal` in LSB, without its first and last 50 ms. */
export function innerRms(signal: Int16Array, rateHz: number): number {
  const inner = signal.subarray(rateHz / 20, signal.length - rateHz / 20);
  return Math.sqrt(inner.reduce((sum, sample) => sum + sample * sample, 0) / inner.length);
}

/** All of `input` through a fresh resampler, in chunks of the lengths that `nextLength` gives; without its tail. */
export function resampled(
  input: Int16Array,
  fromHz: SampleRateHz,
  toHz: SampleRateHz,
  nextLength: () => number = () => input.length,
): Int16Array {
  const resampler = createResampler(fromHz, toHz);
  const output: number[] = [];
  for (let at = 0; at < input.length; ) {
    const length = nextLength();
    for (const sample of resampler.push(input.subarray(at, at + length))) output.push(sample);
    at += length;
  }
  resampler.dispose();
  return Int16Array.from(output);
}

/** Full-band noise at about −13 dBov: the same for the same chance. */
export function noise(samples: number, chance: Chance): Int16Array {
  return Int16Array.from({ length: samples }, () => Math.round((chance.next() - 0.5) * 25_000));
}

/** Chunk lengths of 1 to 641 samples, in the order that `chance` gives. */
export function anyLength(chance: Chance): () => number {
  return () => 1 + Math.floor(chance.next() * 641);
}

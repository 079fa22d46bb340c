import { seededChance } from '../../src/time/index.ts';

const rateHz = 8000;

/** Mono 8 kHz audio from a function of the sample's position; values over full scale are clipped. */
export function sound(ms: number, at: (sample: number) => number): Int16Array {
  return Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, i) => clip(at(i)));
}

export function silence(ms: number): Int16Array {
  return new Int16Array((ms * rateHz) / 1000);
}

/** White Gaussian noise, the same for the same seed. */
export function whiteNoise(ms: number, levelDbov: number, seed = 1): Int16Array {
  const chance = seededChance(seed);
  const amplitude = amplitudeOf(levelDbov);
  return sound(ms, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - chance.next()));
    return amplitude * radius * Math.cos(2 * Math.PI * chance.next());
  });
}

/** 50 Hz hum with 23 harmonics. */
export function hum(ms: number, levelDbov: number): Int16Array {
  const harmonics = Array.from({ length: 23 }, (_, i) => i + 1);
  const power = harmonics.reduce((sum, k) => sum + 1 / (2 * k * k), 0);
  const amplitude = amplitudeOf(levelDbov) / Math.sqrt(power);
  return sound(ms, (i) => amplitude * harmonics.reduce((sum, k) => sum + sine(50 * k, i) / k, 0));
}

/** Two tones of equal level, as a telephone's keys make them. */
export function tones(ms: number, levelDbov: number, lowHz = 770, highHz = 1336): Int16Array {
  const amplitude = amplitudeOf(levelDbov);
  return sound(ms, (i) => amplitude * (sine(lowHz, i) + sine(highHz, i)));
}

/** The sum of sounds, as long as the first; shorter ones end early. */
export function mixed(first: Int16Array, ...others: readonly Int16Array[]): Int16Array {
  return first.map((sample, i) => clip(others.reduce((sum, other) => sum + (other[i] ?? 0), sample)));
}

export function louder(pcm: Int16Array, gainDb: number): Int16Array {
  return pcm.map((sample) => clip(sample * 10 ** (gainDb / 20)));
}

function sine(hz: number, sample: number): number {
  return Math.sin((2 * Math.PI * hz * sample) / rateHz);
}

function amplitudeOf(levelDbov: number): number {
  return 32_768 * 10 ** (levelDbov / 20);
}

function clip(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

import type { Chance } from '../../time/index.ts';

const rateHz = 8000;

/** A short sound that is not speech. */
export type NoiseKind = 'cough' | 'click' | 'burst' | 'knock';

/** Peak level of the sounds, of full scale. */
const peak = 0.3;

/** Makes one such sound, mono at 8 kHz; lengths and colours vary with `chance`. */
export function makeNoise(kind: NoiseKind, chance: Chance): Int16Array {
  switch (kind) {
    case 'cough':
      // two or three short barks of noise with a hoarse body
      return join(
        Array.from({ length: 2 + Math.floor(chance.next() * 2) }, () =>
          bark(90 + chance.next() * 80, 0.6, chance),
        ),
      );
    case 'click':
      return bark(12 + chance.next() * 20, 0, chance);
    case 'burst':
      return bark(150 + chance.next() * 250, 0.3, chance);
    case 'knock':
      return join([thump(chance), new Int16Array(rateHz * 0.12), thump(chance)]);
  }
}

/** Minutes of traffic: low rumble with slow swells, mono at 8 kHz at `dbov`. */
export function makeStreet(seconds: number, dbov: number, chance: Chance): Int16Array {
  const out = new Float64Array(seconds * rateHz);
  let low = 0;
  let swell = 0;
  let target = 0;
  for (let i = 0; i < out.length; i += 1) {
    if (i % 4000 === 0) target = 0.4 + chance.next() * 0.6;
    swell += (target - swell) * 0.0005;
    const white = chance.next() * 2 - 1;
    low += (white - low) * 0.12;
    out[i] = (low * 3 + white * 0.15) * swell;
  }
  const rms = Math.sqrt(out.reduce((sum, sample) => sum + sample * sample, 0) / out.length);
  const gain = (32_767 * 10 ** (dbov / 20)) / Math.max(1e-9, rms);
  return Int16Array.from(out, (sample) => Math.max(-32_768, Math.min(32_767, sample * gain)));
}

function bark(lengthMs: number, body: number, chance: Chance): Int16Array {
  const length = Math.floor((lengthMs * rateHz) / 1000);
  const out = new Int16Array(length);
  let low = 0;
  for (let i = 0; i < length; i += 1) {
    const attack = Math.min(1, i / 40);
    const fall = Math.exp((-4 * i) / length);
    const white = chance.next() * 2 - 1;
    low += (white - low) * 0.4;
    out[i] = Math.round((low * body * 1.5 + white * (1 - body)) * attack * fall * peak * 32_767);
  }
  return out;
}

function thump(chance: Chance): Int16Array {
  const length = rateHz * 0.06;
  const pitchHz = 120 + chance.next() * 120;
  const out = new Int16Array(length);
  for (let i = 0; i < length; i += 1) {
    out[i] = Math.round(
      Math.sin((2 * Math.PI * pitchHz * i) / rateHz) * Math.exp((-6 * i) / length) * peak * 32_767,
    );
  }
  return out;
}

function join(parts: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const FULL_SCALE = 32_768;

/** The level given to digital silence and to no samples at all, dBov. RFC 6464 ends its scale here too. */
export const SILENCE_DBOV = -127;

/** RMS level of `pcm` in dBov: 0 is a full-scale square wave, a full-scale sine is −3.01. */
export function levelDbov(pcm: Int16Array): number {
  let energy = 0;
  for (const sample of pcm) energy += sample * sample;
  if (energy === 0) return SILENCE_DBOV;
  return Math.max(SILENCE_DBOV, 10 * Math.log10(energy / pcm.length / (FULL_SCALE * FULL_SCALE)));
}

/** Largest magnitude in `pcm`, 0…32768. */
export function peakOf(pcm: Int16Array): number {
  let peak = 0;
  for (const sample of pcm) {
    const magnitude = Math.abs(sample);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}

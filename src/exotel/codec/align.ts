import { mediaGrainBytes } from './limits.ts';

/**
 * The samples followed by silence up to a multiple of `bytes` (an even number, 320 by default); the same array when it
 * already is one.
 *
 * @throws RangeError when `bytes` is not a positive even number
 */
export function padToMultiple(pcm: Int16Array, bytes: number = mediaGrainBytes): Int16Array {
  if (!Number.isInteger(bytes) || bytes <= 0 || bytes % 2 !== 0) {
    throw new RangeError(`padToMultiple: expected a positive even number of bytes, found ${bytes}`);
  }
  const grainSamples = bytes / 2;
  const paddedSamples = Math.ceil(pcm.length / grainSamples) * grainSamples;
  if (paddedSamples === pcm.length) return pcm;
  const padded = new Int16Array(paddedSamples);
  padded.set(pcm);
  return padded;
}

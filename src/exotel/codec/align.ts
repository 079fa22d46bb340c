import { padPcm16 } from '../../audio/index.ts';
import { mediaGrainBytes } from './limits.ts';

/**
 * The samples followed by silence up to a multiple of `bytes`, by default the 320 that Exotel asks for; the same array
 * when it already is one.
 *
 * @throws AudioError `AUDIO_BAD_MULTIPLE` when `bytes` is not a positive even number
 */
export function padToMultiple(pcm: Int16Array, bytes: number = mediaGrainBytes): Int16Array {
  return padPcm16(pcm, bytes);
}

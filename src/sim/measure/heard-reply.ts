import { createResampler, levelDbov, type SampleRateHz } from '../../audio/index.ts';
import { findAudio } from './find-audio.ts';

/** How a reply of the model was heard. */
export interface HeardReply {
  /** Sample of the heard track at which the reply's first audible sample was heard; -1 when it was not. */
  readonly at: number;
  /** Audible samples of the reply, from the first to the last. */
  readonly samples: number;
  /** Of these, heard in their place; the rest is missing, repeated or altered. */
  readonly intact: number;
}

/** Largest difference of a sample that still counts as the same: rounding in the resampler. */
const toleranceLsb = 2;
/** Level under which the ends of a reply count as silence. */
const silentDbov = -50;

/**
 * Looks a reply up in what the caller heard and compares it sample by sample.
 *
 * @param reply what the model said, mono at 24 kHz
 * @param heard what the caller heard, mono at `rateHz`
 * @param from first sample of `heard` to look at
 */
export function heardReply(
  reply: Int16Array,
  heard: Int16Array,
  rateHz: SampleRateHz,
  from: number,
): HeardReply {
  const wanted = audiblePart(atCallRate(reply, rateHz));
  const probe = wanted.subarray(0, Math.min(wanted.length, rateHz / 2));
  const { at, likeness } = findAudio(probe, heard, from);
  if (likeness < 0.9) return { at: -1, samples: wanted.length, intact: 0 };
  let intact = 0;
  for (let i = 0; i < wanted.length; i += 1) {
    if (Math.abs((wanted[i] ?? 0) - (heard[at + i] ?? 0)) <= toleranceLsb) intact += 1;
  }
  return { at, samples: wanted.length, intact };
}

/** A reply at the call's rate. */
export function atCallRate(reply: Int16Array, rateHz: SampleRateHz): Int16Array {
  const resampler = createResampler(24_000, rateHz);
  const body = resampler.push(reply).slice();
  resampler.dispose();
  return body;
}

/** The samples from the first to the last audible one. */
export function audiblePart(pcm: Int16Array): Int16Array {
  const frame = 80;
  let from = 0;
  let to = pcm.length;
  while (from < to && levelDbov(pcm.subarray(from, from + frame)) < silentDbov) from += frame;
  while (to > from && levelDbov(pcm.subarray(to - frame, to)) < silentDbov) to -= frame;
  return pcm.subarray(from, to);
}

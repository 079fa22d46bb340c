import { createResampler, levelDbov, type SampleRateHz } from '../../audio/index.ts';
import { clipAtRate, type SpeechClip } from '../exotel/speech-clip.ts';
import { findAudio } from './find-audio.ts';

/** How a clip of the caller reached the model. */
export interface ReachedClip {
  /** How much of the clip's audible beginning is missing, ms. */
  readonly clippedMs: number;
  /** How alike what reached the model is to what was said, 1 for the same. */
  readonly likeness: number;
}

/** Level from which on a clip counts as begun. */
const audibleDbov = -50;
const frame = 160;

/**
 * Compares a caller's clip (mono, as the caller said it at 8 kHz) with the audio of the turn that the model received (mono, 16 kHz).
 * The clip is looked up by its middle, so that a missing beginning is seen.
 */
export function reachedClip(clip: SpeechClip, turn: Int16Array): ReachedClip {
  // at the telephone's rate first, as the model's audio was
  const wanted = atRate(clipAtRate(clip, 8000, 0), 16_000);
  let onset = 0;
  while (onset < wanted.length && levelDbov(wanted.subarray(onset, onset + frame)) < audibleDbov)
    onset += frame;
  const probeFrom = onset + Math.floor((wanted.length - onset) / 4);
  const probe = wanted.subarray(
    probeFrom,
    probeFrom + Math.min(8000, Math.floor((wanted.length - onset) / 2)),
  );
  const { at, likeness } = findAudio(probe, turn);
  const onsetInTurn = at - probeFrom + onset;
  return { clippedMs: Math.max(0, -onsetInTurn) / 16, likeness };
}

function atRate(samples: Int16Array, rateHz: SampleRateHz): Int16Array {
  const resampler = createResampler(8000, rateHz);
  const out = resampler.push(samples).slice();
  resampler.dispose();
  return out;
}

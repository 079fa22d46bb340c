import { samplesPerMs } from './scorer.ts';

/** When sound becomes a caller's turn and when the turn is over; all in milliseconds of audio. */
export interface SpeechPolicy {
  /** Speech that makes an onset, within a window half as long again. */
  readonly onsetMs: number;
  /** The same while the agent is audible, when echo and backchannels are about. */
  readonly onsetWhileSpeakingMs: number;
  /** Speech since the onset that makes it `sustained`. */
  readonly confirmMs: number;
  /** Silence that makes it `paused`. */
  readonly rejectMs: number;
  /** Silence that ends the utterance. */
  readonly endSilenceMs: number;
  /** Silence that ends a short utterance while a short answer is expected. */
  readonly shortEndSilenceMs: number;
  /** Longest speech that counts as a short utterance. */
  readonly shortUtteranceMs: number;
  /** Longest utterance; it is ended then, and what follows is the next. */
  readonly longestMs: number;
  /** How far before the first frame of speech the onset is put. */
  readonly onsetSafetyMs: number;
}

/** The policy that applies where an agent says nothing else. */
export const defaultSpeechPolicy: SpeechPolicy = {
  onsetMs: 64,
  onsetWhileSpeakingMs: 100,
  confirmMs: 500,
  rejectMs: 120,
  endSilenceMs: 500,
  shortEndSilenceMs: 350,
  shortUtteranceMs: 600,
  longestMs: 30_000,
  onsetSafetyMs: 30,
};

const rangesMs: Record<keyof SpeechPolicy, readonly [least: number, most: number]> = {
  onsetMs: [10, 400],
  onsetWhileSpeakingMs: [10, 400],
  confirmMs: [10, 10_000],
  rejectMs: [10, 10_000],
  endSilenceMs: [50, 10_000],
  shortEndSilenceMs: [50, 10_000],
  shortUtteranceMs: [0, 10_000],
  longestMs: [1000, 600_000],
  onsetSafetyMs: [0, 500],
};

/** A policy with some fields changed. @throws RangeError naming a field outside its range */
export function withPolicy(policy: SpeechPolicy, changes: Partial<SpeechPolicy>): SpeechPolicy {
  const changed = { ...policy, ...changes };
  for (const field of Object.keys(rangesMs) as (keyof SpeechPolicy)[]) {
    const [least, most] = rangesMs[field];
    const value = changed[field];
    if (!(value >= least && value <= most)) {
      throw new RangeError(`speech policy: expected ${field} from ${least} to ${most} ms, found ${value}`);
    }
  }
  return changed;
}

/** Milliseconds as samples. */
export function toSamples(ms: number): number {
  return Math.round(ms * samplesPerMs);
}

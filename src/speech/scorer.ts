/** Sample rate in Hz of all audio in this room. */
export const speechRateHz = 8000;

/** Samples in one millisecond at {@link speechRateHz}. */
export const samplesPerMs = speechRateHz / 1000;

/**
 * Told the score of each frame, in order.
 *
 * @param score 0 to 1, speech from the scorer's `threshold` on
 * @param frameStartSample position of the frame's first sample since the stream began
 */
export type ScoreListener = (score: number, frameStartSample: number) => void;

/**
 * Judges frames of 8 kHz audio one by one: speech or not.
 *
 * A score may come inside `push`, or later from a worker that scores many calls at once; either way every frame gets its
 * score exactly once and in order (0 for a frame that could not be judged).
 */
export interface SpeechScorer {
  readonly name: string;
  /** Samples in every frame. */
  readonly frameSamples: number;
  /** Score from which a frame counts as speech. */
  readonly threshold: number;
  /** Score from which speech that has begun goes on: words fade; the same as `threshold` when it is not given. */
  readonly holdThreshold?: number;
  /**
   * Milliseconds of speech towards an onset that one frame over the threshold stands for, where that is more than the
   * frame's own length: a scorer that has listened to more than the frame is surer of it.
   */
  readonly onsetEvidenceMs?: number;
  /** Sets the one listener, before the first frame. */
  listen(listener: ScoreListener): void;
  /** The level of the next frame, dBov, where the scorer measures it anyway: told ahead of its `push`. */
  levelOf?(frame: Int16Array): number;
  /** Takes the next frame of `frameSamples` samples; the array is reused by the caller, so it is valid only during the call. */
  push(frame: Int16Array, frameStartSample: number): void;
  /** Takes a frame that needs no score, and gives none: what the scorer remembers may be forgotten. */
  pass?(frame: Int16Array): void;
  /** Ends the scorer: no score comes after it. */
  close(): void;
}

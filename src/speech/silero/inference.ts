import type { FrameBatch } from './frame-batch.ts';

/** Runs the model over a batch; one run at a time. */
export interface Inference {
  /** Filled by the caller before a run; holds the scores after it. */
  readonly batch: FrameBatch;
  /**
   * Scores the first `frames` rows.
   *
   * @param done called once, within the call or later; with a reason when there are no scores, and never will be again
   */
  run(frames: number, done: (failure?: string) => void): void;
  /** Ends it; nothing is called after it. */
  close(): Promise<void>;
}

import { FrameBatch, sileroFrameSamples } from '../../../src/speech/silero/frame-batch.ts';
import type { Inference } from '../../../src/speech/silero/inference.ts';
import type { Clock } from '../../../src/time/index.ts';

/** What a {@link ScriptedInference} was asked to score. */
export interface ScriptedRun {
  readonly atMs: number;
  readonly seats: readonly number[];
  readonly isFirst: readonly number[];
}

/** A model that takes `runMs` a run and scores a frame by its first sample, as a share of 1000. */
export class ScriptedInference implements Inference {
  readonly batch = new FrameBatch();
  readonly runs: ScriptedRun[] = [];
  /** Milliseconds of a run; `undefined` for a run that never ends. */
  runMs: number | undefined;
  failure: string | undefined;
  isClosed = false;
  readonly #clock: Clock;

  constructor(clock: Clock, runMs = 2) {
    this.#clock = clock;
    this.runMs = runMs;
  }

  run(frames: number, done: (failure?: string) => void): void {
    const { samples, scores, seats, isFirst } = this.batch;
    this.runs.push({
      atMs: this.#clock.nowMs(),
      seats: [...seats.subarray(0, frames)],
      isFirst: [...isFirst.subarray(0, frames)],
    });
    if (this.runMs === undefined) return;
    this.#clock.setTimeout(() => {
      for (let row = 0; row < frames; row += 1) scores[row] = (samples[row * sileroFrameSamples] ?? 0) / 1000;
      done(this.failure);
    }, this.runMs);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

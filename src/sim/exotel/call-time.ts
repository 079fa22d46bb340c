import type { SampleRateHz } from '../../audio/index.ts';
import type { Clock, Timer } from '../../time/index.ts';

/**
 * The call's own time: milliseconds and samples since the stream started, 0 before, standing still once it is over.
 *
 * Invariant: `nowSample` never goes back, and what lies before it is final on both tracks.
 */
export class CallTime {
  readonly clock: Clock;
  readonly sampleRateHz: SampleRateHz;
  #startClockMs: number | undefined;
  #endMs: number | undefined;

  constructor(clock: Clock, sampleRateHz: SampleRateHz) {
    this.clock = clock;
    this.sampleRateHz = sampleRateHz;
  }

  start(): void {
    this.#startClockMs ??= this.clock.nowMs();
  }

  stop(): void {
    this.#endMs ??= this.nowMs;
  }

  /** The clock's time at call time 0. */
  get startClockMs(): number | undefined {
    return this.#startClockMs;
  }

  get isOver(): boolean {
    return this.#endMs !== undefined;
  }

  get nowMs(): number {
    if (this.#endMs !== undefined) return this.#endMs;
    return this.#startClockMs === undefined ? 0 : this.clock.nowMs() - this.#startClockMs;
  }

  get nowSample(): number {
    return this.toSamples(this.nowMs);
  }

  toSamples(ms: number): number {
    return Math.round((ms * this.sampleRateHz) / 1000);
  }

  toMs(samples: number): number {
    return (samples * 1000) / this.sampleRateHz;
  }

  /** Acts at a call time, or at once when it has passed; not at all when the call is over by then. */
  at(callMs: number, act: () => void): Timer {
    return this.clock.setTimeout(
      () => {
        if (!this.isOver) act();
      },
      Math.max(0, callMs - this.nowMs),
    );
  }
}

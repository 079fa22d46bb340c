import type { Clock } from '../time/index.ts';

const minuteMs = 60_000;

/** Lets through at most so many in any minute; at its limit it says how long to wait. Keeps at most that many times. */
export class Pace {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #takenMs: number[] = [];

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
  }

  /** How long the next one has to wait, ms; 0 when it need not. */
  get waitMs(): number {
    const nowMs = this.#clock.nowMs();
    this.#takenMs = this.#takenMs.filter((atMs) => nowMs - atMs < minuteMs);
    if (this.#takenMs.length < this.#perMinute) return 0;
    return minuteMs - (nowMs - (this.#takenMs[0] ?? nowMs));
  }

  /** Counts one now. */
  take(): void {
    this.#takenMs.push(this.#clock.nowMs());
  }
}

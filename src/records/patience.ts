import { type Clock, delay } from '../time/index.ts';

/** Pauses before a failed write is tried again, ms: doubled from the first to the longest. */
const firstPauseMs = 100;
const longestPauseMs = 5000;
/** A record that cannot be completed so long after the end of its call is given up, ms. */
const givenUpMs = 60_000;

/** How long a record insists on being written: during the call without end, then for a minute, or until it is hurried. */
export class Patience {
  readonly #clock: Clock;
  readonly #hurry: AbortSignal | undefined;
  #endsMs = Number.POSITIVE_INFINITY;
  /** Writes that were tried again. */
  retries = 0;

  constructor(clock: Clock, hurry: AbortSignal | undefined) {
    this.#clock = clock;
    this.#hurry = hurry;
  }

  /** The call is over. */
  callEnded(): void {
    this.#endsMs = this.#clock.nowMs() + givenUpMs;
  }

  /** After so many failures in a row: waits, and resolves with true when it is to be tried again. */
  async again(failures: number): Promise<boolean> {
    if (this.#hurry?.aborted || this.#clock.nowMs() >= this.#endsMs) return false;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    await delay(this.#clock, pauseMs, this.#hurry);
    this.retries += 1;
    return true;
  }
}

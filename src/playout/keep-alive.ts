import type { Clock, Timer } from '../time/index.ts';

/** Sees to it that a line on which nothing is sent for `keepAliveMs` is not taken for a dead one. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #keepAliveMs: number;
  readonly #due: () => void;
  #lastSentAtMs = 0;
  #timer: Timer | undefined;

  /** @param due told each time nothing was sent for so long: it sends something, or has a reason not to */
  constructor(clock: Clock, keepAliveMs: number, due: () => void) {
    this.#clock = clock;
    this.#keepAliveMs = keepAliveMs;
    this.#due = due;
  }

  /** Something was sent. */
  sent(): void {
    this.#lastSentAtMs = this.#clock.nowMs();
  }

  start(): void {
    const waitMs = this.#lastSentAtMs + this.#keepAliveMs - this.#clock.nowMs();
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#clock.nowMs() - this.#lastSentAtMs >= this.#keepAliveMs) {
        this.#due();
        this.sent();
      }
      this.start();
    }, waitMs);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }
}

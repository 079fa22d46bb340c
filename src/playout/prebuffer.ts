/** Reserve below which a reply came close to a gap, ms. */
const thinMs = 20;
/** Steps by which the prebuffer moves, ms. */
const stepMs = 20;

/**
 * How much of a reply is kept back before it starts: little on a connection that keeps up, more on one that stalls.
 *
 * It learns from each reply the least reserve there was when audio arrived; a gap counts as a negative reserve.
 */
export class Prebuffer {
  readonly #leastMs: number;
  readonly #mostMs: number;
  #targetMs: number;
  #reserveMs = Number.POSITIVE_INFINITY;

  constructor(leastMs: number, mostMs: number) {
    this.#leastMs = leastMs;
    this.#mostMs = Math.max(leastMs, mostMs);
    this.#targetMs = leastMs;
  }

  /** Audio to wait for before a reply starts, ms. */
  get targetMs(): number {
    return this.#targetMs;
  }

  /** Audio arrived in mid-reply while `reserveMs` of earlier audio were still to be heard; negative after a gap. */
  arrived(reserveMs: number): void {
    this.#reserveMs = Math.min(this.#reserveMs, reserveMs);
  }

  /** A reply is over: the next one starts with what this one taught. */
  replyEnded(): void {
    const reserveMs = this.#reserveMs;
    this.#reserveMs = Number.POSITIVE_INFINITY;
    if (reserveMs === Number.POSITIVE_INFINITY) return;
    const wantedMs =
      reserveMs < thinMs ? this.#targetMs + stepMs - Math.min(0, reserveMs) : this.#targetMs - stepMs;
    this.#targetMs = Math.min(this.#mostMs, Math.max(this.#leastMs, wantedMs));
  }
}

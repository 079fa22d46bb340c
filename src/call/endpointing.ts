/** Longest that the end of a turn is put off for a caller who pauses, beyond the agent's setting, ms. */
const mostExtraMs = 400;
/** How much longer than the caller's usual pause the silence must be, as a factor. */
const margin = 1.25;
/** Pauses that are remembered. */
const remembered = 8;

/**
 * Learns how long this caller pauses inside a sentence, so that a slow speaker is not answered into.
 *
 * A pause counts when the caller went on after it, be it within the turn or just after we took the turn for ended.
 */
export class Endpointing {
  readonly #baseMs: number;
  #pausesMs: number[] = [];

  /** @param baseMs the agent's silence that ends a turn */
  constructor(baseMs: number) {
    this.#baseMs = baseMs;
  }

  /** The caller went on after `pauseMs` of silence. */
  wentOnAfter(pauseMs: number): void {
    this.#pausesMs = [...this.#pausesMs, pauseMs].slice(-remembered);
  }

  /** A turn without such a pause is over: old habits fade. */
  turnWithoutPause(): void {
    this.#pausesMs = this.#pausesMs.slice(1);
  }

  /** The silence that ends a turn now, ms. */
  get endSilenceMs(): number {
    const longestMs = Math.max(0, ...this.#pausesMs);
    return Math.round(Math.min(this.#baseMs + mostExtraMs, Math.max(this.#baseMs, longestMs * margin)));
  }
}

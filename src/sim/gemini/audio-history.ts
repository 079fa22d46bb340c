/** Samples kept of one connection's audio: ten minutes at 16 kHz; what comes later is counted, not kept. */
export const keptSamplesLimit = 16_000 * 600;

/** The audio that a connection received, by position; kept only on request. */
export class AudioHistory {
  totalSamples = 0;
  #kept = new Int16Array(0);
  readonly #keeps: boolean;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  append(samples: Int16Array): void {
    const from = this.totalSamples;
    this.totalSamples += samples.length;
    if (!this.#keeps || from >= keptSamplesLimit) return;
    if (this.totalSamples > this.#kept.length) {
      const grown = new Int16Array(
        Math.min(keptSamplesLimit, Math.max(this.totalSamples, this.#kept.length * 2)),
      );
      grown.set(this.#kept);
      this.#kept = grown;
    }
    this.#kept.set(samples.subarray(0, this.#kept.length - from), from);
  }

  /** A copy of what is kept of the samples at positions `from` to `to`. */
  slice(from: number, to: number): Int16Array {
    return this.#kept.slice(Math.max(0, from), Math.min(to, this.totalSamples));
  }

  get keeps(): boolean {
    return this.#keeps;
  }
}

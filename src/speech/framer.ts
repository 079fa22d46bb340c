/**
 * Cuts a stream of samples into frames of a fixed length, however it arrives.
 *
 * Invariant: the frames depend on the samples only, never on how they were cut into chunks.
 */
export class Framer {
  readonly #frame: Int16Array;
  readonly #take: (frame: Int16Array, frameStartSample: number) => void;
  #filled = 0;
  #positionSamples = 0;

  /**
   * @param frameSamples samples a frame
   * @param take receives each full frame, in one array that is reused, and the position of its first sample
   */
  constructor(frameSamples: number, take: (frame: Int16Array, frameStartSample: number) => void) {
    this.#frame = new Int16Array(frameSamples);
    this.#take = take;
  }

  /** Samples taken so far. */
  get positionSamples(): number {
    return this.#positionSamples;
  }

  push(pcm: Int16Array): void {
    const frame = this.#frame;
    let at = 0;
    while (at < pcm.length) {
      const count = Math.min(frame.length - this.#filled, pcm.length - at);
      for (let i = 0; i < count; i += 1) frame[this.#filled + i] = pcm[at + i] ?? 0;
      at += count;
      this.#filled += count;
      this.#positionSamples += count;
      if (this.#filled === frame.length) {
        this.#filled = 0;
        this.#take(frame, this.#positionSamples - frame.length);
      }
    }
  }
}

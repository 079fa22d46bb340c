const capacityFrames = 64;

/** Remembers which of the last 64 frames held speech, so that one dropped frame does not break a run. */
export class RecentFrames {
  readonly #isSpeech = new Uint8Array(capacityFrames);
  readonly #startSamples = new Float64Array(capacityFrames);
  #frames = 0;

  push(isSpeech: boolean, frameStartSample: number): void {
    const at = this.#frames % capacityFrames;
    this.#isSpeech[at] = isSpeech ? 1 : 0;
    this.#startSamples[at] = frameStartSample;
    this.#frames += 1;
  }

  /** Frames of speech among the last `windowFrames`. */
  count(windowFrames: number): number {
    let count = 0;
    for (let back = 1; back <= this.#reach(windowFrames); back += 1) {
      count += this.#isSpeech[(this.#frames - back) % capacityFrames] ?? 0;
    }
    return count;
  }

  /** Start of the earliest frame of speech among the last `windowFrames`, or undefined. */
  firstStartSample(windowFrames: number): number | undefined {
    for (let back = this.#reach(windowFrames); back >= 1; back -= 1) {
      const at = (this.#frames - back) % capacityFrames;
      if (this.#isSpeech[at]) return this.#startSamples[at];
    }
    return undefined;
  }

  /** Forgets all frames. */
  clear(): void {
    this.#frames = 0;
  }

  #reach(windowFrames: number): number {
    return Math.min(windowFrames, this.#frames, capacityFrames);
  }
}

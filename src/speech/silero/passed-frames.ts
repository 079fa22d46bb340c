import { sileroFrameSamples } from './frame-batch.ts';

/** Frames of 32 ms that are kept: over 2 s, after which a line's noise floor is known. */
const mostFrames = 64;

/** The last frames that nobody has judged, in case that they matter yet; of more than 2 s the oldest are lost. */
export class PassedFrames {
  #ring: Int16Array | undefined;
  #added = 0;

  /** Whether more were added since the last `take` than are kept. */
  get areSomeLost(): boolean {
    return this.#added > mostFrames;
  }

  get isEmpty(): boolean {
    return this.#added === 0;
  }

  add(frame: Int16Array): void {
    this.#ring ??= new Int16Array(mostFrames * sileroFrameSamples);
    this.#ring.set(frame, (this.#added % mostFrames) * sileroFrameSamples);
    this.#added += 1;
  }

  /** What is kept, the oldest first, as views that are valid until the next `add`; nothing is kept then. */
  *take(): Iterable<Int16Array> {
    const to = this.#added;
    this.#added = 0;
    for (let i = Math.max(0, to - mostFrames); i < to; i += 1) {
      const at = (i % mostFrames) * sileroFrameSamples;
      yield this.#ring?.subarray(at, at + sileroFrameSamples) ?? new Int16Array(0);
    }
  }
}

/** First in, first out queue of PCM16 samples; it never copies a chunk that it can hand out whole. */
export class SampleQueue {
  #chunks: Int16Array[] = [];
  #head = 0;
  #offset = 0;
  #length = 0;
  readonly #limit: number;

  /** @param limit samples it holds at most; more is refused by {@link push}. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Samples waiting. */
  get length(): number {
    return this.#length;
  }

  /** Appends a copy of `pcm`; returns how many samples of it did not fit and were dropped. */
  push(pcm: Int16Array): number {
    const room = this.#limit - this.#length;
    const kept = pcm.slice(0, Math.max(0, room));
    if (kept.length > 0) {
      this.#chunks.push(kept);
      this.#length += kept.length;
    }
    return pcm.length - kept.length;
  }

  /** Takes the first `count` samples, or all when there are fewer. */
  take(count: number): Int16Array {
    const out = new Int16Array(Math.min(count, this.#length));
    let filled = 0;
    while (filled < out.length) {
      const chunk = this.#chunks[this.#head];
      if (!chunk) break;
      const part = chunk.subarray(this.#offset, this.#offset + out.length - filled);
      out.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) {
        this.#head += 1;
        this.#offset = 0;
      }
    }
    this.#length -= filled;
    if (this.#head > 256) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#head = 0;
    }
    return out;
  }

  /** A copy of the last `count` samples, or of all when there are fewer. */
  last(count: number): Int16Array {
    const out = new Int16Array(Math.min(count, this.#length));
    let missing = out.length;
    for (let at = this.#chunks.length - 1; missing > 0; at -= 1) {
      const chunk = this.#chunks[at]?.subarray(at === this.#head ? this.#offset : 0);
      if (!chunk) break;
      const part = chunk.subarray(Math.max(0, chunk.length - missing));
      missing -= part.length;
      out.set(part, missing);
    }
    return out;
  }

  /** Drops the last `count` samples, or all when there are fewer. */
  dropLast(count: number): void {
    let missing = Math.min(count, this.#length);
    this.#length -= missing;
    while (missing > 0) {
      const chunk = this.#chunks.pop();
      if (!chunk) return;
      const from = this.#chunks.length === this.#head ? this.#offset : 0;
      const left = chunk.length - from;
      if (left > missing) this.#chunks.push(chunk.subarray(0, chunk.length - missing));
      else if (from > 0) this.#offset = 0;
      missing -= Math.min(left, missing);
    }
  }

  /** Drops everything; returns how many samples that were. */
  clear(): number {
    const dropped = this.#length;
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#length = 0;
    return dropped;
  }
}

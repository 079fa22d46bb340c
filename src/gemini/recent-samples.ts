/** The last samples of a stream, in memory of a fixed size; positions are samples since the stream began. */
export class RecentSamples {
  readonly #ring: Int16Array;
  #end = 0;

  /** @param most samples that are kept */
  constructor(most: number) {
    this.#ring = new Int16Array(most);
  }

  /** Position of the first sample that is kept. */
  get startSample(): number {
    return Math.max(0, this.#end - this.#ring.length);
  }

  push(pcm: Int16Array): void {
    const size = this.#ring.length;
    const kept = pcm.length > size ? pcm.subarray(pcm.length - size) : pcm;
    const at = (this.#end + pcm.length - kept.length) % size;
    const first = Math.min(kept.length, size - at);
    this.#ring.set(first === kept.length ? kept : kept.subarray(0, first), at);
    if (first < kept.length) this.#ring.set(kept.subarray(first), 0);
    this.#end += pcm.length;
  }

  /** What is kept from `fromSample` on, as views of at most `most` samples each that are valid until the next `push`. */
  *pieces(fromSample: number, most: number): Iterable<Int16Array> {
    const size = this.#ring.length;
    for (let from = Math.max(fromSample, this.startSample); from < this.#end; ) {
      const at = from % size;
      const count = Math.min(most, this.#end - from, size - at);
      yield this.#ring.subarray(at, at + count);
      from += count;
    }
  }
}

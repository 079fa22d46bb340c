const BLOCK_SAMPLES = 65_536;

/** A growing mono PCM16 recording; what was never written is silence, and takes no memory. */
export class SampleTrack {
  readonly limitSamples: number;
  readonly #blocks = new Map<number, Int16Array>();
  #lengthSamples = 0;
  #lostSamples = 0;

  /** @param limitSamples the longest the track grows; samples beyond it are counted as lost. */
  constructor(limitSamples: number) {
    this.limitSamples = limitSamples;
  }

  get lengthSamples(): number {
    return this.#lengthSamples;
  }

  /** Samples that were written beyond the limit. */
  get lostSamples(): number {
    return this.#lostSamples;
  }

  /** Writes `samples` at `atSample`, which is not before what was read as final. */
  write(atSample: number, samples: Int16Array): void {
    const kept = Math.max(0, Math.min(samples.length, this.limitSamples - atSample));
    this.#lostSamples += samples.length - kept;
    let done = 0;
    while (done < kept) {
      const index = Math.floor((atSample + done) / BLOCK_SAMPLES);
      const offset = (atSample + done) % BLOCK_SAMPLES;
      const count = Math.min(kept - done, BLOCK_SAMPLES - offset);
      this.#blockFor(index).set(samples.subarray(done, done + count), offset);
      done += count;
    }
    this.extend(atSample + kept);
  }

  /** Makes the track at least this long, with silence. */
  extend(lengthSamples: number): void {
    this.#lengthSamples = Math.max(this.#lengthSamples, Math.min(lengthSamples, this.limitSamples));
  }

  /** Forgets everything from `atSample` on. */
  truncate(atSample: number): void {
    for (const [index, block] of this.#blocks) {
      const blockStart = index * BLOCK_SAMPLES;
      if (blockStart >= atSample) this.#blocks.delete(index);
      else if (blockStart + BLOCK_SAMPLES > atSample) block.fill(0, atSample - blockStart);
    }
    this.#lengthSamples = Math.min(this.#lengthSamples, atSample);
  }

  /** A copy of the samples from `fromSample` to before `toSample`, silence where nothing was written, also below 0. */
  read(fromSample: number, toSample: number): Int16Array {
    const out = new Int16Array(Math.max(0, toSample - fromSample));
    let at = fromSample;
    while (at < toSample) {
      const index = Math.floor(at / BLOCK_SAMPLES);
      const count = Math.min(toSample, (index + 1) * BLOCK_SAMPLES) - at;
      const offset = at - index * BLOCK_SAMPLES;
      const block = this.#blocks.get(index);
      if (block) out.set(block.subarray(offset, offset + count), at - fromSample);
      at += count;
    }
    return out;
  }

  #blockFor(index: number): Int16Array {
    const block = this.#blocks.get(index) ?? new Int16Array(BLOCK_SAMPLES);
    this.#blocks.set(index, block);
    return block;
  }
}

/** One side of the call as recorded: sample 0 is the start of the stream. */
export class CallTrack {
  readonly sampleRateHz: number;
  readonly #track: SampleTrack;
  readonly #endSample: () => number;

  /** @param endSample how far the track is final: what lies ahead is not shown. */
  constructor(track: SampleTrack, sampleRateHz: number, endSample: () => number) {
    this.#track = track;
    this.sampleRateHz = sampleRateHz;
    this.#endSample = endSample;
  }

  get lengthSamples(): number {
    return Math.min(this.#endSample(), this.#track.limitSamples);
  }

  get lengthMs(): number {
    return (this.lengthSamples * 1000) / this.sampleRateHz;
  }

  /** Samples beyond the track's limit, which were not kept. */
  get lostSamples(): number {
    return this.#track.lostSamples;
  }

  /** A copy of the samples between two call times, by default all up to now. */
  samples(fromMs = 0, toMs = this.lengthMs): Int16Array {
    const from = Math.max(0, Math.round((fromMs * this.sampleRateHz) / 1000));
    const to = Math.min(this.lengthSamples, Math.round((toMs * this.sampleRateHz) / 1000));
    return this.#track.read(from, to);
  }
}

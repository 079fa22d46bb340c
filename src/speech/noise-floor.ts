const windowFrames = 200;
const blockFrames = 20;
const steadyFrames = 50;
const smoothing = 0.25;
const steadySpreadDb = 1.5;

/**
 * Level of the noise under the speech, in dBov, tracked over 10 ms frames.
 *
 * It is the least smoothed level of the last 2 s, so it falls at once and rises when no pause has shown a lower level for
 * that long. A sound that keeps its level within 1.5 dB (standard deviation) for 500 ms is taken for noise or a tone, which
 * speech never is, and becomes the floor at once.
 */
export class NoiseFloor {
  readonly #blockMinimaDb = new Float64Array(windowFrames / blockFrames).fill(Number.POSITIVE_INFINITY);
  readonly #recentDb = new Float64Array(steadyFrames);
  #lastDb = 0;
  #smoothedDb = 0;
  #block = 0;
  #framesInBlock = 0;
  #frames = 0;
  #sum = 0;
  #squares = 0;
  #levelDbov = 0;

  get levelDbov(): number {
    return this.#levelDbov;
  }

  /** Takes the level of the next 10 ms frame and gives the floor. */
  update(levelDbov: number): number {
    // two frames are a period of 50 Hz hum, whose halves may differ
    this.#noteRecent((levelDbov + this.#lastDb) / 2);
    this.#lastDb = levelDbov;
    this.#smoothedDb =
      this.#frames === 0 ? levelDbov : this.#smoothedDb + smoothing * (levelDbov - this.#smoothedDb);
    this.#frames += 1;
    this.#noteMinimum(this.#smoothedDb);
    const leastDb = this.#least();
    const steadyDb = this.#frames >= steadyFrames ? this.#steadyLevel() : undefined;
    this.#levelDbov = steadyDb === undefined ? leastDb : Math.max(leastDb, steadyDb);
    return this.#levelDbov;
  }

  #noteMinimum(levelDb: number): void {
    if (this.#framesInBlock === blockFrames) {
      this.#framesInBlock = 0;
      this.#block = (this.#block + 1) % this.#blockMinimaDb.length;
      this.#blockMinimaDb[this.#block] = levelDb;
    }
    this.#framesInBlock += 1;
    if (levelDb < (this.#blockMinimaDb[this.#block] ?? 0)) this.#blockMinimaDb[this.#block] = levelDb;
  }

  #least(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const minimum of this.#blockMinimaDb) if (minimum < least) least = minimum;
    return least;
  }

  /** Keeps the sums of the last levels; each round they are added up anew, so that no rounding stays. */
  #noteRecent(levelDb: number): void {
    const at = this.#frames % steadyFrames;
    const oldDb = this.#recentDb[at] ?? 0;
    this.#recentDb[at] = levelDb;
    this.#sum += levelDb - oldDb;
    this.#squares += levelDb * levelDb - oldDb * oldDb;
    if (at > 0) return;
    this.#sum = 0;
    this.#squares = 0;
    for (const level of this.#recentDb) {
      this.#sum += level;
      this.#squares += level * level;
    }
  }

  #steadyLevel(): number | undefined {
    const mean = this.#sum / steadyFrames;
    const variance = this.#squares / steadyFrames - mean * mean;
    return variance <= steadySpreadDb * steadySpreadDb ? mean : undefined;
  }
}

const leastDb = -60;
const bins = 61;
const forgetting = 1.001;
const mostWeight = 1e9;
const firstLearned = 30;
const topShare = 0.15;
const marginDb = 5;
const lowestCeilingDb = -38;
const highestCeilingDb = -8;
const startCeilingDb = -16;
/** Steps after which a word of the caller's is lost among what is known: 1 s. */
const manyLearned = 100;

/**
 * How loud the echo may be relative to what was played, learned from all inbound audio while the agent is heard: the 85th
 * percentile of a histogram that forgets over some 10 s, plus 5 dB, kept between −38 and −8 dB; −16 dB in the first 300 ms.
 */
export class ReturnLoss {
  readonly #histogram = new Float64Array(bins);
  #weight = 1;
  #total = 0;
  #learned = 0;
  #ceilingDb = startCeilingDb;

  get ceilingDb(): number {
    return this.#ceilingDb;
  }

  /** Whether a step is louder than most echoes while so little is known that a few such steps would decide. */
  isDoubtful(aboveDb: number): boolean {
    return this.#learned < manyLearned && aboveDb > startCeilingDb;
  }

  /** Takes how far one inbound step lies above the loudest recent playout (usually negative). */
  learn(aboveDb: number): void {
    const bin = Math.min(bins - 1, Math.max(0, Math.round(aboveDb - leastDb)));
    this.#histogram[bin] = (this.#histogram[bin] ?? 0) + this.#weight;
    this.#total += this.#weight;
    this.#learned += 1;
    // a growing weight for the new is the same as a fading one for the old
    this.#weight *= forgetting;
    if (this.#weight > mostWeight) this.#rescale();
    if (this.#learned < firstLearned) return;
    this.#ceilingDb = Math.min(highestCeilingDb, Math.max(lowestCeilingDb, this.#percentile() + marginDb));
  }

  #percentile(): number {
    let above = 0;
    for (let bin = bins - 1; bin > 0; bin -= 1) {
      above += this.#histogram[bin] ?? 0;
      if (above > topShare * this.#total) return bin + leastDb;
    }
    return leastDb;
  }

  #rescale(): void {
    for (let bin = 0; bin < bins; bin += 1) this.#histogram[bin] = (this.#histogram[bin] ?? 0) / this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }
}

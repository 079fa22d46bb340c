const windowSteps = 50;
const mostStepsAhead = 200;
const ringSteps = 256;

/** The loudest of the last 50 steps of a log of levels that may be written up to 200 steps ahead. */
export class RecentMaximum {
  readonly #levelsDb = new Float64Array(ringSteps).fill(Number.NEGATIVE_INFINITY);
  #step = 0;

  /** Notes a level `stepsAhead` of the current step; of two for one step the louder stays. */
  note(levelDb: number, stepsAhead: number): void {
    const ahead = Math.min(Math.max(0, stepsAhead), mostStepsAhead);
    const at = (this.#step + ahead) % ringSteps;
    this.#levelsDb[at] = Math.max(this.#levelsDb[at] ?? levelDb, levelDb);
  }

  /** Forgets all levels more than `stepsAhead` of the current step. */
  forgetAhead(stepsAhead: number): void {
    for (let ahead = Math.max(0, stepsAhead) + 1; ahead <= mostStepsAhead; ahead += 1) {
      this.#levelsDb[(this.#step + ahead) % ringSteps] = Number.NEGATIVE_INFINITY;
    }
  }

  /** The loudest of the last 50 steps up to the current one, which then passes. */
  advance(): number {
    let loudestDb = Number.NEGATIVE_INFINITY;
    for (let back = 0; back < windowSteps; back += 1) {
      const levelDb = this.#levelsDb[(this.#step - back + ringSteps) % ringSteps] ?? loudestDb;
      if (levelDb > loudestDb) loudestDb = levelDb;
    }
    this.#step += 1;
    // the slot that comes into reach of `note` now still holds a step long past
    this.#levelsDb[(this.#step + mostStepsAhead) % ringSteps] = Number.NEGATIVE_INFINITY;
    return loudestDb;
  }
}
